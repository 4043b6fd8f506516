// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// How often each value of one question was given by each of several groups.
package struct AnswerTable: Hashable, Sendable {
    package var rows: [Text]
    package var columns: [Text]
    /// nil when so few people stand behind it that it would tell of persons (docs/decisions/0161).
    package var cells: [[Int?]]
}

extension Questionnaire {
    /// How many gave each value; a question of words counts its answers.
    package func count(of question: QuestionnaireDefinition.Question) -> [(value: Text, count: Int)] {
        let given = answers.values.map { $0.values(of: question.name) }
        if question.kind == .text { return [("*", given.count { !$0.isEmpty })] }
        return question.countedValues.map { value in (value, given.count { $0.contains(value) }) }
    }
}

extension Community {
    /// A questionnaire whose counts the session may read. Of an anonymous one that is open, only when enough have
    /// answered that a count is nobody's.
    func counted(_ name: Text, _ session: Session) throws(Refusal) -> Questionnaire {
        guard permits(.export, session) else { throw formFailure(.privilegesNeeded) }
        let form = try form(name, session)
        if form.definition.isAnonymous, form.state == .open, form.answers.count < Suppression.cellLimit {
            throw formFailure(.tooFew, name, Text(String(Suppression.cellLimit)))
        }
        return form
    }

    /// By another question; of a questionnaire with names also by category, region and presence.
    func decideTable(
        _ name: Text, _ questionName: Text, _ column: Text, _ session: Session
    ) throws(Refusal) -> Outcome {
        let form = try counted(name, session)
        func countable(_ name: Text) -> QuestionnaireDefinition.Question? {
            form.definition.questions.first { $0.name == name && $0.kind != .text }
        }
        guard let question = countable(questionName) else {
            throw formFailure(.noSuchQuestion, name, questionName)
        }
        let table: AnswerTable
        if let other = countable(column), other.name != question.name {
            table = answerTable(form, question, columns: other.countedValues) { _, stored in
                stored.values(of: other.name)
            }
        } else if let group = ChannelStatistics.Table(rawValue: column.string), !form.definition.isAnonymous {
            let columns = group.names.map { $0 ?? "unknown" }
            table = answerTable(form, question, columns: columns) { answerer, _ in
                guard case .account(let account) = answerer else { return [] }
                return [accounts[account]?.profile.cell(in: group) ?? "unknown"]
            }
        } else {
            throw formFailure(.invalidParameters, name, column)
        }
        return .answer(
            .questionnaires(
                .table(form.definition.name, question: question.name, by: column, table)))
    }

    private func answerTable(
        _ form: Questionnaire, _ question: QuestionnaireDefinition.Question, columns: [Text],
        _ groups: (Answerer, StoredAnswer) -> [Text]
    ) -> AnswerTable {
        let rows = question.countedValues
        var counts = rows.map { _ in columns.map { _ in 0 } }
        for (answerer, stored) in form.answers {
            let own = groups(answerer, stored)
            for (row, value) in rows.enumerated() where stored.values(of: question.name).contains(value) {
                for (column, name) in columns.enumerated() where own.contains(name) {
                    counts[row][column] += 1
                }
            }
        }
        let hidden = Suppression.hidden(inTable: counts)
        let cells = zip(counts, hidden).map { row, marks in
            zip(row, marks).map { count, isHidden -> Int? in isHidden ? nil : count }
        }
        return AnswerTable(rows: rows, columns: columns, cells: cells)
    }
}
