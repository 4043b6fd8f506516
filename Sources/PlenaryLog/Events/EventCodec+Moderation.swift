// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// Bodies of moderation.
extension EventCodec {
    static func eventType(of event: ModerationEvent) -> EventType {
        switch event {
        case .messageHidden: .messageHidden
        case .reportFiled: .reportFiled
        case .reportHandled: .reportHandled
        case .noteAdded: .noteAdded
        case .actsRemembered: .actsRemembered
        }
    }

    static func append(_ event: ModerationEvent, to bytes: inout [UInt8]) {
        switch event {
        case .messageHidden(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.offset, event.message.value)
            bytes.appendFlag(FieldTag.flag, if: event.isHidden)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.reason)
            append(event.actor, to: &bytes)
        case .reportFiled(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.count, event.number)
            if let message = event.message { bytes.appendField(FieldTag.offset, message.value) }
            bytes.appendField(FieldTag.target, event.about)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.reason)
            append(event.actor, to: &bytes)
        case .reportHandled(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            bytes.appendField(FieldTag.count, event.number)
            bytes.appendFieldUnlessZero(FieldTag.kind, event.outcome?.rawValue ?? 0)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.text)
            append(event.actor, to: &bytes)
        case .noteAdded(let event):
            bytes.appendField(FieldTag.account, event.account.value)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.text)
            append(event.actor, to: &bytes)
        case .actsRemembered(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            for act in event.acts { bytes.appendNested(FieldTag.act) { append(act, to: &$0) } }
        }
    }

    private static func append(_ act: ModerationAct, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.place, act.offset.value)
        bytes.appendField(FieldTag.time, act.time.microseconds)
        bytes.appendField(FieldTag.kind, act.kind.rawValue)
        bytes.appendField(FieldTag.actorName, act.actor)
        bytes.appendFieldUnlessEmpty(FieldTag.target, act.target)
        if let message = act.message { bytes.appendField(FieldTag.offset, message.value) }
        bytes.appendFieldUnlessEmpty(FieldTag.text, act.reason)
        if let until = act.until { bytes.appendField(FieldTag.until, until.microseconds) }
    }

    static func decodeModeration(
        _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> ModerationEvent {
        switch type {
        case .messageHidden:
            guard let message = fields.offsets.first else { throw .missingField(tag: FieldTag.offset) }
            return .messageHidden(
                MessageHidden(
                    channel: try fields.requiredChannel(), channelName: fields.name ?? "",
                    message: Offset(message), isHidden: fields.isFlagged, reason: fields.text,
                    actor: try fields.requiredActor()))
        case .reportFiled:
            return .reportFiled(
                ReportFiled(
                    number: fields.count, channel: try fields.requiredChannel(),
                    channelName: fields.name ?? "", message: fields.offsets.first.map { Offset($0) },
                    about: fields.targets.first ?? "", reason: fields.text,
                    actor: try fields.requiredActor()))
        case .reportHandled:
            var outcome: ReportOutcome?
            if fields.kind != 0 {
                outcome = ReportOutcome(rawValue: fields.kind)
                guard outcome != nil else {
                    throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
                }
            }
            return .reportHandled(
                ReportHandled(
                    channel: try fields.requiredChannel(), number: fields.count, outcome: outcome,
                    text: fields.text, actor: try fields.requiredActor()))
        case .noteAdded:
            return .noteAdded(
                NoteAdded(
                    account: try fields.requiredAccount(), text: fields.text,
                    actor: try fields.requiredActor()))
        case .actsRemembered:
            return .actsRemembered(
                ActsRemembered(channel: try fields.requiredChannel(), acts: fields.acts))
        default: throw .unknownType(type.rawValue)
        }
    }
}

extension EventFields {
    /// An act of `actsRemembered`.
    static func act(_ start: FieldCursor) throws(EventCodecError) -> ModerationAct {
        let fields = try EventFields(start)
        guard let kind = ActKind(rawValue: fields.kind) else {
            throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
        }
        guard let place = fields.place else { throw .missingField(tag: FieldTag.place) }
        guard let time = fields.time else { throw .missingField(tag: FieldTag.time) }
        return ModerationAct(
            offset: Offset(place), time: Timestamp(microseconds: time), kind: kind,
            actor: fields.actorName ?? "", target: fields.targets.first ?? "",
            message: fields.offsets.first.map { Offset($0) }, reason: fields.text,
            until: fields.until.map { Timestamp(microseconds: $0) })
    }
}
