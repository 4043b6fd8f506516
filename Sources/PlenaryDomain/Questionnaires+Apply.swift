// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A questionnaire with its answers. Durable.
package struct Questionnaire: Hashable, Sendable {
    package internal(set) var definition: QuestionnaireDefinition
    package internal(set) var time: Timestamp
    package internal(set) var openedTime: Timestamp?
    package internal(set) var closedTime: Timestamp?
    package internal(set) var answers: [Answerer: StoredAnswer] = [:]

    package enum State: String, Hashable, Sendable {
        case draft, open, closed
    }

    package var state: State {
        if closedTime != nil { return .closed }
        return openedTime == nil ? .draft : .open
    }

    /// Whether an answer counts at a time; the end holds before the server has written it down.
    package func takesAnswers(at now: Timestamp) -> Bool {
        state == .open && (definition.closes.map { now < $0 } ?? true)
    }

    /// In an order that says nothing about who answered when.
    package var orderedAnswers: [(answerer: Answerer, stored: StoredAnswer)] {
        answers.sorted { Questionnaire.precedes($0.key, $1.key) }.map { ($0.key, $0.value) }
    }

    private static func precedes(_ one: Answerer, _ other: Answerer) -> Bool {
        switch (one, other) {
        case (.account(let one), .account(let other)): one < other
        case (.digest(let one), .digest(let other)): one.lexicographicallyPrecedes(other)
        case (.account, .digest): true
        case (.digest, .account): false
        }
    }
}

package struct StoredAnswer: Hashable, Sendable {
    package var answers: [QuestionAnswer]
    /// Of an anonymous answer the day alone.
    package var time: Timestamp

    package func values(of question: Text) -> [Text] {
        answers.first { $0.question == question }?.values ?? []
    }
}

extension Community {
    mutating func apply(_ event: QuestionnaireEvent, time: Timestamp) {
        switch event {
        case .defined(let definition):
            if questionnaires[definition.name] == nil {
                questionnaires[definition.name] = Questionnaire(definition: definition, time: time)
            } else {
                questionnaires[definition.name]?.definition = definition
                questionnaires[definition.name]?.time = time
            }
        case .opened(let name, _): questionnaires[name]?.openedTime = time
        case .closed(let name, _): questionnaires[name]?.closedTime = time
        case .answered(let event):
            var stored = StoredAnswer(answers: event.answers, time: time)
            if case .digest = event.answerer { stored.time = time.dayStart }
            questionnaires[event.name]?.answers[event.answerer] = stored
        }
    }

    /// The events that rebuild them.
    func questionnaireSnapshot() -> [LoggedEvent] {
        func logged(_ event: QuestionnaireEvent, _ time: Timestamp) -> LoggedEvent {
            LoggedEvent(offset: .none, time: time, event: .questionnaires(event))
        }
        return questionnaires.values.sorted { $0.definition.name.string < $1.definition.name.string }.flatMap
        {
            questionnaire in
            let name = questionnaire.definition.name
            var events = [logged(.defined(questionnaire.definition), questionnaire.time)]
            if let time = questionnaire.openedTime {
                events.append(logged(.opened(name: name, actor: nil), time))
            }
            for (answerer, stored) in questionnaire.orderedAnswers {
                let answered = QuestionnaireAnswered(
                    name: name, answerer: answerer, answers: stored.answers)
                events.append(logged(.answered(answered), stored.time))
            }
            if let time = questionnaire.closedTime {
                events.append(logged(.closed(name: name, actor: nil), time))
            }
            return events
        }
    }

    /// Takes out what a person answered under the own name. Whose an anonymous answer is nobody knows.
    mutating func forgetAnswers(of account: AccountID) {
        for name in questionnaires.keys { questionnaires[name]?.answers[.account(account)] = nil }
    }

    /// Questionnaires that open or close by the clock.
    package func questionnairesDue(at now: Timestamp) -> [QuestionnaireEvent] {
        questionnaires.values.compactMap { questionnaire -> QuestionnaireEvent? in
            let definition = questionnaire.definition
            if questionnaire.state == .open, let closes = definition.closes, closes <= now {
                return .closed(name: definition.name, actor: nil)
            }
            // One whose end is over as well was never answered, and stays as it is.
            let isOver = definition.closes.map { $0 <= now } ?? false
            if questionnaire.state == .draft, let opens = definition.opens, opens <= now, !isOver,
                !definition.questions.isEmpty
            {
                return .opened(name: definition.name, actor: nil)
            }
            return nil
        }.sorted { $0.name.string < $1.name.string }
    }
}

extension ErasurePass {
    /// An answer under a name goes with its account; one without a name is nobody's.
    func form(of event: QuestionnaireEvent) -> ErasedForm {
        switch event {
        case .defined: return .unchanged
        case .opened(let name, let actor):
            let after = actor.map { scrubbed($0) }
            return after == actor
                ? .unchanged : .replaced(.questionnaires(.opened(name: name, actor: after)))
        case .closed(let name, let actor):
            let after = actor.map { scrubbed($0) }
            return after == actor
                ? .unchanged : .replaced(.questionnaires(.closed(name: name, actor: after)))
        case .answered(let event):
            guard case .account(let account) = event.answerer else { return .unchanged }
            return form(ofWhatIs: account)
        }
    }
}

extension QuestionnaireEvent {
    /// An answer under a name as whoever gave it reads it.
    func record(of owner: RecordOwner) -> OwnRecord? {
        switch self {
        case .answered(let event) where event.answerer == .account(owner.account):
            OwnRecord(
                "questionnaire-answer",
                [.init("questionnaire", event.name)]
                    + event.answers.map {
                        .init("q-\($0.question)", Text($0.values.map(\.string).joined(separator: ",")))
                    })
        case .opened(let name, let actor) where owner.is(actor):
            OwnRecord("questionnaire-opened", [.init("questionnaire", name)])
        case .closed(let name, let actor) where owner.is(actor):
            OwnRecord("questionnaire-closed", [.init("questionnaire", name)])
        case .defined, .opened, .closed, .answered: nil
        }
    }
}
