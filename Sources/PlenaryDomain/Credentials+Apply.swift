// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A resume token that an account has.
package struct ResumeToken: Hashable, Sendable {
    package var hash: [UInt8]
    package var certificate: [UInt8]?
    package var label: Text
    package var issued: Timestamp
    package var expires: Timestamp
}

extension Community {
    /// Applies what happened to an account's credentials or role.
    mutating func apply(_ event: AccountEvent, at time: Timestamp) {
        switch event {
        case .roleSet(let event): applyRole(event)
        case .resumeTokenIssued(let event):
            accounts[event.account]?.resumeTokens.append(
                ResumeToken(
                    hash: event.tokenHash, certificate: event.certificate, label: event.label, issued: time,
                    expires: event.expires))
        case .resumeTokenRevoked(let event):
            accounts[event.account]?.resumeTokens.removeAll { $0.hash == event.tokenHash }
        case .scramVerifierSet(let event): accounts[event.account]?.scram = event.verifier
        case .resetCodeSet(let event): accounts[event.account]?.resetCode = event.code
        }
    }

    /// A new password is the only one: what was derived from the old one goes with it.
    mutating func applyPassword(_ event: CredentialSet) {
        accounts[event.account]?.password = event.password
        accounts[event.account]?.scram = nil
    }

    /// Whoever is here on that account has the role at once, not at the next sign-in.
    private mutating func applyRole(_ event: AccountRoleSet) {
        accounts[event.account]?.role = event.role
        for id in sessions(signedInTo: event.account) {
            sessions[id]?.serverRole = event.role
            touchAudiences(of: id)
            tally(id)
        }
    }

    /// Applies what is known of a sign-in while its session lasts.
    mutating func apply(_ change: AccountPresence) {
        switch change {
        case .signedIn(let id, let way, let token):
            sessions[id]?.signIn = way
            sessions[id]?.resumeToken = token
        case .tokenHeld(let id, let token): sessions[id]?.resumeToken = token
        }
    }
}

extension Account {
    /// The events that rebuild what an account has besides password and certificates.
    func credentialSnapshot() -> [(event: Event, time: Timestamp)] {
        var events: [(Event, Timestamp)] = []
        if let scram {
            events.append(
                (.account(.scramVerifierSet(ScramVerifierSet(account: id, verifier: scram))), created))
        }
        if let resetCode {
            events.append((.account(.resetCodeSet(ResetCodeSet(account: id, code: resetCode))), created))
        }
        for token in resumeTokens {
            let issued = ResumeTokenIssued(
                account: id, tokenHash: token.hash, certificate: token.certificate, label: token.label,
                expires: token.expires)
            events.append((.account(.resumeTokenIssued(issued)), token.issued))
        }
        return events
    }
}
