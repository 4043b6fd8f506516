// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// The line mode: what happened and what was typed go in, lines to print and things to do come out. It
/// only ever adds lines; no byte of what it prints moves a cursor.
package struct LineMode: Sendable {
    /// What has to be done.
    package enum Action: Sendable, Hashable {
        /// Print this line.
        case print(String)
        /// Sound the bell, where that is wanted.
        case bell
        /// Send a text.
        case send(text: String, target: String, kind: Message.Kind, replyTo: String?)
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
    }

    struct Pending: Sendable {
        var text: String
        var target: String
    }

    // MARK: Fixed

    let server: String
    let languageName: String
    let time: TimeText
    let isAdvanced: Bool
    let quitHint: String

    // MARK: State

    var target: Target?
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
    /// Titles of threads, by folded channel and number.
    var titles: [String: [Int: String]] = [:]
    /// The thread of the message printed last, so that a title is read out once and not with each message.
    var lastThread: (channel: String, number: Int)?

    /// A line mode for this server. `hasPosition` says whether an earlier run knows where reading stopped.
    package init(
        server: String, nickname: String, target: Target?, time: TimeText, hasPosition: Bool,
        isAdvanced: Bool = false, languageName: String = "English", quitHint: String = "plenary"
    ) {
        self.server = server
        self.nickname = nickname
        self.target = target
        self.time = time
        self.hasPosition = hasPosition
        self.isAdvanced = isAdvanced
        self.languageName = languageName
        self.quitHint = quitHint
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
        case .gap(let gap): return [.print(LineText.gap(gap, time, now: now))]
        case .delivery(let token, let message, let state): return take(token, message, state, now)
        case .redacted(let redaction):
            return [.print(removal(redaction, now))]
        case .moderation(let act):
            return ModText.isTold(act) ? [.print(ModText.sentence(act, time, now: now))] : []
        case .report(let report): return [.print(ModText.sentence(report, time, now: now)), .bell]
        case .remark(let remark):
            return [
                .print(
                    "\(remark.level == .fail ? "Refused" : "Note"): \(PlainText.oneLine(remark.content.text))"
                )
            ]
                + refusedEntry(remark, now)
        case .topic(let channel, let text, let by): return topic(channel, text, by)
        case .membership(let change): return membership(change)
        case .renamed(let from, let to, let isOwn):
            if isOwn { nickname = to }
            let old = isOwn ? "you are" : "\(PlainText.oneLine(from)) is"
            return [.print("\(old) now called \(PlainText.oneLine(to)).")]
        case .invited(let channel, let by):
            let name = PlainText.oneLine(Records.name(channel))
            return [
                .print("\(PlainText.oneLine(by.nickname)) invites you to \(name). To enter: /join \(name)")
            ]
        case .thread(let event): return take(event, now)
        case .marker, .tagMessage, .members, .away, .accountChanged, .modesChanged, .line,
            .malformedLine:
            return []
        }
    }

    private mutating func take(_ state: ConnectionState) -> [Action] {
        switch state {
        case .connecting: return wasOnline ? [] : [.print("Connecting to \(server).")]
        case .online:
            defer { wasOnline = true }
            isOnline = true
            return []
        case .retrying(let milliseconds, let error):
            let seconds = (milliseconds + 999) / 1000
            defer { isOnline = false }
            let what = isOnline ? "Connection lost." : "No connection: \(LineText.reason(error))."
            return [
                .print(
                    "\(what) Trying again in \(LineText.count(Int(seconds), "second")). "
                        + "Your messages will be kept.")
            ]
        case .offline(let error):
            isOnline = false
            guard let error, error != .closed else { return [.print("Back any time with: \(quitHint)")] }
            return [.print("Connection ended: \(LineText.reason(error)).")]
        }
    }

    private mutating func greet(_ now: Timestamp) -> [Action] {
        if greeted { return [.print("Connected again.")] + release(now) }
        greeted = true
        var words = ["Connected to \(server) as \(PlainText.oneLine(nickname)).", languageName + "."]
        if let target { words.append(place(of: target) + ".") }
        words.append("Type /help.")
        return [.print(words.joined(separator: " "))] + release(now)
    }

    private mutating func synced(_ count: Int, _ now: Timestamp) -> [Action] {
        guard let target else { return [] }
        if greeted {
            let news = count == 0 ? "Nothing new." : "\(LineText.count(count, "new message"))."
            return [.print("Connected again. \(news)")] + release(now)
        }
        greeted = true
        var place = place(of: target)
        if hasPosition, count > 0 { place += ", \(count) unread" }
        var actions: [Action] = [
            .print(
                "Connected to \(server) as \(PlainText.oneLine(nickname)). \(languageName). "
                    + "\(place). Type /help."
            )
        ]
        if hasPosition, count > 0 { actions.append(.print("--- unread from here ---")) }
        return actions + release(now)
    }

    /// Prints what came before the greeting.
    private mutating func release(_ now: Timestamp) -> [Action] {
        let held = early
        early = []
        return held.flatMap { show($0, now) }
    }

    /// `hélène, moderator: removed one message, off topic. 14:36`; who takes back an own word is no moderator.
    private func removal(_ redaction: Redaction, _ now: Timestamp) -> String {
        var name = PlainText.oneLine(redaction.by.nickname)
        let author = recent.last { $0.id == redaction.messageID }?.sender.nickname
        if let author, author.lowercased() != redaction.by.nickname.lowercased() { name += ", moderator" }
        let reason = redaction.reason.map { ", " + PlainText.oneLine(ModText.words(ofReason: $0)) } ?? ""
        return "\(name): removed one message\(reason). \(time.short(redaction.time, now: now))"
    }

    private func refusedEntry(_ remark: Remark, _ now: Timestamp) -> [Action] {
        guard remark.level == .fail, awaitsSync, let name = remark.content.context.first, isCurrent(name)
        else {
            return []
        }
        return [.print("You are not in \(target?.shown ?? "that channel"). To enter another one: /join NAME")]
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
        var place: String?
        if !isHere {
            place = isDirect ? "private" : PlainText.oneLine(Records.name(message.conversation))
        }
        let title = newTitle(of: message)
        var actions = LineText.message(message, title: title, place: place, time, now: now)
            .map { Action.print($0) }
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
            if !isOnline, isNew { return [.print("queued: it is sent when the connection is back.")] }
            return []
        case .sending: return []
        case .delivered(let stored):
            pending[token] = nil
            let thread = stored.thread.map { ", thread \($0)" } ?? ""
            let place =
                isCurrent(stored.conversation)
                ? "" : " to \(PlainText.oneLine(Records.name(stored.conversation)))"
            return [.print("sent\(place)\(thread). \(time.short(stored.time, now: now))")]
        case .failed(let error):
            pending[token] = nil
            return [
                .print(
                    "not sent: \(LineText.reason(error)). Your text was: \(PlainText.oneLine(message.text))")
            ]
        }
    }

    // MARK: Other news

    private func topic(_ channel: String, _ text: String?, _ by: Person?) -> [Action] {
        guard isCurrent(channel), let by else { return [] }
        let name = PlainText.oneLine(by.nickname)
        guard let text else { return [.print("\(name): removed the topic.")] }
        return [.print("\(name): set the topic to \(PlainText.isolated(PlainText.oneLine(text)))")]
    }

    private func membership(_ change: MembershipChange) -> [Action] {
        let channel = change.channel.map { PlainText.oneLine(Records.name($0)) } ?? ""
        if change.isOwn {
            switch change.kind {
            case .removed(let by, let reason):
                let words = reason.map { ": " + PlainText.oneLine(ModText.words(ofReason: $0)) } ?? ""
                return [.print("\(PlainText.oneLine(by.nickname)) removed you from \(channel)\(words).")]
            case .left: return [.print("You have left \(channel).")]
            case .joined: return change.channel.map { [.learnThreads(channel: $0)] } ?? []
            case .quit: return []
            }
        }
        guard case .removed(let by, let reason) = change.kind, let name = change.channel, isCurrent(name)
        else {
            return []
        }
        let words = reason.map { ": " + PlainText.oneLine(ModText.words(ofReason: $0)) } ?? ""
        return [
            .print(
                "\(PlainText.oneLine(by.nickname)), moderator: removed "
                    + "\(PlainText.oneLine(change.person.nickname)) from \(channel)\(words).")
        ]
    }
}
