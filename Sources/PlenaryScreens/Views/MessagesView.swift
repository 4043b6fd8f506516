// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// The rows of the message pane that are visible, and where they lie.
struct MessagesWindow {
    /// Rows from top to bottom; fewer than the pane has when there is nothing more.
    var rows: [MessageRow] = []
    /// Whether the beginning of what is held is among them.
    var reachesTop = false

    /// What is seen of a place in a pane of so many rows. `anchor` nil is the newest.
    init(
        _ maker: MessageRowMaker, timeline: Timeline, pending: [Pending], anchor: MessageAnchor?,
        rows count: Int
    ) {
        guard count > 0 else { return }
        var reversed: [MessageRow] = []
        var index = timeline.entries.count - 1
        var hidden = 0
        if let anchor, let place = timeline.index(ofKey: anchor.key) {
            index = place
            hidden = anchor.hiddenRows
        } else {
            for message in pending.reversed() where reversed.count < count {
                reversed += maker.rows(of: message).reversed()
            }
        }
        while index >= 0, reversed.count < count {
            let previous = index > 0 ? timeline.entries[index - 1] : nil
            var own = maker.rows(of: timeline.entries[index], after: previous)
            if hidden > 0 {
                own.removeLast(min(hidden, own.count - 1))
                hidden = 0
            }
            reversed += own.reversed()
            index -= 1
        }
        reachesTop = index < 0 && reversed.count <= count
        rows = reversed.prefix(count).reversed()
    }
}

/// Paints the messages of the place one is in.
struct MessagesView {
    let model: ScreenModel
    let layout: Layout
    private var region: Region { layout.main }
    private var isNarrow: Bool { layout.breadth == .narrow }
    private var columns: Int { layout.textColumns }

    func draw(_ canvas: inout Canvas) {
        let header = isNarrow ? 0 : 1
        if header == 1 {
            canvas.text(
                StyledText(" ") + self.header, row: region.row, start: region.start, columns: region.columns)
        }
        let banner = model.banner
        if let banner {
            canvas.fill(row: region.row + header, start: region.start, columns: region.columns)
            canvas.text(
                banner, row: region.row + header, start: region.start + 1, columns: region.columns - 2)
            canvas.reverse(row: region.row + header, start: region.start, columns: region.columns)
        }
        let body = region.below(header + (banner == nil ? 0 : 1))
        let window = model.messagesWindow(rows: body.rows, layout)
        guard !window.rows.isEmpty else { return drawEmpty(&canvas, body) }
        let first = body.bottom - window.rows.count
        for (offset, item) in window.rows.enumerated() { draw(item, row: first + offset, &canvas) }
        if window.reachesTop, model.timelines[model.place]?.isLoading == true {
            // Above the first message, or at the end of the line with its day.
            let words = canvas.typesetter.line(
                StyledText(" " + model.catalogue.text(.loading), .faint), columns: columns, base: canvas.base)
            canvas.paint(
                words, row: max(first - 1, body.row), start: body.start + columns - words.columns,
                columns: words.columns, side: .end)
        }
    }

    private func drawEmpty(_ canvas: inout Canvas, _ body: Region) {
        let isLoading = model.timelines[model.place]?.isLoading ?? (model.link != .online)
        let words = model.catalogue.text(isLoading ? .loading : .noMessages)
        canvas.text(
            StyledText(words, .faint), row: max(body.bottom - 1, body.row), start: body.start + 1,
            columns: body.columns - 1)
    }

    private func draw(_ item: MessageRow, row: Int, _ canvas: inout Canvas) {
        switch item.content {
        case .separator(let words, let start, let isCentred):
            let room = columns - start
            canvas.horizontalLine(row: row, start: region.start + start, columns: room, style: .faint)
            let line = canvas.typesetter.line(
                words, columns: max(room - 6, 0), base: canvas.base, ellipsis: canvas.glyphs.ellipsis)
            let inner = isCentred ? max((room - line.columns - 2) / 2, 0) : 2
            canvas.fill(row: row, start: region.start + start + inner, columns: line.columns + 2)
            canvas.paint(
                line, row: row, start: region.start + start + inner + 1, columns: line.columns, side: .start)
        case .line(let line):
            for field in line.head {
                canvas.text(field.text, row: row, start: region.start + field.start, columns: field.columns)
            }
            if let text = line.text {
                canvas.paint(
                    text, row: row, start: region.start + line.textStart, columns: columns - line.textStart)
            }
            if let tail = line.tail {
                canvas.paint(
                    tail, row: row, start: region.start + columns - tail.columns, columns: tail.columns,
                    side: .end)
            }
        }
        if let key = item.key, key == model.selectedKey {
            canvas.reverse(row: row, start: region.start, columns: columns)
        }
    }

    /// What the place is: its threads and people, or the thread's beginning.
    private var header: StyledText {
        let catalogue = model.catalogue
        guard let conversation = model.conversation(model.place.conversation) else { return StyledText() }
        let dot = StyledText(" \(model.glyphs.separator) ", .faint)
        var parts: [StyledText] = []
        if let number = model.place.thread {
            let thread = conversation.threads[number]
            parts.append(
                StyledText("/\(number) ", .bold)
                    + StyledText(isolated: PlainText.oneLine(thread?.title ?? ""), .bold))
            if let creator = thread?.creator {
                parts.append(catalogue.styled(.startedBy, [.name: StyledText(PlainText.oneLine(creator))]))
            }
            if let thread { parts.append(StyledText(catalogue.count(.replies, thread.messageCount))) }
            if thread?.state == .closed { parts.append(StyledText(catalogue.text(.stateClosed), .bold)) }
        } else if conversation.isChannel {
            let open = conversation.threads.values.count { $0.state == .open }
            parts.append(StyledText(catalogue.withKey(catalogue.count(.threads, open), "F3")))
            parts.append(
                StyledText(catalogue.withKey(catalogue.count(.here, conversation.members.count), "F4")))
            if let setter = conversation.topicSetter {
                parts.append(catalogue.styled(.topicSetBy, [.name: StyledText(PlainText.oneLine(setter))]))
            }
        } else {
            let isAway = model.awayTexts[conversation.name.lowercased()] != nil
            parts.append(StyledText(isolated: PlainText.oneLine(conversation.name), .bold))
            parts.append(StyledText(catalogue.text(isAway ? .away : .here)))
        }
        return parts.joined(by: dot)
    }
}

extension ScreenModel {
    /// What everybody in the place has to know as long as it holds.
    var banner: StyledText? {
        if let meetingBanner { return meetingBanner }
        guard let conversation = conversation(place.conversation), conversation.isModerated, !isModerator
        else {
            return nil
        }
        return StyledText(catalogue.text(.readingOnly))
    }

    func rowMaker(_ layout: Layout) -> MessageRowMaker {
        MessageRowMaker(self, columns: layout.textColumns, isNarrow: layout.breadth == .narrow)
    }

    /// What is visible of the messages.
    func messagesWindow(rows: Int, _ layout: Layout) -> MessagesWindow {
        MessagesWindow(
            rowMaker(layout), timeline: timelines[place] ?? Timeline(),
            pending: outbox.filter { $0.place == place },
            anchor: anchor, rows: rows)
    }
}
