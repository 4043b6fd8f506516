// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// The rows of the list of channels and persons.
package struct ChannelRow: Sendable {
    package enum Content: Sendable {
        case heading(Phrase, count: Int, key: String)
        case conversation(Conversation)
        case blank
    }
    package var content: Content

    package var conversation: Conversation? {
        if case .conversation(let conversation) = content { conversation } else { nil }
    }
}

extension ScreenModel {
    /// Channels, then persons, then what is muted.
    package var channelRows: [ChannelRow] {
        let conversations = self.conversations.filter {
            focus != .channels || Match.isMatch(channelList.filter, "\($0.name) \($0.topic ?? "")")
        }
        let loud = conversations.filter { $0.isChannel && !$0.isMuted }
        let direct = conversations.filter { !$0.isChannel && !$0.isMuted }
            .sorted { ($0.lastTime ?? Timestamp(seconds: 0)) > ($1.lastTime ?? Timestamp(seconds: 0)) }
        let muted = conversations.filter(\.isMuted)
        var rows = [ChannelRow(content: .heading(.channels, count: 0, key: "F6"))]
        rows += loud.map { ChannelRow(content: .conversation($0)) }
        if !direct.isEmpty {
            rows += [ChannelRow(content: .blank), ChannelRow(content: .heading(.direct, count: 0, key: ""))]
            rows += direct.map { ChannelRow(content: .conversation($0)) }
        }
        if !muted.isEmpty {
            rows += [
                ChannelRow(content: .blank),
                ChannelRow(content: .heading(.muted, count: muted.count, key: "")),
            ]
            if focus == .channels { rows += muted.map { ChannelRow(content: .conversation($0)) } }
        }
        return rows
    }

    /// The conversations in the order of the list.
    package var conversationsInOrder: [Conversation] { channelRows.compactMap(\.conversation) }
}

/// The list of channels, with what is unread in each.
struct ChannelListView {
    let model: ScreenModel
    let region: Region

    func draw(_ canvas: inout Canvas) {
        let rows = model.channelRows
        let places = rows.indices.filter { rows[$0].conversation != nil }
        var selected: Int?
        if model.focus == .channels, !places.isEmpty {
            selected = places[min(model.channelList.selected, places.count - 1)]
        }
        let current = rows.firstIndex { row in
            row.conversation.map { Place.areSame($0.name, model.place.conversation) } ?? false
        }
        let first = min(
            max((selected ?? current ?? 0) - region.rows + 3, 0), max(rows.count - region.rows, 0))
        for (offset, item) in rows.dropFirst(first).prefix(region.rows).enumerated() {
            draw(item, row: region.row + offset, isCurrent: first + offset == current, &canvas)
            if first + offset == selected {
                canvas.reverse(row: region.row + offset, start: region.start, columns: region.columns)
            }
        }
    }

    private func draw(_ item: ChannelRow, row: Int, isCurrent: Bool, _ canvas: inout Canvas) {
        switch item.content {
        case .blank: return
        case .heading(let phrase, let count, let key):
            let words = model.catalogue.text(phrase, [.count: String(count)])
            canvas.row(
                StyledText(words, .faint), StyledText(key, .faint), row: row, start: region.start + 1,
                columns: region.columns - 1)
        case .conversation(let conversation): draw(conversation, row: row, isCurrent: isCurrent, &canvas)
        }
    }

    private func draw(_ conversation: Conversation, row: Int, isCurrent: Bool, _ canvas: inout Canvas) {
        if isCurrent {
            let bar = canvas.isMirrored ? canvas.glyphs.currentMirrored : canvas.glyphs.current
            canvas.mark(bar, row: row, start: region.start)
        }
        let unread = conversation.unreadCount
        let count =
            conversation.isMuted || unread == 0
            ? ""
            : conversation.mentionCount > 0
                ? "@\(conversation.mentionCount)" : unread > 999 ? "999+" : "\(unread)"
        var style = Style.plain
        style.isBold = !count.isEmpty || isCurrent
        style.isFaint = conversation.isMuted
        var name = StyledText(isolated: PlainText.oneLine(Place.shortName(conversation.name)), style)
        if !conversation.isChannel {
            let isAway = model.awayTexts[conversation.name.lowercased()] != nil
            name = StyledText("\(isAway ? canvas.glyphs.away : canvas.glyphs.here) ") + name
        }
        canvas.row(
            name, StyledText(count, .bold), row: row, start: region.start + 1, columns: region.columns - 1)
    }
}

extension Place {
    /// A channel without its `#`, as lists show it.
    package static func shortName(_ name: String) -> String {
        name.hasPrefix("#") ? String(name.dropFirst()) : name
    }
}
