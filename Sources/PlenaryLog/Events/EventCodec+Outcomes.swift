// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

// Outcomes, beside the fields that all events have (EventCodec.swift). `count` is the mark's number.
//
//    100 outcomeMarked    channel, name, count, kind, text: summary, source…, [theme], actor
//    101 outcomeEdited    channel, name, count, text: summary, actor
//    102 outcomeUnmarked  channel, name, count, actor

/// Fields of what is gathered from talk: 110 to 129.
enum GatheringFieldTag {
    /// 9 bytes: 0 and a message's offset, or 1 and a thread's number in 8 bytes; in order.
    static let source: UInt8 = 110
    static let theme: UInt8 = 111
}

extension EventCodec {
    static func append(_ event: OutcomeEvent, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.channel, event.channel.value)
        switch event {
        case .marked(let event):
            bytes.appendFieldUnlessEmpty(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.count, event.number)
            bytes.appendField(FieldTag.kind, event.kind.rawValue)
            bytes.appendField(FieldTag.text, event.summary)
            for source in event.sources { append(source, to: &bytes) }
            bytes.appendFieldUnlessEmpty(GatheringFieldTag.theme, event.theme)
            append(event.actor, to: &bytes)
        case .edited(let event):
            bytes.appendFieldUnlessEmpty(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.count, event.number)
            bytes.appendField(FieldTag.text, event.summary)
            append(event.actor, to: &bytes)
        case .unmarked(let event):
            bytes.appendFieldUnlessEmpty(FieldTag.name, event.channelName)
            bytes.appendField(FieldTag.count, event.number)
            append(event.actor, to: &bytes)
        }
    }

    static func append(_ source: GatheredSource, to bytes: inout [UInt8]) {
        bytes.appendFieldWord(GatheringFieldTag.source, byteCount: 9)
        switch source {
        case .message(let offset):
            bytes.append(0)
            bytes.appendLittleEndian(offset.value)
        case .thread(let thread):
            bytes.append(1)
            bytes.appendLittleEndian(UInt64(thread.value))
        }
    }

    static func eventType(of event: OutcomeEvent) -> EventType {
        switch event {
        case .marked: .outcomeMarked
        case .edited: .outcomeEdited
        case .unmarked: .outcomeUnmarked
        }
    }

    /// What was read besides the fields that all events have.
    static func decodeOutcomes(
        _ start: FieldCursor, _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> OutcomeEvent {
        let channel = try fields.requiredChannel()
        let name = fields.name ?? ""
        let actor = try fields.requiredActor()
        switch type {
        case .outcomeMarked:
            guard let kind = OutcomeKind(rawValue: fields.kind) else {
                throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
            }
            var cursor = start
            var sources: [GatheredSource] = []
            var theme: Text = ""
            while let field = try cursor.next() {
                switch field.tag {
                case GatheringFieldTag.source: sources.append(try source(cursor.bytes(field)))
                case GatheringFieldTag.theme: theme = cursor.text(field)
                default: break
                }
            }
            return .marked(
                OutcomeMarked(
                    channel: channel, channelName: name, number: fields.count, kind: kind,
                    summary: fields.text, sources: sources, theme: theme, actor: actor))
        case .outcomeEdited:
            return .edited(
                OutcomeEdited(
                    channel: channel, channelName: name, number: fields.count, summary: fields.text,
                    actor: actor))
        case .outcomeUnmarked:
            return .unmarked(
                OutcomeUnmarked(channel: channel, channelName: name, number: fields.count, actor: actor))
        default: throw .unknownType(type.rawValue)
        }
    }

    static func source(_ bytes: [UInt8]) throws(EventCodecError) -> GatheredSource {
        let tag = GatheringFieldTag.source
        guard bytes.count == 9, let kind = bytes.first else {
            throw .wrongByteCount(tag: tag, byteCount: bytes.count)
        }
        let value = bytes.dropFirst().reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch kind {
        case 0: return .message(Offset(value))
        case 1:
            guard let thread = UInt32(exactly: value) else { throw .unknownValue(tag: tag, value: value) }
            return .thread(ThreadID(thread))
        default: throw .unknownValue(tag: tag, value: UInt64(kind))
        }
    }
}
