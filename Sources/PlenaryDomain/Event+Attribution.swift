// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// To whom what is said in a sitting is attributed (docs/extensions/attribution.md). The raw value is stored.
package enum AttributionPolicy: UInt8, CaseIterable, Hashable, Sendable {
    case attributed = 0
    case delegation = 1
    case unattributed = 2

    /// As SESSION and the configuration spell it.
    package var word: Text {
        switch self {
        case .attributed: "attributed"
        case .delegation: "delegation"
        case .unattributed: "unattributed"
        }
    }

    /// What stands for the host in a label's source; no cloak is so.
    package var host: Text { word }
}

package struct AttributionSet: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var policy: AttributionPolicy
    package var actor: Actor?

    package init(channel: ChannelID, channelName: Text, policy: AttributionPolicy, actor: Actor?) {
        self.channel = channel
        self.channelName = channelName
        self.policy = policy
        self.actor = actor
    }
}

/// Somebody speaks under a number. Who, is known to the holder of the digest's key alone.
package struct LabelGiven: Hashable, Sendable {
    package var channel: ChannelID
    /// Of the account, under the sitting's key.
    package var digest: [UInt8]
    package var number: UInt32

    package init(channel: ChannelID, digest: [UInt8], number: UInt32) {
        self.channel = channel
        self.digest = digest
        self.number = number
    }
}

/// Digests of client tokens of past messages; written by snapshots only.
package struct LabelTokens: Hashable, Sendable {
    package var channel: ChannelID
    package var tokens: [RememberedToken]

    package init(channel: ChannelID, tokens: [RememberedToken]) {
        self.channel = channel
        self.tokens = tokens
    }
}

extension Actor {
    /// The policy under which somebody speaks by a label; nil for a person.
    package var labelPolicy: AttributionPolicy? {
        guard account == nil, let at = source.bytes.lastIndex(of: 64) else { return nil }
        let host = source.bytes[(at + 1)...]
        return AttributionPolicy.allCases.first { policy in
            policy != .attributed && host.elementsEqual(policy.host.bytes)
        }
    }
}
