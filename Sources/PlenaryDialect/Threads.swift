// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// THREAD (docs/extensions/threads.md).
extension Dialect {
    static func interpretThreads(_ line: Line) throws(Refusal) -> [Command] {
        [.threads(try ThreadLine(line).command())]
    }

    func renderThread(_ verb: Text, _ code: ThreadFailure, _ context: [Text], _ session: Session) -> Line {
        let key: ServerText
        var values: KeyValuePairs<Placeholder, Text> = [:]
        switch code {
        case .invalidTarget: key = .threadTargetInvalid
        case .noSuchThread: key = .noSuchThread
        case .subcommandInvalid: key = .subcommandInvalid
        case .invalidParameters: key = .parameterInvalid
        case .titleInvalid:
            key = .threadTitleInvalid
            values = [.limit: Text(number: ThreadTitle.byteLimit)]
        case .unknownMessage: key = .unknownMessageID
        case .alreadyThreaded: key = .alreadyThreaded
        case .privilegesNeeded: key = .threadPrivilegesNeeded
        case .accountRequired: key = .signInRequired
        case .threadClosed: key = .threadIsClosed
        case .limitReached:
            key = .threadLimitReached
            values = [.limit: context.last ?? ""]
        case .rateLimited:
            key = .rateLimited
            values = [.seconds: context.last ?? ""]
        }
        return fail(verb, Text(code.rawValue), context, session, say: key, values)
    }

    // MARK: Event lines

    /// What happened to a thread, for sessions with the capability and for whoever did it.
    package func renderThreadEvent(
        _ logged: LoggedEvent, id: MessageID, to capabilities: Capabilities, in community: Community
    ) -> [Line] {
        func line(
            _ actor: Actor, _ channel: ChannelID, _ name: Text, _ thread: ThreadID, _ event: Text,
            change: ThreadChange? = nil, isNew: Bool = false, title: Text? = nil,
            _ attributes: (inout Attributes) -> Void
        ) -> [Line] {
            guard let known = community.channels[channel] else { return [] }
            let object = known.threads[thread]
            // In a history an event shows what it made of the thread, not what became of that.
            var state = isNew ? .open : object?.state ?? .open
            var rank = isNew ? 0 : object?.pinRank ?? 0
            if case .stateSet(let made, _)? = change { state = made }
            if case .pinned(let made)? = change { rank = made }
            var list = Attributes()
            list.add("st", state.word)
            if rank > 0 { list.add("pin", Text(number: rank)) }
            list.add("n", Text(number: community.ledgers[channel]?.visibleCount(of: thread) ?? 0))
            attributes(&list)
            return [
                Dialect.fitted(
                    Line(
                        tags: eventTags(actor: actor, id: id, time: logged.time, capabilities),
                        source: actor.source, verb: "THREAD",
                        [name, Text(number: thread.value), event, list.text, title ?? object?.title ?? ""],
                        hasTrailing: true))
            ]
        }
        switch logged.event {
        case .threadCreated(let event):
            return line(
                event.actor, event.channel, event.channelName, event.thread, "NEW", isNew: true,
                title: event.title
            ) { list in
                if let by = community.channels[event.channel]?.threads[event.thread]?.creatorName {
                    list.add("by", by)
                }
                if let root = event.root { list.add("rt", Text(identify(root).text)) }
            }
        case .threadChanged(let event):
            return line(
                event.actor, event.channel, event.channelName, event.thread, event.change.word,
                change: event.change, title: event.change.title
            ) {
                if case .stateSet(_, let reason) = event.change, !reason.isEmpty { $0.addCut("rs", reason) }
                if case .answered(let answer?) = event.change { $0.add("an", Text(identify(answer).text)) }
            }
        case .messagesMoved(let event):
            return line(event.actor, event.channel, event.channelName, event.source, "MOVE") {
                $0.add("to", Text(number: event.destination.value))
                $0.add("cnt", Text(number: event.messages.count))
                if event.messages.count == 1, let only = event.messages.first {
                    $0.add("ms", Text(identify(only).text))
                }
            }
        default: return []
        }
    }

    /// A reader's own level, for that reader's sessions.
    package func renderLevel(_ event: ThreadLevelSet, in community: Community) -> [Line] {
        guard let channel = community.channels[event.channel], let thread = channel.threads[event.thread]
        else { return [] }
        var list = Attributes()
        list.add("st", thread.state.word)
        list.add("lv", event.level.word)
        return [infoLine(channel, thread, "LEVEL", list)]
    }

    /// What members without the capability are told of it: one NOTICE in their language, or nothing.
    package func renderThreadNotice(
        _ event: Event, to capabilities: Capabilities, _ language: Language, in community: Community
    ) -> [Line] {
        let (name, key, values): (Text, ServerText, KeyValuePairs<Placeholder, Text>)
        switch event {
        case .threadCreated(let event):
            (name, key) = (event.channelName, .threadBegun)
            values = [
                .nick: event.actor.nickname, .count: Text(number: event.thread.value), .title: event.title,
                .target: event.channelName + Text("/\(event.thread.value)"),
            ]
        case .threadChanged(let event):
            (name, key) = (event.channelName, event.change.noticeKey)
            let title = community.channels[event.channel]?.threads[event.thread]?.title ?? ""
            values = [
                .nick: event.actor.nickname, .count: Text(number: event.thread.value), .title: title,
            ]
        case .messagesMoved(let event):
            (name, key) = (event.channelName, .messagesWereMoved)
            let suffix = event.destination == .mainLine ? "" : "/\(event.destination.value)"
            values = [
                .nick: event.actor.nickname, .count: Text(number: event.messages.count),
                .target: event.channelName + Text(suffix),
            ]
        default: return []
        }
        return [
            Dialect.fitted(
                Line(
                    source: facts.name, verb: "NOTICE", [name, text(key, in: language, values)],
                    hasTrailing: true))
        ]
    }

    /// Whether a plain client has a line of its own for it: TOPIC or MODE.
    package static func hasClassicLine(_ event: Event) -> Bool {
        guard case .threadChanged(let event) = event else { return false }
        switch event.change {
        case .titled, .stateSet: return true
        case .pinned, .answered: return false
        }
    }

    /// TOPIC or MODE of the thread's target, for windows and for those who said it that way.
    package func renderClassic(
        _ logged: LoggedEvent, id: MessageID, to capabilities: Capabilities, in community: Community
    ) -> [Line] {
        guard case .threadChanged(let event) = logged.event,
            let channel = community.channels[event.channel]
        else { return [] }
        let verb: String
        let parameter: Text
        switch event.change {
        case .titled(let title): (verb, parameter) = ("TOPIC", title)
        case .stateSet(let state, _): (verb, parameter) = ("MODE", state == .open ? "-m" : "+m")
        case .pinned, .answered: return []
        }
        return [
            Dialect.fitted(
                Line(
                    tags: eventTags(actor: event.actor, id: id, time: logged.time, capabilities),
                    source: event.actor.source, verb: verb, [channel.spelling(of: event.thread), parameter],
                    hasTrailing: verb == "TOPIC"))
        ]
    }

    // MARK: INFO and LIST

    private func infoLine(
        _ channel: Channel, _ thread: ChannelThread, _ event: Text, _ list: Attributes
    ) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "THREAD",
                [channel.name.text, Text(number: thread.id.value), event, list.text, thread.title],
                hasTrailing: true))
    }

    /// One thread as the reader finds it; nil when it is gone.
    func renderInfo(_ place: ThreadPlace, to session: Session, in community: Community) -> Line? {
        guard let channel = community.channels[place.channel], let thread = channel.threads[place.thread]
        else { return nil }
        let ledger = community.ledgers[place.channel]
        var list = Attributes()
        list.add("st", thread.state.word)
        if thread.pinRank > 0 { list.add("pin", Text(number: thread.pinRank)) }
        list.add("n", Text(number: ledger?.visibleCount(of: place.thread) ?? 0))
        if let account = session.account {
            let unread = community.unread(in: place, by: account)
            if unread.messages > 0 { list.add("u", Text(number: unread.messages)) }
            if unread.mentions > 0 { list.add("m", Text(number: unread.mentions)) }
            let level = community.readings[account]?.levels[place] ?? .all
            if level != .all { list.add("lv", level.word) }
        }
        let newest = ledger?.newestVisible(of: place.thread)
        if let newest { list.add("lt", Text(newest.time.iso8601)) }
        list.add("by", thread.creatorName)
        list.add("ct", Text(thread.created.iso8601))
        if let newest { list.add("lm", Text(identify(newest.offset).text)) }
        if let root = thread.root { list.add("rt", Text(identify(root).text)) }
        if let answer = thread.answer { list.add("an", Text(identify(answer).text)) }
        return infoLine(channel, thread, "INFO", list)
    }

    /// Answers to THREAD.
    func renderThreads(_ answer: Answer, to session: Session, in community: Community) -> [Line] {
        switch answer {
        case .threadInfo(let channel, let thread):
            return renderInfo(ThreadPlace(channel, thread), to: session, in: community).map { [$0] } ?? []
        case .threadPage(let page): return renderPage(page, to: session, in: community)
        case .threadPolicy(let id):
            return community.channels[id].map { [renderPolicy(of: $0, to: session)] } ?? []
        case .threadCue(let isPlain): return [renderCue(isPlain: isPlain, to: session)]
        default: preconditionFailure("not an answer to THREAD")
        }
    }

    func renderPage(_ page: ThreadPage, to session: Session, in community: Community) -> [Line] {
        var rows = page.rows.compactMap { renderInfo($0, to: session, in: community) }
        guard session.capabilities.contains(.batch) else { return rows }
        // One LIST is one reply, so a name of its own is enough for its batch.
        let reference: Text = "threads"
        let isTagged = page.isComplete && session.capabilities.isSuperset(of: [.threads, .messageTags])
        let opening = Line(
            tags: isTagged ? [LineTag(Vendor.threadsEndTag)] : [], source: facts.name, verb: "BATCH",
            ["+" + reference, Text(Vendor.name + "/threads"), page.channelName ?? "*"])
        rows.putIntoBatch(reference)
        return [opening] + rows + [Line(source: facts.name, verb: "BATCH", ["-" + reference])]
    }

    func renderPolicy(of channel: Channel, to session: Session) -> Line {
        let main = channel.isMainLineClosed ? "closed" : "open"
        return Line(
            source: facts.name, verb: "NOTE",
            [
                "THREAD", "POLICY", channel.name.text,
                Text("create=\(channel.threadCreation.word);main=\(main)"),
                text(.threadPolicyShown, in: session.language),
            ], hasTrailing: true)
    }

    func renderCue(isPlain: Bool, to session: Session) -> Line {
        Line(
            source: facts.name, verb: "NOTE",
            [
                "THREAD", "CUE", isPlain ? "plain" : "prefix",
                text(.threadCueShown, in: session.language),
            ], hasTrailing: true)
    }
}

extension ThreadChange {
    /// The title that it gave.
    fileprivate var title: Text? { if case .titled(let title) = self { title } else { nil } }

    /// The event's word in a THREAD line.
    fileprivate var word: Text {
        switch self {
        case .titled: "TITLE"
        case .stateSet: "STATE"
        case .pinned: "PIN"
        case .answered: "ANSWER"
        }
    }

    fileprivate var noticeKey: ServerText {
        switch self {
        case .titled: .threadRenamed
        case .stateSet(.open, _): .threadWasReopened
        case .stateSet(.closed, _): .threadWasClosed
        case .stateSet(.archived, _): .threadWasArchived
        case .pinned(let rank): rank == 0 ? .threadWasUnpinned : .threadWasPinned
        case .answered(let message): message == nil ? .threadAnswerWasCleared : .threadWasAnswered
        }
    }
}

extension Actor {
    /// The nickname of the source.
    fileprivate var nickname: Text { Text(source.bytes.prefix { $0 != 33 }) }
}

/// `key=value;…` of a THREAD line, escaped as tags are and never longer than the limit: what does not fit is left out.
private struct Attributes {
    private static let byteLimit = 200
    private var pairs: [(key: Text, bytes: [UInt8])] = []

    mutating func add(_ key: Text, _ value: Text) {
        var bytes: [UInt8] = []
        LineTag(key.string, value).encode(into: &bytes)
        let length = pairs.reduce(bytes.count) { $0 + $1.bytes.count + 1 }
        if length <= Attributes.byteLimit { pairs.append((key, bytes)) }
    }

    /// The beginning of a value that fits, cut between code points: escaping may double it.
    mutating func addCut(_ key: Text, _ value: Text) {
        let count = pairs.count
        var length = value.byteCount
        while pairs.count == count, length > 0 {
            add(key, Text(utf8Prefix(value.bytes, byteLimit: length)))
            length -= 1
        }
    }

    var text: Text { Text(Array(pairs.map(\.bytes).joined(separator: [59]))) }
}
