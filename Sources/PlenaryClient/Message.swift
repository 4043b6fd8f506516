// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// What a member posted.
public struct Message: Sendable, Hashable {
    /// How it was said.
    public enum Kind: String, Sendable, Hashable {
        /// Ordinary text.
        case message
        /// A notice, by a program or the server.
        case notice
        /// A doing (`/me`).
        case action
        /// A CTCP query or answer; not meant to be shown.
        case query
    }

    /// The server's id of the message; nil from a server without message ids.
    public var id: String?
    /// When the server accepted it; the time of arrival from a server without server-time.
    public var time: Timestamp
    /// The channel with its `#`, or the nickname of the other side of a direct conversation.
    public var conversation: String
    /// The thread it belongs to; nil in the main line.
    public var thread: Int?
    /// The thread that grew from it, as history tells of a main-line message.
    public var threadRoot: Int?
    /// How it was said.
    public var kind: Kind
    /// Who said it.
    public var sender: Person
    /// The text; lines are separated by LF. As received: it may hold formatting codes.
    public var text: String
    /// The id of the message it answers.
    public var replyTo: String?
    /// Its kind, language and references.
    public var marks = Marks()
    /// Whether this session's own nickname sent it.
    public var isOwn: Bool
    /// Whether it came from the history and not live.
    public var isHistory: Bool
    /// The sender's idempotency token, where the server repeats it.
    public var token: String?
    /// All tags of the message, unescaped.
    public var tags: [String: String]

    /// Makes a message; what is left out is unknown.
    public init(
        id: String?, time: Timestamp, conversation: String, kind: Kind = .message, sender: Person,
        text: String, isOwn: Bool = false, isHistory: Bool = false
    ) {
        self.id = id
        self.time = time
        self.conversation = conversation
        self.kind = kind
        self.sender = sender
        self.text = text
        self.isOwn = isOwn
        self.isHistory = isHistory
        tags = [:]
    }
}

/// Somebody as a line shows them.
public struct Person: Sendable, Hashable {
    /// The nickname, or a server's name.
    public var nickname: String
    /// The account; nil when not signed in or not told.
    public var account: String?
    /// Whether it is marked as a program.
    public var isBot: Bool

    /// A person of these parts.
    public init(nickname: String, account: String? = nil, isBot: Bool = false) {
        self.nickname = nickname
        self.account = account
        self.isBot = isBot
    }
}

/// A member of a channel.
public struct Member: Sendable, Hashable {
    /// The nickname.
    public var nickname: String
    /// The account, as far as told.
    public var account: String?
    /// Status prefixes, highest first: `@` operator, `+` voice.
    public var prefixes: String
    /// Whether away; false when not told.
    public var isAway: Bool

    /// A member of these parts.
    public init(nickname: String, account: String? = nil, prefixes: String = "", isAway: Bool = false) {
        self.nickname = nickname
        self.account = account
        self.prefixes = prefixes
        self.isAway = isAway
    }
}

/// A channel that this session has joined.
public struct Channel: Sendable, Hashable {
    /// The name with its `#`, as the server spells it.
    public var name: String
    /// The topic, or nil when there is none.
    public var topic: String?
    /// Members by folded nickname.
    public var members: [String: Member]
    /// Whether `members` is complete (the server has sent the whole list).
    public var hasAllMembers: Bool

    /// An empty channel.
    public init(name: String) {
        self.name = name
        members = [:]
        hasAllMembers = false
    }
}

/// A message that was taken out.
public struct Redaction: Sendable, Hashable {
    /// The conversation it was in.
    public var conversation: String
    /// The thread it was in; nil in the main line.
    public var thread: Int?
    /// The id of the message taken out.
    public var messageID: String
    /// Who did it.
    public var by: Person
    /// Why, where a reason was given.
    public var reason: String?
    /// When.
    public var time: Timestamp

    /// A redaction of these parts.
    public init(
        conversation: String, thread: Int? = nil, messageID: String, by: Person, reason: String?,
        time: Timestamp
    ) {
        self.conversation = conversation
        self.thread = thread
        self.messageID = messageID
        self.by = by
        self.reason = reason
        self.time = time
    }
}

/// A message on its way out.
public struct OutgoingMessage: Sendable, Hashable {
    /// 1–64 bytes, unique for the account: the server stores a message with the same token once.
    public var token: String
    /// A channel with its `#`, a thread of one (`#practices/12`), or a nickname.
    public var target: String
    /// The text; LF separates lines.
    public var text: String
    /// How it is said: message, notice or action.
    public var kind: Message.Kind
    /// The id of the message it answers.
    public var replyTo: String?
    /// Its kind, language and references.
    public var marks: Marks
    /// When it was written.
    public var queuedAt: Timestamp
    /// Whether it may have reached the server before a connection broke.
    public var wasSent: Bool

    /// A message of these parts.
    public init(
        token: String, target: String, text: String, kind: Message.Kind = .message, replyTo: String? = nil,
        marks: Marks = Marks(), queuedAt: Timestamp, wasSent: Bool = false
    ) {
        self.token = token
        self.target = target
        self.text = text
        self.kind = kind
        self.replyTo = replyTo
        self.marks = marks
        self.queuedAt = queuedAt
        self.wasSent = wasSent
    }
}

/// How far an outgoing message has come.
public enum DeliveryState: Sendable, Hashable {
    /// Waits for a connection, or for its turn.
    case queued
    /// Sent, and not confirmed.
    case sending
    /// The server has echoed it: it is stored. The message is the server's form with id and time;
    /// a text that had to be split has the form of its last part, and its first part's id.
    case delivered(Message)
    /// It will not be sent again.
    case failed(ClientError)
}
