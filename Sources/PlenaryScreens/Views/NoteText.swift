// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What happened in a place, in the reader's words.
enum NoteText {
    static func styled(_ note: Note, _ catalogue: Catalogue) -> StyledText {
        switch note {
        case .removed(let by, let isModerator, let reason):
            let name = isModerator ? "\(Post.oneLine(by)) (\(catalogue.text(.moderator)))" : Post.oneLine(by)
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
        let name = StyledText("/\(event.thread.number) ") + word(event.thread.title)
        let deed: StyledText
        switch event.kind {
        case .new: deed = catalogue.styled(.threadMade, [.thread: name])
        case .title:
            deed = catalogue.styled(
                .threadRenamed,
                [.number: StyledText("/\(event.thread.number)"), .title: word(event.thread.title)])
        case .state:
            switch event.thread.state {
            case .open: deed = catalogue.styled(.threadOpened, [.thread: name])
            case .closed: deed = catalogue.styled(.threadClosed, [.thread: name])
            case .archived: deed = catalogue.styled(.threadArchived, [.thread: name])
            }
        case .pin:
            let phrase: Sentence = event.thread.pinRank == nil ? .threadUnpinned : .threadPinned
            deed = catalogue.styled(phrase, [.thread: name])
        case .answer:
            let phrase: Sentence = event.thread.answerMessageID == nil ? .answerTaken : .answerAccepted
            deed = catalogue.styled(phrase, [.thread: name])
        case .move:
            deed = catalogue.styled(
                .messagesMoved,
                [
                    .messages: StyledText(catalogue.count(.messages, event.movedCount ?? 0)),
                    .source: place(event.thread.number, catalogue),
                    .place: event.destination.map { place($0, catalogue) }
                        ?? StyledText(catalogue.text(.elsewhere)),
                ])
        case .info, .level: return StyledText()
        }
        return catalogue.styled(.says, [.name: word(event.by.nickname), .text: deed])
            + because(event.reason, catalogue)
    }

    private static func place(_ thread: Int, _ catalogue: Catalogue) -> StyledText {
        thread == 0 ? StyledText(catalogue.text(.mainLine)) : StyledText("/\(thread)")
    }

    /// `hélène: muted bo, until 15:00, off topic`.
    private static func moderation(_ act: ModerationAct, _ catalogue: Catalogue) -> StyledText {
        let name = word(act.target)
        let deed: StyledText
        switch act.action {
        case "mute": deed = catalogue.styled(.didMute, [.name: name])
        case "unmute": deed = catalogue.styled(.didUnmute, [.name: name])
        case "ban": deed = catalogue.styled(.didBan, [.name: name])
        case "unban": deed = catalogue.styled(.didUnban, [.name: name])
        case "slow" where act.target == "off": deed = StyledText(catalogue.text(.didSlowOff))
        case "slow": deed = catalogue.styled(.didSlow, [.seconds: name])
        case "moderated": deed = StyledText(catalogue.text(act.target == "on" ? .didLock : .didUnlock))
        case "hide": deed = StyledText(catalogue.text(.didHide))
        case "unhide": deed = StyledText(catalogue.text(.didUnhide))
        case "suspend": deed = catalogue.styled(.didSuspend, [.name: name])
        case "restore": deed = catalogue.styled(.didRestore, [.name: name])
        default: deed = catalogue.styled(.didOther, [.act: word(act.action), .name: name])
        }
        let who = "\(Post.oneLine(act.actor)) (\(catalogue.text(.moderator)))"
        let reason = act.code == "other" ? act.text : act.code
        return catalogue.styled(.says, [.name: word(who), .text: deed]) + because(reason, catalogue)
    }

    private static func because(_ reason: String?, _ catalogue: Catalogue) -> StyledText {
        guard let reason, !reason.isEmpty else { return StyledText() }
        return StyledText(catalogue.comma) + StyledText(isolated: catalogue.reasonWords(reason))
    }

    private static func word(_ text: String, _ style: Style = .plain) -> StyledText {
        StyledText(Post.oneLine(text), style)
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
    var name: Sentence {
        switch self {
        case .question: .kindQuestion
        case .answer: .kindAnswer
        case .practice: .kindPractice
        case .lesson: .kindLesson
        case .outcome: .kindOutcome
        case .action: .kindAction
        case .announcement: .kindAnnouncement
        }
    }
}
