// SPDX-License-Identifier: Apache-2.0

/// What the menu offers. Each one can be reached without the menu too: by its key where it has one, and by
/// what is typed behind a slash.
package enum MenuAction: String, CaseIterable, Sendable, Hashable {
    // Messages
    case ask, reply, edit, delete, copy, openLink, markRead, nextUnread, search, history, goToDate, retry
    case switchTarget, sayLanguage, attachTranslation, showOriginal, report
    // Threads
    case threads, newThread, renameThread, closeThread, reopenThread, followThread, muteThread, unfollowThread
    // Channels and people
    case channels, jump, join, leave, people, person, message, invite, muteChannel, unmuteChannel, notices
    // You
    case away, back, name, language
    // Session
    case agenda, requestFloor, withdrawFloor, listFloor, documents
    // Moderation
    case remove, hide, unhide, mutePerson, unmutePerson, ban, unban, kick, slow, topic, pin, unpin, move, lock
    case unlock, moderationLog, session, relay, undo
    // The program
    case help, menu, whereAmI, status, reconnect, export, plain, settings, quit
    // Advanced
    case quote

    /// The part of the menu.
    package var group: ActionGroup {
        switch self {
        case .ask, .reply, .edit, .delete, .copy, .openLink, .markRead, .nextUnread, .search, .history,
            .goToDate,
            .retry, .switchTarget, .report:
            .messages
        case .sayLanguage, .attachTranslation, .showOriginal: .languages
        case .threads, .newThread, .renameThread, .closeThread, .reopenThread, .followThread, .muteThread,
            .unfollowThread:
            .threads
        case .channels, .jump, .join, .leave, .people, .person, .message, .invite, .muteChannel,
            .unmuteChannel, .notices:
            .places
        case .away, .back, .name, .language: .person
        case .agenda, .requestFloor, .withdrawFloor, .listFloor, .documents: .session
        case .remove, .hide, .unhide, .mutePerson, .unmutePerson, .ban, .unban, .kick, .slow, .topic, .pin,
            .unpin, .move, .lock, .unlock, .moderationLog, .session, .relay, .undo:
            .moderation
        case .help, .menu, .whereAmI, .status, .reconnect, .export, .plain, .settings, .quit: .program
        case .quote: .raw
        }
    }

    /// The key that does it from everywhere, as it stands on the keyboard.
    package var key: String? {
        switch self {
        case .help: "F1"
        case .menu: "F2"
        case .threads: "F3"
        case .people: "F4"
        case .search: "F5"
        case .channels: "F6"
        case .switchTarget: "F7"
        case .nextUnread: "F8"
        case .newThread: "F9"
        case .retry: "F12"
        case .copy: "Ctrl+Y"
        case .jump: "Ctrl+K"
        case .undo: "Alt+U"
        case .quit: "Ctrl+C"
        default: nil
        }
    }

    /// Whether a server can have what it needs; see `SlashCommand.isOffered`.
    package var isOffered: Bool { command?.isOffered ?? true }

    /// The command of its slash form.
    package var command: SlashCommand? {
        guard let slash, case .command(let command, _) = SlashCommand.parse(slash, language: .english) else {
            return nil
        }
        return command
    }
}
