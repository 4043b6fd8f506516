// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Facts about how people sign in and what their account is; the newer ones, each in a record of its own.
package enum AccountEvent: Hashable, Sendable {
    case roleSet(AccountRoleSet)
    case resumeTokenIssued(ResumeTokenIssued)
    case resumeTokenRevoked(ResumeTokenRevoked)
    case scramVerifierSet(ScramVerifierSet)
    case resetCodeSet(ResetCodeSet)
}

/// What the account is in the community from now on.
package struct AccountRoleSet: Hashable, Sendable {
    package var account: AccountID
    package var role: ServerRole
    /// nil when it was done on the server itself.
    package var actor: Actor?

    package init(account: AccountID, role: ServerRole, actor: Actor?) {
        self.account = account
        self.role = role
        self.actor = actor
    }
}

/// A resume token (docs/extensions/resume.md). Only its SHA-256 is stored.
package struct ResumeTokenIssued: Hashable, Sendable {
    package var account: AccountID
    /// 32 bytes.
    package var tokenHash: [UInt8]
    /// The certificate it was asked for with; then it counts with that one only.
    package var certificate: [UInt8]?
    package var label: Text
    package var expires: Timestamp

    package init(
        account: AccountID, tokenHash: [UInt8], certificate: [UInt8]?, label: Text, expires: Timestamp
    ) {
        self.account = account
        self.tokenHash = tokenHash
        self.certificate = certificate
        self.label = label
        self.expires = expires
    }
}

package struct ResumeTokenRevoked: Hashable, Sendable {
    package var account: AccountID
    package var tokenHash: [UInt8]

    package init(account: AccountID, tokenHash: [UInt8]) {
        self.account = account
        self.tokenHash = tokenHash
    }
}

/// What SCRAM-SHA-256 compares with; nil removes it. Setting a password removes it as well.
package struct ScramVerifierSet: Hashable, Sendable {
    package var account: AccountID
    package var verifier: ScramVerifier?

    package init(account: AccountID, verifier: ScramVerifier?) {
        self.account = account
        self.verifier = verifier
    }
}

/// StoredKey and ServerKey with what they were derived by (RFC 5802, 3).
package struct ScramVerifier: Hashable, Sendable {
    package var iterationCount: UInt32
    package var salt: [UInt8]
    package var storedKey: [UInt8]
    package var serverKey: [UInt8]

    package init(iterationCount: UInt32, salt: [UInt8], storedKey: [UInt8], serverKey: [UInt8]) {
        self.iterationCount = iterationCount
        self.salt = salt
        self.storedKey = storedKey
        self.serverKey = serverKey
    }
}

/// A code that signs in once, to set a new password; nil when it was used.
package struct ResetCodeSet: Hashable, Sendable {
    package var account: AccountID
    package var code: ResetCode?

    package init(account: AccountID, code: ResetCode?) {
        self.account = account
        self.code = code
    }
}

/// Only the SHA-256 of the code is stored.
package struct ResetCode: Hashable, Sendable {
    package var codeHash: [UInt8]
    package var expires: Timestamp

    package init(codeHash: [UInt8], expires: Timestamp) {
        self.codeHash = codeHash
        self.expires = expires
    }
}
