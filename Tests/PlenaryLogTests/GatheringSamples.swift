// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

private let rapporteur = Actor(source: "hélène!h@h", account: AccountID(7), accountName: "hélène")
private let channel = ChannelID(3)

/// Every event of outcomes, with and without what may be absent.
let outcomeEvents: [Event] = [
    .outcomes(
        .marked(
            OutcomeMarked(
                channel: channel, channelName: "#t1", number: 1, kind: .characteristic,
                summary: "A standing body هيئة دائمة",
                sources: [.message(Offset(900)), .thread(ThreadID(12)), .message(Offset(.max - 1))],
                theme: "t1-institutional-setup", actor: rapporteur))),
    .outcomes(
        .marked(
            OutcomeMarked(
                channel: channel, channelName: "", number: .max, kind: .outcome, summary: "x",
                sources: [.thread(ThreadID(.max))], theme: "", actor: rapporteur))),
    .outcomes(
        .edited(
            OutcomeEdited(
                channel: channel, channelName: "#t1", number: 1, summary: "better", actor: rapporteur))),
    .outcomes(
        .unmarked(OutcomeUnmarked(channel: channel, channelName: "#t1", number: 1, actor: rapporteur))),
]

private func practice(_ change: (inout PracticeFields) -> Void) -> PracticeFields {
    var fields = PracticeFields()
    change(&fields)
    return fields
}

/// Every event of practices, with and without what may be absent.
let practiceEvents: [Event] = [
    .practices(
        .submitted(
            PracticeSubmitted(
                number: 1, channel: channel, source: .thread(ThreadID(12)),
                fields: practice {
                    $0.title = "Una ley; con presupuesto"
                    $0.country = CountryCode("PY")
                    $0.mechanism = .institutionallySeparate
                    $0.since = 2011
                    $0.link = "https://example.org/simore"
                    $0.language = LanguageTag("es")
                    $0.summary = "Un organismo permanente"
                }, actor: rapporteur))),
    .practices(
        .changed(PracticeChanged(number: 1, fields: practice { $0.title = "x" }, actor: rapporteur))),
    .practices(
        .reviewed(
            PracticeReviewed(number: 1, isAccepted: false, text: "since when?", actor: rapporteur))),
    .practices(.reviewed(PracticeReviewed(number: 1, isAccepted: true, text: "", actor: rapporteur))),
    .practices(
        .published(
            PracticePublished(
                number: 1, citation: PracticeCitation(year: 2026, sequence: 1), title: "x",
                actor: rapporteur))),
    .practices(.withdrawn(PracticeWithdrawn(number: .max, actor: rapporteur))),
]

private func definition(_ change: (inout QuestionnaireDefinition) -> Void) -> QuestionnaireDefinition {
    var definition = QuestionnaireDefinition(name: "seminar-1-feedback")
    change(&definition)
    return definition
}

private let texts = [
    ChannelTitle(language: .english, title: "How useful?"),
    ChannelTitle(language: .arabic, title: "ما مدى الفائدة؟"),
]

/// Every event of questionnaires, with and without what may be absent.
let questionnaireEvents: [Event] = [
    .questionnaires(
        .defined(
            definition {
                $0.titles = texts
                $0.opens = Timestamp(seconds: 1_700_000_000)
                $0.closes = Timestamp(seconds: 1_800_000_000)
                $0.zone = "Europe/Zurich"
                $0.isAnonymous = true
                let options = ["a", "b"].map {
                    QuestionnaireDefinition.Option(name: Text($0), texts: texts)
                }
                $0.questions = [
                    .init(name: "q1", texts: texts, kind: .scale(low: 0, high: 10)),
                    .init(name: "q2", texts: texts, kind: .choice(options, isMultiple: false)),
                    .init(name: "q3", texts: [], kind: .choice([], isMultiple: true)),
                    .init(name: "q4", texts: texts, kind: .text),
                ]
            })),
    .questionnaires(.defined(definition { _ in })),
    .questionnaires(.opened(name: "f", actor: rapporteur)),
    .questionnaires(.opened(name: "f", actor: nil)),
    .questionnaires(.closed(name: "f", actor: rapporteur)),
    .questionnaires(
        .answered(
            QuestionnaireAnswered(
                name: "f", answerer: .account(AccountID(7)),
                answers: [
                    QuestionAnswer(question: "q1", values: ["4"]),
                    QuestionAnswer(question: "q2", values: ["a", "b"]),
                ]))),
    .questionnaires(
        .answered(
            QuestionnaireAnswered(
                name: "f", answerer: .digest(Array(0..<16)),
                answers: [QuestionAnswer(question: "q4", values: ["очень полезно"])]))),
    .questionnaires(
        .answered(QuestionnaireAnswered(name: "f", answerer: .digest([1]), answers: []))),
]
