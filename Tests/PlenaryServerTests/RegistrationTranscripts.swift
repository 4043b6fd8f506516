// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// NICK, USER, PING, QUIT, and everything up to the message of the day.
struct RegistrationTranscripts {
    /// modern.ircd.chat, "Connection Registration": 001 to 004, "at least one RPL_ISUPPORT", then LUSERS,
    /// then the message of the day or 422. A 005 line has at most 13 tokens, none with two `=`.
    @Test(arguments: Transport.allCases)
    func nickAndUserAreWelcomed(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.open("ann")
            ann.send("NICK ann", "USER ann 0 * :Ann Example")
            try await ann.expect(
                ":srv 001 ann :Welcome to the Plenary network, ann",
                ":srv 002 ann :Your host is plenary.test, running version plenary-*",
                ":srv 003 ann :This server was created *",
                ":srv 004 ann plenary.test plenary-* B* Ibefiklmnoqstv")
            var support: [String] = []
            while true {
                let line = try await ann.next()
                if line.hasPrefix(":plenary.test 251 ") { break }
                let words = line.split(separator: " ")
                try #require(words.count > 4 && words[1] == "005")
                #expect(line.hasSuffix(" :are supported by this server"))
                let tokens = words[3...].prefix { !$0.hasPrefix(":") }
                #expect((1...13).contains(tokens.count))
                #expect(tokens.allSatisfy { $0.count { $0 == "=" } <= 1 })
                support += tokens.map(String.init)
            }
            #expect(Set(support).count == support.count)
            for token in [
                "CASEMAPPING=ascii", "CHANTYPES=#", "UTF8ONLY", "WHOX", "BOT=B", "MONITOR=100", "NICKLEN=32",
                "CHANNELLEN=64", "TOPICLEN=390", "MSGREFTYPES=msgid,timestamp", "PREFIX=(qov)~@+",
            ] {
                #expect(support.contains(token))
            }
            try await ann.expect(
                ":srv 252 ann 0 :*", ":srv 254 ann 0 :*", ":srv 255 ann :*", ":srv 265 ann 1 1 :*",
                ":srv 266 ann 1 1 :*", ":srv 422 ann :There is no message of the day")
            try await ann.expectNothing()
        }
    }

    /// modern.ircd.chat, "MOTD message": "one RPL_MOTDSTART numeric is returned, followed by one or more
    /// RPL_MOTD numeric, then one RPL_ENDOFMOTD"; an unknown target is 402.
    @Test(arguments: Transport.allCases)
    func theMessageOfTheDayIsShownAndAskedFor(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.messageOfTheDay = ["Hello", "Bonjour à tous"] }) {
            script in
            let ann = try await script.open("ann")
            ann.send("NICK ann", "USER ann 0 * :Ann")
            try await ann.skip(to: ":srv 375 ann :- plenary.test Message of the day -")
            try await ann.expect(
                ":srv 372 ann :- Hello", ":srv 372 ann :- Bonjour à tous",
                ":srv 376 ann :End of /MOTD command.")
            ann.send("MOTD plenary.test")
            try await ann.expect(":srv 375 ann :*", ":srv 372 *", ":srv 372 *", ":srv 376 *")
            ann.send("MOTD other.test")
            try await ann.expect(":srv 402 ann other.test :No such server")
            try await ann.expectNothing()
        }
    }

    /// modern.ircd.chat, "USER message": a second USER is 462, also after registration; PASS after it is 462.
    /// "If it is empty, the server SHOULD reject the command with ERR_NEEDMOREPARAMS".
    @Test(arguments: Transport.allCases)
    func introducingOneselfTwiceIsRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.open("ann")
            ann.send("USER ann 0 *", "USER")
            try await ann.expect(
                ":srv 461 * USER :Not enough parameters", ":srv 461 * USER :Not enough parameters")
            ann.send("USER ann 0 * :Ann", "USER ann 0 * :Ann")
            try await ann.expect(":srv 462 * :You may not reregister")
            ann.send("NICK ann")
            try await ann.skip(to: ":srv 422 *")
            ann.send("USER ann 0 * :Ann", "PASS something")
            try await ann.expect(
                ":srv 462 ann :You may not reregister", ":srv 462 ann :You may not reregister")
            try await ann.expectNothing()
        }
    }

    /// modern.ircd.chat, "NICK message": 431 without a name, 432 for an invalid one, 433 for one in use; before
    /// there is a name, replies say `*`.
    @Test(arguments: Transport.allCases)
    func badAndTakenNicknamesAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.open("bob")
            bob.send(
                "NICK", "NICK :", "NICK *", "NICK #bob", "NICK 1bob", "NICK :a b", "NICK b,ob", "NICK béb")
            try await bob.expect(
                ":srv 431 * :No nickname given", ":srv 431 * :No nickname given",
                ":srv 432 * * :Erroneous nickname", ":srv 432 * #bob :Erroneous nickname",
                ":srv 432 * 1bob :Erroneous nickname", ":srv 432 * a_b :Erroneous nickname",
                ":srv 432 * b,ob :Erroneous nickname", ":srv 432 * béb :Erroneous nickname")
            bob.send("NICK ANN", "USER bob 0 * :Bob")
            try await bob.expect(":srv 433 * ANN :Nickname is already in use")
            let longest = String(repeating: "n", count: 32)
            bob.send("NICK \(longest)n")
            try await bob.expect(":srv 432 * \(longest)n :Erroneous nickname")
            bob.send("NICK \(longest)")
            try await bob.expect(":srv 001 \(longest) :*")
            await bob.drain()
            bob.send("NICK aNN", "NICK []{}\\|`^_")
            try await bob.expect(
                ":srv 433 \(longest) aNN :*", ":\(longest)!~bob@* NICK :[]{}\\|`^_")
            try await ann.expectNothing()
        }
    }

    /// conformance.md: "A new nick that differs in case only is announced to all; the same nick again is
    /// silent." modern.ircd.chat, "NICK message": the source is the old name.
    @Test(arguments: Transport.allCases)
    func aNewNicknameIsAnnouncedToNeighbours(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["labeled-response", "batch"])
            let bob = try await script.register("bob")
            let eve = try await script.register("eve")
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await ann.drain()
            await bob.drain()
            ann.send("@label=a NICK Ann", "@label=b NICK Ann", "@label=c NICK anna")
            try await ann.expect(
                "@label=a :ann!~ann@* NICK :Ann", "@label=b :srv ACK", "@label=c :Ann!~ann@* NICK :anna")
            try await bob.expect(":ann!~ann@* NICK :Ann", ":Ann!~ann@* NICK :anna")
            bob.send("NICK ann")
            try await bob.expect(":bob!~bob@* NICK :ann")
            try await eve.expectNothing()
        }
    }

    /// conformance.md: "PING works before registration; so does QUIT, with ERROR and an immediate close."
    /// modern.ircd.chat, "PING message": the PONG has the same token; without one it is 409.
    @Test(arguments: Transport.allCases)
    func pingAndQuitWorkBeforeRegistration(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.open("ann")
            ann.send("PING abc", "PING :two words", "PING", "PING :", "PONG x", "ERROR :x")
            try await ann.expect(
                ":srv PONG plenary.test :abc", ":srv PONG plenary.test :two words",
                ":srv 409 * :No origin specified", ":srv 409 * :No origin specified")
            ann.send("QUIT :bye")
            try await ann.expect("ERROR :Closing link: Quit: bye")
            try await ann.expectClosed()
            let bob = try await script.register("bob")
            bob.send("LUSERS")
            try await bob.expect(
                ":srv 251 *", ":srv 252 *", ":srv 254 *", ":srv 255 *", ":srv 265 *", ":srv 266 *")
        }
    }

    /// modern.ircd.chat, "QUIT message": "servers SHOULD prepend <reason> with the ASCII string "Quit: " …
    /// This applies even if <reason> is empty". A closed connection is a QUIT too.
    @Test(arguments: Transport.allCases)
    func leavingIsShownToNeighboursOnly(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let watcher = try await script.register("watcher")
            watcher.send("JOIN #c")
            await watcher.drain()
            for (line, reason) in [
                ("QUIT :so long", "Quit: so long"), ("QUIT", "Quit: "), ("QUIT :", "Quit: "),
            ] {
                let ann = try await script.register("ann")
                ann.send("JOIN #c", line)
                try await ann.skip(to: "ERROR :Closing link: \(reason)")
                try await ann.expectClosed()
                try await watcher.expect(":ann!~ann@* JOIN #c", ":ann!~ann@* QUIT :\(reason)")
            }
            let bob = try await script.register("bob")
            bob.send("JOIN #c")
            await bob.drain()
            bob.disconnect()
            try await watcher.expect(":bob!~bob@* JOIN #c", ":bob!~bob@* QUIT :Connection closed")
            let eve = try await script.register("eve")
            eve.send("QUIT")
            try await eve.expect("ERROR :*")
            try await watcher.expectNothing()
        }
    }

    /// modern.ircd.chat, ERR_NOTREGISTERED (451) and ERR_UNKNOWNCOMMAND (421).
    @Test(arguments: Transport.allCases)
    func nothingElseIsPossibleBeforeRegistration(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.open("ann")
            ann.send("JOIN #c", "PRIVMSG ann :x", "LUSERS", "privmsg")
            for _ in 0..<4 { try await ann.expect(":srv 451 * :You have not registered") }
            ann.send("nick ann", "uSeR ann 0 * ann")
            try await ann.skip(to: ":srv 422 *")
            ann.send("NONSENSE a b", ":someone!a@b PING x", "", "   ", "\u{1}\u{2}")
            try await ann.expect(
                ":srv 421 ann NONSENSE :Unknown command", ":srv PONG plenary.test :x", ":srv 421 ann *")
            try await ann.expectNothing()
        }
    }

    /// conformance.md: "LUSERS must be right in every figure … 253 counts those not yet registered, no numeric
    /// twice. The maximum does not fall." Several devices of one person are one person.
    @Test(arguments: Transport.allCases)
    func luserFiguresAreRight(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            let second = try await script.register("ann", password: "correct horse")
            let bob = try await script.register("bob")
            let raw = try await script.open("raw")
            raw.send("PING x")
            try await raw.expect(":srv PONG plenary.test :x")
            bob.send("MODE bob +i", "JOIN #one,#two")
            await bob.drain()
            ann.send("LUSERS")
            try await ann.expect(
                ":srv 251 ann :There are 1 users and 1 invisible on 1 servers",
                ":srv 252 ann 0 :operator(s) online",
                ":srv 253 ann 1 :unknown connection(s)", ":srv 254 ann 2 :channels formed",
                ":srv 255 ann :I have 2 clients and 1 servers",
                ":srv 265 ann 2 2 :Current local users 2, max 2",
                ":srv 266 ann 2 2 :Current global users 2, max 2")
            bob.send("QUIT")
            try await bob.expect("ERROR :*")
            raw.send("QUIT")
            try await raw.expect("ERROR :*")
            ann.send("LUSERS")
            try await ann.expect(
                ":srv 251 ann :There are 1 users and 0 invisible on 1 servers", ":srv 252 ann 0 :*",
                ":srv 254 ann 0 :*", ":srv 255 ann :I have 1 clients and 1 servers", ":srv 265 ann 1 2 :*",
                ":srv 266 ann 1 2 :*")
            try await second.expectNothing()
        }
    }
}
