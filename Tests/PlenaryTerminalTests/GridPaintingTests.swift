// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct GridPaintingTests {
    private func line(
        _ text: String, wide: Set<Character> = ["们", "我"], rightToLeft: Bool = false
    ) -> TypesetLine {
        TypesetLine(
            glyphs: text.enumerated().map { index, character in
                Glyph(
                    text: String(character), columns: wide.contains(character) ? 2 : 1, style: .plain,
                    isRightToLeft: rightToLeft, source: index..<index + 1)
            }, isRightToLeft: rightToLeft)
    }

    private func painted(_ columns: Int, _ paint: (inout Grid) -> Void) -> String {
        var grid = Grid(columns: columns, rows: 1)
        grid.paint(String(repeating: ".", count: columns), at: GridPoint(row: 0, column: 0))
        paint(&grid)
        return String(grid.text.dropLast())
    }

    private let origin = GridPoint(row: 0, column: 0)

    @Test func aLineStandsAtTheSideWhereItsParagraphBegins() {
        #expect(painted(8) { $0.paint(line("abc"), at: origin, columns: 8) } == "abc.....")
        #expect(painted(8) { $0.paint(line("cba", rightToLeft: true), at: origin, columns: 8) } == ".....cba")
        #expect(painted(8) { $0.paint(line("abc"), at: origin, columns: 6, alignment: .right) } == "...abc..")
        let place = GridPoint(row: 0, column: 2)
        let rightToLeft = line("cba", rightToLeft: true)
        #expect(painted(8) { $0.paint(rightToLeft, at: place, columns: 5, alignment: .left) } == "..cba...")
    }

    @Test func aLineThatDoesNotFitLosesItsFarEndAtAGlyph() {
        #expect(painted(8) { $0.paint(line("abcdef"), at: origin, columns: 4) } == "abcd....")
        #expect(
            painted(8) { $0.paint(line("fedcba", rightToLeft: true), at: origin, columns: 4) } == "dcba....")
        #expect(painted(8) { $0.paint(line("a我们"), at: origin, columns: 4) } == "a我.....")
        #expect(painted(8) { $0.paint(line("我们a", rightToLeft: true), at: origin, columns: 4) } == ".们a....")
        #expect(painted(8) { $0.paint(line("abc"), at: origin, columns: 0) } == "........")
        #expect(painted(8) { $0.paint(line("abc"), at: origin, columns: -1) } == "........")
    }

    @Test func whatLiesOutsideTheScreenIsLeftAway() {
        let numbers = [Int.min, -2, -1, 0, 1, 3, Int.max]
        for row in numbers {
            for column in numbers {
                for width in numbers {
                    var grid = Grid(columns: 3, rows: 2)
                    let place = GridPoint(row: row, column: column)
                    grid.paint(line("a我b"), at: place, columns: width)
                    grid.paint(line("b我a", rightToLeft: true), at: place, columns: width)
                    grid.paint("abc", at: place, columns: width)
                    grid.fill(row: row, columns: min(column, width)..<max(column, width))
                    grid.fill(rows: min(row, width)..<max(row, width), columns: -1..<9)
                    grid.horizontalLine("-", row: row, columns: min(column, width)..<max(column, width))
                    grid.verticalLine("|", column: column, rows: min(row, width)..<max(row, width))
                    grid.restyle(row: row, columns: min(column, width)..<max(column, width)) {
                        $0.isBold = true
                    }
                    #expect(grid.cells.count == 6)
                    _ = FrameEncoder().encode(from: nil, to: grid)
                }
            }
        }
        #expect(painted(3) { $0.paint(line("a我b"), at: GridPoint(row: 0, column: -2), columns: 9) } == ".b.")
        #expect(painted(3) { $0.paint(line("a我b"), at: GridPoint(row: 0, column: 1), columns: 9) } == ".a.")
    }

    @Test func halfAWideCellThatIsPaintedOverLeavesTheOtherBlank() {
        #expect(
            painted(6) {
                $0.paint(line("我们"), at: origin, columns: 6); $0.paint("x", at: origin)
            } == "x 们..")
        let second = GridPoint(row: 0, column: 1)
        #expect(
            painted(6) {
                $0.paint(line("我们"), at: origin, columns: 6); $0.paint("x", at: second)
            } == " x们..")
        #expect(
            painted(6) {
                $0.paint(line("我们"), at: origin, columns: 6)
                $0.paint(line("我"), at: second, columns: 2)
            } == " 我 ..")
    }

    @Test func aWideCellAlwaysHasItsSecondHalf() {
        var random = TestRandom()
        var grid = Grid(columns: 9, rows: 3)
        for _ in 0..<20_000 {
            let place = GridPoint(row: random.below(3), column: random.below(11) - 1)
            switch random.below(3) {
            case 0: grid.paint(line("我x们"), at: place, columns: random.below(7), alignment: .right)
            case 1: grid.paint(line("们我"), at: place, columns: random.below(7))
            default: grid.fill(row: place.row, columns: place.column..<place.column + random.below(4))
            }
            for row in 0..<3 {
                for column in 0..<9 {
                    let isLead = grid[row, column].columns == 2
                    let next: Int8 = column < 8 ? grid[row, column + 1].columns : 1
                    #expect(isLead == (next == 0 && column < 8), "seed \(random.seed)")
                }
                #expect(grid[row, 0].columns != 0, "seed \(random.seed)")
            }
        }
    }

    @Test func noControlCharacterReachesACell() {
        let forbidden: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0x9F, 0x061C...0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
        ]
        for value in forbidden.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var grid = Grid(columns: 4, rows: 1)
            let glyphs = ["\(scalar)", "a\(scalar)", "\(scalar)们"].enumerated().map { index, text in
                Glyph(
                    text: text, columns: index == 2 ? 2 : 1, style: .plain, isRightToLeft: false,
                    source: index..<index + 1)
            }
            grid.paint(TypesetLine(glyphs: glyphs, isRightToLeft: false), at: origin, columns: 4)
            #expect(grid.cells.map(\.text) == [" ", "a", "们", ""], "\(value)")
            grid.paint("\(scalar)b", at: origin)
            grid.horizontalLine(Character(scalar), row: 0, columns: 3..<4)
            #expect(!grid.cells.contains { $0.text.unicodeScalars.contains(scalar) }, "\(value)")
        }
        var grid = Grid(columns: 4, rows: 1)
        grid.paint("\r\n\u{1B}[2J", at: origin)
        #expect(grid.text == "  [2\n")
    }

    @Test func whatATextNeedsStays() {
        for text in ["👩‍💻", "e\u{301}", "ﻻ", "“", "ü", "\u{FE0F}", "د"] {
            var grid = Grid(columns: 1, rows: 1)
            grid.paint(text, at: origin)
            #expect(grid[0, 0].text == text)
        }
    }

    @Test func linesAndFillsKeepToTheirRange() {
        var grid = Grid(columns: 5, rows: 4)
        grid.horizontalLine("─", row: 1, columns: 1..<4)
        grid.verticalLine("│", column: 2, rows: 2..<9)
        grid.paint("x", at: GridPoint(row: 0, column: 4))
        #expect(grid.text == "    x\n ───\n  │\n  │\n")
        grid.fill(rows: 1..<3, columns: 2..<5, style: .reversed)
        #expect(grid.text == "    x\n ─\n\n  │\n")
        #expect(grid.styleLayer == "\n..aaa\n..aaa\n\na reversed\ncursor hidden\n")
    }

    @Test func theStyleLayerNamesEveryLookInOrderOfAppearance() {
        var grid = Grid(columns: 7, rows: 2)
        grid.paint("ab", at: GridPoint(row: 0, column: 1), style: Style(foreground: .brightRed, isBold: true))
        grid.paint("c", at: GridPoint(row: 1, column: 0), style: .faint)
        grid.paint(line("جب", rightToLeft: true), at: GridPoint(row: 1, column: 0), columns: 6)
        grid.restyle(row: 1, columns: 6..<9) { $0.isUnderlined = true }
        grid.cursor = GridPoint(row: 1, column: 6)
        #expect(
            grid.styleLayer == """
                .aa
                b...ccd
                a brightRed bold
                b faint
                c right-to-left
                d underlined
                cursor 1,6

                """)
        #expect(grid.text == " ab\nc   جب\n")
    }

    @Test func aScreenBeyondTheLimitsIsCut() {
        let columns = GridLimits.columnLimit
        let rows = GridLimits.rowLimit
        for (asked, given) in [
            (columns - 1, columns - 1), (columns, columns), (columns + 1, columns), (.max, columns),
        ] {
            #expect(Grid(columns: asked, rows: 1).columns == given)
        }
        for (asked, given) in [(rows - 1, rows - 1), (rows, rows), (rows + 1, rows), (.max, rows), (.min, 0)]
        {
            #expect(Grid(columns: 1, rows: asked).rows == given)
        }
    }
}
