// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

// Practices, beside the fields that all events have (EventCodec.swift). `count` is the practice's number; values are
// nested fields, argument: key, text: value, those that are empty left out.
//
//    103 practiceSubmitted  channel, count, source, value…, actor
//    104 practiceChanged    count, value…, actor
//    105 practiceReviewed   count, [flag: accepted], [text], actor
//    106 practicePublished  count, year, sequence, text: title, actor
//    107 practiceWithdrawn  count, actor

extension GatheringFieldTag {
    /// Nested fields.
    static let value: UInt8 = 112
    /// 2 bytes.
    static let year: UInt8 = 113
    /// 4 bytes.
    static let sequence: UInt8 = 114
}

extension EventCodec {
    static func append(_ event: PracticeEvent, to bytes: inout [UInt8]) {
        if case .submitted(let event) = event {
            bytes.appendField(FieldTag.channel, event.channel.value)
        }
        bytes.appendField(FieldTag.count, event.number)
        switch event {
        case .submitted(let event):
            append(event.source, to: &bytes)
            append(event.fields, to: &bytes)
        case .changed(let event): append(event.fields, to: &bytes)
        case .reviewed(let event):
            bytes.appendFlag(FieldTag.flag, if: event.isAccepted)
            bytes.appendFieldUnlessEmpty(FieldTag.text, event.text)
        case .published(let event):
            bytes.appendField(GatheringFieldTag.year, event.citation.year)
            bytes.appendField(GatheringFieldTag.sequence, event.citation.sequence)
            bytes.appendField(FieldTag.text, event.title)
        case .withdrawn: break
        }
        append(event.actor, to: &bytes)
    }

    private static func append(_ fields: PracticeFields, to bytes: inout [UInt8]) {
        for (key, value) in fields.values where !value.isEmpty {
            bytes.appendNested(GatheringFieldTag.value) { bytes in
                bytes.appendField(FieldTag.argument, Text(key))
                bytes.appendField(FieldTag.text, value)
            }
        }
    }

    static func eventType(of event: PracticeEvent) -> EventType {
        switch event {
        case .submitted: .practiceSubmitted
        case .changed: .practiceChanged
        case .reviewed: .practiceReviewed
        case .published: .practicePublished
        case .withdrawn: .practiceWithdrawn
        }
    }

    static func decodePractices(
        _ start: FieldCursor, _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> PracticeEvent {
        let number = fields.count
        let actor = try fields.requiredActor()
        var cursor = start
        var found: GatheredSource?
        var values = PracticeFields()
        var year: UInt16?
        var sequence: UInt32?
        while let field = try cursor.next() {
            switch field.tag {
            case GatheringFieldTag.source: found = try source(cursor.bytes(field))
            case GatheringFieldTag.value: try readPracticeValue(cursor.nested(field), into: &values)
            case GatheringFieldTag.year: year = try cursor.integer(field)
            case GatheringFieldTag.sequence: sequence = try cursor.integer(field)
            default: break
            }
        }
        switch type {
        case .practiceSubmitted:
            guard let found else { throw .missingField(tag: GatheringFieldTag.source) }
            return .submitted(
                PracticeSubmitted(
                    number: number, channel: try fields.requiredChannel(), source: found, fields: values,
                    actor: actor))
        case .practiceChanged:
            return .changed(PracticeChanged(number: number, fields: values, actor: actor))
        case .practiceReviewed:
            return .reviewed(
                PracticeReviewed(
                    number: number, isAccepted: fields.isFlagged, text: fields.text, actor: actor))
        case .practicePublished:
            guard let year else { throw .missingField(tag: GatheringFieldTag.year) }
            guard let sequence else { throw .missingField(tag: GatheringFieldTag.sequence) }
            return .published(
                PracticePublished(
                    number: number, citation: PracticeCitation(year: year, sequence: sequence),
                    title: fields.text, actor: actor))
        case .practiceWithdrawn: return .withdrawn(PracticeWithdrawn(number: number, actor: actor))
        default: throw .unknownType(type.rawValue)
        }
    }

    /// A value that its key cannot have was not written by this version.
    private static func readPracticeValue(
        _ start: FieldCursor, into values: inout PracticeFields
    ) throws(EventCodecError) {
        var cursor = start
        var key: Text = ""
        var value: Text = ""
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.argument: key = cursor.text(field)
            case FieldTag.text: value = cursor.text(field)
            default: break
            }
        }
        switch key.string {
        case "title": values.title = value
        case "country": values.country = CountryCode(value.bytes)
        case "type": values.mechanism = MechanismType(word: value)
        case "since": values.since = UInt16(value.string) ?? 0
        case "link": values.link = value
        case "lang": values.language = LanguageTag(value.bytes)
        case "summary": values.summary = value
        default: break
        }
    }
}
