// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// `plenary.chat/idempotency`: a message sent twice is stored once (protocol.md, decisions).
struct IdempotencyTranscripts {
    private static let writer = ["message-tags", "server-time", "echo-message", "labeled-response", "batch"]
    private static let lasting: @Sendable (inout ServerConfiguration) -> Void = {
        (configuration: inout ServerConfiguration) in
        configuration.channels = [ChannelConfiguration(name: "tea", titles: [])]
    }

    private func writer(_ script: Transcript, _ more: [String] = []) async throws -> TranscriptClient {
        let ann = try await script.register(
            "ann", capabilities: IdempotencyTranscripts.writer + more, password: "correct horse")
        ann.send("JOIN #tea")
        await ann.drain()
        return ann
    }

    /// "the same token from the same account … answers with the first message's echo (same msgid, same
    /// time) and logs nothing"; others hear it once.
    @Test(arguments: Transport.allCases)
    func theSecondSendingIsAnsweredWithTheFirstEcho(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: IdempotencyTranscripts.lasting) { script in
            try await script.addAccount("ann", password: "correct horse")
            let bob = try await script.register("bob", capabilities: HistoryTranscripts.reader)
            bob.send("JOIN #tea")
            let ann = try await writer(script)
            await bob.drain()
            ann.send("@label=a;plenary.chat/id=t1 PRIVMSG #tea :hello")
            try await ann.expect("@label=a;msgid=<id>;time=<time>;* :ann!* PRIVMSG #tea :hello")
            ann.send("@label=b;plenary.chat/id=t1 PRIVMSG #tea :hello")
            try await ann.expect("@label=b;msgid=<id>;time=<time>;* :ann!* PRIVMSG #tea :hello")
            // Whatever the second one says, the echo says what is stored.
            ann.send("@label=c;plenary.chat/id=t1 PRIVMSG #tea :something else")
            try await ann.expect("@label=c;msgid=<id>;time=<time>;* :ann!* PRIVMSG #tea :hello")
            ann.send("@plenary.chat/id=t2 PRIVMSG #tea :next")
            try await bob.expect(
                "@msgid=<id>;time=<time> :ann!* PRIVMSG #tea :hello", "@* :ann!* PRIVMSG #tea :next")
            let stored = try await HistoryTranscripts.ask(bob, "LATEST #tea * 9")
            #expect(stored.map(\.text) == ["hello", "next"])
        }
    }

    /// "It survives restarts", with the process's end and with the snapshot or without it.
    @Test(arguments: Transport.allCases)
    func aTokenIsKnownAfterARestart(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: IdempotencyTranscripts.lasting) { script in
            try await script.addAccount("ann", password: "correct horse")
            var ann = try await writer(script)
            ann.send("@plenary.chat/id=t1 PRIVMSG #tea :hello")
            try await ann.expect("@msgid=<id>;time=<time>;* :ann!* PRIVMSG #tea :hello")
            try await script.restart()
            ann = try await writer(script)
            ann.send("@plenary.chat/id=t1 PRIVMSG #tea :hello")
            try await ann.expect("@msgid=<id>;time=<time>;* :ann!* PRIVMSG #tea :hello")
            ann.send("@plenary.chat/id=t3 PRIVMSG #tea :new")
            try await ann.expect("@msgid=<new>;* :ann!* PRIVMSG #tea :new")
            #expect(script["new"] != script["id"])
        }
    }

    /// Tags, notices, direct messages and batches take tokens alike; another account's tokens are its own.
    @Test(arguments: Transport.allCases)
    func everyKindOfMessageTakesAToken(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: IdempotencyTranscripts.lasting) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("bob", password: "correct horse")
            let ann = try await writer(script, ["draft/multiline"])
            let bob = try await script.register("bob", password: "correct horse")
            for _ in 0..<2 {
                ann.send(
                    "@plenary.chat/id=n NOTICE #tea :n", "@plenary.chat/id=d PRIVMSG bob :d",
                    "@plenary.chat/id=r;+draft/react=x TAGMSG #tea",
                    "@plenary.chat/id=b BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :1",
                    "@batch=1 PRIVMSG #tea :2", "BATCH -1")
                try await ann.expect(
                    "@msgid=<n>;* :ann!* NOTICE #tea :n", "@msgid=<d>;* :ann!* PRIVMSG bob :d",
                    "@msgid=<r>;* :ann!* TAGMSG #tea",
                    "@msgid=<b>;* :ann!* BATCH +<ref> draft/multiline #tea",
                    "@batch=<ref> :ann!* PRIVMSG #tea :1", "@batch=<ref> :ann!* PRIVMSG #tea :2",
                    ":srv BATCH -<ref>")
            }
            try await bob.expect(":ann!* PRIVMSG bob :d")
            try await bob.expectNothing()
            bob.send("JOIN #tea", "@plenary.chat/id=n NOTICE #tea :mine")
            try await ann.expect("@* :bob!* JOIN #tea", "@* :bob!* NOTICE #tea :mine")
        }
    }

    /// limits: 1 to 64 bytes, and one target for a token; otherwise FAIL INVALID_TOKEN and nothing is sent.
    @Test(arguments: Transport.allCases)
    func aBadTokenIsRefused(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: IdempotencyTranscripts.lasting) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await writer(script)
            ann.send(
                "@plenary.chat/id=\(String(repeating: "t", count: 65)) PRIVMSG #tea :x",
                "@plenary.chat/id PRIVMSG #tea :x", "@plenary.chat/id=t NOTICE #tea,ann :x")
            try await ann.expect(
                "@* :srv FAIL PRIVMSG INVALID_TOKEN :*".replacing("@* ", with: ""),
                ":srv FAIL PRIVMSG INVALID_TOKEN :*", ":srv FAIL NOTICE INVALID_TOKEN :*")
            ann.send("@plenary.chat/id=\(String(repeating: "t", count: 64)) PRIVMSG #tea :x")
            try await ann.expect("@* :ann!* PRIVMSG #tea :x")
        }
    }

    /// "the same token … within 24 h": a day later it is a new message.
    @Test(arguments: Transport.allCases)
    func aTokenIsForgottenAfterADay(over transport: Transport) async throws {
        let clock = ManualClock()
        try await Transcript.run(transport, clock: clock, configure: IdempotencyTranscripts.lasting) {
            script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await writer(script)
            ann.send("@plenary.chat/id=t PRIVMSG #tea :x")
            try await ann.expect("@msgid=<first>;* :ann!* PRIVMSG #tea :x")
            clock.setWall(clock.clock.now() + 86_399_000_000)
            ann.send("@plenary.chat/id=t PRIVMSG #tea :x")
            try await ann.expect("@msgid=<first>;* :ann!* PRIVMSG #tea :x")
            clock.setWall(clock.clock.now() + 2_000_000)
            ann.send("@plenary.chat/id=t PRIVMSG #tea :x")
            try await ann.expect("@msgid=<second>;* :ann!* PRIVMSG #tea :x")
            #expect(script["second"] != script["first"])
        }
    }
}
