// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryTerms
import PlenaryWire

/// A session whose work is under way: what is left of its command, and what came after it.
struct WaitingSession: Sendable {
    var commands: ArraySlice<Command> = []
    var scope: ReplyScope
    var later: [Request] = []
}

extension CommunityOwner {
    /// Requests that may wait behind one session's work. More: the connection is closed.
    private static let laterRequestLimit = 256

    // MARK: Sessions

    func open(_ opening: Opening) {
        let session = Session(
            id: opening.id, connectedAt: now(), isTLS: opening.isTLS,
            certificateFingerprint: opening.certificateFingerprint, host: opening.host,
            language: community.policy.defaultLanguage)
        community.apply(.opened(session))
    }

    /// The session is over, by QUIT or because its connection is.
    func end(_ id: SessionID, reason: Text) {
        waiting[id] = nil
        guard community.sessions[id] != nil else { return }
        var scope = ReplyScope(label: nil)
        for outcome in community.decideQuit(id, reason: reason) { _ = perform(outcome, by: id, &scope) }
    }

    // MARK: Requests

    func receive(_ request: Request, from id: SessionID) {
        guard let session = community.sessions[id] else { return }
        if waiting[id] != nil {
            guard waiting[id]?.later.count ?? 0 < CommunityOwner.laterRequestLimit else {
                close(id, text(.excessFlood, in: session.language), quit: text(.excessFlood, in: .english))
                return
            }
            waiting[id]?.later.append(request)
            return
        }
        let label = session.mayLabel ? request.label : nil
        var scope = ReplyScope(label: label)
        scope.isDesk = request.isDesk
        guard let row = request.row else {
            // Before registration an unknown verb is not worth more than 451.
            let refusal = request.refusal ?? .unknownCommand(request.verb)
            refuse(refusal, session, &scope)
            finish(scope, id)
            return
        }
        guard session.isRegistered || row.isAllowedBeforeRegistration && !request.isDesk else {
            refuse(.notRegistered, session, &scope)
            finish(scope, id)
            return
        }
        if let refusal = request.refusal ?? tooManyTargets(request.commands) {
            refuse(refusal, session, &scope)
            if row.family == .accounts { clearBrokenSASL(session) }
            finish(scope, id)
            return
        }
        run(request.commands[...], by: id, scope)
    }

    /// How many recipients one line may have is the operator's setting, which the dialect does not know.
    private func tooManyTargets(_ commands: [Command]) -> Refusal? {
        // The policy is not looked at for the one target that nearly every line has.
        guard commands.count > 1, commands.count > community.policy.limits.targetCountLimit,
            case .messaging(.post) = commands.first
        else { return nil }
        let targets = commands.compactMap { command -> [UInt8]? in
            if case .messaging(.post(let text)) = command { Array(text.target.bytes) } else { nil }
        }
        return .tooManyTargets(Text([UInt8](targets.joined(separator: [44]))))
    }

    /// Whether the session is at fault or not, a SASL exchange never survives a broken line.
    private func clearBrokenSASL(_ session: Session) {
        if session.sasl != .none { community.apply(.saslChanged(session.id, .none, failed: false)) }
    }

    private func refuse(_ refusal: Refusal, _ session: Session, _ scope: inout ReplyScope) {
        scope.reply(dialect.render(refusal, to: session, in: community))
    }

    /// Runs commands until one has to wait for work; then the rest and all that follows wait too.
    private func run(_ commands: ArraySlice<Command>, by id: SessionID, _ scope: ReplyScope) {
        let first = commands.first
        var scope = labelled(scope, first, id)
        var rest = commands
        while let command = rest.popFirst() {
            var isWaiting = false
            switch command {
            case .topics, .modes: scope.isClassic = true
            default: scope.isClassic = false
            }
            for outcome in community.decide(command, by: id, at: moment()) {
                if perform(outcome, by: id, &scope) { isWaiting = true }
            }
            if isWaiting {
                waiting[id] = WaitingSession(commands: rest, scope: scope)
                return
            }
        }
        guard let session = community.sessions[id] else { return }
        touch(session, first)
        if !(scope.lines.isEmpty && isSilent(first)) { finish(scope, id) }
        complete(id)
    }

    /// The label of a multiline message is its opening BATCH's and answered when the batch ends.
    private func labelled(_ scope: ReplyScope, _ command: Command?, _ id: SessionID) -> ReplyScope {
        guard case .messaging(.closeBatch(let reference)) = command, let session = community.sessions[id],
            session.openBatch?.reference == reference
        else { return scope }
        return ReplyScope(
            label: session.mayLabel ? session.openBatch?.label : nil)
    }

    /// Opening a batch is not answered: its label is answered when the batch ends.
    private func isSilent(_ command: Command?) -> Bool {
        if case .messaging(.openBatch(_, _, _, _, let label, _, _)) = command { return label != nil }
        return false
    }

    /// Idle time counts from what a person did, not from PING.
    private func touch(_ session: Session, _ command: Command?) {
        guard case .messaging = command else { return }
        let now = self.now()
        // Idle time is told in seconds.
        guard now.seconds != session.lastActive.seconds, !isUnnamed(command) else { return }
        community.apply(.active(session.id, now))
    }

    func finish(_ scope: ReplyScope, _ id: SessionID) {
        var scope = scope
        if scope.isDesk, let session = community.sessions[id] {
            scope.reshape { dialect.renderDesk($0, to: session, in: community) }
        }
        let lines = scope.finished(serverName: dialect.facts.name, batchReference: batchReference)
        send(lines, to: id)
    }

    func send(_ lines: [Line], to id: SessionID) {
        guard !lines.isEmpty else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.count * 128)
        for line in lines { line.encode(into: &bytes) }
        outbox.send(bytes, to: id)
    }

    /// Asks whether the session has said all it takes to be registered, and welcomes it.
    private func complete(_ id: SessionID) {
        guard let session = community.sessions[id], !session.isRegistered else { return }
        var scope = ReplyScope(label: nil)
        for outcome in community.decideCompletion(id, at: moment()) { _ = perform(outcome, by: id, &scope) }
        finish(scope, id)
    }

    func close(_ id: SessionID, _ reason: Text, quit: Text) {
        send([dialect.renderClosing(reason, to: community.sessions[id])], to: id)
        end(id, reason: quit)
        outbox.close(id)
    }

    // MARK: After work

    /// Goes on with a session whose work is done.
    func resume(_ id: SessionID, _ prepare: (inout WaitingSession) -> Void) {
        guard var waiter = waiting.removeValue(forKey: id), community.sessions[id] != nil else { return }
        prepare(&waiter)
        run(waiter.commands, by: id, waiter.scope)
        for (index, request) in waiter.later.enumerated() {
            if waiting[id] != nil {
                waiting[id]?.later += waiter.later[index...]
                return
            }
            receive(request, from: id)
        }
    }

    func resume(_ id: SessionID, saying refusal: Refusal) {
        guard let session = community.sessions[id] else { return }
        if case .verifying = session.sasl { community.apply(.saslChanged(id, .none, failed: false)) }
        let lines = dialect.render(refusal, to: session, in: community)
        resume(id) { $0.scope.reply(lines) }
    }

    func resume(_ id: SessionID, _ request: HistoryRequest, _ result: HistoryResult?) {
        guard let session = community.sessions[id] else { return }
        let lines: [Line]
        switch request.purpose {
        case .replayOnJoin:
            let entries = entries(of: result)
            lines = dialect.renderReplay(
                entries, channel: request.target, thread: request.thread, to: session, in: community)
        case .namedForActs: lines = dialect.renderNamed(entries(of: result), to: session, in: community)
        case .command(let target, let subcommand):
            guard let result else {
                let refusal = Refusal.historyUnavailable(subcommand: subcommand, target: target)
                lines = dialect.render(refusal, to: session, in: community)
                break
            }
            lines = dialect.renderHistory(
                entries(of: result), target: target, thread: request.thread, reference: batchReference(),
                isComplete: result.isComplete, to: session, in: community)
        }
        resume(id) { $0.scope.reply(lines) }
    }

    /// The echo of a message that was sent again: the first one, whatever the second one said.
    func resume(_ id: SessionID, repeating first: LoggedEvent?) {
        guard let session = community.sessions[id] else { return }
        let lines = first.map { render(stored: $0, to: session) } ?? []
        resume(id) { $0.scope.reply(lines) }
    }

    private func entries(of result: HistoryResult?) -> [(event: LoggedEvent, id: MessageID)] {
        (result?.events ?? []).map { ($0, identifiers.id(of: $0.offset)) }
    }

    func resume(_ id: SessionID, _ found: [ConversationTime], names: [Conversation: Text]) {
        guard let session = community.sessions[id] else { return }
        let rows = found.compactMap { row in
            name(of: row.conversation, for: session, names).map { (name: $0, time: row.time) }
        }
        let lines = dialect.renderTargets(rows, reference: batchReference(), to: session)
        resume(id) { $0.scope.reply(lines) }
    }

    /// How a session calls a conversation: the channel's name, or the other account's.
    private func name(
        of conversation: Conversation, for session: Session, _ names: [Conversation: Text]
    ) -> Text? {
        guard case .direct(let one, let other) = conversation else { return names[conversation] }
        return community.accounts[one == session.account ? other : one].map { Text($0.name.spelling) }
    }
}

extension Session {
    /// Labels need batches: "the batch capability … MUST be negotiated to use labeled responses".
    var mayLabel: Bool { capabilities.isSuperset(of: [.labeledResponse, .batch]) }
}
