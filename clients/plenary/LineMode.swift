// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens

/// The line mode: what happened and what was typed go in, lines to print and things to do come out. It
/// only ever adds lines; no byte of what it prints moves a cursor.
package struct LineMode: Sendable {
    /// What has to be done.
    package enum Action: Sendable, Hashable {
        /// Print this line.
        case print(String)
        /// Sound the bell, where that is wanted.
        case bell
        /// Send a text, with what it says of itself.
        case send(text: String, target: String, kind: Message.Kind, replyTo: String?, marks: Marks = Marks())
        /// Join a channel and make it the current one.
        case join(String)
        /// Leave a channel.
        case leave(String)
        /// Send a command and print its answer.
        case command(verb: String, parameters: [String], title: String)
        /// Print the people of the current channel.
        case listPeople(String)
        /// Print older messages.
        case history(target: String, count: Int)
        /// Print messages from a moment on.
        case historyFrom(target: String, Timestamp)
        /// Take back an own message.
        case redact(target: String, messageID: String)
        /// Ask the server for its texts in this language.
        case chooseLanguage(Language)
        /// Learn the titles of a channel's threads.
        case learnThreads(channel: String)
        /// Print a channel's threads.
        case listThreads(channel: String, ThreadFilter)
        /// Make this thread the place to which texts go, if there is one.
        case enterThread(String)
        /// Make a thread and enter it.
        case createThread(channel: String, title: String)
        /// Change a thread.
        case changeThread(String, ThreadDeed)
        /// Mark everything in a place as read.
        case markRead(String)
        /// Print what is found in a channel.
        case search(channel: String?, text: String)
        /// Do an act of moderation; what it comes to is told by its event.
        case moderate(target: String, act: String, words: [String])
        /// Tell the moderators.
        case report(about: String, channel: String, reason: String)
        /// Print what was done in a channel.
        case moderationLog(String)
        /// Connect at once.
        case reconnect
        /// Remember how far reading has come.
        case read(conversation: String, HistoryPosition)
        /// End.
        case quit
    }

    /// A change of a thread.
    package enum ThreadDeed: Sendable, Hashable {
        /// Another title.
        case title(String)
        /// Closing it.
        case close(reason: String?)
        /// Opening it again.
        case reopen
        /// To the top of lists, or down again.
        case pin, unpin
        /// How loudly to hear of it.
        case level(ThreadLevel)
    }

    struct Pending: Sendable {
        var text: String
        var target: String
        var kind = Message.Kind.message
        var replyTo: String?
        var marks = Marks()
    }

    // MARK: Fixed

    let server: String
    let isAdvanced: Bool
    let quitHint: String

    // MARK: State

    /// The sentences, in the language chosen last.
    package private(set) var words: LineText
    /// Where texts go.
    package var target: Target?
    var nickname: String
    var isOnline = false
    var wasOnline = false
    var greeted = false
    var awaitsSync = false
    /// Messages of the current conversation that came before its greeting.
    var early: [Message] = []
    var hasPosition: Bool
    /// The last messages shown, of all conversations; at most 500.
    var recent: [Message] = []
    /// How many of `recent` `/next` has not read again.
    var unheardCount = 0
    var pending: [String: Pending] = [:]
    /// What the server refused, for `/retry`; the last 200.
    var unsent: [Pending] = []
    /// Titles of threads, by folded channel and number.
    var titles: [String: [Int: String]] = [:]
    /// The thread of the message printed last, so that a title is read out once and not with each message.
    var lastThread: (channel: String, number: Int)?

    /// A line mode for this server. `hasPosition` says whether an earlier run knows where reading stopped.
    package init(
        server: String, nickname: String, target: Target?, time: TimeText, hasPosition: Bool,
        isAdvanced: Bool = false, language: Language = .english, quitHint: String = "plenary"
    ) {
        self.server = server
        self.nickname = nickname
        self.target = target
        self.hasPosition = hasPosition
        self.isAdvanced = isAdvanced
        self.quitHint = quitHint
        words = LineText(language, time)
    }

    /// Speaks another language from now on.
    mutating func speak(_ language: Language) { words = LineText(language, words.time) }

    /// A sentence to be printed.
    func say(_ sentence: Sentence, _ values: [Placeholder: String] = [:]) -> [Action] {
        [.print(words(sentence, values))]
    }

    // MARK: What happened

    /// Takes an event of the connection.
    package mutating func take(_ event: ClientEvent, now: Timestamp) -> [Action] {
        switch event {
        case .stateChanged(let state): return take(state)
        case .welcomed(let welcome):
            nickname = welcome.nickname
            isOnline = true
            awaitsSync = target.map { !$0.isPerson } ?? false
            return awaitsSync ? [] : greet(now)
        case .historySynced(let conversation, let count):
            guard isCurrent(conversation), awaitsSync else { return [] }
            awaitsSync = false
            return synced(count, now)
        case .message(let message): return take(message, now)
        case .gap(let gap): return [.print(words.gap(gap, now: now))]
        case .delivery(let token, let message, let state): return take(token, message, state, now)
        case .redacted(let redaction): return [.print(removal(redaction, now))]
        case .moderation(let act):
            return act.hasEvent ? [] : [.print(words.sentence(act, now: now))]
        case .report(let report): return [.print(words.sentence(report, now: now)), .bell]
        case .remark(let remark):
            return say(
                remark.level == .fail ? .refusal : .remark, [.text: words.safe(remark.content.text)])
                + refusedEntry(remark, now)
        case .topic(let channel, let text, let by): return topic(channel, text, by)
        case .membership(let change): return membership(change)
        case .renamed(let from, let to, let isOwn):
            if isOwn { nickname = to }
            return say(
                isOwn ? .youAreCalled : .nowCalled, [.name: words.safe(from), .newName: words.safe(to)])
        case .invited(let channel, let by):
            return say(
                .invitesYou,
                [.name: words.safe(by.nickname), .place: words.name(channel)])
        case .thread(let event): return take(event, now)
        // Told by notices: this connection asked for sentences.
        case .meeting, .floor, .relay: return []
        case .marker, .tagMessage, .members, .away, .accountChanged, .modesChanged, .line,
            .malformedLine:
            return []
        }
    }

    private mutating func take(_ state: ConnectionState) -> [Action] {
        switch state {
        case .connecting: return wasOnline ? [] : say(.connectingTo, [.server: server])
        case .online:
            defer { wasOnline = true }
            isOnline = true
            return []
        case .retrying(let milliseconds, let error):
            let seconds = Int(clamping: milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0))
            defer { isOnline = false }
            let what =
                isOnline ? words(.connectionLost) : words(.noConnection, [.reason: words.reason(error)])
            let when = words.catalogue.count(.inSeconds, seconds)
            return [.print(words.catalogue.joined([what, words(.tryingAgain, [.when: when])]))]
        case .offline(let error):
            isOnline = false
            guard let error, error != .closed else {
                return [.print(words.catalogue.text(.backAnyTime, [.command: quitHint]))]
            }
            return say(.connectionEnded, [.reason: words.reason(error)])
        }
    }

    /// The first sentences: where we are, in which language, and where to find help.
    private func greeting(_ place: String?) -> Action {
        let connected = words(.connectedAs, [.server: server, .name: words.safe(nickname)])
        let facts = [connected, words.catalogue.language.ownName] + (place.map { [$0] } ?? [])
        return .print(words.catalogue.joined(facts.map(words.ended) + [words(.typeHelp)]))
    }

    private mutating func greet(_ now: Timestamp) -> [Action] {
        if greeted { return say(.connectedAgain) + release(now) }
        greeted = true
        return [greeting(target.map(place(of:)))] + release(now)
    }

    private mutating func synced(_ count: Int, _ now: Timestamp) -> [Action] {
        guard let target else { return [] }
        if greeted {
            let news =
                count == 0
                ? words(.nothingNew) : words.ended(words.catalogue.count(.newMessages, count))
            return [.print(words.catalogue.joined([words(.connectedAgain), news]))] + release(now)
        }
        greeted = true
        guard hasPosition, count > 0 else { return [greeting(place(of: target))] + release(now) }
        let unread = words(.unread, [.count: String(count)])
        return [greeting(words.list([place(of: target), unread]))] + say(.unreadFromHere) + release(now)
    }

    /// Prints what came before the greeting.
    private mutating func release(_ now: Timestamp) -> [Action] {
        let held = early
        early = []
        return held.flatMap { show($0, now) }
    }

    /// `hélène, moderator: removed one message, off topic. 14:36`; who takes back an own word is no moderator.
    private func removal(_ redaction: Redaction, _ now: Timestamp) -> String {
        var name = words.safe(redaction.by.nickname)
        let author = recent.last { $0.id == redaction.messageID }?.sender.nickname
        if let author, author.lowercased() != redaction.by.nickname.lowercased() {
            name = words(.aModerator, [.text: name])
        }
        let reason = redaction.reason.map { [words.safe(words.catalogue.reasonWords($0))] } ?? []
        let deed = words.list([words(.didRedact)] + reason)
        return words.timed(words(.says, [.name: name, .text: deed]), redaction.time, now)
    }

    private func refusedEntry(_ remark: Remark, _ now: Timestamp) -> [Action] {
        guard remark.level == .fail, awaitsSync, let name = remark.content.context.first, isCurrent(name)
        else {
            return []
        }
        return say(.notInPlace, [.place: target.map { words.safe($0.shown) } ?? words(.thatChannel)])
    }

    // MARK: Messages

    func isCurrent(_ conversation: String) -> Bool {
        target.map { $0.conversation.lowercased() == conversation.lowercased() } ?? false
    }

    private mutating func take(_ message: Message, _ now: Timestamp) -> [Action] {
        guard message.kind != .query else { return [] }
        if message.isOwn, !message.isHistory, isOwnEcho(message) {
            remember(message)
            return [.read(conversation: message.conversation, position(message))]
        }
        if isCurrent(message.conversation), awaitsSync {
            early.append(message)
            return []
        }
        return show(message, now)
    }

    /// Whether it is the echo of what was typed here: that is told by "sent" instead.
    private func isOwnEcho(_ message: Message) -> Bool {
        pending.values.contains { entry in
            entry.text == message.text
                && entry.target.split(separator: "/").first.map(String.init)?.lowercased()
                    == message.conversation.lowercased()
        }
    }

    private mutating func show(_ message: Message, _ now: Timestamp) -> [Action] {
        remember(message)
        let isHere = isCurrent(message.conversation)
        let isDirect = !message.conversation.hasPrefix("#") && !message.conversation.hasPrefix("&")
        let place = isHere ? nil : isDirect ? "" : words.name(message.conversation)
        let title = newTitle(of: message)
        var actions = words.message(message, title: title, place: place, now: now).map { Action.print($0) }
        if !message.isOwn, !message.isHistory, isDirect || Mention.isIn(message.text, of: nickname) {
            actions.append(.bell)
        }
        actions.append(.read(conversation: message.conversation, position(message)))
        return actions
    }

    private func position(_ message: Message) -> HistoryPosition {
        HistoryPosition(messageID: message.id, time: message.time)
    }

    private mutating func remember(_ message: Message) {
        recent.append(message)
        if recent.count > 500 { recent.removeFirst(100) }
        if !message.isOwn { unheardCount = min(unheardCount + 1, recent.count) }
    }

    private mutating func take(
        _ token: String, _ message: OutgoingMessage, _ state: DeliveryState, _ now: Timestamp
    ) -> [Action] {
        switch state {
        case .queued:
            let isNew = pending[token] == nil
            pending[token] = Pending(text: message.text, target: message.target)
            return !isOnline && isNew ? say(.queuedForLater) : []
        case .sending: return []
        case .delivered(let stored):
            pending[token] = nil
            let sent =
                isCurrent(stored.conversation)
                ? words(.sent) : words(.sentTo, [.place: words.name(stored.conversation)])
            let thread = stored.thread.map { [words(.threadOf, [.thread: String($0)])] } ?? []
            return [.print(words.timed(words.list([sent] + thread), stored.time, now))]
        case .failed(let error):
            pending[token] = nil
            unsent.append(
                Pending(
                    text: message.text, target: message.target, kind: message.kind, replyTo: message.replyTo,
                    marks: message.marks))
            if unsent.count > 200 { unsent.removeFirst() }
            return say(.notSentText, [.reason: words.reason(error), .text: words.safe(message.text)])
        }
    }

    // MARK: Other news

    private func topic(_ channel: String, _ text: String?, _ by: Person?) -> [Action] {
        guard isCurrent(channel), let by else { return [] }
        let name = words.safe(by.nickname)
        guard let text else { return say(.topicTaken, [.name: name]) }
        return say(.topicSet, [.name: name, .text: words.safe(text)])
    }

    private func membership(_ change: MembershipChange) -> [Action] {
        let place = change.channel.map(words.name) ?? ""
        guard case .removed(let by, let reason) = change.kind else {
            guard change.isOwn else { return [] }
            switch change.kind {
            case .left: return say(.youLeft, [.place: place])
            case .joined: return change.channel.map { [.learnThreads(channel: $0)] } ?? []
            case .quit, .removed: return []
            }
        }
        guard change.isOwn || change.channel.map(isCurrent) ?? false else { return [] }
        var values: [Placeholder: String] = [
            .name: words.safe(by.nickname), .place: place, .person: words.safe(change.person.nickname),
        ]
        guard let reason else { return say(change.isOwn ? .removedYou : .removedPerson, values) }
        values[.reason] = words.safe(words.catalogue.reasonWords(reason))
        return say(change.isOwn ? .removedYouBecause : .removedPersonBecause, values)
    }
}
