// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// JOIN, PART, NAMES, LIST, KICK, INVITE and the modes that decide who gets in and who is heard.
struct MembershipTranscripts {
    /// modern.ircd.chat, "JOIN message": the joiner receives a JOIN, then RPL_NAMREPLY and RPL_ENDOFNAMES;
    /// no RPL_NOTOPIC (conformance.md, "Channels and modes").
    @Test(arguments: Transport.allCases)
    func joinIsAnsweredWithJoinAndNames(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            ann.send("JOIN #tea")
            try await ann.expect(
                ":ann!~ann@<annHost> JOIN #tea", ":srv 353 ann = #tea :@ann", ":srv 366 ann #tea :*")
            bob.send("JOIN #TEA")
            try await bob.expect(
                ":bob!~bob@<bobHost> JOIN #tea", ":srv 353 bob = #tea :@ann bob", ":srv 366 bob #tea :*")
            try await ann.expect(":bob!~bob@<bobHost> JOIN #tea")
            bob.send("JOIN #tea")
            try await bob.expectNothing()
        }
    }

    /// A line that names one channel again and again is answered once.
    @Test(arguments: Transport.allCases)
    func namesOfAChannelAreSaidOnceForALine(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            for client in [ann, bob] { await client.drain() }
            ann.send("NAMES #tea,#TEA,#none,#tea,#none")
            try await ann.expect(
                ":srv 353 ann = #tea :@ann bob", ":srv 366 ann #tea :*", ":srv 366 ann #none :*")
            try await ann.expectNothing()
        }
    }

    /// modern.ircd.chat, "NAMES message": who is joined to the channel, under the prefix of their highest status; who
    /// is invisible (user mode +i) is not named to those outside. What has changed is not said as it was.
    @Test(arguments: Transport.allCases)
    func namesFollowEveryChangeOfTheMembers(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            let eve = try await script.register("eve")
            func expectNames(_ inside: String, outside: String) async throws {
                for client in [ann, eve] { await client.drain() }
                ann.send("NAMES #tea")
                try await ann.expect(":srv 353 ann = #tea :\(inside)", ":srv 366 ann #tea :*")
                eve.send("NAMES #tea")
                try await eve.expect(":srv 353 eve = #tea :\(outside)", ":srv 366 eve #tea :*")
            }
            try await expectNames("@ann bob", outside: "@ann bob")
            bob.send("NICK aaron")
            await bob.drain()
            try await expectNames("aaron @ann", outside: "aaron @ann")
            ann.send("MODE #tea +v aaron")
            await ann.drain()
            try await expectNames("+aaron @ann", outside: "+aaron @ann")
            bob.send("MODE aaron +i")
            await bob.drain()
            try await expectNames("+aaron @ann", outside: "@ann")
            let dan = try await script.register("Dan")
            dan.send("JOIN #tea")
            await dan.drain()
            try await expectNames("+aaron @ann Dan", outside: "@ann Dan")
            bob.send("PART #tea")
            await bob.drain()
            dan.send("QUIT")
            await dan.drain()
            try await expectNames("@ann", outside: "@ann")
        }
    }

    /// conformance.md: "A wrong name in a list gets one of 403 … with that name, and the rest is joined."
    @Test(arguments: Transport.allCases)
    func aWrongNameInAListDoesNotStopTheOthers(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["no-implicit-names"])
            ann.send("JOIN #a,tea,#b/1,#c k1,k2")
            try await ann.expect(
                ":ann!* JOIN #a", ":srv 403 ann tea :*", ":srv 403 ann #b/1 :*", ":ann!* JOIN #c")
            try await ann.expectNothing()
        }
    }

    /// modern.ircd.chat, "PART message" and "JOIN 0": the member and the others see PART with the reason.
    @Test(arguments: Transport.allCases)
    func partIsSeenByAllAndJoinZeroPartsAll(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            bob.send("PART #tea :so long", "PART #tea", "PART #none")
            try await bob.expect(
                ":bob!* PART #tea :so long", ":srv 442 bob #tea :*", ":srv 403 bob #none :*")
            try await ann.expect(":bob!* PART #tea :so long")
            ann.send("JOIN #b", "JOIN 0")
            try await ann.skip(to: ":srv 366 ann #b :*")
            try await ann.expect(":ann!* PART #tea", ":ann!* PART #b")
        }
    }

    /// modern.ircd.chat, "KICK message"; RFC 2812, 3.2.8: one channel and several users, or as many
    /// channels as users. Without a comment it is the kicker's nickname (conformance.md).
    @Test(arguments: Transport.allCases)
    func kickRemovesSeveralAndNamesTheKicker(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            let eve = try await script.register("eve")
            eve.send("JOIN #tea")
            await eve.drain()
            await ann.drain()
            await bob.drain()
            bob.send("KICK #tea ann")
            try await bob.expect(":srv 482 bob #tea :*")
            ann.send("KICK #tea bob,eve,nobody")
            try await ann.expect(
                ":ann!* KICK #tea bob :ann", ":ann!* KICK #tea eve :ann", ":srv 441 ann nobody #tea :*")
            try await bob.expect(":ann!* KICK #tea bob :ann")
            try await eve.expect(":ann!* KICK #tea bob :ann", ":ann!* KICK #tea eve :ann")
            bob.send("JOIN #tea")
            try await bob.skip(to: ":srv 366 bob #tea :*")
            try await ann.expect(":bob!* JOIN #tea")
            ann.send("JOIN #two", "KICK #tea,#two bob,ann :out")
            try await ann.skip(to: ":srv 366 ann #two :*")
            try await ann.expect(":ann!* KICK #tea bob :out", ":ann!* KICK #two ann :out")
            ann.send("KICK #tea,#two bob")
            try await ann.expect(":srv 461 ann KICK :*")
        }
    }

    /// modern.ircd.chat, "INVITE message" and RPL_INVITING with three parameters; IRCv3 invite-notify:
    /// others hear of it only with the capability.
    @Test(arguments: Transport.allCases)
    func anInvitationOpensTheDoorAndIsNotedByThoseWhoAskedForIt(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let eve = try await script.register("eve", capabilities: ["invite-notify"])
            let dan = try await script.register("dan")
            let bob = try await script.register("bob")
            ann.send("JOIN #tea", "MODE #tea +i")
            await ann.drain()
            for guest in [eve, dan] {
                guest.send("JOIN #tea")
                try await guest.expect(":srv 473 * #tea :*")
                ann.send("INVITE \(guest.name) #tea")
                try await ann.skip(to: ":srv 341 ann \(guest.name) #tea")
                try await guest.expect(":ann!* INVITE \(guest.name) #tea")
                guest.send("JOIN #tea")
                try await guest.skip(to: ":srv 366 * #tea :*")
            }
            for client in [ann, eve, dan] { await client.drain() }
            dan.send("INVITE bob #tea")
            try await dan.expect(":srv 482 dan #tea :*")
            ann.send("INVITE bob #tea")
            try await ann.expect(":srv 341 ann bob #tea")
            try await bob.expect(":ann!* INVITE bob #tea")
            try await eve.expect(":ann!* INVITE bob #tea")
            try await dan.expectNothing()
            ann.send("INVITE dan #tea", "INVITE nobody #tea", "INVITE bob #none")
            try await ann.expect(
                ":srv 443 ann dan #tea :*", ":srv 401 ann nobody :*", ":srv 403 ann #none :*")
        }
    }

    /// modern.ircd.chat, "Channel Modes": +k 475, +l 471, +b 474, +i 473; exceptions (+e) and invitation
    /// exceptions (+I) let in.
    @Test(arguments: Transport.allCases)
    func eachDoorHasItsNumeric(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob", capabilities: ["no-implicit-names"])
            ann.send("JOIN #tea", "MODE #tea +k sesame")
            await ann.drain()
            bob.send("JOIN #tea", "JOIN #tea wrong", "JOIN #tea sesame", "PART #tea")
            try await bob.expect(
                ":srv 475 bob #tea :*", ":srv 475 bob #tea :*", ":bob!* JOIN #tea", ":bob!* PART #tea")
            ann.send("MODE #tea -k sesame", "MODE #tea +l 1")
            await ann.drain()
            bob.send("JOIN #tea")
            try await bob.expect(":srv 471 bob #tea :*")
            ann.send("MODE #tea -l+b bob!*@*")
            await ann.drain()
            bob.send("JOIN #tea")
            try await bob.expect(":srv 474 bob #tea :*")
            ann.send("MODE #tea +e *!~bob@*")
            await ann.drain()
            bob.send("JOIN #tea", "PART #tea")
            try await bob.expect(":bob!* JOIN #tea", ":bob!* PART #tea")
            ann.send("MODE #tea -e+i *!~bob@*")
            await ann.drain()
            bob.send("JOIN #tea")
            try await bob.expect(":srv 473 bob #tea :*")
            ann.send("MODE #tea -b+I bob bob")
            await ann.drain()
            bob.send("JOIN #tea")
            try await bob.expect(":bob!* JOIN #tea")
        }
    }

    /// modern.ircd.chat, +m, +n, +t: 404 for those who may not speak, 482 for those who may not set the topic.
    @Test(arguments: Transport.allCases)
    func moderatedAndClosedChannelsSilenceTheOthers(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            let eve = try await script.register("eve")
            eve.send("PRIVMSG #tea :from outside", "NOTICE #tea :silent")
            try await eve.expect(":srv 404 eve #tea :*")
            try await eve.expectNothing()
            ann.send("MODE #tea +m-n")
            try await ann.expect(":ann!* MODE #tea +m-n")
            try await bob.expect(":ann!* MODE #tea +m-n")
            bob.send("PRIVMSG #tea :x", "TOPIC #tea :mine")
            try await bob.expect(":srv 404 bob #tea :*", ":srv 482 bob #tea :*")
            ann.send("MODE #tea +v bob", "MODE #tea -t")
            try await bob.expect(":ann!* MODE #tea +v bob", ":ann!* MODE #tea -t")
            bob.send("PRIVMSG #tea :heard", "TOPIC #tea :mine")
            try await bob.expect(":bob!* TOPIC #tea :mine")
            try await ann.skip(to: ":bob!* PRIVMSG #tea :heard")
            try await ann.expect(":bob!* TOPIC #tea :mine")
            ann.send("MODE #tea -m+b eve")
            await ann.drain()
            eve.send("PRIVMSG #tea :x")
            try await eve.expect(":srv 404 eve #tea :*")
        }
    }

    /// domain.md 5.2: a private channel answers outsiders exactly as a name that does not exist: not in
    /// LIST, NAMES, WHOIS, MODE, TOPIC, JOIN, CHATHISTORY, nor by sending to it.
    @Test(arguments: Transport.allCases)
    func aPrivateChannelLooksUnknownToOutsiders(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.policy.profile = .closed
        }
        try await Transcript.run(transport, configure: configure) { script in
            try await script.addAccount("root", password: "correct horse", role: .secretariat)
            try await script.addAccount("eve", password: "correct horse")
            let root = try await script.register("root", password: "correct horse")
            root.send("JOIN #secret", "MODE #secret +is", "JOIN #hall")
            try await root.skip(to: ":srv 366 root #hall :*")
            let eve = try await script.register(
                "eve", capabilities: ["draft/chathistory", "batch"], password: "correct horse")
            eve.send("JOIN #hall")
            await eve.drain()
            func answers(_ name: String) async -> [String] {
                eve.send(
                    "JOIN \(name)", "PART \(name)", "NAMES \(name)", "LIST \(name)", "MODE \(name)",
                    "MODE \(name) +b", "MODE \(name) +m", "TOPIC \(name)", "TOPIC \(name) :x",
                    "PRIVMSG \(name) :x", "NOTICE \(name) :x", "TAGMSG \(name)", "INVITE root \(name)",
                    "KICK \(name) root", "WHO \(name)", "CHATHISTORY LATEST \(name) * 5",
                    "BATCH +1 draft/multiline \(name)", "@batch=1 PRIVMSG \(name) :x", "BATCH -1",
                    "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00Z timestamp=2100-01-01T00:00:00Z 50")
                return await eve.drain().map { line in
                    line.split(separator: " ").map { $0.hasPrefix("+b") || $0.hasPrefix("-b") ? "ref" : $0 }
                        .map { $0.hasPrefix("@batch") || $0.hasPrefix("@time") ? "tags" : $0 }
                        .joined(separator: " ").replacing(name, with: "#NAME")
                }
            }
            let known = await answers("#SECRET")
            let unknown = await answers("#NOWAYS")
            #expect(known == unknown)
            eve.send("WHOIS root")
            let whois = await eve.drain()
            #expect(whois.contains { $0.contains("#hall") })
            #expect(!whois.contains { $0.lowercased().contains("#secret") })
        }
    }

    /// Decision 0073: a channel that nobody owns ends with its last member; who comes next is its operator
    /// again, and sees nothing of the old one's history.
    @Test(arguments: Transport.allCases)
    func anEmptyUnownedChannelIsGoneWithItsHistory(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #tea", "TOPIC #tea :old", "PRIVMSG #tea :old words", "PART #tea")
            await ann.drain()
            let bob = try await script.register("bob", capabilities: ["draft/chathistory", "batch"])
            bob.send("LIST #tea", "JOIN #tea", "CHATHISTORY LATEST #tea * 10")
            try await bob.expect(
                ":srv 321 bob Channel :*", ":srv 323 bob :*", ":bob!* JOIN #tea", ":srv 353 bob = #tea :@bob",
                ":srv 366 bob #tea :*", ":srv BATCH +<ref> chathistory #tea", ":srv BATCH -<ref>")
            bob.disconnect()
            ann.send("PING x")
            try await ann.expect(":srv PONG plenary.test :x")
            try await script.restart()
            let eve = try await script.register("eve")
            eve.send("LIST")
            try await eve.expect(":srv 321 eve Channel :*", ":srv 323 eve :*")
        }
    }

    /// conformance.md, 353: "`=`, and `@` for a secret channel"; IRCv3 no-implicit-names; multi-prefix;
    /// userhost-in-names.
    @Test(arguments: Transport.allCases)
    func namesTakeTheFormThatWasNegotiated(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("JOIN #tea", "MODE #tea +v ann", "MODE #tea +s")
            await ann.drain()
            let bob = try await script.register(
                "bob", capabilities: ["no-implicit-names", "multi-prefix", "userhost-in-names"])
            bob.send("JOIN #tea")
            try await bob.expect(":bob!* JOIN #tea")
            try await bob.expectNothing()
            bob.send("NAMES #tea", "NAMES #none", "NAMES")
            try await bob.expect(
                ":srv 353 bob @ #tea :@+ann!~ann@* bob!~bob@*", ":srv 366 bob #tea :*",
                ":srv 366 bob #none :*", ":srv 366 bob \\* :*".replacing("\\*", with: "*"))
            ann.send("NAMES #tea")
            try await ann.skip(to: ":srv 353 ann @ #tea :@ann bob")
        }
    }

    /// modern.ircd.chat, "LIST message" and ELIST: names, masks (M), negative masks (N), user counts (U).
    @Test(arguments: Transport.allCases)
    func listIsFilteredByNamesMasksAndCounts(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            ann.send("TOPIC #tea :leaves", "JOIN #beer")
            await ann.drain()
            await bob.drain()
            func rows(_ condition: String) async -> [String] {
                bob.send("LIST \(condition)")
                return await bob.drain().filter { $0.contains(" 322 ") }.map {
                    $0.split(separator: " ").dropFirst(3).joined(separator: " ")
                }
            }
            #expect(await rows("") == ["#beer 1 :", "#tea 2 :leaves"])
            #expect(await rows("#TEA") == ["#tea 2 :leaves"])
            #expect(await rows("*e?r") == ["#beer 1 :"])
            #expect(await rows("!*ee*") == ["#tea 2 :leaves"])
            #expect(await rows(">1") == ["#tea 2 :leaves"])
            #expect(await rows("<2") == ["#beer 1 :"])
            #expect(await rows("#none") == [])
        }
    }

    /// Two people in `#tea`, the first its operator, with nothing left to read.
    static func pair(
        _ script: Transcript, _ first: [String] = [], _ second: [String] = []
    ) async throws -> (TranscriptClient, TranscriptClient) {
        let ann = try await script.register("ann", capabilities: first)
        let bob = try await script.register("bob", capabilities: second)
        ann.send("JOIN #tea")
        await ann.drain()
        bob.send("JOIN #tea")
        await bob.drain()
        await ann.drain()
        return (ann, bob)
    }
}
