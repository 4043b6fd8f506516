// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import PlenaryWire

/// Threads, markers and redactions, as others are shown them.
extension CommunityOwner {
    // MARK: Events of threads

    /// A line to members with the capability, a notice to others, nothing to bots; in a window the classic
    /// line.
    /// Whoever did it is answered.
    func showThread(
        _ logged: LoggedEvent, _ messageID: MessageID, in id: ChannelID, by actor: SessionID,
        _ scope: inout ReplyScope
    ) {
        guard let channel = community.channels[id] else { return }
        var forms: [NoticeForm: [UInt8]] = [:]
        for member in channel.members.keys.sorted() where member != actor {
            guard let session = community.sessions[member] else { continue }
            let form = NoticeForm(session, logged.event, in: channel)
            if forms[form] == nil { forms[form] = encoded(render(logged, messageID, form)) }
            outbox.send(forms[form] ?? [], to: member)
        }
        guard let session = community.sessions[actor] else { return }
        var form = NoticeForm(session, logged.event, in: channel)
        // Asked with THREAD it is answered as such; TOPIC and MODE have their own lines.
        if form.kind != .line { form.kind = scope.isClassic ? .window : scope.isDesk ? .notice : .line }
        // What is an act is answered as one (`showActs`).
        if scope.isDesk, form.kind == .notice, !community.acts(of: logged).isEmpty { return }
        scope.reply(render(logged, messageID, form))
    }

    private func render(_ logged: LoggedEvent, _ id: MessageID, _ form: NoticeForm) -> [Line] {
        switch form.kind {
        case .line: dialect.renderThreadEvent(logged, id: id, to: form.capabilities, in: community)
        case .window: dialect.renderClassic(logged, id: id, to: form.capabilities, in: community)
        case .notice:
            dialect.renderThreadNotice(logged.event, to: form.capabilities, form.language, in: community)
        case .nothing: []
        }
    }

    /// Something of one person's own, to all sessions of the account that negotiated a capability.
    func toOwner(
        _ account: AccountID, requiring capability: Capabilities, by actor: SessionID,
        _ scope: inout ReplyScope, _ render: () -> [Line]
    ) {
        let lines = render()
        for other in sessions(of: account) where other != actor {
            guard let session = community.sessions[other], session.capabilities.contains(capability) else {
                continue
            }
            send(lines, to: other)
        }
        scope.reply(lines)
    }

    /// All registered sessions of an account. In the open profile they may have different nicknames.
    private func sessions(of account: AccountID) -> [SessionID] {
        guard let name = community.accounts[account]?.name else { return [] }
        let candidates =
            community.policy.profile == .closed
            ? community.sessions(named: Text(name.spelling)) : Array(community.sessions.keys)
        return candidates.filter {
            community.sessions[$0]?.account == account && community.sessions[$0]?.isRegistered ?? false
        }.sorted()
    }

    // MARK: Markers

    func showMarker(_ event: MarkerSet, by id: SessionID, _ scope: inout ReplyScope) {
        let target: Text
        switch event.conversation {
        case .channel(let channel):
            guard let channel = community.channels[channel] else { return }
            target = event.thread.map { channel.spelling(of: $0) } ?? channel.name.text
        case .direct(let one, let other):
            guard let name = community.accounts[one == event.account ? other : one]?.name else { return }
            target = Text(name.spelling)
        }
        let time = community.effectiveMarker(
            event.account, MarkerPlace(event.conversation, event.thread))
        toOwner(event.account, requiring: .readMarker, by: id, &scope) {
            [dialect.renderMarker(target, time)]
        }
    }

    // MARK: Redactions

    func showRedaction(
        _ event: MessageRedacted, _ logged: LoggedEvent, _ messageID: MessageID, by id: SessionID,
        _ scope: inout ReplyScope
    ) {
        guard case .channel(let channel) = event.conversation else {
            guard case .direct(let one, let other) = event.conversation else { return }
            let others = sessions(of: one) + sessions(of: other)
            let render = { (capabilities: Capabilities) in
                self.dialect.render(logged, id: messageID, to: capabilities, in: self.community)
            }
            toSessions(Set(others).subtracting([id]).sorted(), render)
            if let session = community.sessions[id] { scope.reply(render(session.capabilities)) }
            return
        }
        let thread = community.ledgers[channel]?.entry(of: event.message)?.thread ?? .mainLine
        // Whoever knows translations takes them away with their original.
        let translations = community.shelves[channel]?.translations(of: event.message) ?? []
        toChannel(channel, thread: thread, by: id, &scope) { capabilities, form in
            let others = Dialect.knowsTranslations(capabilities) ? [] : translations.map(\.offset)
            return ([event.message] + others).flatMap { message in
                var (one, copy) = (event, logged)
                one.message = message
                copy.event = .messageRedacted(one)
                return dialect.render(
                    copy, id: messageID, to: capabilities, in: community, at: Placement(thread: thread),
                    as: form)
            }
        }
    }

    // MARK: Windows and messages

    /// JOIN or PART of a window, to its holder, whom a KICK may be about.
    func showWindow(
        _ verb: String, _ place: ThreadPlace, _ reason: Text?, of id: SessionID, _ now: Timestamp,
        isAnswer: Bool, _ scope: inout ReplyScope
    ) {
        guard let session = community.sessions[id], let channel = community.channels[place.channel] else {
            return
        }
        let lines = dialect.renderWindow(verb, channel, place.thread, reason: reason, by: session, now)
        if isAnswer { scope.reply(lines) } else { send(lines, to: id) }
    }

    /// Where a message that is not stored stands.
    func placement(ofUnstored message: MessagePosted) -> Placement {
        guard message.thread != .mainLine, case .channel(let id) = message.conversation else {
            return .mainLine
        }
        return Placement(
            thread: message.thread, title: community.channels[id]?.threads[message.thread]?.title ?? "")
    }

    /// A stored event as one session reads it, where it stands now.
    func render(stored logged: LoggedEvent, to session: Session) -> [Line] {
        guard !community.isGone(logged) else { return [] }
        var placement = Placement.mainLine
        var form = ThreadForm.cue
        if case .channel(let id)? = logged.event.home, let channel = community.channels[id] {
            placement = dialect.placement(of: logged.offset, in: id, community)
            form = self.form(of: session, in: channel, placement.thread)
        }
        return dialect.renderVeiled(
            logged, id: identifiers.id(of: logged.offset), to: session, in: community, at: placement, as: form
        )
    }

    // MARK: History

    /// A page of one thread: the ledger knows which events, the log has them.
    func fetch(_ request: HistoryRequest, of place: ThreadPlace, for id: SessionID) {
        let post = poster()
        let isReplay = request.purpose == .replayOnJoin
        let selection = isReplay ? .latest(after: nil) : inLedger(request.selection)
        guard let selection, let session = community.sessions[id] else {
            afterCommit { post(.fetched(id, request, nil)) }
            return
        }
        let page = community.ledgers[place.channel]?.page(
            of: place.thread, root: community.channels[place.channel]?.threads[place.thread]?.root,
            selection, limit: request.limit,
            includesEvents: !isReplay && session.capabilities.contains(.eventPlayback))
        let isComplete = page?.isComplete ?? true
        let history = self.history
        let offsets = page?.offsets ?? []
        afterCommit {
            history.events(at: offsets) { result in
                switch result {
                case .success(let events):
                    post(.fetched(id, request, HistoryResult(events: events, isComplete: isComplete)))
                case .failure: post(.fetched(id, request, nil))
                }
            }
        }
    }

    /// Bounds as the ledger knows them; nil when a message id is none of ours.
    private func inLedger(_ selection: HistoryRequest.Selection) -> Ledger.Selection? {
        func bound(_ bound: HistoryRequest.Bound) -> Ledger.Bound? {
            switch bound {
            case .time(let time): .time(time)
            case .message(let id): identifiers.offset(of: id).map { .offset($0) }
            }
        }
        switch selection {
        case .latest(nil): return .latest(after: nil)
        case .latest(let after?): return bound(after).map { .latest(after: $0) }
        case .before(let place): return bound(place).map { .before($0) }
        case .after(let place): return bound(place).map { .after($0) }
        case .around(let place): return bound(place).map { .around($0) }
        case .between(let one, let other):
            guard let first = bound(one), let second = bound(other) else { return nil }
            return .between(first, second)
        }
    }
}

/// How a member is told of what happened to a thread.
private struct NoticeForm: Hashable {
    enum Kind: Hashable { case line, window, notice, nothing }
    var kind: Kind
    var capabilities: Capabilities
    var language: Language

    init(_ session: Session, _ event: Event, in channel: Channel) {
        capabilities = session.capabilities.intersection(Audience.rendering)
        language = session.language
        let hasWindow = event.thread.map { channel.windows[$0]?.contains(session.id) ?? false } ?? false
        if capabilities.contains(.threads) {
            kind = .line
        } else if session.isBot {
            kind = .nothing
        } else {
            kind = hasWindow && Dialect.hasClassicLine(event) ? .window : .notice
        }
    }
}

extension Event {
    /// The thread that something was done to.
    fileprivate var thread: ThreadID? {
        if case .threadChanged(let event) = self { event.thread } else { nil }
    }
}
