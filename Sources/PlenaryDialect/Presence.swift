// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    static func interpretPresence(_ line: Line) throws(Refusal) -> [Command] {
        [.presence(try interpretPresenceCommand(line))]
    }

    private static func interpretPresenceCommand(_ line: Line) throws(Refusal) -> PresenceCommand {
        let parameters = line.parameters
        func toServer(_ answer: Answer) -> PresenceCommand {
            parameters.first.map { .serverNamed($0, answer) } ?? .server(answer)
        }
        switch line.verb {
        case "AWAY": return .away(parameters.first)
        case "SETNAME": return .setName(parameters[0])
        case "WHO": return .who(whoQuery(parameters))
        case "WHOIS":
            // `WHOIS server nick` asks about the nick (modern.ircd.chat, "WHOIS").
            guard let nick = parameters.count > 1 ? parameters[1] : parameters.first else {
                throw .noNicknameGiven
            }
            return .whois(nick)
        case "WHOWAS":
            guard let nick = parameters.first else { throw .noNicknameGiven }
            return .whowas(nick, count: parameters[parameter: 1].flatMap { Int($0.string) } ?? 0)
        case "USERHOST": return .userhost(Array(parameters.prefix(5)))
        case "ISON": return .isOn(parameters.flatMap { $0.bytes.split(separator: 32).map { Text($0) } })
        case "MONITOR": return try interpretMonitor(parameters)
        case "LANGUAGE": return .language(parameters[0])
        case "MOTD": return toServer(.messageOfTheDay)
        case "LUSERS": return .server(.lusers)
        case "VERSION": return toServer(.version)
        case "TIME": return toServer(.time)
        case "INFO": return .server(.info)
        case "ADMIN": return toServer(.admin)
        default: return .server(.help(parameters.first ?? ""))
        }
    }

    private static func interpretMonitor(_ parameters: [Text]) throws(Refusal) -> PresenceCommand {
        switch parameters[0].string.uppercased() {
        case "+", "-":
            guard let names = parameters[parameter: 1] else { throw .needMoreParameters(verb: "MONITOR") }
            return parameters[0].bytes == [43] ? .monitorAdd(targets(names)) : .monitorRemove(targets(names))
        case "C": return .monitorClear
        case "L": return .monitorList
        case "S": return .monitorStatus
        default: throw .needMoreParameters(verb: "MONITOR")
        }
    }

    private static func whoQuery(_ parameters: [Text]) -> WhoQuery {
        var query = WhoQuery(mask: parameters[0], fields: nil, token: "0", operatorsOnly: false)
        guard let options = parameters[parameter: 1]?.bytes else { return query }
        if let percent = options.firstIndex(of: 37) {
            query.operatorsOnly = options[..<percent].contains(111)
            let parts = options[(percent + 1)...].split(
                separator: 44, maxSplits: 1, omittingEmptySubsequences: false)
            query.fields = Set(parts[0])
            // A token is at most three digits (ircv3.net, whox).
            if parts.count > 1, !parts[1].isEmpty, parts[1].count <= 3 { query.token = word(Text(parts[1])) }
        } else {
            query.operatorsOnly = options.contains(111)
        }
        return query
    }

    // MARK: WHO

    /// Whom a WHO mask means: a channel's people, one nickname, or everybody whom the mask matches.
    private func people(
        matching query: WhoQuery, for session: Session, in community: Community
    ) -> [(Session, Channel?)] {
        if query.mask.bytes.first == 35 {
            if let participants = community.participants(named: query.mask, for: session) {
                return participants.map { ($0, nil) }
            }
            guard let channel = community.channel(named: query.mask),
                community.isVisible(channel, to: session.id)
            else { return [] }
            let isMember = community.isMember(session.id, of: channel)
            return Dialect.people(of: channel, in: community).filter { isMember || !$0.session.isInvisible }
                .map { ($0.session, channel) }
        }
        if let person = community.session(named: query.mask) { return [(person, nil)] }
        let mask = query.mask.bytes == [48] ? Array("*".utf8) : query.mask.bytes
        return community.sessionsByNickname.sorted { $0.key < $1.key }.compactMap { _, ids in
            guard let person = ids.first.flatMap({ community.sessions[$0] }) else { return nil }
            let isHidden =
                person.isInvisible && person.id != session.id
                && !ids.contains { community.sharesChannel(session.id, $0) }
            guard !isHidden else { return nil }
            let fields = [
                Array((person.nickname?.spelling ?? "").utf8), person.userName?.bytes ?? [],
                person.host.bytes, person.realName.bytes, person.source.bytes,
            ]
            return fields.contains { matchesMask($0, mask) } ? (person, nil) : nil
        }
    }

    func renderWho(
        _ query: WhoQuery, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        var lines: [Line] = []
        for (person, channel) in people(matching: query, for: session, in: community) {
            if query.operatorsOnly, !community.permits(.moderate, person) { continue }
            let devices = community.devices(of: person)
            let shared = channel ?? shownChannel(of: devices, to: session, in: community)
            var flags: [UInt8] = [devices.contains { $0.away == nil } ? 72 : 71]
            if community.permits(.moderate, person) { flags.append(42) }
            let roles = devices.reduce(into: ChannelRoles()) { $0.formUnion(shared?.members[$1.id] ?? []) }
            flags += Dialect.prefix(roles, session.capabilities)
            if devices.contains(where: \.isBot) { flags.append(UInt8(ascii: "B")) }
            let row = WhoRow(
                person: person, channel: shared.map { Text($0.name.spelling) } ?? "*", flags: Text(flags),
                isOperator: roles.isOperator, idleSeconds: Dialect.idleSeconds(devices, now))
            lines.append(render(row, query, to: session))
        }
        return lines + [numeric(.endOfWho, session, [Dialect.word(query.mask)], say: .endOfWho)]
    }

    private static func idleSeconds(_ devices: [Session], _ now: Timestamp) -> Int64 {
        max(0, now.seconds - (devices.map(\.lastActive.seconds).max() ?? now.seconds))
    }

    /// One channel that both are in, or one that may be shown; an invisible person is shown in common ones only.
    private func shownChannel(
        of devices: [Session], to session: Session, in community: Community
    ) -> Channel? {
        let seats = Set(devices.flatMap(\.channels)).sorted().compactMap { community.channels[$0] }
        if let common = seats.first(where: { community.isMember(session.id, of: $0) }) { return common }
        guard !devices.contains(where: \.isInvisible) else { return nil }
        return seats.first { community.isVisible($0, to: session.id) }
    }

    /// One person in an answer to WHO.
    private struct WhoRow {
        var person: Session
        var channel: Text
        var flags: Text
        var isOperator: Bool
        var idleSeconds: Int64
    }

    /// 352, or 354 with the fields in their fixed order `tcuihsnfdlaor` (ircv3.net, whox).
    private func render(_ row: WhoRow, _ query: WhoQuery, to session: Session) -> Line {
        let person = row.person
        let nick = Text(person.nickname?.spelling ?? "*")
        let user = person.userName ?? "~u"
        guard let fields = query.fields else {
            return numeric(
                .whoReply, session, [row.channel, user, person.host, facts.name, nick, row.flags],
                "0 " + person.realName)
        }
        var values: [Text] = []
        for field in "tcuihsnfdlaor".utf8 where fields.contains(field) {
            switch field {
            case UInt8(ascii: "t"): values.append(query.token)
            case UInt8(ascii: "c"): values.append(row.channel)
            case UInt8(ascii: "u"): values.append(user)
            // Nobody's address is shown (ircv3.net, whox: 255.255.255.255 when hidden).
            case UInt8(ascii: "i"): values.append("255.255.255.255")
            case UInt8(ascii: "h"): values.append(person.host)
            case UInt8(ascii: "s"): values.append(facts.name)
            case UInt8(ascii: "n"): values.append(nick)
            case UInt8(ascii: "f"): values.append(row.flags)
            case UInt8(ascii: "d"): values.append("0")
            case UInt8(ascii: "l"): values.append(Text(String(row.idleSeconds)))
            case UInt8(ascii: "a"): values.append(person.accountName ?? "0")
            case UInt8(ascii: "o"): values.append(row.isOperator ? "1" : "n/a")
            default: values.append(person.realName)
            }
        }
        return Dialect.fitted(
            Line(
                source: facts.name, verb: Numeric.whoxReply.verb, [session.replyName] + values,
                hasTrailing: fields.contains(UInt8(ascii: "r"))))
    }

    // MARK: WHOIS

    func renderWhois(_ nick: Text, to session: Session, in community: Community, now: Timestamp) -> [Line] {
        guard let person = community.session(named: nick) else {
            return [
                numeric(.noSuchNick, session, [Dialect.word(nick)], say: .noSuchNick),
                numeric(.endOfWhois, session, [Dialect.word(nick)], say: .endOfWhois),
            ]
        }
        let name = Text(person.nickname?.spelling ?? "*")
        let devices = community.devices(of: person)
        var lines = [
            numeric(
                .whoisUser, session, [name, person.userName ?? "~u", person.host, "*"],
                describedName(of: person, to: session, in: community))
        ]
        let seats = Set(devices.flatMap(\.channels))
        let shown = seats.sorted().compactMap { community.channels[$0] }.filter { channel in
            community.isVisible(channel, to: session.id)
                && (!devices.contains(where: \.isInvisible) || devices.contains { $0.id == session.id }
                    || community.isMember(session.id, of: channel))
        }
        if !shown.isEmpty {
            let words = shown.map { channel in
                let roles = devices.reduce(into: ChannelRoles()) {
                    $0.formUnion(channel.members[$1.id] ?? [])
                }
                return Text(Dialect.prefix(roles, session.capabilities) + Array(channel.name.spelling.utf8))
            }
            lines += Dialect.packed(words, byteLimit: 380).map {
                numeric(.whoisChannels, session, [name], $0)
            }
        }
        lines.append(numeric(.whoisServer, session, [name, facts.name], facts.description))
        if community.permits(.moderate, person) {
            lines.append(
                numeric(
                    .whoisOperator, session, [name],
                    say: community.permits(.manageAccounts, person) ? .isOperator : .isModerator))
        }
        if let account = person.accountName {
            lines.append(numeric(.whoisAccount, session, [name, account], say: .isLoggedInAs))
        }
        if devices.contains(where: \.isBot) {
            lines.append(numeric(.whoisBot, session, [name], say: .isBot, [.network: facts.network]))
        }
        if let away = person.away, devices.allSatisfy({ $0.away != nil }) {
            lines.append(numeric(.away, session, [name], away))
        }
        if devices.allSatisfy(\.isTLS) {
            lines.append(numeric(.whoisSecure, session, [name], say: .isSecure))
        }
        let signOn = devices.map(\.registeredAt.seconds).min() ?? person.registeredAt.seconds
        let idle = Text(String(Dialect.idleSeconds(devices, now)))
        lines.append(
            numeric(.whoisIdle, session, [name, idle, Text(String(signOn))], say: .isIdle))
        return lines + [numeric(.endOfWhois, session, [name], say: .endOfWhois)]
    }

    func renderWhowas(_ nick: Text, count: Int, to session: Session, in community: Community) -> [Line] {
        let key = asciiFolded(nick.bytes)
        let entries = community.whowas.reversed().filter { $0.nickname.key == key }
        var lines = entries.prefix(count > 0 ? count : entries.count).map { entry in
            numeric(
                .whowasUser, session, [Text(entry.nickname.spelling), entry.userName, entry.host, "*"],
                entry.realName)
        }
        if lines.isEmpty {
            lines.append(numeric(.wasNoSuchNick, session, [Dialect.word(nick)], say: .wasNoSuchNick))
        }
        return lines + [numeric(.endOfWhowas, session, [Dialect.word(nick)], say: .endOfWhowas)]
    }

    func renderUserhost(_ nicks: [Text], to session: Session, in community: Community) -> [Line] {
        let words = nicks.compactMap { community.session(named: $0) }.map { person in
            let isOperator: Text = community.permits(.moderate, person) ? "*" : ""
            return Text(person.nickname?.spelling ?? "*") + isOperator + (person.away == nil ? "=+" : "=-")
                + (person.userName ?? "~u") + "@" + person.host
        }
        return [numeric(.userhost, session, [], Text(Array(words.map(\.bytes).joined(separator: [32]))))]
    }

    func renderIsOn(_ nicks: [Text], to session: Session, in community: Community) -> [Line] {
        let present = nicks.compactMap { community.session(named: $0)?.nickname }.map { Text($0.spelling) }
        return [numeric(.isOn, session, [], Dialect.packed(present, byteLimit: 400).first ?? "")]
    }

    // MARK: MONITOR

    /// 730 for those who are here, 731 for those who are not, in lines of at most 400 bytes.
    func renderMonitor(_ names: [Text], to session: Session, in community: Community) -> [Line] {
        var here: [Text] = []
        var gone: [Text] = []
        for name in names {
            if let person = community.session(named: name) {
                here.append(person.source)
            } else {
                gone.append(name)
            }
        }
        return monitorLines(.monitorOnline, here, session) + monitorLines(.monitorOffline, gone, session)
    }

    package func monitorLines(_ numeric: Numeric, _ names: [Text], _ session: Session) -> [Line] {
        Dialect.packed(names, byteLimit: 400).map { row in
            self.numeric(numeric, session, [], Text(row.bytes.map { $0 == 32 ? 44 : $0 }))
        }
    }

    func renderMonitorList(to session: Session) -> [Line] {
        monitorLines(.monitorList, session.monitored.values.sorted { $0.string < $1.string }, session)
            + [numeric(.endOfMonitorList, session, say: .endOfMonitorList)]
    }
}
