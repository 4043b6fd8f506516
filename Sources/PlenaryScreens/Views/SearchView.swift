// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

/// What was found, newest first.
struct SearchView {
    let model: ScreenModel
    let region: Region

    func draw(_ canvas: inout Canvas) {
        let catalogue = model.catalogue
        canvas.text(
            StyledText(catalogue.text(.searchEverywhere), .bold), row: region.row, start: region.start + 1,
            columns: region.columns - 1)
        let area = region.below(2)
        guard let words = message else { return drawFound(area, &canvas) }
        canvas.text(words, row: area.row, start: area.start + 1, columns: area.columns - 2)
    }

    /// What is said in place of a list.
    private var message: StyledText? {
        let search = model.search
        if let failure = search.failure { return StyledText(isolated: failure, .bold) }
        if search.isWaiting { return StyledText(model.catalogue.text(.searching), .faint) }
        if search.asked.isEmpty { return StyledText() }
        return search.found.isEmpty
            ? model.catalogue.styled(.searchNothing, [.text: StyledText(search.asked)]) : nil
    }

    private func drawFound(_ area: Region, _ canvas: inout Canvas) {
        let each = 2
        let count = max(area.rows / each, 1)
        let found = model.search.found
        let first = min(max(model.search.selected - count + 1, 0), max(found.count - count, 0))
        for (offset, item) in found.dropFirst(first).prefix(count).enumerated() {
            let row = area.row + each * offset
            let head =
                StyledText(isolated: PlainText.oneLine(item.post.nickname), .bold) + StyledText("  ")
                + StyledText(isolated: PlainText.oneLine(item.place.target), .faint)
            canvas.row(
                head, StyledText(model.moment(item.post.time), .faint), row: row, start: area.start + 1,
                columns: area.columns - 2)
            canvas.text(
                StyledText(PlainText.oneLine(item.post.text)), row: row + 1, start: area.start + 3,
                columns: area.columns - 4, side: .natural)
            if first + offset == model.search.selected {
                canvas.reverse(row: row, start: area.start, columns: area.columns)
            }
        }
    }
}

/// A topic of the help.
struct HelpView {
    let model: ScreenModel
    let region: Region

    func draw(_ canvas: inout Canvas) {
        let lines = model.helpLines(columns: region.columns - 3, canvas.base)
        let first = min(model.helpScroll, max(lines.count - region.rows, 0))
        for (offset, line) in lines.dropFirst(first).prefix(region.rows).enumerated() {
            canvas.paint(line, row: region.row + offset, start: region.start + 1, columns: region.columns - 2)
        }
    }
}

extension ScreenModel {
    /// The topic's text, set.
    func helpLines(columns: Int, _ base: BaseDirection) -> [TypesetLine] {
        let title = StyledText("\(catalogue.title(helpTopic))   ", .bold)
        let others = HelpTopic.allCases.filter { $0 != helpTopic }.map { "/help \($0.rawValue)" }
        var lines = typesetter.lines(title, columns: columns, base: base)
        for paragraph in catalogue.paragraphs(helpTopic) {
            // Commands of the list stand close together.
            if !paragraph.hasPrefix("/") { lines.append(TypesetLine(glyphs: [], isRightToLeft: false)) }
            lines += typesetter.lines(StyledText.naming(commandsIn: paragraph), columns: columns, base: base)
        }
        lines.append(TypesetLine(glyphs: [], isRightToLeft: false))
        return lines
            + typesetter.lines(
                StyledText(others.joined(separator: "   "), .faint), columns: columns, base: base)
    }
}
