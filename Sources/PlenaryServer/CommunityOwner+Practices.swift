// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms

extension CommunityOwner {
    /// Tells whoever submitted a practice, on all devices, what others decided about it.
    func tellPractice(_ event: PracticeEvent, by id: SessionID) {
        guard let practice = community.register.practices[event.number],
            let account = practice.submitted.actor.account, event.actor.account != account
        else { return }
        for reader in community.sessions(signedInTo: account) {
            guard let session = community.sessions[reader], session.isRegistered, !session.isBot else {
                continue
            }
            send(dialect.renderNews(of: event, to: session), to: reader)
        }
    }
}
