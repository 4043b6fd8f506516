// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// The third pane of a wide screen: threads above, people below.
struct SideView {
    let model: ScreenModel
    let region: Region

    func draw(_ canvas: inout Canvas) {
        let upper = region.rows / 2
        let threads = Region(row: region.row, start: region.start, rows: upper - 1, columns: region.columns)
        let people = Region(
            row: region.row + upper, start: region.start, rows: region.rows - upper, columns: region.columns)
        drawThreads(threads, &canvas)
        canvas.horizontalLine(row: people.row - 1, start: region.start, columns: region.columns)
        PeopleView(model: model, region: people).draw(&canvas)
    }

    private func drawThreads(_ area: Region, _ canvas: inout Canvas) {
        let channel = StyledText(isolated: PlainText.oneLine(model.place.conversation))
        canvas.row(
            model.catalogue.styled(.threadsIn, [.place: channel]), StyledText("F3", .faint), row: area.row,
            start: area.start + 1, columns: area.columns - 1)
        let threads = model.threadsShown
        let isFocused = model.focus == .threads
        let current =
            isFocused
            ? model.threadList.selected : threads.firstIndex { $0.number == model.place.thread } ?? 0
        let count = max((area.rows - 2) / 2, 0)
        let first = min(max(current - count + 1, 0), max(threads.count - count, 0))
        for (offset, thread) in threads.dropFirst(first).prefix(count).enumerated() {
            let row = area.row + 2 + 2 * offset
            let isCurrent = thread.number == model.place.thread
            if isCurrent {
                let bar = canvas.isMirrored ? canvas.glyphs.currentMirrored : canvas.glyphs.current
                canvas.mark(bar, row: row, start: area.start)
            }
            var style = Style.plain
            style.isBold = isCurrent || thread.unreadCount > 0
            let title =
                StyledText("/\(thread.number) ", style)
                + StyledText(isolated: PlainText.oneLine(thread.title), style)
            canvas.row(
                title, model.messageCount(of: thread), row: row, start: area.start + 2,
                columns: area.columns - 3)
            canvas.text(facts(of: thread), row: row + 1, start: area.start + 6, columns: area.columns - 7)
            if isFocused, first + offset == model.threadList.selected {
                canvas.reverse(row: row, start: area.start, columns: area.columns)
            }
        }
    }

    private func facts(of thread: ThreadInfo) -> StyledText {
        let dot = " \(model.glyphs.separator) "
        let name = StyledText(isolated: PlainText.oneLine(model.lastSpeaker(in: thread)), .faint)
        if thread.state != .open {
            return StyledText(model.catalogue.text(.stateClosed) + dot, .faint) + name
        }
        return name + StyledText(dot + model.moment(thread.lastTime ?? thread.created), .faint)
    }
}

/// The people in a channel, moderators first.
struct PeopleView {
    let model: ScreenModel
    let region: Region

    func draw(_ canvas: inout Canvas) {
        let people = model.peopleShown
        let heading = model.catalogue.text(.hereTitle, [.count: String(people.count)])
        canvas.row(
            StyledText(heading), StyledText("F4", .faint), row: region.row, start: region.start + 1,
            columns: region.columns - 1)
        let area = region.below(2)
        guard area.rows > 0 else { return }
        let selected = model.focus == .people ? model.peopleList.selected : nil
        let needsMore = people.count > area.rows && selected == nil
        let count = needsMore ? area.rows - 1 : area.rows
        let first = min(max((selected ?? 0) - count + 1, 0), max(people.count - count, 0))
        for (offset, member) in people.dropFirst(first).prefix(count).enumerated() {
            let row = area.row + offset
            draw(member, row: row, &canvas)
            if first + offset == selected {
                canvas.reverse(row: row, start: region.start, columns: region.columns)
            }
        }
        if needsMore {
            let words = model.catalogue.text(.more, [.count: String(people.count - count)])
            canvas.text(
                StyledText(words.replacing("…", with: model.glyphs.ellipsis), .faint), row: area.bottom - 1,
                start: region.start + 2, columns: region.columns - 3)
        }
    }

    private func draw(_ member: Member, row: Int, _ canvas: inout Canvas) {
        let key = member.nickname.lowercased()
        let isAway = member.isAway || model.awayTexts[key] != nil
        let glyphs = canvas.glyphs
        canvas.mark(
            member.isModerator ? glyphs.moderator : isAway ? glyphs.away : glyphs.here, row: row,
            start: region.start + 2)
        let nameColumns = min(max(region.columns / 3, 10), 24)
        canvas.text(
            StyledText(isolated: PlainText.oneLine(member.nickname)), row: row, start: region.start + 4,
            columns: nameColumns)
        let card = model.conversation(model.place.conversation)?.people[key]
        var facts: [StyledText] = []
        if member.isModerator { facts.append(StyledText(model.catalogue.text(.moderator))) }
        if let affiliation = card?.affiliation {
            facts.append(StyledText(isolated: PlainText.oneLine(affiliation)))
        }
        if isAway { facts.append(StyledText(model.catalogue.text(.away), .faint)) }
        let start = region.start + 4 + nameColumns + 1
        let joined = facts.joined(by: StyledText(" \(glyphs.separator) ", .faint))
        canvas.text(joined, row: row, start: start, columns: region.end - start - 1)
    }
}

extension ScreenModel {
    /// The people of the channel one is in that match the filter.
    package var peopleShown: [Member] {
        let conversation = conversation(place.conversation)
        return (conversation?.membersInOrder ?? []).filter { member in
            let card = conversation?.people[member.nickname.lowercased()]
            return Match.isMatch(
                peopleList.filter, "\(member.nickname) \(card?.displayName ?? "") \(card?.affiliation ?? "")")
        }
    }

    /// The person the selection is on.
    package var selectedPerson: Member? {
        let shown = peopleShown
        return shown.indices.contains(peopleList.selected) ? shown[peopleList.selected] : shown.first
    }
}
