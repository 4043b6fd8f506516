// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// A grid on which views paint by distance from the side where lines begin. In Arabic that is the right side,
/// and
/// no view has to know.
package struct Canvas: Sendable {
    /// To which side a text is set in its field.
    package enum Side: Sendable, Hashable {
        /// Where lines of the interface begin, or end.
        case start, end
        /// Where lines of the text's own direction begin.
        case natural
    }

    package private(set) var grid: Grid
    package let typesetter: Typesetter
    package let isMirrored: Bool
    package let glyphs: GlyphSet

    /// A blank screen.
    package init(columns: Int, rows: Int, isMirrored: Bool, typesetter: Typesetter, glyphs: GlyphSet) {
        grid = Grid(columns: columns, rows: rows)
        self.isMirrored = isMirrored
        self.typesetter = typesetter
        self.glyphs = glyphs
    }

    /// The direction of the interface's own texts.
    package var base: BaseDirection { isMirrored ? .rightToLeft : .leftToRight }

    /// The left column of a field.
    private func left(_ start: Int, _ columns: Int) -> Int {
        isMirrored ? grid.columns - start - columns : start
    }

    /// Paints a line that was set before.
    package mutating func paint(
        _ line: TypesetLine, row: Int, start: Int, columns: Int, side: Side = .natural
    ) {
        guard columns > 0 else { return }
        let isRight =
            switch side {
            case .start: isMirrored
            case .end: !isMirrored
            case .natural: line.isRightToLeft
            }
        grid.paint(
            line, at: GridPoint(row: row, column: left(start, columns)), columns: columns,
            alignment: isRight ? .right : .left)
    }

    /// Sets and paints a text on one line, cut with an ellipsis where it is too long.
    package mutating func text(
        _ text: StyledText, row: Int, start: Int, columns: Int, side: Side = .start
    ) {
        let direction: BaseDirection = side == .natural ? .automatic : base
        let line = typesetter.line(text, columns: columns, base: direction, ellipsis: glyphs.ellipsis)
        paint(line, row: row, start: start, columns: columns, side: side)
    }

    /// Two texts on one row: the second at the end, whole; the first in what is left.
    package mutating func row(
        _ first: StyledText, _ second: StyledText, row: Int, start: Int, columns: Int, gap: Int = 1
    ) {
        let last = typesetter.line(second, columns: columns, base: base, ellipsis: glyphs.ellipsis)
        paint(last, row: row, start: start + columns - last.columns, columns: last.columns, side: .end)
        text(first, row: row, start: start, columns: columns - last.columns - gap)
    }

    /// A text being written, in the rows of a field, scrolled so that its caret is seen; the terminal's cursor is put
    /// on the cluster that the caret is before, or behind the last one.
    package mutating func input(_ written: String, caret index: Int, in area: Region, hasCursor: Bool) {
        let text = StyledText(written)
        let lines = typesetter.lines(text, columns: area.columns)
        let caret = typesetter.caret(before: index, in: lines, of: text)
        let first = min(max(caret.line - area.rows + 1, 0), max(lines.count - area.rows, 0))
        for (offset, line) in lines.dropFirst(first).prefix(area.rows).enumerated() {
            paint(line, row: area.row + offset, start: area.start, columns: area.columns)
        }
        guard hasCursor else { return }
        let row = area.row + min(max(caret.line - first, 0), max(area.rows - 1, 0))
        guard !written.isEmpty, lines.indices.contains(caret.line) else {
            return setCursor(row: row, start: area.start)
        }
        let line = lines[caret.line]
        let shift = line.isRightToLeft ? area.columns - line.columns : 0
        let offset = shift + Canvas.column(of: index, in: line)
        setCursor(
            row: row, start: area.start, columns: area.columns,
            leftOffset: min(max(offset, 0), area.columns - 1))
    }

    /// The column of a cluster in its line; behind the last one that is left of a line from right to left.
    private static func column(of index: Int, in line: TypesetLine) -> Int {
        var column = 0
        for glyph in line.glyphs {
            if glyph.source.contains(index) { return column }
            column += glyph.columns
        }
        return line.isRightToLeft ? -1 : line.columns
    }

    /// The mark before a text being written, pointing to where it goes.
    package mutating func prompt(row: Int, start: Int, style: Style = .plain) {
        mark(isMirrored ? glyphs.promptMirrored : glyphs.prompt, row: row, start: start, style: style)
    }

    /// One of the marks.
    package mutating func mark(_ glyph: Character, row: Int, start: Int, style: Style = .plain) {
        grid.paint(String(glyph), at: GridPoint(row: row, column: left(start, 1)), style: style)
    }

    /// A picture of our own marks, which looks the same in every language.
    package mutating func picture(
        _ rows: [String], row: Int, start: Int, columns: Int, style: Style = .plain
    ) {
        for (index, line) in rows.enumerated() {
            grid.paint(
                line, at: GridPoint(row: row + index, column: left(start, columns)), style: style,
                columns: columns)
        }
    }

    /// A line of one mark.
    package mutating func horizontalLine(row: Int, start: Int, columns: Int, style: Style = .plain) {
        guard columns > 0 else { return }
        let line = String(repeating: glyphs.horizontal, count: columns)
        grid.paint(line, at: GridPoint(row: row, column: left(start, columns)), style: style)
    }

    /// A border from top to bottom.
    package mutating func verticalLine(_ region: Region, style: Style = .plain) {
        for row in region.row..<region.bottom {
            mark(glyphs.vertical, row: row, start: region.start, style: style)
        }
    }

    /// Blanks a field, or gives what is painted in it another style.
    package mutating func fill(row: Int, start: Int, columns: Int, style: Style = .plain) {
        guard columns > 0 else { return }
        let first = left(start, columns)
        grid.fill(row: row, columns: first..<first + columns, style: style)
    }

    /// Gives what stands in a field the style of a selection.
    package mutating func reverse(row: Int, start: Int, columns: Int) {
        guard columns > 0 else { return }
        let first = left(start, columns)
        // Faint and coloured parts would be boxes of their own in a selected row.
        grid.restyle(row: row, columns: first..<first + columns) { style in
            style = Style(isBold: style.isBold, isReversed: true)
        }
    }

    /// Takes away what makes text less easy to read: that it is faint.
    package mutating func sharpen() {
        for row in 0..<grid.rows { grid.restyle(row: row, columns: 0..<grid.columns) { $0.isFaint = false } }
    }

    /// Puts the terminal's cursor to a distance from the beginning side.
    package mutating func setCursor(row: Int, start: Int) {
        setCursor(row: row, column: left(start, 1))
    }

    /// Puts the terminal's cursor into a field at a column counted from the field's left.
    package mutating func setCursor(row: Int, start: Int, columns: Int, leftOffset: Int) {
        setCursor(row: row, column: left(start, columns) + leftOffset)
    }

    private mutating func setCursor(row: Int, column: Int) {
        guard row >= 0, row < grid.rows, grid.columns > 0 else { return }
        grid.cursor = GridPoint(row: row, column: min(max(column, 0), grid.columns - 1))
    }
}
