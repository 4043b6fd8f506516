// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms

/// While what was decided last waits for room on the disk (`LogWriter.isStalled`): nothing more is decided, so that
/// nothing more has to wait. Who is registered is refused, past the gate, for a refusal says nothing of what is
/// not yet stored; PING is answered. All else keeps its order until there is room (docs/decisions/0177).
extension CommunityOwner {
    func takeStalled(_ batch: [Inbound]) {
        for inbound in batch { takeStalled(inbound) }
        if !outbox.isEmpty { deliver(outbox.take()) }
    }

    private func takeStalled(_ inbound: Inbound) {
        switch inbound {
        case .request(let id, let request):
            guard let session = community.sessions[id], session.isRegistered else {
                return postponed.append(inbound)
            }
            if isSignOfLife(request) { receive(request, from: id) } else { refuse(request, session) }
        case .closed(let id, _):
            // Of somebody who came meanwhile nothing is left; the edge bounds how many these are.
            let count = postponed.count
            postponed.removeAll { isBeginning($0, of: id) }
            if community.sessions[id] != nil || postponed.count == count { postponed.append(inbound) }
        case .tick, .delaysDue:
            // The next tick does what is due.
            return
        case .stop(let then):
            stop {}
            deliver(outbox.take())
            then()
        case .opened, .completed, .refused, .fetched, .fetchedWithTranslations, .fetchedTargets,
            .fetchedFirst,
            .found, .foundOwnRecords, .administration, .rotated, .reconfigured, .erased, .erasuresDue:
            postponed.append(inbound)
        }
    }

    /// What waited, in front of what comes now.
    func takePostponed(before batch: [Inbound]) -> [Inbound] {
        guard !postponed.isEmpty else { return batch }
        defer { postponed = [] }
        return postponed + batch
    }

    private func isSignOfLife(_ request: Request) -> Bool {
        guard request.refusal == nil, !request.commands.isEmpty else { return false }
        return request.commands.allSatisfy { command in
            switch command {
            case .registration(.ping), .registration(.pong): true
            default: false
            }
        }
    }

    private func refuse(_ request: Request, _ session: Session) {
        // The rest of a message of several lines would otherwise be posted without this one.
        if session.openBatch != nil { community.apply(.batchChanged(session.id, nil)) }
        var scope = ReplyScope(label: session.mayLabel ? request.label : nil)
        scope.reply(dialect.render(.storageIsFull(verb: request.verb), to: session, in: community))
        finish(scope, session.id)
    }

    private func isBeginning(_ inbound: Inbound, of id: SessionID) -> Bool {
        switch inbound {
        case .opened(let opening): opening.id == id
        case .request(let other, _): other == id
        default: false
        }
    }
}
