// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct FrameEncoderTests {
    private static let styles: [Style] = [
        .plain, .plain, .plain, .bold, .faint, .reversed, Style(foreground: .cyan),
        Style(foreground: .brightRed, isBold: true, isUnderlined: true),
    ]

    /// Frame and cursor marks that stand round everything in the golden bytes below.
    private static func framed(_ bytes: String, cursor: String = "") -> String {
        "␛[?2026h␛[?25l" + bytes + cursor + "␛[?2026l"
    }

    private func encode(_ old: Grid?, _ new: Grid, _ encoder: FrameEncoder = FrameEncoder()) -> String {
        let text = String(decoding: encoder.encode(from: old, to: new), as: UTF8.self)
        return String(
            text.unicodeScalars.map {
                switch $0 {
                case "\u{1B}": "␛"
                case "\u{202D}": "«"
                case "\u{202C}": "»"
                default: String($0)
                }
            }.joined())
    }

    private func line(_ clusters: [String], _ style: Style = .plain, rightToLeft: Bool = false) -> TypesetLine
    {
        TypesetLine(
            glyphs: clusters.enumerated().map { index, text in
                Glyph(
                    text: text, columns: TestClusters.columns(text), style: style, isRightToLeft: rightToLeft,
                    source: index..<index + 1)
            }, isRightToLeft: rightToLeft)
    }

    private func repaint(_ grid: inout Grid, _ random: inout TestRandom, withDisputed: Bool) {
        for _ in 0..<random.below(12) {
            let isArabic = random.below(4) == 0
            var clusters = TestClusters.narrow + TestClusters.wide
            if withDisputed { clusters += TestClusters.disputed }
            if isArabic { clusters = TestClusters.arabic }
            let text = (0..<random.below(9)).map { _ in random.pick(clusters) }
            let place = GridPoint(row: random.below(grid.rows), column: random.below(grid.columns + 4) - 4)
            let style = random.pick(Self.styles)
            switch random.below(6) {
            case 0: grid.fill(row: place.row, columns: place.column..<place.column + 5, style: style)
            case 1: grid.verticalLine("│", column: place.column, rows: 0..<grid.rows)
            default:
                grid.paint(line(text, style, rightToLeft: isArabic), at: place, columns: 9, alignment: .left)
            }
        }
        grid.cursor =
            random.below(4) == 0
            ? nil : GridPoint(row: random.below(grid.rows), column: random.below(grid.columns))
    }

    /// Whether the terminal shows the screen; the last column of the last row is never painted.
    private func expect(
        _ terminal: ModelTerminal, shows grid: Grid, except: Set<String> = [], _ comment: Comment
    ) {
        #expect(terminal.complaints.isEmpty, comment)
        for row in 0..<grid.rows {
            for column in 0..<grid.columns where row < grid.rows - 1 || column < grid.columns - 1 {
                var cell = grid[row, column]
                let lead = cell.columns == 0 ? grid[row, column - 1].text : cell.text
                if except.contains(lead) { continue }
                if row == grid.rows - 1, column + Int(cell.columns) >= grid.columns { cell.text = " " }
                let shown = terminal.cell(row, column)
                let next = column + Int(cell.columns)
                // The last column of the last row is never painted, and no run begins there.
                let end = row == grid.rows - 1 ? grid.columns - 1 : grid.columns
                let isBeforeRun =
                    cell.columns > 0 && !cell.isRightToLeft && next < end && grid[row, next].isRightToLeft
                let expected = ModelTerminal.Shown(
                    text: cell.text, style: cell.style, isOrdered: cell.isRightToLeft,
                    markCount: isBeforeRun ? 1 : 0)
                #expect(shown == expected, "\(row),\(column): \(comment)")
            }
        }
    }

    @Test func bytesAppliedToTheOldScreenGiveTheNewOne() {
        var random = TestRandom()
        for _ in 0..<150 {
            var old = Grid(columns: 3 + random.below(24), rows: 1 + random.below(5))
            var terminal = ModelTerminal(columns: old.columns, rows: old.rows)
            terminal.receive(FrameEncoder().encode(from: nil, to: old))
            for _ in 0..<6 {
                var new = random.below(3) == 0 ? Grid(columns: old.columns, rows: old.rows) : old
                repaint(&new, &random, withDisputed: true)
                terminal.receive(FrameEncoder().encode(from: old, to: new))
                expect(terminal, shows: new, "seed \(random.seed)")
                #expect(terminal.cursor == new.cursor, "seed \(random.seed)")

                var fresh = ModelTerminal(columns: new.columns, rows: new.rows)
                fresh.receive(FrameEncoder().encode(from: nil, to: new))
                #expect(fresh.cells == terminal.cells, "full against diff, seed \(random.seed)")
                old = new
            }
        }
    }

    @Test(arguments: [
        ["👍🏽": 4, "👩‍💻": 5, "❤️": 1, "😀": 1], ["👍🏽": 1, "👩‍💻": 4, "❤️": 1, "😀": 2],
    ])
    func aClusterOfAnotherWidthHarmsNothingBesideIt(opinions: [String: Int]) {
        var random = TestRandom()
        for _ in 0..<150 {
            var old = Grid(columns: 8 + random.below(24), rows: 1 + random.below(4))
            var terminal = ModelTerminal(columns: old.columns, rows: old.rows, opinions: opinions)
            // A row's place that is never painted cannot be repaired either: a column more than the screen.
            let width = old.columns - 1
            terminal.receive(FrameEncoder().encode(from: nil, to: old))
            for _ in 0..<6 {
                var new = random.below(3) == 0 ? Grid(columns: old.columns, rows: old.rows) : old
                repaint(&new, &random, withDisputed: true)
                new.fill(row: new.rows - 1, columns: width - 6..<width + 1)
                terminal.receive(FrameEncoder().encode(from: old, to: new))
                expect(terminal, shows: new, except: Set(opinions.keys), "seed \(random.seed)")
                old = new
            }
        }
    }

    @Test func anUnchangedScreenCostsNoByte() {
        var grid = Grid(columns: 5, rows: 2)
        grid.paint("abc", at: GridPoint(row: 0, column: 0))
        grid.cursor = GridPoint(row: 1, column: 1)
        #expect(FrameEncoder().encode(from: grid, to: grid).isEmpty)
    }

    @Test func aFirstFrameClearsAndSendsOnlyWhatIsNotBlank() {
        var grid = Grid(columns: 12, rows: 2)
        grid.paint("ab", at: GridPoint(row: 1, column: 2), style: .bold)
        grid.cursor = GridPoint(row: 1, column: 4)
        #expect(encode(nil, grid) == Self.framed("␛[2J␛[2;3H␛[1mab␛[0m", cursor: "␛[?25h"))
    }

    @Test func aScreenOfAnotherSizeIsSentWhole() {
        var grid = Grid(columns: 12, rows: 2)
        grid.paint("ab", at: GridPoint(row: 0, column: 0))
        #expect(encode(Grid(columns: 11, rows: 2), grid) == Self.framed("␛[2J␛[1;1Hab"))
    }

    @Test func onlyChangedCellsAreSentAndShortGapsAreBridged() {
        var old = Grid(columns: 40, rows: 1)
        old.paint("the quick brown fox jumps", at: GridPoint(row: 0, column: 0))
        var new = old
        new.paint("T", at: GridPoint(row: 0, column: 0))
        new.paint("Q", at: GridPoint(row: 0, column: 4))
        new.paint("J", at: GridPoint(row: 0, column: 20))
        #expect(encode(old, new) == Self.framed("␛[1;1HThe Q␛[1;21HJ"))
    }

    @Test func thePlaceIsToldAgainAfterEveryCellThatIsNotASCII() {
        var grid = Grid(columns: 12, rows: 1)
        grid.paint(line(["a", "é", "b", "们", "c"]), at: GridPoint(row: 0, column: 0), columns: 12)
        #expect(encode(Grid(columns: 12, rows: 1), grid) == Self.framed("␛[1;1Haé␛[1;3Hb们␛[1;6Hc"))
    }

    @Test func aRunFromRightToLeftIsSentWholeBetweenItsMarks() {
        var old = Grid(columns: 12, rows: 1)
        old.paint(
            line(["\u{FEFB}", " ", "\u{FEB4}"], rightToLeft: true), at: .init(row: 0, column: 1), columns: 3)
        var new = old
        new.paint(line(["\u{FE91}"], .bold, rightToLeft: true), at: .init(row: 0, column: 1), columns: 1)
        // The cell before it keeps the run's first mark in a multiplexer, and is sent again with it.
        let run = "␛[1m\u{FE91}␛[0m \u{FEB4}"
        #expect(encode(old, new) == Self.framed("␛[1;1H ␛[1;5H  ␛[1;2H«\(run)»␛[1;7H   "))
        let sent = Self.framed("␛[1;5H  ␛[1;2H\(run)␛[1;7H   ")
        #expect(encode(old, new, FrameEncoder(ordersRuns: false)) == sent)
    }

    @Test func aTerminalThatGivesTheMarksColumnsLosesNoLetter() {
        var random = TestRandom()
        for _ in 0..<200 {
            var old = Grid(columns: 31, rows: 1)
            var terminal = ModelTerminal(columns: 31, rows: 1, marksTakeColumns: true)
            terminal.receive(FrameEncoder().encode(from: nil, to: old))
            for _ in 0..<6 {
                var new = old
                let start = 10 * random.below(3)
                new.fill(row: 0, columns: start..<start + 10)
                let text = (0..<1 + random.below(6)).map { _ in
                    random.pick(["\u{FEB4}", "\u{FE91}", "\u{FEE7}"])
                }
                let isArabic = random.below(3) > 0
                let place = GridPoint(row: 0, column: start + random.below(3))
                new.paint(
                    line(text, random.pick(Self.styles), rightToLeft: isArabic), at: place, columns: 9,
                    alignment: .left)
                terminal.receive(FrameEncoder().encode(from: old, to: new))
                // A run stands one to the right, behind its first mark.
                var shifted = (0..<30).map { new[0, $0].text }
                for column in 0..<30 where new[0, column].isRightToLeft {
                    if !new[0, column - 1].isRightToLeft { shifted[column] = "\u{202D}" }
                    shifted[column + 1] = new[0, column].text
                    if !new[0, column + 1].isRightToLeft { shifted[column + 2] = "\u{202C}" }
                }
                #expect((0..<30).map { terminal.cell(0, $0).text } == shifted, "seed \(random.seed)")
                #expect(terminal.complaints.isEmpty, "seed \(random.seed)")
                old = new
            }
        }
    }

    @Test func whatIsLeftOfALongerRunIsSentAgain() {
        var old = Grid(columns: 12, rows: 1)
        let run = line(["\u{FEFB}", "\u{FE91}", "\u{FEB4}"], rightToLeft: true)
        old.paint(run, at: .init(row: 0, column: 1), columns: 3)
        var new = old
        new.paint("x", at: .init(row: 0, column: 3))
        #expect(encode(old, new) == Self.framed("␛[1;1H «\u{FEFB}\u{FE91}»␛[1;4Hx   "))
    }

    @Test func withoutColoursAttributesRemain() {
        var grid = Grid(columns: 4, rows: 1)
        grid.paint("a", at: .init(row: 0, column: 0), style: Style(foreground: .red, isReversed: true))
        grid.paint("b", at: .init(row: 0, column: 1), style: Style(foreground: .red))
        let blank = Grid(columns: 4, rows: 1)
        #expect(encode(blank, grid) == Self.framed("␛[1;1H␛[7;31ma␛[0;31mb␛[0m"))
        #expect(encode(blank, grid, FrameEncoder(colors: false)) == Self.framed("␛[1;1H␛[7ma␛[0mb"))
    }

    @Test func everyColourHasItsNumber() {
        for color in Color.allCases {
            var grid = Grid(columns: 2, rows: 1)
            grid.paint("x", at: .init(row: 0, column: 0), style: Style(foreground: color))
            let number = color.rawValue < 8 ? 30 + color.rawValue : 82 + color.rawValue
            #expect(encode(Grid(columns: 2, rows: 1), grid) == Self.framed("␛[1;1H␛[\(number)mx␛[0m"))
        }
    }

    @Test func theCursorIsHiddenWhereThereIsNone() {
        var grid = Grid(columns: 4, rows: 1)
        let blank = grid
        grid.cursor = GridPoint(row: 0, column: 2)
        #expect(encode(blank, grid) == Self.framed("␛[1;3H", cursor: "␛[?25h"))
        #expect(encode(grid, blank) == Self.framed(""))
        grid.cursor = GridPoint(row: 9, column: 2)
        #expect(encode(blank, grid) == Self.framed(""))
    }

    @Test func leavingUndoesEnteringInReverse() {
        let enter = String(decoding: FrameEncoder().enter, as: UTF8.self)
        let leave = String(decoding: FrameEncoder().leave, as: UTF8.self)
        #expect(enter == "\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?7l\u{1B}[8l\u{1B}[m\u{1B}[2J\u{1B}[H")
        #expect(leave == "\u{1B}[?2026l\u{1B}[m\u{1B}[8h\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        let leftAlone = FrameEncoder(ordersRuns: false)
        #expect(!String(decoding: leftAlone.enter + leftAlone.leave, as: UTF8.self).contains("\u{1B}[8"))
    }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("نعم", "2YbYudmF")])
    func theClipboardTakesBase64(text: String, encoded: String) {
        #expect(FrameEncoder.clipboard(text) == Array("\u{1B}]52;c;\(encoded)\u{07}".utf8))
    }

    @Test func aTextTooLongForTheClipboardIsNotSent() {
        let limit = FrameEncoder.clipboardByteLimit
        #expect(FrameEncoder.clipboard(String(repeating: "a", count: limit - 1)) != nil)
        #expect(FrameEncoder.clipboard(String(repeating: "a", count: limit)) != nil)
        #expect(FrameEncoder.clipboard(String(repeating: "a", count: limit + 1)) == nil)
    }
}
