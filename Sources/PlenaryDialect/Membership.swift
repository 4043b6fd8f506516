// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretMembership(_ line: Line) throws(Refusal) -> [Command] {
        let parameters = line.parameters
        switch line.verb {
        case "JOIN":
            if parameters[0].bytes == [48] { return [.membership(.partAll)] }
            let keys = (parameters[parameter: 1]?.bytes ?? []).split(
                separator: 44, omittingEmptySubsequences: false)
            return targets(parameters[0]).enumerated().map { index, channel in
                .membership(.join(channel: channel, key: index < keys.count ? Text(keys[index]) : nil))
            }
        case "PART":
            return targets(parameters[0]).map {
                .membership(.part(channel: $0, reason: parameters[parameter: 1]))
            }
        case "NAMES":
            guard let names = parameters.first else { return [.membership(.names(channel: nil))] }
            var named: Set<String> = []
            // A channel named fifty times in a line is answered once.
            return targets(names).filter { named.insert(asciiFolded($0.bytes)).inserted }
                .map { .membership(.names(channel: $0)) }
        case "LIST": return [.membership(.list(listFilter(parameters.first)))]
        case "KICK": return try interpretKick(parameters)
        default:
            if parameters.isEmpty { return [.membership(.inviteList)] }
            guard parameters.count >= 2 else { throw .needMoreParameters(verb: "INVITE") }
            return [.membership(.invite(nick: parameters[0], channel: parameters[1]))]
        }
    }

    /// One channel and many nicknames, or as many channels as nicknames (RFC 2812, 3.2.8).
    private static func interpretKick(_ parameters: [Text]) throws(Refusal) -> [Command] {
        let channels = targets(parameters[0])
        let nicks = targets(parameters[1])
        guard channels.count == 1 || channels.count == nicks.count, let first = channels.first else {
            throw .needMoreParameters(verb: "KICK")
        }
        return nicks.enumerated().map { index, nick in
            .membership(
                .kick(
                    channel: channels.count == 1 ? first : channels[index], nick: nick,
                    reason: parameters[parameter: 2]))
        }
    }

    private static func listFilter(_ text: Text?) -> ListFilter {
        var filter = ListFilter()
        for word in text.map(targets) ?? [] {
            switch word.bytes.first {
            case 62: filter.moreMembersThan = Int(Text(word.bytes.dropFirst()).string)
            case 60: filter.fewerMembersThan = Int(Text(word.bytes.dropFirst()).string)
            case 33: filter.excludedMasks.append(Text(word.bytes.dropFirst()))
            default:
                if word.bytes.contains(42) || word.bytes.contains(63) {
                    filter.masks.append(word)
                } else {
                    filter.names.append(word)
                }
            }
        }
        return filter
    }

    /// `~@+` or the highest of them (IRCv3 multi-prefix).
    static func prefix(_ roles: ChannelRoles, _ capabilities: Capabilities) -> [UInt8] {
        var bytes: [UInt8] = []
        appendPrefix(roles, capabilities, to: &bytes)
        return bytes
    }

    static func appendPrefix(
        _ roles: ChannelRoles, _ capabilities: Capabilities, to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        if roles.contains(.founder) { bytes.append(126) }
        if roles.contains(.channelOperator) { bytes.append(64) }
        if roles.contains(.voice) { bytes.append(43) }
        if !capabilities.contains(.multiPrefix), bytes.count > start + 1 {
            bytes.removeSubrange((start + 1)...)
        }
    }

    /// The roles of everybody in the channel, one row an identity, in a stable order.
    static func people(
        of channel: Channel, in community: Community
    ) -> [(session: Session, roles: ChannelRoles)] {
        Roster(of: channel, in: community).rows.compactMap { row in
            community.sessions[row.session].map { ($0, row.roles) }
        }
    }

    func renderList(_ filter: ListFilter, to session: Session, in community: Community) -> [Line] {
        let names = Set(filter.names.map { asciiFolded($0.bytes) })
        var lines = [numeric(.listStart, session, ["Channel"], say: .listHeader)]
        for channel in community.channels.values.sorted(by: { $0.name.key < $1.name.key }) {
            guard community.isVisible(channel, to: session.id) else { continue }
            let bytes = Array(channel.name.spelling.utf8)
            if !names.isEmpty || !filter.masks.isEmpty {
                let isNamed =
                    names.contains(channel.name.key) || filter.masks.contains { matchesMask(bytes, $0.bytes) }
                guard isNamed else { continue }
            }
            guard !filter.excludedMasks.contains(where: { matchesMask(bytes, $0.bytes) }) else { continue }
            let count = community.peopleCount(in: channel)
            if let least = filter.moreMembersThan, count <= least { continue }
            if let most = filter.fewerMembersThan, count >= most { continue }
            let shown = shownTopic(of: channel, to: session) ?? ""
            lines.append(numeric(.list, session, [channel.name.text, Text(String(count))], shown))
        }
        return lines + [numeric(.listEnd, session, say: .endOfList)]
    }
}
