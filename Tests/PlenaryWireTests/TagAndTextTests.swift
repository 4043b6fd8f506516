// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire
import Testing

/// Escaping of tag values, UTF-8, and the tables of names.
@Suite struct TagAndTextTests {
    @Test func eachSpecialByteHasItsEscape() {
        #expect(LineTag.escaped(Array("a; \\\r\nb".utf8)) == Array("a\\:\\s\\\\\\r\\nb".utf8))
        #expect(LineTag.escaped(Array("plain".utf8)) == Array("plain".utf8))
    }

    @Test func unknownEscapesLoseTheirBackslashAndALoneOneIsDropped() {
        #expect(LineTag.unescaped(Array("a\\bc\\".utf8)) == Array("abc".utf8))
        #expect(LineTag.unescaped(Array("\\\\s".utf8)) == Array("\\s".utf8))
    }

    @Test func anyValueSurvivesEscaping() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5000 {
            let bytes = generator.lineLikeBytes(Int(generator.next() % 60))
            let escaped = LineTag.escaped(bytes)
            #expect(LineTag.unescaped(escaped) == bytes, "seed \(seed)")
            #expect(!escaped.contains { $0 == 59 || $0 == 32 || $0 == 13 || $0 == 10 }, "seed \(seed)")
            _ = LineTag.unescaped(bytes)
        }
    }

    private func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { isValidUTF8($0) } }

    @Test func utf8IsCheckedAsTheUnicodeTableSays() {
        for good in [
            "", "a", "é", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ] {
            for padding in 0..<9 {
                #expect(isValid(Array(String(repeating: "a", count: padding).utf8) + Array(good.utf8)))
            }
        }
        let bad: [[UInt8]] = [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xE2, 0x82, 0x41],
        ]
        for sequence in bad {
            for padding in 0..<9 {
                let front = [UInt8](repeating: 97, count: padding)
                #expect(!isValid(front + sequence), "\(sequence)")
                #expect(!isValid(front + sequence + [97]), "\(sequence)")
            }
        }
    }

    @Test func utf8AgreesWithTheStandardLibrary() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50_000 {
            let bytes = (0..<Int(generator.next() % 7)).map { _ in
                generator.next() % 2 == 0 ? UInt8(truncatingIfNeeded: generator.next() | 0x80) : 0x61
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(isValid(bytes) == expected, "seed \(seed): \(bytes)")
        }
    }

    @Test func aPrefixNeverEndsInsideACodePoint() {
        let bytes = Array("aé中😀".utf8)
        #expect(
            (0...10).map { utf8Prefix(bytes, byteLimit: $0).count } == [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10])
        #expect(utf8Prefix(bytes, byteLimit: 99).count == 10)
        #expect(utf8Prefix(bytes, byteLimit: -1).count == 0)
    }

    @Test func capabilityNamesAreUniqueAndRead() {
        let names = CapabilityNames.table.flatMap(\.names)
        #expect(Set(names).count == names.count)
        for row in CapabilityNames.table {
            for name in row.names { #expect(CapabilityNames.capability(named: name) == row.capability) }
            #expect(CapabilityNames.name(of: row.capability) == row.names.first)
        }
        #expect(CapabilityNames.capability(named: "nonsense") == nil)
    }

    @Test func numericsHaveThreeDigits() {
        #expect(Numeric.welcome.verb == "001")
        #expect(Numeric.saslMechanisms.verb == "908")
        for numeric in Numeric.allCases { #expect(numeric.verb.utf8.count == 3) }
        #expect(Set(Numeric.allCases.map(\.rawValue)).count == Numeric.allCases.count)
    }

    @Test func theEncoderWritesAColonOnlyWhereItIsNeeded() {
        func encoded(_ parameters: [Text], trailing: Bool = false) -> String {
            String(decoding: Line(verb: "X", parameters, hasTrailing: trailing).encoded(), as: UTF8.self)
        }
        #expect(encoded([]) == "X\r\n")
        #expect(encoded(["a", "b"]) == "X a b\r\n")
        #expect(encoded(["a", "b"], trailing: true) == "X a :b\r\n")
        #expect(encoded(["a", ""]) == "X a :\r\n")
        #expect(encoded(["a", "b c"]) == "X a :b c\r\n")
        #expect(encoded([":b"]) == "X ::b\r\n")
    }

    @Test func tagsWithoutValueAndWithAnEmptyOneAreWrittenAlike() {
        let line = Line(
            tags: [LineTag("a"), LineTag("b", ""), LineTag("c", "x;y")], source: "s", verb: "X", ["y"])
        #expect(String(decoding: line.encoded(), as: UTF8.self) == "@a;b;c=x\\:y :s X y\r\n")
    }
}
