// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// AWAY, SETNAME, WHO, WHOIS, WHOWAS and the other queries about people.
struct PresenceTranscripts {
    /// conformance.md: "AWAY itself is answered by 305 or 306 alone"; IRCv3 away-notify: AWAY to those who share a
    /// channel and negotiated it, also when an away person joins. limits.md 16: at most 390 bytes.
    @Test(arguments: Transport.allCases)
    func awayIsToldToThoseWhoAsked(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["away-notify"])
            let bob = try await script.register("bob", capabilities: ["away-notify"])
            let eve = try await script.register("eve")
            for client in [ann, bob, eve] { client.send("JOIN #c") }
            for client in [ann, bob, eve] { await client.drain() }
            ann.send("AWAY :à table", "AWAY :à table", "AWAY", "AWAY :")
            try await ann.expect(
                ":srv 306 ann :You have been marked as being away", ":srv 306 ann :*",
                ":srv 305 ann :You are no longer marked as being away", ":srv 305 ann :*")
            try await bob.expect(":ann!* AWAY :à table", ":ann!* AWAY")
            try await eve.expectNothing()
            let longest = String(repeating: "a", count: 390)
            ann.send("AWAY :\(longest)b", "AWAY :\(longest)", "PART #c", "JOIN #c")
            try await ann.expect(
                ":srv 417 ann :*", ":srv 306 ann :*", ":ann!* PART #c", ":ann!* JOIN #c", ":srv 353 *")
            try await bob.expect(":ann!* AWAY :aaa*", ":ann!* PART #c", ":ann!* JOIN #c", ":ann!* AWAY :aaa*")
            eve.send("PRIVMSG ann :hello", "USERHOST ann eve nobody")
            try await eve.skip(to: ":srv 301 eve ann :aaa*")
            try await eve.expect(":srv 302 eve :ann=-~ann@* eve=+~eve@*")
        }
    }

    /// IRCv3 setname: "they MUST send the server-to-client version of the SETNAME message to all clients in
    /// common channels, as well as to the client from which it originated … MUST NOT be sent to clients which
    /// do not have the capability"; FAIL SETNAME INVALID_REALNAME. No bidi controls in names (protocol.md).
    @Test(arguments: Transport.allCases)
    func realNamesMayChange(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["setname"])
            let bob = try await script.register("bob", capabilities: ["setname"])
            let eve = try await script.register("eve", capabilities: ["labeled-response", "batch"])
            for client in [ann, bob, eve] { client.send("JOIN #c") }
            for client in [ann, bob, eve] { await client.drain() }
            ann.send("SETNAME :Анна Example 安娜")
            try await ann.expect(":ann!* SETNAME :Анна Example 安娜")
            try await bob.expect(":ann!* SETNAME :Анна Example 安娜")
            eve.send("@label=a SETNAME :Eve Example", "WHOIS ann")
            try await eve.expect("@label=a :srv ACK", ":srv 311 eve ann ~ann * * :Анна Example 安娜")
            try await bob.expect(":eve!* SETNAME :Eve Example")
            let longest = String(repeating: "é", count: 75)
            try await ann.expect(":eve!* SETNAME :Eve Example")
            ann.send(
                "SETNAME :\(longest)x", "SETNAME :", "SETNAME", "SETNAME :a\u{202E}b", "SETNAME :a\u{7}b")
            try await ann.expect(
                ":srv FAIL SETNAME INVALID_REALNAME :*", ":srv FAIL SETNAME INVALID_REALNAME :*",
                ":srv 461 ann SETNAME :*",
                ":srv FAIL SETNAME INVALID_REALNAME :*", ":srv FAIL SETNAME INVALID_REALNAME :*")
            ann.send("SETNAME :\(longest)")
            try await ann.expect(":ann!* SETNAME :\(longest)")
            let max = try await script.open("max")
            max.send("NICK max", "USER max 0 * :\u{202E}M\u{2066}a\u{1}x")
            try await max.skip(to: ":srv 422 *")
            ann.send("WHOIS max")
            try await ann.expect(":srv 311 ann max ~max * * :Max")
        }
    }

    /// conformance.md: "WHO takes a nick in any case and a mask. +i hides from masks unless a channel is shared.
    /// Flags are H or G, then `*` for an operator, then `@`."
    @Test(arguments: Transport.allCases)
    func whoFindsPeople(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("root", password: "correct horse", role: .secretariat)
            let ann = try await script.register("ann", capabilities: ["multi-prefix"])
            let root = try await script.register("root", password: "correct horse")
            let bob = try await script.register("bob")
            root.send("JOIN #c", "MODE #c +v root", "AWAY :busy")
            await root.drain()
            ann.send("JOIN #c")
            await ann.drain()
            bob.send("MODE bob +iB")
            await bob.drain()
            ann.send(
                "WHO #C", "WHO ROOT", "WHO ro?t", "WHO bob", "WHO b?b", "WHO nobody", "WHO #none", "WHO ann o"
            )
            try await ann.expect(
                ":srv 352 ann #c ~ann <host> plenary.test ann H :0 ann",
                ":srv 352 ann #c ~root * plenary.test root G\\*@+ :0 root",
                ":srv 315 ann #C :End of WHO list",
                ":srv 352 ann #c ~root * plenary.test root G\\*@+ :0 root", ":srv 315 ann ROOT :*",
                ":srv 352 ann #c * root G\\*@+ :0 root", ":srv 315 ann ro?t :*",
                ":srv 352 ann \\* ~bob * plenary.test bob HB :0 bob", ":srv 315 ann bob :*",
                ":srv 315 ann b?b :*",
                ":srv 315 ann nobody :*", ":srv 315 ann #none :*", ":srv 315 ann ann :*")
            bob.send("JOIN #c")
            await bob.drain()
            await ann.drain()
            ann.send("WHO b?b", "WHO 0 o", "WHO :two words", "WHO")
            try await ann.expect(
                ":srv 352 ann #c * bob HB :0 bob", ":srv 315 *", ":srv 352 ann #c * root *",
                ":srv 315 ann 0 :*",
                ":srv 315 ann two_words :*", ":srv 461 ann WHO :*")
        }
    }

    /// IRCv3 whox: "Servers MUST send the fields in the order specified above"; `0` for no account,
    /// 255.255.255.255 for a hidden address, `*` for no channel; "MUST NOT add any additional field".
    @Test(arguments: Transport.allCases)
    func whoxGivesTheFieldsAskedForInOrder(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("bob", password: "correct horse")
            let ann = try await script.register("ann")
            let bob = try await script.register("bob", password: "correct horse")
            ann.send(
                "WHO ann %rnatcuhsflio,123", "WHO bob %na", "WHO ann %an", "WHO bob %zn", "WHO bob %tr,7",
                "WHO bob %")
            try await ann.expect(
                ":srv 354 ann 123 \\* ~ann 255.255.255.255 * plenary.test ann H <idle> 0 n/a :ann",
                ":srv 315 ann ann :*",
                ":srv 354 ann bob bob", ":srv 315 *", ":srv 354 ann ann 0", ":srv 315 *", ":srv 354 ann bob",
                ":srv 315 *", ":srv 354 ann 7 :bob", ":srv 315 *", ":srv 354 ann", ":srv 315 *")
            try await bob.expectNothing()
        }
    }

    /// conformance.md, WHOIS: begins with 311, allowed numerics only, 318 at the end; 319 has all channels with
    /// prefixes in one parameter, secret ones for their members only; `WHOIS server nick` and `WHOIS nick nick`.
    @Test(arguments: Transport.allCases)
    func whoisTellsWhatIsAllowed(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.register("ann", password: "correct horse")
            let bob = try await script.register("bob")
            ann.send("JOIN #one,#two,#three", "MODE #two +s", "AWAY :out")
            await ann.drain()
            for request in ["WHOIS ann", "WHOIS ANN", "WHOIS ann ann", "WHOIS plenary.test ann"] {
                bob.send(request)
                try await bob.expect(
                    ":srv 311 bob ann ~ann <host> \\* :ann", ":srv 319 bob ann :@#one @#three",
                    ":srv 312 bob ann plenary.test :A community of practice",
                    ":srv 330 bob ann ann :is logged in as",
                    ":srv 301 bob ann :out", ":srv 671 bob ann :is using a secure connection",
                    ":srv 317 bob ann * <signon> :seconds idle, signon time",
                    ":srv 318 bob ann :End of /WHOIS list")
            }
            #expect(!["ann", "~ann"].contains(script["host"]))
            bob.send("JOIN #two", "MODE bob +B")
            await bob.drain()
            bob.send("WHOIS ann", "WHOIS bob", "WHOIS nobody", "WHOIS", "WHOIS :a b")
            try await bob.expect(":srv 311 *", ":srv 319 bob ann :@#one @#two @#three")
            try await bob.skip(to: ":srv 318 bob ann *")
            try await bob.expect(
                ":srv 311 bob bob *", ":srv 319 bob bob :#two", ":srv 312 *", ":srv 335 bob bob :*")
            try await bob.skip(to: ":srv 318 bob bob *")
            try await bob.expect(
                ":srv 401 bob nobody :No such nick/channel", ":srv 318 bob nobody :*", ":srv 431 bob :*",
                ":srv 401 bob a_b :*", ":srv 318 bob a_b :*")
        }
    }

    /// conformance.md: "WHOWAS has the newest first; a count of 0 or less means all; an entry exists from the
    /// moment of the QUIT." A change of nickname leaves one too.
    @Test(arguments: Transport.allCases)
    func whowasRemembersThoseWhoLeft(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            for name in ["First", "Second", "Third"] {
                let bob = try await script.open("bob")
                bob.send("NICK bob", "USER bob 0 * :\(name)")
                try await bob.skip(to: ":srv 422 *")
                bob.send("QUIT")
                try await bob.expect("ERROR :*")
                try await bob.expectClosed()
            }
            ann.send(
                "WHOWAS BOB", "WHOWAS bob 2", "WHOWAS bob 0", "WHOWAS bob -1", "WHOWAS bob x",
                "WHOWAS nobody", "WHOWAS")
            let all = [
                ":srv 314 ann bob ~bob * \\* :Third", ":srv 314 ann bob ~bob * \\* :Second",
                ":srv 314 ann bob ~bob * \\* :First",
            ]
            for (patterns, name) in [
                (all, "BOB"), (Array(all.prefix(2)), "bob"), (all, "bob"), (all, "bob"), (all, "bob"),
            ] {
                for pattern in patterns { try await ann.expect(pattern) }
                try await ann.expect(":srv 369 ann \(name) :End of WHOWAS")
            }
            try await ann.expect(
                ":srv 406 ann nobody :There was no such nickname", ":srv 369 ann nobody :*", ":srv 431 ann :*"
            )
            ann.send("NICK anna", "WHOWAS ann")
            try await ann.expect(":ann!* NICK :anna", ":srv 314 anna ann ~ann *", ":srv 369 *")
        }
    }

    /// ISON and USERHOST (modern.ircd.chat, "Optional messages"): who of them is here.
    @Test(arguments: Transport.allCases)
    func shortQueriesNameThoseWhoAreHere(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            _ = try await script.register("bob")
            ann.send(
                "ISON BOB nobody ann", "ISON :bob ann", "ISON nobody", "USERHOST nobody", "ISON", "USERHOST")
            try await ann.expect(
                ":srv 303 ann :bob ann", ":srv 303 ann :bob ann", ":srv 303 ann :", ":srv 302 ann :",
                ":srv 461 ann ISON :*", ":srv 461 ann USERHOST :*")
        }
    }

    /// IRCv3 bot-mode: `MODE +B`, 335, the flag of WHO, and the tag `bot` without a value on what a bot says.
    @Test(arguments: Transport.allCases)
    func botsAreMarked(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let bot = try await script.register("bot", capabilities: ["message-tags", "echo-message"])
            let ann = try await script.register("ann", capabilities: ["message-tags"])
            let eve = try await script.register("eve")
            bot.send("MODE bot +B")
            try await bot.expect("@bot :bot!* MODE bot +B")
            for client in [ann, eve] { client.send("JOIN #c") }
            for client in [ann, eve] { await client.drain() }
            bot.send("JOIN #c", "PRIVMSG #c :beep", "TOPIC #c :x")
            try await bot.skip(to: "@bot;msgid=<id> :bot!* PRIVMSG #c :beep")
            await bot.drain()
            await eve.drain()
            try await ann.skip(to: "@bot :bot!* JOIN #c")
            try await ann.expect("@bot;msgid=<id> :bot!* PRIVMSG #c :beep")
        }
    }
}
