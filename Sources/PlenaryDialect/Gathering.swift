// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// What outcomes, practices and questionnaires have in common on the wire (docs/extensions/outcomes.md, "Rows").
extension Dialect {
    /// A named value of a row.
    typealias RowField = (name: String, value: Text)

    /// Bytes of values in one line: with the longest names before them a line stays below 512.
    private static let rowByteLimit = 260

    /// `<verb> <words…> <. or +> :<name>=<value>;…`, the values escaped as those of tags are. With `+` the row goes on
    /// in the next line, cut between code points; a row without values is one line. Empty values are left out.
    func row(
        _ verb: String, _ words: [Text], _ fields: [RowField], source: Text? = nil, tags: LineTags = []
    ) -> [Line] {
        let shown = fields.filter { !$0.value.isEmpty }
        var rest = Array(
            shown.map { Array($0.name.utf8) + [61] + LineTag.escaped($0.value.bytes) }.joined(
                separator: [59]))[...]
        var lines: [Line] = []
        repeat {
            let part = rest.prefix(Dialect.cut(rest, byteLimit: Dialect.rowByteLimit))
            rest = rest.dropFirst(part.count)
            lines.append(
                Line(
                    tags: lines.isEmpty ? tags : [], source: source ?? facts.name, verb: verb,
                    words.map(Dialect.word) + [rest.isEmpty ? "." : "+", Text(Array(part))],
                    hasTrailing: true))
        } while !rest.isEmpty
        return lines
    }

    /// IRCv3 standard-replies: `NOTE <verb> <code> [context…] :text`.
    func gatheringNote(_ verb: Text, _ code: Text, _ context: [Text], _ said: Text) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "NOTE", [verb, code] + context.map(Dialect.word) + [said],
                hasTrailing: true))
    }

    /// `key=value;key=value`, values escaped as those of tags are; a key without a value has an empty one. Nil when a
    /// key is missing.
    static func pairs(_ text: Text) -> [(key: Text, value: Text)]? {
        var pairs: [(key: Text, value: Text)] = []
        for part in text.bytes.split(separator: 59) {
            let trimmed = part.drop { $0 == 32 }
            guard !trimmed.isEmpty else { continue }
            let end = trimmed.firstIndex(of: 61) ?? trimmed.endIndex
            guard end > trimmed.startIndex else { return nil }
            let value = LineTag.unescaped(Array(trimmed[end...].dropFirst()))
            // CR, LF and NUL can be written as escapes, and are no text.
            guard !value.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else { return nil }
            pairs.append((Text(asciiFolded(trimmed[..<end])), Text(value)))
        }
        return pairs
    }

    /// Parameters from one on as one text: who types at the desk puts no colon before it.
    static func joined(_ parameters: [Text], from index: Int) -> Text {
        Text(Array(parameters.dropFirst(index).map(\.bytes).joined(separator: [32])))
    }

    /// How a source is written in a row: a thread `/12`, a message's id, with `!` before it when it cannot be read.
    func spelled(_ source: GatheredSource, in channel: ChannelID, _ community: Community) -> Text {
        switch source {
        case .thread(let thread): Text("/\(thread.value)")
        case .message(let offset):
            Text((community.isReadable(source, in: channel) ? "" : "!") + identify(offset).text)
        }
    }

    /// The same for people on plain clients: a label, and a word for what is gone.
    func shown(
        _ source: GatheredSource, in channel: ChannelID, _ community: Community, _ language: Language
    ) -> Text {
        guard community.isReadable(source, in: channel) else {
            return PlenaryDialect.text(.sourceIsGone, in: language)
        }
        switch source {
        case .thread(let thread): return Text("/\(thread.value)")
        case .message(let offset): return MessageLabel.label(of: identify(offset))
        }
    }

    func renderGathering(
        _ verb: Text, _ code: GatheringFailure, _ context: [Text], _ session: Session
    ) -> Line {
        let value = context.last ?? ""
        let key: ServerText =
            switch code {
            case .accountRequired: .signInRequired
            case .privilegesNeeded: .threadPrivilegesNeeded
            case .invalidTarget: .threadTargetInvalid
            case .subcommandInvalid: .subcommandInvalid
            case .invalidParameters: .parameterInvalid
            case .unknownMessage: .unknownMessageID
            case .noSuchThread: .noSuchThread
            case .noSuchTheme: .noSuchTheme
            case .noSuchOutcome: .noSuchOutcome
            case .noSuchPractice: .noSuchPractice
            case .wrongState: .practiceStateIsWrong
            case .noSuchForm: .noSuchForm
            case .noSuchQuestion: .noSuchQuestion
            case .invalidAnswer: .answerInvalid
            case .notOpen: .formNotOpen
            case .notClosed: .formNotClosed
            case .nothingBegun: .formNotBegun
            case .tooFew: .formTooFew
            case .keyUnavailable: .formKeyUnavailable
            case .textTooLong: .reasonTooLong
            case .limitReached: .threadLimitReached
            case .rateLimited: .rateLimited
            case .storageFull: .diskFull
            }
        return fail(
            verb, Text(code.rawValue), context, session, say: key, [.limit: value, .seconds: value])
    }
}
