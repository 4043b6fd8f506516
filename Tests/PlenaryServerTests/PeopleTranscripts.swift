// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTestKit
import Testing

/// METADATA (IRCv3 metadata, draft; docs/extensions/people.md) and profiles.
struct PeopleTranscripts {
    private static let capabilities = ["batch", "setname", "draft/metadata-2"]

    /// An open server with ann and bob, who have accounts and are in #c, and root, who manages accounts.
    private static func run(
        _ transport: Transport, configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (Transcript, TranscriptClient, TranscriptClient, TranscriptClient) async throws -> Void
    ) async throws {
        try await Transcript.run(transport, configure: configure) { script in
            try await script.addAccount("root", password: "correct horse", role: .secretariat)
            for name in ["ann", "bob"] { try await script.addAccount(name, password: "correct horse") }
            var clients: [TranscriptClient] = []
            for name in ["ann", "bob", "root"] {
                let client = try await script.register(
                    name, capabilities: capabilities, password: "correct horse")
                client.send("JOIN #c")
                clients.append(client)
            }
            for client in clients { await client.drain() }
            try await body(script, clients[0], clients[1], clients[2])
        }
    }

    /// "If the request is successful, the server carries out the requested change and responds with one
    /// RPL_KEYVALUE event"; GET answers "for every key in order", in a batch `metadata`.
    @Test(arguments: Transport.allCases)
    func aProfileIsSetAndRead(over transport: Transport) async throws {
        try await PeopleTranscripts.run(transport) { _, ann, bob, _ in
            ann.send(
                "METADATA * SET display-name :Amina Bengü", "METADATA ann SET Plenary.chat/Affiliation NHRI",
                "METADATA * SET plenary.chat/country ke", "METADATA * SET plenary.chat/languages :fr, AR,fr",
                "METADATA * SET plenary.chat/presence remote")
            try await ann.expect(
                ":ann!* SETNAME :Amina Bengü", ":srv 761 ann ann display-name \\* :Amina Bengü",
                ":srv 761 ann ann plenary.chat/affiliation \\* :nhri",
                ":srv 761 ann ann plenary.chat/country \\* :KE",
                ":srv 761 ann ann plenary.chat/languages \\* :fr,ar",
                ":srv 761 ann ann plenary.chat/presence \\* :remote")
            try await bob.expect(":ann!* SETNAME :Amina Bengü")
            bob.send("METADATA ann GET plenary.chat/country avatar $x plenary.chat/verified")
            try await bob.expect(
                ":srv BATCH +<b> metadata ann", "@batch=<b> :srv 761 bob ann plenary.chat/country \\* :KE",
                "@batch=<b> :srv 766 bob ann avatar :*", "@batch=<b> :srv FAIL METADATA KEY_INVALID $x :*",
                "@batch=<b> :srv 766 bob ann plenary.chat/verified :*", ":srv BATCH -<b>")
            bob.send("METADATA ann LIST")
            try await bob.expect(
                ":srv BATCH +<c> metadata ann", "@batch=<c> :srv 761 bob ann display-name *",
                "@batch=<c> :srv 761 bob ann plenary.chat/affiliation *", "@batch=<c> :srv 761 bob ann *",
                "@batch=<c> :srv 761 bob ann plenary.chat/languages *", "@batch=<c> :srv 761 bob ann *",
                ":srv BATCH -<c>")
        }
    }

    /// WHOIS has it all in the real name; JOIN, WHO and WHOX have the name alone. An account keeps it.
    @Test(arguments: Transport.allCases)
    func aProfileIsShownAndKept(over transport: Transport) async throws {
        try await PeopleTranscripts.run(transport) { script, ann, bob, root in
            ann.send(
                "SETNAME :Amina B.", "METADATA * SET plenary.chat/affiliation national-mechanism",
                "METADATA * SET plenary.chat/country KE")
            await ann.drain()
            root.send("METADATA ann SET plenary.chat/verified :yes")
            try await root.expect(
                ":ann!* SETNAME :Amina B.", ":srv 761 root ann plenary.chat/verified \\* :root 20*")
            await bob.drain()
            bob.send("WHOIS ann", "WHO ann %nr")
            try await bob.expect(":srv 311 bob ann * * \\* :Amina B. (national mechanism, KE) ✓")
            try await bob.skip(to: ":srv 354 bob ann :Amina B.")
            bob.send("LANGUAGE fr", "WHOIS ann")
            try await bob.skip(to: ":srv 311 bob ann * * \\* :Amina B. (mécanisme national, KE) ✓")
            try await script.restart()
            let eve = try await script.register("eve", capabilities: ["extended-join"])
            eve.send("JOIN #d")
            await eve.drain()
            let again = try await script.register(
                "ann", capabilities: PeopleTranscripts.capabilities, password: "correct horse")
            again.send("JOIN #d")
            try await eve.expect(":ann!* JOIN #d ann :Amina B.")
            // What was verified is not any more when it changes; the name may change.
            again.send("SETNAME :Amina Bengü")
            await again.drain()
            eve.send("WHOIS ann")
            try await eve.expect(":srv 311 eve ann * * \\* :Amina Bengü (national mechanism, KE) ✓")
            await eve.drain()
            again.send("METADATA * SET plenary.chat/country UG")
            await again.drain()
            eve.send("WHOIS ann")
            try await eve.expect(":srv 311 eve ann * * \\* :Amina Bengü (national mechanism, UG)")
        }
    }

    /// "The client will receive METADATA messages about the keys they are subscribed to"; "excluding changes they
    /// make themselves"; on joining a channel "they get that information for the keys they are subscribed to".
    @Test(arguments: Transport.allCases)
    func subscribersAreTold(over transport: Transport) async throws {
        try await PeopleTranscripts.run(transport) { script, ann, bob, _ in
            bob.send("METADATA * SUB display-name avatar $ plenary.chat/country", "METADATA * SUBS")
            try await bob.expect(
                ":srv 770 bob display-name avatar plenary.chat/country",
                ":srv FAIL METADATA KEY_INVALID $ :*",
                ":srv 772 bob display-name avatar plenary.chat/country")
            ann.send("METADATA * SET display-name :Amina", "METADATA * SET plenary.chat/presence remote")
            try await bob.expect(":srv METADATA ann display-name \\* :Amina", ":ann!* SETNAME :Amina")
            ann.send("METADATA * SET display-name")
            try await bob.expect(":srv METADATA ann display-name \\*", ":ann!* SETNAME :ann")
            bob.send("METADATA * UNSUB display-name", "METADATA #c SYNC")
            try await bob.expect(
                ":srv 771 bob display-name", ":srv BATCH +<b> metadata #c", ":srv BATCH -<b>")
            await ann.drain()
            ann.send("METADATA * SET plenary.chat/country KE")
            try await ann.expect(":srv 761 *")
            try await bob.expect(":srv METADATA ann plenary.chat/country \\* :KE")
            let eve = try await script.register("eve", capabilities: PeopleTranscripts.capabilities)
            eve.send("METADATA * SUB plenary.chat/country", "JOIN #c")
            try await eve.skip(to: ":srv 366 *")
            try await eve.expect(":srv METADATA ann plenary.chat/country \\* :KE")
            try await eve.expectNothing()
        }
    }

    /// "If the user cannot set keys on the given target, the server responds with FAIL METADATA KEY_NO_PERMISSION";
    /// nobody learns by it which channels there are.
    @Test(arguments: Transport.allCases)
    func whatMayNotBeIsRefused(over transport: Transport) async throws {
        try await PeopleTranscripts.run(transport) { _, ann, bob, root in
            ann.send(
                "METADATA bob SET display-name :Not Bob", "METADATA * SET plenary.chat/verified :yes",
                "METADATA * SET avatar :x", "METADATA nobody LIST", "METADATA #none SYNC",
                "METADATA * SET $x :y", "METADATA * SET plenary.chat/country XX",
                "METADATA * SET plenary.chat/affiliation king", "METADATA * SET display-name :a\u{202E}b",
                "METADATA * SET display-name :Bo ✓", "METADATA * SET plenary.chat/country",
                "METADATA * DESTROY", "METADATA * GET", "METADATA")
            try await ann.expect(
                ":srv FAIL METADATA KEY_NO_PERMISSION bob display-name :*",
                ":srv FAIL METADATA KEY_NO_PERMISSION ann plenary.chat/verified :*",
                ":srv FAIL METADATA KEY_NO_PERMISSION ann avatar :*",
                ":srv FAIL METADATA INVALID_TARGET nobody :*", ":srv FAIL METADATA INVALID_TARGET #none :*",
                ":srv FAIL METADATA KEY_INVALID $x :*",
                ":srv FAIL METADATA VALUE_INVALID plenary.chat/country :*",
                ":srv FAIL METADATA VALUE_INVALID plenary.chat/affiliation :*",
                ":srv FAIL METADATA VALUE_INVALID display-name :*",
                ":srv FAIL METADATA VALUE_INVALID display-name :*",
                ":srv FAIL METADATA KEY_NOT_SET ann plenary.chat/country :*",
                ":srv FAIL METADATA SUBCOMMAND_INVALID DESTROY :*",
                ":srv FAIL METADATA INVALID_PARAMS GET :*", ":srv 461 ann METADATA :*")
            try await bob.expectNothing()
            root.send("METADATA bob SET plenary.chat/affiliation ngo")
            try await root.expect(":srv 761 root bob plenary.chat/affiliation \\* :ngo")
        }
    }

    /// A name is stored in Normalization Form C, whatever form it came in (limits.md 34, 35).
    @Test(arguments: Transport.allCases)
    func namesAreComposed(over transport: Transport) async throws {
        try await PeopleTranscripts.run(transport) { _, ann, _, _ in
            ann.send("METADATA * SET display-name :Rene\u{301}")
            try await ann.expect(":ann!* SETNAME :*", ":srv 761 ann ann display-name \\* :*")
            ann.send("WHOIS ann")
            let line = try await ann.next()
            #expect(Array(line.utf8).suffix(5) == Array("Ren\u{E9}".utf8))
        }
    }

    /// A client is told of itself with the welcome; guests have a profile for as long as they stay; 20 changes
    /// a minute.
    @Test(arguments: Transport.allCases)
    func theWelcomeTellsOfOneself(over transport: Transport) async throws {
        let limit = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.rates = [.setProfile: .init(2, perSeconds: 60)]
        }
        try await PeopleTranscripts.run(transport, configure: limit) { script, ann, _, _ in
            ann.send("METADATA * SET plenary.chat/country KE")
            await ann.drain()
            let other = try await script.open("ann")
            other.send("CAP REQ :batch sasl draft/metadata-2")
            try await other.expect(":srv CAP * ACK :*")
            try await other.authenticate("ann", password: "correct horse")
            other.send("NICK ann", "USER a 0 * :a", "CAP END")
            try await other.skip(to: ":srv BATCH +<b> metadata ann")
            try await other.expect(
                "@batch=<b> :srv METADATA ann plenary.chat/country \\* :KE", ":srv BATCH -<b>", ":srv 422 *")
            let eve = try await script.register("eve")
            eve.send(
                "METADATA * SET plenary.chat/organisation :Some Body", "SETNAME :Eve", "METADATA eve LIST",
                "METADATA * CLEAR")
            try await eve.expect(
                ":srv 761 eve eve plenary.chat/organisation \\* :Some Body",
                ":srv 761 eve eve display-name \\* :Eve",
                ":srv 761 eve eve plenary.chat/organisation \\* :Some Body",
                ":srv FAIL METADATA RATE_LIMITED eve \\* <seconds> :*")
        }
    }

    /// docs/extensions/marks.md: "A session without plenary.chat/threads is shown (Corr.) before the text, before the
    /// name of those for whom somebody speaks."
    @Test(arguments: Transport.allCases)
    func aCorrectionIsSeenByAll(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["message-tags"])
            let bob = try await script.register("bob")
            for client in [ann, bob] { client.send("JOIN #c") }
            for client in [ann, bob] { await client.drain() }
            ann.send("@+plenary.chat/kind=correction PRIVMSG #c :annex 2")
            try await bob.expect(":ann!* PRIVMSG #c :(Corr.) annex 2")
            ann.send("@+plenary.chat/kind=correction;+plenary.chat/on-behalf=Friends PRIVMSG #c :annex 3")
            try await bob.expect(":ann!* PRIVMSG #c :(Corr.) (Friends) annex 3")
            ann.send("@+plenary.chat/kind=question PRIVMSG #c :annex 4?")
            try await bob.expect(":ann!* PRIVMSG #c :annex 4?")
        }
    }

    /// docs/extensions/marks.md: the tag is checked and relayed; who knows no tag reads the name in the text.
    @Test(arguments: Transport.allCases)
    func onBehalfOfIsSeenByAll(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["message-tags"])
            let bob = try await script.register("bob")
            let eve = try await script.register(
                "eve", capabilities: ["message-tags", "plenary.chat/threads"])
            for client in [ann, bob, eve] { client.send("JOIN #c") }
            for client in [ann, bob, eve] { await client.drain() }
            ann.send("@+plenary.chat/on-behalf=Group\\sof\\sFriends PRIVMSG #c :We agree")
            try await bob.expect(":ann!* PRIVMSG #c :(Group of Friends) We agree")
            try await eve.expect(
                "@msgid=<m>;+plenary.chat/on-behalf=Group\\sof\\sFriends :ann!* PRIVMSG #c :We agree")
            ann.send(
                "@+plenary.chat/on-behalf=\(String(repeating: "a", count: 101)) PRIVMSG #c :x",
                "@+plenary.chat/on-behalf=a\u{200B}b PRIVMSG #c :x",
                "@+plenary.chat/on-behalf=\(String(repeating: "a", count: 100)) PRIVMSG #c :x")
            try await ann.expect(
                ":srv FAIL PRIVMSG INVALID_ON_BEHALF a* :*", ":srv FAIL PRIVMSG INVALID_ON_BEHALF a* :*")
            try await bob.expect(":ann!* PRIVMSG #c :(aaa* x")
        }
    }
}
