// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a command leads to, in order. Decided without side effect; the owner applies and sends.
package enum Outcome: Sendable {
    /// A durable fact: gets an offset, is logged, applied, and fanned out once it is on disk.
    case event(Event)
    /// A change of presence: applied and fanned out, never stored.
    indirect case presence(PresenceChange)
    case refused(Refusal)
    /// A reply that the dialect renders from the state.
    indirect case answer(Answer)
    /// The same token again: the first message's echo, and nothing is stored.
    case duplicate(of: Offset)
    /// Work that only the server can do; its result comes back as a command.
    indirect case work(Work)
}

/// Everything a decision may know besides the state: the time, and pure functions of layers this one does
/// not link.
package struct Moment {
    package var now: Timestamp
    /// For what is counted in this process alone, such as rates: it never jumps, whoever sets the clock. Compared
    /// with nothing else.
    package var steady: Timestamp
    package var functions: OuterFunctions
    /// Whether the log can take new messages; when not, they are refused before they are decided.
    package var hasSpace: Bool

    /// Without a steady time of its own it is `now`.
    package init(
        now: Timestamp, steady: Timestamp? = nil, functions: OuterFunctions, hasSpace: Bool = true
    ) {
        self.now = now
        self.steady = steady ?? now
        self.functions = functions
        self.hasSpace = hasSpace
    }
}

/// Pure functions of layers that this one does not link, made once.
package final class OuterFunctions {
    package let sha256: ([UInt8]) -> [UInt8]
    /// Strict base64 (RFC 4648); nil for anything else.
    package let base64Decoded: ([UInt8]) -> [UInt8]?
    /// The host that others see for a member who is logged in.
    package let hostOfAccount: (AccountID) -> Text
    /// The place of the message with an id; nil for an id that this server has not given to a stored one.
    package let offsetOfMessage: (MessageID) -> Offset?
    /// The id of the message at a place.
    package let idOfMessage: (Offset) -> MessageID
    /// UTF-8 text in Normalization Form C (UAX 15).
    package let composed: ([UInt8]) -> [UInt8]
    package let base64Encoded: ([UInt8]) -> [UInt8]
    /// A salt for an account that has none: always the same for a name, and nobody can tell it from a real one.
    package let decoySalt: ([UInt8]) -> [UInt8]
    /// What a zone's clocks are ahead of UTC at a time, in seconds; nil for a name that is no IANA zone's.
    package let utcOffset: (_ zone: Text, Timestamp) -> Int32?
    /// A digest under the key of a channel's sitting without names; nil when there is no key, or none any more.
    package let labelDigest: (ChannelID, [UInt8]) -> [UInt8]?
    /// Stands for an account in an anonymous questionnaire; nil without its key.
    package let questionnaireDigest: (_ name: Text, AccountID) -> [UInt8]?
    /// SCRAM's server signature over the auth message; nil when the client's proof is wrong (RFC 5802, 3).
    package let scramSignature: (ScramVerifier, _ message: [UInt8], _ proof: [UInt8]) -> [UInt8]?

    package init(
        sha256: @escaping ([UInt8]) -> [UInt8], base64Decoded: @escaping ([UInt8]) -> [UInt8]?,
        hostOfAccount: @escaping (AccountID) -> Text, offsetOfMessage: @escaping (MessageID) -> Offset?,
        idOfMessage: @escaping (Offset) -> MessageID,
        composed: @escaping ([UInt8]) -> [UInt8] = { $0 },
        base64Encoded: @escaping ([UInt8]) -> [UInt8] = { $0 },
        decoySalt: @escaping ([UInt8]) -> [UInt8] = { $0 },
        scramSignature: @escaping (ScramVerifier, [UInt8], [UInt8]) -> [UInt8]? = { _, _, _ in nil },
        utcOffset: @escaping (Text, Timestamp) -> Int32? = { zone, _ in zone == "UTC" ? 0 : nil },
        labelDigest: @escaping (ChannelID, [UInt8]) -> [UInt8]? = { _, _ in nil },
        questionnaireDigest: @escaping (Text, AccountID) -> [UInt8]? = { _, _ in nil }
    ) {
        self.utcOffset = utcOffset
        self.labelDigest = labelDigest
        self.questionnaireDigest = questionnaireDigest
        self.base64Encoded = base64Encoded
        self.decoySalt = decoySalt
        self.scramSignature = scramSignature
        self.sha256 = sha256
        self.base64Decoded = base64Decoded
        self.hostOfAccount = hostOfAccount
        self.offsetOfMessage = offsetOfMessage
        self.idOfMessage = idOfMessage
        self.composed = composed
    }
}

/// Slow or outside work. While it runs, the session's later commands wait, so its replies stay in order.
package enum Work: Sendable {
    /// Compare a password with an account's hash; `hash` is nil for unknown accounts, which cost the same time.
    case verifyPassword(
        name: Text, account: AccountID?, hash: PasswordHash?, password: [UInt8], purpose: PasswordPurpose)
    /// Hash a new password for `Session.pendingAccount`.
    case hashPassword(name: AccountName, password: [UInt8])
    case fetchHistory(HistoryRequest)
    case search(SearchPlan)
    /// A message of a talk between two, to learn who said it before it is redacted.
    case fetchForRedaction(Offset, target: Text, id: MessageID, reason: Text)
    case fetchForErasure(Offset, target: Text, id: MessageID, reason: Text)
    /// One page of what the log holds of an account (MYDATA).
    case fetchOwnRecords(AccountID, after: Offset?)
    case fetchTargets(conversations: [(Conversation, Text)], from: Timestamp, to: Timestamp, limit: Int)
    /// Flush, say ERROR, close.
    case close(reason: CloseText)
    case account(AccountWork)
    case languages(LanguagesWork)
}

/// What a correct password leads to.
package enum PasswordPurpose: Hashable, Sendable {
    case signIn
    /// OPER: the role of the account, for this session.
    case operate
    /// PASSWORD.
    case change(new: [UInt8])
}

/// Why the server ends a connection; the dialect words it.
package enum CloseText: Hashable, Sendable {
    case quit(Text?)
    case passwordMismatch
    case accountRequired
    case saslFailures
    case killedByAdministrator
    /// SESSIONS CLOSE.
    case closedByOwner
    case wrongNickname(Text)
    /// KILL.
    case killed(by: Text, reason: Text)
}

/// One CHATHISTORY question, or the replay on join.
package struct HistoryRequest: Hashable, Sendable {
    package enum Selection: Hashable, Sendable {
        case latest(after: Bound?)
        case before(Bound)
        case after(Bound)
        case around(Bound)
        case between(Bound, Bound)
    }

    /// A message id is resolved by the server, which holds the key.
    package enum Bound: Hashable, Sendable {
        case message(MessageID)
        case time(Timestamp)
    }

    package enum Purpose: Hashable, Sendable {
        /// A CHATHISTORY answer in a batch whose parameter is the target as the client spelled it.
        case command(spelledTarget: Text, subcommand: Text)
        /// The frame of earlier messages that a plain client gets when it joins.
        case replayOnJoin
        /// Messages with the names that acts of moderation may call them by.
        case namedForActs
    }

    package var conversation: Conversation
    /// One thread or the main line alone; nil for the whole conversation.
    package var thread: ThreadID?
    package var target: Text
    package var selection: Selection
    package var limit: Int
    package var purpose: Purpose

    package init(
        conversation: Conversation, thread: ThreadID? = nil, target: Text, selection: Selection, limit: Int,
        purpose: Purpose
    ) {
        self.conversation = conversation
        self.thread = thread
        self.target = target
        self.selection = selection
        self.limit = limit
        self.purpose = purpose
    }
}

/// A change of who is here and how. Applied like an event, shown to others, never stored.
package enum PresenceChange: Sendable {
    indirect case opened(Session)
    case capabilitiesChanged(SessionID, Capabilities)
    case negotiation(SessionID, isOpen: Bool, version: Int)
    case nicknameChosen(SessionID, Nickname)
    /// The name it asked for is somebody else's; it has to choose again.
    case nicknameReleased(SessionID)
    case userNamed(SessionID, userName: Text, realName: Text)
    case registered(SessionID, Timestamp)
    case nicknameChanged(SessionID, from: Nickname, to: Nickname, oldSource: Text)
    case joined(SessionID, ChannelID, ChannelRoles, isFirst: Bool)
    case parted(SessionID, ChannelID, reason: Text?, isLast: Bool)
    /// Removed by a kick: the durable event is shown, this only ends the membership.
    case removed(SessionID, ChannelID)
    case quit(SessionID, reason: Text)
    case awayChanged(SessionID, Text?)
    case realNameChanged(SessionID, Text)
    case userModesChanged(SessionID, [UserModeChange])
    case loggedIn(SessionID, AccountID, host: Text?)
    /// The session has the powers of an account with this role.
    case operatorBecame(SessionID, ServerRole)
    /// These sessions end, because somebody with the power said so.
    case killed([SessionID], CloseText)
    case invited(SessionID, ChannelID, by: SessionID)
    case monitorChanged(SessionID, added: [Text], removed: [Text])
    case monitorCleared(SessionID)
    case batchChanged(SessionID, OpenBatch?)
    case saslChanged(SessionID, SASLState, failed: Bool)
    case pendingAccountSet(SessionID, PendingAccount?)
    case languageChosen(SessionID, Language)
    case active(SessionID, Timestamp)
    case rated(SessionID, RatedAct, account: Text = "", Timestamp)
    case account(AccountPresence)
    /// Somebody said something without a name, in slow mode: kept for as long as the session lasts.
    case spokeUnnamed(SessionID, ChannelID, Timestamp)
    /// A message that is shown and not stored: typing, and talk with somebody who has no account.
    case relayed(MessagePosted)
    /// A plain client's window on one thread.
    case windowOpened(SessionID, ChannelID, ThreadID)
    case windowClosed(SessionID, ChannelID, ThreadID, reason: Text?)
    case people(PeoplePresence)
    case relaying(RelayingPresence)
    /// A marker of somebody without an account, by the target's folded name.
    case guestMarkerSet(SessionID, String, Timestamp, target: Text)
    /// What somebody has answered so far, line by line; nil: sent, or begun anew.
    case formDrafted(SessionID, FormDraft?)
}

package struct UserModeChange: Hashable, Sendable {
    package var letter: UInt8
    package var isAdded: Bool

    package init(letter: UInt8, isAdded: Bool) {
        self.letter = letter
        self.isAdded = isAdded
    }
}

/// Why something was not done. A value, with exactly one reply in the dialect. Indirect: every request has room for
/// one, and hardly any has one.
package indirect enum Refusal: Error, Hashable, Sendable {
    // Lines
    case unknownCommand(Text)
    case needMoreParameters(verb: Text)
    case notRegistered
    case inputTooLong
    case rateLimited(verb: Text, seconds: Int)
    case invalidUTF8(verb: Text)
    // Registration
    case noNicknameGiven
    case erroneousNickname(Text)
    case nicknameInUse(Text)
    case nicknameIsAccountName(Text)
    case alreadyRegistered
    case invalidCapabilityCommand(Text)
    case accountRequired
    case noOrigin
    // Targets
    case noSuchNick(Text)
    case wasNoSuchNick(Text)
    case noSuchServer(Text)
    case noSuchChannel(Text)
    case notOnChannel(Text)
    case userNotInChannel(nick: Text, channel: Text)
    case userOnChannel(nick: Text, channel: Text)
    case tooManyTargets(Text)
    // Joining
    case tooManyChannels(Text)
    case channelIsFull(Text)
    case inviteOnly(Text)
    case badChannelKey(Text)
    case channelCreationDenied(Text)
    // Messages
    case noRecipient(verb: Text)
    case noTextToSend
    case cannotSendToChannel(Text)
    /// CTCP other than ACTION in a closed community (docs/PRIVACY.md).
    case controlMessageRefused(Text)
    /// The role says nothing to people.
    case cannotSendToPerson(Text)
    case messageTooLong
    case invalidClientToken(verb: Text)
    case storageIsFull(verb: Text)
    // Multiline
    case multilineMaxBytes(Int)
    case multilineMaxLines(Int)
    case multilineInvalidTarget(expected: Text, found: Text)
    case multilineInvalid(Text)
    case batchInvalid(verb: Text, reference: Text)
    // Modes
    case channelOperatorNeeded(Text)
    case unknownMode(UInt8, channel: Text)
    case invalidModeParameter(target: Text, letter: UInt8, parameter: Text, Text)
    case invalidKey(Text)
    case listFull(channel: Text, letter: UInt8)
    case usersDoNotMatch
    case unknownUserMode
    // Texts
    case textTooLong(verb: Text, limit: Int)
    case invalidRealName
    // Accounts
    case saslFailed
    /// The password of PASS was wrong.
    case passwordMismatch
    case saslTooLong
    case saslAborted
    case saslAlready
    case saslMechanisms
    case saslBusy
    case registration(verb: Text, code: RegistrationFailure, account: Text)
    case devices(code: DeviceFailure, context: Text)
    case noPrivileges
    // History
    case historyInvalidTarget(subcommand: Text, target: Text)
    case historyInvalidParameters(subcommand: Text, [Text])
    case historyInvalidReference(subcommand: Text, Text)
    case historyUnknownCommand(Text)
    case historyUnavailable(subcommand: Text, target: Text)
    // Threads, reading and redaction
    case thread(verb: Text, code: ThreadFailure, context: [Text])
    case markerInvalid([Text])
    case redaction(code: RedactionFailure, context: [Text])
    case moderation(ModerationRefusal)
    case search(code: SearchFailure, context: [Text])
    case retention(verb: Text, code: RetentionFailure, context: [Text])
    /// A mark of docs/extensions/marks.md whose value is none.
    case mark(verb: Text, MarkError)
    // People
    case people(PeopleRefusal)
    case account(AccountRefusal)
    // Sittings
    case meeting(code: MeetingFailure, context: [Text])
    /// Not the time to write in the channel of a sitting.
    case outsideMeeting(verb: Text, target: Text, MeetingRefusal)
    case floor(code: FloorFailure, context: [Text])
    case relaying(verb: Text, code: RelayingFailure, context: [Text])
    case languages(verb: Text, code: LanguagesFailure, context: [Text])
    // Queries
    case helpNotFound(Text)
    case unknownLanguage(Text)
    case monitorListFull(limit: Int, targets: Text)
    // What is gathered from talk: outcomes, practices, questionnaires
    case gathering(verb: Text, code: GatheringFailure, context: [Text])
}

/// Codes of IRCv3 account-registration.
package enum RegistrationFailure: String, Hashable, Sendable {
    case accountExists = "ACCOUNT_EXISTS"
    case accountNameMustBeNick = "ACCOUNT_NAME_MUST_BE_NICK"
    case alreadyAuthenticated = "ALREADY_AUTHENTICATED"
    case badAccountName = "BAD_ACCOUNT_NAME"
    case completeConnectionRequired = "COMPLETE_CONNECTION_REQUIRED"
    case invalidEmail = "INVALID_EMAIL"
    case needNick = "NEED_NICK"
    case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"
    case unacceptablePassword = "UNACCEPTABLE_PASSWORD"
    case weakPassword = "WEAK_PASSWORD"
    case invalidCode = "INVALID_CODE"
}

package enum DeviceFailure: String, Hashable, Sendable {
    case accountRequired = "ACCOUNT_REQUIRED"
    case certificateRequired = "CERTIFICATE_REQUIRED"
    case certificateInUse = "CERTIFICATE_IN_USE"
    case noSuchDevice = "NO_SUCH_DEVICE"
    case limitReached = "LIMIT_REACHED"
    case invalidParameters = "INVALID_PARAMS"
}
