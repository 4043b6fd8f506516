// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// OUTCOME and STATS (docs/extensions/outcomes.md).
extension Dialect {
    static func interpretOutcomes(_ line: Line) throws(Refusal) -> [Command] {
        [.outcomes(try line.verb == "STATS" ? statistics(line.parameters) : outcome(line.parameters))]
    }

    private static func wrong(_ verb: Text, _ word: Text) -> Refusal {
        .gathering(verb: verb, code: .invalidParameters, context: [word])
    }

    private static func outcome(_ parameters: [Text]) throws(Refusal) -> OutcomeCommand {
        let channel = parameters[0]
        func parameter(_ index: Int) throws(Refusal) -> Text {
            guard let text = parameters[parameter: index], !text.isEmpty else {
                throw .needMoreParameters(verb: "OUTCOME")
            }
            return text
        }
        func number() throws(Refusal) -> UInt32 {
            let word = try parameter(2)
            guard let number = UInt32(word.string), number > 0 else { throw wrong("OUTCOME", word) }
            return number
        }
        switch parameters[1].string.uppercased() {
        case "MARK":
            let sources = targets(try parameter(2))
            let word = try parameter(3)
            guard let kind = OutcomeKind(word: word) else { throw wrong("OUTCOME", word) }
            let first = try parameter(4)
            // Exactly two are a theme and a summary. Of more, typed without a colon, the first is a theme if it
            // looks like a channel.
            let hasTheme = parameters.count == 6 || parameters.count > 6 && first.bytes[0] == 35
            return .mark(
                channel: channel, sources: sources, kind, theme: hasTheme && first != "*" ? first : nil,
                summary: joined(parameters, from: hasTheme ? 5 : 4))
        case "EDIT":
            _ = try parameter(3)
            return .edit(channel: channel, number: try number(), summary: joined(parameters, from: 3))
        case "UNMARK": return .unmark(channel: channel, number: try number())
        case "LIST":
            guard let word = parameters[parameter: 2] else { return .list(channel: channel, after: 0) }
            guard let after = UInt32(word.string) else { throw wrong("OUTCOME", word) }
            return .list(channel: channel, after: after)
        default:
            throw .gathering(verb: "OUTCOME", code: .subcommandInvalid, context: [parameters[1]])
        }
    }

    /// Times as in server-time, or days, `2023-06-23`; `*` for an open end.
    private static func statistics(_ parameters: [Text]) throws(Refusal) -> OutcomeCommand {
        func time(_ index: Int) throws(Refusal) -> Timestamp? {
            guard let word = parameters[parameter: index], word != "*" else { return nil }
            let spelled = word.byteCount == 10 ? word + "T00:00:00Z" : word
            guard let time = Timestamp(iso8601: spelled.bytes) else { throw wrong("STATS", word) }
            return time
        }
        return .statistics(channel: parameters[0], from: try time(1), to: try time(2))
    }

    // MARK: Events

    /// For sessions with the capability; others read the list.
    func renderOutcome(
        _ event: OutcomeEvent, id: MessageID, time: Timestamp, to capabilities: Capabilities,
        in community: Community
    ) -> [Line] {
        guard capabilities.contains(.outcomes) else { return [] }
        let number = Text(number: event.number)
        func line(_ name: Text, _ act: Text, _ fields: [RowField], _ actor: Actor) -> [Line] {
            row(
                "OUTCOME", [name, act, number], fields, source: actor.source,
                tags: eventTags(actor: actor, id: id, time: time, capabilities))
        }
        switch event {
        case .marked(let marked):
            let fields = fields(of: OutcomeMark(marked, time: time), community)
            return line(marked.channelName, "MARKED", fields, marked.actor)
        case .edited(let edited):
            return line(edited.channelName, "EDITED", [("summary", edited.summary)], edited.actor)
        case .unmarked(let unmarked): return line(unmarked.channelName, "UNMARKED", [], unmarked.actor)
        }
    }

    private func fields(of mark: OutcomeMark, _ community: Community) -> [RowField] {
        let marked = mark.marked
        let sources = marked.sources.map { spelled($0, in: marked.channel, community).string }
        return [
            ("kind", marked.kind.word), ("theme", marked.theme), ("by", marked.actor.name),
            ("time", Text(mark.time.iso8601)), ("sources", Text(sources.joined(separator: ","))),
            ("summary", marked.summary),
        ]
    }

    // MARK: Answers

    func render(_ answer: OutcomeAnswer, to session: Session, in community: Community) -> [Line] {
        switch answer {
        case .done(let deed, let id, let number):
            let name = community.channels[id].map { Text($0.name.spelling) } ?? "*"
            let key: ServerText =
                switch deed {
                case .marked: .outcomeWasMarked
                case .edited: .outcomeWasEdited
                case .unmarked: .outcomeWasUnmarked
                }
            let number = Text(number: number)
            let said = text(key, in: session.language, [.count: number, .channel: name])
            return [gatheringNote("OUTCOME", Text(deed.rawValue), [name, number], said)]
        case .page(let id, let numbers, let next):
            if !session.capabilities.contains(.outcomes) {
                return renderPlainly(answer, to: session, in: community)
            }
            let name = community.channels[id].map { Text($0.name.spelling) } ?? "*"
            let marks = numbers.compactMap { community.outcomes[id]?.marks[$0] }
            let rows = marks.flatMap { mark in
                row(
                    "OUTCOME", [name, "MARK", Text(number: mark.marked.number)],
                    fields(of: mark, community))
            }
            let cursor = next.map { Text(number: $0) } ?? "*"
            let count = Text(number: marks.count)
            let said = text(.rowCount, in: session.language, [.count: count])
            return rows + [gatheringNote("OUTCOME", "LIST", [name, count, cursor], said)]
        case .statistics(let statistics):
            if !session.capabilities.contains(.outcomes) {
                return renderPlainly(answer, to: session, in: community)
            }
            return render(statistics, to: session, in: community)
        }
    }

    /// The same as notices that people read: on plain clients, and at the desk.
    func renderPlainly(_ answer: OutcomeAnswer, to session: Session, in community: Community) -> [Line] {
        switch answer {
        case .done: return render(answer, to: session, in: community)
        case .page(let id, let numbers, let next):
            let marks = numbers.compactMap { community.outcomes[id]?.marks[$0] }
            let rows = marks.map { deskNotice(sentence($0, community, session.language), to: session) }
            let said = text(.rowCount, in: session.language, [.count: Text(number: marks.count)])
            let more = next.map { Text(" (… \($0))") } ?? ""
            return rows + [deskNotice(said + more, to: session)]
        case .statistics(let statistics): return renderPlainly(statistics, to: session)
        }
    }

    /// `3 lesson (t1-institutional-setup): a standing body helps [=k3x9, /12] hélène`
    private func sentence(_ mark: OutcomeMark, _ community: Community, _ language: Language) -> Text {
        let marked = mark.marked
        let kind: ServerText =
            switch marked.kind {
            case .outcome: .kindOutcome
            case .lesson: .kindLesson
            case .characteristic: .kindCharacteristic
            case .action: .kindAction
            case .practice: .kindPractice
            }
        let theme = marked.theme.isEmpty ? "" : " (\(marked.theme))"
        let sources = marked.sources.map { shown($0, in: marked.channel, community, language).string }
        let head = Text("\(marked.number) ") + text(kind, in: language) + Text("\(theme): ")
        return head + marked.summary + Text(" [\(sources.joined(separator: ", "))] \(marked.actor.name)")
    }
}
