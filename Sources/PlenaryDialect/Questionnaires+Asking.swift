// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Questionnaires for people whose client knows no more than `/msg` (docs/extensions/questionnaires.md, "Line by
/// line").
extension Dialect {
    /// A question as notices, with how to answer it; what it is about before the first one.
    func ask(
        _ name: Text, _ index: Int, isFirst: Bool, to session: Session, in community: Community
    ) -> [Line] {
        guard let definition = community.questionnaires[name]?.definition else { return [] }
        let language = session.language
        var said: [Text] = []
        if isFirst {
            let whose: ServerText = definition.isAnonymous ? .formIsAnonymous : .formIsNamed
            said.append(definition.titles.text(in: language))
            said.append(text(whose, in: language) + ". " + text(.formSkip, in: language))
        }
        guard definition.questions.indices.contains(index) else {
            said.append(text(.formReady, in: language, [.target: name]))
            return said.map { deskNotice($0, to: session) }
        }
        let question = definition.questions[index]
        let place = Text("\(index + 1)/\(definition.questions.count) ")
        said.append(place + question.texts.text(in: language))
        switch question.kind {
        case .scale(let low, let high):
            said.append(
                text(
                    .formAskScale, in: language,
                    [.count: Text(number: low), .maximum: Text(number: high)]))
        case .choice(let options, let isMultiple):
            said += options.map { Text("  \($0.name)) ") + $0.texts.text(in: language) }
            let example = options.prefix(isMultiple ? 2 : 1).map(\.name.string).joined(separator: ",")
            let key: ServerText = isMultiple ? .formAskSeveral : .formAskChoice
            said.append(text(key, in: language, [.target: Text(example)]))
        case .text: said.append(text(.formAskText, in: language))
        }
        return said.map { deskNotice($0, to: session) }
    }

    /// Answers at the desk; nil for those whose rows become notices one by one.
    func renderPlainly(
        _ answer: QuestionnaireReply, to session: Session, in community: Community
    ) -> [Line]? {
        let language = session.language
        switch answer {
        case .list(let names):
            let rows = names.compactMap { community.questionnaires[$0] }.map { form in
                let key: ServerText =
                    switch form.state {
                    case .draft: .formStateDraft
                    case .open: .formStateOpen
                    case .closed: .formStateClosed
                    }
                let title = form.definition.titles.text(in: language)
                return Text("\(form.definition.name) (\(text(key, in: language))): \(title)")
            }
            let end = text(.rowCount, in: language, [.count: Text(number: rows.count)])
            return (rows + [end]).map { deskNotice($0, to: session) }
        case .counts(let name):
            guard let form = community.questionnaires[name] else { return [] }
            let rows = form.definition.questions.map { question in
                let counts = form.count(of: question).map { value, count in
                    "\(label(of: value, question, language)): \(count)"
                }
                return question.texts.text(in: language) + Text(" – \(counts.joined(separator: ", "))")
            }
            let end = text(.rowCount, in: language, [.count: Text(number: form.answers.count)])
            return (rows + [end]).map { deskNotice($0, to: session) }
        case .questions, .done, .question, .table, .export: return nil
        }
    }

    private func label(
        of value: Text, _ question: QuestionnaireDefinition.Question, _ language: Language
    ) -> Text {
        guard case .choice(let options, _) = question.kind,
            let option = options.first(where: { $0.name == value })
        else { return value }
        return option.texts.text(in: language)
    }
}
