// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Every text the server says to people, by key. Each language gives one template per key in two files; a key that one
/// of them has not is found by CatalogueTests.
/// Codes (numerics, `FAIL` codes, verbs) are no texts and are never translated.
package enum ServerText: Int, CaseIterable, Sendable {
    // Registration (modern.ircd.chat, 001–005, 375, 376, 422)
    case welcome, yourHost, created, isupport, messageOfTheDayStart, endOfMessageOfTheDay, noMessageOfTheDay
    case alreadyRegistered, notRegistered, noNicknameGiven, erroneousNickname, nicknameInUse
    case nicknameBelongsToAccount, nicknameMustBeAccount, passwordMismatch, youAreBanned, hostHidden
    case capabilityCommandInvalid
    // LUSERS, ADMIN, INFO, VERSION, HELP
    case userCounts, operatorCount, unknownCount, channelCount, clientCounts, localCounts, globalCounts
    case administrationOf, infoAbout, infoLicence, endOfInfo
    case helpIntroduction, helpCommandList, helpMore, helpNotFound, endOfHelp
    // Membership, topics, lists
    case endOfNames, noTopic, listHeader, endOfList, endOfInviteListing, endOfInviteList, endOfExceptList
    case endOfBanList, noSuchChannel, tooManyChannels, channelIsFull, inviteOnlyChannel, bannedFromChannel
    case badChannelKey, badChannelMask, badChannelName, mayNotCreateChannel, notOnChannel, userNotInChannel
    case userOnChannel, channelOperatorNeeded, banListFull, unknownMode, invalidModeParameter, invalidKey
    case signInToJoin
    // Messaging
    case cannotSendToChannel, noRecipient, noTextToSend, tooManyTargets, inputTooLong, noSuchNick
    case controlMessagesForbidden
    // WHO, WHOIS, WHOWAS, AWAY, MONITOR, MODE on a nickname
    case endOfWho, endOfWhois, endOfWhowas, wasNoSuchNick, youAreOperator, isOperator, isModerator, isIdle,
        isLoggedInAs
    case isBot, isUsingHost, isConnectingFrom, isUsingModes, isSecure, hasCertificate, hasIdentified
    case youAreAway, youAreBack, endOfMonitorList, monitorListFull, unknownUserMode, otherUsersModes
    // Any command
    case unknownCommand, needMoreParameters, noSuchServer, noOrigin, noPrivileges, unknownError, tryAgain
    case parameterInvalid, subcommandInvalid, invalidUTF8, rateLimited, diskFull, featureDisabled
    // SASL and accounts (IRCv3 sasl-3.2, account-registration)
    case loggedIn, loggedOut, nickLocked, saslSuccess, saslFailed, saslTooLong, saslAborted, saslAlready
    case saslMechanisms, signInRequired, signInBusy, accountDisabled
    case registered, verified, accountExists, accountNameInvalid, accountNameMustBeNick, passwordTooWeak
    case passwordTooShort, passwordTooLong, inviteNeeded, inviteInvalid, verificationUnknown
    case registrationTooEarly, alreadySignedIn, registrationsTooMany, signInNeedsTLS, realNameInvalid
    // History, multiline, idempotency, redaction, read markers
    case historyTargetInvalid, historyUnavailable, messageReferenceInvalid, unknownMessageID
    case multilineTooManyBytes, multilineTooManyLines, multilineInvalid, multilineTargetDiffers, batchTimedOut
    case tokenInvalid
    // Threads and redaction
    case threadTargetInvalid, noSuchThread, threadTitleInvalid, alreadyThreaded, threadPrivilegesNeeded
    case threadIsClosed, threadLimitReached, redactionForbidden, threadBegun, threadRenamed, threadWasClosed
    case threadWasReopened, threadWasArchived, threadWasPinned, threadWasUnpinned, threadWasAnswered
    case threadAnswerWasCleared, messagesWereMoved, threadPolicyShown, threadCueShown
    case searchTooManyWords, searchUnavailable, searchTimedOut
    // Erasure and retention
    case erasureRequested, forgettingProposed, forgettingBegun, forgettingCancelled, secondPersonNeeded
    case isHeldBack, holdBegun, holdEnded, retentionShown, noSuchAccount
    // Moderation
    case labelNeeded
    // People
    case metadataNotSet, metadataTooManyKeys, permanentMission, nationalMechanism, independentExpert
    case internationalMechanism, unitedNations, regionalOrganisation, internationalOrganisation
    case nationalInstitution, civilSociety, academia
    // Replay to plain clients
    case replayStart, replayEnd
    // Reasons of a disconnect
    case closingLink, quitReason, connectionClosed, connectionReset, pingTimedOut, registrationTimedOut
    case excessFlood, sendQueueExceeded, overlongLines, unfinishedLine, tooManyConnections, serverStopping
    case serverRestarting, accountWasDisabled, saslTriesExceeded, killed, tlsNeeded, storageFailed
    // Notices
    case certificateAdded, channelPurpose, inviteSent
    // Accounts
    case sessionWasClosed, passwordWasChanged, codeIsShownOnce, accountLimitReached
    // Moderation (docs/extensions/moderation.md)
    case reasonOffTopic, reasonPersonalData, reasonWrongChannel, reasonAbusive, reasonSpam
    case reasonSafety, reasonOther, actMute, actUnmute, actRemove, actBan, actUnban, actSlow
    case actModerated, actMode, actClose, actReopen, actArchive, actPin, actUnpin, actMove, actHide
    case actUnhide, actRedact, actSuspend, actRestore, actUntil, hiddenByModerator, mutedHere
    case mutedHereUntil, bannedHere, bannedHereUntil, slowModeWait, noSuchPerson, targetIsModerator
    case alreadySo, noSuchReport, reportIsClaimed, reasonTooLong, reportReceived, reportOf, reportOpen
    case reportClaimed, reportResolved, rowCount, noteKept, deskUnknown, deskHelp
    // Sittings (docs/extensions/sessions.md)
    case actSessionSchedule, actSessionDoors, actSessionOpen, actSessionSuspend, actSessionResume
    case actSessionExtend, actSessionClose, actSessionEnd, actSessionItem, actSessionCancel
    case sessionOpensAt, sessionIsSuspended, sessionIsOver, sessionTakesReplies, noSession, sessionHasBegun
    case sessionIsNotOpen, sessionSummary, sessionRoom, sessionScheduled, sessionDoorsOpen, sessionOpened
    case sessionSuspended, sessionResumed, sessionExtended, sessionClosed, sessionEnded, sessionItemNow
    case sessionNoItemNow, sessionCancelled, sessionAttendance, attendedInPerson, attendedRemotely
    case attendedUnknown, hasSpoken
    // Attribution (docs/extensions/attribution.md)
    case actSessionAttribution, sessionHasHistory, sessionIsPublic, sessionHasNoRoll, sessionNeedsProfile
    case sessionHasNoLabels, sessionTakesNoRelay, sessionYourLabel, attributionToPeople
    case attributionToDelegations, attributionToNobody
    // The floor (docs/extensions/floor.md)
    case floorNamesNobody
    case floorGiven, floorYours, floorSecondsLeft, floorTimeUp, floorTimeLeft, floorOpened, floorClosed
    case floorCut, floorCutYou, floorYourNumber, floorEntered, floorWithdrawn, floorEnded
    case floorSwapProposed, floorSwapSent, floorSwapped, floorOrdered, floorRulesSet, floorListHead
    case floorNotOpen, floorOpensAt, floorListClosed, floorAlready, floorTooMany, floorNoSuchEntry
    case floorNotYours, floorIsTaken, floorNobodySpeaks, floorRepliesUsed
    // Relays (docs/extensions/relay.md)
    case relayIsOn, relayIsOnForDays, relayStopped, relayNotEnabled, relayedNameInvalid, relayedNameBanned
    // Languages (docs/extensions/language.md)
    case translationOfTranslation, translationSameLanguage, provenanceMachine, provenanceHuman
    case provenanceOfficial, translationOriginal
    // Outcomes, practices, questionnaires
    case noSuchTheme, noSuchOutcome, sourceIsGone, outcomeWasMarked, outcomeWasEdited
    case outcomeWasUnmarked, kindOutcome, kindLesson, kindCharacteristic, kindAction, kindPractice
    case smallGroupsAreHidden, messagesByCategory, messagesByRegion, messagesByPresence, messagesInAll
    case groupUnknown, presentInPerson, presentRemotely, regionAfrican, regionAsiaPacific
    case regionEasternEuropean, regionLatinAmerican, regionWesternEuropean, regionNone, noSuchPractice
    case practiceStateIsWrong, practiceWasSubmitted, practiceWasChanged, practiceWasAccepted
    case practiceWasReturned, practiceWasPublished, practiceWasWithdrawn, stateSubmitted, stateInReview
    case stateReturned, statePublished, stateWithdrawn, noSuchForm, noSuchQuestion, answerInvalid
    case formNotOpen, formNotClosed, formNotBegun, formTooFew, formKeyUnavailable, formWasDefined
    case formWasOpened, formWasClosed, formAnswerKept, formStateDraft, formStateOpen, formStateClosed
    case formIsAnonymous, formIsNamed, formAskScale, formAskChoice, formAskSeveral, formAskText
    case formReady, formSkip
}

/// A named gap in a template, written `{nick}`; the value is put in as it is.
package enum Placeholder: String, CaseIterable, Sendable {
    case account, admin, channel, command, commands, count, fingerprint, host, invisible, limit, maximum,
        modes
    case network, nick, reason, seconds, server, servers, target, time, title
    case version
}

/// The text in a language, its gaps filled. A gap without a value keeps its name in braces, so that a
/// mistake of ours is seen and stops nobody.
package func text(
    _ key: ServerText, in language: Language, _ values: KeyValuePairs<Placeholder, Text> = [:]
) -> Text {
    let template = Catalogue.of(language).templates[key.rawValue]
    if template.pieces.isEmpty { return Text(template.opening) }
    var bytes = template.opening
    for piece in template.pieces {
        if let value = values.first(where: { $0.key == piece.placeholder })?.value {
            bytes += value.bytes
        } else {
            bytes += Array("{\(piece.placeholder.rawValue)}".utf8)
        }
        bytes += piece.following
    }
    return Text(bytes)
}

/// A number as a template's value.
extension Text {
    package init(number: some BinaryInteger) { self.init(String(number)) }
}

/// One language's templates, split once at first use and indexed by `ServerText.rawValue`.
package struct Catalogue: Sendable {
    package let language: Language
    let templates: [Template]

    /// A template: bytes, then any number of (gap, bytes).
    struct Template: Sendable {
        var opening: [UInt8] = []
        var pieces: [(placeholder: Placeholder, following: [UInt8])] = []
    }

    /// The template of a key as it is written in the language's file.
    package static func source(of key: ServerText, in language: Language) -> String {
        switch language {
        case .arabic: arabic(key)
        case .chinese: chinese(key)
        case .english: english(key)
        case .french: french(key)
        case .russian: russian(key)
        case .spanish: spanish(key)
        }
    }

    /// The gaps of a key's template, in order.
    package static func placeholders(of key: ServerText, in language: Language) -> [Placeholder] {
        Catalogue.of(language).templates[key.rawValue].pieces.map(\.placeholder)
    }

    static func of(_ language: Language) -> Catalogue {
        switch language {
        case .arabic: arabicCatalogue
        case .chinese: chineseCatalogue
        case .english: englishCatalogue
        case .french: frenchCatalogue
        case .russian: russianCatalogue
        case .spanish: spanishCatalogue
        }
    }

    private static let arabicCatalogue = Catalogue(.arabic)
    private static let chineseCatalogue = Catalogue(.chinese)
    private static let englishCatalogue = Catalogue(.english)
    private static let frenchCatalogue = Catalogue(.french)
    private static let russianCatalogue = Catalogue(.russian)
    private static let spanishCatalogue = Catalogue(.spanish)

    private init(_ language: Language) {
        self.language = language
        // Raw values count from 0 in order, so the index of a key is its raw value.
        templates = ServerText.allCases.map { Catalogue.split(Catalogue.source(of: $0, in: language)) }
    }

    /// A brace that closes no known name is text.
    private static func split(_ source: String) -> Template {
        var template = Template()
        var current: [UInt8] = []
        var rest = Array(source.utf8)[...]
        func close(_ template: inout Template, _ bytes: [UInt8]) {
            if template.pieces.isEmpty {
                template.opening = bytes
            } else {
                template.pieces[template.pieces.count - 1].following = bytes
            }
        }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
                let placeholder = Placeholder(rawValue: String(decoding: rest[..<end], as: UTF8.self))
            {
                close(&template, current)
                current = []
                template.pieces.append((placeholder, []))
                rest = rest[(end + 1)...]
            } else {
                current.append(byte)
            }
        }
        close(&template, current)
        return template
    }
}
