// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a session asks for; one case per family, one file per family in each layer.
package enum Command: Sendable {
    case registration(RegistrationCommand)
    case membership(MembershipCommand)
    case messaging(MessagingCommand)
    case topics(TopicCommand)
    case modes(ModeCommand)
    case presence(PresenceCommand)
    case accounts(AccountCommand)
    case history(HistoryCommand)
    case threads(ThreadCommand)
    case reading(ReadingCommand)
    indirect case moderation(ModerationCommand)
    indirect case search(SearchCommand)
    indirect case retention(RetentionCommand)
    indirect case people(PeopleCommand)
    indirect case meetings(MeetingCommand)
    indirect case floor(FloorCommand)
    case relaying(RelayingCommand)
    indirect case languages(LanguagesCommand)
    case outcomes(OutcomeCommand)
    indirect case practices(PracticeCommand)
    indirect case questionnaires(QuestionnaireCommand)
}

package enum RegistrationCommand: Sendable {
    case listCapabilities(version: Int)
    case listEnabled
    case requestCapabilities(adding: Capabilities, removing: Capabilities, names: [Text], allKnown: Bool)
    case endNegotiation
    case password(Text)
    case nickname(Text)
    case user(name: Text, realName: Text)
    case ping(Text)
    case pong
    case quit(Text?)
}

package enum MembershipCommand: Sendable {
    case join(channel: Text, key: Text?)
    case part(channel: Text, reason: Text?)
    case partAll
    case names(channel: Text?)
    case list(ListFilter)
    case kick(channel: Text, nick: Text, reason: Text?)
    case invite(nick: Text, channel: Text)
    case inviteList
}

package enum MessagingCommand: Sendable {
    case post(PostedText)
    case openBatch(
        reference: Text, target: Text, clientTags: Text, clientToken: Text?, label: Text?,
        relay: RelayedOrigin? = nil, translation: TranslationRequest? = nil)
    case batchLine(reference: Text, target: Text, isNotice: Bool, text: Text, isConcatenated: Bool)
    case closeBatch(reference: Text)
}

package struct PostedText: Hashable, Sendable {
    package var target: Text
    package var kind: MessageKind
    package var text: Text
    package var clientTags: Text
    package var clientToken: Text?
    /// Who said it and where, when it is brought from elsewhere.
    package var relay: RelayedOrigin?
    /// The verb that refusals name; nil for that of the kind.
    package var verb: Text?
    /// What it is a translation of.
    package var translation: TranslationRequest?

    package init(
        target: Text, kind: MessageKind, text: Text, clientTags: Text = "", clientToken: Text? = nil,
        relay: RelayedOrigin? = nil, verb: Text? = nil, translation: TranslationRequest? = nil
    ) {
        self.translation = translation
        self.target = target
        self.kind = kind
        self.text = text
        self.clientTags = clientTags
        self.clientToken = clientToken
        self.relay = relay
        self.verb = verb
    }
}

package enum TopicCommand: Sendable {
    case show(channel: Text)
    case set(channel: Text, topic: Text)
}

package enum ModeCommand: Sendable {
    case show(target: Text)
    case change(target: Text, changes: [RequestedMode])
}

package struct RequestedMode: Hashable, Sendable {
    package var letter: UInt8
    package var isAdded: Bool
    package var argument: Text?
    /// When an entry of the ban list ends by itself.
    package var until: Timestamp?

    package init(letter: UInt8, isAdded: Bool, argument: Text?, until: Timestamp? = nil) {
        self.letter = letter
        self.isAdded = isAdded
        self.argument = argument
        self.until = until
    }
}

package enum PresenceCommand: Sendable {
    case away(Text?)
    case setName(Text)
    case who(WhoQuery)
    case whois(Text)
    case whowas(Text, count: Int)
    case userhost([Text])
    case isOn([Text])
    case monitorAdd([Text])
    case monitorRemove([Text])
    case monitorClear
    case monitorList
    case monitorStatus
    case language(Text)
    /// MOTD, LUSERS, VERSION, TIME, INFO, ADMIN, HELP.
    case server(Answer)
    case serverNamed(Text, Answer)
}

package enum AccountCommand: Sendable {
    case authenticate(Text)
    case register(account: Text, email: Text, password: Text)
    case verify(account: Text, code: Text)
    case devices
    case deviceAdd(label: Text)
    case deviceRemove(fingerprint: [UInt8])
    case operate(account: Text, password: Text)
    case kill(nick: Text, reason: Text)
    // Results of work
    /// `scram` is what the account is to have for SCRAM from now on, when it had nothing.
    case passwordChecked(name: Text, account: AccountID?, isCorrect: Bool, scram: ScramVerifier?)
    case operatorChecked(name: Text, account: AccountID?, isCorrect: Bool)
    case passwordHashed(name: AccountName, HashedPassword?)
    case credentials(CredentialCommand)
}

package enum HistoryCommand: Sendable {
    case fetch(subcommand: Text, target: Text, selection: HistoryRequest.Selection, limit: Int)
    case targets(from: Timestamp, to: Timestamp, limit: Int)
}

/// THREAD (docs/extensions/threads.md). Targets are as the client spelled them.
package enum ThreadCommand: Sendable {
    case create(channel: Text, root: MessageID?, title: Text)
    case list(channel: Text?, ThreadFilter, limit: Int, after: Text?)
    case info(target: Text)
    case change(target: Text, RequestedThreadChange)
    /// With `all` the message is not looked at.
    case move(target: Text, message: MessageID?, ThreadMoveScope, to: ThreadID?, title: Text?)
    case level(target: Text, ThreadLevel)
    case policy(channel: Text, creation: ThreadCreationPolicy?, isMainLineClosed: Bool?)
    case cue(isPlain: Bool)
}

package enum RequestedThreadChange: Sendable {
    case title(Text)
    case state(ThreadState, reason: Text)
    /// 0 takes the pin away.
    case pin(rank: UInt16)
    /// nil takes the mark away.
    case answer(MessageID?)
}

package enum SearchCommand: Sendable {
    case search(SearchRequest)
}

/// ERASE, HOLD, RETAIN and MYDATA (docs/extensions/erasure.md).
package enum RetentionCommand: Sendable {
    case eraseMessage(target: Text, message: MessageID?, spelledMessage: Text, reason: Text)
    /// The message of a talk that `fetchForErasure` found.
    case eraseFound(LoggedEvent?, target: Text, id: MessageID, reason: Text)
    case eraseAccount(Text, reason: Text)
    case eraseCancel(account: Text)
    case eraseList
    case hold(what: Text, isHeld: Bool, reason: Text)
    case holdList
    case showRetention(channel: Text)
    /// nil days: for ever.
    case setRetention(channel: Text, days: UInt32?)
    case ownRecords(after: MessageID?)
}

/// Which messages of a thread a MOVE takes.
package enum ThreadMoveScope: String, CaseIterable, Hashable, Sendable {
    case one, rest, all
}

package enum ReadingCommand: Sendable {
    case showMarker(target: Text)
    case setMarker(target: Text, Timestamp)
}
