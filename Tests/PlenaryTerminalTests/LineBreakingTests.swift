// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

/// Where lines end, what a cluster may carry, where the caret stands.
@Suite struct LineBreakingTests {
    private let app = Typesetter()

    private func lines(_ text: StyledText, _ columns: Int) -> [String] {
        app.lines(text, columns: columns).map(\.text)
    }

    // MARK: Breaks

    @Test func linesEndAtSpacesWhichTakeNoColumn() {
        #expect(lines("one two three", 7) == ["one two", "three"])
        #expect(lines("one two three", 8) == ["one two", "three"])
        #expect(lines("one two   three", 7) == ["one two", "three"])
        #expect(lines("one two three", 6) == ["one", "two", "three"])
        #expect(lines("one two three", 13) == ["one two three"])
    }

    @Test func spacesElsewhereAreKept() {
        #expect(lines("  a  b  ", 20) == ["  a  b  "])
        #expect(lines("ab  ", 3) == ["ab "], "as many as fit at the end of a paragraph")
        #expect(lines("", 5) == [""])
        #expect(lines("   ", 2) == ["  "])
    }

    @Test func aLongSymbolEndsAtItsOwnSlashesAndHyphens() {
        #expect(lines("A/HRC/50/64", 8) == ["A/HRC/", "50/64"])
        #expect(lines("see A/HRC/50/64", 11) == ["see", "A/HRC/50/64"])
        #expect(lines("follow-up-tracking", 10) == ["follow-up-", "tracking"])
    }

    @Test func aLongWordEndsBetweenClusters() {
        #expect(lines("abcdefgh", 3) == ["abc", "def", "gh"])
        #expect(lines("e\u{301}e\u{301}e\u{301}", 2) == ["e\u{301}e\u{301}", "e\u{301}"])
        #expect(lines("👩‍💻👩‍💻", 3) == ["👩‍💻", "👩‍💻"])
    }

    @Test func chineseEndsAnywhereButBeforeClosingPunctuation() {
        #expect(lines("我们每季度更新", 6) == ["我们每", "季度更", "新"])
        #expect(lines("我们每。季度", 6) == ["我们", "每。季", "度"])
        #expect(lines("我们（每季）", 6) == ["我们", "（每", "季）"])
        #expect(lines("我们ABC每", 7) == ["我们ABC", "每"])
        #expect(lines("中。", 2) == ["中", "。"], "where it cannot be avoided")
        #expect(lines("abcd。", 4) == ["abc", "d。"])
    }

    @Test func tiedWordsStayTogether() {
        #expect(lines("10\u{A0}km off", 5) == ["10\u{A0}km", "off"])
        #expect(lines("go 10\u{A0}km", 6) == ["go", "10\u{A0}km"])
    }

    @Test func aZeroWidthSpaceLetsALineEnd() {
        #expect(lines("abc\u{200B}def", 5) == ["abc", "def"])
    }

    @Test func oneColumnAndNone() {
        #expect(lines("a人b", 1) == ["a", "?", "b"])
        #expect(lines("a\nb", 0) == ["", ""])
        #expect(lines("a", -3) == [""])
        #expect(app.line("abc", columns: 0).glyphs.isEmpty)
        #expect(app.line("人人", columns: 1).text == "…")
    }

    @Test func controlsVanishAndTabsAreSpaces() {
        #expect(lines("a\u{1B}[31mb\u{7}\u{9B}c\rd", 20) == ["a[31mbcd"])
        #expect(lines("a\tb", 20) == ["a    b"])
        #expect(lines("a\r\nb\u{2028}c\u{2029}d", 20) == ["a", "b", "c", "d"])
        #expect(app.line("a\nb", columns: 20).text == "a b")
    }

    // MARK: One line

    @Test func whatIsTooLongIsCutAtItsLogicalEnd() {
        #expect(app.line("one two", columns: 7).text == "one two")
        #expect(app.line("one two", columns: 6).text == "one t…")
        #expect(app.line("one two", columns: 5).text == "one…", "no space before it")
        #expect(app.line("我们每季度", columns: 6).text == "我们…")
        #expect(app.line("אבגדה", columns: 4).text == "…גבא")
        #expect(app.line("one two", columns: 6, ellipsis: "...").text == "one...")
        #expect(app.line("one two", columns: 2, ellipsis: "...").text == "..")
    }

    @Test func theEllipsisStandsBesideWhatItContinues() {
        #expect(app.line("abc def", columns: 5, base: .rightToLeft).text == "abc…")
        #expect(app.line("a אבגדה", columns: 5).text == "a …בא")
    }

    // MARK: Limits

    @Test(arguments: [-1, 0, 1])
    func aGlyphHasItsLimitOfScalars(difference: Int) {
        let limit = TerminalLimits.glyphScalarLimit
        let text = "a" + String(repeating: "\u{301}", count: limit - 1 + difference)
        let line = app.line(StyledText(text), columns: 5)
        #expect(line.glyphs.count == 1)
        #expect(line.text.unicodeScalars.count == min(limit, limit + difference))
        #expect(line.glyphs.map(\.source) == [0..<1])
    }

    @Test func aHeapOfMarksNeitherBreaksNorBloatsALine() {
        let heap = String(repeating: "\u{301}", count: 8_000)
        let line = app.line(StyledText("x" + heap + "y" + heap), columns: 5)
        #expect(line.columns == 2)
        #expect(line.text.unicodeScalars.count == 2 * TerminalLimits.glyphScalarLimit)
        let arabic = app.line(StyledText("ل" + heap + "ا" + heap), columns: 5)
        #expect(arabic.columns == 1)
        #expect(arabic.text.unicodeScalars.count == TerminalLimits.glyphScalarLimit)
    }

    @Test func marksWithoutABaseStandOnASpace() {
        let line = app.line("\u{301}\u{302}", columns: 5)
        #expect(line.glyphs.map(\.text) == [" \u{301}\u{302}"])
        #expect(line.columns == 1)
        #expect(app.line("\u{FE0F}\u{200D}", columns: 5).glyphs.isEmpty)
    }

    @Test func invisibleTagsAreLeftOut() {
        #expect(app.line("a\u{E0041}\u{E0042}b", columns: 9).text == "ab")
        #expect(app.line("🏴󠁧󠁢󠁥󠁮󠁧󠁿", columns: 9).text == "🏴󠁧󠁢󠁥󠁮󠁧󠁿")
    }

    @Test func everyScalarOfTheBasicPlaneIsCountedAsSwiftCountsIt() {
        var wrong: [String] = []
        for value in UInt32(0x20)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(scalar)\(scalar)人"
            let lines = app.lines(StyledText(text), columns: 20)
            if lines.last?.source.upperBound != text.count { wrong.append(String(value, radix: 16)) }
        }
        #expect(wrong == [])
    }

    // MARK: Carets

    private func columns(_ text: StyledText, _ columns: Int = 40) -> [[Int]] {
        let lines = app.lines(text, columns: columns)
        let count = text.spans.reduce(0) { $0 + $1.text.count }
        return (0...count).map { index in
            let caret = app.caret(before: index, in: lines, of: text)
            return [caret.line, caret.column]
        }
    }

    @Test func theCaretGoesFromLeftToRightInLatinText() {
        #expect(columns("a人b") == [[0, 0], [0, 1], [0, 3], [0, 4]])
    }

    @Test func theCaretGoesFromRightToLeftInArabicText() {
        #expect(columns("سمير") == [[0, 4], [0, 3], [0, 2], [0, 1], [0, 0]])
        #expect(
            columns("بلا") == [[0, 2], [0, 1], [0, 1], [0, 0]], "inside the ligature: at its beginning")
    }

    @Test func theCaretFollowsMixedText() {
        // Painted: ab גד ef
        #expect(
            columns("ab דג ef")
                == [[0, 0], [0, 1], [0, 2], [0, 5], [0, 4], [0, 5], [0, 6], [0, 7], [0, 8]])
        #expect(columns("אב cd") == [[0, 5], [0, 4], [0, 3], [0, 0], [0, 1], [0, 2]])
    }

    @Test func theCaretStandsAtTheEndOfWhatHasNoGlyph() {
        #expect(columns("ab cd", 3) == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
        #expect(columns("a\n\nb") == [[0, 0], [0, 1], [1, 0], [2, 0], [2, 1]])
        #expect(columns("a\n") == [[0, 0], [0, 1], [1, 0]])
        #expect(columns("a\tb") == [[0, 0], [0, 1], [0, 5], [0, 6]])
        #expect(columns("a\u{1B}b") == [[0, 0], [0, 1], [0, 1], [0, 2]])
        #expect(columns("") == [[0, 0]])
    }

    @Test func aCaretOutsideOfTheTextIsAtItsEdges() {
        let lines = app.lines("ab", columns: 9)
        #expect(app.caret(before: 99, in: lines, of: "ab") == (0, 2))
        #expect(app.caret(before: -1, in: lines, of: "ab") == (0, 0))
        #expect(app.caret(before: 0, in: [], of: "ab") == (0, 0))
    }
}
