// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// FORM and ANSWER (docs/extensions/questionnaires.md).
extension Dialect {
    static func interpretQuestionnaires(_ line: Line) throws(Refusal) -> [Command] {
        if line.verb == "ANSWER" {
            let text = joined(line.parameters, from: 0)
            return [.questionnaires(.step(text.isEmpty ? nil : text))]
        }
        return [.questionnaires(try form(line.parameters))]
    }

    private static func wrongForm(_ word: Text) -> Refusal {
        .gathering(verb: "FORM", code: .invalidParameters, context: [word])
    }

    private static func form(_ parameters: [Text]) throws(Refusal) -> QuestionnaireCommand {
        func parameter(_ index: Int) throws(Refusal) -> Text {
            guard let text = parameters[parameter: index], !text.isEmpty else {
                throw .needMoreParameters(verb: "FORM")
            }
            return text
        }
        func values(from index: Int) throws(Refusal) -> [GatheredValue] {
            _ = try parameter(index)
            let text = joined(parameters, from: index)
            guard let pairs = pairs(text), !pairs.isEmpty else { throw wrongForm(text) }
            return pairs.map { GatheredValue(key: $0.key, value: $0.value) }
        }
        let name = Text(asciiFolded(parameters[0].bytes))
        if name == "list", parameters.count == 1 { return .list }
        guard parameters.count > 1 else { return .begin(name) }
        switch parameters[1].string.uppercased() {
        case "SHOW": return .show(name)
        case "ANSWER": return .answer(name, try values(from: 2))
        case "SEND": return .send(name)
        case "OPEN": return .open(name)
        case "CLOSE": return .close(name)
        case "COUNTS":
            guard let question = parameters[parameter: 2] else { return .counts(name) }
            guard try parameter(3).string.uppercased() == "BY" else { throw wrongForm(try parameter(3)) }
            return .table(
                name, question: Text(asciiFolded(question.bytes)),
                by: Text(asciiFolded(try parameter(4).bytes)))
        case "EXPORT":
            guard let word = parameters[parameter: 2] else { return .export(name, after: 0) }
            guard let after = UInt32(word.string) else { throw wrongForm(word) }
            return .export(name, after: Int(after))
        case "DEFINE": return .define(name, try values(from: 2))
        case "QUESTION":
            let question = Text(asciiFolded(try parameter(2).bytes))
            return .question(name, question: question, try values(from: 3))
        default: throw .gathering(verb: "FORM", code: .subcommandInvalid, context: [parameters[1]])
        }
    }

    // MARK: Rows

    func render(_ answer: QuestionnaireReply, to session: Session, in community: Community) -> [Line] {
        func end(_ code: Text, _ context: [Text], count: Int) -> Line {
            let said = text(.rowCount, in: session.language, [.count: Text(number: count)])
            return gatheringNote("FORM", code, context, said)
        }
        switch answer {
        case .list(let names):
            let rows = names.compactMap { community.questionnaires[$0] }
                .flatMap { formRow($0, to: session) }
            return rows + [end("LIST", [Text(number: names.count)], count: names.count)]
        case .questions(let name):
            guard let form = community.questionnaires[name] else { return [] }
            let questions = form.definition.questions
            return formRow(form, to: session)
                + questions.flatMap { questionRow($0, of: name, in: session.language) }
                + [end("SHOW", [name, Text(number: questions.count)], count: questions.count)]
        case .done(let deed, let name):
            let said = text(key(of: deed), in: session.language, [.target: name])
            return [gatheringNote("FORM", Text(deed.rawValue), [name], said)]
        case .question(let name, let index, let isFirst):
            return ask(name, index, isFirst: isFirst, to: session, in: community)
        case .counts(let name):
            guard let form = community.questionnaires[name] else { return [] }
            let rows = form.definition.questions.flatMap { question in
                form.count(of: question).map { value, count in
                    Line(
                        source: facts.name, verb: "FORM",
                        [name, "COUNT", question.name, value, Text(number: count)])
                }
            }
            let total = form.answers.count
            return rows + [end("COUNTS", [name, Text(number: total)], count: total)]
        case .table(let name, let question, let column, let table):
            let rows = zip(table.rows, table.cells).flatMap { value, cells in
                zip(table.columns, cells).map { group, count in
                    Line(
                        source: facts.name, verb: "FORM",
                        [name, "CELL", question, value, column, group, count.map { Text(number: $0) } ?? "*"])
                }
            }
            let said = text(
                .smallGroupsAreHidden, in: session.language,
                [.limit: Text(number: Suppression.cellLimit)])
            return rows + [gatheringNote("FORM", "TABLE", [name, question, column], said)]
        case .export(let name, let range, let next):
            guard let form = community.questionnaires[name] else { return [] }
            let all = form.orderedAnswers
            let rows = range.clamped(to: 0..<all.count).flatMap { index in
                exportRow(all[index].answerer, all[index].stored, index, form.definition, community)
            }
            let cursor = next.map { Text(number: $0) } ?? "*"
            return rows + [end("EXPORT", [name, Text(number: all.count), cursor], count: all.count)]
        }
    }

    func key(of deed: QuestionnaireDeed) -> ServerText {
        switch deed {
        case .defined: .formWasDefined
        case .opened: .formWasOpened
        case .closed: .formWasClosed
        case .answered: .formAnswerKept
        }
    }

    /// `FORM <name> FORM <state> <. or +> :<values>`
    package func formRow(_ form: Questionnaire, to session: Session) -> [Line] {
        let definition = form.definition
        let isAnswered = session.account.map { form.answers[.account($0)] != nil } ?? false
        return row(
            "FORM", [definition.name, "FORM", Text(form.state.rawValue)],
            [
                ("title", definition.titles.text(in: session.language)),
                ("anonymous", definition.isAnonymous ? "yes" : "no"),
                ("opens", definition.opens.map { Text($0.iso8601) } ?? ""),
                ("closes", definition.closes.map { Text($0.iso8601) } ?? ""), ("zone", definition.zone),
                ("questions", Text(number: definition.questions.count)),
                ("answered", isAnswered ? "yes" : ""),
            ])
    }

    /// `FORM <name> QUESTION <question> <kind> <. or +> :<values>`
    private func questionRow(
        _ question: QuestionnaireDefinition.Question, of name: Text, in language: Language
    ) -> [Line] {
        var fields: [RowField] = [("text", question.texts.text(in: language))]
        let kind: Text
        switch question.kind {
        case .scale(let low, let high):
            kind = "scale"
            fields += [("from", Text(number: low)), ("to", Text(number: high))]
        case .choice(let options, let isMultiple):
            kind = isMultiple ? "several" : "choice"
            let names = options.map(\.name.string).joined(separator: ",")
            fields.append(("options", Text(names)))
            fields += options.map { (name: "option." + $0.name.string, value: $0.texts.text(in: language)) }
        case .text: kind = "text"
        }
        return row("FORM", [name, "QUESTION", question.name, kind], fields)
    }

    /// `FORM <name> ANSWER <number> <account or *> <. or +> :<question>=<values>;…`
    private func exportRow(
        _ answerer: Answerer, _ stored: StoredAnswer, _ index: Int, _ definition: QuestionnaireDefinition,
        _ community: Community
    ) -> [Line] {
        var who: Text = "*"
        if case .account(let account) = answerer {
            who = community.accounts[account].map { Text($0.name.spelling) } ?? "*"
        }
        let fields = stored.answers.map { answer in
            (
                name: answer.question.string,
                value: Text(answer.values.map(\.string).joined(separator: ","))
            )
        }
        return row("FORM", [definition.name, "ANSWER", Text(number: index + 1), who], fields)
    }
}
