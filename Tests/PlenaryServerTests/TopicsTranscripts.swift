// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// TOPIC (modern.ircd.chat, "TOPIC message").
struct TopicsTranscripts {
    /// "If <topic> is not given, either RPL_TOPIC or RPL_NOTOPIC is returned"; with RPL_TOPICWHOTIME after 332.
    /// A change is shown to every member; an empty one clears it. The topic survives a restart.
    @Test(arguments: Transport.allCases)
    func topicsAreSetShownAndCleared(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob", capabilities: ["message-tags", "server-time"])
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            ann.send("TOPIC #c", "TOPIC #C :Thème du jour: 水")
            try await ann.expect(":srv 331 ann #c :No topic is set", ":ann!~ann@* TOPIC #c :Thème du jour: 水")
            try await bob.expect("@time=<time>;msgid=<msgid> :ann!~ann@* TOPIC #c :Thème du jour: 水")
            #expect(script["time"].count == 24 && script["time"].hasSuffix("Z"))
            bob.send("TOPIC #c")
            try await bob.expect(
                ":srv 332 bob #c :Thème du jour: 水", ":srv 333 bob #c ann!~ann@* <seconds>")
            let eve = try await script.register("eve")
            eve.send("JOIN #c")
            try await eve.expect(
                ":eve!* JOIN #c", ":srv 332 eve #c :Thème du jour: 水", ":srv 333 eve #c *", ":srv 353 *")
            await ann.drain()
            ann.send("TOPIC #c :", "TOPIC #c")
            try await ann.expect(":ann!* TOPIC #c :", ":srv 331 ann #c :*")
        }
    }

    /// 403 for no channel and for a secret one, 442 from outside, 482 without privileges under +t, 461 without
    /// a channel.
    @Test(arguments: Transport.allCases)
    func topicsAreProtected(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            let eve = try await script.register("eve")
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await ann.drain()
            await bob.drain()
            bob.send("TOPIC #c :mine")
            try await bob.expect(":srv 482 bob #c :You're not channel operator")
            eve.send("TOPIC #c :mine", "TOPIC #c", "TOPIC #none", "TOPIC")
            try await eve.expect(
                ":srv 442 eve #c :You're not on that channel", ":srv 442 eve #c :*", ":srv 403 eve #none :*",
                ":srv 461 eve TOPIC :*")
            ann.send("MODE #c -t+s")
            try await bob.expect(":ann!* MODE #c -t+s")
            eve.send("TOPIC #c")
            try await eve.expect(":srv 403 eve #c :*")
            bob.send("TOPIC #c :now it may be")
            try await bob.expect(":bob!* TOPIC #c :now it may be")
            try await eve.expectNothing()
        }
    }

    /// limits.md 16: topic 390 bytes, "numeric, no silent cut"; with the longest names no line passes 512.
    @Test(arguments: Transport.allCases)
    func longTopicsAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register(String(repeating: "n", count: 32))
            let channel = "#" + String(repeating: "c", count: 63)
            ann.send("JOIN \(channel)", "JOIN #c")
            await ann.drain()
            let longest = String(repeating: "é", count: 195)
            ann.send("TOPIC #c :\(longest)x")
            try await ann.expect(":srv 417 * :Input line was too long")
            ann.send("TOPIC #c :\(longest.dropLast())ab")
            try await ann.expect(":nnn* TOPIC #c :ééé*ab")
            ann.send("TOPIC \(channel) :\(longest)", "TOPIC \(channel)")
            try await ann.expect(":nnn* TOPIC \(channel) :ééé*", ":srv 332 * \(channel) :ééé*", ":srv 333 *")
        }
    }

    /// IRCv3 labeled-response: the topic's echo is the answer and carries the label; several lines are a batch.
    @Test(arguments: Transport.allCases)
    func topicAnswersCarryTheLabel(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["labeled-response", "batch"])
            ann.send("JOIN #c")
            await ann.drain()
            ann.send("@label=1 TOPIC #c :x", "@label=2 TOPIC #c", "@label=3 TOPIC #none")
            try await ann.expect(
                "@label=1 :ann!* TOPIC #c :x", "@label=2 :srv BATCH +<batch> labeled-response",
                "@batch=<batch> :srv 332 ann #c :x", "@batch=<batch> :srv 333 ann #c *",
                ":srv BATCH -<batch>",
                "@label=3 :srv 403 ann #none :*")
            try await ann.expectNothing()
        }
    }
}
