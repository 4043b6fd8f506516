// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// The field that makes a message a translation, and the body of what a snapshot keeps of them.
extension EventCodec {
    static func append(_ event: LanguagesEvent, to bytes: inout [UInt8]) {
        switch event {
        case .translationsRemembered(let event):
            bytes.appendField(FieldTag.channel, event.channel.value)
            for translation in event.translations {
                bytes.appendNested(FieldTag.translation) { bytes in
                    bytes.appendField(FieldTag.place, translation.offset.value)
                    bytes.appendField(FieldTag.time, translation.time.microseconds)
                    bytes.appendField(FieldTag.offset, translation.original.value)
                    bytes.appendField(FieldTag.language, Text(translation.language.description))
                    bytes.appendFieldUnlessZero(FieldTag.kind, translation.provenance.rawValue)
                }
            }
        }
    }

    static func append(_ translation: MessageTranslation, to bytes: inout [UInt8]) {
        bytes.appendNested(FieldTag.translation) { bytes in
            bytes.appendField(FieldTag.offset, translation.original.value)
            bytes.appendField(FieldTag.language, Text(translation.language.description))
            bytes.appendFieldUnlessZero(FieldTag.kind, translation.provenance.rawValue)
            if let engine = translation.engine { bytes.appendField(FieldTag.label, engine) }
        }
    }

    static func decodeLanguages(_ fields: EventFields) throws(EventCodecError) -> LanguagesEvent {
        .translationsRemembered(
            TranslationsRemembered(
                channel: try fields.requiredChannel(), translations: fields.translations))
    }

    static func decodeTranslation(_ start: FieldCursor) throws(EventCodecError) -> MessageTranslation {
        let read = try TranslationFields(start)
        return MessageTranslation(
            original: read.original, language: read.language, provenance: read.provenance,
            engine: read.engine)
    }

    static func decodeRemembered(_ start: FieldCursor) throws(EventCodecError) -> Translation {
        let read = try TranslationFields(start)
        return Translation(
            offset: read.place, time: read.time, original: read.original, language: read.language,
            provenance: read.provenance)
    }
}

/// What stands in a field of a translation.
private struct TranslationFields {
    var place = Offset(0)
    var time = Timestamp(microseconds: 0)
    var original: Offset
    var language: LanguageTag
    var provenance = TranslationProvenance.machine
    var engine: Text?

    init(_ start: FieldCursor) throws(EventCodecError) {
        var cursor = start
        var original: UInt64?
        var language: LanguageTag?
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.place: place = Offset(try cursor.integer(field))
            case FieldTag.time: time = Timestamp(microseconds: try cursor.integer(field))
            case FieldTag.offset: original = try cursor.integer(field)
            case FieldTag.language:
                language = LanguageTag(cursor.bytes(field))
                if language == nil { throw .unknownValue(tag: field.tag, value: UInt64(field.byteCount)) }
            case FieldTag.kind:
                let kind: UInt8 = try cursor.integer(field)
                guard let known = TranslationProvenance(rawValue: kind) else {
                    throw .unknownValue(tag: field.tag, value: UInt64(kind))
                }
                provenance = known
            case FieldTag.label: engine = cursor.text(field)
            default: break
            }
        }
        guard let original else { throw .missingField(tag: FieldTag.offset) }
        guard let language else { throw .missingField(tag: FieldTag.language) }
        self.original = Offset(original)
        self.language = language
    }
}
