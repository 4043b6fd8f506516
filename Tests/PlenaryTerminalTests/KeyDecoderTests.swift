// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct KeyDecoderTests {
    /// Events with neighbouring texts joined, which depend on the reads.
    private func joined(_ events: [InputEvent]) -> [InputEvent] {
        events.reduce(into: []) { result, event in
            if case .text(let more) = event, case .text(let text)? = result.last {
                result[result.count - 1] = .text(text + more)
            } else {
                result.append(event)
            }
        }
    }

    private func decode(_ bytes: [UInt8], split: Bool = false) -> [InputEvent] {
        var decoder = KeyDecoder()
        let events = split ? bytes.flatMap { decoder.decode([$0]) } : decoder.decode(bytes)
        return joined(events + decoder.timeOut())
    }

    private func expect(
        _ text: String, _ events: InputEvent..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bytes = Array(text.replacing("^", with: "\u{1B}").utf8)
        #expect(decode(bytes) == events, "\(text) at once", sourceLocation: sourceLocation)
        #expect(decode(bytes, split: true) == events, "\(text) byte by byte", sourceLocation: sourceLocation)
        // Between other keys nothing changes.
        let framed = Array("x".utf8) + bytes + Array("\ry".utf8)
        if text.count > 2, !text.hasSuffix("^") {
            let expected = joined([.text("x")] + events + [.key(.enter, []), .text("y")])
            #expect(decode(framed) == expected, "\(text) between others", sourceLocation: sourceLocation)
        }
    }

    /// In these tests `^` stands for ESC.
    private static let plainKeys: [(Key, [String])] = [
        (.up, ["^[A", "^OA"]), (.down, ["^[B", "^OB"]), (.right, ["^[C", "^OC"]), (.left, ["^[D", "^OD"]),
        (.home, ["^[H", "^OH", "^[1~", "^[7~"]), (.end, ["^[F", "^OF", "^[4~", "^[8~"]),
        (.insert, ["^[2~"]), (.delete, ["^[3~"]), (.pageUp, ["^[5~"]), (.pageDown, ["^[6~"]),
        (.backTab, ["^[Z", "^[9;2u", "^[27;2;9~"]), (.enter, ["^OM", "^[13u", "^[57414u"]),
        (.tab, ["^[9u", "^OI"]), (.escape, ["^[27u"]), (.backspace, ["^[127u"]),
        (.function(1), ["^OP", "^[P", "^[11~", "^[[A"]), (.function(2), ["^OQ", "^[Q", "^[12~", "^[[B"]),
        (.function(3), ["^OR", "^[R", "^[13~", "^[[C"]), (.function(4), ["^OS", "^[S", "^[14~", "^[[D"]),
        (.function(5), ["^[15~", "^[[E"]), (.function(6), ["^[17~"]), (.function(7), ["^[18~"]),
        (.function(8), ["^[19~"]), (.function(9), ["^[20~"]), (.function(10), ["^[21~"]),
        (.function(11), ["^[23~"]), (.function(12), ["^[24~"]), (.function(13), ["^[25~", "^[57376u"]),
        (.function(14), ["^[26~"]), (.function(15), ["^[28~"]), (.function(16), ["^[29~"]),
        (.function(17), ["^[31~"]), (.function(20), ["^[34~"]),
    ]

    @Test func everyKeyIsKnownInAllItsEncodings() {
        for (key, encodings) in Self.plainKeys {
            for encoding in encodings { expect(encoding, .key(key, [])) }
        }
    }

    @Test func modifiersAreReadInAllTheirEncodings() {
        let held: [(Int, Modifiers)] = [
            (2, .shift), (3, .alt), (4, [.shift, .alt]), (5, .control), (6, [.shift, .control]),
            (7, [.alt, .control]), (8, [.shift, .alt, .control]),
        ]
        for (number, modifiers) in held {
            expect("^[1;\(number)A", .key(.up, modifiers))
            expect("^[1;\(number)H", .key(.home, modifiers))
            expect("^[1;\(number)P", .key(.function(1), modifiers))
            expect("^[1;\(number)R", .key(.function(3), modifiers))
            expect("^[3;\(number)~", .key(.delete, modifiers))
            expect("^[24;\(number)~", .key(.function(12), modifiers))
            expect("^[13;\(number)u", .key(.enter, modifiers))
            expect("^[27;\(number);13~", .key(.enter, modifiers))
            expect("^O\(number)P", .key(.function(1), modifiers))
        }
        expect("^[1;130A", .key(.up, .shift))
        expect("^[1;0A", .key(.up, []))
        expect("^[a", .key(.up, .shift))
        expect("^[d", .key(.left, .shift))
        expect("^Oa", .key(.up, .control))
        expect("^Od", .key(.left, .control))
        expect("^[7$", .key(.home, .shift))
    }

    @Test func theModifiersOfRxvtStandInTheLastByte() {
        func decode(_ rest: String) -> [InputEvent] { self.decode([0x1B] + Array(rest.utf8), split: true) }
        #expect(decode("[3^") == [.key(.delete, .control)])
        #expect(decode("[3$") == [.key(.delete, .shift)])
        #expect(decode("[3@") == [.key(.delete, [.control, .shift])])
    }

    @Test func controlCharactersAreKeys() {
        #expect(decode([0x0D]) == [.key(.enter, [])])
        #expect(decode([0x09]) == [.key(.tab, [])])
        #expect(decode([0x7F]) == [.key(.backspace, [])])
        #expect(decode([0x08]) == [.key(.backspace, [])])
        #expect(decode([0x1B]) == [.key(.escape, [])])
        #expect(decode([0x00]) == [.key(.character(" "), .control)])
        #expect(decode([0x0A]) == [.key(.character("j"), .control)])
        for (byte, letter) in zip(UInt8(1)..., "abcdefg") {
            #expect(decode([byte]) == [.key(.character(letter), .control)])
        }
        for (byte, letter) in zip(UInt8(0x1C)..., "\\]^_") {
            #expect(decode([byte]) == [.key(.character(letter), .control)])
        }
        #expect(decode([0x1A]) == [.key(.character("z"), .control)])
    }

    @Test func escBeforeAKeyIsAlt() {
        expect("^b", .key(.character("b"), .alt))
        expect("^B", .key(.character("B"), .alt))
        expect("^и", .key(.character("и"), .alt))
        expect("^\r", .key(.enter, .alt))
        expect("^\u{7F}", .key(.backspace, .alt))
        expect("^\t", .key(.tab, .alt))
        expect("^\u{01}", .key(.character("a"), [.alt, .control]))
        expect("^^[A", .key(.up, .alt))
        expect("^^OP", .key(.function(1), .alt))
        expect("^[", .key(.character("["), .alt))
        expect("^O", .key(.character("O"), .alt))
        expect("^P", .key(.character("P"), .alt))
        expect("^]", .key(.character("]"), .alt))
    }

    @Test func severalEscapesAreSeveralKeys() {
        expect("^^", .key(.escape, []), .key(.escape, []))
        expect("^^^", .key(.escape, []), .key(.escape, []), .key(.escape, []))
        expect("^^x", .key(.escape, []), .key(.character("x"), .alt))
        expect("^^^[A", .key(.escape, []), .key(.up, .alt))
        expect("^^[", .key(.escape, []), .key(.character("["), .alt))
    }

    @Test func aLoneEscWaitsForTheTimeOut() {
        var decoder = KeyDecoder()
        #expect(decoder.patienceMilliseconds == nil)
        #expect(decoder.decode([0x1B]).isEmpty)
        #expect(decoder.patienceMilliseconds == 50)
        #expect(decoder.timeOut() == [.key(.escape, [])])
        #expect(decoder.patienceMilliseconds == nil)
        #expect(decoder.timeOut().isEmpty)
        #expect(decoder.decode(Array("[A".utf8)) == [.text("[A")])
    }

    @Test func keysOfNewEncodingsAreTheSameKeys() {
        expect("^[97;5u", .key(.character("a"), .control))
        expect("^[27;5;97~", .key(.character("a"), .control))
        expect("^[97;3u", .key(.character("a"), .alt))
        expect("^[32;5u", .key(.character(" "), .control))
        expect("^[97u", .text("a"))
        expect("^[97;2u", .text("A"))
        expect("^[97:65;2u", .text("A"))
        expect("^[97;2;196u", .text("Ä"))
        expect("^[1074;2u", .text("В"))
        expect("^[13;2u", .key(.enter, .shift))
        expect("^[57419;5u", .key(.up, .control))
        expect("^[1;5:1A", .key(.up, .control))
        expect("^[1;5:3A")
        expect("^[97;1:3u")
        expect("^[57358u")
        expect("^[2000000u")
        expect("^[55296u")
    }

    @Test func theKeypadTypes() {
        expect("^Op^Oq^Oy^Oj^On", .text("019*."))
    }

    @Test func textComesAsItIsTyped() {
        let text = "aé我👩‍💻 لا e\u{301}\u{200F}"
        #expect(decode(Array(text.utf8)) == [.text(text)])
        #expect(decode(Array(text.utf8), split: true) == [.text(text)])
    }

    @Test func bytesThatAreNoTextAreDropped() {
        let broken: [[UInt8]] = [
            [0x80], [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8],
            [0xFF], [0xF0, 0x9F, 0x98], [0xC2, 0x9B], [0xEF, 0xBF, 0xBD],
        ]
        for bytes in broken {
            for split in [false, true] {
                #expect(decode([0x61] + bytes + [0x62], split: split) == [.text("ab")], "\(bytes)")
                #expect(decode([0x61] + bytes + [0x0D], split: split) == [.text("a"), .key(.enter, [])])
                #expect(decode(bytes, split: split).isEmpty)
            }
        }
    }

    @Test func aPasteComesWhole() {
        expect("^[200~one\ttwo^[201~", .paste("one\ttwo"))
        expect("^[200~a\r\nb\rc\nd\u{2028}e^[201~", .paste("a\nb\nc\nd\ne"))
        expect("^[200~\u{03}^[A^[201x\u{7F}\u{85}\u{FFFD}ن^[201~", .paste("[A[201xن"))
        expect("^[200~^^[201~")
        expect("^[200~^[20^[201~", .paste("[20"))
        expect("a^[200~b^[201~c", .text("a"), .paste("b"), .text("c"))
        expect("^[201~")
        #expect(
            decode([0x1B] + Array("[200~a".utf8) + [0xFF, 0xC3, 0x1B] + Array("[201~".utf8)) == [.paste("a")])
    }

    @Test func anEnterWithinAPasteIsNoKey() {
        expect("^[200~yes\r^[201~", .paste("yes\n"))
    }

    @Test func aPasteIsCutAtItsLimit() {
        let limit = InputLimits.pasteByteLimit
        for (count, kept) in [(limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
            let bytes = [0x1B] + Array("[200~".utf8) + Array(repeating: UInt8(0x61), count: count)
            let events = decode(bytes + [0x1B] + Array("[201~\r".utf8))
            #expect(events == [.paste(String(repeating: "a", count: kept)), .key(.enter, [])])
        }
        // More than the composer takes, so that it refuses it whole.
        #expect(limit > InputLimits.textByteLimit)
    }

    @Test func aPasteWhoseEndIsLostEndsByTheTimeOut() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0x1B] + Array("[200~half".utf8)).isEmpty)
        #expect(decoder.patienceMilliseconds == 3000)
        #expect(decoder.timeOut() == [.paste("half")])
        #expect(decoder.decode([0x0D]) == [.key(.enter, [])])
    }

    @Test func anAwaitedCursorReportIsNoKey() {
        expect("^[12;40R", .cursorReport(row: 12, column: 40))
        expect("^[1;2R", .key(.function(3), .shift))
        var decoder = KeyDecoder()
        decoder.expectCursorReport()
        let report = [0x1B] + Array("[1;2R".utf8)
        #expect(decoder.decode(report) == [.cursorReport(row: 1, column: 2)])
        #expect(decoder.decode(report) == [.key(.function(3), .shift)])
    }

    @Test func theFocusIsTold() { expect("^[I^[O", .focus(true), .focus(false)) }

    @Test func unknownSequencesAreSwallowedWhole() {
        for unknown in [
            "^[99~", "^[?1;2c", "^[>0;276;0c", "^[?2026;2$y", "^[5n", "^[1;2;3;4x", "^[<0;10;10M", "^[ q",
            "^[!p",
            "^[E", "^[[Z", "^OZ", "^]11;rgb:0000/0000/0000^\\", "^]11;rgb:0/0/0\u{07}", "^P1$r0m^\\", "^P^\\",
        ] {
            expect(unknown)
        }
    }

    @Test func aKeyEndsWhatNeverCameToItsEnd() {
        expect("^[12\rx", .key(.enter, []), .text("x"))
        expect("^[12;é", .text("é"))
        expect("^]11;rgb\rx", .key(.enter, []), .text("x"))
        expect("^]\rx", .key(.character("]"), .alt), .key(.enter, []), .text("x"))
        expect("^]11;rgb^[A", .key(.up, []))
        expect("^[^[A", .key(.character("["), .alt), .key(.up, []))
        expect("^O\r", .key(.character("O"), .alt), .key(.enter, []))
    }

    @Test func tooManyParametersAreSwallowed() {
        let limit = InputLimits.parameterByteLimit
        for (count, isKey) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let bytes = [0x1B, 0x5B] + Array(repeating: UInt8(0x30), count: count - 1) + [0x33, 0x7E, 0x61]
            #expect(decode(bytes) == (isKey ? [.key(.delete, []), .text("a")] : [.text("a")]))
        }
    }

    @Test func anyBytesGiveTheSameEventsHoweverTheyAreCut() {
        var random = TestRandom()
        let pieces: [[UInt8]] =
            Self.plainKeys.flatMap(\.1).map { Array($0.replacing("^", with: "\u{1B}").utf8) } + [
                [0x1B], [0x1B], [0x5B], [0x4F], [0x3B], [0x31], [0x7E], [0x07], [0x5C], [0x5D], [0x0D],
                Array("\u{1B}[200~".utf8), Array("\u{1B}[201~".utf8), Array("é我👩‍💻".utf8),
            ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<random.below(20) {
                bytes += random.below(3) == 0 ? [UInt8(random.below(256))] : random.pick(pieces)
            }
            let whole = decode(bytes)
            #expect(decode(bytes, split: true) == whole, "seed \(random.seed)")
            var decoder = KeyDecoder()
            var events: [InputEvent] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(1 + random.below(5), rest.count)
                events += decoder.decode(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(joined(events + decoder.timeOut()) == whole, "seed \(random.seed)")
            for event in whole {
                guard case .text(let text) = event else { continue }
                #expect(
                    text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
            }
        }
    }
}
