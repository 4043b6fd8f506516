// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A fact in the log, past tense. The community's durable state is `apply` over these, live and in
/// replay alike. What exists only while somebody is connected (nicknames, who is in a channel, away
/// texts) is no event: it is presence, and is not stored.
package enum Event: Hashable, Sendable {
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

    /// The conversation whose history shows this event, if any.
    package var conversation: Conversation? {
        switch self {
        case .messagePosted(let event): event.conversation
        case .topicSet(let event): .channel(event.channel)
        case .modesChanged(let event): .channel(event.channel)
        case .memberKicked(let event): .channel(event.channel)
        case .channelCreated, .channelDissolved, .memberRoleSet, .accountCreated, .credentialSet,
            .certificateAdded,
            .certificateRemoved, .accountStateSet, .inviteCreated, .inviteRedeemed, .inviteRevoked,
            .tokensRemembered:
            nil
        }
    }

    /// Whether a history without event-playback shows it: PRIVMSG and NOTICE only.
    package var isMessage: Bool {
        if case .messagePosted(let event) = self { return event.kind != .tagOnly }
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
    /// The thread it belongs to; 0 is the main line.
    package var thread: UInt32

    package init(
        conversation: Conversation, target: Text, kind: MessageKind, actor: Actor, clientTags: Text = "",
        lines: [MessageLine], clientToken: Text? = nil, thread: UInt32 = 0
    ) {
        self.conversation = conversation
        self.target = target
        self.kind = kind
        self.actor = actor
        self.clientTags = clientTags
        self.lines = lines
        self.clientToken = clientToken
        self.thread = thread
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
    package var reason: Text
    package var actor: Actor

    package init(channel: ChannelID, channelName: Text, nickname: Text, reason: Text, actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.nickname = nickname
        self.reason = reason
        self.actor = actor
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

    package init(channel: ChannelID, channelName: Text, changes: [ModeChange], actor: Actor) {
        self.channel = channel
        self.channelName = channelName
        self.changes = changes
        self.actor = actor
    }
}

/// `+k key`: the letter is its ASCII byte, the argument as shown to members.
package struct ModeChange: Hashable, Sendable {
    package var letter: UInt8
    package var isAdded: Bool
    package var argument: Text?
    /// For roles (`o`, `v`, `q`): the account it was given to, when the session had one.
    package var account: AccountID?

    package init(letter: UInt8, isAdded: Bool, argument: Text? = nil, account: AccountID? = nil) {
        self.letter = letter
        self.isAdded = isAdded
        self.argument = argument
        self.account = account
    }
}

/// What an account may do on the whole server.
package enum ServerRole: UInt8, Hashable, Sendable {
    case person = 0
    case moderator = 1
    case administrator = 2
}

package struct AccountCreated: Hashable, Sendable {
    package var account: AccountID
    package var name: Text
    package var role: ServerRole
    /// A person's account is replayed to; a bot's or relay's never.
    package var isBot: Bool

    package init(account: AccountID, name: Text, role: ServerRole, isBot: Bool = false) {
        self.account = account
        self.name = name
        self.role = role
        self.isBot = isBot
    }
}

/// A password's scrypt hash with its parameters; nil removes it.
package struct CredentialSet: Hashable, Sendable {
    package var account: AccountID
    package var password: PasswordHash?

    package init(account: AccountID, password: PasswordHash?) {
        self.account = account
        self.password = password
    }
}

/// scrypt with N = 2^logN (RFC 7914), parameters stored with each hash so that they can be raised.
package struct PasswordHash: Hashable, Sendable {
    package var logN: UInt8
    package var r: UInt8
    package var p: UInt8
    package var salt: [UInt8]
    package var key: [UInt8]

    package init(logN: UInt8, r: UInt8, p: UInt8, salt: [UInt8], key: [UInt8]) {
        self.logN = logN
        self.r = r
        self.p = p
        self.salt = salt
        self.key = key
    }
}

/// A client certificate that signs its holder in (SASL EXTERNAL).
package struct CertificateAdded: Hashable, Sendable {
    package var account: AccountID
    /// SHA-256 of the DER certificate, 32 bytes.
    package var fingerprint: [UInt8]
    /// What its holder calls it, e.g. `laptop`.
    package var label: Text

    package init(account: AccountID, fingerprint: [UInt8], label: Text) {
        self.account = account
        self.fingerprint = fingerprint
        self.label = label
    }
}

package struct CertificateRemoved: Hashable, Sendable {
    package var account: AccountID
    package var fingerprint: [UInt8]

    package init(account: AccountID, fingerprint: [UInt8]) {
        self.account = account
        self.fingerprint = fingerprint
    }
}

package struct AccountStateSet: Hashable, Sendable {
    package var account: AccountID
    package var isDisabled: Bool

    package init(account: AccountID, isDisabled: Bool) {
        self.account = account
        self.isDisabled = isDisabled
    }
}

/// An invite code. Only its SHA-256 is stored; the code itself is shown once, to its maker.
package struct InviteCreated: Hashable, Sendable {
    package var codeHash: [UInt8]
    /// Short public handle for lists and revocation.
    package var handle: Text
    package var role: ServerRole
    package var channels: [Text]
    package var expires: Timestamp?
    package var useLimit: UInt32
    /// The account name reserved for its holder, if any.
    package var accountName: Text?

    package init(
        codeHash: [UInt8], handle: Text, role: ServerRole, channels: [Text], expires: Timestamp?,
        useLimit: UInt32,
        accountName: Text? = nil
    ) {
        self.codeHash = codeHash
        self.handle = handle
        self.role = role
        self.channels = channels
        self.expires = expires
        self.useLimit = useLimit
        self.accountName = accountName
    }
}

package struct InviteRedeemed: Hashable, Sendable {
    package var codeHash: [UInt8]
    package var account: AccountID

    package init(codeHash: [UInt8], account: AccountID) {
        self.codeHash = codeHash
        self.account = account
    }
}

package struct InviteRevoked: Hashable, Sendable {
    package var codeHash: [UInt8]
    package init(codeHash: [UInt8]) { self.codeHash = codeHash }
}

package struct TokensRemembered: Hashable, Sendable {
    package var account: AccountID
    package var tokens: [RememberedToken]

    package init(account: AccountID, tokens: [RememberedToken]) {
        self.account = account
        self.tokens = tokens
    }
}

package struct RememberedToken: Hashable, Sendable {
    package var token: Text
    package var offset: Offset
    package var time: Timestamp

    package init(token: Text, offset: Offset, time: Timestamp) {
        self.token = token
        self.offset = offset
        self.time = time
    }
}
