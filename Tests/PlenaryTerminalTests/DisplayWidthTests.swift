// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

/// Columns of text (UAX #11), and of clusters as terminals count them.
@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("plenary", 7), ("élan", 4), ("e\u{301}lan", 4), ("права", 5), ("人权", 4), ("。，！？", 8), ("（）", 4),
        ("حقوق", 4), ("حُقُوق", 4), ("لا", 2), ("हिन्दी", 4), ("กำ", 2), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("ｶﾞ", 2), ("", 0),
    ])
    func textTakesItsColumns(text: String, columns: Int) {
        #expect(DisplayWidth.columns(text) == columns)
    }

    @Test(
        arguments: [
            "👩‍💻", "👍🏽", "❤️", "🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍💋‍👩🏿", "1️⃣", "⌚", "人",
        ] as [Character])
    func anEmojiOrAWideCharacterTakesTwo(character: Character) {
        #expect(DisplayWidth.columns(character) == 2)
    }

    @Test(
        arguments: [
            "a", "❤", "1", "°", "●", "│", "…", "ß", "а", "ع", "ﷺ", "a\u{FE0F}", "\u{600}", "\u{A0}",
        ] as [Character])
    func ambiguousAndOtherCharactersTakeOne(character: Character) {
        #expect(DisplayWidth.columns(character) == 1)
    }

    @Test(
        arguments: [
            "\n", "\r\n", "\t", "\u{1B}", "\u{7F}", "\u{9B}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200F}",
            "\u{2067}",
            "\u{202E}", "\u{FEFF}", "\u{AD}", "\u{301}", "\u{FE0F}", "\u{E0041}", "\u{2028}",
        ] as [Character])
    func controlsFormatsAndLoneMarksTakeNone(character: Character) {
        #expect(DisplayWidth.columns(character) == 0)
    }

    @Test func everyScalarHasItsWidthFromTheUnicodeFile() throws {
        // The table is written from the same file; this shows that nothing is lost in packing and look-up.
        var cursor = UnicodeFileCursor(try UnicodeFile.bytes("EastAsianWidth.txt"))
        var wrong: [String] = []
        var wideCount = 0
        while !cursor.isAtEnd {
            if cursor.byte != UInt8(ascii: "#"), cursor.byte != 0x0A {
                let range = String(decoding: cursor.word(), as: UTF8.self).split(separator: ".")
                cursor.skip()
                let width = String(decoding: cursor.word(), as: UTF8.self)
                let first = range.first.flatMap { UInt32($0, radix: 16) } ?? 0
                let last = range.last.flatMap { UInt32($0, radix: 16) } ?? 0
                for value in first...last {
                    guard let scalar = Unicode.Scalar(value) else { continue }
                    let isWide = width == "W" || width == "F"
                    let columns = ScalarProperties(scalar).columns
                    if isWide, columns == 2 { wideCount += 1 }
                    // A wide mark takes none; nothing else differs.
                    if isWide ? columns == 1 : columns == 2 { wrong.append(String(value, radix: 16)) }
                }
            }
            cursor.skipLine()
        }
        #expect(wrong == [])
        #expect(wideCount > 180_000)
    }

    @Test func everyScalarHasItsDirectionFromTheUnicodeFile() throws {
        var names: [String: BidiClass] = [:]
        for type in BidiClass.allCases { names["\(type)".uppercased()] = type }
        var cursor = UnicodeFileCursor(try UnicodeFile.bytes("extracted/DerivedBidiClass.txt"))
        var wrong: [String] = []
        var count = 0
        while !cursor.isAtEnd {
            if cursor.byte != UInt8(ascii: "#"), cursor.byte != 0x0A {
                let range = String(decoding: cursor.word(), as: UTF8.self).split(separator: ".")
                cursor.skipSpaces()
                cursor.skip()
                let wanted = try #require(names[String(decoding: cursor.word(), as: UTF8.self)])
                let first = range.first.flatMap { UInt32($0, radix: 16) } ?? 0
                let last = range.last.flatMap { UInt32($0, radix: 16) } ?? 0
                for value in first...last {
                    guard let scalar = Unicode.Scalar(value) else { continue }
                    count += 1
                    if ScalarProperties(scalar).bidiClass != wanted { wrong.append(String(value, radix: 16)) }
                }
            }
            cursor.skipLine()
        }
        #expect(wrong == [])
        #expect(count > 280_000)
    }

    @Test func mirrorImagesAreMutual() {
        #expect(Mirroring.image(of: "(") == ")")
        #expect(Mirroring.image(of: "«") == "»")
        #expect(Mirroring.image(of: "≤") == "≥")
        #expect(Mirroring.image(of: "a") == nil)
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value), let image = Mirroring.image(of: scalar) else {
                continue
            }
            #expect(Mirroring.image(of: image) == scalar)
            #expect(ScalarProperties(scalar).isMirrored)
            let bracket = Mirroring.bracket(scalar)
            if bracket != 0 { #expect(Mirroring.bracket(image) == -bracket) }
        }
    }
}
