// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Who is where: channels, members, topics.
extension ClientSession {
    mutating func processMembership(_ line: ServerLine, now: Timestamp) {
        let person = person(of: line)
        let isOwn = isOwnNickname(person.nickname)
        switch line.verb {
        case "JOIN": handleJoin(line, person, isOwn: isOwn, now)
        case "PART": handlePart(line, person, isOwn: isOwn, now)
        case "QUIT":
            for key in channels.keys { channels[key]?.members[features.fold(person.nickname)] = nil }
            emit(
                .membership(
                    MembershipChange(
                        kind: .quit(reason: line.parameter(0)), person: person, channel: nil, isOwn: isOwn,
                        time: time(of: line, now: now))))
        case "KICK": handleKick(line, by: person, now)
        case "NICK": handleNick(line, person, isOwn: isOwn)
        case "TOPIC":
            guard let name = line.parameter(0) else { return }
            let text = line.parameter(1).flatMap { $0.isEmpty ? nil : $0 }
            channels[features.fold(name)]?.topic = text
            emit(.topic(channel: name, text: text, by: person))
        case "MODE":
            guard let name = line.parameter(0), features.isChannel(name) else { return emit(.line(line)) }
            applyModes(channel: features.fold(name), words: Array(line.parameters.dropFirst()))
            emit(.modesChanged(channel: name, by: person, words: Array(line.parameters.dropFirst())))
        case "AWAY":
            setMember(person.nickname) { $0.isAway = line.parameter(0) != nil }
            emit(.away(nickname: person.nickname, text: line.parameter(0)))
        case "ACCOUNT":
            let name = line.parameter(0).flatMap { $0 == "*" ? nil : $0 }
            setMember(person.nickname) { $0.account = name }
            if isOwn { account = name }
            emit(.accountChanged(nickname: person.nickname, account: name))
        case "CHGHOST":
            if isOwn, let user = line.parameter(0), let host = line.parameter(1) {
                ownMask = "!\(user)@\(host)"
            }
        case "INVITE":
            guard let target = line.parameter(0), let name = line.parameter(1) else { return }
            if isOwnNickname(target) { emit(.invited(channel: name, by: person)) } else { emit(.line(line)) }
        default:
            emit(.line(line))
        }
    }

    private mutating func handleJoin(_ line: ServerLine, _ person: Person, isOwn: Bool, _ now: Timestamp) {
        guard let name = line.parameter(0) else { return }
        var person = person
        // extended-join: the account, or `*`.
        if let joined = line.parameter(1), joined != "*" { person.account = joined }
        let key = features.fold(name)
        if isOwn {
            if let source = line.source { noteOwnMask(source) }
            if channels.count < ClientLimits.channelLimit { channels[key] = Channel(name: name) }
        }
        addMember(Member(nickname: person.nickname, account: person.account), to: key)
        emit(
            .membership(
                MembershipChange(
                    kind: .joined, person: person, channel: name, isOwn: isOwn,
                    time: time(of: line, now: now))))
    }

    private mutating func handlePart(_ line: ServerLine, _ person: Person, isOwn: Bool, _ now: Timestamp) {
        guard let name = line.parameter(0) else { return }
        remove(person.nickname, from: features.fold(name), isOwn: isOwn)
        emit(
            .membership(
                MembershipChange(
                    kind: .left(reason: line.parameter(1)), person: person, channel: name, isOwn: isOwn,
                    time: time(of: line, now: now))))
    }

    private mutating func handleKick(_ line: ServerLine, by: Person, _ now: Timestamp) {
        guard let name = line.parameter(0), let nickname = line.parameter(1) else { return }
        let isOwn = isOwnNickname(nickname)
        let key = features.fold(name)
        let account = channels[key]?.members[features.fold(nickname)]?.account
        remove(nickname, from: key, isOwn: isOwn)
        emit(
            .membership(
                MembershipChange(
                    kind: .removed(by: by, reason: line.parameter(2)),
                    person: Person(nickname: nickname, account: account), channel: name, isOwn: isOwn,
                    time: time(of: line, now: now))))
    }

    private mutating func handleNick(_ line: ServerLine, _ person: Person, isOwn: Bool) {
        guard let name = line.parameter(0) else { return }
        let old = features.fold(person.nickname)
        let new = features.fold(name)
        for key in channels.keys {
            guard var member = channels[key]?.members.removeValue(forKey: old) else { continue }
            member.nickname = name
            channels[key]?.members[new] = member
        }
        if isOwn { nickname = name }
        emit(.renamed(from: person.nickname, to: name, isOwn: isOwn))
    }

    private mutating func remove(_ nickname: String, from key: String, isOwn: Bool) {
        if isOwn {
            channels[key] = nil
        } else {
            channels[key]?.members[features.fold(nickname)] = nil
        }
    }

    private mutating func addMember(_ member: Member, to key: String) {
        guard let count = channels[key]?.members.count, count < ClientLimits.memberLimit else { return }
        channels[key]?.members[features.fold(member.nickname)] = member
    }

    private mutating func setMember(_ nickname: String, _ change: (inout Member) -> Void) {
        let folded = features.fold(nickname)
        for key in channels.keys {
            guard var member = channels[key]?.members[folded] else { continue }
            change(&member)
            channels[key]?.members[folded] = member
        }
    }

    private mutating func applyModes(channel key: String, words: [String]) {
        guard let modes = words.first else { return }
        var isSetting = true
        var rest = words.dropFirst()
        for mode in modes {
            if mode == "+" || mode == "-" {
                isSetting = mode == "+"
                continue
            }
            guard features.takesParameter(mode: mode, isSetting: isSetting) else { continue }
            guard let parameter = rest.popFirst() else { return }
            guard let status = features.statusModes.first(where: { $0.mode == mode }) else { continue }
            let folded = features.fold(parameter)
            guard var member = channels[key]?.members[folded] else { continue }
            var held = Set(member.prefixes)
            if isSetting { held.insert(status.prefix) } else { held.remove(status.prefix) }
            member.prefixes = String(features.statusModes.map(\.prefix).filter { held.contains($0) })
            channels[key]?.members[folded] = member
        }
    }

    // MARK: Numerics about channels

    mutating func noteTopic(_ line: ServerLine, text: String?) {
        guard let name = line.parameter(1) else { return }
        channels[features.fold(name)]?.topic = text
        emit(.topic(channel: name, text: text, by: nil))
    }

    /// 353, with multi-prefix and with or without userhost-in-names.
    mutating func noteNames(_ line: ServerLine) {
        guard line.parameters.count >= 4, let names = line.parameters.last else { return }
        let key = features.fold(line.parameters[2])
        for entry in names.split(separator: " ") {
            let prefixes = entry.prefix { character in
                features.statusModes.contains { $0.prefix == character }
            }
            let nickname = PlenaryClient.nickname(ofSource: String(entry.dropFirst(prefixes.count)))
            guard !nickname.isEmpty else { continue }
            let folded = features.fold(nickname)
            if channels[key]?.members[folded] != nil {
                channels[key]?.members[folded]?.prefixes = String(prefixes)
            } else {
                addMember(Member(nickname: nickname, prefixes: String(prefixes)), to: key)
            }
        }
    }

    mutating func noteEndOfNames(_ line: ServerLine) {
        guard let name = line.parameter(1), channels[features.fold(name)] != nil else { return }
        channels[features.fold(name)]?.hasAllMembers = true
        emit(.members(channel: name))
    }
}
