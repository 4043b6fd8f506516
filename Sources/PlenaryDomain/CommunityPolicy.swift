// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Who may connect, speak and found channels. Set by the configuration; the defaults are the closed profile's.
package struct CommunityPolicy: Hashable, Sendable {
    /// closed: sign-in required, nickname = account, sign-up by invite code. open: guests may connect.
    package enum Profile: String, CaseIterable, Hashable, Sendable {
        case closed
        case open
    }

    package var profile = Profile.closed
    /// This server's name, as in every line's source.
    package var serverName: Text = "localhost"
    /// The language of a session that has not chosen one.
    package var defaultLanguage = Language.english
    /// Who may create a channel by joining a name that does not exist. Always everybody in the open profile.
    package var peopleMayCreateChannels = false
    /// Messages replayed on join to people on plain clients, for channels that set no number of their own.
    package var replayCount = 20
    /// Other names of channels, both as case-folded keys with `#`.
    package var channelAliases: [String: String] = [:]
    /// Whether messages can be searched for.
    package var offersSearch = true
    /// Whether SCRAM-SHA-256 is offered beside PLAIN; new passwords then get a verifier for it.
    package var offersScram = false
    /// What each role may do.
    package var roles = RoleTable()
    package var limits = CommunityLimits()

    package init() {}
}

/// Limits of what a session or channel may hold (limits.md 10, 12, 15, 16). Beyond each, the command's numeric.
package struct CommunityLimits: Hashable, Sendable {
    /// Those of a server whose configuration says nothing of them; made once.
    package static let shipped = CommunityLimits()

    /// Bytes of a topic. Longer: refused, never cut (limits.md 16).
    package var topicByteLimit = 390
    /// Bytes of an away text.
    package var awayByteLimit = 390
    /// Bytes of a kick reason.
    package var kickByteLimit = 390
    /// Bytes of a real name.
    package var realNameByteLimit = 150
    /// Bytes of a channel key.
    package var channelKeyByteLimit = 32
    /// Channels one session may be in. More: 405.
    package var joinedChannelCountLimit = 100
    /// Entries of one session's MONITOR list. More: 734.
    package var monitorCountLimit = 100
    /// Entries in each of a channel's b, e and I lists. More: 478.
    package var listModeCountLimit = 100
    /// Targets of one PRIVMSG, NOTICE or TAGMSG. More: 407.
    package var targetCountLimit = 4
    /// Mode changes with an argument in one MODE line; the rest is ignored (ISUPPORT MODES).
    package var modeArgumentCountLimit = 12
    /// Idempotency tokens remembered per account, and for how long in seconds.
    package var rememberedTokenCountLimit = 1024
    package var rememberedTokenSecondsLimit = 86_400
    /// Entries kept for WHOWAS, for the whole server.
    package var whowasCountLimit = 1000
    /// Multiline messages: bytes of all lines with their breaks, and lines (IRCv3 multiline; limits.md 12).
    package var multilineByteLimit = 16_384
    package var multilineLineLimit = 128
    /// Seconds from a batch's opening line to its end. Later: FAIL, and nothing is stored (limits.md 12).
    package var multilineSecondsLimit = 10
    /// Messages of one CHATHISTORY answer; conversations of one TARGETS answer.
    package var historyMessageCountLimit = 100
    package var historyTargetCountLimit = 50
    /// Threads of one channel. More: LIMIT_REACHED.
    package var threadCountLimit = 20_000
    /// Messages of one MOVE. More: LIMIT_REACHED.
    package var movedMessageCountLimit = 1000
    /// Threads of one LIST page (capability token `max-list`).
    package var threadPageCountLimit = 100
    /// Where counting unread messages of one thread stops: "this many or more".
    package var unreadCountLimit = 1000
    /// Windows on threads of one session. More: 405.
    package var windowCountLimit = 20
    /// Password length in bytes (limits.md 25).
    package var passwordByteLimits = 10...300
    /// SASL failures on one connection before it is closed (limits.md 22).
    package var saslFailureCountLimit = 3
    /// Days that a channel may keep its messages (RETAIN). Others: INVALID_PARAMS.
    package var retentionDayLimits: ClosedRange<UInt32> = 1...36_500
    /// Seconds within which a second person confirms that an account is forgotten. Later: proposed anew.
    package var forgetProposalSecondsLimit = 7 * 86_400
    /// Bytes of a reason code of ERASE and HOLD. More: INVALID_PARAMS.
    package var reasonCodeByteLimit = 32
    /// Certificates of one account. More: refused.
    package var certificateCountLimit = 10
    /// Seconds that the answer to a failed password is held back at most; 0 switches the delay off (limits.md 23).
    package var loginDelaySecondsLimit = 32
    /// Iterations of new SCRAM verifiers (`ScramLimits.iterationLimits`).
    package var scramIterationCount = 65_536
    /// Resume tokens of one account; one more makes the oldest one worthless.
    package var resumeTokenCountLimit = 10
    /// Seconds that a resume token holds: 30 days.
    package var resumeTokenSeconds = 2_592_000
    /// People who may use one invite code made by INVITECODE.
    package var inviteUseCountLimit: UInt32 = 1000
    /// Seconds that such a code may hold: 90 days.
    package var inviteSecondsLimit: Int64 = 7_776_000
    /// Channels of such a code.
    package var inviteChannelCountLimit = 10
    /// Codes of one person that can still be used. More: LIMIT_REACHED.
    package var openInviteCountLimit = 100

    /// Translations of one message, superseded ones as well. More: LIMIT_REACHED.
    package var translationCountLimit = 64

    // MARK: Moderation (docs/extensions/moderation.md, "Limits")
    /// Bytes of an act's reason, and of the text of a report or note. Longer: TEXT_TOO_LONG.
    package var actReasonByteLimit = 300
    package var reportByteLimit = 350
    /// Seconds that a mute or ban may last. Longer or none: INVALID_PARAMS.
    package var sanctionSecondsLimits = 1...31_536_000
    /// Seconds between two messages in slow mode. Beyond: 696.
    package var slowSecondsLimits = 1...21_600
    /// Reports kept for one channel. More: the oldest resolved one goes; without one, LIMIT_REACHED.
    package var reportCountLimit = 500
    /// Notes on one person. More: LIMIT_REACHED.
    package var noteCountLimit = 100
    /// Acts of one channel at hand. More: the oldest goes.
    package var actCountLimit = 1000
    /// Rows of one answer to LOG, REPORTS and LAST. More: a page.
    package var actPageCountLimit = 100
    /// Messages looked back at for a name such as `amina~2`. Beyond: UNKNOWN_MSGID.
    package var namedMessageScanLimit = 10_000
    /// Newest messages of a channel that a label may name. An older one is unknown by its label.
    package var labelledMessageLimit = 1000

    // MARK: Sittings (docs/extensions/sessions.md, "Limits"). Beyond, where not said otherwise: INVALID_PARAMS.
    /// Seconds from a sitting's opening to its end: a minute to two weeks.
    package var meetingSecondsLimits: ClosedRange<Int64> = 60...1_209_600
    /// Seconds that doors are open before the start: a day.
    package var doorsSecondsLimit: UInt32 = 86_400
    /// Seconds that threads take replies after the end: a week.
    package var graceSecondsLimit: UInt32 = 604_800
    /// Seconds after the end that relayed messages of before it are taken: Zoom's last attempt to deliver one comes
    /// 85 minutes after the first. Later: CLOSED.
    package var lateRelaySecondsLimit = 5400
    /// Pauses of one sitting. More: LIMIT_REACHED.
    package var suspensionCountLimit = 100
    /// The highest number of an agenda's item, at most 255.
    package var agendaItemCountLimit = 50
    /// Documents of one sitting. More: LIMIT_REACHED.
    package var meetingDocumentCountLimit = 50
    /// Bytes of an item's or document's title, of a room, a zone's name, all words of the platform, a link, a symbol.
    package var meetingTitleByteLimit = 200
    package var meetingRoomByteLimit = 80
    package var meetingZoneByteLimit = 40
    package var meetingPlatformByteLimit = 48
    package var meetingLinkByteLimit = 250
    package var meetingSymbolByteLimit = 60
    /// Accounts on the roll of one sitting. Who comes later is not noted.
    package var rollCountLimit = 10_000
    // MARK: The floor (docs/extensions/floor.md, "Limits")
    /// Requests of one person that wait in one list. More: LIMIT_REACHED.
    package var floorRequestCountLimit = 5

    // MARK: Outcomes (docs/extensions/outcomes.md, "Limits")
    /// Bytes of a mark's summary. Longer: TEXT_TOO_LONG.
    package var outcomeSummaryByteLimit = 300
    /// Sources of one mark. More: LIMIT_REACHED.
    package var outcomeSourceCountLimit = 16
    /// Marks of one channel. More: LIMIT_REACHED.
    package var outcomeCountLimit = 2000
    /// Rows of one answer to LIST, of outcomes and of practices. More: a page.
    package var gatheredPageCountLimit = 50

    // MARK: Practices (docs/extensions/practices.md, "Limits")
    /// Bytes of a practice's title, link and summary. Longer: INVALID_PARAMS.
    package var practiceTitleByteLimit = 120
    package var practiceLinkByteLimit = 300
    package var practiceSummaryByteLimit = 1000
    /// Bytes of what a reviewer says. Longer: TEXT_TOO_LONG.
    package var practiceReviewByteLimit = 300
    /// Practices of the register, withdrawn ones with them. More: LIMIT_REACHED.
    package var practiceCountLimit = 10_000
    /// Practices of one account that are neither published nor withdrawn. More: LIMIT_REACHED.
    package var openPracticeCountLimit = 50

    // MARK: Questionnaires (docs/extensions/questionnaires.md, "Limits")
    /// Questionnaires, open or not. More: LIMIT_REACHED.
    package var questionnaireCountLimit = 100
    /// Questions of one. More: INVALID_PARAMS.
    package var questionCountLimit = 40
    /// Bytes of a questionnaire's texts in all languages; a record has room for 65,536. More: INVALID_PARAMS.
    package var questionnaireByteLimit = 49_152
    /// Bytes of one answer in words. More: TEXT_TOO_LONG.
    package var questionnaireTextByteLimit = 1000
    /// People who answer one. More: LIMIT_REACHED.
    package var questionnaireAnswerCountLimit = 20_000
    /// Bytes of answers after which a page of EXPORT ends.
    package var questionnairePageByteLimit = 65_536

    /// How often things may be done (limits.md 15, 20, 26); an act that is missing here is free.
    package var rates: [RatedAct: RateRule] = [
        .changeNickname: RateRule(3, perSeconds: 60), .join: RateRule(10, perSeconds: 10),
        .createChannel: RateRule(5, perSeconds: 600), .invite: RateRule(10, perSeconds: 60),
        .fetchHistory: RateRule(10, perSeconds: 10), .createAccount: RateRule(3, perSeconds: 86_400),
        .failLogin: RateRule(5, perSeconds: 300), .createThread: RateRule(10, perSeconds: 60),
        .search: RateRule(10, perSeconds: 60), .ownRecords: RateRule(120, perSeconds: 60),
        .setProfile: RateRule(20, perSeconds: 60), .failLoginOfNetwork: RateRule(10, perSeconds: 600),
        .failCode: RateRule(10, perSeconds: 600), .failToken: RateRule(10, perSeconds: 600),
        .report: RateRule(10, perSeconds: 3600), .floor: RateRule(60, perSeconds: 60),
        .statistics: RateRule(10, perSeconds: 60),
    ]
    /// Counts kept by network and account. More: those that are over are forgotten.
    package var rememberedRateCountLimit = 10_000

    package init() {}
}
