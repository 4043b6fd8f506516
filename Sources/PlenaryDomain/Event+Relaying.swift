// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is decided about relays (docs/extensions/relay.md).
package enum RelayingEvent: Hashable, Sendable {
    case switched(RelaySwitched)
}

/// A channel takes relayed messages from now on, or takes them no longer.
package struct RelaySwitched: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var isOn: Bool
    package var actor: Actor

    package init(channel: ChannelID, channelName: Text, isOn: Bool, actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.isOn = isOn
        self.actor = actor
    }
}

/// By whom and from where a message was brought. Who said it is the message's actor, who has no account here.
package struct MessageRelay: Hashable, Sendable {
    /// The relay's account, and its nickname then.
    package var account: AccountID?
    package var nickname: Text
    /// The platform that it comes from, with its id and time there.
    package var origin: Text?
    package var originID: Text?
    package var originTime: Timestamp?
    /// Whether it came after its session had ended.
    package var isLate: Bool

    package init(
        account: AccountID?, nickname: Text, origin: Text? = nil, originID: Text? = nil,
        originTime: Timestamp? = nil, isLate: Bool = false
    ) {
        self.account = account
        self.nickname = nickname
        self.origin = origin
        self.originID = originID
        self.originTime = originTime
        self.isLate = isLate
    }

    /// The host of everybody whose words are relayed.
    package static let host: Text = "relayed"

    /// `Name/zoom!~u@relayed`, as a message's source has it and masks match it.
    package static func source(_ name: RelayedName) -> Text { Text(name.spelling) + "!~u@" + host }
}

extension MessagePosted {
    /// The account whose client sent it: for a relayed message the relay's.
    package var sender: AccountID? { relay.map { $0.account } ?? actor.account }
}
