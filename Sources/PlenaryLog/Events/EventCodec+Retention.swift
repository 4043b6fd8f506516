// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of what is kept, and how long.
extension EventCodec {
    static func append(_ event: RetentionEvent, to bytes: inout [UInt8]) {
        switch event {
        case .forgetProposed(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendField(FieldTag.actorAccount, event.actor.value)
            bytes.appendFieldUnlessEmpty(FieldTag.label, event.reason)
        case .forgetSettled(let account): bytes.appendField(FieldTag.account, account.value)
        case .holdSet(let event):
            switch event.place {
            case .channel(let channel): bytes.appendField(FieldTag.channel, channel.value)
            case .account(let account): bytes.appendField(FieldTag.account, account.value)
            }
            bytes.appendFlag(FieldTag.flag, if: event.isHeld)
            bytes.appendFieldUnlessEmpty(FieldTag.label, event.reason)
            if let actor = event.actor { bytes.appendField(FieldTag.actorAccount, actor.value) }
        case .retentionSet(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendFieldUnlessZero(FieldTag.count, event.days ?? 0)
            if let actor = event.actor { bytes.appendField(FieldTag.actorAccount, actor.value) }
        }
    }

    static func retentionType(of event: RetentionEvent) -> EventType {
        switch event {
        case .forgetProposed: .forgetProposed
        case .forgetSettled: .forgetSettled
        case .holdSet: .holdSet
        case .retentionSet: .retentionSet
        }
    }

    static func decodeRetention(
        _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> RetentionEvent {
        switch type {
        case .forgetProposed:
            guard let actor = fields.actorAccount else { throw .missingField(tag: FieldTag.actorAccount) }
            return .forgetProposed(
                ForgetProposed(account: try fields.requiredAccount(), actor: actor, reason: fields.label))
        case .forgetSettled: return .forgetSettled(account: try fields.requiredAccount())
        case .holdSet:
            let place: HeldPlace
            if let channel = fields.channel {
                place = .channel(channel)
            } else {
                place = .account(try fields.requiredAccount())
            }
            return .holdSet(
                HoldSet(
                    place: place, isHeld: fields.isFlagged, reason: fields.label, actor: fields.actorAccount))
        case .retentionSet:
            return .retentionSet(
                RetentionSet(
                    channel: try fields.requiredChannel(), days: fields.count == 0 ? nil : fields.count,
                    actor: fields.actorAccount))
        default: throw .unknownType(type.rawValue)
        }
    }
}
