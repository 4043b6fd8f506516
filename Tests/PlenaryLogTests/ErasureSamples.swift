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
