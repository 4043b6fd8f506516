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

private let french = LanguageTag("fr")
private let simplified = LanguageTag("zh-Hans")

/// Translations, and what a snapshot keeps of them, with and without what may be absent.
let languagesEvents: [Event] = [french, simplified].compactMap { $0 }.flatMap { language -> [Event] in
    [
        .messagePosted(
            MessagePosted(
                conversation: .channel(ChannelID(3)), target: "#t1", kind: .privateMessage, actor: technician,
                clientTags: Text("+plenary.chat/lang=\(language)"), lines: [MessageLine("译文")],
                thread: ThreadID(2),
                translation: MessageTranslation(
                    original: Offset(900), language: language, provenance: .machine,
                    engine: language == french ? nil : "mt-1"))),
        .languages(
            .translationsRemembered(
                TranslationsRemembered(
                    channel: ChannelID(3),
                    translations: language == french
                        ? []
                        : [
                            Translation(
                                offset: Offset(901), time: Timestamp(microseconds: 5), original: Offset(900),
                                language: language, provenance: .official)
                        ]))),
    ]
}
