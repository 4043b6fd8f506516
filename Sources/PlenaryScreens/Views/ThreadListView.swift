// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

extension ScreenModel {
    /// The threads of the channel one is in that are asked for and match the filter, in the order of the
    /// list.
    package var threadsShown: [ThreadInfo] {
        let all = conversation(place.conversation)?.threadsInOrder ?? []
        let filter = threadList.filter
        return all.filter { isInScope($0) && Match.isMatch(filter, "/\($0.number) \($0.title)") }
    }

    private func isInScope(_ thread: ThreadInfo) -> Bool {
        guard thread.state != .archived else { return false }
        return switch threadScope {
        case .current: true
        case .open: thread.state == .open
        case .closed: thread.state == .closed
        case .mine: thread.creator.map { Place.areSame($0, account ?? nickname) } ?? false
        case .unread: thread.unreadCount > 0 && thread.isLoud
        }
    }

    /// The thread the selection is on.
    package var selectedThread: ThreadInfo? {
        let shown = threadsShown
        return shown.indices.contains(threadList.selected) ? shown[threadList.selected] : shown.first
    }

    /// When something was, in a word: `14:34`, `yesterday`, `20 Nov`.
    func moment(_ time: Timestamp?) -> String {
        time.map { catalogue.shortDay(local($0), today: local(now)) } ?? ""
    }

    /// What a list says of a thread's messages: `2 new`, or how many there are.
    func messageCount(of thread: ThreadInfo) -> StyledText {
        guard thread.unreadCount > 0, thread.level != .mute else {
            return StyledText(String(thread.messageCount))
        }
        let count = thread.unreadCount > 999 ? "999+" : String(thread.unreadCount)
        return StyledText(catalogue.text(.newCount, [.count: count]), .bold)
    }
}

/// The threads of a channel over the whole width, with a preview of the selected one.
struct ThreadListView {
    let model: ScreenModel
    let region: Region

    private static let previewRows = 4
    private static let whenColumns = 11
    private static let countColumns = 12
    private static let lastColumns = 9

    func draw(_ canvas: inout Canvas) {
        let isNarrow = region.columns < 60
        let catalogue = model.catalogue
        let threads = model.threadsShown
        let previewCount = region.rows >= 14 && !isNarrow ? ThreadListView.previewRows : 0
        let headRows = isNarrow ? 1 : 4
        drawHeading(isNarrow, &canvas)
        let count = max(region.rows - headRows - previewCount, 0)
        let first = min(max(model.threadList.selected - count + 1, 0), max(threads.count - count, 0))
        for (offset, thread) in threads.dropFirst(first).prefix(count).enumerated() {
            let row = region.row + headRows - (isNarrow ? 0 : 1) + offset
            draw(thread, row: row, isSelected: first + offset == model.threadList.selected, isNarrow, &canvas)
        }
        if threads.isEmpty {
            canvas.text(
                StyledText(catalogue.text(.noThreads, [.key: "F9"]), .faint), row: region.row + headRows,
                start: region.start + 3,
                columns: region.columns - 4)
        }
        if previewCount > 0, let thread = model.selectedThread {
            drawPreview(
                thread,
                Region(
                    row: region.bottom - previewCount + 1, start: region.start, rows: previewCount - 1,
                    columns: region.columns), &canvas)
        }
    }

    private func drawHeading(_ isNarrow: Bool, _ canvas: inout Canvas) {
        let catalogue = model.catalogue
        let channel = StyledText(isolated: PlainText.oneLine(model.place.conversation), .bold)
        let heading = catalogue.styled(.threadsIn, [.place: channel])
        let row = region.row + (isNarrow ? 0 : 1)
        canvas.text(heading, row: row, start: region.start + 1, columns: titleColumns(isNarrow) + 6)
        guard !isNarrow else { return }
        let columns = fields
        canvas.text(
            StyledText(catalogue.text(.columnLast), .faint), row: row, start: columns.last,
            columns: ThreadListView.lastColumns)
        canvas.text(
            StyledText(catalogue.text(.columnWhen), .faint), row: row, start: columns.when,
            columns: ThreadListView.whenColumns)
        canvas.text(
            StyledText(catalogue.text(.columnMessages), .faint), row: row, start: columns.count,
            columns: ThreadListView.countColumns + 4)
    }

    private func titleColumns(_ isNarrow: Bool) -> Int {
        isNarrow ? region.columns - 18 : fields.last - region.start - 9
    }

    /// Where the columns begin.
    private var fields: (last: Int, when: Int, count: Int) {
        let count = region.end - ThreadListView.countColumns - 4
        let when = count - ThreadListView.whenColumns
        return (when - ThreadListView.lastColumns, when, count)
    }

    private func draw(
        _ thread: ThreadInfo, row: Int, isSelected: Bool, _ isNarrow: Bool, _ canvas: inout Canvas
    ) {
        if isSelected { canvas.prompt(row: row, start: region.start + 1, style: .bold) }
        let style = thread.state == .open ? Style.plain : Style.faint
        canvas.text(StyledText("/\(thread.number)", style), row: row, start: region.start + 3, columns: 5)
        let pin = thread.pinRank == nil ? "" : "\(model.glyphs.moderator) "
        let title = StyledText(pin) + StyledText(isolated: PlainText.oneLine(thread.title), style)
        canvas.text(title, row: row, start: region.start + 8, columns: titleColumns(isNarrow))
        let closed = thread.state == .open ? "" : "  " + model.catalogue.text(.stateClosed)
        guard !isNarrow else {
            return canvas.text(
                model.messageCount(of: thread), row: row, start: region.end - 9, columns: 9, side: .end)
        }
        let columns = fields
        let last = model.lastSpeaker(in: thread)
        canvas.text(
            StyledText(isolated: PlainText.oneLine(last)), row: row, start: columns.last,
            columns: ThreadListView.lastColumns - 1)
        canvas.text(
            StyledText(model.moment(thread.lastTime ?? thread.created)), row: row, start: columns.when,
            columns: ThreadListView.whenColumns - 1)
        canvas.text(
            model.messageCount(of: thread) + StyledText(closed, .faint), row: row, start: columns.count,
            columns: ThreadListView.countColumns + 4)
    }

    private func drawPreview(_ thread: ThreadInfo, _ area: Region, _ canvas: inout Canvas) {
        let title =
            StyledText("/\(thread.number) ", .bold)
            + StyledText(isolated: PlainText.oneLine(thread.title), .bold)
            + StyledText(" \(model.glyphs.separator) \(model.catalogue.text(.previewOf))", .faint)
        canvas.text(title, row: area.row, start: area.start + 1, columns: area.columns - 2)
        let timeline = model.timelines[Place(model.place.conversation, thread: thread.number)]
        let posts = (timeline?.entries ?? []).compactMap(\.post).suffix(max(area.rows - 1, 0))
        if posts.isEmpty, timeline?.isLoading == true {
            canvas.text(
                StyledText(model.catalogue.text(.loading), .faint), row: area.row + 1, start: area.start + 3,
                columns: area.columns - 4)
        }
        for (offset, post) in posts.enumerated() {
            let line =
                StyledText(model.clock(post.time) + " ", .faint)
                + StyledText(isolated: PlainText.oneLine(post.nickname), .bold) + StyledText("  ")
                + StyledText(isolated: PlainText.oneLine(post.text))
            canvas.text(line, row: area.row + 1 + offset, start: area.start + 3, columns: area.columns - 4)
        }
    }
}

extension ScreenModel {
    /// Who said the last thing in a thread, where its messages are held; its maker otherwise.
    func lastSpeaker(in thread: ThreadInfo) -> String {
        timelines[Place(thread.channel, thread: thread.number)]?.lastPost?.nickname ?? thread.creator ?? ""
    }
}

/// Whether a text is what somebody looks for, in any script.
package enum Match {
    /// Whether all words of the filter occur, in any case.
    package static func isMatch(_ filter: String, _ text: String) -> Bool {
        let text = text.lowercased()
        return filter.lowercased().split(whereSeparator: \.isWhitespace).allSatisfy { text.contains($0) }
    }
}
