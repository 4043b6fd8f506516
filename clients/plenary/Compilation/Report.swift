// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A report as paragraphs, before it is Markdown or HTML. Every text is as it came; the forms escape it.
package enum ReportBlock: Sendable, Hashable {
    case heading(level: Int, String)
    case paragraph(String)
    /// A word and what it says, one below the other.
    case facts([ReportFact])
    /// One item below the other; each leads to numbered sources.
    case items([ReportItem])
    case table(head: [String], rows: [[String]])
    /// A numbered source.
    case source(number: Int, head: String, quotes: [ReportQuote])
}

/// `Room: Palais des Nations`.
package struct ReportFact: Sendable, Hashable {
    package var name: String
    package var value: String
}

/// A line that leads to sources.
package struct ReportItem: Sendable, Hashable {
    package var label: String
    package var text: String
    package var sources: [Int]
}

/// Somebody's words.
package struct ReportQuote: Sendable, Hashable {
    /// What stands before them, such as the language of a translation and where it comes from.
    package var label: String
    package var text: String
    package var language: String?
}

extension Compilation {
    /// The report.
    package var blocks: [ReportBlock] {
        var blocks: [ReportBlock] = [
            .heading(level: 1, "Draft report"),
            .paragraph(
                "Compiled from the log of the sessions below. It is a draft: it has what rapporteurs marked, "
                    + "and what it leads back to."),
        ]
        for session in sessions { blocks += self.blocks(of: session) }
        blocks.append(.heading(level: 2, "Outcomes by theme"))
        if themes.isEmpty { blocks.append(.paragraph("Nothing was marked.")) }
        for theme in themes {
            blocks.append(.heading(level: 3, theme ?? "Without a theme"))
            blocks.append(
                .items(
                    marks(of: theme).map { index, mark in
                        ReportItem(
                            label: mark.kind, text: mark.summary, sources: numbers(of: mark, in: index))
                    }))
        }
        if !sources.isEmpty { blocks.append(.heading(level: 2, "Sources")) }
        for source in sources { blocks.append(block(of: source)) }
        if !references.isEmpty {
            blocks.append(.heading(level: 2, "References"))
            blocks.append(
                .table(
                    head: ["Reference", "Named"], rows: references.map { [$0.reference, String($0.count)] }))
        }
        blocks.append(.heading(level: 2, "Languages"))
        blocks.append(
            .table(head: ["Language", "Messages"], rows: languages.map { [$0.language, String($0.count)] }))
        return blocks
    }

    // MARK: Sessions

    private func blocks(of session: SessionRecord) -> [ReportBlock] {
        let name = Records.name(session.channel)
        let title = session.meeting?.title ?? ""
        var facts = [ReportFact(name: "Channel", value: name)]
        if let meeting = session.meeting {
            facts.append(ReportFact(name: "Time", value: MeetingText.span(meeting)))
            if !meeting.room.isEmpty { facts.append(ReportFact(name: "Room", value: meeting.room)) }
            if !meeting.platforms.isEmpty {
                facts.append(ReportFact(name: "Platforms", value: meeting.platforms.joined(separator: ", ")))
            }
            facts.append(ReportFact(name: "Attribution", value: meeting.attribution))
        }
        let originals = session.messages.filter { $0.translationOf == nil }
        facts.append(ReportFact(name: "Messages", value: String(originals.count)))
        facts.append(
            ReportFact(
                name: "From the platform", value: String(originals.count { $0.relayedBy != nil })))
        facts.append(
            ReportFact(name: "Translations", value: String(session.messages.count - originals.count)))
        var blocks: [ReportBlock] = [.heading(level: 2, title.isEmpty ? name : title), .facts(facts)]
        if !session.agenda.isEmpty {
            blocks.append(.heading(level: 3, "Agenda"))
            blocks.append(
                .table(head: ["Item", "Title"], rows: session.agenda.map { [String($0.number), $0.title] }))
        }
        if !session.documents.isEmpty {
            blocks.append(.heading(level: 3, "Documents"))
            blocks.append(
                .table(
                    head: ["Symbol", "Title"], rows: session.documents.map { [$0.symbol, $0.title] }))
        }
        return blocks + participation(of: session) + floor(of: session)
    }

    private func participation(of session: SessionRecord) -> [ReportBlock] {
        guard let statistics = session.statistics else { return [] }
        func shown(_ count: Int?) -> String { count.map { String($0) } ?? "fewer than 5 people" }
        var blocks: [ReportBlock] = [.heading(level: 3, "Participation")]
        var tables: [String] = []
        for row in statistics.rows where !tables.contains(row.table) { tables.append(row.table) }
        for table in tables {
            let rows = statistics.rows.filter { $0.table == table }.map { row in
                [row.cell, shown(row.messageCount), row.messageCount == nil ? "" : shown(row.peopleCount)]
            }
            blocks.append(.table(head: [table, "Messages", "People"], rows: rows))
        }
        return blocks
    }

    /// Who spoke, where that may be said; else how many did.
    private func floor(of session: SessionRecord) -> [ReportBlock] {
        let spoken = session.floor.spoken
        guard !spoken.isEmpty else { return [] }
        var blocks: [ReportBlock] = [.heading(level: 3, "Floor")]
        let seconds = spoken.reduce(0) { $0 + $1.seconds }
        blocks.append(.paragraph("\(spoken.count) statements, \(Compilation.minutes(seconds)) in all."))
        guard session.isAttributed else { return blocks }
        let rows = spoken.enumerated().map { index, statement in
            let request = statement.request
            let party = [request.delegation, request.onBehalf.map { "on behalf of \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            return [
                String(index + 1), request.name, party, request.category,
                request.kind == "reply" ? "right of reply" : request.kind == "point" ? "point of order" : "",
                Compilation.minutes(statement.seconds),
            ]
        }
        blocks.append(.table(head: ["", "Speaker", "For", "Category", "", "Time"], rows: rows))
        return blocks
    }

    private static func minutes(_ seconds: Int) -> String {
        let rest = seconds % 60
        return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
    }

    // MARK: Sources

    private func block(of source: Source) -> ReportBlock {
        let session = sessions[source.session]
        let place = Records.name(session.channel)
        switch source.content {
        case .gone:
            return .source(
                number: source.number, head: place,
                quotes: [ReportQuote(label: "", text: "[redacted]", language: nil)])
        case .message(let message, let translations):
            return .source(
                number: source.number, head: head(of: message, session),
                quotes: [quote(message, label: Transcript.language(message) ?? "")]
                    + translations.map { translation in
                        let label = [
                            Transcript.language(translation) ?? "und",
                            "\(translation.provenance ?? "unknown") translation",
                        ]
                        return quote(translation, label: label.joined(separator: ", "))
                    })
        case .thread(let thread, let root, let count):
            let title = PlainText.oneLine(thread.title)
            return .source(
                number: source.number, head: "\(place)/\(thread.number), \(title), \(count) messages",
                quotes: root.map { [quote($0, label: Transcript.language($0) ?? "")] } ?? [])
        }
    }

    private func head(of message: Message, _ session: SessionRecord) -> String {
        var parts = [Records.name(session.channel), Transcript.moment(message.time)]
        if session.isAttributed {
            parts.append(PlainText.oneLine(message.sender.nickname))
            if let behalf = message.marks.onBehalf {
                parts.append("on behalf of \(PlainText.oneLine(behalf))")
            }
        }
        if let origin = message.origin { parts.append("from \(PlainText.oneLine(origin))") }
        parts += message.marks.references.map(PlainText.oneLine)
        if let id = message.id { parts.append(id) }
        return parts.joined(separator: ", ")
    }

    private func quote(_ message: Message, label: String) -> ReportQuote {
        ReportQuote(
            label: label, text: Transcript.lines(message).joined(separator: "\n"),
            language: Transcript.language(message))
    }
}
