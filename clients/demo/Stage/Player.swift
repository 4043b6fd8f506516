// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient

/// Plays the day: each deed at its time, and none before the one ahead of it is stored.
final class DemoPlayer {
    let day: DemoDay
    let community: DemoCommunity
    private(set) var platform: DemoPlatform
    private let relayFolder: String
    private var relay: Process?
    /// Ids of messages by the record's keys.
    private(set) var ids: [Int: String] = [:]
    /// Targets of threads by the key of their first message.
    private var threads: [Int: String] = [:]
    /// Platform messages that wait to be delivered again, with when.
    private var waiting: [(time: Int64, message: PlatformMessage, writtenAt: Int64)] = []
    private(set) var tally = DemoTally()

    init(day: DemoDay, community: DemoCommunity) throws {
        self.day = day
        self.community = community
        platform = DemoPlatform(port: try LoopbackSocket.freePort())
        relayFolder = community.folder + "/relay"
    }

    // MARK: Before the day

    /// Everybody signs up; those with a task get their role.
    func gather(secretariatCode: String) async throws {
        let channels = ["#" + DemoDay.morning, "#" + DemoDay.afternoon]
        let host = try await community.enter(
            Staff.secretariat.rawValue, name: "Secretariat", code: secretariatCode, channels: channels)
        let count = day.people.count + Staff.allCases.count
        let made = try await host.request("INVITECODE", ["CREATE", "uses=\(count);expires=1d"])
        guard let code = made.lines.first(where: { $0.isNote("INVITECODE", "CREATED") })?.parameter(3) else {
            throw DemoFailure("no invite was made: \(made.refusal?.text ?? "")")
        }
        for staff in Staff.allCases where staff != .secretariat && staff != .relay {
            _ = try await community.enter(
                staff.rawValue, name: staff.rawValue, code: code, channels: channels)
        }
        try await enrolRelay(code)
        let roles: [(Staff, String)] = [
            (.chair, "moderator"), (.rapporteur, "rapporteur"), (.interpreter, "language-desk"),
            (.relay, "moderator"),
        ]
        for (staff, role) in roles { try await ask(host, "ROLE", [staff.rawValue, role]) }
        for person in day.people where !person.isOnPlatform { try await enter(person, code, channels) }
        for channel in channels { try await ask(host, "RELAY", [channel, "ON"]) }
        try await startRelay()
    }

    private func enter(_ person: DemoPerson, _ code: String, _ channels: [String]) async throws {
        let connection = try await community.enter(
            person.account, name: person.name, code: code, channels: channels)
        var facts = [
            ("affiliation", person.affiliation), ("organisation", person.organisation),
            ("languages", person.language.rawValue), ("presence", person.isRemote ? "remote" : "in-person"),
        ]
        if let country = person.country { facts.append(("country", country)) }
        for (key, value) in facts {
            try await ask(connection, "METADATA", ["*", "SET", "plenary.chat/\(key)", value])
        }
        tally.people += 1
    }

    private func ask(_ connection: PlenaryConnection, _ verb: String, _ words: [String]) async throws {
        let reply = try await connection.request(verb, words)
        if let refusal = reply.refusal {
            throw DemoFailure("\(verb) \(words.joined(separator: " ")): \(refusal.code) \(refusal.text)")
        }
    }

    // MARK: The relay

    private func enrolRelay(_ code: String) async throws {
        let pins = community.pins.map { "pin = \($0)" }.joined(separator: "\n")
        let meetings = DemoPlatform.meetings.sorted { $0.value < $1.value }
        let settings = """
            server = 127.0.0.1:\(community.port)
            \(pins)
            account = \(Staff.relay.rawValue)
            \(meetings.map { "allow = \($0.key)\nmeeting = \($0.value) \($0.key)" }.joined(separator: "\n"))
            secret-file = \(community.folder)/zoom.secret
            contact = secretariat@example.org
            retention = 90 days
            room = Room XVII

            """
        try settings.write(toFile: community.folder + "/relay.conf", atomically: true, encoding: .utf8)
        let secret = URL(fileURLWithPath: community.folder + "/zoom.secret")
        try Data(DemoPlatform.secret.utf8).write(to: secret)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
        try community.programs.run("plenary-relay", ["enrol", "--code", code] + relayOptions)
    }

    private var relayOptions: [String] {
        ["--config", community.folder + "/relay.conf", "--state", relayFolder]
    }

    private func startRelay() async throws {
        relay = try community.programs.start(
            "plenary-relay", ["zoom-webhook", "--listen", "127.0.0.1:\(platform.port)"] + relayOptions,
            log: community.folder + "/relay.log")
        // It is there when it answers; what is not signed it refuses.
        for _ in 0..<1000 {
            if let status = try? platform.deliver([0x7B, 0x7D], at: 0, secret: "not the secret"),
                status == 401
            {
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw DemoFailure("the relay does not answer; see \(community.folder)/relay.log")
    }

    private func stopRelay() {
        relay?.terminate()
        relay?.waitUntilExit()
        relay = nil
    }

    // MARK: The day

    /// Plays all of it.
    func play() async throws {
        var now: Int64 = 0
        for moment in day.moments {
            try await deliverWaiting(until: moment.time)
            now = max(now, moment.time)
            try community.clock.set(now)
            do { try await perform(moment.deed, at: now) } catch {
                throw DemoFailure("at \(Timestamp(seconds: now).iso8601), \(moment.deed): \(error)")
            }
            if let channel = day.reconciliation(after: moment) { try await reconcile(channel, at: &now) }
        }
    }

    private func perform(_ deed: DemoDeed, at time: Int64) async throws {
        switch deed {
        case .post(let post): try await say(post)
        case .refusedPost(let by, let channel, let text, let code):
            try await beRefused(by, channel, text, code)
        case .platform(let message): try await hear(message, at: time)
        case .thread(let by, let key, let title):
            let connection = try connection(of: by)
            let thread = try await connection.createThread(
                in: "#" + channel(of: key), title: title, root: ids[key])
            threads[key] = thread.target
            tally.threads += 1
        case .translate(let translation): try await translate(translation)
        case .floor(let deed): try await take(deed)
        case .session(let by, let channel, let words):
            try await staff(by).changeMeeting(in: "#" + channel, words)
        case .powerCut(let seconds): try await cutPower(seconds, at: time)
        case .mark(let mark):
            _ = try await staff(.rapporteur).markOutcome(
                in: "#" + mark.channel, sources: mark.sources.compactMap { ids[$0] }, kind: mark.kind,
                theme: mark.theme, summary: mark.summary)
            tally.marks += 1
        case .answer(let by, let form, let values):
            try await connection(of: by).answerQuestionnaire(
                form, values.sorted { $0.key < $1.key }.map { (question: $0.key, value: $0.value) })
            tally.answers += 1
        case .pass:
            // Whatever is asked for now comes behind what happened by itself.
            _ = try await staff(.chair).request("PING", ["now"])
        }
    }

    private func connection(of person: Int) throws -> PlenaryConnection {
        guard let connection = community.connections[day.people[person].account] else {
            throw DemoFailure("\(day.people[person].account) is not there")
        }
        return connection
    }

    private func staff(_ staff: Staff) throws -> PlenaryConnection {
        guard let connection = community.connections[staff.rawValue] else {
            throw DemoFailure("the \(staff.rawValue) is not there")
        }
        return connection
    }

    private func channel(of key: Int) -> String {
        for moment in day.moments {
            if case .post(let post) = moment.deed, post.key == key { return post.channel }
        }
        return DemoDay.morning
    }

    // MARK: Messages

    private func say(_ post: DemoPost) async throws {
        let target = post.thread.flatMap { threads[$0] } ?? "#" + post.channel
        var marks = Marks(language: post.language.rawValue, references: post.references)
        marks.kind = post.kind.flatMap { Marks.Kind(rawValue: $0) }
        let message = try await connection(of: post.by).post(post.text, to: target, marks: marks)
        ids[post.key] = message.id
        tally.posts += 1
    }

    private func beRefused(_ by: Int, _ channel: String, _ text: String, _ code: String) async throws {
        let reply = try await connection(of: by).request("PRIVMSG", ["#" + channel, text])
        guard reply.lines.contains(where: { $0.verb == "FAIL" && $0.parameter(1) == code }) else {
            throw DemoFailure("a message to \(channel) was not refused with \(code): \(reply.lines)")
        }
        tally.refused += 1
    }

    private func translate(_ translation: DemoTranslation) async throws {
        guard let id = ids[translation.of] else { return }
        let words = [
            "#" + channel(of: translation.of), id, translation.language.rawValue, translation.provenance,
            translation.text,
        ]
        try await ask(staff(.interpreter), "TRANSLATE", words)
        tally.translations += 1
    }

    // MARK: The floor

    private func take(_ deed: FloorDeed) async throws {
        switch deed {
        case .request(let by, let channel, let words):
            try await connection(of: by).floor("#" + channel, ["REQUEST", words])
            tally.floorRequests += 1
        case .remoteRequest(let person, let channel):
            // The chair's assistant inscribes whoever asked on the platform.
            let somebody = day.people[person]
            let words = PlenaryConnection.floorAttributes([
                ("name", somebody.name), ("category", "ngo"), ("presence", "remote"),
            ])
            try await staff(.chair).floor("#" + channel, ["REQUEST", words])
            tally.floorRequests += 1
        case .withdraw(let by, let channel):
            try await connection(of: by).floor("#" + channel, ["WITHDRAW"])
        case .manage(let channel, let words):
            try await staff(.chair).floor("#" + channel, words)
            if words.first == "GRANT" { tally.statements += 1 }
        case .reply(let by, let channel, let statement):
            let list = try await staff(.chair).speakersList(of: "#" + channel)
            guard list.spoken.count > statement else {
                throw DemoFailure("no statement \(statement) to reply to")
            }
            let number = "r\(list.spoken[statement].request.number)"
            try await connection(of: by).floor("#" + channel, ["REPLY", number])
            tally.floorRequests += 1
        }
    }

    // MARK: The platform

    private func hear(_ message: PlatformMessage, at time: Int64) async throws {
        let sender = day.people[message.sender].name
        platform.save(message, sender: sender, at: time)
        switch message.delivery {
        case .once: try await deliver(message, writtenAt: time, at: time)
        case .repeated(let count):
            for _ in 0...count { try await deliver(message, writtenAt: time, at: time) }
            tally.repeated += count
        case .late(let seconds): waiting.append((time + seconds, message, time))
        case .lost: tally.lost += 1
        case .forged:
            let body = try DemoPlatform.body(message, sender: sender, at: time)
            let status = try platform.deliver(body, at: time, secret: "somebody else's secret")
            guard status == 401 else { throw DemoFailure("a forged event was answered by \(status)") }
            tally.forged += 1
        }
    }

    /// Delivers, and again five minutes later when the relay could not take it.
    private func deliver(_ message: PlatformMessage, writtenAt: Int64, at time: Int64) async throws {
        let body = try DemoPlatform.body(message, sender: day.people[message.sender].name, at: writtenAt)
        let status = try platform.deliver(body, at: time)
        switch status {
        case 200:
            if message.audience == .one {
                tally.privateDropped += 1
            } else {
                tally.relayed.insert(message.key)
            }
        case 503:
            waiting.append((time + 300, message, writtenAt))
            tally.retried += 1
        default: throw DemoFailure("an event was answered by \(status)")
        }
    }

    private func deliverWaiting(until time: Int64) async throws {
        while let index = waiting.indices.filter({ waiting[$0].time <= time }).min(by: {
            (waiting[$0].time, $0) < (waiting[$1].time, $1)
        }) {
            let next = waiting.remove(at: index)
            try community.clock.set(next.time)
            try await deliver(next.message, writtenAt: next.writtenAt, at: next.time)
        }
    }

    // MARK: The power cut

    /// The server is gone in the middle of things: somebody's message is on its way, and the platform's next events
    /// find nobody.
    private func cutPower(_ seconds: Int64, at time: Int64) async throws {
        let survivor = try connection(of: day.people.firstIndex { !$0.isOnPlatform } ?? 0)
        let unsure = Task { try await survivor.post("Sent as the power went.", to: "#" + DemoDay.morning) }
        community.cutPower()
        tally.powerCuts += 1
        for index in 0..<2 {
            let remote = day.people.firstIndex { $0.isOnPlatform } ?? 0
            let message = PlatformMessage(
                key: -1 - index, channel: DemoDay.morning, id: "cut-\(index)", sender: remote,
                text: "Written while the power was out (\(index + 1)).")
            platform.save(message, sender: day.people[remote].name, at: time + Int64(index))
            try await deliver(message, writtenAt: time + Int64(index), at: time + Int64(index))
        }
        try community.clock.set(time + seconds)
        try community.start()
        try await community.awaitEverybody()
        _ = try await unsure.value
        try await awaitRelay()
    }

    /// The relay finds the server again by itself; events before that are answered by 503 and come again.
    private func awaitRelay() async throws {
        for _ in 0..<600 {
            let status = try await staff(.chair).relayStatus(of: "#" + DemoDay.morning)
            if status.lastBeat != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoFailure("the relay did not come back; see \(community.folder)/relay.log")
    }

    // MARK: After a session

    /// The saved chat is compared with the channel, and what the platform lost is brought in.
    private func reconcile(_ channel: String, at now: inout Int64) async throws {
        stopRelay()
        let file = community.folder + "/\(channel).txt"
        let lines = platform.saved[channel] ?? []
        try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = ["reconcile", file, channel, "--date", "2023-06-23", "--tz", "Europe/Zurich"]
        tally.reconciled += [
            try community.programs.run(
                "plenary-relay", arguments + ["--import-missing"] + relayOptions, expecting: [0, 1])
        ]
        tally.reconciled += [try community.programs.run("plenary-relay", arguments + relayOptions)]
        try await startRelay()
    }

    /// The end of the day.
    func end() async {
        stopRelay()
        await community.leave()
    }
}

/// What was done, counted by whoever did it.
struct DemoTally {
    var people = 0
    var posts = 0
    var refused = 0
    var threads = 0
    var translations = 0
    var floorRequests = 0
    var statements = 0
    var marks = 0
    var answers = 0
    var relayed: Set<Int> = []
    var repeated = 0
    var retried = 0
    var privateDropped = 0
    var forged = 0
    var lost = 0
    var powerCuts = 0
    /// What reconcile said, before and after.
    var reconciled: [String] = []
}
