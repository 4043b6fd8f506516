// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

extension ScreenModel {
    /// Where things stand on a screen of the present size.
    package var layout: Layout {
        let isWhole = main == .threads || main == .people
        var wanted = 1
        if filterPhrase == nil, !composer.isEmpty {
            wanted = typesetter.lines(StyledText(composer.text), columns: composerColumns).count
        }
        return Layout(
            columns: columns, rows: rows, composerRows: wanted, isWhole: isWhole,
            isMirrored: language.isRightToLeft)
    }

    /// What stands before the words by which a list is narrowed, where a list has the keys.
    var filterPhrase: Phrase? {
        switch focus {
        case .threads, .people, .channels: .filter
        case .search: .searchEverywhere
        case .composer, .messages, .help: nil
        }
    }

    /// The whole screen.
    package func draw() -> Grid {
        var canvas = Canvas(
            columns: columns, rows: rows, isMirrored: language.isRightToLeft, typesetter: typesetter,
            glyphs: glyphs)
        guard !isTooSmall else {
            // A window that is dragged is small for a moment: it is waited for.
            let lines = typesetter.lines(
                StyledText(catalogue.text(.windowTooSmall)), columns: columns, base: canvas.base)
            for (row, line) in lines.prefix(rows).enumerated() {
                canvas.paint(line, row: row, start: 0, columns: columns)
            }
            return canvas.grid
        }
        let layout = layout
        TitleView(model: self, layout: layout).draw(&canvas)
        drawPanes(layout, &canvas)
        ComposerView(model: self, layout: layout).draw(&canvas)
        HintView(model: self, layout: layout).draw(&canvas)
        drawBorders(layout, &canvas)
        for (index, dialog) in dialogs.enumerated() {
            DialogView(model: self, dialog: dialog, isTopmost: index == dialogs.count - 1).draw(&canvas)
        }
        if theme == .highContrast { canvas.sharpen() }
        return canvas.grid
    }

    private func drawPanes(_ layout: Layout, _ canvas: inout Canvas) {
        if let list = layout.list {
            ChannelListView(model: self, region: list).draw(&canvas)
        }
        switch main {
        case .channels where layout.list == nil:
            ChannelListView(model: self, region: layout.main).draw(&canvas)
        case .threads where layout.side == nil:
            ThreadListView(model: self, region: layout.main).draw(&canvas)
        case .people where layout.side == nil:
            PeopleView(model: self, region: layout.main).draw(&canvas)
        case .search: SearchView(model: self, region: layout.main).draw(&canvas)
        case .help: HelpView(model: self, region: layout.main).draw(&canvas)
        case .messages, .channels, .threads, .people:
            MessagesView(model: self, layout: layout).draw(&canvas)
        }
        if let side = layout.side { SideView(model: self, region: side).draw(&canvas) }
    }

    /// After the panes, so that a width guessed wrong there does not reach the neighbour.
    private func drawBorders(_ layout: Layout, _ canvas: inout Canvas) {
        canvas.horizontalLine(row: layout.rule, start: 0, columns: columns)
        for start in layout.borders {
            canvas.verticalLine(
                Region(row: layout.main.row, start: start, rows: layout.rule - layout.main.row, columns: 1))
            canvas.mark(glyphs.crossing, row: layout.rule, start: start)
        }
        if layout.breadth == .narrow, layout.title != nil {
            canvas.horizontalLine(row: 1, start: 0, columns: columns)
        }
    }
}

/// The first row: where one is, and how the connection is.
struct TitleView {
    let model: ScreenModel
    let layout: Layout

    func draw(_ canvas: inout Canvas) {
        guard let row = layout.title else { return }
        let isNarrow = layout.breadth == .narrow
        let margin = layout.margin
        canvas.row(
            place, isNarrow ? position : status, row: row, start: margin,
            columns: layout.columns - 2 * margin,
            gap: 2)
    }

    private var place: StyledText {
        let target = StyledText(isolated: PlainText.oneLine(model.place.target), .bold)
        let dot = StyledText(" \(model.glyphs.separator) ", .faint)
        if layout.breadth == .narrow { return target }
        switch model.main {
        case .threads where layout.side == nil:
            return target + StyledText(" \(arrow) ")
                + StyledText(model.catalogue.text(.threadsOf))
        case .people where layout.side == nil:
            return target + StyledText(" \(arrow) ")
                + StyledText(model.catalogue.count(.here, model.peopleShown.count))
        case .messages, .channels, .threads, .people, .search, .help: break
        }
        if let thread = model.currentThread {
            return target + dot + StyledText(isolated: PlainText.oneLine(thread.title))
        }
        guard let topic = model.conversation(model.place.conversation)?.topic, !topic.isEmpty else {
            return target
        }
        return target + dot + StyledText(isolated: PlainText.oneLine(topic))
    }

    private var arrow: Character {
        model.language.isRightToLeft ? model.glyphs.arrowMirrored : model.glyphs.arrow
    }

    private var status: StyledText {
        let dot = " \(model.glyphs.separator) "
        let time = model.clock(model.now)
        return StyledText("\(model.language.rawValue)\(dot)") + link + StyledText("\(dot)\(time)")
    }

    /// Which of the panes is shown: `2 of 3`.
    private var position: StyledText {
        let numbers: [MainPane: Int] = [.channels: 1, .messages: 2, .threads: 3]
        guard let number = numbers[model.main] else { return link }
        return link + StyledText("  ")
            + StyledText(model.catalogue.text(.paneOf, [.number: String(number), .count: "3"]))
    }

    private var link: StyledText {
        switch model.link {
        case .connecting: StyledText(model.catalogue.text(.connecting))
        case .online: StyledText(model.catalogue.text(.online))
        case .retrying: StyledText(model.catalogue.text(.offline), .bold)
        case .ended: StyledText(model.catalogue.text(.offline), .bold)
        }
    }
}

/// The last row: what the keys do here, and what is on its way.
struct HintView {
    let model: ScreenModel
    let layout: Layout

    func draw(_ canvas: inout Canvas) {
        if let notice = model.visibleNotice {
            let row = layout.spare ?? layout.hint ?? layout.destination
            canvas.fill(row: row, start: 0, columns: layout.columns)
            canvas.text(notice, row: row, start: 1, columns: layout.columns - 2)
            if layout.spare == nil { return }
        }
        guard let row = layout.hint else { return }
        let margin = layout.margin
        let columns = layout.columns - margin - 2
        let counts = canvas.typesetter.line(
            self.counts, columns: columns, base: canvas.base, ellipsis: canvas.glyphs.ellipsis)
        canvas.paint(
            counts, row: row, start: margin + columns - counts.columns, columns: counts.columns, side: .end)
        let room = columns - counts.columns - (counts.columns > 0 ? 1 : 0)
        canvas.text(hints(columns: room), row: row, start: margin, columns: room)
    }

    /// As many hints as there is room for beside the counts, each whole.
    private func hints(columns: Int) -> StyledText {
        let catalogue = model.catalogue
        let isNarrow = layout.breadth == .narrow
        let separator = isNarrow ? " \(model.glyphs.separator) " : "   "
        let keys: [(key: String, phrase: Phrase)] =
            isNarrow && model.dialogs.isEmpty ? [("F6", .hintList), ("F2", .hintMenu)] : self.keys
        var text = ""
        for (key, phrase) in keys {
            let next = (text.isEmpty ? "" : separator) + "\(key) \(catalogue.text(phrase))"
            guard DisplayWidth.columns(text) + DisplayWidth.columns(next) <= columns else { break }
            text += next
        }
        return StyledText(text, isNarrow ? .plain : .faint)
    }

    /// Keys that mean something here, each with what it does.
    private var keys: [(key: String, phrase: Phrase)] {
        let arrows = "\(model.glyphs.up)\(model.glyphs.down)"
        if let dialog = model.dialogs.last {
            let choose: [(String, Phrase)] = dialog.options.isEmpty ? [] : [(arrows, .hintChoose)]
            return choose + [("Enter", .hintConfirm), ("Esc", .hintCancel)]
        }
        switch model.focus {
        case .threads:
            return [(arrows, .hintMove), ("Enter", .hintOpen), ("F9", .hintNewThread), ("Esc", .hintBack)]
        case .people, .channels:
            return [(arrows, .hintMove), ("Enter", .hintOpen), ("F2", .hintMenu), ("Esc", .hintBack)]
        case .search: return [("Enter", .hintSearch), (arrows, .hintMove), ("Esc", .hintBack)]
        case .help: return [(arrows, .hintScroll), ("Tab", .hintNextPane), ("Esc", .hintBack)]
        case .messages:
            return [(arrows, .hintMove), ("Enter", .hintReply), ("F2", .hintActions), ("Esc", .hintBack)]
        case .composer:
            let middle: [(String, Phrase)] =
                layout.breadth == .wide ? [("Tab", .hintNextPane), ("F5", .hintSearch)] : []
            return [("Enter", .hintSend), ("Alt+Enter", .hintNewLine)] + middle
                + [("F2", .hintMenu), ("?", .hintHelp)]
        }
    }

    /// What is on its way; beside a list of threads how many there are.
    private var counts: StyledText {
        guard model.focus == .threads, let conversation = model.conversation(model.place.conversation) else {
            return outbox
        }
        let open = conversation.threads.values.count { $0.state == .open }
        let closed = conversation.threads.values.count { $0.state == .closed }
        let shown = model.threadsShown.count { $0.state == .open }
        return StyledText(
            model.catalogue.text(
                .openAndClosed, [.open: String(shown), .count: String(open), .closed: String(closed)]), .faint
        )
    }

    private var outbox: StyledText {
        let catalogue = model.catalogue
        let sending = model.outbox.count { $0.state == .sending }
        let queued = model.outbox.count { $0.state == .queued }
        let failed = model.outbox.count - sending - queued
        var parts: [String] = []
        if sending > 0 { parts.append(catalogue.text(.sendingCount, [.count: String(sending)])) }
        if queued > 0 { parts.append(catalogue.text(.queuedCount, [.count: String(queued)])) }
        if failed > 0 {
            parts.append(catalogue.withKey(catalogue.text(.unsentCount, [.count: String(failed)]), "F12"))
        }
        return StyledText(parts.joined(separator: " \(model.glyphs.separator) "))
    }
}

extension ScreenModel {
    /// The word to the person; a countdown while there is no connection.
    var visibleNotice: StyledText? {
        if let notice { return notice }
        if let undoable = undoableNow {
            let seconds = (undoable.until.microseconds - now.microseconds + 999_999) / 1_000_000
            let words = catalogue.text(
                .undoHint, [.key: MenuAction.undo.key ?? "", .seconds: String(seconds)])
            return StyledText(words, .bold)
        }
        switch link {
        case .retrying(let until, _):
            let seconds = max((until.microseconds - now.microseconds + 999_999) / 1_000_000, 0)
            let when = catalogue.count(.inSeconds, Int(seconds))
            let isNarrow = columns < Layout.middleColumns
            let words =
                isNarrow
                ? catalogue.text(.retryShort, [.when: when])
                : catalogue.text(.retryIn, [.when: when, .key: "Enter"])
            return StyledText(words, .bold)
        case .ended(let reason):
            let words = StyledText(PlainText.oneLine(reason ?? ""))
            return catalogue.styled(.connectionEnded, [.reason: words])
        case .connecting, .online: return nil
        }
    }
}
