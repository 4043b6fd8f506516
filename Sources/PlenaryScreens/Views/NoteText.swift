// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What happened in a place, in the reader's words.
enum NoteText {
    static func styled(_ note: Note, _ catalogue: Catalogue) -> StyledText {
        switch note {
        case .removed(let by, let isModerator, let reason):
            let name =
                isModerator
                ? "\(PlainText.oneLine(by)) (\(catalogue.text(.moderator)))" : PlainText.oneLine(by)
            return removed(by: name, reason: reason, catalogue)
        case .topic(let by, let text):
            guard let text else { return catalogue.styled(.topicRemoved, [.name: word(by)]) }
            return catalogue.styled(.topicChanged, [.name: word(by), .text: word(text)])
        case .putOut(let nickname, let by, let reason):
            guard let reason, !reason.isEmpty else {
                return catalogue.styled(.wasRemoved, [.name: word(nickname), .actor: word(by)])
            }
            return catalogue.styled(
                .wasRemovedBecause,
                [.name: word(nickname), .actor: word(by), .reason: word(catalogue.reasonWords(reason))])
        case .thread(let event): return thread(event, catalogue)
        case .moderation(let act): return moderation(act, catalogue)
        }
    }

    static func removed(by name: String, reason: String?, _ catalogue: Catalogue) -> StyledText {
        guard let reason, !reason.isEmpty else {
            return catalogue.styled(.removedOneMessage, [.name: word(name, .faint)], style: .faint)
        }
        return catalogue.styled(
            .removedOneMessageBecause,
            [.name: word(name, .faint), .reason: word(catalogue.reasonWords(reason), .faint)], style: .faint)
    }

    /// `hélène: closed thread 12 Follow-up tracking`.
    private static func thread(_ event: ThreadEvent, _ catalogue: Catalogue) -> StyledText {
        guard let sentence = event.sentence else { return StyledText() }
        let thread = event.thread
        let deed = catalogue.styled(
            sentence,
            [
                .thread: StyledText("/\(thread.number) ") + word(thread.title),
                .number: StyledText("/\(thread.number)"), .title: word(thread.title),
                .messages: StyledText(catalogue.count(.messages, event.movedCount ?? 0)),
                .source: place(thread.number, catalogue),
                .place: event.destination.map { place($0, catalogue) }
                    ?? StyledText(catalogue.text(.elsewhere)),
            ])
        return catalogue.styled(.says, [.name: word(event.by.nickname), .text: deed])
            + because(event.reason, catalogue)
    }

    private static func place(_ thread: Int, _ catalogue: Catalogue) -> StyledText {
        thread == 0 ? StyledText(catalogue.text(.mainLine)) : StyledText("/\(thread)")
    }

    /// `hélène: muted bo, until 15:00, off topic`.
    private static func moderation(_ act: ModerationAct, _ catalogue: Catalogue) -> StyledText {
        let object = word(act.target)
        let deed = catalogue.styled(
            act.sentence,
            [
                .name: object, .thread: object, .number: object, .seconds: object, .act: word(act.action),
            ])
        let who = "\(PlainText.oneLine(act.actor)) (\(catalogue.text(.moderator)))"
        let reason = act.code == "other" ? act.text : act.code
        return catalogue.styled(.says, [.name: word(who), .text: deed]) + because(reason, catalogue)
    }

    private static func because(_ reason: String?, _ catalogue: Catalogue) -> StyledText {
        guard let reason, !reason.isEmpty else { return StyledText() }
        return StyledText(catalogue.comma) + StyledText(isolated: catalogue.reasonWords(reason))
    }

    private static func word(_ text: String, _ style: Style = .plain) -> StyledText {
        StyledText(PlainText.oneLine(text), style)
    }
}

extension Catalogue {
    /// `5 threads (F3)`.
    package func withKey(_ words: String, _ key: String) -> String {
        text(.withKey, [.text: words, .key: key])
    }
}

extension Marks.Kind {
    /// Its name in the reader's words.
    package var name: Sentence {
        switch self {
        case .question: .kindQuestion
        case .answer: .kindAnswer
        case .practice: .kindPractice
        case .lesson: .kindLesson
        case .outcome: .kindOutcome
        case .action: .kindAction
        case .announcement: .kindAnnouncement
        case .correction: .kindCorrection
        }
    }
}
