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

    @Test func aLigatureTakesNothingThatIsPaintedBetween() {
        let pieces = StyledText([.init("ل"), .init("\u{301}ا")])
        #expect(
            app.line(pieces, columns: 9).glyphs.map(\.source).sorted { $0.lowerBound < $1.lowerBound } == [
                0..<1, 1..<2, 2..<3,
            ])
        #expect(app.line("ل\u{200F}ا", columns: 9).glyphs.map(\.source) == [0..<3])
        let far = StyledText("ل" + String(repeating: "\u{200F}", count: 300) + "ا")
        #expect(app.line(far, columns: 9).glyphs.map(\.source) == [301..<302, 0..<1])
    }

    @Test func lettersWithoutPresentationFormsStay() {
        // Pashto tse has none; the letter before it joins towards it.
        #expect(text("بځ") == visual("\u{FE91}\u{0681}"))
        #expect(text("پگ") == visual("\u{FB58}\u{FB93}"), "Persian letters have them")
    }
}

/// Order of mixed text (UAX #9), by example. Letters are given as they are painted, from left to right.
@Suite struct TypesetterOrderTests {
    private let app = Typesetter()

    private func text(_ text: StyledText, _ base: BaseDirection = .automatic) -> String {
        app.line(text, columns: 200, base: base).text
    }

    @Test func isolatesThatStandOneBehindTheOtherKeepTheirOrder() {
        let pieces = StyledText(isolated: "אב ") + StyledText(isolated: "bo")
        #expect(text(pieces, .rightToLeft) == "bo בא")
        #expect(text(pieces, .leftToRight) == " באbo")
    }

    @Test func aNameIsOneBlockInAnArabicSentence() {
        // Hebrew letters stand for any script from right to left: they are not joined and easy to compare.
        let sentence = StyledText("אבג ") + StyledText(isolated: "#practices") + StyledText(" דהו")
        #expect(text(sentence) == "והד #practices גבא")
        #expect(
            text(StyledText("אבג #practices דהו")) == "והד practices# גבא",
            "as it would be without an isolate")
    }

    @Test func aBodyOfAnotherDirectionLeavesTheNameInPlace() {
        let message =
            StyledText(isolated: "samir", .bold) + StyledText(": ") + StyledText(isolated: "אבג 12!")
        #expect(text(message) == "samir: !12 גבא")
        #expect(text(message, .rightToLeft) == "!12 גבא :samir")
        let line = app.line(message, columns: 80)
        #expect(!line.isRightToLeft, "nothing but isolated letters decides")
        #expect(line.glyphs.filter { $0.style == .bold }.map(\.text).joined() == "samir")
    }

    @Test func bracketsAreMirroredAndKeepTheirSide() {
        #expect(text("אב (גד) הו") == "וה (דג) בא")
        #expect(text("אב (NRTD) הו") == "וה (NRTD) בא")
        #expect(text("אב «גד» ≤") == "≥ «דג» בא")
        let line = app.line("(א", columns: 80, base: .rightToLeft)
        #expect(line.glyphs.map(\.text) == ["א", ")"])
    }

    @Test func numbersReadFromLeftToRight() {
        #expect(text("אבג 2019") == "2019 גבא")
        #expect(text("אבג 10-12 ,3.5%") == "3.5%, 10-12 גבא")
        #expect(text("\u{627} \u{661}\u{662}") == "\u{661}\u{662} \u{FE8D}")
        #expect(text("abc אבג 12") == "abc 12 גבא")
    }

    @Test func theFirstStrongLetterOutsideOfIsolatesDecides() {
        #expect(BaseDirection.byFirstStrong(in: "12 (א) b") == .rightToLeft)
        #expect(BaseDirection.byFirstStrong(in: "12 b א") == .leftToRight)
        #expect(BaseDirection.byFirstStrong(in: "\u{2068}א\u{2069} b") == .leftToRight)
        #expect(BaseDirection.byFirstStrong(in: "\u{2068}b\nא") == .rightToLeft)
        #expect(BaseDirection.byFirstStrong(in: "12 👍") == .automatic)
    }

    @Test func eachParagraphHasItsOwnDirection() {
        let lines = app.lines("abc\nאבג\n\nx", columns: 20)
        #expect(lines.map(\.text) == ["abc", "גבא", "", "x"])
        #expect(lines.map(\.isRightToLeft) == [false, true, false, false])
        #expect(lines.map(\.source) == [0..<4, 4..<8, 8..<9, 9..<10])
        let given = app.lines("abc\nאבג", columns: 20, base: .rightToLeft)
        #expect(given.map(\.isRightToLeft) == [true, true])
    }

    @Test func eachLineIsOrderedByItself() {
        let lines = app.lines("אבג דהו זחט", columns: 8)
        #expect(lines.map(\.text) == ["והד גבא", "טחז"])
    }

    @Test func spacesAtTheEndOfALineFollowItsParagraph() {
        // UAX #9, L1: behind the number, at the left.
        #expect(text("אב 12  ") == "  12 בא")
        #expect(text("ab אב  ") == "ab בא  ")
    }

    @Test(arguments: [
        "\u{202E}", "\u{2067}", "\u{2067}\u{2067}\u{2067}", "\u{2069}", "\u{2069}\u{202E}",
        "\u{202B}\u{202B}",
        "\u{202C}\u{202C}", "\u{2068}\u{2069}\u{2069}\u{202E}",
    ])
    func aNameCannotTurnWhatStandsBehindIt(controls: String) {
        let message = StyledText(isolated: controls + "eve" + controls) + StyledText(": 12 abc")
        let line = app.line(message, columns: 80)
        #expect(line.text.hasSuffix(": 12 abc"))
        #expect(line.columns == 11)
    }

    @Test func aTabInANameDoesNotTearItsSentence() {
        let sentence = StyledText("אב ") + StyledText(isolated: "x\ty") + StyledText(" גד")
        #expect(app.line(StyledText("ab ") + sentence, columns: 80).text == "ab דג x    y בא")
    }

    @Test(arguments: [Typesetter.BidiHandling.terminal, .off])
    func withoutOurOrderTextStaysAsItWasGiven(bidi: Typesetter.BidiHandling) {
        let line = Typesetter(bidi: bidi).line("لا (א\u{200F}ב)", columns: 80)
        #expect(line.text == "لا (אב)")
        #expect(line.glyphs.allSatisfy { !$0.isRightToLeft })
        #expect(line.isRightToLeft, "it still belongs to the right margin")
    }
}
