// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

extension RoomModel {
    /// The whole screen.
    package func draw() -> Grid {
        var canvas = Canvas(
            columns: columns, rows: rows, isMirrored: catalogue.language.isRightToLeft,
            typesetter: typesetter, glyphs: glyphs)
        RoomView(model: self).draw(&canvas)
        return canvas.grid
    }
}

/// Title, floor, messages and banner, from top to bottom.
struct RoomView {
    let model: RoomModel

    private var catalogue: Catalogue { model.catalogue }
    /// One column stays free at each side: projectors cut edges.
    private var width: Int { max(model.columns - 2, 0) }

    func draw(_ canvas: inout Canvas) {
        var top = drawTitle(&canvas)
        let small = RoomLimits.smallestFloor
        if model.columns >= small.columns, model.rows >= small.rows, hasFloor {
            top = drawFloor(from: top, &canvas)
        }
        let banner = banner
        let bottom = model.rows - (banner == nil ? 0 : 1)
        drawMessages(rows: top..<max(bottom, top), &canvas)
        guard let banner else { return }
        canvas.fill(row: bottom, start: 0, columns: model.columns, style: .reversed)
        canvas.text(StyledText(banner, .reversed), row: bottom, start: 1, columns: width)
    }

    // MARK: Title

    private func drawTitle(_ canvas: inout Canvas) -> Int {
        let title = model.meeting?.title ?? ""
        let name = title.isEmpty ? Place.shortName(model.channel) : title
        canvas.row(
            StyledText(isolated: PlainText.oneLine(name), .bold), StyledText(clock(model.now), .bold), row: 0,
            start: 1, columns: width)
        var row = 1
        if let state {
            canvas.row(
                StyledText(state), StyledText(isolated: PlainText.oneLine(model.meeting?.room ?? "")),
                row: row,
                start: 1, columns: width)
            row += 1
        }
        canvas.horizontalLine(row: row, start: 0, columns: model.columns)
        return row + 1
    }

    private func clock(_ time: Timestamp) -> String { catalogue.clock(model.local(time)) }

    private var state: String? { model.meeting.map { catalogue.state(of: $0, clock: clock) } }

    // MARK: Floor

    private var hasFloor: Bool { model.floor.speaker != nil || !model.floor.entries.isEmpty }

    private func drawFloor(from top: Int, _ canvas: inout Canvas) -> Int {
        let digits = model.remainingSeconds.map { BlockDigits.picture(of: minutes($0), glyphs: model.glyphs) }
        let digitColumns = digits?.first?.count ?? 0
        let nameColumns = max(width - digitColumns - 2, 0)
        if let digits, let left = model.remainingSeconds {
            var style = Style.bold
            style.isReversed = left <= 0
            canvas.picture(
                digits, row: top, start: 1 + width - digitColumns, columns: digitColumns, style: style)
        }
        canvas.text(StyledText(catalogue.text(.floor), .faint), row: top, start: 1, columns: nameColumns)
        if let speaker = model.floor.speaker {
            let name = StyledText(isolated: PlainText.oneLine(speaker.request.name), .bold)
            for (index, line) in model.typesetter.lines(name, columns: nameColumns).prefix(2).enumerated() {
                canvas.paint(line, row: top + 1 + index, start: 1, columns: nameColumns)
            }
            canvas.text(about(speaker.request), row: top + 3, start: 1, columns: nameColumns)
            if let left = model.remainingSeconds, left <= 0 {
                canvas.text(
                    StyledText(catalogue.text(.timeIsUp), .reversed), row: top + 4, start: 1,
                    columns: nameColumns)
            }
        } else {
            canvas.text(
                StyledText(catalogue.text(.nobodySpeaks)), row: top + 1, start: 1, columns: nameColumns)
        }
        let next = top + BlockDigits.rows
        canvas.text(nextSpeakers, row: next, start: 1, columns: width)
        canvas.horizontalLine(row: next + 1, start: 0, columns: model.columns)
        return next + 2
    }

    private func minutes(_ seconds: Int64) -> String {
        let count = abs(seconds)
        let rest = count % 60
        return (seconds < 0 ? "-" : "") + "\(count / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    /// What stands below a speaker's name.
    private func about(_ request: FloorRequest) -> StyledText {
        var parts: [StyledText] = []
        if let delegation = request.delegation {
            parts.append(StyledText(isolated: PlainText.oneLine(delegation)))
        }
        if let behalf = request.onBehalf {
            parts.append(
                StyledText(catalogue.text(.speakingFor, [.name: PlainText.oneLine(behalf)])))
        }
        if let item = request.item { parts.append(StyledText(isolated: "§ " + PlainText.oneLine(item))) }
        return joined(parts)
    }

    private var nextSpeakers: StyledText {
        let names = model.floor.entries.prefix(6).enumerated().map { index, entry in
            var name = PlainText.oneLine(entry.name)
            if let delegation = entry.delegation { name += " (\(PlainText.oneLine(delegation)))" }
            return StyledText("\(index + 1) ", .faint) + StyledText(isolated: name)
        }
        guard !names.isEmpty else { return StyledText() }
        return StyledText(catalogue.text(.next) + ": ", .faint) + joined(names)
    }

    private func joined(_ parts: [StyledText]) -> StyledText {
        parts.enumerated().reduce(into: StyledText()) { result, part in
            if part.offset > 0 { result += StyledText(" \(model.glyphs.separator) ") }
            result += part.element
        }
    }

    // MARK: Messages

    private func drawMessages(rows: Range<Int>, _ canvas: inout Canvas) {
        var row = rows.upperBound
        for post in model.posts.reversed() where row > rows.lowerBound {
            let lines = lines(of: post)
            row -= lines.count
            for (index, line) in lines.enumerated() where row + index >= rows.lowerBound {
                canvas.paint(line, row: row + index, start: 1, columns: width)
            }
            // A row between two is easier on the eye than a line.
            row -= 1
        }
    }

    private func lines(of post: RoomPost) -> [TypesetLine] {
        let mark = post.isRelayed ? "\(model.glyphs.relayed) " : ""
        var head =
            StyledText(clock(post.post.time) + "  ", .faint) + StyledText(mark)
            + StyledText(isolated: PlainText.oneLine(post.post.nickname), .bold)
        if let behalf = post.post.onBehalf {
            head +=
                StyledText(" ")
                + StyledText(isolated: catalogue.text(.speakingFor, [.name: PlainText.oneLine(behalf)]))
        }
        if let thread = post.thread { head += StyledText("  /\(thread)", .faint) }
        let base: BaseDirection = catalogue.language.isRightToLeft ? .rightToLeft : .leftToRight
        let name = model.typesetter.line(head, columns: width, base: base)
        let text =
            post.isRemoved
            ? StyledText(catalogue.text(.removed), .faint) : StyledText(isolated: post.post.text)
        return [name] + model.typesetter.lines(text, columns: width)
    }

    // MARK: Banner

    /// The gravest thing the room should know.
    private var banner: String? {
        if !model.isOnline { return catalogue.text(.roomIsOffline) }
        if let seconds = model.silentSeconds {
            return catalogue.text(.relaySilent, [.seconds: String(seconds)])
        }
        switch model.meeting?.attribution {
        case "unattributed": return catalogue.text(.unattributed)
        case "delegation": return catalogue.text(.delegationsOnly)
        default: break
        }
        return nil
    }
}
