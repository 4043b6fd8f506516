// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A fact in the log, past tense. The community's durable state is `apply` over these, live and in
/// replay alike. What exists only while somebody is connected (nicknames, who is in a channel, away
/// texts) is no event: it is presence, and is not stored. Indirect: an event is handed on many times, and one reference
/// is cheaper to copy than the ten of a message.
package indirect enum Event: Hashable, Sendable {
    // Messaging
    case messagePosted(MessagePosted)
    // Membership
    case channelCreated(ChannelCreated)
    case channelDissolved(ChannelDissolved)
    case memberRoleSet(MemberRoleSet)
    case memberKicked(MemberKicked)
    // Topics
    case topicSet(TopicSet)
    // Modes
    case modesChanged(ModesChanged)
    // Accounts
    case accountCreated(AccountCreated)
    case credentialSet(CredentialSet)
    case certificateAdded(CertificateAdded)
    case certificateRemoved(CertificateRemoved)
    case accountStateSet(AccountStateSet)
    case inviteCreated(InviteCreated)
    case inviteRedeemed(InviteRedeemed)
    case inviteRevoked(InviteRevoked)
    /// Client tokens of past messages that still deduplicate; written by snapshots only.
    case tokensRemembered(TokensRemembered)
    // Threads
    case threadCreated(ThreadCreated)
    case threadChanged(ThreadChanged)
    case messagesMoved(MessagesMoved)
    case threadPolicySet(ThreadPolicySet)
    case threadLevelSet(ThreadLevelSet)
    case threadCueSet(ThreadCueSet)
    // Reading
    case markerSet(MarkerSet)
    case ledgerPage(LedgerPage)
    // Moderation
    case messageRedacted(MessageRedacted)
    // Erasure
    case erasure(ErasureEvent)
    // What is kept, and how long
    case retention(RetentionEvent)
    // People
    case people(PeopleEvent)
    // Families with records of their own
    case account(AccountEvent)
    case moderation(ModerationEvent)
    case meeting(MeetingEvent)
    case floor(FloorEvent)
    case relaying(RelayingEvent)
    case languages(LanguagesEvent)
    case outcomes(OutcomeEvent)
    case practices(PracticeEvent)
    case questionnaires(QuestionnaireEvent)

    /// The conversation whose history shows this event, if any.
    package var conversation: Conversation? {
        switch self {
        case .messagePosted(let event): event.translation == nil ? event.conversation : nil
        case .topicSet(let event): .channel(event.channel)
        case .modesChanged(let event): .channel(event.channel)
        case .memberKicked(let event): .channel(event.channel)
        case .threadCreated(let event): .channel(event.channel)
        case .threadChanged(let event): .channel(event.channel)
        case .messagesMoved(let event): .channel(event.channel)
        case .messageRedacted(let event): event.conversation
        case .erasure(let event): event.conversation
        case .channelCreated, .channelDissolved, .memberRoleSet, .accountCreated, .credentialSet,
            .certificateAdded,
            .certificateRemoved, .accountStateSet, .inviteCreated, .inviteRedeemed, .inviteRevoked,
            .tokensRemembered, .threadPolicySet, .threadLevelSet, .threadCueSet, .markerSet, .ledgerPage,
            .retention,
            .people,
            .account,
            .moderation,
            .meeting,
            .floor,
            .relaying, .languages,
            .outcomes, .practices, .questionnaires:
            nil
        }
    }

    /// Whether a history without event-playback shows it: PRIVMSG and NOTICE only.
    package var isMessage: Bool {
        if case .messagePosted(let event) = self { return event.isMessage }
        return false
    }
}

/// An event with its place and time in the log.
package struct LoggedEvent: Hashable, Sendable {
    package var offset: Offset
    package var time: Timestamp
    package var event: Event

    package init(offset: Offset, time: Timestamp, event: Event) {
        self.offset = offset
        self.time = time
        self.event = event
    }
}

/// Who did something, as others saw it then: `nick!user@cloak`, and the account if logged in.
package struct Actor: Hashable, Sendable {
    package var source: Text
    package var account: AccountID?
    /// The account's name as spelled then, so that history needs no look-up.
    package var accountName: Text?
    package var isBot: Bool

    package init(source: Text, account: AccountID?, accountName: Text?, isBot: Bool = false) {
        self.source = source
        self.account = account
        self.accountName = accountName
        self.isBot = isBot
    }
}

package enum MessageKind: UInt8, Hashable, Sendable {
    case privateMessage = 0
    case notice = 1
    /// TAGMSG: tags without text.
    case tagOnly = 2
}

package struct MessagePosted: Hashable, Sendable {
    package var conversation: Conversation
    /// The target as it is shown: the channel's spelling, or the recipient's nickname.
    package var target: Text
    package var kind: MessageKind
    package var actor: Actor
    /// Client-only tags as they go on the wire, `+a=b;+c`, escaped; empty when there are none.
    package var clientTags: Text
    /// One line, or the lines of a multiline message (IRCv3 multiline).
    package var lines: [MessageLine]
    /// The sender's idempotency token (`plenary.chat/id`), unique per account.
    package var clientToken: Text?
    /// The thread it was posted to; a later move is an event of its own.
    package var thread: ThreadID
    /// Accounts that the text addresses, at most `Mentions.countLimit`.
    package var mentions: [AccountID]
    /// Who brought it from elsewhere.
    package var relay: MessageRelay?
    /// What it is a translation of; only in channels.
    package var translation: MessageTranslation?

    package init(
        conversation: Conversation, target: Text, kind: MessageKind, actor: Actor, clientTags: Text = "",
        lines: [MessageLine], clientToken: Text? = nil, thread: ThreadID = .mainLine,
        mentions: [AccountID] = [], relay: MessageRelay? = nil, translation: MessageTranslation? = nil
    ) {
        self.relay = relay
        self.translation = translation
        self.conversation = conversation
        self.target = target
        self.kind = kind
        self.actor = actor
        self.clientTags = clientTags
        self.lines = lines
        self.clientToken = clientToken
        self.thread = thread
        self.mentions = mentions
    }
}

package struct MessageLine: Hashable, Sendable {
    package var text: Text
    /// Continues the line before it without a line break (tag `draft/multiline-concat`).
    package var isConcatenated: Bool

    package init(_ text: Text, isConcatenated: Bool = false) {
        self.text = text
        self.isConcatenated = isConcatenated
    }
}

/// A place in a channel, from least to most. Half-operators and admins do not exist here.
package enum ChannelRole: UInt8, Hashable, Comparable, CaseIterable, Sendable {
    case member = 0
    case voice = 1
    case channelOperator = 2
    case founder = 3
    package static func < (left: ChannelRole, right: ChannelRole) -> Bool { left.rawValue < right.rawValue }
}

package struct ChannelCreated: Hashable, Sendable {
    package var channel: ChannelID
    package var name: Text
    package var founder: AccountID?
    /// Kept when empty. A channel that a guest made is dissolved when its last member leaves.
    package var isPermanent: Bool
    /// Messages replayed on join to plain clients.
    package var replayCount: UInt16
    /// Titles by language, for channels of the configuration.
    package var titles: [ChannelTitle]

    package init(
        channel: ChannelID, name: Text, founder: AccountID?, isPermanent: Bool, replayCount: UInt16,
        titles: [ChannelTitle] = []
    ) {
        self.channel = channel
        self.name = name
        self.founder = founder
        self.isPermanent = isPermanent
        self.replayCount = replayCount
        self.titles = titles
    }
}

package struct ChannelTitle: Hashable, Sendable {
    package var language: Language
    package var title: Text

    package init(language: Language, title: Text) {
        self.language = language
        self.title = title
    }
}

/// The channel and its name are gone; its id is never used again.
package struct ChannelDissolved: Hashable, Sendable {
    package var channel: ChannelID
    package init(channel: ChannelID) { self.channel = channel }
}

/// An account's standing role in a channel; `.member` removes it.
package struct MemberRoleSet: Hashable, Sendable {
    package var channel: ChannelID
    package var account: AccountID
    package var role: ChannelRole
    package var actor: Actor?

    package init(channel: ChannelID, account: AccountID, role: ChannelRole, actor: Actor?) {
        self.channel = channel
        self.account = account
        self.role = role
        self.actor = actor
    }
}

package struct MemberKicked: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var nickname: Text
    /// What everybody reads.
    package var reason: Text
    package var actor: Actor
    /// The reason as moderators read it, when it is more than `reason`.
    package var note: Text

    package init(
        channel: ChannelID, channelName: Text, nickname: Text, reason: Text, actor: Actor, note: Text = ""
    ) {
        self.channel = channel
        self.channelName = channelName
        self.nickname = nickname
        self.reason = reason
        self.actor = actor
        self.note = note
    }
}

package struct TopicSet: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var topic: Text
    package var actor: Actor

    package init(channel: ChannelID, channelName: Text, topic: Text, actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.topic = topic
        self.actor = actor
    }
}

/// One MODE line's accepted changes, in order. Roles of accounts are also set by it.
package struct ModesChanged: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var changes: [ModeChange]
    package var actor: Actor
    /// Why; for moderators.
    package var reason: Text

    package init(
        channel: ChannelID, channelName: Text, changes: [ModeChange], actor: Actor, reason: Text = ""
    ) {
        self.channel = channel
        self.channelName = channelName
        self.changes = changes
        self.actor = actor
        self.reason = reason
    }
}

/// `+k key`: the letter is its ASCII byte, the argument as shown to members.
package struct ModeChange: Hashable, Sendable {
    package var letter: UInt8
    package var isAdded: Bool
    package var argument: Text?
    /// For roles (`o`, `v`, `q`): the account it was given to, when the session had one.
    package var account: AccountID?
    /// When an entry of the ban list ends by itself.
    package var until: Timestamp?

    package init(
        letter: UInt8, isAdded: Bool, argument: Text? = nil, account: AccountID? = nil,
        until: Timestamp? = nil
    ) {
        self.letter = letter
        self.isAdded = isAdded
        self.argument = argument
        self.account = account
        self.until = until
    }
}
