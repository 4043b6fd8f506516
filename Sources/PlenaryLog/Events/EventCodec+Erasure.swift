// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of erasure: what asks for it, what says that it is done, and what it leaves.
extension EventCodec {
    static func append(_ event: ErasureEvent, to bytes: inout [UInt8]) {
        switch event {
        case .requested(let event):
            if let actor = event.actor { bytes.appendField(FieldTag.actorAccount, actor.value) }
            bytes.appendFieldUnlessEmpty(FieldTag.label, event.reason)
            for message in event.plan.messages.sorted() {
                bytes.appendField(FieldTag.offset, message.value)
            }
            for account in event.plan.accounts.sorted() {
                bytes.appendField(FieldTag.erasedAccount, account.value)
            }
        case .done(let event): bytes.appendField(FieldTag.offset, event.request.value)
        case .messageErased(let event):
            append(event.conversation, to: &bytes)
            bytes.appendFieldUnlessZero(FieldTag.thread, event.thread.value)
        }
    }

    static func erasureType(of event: ErasureEvent) -> EventType {
        switch event {
        case .requested: .erasureRequested
        case .done: .erasureDone
        case .messageErased(let event): event.wasMessage ? .messageErased : .tagMessageErased
        }
    }

    static func decodeErasure(_ type: EventType, _ fields: EventFields) throws(EventCodecError) -> Event {
        switch type {
        case .erasureRequested:
            let plan = ErasurePlan(
                messages: Set(fields.offsets.map { Offset($0) }), accounts: Set(fields.erasedAccounts))
            return .erasure(
                .requested(
                    ErasureRequested(plan: plan, actor: fields.actorAccount, reason: fields.label)))
        case .erasureDone:
            guard let request = fields.offsets.first else { throw .missingField(tag: FieldTag.offset) }
            return .erasure(.done(ErasureDone(request: Offset(request))))
        case .messageErased, .tagMessageErased:
            guard let conversation = fields.channel.map({ Conversation.channel($0) }) ?? fields.direct else {
                throw .missingField(tag: FieldTag.channel)
            }
            return .erasure(
                .messageErased(
                    MessageErased(
                        conversation: conversation, thread: ThreadID(fields.thread ?? 0),
                        wasMessage: type == .messageErased)))
        default: throw .unknownType(type.rawValue)
        }
    }
}
