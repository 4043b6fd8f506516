// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryNet
import PlenaryTerms

/// The sessions in a channel, grouped by the capabilities that change what a line looks like, and by shard.
/// Made when membership or capabilities changed, used by every message until then; somebody who joins is added.
struct Audience {
    struct Group {
        let capabilities: Capabilities
        let form: ThreadForm
        var recipients: [[ConnectionID]]
        private var members: Set<ConnectionID> = []

        init(_ key: Key, shardCount: Int) {
            capabilities = key.capabilities
            form = key.form
            recipients = Array(repeating: [], count: shardCount)
        }

        mutating func insert(_ connection: ConnectionID) {
            recipients[connection.shard].append(connection)
            members.insert(connection)
        }

        func contains(_ connection: ConnectionID) -> Bool { members.contains(connection) }
    }

    /// Unique among all audiences ever made; 0 is none.
    private(set) var id: UInt64
    private(set) var version: UInt64
    private(set) var groups: [Group] = []
    private var groupOfKey: [Key: Int] = [:]

    /// Capabilities that change how any event is rendered.
    static let rendering: Capabilities = [
        .messageTags, .serverTime, .accountTag, .batch, .multiline, .extendedJoin, .awayNotify,
        .accountNotify,
        .setName, .changeHost, .inviteNotify, .threads, .messageRedaction,
        .sessions, .attribution,
        .moderation, .relayMessages, .language, .outcomes,
    ]

    /// What two sessions must have in common to be sent the same bytes.
    struct Key: Hashable {
        var capabilities: Capabilities
        var form: ThreadForm

        /// What a member of a channel is shown of one of its threads.
        init(_ session: Session, windows: Set<SessionID>, in community: Community) {
            capabilities = session.capabilities.intersection(Audience.rendering)
            if capabilities.contains(.threads) {
                form = .cue
            } else {
                form =
                    windows.contains(session.id) ? .window : Dialect.form(for: session, in: community)
            }
        }
    }

    /// Everybody in a channel, for messages of a thread on which there may be windows.
    init(of channel: Channel, thread: ThreadID, in community: Community, id: UInt64, shardCount: Int) {
        self.id = id
        version = channel.audienceVersion
        let windows = channel.windows[thread] ?? []
        for id in channel.members.keys {
            guard let session = community.sessions[id] else { continue }
            insert(session, Key(session, windows: windows, in: community), shardCount: shardCount)
        }
    }

    /// Somebody who has joined since, as the only change up to this version, and has no window.
    mutating func add(
        _ session: Session, in community: Community, id: UInt64, version: UInt64, shardCount: Int
    ) {
        self.id = id
        self.version = version
        insert(session, Key(session, windows: [], in: community), shardCount: shardCount)
    }

    private mutating func insert(_ session: Session, _ key: Key, shardCount: Int) {
        let index: Int
        if let known = groupOfKey[key] {
            index = known
        } else {
            index = groups.count
            groupOfKey[key] = index
            groups.append(Group(key, shardCount: shardCount))
        }
        groups[index].insert(session.id.connection)
    }
}
