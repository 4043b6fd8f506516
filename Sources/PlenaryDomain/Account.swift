// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A durable identity. May have many sessions at once.
package struct Account: Hashable, Sendable {
    package let id: AccountID
    package internal(set) var name: AccountName
    package var role: ServerRole
    package var isBot: Bool
    package var isDisabled = false
    /// When the account is usable again without anybody's doing.
    package var disabledUntil: Timestamp?
    package var created: Timestamp
    package var password: PasswordHash?
    package var certificates: [AccountCertificate] = []
    package var profile = Profile()
    package var scram: ScramVerifier?
    /// In the order in which they were issued.
    package var resumeTokens: [ResumeToken] = []
    package var resetCode: ResetCode?
}

package struct AccountCertificate: Hashable, Sendable {
    package var fingerprint: [UInt8]
    package var label: Text
    package var added: Timestamp
}

/// A code that lets somebody sign up.
package struct Invite: Hashable, Sendable {
    package var created: InviteCreated
    package var time: Timestamp
    package var redeemedCount: UInt32 = 0
    package var isRevoked = false

    package func isUsable(at now: Timestamp) -> Bool {
        !isRevoked && redeemedCount < created.useLimit && (created.expires.map { now < $0 } ?? true)
    }
}

/// The idempotency tokens of one account, oldest first (protocol.md, "A message sent twice is stored once").
package struct TokenWindow: Hashable, Sendable {
    package private(set) var byToken: [Text: RememberedToken] = [:]
    private var order: [RememberedToken] = []
    private var start = 0

    package var tokens: ArraySlice<RememberedToken> { order[start...] }

    package mutating func remember(_ token: RememberedToken, countLimit: Int, secondsLimit: Int) {
        byToken[token.token] = token
        order.append(token)
        let oldest = token.time.advanced(bySeconds: -Int64(secondsLimit))
        while start < order.count, order.count - start > countLimit || order[start].time < oldest {
            let dropped = order[start]
            if byToken[dropped.token]?.offset == dropped.offset { byToken[dropped.token] = nil }
            start += 1
        }
        // An eighth of what is kept may be of those that are gone: moving the rest costs eight tokens each.
        if start > 64, start * 8 > order.count {
            order.removeFirst(start)
            start = 0
        }
    }

    /// Forgets the tokens of messages that are erased.
    mutating func forget(_ isErased: (Offset) -> Bool) {
        order = tokens.filter { !isErased($0.offset) }
        start = 0
        byToken = byToken.filter { !isErased($0.value.offset) }
    }

    package static func == (left: TokenWindow, right: TokenWindow) -> Bool { left.byToken == right.byToken }
    package func hash(into hasher: inout Hasher) { hasher.combine(byToken) }
}
