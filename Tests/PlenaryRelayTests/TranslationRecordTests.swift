// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import Testing

/// Lines between the relay and a translation engine (docs/RELAY.md, "A translation engine").
@Suite struct TranslationRecordTests {
    private func answer(_ line: String) throws(RelayRefusal) -> TranslationRecord.Answer {
        try TranslationRecord.answer(Array(line.utf8))
    }

    @Test func anAnswerNamesMessageLanguageAndText() throws {
        let read = try answer(#"{"v":1,"id":"k3","to":"en","text":"A mandate","engine":"small-1"}"#)
        #expect(read.id == "k3" && read.to == "en")
        #expect(read.text == "A mandate" && read.engine == "small-1")
        #expect(try answer(#"{"v":1,"id":"k3","to":"en"}"#).text == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"v":2,"id":"k3","to":"en","text":"x"}"#, #"{"v":1,"to":"en","text":"x"}"#,
        #"{"v":1,"id":7,"to":"en","text":"x"}"#, #"{"v":1,"id":"k3","text":"x"}"#,
        #"{"v":1,"id":"k3","to":"en","text":"x","engine":""}"#,
    ]) func whatIsNoAnswerIsRefused(line: String) {
        #expect(throws: RelayRefusal.self) { try answer(line) }
    }

    @Test func nothingIsTranslatedIntoItsOwnLanguage() {
        #expect(!TranslationRecord.isWanted(from: "zh-Hans", to: "zh"))
        #expect(!TranslationRecord.isWanted(from: "FR", to: "fr"))
        #expect(TranslationRecord.isWanted(from: "es", to: "en"))
        #expect(TranslationRecord.isWanted(from: nil, to: "en"))
    }

    @Test func aWishHasTheTextAsItWasSaid() {
        let line = TranslationRecord.wish(id: "k3", text: "¿Quién?\n\"sí\"", from: nil, to: "en").encoded
        #expect(!line.contains("\n"))
        #expect(line.contains(#"\"sí\""#))
    }
}
