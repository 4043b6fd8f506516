// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// Replay on join, for people on plain clients (protocol.md, decisions; ux.md 1).
struct ReplayTranscripts {
    private static let closed: @Sendable (inout ServerConfiguration) -> Void = {
        (configuration: inout ServerConfiguration) in
        configuration.policy.profile = .closed
        var tea = ChannelConfiguration(name: "tea", titles: [])
        tea.replayCount = 2
        configuration.channels = [tea]
    }

    private func prepared(_ script: Transcript) async throws -> TranscriptClient {
        for name in ["ann", "bob", "eve", "dan"] {
            try await script.addAccount(name, password: "correct horse")
        }
        try await script.addAccount("relay", password: "correct horse", isBot: true)
        let ann = try await script.register("ann", capabilities: ["echo-message"], password: "correct horse")
        ann.send("JOIN #tea")
        await ann.drain()
        ann.send("PRIVMSG #tea :one", "PRIVMSG #tea :two", "PRIVMSG #tea :\u{1}ACTION waves\u{1}")
        await ann.drain()
        return ann
    }

    /// "between frame lines, with a text stamp where it has no message-tags": the last messages, after 366.
    @Test(arguments: Transport.allCases)
    func aPlainPersonGetsTheLastMessagesInAFrame(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: ReplayTranscripts.closed) { script in
            let ann = try await prepared(script)
            let bob = try await script.register("bob", password: "correct horse")
            bob.send("JOIN #tea")
            try await bob.expect(
                ":bob!* JOIN #tea", ":srv 353 bob = #tea :*", ":srv 366 bob #tea :*", ":srv NOTICE #tea :*",
                ":ann!* PRIVMSG #tea :[<day> <month> <hour>] two",
                ":ann!* PRIVMSG #tea :\u{1}ACTION [<day> <month> <hour>] waves\u{1}", ":srv NOTICE #tea :*")
            try await bob.expectNothing()
            ann.send("PRIVMSG #tea :live")
            try await bob.expect(":ann!* PRIVMSG #tea :live")
        }
    }

    /// With tags the time stands in them and the text is left alone.
    @Test(arguments: Transport.allCases)
    func withMessageTagsTheTextIsLeftAlone(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: ReplayTranscripts.closed) { script in
            _ = try await prepared(script)
            let bob = try await script.register(
                "bob", capabilities: ["message-tags", "server-time"], password: "correct horse")
            bob.send("JOIN #tea")
            try await bob.skip(to: ":srv NOTICE #tea :*")
            try await bob.expect("@msgid=*;time=* :ann!* PRIVMSG #tea :two")
        }
    }

    /// "Bots, relays and bridges never: they would post it again"; nor whoever asks for history himself.
    @Test(arguments: Transport.allCases)
    func botsAndReadersOfHistoryGetNone(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: ReplayTranscripts.closed) { script in
            _ = try await prepared(script)
            let relay = try await script.register(
                "relay", capabilities: ["batch", "message-tags"], password: "correct horse")
            let dan = try await script.register(
                "dan", capabilities: ["draft/chathistory"], password: "correct horse")
            let eve = try await script.register("eve", password: "correct horse")
            eve.send("MODE eve +B")
            await eve.drain()
            for client in [relay, dan, eve] {
                client.send("JOIN #tea")
                let lines = await client.drain()
                #expect(
                    lines.count { $0.contains("PRIVMSG") || $0.contains("NOTICE") } == 0,
                    "\(client.name): \(lines)")
            }
        }
    }

    /// conformance.md 5: "Nothing unasked for in the open profile: no history on JOIN".
    @Test(arguments: Transport.allCases)
    func nobodyGetsAReplayInTheOpenProfile(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("bob", password: "correct horse")
            let ann = try await script.register("ann")
            ann.send("JOIN #tea", "PRIVMSG #tea :one")
            await ann.drain()
            let bob = try await script.register("bob", password: "correct horse")
            bob.send("JOIN #tea")
            try await bob.skip(to: ":srv 366 bob #tea :*")
            try await bob.expectNothing()
        }
    }

    /// Several channels in one JOIN: each replay stands behind its own 366, and nothing is lost.
    @Test(arguments: Transport.allCases)
    func eachChannelOfAListIsReplayedInItsTurn(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.policy.profile = .closed
            configuration.channels = ["a", "b", "c"].map { ChannelConfiguration(name: $0, titles: []) }
        }
        try await Transcript.run(transport, configure: configure) { script in
            for name in ["ann", "bob"] { try await script.addAccount(name, password: "correct horse") }
            let ann = try await script.register(
                "ann", capabilities: ["no-implicit-names"], password: "correct horse")
            ann.send("JOIN #a,#b,#c", "PRIVMSG #a :in a", "PRIVMSG #c :in c")
            await ann.drain()
            let bob = try await script.register(
                "bob", capabilities: ["no-implicit-names"], password: "correct horse")
            bob.send("JOIN #a,#b,#c", "PRIVMSG #b :hello", "PING after")
            try await bob.expect(
                ":bob!* JOIN #a", ":srv NOTICE #a :*", ":ann!* PRIVMSG #a :*in a", ":srv NOTICE #a :*",
                ":bob!* JOIN #b", ":bob!* JOIN #c", ":srv NOTICE #c :*", ":ann!* PRIVMSG #c :*in c",
                ":srv NOTICE #c :*", ":srv PONG plenary.test :after")
        }
    }
}
