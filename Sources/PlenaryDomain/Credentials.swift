// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What concerns credentials, invite codes, roles and sessions of accounts, and results of work for them.
package enum CredentialCommand: Sendable {
    case inviteCreate(InviteWish)
    case inviteList
    case inviteRevoke(handle: Text)
    /// PASSWORD; `*` for the old one when something better than a password signed in.
    case changePassword(old: Text, new: Text)
    case issueToken(label: Text)
    case dropToken
    case listSessions
    case closeSession(id: Text)
    case setRole(account: Text, role: Text)
    // Results of work
    case secretDrawn(SecretPurpose, Text)
    case oldPasswordChecked(name: Text, account: AccountID?, isCorrect: Bool, new: [UInt8])
    case newPasswordHashed(AccountID, HashedPassword?)
    /// The delay of a failed sign-in is over.
    case failureDue(Refusal)
}

/// What a random text is drawn for.
package enum SecretPurpose: Hashable, Sendable {
    case inviteCode(InviteWish)
    case resumeToken(label: Text)
    case scramNonce(ScramExchange)
}

/// What somebody wants an invite code to give.
package struct InviteWish: Hashable, Sendable {
    package var role: ServerRole = .member
    package var channels: [Text] = []
    /// 0 is for ever.
    package var secondsToLive: Int64 = 604_800
    package var useLimit: UInt32 = 1
    package var accountName: Text?
    package init() {}
}

/// A password as it is stored.
package struct HashedPassword: Hashable, Sendable {
    package var hash: PasswordHash
    /// Where SCRAM is offered.
    package var scram: ScramVerifier?

    package init(hash: PasswordHash, scram: ScramVerifier?) {
        self.hash = hash
        self.scram = scram
    }
}

/// How a session signed in.
package enum SignIn: String, Hashable, Sendable {
    case password, certificate, token, code, registration
}

/// Changes of presence that concern sign-in.
package enum AccountPresence: Hashable, Sendable {
    case signedIn(SessionID, SignIn, token: [UInt8]?)
    /// The session's own resume token, by its hash.
    case tokenHeld(SessionID, [UInt8]?)
}

/// Work for accounts that only the server can do.
package enum AccountWork: Sendable {
    case drawSecret(SecretPurpose)
    case hashNewPassword(AccountID, password: [UInt8])
    /// Answers a failed sign-in after so many seconds.
    case delayFailure(seconds: Int, Refusal)
}

/// Why something about accounts was not done (docs/extensions/accounts.md, "Failures").
package struct AccountRefusal: Hashable, Sendable {
    package var verb: Text
    package var code: AccountFailure
    package var context: Text

    package init(verb: Text, code: AccountFailure, context: Text = "*") {
        self.verb = verb
        self.code = code
        self.context = context
    }
}

package enum AccountFailure: CaseIterable, Hashable, Sendable {
    case accountRequired, invalidParameters, privilegesNeeded, noSuchCode, noSuchSession, noSuchAccount
    case noSuchChannel, limitReached, invalidCredentials, passwordTooShort, passwordTooLong, passwordIsCommon
    case tlsRequired, temporarilyUnavailable

    /// The word on the wire. All that is wrong with a new password has the word of account-registration.
    package var word: Text {
        switch self {
        case .accountRequired: "ACCOUNT_REQUIRED"
        case .invalidParameters: "INVALID_PARAMS"
        case .privilegesNeeded: "PRIVS_NEEDED"
        case .noSuchCode: "NO_SUCH_CODE"
        case .noSuchSession: "NO_SUCH_SESSION"
        case .noSuchAccount: "NO_SUCH_ACCOUNT"
        case .noSuchChannel: "NO_SUCH_CHANNEL"
        case .limitReached: "LIMIT_REACHED"
        case .invalidCredentials: "INVALID_CREDENTIALS"
        case .passwordTooShort, .passwordIsCommon: "WEAK_PASSWORD"
        case .passwordTooLong: "UNACCEPTABLE_PASSWORD"
        case .tlsRequired: "TLS_REQUIRED"
        case .temporarilyUnavailable: "TEMPORARILY_UNAVAILABLE"
        }
    }
}

/// Answers about accounts.
package enum AccountAnswer: Sendable {
    /// The only time that the code is told.
    case inviteCreated(handle: Text, code: Text)
    case invites
    case inviteRevoked(handle: Text)
    case passwordChanged
    /// The only time that the token is told.
    case resumeToken(Text, expires: Timestamp)
    case resumeDropped
    case sessions
    case sessionClosed(id: Text)
    case roleSet(account: Text, ServerRole)
    /// The server's next word in a SASL exchange, not yet in base64.
    case challenge(Text)
}

extension Community {
    func decide(_ command: CredentialCommand, by session: Session, at moment: Moment) -> [Outcome] {
        switch command {
        case .inviteCreate(let wish): return decideInvite(wish, session, moment)
        case .inviteList:
            return inviteRefusal("LIST", session).map { [.refused($0)] } ?? [.answer(.account(.invites))]
        case .inviteRevoke(let handle): return decideInviteRevocation(handle, session)
        case .changePassword(let old, let new): return decidePasswordChange(old, new, session, moment)
        case .oldPasswordChecked(let name, let account, let isCorrect, let new):
            return decideOldPassword(name, account, isCorrect, new, session, moment)
        case .newPasswordHashed(let account, let hashed): return decideNewPassword(account, hashed, session)
        case .issueToken(let label): return decideTokenRequest(label, session)
        case .dropToken: return decideTokenDrop(session)
        case .listSessions:
            guard session.account != nil else {
                return [.refused(.account(AccountRefusal(verb: "SESSIONS", code: .accountRequired)))]
            }
            return [.answer(.account(.sessions))]
        case .closeSession(let id): return decideSessionClose(id, session, moment)
        case .setRole(let account, let role): return decideRole(account, role, session)
        case .secretDrawn(let purpose, let secret):
            switch purpose {
            case .inviteCode(let wish): return decideInviteCode(wish, secret, session, moment)
            case .resumeToken(let label): return decideToken(secret, label, session, moment)
            case .scramNonce(let exchange): return decideScramNonce(exchange, secret, session, moment)
            }
        case .failureDue(let refusal): return loginFailed(session, refusal)
        }
    }
}
