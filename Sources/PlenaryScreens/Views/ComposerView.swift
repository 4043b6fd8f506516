// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Where a text goes, and the text being written.
struct ComposerView {
    let model: ScreenModel
    let layout: Layout

    func draw(_ canvas: inout Canvas) {
        let margin = layout.margin
        if let phrase = model.filterPhrase { return drawFilter(phrase, margin, &canvas) }
        canvas.text(destination, row: layout.destination, start: margin, columns: layout.columns - 2 * margin)
        canvas.prompt(row: layout.composer.row, start: margin)
        let area = Region(
            row: layout.composer.row, start: margin + 2, rows: layout.composer.rows,
            columns: model.composerColumns)
        canvas.input(
            model.composer.text, caret: model.composer.caret, in: area,
            hasCursor: model.focus == .composer && model.dialogs.isEmpty)
    }

    /// The words that narrow the list having the keys, or that are looked for.
    private func drawFilter(_ phrase: Phrase, _ margin: Int, _ canvas: inout Canvas) {
        let label = canvas.typesetter.line(
            StyledText(model.catalogue.text(phrase) + " "), columns: layout.columns - 2 * margin,
            base: canvas.base,
            ellipsis: canvas.glyphs.ellipsis)
        canvas.paint(label, row: layout.destination, start: margin, columns: label.columns, side: .start)
        let start = margin + label.columns
        let columns = layout.columns - start - margin
        if model.filter.isEmpty, model.focus != .search {
            let hint = StyledText(model.catalogue.text(.typeToNarrow), .faint)
            canvas.text(hint, row: layout.destination, start: start + 2, columns: columns - 2)
        }
        let caret = model.focus == .search ? model.search.input.caret : model.filter.count
        canvas.input(
            model.filter, caret: caret,
            in: Region(row: layout.destination, start: start, rows: 1, columns: columns),
            hasCursor: model.dialogs.isEmpty)
    }

    private var destination: StyledText {
        let catalogue = model.catalogue
        let place = model.destination
        var target = StyledText(
            isolated: layout.breadth == .narrow && place.thread != nil
                ? "/\(place.thread ?? 0)" : PlainText.oneLine(place.target), .bold)
        if let number = place.thread, layout.breadth != .narrow,
            let thread = model.conversation(place.conversation)?.threads[number]
        {
            target +=
                StyledText(" \(model.glyphs.separator) ")
                + StyledText(isolated: PlainText.oneLine(thread.title))
        }
        var words = catalogue.styled(.toPlace, [.place: target])
        let mark = model.marking[model.place]
        if let mark {
            words += StyledText("  ") + StyledText(isolated: "[\(catalogue.text(mark.name))]", .bold)
        }
        if let post = model.answering[model.place], mark != .correction {
            let name = StyledText(isolated: PlainText.oneLine(post.nickname))
            words += StyledText("  ") + catalogue.styled(.replyTo, [.name: name])
        }
        guard model.place.thread != nil, layout.breadth == .wide else { return words }
        let phrase: Phrase = model.isToChannel ? .sendToThread : .sendToChannel
        return words + StyledText("     (\(catalogue.text(phrase, [.key: "F7"])))", .faint)
    }
}
