// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// Speaking without a name (docs/extensions/attribution.md).
struct AttributionTranscripts {
    /// The scene of sessions, in which nobody is named, at 08:00.
    private func run(
        _ transport: Transport, _ body: (MeetingScene) async throws -> Void
    ) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            configuration.offersSearch = true
            configuration.channels[0].meeting?.schedule.platform = ["zoom"]
        }
        try await MeetingScene.run(transport, at: "07:45:00.000", configure: prepare) { scene in
            scene.helene.send("SESSION #am ATTRIBUTION unattributed")
            try await scene.helene.skip(to: ":helene!* SESSION #am ATTRIBUTION st=doors;*attr=unattributed;*")
            try await scene.cat.skip(to: ":srv NOTICE #am :What is said here is attributed to nobody*")
            try await scene.turn(to: "08:00:00.000")
            await scene.clear()
            try await body(scene)
        }
    }

    private func label(_ lines: [String]) throws -> String {
        let line = try #require(lines.first { $0.contains(" NOTE SESSION LABEL ") }, "\(lines)")
        return try #require(line.firstMatch(of: /Participant-\d+/)).output.description
    }

    /// "Live messages …: from the label; no account tag, no bot tag"; whoever speaks first is told, nobody else is.
    @Test(arguments: Transport.allCases)
    func peopleAreShownAsNumbers(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.amina.send("PRIVMSG #am :cat: what now?")
            let own = await scene.amina.drain()
            let label = try label(own)
            let said = ":\(label)!~p@unattributed PRIVMSG #am :cat: what now?"
            #expect(own.last?.contains(said) ?? false, "\(own)")
            try await scene.cat.expect(":\(label)!~p@unattributed PRIVMSG #am :cat: what now?")
            scene.cat.send("PRIVMSG #am :nothing")
            let other = try self.label(await scene.cat.drain())
            #expect(other != label)
            let heard = await scene.helene.drain()
            #expect(heard.allSatisfy { !$0.contains("amina") && !$0.contains("cat!") }, "\(heard)")
            scene.helene.send(
                "WHOIS amina", "CHATHISTORY LATEST #am * 10", "SEARCH from=amina", "SEARCH text=nothing")
            let answers = await scene.helene.drain()
            #expect(!answers.contains { $0.contains("PRIVMSG") && $0.contains("amina") }, "\(answers)")
            let kept = ":\(other)!~p@unattributed PRIVMSG #am :nothing"
            #expect(answers.contains { $0.contains(kept) }, "\(answers)")
        }
    }

    /// "sessions with `plenary.chat/attribution` carry the tag `plenary.chat/attribution=<policy>`".
    @Test(arguments: Transport.allCases)
    func programsAreToldThatTheSourceIsALabel(over transport: Transport) async throws {
        try await run(transport) { scene in
            try await scene.script.addAccount("reader", password: "correct horse")
            let reader = try await scene.script.register(
                "reader", capabilities: ["message-tags", "plenary.chat/attribution"],
                password: "correct horse")
            reader.send("JOIN #am")
            await reader.drain()
            scene.amina.send("PRIVMSG #am :who am I?")
            await scene.amina.drain()
            try await reader.skip(to: "@plenary.chat/attribution=unattributed;* :Participant-*")
        }
    }

    /// "The same until the end … after a restart"; a message sent twice is answered by the first one's echo.
    @Test(arguments: Transport.allCases)
    func aLabelSurvivesARestart(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.amina.send("PRIVMSG #am :before")
            let label = try label(await scene.amina.drain())
            try await scene.script.restart()
            let again = try await MeetingScene.gather(scene.script)
            again.amina.send("PRIVMSG #am :after")
            try await again.cat.expect(":\(label)!~p@unattributed PRIVMSG #am :after")
        }
    }

    /// "A session in the channel … gets an INFO line when it joins, a plain client a notice."
    @Test(arguments: Transport.allCases)
    func whoComesInIsTold(over transport: Transport) async throws {
        try await run(transport) { scene in
            for client in [scene.amina, scene.cat] { client.send("PART #am") }
            await scene.clear()
            scene.amina.send("JOIN #am")
            try await scene.amina.skip(to: ":srv SESSION #am INFO st=open;*attr=unattributed;*")
            scene.cat.send("JOIN #am")
            try await scene.cat.skip(to: ":srv NOTICE cat :What is said here is attributed to nobody*")
        }
    }

    /// "Idle time (WHOIS, WHO) does not begin anew with a message there."
    @Test(arguments: Transport.allCases)
    func speakingDoesNotEndIdleTime(over transport: Transport) async throws {
        try await run(transport) { scene in
            try await scene.turn(to: "08:10:00.000")
            scene.amina.send("PRIVMSG #am :quietly")
            await scene.clear()
            scene.helene.send("WHOIS amina")
            let idle = try #require(await scene.helene.drain().first { $0.contains(" 317 ") })
            let seconds = idle.split(separator: " ").compactMap { Int($0) }.first { $0 != 317 } ?? 0
            #expect(seconds >= 600, "\(idle)")
        }
    }

    /// "MOD #am MUTE Participant-7 10m"; "REMOVE, BAN: not by label".
    @Test(arguments: Transport.allCases)
    func moderatorsMuteLabels(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.amina.send("PRIVMSG #am :loudly")
            let label = try label(await scene.amina.drain())
            await scene.clear()
            scene.helene.send("MOD #am MUTE \(label) 10m")
            try await scene.cat.skip(to: ":helene!* MODE #am +b m:\(label)!~p@unattributed")
            await scene.clear()
            scene.amina.send("PRIVMSG #am :more")
            try await scene.amina.expect(":srv 404 amina #am :*")
            scene.helene.send("MOD #am REMOVE \(label)")
            try await scene.helene.skip(to: ":srv FAIL MOD NO_SUCH_PERSON \(label) :*")
        }
    }

    /// "One's own message … works as long as the key exists; shown as by the label."
    @Test(arguments: Transport.allCases)
    func onesOwnMessageIsTakenBack(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.amina.send("PRIVMSG #am :oops")
            let lines = await scene.amina.drain()
            let id = try #require(ThreadScene.messageID(lines.last ?? ""))
            await scene.clear()
            scene.cat.send("REDACT #am \(id)")
            try await scene.cat.expect(":srv FAIL REDACT REDACT_FORBIDDEN #am \(id) :*")
            scene.amina.send("REDACT #am \(id)")
            await scene.clear()
            scene.helene.send("CHATHISTORY LATEST #am * 10")
            let history = await scene.helene.drain()
            #expect(!history.contains { $0.contains("oops") }, "\(history)")
        }
    }

    /// "From then on no file of the server ties a name to a message": the key is there until the grace is over, and
    /// then it is not; the log, its snapshots and the index hold no name beside a message.
    @Test(arguments: Transport.allCases)
    func theKeyIsDestroyedWhenTheSessionIsClosed(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.amina.send("PRIVMSG #am :the secret word")
            await scene.clear()
            let folder = scene.script.configuration.dataDirectory + "/sessions"
            func keys() -> [String] {
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
                    $0.hasSuffix(".key")
                }
            }
            #expect(keys().count == 1)
            try await scene.turn(to: "10:14:59.999")
            #expect(keys().count == 1)
            try await scene.turn(to: "10:15:00.000")
            #expect(keys() == [])
            await scene.clear()
            scene.helene.send("PRIVMSG #am :one more thing")
            try await scene.helene.skip(to: ":srv 404 helene #am :*")
            scene.helene.send("SESSION #am CANCEL", "SESSION #am ROLL")
            try await scene.helene.skip(to: ":srv FAIL SESSION HAS_HISTORY #am :*")
            try await scene.helene.skip(to: ":srv FAIL SESSION NO_ROLL #am :*")
            try await scene.script.restart()
            let again = try await MeetingScene.gather(scene.script)
            again.amina.send("MYDATA")
            let own = await again.amina.drain()
            #expect(!own.contains { $0.contains("secret") }, "\(own)")
        }
    }

    /// domain.md 4.2: "after close and key destruction, no file of the server contains any roster name next to a
    /// message of that session".
    @Test(arguments: Transport.allCases)
    func noFileHasANameBesideAMessage(over transport: Transport) async throws {
        try await run(transport) { scene in
            let filler = String(repeating: ".", count: 300)
            scene.amina.send("PRIVMSG #am :\(filler)")
            await scene.clear()
            for number in 0..<4 {
                for client in [scene.amina, scene.cat, scene.helene] {
                    client.send("PRIVMSG #am :marker \(number)")
                    await scene.clear()
                }
            }
            scene.cat.send("PRIVMSG #am :\(filler)")
            await scene.clear()
            scene.helene.send("SEARCH text=marker")
            await scene.clear()
            try await scene.turn(to: "10:15:00.000")
            try await scene.script.restart()
            let folder = scene.script.configuration.dataDirectory
            var foundCount = 0
            for case let name as String in try #require(FileManager.default.enumerator(atPath: folder)) {
                guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
                var start = data.startIndex
                while let found = data.range(of: Data("marker ".utf8), in: start..<data.endIndex) {
                    foundCount += 1
                    let near = data[
                        max(0, found.lowerBound - 256)..<min(data.endIndex, found.upperBound + 256)]
                    for person in ["amina", "cat", "helene"] {
                        #expect(near.range(of: Data(person.utf8)) == nil, "\(person) in \(name)")
                    }
                    start = found.upperBound
                }
            }
            // In the log at least; the index has texts as well.
            #expect(foundCount >= 12)
        }
    }

    /// "Refused with HAS_BEGUN, HAS_HISTORY, IS_WEBCAST, IS_RELAYED."
    @Test(arguments: Transport.allCases)
    func itIsRefusedWhereItCannotBeKept(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:45:00.000") { scene in
            scene.amina.send("SESSION #am ATTRIBUTION unattributed")
            try await scene.amina.expect(":srv FAIL SESSION PRIVS_NEEDED #am :*")
            scene.helene.send(
                "SESSION #am ATTRIBUTION unattributed", "SESSION #am ATTRIBUTION secret",
                "SESSION #am SCHEDULE platform=webcast", "SESSION #am ATTRIBUTION delegation",
                "PRIVMSG #am :a test", "SESSION #am ATTRIBUTION unattributed")
            let answers = await scene.helene.drain().filter { $0.contains(" FAIL ") }
            let codes = answers.map { String($0.split(separator: " ").dropFirst(3).first ?? "") }
            #expect(codes == ["IS_RELAYED", "INVALID_PARAMS", "IS_WEBCAST", "HAS_HISTORY"], "\(answers)")
            try await scene.turn(to: "08:00:00.000")
            await scene.clear()
            scene.helene.send("SESSION #am ATTRIBUTION unattributed")
            try await scene.helene.expect(":srv FAIL SESSION HAS_BEGUN #am :*")
        }
    }
}
