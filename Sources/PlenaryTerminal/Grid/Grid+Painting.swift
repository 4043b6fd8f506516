// SPDX-License-Identifier: Apache-2.0

/// At which edge of its place a line stands, and which end of it is kept when it does not fit.
package enum LineAlignment: Sendable, Hashable {
    /// The side where its paragraph begins.
    case natural
    case left
    case right
}

/// Painting. Everything clips: what lies outside the screen or the columns given is left away, a glyph of
/// which a part would lie outside is left away whole, and no number traps.
extension Grid {
    /// Paints a typeset line into `columns` columns from this place on. What is beside it stays as it was.
    package mutating func paint(
        _ line: TypesetLine, at place: GridPoint, columns width: Int, alignment: LineAlignment = .natural
    ) {
        let isRight = alignment == .right || (alignment == .natural && line.isRightToLeft)
        let left = Self.clamped(place.column)
        let right = left + Self.clamped(max(width, 0))
        let glyphs = Self.withRunsOfLetters(line.glyphs)
        if isRight {
            // From the margin towards the left, so that the end that falls away is the far one.
            var column = right
            for glyph in glyphs.reversed() where Self.widths.contains(glyph.columns) {
                column -= glyph.columns
                guard column >= left else { return }
                put(glyph, row: place.row, column: column)
            }
        } else {
            var column = left
            for glyph in glyphs where Self.widths.contains(glyph.columns) {
                guard column + glyph.columns <= right else { return }
                put(glyph, row: place.row, column: column)
                column += glyph.columns
            }
        }
    }

    /// The glyphs with runs from the first to the last letter that is written from right to left. Blanks, points and
    /// brackets at a run's ends stand where they stand without being told of; a mark more is a mark that a terminal
    /// may take for a column.
    private static func withRunsOfLetters(_ glyphs: [Glyph]) -> [Glyph] {
        guard glyphs.contains(where: \.isRightToLeft) else { return glyphs }
        var result = glyphs
        var start = 0
        while start < result.count {
            guard result[start].isRightToLeft else {
                start += 1
                continue
            }
            let run = start..<(result[start...].firstIndex { !$0.isRightToLeft } ?? result.count)
            let first = run.first { isLetter(result[$0]) } ?? run.upperBound
            let last = run.last { isLetter(result[$0]) } ?? run.upperBound
            for index in run where index < first || index > last { result[index].isRightToLeft = false }
            start = run.upperBound
        }
        return result
    }

    /// Whether it is a letter that is written from right to left (classes R and AL).
    private static func isLetter(_ glyph: Glyph) -> Bool {
        guard let first = glyph.text.unicodeScalars.first else { return false }
        let bidiClass = ScalarProperties(first).bidiClass
        return bidiClass == .r || bidiClass == .al
    }

    /// Paints our own words and marks from left to right, every character in one column, at most `columns` of
    /// them. Text of a person or a server, and every translated word, is typeset instead.
    package mutating func paint(
        _ text: String, at place: GridPoint, style: Style = .plain, columns width: Int = .max
    ) {
        let left = Self.clamped(place.column)
        let right = left + Self.clamped(max(width, 0))
        var column = left
        for character in text {
            guard column < right, column < columns else { return }
            put(String(character), columns: 1, style, false, row: place.row, column: column)
            column += 1
        }
    }

    /// Blanks a part of a row, in this style.
    package mutating func fill(row: Int, columns range: Range<Int>, style: Style = .plain) {
        for column in range.clamped(to: 0..<columns) {
            put(" ", columns: 1, style, false, row: row, column: column)
        }
    }

    /// Blanks a rectangle, in this style.
    package mutating func fill(rows: Range<Int>, columns range: Range<Int>, style: Style = .plain) {
        for row in rows.clamped(to: 0..<self.rows) { fill(row: row, columns: range, style: style) }
    }

    /// The same character, of one column, along a part of a row.
    package mutating func horizontalLine(
        _ character: Character, row: Int, columns range: Range<Int>, style: Style = .plain
    ) {
        let text = String(character)
        for column in range.clamped(to: 0..<columns) {
            put(text, columns: 1, style, false, row: row, column: column)
        }
    }

    /// The same character, of one column, along a part of a column.
    package mutating func verticalLine(
        _ character: Character, column: Int, rows range: Range<Int>, style: Style = .plain
    ) {
        let text = String(character)
        for row in range.clamped(to: 0..<rows) {
            put(text, columns: 1, style, false, row: row, column: column)
        }
    }

    /// Changes how a part of a row looks, and not what it says: a selection, for example.
    package mutating func restyle(row: Int, columns range: Range<Int>, _ change: (inout Style) -> Void) {
        guard row >= 0, row < rows else { return }
        for column in range.clamped(to: 0..<columns) { change(&cells[row * columns + column].style) }
    }

    private mutating func put(_ glyph: Glyph, row: Int, column: Int) {
        put(glyph.text, columns: glyph.columns, glyph.style, glyph.isRightToLeft, row: row, column: column)
    }

    /// The one place where a cell is written. Half a wide cell that is painted over leaves its other half
    /// blank.
    private mutating func put(
        _ text: String, columns width: Int, _ style: Style, _ isRightToLeft: Bool, row: Int, column: Int
    ) {
        guard contains(row: row, column: column), column + width <= columns
        else { return }
        let index = row * columns + column
        if cells[index].columns == 0 { blankWideCell(at: index - 1) }
        let last = index + width - 1
        if cells[last].columns == 2 { blankWideCell(at: last) }
        let clean = CellText.cleaned(text)
        let fits = !clean.isEmpty
        set(index, fits ? clean : " ", columns: fits ? width : 1, style, isRightToLeft)
        if width == 2 { set(last, fits ? "" : " ", columns: fits ? 0 : 1, style, isRightToLeft) }
    }

    /// Field by field, because copies of whole cells are what painting's time goes to.
    private mutating func set(
        _ index: Int, _ text: String, columns: Int, _ style: Style, _ isRightToLeft: Bool
    ) {
        cells[index].text = text
        cells[index].columns = Int8(truncatingIfNeeded: columns)
        cells[index].style = style
        cells[index].isRightToLeft = isRightToLeft
    }

    /// The wide cell that begins here becomes two blank ones that look as it did.
    private mutating func blankWideCell(at index: Int) {
        for half in index...index + 1 {
            cells[half] = Cell(text: " ", columns: 1, style: cells[half].style, isRightToLeft: false)
        }
    }

    /// Columns that a glyph can take.
    private static let widths = 1...2

    /// Far outside any screen is far enough; sums of such numbers do not overflow.
    private static func clamped(_ coordinate: Int) -> Int {
        min(max(coordinate, -1_000_000), 1_000_000)
    }
}
