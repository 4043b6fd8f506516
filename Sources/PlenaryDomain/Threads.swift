// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// THREAD (docs/extensions/threads.md).
    func decide(_ command: ThreadCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .create(let name, let root, let title):
                return try decideCreate(name, root: root, title, session, moment)
            case .list(let name, let filter, let limit, let after):
                return [.answer(.threadPage(try page(name, filter, limit, after: after, session)))]
            case .info(let name):
                let (channel, thread) = try discussion(name, session, "INFO")
                return [.answer(.threadInfo(channel.id, thread.id))]
            case .change(let name, let change):
                let (channel, thread) = try discussion(name, session, change.subcommand)
                return [try decideChange(change, of: thread, in: channel, session, moment)]
            case .move(let name, let message, let scope, let destination, let title):
                return try decideMove(name, message, scope, to: destination, title, session, moment)
            case .level(let name, let level):
                let (channel, thread) = try discussion(name, session, "LEVEL")
                guard let account = session.account else { throw failure(.accountRequired, "LEVEL") }
                return [
                    .event(
                        .threadLevelSet(
                            ThreadLevelSet(
                                account: account, channel: channel.id, thread: thread.id, level: level)))
                ]
            case .policy(let name, let creation, let isMainLineClosed):
                return try decidePolicy(name, creation, isMainLineClosed, session)
            case .cue(let isPlain):
                guard let account = session.account else { throw failure(.accountRequired, "CUE") }
                return [
                    .event(.threadCueSet(ThreadCueSet(account: account, isPlain: isPlain))),
                    .answer(.threadCue(isPlain: isPlain)),
                ]
            }
        } catch {
            return [.refused(error)]
        }
    }

    func failure(_ code: ThreadFailure, _ context: Text...) -> Refusal {
        .thread(verb: "THREAD", code: code, context: context)
    }

    // MARK: Who and what

    /// A channel that the session may read; the same answer for one that does not exist.
    func readable(_ name: Text, _ session: Session, _ subcommand: Text) throws(Refusal) -> Channel {
        if let channel = channel(named: name), isMember(session.id, of: channel) { return channel }
        // That a thread is the wrong target is told to members only.
        throw isInThreadedChannel(name, session)
            ? failure(.invalidParameters, subcommand, name) : failure(.invalidTarget, name)
    }

    /// Whether a target is a channel of the session with something behind a slash.
    private func isInThreadedChannel(_ name: Text, _ session: Session) -> Bool {
        name.bytes.lastIndex(of: 47).flatMap { channel(named: name.bytes[..<$0]) }
            .map { isMember(session.id, of: $0) } ?? false
    }

    /// The line a target names: a thread or, with number 0, the main line.
    private func line(
        _ name: Text, _ session: Session, _ subcommand: Text
    ) throws(Refusal) -> (Channel, ThreadID) {
        do {
            guard let target = try target(name), isMember(session.id, of: target.channel) else {
                throw failure(.invalidTarget, name)
            }
            guard let thread = target.thread else { throw failure(.invalidParameters, subcommand, name) }
            return (target.channel, thread)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            // That a number is unknown is told to members only.
            throw isInThreadedChannel(name, session)
                ? failure(.noSuchThread, name) : failure(.invalidTarget, name)
        }
    }

    private func discussion(
        _ name: Text, _ session: Session, _ subcommand: Text
    ) throws(Refusal) -> (Channel, ChannelThread) {
        let (channel, id) = try line(name, session, subcommand)
        guard let thread = channel.threads[id] else { throw failure(.noSuchThread, name) }
        return (channel, thread)
    }

    private func isCreator(_ session: Session, of thread: ChannelThread) -> Bool {
        session.account != nil && session.account == thread.creator.account
    }

    /// The message with an id, if it stands in this channel and was not redacted.
    private func message(
        _ id: MessageID, in channel: Channel, as spelling: Text, _ moment: Moment
    ) throws(Refusal) -> Ledger.Entry {
        guard let offset = moment.functions.offsetOfMessage(id),
            let entry = ledgers[channel.id]?.entry(of: offset), entry.isVisible
        else { throw failure(.unknownMessage, spelling, Text(id.text)) }
        return entry
    }

    // MARK: CREATE

    private func decideCreate(
        _ name: Text, root: MessageID?, _ title: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let channel = try readable(name, session, "CREATE")
        let spelling = channel.name.text
        let isModerator = permits(.moderate, session, in: channel)
        let isAllowed =
            switch channel.threadCreation {
            case .all:
                permits(.thread, session, in: channel) && maySpeak(session, in: channel, at: moment.now)
            case .moderators: isModerator
            case .nobody: false
            }
        guard isAllowed else { throw failure(.privilegesNeeded, spelling) }
        try requireMeeting(channel, .mainLine, spelling, session, moment)
        guard ThreadTitle.isValid(title) else { throw failure(.titleInvalid, spelling) }
        var rootOffset: Offset?
        if let root {
            let entry = try message(root, in: channel, as: spelling, moment)
            guard entry.thread == .mainLine, channel.threadsByRoot[entry.offset] == nil else {
                throw failure(.alreadyThreaded, spelling, Text(root.text))
            }
            rootOffset = entry.offset
        }
        if case .rateLimited(_, let seconds) = rateRefusal(.createThread, by: session.id, at: moment.steady) {
            throw failure(.rateLimited, "CREATE", Text(String(seconds)))
        }
        let voice = try threadVoice(of: session, in: channel, spelling, moment)
        var created = try newThread(titled: title, root: rootOffset, in: channel, session)
        if let voice { created.actor = voice.actor }
        guard moment.hasSpace else { throw .storageIsFull(verb: "THREAD") }
        return [.presence(.rated(session.id, .createThread, moment.steady))] + (voice?.outcomes ?? []) + [
            .event(.threadCreated(created))
        ]
    }

    private func threadVoice(
        of session: Session, in channel: Channel, _ spelling: Text, _ moment: Moment
    ) throws(Refusal) -> Voice? {
        do throws(MeetingRefusal) { return try voice(of: session, in: channel, moment) } catch {
            throw .outsideMeeting(verb: "THREAD", target: spelling, error)
        }
    }

    /// Threads begin, and get their titles, when their channel's sitting lets people write.
    private func requireMeeting(
        _ channel: Channel, _ thread: ThreadID, _ spelling: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) {
        let refusal = meetingRefusal(
            session, in: channel, thread: thread, verb: "THREAD", spelling: spelling, at: moment.now)
        if let refusal { throw refusal }
    }

    private func newThread(
        titled title: Text, root: Offset?, in channel: Channel, _ session: Session
    ) throws(Refusal) -> ThreadCreated {
        let spelling = channel.name.text
        guard channel.threads.count < policy.limits.threadCountLimit else {
            throw failure(.limitReached, spelling, Text(String(policy.limits.threadCountLimit)))
        }
        return ThreadCreated(
            channel: channel.id, channelName: spelling, thread: ThreadID(UInt32(channel.threads.count) + 1),
            title: title, root: root, actor: session.actor)
    }

    /// Whether the session may post to the channel at all.
    func maySpeak(_ session: Session, in channel: Channel, at now: Timestamp) -> Bool {
        guard permits(.post, session) else { return false }
        if channel.flags.contains(.noExternalMessages), !isMember(session.id, of: channel) { return false }
        if mute(of: session, in: channel, at: now) != nil { return false }
        if maySpeakWhenModerated(session, in: channel) { return true }
        return !isModerated(channel) && channel.ban(of: session, at: now) == nil
    }

    // MARK: TITLE, CLOSE, REOPEN, ARCHIVE, PIN, ANSWER

    private func decideChange(
        _ requested: RequestedThreadChange, of thread: ChannelThread, in channel: Channel,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Outcome {
        let spelling = channel.spelling(of: thread.id)
        let isModerator = permits(.moderate, session, in: channel)
        // Who began it without a name goes on without one.
        let ownSource = knownSource(of: session, in: channel, moment)
        let isUnnamed = ownSource != nil && ownSource == thread.creator.source
        let mayManage = isModerator || isUnnamed || isCreator(session, of: thread)
        func require(_ isAllowed: Bool) throws(Refusal) {
            guard isAllowed else { throw failure(.privilegesNeeded, spelling) }
        }
        func requireOpen() throws(Refusal) {
            guard isModerator || thread.isOpen else { throw failure(.threadClosed, spelling) }
        }
        let change: ThreadChange
        switch requested {
        case .title(let title):
            try require(mayManage && mute(of: session, in: channel, at: moment.now) == nil)
            try requireOpen()
            try requireMeeting(channel, thread.id, spelling, session, moment)
            guard ThreadTitle.isValid(title) else { throw failure(.titleInvalid, spelling) }
            change = .titled(title)
        case .state(let state, let reason):
            let wasSetByCreator = !isUnnamed && thread.stateSetter == thread.creator.account
            switch state {
            // What a moderator archived, its creator does not bring back by closing it.
            case .closed:
                try require(isModerator || (mayManage && (thread.state != .archived || wasSetByCreator)))
            case .archived: try require(isModerator)
            case .open: try require(isModerator || (mayManage && (thread.isOpen || wasSetByCreator)))
            }
            // What is so already is no event: its state is the answer.
            if state == thread.state { return .answer(.threadInfo(channel.id, thread.id)) }
            change = .stateSet(state, reason: reason)
        case .pin(let rank):
            try require(isModerator)
            change = .pinned(rank: rank)
        case .answer(let id):
            try require(mayManage)
            try requireOpen()
            guard let id else {
                change = .answered(nil)
                break
            }
            let entry = try message(id, in: channel, as: spelling, moment)
            guard entry.thread == thread.id else { throw failure(.unknownMessage, spelling, Text(id.text)) }
            change = .answered(entry.offset)
        }
        var event = changed(thread.id, change, in: channel, by: session)
        if isUnnamed { event.actor = thread.creator }
        return .event(.threadChanged(event))
    }

    private func changed(
        _ thread: ThreadID, _ change: ThreadChange, in channel: Channel, by session: Session
    ) -> ThreadChanged {
        ThreadChanged(
            channel: channel.id, channelName: channel.name.text, thread: thread, change: change,
            actor: session.actor)
    }

    // MARK: MOVE

    private func decideMove(
        _ name: Text, _ id: MessageID?, _ scope: ThreadMoveScope, to destination: ThreadID?, _ title: Text?,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, source) = try line(name, session, "MOVE")
        let spelling = channel.spelling(of: source)
        guard permits(.moderate, session, in: channel) else { throw failure(.privilegesNeeded, spelling) }
        var start = Offset(0)
        // The whole of a thread is what it is, whichever message was named.
        if scope != .all {
            guard let id else { throw failure(.unknownMessage, spelling, "*") }
            let entry = try message(id, in: channel, as: spelling, moment)
            guard entry.thread == source else { throw failure(.unknownMessage, spelling, Text(id.text)) }
            start = entry.offset
        }
        return try moves(scope, from: source, in: channel, at: start, to: destination, title, session)
    }

    /// What moves messages that are known to be in a line of a channel.
    func moves(
        _ scope: ThreadMoveScope, from source: ThreadID, in channel: Channel, at start: Offset,
        to destination: ThreadID?, _ title: Text?, _ session: Session
    ) throws(Refusal) -> [Outcome] {
        let spelling = channel.spelling(of: source)
        let limit = policy.limits.movedMessageCountLimit
        let messages = ledgers[channel.id]?.moved(scope, from: source, at: start, limit: limit) ?? []
        guard messages.count <= limit else {
            throw failure(.limitReached, spelling, Text(String(limit)))
        }
        var outcomes: [Outcome] = []
        var goal = destination
        if let known = destination {
            guard known == .mainLine || channel.threads[known] != nil else {
                throw failure(.noSuchThread, channel.spelling(of: known))
            }
            guard known != source else {
                throw failure(.invalidParameters, "MOVE", Text(String(known.value)))
            }
        } else {
            let given = title ?? channel.threads[source]?.title ?? ""
            guard ThreadTitle.isValid(given) else { throw failure(.titleInvalid, spelling) }
            let created = try newThread(titled: given, root: nil, in: channel, session)
            outcomes.append(.event(.threadCreated(created)))
            goal = created.thread
        }
        guard let goal else { return [] }
        let moved = MessagesMoved(
            channel: channel.id, channelName: channel.name.text, source: source, destination: goal,
            messages: messages, actor: session.actor)
        outcomes.append(.event(.messagesMoved(moved)))
        // A merge leaves an empty thread, which takes no more messages.
        if scope == .all, goal != .mainLine, channel.threads[source]?.isOpen ?? false {
            let closed = changed(source, .stateSet(.closed, reason: ""), in: channel, by: session)
            outcomes.append(.event(.threadChanged(closed)))
        }
        return outcomes
    }

    // MARK: POLICY

    private func decidePolicy(
        _ name: Text, _ creation: ThreadCreationPolicy?, _ isMainLineClosed: Bool?, _ session: Session
    ) throws(Refusal) -> [Outcome] {
        let channel = try readable(name, session, "POLICY")
        guard creation != nil || isMainLineClosed != nil else { return [.answer(.threadPolicy(channel.id))] }
        guard permits(.moderate, session, in: channel) else {
            throw failure(.privilegesNeeded, channel.name.text)
        }
        let set = ThreadPolicySet(
            channel: channel.id, creation: creation ?? channel.threadCreation,
            isMainLineClosed: isMainLineClosed ?? channel.isMainLineClosed)
        return [.event(.threadPolicySet(set)), .answer(.threadPolicy(channel.id))]
    }
}

extension RequestedThreadChange {
    /// As errors name it.
    fileprivate var subcommand: Text {
        switch self {
        case .title: "TITLE"
        case .state(.closed, _): "CLOSE"
        case .state(.open, _): "REOPEN"
        case .state(.archived, _): "ARCHIVE"
        case .pin(let rank): rank == 0 ? "UNPIN" : "PIN"
        case .answer: "ANSWER"
        }
    }
}
