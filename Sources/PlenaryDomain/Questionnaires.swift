// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// FORM and ANSWER (docs/extensions/questionnaires.md).
package enum QuestionnaireCommand: Sendable {
    case list
    case show(Text)
    case define(Text, [GatheredValue])
    case question(Text, question: Text, [GatheredValue])
    case open(Text)
    case close(Text)
    case answer(Text, [GatheredValue])
    case counts(Text)
    case table(Text, question: Text, by: Text)
    case export(Text, after: Int)
    /// Line by line: begin, answer the question that was asked or leave it out, send all.
    case begin(Text)
    case step(Text?)
    case send(Text)
}

package enum QuestionnaireReply: Sendable {
    case list([Text])
    case questions(Text)
    case done(QuestionnaireDeed, Text)
    /// The question that is next; one beyond the last when all were asked.
    case question(Text, index: Int, isFirst: Bool)
    case counts(Text)
    case table(Text, question: Text, by: Text, AnswerTable)
    case export(Text, rows: Range<Int>, next: Int?)
}

package enum QuestionnaireDeed: String, Sendable {
    case defined = "DEFINED"
    case opened = "OPENED"
    case closed = "CLOSED"
    case answered = "ANSWERED"
}

/// What somebody who goes from question to question has said so far. Presence of the session: gone with it.
package struct FormDraft: Hashable, Sendable {
    package var name: Text
    package var index = 0
    package var answers: [GatheredValue] = []
}

extension Community {
    func decide(_ command: QuestionnaireCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            guard let account = session.account else { throw formFailure(.accountRequired) }
            switch command {
            case .list:
                let names = questionnaires.values.filter { $0.state != .draft || permits(.export, session) }
                    .map(\.definition.name).sorted { $0.string < $1.string }
                return [reply(.list(names))]
            case .show(let name): return [reply(.questions(try form(name, session).definition.name))]
            case .define(let name, let values): return try decideDefinition(name, values, session, moment)
            case .question(let name, let question, let values):
                return try decideQuestion(name, question, values, session, moment)
            case .open(let name): return try decideOpening(name, session, moment)
            case .close(let name):
                let form = try managed(name, session, moment)
                guard form.state == .open else { throw formFailure(.notOpen, name) }
                return [
                    .event(.questionnaires(.closed(name: form.definition.name, actor: session.actor)))
                ]
            case .answer(let name, let values):
                return try decideAnswer(name, values, account, session, moment)
            case .counts(let name): return [reply(.counts(try counted(name, session).definition.name))]
            case .table(let name, let question, let column):
                return [try decideTable(name, question, column, session)]
            case .export(let name, let after): return [try decideExport(name, after, session)]
            case .begin(let name):
                let form = try answerable(name, session, moment)
                let draft = FormDraft(name: form.definition.name)
                return [
                    .presence(.formDrafted(session.id, draft)),
                    reply(.question(draft.name, index: 0, isFirst: true)),
                ]
            case .step(let text): return try decideStep(text, session, moment)
            case .send(let name):
                guard let draft = session.formDraft, draft.name == name, !draft.answers.isEmpty else {
                    throw formFailure(.nothingBegun, name)
                }
                return try decideAnswer(name, draft.answers, account, session, moment)
                    + [.presence(.formDrafted(session.id, nil))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    func formFailure(_ code: GatheringFailure, _ context: Text...) -> Refusal {
        .gathering(verb: "FORM", code: code, context: context)
    }

    private func reply(_ answer: QuestionnaireReply) -> Outcome { .answer(.questionnaires(answer)) }

    // MARK: Which and who

    /// A questionnaire that the session may know: one that is not open yet is its makers' alone.
    func form(_ name: Text, _ session: Session) throws(Refusal) -> Questionnaire {
        guard let form = questionnaires[Text(asciiFolded(name.bytes))],
            form.state != .draft || permits(.export, session)
        else { throw formFailure(.noSuchForm, name) }
        return form
    }

    private func requireManager(_ session: Session, _ moment: Moment) throws(Refusal) {
        guard permits(.export, session) else { throw formFailure(.privilegesNeeded) }
        guard moment.hasSpace else { throw formFailure(.storageFull) }
    }

    private func managed(_ name: Text, _ session: Session, _ moment: Moment) throws(Refusal) -> Questionnaire
    {
        try requireManager(session, moment)
        return try form(name, session)
    }

    private func answerable(
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Questionnaire {
        let form = try form(name, session)
        guard form.takesAnswers(at: moment.now) else { throw formFailure(.notOpen, name) }
        guard moment.hasSpace else { throw formFailure(.storageFull) }
        return form
    }

    // MARK: Making one

    private func decideDefinition(
        _ name: Text, _ values: [GatheredValue], _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireManager(session, moment)
        let known = questionnaires[name]
        if known == nil, questionnaires.count >= policy.limits.questionnaireCountLimit {
            throw formFailure(.limitReached, Text(String(policy.limits.questionnaireCountLimit)))
        }
        var definition = known?.definition ?? QuestionnaireDefinition(name: name)
        for value in values {
            guard definition.set(value.key, value.value) else {
                throw formFailure(.invalidParameters, name, value.key)
            }
        }
        return try defining(definition, known)
    }

    private func decideQuestion(
        _ name: Text, _ question: Text, _ values: [GatheredValue], _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let form = try managed(name, session, moment)
        var definition = form.definition
        let index = definition.questions.firstIndex { $0.name == question }
        var changed =
            index.map { definition.questions[$0] }
            ?? QuestionnaireDefinition.Question(name: question, texts: [], kind: .text)
        for value in values {
            guard changed.set(value.key, value.value) else {
                throw formFailure(.invalidParameters, name, value.key)
            }
        }
        if let index {
            definition.questions[index] = changed
        } else {
            definition.questions.append(changed)
        }
        return try defining(definition, form)
    }

    private func defining(
        _ definition: QuestionnaireDefinition, _ known: Questionnaire?
    ) throws(Refusal) -> [Outcome] {
        // What was asked once cannot become another question under the same answers.
        guard known.map({ $0.state == .draft }) ?? true else {
            throw formFailure(.wrongState, definition.name)
        }
        if let problem = definition.problem(policy.limits) {
            throw formFailure(.invalidParameters, definition.name, Text(problem))
        }
        return [
            .event(.questionnaires(.defined(definition))), reply(.done(.defined, definition.name)),
        ]
    }

    private func decideOpening(
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let form = try managed(name, session, moment)
        let isOver = form.definition.closes.map { $0 <= moment.now } ?? false
        guard form.state == .draft, !isOver, !form.definition.questions.isEmpty else {
            throw formFailure(.wrongState, name)
        }
        return [.event(.questionnaires(.opened(name: form.definition.name, actor: session.actor)))]
    }

    // MARK: Answering

    /// Who answers, as the log may know it.
    private func answerer(
        _ form: Questionnaire, _ account: AccountID, _ moment: Moment
    ) throws(Refusal) -> Answerer {
        guard form.definition.isAnonymous else { return .account(account) }
        guard let digest = moment.functions.questionnaireDigest(form.definition.name, account) else {
            throw formFailure(.keyUnavailable, form.definition.name)
        }
        return .digest(digest)
    }

    /// Puts the given answers in the place of earlier ones to the same questions; the rest stays.
    private func decideAnswer(
        _ name: Text, _ values: [GatheredValue], _ account: AccountID, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let form = try answerable(name, session, moment)
        let answerer = try answerer(form, account, moment)
        let limits = policy.limits
        if form.answers[answerer] == nil, form.answers.count >= limits.questionnaireAnswerCountLimit {
            throw formFailure(.limitReached, Text(String(limits.questionnaireAnswerCountLimit)))
        }
        var answers: [Text: [Text]] = [:]
        for known in form.answers[answerer]?.answers ?? [] { answers[known.question] = known.values }
        for value in values {
            let isMore = value.key.bytes.last == UInt8(ascii: "+")
            let key = isMore ? Text(value.key.bytes.dropLast()) : value.key
            guard let question = form.definition.questions.first(where: { $0.name == key }) else {
                throw formFailure(.noSuchQuestion, name, key)
            }
            if value.value.isEmpty {
                answers[key] = nil
                continue
            }
            // A text may be longer than a line.
            let before = isMore && question.kind == .text ? answers[key]?.first ?? "" : ""
            let typed = before + value.value
            if question.kind == .text, typed.byteCount > limits.questionnaireTextByteLimit {
                throw formFailure(.textTooLong, name, Text(String(limits.questionnaireTextByteLimit)))
            }
            guard let found = question.values(of: typed, byteLimit: limits.questionnaireTextByteLimit) else {
                throw formFailure(.invalidAnswer, name, key)
            }
            answers[key] = found
        }
        let ordered = form.definition.questions.compactMap { question in
            answers[question.name].map { QuestionAnswer(question: question.name, values: $0) }
        }
        let done = reply(.done(.answered, form.definition.name))
        guard form.answers[answerer]?.answers != ordered else { return [done] }
        let event = QuestionnaireAnswered(
            name: form.definition.name, answerer: answerer, answers: ordered)
        return [.event(.questionnaires(.answered(event))), done]
    }

    private func decideStep(
        _ text: Text?, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        guard var draft = session.formDraft else { throw formFailure(.nothingBegun) }
        let form = try answerable(draft.name, session, moment)
        let questions = form.definition.questions
        guard questions.indices.contains(draft.index) else { throw formFailure(.nothingBegun, draft.name) }
        let question = questions[draft.index]
        if let text, !text.isEmpty {
            let limit = policy.limits.questionnaireTextByteLimit
            guard question.values(of: text, byteLimit: limit) != nil else {
                throw formFailure(.invalidAnswer, draft.name, question.name)
            }
            draft.answers.append(GatheredValue(key: question.name, value: text))
        }
        draft.index += 1
        return [
            .presence(.formDrafted(session.id, draft)),
            reply(.question(draft.name, index: draft.index, isFirst: false)),
        ]
    }

    // MARK: Reading

    private func decideExport(_ name: Text, _ after: Int, _ session: Session) throws(Refusal) -> Outcome {
        guard permits(.export, session) else { throw formFailure(.privilegesNeeded) }
        let form = try form(name, session)
        // Two exports with one answer between them would show whose it is.
        guard !form.definition.isAnonymous || form.state == .closed else {
            throw formFailure(.notClosed, name)
        }
        let all = form.orderedAnswers
        let start = min(max(after, 0), all.count)
        var end = start
        var byteCount = 0
        while end < all.count, end - start < policy.limits.gatheredPageCountLimit,
            byteCount < policy.limits.questionnairePageByteLimit
        {
            byteCount += all[end].stored.answers.reduce(64) { sum, answer in
                answer.values.reduce(sum + 32) { $0 + $1.byteCount }
            }
            end += 1
        }
        let next = end < all.count ? end : nil
        return reply(.export(form.definition.name, rows: start..<end, next: next))
    }
}
