// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

extension TypesetLine {
    /// What stands on the line from left to right.
    var text: String { glyphs.map(\.text).joined() }
}

/// Direction, joining and carets, by example (UAX #9; Unicode 9.2).
@Suite struct TypesetterTests {
    private let app = Typesetter()

    private func text(_ text: StyledText, _ base: BaseDirection = .automatic) -> String {
        app.line(text, columns: 200, base: base).text
    }

    /// Presentation forms, in logical order: what a reader of the code can check against the code charts.
    private func visual(_ logical: String) -> String {
        String(String.UnicodeScalarView(logical.unicodeScalars.reversed()))
    }

    // MARK: Joining

    @Test func anArabicWordIsJoinedAndPaintedFromTheRight() {
        let line = app.line("سمير", columns: 10)
        #expect(line.text == visual("\u{FEB3}\u{FEE4}\u{FEF4}\u{FEAE}"))
        #expect(line.isRightToLeft)
        #expect(line.glyphs.allSatisfy { $0.isRightToLeft && $0.columns == 1 })
        #expect(line.glyphs.map(\.source) == [3..<4, 2..<3, 1..<2, 0..<1])
    }

    @Test func lamAndAlefAreOneGlyphOfOneColumn() {
        let line = app.line("لا", columns: 10)
        #expect(line.text == "\u{FEFB}")
        #expect(line.columns == 1)
        #expect(line.glyphs.map(\.source) == [0..<2])
        #expect(text("بلا") == visual("\u{FE91}\u{FEFC}"))
        #expect(text("الأمم") == visual("\u{FE8D}\u{FEF7}\u{FEE3}\u{FEE2}"))
    }

    @Test func aLigatureKeepsTheMarksOfBothLetters() {
        #expect(text("ل\u{0651}ا\u{064B}") == "\u{FEFB}\u{0651}\u{064B}")
    }

    @Test func marksStayWithTheirLetter() {
        let line = app.line("مَن", columns: 10)
        #expect(line.glyphs.map(\.text) == ["\u{FEE6}", "\u{FEE3}\u{064E}"])
        #expect(line.columns == 2)
    }

    @Test func joinersActAndAreNotPainted() {
        #expect(text("ب\u{200C}ب") == visual("\u{FE8F}\u{FE8F}"))
        #expect(text("ه\u{200D}") == "\u{FEEB}")
        #expect(text("\u{200D}ه") == "\u{FEEA}")
        #expect(text("ل\u{200D}ا") == visual("\u{FEDF}\u{FE8E}"))
    }

    @Test func anIsolatedPieceJoinsNothingOutside() {
        let pieces = StyledText("ب") + StyledText(isolated: "ب") + StyledText("ب")
        #expect(text(pieces) == "\u{FE8F}\u{FE8F}\u{FE8F}")
    }

    @Test func aChangeOfStyleDoesNotTearAWord() {
        let pieces = StyledText([.init("ب", .bold), .init("ب")])
        #expect(text(pieces) == visual("\u{FE91}\u{FE90}"))
        let ligature = StyledText([.init("ل", .bold), .init("ا")])
        #expect(text(ligature) == visual("\u{FEDF}\u{FE8E}"), "two styles cannot be one glyph")
    }

    @Test func lettersWithoutPresentationFormsStay() {
        // Pashto tse has none; the letter before it joins towards it.
        #expect(text("بځ") == visual("\u{FE91}\u{0681}"))
        #expect(text("پگ") == visual("\u{FB58}\u{FB93}"), "Persian letters have them")
    }
}
