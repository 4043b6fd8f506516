// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// SEARCH (docs/extensions/search.md) and the marks it finds messages by (docs/extensions/marks.md).
struct SearchTranscripts {
    private static let capabilities = ["batch", "message-tags", "draft/search", "plenary.chat/threads"]

    /// What is found does not depend on how busy this machine is.
    private static func configure(_ configuration: inout ServerConfiguration) {
        configuration.offersSearch = true
        configuration.searchMilliseconds = 60_000
    }

    private func run(
        _ transport: Transport, _ body: (Transcript) async throws -> Void
    ) async throws {
        try await Transcript.run(transport, configure: Self.configure, body)
    }

    /// "The answer is a batch of type `search` with the messages found, newest first"; what somebody has just said
    /// is found at once, in any of its forms, and after a restart.
    @Test(arguments: Transport.allCases)
    func whatWasJustSaidIsFound(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            ann.send("JOIN #c", "PRIVMSG #c :Le mécanisme national", "PRIVMSG #c :各国人权机制")
            ann.send("PRIVMSG #c :a mechanism elsewhere")
            await ann.drain()
            ann.send("SEARCH text=mecanisme")
            try await ann.expect(
                "@plenary.chat/search-end :srv BATCH +<b> search",
                "@batch=<b>;msgid=* :ann!* PRIVMSG #c :Le mécanisme national", ":srv BATCH -<b>")
            ann.send("SEARCH text=人权")
            try await ann.expect("*BATCH +*", "* PRIVMSG #c :各国人权机制", "*BATCH -*")
            try await script.restart()
            let eve = try await script.register("eve", capabilities: Self.capabilities)
            eve.send("JOIN #c")
            await eve.drain()
            eve.send("SEARCH text=人权")
            // The channel of guests ended with the server: nobody may read it any more.
            try await eve.expect("*BATCH +*", "*BATCH -*")
        }
    }

    /// "Only what the asker may read is found: channels the session is in": the same empty answer for others.
    @Test(arguments: Transport.allCases)
    func nothingIsFoundFromOutside(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            let eve = try await script.register("eve", capabilities: Self.capabilities)
            ann.send("JOIN #secret", "MODE #secret +s", "PRIVMSG #secret :confidential")
            await ann.drain()
            eve.send("SEARCH text=confidential", "SEARCH text=confidential;in=#secret")
            try await eve.expect(
                "*BATCH +*", "*BATCH -*", ":srv FAIL SEARCH INVALID_TARGET #secret :*")
            eve.send("SEARCH text=confidential;in=#never")
            try await eve.expect(":srv FAIL SEARCH INVALID_TARGET #never :*")
            ann.send("SEARCH text=confidential;in=#secret")
            try await ann.expect("*BATCH +*", "* PRIVMSG #secret :confidential", "*BATCH -*")
        }
    }

    /// `in=#c/12` follows a MOVE; a redacted message is not found; `from`, `limit` and `next` narrow and page.
    @Test(arguments: Transport.allCases)
    func threadsRedactionsAndPagesAreFollowed(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            ann.send("JOIN #c", "THREAD #c CREATE * :Mandates")
            await ann.drain()
            let bob = try await script.register("bob", capabilities: Self.capabilities + ["echo-message"])
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            for number in 1...3 { bob.send("PRIVMSG #c :mandate \(number)") }
            try await bob.expect(
                "@msgid=<one> * PRIVMSG #c :mandate 1", "@msgid=<two> * PRIVMSG #c :mandate 2",
                "@msgid=<three> * PRIVMSG #c :mandate 3")
            await ann.drain()
            ann.send("THREAD #c/0 MOVE \(script["two"]) one 1")
            await ann.drain()
            ann.send("SEARCH text=mandate;in=#c/1", "SEARCH text=mandate;in=#c/0")
            try await ann.expect(
                "*BATCH +*", "@*;msgid=\(script["two"]);plenary.chat/thread=1 * PRIVMSG #c :mandate 2",
                "*BATCH -*", "*BATCH +*", "* :mandate 3", "* :mandate 1", "*BATCH -*")
            ann.send("SEARCH text=mandate;limit=1")
            try await ann.expect(":srv BATCH +<r> search", "* :mandate 3", ":srv BATCH -<r>")
            ann.send("SEARCH text=mandate;limit=2;plenary.chat/next=\(script["three"])")
            try await ann.expect(
                "@plenary.chat/search-end :srv BATCH +*", "* :mandate 2", "* :mandate 1", "*BATCH -*")
            ann.send("REDACT #c \(script["two"])")
            await ann.drain()
            ann.send("SEARCH text=mandate;in=#c/1")
            try await ann.expect("*BATCH +*", "*BATCH -*")
        }
    }

    /// marks.md: kind, language and references are stored with the message and found; a symbol is found in the
    /// text too, whole and without regard to case.
    @Test(arguments: Transport.allCases)
    func messagesAreFoundByTheirMarks(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            ann.send("JOIN #c")
            await ann.drain()
            ann.send(
                "@+plenary.chat/kind=question;+plenary.chat/lang=fr;+plenary.chat/ref=doc:A/HRC/50/64 PRIVMSG #c :Qui?",
                "PRIVMSG #c :see A/HRC/50/64.", "PRIVMSG #c :see A/HRC/50/640")
            ann.send("SEARCH plenary.chat/ref=a/hrc/50/64")
            try await ann.expect("*BATCH +*", "* :see A/HRC/50/64.", "* :Qui?", "*BATCH -*")
            ann.send("SEARCH plenary.chat/kind=question;plenary.chat/lang=fr")
            try await ann.expect("*BATCH +*", "* :Qui?", "*BATCH -*")
        }
    }

    /// marks.md: "A tag with a wrong value is refused, and nothing is stored."
    @Test(arguments: Transport.allCases)
    func wrongMarksAreRefused(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register(
                "ann", capabilities: Self.capabilities + ["draft/chathistory"])
            ann.send("JOIN #c")
            await ann.drain()
            ann.send(
                "@+plenary.chat/kind=riddle PRIVMSG #c :x", "@+plenary.chat/lang=english! NOTICE #c :x",
                "@+plenary.chat/ref=doc:24/7 PRIVMSG #c :x")
            try await ann.expect(
                ":srv FAIL PRIVMSG INVALID_KIND riddle :*", ":srv FAIL NOTICE INVALID_LANGUAGE english! :*",
                ":srv FAIL PRIVMSG INVALID_REFERENCE doc:24/7 :*")
            ann.send("CHATHISTORY LATEST #c * 10")
            try await ann.expect("*BATCH +*", "*BATCH -*")
        }
    }

    /// "At least one of `text`, `from`, … must be there"; each wrong value is named; 256 bytes and 8 words.
    @Test(arguments: Transport.allCases)
    func wrongQuestionsAreNamed(over transport: Transport) async throws {
        try await run(transport) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            ann.send("JOIN #c")
            await ann.drain()
            ann.send("SEARCH", "SEARCH in=#c", "SEARCH text=a;limit=51", "SEARCH text=a;limit=0")
            try await ann.expect(
                ":srv FAIL SEARCH INVALID_PARAMS * :*", ":srv FAIL SEARCH INVALID_PARAMS text :*",
                ":srv FAIL SEARCH INVALID_PARAMS limit :*", ":srv FAIL SEARCH INVALID_PARAMS limit :*")
            ann.send("SEARCH text=a;after=yesterday", "SEARCH text=a;plenary.chat/kind=x", "SEARCH text=!!")
            try await ann.expect(
                ":srv FAIL SEARCH INVALID_PARAMS after :*",
                ":srv FAIL SEARCH INVALID_PARAMS plenary.chat/kind :*",
                ":srv FAIL SEARCH INVALID_PARAMS text :*")
            ann.send(
                "SEARCH text=a\\sb\\sc\\sd\\se\\sf\\sg\\sh", "SEARCH text=a\\sb\\sc\\sd\\se\\sf\\sg\\sh\\si")
            try await ann.expect("*BATCH +*", "*BATCH -*", ":srv FAIL SEARCH TOO_MANY_WORDS :*")
            let longest = String(repeating: "a", count: 256)
            ann.send("SEARCH text=\(longest)", "SEARCH text=\(longest)a")
            try await ann.expect("*BATCH +*", "*BATCH -*", ":srv FAIL SEARCH INVALID_PARAMS text :*")
            ann.send("SEARCH text=\\\"\\sOR\\s*\\sNEAR(a,b)\\scol:x")
            _ = await ann.drain()
        }
    }

    /// "10 a minute for each account"; nobody else waits for it.
    @Test(arguments: Transport.allCases)
    func searchesAreRated(over transport: Transport) async throws {
        try await Transcript.run(
            transport,
            configure: {
                Self.configure(&$0)
                $0.policy.limits.rates[.search] = .init(10, perSeconds: 60)
            }
        ) { script in
            let ann = try await script.register("ann", capabilities: Self.capabilities)
            for _ in 1...10 { ann.send("SEARCH text=a") }
            for _ in 1...10 { try await ann.expect("*BATCH +*", "*BATCH -*") }
            ann.send("SEARCH text=a")
            try await ann.expect(":srv FAIL SEARCH RATE_LIMITED <seconds> :*")
        }
    }

    /// A server without an index does not offer what it cannot do.
    @Test(arguments: Transport.allCases)
    func withoutAnIndexTheCapabilityIsNotOffered(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("CAP REQ draft/search", "SEARCH text=a")
            try await ann.expect(
                ":srv CAP ann NAK :draft/search", ":srv FAIL SEARCH TEMPORARILY_UNAVAILABLE :*")
        }
    }
}
