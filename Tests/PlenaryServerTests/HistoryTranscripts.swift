// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// CHATHISTORY (IRCv3 chathistory, draft) with and without event-playback.
struct HistoryTranscripts {
    static let reader = ["message-tags", "server-time", "batch", "draft/chathistory"]

    /// A message as a history showed it.
    struct Entry: Hashable {
        var id: String
        var time: String
        var text: String
    }

    /// Asks, and gives what the batch held; fails when the answer is no such batch.
    static func ask(_ client: TranscriptClient, _ question: String) async throws -> [Entry] {
        client.send("CHATHISTORY " + question)
        let lines = await client.drain()
        let opening = try #require(lines.first?.split(separator: " ").drop { $0.hasPrefix("@") }).map { $0 }
        try #require(opening.count == 5 && opening[1] == "BATCH" && opening[3] == "chathistory", "\(lines)")
        #expect(opening[4] == question.split(separator: " ")[1], "the target as the client spelled it")
        #expect(lines.last?.hasSuffix("BATCH -" + opening[2].dropFirst()) == true)
        return lines.dropFirst().dropLast().map(entry)
    }

    static func entry(_ line: String) -> Entry {
        var entry = Entry(id: "", time: "", text: "")
        let parts = line.split(separator: " ", maxSplits: 1)
        for tag in parts[0].dropFirst().split(separator: ";") {
            if tag.hasPrefix("msgid=") { entry.id = String(tag.dropFirst(6)) }
            if tag.hasPrefix("time=") { entry.time = String(tag.dropFirst(5)) }
        }
        let words = parts[1].split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        entry.text = words.count > 3 ? String(words[3].drop { $0 == ":" }) : String(words[1])
        return entry
    }

    /// Somebody in `#tea` who says the texts, two milliseconds apart; what a reader has of them.
    private func told(_ script: Transcript, _ texts: [String]) async throws -> (TranscriptClient, [Entry]) {
        let (ann, bob) = try await MembershipTranscripts.pair(script, [], HistoryTranscripts.reader)
        for text in texts {
            script.clock?.advance(microseconds: 2000)
            ann.send("PRIVMSG #tea :\(text)")
            if script.clock != nil { await ann.drain() }
        }
        let live = await { () -> [String] in
            await ann.drain()
            return await bob.drain()
        }()
        return (bob, live.map(HistoryTranscripts.entry))
    }

    private static let letters = (0..<10).map { "m\($0)" }

    /// IRCv3 chathistory, `draft/chathistory-end`: a tag on the opening of a batch after which nothing follows.
    @Test(arguments: Transport.allCases)
    func theEndOfAConversationIsSaid(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let (bob, _) = try await told(script, HistoryTranscripts.letters)
            bob.send("CHATHISTORY LATEST #tea * 3")
            let some = await bob.drain()
            #expect(some.first?.hasPrefix(":plenary.test BATCH +") == true, "\(some)")
            bob.send("CHATHISTORY LATEST #tea * 50")
            let all = await bob.drain()
            #expect(all.first?.hasPrefix("@draft/chathistory-end :plenary.test BATCH +") == true, "\(all)")
        }
    }

    /// "Request up to limit number of messages before and excluding the given timestamp or msgid", and so
    /// on for each subcommand: ascending, bounds exclusive, the id and time of the live lines.
    @Test(arguments: Transport.allCases)
    func everySubcommandGivesItsMessagesInOrder(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let (bob, live) = try await told(script, HistoryTranscripts.letters)
            #expect(live.map(\.text) == HistoryTranscripts.letters)
            #expect(Set(live.map(\.time)).count == 10)
            func texts(_ question: String) async throws -> [String] {
                let found = try await HistoryTranscripts.ask(bob, question)
                for entry in found { #expect(live.contains(entry), "\(entry)") }
                return found.map(\.text)
            }
            func by(_ index: Int, _ usesTime: Bool) -> String {
                usesTime ? "timestamp=\(live[index].time)" : "msgid=\(live[index].id)"
            }
            #expect(try await texts("LATEST #TEA * 3") == ["m7", "m8", "m9"])
            #expect(try await texts("LATEST #tea * 50") == HistoryTranscripts.letters)
            for usesTime in [false, true] {
                #expect(try await texts("LATEST #tea \(by(6, usesTime)) 10") == ["m7", "m8", "m9"])
                #expect(try await texts("LATEST #tea \(by(2, usesTime)) 2") == ["m8", "m9"])
                #expect(try await texts("LATEST #tea \(by(9, usesTime)) 2") == [])
                #expect(try await texts("BEFORE #tea \(by(5, usesTime)) 2") == ["m3", "m4"])
                #expect(try await texts("BEFORE #tea \(by(0, usesTime)) 2") == [])
                #expect(try await texts("AFTER #tea \(by(5, usesTime)) 2") == ["m6", "m7"])
                #expect(try await texts("AFTER #tea \(by(9, usesTime)) 2") == [])
                #expect(try await texts("AROUND #tea \(by(5, usesTime)) 1") == ["m5"])
                #expect(try await texts("AROUND #tea \(by(5, usesTime)) 3") == ["m4", "m5", "m6"])
                #expect(
                    try await texts("BETWEEN #tea \(by(2, usesTime)) \(by(6, usesTime)) 10") == [
                        "m3", "m4", "m5",
                    ])
                #expect(
                    try await texts("BETWEEN #tea \(by(2, usesTime)) \(by(6, usesTime)) 2") == ["m3", "m4"])
                // "this may be forwards or backwards in time": swapped, the last ones before the later end.
                #expect(
                    try await texts("BETWEEN #tea \(by(6, usesTime)) \(by(2, usesTime)) 2") == ["m4", "m5"])
                #expect(try await texts("BETWEEN #tea \(by(3, usesTime)) \(by(4, usesTime)) 5") == [])
            }
            #expect(try await texts("BETWEEN #tea \(by(2, true)) \(by(6, false)) 10") == ["m3", "m4", "m5"])
        }
    }

    /// "this will allow BEFORE, AFTER, and BETWEEN queries that use msgids for pagination to function as
    /// expected": pages of every size, both ways, neither skip nor repeat, across a restart and segments.
    @Test(arguments: Transport.allCases)
    func pagesNeitherSkipNorRepeat(over transport: Transport) async throws {
        let texts = (0..<60).map { "m\($0) " + String(repeating: "x", count: $0 * 3) }
        try await Transcript.run(transport) { script in
            let (_, live) = try await told(script, texts)
            try await script.restart()
            let (bob, _) = try await MembershipTranscripts.pair(script, HistoryTranscripts.reader)
            // The channel of guests ended with them, and its history with it; a lasting one is asked below.
            #expect(try await HistoryTranscripts.ask(bob, "LATEST #tea * 5").isEmpty)
            #expect(live.count == 60)
        }
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.channels = [ChannelConfiguration(name: "tea", titles: [])]
        }
        try await Transcript.run(transport, configure: configure) { script in
            let (_, live) = try await told(script, texts)
            try await script.restart()
            let (_, bob) = try await MembershipTranscripts.pair(script, [], HistoryTranscripts.reader)
            for size in [1, 7, 25, 60, 100] {
                var forward: [Entry] = []
                var page = try await HistoryTranscripts.ask(
                    bob, "AFTER #tea timestamp=2000-01-01T00:00:00Z \(size)")
                while let last = page.last {
                    forward += page
                    page = try await HistoryTranscripts.ask(bob, "AFTER #tea msgid=\(last.id) \(size)")
                }
                #expect(forward == live, "pages of \(size) forward")
                var backward: [Entry] = []
                page = try await HistoryTranscripts.ask(bob, "LATEST #tea * \(size)")
                while let first = page.first {
                    backward = page + backward
                    page = try await HistoryTranscripts.ask(bob, "BEFORE #tea msgid=\(first.id) \(size)")
                }
                #expect(backward == live, "pages of \(size) backward")
            }
        }
    }

    /// conformance.md: FAIL CHATHISTORY INVALID_TARGET has five parameters, the same for a missing channel
    /// and for one the client is not in; unknown ids MESSAGE_ERROR; the rest INVALID_PARAMS and so on.
    @Test(arguments: Transport.allCases)
    func mistakesAreToldApart(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, [], HistoryTranscripts.reader)
            ann.send("JOIN #other", "PRIVMSG #other :x")
            await ann.drain()
            bob.send(
                "CHATHISTORY LATEST #other * 10", "CHATHISTORY LATEST #none * 10",
                "CHATHISTORY latest nobody * 10",
                "CHATHISTORY BEFORE #tea msgid=AAAAAAAAAAAAAAAAAAAAAA 10",
                "CHATHISTORY BEFORE #tea msgid=123 10",
                "CHATHISTORY BEFORE #tea timestamp=now 10", "CHATHISTORY BEFORE #tea 123 10",
                "CHATHISTORY LATEST #tea * 0", "CHATHISTORY LATEST #tea", "CHATHISTORY WHATEVER #tea * 1",
                "CHATHISTORY")
            try await bob.expect(
                ":srv FAIL CHATHISTORY INVALID_TARGET LATEST #other :*",
                ":srv FAIL CHATHISTORY INVALID_TARGET LATEST #none :*",
                ":srv FAIL CHATHISTORY INVALID_TARGET LATEST nobody :*",
                ":srv FAIL CHATHISTORY MESSAGE_ERROR BEFORE #tea :*",
                ":srv FAIL CHATHISTORY MESSAGE_ERROR BEFORE #tea :*",
                ":srv FAIL CHATHISTORY INVALID_PARAMS BEFORE timestamp=now :*",
                ":srv FAIL CHATHISTORY INVALID_MSGREFTYPE BEFORE 123 :*",
                ":srv FAIL CHATHISTORY INVALID_PARAMS LATEST 0 :*",
                ":srv FAIL CHATHISTORY INVALID_PARAMS LATEST :*",
                ":srv FAIL CHATHISTORY UNKNOWN_COMMAND WHATEVER :*",
                ":srv FAIL CHATHISTORY INVALID_PARAMS \u{2A} :*")
        }
    }

    /// limits.md 20: 100 messages a call, whatever is asked for; the policy's number is what 005 says.
    @Test(arguments: Transport.allCases)
    func anAnswerHoldsAtMostTheLimit(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.historyMessageCountLimit = 7
        }
        try await Transcript.run(transport, configure: configure) { script in
            let (bob, _) = try await told(script, HistoryTranscripts.letters)
            for (asked, given) in [(6, 6), (7, 7), (8, 7), (1_000_000, 7)] {
                #expect(try await HistoryTranscripts.ask(bob, "LATEST #tea * \(asked)").count == given)
            }
        }
    }

    /// "If the client has not negotiated the event-playback capability, the server MUST NOT send any lines
    /// other than PRIVMSG and NOTICE"; with it TOPIC, MODE, KICK and TAGMSG come as they came live.
    @Test(arguments: Transport.allCases)
    func eventsComeOnlyWithEventPlayback(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, ["message-tags"], HistoryTranscripts.reader + ["draft/event-playback"])
            let eve = try await script.register("eve", capabilities: HistoryTranscripts.reader)
            eve.send("JOIN #tea")
            await eve.drain()
            await bob.drain()
            ann.send(
                "PRIVMSG #tea :one", "TOPIC #tea :leaves", "@+draft/react=x TAGMSG #tea",
                "@+typing=active TAGMSG #tea",
                "@+draft/persist TAGMSG #tea", "MODE #tea +v bob", "NOTICE #tea :two", "KICK #tea nobody")
            await ann.drain()
            let live = await bob.drain().filter { !$0.contains("+typing") }
            await eve.drain()
            let replayed = try await historyLines(bob)
            #expect(replayed == live)
            #expect(replayed.count == 6)
            let plain = try await HistoryTranscripts.ask(eve, "LATEST #tea * 50")
            #expect(plain.map(\.text) == ["one", "two"])
        }
    }

    /// The lines of the latest history without their batch tag.
    private func historyLines(_ client: TranscriptClient) async throws -> [String] {
        client.send("CHATHISTORY LATEST #tea * 50")
        return try await client.drain().dropFirst().dropLast().map { line in
            let end = try #require(line.firstIndex { $0 == ";" || $0 == " " })
            return line[end] == ";" ? "@" + line[line.index(after: end)...] : String(line[end...].dropFirst())
        }
    }

    /// Talk of two accounts has one history, under either name; guests have none of it, and who takes the
    /// name later sees nothing (conformance.md).
    @Test(arguments: Transport.allCases)
    func directTalkIsSeenByItsTwoAccountsOnly(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            for name in ["ann", "bob", "eve"] { try await script.addAccount(name, password: "correct horse") }
            let capabilities = HistoryTranscripts.reader + ["sasl"]
            let ann = try await script.register("ann", capabilities: capabilities, password: "correct horse")
            let bob = try await script.register("bob", capabilities: capabilities, password: "correct horse")
            let eve = try await script.register("eve", capabilities: capabilities, password: "correct horse")
            let guest = try await script.register("guest", capabilities: HistoryTranscripts.reader)
            ann.send("PRIVMSG bob :one", "PRIVMSG guest :not kept", "PRIVMSG ann :to myself")
            await ann.drain()
            bob.send("PRIVMSG ANN :two")
            await bob.drain()
            await ann.drain()
            for (client, other) in [(ann, "bob"), (bob, "Ann")] {
                #expect(
                    try await HistoryTranscripts.ask(client, "LATEST \(other) * 9").map(\.text) == [
                        "one", "two",
                    ])
            }
            #expect(try await HistoryTranscripts.ask(ann, "LATEST ann * 9").map(\.text) == ["to myself"])
            for name in ["ann", "bob"] {
                #expect(try await HistoryTranscripts.ask(eve, "LATEST \(name) * 9").isEmpty)
            }
            await guest.drain()
            guest.send("CHATHISTORY LATEST ann * 9")
            try await guest.expect(":srv FAIL CHATHISTORY INVALID_TARGET LATEST ann :*")
            ann.send("CHATHISTORY LATEST guest * 9")
            try await ann.expect(":srv FAIL CHATHISTORY INVALID_TARGET LATEST guest :*")
        }
    }

    /// Batch `draft/chathistory-targets`: `CHATHISTORY TARGETS name time`, ascending by the newest
    /// message's time, both bounds exclusive; only what the session may read; 50 at most (limits.md 20).
    @Test(arguments: Transport.allCases)
    func targetsAreTheConversationsWithinTheBounds(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.historyTargetCountLimit = 2
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: configure) { script in
            for name in ["ann", "bob"] { try await script.addAccount(name, password: "correct horse") }
            let capabilities = HistoryTranscripts.reader + ["echo-message"]
            let ann = try await script.register("ann", capabilities: capabilities, password: "correct horse")
            let bob = try await script.register("bob", password: "correct horse")
            bob.send("JOIN #hidden", "PRIVMSG #hidden :x")
            await bob.drain()
            ann.send("JOIN #a,#b,#empty")
            await ann.drain()
            var times: [String] = []
            for target in ["#a", "bob", "#b"] {
                script.clock?.advance(microseconds: 5000)
                ann.send("PRIVMSG \(target) :x")
                times += (await ann.drain()).map { HistoryTranscripts.entry($0).time }
            }
            func targets(_ from: String, _ to: String, _ limit: Int) async -> [String] {
                ann.send("CHATHISTORY TARGETS timestamp=\(from) timestamp=\(to) \(limit)")
                let lines = await ann.drain()
                #expect(lines.first?.hasSuffix(" draft/chathistory-targets") == true, "\(lines)")
                return lines.dropFirst().dropLast().map { line in
                    line.split(separator: " ").dropFirst(3).joined(separator: " ")
                }
            }
            let rows = zip(["#a", "bob", "#b"], times).map {
                "TARGETS \($0) \($1)".split(separator: " ").dropFirst().joined(separator: " ")
            }
            let (start, end) = ("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z")
            #expect(
                await targets(start, end, 50).map { $0.replacing("TARGETS ", with: "") }
                    == Array(rows.suffix(2)))
            #expect(
                await targets(end, start, 1).map { $0.replacing("TARGETS ", with: "") }
                    == Array(rows.suffix(1)))
            let between = await targets(times[0], times[2], 50).map { $0.replacing("TARGETS ", with: "") }
            #expect(between == [rows[1]])
            #expect(await targets(times[2], end, 50) == [])
        }
    }

    /// IRCv3 chathistory: "limited functionality is available without support for these CAPs": without
    /// batch the lines come bare, and a label is on exactly one logical answer.
    @Test(arguments: Transport.allCases)
    func aLabelledAnswerIsItsBatch(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, ["batch", "labeled-response", "draft/chathistory"], ["draft/chathistory"])
            ann.send(
                "PRIVMSG #tea :one", "@label=x CHATHISTORY LATEST #tea * 5",
                "@label=y CHATHISTORY LATEST #no * 5")
            try await ann.expect(
                "@label=x :srv BATCH +<ref> chathistory #tea", "@batch=<ref> :ann!* PRIVMSG #tea :one",
                ":srv BATCH -<ref>", "@label=y :srv FAIL CHATHISTORY INVALID_TARGET LATEST #no :*")
            await bob.drain()
            bob.send("CHATHISTORY LATEST #tea * 5")
            try await bob.expect(":ann!* PRIVMSG #tea :one")
        }
    }
}
