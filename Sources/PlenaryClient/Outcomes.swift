// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// What a rapporteur marked (docs/extensions/outcomes.md).
public struct OutcomeMark: Sendable, Hashable {
    /// Where a mark leads back to.
    public enum Source: Sendable, Hashable {
        /// A message that can be read.
        case message(id: String)
        /// A message that was redacted, erased or hidden.
        case goneMessage(id: String)
        /// A thread of the channel.
        case thread(Int)
    }

    /// Its number in the channel.
    public var number: Int
    /// `outcome`, `lesson`, `characteristic`, `action` or `practice`.
    public var kind: String
    /// A channel's name without `#`; nil for none.
    public var theme: String?
    /// One line.
    public var summary: String
    /// Where it leads back to.
    public var sources: [Source]
    /// Who marked it; nil where that is forgotten.
    public var by: String?
    /// When.
    public var time: Timestamp?

    package init?(number word: String?, values: [String: String]) {
        guard let number = word.flatMap({ Decimal.number($0) }), let kind = values["kind"] else { return nil }
        self.number = number
        self.kind = kind
        theme = values["theme"].flatMap { $0.isEmpty || $0 == "*" ? nil : $0 }
        summary = values["summary"] ?? ""
        by = values["by"].flatMap { $0.isEmpty || $0 == "*" ? nil : $0 }
        time = values["time"].flatMap { Timestamp(iso8601: $0.utf8) }
        sources = (values["sources"] ?? "").split(separator: ",").compactMap { word in
            switch word.first {
            case "/": Decimal.threadNumber(word.dropFirst()).map { .thread($0) }
            case "!": .goneMessage(id: String(word.dropFirst()))
            default: .message(id: String(word))
            }
        }
    }
}

/// How many messages came from which kinds of people.
public struct Statistics: Sendable, Hashable {
    /// A cell of a table.
    public struct Row: Sendable, Hashable {
        /// `category`, `region` or `presence`.
        public var table: String
        /// What the cell is about.
        public var cell: String
        /// Messages; nil where too few people stand behind it.
        public var messageCount: Int?
        /// People; nil where they are too few.
        public var peopleCount: Int?

        /// A cell of these parts.
        package init(table: String, cell: String, messageCount: Int?, peopleCount: Int?) {
            self.table = table
            self.cell = cell
            self.messageCount = messageCount
            self.peopleCount = peopleCount
        }
    }
    /// All cells.
    public var rows: [Row]
    /// In all; nil where too few people stand behind it.
    public var messageCount: Int?
    /// In all; nil where they are too few.
    public var peopleCount: Int?

    /// Counts of these parts.
    package init(rows: [Row], messageCount: Int? = nil, peopleCount: Int? = nil) {
        self.rows = rows
        self.messageCount = messageCount
        self.peopleCount = peopleCount
    }
}

/// What talks came to. Every call throws `refused` with the server's code when it says no.
extension PlenaryConnection {
    /// All marks of a channel, in the order of their numbers.
    public func outcomes(of channel: String) async throws(ClientError) -> [OutcomeMark] {
        var marks: [OutcomeMark] = []
        try await readPages("OUTCOME", "LIST", nextAt: 4) { next in
            [channel, "LIST"] + (next.map { [$0] } ?? [])
        } take: { lines in
            var rows = Rows()
            for line in lines where line.verb == "OUTCOME" && line.parameter(1) == "MARK" {
                guard let row = rows.take(line) else { continue }
                if let mark = OutcomeMark(number: row.words.last, values: row.values) { marks.append(mark) }
            }
        }
        return marks
    }

    /// Marks messages (ids) or threads (`/12`); returns the mark's number.
    public func markOutcome(
        in channel: String, sources: [String], kind: String, theme: String?, summary: String
    ) async throws(ClientError) -> Int {
        let reply = try await answer(
            "OUTCOME", [channel, "MARK", sources.joined(separator: ","), kind, theme ?? "*", summary])
        let told = reply.lines.last { $0.isNote("OUTCOME", "MARKED") }
        guard let number = told?.parameter(3).flatMap({ Decimal.number($0) }) else {
            throw .protocolViolation("the server did not say which number the mark has")
        }
        return number
    }

    /// Gives a mark another summary; nil takes the mark away.
    public func changeOutcome(
        _ number: Int, in channel: String, summary: String?
    ) async throws(ClientError) {
        let words = summary.map { ["EDIT", String(number), $0] } ?? ["UNMARK", String(number)]
        _ = try await answer("OUTCOME", [channel] + words)
    }

    /// How many messages came from which kinds of people, in whole days of UTC.
    public func statistics(
        of channel: String, from: String? = nil, to: String? = nil
    ) async throws(ClientError) -> Statistics {
        let reply = try await answer("STATS", [channel, from ?? "*", to ?? "*"])
        var statistics = Statistics(rows: [])
        func count(_ word: String?) -> Int? { word.flatMap { Decimal.number($0) } }
        for line in reply.lines {
            if line.isNote("STATS", "END") {
                statistics.messageCount = count(line.parameter(3))
                statistics.peopleCount = count(line.parameter(4))
            } else if line.verb == "STATS", let table = line.parameter(1), let cell = line.parameter(2) {
                statistics.rows.append(
                    Statistics.Row(
                        table: table, cell: cell, messageCount: count(line.parameter(3)),
                        peopleCount: count(line.parameter(4))))
            }
        }
        return statistics
    }
}
