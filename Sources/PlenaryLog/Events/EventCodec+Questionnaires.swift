// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

// Questionnaires, beside the fields that all events have (EventCodec.swift).
//
//    108 questionnaireDefined   name, [title(language, text)]…, [opens], [closes], [zone], [flag: anonymous],
//                               [question(name, kind, [title…], [low, high], [option(name, [title…])]…)]…
//    109 questionnaireOpened    name, [actor]
//    110 questionnaireClosed    name, [actor]
//    111 questionnaireAnswered  name, account | digest, [answer(name, value…)]…
//
// A question's kind is 1 scale, 2 one of its options, 3 several of them, 4 text. An anonymous answer has a digest and
// no account; nothing else in the record says whose it is.

extension GatheringFieldTag {
    /// Microseconds, 8 bytes.
    static let opens: UInt8 = 115
    static let closes: UInt8 = 116
    static let zone: UInt8 = 117
    /// Nested fields.
    static let question: UInt8 = 118
    /// 1 byte.
    static let low: UInt8 = 119
    static let high: UInt8 = 120
    /// Nested fields.
    static let option: UInt8 = 121
    /// Nested fields; its values are fields `text`.
    static let answer: UInt8 = 122
}

extension EventCodec {
    static func append(_ event: QuestionnaireEvent, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.name, event.name)
        switch event {
        case .defined(let definition): append(definition, to: &bytes)
        case .opened(_, let actor), .closed(_, let actor):
            if let actor { append(actor, to: &bytes) }
        case .answered(let event):
            switch event.answerer {
            case .account(let account): bytes.appendField(FieldTag.account, account.value)
            case .digest(let digest): bytes.appendField(FieldTag.digest, digest)
            }
            for answer in event.answers {
                bytes.appendNested(GatheringFieldTag.answer) { bytes in
                    bytes.appendField(FieldTag.name, answer.question)
                    for value in answer.values { bytes.appendField(FieldTag.text, value) }
                }
            }
        }
    }

    private static func append(_ definition: QuestionnaireDefinition, to bytes: inout [UInt8]) {
        append(definition.titles, to: &bytes)
        if let opens = definition.opens {
            bytes.appendField(GatheringFieldTag.opens, opens.microseconds)
        }
        if let closes = definition.closes {
            bytes.appendField(GatheringFieldTag.closes, closes.microseconds)
        }
        bytes.appendFieldUnlessEmpty(GatheringFieldTag.zone, definition.zone)
        bytes.appendFlag(FieldTag.flag, if: definition.isAnonymous)
        for question in definition.questions {
            bytes.appendNested(GatheringFieldTag.question) { bytes in append(question, to: &bytes) }
        }
    }

    private static func append(_ question: QuestionnaireDefinition.Question, to bytes: inout [UInt8]) {
        bytes.appendField(FieldTag.name, question.name)
        append(question.texts, to: &bytes)
        switch question.kind {
        case .scale(let low, let high):
            bytes.appendField(FieldTag.kind, UInt8(1))
            bytes.appendField(GatheringFieldTag.low, low)
            bytes.appendField(GatheringFieldTag.high, high)
        case .choice(let options, let isMultiple):
            bytes.appendField(FieldTag.kind, UInt8(isMultiple ? 3 : 2))
            for option in options {
                bytes.appendNested(GatheringFieldTag.option) { bytes in
                    bytes.appendField(FieldTag.name, option.name)
                    append(option.texts, to: &bytes)
                }
            }
        case .text: bytes.appendField(FieldTag.kind, UInt8(4))
        }
    }

    private static func append(_ texts: [ChannelTitle], to bytes: inout [UInt8]) {
        for title in texts {
            bytes.appendNested(FieldTag.title) { bytes in
                bytes.appendField(FieldTag.language, Text(title.language.rawValue))
                bytes.appendFieldUnlessEmpty(FieldTag.text, title.title)
            }
        }
    }

    static func eventType(of event: QuestionnaireEvent) -> EventType {
        switch event {
        case .defined: .questionnaireDefined
        case .opened: .questionnaireOpened
        case .closed: .questionnaireClosed
        case .answered: .questionnaireAnswered
        }
    }

    static func decodeQuestionnaires(
        _ start: FieldCursor, _ type: EventType, _ fields: EventFields
    ) throws(EventCodecError) -> QuestionnaireEvent {
        guard let name = fields.name else { throw .missingField(tag: FieldTag.name) }
        switch type {
        case .questionnaireDefined: return .defined(try decodeDefinition(start, name, fields))
        case .questionnaireOpened: return .opened(name: name, actor: fields.actor)
        case .questionnaireClosed: return .closed(name: name, actor: fields.actor)
        case .questionnaireAnswered:
            let answerer: Answerer
            if let account = fields.account {
                answerer = .account(account)
            } else {
                answerer = .digest(try fields.requiredDigest())
            }
            var cursor = start
            var answers: [QuestionAnswer] = []
            while let field = try cursor.next() {
                guard field.tag == GatheringFieldTag.answer else { continue }
                answers.append(try decodeAnswer(cursor.nested(field)))
            }
            return .answered(QuestionnaireAnswered(name: name, answerer: answerer, answers: answers))
        default: throw .unknownType(type.rawValue)
        }
    }

    private static func decodeAnswer(_ start: FieldCursor) throws(EventCodecError) -> QuestionAnswer {
        var cursor = start
        var answer = QuestionAnswer(question: "", values: [])
        while let field = try cursor.next() {
            switch field.tag {
            case FieldTag.name: answer.question = cursor.text(field)
            case FieldTag.text: answer.values.append(cursor.text(field))
            default: break
            }
        }
        return answer
    }

    private static func decodeDefinition(
        _ start: FieldCursor, _ name: Text, _ fields: EventFields
    ) throws(EventCodecError) -> QuestionnaireDefinition {
        var definition = QuestionnaireDefinition(name: name)
        definition.titles = fields.titles
        definition.isAnonymous = fields.isFlagged
        var cursor = start
        while let field = try cursor.next() {
            switch field.tag {
            case GatheringFieldTag.opens:
                definition.opens = Timestamp(microseconds: try cursor.integer(field))
            case GatheringFieldTag.closes:
                definition.closes = Timestamp(microseconds: try cursor.integer(field))
            case GatheringFieldTag.zone: definition.zone = cursor.text(field)
            case GatheringFieldTag.question:
                definition.questions.append(try decodeQuestion(cursor.nested(field)))
            default: break
            }
        }
        return definition
    }

    private static func decodeQuestion(
        _ start: FieldCursor
    ) throws(EventCodecError) -> QuestionnaireDefinition.Question {
        let fields = try EventFields(start)
        var cursor = start
        var (low, high) = (UInt8(0), UInt8(0))
        var options: [QuestionnaireDefinition.Option] = []
        while let field = try cursor.next() {
            switch field.tag {
            case GatheringFieldTag.low: low = try cursor.integer(field)
            case GatheringFieldTag.high: high = try cursor.integer(field)
            case GatheringFieldTag.option:
                let own = try EventFields(cursor.nested(field))
                options.append(QuestionnaireDefinition.Option(name: own.name ?? "", texts: own.titles))
            default: break
            }
        }
        let kind: QuestionnaireDefinition.Kind
        switch fields.kind {
        case 1: kind = .scale(low: low, high: high)
        case 2: kind = .choice(options, isMultiple: false)
        case 3: kind = .choice(options, isMultiple: true)
        case 4: kind = .text
        default: throw .unknownValue(tag: FieldTag.kind, value: UInt64(fields.kind))
        }
        return QuestionnaireDefinition.Question(
            name: fields.name ?? "", texts: fields.titles, kind: kind)
    }
}
