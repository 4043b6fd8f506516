// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let technician = Actor(source: "tec!t@h", account: AccountID(8), accountName: "tec")
private let participant = Actor(source: "Ли/zoom!~u@relayed", account: nil, accountName: nil)

/// Events of relays, and messages that they bring, with and without what may be absent.
let relayingEvents: [Event] = [
    .relaying(
        .switched(
            RelaySwitched(channel: ChannelID(3), channelName: "#t1", isOn: true, actor: technician))),
    .relaying(
        .switched(
            RelaySwitched(channel: ChannelID(3), channelName: "#t1", isOn: false, actor: technician))),
    .messagePosted(
        MessagePosted(
            conversation: .channel(ChannelID(3)), target: "#t1", kind: .privateMessage, actor: participant,
            lines: [MessageLine("Bonjour à tous")], clientToken: "z1",
            relay: MessageRelay(
                account: AccountID(8), nickname: "tec", origin: "zoom", originID: "m-1==",
                originTime: Timestamp(microseconds: 1_687_507_500_000_000), isLate: true))),
    .messagePosted(
        MessagePosted(
            conversation: .channel(ChannelID(3)), target: "#t1", kind: .tagOnly, actor: participant,
            clientTags: "+react=x", lines: [], relay: MessageRelay(account: nil, nickname: "guest"))),
]
