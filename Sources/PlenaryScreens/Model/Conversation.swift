// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms

/// A channel this person is in, or the conversation with one person: what the lists show of it.
package struct Conversation: Sendable {
    /// The channel with its `#`, or a nickname.
    package let name: String
    /// What it is about, and who said so.
    package var topic: String?
    package var topicSetter: String?
    /// Members by nickname in lower case; a person's conversation has none.
    package var members: [String: Member] = [:]
    /// Who they are, by nickname in lower case.
    package var people: [String: PersonCard] = [:]
    /// Threads by number, as the server told.
    package var threads: [Int: ThreadInfo] = [:]
    /// How far the main line has been read; nil where the server told nothing.
    package var marker: Timestamp?
    /// Whether the server has told the marker, or that there is none, since the last connecting.
    package var isMarkerKnown = false
    /// Messages of the main line after the marker, others' only.
    package var mainUnreadCount = 0
    package var mainMentionCount = 0
    /// Whether it is put at the end of the list and counts for nothing.
    package var isMuted = false
    /// Whether its history has been brought up to date since the last connecting.
    package var isSynced = false
    /// Whether only moderators may post (channel mode `m`).
    package var isModerated = false
    /// Its session.
    package var meeting: Meeting?
    /// Who has the floor there, and who comes next.
    package var floor = SpeakersList(channel: "")
    /// Seconds between two messages of one person (channel mode `f`).
    package var slowSeconds: String?
    /// When somebody said something last, for the order of persons.
    package var lastTime: Timestamp?

    /// One of which nothing is known.
    package init(_ name: String) { self.name = name }

    /// The main line.
    package var place: Place { Place(name) }
    /// Whether it is a channel.
    package var isChannel: Bool { Place.isChannel(name) }

    /// Threads that are told of: not muted.
    private var loudThreads: some Sequence<ThreadInfo> { threads.values.lazy.filter(\.isLoud) }
    /// Messages nobody here has read, in the main line and in threads.
    package var unreadCount: Int { loudThreads.reduce(mainUnreadCount) { $0 + $1.unreadCount } }
    /// Those of them that name this person.
    package var mentionCount: Int { loudThreads.reduce(mainMentionCount) { $0 + $1.mentionCount } }

    /// Pinned ones by rank, then by latest activity, as the server orders its lists.
    package var threadsInOrder: [ThreadInfo] {
        threads.values.sorted { one, other in
            let ranks = (one.pinRank ?? 100, other.pinRank ?? 100)
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            let times = (one.lastTime ?? one.created, other.lastTime ?? other.created)
            if times.0 != times.1 {
                return (times.0 ?? Timestamp(seconds: 0)) > (times.1 ?? Timestamp(seconds: 0))
            }
            return one.number > other.number
        }
    }

    /// Moderators first, then by name.
    package var membersInOrder: [Member] {
        members.values.sorted { one, other in
            let ranks = (one.isModerator, other.isModerator)
            if ranks.0 != ranks.1 { return ranks.0 }
            return one.nickname < other.nickname
        }
    }
}

extension ThreadInfo {
    /// Whether its unread messages are told of.
    package var isLoud: Bool { level != .mute && state != .archived }
}

extension Member {
    /// Whether it moderates the channel.
    package var isModerator: Bool { prefixes.contains("@") || prefixes.contains("~") }
}

/// Who somebody is, as far as the server tells (docs/extensions/people.md).
package struct PersonCard: Sendable, Hashable {
    /// The name as people write it.
    package var displayName: String?
    /// The country's code or the organisation, where the secretariat has verified it.
    package var affiliation: String?

    /// A card of these parts.
    package init(displayName: String? = nil, affiliation: String? = nil) {
        self.displayName = displayName
        self.affiliation = affiliation
    }

    var isEmpty: Bool { displayName == nil && affiliation == nil }
}

/// A message on its way, as the screen shows it behind the messages of its place.
package struct Pending: Sendable, Hashable {
    /// How far it has come. What is delivered is no longer here: the server's echo stands in its place.
    package enum State: Sendable, Hashable {
        /// Waits for a connection, or for its turn.
        case queued
        /// Sent, and not confirmed.
        case sending
        /// Refused, or given up; the reason in words.
        case failed(reason: String)
    }
    /// By which the server knows it again; nil where it could not even be queued.
    package var token: String?
    package var place: Place
    package var text: String
    package var kind: Message.Kind
    package var replyTo: String?
    package var marks = Marks()
    package var queuedAt: Timestamp
    package var state: State
}
