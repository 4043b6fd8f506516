// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms

extension CommunityOwner {
    /// An operator's request: decided by the same function as without a running server, logged like all else.
    func administer(_ request: AdminRequest, then: @escaping @Sendable (AdminReply) -> Void) {
        switch request {
        case .erase(let order): return erase(order, then: then)
        case .erasureList: return then(.done(erasureRows()))
        case .backupPoint: return giveBackupPoint(then)
        default: break
        }
        let decision = decide(request, in: community, at: now())
        for event in decision.events {
            if case .people(let change) = event {
                // No session: all who follow the person are told.
                recordPeople(change, by: SessionID(.max))
            } else {
                _ = record(event)
            }
        }
        for account in decision.disconnected { disconnect(account) }
        let reply = decision.reply
        afterCommit { then(reply) }
    }

    /// Ends the sessions of an account by the operator's word.
    func disconnect(_ account: AccountID) {
        for id in community.sessions(signedInTo: account) {
            guard let session = community.sessions[id] else { continue }
            let texts = dialect.render(.killedByAdministrator, to: session)
            close(id, texts.error, quit: texts.quit)
        }
    }
}
