// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Testing

/// What may be typed: limits, and that nothing of it is syntax of the index.
@Suite struct SearchTextTests {
    @Test(arguments: [255, 256, 257]) func aTextHasAtMost256Bytes(byteCount: Int) throws {
        let text = Text([UInt8](repeating: 97, count: byteCount))
        if byteCount <= 256 {
            let terms = try SearchText.parse(text)
            #expect(terms.count == 1)
        } else {
            #expect(throws: SearchTextError.tooLong(byteCount: 257, limit: 256)) {
                try SearchText.parse(text)
            }
        }
    }

    @Test(arguments: [7, 8, 9]) func aTextHasAtMostEightTerms(count: Int) throws {
        let words = (0..<count).map { $0 % 2 == 0 ? "word\($0)" : "\"two words\"" }
        let text = Text(words.joined(separator: " "))
        if count <= 8 {
            let terms = try SearchText.parse(text)
            #expect(terms.count == count)
        } else {
            #expect(throws: SearchTextError.tooManyTerms(limit: 8)) { try SearchText.parse(text) }
        }
    }

    @Test(arguments: ["", " ", "*", "\"", "\"\"", "- , .", "***", "\" \"", "👩‍👩‍👧", "\u{0301}", "( ) :"])
    func aTextWithoutLettersAndDigitsIsNoQuery(text: String) {
        #expect(throws: SearchTextError.noWords) { try SearchText.parse(Text(text)) }
    }

    /// Each finds a message that says the same, as words do, and not the one that says something else.
    @Test(arguments: [
        "NEAR(human", "col:human", "text:human", "tags:human", "human AND rights", "human OR rights",
        "NOT human", "human\"", "\"human", "{text} : human", "-human", "^human", "human + rights",
        "human';DROP TABLE words;--", "human\u{0}rights", "words MATCH human", "* human", "human**",
        "\"human\"\"rights\"", "(human", "human)", "rank human", "a' OR '1'='1 human",
    ])
    func whatLooksLikeSyntaxIsWords(text: String) throws {
        let stage = try SearchStage([text, "something else"])
        stage.settle()
        let found = try stage.find(text)
        #expect(found == [0], "\(text)")
        let after = try stage.find("something else")
        #expect(after == [1])
        stage.close()
    }

    @Test func tagsAreNotReachedByWords() throws {
        let stage = try SearchStage()
        stage.post(SearchStage.message("hello", tags: "+plenary.chat/kind=question"))
        stage.settle()
        for text in ["c1", "a7", "kquestion", "tags:c1", "\"c1\""] {
            let found = try stage.find(text)
            #expect(found == [], "\(text)")
        }
        stage.close()
    }

    @Test func anyBytesAreAnsweredWithoutATrap() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("anyBytesAreAnsweredWithoutATrap: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let stage = try SearchStage()
        let pieces: [[UInt8]] = [
            [34], [42], [32], [0xE3, 0x80, 0x80], Array("A/HRC/50/64".utf8), Array("人权".utf8), [0xFF], [3],
            Array("word".utf8), Array("ـ".utf8), [47], [46], [0xF4, 0x8F, 0xBF, 0xBF], [0xED, 0xA0, 0x80],
            [0],
        ]
        for _ in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                bytes += pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            let posted = MessagePosted(
                conversation: .channel(SearchStage.channel), target: "#lobby", kind: .privateMessage,
                actor: SearchStage.actor(), lines: [MessageLine(Text(bytes))])
            let offset = stage.post(.messagePosted(posted))
            guard let terms = try? SearchText.parse(Text(bytes)) else { continue }
            stage.settle()
            let query = SearchQuery(scope: .channel(SearchStage.channel), terms: terms, limit: 50)
            // What is typed as the message stands finds it, if quotation marks and stars change no word.
            let page = try stage.page(query)
            if !bytes.contains(34), !bytes.contains(42) {
                #expect(page.offsets.contains(offset), "seed \(seed): \(bytes)")
            }
        }
        stage.close()
    }
}
