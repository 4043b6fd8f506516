// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What an account is in the community; `RoleTable` says what it may do.
package enum ServerRole: UInt8, CaseIterable, Hashable, Sendable {
    case member = 0
    case moderator = 1
    case secretariat = 2
    /// Reads public channels and says nothing.
    case observer = 3
    case languageDesk = 4
    case rapporteur = 5
    case technician = 6

    /// The word for it in files, on the command line and on the wire.
    package var word: String {
        switch self {
        case .member: "member"
        case .moderator: "moderator"
        case .secretariat: "secretariat"
        case .observer: "observer"
        case .languageDesk: "language-desk"
        case .rapporteur: "rapporteur"
        case .technician: "technician"
        }
    }

    /// All words, for messages about a wrong one.
    package static var words: String { allCases.map(\.word).joined(separator: ", ") }

    /// The role of a word; nil for any other.
    package init?(word: String) {
        guard let role = ServerRole.allCases.first(where: { $0.word == word }) else { return nil }
        self = role
    }
}

package struct AccountCreated: Hashable, Sendable {
    package var account: AccountID
    package var name: Text
    package var role: ServerRole
    /// A person's account is replayed to; a bot's or relay's never.
    package var isBot: Bool

    package init(account: AccountID, name: Text, role: ServerRole, isBot: Bool = false) {
        self.account = account
        self.name = name
        self.role = role
        self.isBot = isBot
    }
}

/// A password's scrypt hash with its parameters; nil removes it.
package struct CredentialSet: Hashable, Sendable {
    package var account: AccountID
    package var password: PasswordHash?

    package init(account: AccountID, password: PasswordHash?) {
        self.account = account
        self.password = password
    }
}

/// scrypt with N = 2^logN (RFC 7914), parameters stored with each hash so that they can be raised.
package struct PasswordHash: Hashable, Sendable {
    package var logN: UInt8
    package var r: UInt8
    package var p: UInt8
    package var salt: [UInt8]
    package var key: [UInt8]

    package init(logN: UInt8, r: UInt8, p: UInt8, salt: [UInt8], key: [UInt8]) {
        self.logN = logN
        self.r = r
        self.p = p
        self.salt = salt
        self.key = key
    }
}

/// A client certificate that signs its holder in (SASL EXTERNAL).
package struct CertificateAdded: Hashable, Sendable {
    package var account: AccountID
    /// SHA-256 of the DER certificate, 32 bytes.
    package var fingerprint: [UInt8]
    /// What its holder calls it, e.g. `laptop`.
    package var label: Text

    package init(account: AccountID, fingerprint: [UInt8], label: Text) {
        self.account = account
        self.fingerprint = fingerprint
        self.label = label
    }
}

package struct CertificateRemoved: Hashable, Sendable {
    package var account: AccountID
    package var fingerprint: [UInt8]

    package init(account: AccountID, fingerprint: [UInt8]) {
        self.account = account
        self.fingerprint = fingerprint
    }
}

package struct AccountStateSet: Hashable, Sendable {
    package var account: AccountID
    package var isDisabled: Bool
    /// When a suspension ends by itself.
    package var until: Timestamp?
    /// Who did it, and why; nil when it was done on the server's own machine.
    package var actor: Actor?
    package var reason: Text

    package init(
        account: AccountID, isDisabled: Bool, until: Timestamp? = nil, actor: Actor? = nil, reason: Text = ""
    ) {
        self.account = account
        self.isDisabled = isDisabled
        self.until = until
        self.actor = actor
        self.reason = reason
    }
}

/// An invite code. Only its SHA-256 is stored; the code itself is shown once, to its maker.
package struct InviteCreated: Hashable, Sendable {
    package var codeHash: [UInt8]
    /// Short public handle for lists and revocation.
    package var handle: Text
    package var role: ServerRole
    package var channels: [Text]
    package var expires: Timestamp?
    package var useLimit: UInt32
    /// The account name reserved for its holder, if any.
    package var accountName: Text?
    /// Who made it; nil when it was made on the server itself.
    package var creator: AccountID?

    package init(
        codeHash: [UInt8], handle: Text, role: ServerRole, channels: [Text], expires: Timestamp?,
        useLimit: UInt32,
        accountName: Text? = nil, creator: AccountID? = nil
    ) {
        self.codeHash = codeHash
        self.handle = handle
        self.role = role
        self.channels = channels
        self.expires = expires
        self.useLimit = useLimit
        self.accountName = accountName
        self.creator = creator
    }
}

package struct InviteRedeemed: Hashable, Sendable {
    package var codeHash: [UInt8]
    package var account: AccountID

    package init(codeHash: [UInt8], account: AccountID) {
        self.codeHash = codeHash
        self.account = account
    }
}

package struct InviteRevoked: Hashable, Sendable {
    package var codeHash: [UInt8]
    package init(codeHash: [UInt8]) { self.codeHash = codeHash }
}

package struct TokensRemembered: Hashable, Sendable {
    package var account: AccountID
    package var tokens: [RememberedToken]

    package init(account: AccountID, tokens: [RememberedToken]) {
        self.account = account
        self.tokens = tokens
    }
}

package struct RememberedToken: Hashable, Sendable {
    package var token: Text
    package var offset: Offset
    package var time: Timestamp

    package init(token: Text, offset: Offset, time: Timestamp) {
        self.token = token
        self.offset = offset
        self.time = time
    }
}
