// SPDX-License-Identifier: Apache-2.0

/// What the line mode says, and why something did not happen. English is worded as scripts know it.
package enum Sentence: String, CaseIterable, Sendable, Hashable {
    // The connection
    case connectingTo, connectedAs, notConnected, typeHelp, connectedAgain, nothingNew, unreadFromHere
    case connectionLost, noConnection, tryingAgain, connectionEnded, refusal, remark
    // Places
    case channelPlace, personPlace, noChannel, threadOf, unread, nothingWaits, nowInChannel, nowInThread
    case talkingTo, inNoChannel, inNoThread, notInPlace, thatChannel, youLeft, removedYou
    case removedYouBecause, removedPerson, removedPersonBecause, youAreCalled, nowCalled, invitesYou
    case topicSet, topicTaken, topicIs, noTopic
    // Messages
    case says, does, speaksFor, saidIn, saidInPrivate, saidInThread, aNotice, aProgram, aModerator
    case threadNote, kindQuestion, kindAnswer, kindPractice, kindLesson, kindOutcome, kindAction
    case kindAnnouncement, kindCorrection, missing, missingAfter, missingUpTo, missingBetween
    // What was sent, and what was not
    case sent, sentTo, queuedForLater, wasNotSent, notSentText, notSentNotUTF8, notSentNoChannel
    case nothingToAnswer, unknownCommand, unknownCommandNearest, looksLikePassword, write, quoteIsOff
    case notOffered, onlyFullScreen, useInstead, thisIsPlain, howToType, whatAMessageIs, languageIsNow
    case noSuchLanguage, titledDone, titledText, titleChannels, titleTopic, titleAway, titleBack
    case titlePerson, titleName, titleInvite, channelRow
    // Reading
    case notRetried, nothingToDelete, nothingToReadYet, nothingToRead, readUpTo, notMarked, nothingFound
    case moreIsFound, noSuchThreads, noList, noHistory, noSearch, notJoined, notEntered, noNewThread
    case notDone, isDone, peopleAre
    // What happened to threads
    case threadMade, threadRenamed, threadOpened, threadClosed, threadArchived, threadPinned
    case threadUnpinned, answerAccepted, answerTaken, messagesMoved, mainLine, elsewhere, didRedact
    // What moderators did
    case didMute, didUnmute, didRemove, didBan, didUnban, didSlow, didSlowOff, didLock, didUnlock
    case didMoveToMain, didMove, didHide, didUnhide, didSuspend, didRestore, didOther, deedInPlace
    case untilTime, noReason, codeAndText, reportNumber, reportOpen, reportClaimed, reportResolved
    case stateBy, reportsPerson, reportReceived, notReported, nothingDoneHere, noLog
    // Why something did not happen
    case cannotReach, wrongKey, unverified, unverifiedShows, plainTextRefused, signInRefused, wasLost
    case noAnswer, textTooLong, queueIsFull, deliveryUnknown, eventsNotTaken, wasClosed
    // What to do about it
    case adviseDoctor, adviseConfirmKey, advisePin, adviseTLSPort, adviseSignIn, adviseSecretariat
    case adviseOtherName, adviseAgain, adviseOperator, adviseShorten, adviseConnectOnce, adviseLook
    case adviseReport, adviseDisk, adviseList, adviseModerator, adviseWait, advisePassword

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
}
