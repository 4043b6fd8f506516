// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Who is in a channel as NAMES says it: one row an identity, by name. A copy of what the community knows, good for
/// one version of the channel's audience; somebody who joins is added to it, so that filling a large channel does not
/// look at everybody for each newcomer.
package struct Roster {
    struct Row {
        let nickname: Nickname
        var roles: ChannelRoles
        /// The oldest session of the identity; what is shown of it.
        var session: SessionID
        var source: Text
        var isInvisible: Bool
    }

    package private(set) var version: UInt64
    private(set) var rows: [Row] = []

    package init(of channel: Channel, in community: Community) {
        version = channel.audienceVersion
        var rowOfKey: [String: Int] = [:]
        rowOfKey.reserveCapacity(channel.members.count)
        for (id, roles) in channel.members {
            guard let session = community.sessions[id], let nickname = session.nickname else { continue }
            if let known = rowOfKey[nickname.key] {
                rows[known].take(session, roles)
            } else {
                rowOfKey[nickname.key] = rows.count
                rows.append(Row(session, nickname, roles))
            }
        }
        rows.sort { $0.nickname.key < $1.nickname.key }
    }

    /// Somebody who has joined since, as the only change up to this version.
    package mutating func add(_ session: Session, _ roles: ChannelRoles, version: UInt64) {
        self.version = version
        guard let nickname = session.nickname else { return }
        let place = rows.partitionPoint { $0.nickname.key < nickname.key }
        if place < rows.count, rows[place].nickname.key == nickname.key {
            rows[place].take(session, roles)
        } else {
            rows.insert(Row(session, nickname, roles), at: place)
        }
    }
}

extension Roster.Row {
    fileprivate init(_ session: Session, _ nickname: Nickname, _ roles: ChannelRoles) {
        self.init(
            nickname: nickname, roles: roles, session: session.id, source: session.source,
            isInvisible: session.isInvisible)
    }

    /// Another session of the same identity.
    fileprivate mutating func take(_ other: Session, _ otherRoles: ChannelRoles) {
        roles.formUnion(otherRoles)
        guard other.id < session, let spelled = other.nickname else { return }
        self = Roster.Row(other, spelled, roles)
    }
}

extension Dialect {
    func renderNames(of id: ChannelID, to session: Session, in community: Community) -> [Line] {
        guard let channel = community.channels[id] else { return [] }
        let roster = Roster(of: channel, in: community)
        return renderNames(roster, of: channel, to: session, in: community)
    }

    /// 353 and 366.
    package func renderNames(
        _ roster: Roster, of channel: Channel, to session: Session, in community: Community
    ) -> [Line] {
        let name = channel.name.text
        let isMember = community.isMember(session.id, of: channel)
        let showsSource = session.capabilities.contains(.userhostInNames)
        let frame = facts.name.byteCount + session.replyName.byteCount + name.byteCount + 14
        var packer = WordPacker(byteLimit: 510 - frame)
        for row in roster.rows where isMember || !row.isInvisible {
            packer.add { bytes in
                Dialect.appendPrefix(row.roles, session.capabilities, to: &bytes)
                if showsSource {
                    bytes += row.source.bytes
                } else {
                    bytes.append(contentsOf: row.nickname.spelling.utf8)
                }
            }
        }
        let symbol: Text = channel.flags.contains(.secret) ? "@" : "="
        return packer.finish().map { numeric(.names, session, [symbol, name], $0) }
            + [numeric(.endOfNames, session, [name], say: .endOfNames)]
    }
}

/// Words joined by spaces into as many texts as are needed, none longer than the limit.
struct WordPacker {
    private let byteLimit: Int
    private var texts: [Text] = []
    private var current: [UInt8] = []

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
        current.reserveCapacity(byteLimit)
    }

    /// Adds what is appended as one word.
    mutating func add(_ append: (inout [UInt8]) -> Void) {
        let end = current.count
        if end > 0 { current.append(32) }
        append(&current)
        guard end > 0, current.count > byteLimit else { return }
        texts.append(Text(Array(current[..<end])))
        current.removeSubrange(..<(end + 1))
    }

    mutating func finish() -> [Text] {
        if !current.isEmpty { texts.append(Text(current)) }
        return texts
    }
}
