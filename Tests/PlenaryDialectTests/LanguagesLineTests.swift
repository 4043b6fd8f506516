// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// Translations between lines and commands, both ways (docs/extensions/language.md).
@Suite struct LanguagesLines {
    private let stage = Stage()
    private let id = MessageID(high: 1, low: 2)
    private let time = Timestamp(microseconds: 1_700_000_000_123_456)

    private func request(_ line: String) throws -> Request {
        let parsed = try #require(try Line.parse(Array(line.utf8), limits: .fromClient))
        return Dialect.interpret(parsed)
    }

    @Test func theTagsMakeATranslation() throws {
        let line =
            "@+plenary.chat/translation-of=\(id.text);+plenary.chat/lang=ar;+plenary.chat/provenance=machine;"
            + "+plenary.chat/engine=mt-1 PRIVMSG #tea :x"
        guard case .messaging(.post(let post))? = try request(line).commands.first else {
            Issue.record("no message")
            return
        }
        #expect(
            post.translation
                == TranslationRequest(
                    original: id, spelledOriginal: Text(id.text), provenance: "machine", engine: "mt-1"))
        #expect(post.clientTags == "+plenary.chat/lang=ar")
    }

    /// "/msg plenary translate #practices amina~2 ar human …"
    @Test func theDeskTranslates() throws {
        let asked = try request("PRIVMSG plenary :translate #tea amina~2 ar human two words")
        #expect(asked.isDesk)
        guard
            case .languages(.translate(let target, let message, let language, let provenance, let text))? =
                asked.commands.first
        else {
            Issue.record("no translation")
            return
        }
        #expect(
            [target, message, language, provenance, text] == ["#tea", "amina~2", "ar", "human", "two words"])
        #expect(try request("TRANSLATE #tea ~1 ar human").refusal == .needMoreParameters(verb: "TRANSLATE"))
    }

    private func message(
        _ language: String, _ lines: [MessageLine] = [MessageLine("Bonjour")]
    ) throws
        -> MessagePosted
    {
        let tag = try #require(LanguageTag(language))
        return MessagePosted(
            conversation: .channel(ChannelID(1)), target: "#tea", kind: .privateMessage,
            actor: Actor(source: "lin!~l@h", account: AccountID(1), accountName: "lin"),
            clientTags: Text("+plenary.chat/lang=\(tag)"), lines: lines,
            translation: MessageTranslation(
                original: Offset(5), language: tag, provenance: .machine, engine: "mt-1"))
    }

    private func rendered(_ message: MessagePosted, _ capabilities: Capabilities) -> [String] {
        stage.dialect.render(message, id: id, time: time, to: capabilities).map {
            String(decoding: $0.encoded().dropLast(2), as: UTF8.self)
        }
    }

    /// "the message with its four tags", and "a NOTICE by the translator: `[ar, human] text`, its words in that
    /// language".
    @Test func whoKnowsTranslationsGetsTagsAndOthersACue() throws {
        let french = try message("fr")
        let lines = rendered(french, [.language, .messageTags])
        #expect(lines.count == 1)
        #expect(lines[0].hasSuffix(" :lin!~l@h PRIVMSG #tea :Bonjour"))
        #expect(lines[0].contains(";+plenary.chat/provenance=machine;+plenary.chat/engine=mt-1"))
        #expect(lines[0].contains("+plenary.chat/lang=fr;+plenary.chat/translation-of="))
        for capabilities: Capabilities in [[], .language] {
            #expect(
                rendered(french, capabilities) == [":lin!~l@h NOTICE #tea :[fr, automatique] Bonjour"])
        }
        #expect(rendered(try message("de"), []) == [":lin!~l@h NOTICE #tea :[de, machine] Bonjour"])
    }

    /// The cue never makes a line too long.
    @Test func aLongTranslationIsShownInTwoPieces() throws {
        let text = Text([UInt8](repeating: 120, count: 512 - 27))
        let lines = rendered(try message("fr", [MessageLine(text)]), [])
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.utf8.count + 2 <= 512 })
    }

    /// "others, and bots: nothing"
    @Test func aReaderOfAnotherLanguageIsShownNothing() throws {
        let made = try #require(try message("zh-Hans").translation)
        var session = Session(
            id: SessionID(1), connectedAt: time, isTLS: true, certificateFingerprint: nil, host: "h",
            language: .chinese)
        #expect(Dialect.shows(made, to: session))
        session.isBot = true
        #expect(!Dialect.shows(made, to: session))
        session.isBot = false
        session.language = .english
        #expect(!Dialect.shows(made, to: session))
        session.capabilities = [.language, .messageTags]
        #expect(Dialect.shows(made, to: session))
    }
}
