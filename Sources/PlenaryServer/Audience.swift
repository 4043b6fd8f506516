// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryNet
import PlenaryTerms

/// The sessions in a channel, grouped by the capabilities that change what a line looks like, and by shard.
/// Made when membership or capabilities changed, used by every message until then.
struct Audience {
    struct Group {
        let capabilities: Capabilities
        var recipients: [[ConnectionID]]
        private var members: Set<ConnectionID> = []

        init(capabilities: Capabilities, shardCount: Int) {
            self.capabilities = capabilities
            recipients = Array(repeating: [], count: shardCount)
        }

        mutating func insert(_ connection: ConnectionID) {
            recipients[connection.shard].append(connection)
            members.insert(connection)
        }

        func contains(_ connection: ConnectionID) -> Bool { members.contains(connection) }
    }

    /// Unique among all audiences ever made; 0 is none.
    let id: UInt64
    let version: UInt64
    private(set) var groups: [Group] = []

    /// Capabilities that change how any event is rendered.
    static let rendering: Capabilities = [
        .messageTags, .serverTime, .accountTag, .batch, .multiline, .extendedJoin, .awayNotify,
        .accountNotify,
        .setName, .changeHost, .inviteNotify,
    ]

    init(of channel: Channel, in community: Community, id: UInt64, shardCount: Int) {
        self.id = id
        version = channel.audienceVersion
        var byCapabilities: [Capabilities: Int] = [:]
        for session in channel.members.keys {
            let capabilities = (community.sessions[session]?.capabilities ?? []).intersection(
                Audience.rendering)
            let index: Int
            if let known = byCapabilities[capabilities] {
                index = known
            } else {
                index = groups.count
                byCapabilities[capabilities] = index
                groups.append(Group(capabilities: capabilities, shardCount: shardCount))
            }
            groups[index].insert(session.connection)
        }
    }
}
