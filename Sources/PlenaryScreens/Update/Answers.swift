// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What came of what was asked for.
extension ScreenModel {
    /// Takes an answer and returns what is to be done next.
    package mutating func take(_ answer: Answer) -> [Effect] {
        switch answer {
        case .history(let place, let query, let result): return take(historyOf: place, query, result)
        case .threads(let channel, let threads): take(threads, of: channel)
        // A channel may have been left while the question was on its way.
        case .people(let channel, let cards):
            if isKnown(channel) { with(channel) { $0.people.merge(cards) { $1 } } }
        case .members(let channel, let members):
            if isKnown(channel) { take(members, of: channel) }
        case .meeting(let channel, let meeting, let floor): take(meeting: meeting, floor: floor, of: channel)
        case .marker(let place, let time): take(entryMarker: time, of: place)
        case .modes(let name, let words):
            take(modesOf: name, words.split(separator: " ").map(String.init))
        case .channels(let channels): choose(among: channels)
        case .found(let words, let result): take(found: result, for: words)
        case .threadMade(.success(let thread)):
            if isKnown(thread.channel), conversation(thread.channel)?.threads[thread.number] == nil {
                with(thread.channel) { $0.threads[thread.number] = thread }
            }
            return open(Place(thread.channel, thread: thread.number))
        // What has changed is told by the event.
        case .threadChanged(.success): break
        case .threadMade(.failure(let error)), .threadChanged(.failure(let error)): fail(error)
        case .failed(let title, let error):
            let words = "\(title): \(catalogue.reason(error))"
            notice = StyledText(
                isolated: PlainText.oneLine(title.isEmpty ? catalogue.reason(error) : words), .bold)
        case .told(let title, let lines): show(lines, under: title)
        case .notSent(let outgoing, let error): take(notSent: outgoing, error)
        case .moderated(let draft): take(done: draft)
        case .joined(let channel): return open(Place(channel))
        case .reported(let number):
            notice = StyledText(catalogue.text(.reportReceived, [.number: String(number)]))
        case .moderationLog(let acts): show(acts)
        case .edited(let text):
            guard let text else { break }
            composer.setText(PlainText.clean(text))
        case .notice(let text): notice = StyledText(isolated: PlainText.oneLine(text))
        }
        return []
    }

    private mutating func fail(_ error: ClientError) {
        let words: [Placeholder: StyledText] = [.reason: StyledText(catalogue.reason(error))]
        notice = catalogue.styled(Sentence.notDone, words, style: .bold)
    }

    private mutating func take(_ members: [Member], of channel: String) {
        with(channel) { conversation in
            conversation.members = [:]
            for member in members { conversation.members[member.nickname.lowercased()] = member }
        }
    }

    private mutating func take(
        historyOf place: Place, _ query: HistoryQuery, _ result: Result<HistoryPage, ClientError>
    ) -> [Effect] {
        guard timelines[place]?.awaited == query else { return [] }
        timelines[place]?.awaited = nil
        switch result {
        case .success(let page): return take(page, of: place, query)
        case .failure(let error):
            timelines[place]?.hasFailed = true
            if place == self.place { fail(error) }
            return []
        }
    }

    private mutating func take(_ page: HistoryPage, of place: Place, _ query: HistoryQuery) -> [Effect] {
        let posts = page.messages.filter {
            $0.kind != .query && $0.translationOf == nil && belongs($0, to: place)
        }.map { message in
            Post(message, isMention: !message.isOwn && Mention.isAddressed(message.text, to: nickname))
        }
        let reading = place == self.place ? anchor?.key : nil
        change(place) { timeline in
            switch query {
            case .latest: timeline.addLatest(posts, isEnd: page.isEnd)
            case .older: timeline.addOlder(posts, isEnd: page.isEnd)
            case .newer: timeline.addNewer(posts, isEnd: page.isEnd)
            case .around: timeline.replace(with: posts, hasOlder: true, hasNewer: !posts.isEmpty)
            case .gap(let key, _, _):
                timeline.fill(gap: key, with: posts, isEnd: page.isEnd, reading: reading)
            }
        }
        attach(page.messages)
        guard place == self.place, let timeline = timelines[place] else { return [] }
        switch query {
        case .around(.message(let id)):
            if let index = timeline.index(ofID: id) { select(timeline.entries[index].key) }
        case .around(.time(let time)):
            let entry = timeline.entries.first { $0.time >= time } ?? timeline.entries.last
            if let entry { select(entry.key) }
        case .gap(let key, _, _) where selectedKey == key && timeline.index(ofKey: key) == nil:
            let first = posts.first?.id.flatMap(timeline.index(ofID:))
            selectedKey = first.map { timeline.entries[$0].key }
        case .gap: return []
        case .latest, .older, .newer: break
        }
        settleUnreadLine()
        if case .latest = query, isReading(place) { markRead(place) }
        return posts.isEmpty ? [] : fillPlace()
    }

    /// A server without threads tells the whole channel for its main line.
    private func belongs(_ message: Message, to place: Place) -> Bool {
        place.thread == nil || message.thread == place.thread
    }

    private mutating func take(found result: Result<SearchPage, ClientError>, for words: String) {
        guard words == search.asked else { return }
        search.isWaiting = false
        search.selected = 0
        switch result {
        case .success(let page):
            search.failure = nil
            search.found = page.messages.map { message in
                SearchState.Found(
                    place: Place(message.conversation, thread: message.thread),
                    post: Post(message, isMention: false))
            }
        case .failure(let error): search.failure = catalogue.reason(error)
        }
    }

    // MARK: Telling

    /// The channels there are; Enter enters one.
    private mutating func choose(among channels: [ChannelListing]) {
        let options = channels.sorted { $0.name < $1.name }.map { channel in
            let name = PlainText.oneLine(channel.name)
            let topic = PlainText.oneLine(channel.topic)
            let isKnown = conversation(channel.name) != nil
            return Dialog.Option(
                StyledText(isolated: name, isKnown ? .plain : .bold) + StyledText("  ")
                    + StyledText(isolated: topic, .faint),
                words: "\(name) \(topic)",
                hint: StyledText(catalogue.count(.here, channel.memberCount), .faint),
                isKnown ? .open(Place(channel.name)) : .join(channel.name))
        }
        dialogs.append(.list(StyledText(catalogue.text(.listChannels), .bold), options, isFilterable: true))
    }

    private mutating func show(_ lines: [String], under title: String) {
        guard lines.count > 1 else {
            let words = lines.first.map { "\(title): \($0)" } ?? catalogue.text(.titledDone, [.title: title])
            notice = StyledText(isolated: PlainText.oneLine(words))
            return
        }
        let shown = lines.prefix(ScreenLimits.matchCountLimit).map {
            StyledText(isolated: PlainText.oneLine($0))
        }
        dialogs.append(
            .list(
                StyledText(title, .bold), shown.map { .init($0, words: $0.spans[0].text, .cancel) },
                isFilterable: true))
    }

    private mutating func show(_ acts: [ModerationAct]) {
        let title = StyledText(catalogue.text(.showModerationLog), .bold)
        let options = acts.map { act in
            let words = NoteText.styled(.moderation(act), catalogue)
            return Dialog.Option(
                StyledText("\(moment(act.time)) ", .faint) + words, words: words.spans.map(\.text).joined(),
                .cancel)
        }
        guard !options.isEmpty else {
            notice = StyledText(catalogue.text(.nothingDoneHere))
            return
        }
        dialogs.append(.list(title, options, isFilterable: true))
    }
}
