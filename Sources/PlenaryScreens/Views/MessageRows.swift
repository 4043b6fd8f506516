// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// One screen row of the message pane.
struct MessageRow: Sendable {
    /// What a row is painted of. Distances are from the pane's beginning side.
    enum Content: Sendable {
        /// A line across the pane with words in it.
        case separator(StyledText, start: Int, isCentred: Bool)
        /// A row of a message or note.
        case line(Line)
    }

    struct Line: Sendable {
        /// Time and name, on the first row of a message.
        var head: [Field] = []
        /// The text.
        var text: TypesetLine?
        var textStart = 0
        /// Set at the end of the row: "sending…", "[/12 · 5 replies]".
        var tail: TypesetLine?
    }

    struct Field: Sendable {
        var text: StyledText
        var start: Int
        var columns: Int
    }

    /// The entry it belongs to; nil for rows of messages on their way.
    var key: Int?
    var content: Content
}

/// Makes rows of entries, for the painting and for the scrolling alike. It holds what it needs of the model,
/// and no
/// more: a copy of the whole costs more than the rows of a screen.
struct MessageRowMaker {
    let catalogue: Catalogue
    let typesetter: Typesetter
    let glyphs: GlyphSet
    let columns: Int
    let isNarrow: Bool
    private let isModerator: Bool
    private let unreadLine: Timestamp?
    private let threads: [Int: ThreadInfo]
    private let people: [String: PersonCard]
    private let members: [String: Member]
    private let today: LocalTime
    private let local: (Timestamp) -> LocalTime

    /// Columns of the fields before the text.
    static let timeColumns = 5
    static let nameStart = 6
    static let nameColumns = 11
    static let markStart = 17
    static let textStart = 19
    static let noteStart = 8
    static let dayStart = 11
    static let unreadStart = 6
    static let narrowIndent = 2

    init(_ model: ScreenModel, columns: Int, isNarrow: Bool) {
        catalogue = model.catalogue
        typesetter = model.typesetter
        glyphs = model.glyphs
        self.columns = columns
        self.isNarrow = isNarrow
        isModerator = model.isModerator
        unreadLine = model.unreadLines[model.place]
        let conversation = model.conversation(model.place.conversation)
        threads = conversation?.threads ?? [:]
        people = conversation?.people ?? [:]
        members = conversation?.members ?? [:]
        let offset = model.localOffset
        local = { LocalTime($0, offsetSeconds: Int(offset($0))) }
        today = local(model.now)
    }

    private var textStart: Int { isNarrow ? MessageRowMaker.narrowIndent : MessageRowMaker.textStart }
    private var base: BaseDirection { catalogue.language.isRightToLeft ? .rightToLeft : .leftToRight }

    // MARK: Entries

    /// The rows of an entry, with the separators that stand before it.
    func rows(of entry: Timeline.Entry, after previous: Timeline.Entry?) -> [MessageRow] {
        var rows = separators(before: entry, after: previous)
        switch entry.content {
        case .post(let post): rows += self.rows(of: post, key: entry.key)
        case .note(let note):
            rows += self.rows(of: NoteText.styled(note, catalogue), at: entry.time, key: entry.key)
        case .gap:
            let load = catalogue.text(.gapLoad, [.key: "Enter"])
            let words = StyledText("\(catalogue.text(.gap)) \(glyphs.separator) \(load)", .faint)
            rows.append(
                MessageRow(
                    key: entry.key,
                    content: .separator(words, start: MessageRowMaker.unreadStart, isCentred: true)))
        }
        return rows
    }

    private func separators(before entry: Timeline.Entry, after previous: Timeline.Entry?) -> [MessageRow] {
        var rows: [MessageRow] = []
        let time = local(entry.time)
        if previous.map({ local($0.time).dayNumber != time.dayNumber }) ?? true {
            let words = StyledText(catalogue.day(time, today: today), .faint)
            rows.append(
                MessageRow(
                    key: entry.key,
                    content: .separator(
                        words, start: isNarrow ? 0 : MessageRowMaker.dayStart, isCentred: false)))
        }
        if let line = unreadLine, entry.time > line, previous.map({ $0.time <= line }) ?? true {
            let words = catalogue.styled(.newSince, [.time: StyledText(clock(line))], style: .bold)
            rows.append(
                MessageRow(
                    key: entry.key,
                    content: .separator(
                        words, start: isNarrow ? 0 : MessageRowMaker.unreadStart, isCentred: true)))
        }
        return rows
    }

    private func clock(_ time: Timestamp) -> String { catalogue.clock(local(time)) }

    // MARK: Messages

    private func rows(of post: Post, key: Int) -> [MessageRow] {
        var tail = StyledText()
        if let number = post.threadRoot {
            let count = threads[number]?.messageCount
            tail =
                count.map {
                    catalogue.styled(
                        .threadMark,
                        [
                            .number: StyledText(String(number), .faint),
                            .replies: StyledText(catalogue.count(.replies, $0), .faint),
                        ], style: .faint)
                } ?? StyledText("[/\(number)]", .faint)
        }
        return message(
            key: key, time: clock(post.time), name: name(post), mark: post.isMention ? glyphs.mention : nil,
            body: body(post), base: .ofMessage(post.translation(for: catalogue.language)?.text ?? post.text),
            tail: tail)
    }

    /// The rows of a message on its way.
    func rows(of pending: Pending) -> [MessageRow] {
        let state: StyledText
        switch pending.state {
        case .queued: state = StyledText(catalogue.text(.queued), .faint)
        case .sending: state = StyledText(catalogue.text(.sending), .faint)
        case .failed(let reason):
            state = catalogue.styled(
                .notSent, [.reason: StyledText(PlainText.oneLine(reason), .bold)], style: .bold)
        }
        var body = StyledText(PlainText.clean(pending.text))
        if pending.kind == .action { body = StyledText("* ") + body }
        return message(
            key: nil, time: clock(pending.queuedAt), name: StyledText(catalogue.text(.you), .bold), mark: nil,
            body: body, base: .ofMessage(pending.text), tail: state)
    }

    private func message(
        key: Int?, time: String, name: StyledText, mark: Character?, body: StyledText,
        base direction: BaseDirection, tail: StyledText
    ) -> [MessageRow] {
        var head = [
            MessageRow.Field(text: StyledText(time, .faint), start: 0, columns: MessageRowMaker.timeColumns)
        ]
        let nameColumns = isNarrow ? columns - MessageRowMaker.nameStart : MessageRowMaker.nameColumns
        head.append(MessageRow.Field(text: name, start: MessageRowMaker.nameStart, columns: nameColumns))
        if let mark {
            let start = isNarrow ? columns - 1 : MessageRowMaker.markStart
            head.append(MessageRow.Field(text: StyledText(String(mark), .bold), start: start, columns: 1))
        }
        var rows = lines(body, base: direction, tail: tail, start: textStart).map {
            MessageRow(key: key, content: .line($0))
        }
        if isNarrow {
            rows.insert(MessageRow(key: key, content: .line(MessageRow.Line(head: head))), at: 0)
        } else if case .line(var first) = rows[0].content {
            first.head = head
            rows[0].content = .line(first)
        }
        return rows
    }

    /// Never empty.
    private func lines(
        _ body: StyledText, base direction: BaseDirection = .automatic, tail: StyledText, start: Int
    ) -> [MessageRow.Line] {
        let width = columns - start
        var lines = typesetter.lines(body, columns: width, base: direction).map {
            MessageRow.Line(text: $0, textStart: start)
        }
        if lines.count > ScreenLimits.messageRowLimit {
            lines.removeLast(lines.count - ScreenLimits.messageRowLimit)
        }
        if lines.isEmpty { lines = [MessageRow.Line(textStart: start)] }
        guard !tail.spans.isEmpty else { return lines }
        let set = typesetter.line(tail, columns: width, base: base, ellipsis: glyphs.ellipsis)
        let last = lines[lines.count - 1].text
        let isOpposite = last?.isRightToLeft ?? false
        if (last?.columns ?? 0) + set.columns + 2 <= width, isOpposite == catalogue.language.isRightToLeft {
            lines[lines.count - 1].tail = set
        } else {
            lines.append(MessageRow.Line(textStart: start, tail: set))
        }
        return lines
    }

    private func name(_ post: Post) -> StyledText {
        let key = post.nickname.lowercased()
        let style = Style.bold
        let mark =
            post.isBot
            ? String(glyphs.relayed) : members[key]?.isModerator == true ? String(glyphs.moderator) : ""
        let affiliation = people[key]?.affiliation ?? ""
        var shown = PlainText.oneLine(post.nickname)
        let limit = isNarrow ? 24 : MessageRowMaker.nameColumns
        let room = limit - mark.count - (affiliation.isEmpty ? 0 : DisplayWidth.columns(affiliation) + 1)
        if DisplayWidth.columns(shown) > room, room > 1 {
            shown = MessageRowMaker.cut(shown, room) + glyphs.ellipsis
        }
        var name = StyledText(mark, style) + StyledText(isolated: shown, style)
        if !affiliation.isEmpty {
            name += StyledText(" ") + StyledText(isolated: PlainText.oneLine(affiliation), .faint)
        }
        return name
    }

    /// The beginning of a name, one column shorter than the room.
    private static func cut(_ name: String, _ room: Int) -> String {
        var result = ""
        var columns = 0
        for character in name {
            columns += DisplayWidth.columns(character)
            if columns >= room { break }
            result.append(character)
        }
        return result
    }

    private func body(_ post: Post) -> StyledText {
        if let removal = post.removal {
            return NoteText.removed(by: removal.by, reason: removal.reason, catalogue)
        }
        if let code = post.hiddenCode, !isModerator { return hidden(code) }
        // Not isolated: each paragraph runs and stands by its own first strong letter.
        let translation = post.translation(for: catalogue.language)
        var body = StyledText(translation?.text ?? post.text)
        if post.kind == .action { body = StyledText("* ") + body }
        if post.kind == .notice { body = StyledText("- ") + body }
        if let name = post.onBehalf {
            let words = catalogue.styled(
                .onBehalf,
                [
                    .name: StyledText(PlainText.oneLine(post.nickname)),
                    .body: StyledText(PlainText.oneLine(name), .bold),
                ])
            body = words + StyledText("\n") + body
        }
        if let translation {
            let words = catalogue.text(
                translation.provenance == "machine" ? .machineTranslated : .translated,
                [.language: post.language ?? "?"])
            body += StyledText(" ") + StyledText(isolated: "[\(words)]", .faint)
        }
        if let mark = post.mark {
            body += StyledText(" ") + StyledText(isolated: "[\(catalogue.text(mark.name))]", .faint)
        }
        if let code = post.hiddenCode { body = hidden(code) + StyledText(" ") + body }
        return body
    }

    private func hidden(_ code: String) -> StyledText {
        catalogue.styled(
            .hiddenMessage, [.reason: StyledText(catalogue.reasonWords(code), .faint)], style: .faint)
    }

    // MARK: Notes

    private func rows(of note: StyledText, at time: Timestamp, key: Int) -> [MessageRow] {
        let start = isNarrow ? MessageRowMaker.narrowIndent : MessageRowMaker.noteStart
        // A sentence of ours runs in our language's direction, whatever the names in it are.
        var lines = lines(note, base: base, tail: StyledText(), start: start)
        let moment = MessageRow.Field(
            text: StyledText(clock(time), .faint), start: 0, columns: MessageRowMaker.timeColumns)
        let star = MessageRow.Field(
            text: StyledText("*", .faint), start: isNarrow ? 0 : MessageRowMaker.nameStart, columns: 1)
        lines[0].head = isNarrow ? [star] : [moment, star]
        return lines.map { MessageRow(key: key, content: .line($0)) }
    }
}
