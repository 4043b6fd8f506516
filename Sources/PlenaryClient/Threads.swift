// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// What a server says of its threads (the value of the capability `plenary.chat/threads`).
public struct ThreadSupport: Sendable, Hashable {
    /// Between a channel's name and a thread's number.
    public var separator: Character = "/"
    /// The longest title, in bytes.
    public var titleByteLimit = 200
    /// The most threads of one page.
    public var pageLimit = 100

    /// Reads the value; what is missing or unknown leaves the defaults.
    init(capabilityValue: String) {
        for part in capabilityValue.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "sep": if pair[1].count == 1, let first = pair[1].first { separator = first }
            case "titlelen": if let value = Decimal.number(pair[1]), value > 0 { titleByteLimit = value }
            case "max-list": if let value = Decimal.number(pair[1]), value > 0 { pageLimit = value }
            default: continue
            }
        }
    }
}

/// Whether a thread takes messages.
public enum ThreadState: String, Sendable, Hashable, CaseIterable {
    /// Everybody can post.
    case open
    /// Moderators only.
    case closed
    /// Closed, and out of the usual lists.
    case archived
}

/// How loudly somebody wants to hear of a thread.
public enum ThreadLevel: String, Sendable, Hashable, CaseIterable {
    /// As of the channel.
    case all
    /// Of every message.
    case follow
    /// Of none.
    case mute
}

/// A thread, as far as the server told.
public struct ThreadInfo: Sendable, Hashable {
    /// The channel with its `#`.
    public var channel: String
    /// The thread's number in its channel.
    public var number: Int
    /// The title.
    public var title: String
    /// Whether it takes messages.
    public var state: ThreadState
    /// Its rank among the pinned ones; nil when it is not pinned.
    public var pinRank: Int?
    /// Visible messages.
    public var messageCount: Int
    /// Messages this account has not read; 1000 stands for "1000 or more".
    public var unreadCount = 0
    /// Those of them that mention this account.
    public var mentionCount = 0
    /// How loudly this account wants to hear of it.
    public var level = ThreadLevel.all
    /// Time of the newest visible message.
    public var lastTime: Timestamp?
    /// Id of the newest visible message.
    public var lastMessageID: String?
    /// Who made it: the account, or the nickname of a guest.
    public var creator: String?
    /// When it was made.
    public var created: Timestamp?
    /// Id of the main-line message it grew from.
    public var rootMessageID: String?
    /// Id of the accepted answer.
    public var answerMessageID: String?

    /// A thread of which no more than this is known.
    public init(
        channel: String, number: Int, title: String, state: ThreadState = .open, messageCount: Int = 0
    ) {
        self.channel = channel
        self.number = number
        self.title = title
        self.state = state
        self.messageCount = messageCount
    }

    /// How commands address it: `#practices/12`.
    public var target: String { "\(channel)/\(number)" }
}

/// Something happened to a thread, or a list told of it.
public struct ThreadEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable {
        /// It was made.
        case new = "NEW"
        /// Nothing: it was asked for.
        case info = "INFO"
        /// It has another title.
        case title = "TITLE"
        /// It was closed, opened again or archived.
        case state = "STATE"
        /// It was pinned or unpinned.
        case pin = "PIN"
        /// Its accepted answer changed.
        case answer = "ANSWER"
        /// Messages went from it to another thread.
        case move = "MOVE"
        /// This account wants to hear of it in another way.
        case level = "LEVEL"
    }

    /// What happened.
    public var kind: Kind
    /// The thread after it. Which members are told depends on the kind (docs/extensions/threads.md).
    public var thread: ThreadInfo
    /// Who did it; the server for `info`.
    public var by: Person
    /// When.
    public var time: Timestamp
    /// Why, for `state`.
    public var reason: String?
    /// Where messages went, for `move`: a thread's number, or 0 for the main line.
    public var destination: Int?
    /// How many messages went, for `move`.
    public var movedCount: Int?
    /// The message that went, for a `move` of one.
    public var movedMessageID: String?

    /// An event of these parts.
    public init(kind: Kind, thread: ThreadInfo, by: Person, time: Timestamp) {
        self.kind = kind
        self.thread = thread
        self.by = by
        self.time = time
    }
}

/// Which threads a list is to hold. Several states add up, everything else narrows.
public struct ThreadFilter: Sendable, Hashable {
    /// States; none stands for all but archived.
    public var states: Set<ThreadState>
    /// Pinned ones only.
    public var isPinned = false
    /// Ones with unread messages only.
    public var isUnread = false
    /// Followed ones only.
    public var isFollowed = false
    /// This account's own only.
    public var isMine = false

    /// All threads of these states; without any, all but archived.
    public init(states: Set<ThreadState> = []) { self.states = states }

    /// Open and closed ones.
    public static let current = ThreadFilter()
    /// All there are.
    public static let everything = ThreadFilter(states: Set(ThreadState.allCases))
    /// Those with unread messages.
    public static let unread: ThreadFilter = {
        var filter = ThreadFilter()
        filter.isUnread = true
        return filter
    }()

    /// The words of THREAD LIST.
    var word: String {
        var words = ThreadState.allCases.filter(states.contains).map(\.rawValue)
        if isPinned { words.append("pinned") }
        if isUnread { words.append("unread") }
        if isFollowed { words.append("followed") }
        if isMine { words.append("mine") }
        return words.isEmpty ? "*" : words.joined(separator: ",")
    }
}

/// One page of threads: pinned by rank, then by latest activity, newest first.
public struct ThreadPage: Sendable, Hashable {
    /// The threads.
    public var threads: [ThreadInfo]
    /// Whether nothing follows.
    public var isComplete: Bool

    /// A page of these parts.
    public init(threads: [ThreadInfo], isComplete: Bool) {
        self.threads = threads
        self.isComplete = isComplete
    }
}

/// Which messages to move.
public enum MoveScope: String, Sendable, Hashable, CaseIterable {
    /// The message alone.
    case one
    /// It and all later ones of its thread.
    case rest
    /// All of its thread.
    case all
}

/// Where to move messages.
public enum MoveDestination: Sendable, Hashable {
    /// Another thread of the channel.
    case thread(Int)
    /// The main line.
    case mainLine
    /// A new thread; without a title, that of the thread they come from.
    case newThread(title: String?)
}

/// What may be done in a channel.
public struct ChannelPolicy: Sendable, Hashable {
    /// Who makes threads.
    public enum Creators: String, Sendable, Hashable, CaseIterable {
        /// Every member.
        case all
        /// Moderators.
        case moderators
        /// Nobody.
        case nobody
    }

    /// Who makes threads.
    public var creators: Creators
    /// Whether the main line takes messages of everybody, and not of moderators only.
    public var isMainLineOpen: Bool

    /// A policy of these parts.
    public init(creators: Creators = .all, isMainLineOpen: Bool = true) {
        self.creators = creators
        self.isMainLineOpen = isMainLineOpen
    }
}

/// How plain clients of this account are shown messages of threads.
public enum ThreadCue: String, Sendable, Hashable, CaseIterable {
    /// With the thread in front: `[12] text`.
    case prefix
    /// The text alone.
    case plain
}

/// Numbers as the protocol writes them.
enum Decimal {
    /// A number without sign, of at most ten digits; nil for anything else.
    static func number(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 10, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            return nil
        }
        return Int(text)
    }

    /// A thread's number, 0 for the main line: without leading zeros, below 2^32.
    static func threadNumber(_ text: some StringProtocol) -> Int? {
        guard let value = number(text), value < 1 << 32, text.utf8.count == 1 || !text.hasPrefix("0") else {
            return nil
        }
        return value
    }
}
