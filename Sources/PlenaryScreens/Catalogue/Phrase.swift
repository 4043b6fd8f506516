// SPDX-License-Identifier: Apache-2.0

/// A text that stands on the screen. Each language's file gives one template per key in an exhaustive
/// switch, so that a new key does not compile before it exists in all six languages.
package enum Phrase: String, CaseIterable, Sendable, Hashable {
    // The title bar
    case online, connecting, offline, retryIn, retryShort, paneOf
    // Titles of panes, and what stands under them
    case channels, direct, muted, threads, threadsIn, hereTitle, help, settings, status, threadsOf
    case previewOf, live, withKey, topicSetBy, startedBy, more
    // The list of messages
    case newSince, you, moderator, threadMark, queued, sending, notSent
    case onBehalf, removedOneMessage, removedOneMessageBecause, hiddenMessage
    case wasRemoved, wasRemovedBecause, topicChanged, topicRemoved, gap
    case gapLoad, loading, noMessages, copied, linkIs, noLink, selectMessageFirst
    case nothingUnread, nothingToRetry, markedRead
    // The composer
    case toPlace, sendToChannel, sendToThread, replyTo, draft, cannotWrite, readingOnly
    case sendingCount, queuedCount, unsentCount
    // Hints: what a key does, behind its name
    case hintSend, hintNewLine, hintMenu, hintHelp, hintNextPane, hintSearch, hintBack, hintMove
    case hintOpen, hintNewThread, hintList, hintReply, hintActions, hintCancel, hintChoose
    case hintConfirm, hintScroll
    // The list of threads
    case columnLast, columnWhen, columnMessages, newCount, stateClosed, stateArchived
    case filter, typeToNarrow, openAndClosed, nothingMatches
    case noThreads
    // The menu
    case menuTitle, groupMessages, groupThreads, groupPlaces, groupPerson, groupSession, groupLanguages
    case groupModeration, groupProgram, groupRaw, notAllowedHere
    // Search, and going somewhere
    case searchEverywhere, searching, searchNothing, goWhere
    // People
    case here, away, roleModerator, roleSpeaker
    // The first start
    case languageTitle
    case backAnyTime
    // Questions
    case pressAgainToQuit, pasteQuestion, pasteAsOne, cancel, yes
    case deleteQuestion, leaveQuestion, oldQueueQuestion, sendNow, discard, promptNewThread
    case promptTitle, promptTopic, promptAway, promptName, promptDate, promptPerson
    case promptThread, promptSlow
    // Moderation
    case promptReason, reasonOffTopic, reasonPersonalData, reasonWrongChannel, reasonAbusive, reasonSpam
    case reasonSafety, reasonOther, reasonOwnWords, promptDuration, untilUndone, willRemove, willHide
    case willUnhide, willMute, willUnmute, willBan, willUnban, willKick, willSlow, willSlowOff, willLock
    case willUnlock, willClose, willReopen, willMove, willReport, reasonGiven
    case isLogged, cannotBeUndone, undoHint, undone
    // Settings and status
    case settingBell, settingTheme
    case settingDirection, settingOn, settingOff, settingAutomatic, settingMono, settingHighContrast
    case settingByApp, settingByTerminal, statusServer, statusAccount, statusConnection
    case statusQueue
    // Sizes
    case tooSmall, windowTooSmall

    /// The text in a language, gaps and all.
    package func template(in language: Language) -> String {
        switch language {
        case .arabic: arabic
        case .chinese: chinese
        case .english: english
        case .french: french
        case .russian: russian
        case .spanish: spanish
        }
    }

    /// The columns there are for it on a screen of 80, its gaps not counted; nil where the text is wrapped or
    /// cut.
    package var slot: Int? {
        switch self {
        case .you: 6
        case .columnLast: 9
        case .live, .hintMenu, .hintHelp, .hintBack, .hintList, .yes: 10
        case .columnWhen: 11
        case .paneOf, .draft, .hintSend, .hintSearch, .hintMove, .hintOpen, .hintReply, .hintActions,
            .hintCancel, .hintChoose, .hintConfirm, .hintScroll, .stateClosed, .stateArchived, .filter, .here,
            .away, .settingOn, .settingOff:
            12
        case .channels, .direct, .threads, .columnMessages, .newCount: 13
        case .online, .connecting, .offline, .muted, .queued, .sending, .settingAutomatic, .settingMono:
            14
        case .threadsOf, .previewOf, .more, .moderator, .hintNewLine, .hintNextPane, .roleModerator,
            .roleSpeaker, .settingHighContrast, .settingByTerminal:
            16
        case .sendingCount, .queuedCount, .unsentCount, .hintNewThread, .settingByApp: 18
        case .loading, .searching, .languageTitle, .cancel, .undone: 20
        case .threadsIn: 22
        case .retryShort, .hereTitle, .help, .settings, .status, .groupMessages, .groupThreads, .groupPlaces,
            .groupPerson, .groupSession, .groupLanguages, .groupModeration, .groupProgram, .groupRaw,
            .sendNow, .discard, .reasonOffTopic, .reasonPersonalData, .reasonWrongChannel, .reasonAbusive,
            .reasonSpam, .reasonSafety, .reasonOther, .reasonOwnWords, .untilUndone:
            24
        case .newSince, .gapLoad, .settingBell, .settingTheme, .settingDirection, .statusServer,
            .statusAccount, .statusConnection, .statusQueue:
            30
        case .openAndClosed: 34
        case .typeToNarrow: 36
        case .readingOnly, .nothingMatches, .menuTitle, .searchEverywhere, .pasteAsOne, .promptNewThread,
            .promptTitle, .promptTopic, .promptAway, .promptName, .promptDate, .promptPerson, .promptThread,
            .promptSlow, .promptReason, .promptDuration, .undoHint:
            40
        case .sendToChannel, .sendToThread: 44
        case .pressAgainToQuit: 50
        case .retryIn, .gap, .goWhere, .pasteQuestion, .deleteQuestion, .leaveQuestion:
            60
        default: nil
        }
    }
}
