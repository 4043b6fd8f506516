// SPDX-License-Identifier: Apache-2.0

/// A rectangle of the screen. Its columns are counted from the side where the interface's language begins a
/// line:
/// from the left, or in Arabic from the right.
package struct Region: Sendable, Hashable {
    package var row: Int
    package var start: Int
    package var rows: Int
    package var columns: Int

    /// A rectangle of this place and size; a negative size counts as none.
    package init(row: Int, start: Int, rows: Int, columns: Int) {
        self.row = row
        self.start = start
        self.rows = max(rows, 0)
        self.columns = max(columns, 0)
    }

    package var end: Int { start + columns }
    package var bottom: Int { row + rows }

    /// The same without its first rows.
    package func below(_ count: Int) -> Region {
        Region(row: row + min(count, rows), start: start, rows: rows - count, columns: columns)
    }
}

/// What stands where, by the size of the screen (docs/TERMINAL.md, "Sizes").
package struct Layout: Sendable, Hashable {
    /// How much is shown side by side.
    package enum Breadth: Sendable, Hashable {
        /// Three panes, from 110 columns.
        case wide
        /// The list and one pane, from 60.
        case middle
        /// One pane at a time.
        case narrow
    }

    package let breadth: Breadth
    package let columns: Int
    package let rows: Int
    /// Whether lines begin on the right.
    package let isMirrored: Bool
    /// Nil where there are too few rows for it.
    package let title: Int?
    package let list: Region?
    package let main: Region
    package let side: Region?
    /// The line between the panes and the composer.
    package let rule: Int
    /// "To #practices".
    package let destination: Int
    package let composer: Region
    /// A blank row that also holds a word to the person.
    package let spare: Int?
    package let hint: Int?

    /// Columns from which there are two panes, and three.
    static let middleColumns = 60
    static let wideColumns = 110
    /// Columns of the list at its two breadths, and of the side pane.
    static let listColumns = (middle: 17, wide: 20)
    static let sideColumns = 34

    /// For a screen of this size whose composer would like so many rows. `isWhole`: one pane is to have the
    /// whole width where there is no third one.
    package init(
        columns: Int, rows: Int, composerRows: Int, isWhole: Bool = false, isMirrored: Bool = false
    ) {
        self.isMirrored = isMirrored
        self.columns = columns
        self.rows = rows
        breadth = columns >= Layout.wideColumns ? .wide : columns >= Layout.middleColumns ? .middle : .narrow
        title = rows >= 16 ? 0 : nil
        let hintRows = rows >= 12 ? 1 : 0
        let spareRows = rows >= 24 ? 1 : 0
        hint = hintRows == 1 ? rows - 1 : nil
        spare = spareRows == 1 ? rows - 1 - hintRows : nil
        let composerCount = min(max(composerRows, 1), max(rows / 3, 1))
        let composerRow = rows - hintRows - spareRows - composerCount
        composer = Region(row: composerRow, start: 0, rows: composerCount, columns: columns)
        destination = composerRow - 1
        rule = composerRow - 2
        let top = title == nil ? 0 : breadth == .narrow ? 2 : 1
        let bodyRows = rule - top
        func body(_ start: Int, _ columns: Int) -> Region {
            Region(row: top, start: start, rows: bodyRows, columns: columns)
        }
        switch breadth {
        case .narrow:
            list = nil
            side = nil
            main = body(0, columns)
        case .middle where isWhole:
            list = nil
            side = nil
            main = body(0, columns)
        case .middle:
            list = body(0, Layout.listColumns.middle)
            side = nil
            main = body(Layout.listColumns.middle + 1, columns - Layout.listColumns.middle - 1)
        case .wide:
            list = body(0, Layout.listColumns.wide)
            let sideStart = columns - Layout.sideColumns
            side = body(sideStart, Layout.sideColumns)
            main = body(Layout.listColumns.wide + 1, sideStart - Layout.listColumns.wide - 2)
        }
    }

    /// Columns left free at both sides of rows over the whole width. On a narrow screen none, but in Arabic, where the
    /// last row would begin in the one cell that is never painted.
    var margin: Int { breadth == .narrow && !isMirrored ? 0 : 1 }

    /// Columns that messages take of their pane. One stays free: beside another pane for the eye, and at the screen's
    /// edge because a multiplexer keeps the marks round a run only where there is a cell for them.
    var textColumns: Int { max(main.columns - 1, 0) }

    /// The columns of the borders between panes.
    package var borders: [Int] {
        var result: [Int] = []
        if let list { result.append(list.end) }
        if let side { result.append(side.start - 1) }
        return result
    }
}
