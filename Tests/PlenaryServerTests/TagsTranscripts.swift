// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// Tags: who sends which, and whom they reach (IRCv3 message-tags, server-time, account-tag).
struct TagsTranscripts {
    /// "Tags without the client-only prefix MUST be removed by the server before being relayed"; client-only tags
    /// are attached as they are, after the server's; "Individual tag keys MUST only be used a maximum of once".
    @Test(arguments: Transport.allCases)
    func clientOnlyTagsAreRelayedAndOthersDropped(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["message-tags"])
            let bob = try await script.register("bob", capabilities: ["message-tags", "server-time"])
            let eve = try await script.register("eve")
            ann.send(
                "@foo=1;+bar=a\\sb\\:\\\\;msgid=forged;time=x;account=root;+example.org/x;+empty= PRIVMSG bob :hi"
            )
            try await bob.expect(
                "@time=<t>;msgid=<m>;+bar=a\\sb\\:\\\\;+example.org/x;+empty :ann!* PRIVMSG bob :hi")
            ann.send("@+a=1;+b;+a=2 PRIVMSG bob :twice")
            try await bob.expect("@time=*;msgid=*;+a=2;+b :ann!* PRIVMSG bob :twice")
            ann.send(
                "@+bar=1 PRIVMSG eve :hi", "@+bar=1 TAGMSG eve", "@+bar=1 TAGMSG bob", "@+bar=1 NOTICE bob :n"
            )
            try await eve.expect("@ :ann!* PRIVMSG eve :hi")
            try await bob.expect(
                "@time=*;msgid=*;+bar=1 :ann!* TAGMSG bob", "@time=*;msgid=*;+bar=1 :ann!* NOTICE bob :n")
            try await eve.expectNothing()
            #expect(script["m"] != "forged" && script["t"] != "x")
        }
    }

    /// IRCv3 server-time: "`time` … with milliseconds", on every relayed line; conformance.md: "different for
    /// messages 2 ms apart, the same string live, in the echo and in the history, with the msgid".
    @Test(arguments: Transport.allCases)
    func everyRelayedLineHasItsTime(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let bob = try await script.register(
                "bob", capabilities: ["server-time", "away-notify", "setname"])
            bob.send("JOIN #c")
            await bob.drain()
            let ann = try await script.register(
                "ann", capabilities: ["server-time", "echo-message", "message-tags"])
            ann.send(
                "JOIN #c", "AWAY :x", "AWAY", "SETNAME :Ann", "NICK anna", "PRIVMSG #c :hello", "PART #c",
                "QUIT")
            for body in [
                "JOIN #c", "AWAY :x", "AWAY", "SETNAME :Ann", "NICK :anna",
            ] {
                try await bob.expect("@time=* :ann!* \(body)")
            }
            try await bob.expect("@time=<time> :anna!* PRIVMSG #c :hello", "@time=* :anna!* PART #c")
            let time = script["time"]
            #expect(time.count == 24 && time.hasSuffix("Z") && time.contains("T"))
            try await ann.skip(to: "@time=<time>;msgid=<id> :anna!* PRIVMSG #c :hello")
        }
    }

    /// IRCv3 account-tag: "account on lines of logged-in users only". Each capability alone lets through its own
    /// tag and no other (the runner looks at every line).
    @Test(
        arguments: Transport.allCases,
        ["server-time", "account-tag", "message-tags", "batch", "labeled-response", ""])
    func eachCapabilityLetsItsTagThrough(over transport: Transport, capability: String) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let bob = try await script.register("bob", capabilities: capability.isEmpty ? [] : [capability])
            let ann = try await script.register(
                "ann", capabilities: ["message-tags"], password: "correct horse")
            let guest = try await script.register("guest")
            for client in [bob, ann, guest] { client.send("JOIN #c") }
            for client in [bob, ann, guest] { await client.drain() }
            ann.send("@+x=1 PRIVMSG #c :a")
            guest.send("PRIVMSG #c :b")
            await ann.drain()
            await guest.drain()
            let tags =
                switch capability {
                case "server-time": ("time=*", "time=*")
                case "account-tag": ("account=ann", "")
                case "message-tags": ("msgid=*;+x=1", "msgid=*")
                default: ("", "")
                }
            try await bob.expectInAnyOrder(
                "@\(tags.0) :ann!* PRIVMSG #c :a", "@\(tags.1) :guest!* PRIVMSG #c :b")
        }
    }
}
