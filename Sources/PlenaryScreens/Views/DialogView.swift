// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// A box over the panes.
struct DialogView {
    let model: ScreenModel
    let dialog: Dialog
    /// Whether it has the keys.
    let isTopmost: Bool

    private static let columnLimit = 70
    private static let optionRowLimit = 20

    func draw(_ canvas: inout Canvas) {
        let columns = min(model.columns - 2, DialogView.columnLimit)
        let inner = columns - 4
        guard inner > 4, model.rows > 4 else { return }
        // The answers are seen whatever is asked.
        let limit = min(ScreenLimits.questionRowLimit, max(model.rows - 6, 0))
        let lines = dialog.lines.flatMap { canvas.typesetter.lines($0, columns: inner, base: canvas.base) }
            .prefix(limit)
        let options = dialog.shown
        let hasInput = dialog.isFilterable || dialog.question != nil
        let fixed = 2 + lines.count + (lines.isEmpty ? 0 : 1) + (hasInput ? 1 : 0)
        // A list that matches nothing says so.
        let wanted = max(options.count, dialog.isFilterable ? 1 : 0)
        let optionRows = min(wanted, DialogView.optionRowLimit, max(model.rows - fixed - 2, 1))
        let rows = min(fixed + optionRows, model.rows)
        // The list keeps its place while the filter shortens it.
        let tallest = min(fixed + min(dialog.options.count, DialogView.optionRowLimit), model.rows - 2)
        let top = max((model.rows - tallest) / 2 - 1, 0)
        let start = (model.columns - columns) / 2
        drawFrame(Region(row: top, start: start, rows: rows, columns: columns), &canvas)
        var row = top + 1
        if hasInput {
            drawInput(row: row, start: start + 2, columns: inner, &canvas)
            row += 1
        }
        for line in lines where row < top + rows - 1 {
            canvas.paint(line, row: row, start: start + 2, columns: inner)
            row += 1
        }
        if !lines.isEmpty { row += 1 }
        drawOptions(
            options, Region(row: row, start: start + 2, rows: top + rows - 1 - row, columns: inner), hasInput,
            &canvas)
    }

    private func drawFrame(_ area: Region, _ canvas: inout Canvas) {
        for row in area.row..<area.bottom {
            canvas.fill(row: row, start: area.start, columns: area.columns)
            canvas.mark(canvas.glyphs.vertical, row: row, start: area.start)
            canvas.mark(canvas.glyphs.vertical, row: row, start: area.end - 1)
        }
        canvas.horizontalLine(row: area.row, start: area.start, columns: area.columns)
        canvas.horizontalLine(row: area.bottom - 1, start: area.start, columns: area.columns)
        let title = canvas.typesetter.line(
            StyledText(" ") + dialog.title + StyledText(" "), columns: area.columns - 4, base: canvas.base,
            ellipsis: canvas.glyphs.ellipsis)
        canvas.paint(title, row: area.row, start: area.start + 2, columns: title.columns, side: .start)
    }

    private func drawInput(row: Int, start: Int, columns: Int, _ canvas: inout Canvas) {
        canvas.prompt(row: row, start: start)
        canvas.input(
            dialog.input.text, caret: dialog.input.caret,
            in: Region(row: row, start: start + 2, rows: 1, columns: columns - 3), hasCursor: isTopmost)
    }

    private func drawOptions(
        _ options: [Dialog.Option], _ area: Region, _ hasInput: Bool, _ canvas: inout Canvas
    ) {
        guard area.rows > 0 else { return }
        let first = min(max(dialog.selected - area.rows + 1, 0), max(options.count - area.rows, 0))
        for (offset, option) in options.dropFirst(first).prefix(area.rows).enumerated() {
            let row = area.row + offset
            canvas.row(
                option.label, option.hint, row: row, start: area.start + 1,
                columns: area.columns - 2, gap: 2)
            guard first + offset == dialog.selected else { continue }
            canvas.reverse(row: row, start: area.start, columns: area.columns)
            if !hasInput { canvas.setCursor(row: row, start: area.start) }
        }
        if options.isEmpty, dialog.isFilterable {
            canvas.text(
                StyledText(model.catalogue.text(.nothingMatches), .faint), row: area.row,
                start: area.start + 1,
                columns: area.columns - 1)
        }
    }
}
