// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Where a thread stands (docs/extensions/threads.md, "Model").
package enum ThreadState: UInt8, CaseIterable, Hashable, Sendable {
    case open = 0
    case closed = 1
    case archived = 2

    /// As attribute `st` and filters spell it.
    package var word: Text {
        switch self {
        case .open: "open"
        case .closed: "closed"
        case .archived: "archived"
        }
    }
}

package struct ThreadCreated: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var thread: ThreadID
    package var title: Text
    /// The main-line message it grew from, which stays where it is.
    package var root: Offset?
    package var actor: Actor

    package init(
        channel: ChannelID, channelName: Text, thread: ThreadID, title: Text, root: Offset?, actor: Actor
    ) {
        self.channel = channel
        self.channelName = channelName
        self.thread = thread
        self.title = title
        self.root = root
        self.actor = actor
    }
}

/// What somebody did to a thread.
package enum ThreadChange: Hashable, Sendable {
    case titled(Text)
    case stateSet(ThreadState, reason: Text)
    /// Place among the pinned ones, from 1; 0 takes the pin away.
    case pinned(rank: UInt16)
    /// The message that answers the thread's question; nil takes the mark away.
    case answered(Offset?)
}

package struct ThreadChanged: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var thread: ThreadID
    package var change: ThreadChange
    package var actor: Actor
    /// Why; for moderators.
    package var reason: Text

    package init(
        channel: ChannelID, channelName: Text, thread: ThreadID, change: ThreadChange, actor: Actor,
        reason: Text = ""
    ) {
        self.reason = reason
        self.channel = channel
        self.channelName = channelName
        self.thread = thread
        self.change = change
        self.actor = actor
    }
}

/// Messages that belong to another thread of their channel from now on. Their ids stay what they are.
package struct MessagesMoved: Hashable, Sendable {
    package var channel: ChannelID
    package var channelName: Text
    package var source: ThreadID
    package var destination: ThreadID
    /// In rising order, at most `CommunityLimits.movedMessageCountLimit`.
    package var messages: [Offset]
    package var actor: Actor
    /// Why; for moderators.
    package var reason: Text

    package init(
        channel: ChannelID, channelName: Text, source: ThreadID, destination: ThreadID, messages: [Offset],
        actor: Actor, reason: Text = ""
    ) {
        self.reason = reason
        self.channel = channel
        self.channelName = channelName
        self.source = source
        self.destination = destination
        self.messages = messages
        self.actor = actor
    }
}

/// Who may begin threads in a channel.
package enum ThreadCreationPolicy: UInt8, CaseIterable, Hashable, Sendable {
    case all = 0
    case moderators = 1
    case nobody = 2

    package var word: Text {
        switch self {
        case .all: "all"
        case .moderators: "moderators"
        case .nobody: "nobody"
        }
    }
}

/// A channel's rules for threads.
package struct ThreadPolicySet: Hashable, Sendable {
    package var channel: ChannelID
    package var creation: ThreadCreationPolicy
    /// Messages must go to a thread; the main line takes those of moderators only.
    package var isMainLineClosed: Bool

    package init(channel: ChannelID, creation: ThreadCreationPolicy, isMainLineClosed: Bool) {
        self.channel = channel
        self.creation = creation
        self.isMainLineClosed = isMainLineClosed
    }
}

/// How loudly a person wants to hear of a thread.
package enum ThreadLevel: UInt8, CaseIterable, Hashable, Sendable {
    case all = 0
    case follow = 1
    case mute = 2

    package var word: Text {
        switch self {
        case .all: "all"
        case .follow: "follow"
        case .mute: "mute"
        }
    }
}

package struct ThreadLevelSet: Hashable, Sendable {
    package var account: AccountID
    package var channel: ChannelID
    package var thread: ThreadID
    package var level: ThreadLevel

    package init(account: AccountID, channel: ChannelID, thread: ThreadID, level: ThreadLevel) {
        self.account = account
        self.channel = channel
        self.thread = thread
        self.level = level
    }
}

/// Whether a person's plain clients are told the thread in front of a message (`[12] …`).
package struct ThreadCueSet: Hashable, Sendable {
    package var account: AccountID
    package var isPlain: Bool

    package init(account: AccountID, isPlain: Bool) {
        self.account = account
        self.isPlain = isPlain
    }
}

/// How far somebody has read (IRCv3 read-marker, draft).
package struct MarkerSet: Hashable, Sendable {
    package var account: AccountID
    package var conversation: Conversation
    /// One thread or the main line alone; nil covers the whole conversation.
    package var thread: ThreadID?
    package var time: Timestamp

    package init(account: AccountID, conversation: Conversation, thread: ThreadID?, time: Timestamp) {
        self.account = account
        self.conversation = conversation
        self.thread = thread
        self.time = time
    }
}

/// A message's text is hidden from everybody (IRCv3 message-redaction, draft).
package struct MessageRedacted: Hashable, Sendable {
    package var conversation: Conversation
    /// The target as it is shown.
    package var target: Text
    package var message: Offset
    /// What everybody reads.
    package var reason: Text
    package var actor: Actor
    /// The reason as moderators read it, when it is more than `reason`.
    package var note: Text
    /// Whether the author took it back; then it is no act of moderation.
    package var isOwn: Bool

    package init(
        conversation: Conversation, target: Text, message: Offset, reason: Text, actor: Actor,
        note: Text = "", isOwn: Bool = false
    ) {
        self.note = note
        self.isOwn = isOwn
        self.conversation = conversation
        self.target = target
        self.message = message
        self.reason = reason
        self.actor = actor
    }
}

/// A part of a channel's ledger; written by snapshots only (docs/decisions/0080).
package struct LedgerPage: Hashable, Sendable {
    package var channel: ChannelID
    /// `Ledger.page(from:)`'s own packing.
    package var bytes: [UInt8]

    package init(channel: ChannelID, bytes: [UInt8]) {
        self.channel = channel
        self.bytes = bytes
    }
}
