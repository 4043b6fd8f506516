// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What happened on the connection.
extension ScreenModel {
    /// Takes an event and returns what is to be done.
    package mutating func take(_ event: ClientEvent) -> [Effect] {
        switch event {
        case .stateChanged(let state): return take(state)
        case .welcomed(let welcome):
            nickname = welcome.nickname
            account = welcome.account
            capabilities = welcome.capabilities
            return [.learnModes(of: nickname)]
        case .message(let message): return take(message)
        case .delivery(let token, let message, let state): take(token, message, state)
        case .historySynced(let name, _): return take(synced: name)
        case .gap(let gap): take(gap)
        case .redacted(let redaction): take(redaction)
        case .thread(let event): return take(event)
        case .moderation(let act): return take(act)
        case .marker(let target, let time):
            // That of a whole channel, as it is told on joining, is not that of its main line.
            let name = Place(target: target).conversation
            let isOfEntry =
                isKnown(name) && target.hasSuffix("/0") && conversation(name)?.isMarkerKnown == false
            if isOfEntry { with(name) { $0.isMarkerKnown = true } }
            take(markerOf: target, time)
            if isOfEntry { settleEntry(name) }
        case .topic(let channel, let text, let by): take(topicOf: channel, text, by)
        case .membership(let change): return take(change)
        case .members(let channel): return [.learnMembers(channel: channel)]
        case .renamed(let from, let to, let isOwn): rename(from, to, isOwn)
        case .away(let name, let text): awayTexts[name.lowercased()] = text
        case .modesChanged(let channel, _, let words): return take(modesOf: channel, changedBy: words)
        case .invited(let channel, let by):
            let words: [Placeholder: StyledText] = [
                .name: StyledText(PlainText.oneLine(by.nickname)),
                .place: StyledText(Place.shortName(channel)),
            ]
            notice = catalogue.styled(Sentence.invitesYou, words)
            return [.bell]
        case .report(let report):
            guard report.state == "open" else { return [] }
            notice = catalogue.styled(
                Sentence.reportsPerson,
                [
                    .name: StyledText(PlainText.oneLine(report.reporter)),
                    .person: StyledText(PlainText.oneLine(report.about)),
                    .place: StyledText(PlainText.oneLine(report.channel)),
                ])
            return [.bell]
        case .remark(let remark): notice = StyledText(isolated: PlainText.oneLine(remark.content.text), .bold)
        case .meeting(let change): take(change)
        case .floor(let change): take(change)
        case .relay, .tagMessage, .accountChanged, .line, .malformedLine: break
        }
        return []
    }

    private mutating func take(_ state: ConnectionState) -> [Effect] {
        switch state {
        case .connecting: link = .connecting
        case .online:
            link = .online
            for place in timelines.keys { timelines[place]?.hasFailed = false }
            return fillPlace()
        case .retrying(let milliseconds, let error):
            let until = Timestamp(microseconds: now.microseconds &+ milliseconds &* 1000)
            link = .retrying(until: until, reason: catalogue.reason(error))
            for index in conversations.indices {
                conversations[index].isSynced = false
                conversations[index].isMarkerKnown = false
            }
            for place in timelines.keys { timelines[place]?.awaited = nil }
        case .offline(let error): link = .ended(reason: error.map { catalogue.reason($0) })
        }
        return []
    }

    /// What was missed is here.
    private mutating func take(synced name: String) -> [Effect] {
        with(name) { $0.isSynced = true }
        settleEntry(name)
        return Place.areSame(place.conversation, name) ? fillPlace() : []
    }

    /// Messages are missing in a conversation, and in any of its threads. Those that are not shown are
    /// fetched anew
    /// when they are opened.
    private mutating func take(_ gap: Gap) {
        let from = gap.from ?? gap.to.map { Timestamp(microseconds: $0.microseconds &- 1) } ?? now
        for held in timelines.keys where Place.areSame(held.conversation, gap.conversation) {
            if held.thread == nil || held == place {
                timelines[held]?.addGap(after: from)
            } else {
                timelines[held] = nil
            }
        }
    }

    private mutating func take(_ act: ModerationAct) -> [Effect] {
        if !act.hasEvent { tell(.moderation(act), in: Place(act.channel), act.time) }
        guard ["hide", "unhide"].contains(act.action) else { return [] }
        return setHidden(
            act.action == "hide" ? act.code : nil, act.target, in: Place(target: act.channel).conversation)
    }

    /// A message is hidden from all but moderators. What others were shown of it goes; shown again it is
    /// fetched.
    private mutating func setHidden(_ code: String?, _ id: String, in channel: String) -> [Effect] {
        for held in timelines.keys where Place.areSame(held.conversation, channel) {
            guard let timeline = timelines[held], let index = timeline.index(ofID: id),
                let post = timeline.entries[index].post
            else { continue }
            guard code != nil || isModerator else {
                drop(held)
                continue
            }
            takeFromUnread(post, in: held)
            let keepsText = isModerator
            timelines[held]?.setHidden(code, id: id, keepsText: keepsText)
        }
        return fillPlace()
    }

    // MARK: Messages

    private mutating func take(_ message: Message) -> [Effect] {
        guard message.kind != .query else { return [] }
        if attach([message]) { return [] }
        let place = Place(message.conversation, thread: message.thread)
        let isMention = !message.isOwn && Mention.isAddressed(message.text, to: nickname)
        let post = Post(message, isMention: isMention)
        if message.isOwn { settle(message, in: place) }
        let isCurrent = place == self.place
        let isReadNow = !message.isHistory && isReading(place)
        let lastKey = isCurrent ? timelines[place]?.entries.last?.key : nil
        let reading = isCurrent ? anchor?.key : nil
        let outcome = timelines[place, default: Timeline()].add(post, reading: reading)
        with(message.conversation) { $0.lastTime = max($0.lastTime ?? message.time, message.time) }
        if isCurrent { holdSelection(lastKey) }
        limitTimelines()
        if !place.isChannel { limitDirect() }
        guard outcome != .known else { return [] }
        guard !message.isOwn else {
            if !message.isHistory { countOwn(post, in: place) }
            return []
        }
        if isReadNow { noteRead(place, post.time) }
        let isUnread = count(post, in: place, isHistory: message.isHistory, isReadNow: isReadNow)
        let isMuted = conversation(place.conversation)?.isMuted == true
        let isLoud = (isMention || !place.isChannel) && !isMuted
        return isUnread && isLoud && !message.isHistory ? [.bell] : []
    }

    /// Puts those messages that translate others beside them. Whether there were such.
    @discardableResult
    mutating func attach(_ messages: [Message]) -> Bool {
        var isAny = false
        for message in messages {
            guard let translation = PostTranslation(message), let original = message.translationOf else {
                continue
            }
            isAny = true
            for held in timelines.keys where Place.areSame(held.conversation, message.conversation) {
                timelines[held]?.attach(translation, to: original)
            }
        }
        return isAny
    }

    /// Counts a message as unread, if it is; whether it deserves attention.
    private mutating func count(_ post: Post, in place: Place, isHistory: Bool, isReadNow: Bool) -> Bool {
        guard post.hiddenCode == nil else { return false }
        let mention = post.isMention ? 1 : 0
        guard let number = place.thread else {
            let marker = conversation(place.conversation)?.marker
            // Without a marker what was said before one came is no news.
            guard !isReadNow, marker.map({ post.time > $0 }) ?? !isHistory else { return !isReadNow }
            with(place.conversation) {
                $0.mainUnreadCount += 1
                $0.mainMentionCount += mention
            }
            return true
        }
        return with(place.conversation) { conversation in
            guard var thread = conversation.threads[number] else { return !isReadNow }
            // The counts of what was missed come with the list of threads.
            if !isHistory {
                thread.messageCount += 1
                if !isReadNow, thread.level != .mute {
                    thread.unreadCount += 1
                    thread.mentionCount += mention
                }
            }
            thread.lastTime = max(thread.lastTime ?? post.time, post.time)
            conversation.threads[number] = thread
            return !isReadNow && thread.level != .mute
        }
    }

    /// An own message is one more of its thread, and nothing unread.
    private mutating func countOwn(_ post: Post, in place: Place) {
        guard let number = place.thread else { return }
        with(place.conversation) { conversation in
            conversation.threads[number]?.messageCount += 1
            conversation.threads[number]?.lastTime = post.time
        }
    }

    /// The echo of an own message takes the place of the one on its way.
    private mutating func settle(_ message: Message, in place: Place) {
        if let token = message.token {
            outbox.removeAll { $0.token == token }
        } else if let index = outbox.firstIndex(where: {
            $0.state == .sending && $0.place == place
                && PlainText.clean($0.text) == PlainText.clean(message.text)
        }) {
            outbox.remove(at: index)
        }
    }

    private mutating func take(_ token: String, _ message: OutgoingMessage, _ state: DeliveryState) {
        let index = outbox.firstIndex { $0.token == token }
        let next: Pending.State
        switch state {
        case .queued: next = .queued
        case .sending: next = .sending
        case .failed(let error): next = .failed(reason: catalogue.reason(error))
        case .delivered(let stored):
            if let index { outbox.remove(at: index) }
            // Known already where the echo came first. Of a text that was split the parts come each by
            // itself.
            guard PlainText.clean(stored.text) == PlainText.clean(message.text) else { return }
            let place = Place(stored.conversation, thread: stored.thread)
            let post = Post(stored, isMention: false)
            let outcome = timelines[place, default: Timeline()].add(post, reading: anchor?.key)
            if outcome != .known { countOwn(post, in: place) }
            return
        }
        guard let index else {
            outbox.append(
                Pending(
                    token: token, place: Place(target: message.target), text: message.text,
                    kind: message.kind,
                    replyTo: message.replyTo, marks: message.marks, queuedAt: message.queuedAt, state: next))
            return
        }
        outbox[index].state = next
    }

    private mutating func take(_ redaction: Redaction) {
        let place = Place(redaction.conversation, thread: redaction.thread)
        let post = timelines[place]?.index(ofID: redaction.messageID).flatMap {
            timelines[place]?.entries[$0].post
        }
        let by = redaction.by.nickname
        let isModerator =
            post.map { !Place.areSame($0.nickname, by) }
            ?? (conversation(place.conversation)?.members[by.lowercased()]?.isModerator ?? false)
        if let post { takeFromUnread(post, in: place) }
        if let number = place.thread, isKnown(place.conversation) {
            with(place.conversation) {
                let count = $0.threads[number]?.messageCount ?? 0
                $0.threads[number]?.messageCount = max(count - 1, 0)
            }
        }
        timelines[place]?.remove(id: redaction.messageID, Post.Removal(by: by, reason: redaction.reason))
        // An author's own removal is said where the text stood.
        guard isModerator || post == nil else { return }
        tell(.removed(by: by, isModerator: isModerator, reason: redaction.reason), in: place, redaction.time)
    }

    // MARK: Channels and people

    private mutating func take(_ change: MembershipChange) -> [Effect] {
        guard let channel = change.channel else {
            let key = change.person.nickname.lowercased()
            for index in conversations.indices { conversations[index].members[key] = nil }
            return []
        }
        if change.isOwn { return take(ownChange: change, in: channel) }
        guard isKnown(channel) else { return [] }
        let key = change.person.nickname.lowercased()
        switch change.kind {
        case .joined:
            with(channel) {
                $0.members[key] = Member(nickname: change.person.nickname, account: change.person.account)
            }
            return conversation(channel)?.people[key] == nil ? [.learnPeople(channel: channel)] : []
        case .left, .quit: with(channel) { $0.members[key] = nil }
        case .removed(let by, let reason):
            with(channel) { $0.members[key] = nil }
            tell(
                .putOut(nickname: change.person.nickname, by: by.nickname, reason: reason),
                in: Place(channel), change.time)
        }
        return []
    }

    private mutating func take(ownChange change: MembershipChange, in channel: String) -> [Effect] {
        switch change.kind {
        case .joined:
            with(channel) { _ in }
            let effects = place.conversation.isEmpty ? open(Place(channel)) : []
            let marker = keepsMarkers ? [Effect.learnMarker(Place(channel))] : []
            return effects + marker + [
                .learnThreads(channel: channel), .learnPeople(channel: channel), .learnModes(of: channel),
                .learnMeeting(channel: channel),
            ]
        case .removed(let by, let reason):
            let words: [Placeholder: StyledText] = [
                .name: StyledText(PlainText.oneLine(by.nickname)),
                .place: StyledText(Place.shortName(channel)),
                .reason: StyledText(catalogue.reasonWords(reason ?? "other")),
            ]
            notice = catalogue.styled(Sentence.removedYouBecause, words)
            return forget(channel)
        case .left, .quit: return forget(channel)
        }
    }

    /// The place is left; another one is shown.
    private mutating func forget(_ channel: String) -> [Effect] {
        func isGone(_ place: Place) -> Bool { Place.areSame(place.conversation, channel) }
        conversations.removeAll { isGone($0.place) }
        timelines = timelines.filter { !isGone($0.key) }
        readUpTo = readUpTo.filter { !isGone($0.key) }
        untold = untold.filter { !isGone($0) }
        guard isGone(place) else { return [] }
        return open(conversationsInOrder.first?.place ?? Place(""))
    }

    private mutating func rename(_ from: String, _ to: String, _ isOwn: Bool) {
        if isOwn { nickname = to }
        awayTexts[to.lowercased()] = awayTexts.removeValue(forKey: from.lowercased())
        for index in conversations.indices {
            guard var member = conversations[index].members.removeValue(forKey: from.lowercased()) else {
                continue
            }
            member.nickname = to
            conversations[index].members[to.lowercased()] = member
            let card = conversations[index].people.removeValue(forKey: from.lowercased())
            conversations[index].people[to.lowercased()] = card
        }
    }

    private mutating func take(topicOf channel: String, _ text: String?, _ by: Person?) {
        guard isKnown(channel) else { return }
        with(channel) {
            $0.topic = text
            if let by { $0.topicSetter = text == nil ? nil : by.nickname }
        }
        if let by { tell(.topic(by: by.nickname, text: text), in: Place(channel), now) }
    }

    private mutating func take(modesOf name: String, changedBy words: [String]) -> [Effect] {
        // An account's role changed.
        guard Place.isChannel(name) else { return isOwn(name) ? [.learnModes(of: name)] : [] }
        guard isKnown(name), let letters = words.first else { return [] }
        take(modesOf: name, words)
        return letters.contains(where: { "ovahq".contains($0) }) ? [.learnMembers(channel: name)] : []
    }

    /// The letters of MODE and, as far as they are told, what belongs to them. Of one's own name, they say whether
    /// one moderates the community.
    mutating func take(modesOf channel: String, _ words: [String]) {
        guard Place.isChannel(channel) else {
            if isOwn(channel) { isCommunityModerator = words.first?.contains("o") == true }
            return
        }
        guard isKnown(channel) else { return }
        var arguments = words.dropFirst()
        var isSetting = true
        for letter in words.first ?? "" {
            switch letter {
            case "+": isSetting = true
            case "-": isSetting = false
            case "m": with(channel) { [isSetting] in $0.isModerated = isSetting }
            case "f":
                let seconds = isSetting ? arguments.popFirst() : nil
                with(channel) { $0.slowSeconds = seconds }
            case "b", "e", "I", "k", "o", "v", "h", "a", "q": _ = arguments.popFirst()
            case "l" where isSetting: _ = arguments.popFirst()
            default: continue
            }
        }
    }

    /// Whether a conversation is in the list.
    func isKnown(_ name: String) -> Bool { conversation(name) != nil }

    mutating func tell(_ note: Note, in place: Place, _ time: Timestamp) {
        // A place that was never looked at has nothing to put it between.
        timelines[place]?.add(note, at: time, reading: place == self.place ? anchor?.key : nil)
    }
}
