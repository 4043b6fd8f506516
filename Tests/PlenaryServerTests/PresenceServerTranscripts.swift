// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryTestKit
import Testing

/// Queries about the server, its languages, and labels on its answers.
struct PresenceServerTranscripts {
    /// modern.ircd.chat, "Server Queries and Commands": VERSION with 351 and 005, TIME, ADMIN, INFO; an unknown
    /// server is 402, a nickname means its server.
    @Test(arguments: Transport.allCases)
    func theServerTellsAboutItself(over transport: Transport) async throws {
        try await Transcript.run(
            transport,
            configure: {
                $0.administrator.name = "Maria"
                $0.administrator.email = "maria@example.org"
            }
        ) { script in
            let ann = try await script.register("ann")
            ann.send("VERSION", "TIME", "ADMIN", "INFO")
            try await ann.expect(
                ":srv 351 ann plenary-* plenary.test :Plenary", ":srv 005 ann *", ":srv 005 ann *",
                ":srv 005 ann *",
                ":srv 391 ann plenary.test :*Z", ":srv 256 ann plenary.test :*", ":srv 257 ann :Maria",
                ":srv 258 ann :",
                ":srv 259 ann :maria@example.org", ":srv 371 ann :Plenary *", ":srv 371 ann :*",
                ":srv 374 ann :End of /INFO list")
            for verb in ["VERSION", "TIME", "ADMIN", "MOTD"] { ann.send("\(verb) other.test") }
            for _ in 0..<4 { try await ann.expect(":srv 402 ann other.test :No such server") }
            ann.send("TIME ann", "TIME PLENARY.test")
            try await ann.expect(":srv 391 *", ":srv 391 *")
            try await ann.expectNothing()
        }
    }

    /// conformance.md: "HELP and HELPOP answer 704, 705 …, 706, each with the subject as the second parameter."
    @Test(arguments: Transport.allCases, ["HELP", "HELPOP"])
    func helpExplainsCommands(over transport: Transport, verb: String) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("\(verb) privmsg", verb, "\(verb) nonsense", "\(verb) :two words")
            try await ann.expect(
                ":srv 704 ann privmsg :*", ":srv 705 ann privmsg :*PRIVMSG *", ":srv 706 ann privmsg :*",
                ":srv 704 ann \\* :*")
            try await ann.skip(to: ":srv 706 ann \\* :*")
            try await ann.expect(
                ":srv 524 ann nonsense :There is no help on that", ":srv 524 ann two_words :*")
            try await ann.expectNothing()
        }
    }

    /// Every text exists in six languages, chosen per session (protocol.md): the same refusal differs in each
    /// and is never empty; an unknown language changes nothing and says so.
    @Test(arguments: Transport.allCases)
    func textsComeInTheSessionsLanguage(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["labeled-response", "batch"])
            var texts: Set<String> = []
            for language in Language.allCases {
                ann.send("LANGUAGE \(language.rawValue.uppercased())", "JOIN 1", "MOTD", "AWAY")
                try await ann.expect(":srv 403 ann 1 :*", ":srv 422 ann :*")
                texts.insert(try await ann.next())
            }
            #expect(texts.count == Language.allCases.count)
            ann.send("LANGUAGE fr", "@label=a LANGUAGE xx", "LANGUAGE", "JOIN 1")
            try await ann.expect(
                "@label=a :srv FAIL LANGUAGE INVALID_PARAMS xx :*", ":srv 461 ann LANGUAGE :*",
                ":srv 403 ann 1 :*")
            let fresh = try await script.register("fresh")
            fresh.send("AWAY")
            try await fresh.expect(":srv 305 fresh :You are no longer marked as being away")
        }
    }

    /// The whole welcome fits and is valid UTF-8 in each language.
    @Test(arguments: Transport.allCases, Language.allCases)
    func theDefaultLanguageWelcomes(over transport: Transport, language: Language) async throws {
        try await Transcript.run(transport, configure: { $0.defaultLanguage = language }) { script in
            let ann = try await script.register("ann")
            ann.send(
                "HELP", "LUSERS", "INFO", "WHOIS ann", "WHOWAS ann", "LIST", "NAMES #x", "MODE ann +z",
                "NICK 1")
            #expect(await ann.drain().count > 20)
        }
    }

    /// IRCv3 labeled-response: one line carries the label itself, several are a batch whose name is letters,
    /// digits and hyphens, none is ACK; a label over 64 bytes, or without the capability, is no label.
    @Test(arguments: Transport.allCases)
    func everyAnswerCarriesItsLabelOnce(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["labeled-response", "batch"])
            ann.send(
                "@label=a\\sb PING x", "@label=c WHOIS ann", "@label=d PONG x", "@label=e NONSENSE",
                "@label=f AWAY :x")
            try await ann.expect(
                "@label=a\\sb :srv PONG plenary.test :x", "@label=c :srv BATCH +<one> labeled-response",
                "@batch=<one> :srv 311 *")
            let lines = try await ann.skip(to: ":srv BATCH -<one>")
            #expect(lines.dropLast().allSatisfy { $0.hasPrefix("@batch=\(script["one"]) :plenary.test ") })
            #expect(script["one"].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            try await ann.expect("@label=d :srv ACK", "@label=e :srv 421 *", "@label=f :srv 306 *")
            for verb in [
                "LUSERS", "WHO ann", "MONITOR + x,ann", "CAP LS", "CAP LIST", "MODE ann", "HELP", "INFO",
                "WHOWAS x",
            ] {
                ann.send("@label=n\(verb.prefix(2)) \(verb)")
                let answer = await ann.drain()
                let labelled = answer.filter { $0.contains("label=n\(verb.prefix(2))") }
                #expect(labelled.count == 1 && answer.first == labelled.first, "\(verb): \(answer)")
            }
            let longest = String(repeating: "l", count: 64)
            ann.send(
                "@label=\(longest) PING x", "@label=\(longest)l PING x", "@label PING x", "@label= PING x")
            try await ann.expect(
                "@label=\(longest) :srv PONG *", "@ :srv PONG *", "@ :srv PONG *", "@ :srv PONG *")
            let bob = try await script.register("bob")
            bob.send("@label=a PING x")
            try await bob.expect("@ :srv PONG *")
        }
    }

    /// Before registration labels work as well, also on answers that wait for a password's hash.
    @Test(arguments: Transport.allCases)
    func signingInIsLabelled(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse")
            let ann = try await script.open("ann")
            ann.send("@label=no CAP REQ :labeled-response batch sasl", "@label=1 AUTHENTICATE PLAIN")
            try await ann.expect("@ :srv CAP * ACK :*", "@label=1 AUTHENTICATE +")
            ann.send("@label=2 AUTHENTICATE \(ann.plain("ann", "correct horse"))", "@label=3 PING x")
            try await ann.expect(
                "@label=2 :srv BATCH +<b> labeled-response", "@batch=<b> :srv 900 *", "@batch=<b> :srv 903 *",
                ":srv BATCH -<b>", "@label=3 :srv PONG *")
        }
    }
}
