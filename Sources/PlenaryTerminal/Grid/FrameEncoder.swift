// SPDX-License-Identifier: Apache-2.0

/// Turns screens into what a terminal understands: the only place that knows escape codes
/// (with `FrameEncoder+Modes.swift`). It emits nothing but what xterm, VTE, mlterm, kitty, the Linux console,
/// tmux and screen share (ECMA-48 and DEC private modes; an unknown mode is ignored by all of them):
///
/// | bytes                            | means                                              |
/// |----------------------------------|----------------------------------------------------|
/// | `CSI row ; column H`             | move, from 1                                       |
/// | `CSI … m`                        | style: 0, 1, 2, 4, 7, 30–37, 90–97                 |
/// | `CSI 2 J`                        | clear                                              |
/// | `CSI ? 25 h/l`                   | cursor shown, hidden                               |
/// | `CSI ? 2026 h/l`                 | a frame begins, ends: it is shown at once          |
/// | U+202D … U+202C                  | a run from right to left that we put in order      |
/// | `OSC 5379 ; use_ctl=… BEL`       | mlterm alone: it keeps its hands off lines, or not |
///
/// A terminal may take another width for a cluster than we do. So after every cell that is not plain ASCII
/// the place is told again; where terminals are known to disagree, the cells that may have been hit are sent
/// again. A wrong guess damages one cell and never the pane beside it.
package struct FrameEncoder: Sendable {
    /// Off: no colour, attributes only.
    package var colors: Bool
    /// Whether right-to-left runs are ours to order, on a terminal asked to keep its hands off.
    package var ordersRuns: Bool
    /// Whether such runs are sent between U+202D and U+202C, which says the same to those that do not hear.
    package var marksRuns: Bool
    /// Whether it is mlterm, which gives the marks a column each, and has a word of its own for its hands.
    package var isMlterm: Bool

    /// An encoder for a terminal of this kind. mlterm is sent no marks.
    package init(
        colors: Bool = true, ordersRuns: Bool = true, marksRuns: Bool = true, isMlterm: Bool = false
    ) {
        self.colors = colors
        self.ordersRuns = ordersRuns
        self.marksRuns = ordersRuns && marksRuns && !isMlterm
        self.isMlterm = isMlterm
    }

    /// One frame: what turns the old screen into the new one. Without an old one, or with one of another
    /// size, the screen is cleared first. Empty when there is nothing to do.
    package func encode(from old: Grid?, to new: Grid) -> [UInt8] {
        var bytes: [UInt8] = []
        encode(from: old, to: new, into: &bytes)
        return bytes
    }

    /// Adds one frame to bytes whose room can be used again for the next.
    package func encode(from old: Grid?, to new: Grid, into bytes: inout [UInt8]) {
        let shown = old.flatMap { $0.columns == new.columns && $0.rows == new.rows ? $0 : nil }
        let known = shown ?? Grid(columns: new.columns, rows: new.rows)
        let rows = (0..<new.rows).filter { !known.hasSameRow($0, as: new) }
        if shown != nil, rows.isEmpty, known.cursor == new.cursor { return }
        var frame = Frame(
            encoder: self, old: known, new: new, clears: shown == nil, output: Output(bytes))
        bytes = []
        frame.encode(rows: rows)
        bytes = frame.output.bytes
    }
}

/// The work on one frame.
private struct Frame {
    let encoder: FrameEncoder
    /// What the terminal shows, of the same size; blank when it is cleared.
    let old: Grid
    let new: Grid
    /// Whether the screen is cleared first.
    let clears: Bool
    var output: Output
    /// Where the terminal's cursor is for certain; nil after anything that is not plain ASCII.
    private var place: GridPoint?
    /// How the terminal paints now. A frame begins and ends plain.
    private var style = Style.plain

    /// Cells behind a cluster of several scalars that a terminal may have painted over: the widest seen takes
    /// five columns where we count two.
    private static let spill = 3
    /// Unchanged cells up to this many are sent again where a move would take more bytes.
    private static let gapLimit = 6

    init(encoder: FrameEncoder, old: Grid, new: Grid, clears: Bool, output: Output) {
        self.encoder = encoder
        self.clears = clears
        self.old = old
        self.new = new
        self.output = output
    }

    mutating func encode(rows: [Int]) {
        output.mode("?2026", isOn: true)
        output.mode("?25", isOn: false)
        if clears { output.csi("2J") }
        for row in rows { encode(row: row) }
        setStyle(.plain)
        if let cursor = new.cursor, new.contains(row: cursor.row, column: cursor.column) {
            move(to: cursor)
            output.mode("?25", isOn: true)
        }
        output.mode("?2026", isOn: false)
    }

    private mutating func encode(row: Int) {
        // Writing the last column of the last row would scroll the screen on some terminals.
        let end = row == new.rows - 1 ? new.columns - 1 : new.columns
        let base = row * new.columns
        var forcedEnd = 0
        var sentEnd = -1
        var column = 0
        while column < end {
            if new.cells[base + column].isRightToLeft {
                let run = column..<endOfRun(base: base, from: column)
                let tail = run.upperBound..<endOfTail(base: base, from: run.upperBound, to: end)
                if column < forcedEnd || column == sentEnd || hasChanged(base: base, run: run, tail: tail)
                    || keepsMark(base: base, column: tail.upperBound - 1, next: tail.upperBound)
                {
                    sendRun(row: row, run.clamped(to: 0..<end), tail: tail)
                    if !clears { forcedEnd = tail.upperBound + Self.spill }
                }
                column = tail.upperBound
                continue
            }
            let width = max(Int(new.cells[base + column].columns), 1)
            if column < forcedEnd || hasChanged(base + column)
                || keepsMark(base: base, column: column, next: column + width)
            {
                sentEnd = column + width
                // Half of a wide one would stand in the place that is never written.
                let fits = column + width <= end
                let text = fits ? new.cells[base + column].text : " "
                let isDisputed = isDisputed(text)
                send(text, columns: width, isDisputed, row: row, column: column)
                if isDisputed || old.cells[base + column].isRightToLeft {
                    forcedEnd = column + width + Self.spill
                }
            }
            column += width
        }
    }

    // MARK: What has to be sent

    private func hasChanged(_ index: Int) -> Bool { !new.hasSameCell(index, as: old) }

    /// Whether any cell of a run or its tail has changed, or the run was part of a longer one: a terminal
    /// with ideas of its own may have ordered that as a whole.
    private func hasChanged(base: Int, run: Range<Int>, tail: Range<Int>) -> Bool {
        for column in run.lowerBound..<tail.upperBound where hasChanged(base + column) { return true }
        if run.lowerBound > 0, old.cells[base + run.lowerBound - 1].isRightToLeft { return true }
        return run.upperBound < new.columns && old.cells[base + run.upperBound].isRightToLeft
    }

    /// Whether a cell keeps the mark that began a run behind it, and that run is no more, or is another one. A
    /// multiplexer keeps marks, which have no width, with the cell before: tmux would tell its terminal of a run
    /// for as long as that cell stands, and of none where only that cell is sent again.
    private func keepsMark(base: Int, column: Int, next: Int) -> Bool {
        guard encoder.marksRuns, next < new.columns, old.cells[base + next].isRightToLeft,
            !old.cells[base + column].isRightToLeft
        else { return false }
        guard new.cells[base + next].isRightToLeft else { return true }
        let run = next..<endOfRun(base: base, from: next)
        let tail = run.upperBound..<endOfTail(base: base, from: run.upperBound, to: new.columns)
        return hasChanged(base: base, run: run, tail: tail)
            || keepsMark(base: base, column: tail.upperBound - 1, next: tail.upperBound)
    }

    private func endOfRun(base: Int, from column: Int) -> Int {
        var end = column
        while end < new.columns, new.cells[base + end].isRightToLeft { end += 1 }
        return end
    }

    /// Blank cells right behind a run, at most two. Where a terminal gives a column to each of the marks
    /// (mlterm does), the last letters stand there; so the tail is blanked before the run and not touched
    /// after.
    private func endOfTail(base: Int, from start: Int, to limit: Int) -> Int {
        var end = start
        while end < limit, end < start + 2, new.cells[base + end] == .blank { end += 1 }
        return end
    }

    /// Whether terminals disagree on its width: sequences of emoji, scripts that reorder, young code points.
    private func isDisputed(_ text: String) -> Bool {
        guard text.utf8.count > 1 else { return false }
        var scalars = text.unicodeScalars.makeIterator()
        let first = scalars.next()
        return (first?.value ?? 0) >= 0x1F000 || scalars.next() != nil
    }

    // MARK: Sending

    private mutating func sendRun(row: Int, _ run: Range<Int>, tail: Range<Int>) {
        let base = row * new.columns
        if !clears, !tail.isEmpty {
            approach(row: row, column: tail.lowerBound)
            setStyle(.plain)
            for _ in tail { output.bytes.append(0x20) }
            place = nil
        }
        move(to: GridPoint(row: row, column: run.lowerBound))
        if encoder.marksRuns { output.bytes += [0xE2, 0x80, 0xAD] }
        let end = base + run.upperBound
        // The second half of a wide cell is painted by the first.
        for index in base + run.lowerBound..<end where new.cells[index].columns > 0 {
            setStyle(new.cells[index].style)
            let fits = index + Int(new.cells[index].columns) <= end
            output.append(fits ? new.cells[index].text : " ")
        }
        if encoder.marksRuns { output.bytes += [0xE2, 0x80, 0xAC] }
        place = nil
    }

    private mutating func send(_ text: String, columns: Int, _ isDisputed: Bool, row: Int, column: Int) {
        approach(row: row, column: column)
        setStyle(new.cells[row * new.columns + column].style)
        if text.utf8.count == 1 {
            output.append(text)
            // Behind the last column terminals differ on where the cursor is.
            place = column + 1 < new.columns ? GridPoint(row: row, column: column + 1) : nil
            return
        }
        if columns == 2, isDisputed {
            // A terminal that takes it for narrow would leave the second half as it was.
            output.bytes += [0x20, 0x20]
            place = nil
            move(to: GridPoint(row: row, column: column))
        }
        output.append(text)
        place = nil
    }

    /// Gets there: by nothing, by sending a few unchanged cells again, or by a move.
    private mutating func approach(row: Int, column: Int) {
        if let place, place.row == row, place.column < column, column - place.column <= Self.gapLimit {
            let gap = row * new.columns + place.column..<row * new.columns + column
            let isPlain = gap.allSatisfy { index in
                new.cells[index].text.utf8.count == 1 && !new.cells[index].isRightToLeft
                    && shown(new.cells[index].style) == style
            }
            if isPlain {
                for index in gap { output.append(new.cells[index].text) }
                self.place = GridPoint(row: row, column: column)
                return
            }
        }
        move(to: GridPoint(row: row, column: column))
    }

    private mutating func move(to target: GridPoint) {
        if place == target { return }
        place = target
        output.move(to: target)
    }

    private func shown(_ style: Style) -> Style {
        guard !encoder.colors, style.foreground != nil else { return style }
        var style = style
        style.foreground = nil
        return style
    }

    private mutating func setStyle(_ wanted: Style) {
        let wanted = shown(wanted)
        if wanted == style { return }
        output.style(wanted, replacing: style)
        style = wanted
    }
}

/// Bytes of escape codes.
private struct Output {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func csi(_ rest: StaticString) {
        bytes += [0x1B, 0x5B]
        rest.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func mode(_ name: StaticString, isOn: Bool) {
        csi(name)
        bytes.append(isOn ? 0x68 : 0x6C)
    }

    mutating func move(to place: GridPoint) {
        bytes += [0x1B, 0x5B]
        append(place.row + 1)
        bytes.append(0x3B)
        append(place.column + 1)
        bytes.append(0x48)
    }

    mutating func style(_ style: Style, replacing old: Style) {
        bytes += [0x1B, 0x5B]
        // From plain nothing needs to be undone.
        if old != .plain { bytes.append(0x30) }
        if style.isBold { parameter(1) }
        if style.isFaint { parameter(2) }
        if style.isUnderlined { parameter(4) }
        if style.isReversed { parameter(7) }
        if let color = style.foreground {
            let number = Int(color.rawValue)
            parameter(number < 8 ? 30 + number : 90 + number - 8)
        }
        bytes.append(0x6D)
    }

    private mutating func parameter(_ number: Int) {
        if bytes.last != 0x5B { bytes.append(0x3B) }
        append(number)
    }

    /// In decimal; screens and parameters have at most four digits.
    private mutating func append(_ number: Int) {
        if number >= 10 { append(number / 10) }
        bytes.append(UInt8(truncatingIfNeeded: 0x30 + number % 10))
    }
}
