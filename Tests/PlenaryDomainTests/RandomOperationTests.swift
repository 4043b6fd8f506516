// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Whatever people do in whatever order, the state stays whole, and the log alone rebuilds its durable part.
@Suite struct RandomOperations {
    /// Printed with every failure; more are tried with `PLENARY_SOAK`-long lists by adding numbers here.
    static let seeds: [UInt64] = [1, 2, 3, 20_261_124]

    @Test(arguments: seeds) func tenThousandCommandsInTheOpenProfileKeepTheStateWhole(seed: UInt64) {
        run(seed, .open)
    }

    @Test(arguments: seeds) func tenThousandCommandsInTheClosedProfileKeepTheStateWhole(seed: UInt64) {
        run(seed, .closed)
    }

    private func run(_ seed: UInt64, _ profile: CommunityPolicy.Profile) {
        print("seed \(seed), profile \(profile)")
        var crowd = Crowd(seed: seed, profile: profile)
        for step in 1...10_000 {
            crowd.act()
            crowd.noteAudiences()
            guard step % 500 == 0 else { continue }
            let faults = crowd.faults()
            #expect(faults == [], "seed \(seed), \(profile), step \(step)")
            if !faults.isEmpty { return }
        }
        let town = crowd.town
        let live = town.community.snapshotEvents()
        let replayed = Community.replayed(town.log, town.community.policy)
        #expect(replayed.snapshotEvents() == live, "seed \(seed): replay gives another state")
        let restored = Community.replayed(live, town.community.policy)
        #expect(restored.snapshotEvents() == live, "seed \(seed): a snapshot of the snapshot differs")
        #expect(restored.nextChannelID == town.community.nextChannelID)
        #expect(restored.nextAccountID == town.community.nextAccountID)
        #expect(town.log.count > 300, "seed \(seed): too little happened")
    }
}

/// A seeded sequence (Steele and others, "SplitMix64").
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// People who do anything at random.
private struct Crowd {
    var town: Town
    private var numbers: SeededNumbers
    private var sessions: [SessionID] = []
    private var seenAudiences: [ChannelID: (version: UInt64, content: [SessionID: UInt64])] = [:]
    private var audienceFaults: [String] = []
    private static let names: [Text] = ["ann", "bob", "eve", "dan", "Zoë", "root", "relay"]
    private static let channels: [Text] = ["#a", "#B", "#b", "#c", "#d/1", "c", "#", "#e"]
    private static let masks: [Text] = [
        "ann!*@*", "*", "b?b", "$a:eve", "$a", "", "a b", "m:$a:bob", "$m:eve", "m:", "m:*", ":x",
        "*!*@h.member",
    ]

    init(seed: UInt64, profile: CommunityPolicy.Profile) {
        numbers = SeededNumbers(seed: seed)
        town = Town(profile) {
            $0.peopleMayCreateChannels = true
            $0.limits.joinedChannelCountLimit = 4
            $0.limits.rememberedTokenCountLimit = 20
            $0.limits.monitorCountLimit = 3
            $0.limits.listModeCountLimit = 4
            $0.limits.whowasCountLimit = 8
        }
        for name in ["ann", "bob", "eve", "relay"] { _ = town.account(Text(name), isBot: name == "relay") }
        _ = town.account("root", role: .secretariat)
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: 0..<list.count, using: &numbers)]
    }
    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &numbers) < percent
    }
    private mutating func text() -> Text { pick(["x", "", .filler(390), .filler(391), "é ok"]) }

    mutating func act() {
        town.now = Timestamp(
            microseconds: town.now.microseconds + Int64.random(in: 0...4_000_000, using: &numbers))
        town.hasSpace = !chance(2)
        if sessions.isEmpty || (sessions.count < 12 && chance(8)) {
            connect()
            return
        }
        let id = pick(sessions)
        if chance(3) {
            town.quit(id)
            sessions.removeAll { $0 == id }
            return
        }
        town.say(command(by: id), by: id)
        town.apply(town.community.decideExpiries(at: town.now))
        town.community.refreshExpiry()
        town.apply(town.community.decideCompletion(id, at: town.moment))
    }

    private mutating func connect() {
        let name = pick(Crowd.names)
        let account = chance(70) ? town.community.account(named: name)?.id : nil
        let capabilities = Capabilities(rawValue: numbers.next() & ((1 << 24) - 1))
        sessions.append(town.connect(name.string, account: account, capabilities))
    }

    /// Mostly a channel that the session is in, or else little would ever be allowed.
    private mutating func channel(of id: SessionID) -> Text {
        let joined = (town.community.sessions[id]?.channels ?? []).sorted().compactMap {
            town.community.channels[$0].map { Text($0.name.spelling) }
        }
        return joined.isEmpty || chance(20) ? pick(Crowd.channels) : pick(joined)
    }

    private mutating func command(by id: SessionID) -> Command {
        switch Int.random(in: 0..<23, using: &numbers) {
        case 0...3: .membership(.join(channel: pick(Crowd.channels), key: chance(20) ? "k" : nil))
        case 4: .membership(.part(channel: channel(of: id), reason: nil))
        case 5: .membership(.kick(channel: channel(of: id), nick: pick(Crowd.names), reason: text()))
        case 6: .membership(.invite(nick: pick(Crowd.names), channel: channel(of: id)))
        case 7: .topics(.set(channel: channel(of: id), topic: text()))
        case 8...10: .modes(.change(target: channel(of: id), changes: modes()))
        case 11...13: .messaging(post(by: id))
        case 14: .messaging(batch())
        case 19...21: .moderation(moderation(in: channel(of: id)))
        case 15: .presence(.away(chance(50) ? text() : nil))
        case 16: .registration(.nickname(pick(Crowd.names)))
        case 17:
            .presence(chance(70) ? .monitorAdd([pick(Crowd.names)]) : .monitorRemove([pick(Crowd.names)]))
        case 18:
            .registration(
                .requestCapabilities(
                    adding: Capabilities(rawValue: numbers.next() & 0xFFFF), removing: [], names: [],
                    allKnown: true))
        default: .membership(chance(10) ? .partAll : .join(channel: pick(Crowd.channels), key: nil))
        }
    }

    private mutating func moderation(in channel: Text) -> ModerationCommand {
        let who = chance(20) ? pick(Crowd.masks) : pick(Crowd.names)
        let reason: Text = pick(["", "spam", "off-topic, please", .filler(301)])
        let message: Text = pick(["~1", "~2", "ann", "bob~2", "eve~0", "x~y", "~"])
        let seconds: Int? = chance(60) ? Int.random(in: 1...20, using: &numbers) : nil
        let act: RequestedAct =
            switch Int.random(in: 0..<16, using: &numbers) {
            case 0, 1: .mute(who: who, seconds: seconds, reason: reason)
            case 2: .unmute(who: who)
            case 3: .remove(who: who, reason: reason)
            case 4: .ban(who: who, seconds: seconds, reason: reason)
            case 5: .unban(who: who)
            case 6: .slow(seconds: seconds, reason: reason)
            case 7: .moderated(chance(50), reason: reason)
            case 8, 9: .hide(message: message, reason: reason)
            case 10: .unhide(message: message)
            case 11: .redact(message: message, reason: reason)
            case 12: .note(who: who, text: reason)
            case 13: .claim(UInt32.random(in: 1...4, using: &numbers))
            case 14: .resolve(UInt32.random(in: 1...4, using: &numbers), .warned, text: reason)
            default: .log(limit: 5, after: nil)
            }
        if chance(25) { return .report(about: chance(50) ? who : message, channel: channel, reason: reason) }
        return .act(target: chance(8) ? "*" : channel, act)
    }

    private mutating func modes() -> [RequestedMode] {
        (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
            let letter = pick(Array("imnstklfbbeIovqzX".utf8))
            let argument: Text? =
                switch letter {
                case UInt8(ascii: "o"), UInt8(ascii: "v"), UInt8(ascii: "q"): pick(Crowd.names)
                case UInt8(ascii: "b"), UInt8(ascii: "e"), UInt8(ascii: "I"):
                    chance(10) ? nil : pick(Crowd.masks)
                case UInt8(ascii: "f"): pick(["3", "0", "x", "9999999"])
                case UInt8(ascii: "l"): pick(["3", "0", "-1", "x"])
                case UInt8(ascii: "k"): pick(["k", "a b", ""])
                default: nil
                }
            return RequestedMode(
                letter: letter, isAdded: chance(60), argument: argument,
                until: chance(30)
                    ? town.now.advanced(bySeconds: Int64.random(in: 1...20, using: &numbers)) : nil)
        }
    }

    private mutating func post(by id: SessionID) -> MessagingCommand {
        .post(
            PostedText(
                target: chance(70) ? channel(of: id) : pick(Crowd.names),
                kind: pick([.privateMessage, .notice, .tagOnly]), text: text(),
                clientTags: pick(["", "+typing=active", "+draft/react=x"]),
                clientToken: chance(50) ? Text("t\(Int.random(in: 0..<40, using: &numbers))") : nil))
    }

    private mutating func batch() -> MessagingCommand {
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0:
            .openBatch(
                reference: "1", target: pick(Crowd.channels), clientTags: "", clientToken: nil, label: nil)
        case 1, 2:
            .batchLine(
                reference: "1", target: pick(Crowd.channels), isNotice: chance(5), text: text(),
                isConcatenated: chance(20))
        default: .closeBatch(reference: "1")
        }
    }

    // MARK: Invariants

    /// The fan-out caches audiences by version: equal versions have to mean equal members and capabilities.
    mutating func noteAudiences() {
        for channel in town.community.channels.values {
            let content = channel.members.keys.reduce(into: [SessionID: UInt64]()) {
                $0[$1] = town.community.sessions[$1]?.capabilities.rawValue ?? 0
            }
            if let seen = seenAudiences[channel.id], seen.version == channel.audienceVersion,
                seen.content != content
            {
                audienceFaults.append("\(channel.name): members changed under version \(seen.version)")
            }
            seenAudiences[channel.id] = (channel.audienceVersion, content)
        }
    }

    func faults() -> [String] {
        let community = town.community
        var faults = audienceFaults
        for channel in community.channels.values {
            for member in channel.members.keys
            where community.sessions[member]?.channels.contains(channel.id) != true {
                faults.append("\(channel.name) holds \(member), who does not know it")
            }
            if !channel.isPermanent, channel.members.isEmpty { faults.append("\(channel.name) is empty") }
            if community.channelsByName[channel.name.key] != channel.id {
                faults.append("\(channel.name) is not found")
            }
            for entry in channel.masks.values.joined() where !isWord(entry.mask) {
                faults.append("\(channel.name) has the mask '\(entry.mask)', which no line can show")
            }
        }
        if community.channelsByName.count != community.channels.count { faults.append("channel names") }
        for session in community.sessions.values {
            for channel in session.channels where community.channels[channel]?.members[session.id] == nil {
                faults.append("\(session.id) is in \(channel), which does not know it")
            }
            for channel in session.invitations where community.channels[channel] == nil {
                faults.append("\(session.id) is invited to \(channel), which is gone")
            }
            if session.isRegistered, let nick = session.nickname,
                community.sessionsByNickname[nick.key]?.filter({ $0 == session.id }).count != 1
            {
                faults.append("\(session.id) is not once under \(nick)")
            }
            let visibleCount = community.channels.values.count { community.isVisible($0, to: session.id) }
            if community.visibleChannelCount(to: session.id) != visibleCount {
                faults.append(
                    "\(session.id) is told of another number of channels than the \(visibleCount) it sees")
            }
            for key in session.monitored.keys where community.watchers[key]?.contains(session.id) != true {
                faults.append("\(session.id) watches \(key) in vain")
            }
        }
        faults += identityFaults()
        return faults
    }

    private func identityFaults() -> [String] {
        let community = town.community
        var faults: [String] = []
        for (key, ids) in community.sessionsByNickname {
            if ids.isEmpty { faults.append("nobody is under \(key)") }
            if ids.contains(where: { community.sessions[$0]?.nickname?.key != key }) {
                faults.append("dangling \(key)")
            }
            let accounts = Set(ids.map { community.sessions[$0]?.account })
            if ids.count > 1, accounts.count != 1 || accounts.contains(nil) {
                faults.append("two people are \(key)")
            }
        }
        for (key, watchers) in community.watchers {
            if watchers.contains(where: { community.sessions[$0]?.monitored[key] == nil }) {
                faults.append("dangling watcher of \(key)")
            }
        }
        let registered = community.sessions.values.count { $0.isRegistered }
        if registered != community.registeredCount { faults.append("registered count") }
        return faults
    }

    private func isWord(_ text: Text) -> Bool {
        !text.isEmpty && text.bytes[0] != 58 && !text.bytes.contains(32)
    }
}
