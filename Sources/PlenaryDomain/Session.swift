// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One presence on one connection, from the first byte to the last. Never stored.
package struct Session: Sendable {
    package let id: SessionID
    package let connectedAt: Timestamp
    package let isTLS: Bool
    /// Boxed: a session is copied wherever it is looked at, and what most commands do not ask for costs one reference.
    @Boxed var annex: SessionAnnex

    package var account: AccountID?
    package var capabilities: Capabilities = []
    /// The version given with CAP LS; 0 without negotiation.
    package var capabilityVersion = 0
    package var isNegotiating = false
    package var isRegistered = false
    package var lastActive: Timestamp
    package var language: Language

    package var channels: Set<ChannelID> = []
    package var isBot = false
    package var isInvisible = false
    package var serverRole = ServerRole.member

    package init(
        id: SessionID, connectedAt: Timestamp, isTLS: Bool, certificateFingerprint: [UInt8]?, host: Text,
        language: Language
    ) {
        self.id = id
        self.connectedAt = connectedAt
        self.isTLS = isTLS
        annex = SessionAnnex(certificateFingerprint: certificateFingerprint, network: host)
        self.lastActive = connectedAt
        self.language = language
    }

    package mutating func refreshSource() {
        let nick = nickname?.spelling ?? "*"
        annex.source = Text("\(nick)!\(userName?.string ?? "~u")@".utf8 + host.bytes)
    }

    package var actor: Actor {
        Actor(source: source, account: account, accountName: accountName, isBot: isBot)
    }

    /// The name that replies address: the nickname, `*` before there is one.
    package var replyName: Text { isRegistered || nickname != nil ? Text(nickname?.spelling ?? "*") : "*" }
}

extension Text {
    fileprivate init(_ bytes: some Sequence<UInt8>) { self.init(Array(bytes)) }
}

/// A multiline batch that is being received (IRCv3 multiline).
package struct OpenBatch: Hashable, Sendable {
    package var reference: Text
    package var target: Text
    /// In steady time.
    package var opened: Timestamp
    package var label: Text?
    package var clientTags: Text
    package var clientToken: Text?
    package var relay: RelayedOrigin?
    package var translation: TranslationRequest?
    package var isNotice: Bool?
    package var lines: [MessageLine] = []
    package var byteCount = 0
    /// The first thing that was wrong; answered when the batch ends.
    package var failure: Refusal?
}

/// Where a SASL exchange stands (IRCv3 sasl-3.1).
package enum SASLState: Hashable, Sendable {
    case none
    case waiting(SASLMechanism, received: [UInt8])
    case verifying
    /// SCRAM: the server has spoken, and the client's next message is awaited.
    case proving(ScramExchange, received: [UInt8])

    /// Whether the exchange is the client's to go on with.
    var isAwaitingClient: Bool {
        switch self {
        case .none, .verifying: false
        case .waiting, .proving: true
        }
    }
}

package enum SASLMechanism: String, CaseIterable, Hashable, Sendable {
    case plain = "PLAIN"
    case external = "EXTERNAL"
    case scram = "SCRAM-SHA-256"
    case resume = "PLENARY-RESUME"
}

/// An account that waits for its invite code (IRCv3 account-registration, VERIFY).
package struct PendingAccount: Hashable, Sendable {
    package var name: AccountName
    package var password: HashedPassword?
    package var usesCertificate: Bool
}
