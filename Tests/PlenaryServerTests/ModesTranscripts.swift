// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// MODE (modern.ircd.chat, "MODE message").
struct ModesTranscripts {
    /// conformance.md: "324 starts with `+`; once the modes that it showed are removed in a single MODE line,
    /// it must be just `+`, and 329 follows. So no mode may resist."
    @Test(arguments: Transport.allCases)
    func everyChannelModeCanBeSetAndRemoved(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            ann.send("JOIN #C")
            await ann.drain()
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            ann.send("MODE #c")
            try await ann.expect(":srv 324 ann #C +nt", ":srv 329 ann #C <made>")
            ann.send("MODE #c +imslk 5 key")
            try await ann.expect(":ann!~ann@* MODE #C +imslk 5 key")
            try await bob.expect(":ann!~ann@* MODE #C +imslk 5 key")
            ann.send("MODE #c")
            try await ann.expect(":srv 324 ann #C +imnstlk 5 key", ":srv 329 ann #C <made>")
            ann.send("MODE #c -imnstlk key")
            try await ann.expect(":ann!~ann@* MODE #C -imnstlk key")
            ann.send("MODE #c", "MODE #c +nt-nt", "MODE #c +", "MODE #c :")
            try await ann.expect(
                ":srv 324 ann #C +", ":srv 329 ann #C <made>", ":ann!~ann@* MODE #C +nt-nt")
            ann.send("MODE #c +k one", "MODE #c -k")
            try await ann.expect(":ann!~ann@* MODE #C +k one", ":ann!~ann@* MODE #C -k one")
            try await ann.expectNothing()
        }
    }

    /// Without privileges nothing changes and 482 is said once; from outside 442 or 482; an unknown nick is
    /// 401 "as the only line"; an unknown channel 403, a secret one too.
    @Test(arguments: Transport.allCases)
    func changingModesNeedsPrivileges(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            let eve = try await script.register("eve")
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await ann.drain()
            await bob.drain()
            bob.send(
                "MODE #c +imk key", "MODE #c +o bob", "MODE #c +b *!*@x", "MODE #c +o nobody",
                "MODE #c -q ann")
            try await bob.expect(
                ":srv 482 bob #c :You're not channel operator", ":srv 482 bob #c :*", ":srv 482 bob #c :*",
                ":srv 401 bob nobody :No such nick/channel", ":srv 482 bob #c :*")
            eve.send("MODE #c +o eve", "MODE #c +o nobody", "MODE #none +i", "MODE #none")
            try await eve.expect(
                ":srv 482 eve #c :*", ":srv 401 eve nobody :*", ":srv 403 eve #none :*",
                ":srv 403 eve #none :*")
            ann.send("MODE #c +s", "MODE #c +o eve")
            try await ann.expect(
                ":ann!* MODE #c +s", ":srv 441 ann eve #c :They aren't on that channel")
            eve.send("MODE #c", "MODE #c +i")
            try await eve.expect(":srv 403 eve #c :*", ":srv 403 eve #c :*")
            try await bob.expect(":ann!* MODE #c +s")
            try await bob.expectNothing()
        }
    }

    /// conformance.md: "`+l` with 0, -1, letters or nothing: 696 with five parameters … never a change. `+k`
    /// with a space, nothing or 400 letters: … 525".
    @Test(arguments: Transport.allCases)
    func badModeParametersChangeNothing(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #c")
            await ann.drain()
            for value in ["0", "-1", "x", "1x", "99999999999999999999", ":", ":1 2"] {
                ann.send("MODE #c +l \(value)")
                try await ann.expect(":srv 696 ann #c l * :This is no valid value for the mode")
            }
            ann.send(
                "MODE #c +l", "MODE #c +o", "MODE #c +k", "MODE #c +k :a b", "MODE #c +k a,b",
                "MODE #c +k ::a")
            try await ann.expect(
                ":srv 696 ann #c l * :*", ":srv 696 ann #c o * :*", ":srv 525 ann #c :Key is not well-formed",
                ":srv 525 ann #c :*", ":srv 525 ann #c :*", ":srv 525 ann #c :*")
            ann.send("MODE #c +k \(String(repeating: "k", count: 400))", "MODE #c +k é")
            try await ann.expect(":srv 525 ann #c :*", ":srv 525 ann #c :*")
            let longest = String(repeating: "k", count: 32)
            ann.send("MODE #c +k \(longest)k", "MODE #c +k \(longest)", "MODE #c +l 1000000000", "MODE #c")
            try await ann.expect(
                ":srv 525 ann #c :*", ":ann!* MODE #c +k \(longest)", ":ann!* MODE #c +l 1000000000",
                ":srv 324 ann #c +ntlk 1000000000 \(longest)", ":srv 329 *")
            try await ann.expectNothing()
        }
    }

    /// ERR_UNKNOWNMODE (472) names the letter and stays valid UTF-8; what is known in the same line is done; a
    /// hostile line of unknown letters is answered with a bounded number of lines.
    @Test(arguments: Transport.allCases)
    func unknownModesAreNamed(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #c")
            await ann.drain()
            ann.send("MODE #c +xmy", "MODE #c +é", "MODE #c :+ z", "MODE #c +::")
            try await ann.expect(
                ":srv 472 ann x :is unknown mode char to me", ":srv 472 ann y :*", ":ann!* MODE #c +m",
                ":srv 472 ann ? :*", ":srv 472 ann _ :*", ":srv 472 ann z :*", ":srv 472 ann * :*")
            let letters = String(repeating: "ABDEFGHJKLMNOPQRSTUVWXYZ", count: 18)
            ann.send("MODE #c +\(letters)")
            let lines = await ann.drain()
            #expect(lines.count == 12 && lines.allSatisfy { $0.hasPrefix(":plenary.test 472 ann ") })
        }
    }

    /// Type A modes: "If a type A mode has been sent without an argument, the contents of the list MUST be sent";
    /// masks are completed; adding twice and removing what is not there change nothing. The lists survive.
    @Test(arguments: Transport.allCases)
    func maskListsAreKeptAndShown(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            ann.send(
                "MODE #c +b eve", "MODE #c b", "MODE #c +bb eve!*@* x@y", "MODE #c +b", "MODE #c -b nobody")
            try await ann.expect(
                ":ann!* MODE #c +b eve!*@*", ":srv 367 ann #c eve!\\*@\\* ann!~ann@* *",
                ":srv 368 ann #c :End of channel ban list", ":ann!* MODE #c +b \\*!x@y",
                ":srv 367 ann #c eve!\\*@\\* *", ":srv 367 ann #c \\*!x@y *", ":srv 368 ann #c :*")
            ann.send("MODE #c +e ann", "MODE #c +I $a:bob", "MODE #c +eI")
            try await ann.expect(
                ":ann!* MODE #c +e ann!*@*", ":ann!* MODE #c +I $a:bob", ":srv 348 ann #c ann!\\*@\\* *",
                ":srv 349 ann #c :End of channel exception list", ":srv 346 ann #c $a:bob *",
                ":srv 347 ann #c :End of channel invite list")
            await bob.drain()
            bob.send("MODE #c +b", "MODE #c +e", "MODE #c +I")
            try await bob.expect(
                ":srv 367 *", ":srv 367 *", ":srv 368 *", ":srv 482 bob #c :*", ":srv 482 bob #c :*")
            ann.send("MODE #c -beI EVE!*@* ann $a:bob", "MODE #c +b")
            try await ann.expect(
                ":ann!* MODE #c -beI *", ":srv 367 ann #c \\*!x@y *", ":srv 368 *")
            try await ann.expectNothing()
        }
    }

    /// A mask is one word: a space, a leading colon or too many bytes are refused with 696, so that no reply
    /// can break; a list asked for many times in one line is shown once.
    @Test(arguments: Transport.allCases)
    func hostileMasksAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #c")
            await ann.drain()
            ann.send(
                "MODE #c +b :a b", "MODE #c +b ::x", "MODE #c +b :", "MODE #c +b \u{7}", "MODE #c +bk-k :a b")
            try await ann.expect(
                ":srv 696 ann #c b a_b!*@* :*", ":srv 696 ann #c b * :*", ":srv 368 ann #c :*",
                ":srv 696 ann #c b * :*", ":srv 696 ann #c b a_b!*@* :*", ":srv 525 ann #c :*")
            let longest = String(repeating: "m", count: 124)
            ann.send("MODE #c +b \(longest)m", "MODE #c +b \(longest)")
            try await ann.expect(":srv 696 ann #c b mmm* :*", ":ann!* MODE #c +b \(longest)!*@*")
            ann.send("MODE #c \(String(repeating: "b", count: 400))")
            try await ann.expect(":srv 367 ann #c mmm*", ":srv 368 ann #c :*")
            let masks = (0..<12).map { "mask\($0)\(String(repeating: "x", count: 25))" }
            ann.send("MODE #c +bbbbbbbbbbbb \(masks.joined(separator: " "))", "MODE #c +b")
            let lines = await ann.drain()
            #expect(lines.count { $0.contains(" MODE #c +b") } > 1)
            #expect(lines.count { $0.hasPrefix(":plenary.test 367 ") } == 13)
            try await ann.expectNothing()
        }
    }

    /// limits.md 15: "list modes 100 per channel", then 478; ISUPPORT MODES=12 arguments a line.
    @Test(arguments: Transport.allCases)
    func fullListsAndLongLinesAreLimited(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #c")
            await ann.drain()
            for index in 0..<100 { ann.send("MODE #c +b user\(index)") }
            #expect(await ann.drain().count == 100)
            ann.send(
                "MODE #c +b one-too-many", "MODE #c +e other-list", "MODE #c -b user0", "MODE #c +b fits")
            try await ann.expect(
                ":srv 478 ann #c b :Channel list is full", ":ann!* MODE #c +e other-list!*@*",
                ":ann!* MODE #c -b user0!*@*", ":ann!* MODE #c +b fits!*@*")
            ann.send("MODE #c +eeeeeeeeeeeee 1 2 3 4 5 6 7 8 9 10 11 12 13")
            let line = try await ann.next()
            #expect(line.hasSuffix(" 12!*@*"))
            try await ann.expectNothing()
        }
    }

    /// Roles: `+o` and `+v` are shown to all and followed in NAMES; giving twice changes nothing; the
    /// standing role of an account is kept over a restart.
    @Test(arguments: Transport.allCases)
    func rolesAreGivenTakenAndKept(over transport: Transport) async throws {
        // In the open profile a restart ends the channel with its roles (docs/decisions/0055).
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.policy.profile = .closed
            configuration.policy.peopleMayCreateChannels = true
        }
        try await Transcript.run(transport, configure: configure) { script in
            try await script.addAccount("ann", password: "correct horse")
            try await script.addAccount("bob", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            let bob = try await script.register(
                "bob", capabilities: ["multi-prefix"], password: "correct horse")
            ann.send("JOIN #c")
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            ann.send("MODE #c +ov BOB bob", "MODE #c +o bob", "NAMES #c")
            try await ann.expect(
                ":ann!* MODE #c +ov bob bob", ":srv 353 ann = #c :~ann @bob", ":srv 366 ann #c :*")
            try await bob.expect(":ann!* MODE #c +ov bob bob")
            bob.send("NAMES #c", "MODE #c -q ann")
            try await bob.expect(":srv 353 bob = #c :~ann @+bob", ":srv 366 *", ":srv 482 bob #c :*")
            ann.send("MODE #c -o bob")
            try await ann.expect(":ann!* MODE #c -o bob")
            try await script.restart()
            let again = try await script.register("bob", password: "correct horse")
            again.send("JOIN #c", "NAMES #c")
            try await again.expect(
                ":bob!* JOIN #c", ":srv 353 bob = #c :+bob", ":srv 366 *", ":srv 353 bob = #c :+bob",
                ":srv 366 *")
        }
    }

    /// modern.ircd.chat, "User mode": 401 for nobody, 502 for somebody else, 221 without a modestring; "the
    /// server MUST apply the modes that are implemented, and then send … ERR_UMODEUNKNOWNFLAG".
    @Test(arguments: Transport.allCases)
    func userModesAreOnesOwn(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            ann.send(
                "MODE ann", "MODE ANN +i", "MODE ann +i", "MODE ann", "MODE ann +xB-i", "MODE ann",
                "MODE ann +o")
            try await ann.expectInAnyOrder(
                ":srv 221 ann +", ":ann!* MODE ann +i", ":srv 221 ann +i", ":srv 501 ann :Unknown MODE flag",
                ":ann!* MODE ann +B-i", ":srv 221 ann +B")
            ann.send("MODE bob", "MODE bob +i", "MODE nobody", "MODE nobody +i", "MODE ann +éééé")
            try await ann.expect(
                ":srv 502 ann :Cant change mode for other users", ":srv 502 ann :*", ":srv 401 ann nobody :*",
                ":srv 401 ann nobody :*", ":srv 501 ann :*")
            try await bob.expectNothing()
            try await ann.expectNothing()
        }
    }

    /// IRCv3 account-extban: `$a:account` and `$a` mean people by account (ACCOUNTEXTBAN=a, EXTBAN=$,a).
    @Test(arguments: Transport.allCases)
    func bansMayNameAccounts(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("eve", password: "correct horse")
            let ann = try await script.register("ann")
            let eve = try await script.register("guest", account: "eve", password: "correct horse")
            let bob = try await script.register("bob")
            ann.send("JOIN #c", "MODE #c +b $a:EVE")
            await ann.drain()
            eve.send("JOIN #c")
            try await eve.expect(":srv 474 guest #c :Cannot join channel (+b)")
            bob.send("JOIN #c")
            try await bob.skip(to: ":srv 366 *")
            ann.send("MODE #c -b+b $a:EVE $a", "MODE #c +e $a:eve")
            await ann.drain()
            eve.send("JOIN #c")
            try await eve.skip(to: ":srv 366 *")
        }
    }
}
