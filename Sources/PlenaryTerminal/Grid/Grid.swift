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

    /// Nothing, in this style.
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
    package var row: Int
    package var column: Int

    /// This row and column.
    package init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// A whole screen as a value.
package struct Grid: Sendable, Hashable {
    package let columns: Int
    package let rows: Int
    /// Row by row.
    package private(set) var cells: [Cell]
    /// Where the terminal's own cursor is to stand; nil hides it.
    package var cursor: GridPoint?

    /// A blank screen.
    package init(columns: Int, rows: Int) {
        self.columns = max(columns, 0)
        self.rows = max(rows, 0)
        cells = Array(repeating: .blank, count: self.columns * self.rows)
    }

    /// A cell; the caller keeps within the screen.
    package subscript(row: Int, column: Int) -> Cell {
        get { cells[row * columns + column] }
        set { cells[row * columns + column] = newValue }
    }
}
