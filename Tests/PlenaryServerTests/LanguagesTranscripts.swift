// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// Translations (docs/extensions/language.md).
struct LanguagesTranscripts {
    private static let reader = [
        "message-tags", "batch", "echo-message", "labeled-response", "draft/chathistory", "draft/multiline",
        "draft/message-redaction", "draft/search", "plenary.chat/language",
    ]

    /// `#tea` with lin of the language desk and ros, a reader, both with the capability; bob, who writes, and cat on
    /// plain clients.
    private struct Scene {
        let script: Transcript
        let lin: TranscriptClient
        let ros: TranscriptClient
        let bob: TranscriptClient
        let cat: TranscriptClient

        func clear() async { for client in [lin, ros, bob, cat] { await client.drain() } }

        /// Bob says something; its id, as ros hears it.
        func say(_ text: String, tags: String = "") async throws -> String {
            await clear()
            bob.send((tags.isEmpty ? "" : "@\(tags) ") + "PRIVMSG #tea :\(text)")
            await bob.drain()
            let lines = await ros.drain()
            let id = try #require(lines.compactMap(ThreadScene.messageID).last, "\(lines)")
            await clear()
            return id
        }

        /// Lin translates; the id of the translation, as ros hears it.
        func translate(
            _ id: String, _ language: String, _ provenance: String, _ text: String
        ) async throws -> String {
            lin.send(
                "@+plenary.chat/translation-of=\(id);+plenary.chat/lang=\(language);"
                    + "+plenary.chat/provenance=\(provenance) PRIVMSG #tea :\(text)")
            await lin.drain()
            let lines = await ros.drain()
            return try #require(lines.compactMap(ThreadScene.messageID).last, "\(lines)")
        }
    }

    private func run(_ transport: Transport, _ body: (Scene) async throws -> Void) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            var tea = ChannelConfiguration(name: "tea", titles: [])
            tea.replayCount = 0
            configuration.channels = [tea]
            configuration.offersSearch = true
            configuration.searchMilliseconds = 60_000
        }
        try await Transcript.run(transport, configure: prepare) { script in
            try await script.addAccount("lin", password: "correct horse", role: .languageDesk)
            try await script.addAccount("sec", password: "correct horse", role: .secretariat)
            for name in ["ros", "bob", "cat"] { try await script.addAccount(name, password: "correct horse") }
            let scene = Scene(
                script: script, lin: try await ThreadScene.arrive(script, "lin", Self.reader),
                ros: try await ThreadScene.arrive(script, "ros", Self.reader),
                bob: try await ThreadScene.arrive(script, "bob", ["message-tags"]),
                cat: try await ThreadScene.arrive(script, "cat"))
            await scene.clear()
            try await body(scene)
        }
    }

    /// F3: "given an original in es and translations in en (machine) and later en (human); a reader … sees the human
    /// text …; export lists all three with provenance; redacting the original redacts its translations; an attempt to
    /// translate with a malformed tag (english!) is refused and with ar, zh-Hans, pt-BR accepted."
    @Test(arguments: Transport.allCases)
    func aTranslatorAttachesTranslations(over transport: Transport) async throws {
        try await run(transport) { scene in
            let original = try await scene.say("¿Quién?", tags: "+plenary.chat/lang=es")
            let machine = try await scene.translate(original, "en", "machine", "Who he?")
            let human = try await scene.translate(original, "en", "human", "Who?")
            await scene.clear()
            scene.ros.send("CHATHISTORY LATEST #tea * 10")
            try await scene.ros.expect(
                "*BATCH +<b> chathistory #tea", "@*;msgid=\(original);* :bob!* PRIVMSG #tea :¿Quién?",
                "@*;msgid=\(human);+plenary.chat/translation-of=\(original);+plenary.chat/provenance=human;* "
                    + ":lin!* PRIVMSG #tea :Who?",
                "*BATCH -<b>")
            scene.ros.send("TRANSLATIONS #tea \(original)")
            try await scene.ros.expect(
                ":srv BATCH +<v> plenary.chat/translations #tea", "@batch=<v>;* * PRIVMSG #tea :¿Quién?",
                "@batch=<v>;msgid=\(human);* * PRIVMSG #tea :Who?",
                "@batch=<v>;msgid=\(machine);+plenary.chat/provenance=machine;* * PRIVMSG #tea :Who he?",
                ":srv BATCH -<v>")
            scene.ros.send("ORIGINAL #tea \(human)")
            try await scene.ros.skip(to: "*PRIVMSG #tea :¿Quién?")
            scene.lin.send("TRANSLATE #tea \(original) english! human :x")
            try await scene.lin.expect(":srv FAIL TRANSLATE INVALID_LANGUAGE english! :*")
            scene.lin.send(
                "@+plenary.chat/translation-of=\(original);+plenary.chat/lang=english!;"
                    + "+plenary.chat/provenance=human PRIVMSG #tea :x")
            try await scene.lin.expect(":srv FAIL PRIVMSG INVALID_LANGUAGE english! :*")
            for language in ["ar", "zh-Hans", "pt-BR"] {
                _ = try await scene.translate(original, language, "human", "words in \(language)")
            }
            await scene.clear()
            scene.bob.send("REDACT #tea \(original)")
            await scene.bob.drain()
            try await scene.ros.expect("@* :bob!* REDACT #tea \(original)*")
            for client in [scene.ros, scene.lin] {
                client.send("CHATHISTORY LATEST #tea * 10", "TRANSLATIONS #tea \(human)")
                let lines = await client.drain()
                #expect(!lines.contains { $0.contains(" PRIVMSG ") }, "\(lines)")
            }
        }
    }

    /// "without, and its LANGUAGE is the translation's: a NOTICE by the translator: `[ar, human] text`"; "others:
    /// nothing".
    @Test(arguments: Transport.allCases)
    func plainClientsReadTheirLanguage(over transport: Transport) async throws {
        try await run(transport) { scene in
            let original = try await scene.say("¿Quién?")
            scene.cat.send("LANGUAGE fr")
            await scene.cat.drain()
            _ = try await scene.translate(original, "en", "human", "Who?")
            _ = try await scene.translate(original, "fr", "human", "Qui ?")
            #expect(await scene.cat.drain().count == 1)
            try await scene.bob.expect("@msgid=*;* :lin!* NOTICE #tea :[en, human] Who?")
            _ = try await scene.translate(original, "fr", "machine", "Lequel ?")
            try await scene.cat.expect(":lin!* NOTICE #tea :[fr, automatique] Lequel ?")
        }
    }

    /// "/msg plenary translate #practices amina~2 ar human …", "original", "translations".
    @Test(arguments: Transport.allCases)
    func theDeskTranslatesAndShowsVersions(over transport: Transport) async throws {
        try await run(transport) { scene in
            _ = try await scene.say("¿Quién?", tags: "+plenary.chat/lang=es")
            scene.bob.send("PRIVMSG plenary :translate #tea bob en human Who is it?")
            await scene.bob.drain()
            try await scene.ros.expect("@*;+plenary.chat/provenance=human;* :bob!* PRIVMSG #tea :Who is it?")
            await scene.clear()
            scene.cat.send("PRIVMSG plenary :original #tea bob")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :*original, es] <bob> ¿Quién?", ":plenary!* NOTICE cat :1 in all")
            scene.cat.send("PRIVMSG plenary :translations #tea bob")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :*original, es] <bob> ¿Quién?",
                ":plenary!* NOTICE cat :*en, human] <bob> Who is it?", ":plenary!* NOTICE cat :2 in all")
            scene.cat.send("PRIVMSG plenary :translate #tea bob en human Mine")
            try await scene.cat.expect(":plenary!* NOTICE cat :*")
        }
    }

    /// "FAIL … UNKNOWN_MSGID, IS_TRANSLATION, SAME_LANGUAGE, PRIVS_NEEDED".
    @Test(arguments: Transport.allCases)
    func whatCannotBeTranslatedIsRefusedByItsCode(over transport: Transport) async throws {
        try await run(transport) { scene in
            let original = try await scene.say("¿Quién?", tags: "+plenary.chat/lang=es")
            let made = try await scene.translate(original, "en", "human", "Who?")
            await scene.clear()
            scene.lin.send(
                "TRANSLATE #tea \(original) es human :x", "TRANSLATE #tea \(made) fr human :x",
                "TRANSLATE #tea AAAAAAAAAAAAAAAAAAAAAA fr human :x",
                "TRANSLATE #none \(original) fr human :x",
                "TRANSLATE #tea \(original) fr guess :x")
            try await scene.lin.expect(
                ":srv FAIL TRANSLATE SAME_LANGUAGE es :*", ":srv FAIL TRANSLATE IS_TRANSLATION \(made) :*",
                ":srv FAIL TRANSLATE UNKNOWN_MSGID #tea AAAAAAAAAAAAAAAAAAAAAA :*",
                ":srv FAIL TRANSLATE INVALID_TARGET #none :*",
                ":srv FAIL TRANSLATE INVALID_PROVENANCE guess :*")
            scene.cat.send("TRANSLATE #tea \(original) fr human :x")
            try await scene.cat.expect(":srv FAIL TRANSLATE PRIVS_NEEDED #tea :*")
        }
    }

    /// "SEARCH finds the translation by its words and shows the original before it"; and all of it after a restart.
    @Test(arguments: Transport.allCases)
    func anOriginalIsFoundByTheWordsOfItsTranslation(over transport: Transport) async throws {
        try await run(transport) { scene in
            let original = try await scene.say("El mecanismo nacional")
            let made = try await scene.translate(original, "fr", "human", "Le dispositif national")
            scene.ros.send("SEARCH text=dispositif")
            try await scene.ros.expect(
                "*BATCH +<b> search",
                "@batch=<b>;msgid=\(original) :bob!* PRIVMSG #tea :El mecanismo nacional",
                "@batch=<b>;msgid=\(made);* :lin!* PRIVMSG #tea :Le dispositif national", "*BATCH -<b>")
            try await scene.script.restart()
            let ros = try await ThreadScene.arrive(scene.script, "ros", Self.reader)
            ros.send("CHATHISTORY LATEST #tea * 10")
            try await ros.expect(
                "*BATCH +<c> *", "@*;msgid=\(original);* * PRIVMSG #tea :*",
                "@*;msgid=\(made);* * PRIVMSG #tea :*",
                "*BATCH -<c>")
        }
    }

    /// A translation of several lines, sent twice with its token, is stored once.
    @Test(arguments: Transport.allCases)
    func aTranslationMayHaveSeveralLines(over transport: Transport) async throws {
        try await run(transport) { scene in
            let original = try await scene.say("uno dos")
            for _ in 1...2 {
                scene.lin.send(
                    "@+plenary.chat/translation-of=\(original);+plenary.chat/lang=fr;"
                        + "+plenary.chat/provenance=official;plenary.chat/id=t1 BATCH +1 draft/multiline #tea",
                    "@batch=1 PRIVMSG #tea :un", "@batch=1 PRIVMSG #tea :deux", "BATCH -1")
                try await scene.lin.expect(
                    "@msgid=<id>;* :lin!* BATCH +<m> draft/multiline #tea", "@batch=<m> * PRIVMSG #tea :un",
                    "@batch=<m> * PRIVMSG #tea :deux", ":srv BATCH -<m>")
            }
            #expect(await scene.ros.drain().count == 4)
        }
    }
}
