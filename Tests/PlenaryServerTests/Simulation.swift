// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryTestKit

/// A whole server in memory and people who do anything at random, drawn from one seed: community, log, snapshots,
/// restarts and a clock that jumps. Several say something before anybody hears; then all hear, and what they heard
/// is judged.
///
/// All that is asked for is posted by one task, so that the order of deeds is the seed's. Keys, salts and ids are
/// random in every run: the trace has their places in the order of appearance instead. Sockets, threads of the
/// network and readers that do not read are not part of it (RandomInputTranscripts, NetLimitsTests).
final class Simulation {
    /// Somebody who is connected, with what they know from what they heard.
    final class Person {
        let client: TranscriptClient
        var nick: String
        /// Channels they are in, by their own lines.
        var channels: Set<String> = []
        /// Ids of messages heard in a channel since they joined it.
        var heard: [String: [String]] = [:]
        var isGone = false

        init(_ client: TranscriptClient, nick: String) {
            self.client = client
            self.nick = nick
        }
    }

    static let capabilities = [
        "message-tags", "server-time", "batch", "echo-message", "draft/chathistory",
        "draft/message-redaction",
        "plenary.chat/threads",
    ]
    /// Channels that stay; the auditor is in them and hears everything.
    static let lasting = ["#a", "#b", "#c"]

    let seed: UInt64
    let script: Transcript
    var numbers: SeededNumbers
    var auditor: Person
    var people: [Person] = []
    /// Every message of a lasting channel, in the order in which the auditor heard them.
    var told: [String: [String]] = [:]
    var redacted: Set<String> = []
    var faults: [String] = []
    var messageCount = 0
    var personCount = 0
    private(set) var restartCount = 0
    private(set) var checkCount = 0

    init(seed: UInt64, script: Transcript) async throws {
        self.seed = seed
        self.script = script
        numbers = SeededNumbers(state: seed)
        try await script.addAccount("aud", password: "correct horse", role: .secretariat)
        try await script.addAccount("acc", password: "correct horse")
        auditor = try await Simulation.arrive(script, "aud", password: "correct horse")
        await enter()
    }

    static func arrive(_ script: Transcript, _ nick: String, password: String? = nil) async throws -> Person {
        Person(
            try await script.register(nick, capabilities: capabilities, password: password), nick: nick)
    }

    private func enter() async {
        auditor.client.send("JOIN " + Simulation.lasting.joined(separator: ","))
        judge(await auditor.client.drain(), by: auditor)
    }

    func fault(_ text: String) { faults.append("seed \(seed): \(text)") }

    func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &numbers) }
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

    // MARK: Running

    func run(steps: Int) async throws {
        for step in 1...steps {
            for _ in 0..<Int.random(in: 1...4, using: &numbers) { try await act() }
            await hear()
            if step % 16 == 0 { try await check() }
            if step % 40 == 0 { try await restart() }
        }
        try await check()
    }

    /// Everybody takes what has come.
    private func hear() async {
        for person in [auditor] + people { judge(await person.client.drain(), by: person) }
        people.removeAll { person in
            if !person.isGone, person.client.isClosed { fault("\(person.nick) was closed by the server") }
            return person.isGone
        }
    }

    private func restart() async throws {
        try await script.restart()
        restartCount += 1
        people = []
        auditor = try await Simulation.arrive(script, "aud", password: "correct horse")
        await enter()
        try await check()
    }

    // MARK: Hearing

    private func judge(_ lines: [String], by person: Person) {
        for line in lines {
            let received = ReceivedWords(line)
            judge(received, line, by: person)
        }
    }

    private func judge(_ received: ReceivedWords, _ line: String, by person: Person) {
        let isOwn = received.nick == person.nick
        guard let place = received.words.first.map({ String($0.split(separator: "/")[0]) }),
            !received.isBatched
        else { return }
        switch received.verb {
        case "NICK":
            if isOwn { person.nick = received.words[0] }
        case "JOIN" where isOwn:
            person.channels.insert(place)
            person.heard[place] = []
        case "JOIN", "TOPIC", "MODE", "PART", "KICK", "PRIVMSG", "NOTICE", "REDACT", "THREAD":
            guard place.hasPrefix("#"),
                received.nick.contains("plenary.test") == false || received.verb == "MODE"
            else { return }
            if !person.channels.contains(place) {
                fault("\(person.nick) is not in \(place) and heard: \(line)")
            }
            if received.verb == "PART", isOwn { person.channels.remove(place) }
            if received.verb == "KICK", received.words.count > 1, received.words[1] == person.nick {
                person.channels.remove(place)
            }
            if received.verb == "REDACT", received.words.count > 1 { redacted.insert(received.words[1]) }
            if received.verb == "PRIVMSG" || received.verb == "NOTICE" {
                guard let id = received.id else { return fault("no id: \(line)") }
                person.heard[place, default: []].append(id)
                if person === auditor { told[place, default: []].append(id) }
            }
        default: break
        }
    }

    // MARK: Checking

    /// Memberships are the same in everybody's view, history is what was told, and nobody missed a message.
    private func check() async throws {
        checkCount += 1
        for channel in Simulation.lasting {
            let members = ([auditor] + people).filter { $0.channels.contains(channel) }
            // Two sessions of one identity are one name.
            let nicks = Set(members.map(\.nick)).sorted()
            for member in members {
                member.client.send("NAMES \(channel)")
                let shown = ReceivedWords.names(in: await member.client.drain())
                if shown != nicks { fault("\(member.nick) sees \(shown) in \(channel), where \(nicks) are") }
                let all = told[channel] ?? []
                let own = member.heard[channel] ?? []
                if !all.suffix(own.count).elementsEqual(own) {
                    fault("\(member.nick) heard \(own.count) in \(channel), not the last ones that were said")
                }
            }
            let kept = (told[channel] ?? []).filter { !redacted.contains($0) }
            let history = await history(of: channel).filter { !redacted.contains($0) }
            if history != kept {
                fault(
                    "history of \(channel) has \(history.count) messages of \(kept.count), or another order")
            }
            if Set(kept).count != kept.count { fault("an id came twice in \(channel)") }
        }
    }

    /// All ids, page by page from the newest.
    private func history(of channel: String) async -> [String] {
        var ids: [String] = []
        var question = "LATEST \(channel) *"
        while true {
            auditor.client.send("CHATHISTORY \(question) 20")
            let lines = await auditor.client.drain().map { ReceivedWords($0) }
            let page = lines.filter { $0.verb == "PRIVMSG" || $0.verb == "NOTICE" }.compactMap(\.id)
            guard let first = page.first else { return ids }
            ids = page + ids
            question = "BEFORE \(channel) msgid=\(first)"
        }
    }
}

/// A line cut up as far as the simulation looks.
struct ReceivedWords {
    var id: String?
    var isBatched = false
    var nick = ""
    var verb = ""
    /// Parameters, the last without its colon.
    var words: [String] = []

    init(_ line: String) {
        var rest = line[...]
        if rest.hasPrefix("@"), let end = rest.firstIndex(of: " ") {
            for tag in rest[rest.index(after: rest.startIndex)..<end].split(separator: ";") {
                if tag.hasPrefix("msgid=") { id = String(tag.dropFirst(6)) }
                if tag.hasPrefix("batch=") { isBatched = true }
            }
            rest = rest[end...].dropFirst()
        }
        if rest.hasPrefix(":") {
            let source = rest.dropFirst().prefix { $0 != " " }
            nick = String(source.prefix { $0 != "!" })
            rest = rest.dropFirst(source.count + 2)
        }
        verb = String(rest.prefix { $0 != " " })
        rest = rest.dropFirst(verb.count)
        while rest.hasPrefix(" ") {
            rest = rest.dropFirst()
            if rest.hasPrefix(":") {
                words.append(String(rest.dropFirst()))
                break
            }
            let word = rest.prefix { $0 != " " }
            words.append(String(word))
            rest = rest.dropFirst(word.count)
        }
    }

    /// Nicknames of NAMES answers, without signs of roles.
    static func names(in lines: [String]) -> [String] {
        lines.map { ReceivedWords($0) }.filter { $0.verb == "353" }.flatMap { line in
            (line.words.last ?? "").split(separator: " ").map { String($0.drop { "~&@%+!".contains($0) }) }
        }.sorted()
    }
}
