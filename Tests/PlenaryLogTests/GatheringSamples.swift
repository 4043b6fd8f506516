// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let rapporteur = Actor(source: "hélène!h@h", account: AccountID(7), accountName: "hélène")
private let channel = ChannelID(3)

/// Every event of outcomes, with and without what may be absent.
let outcomeEvents: [Event] = [
    .outcomes(
        .marked(
            OutcomeMarked(
                channel: channel, channelName: "#t1", number: 1, kind: .characteristic,
                summary: "A standing body هيئة دائمة",
                sources: [.message(Offset(900)), .thread(ThreadID(12)), .message(Offset(.max - 1))],
                theme: "t1-institutional-setup", actor: rapporteur))),
    .outcomes(
        .marked(
            OutcomeMarked(
                channel: channel, channelName: "", number: .max, kind: .outcome, summary: "x",
                sources: [.thread(ThreadID(.max))], theme: "", actor: rapporteur))),
    .outcomes(
        .edited(
            OutcomeEdited(
                channel: channel, channelName: "#t1", number: 1, summary: "better", actor: rapporteur))),
    .outcomes(
        .unmarked(OutcomeUnmarked(channel: channel, channelName: "#t1", number: 1, actor: rapporteur))),
]
