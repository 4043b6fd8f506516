// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let moderator = Actor(source: "maria!m@h", account: AccountID(7), accountName: "maria")
private let place = (channel: ChannelID(3), name: Text("#t1"), thread: ThreadID(12))

private func change(_ change: ThreadChange) -> Event {
    .threadChanged(
        ThreadChanged(
            channel: place.channel, channelName: place.name, thread: place.thread, change: change,
            actor: moderator))
}

/// Every event of threads, reading and redaction, with and without what may be absent.
let threadEvents: [Event] = [
    .threadCreated(
        ThreadCreated(
            channel: place.channel, channelName: place.name, thread: place.thread,
            title: "Mandate models", root: Offset(900), actor: moderator)),
    .threadCreated(
        ThreadCreated(
            channel: place.channel, channelName: place.name, thread: ThreadID(1), title: "x", root: nil,
            actor: moderator)),
    change(.titled("نماذج الولاية")),
    change(.stateSet(.closed, reason: "answered")),
    change(.stateSet(.open, reason: "")),
    change(.pinned(rank: 65_535)),
    change(.pinned(rank: 0)),
    change(.answered(Offset(901))),
    change(.answered(nil)),
    .messagesMoved(
        MessagesMoved(
            channel: place.channel, channelName: place.name, source: .mainLine, destination: place.thread,
            messages: [Offset(900), Offset(1_000_000_000_000)], actor: moderator)),
    .messagesMoved(
        MessagesMoved(
            channel: place.channel, channelName: place.name, source: place.thread, destination: .mainLine,
            messages: [], actor: moderator)),
    .threadPolicySet(
        ThreadPolicySet(channel: place.channel, creation: .nobody, isMainLineClosed: true)),
    .threadPolicySet(ThreadPolicySet(channel: place.channel, creation: .all, isMainLineClosed: false)),
    .threadLevelSet(
        ThreadLevelSet(
            account: AccountID(7), channel: place.channel, thread: place.thread, level: .mute)),
    .threadCueSet(ThreadCueSet(account: AccountID(7), isPlain: true)),
    .threadCueSet(ThreadCueSet(account: AccountID(7), isPlain: false)),
    .markerSet(
        MarkerSet(
            account: AccountID(7), conversation: .channel(place.channel), thread: nil,
            time: Timestamp(microseconds: 1_700_000_000_123_456))),
    .markerSet(
        MarkerSet(
            account: AccountID(7), conversation: .channel(place.channel), thread: .mainLine,
            time: Timestamp(microseconds: 1))),
    .markerSet(
        MarkerSet(
            account: AccountID(7), conversation: .direct(AccountID(7), AccountID(9)), thread: nil,
            time: Timestamp(microseconds: 2))),
    .ledgerPage(LedgerPage(channel: place.channel, bytes: [1, 2, 3])),
    .messageRedacted(
        MessageRedacted(
            conversation: .channel(place.channel), target: place.name, message: Offset(901),
            reason: "personal data", actor: moderator)),
    .messageRedacted(
        MessageRedacted(
            conversation: .direct(AccountID(7), AccountID(9)), target: "bo", message: Offset(5), reason: "",
            actor: moderator)),
]
