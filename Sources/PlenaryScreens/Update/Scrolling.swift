// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Going up and down in a place, and selecting messages.
extension ScreenModel {
    /// Rows that messages have on the screen.
    private func messageRows(_ layout: Layout) -> Int {
        max(layout.main.rows - (layout.breadth == .narrow ? 0 : 1) - (banner == nil ? 0 : 1), 1)
    }

    private var flow: MessageFlow? {
        guard let entries = timelines[place]?.entries, !entries.isEmpty else { return nil }
        let layout = layout
        return MessageFlow(maker: rowMaker(layout), entries: entries, paneRows: messageRows(layout))
    }

    // MARK: By rows

    /// Two rows stay, by which one finds one's place again.
    var pageRows: Int { max(messageRows(layout) - 2, 1) }

    /// Scrolls by rows; up is positive.
    package mutating func scroll(_ rows: Int) -> [Effect] {
        guard let flow else { return fillPlace() }
        let effects = rows > 0 ? scrollUp(rows, flow) : scrollDown(-rows, flow)
        if focus == .messages { selectVisible(isUp: rows > 0) }
        return effects
    }

    private mutating func scrollUp(_ count: Int, _ flow: MessageFlow) -> [Effect] {
        var left = count
        var bottom = flow.newest
        if let anchor {
            bottom = flow.bottom(at: anchor)
        } else {
            // What is on its way stands below the newest message, and is scrolled away first.
            let maker = flow.maker
            let pending = outbox.filter { $0.place == place }.reduce(0) { $0 + maker.rows(of: $1).count }
            left = max(count - pending, 1)
        }
        while bottom.index > 0, left >= flow.height(bottom.index) - bottom.hidden {
            left -= flow.height(bottom.index) - bottom.hidden
            bottom = MessageFlow.Bottom(index: bottom.index - 1, hidden: 0)
        }
        bottom.hidden += left
        let settled = flow.settled(bottom)
        anchor = flow.anchor(settled.bottom)
        return settled.reachesTop ? loadOlder() : []
    }

    private mutating func scrollDown(_ count: Int, _ flow: MessageFlow) -> [Effect] {
        guard let anchor else { return loadNewer() }
        var bottom = flow.bottom(at: anchor)
        var left = count
        while left > bottom.hidden, bottom.index < flow.newest.index {
            left -= bottom.hidden
            bottom = MessageFlow.Bottom(index: bottom.index + 1, hidden: flow.height(bottom.index + 1))
        }
        bottom.hidden = max(bottom.hidden - left, 0)
        self.anchor = flow.anchor(bottom)
        guard self.anchor == nil else { return [] }
        guard timelines[place]?.hasNewer == true else {
            markRead(place)
            return []
        }
        self.anchor = MessageAnchor(key: flow.entries[bottom.index].key, hiddenRows: 0)
        return loadNewer()
    }

    /// The anchor on a screen of the present size: as long as there are rows for it, the pane is full.
    var settledAnchor: MessageAnchor? {
        guard let anchor, let flow else { return nil }
        return flow.anchor(flow.settled(flow.bottom(at: anchor)).bottom)
    }

    // MARK: To the ends

    /// To the newest message.
    package mutating func scrollToEnd() -> [Effect] {
        anchor = nil
        selectedKey = nil
        guard timelines[place]?.hasNewer == true else {
            markRead(place)
            return []
        }
        timelines[place] = nil
        return fillPlace()
    }

    /// To the unread line.
    package mutating func scrollToUnread() -> [Effect] {
        guard let line = unreadLines[place], let timeline = timelines[place],
            let entry = timeline.entries.first(where: { $0.time > line })
        else { return [] }
        select(entry.key)
        return []
    }

    // MARK: Selecting messages

    /// Selects a message and brings it to the pane.
    mutating func select(_ key: Int) {
        selectedKey = key
        main = .messages
        focus = .messages
        guard let flow, let index = flow.entries.lastIndex(where: { $0.key == key }) else { return }
        if isVisible(key) { return }
        // In the middle, where what was said before and after is seen as well.
        var below = 0
        var last = index
        while last < flow.newest.index, below < flow.paneRows / 2 {
            last += 1
            below += flow.height(last)
        }
        anchor = flow.anchor(flow.settled(MessageFlow.Bottom(index: last, hidden: 0)).bottom)
    }

    private var visibleKeys: [Int] {
        let layout = layout
        return messagesWindow(rows: messageRows(layout), layout).rows.compactMap(\.key)
    }

    private func isVisible(_ key: Int) -> Bool { visibleKeys.contains(key) }

    /// What came below would push what is selected out of the pane: from then on the pane stays.
    mutating func holdSelection(_ lastKey: Int?) {
        guard anchor == nil, let selectedKey, let lastKey, !isVisible(selectedKey) else { return }
        anchor = MessageAnchor(key: lastKey, hiddenRows: 0)
    }

    /// The selection goes along with the pane.
    private mutating func selectVisible(isUp: Bool) {
        let keys = visibleKeys
        guard let selectedKey, !keys.contains(selectedKey) else { return }
        let selectable = selectableKeys.filter(keys.contains)
        self.selectedKey = (isUp ? selectable.last : selectable.first) ?? selectedKey
    }

    /// Messages, and gaps, which are filled by Enter.
    private var selectableKeys: [Int] {
        (timelines[place]?.entries ?? []).lazy.filter { entry in
            switch entry.content {
            case .post, .gap: true
            case .note: false
            }
        }.map(\.key)
    }

    /// Moves the selection by messages; up is negative. Without one the lowest that is seen is selected.
    mutating func moveSelection(_ step: Int) -> [Effect] {
        let keys = selectableKeys
        guard let current = selectedKey.flatMap(keys.lastIndex(of:)) else {
            let visible = visibleKeys
            if let key = keys.last(where: visible.contains) ?? keys.last { select(key) }
            return []
        }
        let next = current + step
        if next < 0 { return loadOlder() }
        if next >= keys.count {
            let effects = loadNewer()
            guard effects.isEmpty, timelines[place]?.hasNewer != true else { return effects }
            focus = .composer
            return scrollToEnd()
        }
        select(keys[next])
        return []
    }

    /// The message the selection is on.
    package var selectedPost: Post? {
        guard let selectedKey, let timeline = timelines[place], let index = timeline.index(ofKey: selectedKey)
        else {
            return nil
        }
        return timeline.entries[index].post
    }
}

/// All rows of a place, one below the other, of which the pane shows a part.
struct MessageFlow {
    /// Where the pane ends: at an entry, of which the last rows are below the pane.
    struct Bottom {
        var index: Int
        var hidden: Int
    }

    let maker: MessageRowMaker
    /// Never empty.
    let entries: [Timeline.Entry]
    let paneRows: Int

    var newest: Bottom { Bottom(index: entries.count - 1, hidden: 0) }

    func height(_ index: Int) -> Int {
        maker.rows(of: entries[index], after: index > 0 ? entries[index - 1] : nil).count
    }

    /// Where an anchor is. One whose entry is gone is at the newest.
    func bottom(at anchor: MessageAnchor) -> Bottom {
        guard let index = entries.lastIndex(where: { $0.key == anchor.key }) else { return newest }
        return Bottom(index: index, hidden: min(max(anchor.hiddenRows, 0), height(index) - 1))
    }

    /// Nil at the newest.
    func anchor(_ bottom: Bottom) -> MessageAnchor? {
        guard bottom.index < newest.index || bottom.hidden > 0 else { return nil }
        return MessageAnchor(key: entries[bottom.index].key, hiddenRows: bottom.hidden)
    }

    /// The same, or the highest one at which the pane is still full; and whether the first entry is in the
    /// pane.
    func settled(_ bottom: Bottom) -> (bottom: Bottom, reachesTop: Bool) {
        var above = -bottom.hidden
        var index = bottom.index
        while index >= 0, above < paneRows {
            above += height(index)
            index -= 1
        }
        guard above < paneRows else { return (bottom, index < 0) }
        // The first entry stays at the pane's top.
        index = 0
        above = height(0)
        while above < paneRows, index < newest.index {
            index += 1
            above += height(index)
        }
        return (Bottom(index: index, hidden: max(above - paneRows, 0)), true)
    }
}
