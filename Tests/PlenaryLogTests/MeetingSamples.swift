// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let chair = Actor(source: "maria!m@h", account: AccountID(7), accountName: "maria")
private let channel = ChannelID(3)
private let start = Timestamp(seconds: 1_687_507_200)

/// Every event of sittings, with and without what may be absent.
let meetingEvents: [Event] = [
    .meeting(
        .scheduled(
            MeetingScheduled(
                channel: channel, channelName: "#am",
                schedule: MeetingSchedule(
                    start: start, end: start.advanced(bySeconds: 7200), zone: "America/St_Johns",
                    utcOffsetSeconds: -9000, doorsSeconds: 1800, graceSeconds: 900, room: "Room XVII",
                    platform: ["zoom", "webcast"]), actor: chair))),
    .meeting(
        .scheduled(
            MeetingScheduled(
                channel: channel, channelName: "#am",
                schedule: MeetingSchedule(start: start, end: start.advanced(bySeconds: 60)), actor: nil))),
    .meeting(
        .acted(
            MeetingActed(
                channel: channel, channelName: "#am", kind: .extended, time: start,
                until: start.advanced(bySeconds: 60), actor: chair))),
    .meeting(.acted(MeetingActed(channel: channel, channelName: "#am", kind: .doors, time: start))),
    .meeting(
        .acted(
            MeetingActed(
                channel: channel, channelName: "#am", kind: .item, time: start, item: 255, actor: chair))),
    .meeting(
        .agendaItemSet(
            AgendaItemSet(
                channel: channel, channelName: "#am",
                item: AgendaItem(
                    number: 4,
                    titles: [
                        ChannelTitle(language: .english, title: "Mandates"),
                        ChannelTitle(language: .arabic, title: "الولايات"),
                    ]), actor: chair))),
    .meeting(
        .agendaItemSet(
            AgendaItemSet(
                channel: channel, channelName: "#am", item: AgendaItem(number: 4, titles: []), actor: nil))),
    .meeting(
        .documentSet(
            MeetingDocumentSet(
                channel: channel, channelName: "#am",
                document: MeetingDocument(
                    symbol: "A/HRC/50/64", titles: [ChannelTitle(language: .french, title: "Rapport")],
                    link: "https://docs.un.org/A/HRC/50/64"), isRemoved: false, actor: chair))),
    .meeting(
        .documentSet(
            MeetingDocumentSet(
                channel: channel, channelName: "#am", document: MeetingDocument(symbol: "x", titles: []),
                isRemoved: true, actor: nil))),
    .meeting(.attended(MeetingAttended(channel: channel, accounts: [AccountID(7), AccountID(9)]))),
    .meeting(.attended(MeetingAttended(channel: channel, accounts: []))),
    .meeting(.remembered(rememberedMeeting)),
    .meeting(
        .remembered(
            MeetingRemembered(channel: channel, noted: .scheduled, isLive: false, holdsMode: false))),
    .meeting(.cancelled(MeetingCancelled(channel: channel, channelName: "#am", actor: chair))),
    .meeting(.cancelled(MeetingCancelled(channel: channel, channelName: "#am", actor: nil))),
]

private let rememberedMeeting: MeetingRemembered = {
    var memory = MeetingRemembered(channel: channel, noted: .grace, isLive: true, holdsMode: true)
    memory.openedAt = start
    memory.suspensions = [
        Suspension(from: start, to: start.advanced(bySeconds: 5)), Suspension(from: start, to: nil),
    ]
    memory.extendedEnd = start.advanced(bySeconds: 6)
    memory.closedAt = start.advanced(bySeconds: 7)
    memory.graceEndedAt = start.advanced(bySeconds: 8)
    memory.currentItem = 2
    return memory
}()

/// Every event of attribution.
let attributionEvents: [Event] = [
    .meeting(
        .attributionSet(
            AttributionSet(channel: channel, channelName: "#am", policy: .unattributed, actor: chair))),
    .meeting(
        .attributionSet(AttributionSet(channel: channel, channelName: "#am", policy: .attributed, actor: nil))
    ),
    .meeting(.labelGiven(LabelGiven(channel: channel, digest: Array(0..<32), number: 7))),
    .meeting(
        .labelTokens(
            LabelTokens(
                channel: channel,
                tokens: [RememberedToken(token: "AbC=", offset: Offset(3), time: start)]))),
    .meeting(.labelTokens(LabelTokens(channel: channel, tokens: []))),
]
