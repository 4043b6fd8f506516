// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let moderator = Actor(source: "maria!m@h", account: AccountID(7), accountName: "maria")
private let channel = ChannelID(3)
private let until = Timestamp(microseconds: 1_800_000_000_000_000)

/// Every event of moderation, and those of other families with a reason or an end, with and without what may be
/// absent.
let moderationEvents: [Event] = [
    .moderation(
        .messageHidden(
            MessageHidden(
                channel: channel, channelName: "#t1", message: Offset(900), isHidden: true,
                reason: "off-topic see the agenda", actor: moderator))),
    .moderation(
        .messageHidden(
            MessageHidden(
                channel: channel, channelName: "#t1", message: Offset(1), isHidden: false, reason: "",
                actor: moderator))),
    .moderation(
        .reportFiled(
            ReportFiled(
                number: 1, channel: channel, channelName: "#t1", message: Offset(900), about: "bo",
                reason: "spam إزعاج", actor: moderator))),
    .moderation(
        .reportFiled(
            ReportFiled(
                number: .max, channel: channel, channelName: "#t1", message: nil, about: "bo", reason: "x",
                actor: moderator))),
    .moderation(
        .reportHandled(
            ReportHandled(channel: channel, number: 1, outcome: nil, text: "", actor: moderator))),
    .moderation(
        .reportHandled(
            ReportHandled(
                channel: channel, number: 1, outcome: .banned, text: "third time", actor: moderator))),
    .moderation(.noteAdded(NoteAdded(account: AccountID(9), text: "spoke with her", actor: moderator))),
    .moderation(.actsRemembered(ActsRemembered(channel: channel, acts: []))),
    .moderation(
        .actsRemembered(
            ActsRemembered(
                channel: channel,
                acts: [
                    ModerationAct(
                        offset: Offset(5), time: Timestamp(microseconds: 6), kind: .mute, actor: "maria",
                        target: "bo", reason: "spam again", until: until),
                    ModerationAct(
                        offset: Offset(6), time: Timestamp(microseconds: 7), kind: .hide, actor: "maria",
                        target: "", message: Offset(3)),
                ]))),
    .modesChanged(
        ModesChanged(
            channel: channel, channelName: "#t1",
            changes: [ModeChange(letter: 98, isAdded: true, argument: "m:$a:bo", until: until)],
            actor: moderator, reason: "abusive")),
    .memberKicked(
        MemberKicked(
            channel: channel, channelName: "#t1", nickname: "bo", reason: "spam", actor: moderator,
            note: "spam again")),
    .messageRedacted(
        MessageRedacted(
            conversation: .channel(channel), target: "#t1", message: Offset(5), reason: "safety",
            actor: moderator, note: "safety a name")),
    .threadChanged(
        ThreadChanged(
            channel: channel, channelName: "#t1", thread: ThreadID(2), change: .pinned(rank: 1),
            actor: moderator, reason: "other first")),
    .messagesMoved(
        MessagesMoved(
            channel: channel, channelName: "#t1", source: .mainLine, destination: ThreadID(2),
            messages: [Offset(4)], actor: moderator, reason: "wrong-channel")),
    .accountStateSet(
        AccountStateSet(
            account: AccountID(9), isDisabled: true, until: until, actor: moderator, reason: "safety")),
]
