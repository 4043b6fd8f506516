// SPDX-License-Identifier: Apache-2.0

/// One place on the screen.
package struct Cell: Sendable, Hashable {
    /// The cluster painted here; empty for the second half of a wide one.
    package var text: String
    /// Columns it takes: 1 or 2, or 0 for the second half of a wide one.
    package var columns: Int8
    /// How it looks.
    package var style: Style
    /// Whether it belongs to a run from right to left.
    package var isRightToLeft: Bool

    /// Nothing, in the terminal's own style.
    package static let blank = Cell(text: " ", columns: 1, style: .plain, isRightToLeft: false)

    /// A cell of these parts.
    package init(text: String, columns: Int8, style: Style, isRightToLeft: Bool) {
        self.text = text
        self.columns = columns
        self.style = style
        self.isRightToLeft = isRightToLeft
    }
}

/// A place on the screen, from 0 at the top left.
package struct GridPoint: Sendable, Hashable {
    /// From 0 at the top.
    package var row: Int
    /// From 0 at the left.
    package var column: Int

    /// This row and column.
    package init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// A whole screen as a value. It is filled by painting (`Grid+Painting.swift`), which keeps two promises
/// that the encoder relies on: a wide cell always has its second half beside it, and no cell holds a control
/// character.
package struct Grid: Sendable, Hashable {
    /// Columns of every row, at most `GridLimits.columnLimit`.
    package let columns: Int
    /// Rows, at most `GridLimits.rowLimit`.
    package let rows: Int
    /// Row by row.
    package internal(set) var cells: [Cell]
    /// Where the terminal's own cursor is to stand; nil hides it.
    package var cursor: GridPoint?

    /// A blank screen.
    package init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 0), GridLimits.columnLimit)
        self.rows = min(max(rows, 0), GridLimits.rowLimit)
        cells = Array(repeating: .blank, count: self.columns * self.rows)
    }

    /// The cell at a place; blank outside the screen.
    package subscript(row: Int, column: Int) -> Cell {
        guard contains(row: row, column: column) else { return .blank }
        return cells[row * columns + column]
    }

    /// Whether the place is on the screen.
    package func contains(row: Int, column: Int) -> Bool {
        row >= 0 && row < rows && column >= 0 && column < columns
    }

    /// Whether a place looks the same on a screen of the same size. Field by field, because copies of whole
    /// cells are what a frame's time goes to.
    func hasSameCell(_ index: Int, as other: Grid) -> Bool {
        cells[index].style == other.cells[index].style && cells[index].columns == other.cells[index].columns
            && cells[index].isRightToLeft == other.cells[index].isRightToLeft
            && cells[index].text == other.cells[index].text
    }

    /// Whether a row looks the same on a screen of the same size.
    func hasSameRow(_ row: Int, as other: Grid) -> Bool {
        for index in row * columns..<(row + 1) * columns where !hasSameCell(index, as: other) { return false }
        return true
    }
}
