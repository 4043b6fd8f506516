// SPDX-License-Identifier: Apache-2.0

/// What one can do, as the menu, the list of commands and the help name it.
package enum ActionPhrase: String, CaseIterable, Sendable, Hashable {
    // Everybody
    case openMenu, showHelp, enterChannel, leaveChannel, listChannels, goToChannels, showPeople
    case showPerson, writeToPerson, sayDoing, goAway, comeBack, takeName, changeLanguage, readAgain
    case markAllRead, goToUnread, sayWhere, showOlder, muteChannel, unmuteChannel, followThread
    case muteThread, unfollowThread, chooseNotices, searchMessages, goSomewhere, goToDate
    case askQuestion, editMessage
    case deleteMessage, copyMessage, openLink, saveDiscussion, showStatus, connectNow, retryUnsent
    case changeToPlain, changeSettings, quitProgram
    // Threads
    case listThreads, useThread, makeThread, renameThread, closeThread, reopenThread, replyInThread
    case switchTarget
    // Languages
    case sayLanguage, attachTranslation, showOriginal
    // Session
    case showAgenda, useFloor, requestFloor, withdrawFloor, listFloor, showDocuments
    // Moderation
    case removeMessage, hideMessage, unhideMessage, muteAnything, unmuteAnything, mutePerson
    case unmutePerson, banPerson, unbanPerson, removePerson, slowDown, setTopic, pinThread, unpinThread
    case moveMessage, lockPlace, unlockPlace, invitePerson, showModerationLog, reportToModerators
    case runSession, runRelay, undoAct
    // Advanced
    case sendRawLine

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

    /// The columns there are for it in the menu on a screen of 80.
    package static let slot = 44
}
