// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Every event of erasure, with and without what may be absent.
let erasureEvents: [Event] = [
    .erasure(
        .requested(
            ErasureRequested(
                plan: ErasurePlan(
                    messages: [Offset(7), Offset(1_000_000_000_000)],
                    accounts: [AccountID(17), AccountID(2_147_483_647)]),
                actor: AccountID(3), reason: "personal-data"))),
    .erasure(.requested(ErasureRequested(plan: ErasurePlan(), actor: nil, reason: ""))),
    .erasure(.done(ErasureDone(request: Offset(900)))),
    .erasure(
        .messageErased(
            MessageErased(conversation: .channel(ChannelID(3)), thread: ThreadID(12), wasMessage: true))),
    .erasure(
        .messageErased(
            MessageErased(
                conversation: .direct(AccountID(7), AccountID(9)), thread: .mainLine, wasMessage: false))),
]

/// Every event of what is kept, with and without what may be absent.
let retentionEvents: [Event] = [
    .retention(
        .forgetProposed(ForgetProposed(account: AccountID(4), actor: AccountID(2), reason: "asked"))),
    .retention(.forgetProposed(ForgetProposed(account: AccountID(4), actor: AccountID(2), reason: ""))),
    .retention(.forgetSettled(account: AccountID(4))),
    .retention(
        .holdSet(HoldSet(place: .channel(ChannelID(3)), isHeld: true, reason: "court", actor: AccountID(2)))),
    .retention(.holdSet(HoldSet(place: .account(AccountID(9)), isHeld: false, reason: "", actor: nil))),
    .retention(.retentionSet(RetentionSet(channel: ChannelID(3), days: 365, actor: AccountID(2)))),
    .retention(.retentionSet(RetentionSet(channel: ChannelID(3), days: nil, actor: nil))),
]
