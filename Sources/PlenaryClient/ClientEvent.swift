// SPDX-License-Identifier: Apache-2.0

/// What an application hears, in order.
public enum ClientEvent: Sendable, Hashable {
    /// The connection's state changed.
    case stateChanged(ConnectionState)
    /// The server has accepted this session.
    case welcomed(Welcome)
    /// A message, each exactly once and in the server's order.
    case message(Message)
    /// A message was taken out.
    case redacted(Redaction)
    /// Something happened to a thread; `info` when the server told of it unasked.
    case thread(ThreadEvent)
    /// A moderator did something.
    case moderation(ModerationAct)
    /// A report came, or was claimed or resolved; for moderators.
    case report(ModerationReport)
    /// Something happened to the session of a channel.
    case meeting(MeetingChange)
    /// Something happened to a speakers' list.
    case floor(FloorChange)
    /// A sign of life of a relay that is watched.
    case relay(RelayStatus)
    /// How far this account has read a channel, a thread or a direct conversation; nil when it has not.
    case marker(target: String, time: Timestamp?)
    /// Tags without text, such as a reaction or "is typing".
    case tagMessage(Message)
    /// Messages are missing here: the server could not bridge an absence.
    case gap(Gap)
    /// The history of a conversation has been brought up to date; what follows is live.
    case historySynced(conversation: String, messageCount: Int)
    /// Somebody came or went.
    case membership(MembershipChange)
    /// Somebody has a new nickname.
    case renamed(from: String, to: String, isOwn: Bool)
    /// A channel's topic: told on joining (`by` is nil), or changed.
    case topic(channel: String, text: String?, by: Person?)
    /// The list of a channel's members is complete.
    case members(channel: String)
    /// Somebody is away (with a text) or back (nil).
    case away(nickname: String, text: String?)
    /// Somebody signed in to an account, or out (nil).
    case accountChanged(nickname: String, account: String?)
    /// A channel's modes changed; the words of the MODE line after the channel.
    case modesChanged(channel: String, by: Person, words: [String])
    /// This session was invited to a channel.
    case invited(channel: String, by: Person)
    /// An outgoing message has come further.
    case delivery(token: String, OutgoingMessage, DeliveryState)
    /// The server refused or remarked something that belongs to no request.
    case remark(Remark)
    /// Any other line.
    case line(ServerLine)
    /// A line that could not be read; the text says why.
    case malformedLine(String)
}

/// How the connection is.
public enum ConnectionState: Sendable, Hashable {
    /// An attempt is being made.
    case connecting
    /// Registered with the server.
    case online
    /// Lost, or the attempt failed; another one follows after this pause.
    case retrying(inMilliseconds: Int64, because: ClientError)
    /// Ended for good; nil when the application closed it.
    case offline(ClientError?)
}

/// What the server told on accepting the session.
public struct Welcome: Sendable, Hashable {
    /// The nickname in use, which may differ from the one asked for.
    public var nickname: String
    /// The account signed in to.
    public var account: String?
    /// The server's name.
    public var serverName: String
    /// The network's or community's name, if told.
    public var networkName: String?
    /// Capabilities in use.
    public var capabilities: Set<String>

    /// A welcome of these parts.
    public init(
        nickname: String, account: String?, serverName: String, networkName: String? = nil,
        capabilities: Set<String> = []
    ) {
        self.nickname = nickname
        self.account = account
        self.serverName = serverName
        self.networkName = networkName
        self.capabilities = capabilities
    }
}

/// A hole in a conversation, as this client knows it.
public struct Gap: Sendable, Hashable {
    /// The conversation.
    public var conversation: String
    /// The last message known before the hole.
    public var from: Timestamp?
    /// The first one known after it; nil when none is known.
    public var to: Timestamp?

    /// A hole between these moments.
    public init(conversation: String, from: Timestamp?, to: Timestamp?) {
        self.conversation = conversation
        self.from = from
        self.to = to
    }
}

/// Somebody came to a channel or left it.
public struct MembershipChange: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// Joined the channel.
        case joined
        /// Left the channel.
        case left(reason: String?)
        /// Left the server.
        case quit(reason: String?)
        /// Was put out by somebody.
        case removed(by: Person, reason: String?)
    }
    /// What happened.
    public var kind: Kind
    /// Whom it happened to.
    public var person: Person
    /// Where; nil for a quit.
    public var channel: String?
    /// Whether it is this session itself.
    public var isOwn: Bool
    /// When.
    public var time: Timestamp

    /// A change of these parts.
    public init(kind: Kind, person: Person, channel: String?, isOwn: Bool, time: Timestamp) {
        self.kind = kind
        self.person = person
        self.channel = channel
        self.isOwn = isOwn
        self.time = time
    }
}

/// A standard reply, or an error numeric, outside any request.
public struct Remark: Sendable, Hashable {
    /// How grave it is.
    public enum Level: String, Sendable, Hashable {
        /// Refused.
        case fail = "FAIL"
        /// A warning.
        case warn = "WARN"
        /// Information.
        case note = "NOTE"
    }
    /// How grave it is.
    public var level: Level
    /// Command, code, context and sentence.
    public var content: Refusal

    /// A remark of these parts.
    public init(level: Level, content: Refusal) {
        self.level = level
        self.content = content
    }
}
