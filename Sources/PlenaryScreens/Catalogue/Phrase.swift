// SPDX-License-Identifier: Apache-2.0

/// A text that stands on the screen. Each language's file gives one template per key in an exhaustive
/// switch, so that a new key does not compile before it exists in all six languages.
package enum Phrase: String, CaseIterable, Sendable, Hashable {
    // The title bar
    case online, connecting, offline, reconnecting, retryIn, retryShort, paneOf, unreviewedWords
    // Titles of panes, and what stands under them
    case channels, direct, muted, threads, threadsIn, hereTitle, help, settings, status, threadsOf
    case previewOf, live, withKey, topicSetBy, startedBy, closedBy, more, noChannels
    // The list of messages
    case newSince, newBelowHere, you, moderator, inThread, threadMark, queued, sending, notSent
    case onBehalf, answering, edited, removedOneMessage, removedOneMessageBecause, hiddenMessage, cameIn
    case wentOut, wasRemoved, wasRemovedBecause, isCalled, topicChanged, topicRemoved, gap, gapBetween
    case gapLoad, loading, beginning, noMessages, copied, linkIs, noLink, selectMessageFirst
    case nothingUnread, nothingToRetry, markedRead
    // The composer
    case toPlace, sendToChannel, sendToThread, replyTo, editingOwn, draft, cannotWrite, readingOnly
    case sendingCount, queuedCount, unsentCount
    // Hints: what a key does, behind its name
    case hintSend, hintNewLine, hintMenu, hintHelp, hintNextPane, hintSearch, hintBack, hintMove
    case hintOpen, hintNewThread, hintList, hintReply, hintActions, hintMarkRead, hintCancel, hintChoose
    case hintConfirm, hintChange, hintJump, hintScroll, hintKeep
    // The list of threads
    case columnLast, columnWhen, columnMessages, newCount, stateOpen, stateClosed, stateArchived
    case statePinned, stateFollowed, stateMuted, filter, typeToNarrow, openAndClosed, nothingMatches
    case noThreads
    // The menu
    case menuTitle, groupMessages, groupThreads, groupPlaces, groupPerson, groupSession, groupLanguages
    case groupModeration, groupProgram, groupRaw, notAllowedHere
    // Search, and going somewhere
    case searchIn, searchEverywhere, searching, searchNothing, searchMore, goWhere
    // People
    case here, away, roleModerator, roleSpeaker, roleMember, roleProgram
    // The first start
    case languageTitle, languageKeep, namePrompt, keyIsMade, privacyStored, privacyNotStored
    case privacyErase, privacyAccept, firstHint, backAnyTime
    // Questions
    case quitQuestion, quitKept, pressAgainToQuit, pasteQuestion, pasteAsOne, cancel, yes, no
    case deleteQuestion, leaveQuestion, oldQueueQuestion, sendNow, discard, askLater, promptNewThread
    case promptTitle, promptTopic, promptJoin, promptAway, promptName, promptDate, promptPerson
    case promptThread, promptSlow, promptReport, promptFilter
    // Moderation
    case promptReason, reasonOffTopic, reasonPersonalData, reasonWrongChannel, reasonAbusive, reasonSpam
    case reasonSafety, reasonOther, reasonOwnWords, promptDuration, untilUndone, willRemove, willHide
    case willUnhide, willMute, willUnmute, willBan, willUnban, willKick, willSlow, willSlowOff, willLock
    case willUnlock, willClose, willReopen, willMove, willPin, willUnpin, willReport, reasonGiven
    case isLogged, cannotBeUndone, undoHint, undone, nameOrCancel
    // Sessions
    case sessionOpen, sessionPaused, sessionClosed, notForAttribution
    // Settings and status
    case settingLanguage, settingPlain, settingBell, settingUTC, settingColor, settingTheme
    case settingDirection, settingOn, settingOff, settingAutomatic, settingMono, settingHighContrast
    case settingByApp, settingByTerminal, statusServer, statusAccount, statusConnection, statusIdentity
    case statusQueue, statusVersion
    // Sizes
    case tooSmall, windowTooSmall, toPlainMode

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
        case .live, .newBelowHere, .hintMenu, .hintHelp, .hintBack, .hintList, .yes, .no: 10
        case .columnWhen: 11
        case .paneOf, .edited, .draft, .hintSend, .hintSearch, .hintMove, .hintOpen, .hintReply,
            .hintActions, .hintCancel, .hintChoose, .hintConfirm, .hintChange, .hintJump, .hintScroll,
            .hintKeep, .stateOpen, .stateClosed, .stateArchived, .statePinned, .stateFollowed,
            .stateMuted, .filter, .here, .away, .settingOn, .settingOff:
            12
        case .channels, .direct, .threads, .columnMessages, .newCount: 13
        case .online, .connecting, .offline, .reconnecting, .muted, .queued, .sending,
            .settingAutomatic, .settingMono:
            14
        case .threadsOf, .previewOf, .more, .moderator, .hintNewLine, .hintNextPane, .roleModerator,
            .roleSpeaker, .roleMember, .roleProgram, .settingHighContrast, .settingByTerminal:
            16
        case .sendingCount, .queuedCount, .unsentCount, .hintNewThread, .hintMarkRead, .settingByApp: 18
        case .loading, .searching, .languageTitle, .cancel, .undone: 20
        case .threadsIn: 22
        case .retryShort, .hereTitle, .help, .settings, .status, .groupMessages, .groupThreads,
            .groupPlaces, .groupPerson, .groupSession, .groupLanguages, .groupModeration, .groupProgram,
            .groupRaw, .sendNow, .discard, .askLater, .reasonOffTopic, .reasonPersonalData,
            .reasonWrongChannel, .reasonAbusive, .reasonSpam, .reasonSafety, .reasonOther,
            .reasonOwnWords, .untilUndone:
            24
        case .newSince, .gapLoad, .settingLanguage, .settingPlain, .settingBell, .settingUTC,
            .settingColor, .settingTheme, .settingDirection, .statusServer, .statusAccount,
            .statusConnection, .statusIdentity, .statusQueue, .statusVersion:
            30
        case .closedBy: 31
        case .openAndClosed: 34
        case .typeToNarrow: 36
        case .editingOwn, .readingOnly, .nothingMatches, .menuTitle, .searchIn, .searchEverywhere,
            .searchMore, .privacyAccept, .pasteAsOne, .promptNewThread, .promptTitle, .promptTopic,
            .promptJoin, .promptAway, .promptName, .promptDate, .promptPerson, .promptThread,
            .promptSlow, .promptReport, .promptFilter, .promptReason, .promptDuration, .undoHint,
            .sessionOpen, .sessionPaused:
            40
        case .sendToChannel, .sendToThread: 44
        case .languageKeep, .pressAgainToQuit, .sessionClosed: 50
        case .retryIn, .unreviewedWords, .gap, .gapBetween, .beginning, .goWhere, .namePrompt,
            .quitQuestion, .pasteQuestion, .deleteQuestion, .leaveQuestion, .nameOrCancel:
            60
        case .notForAttribution: 78
        default: nil
        }
    }
}
