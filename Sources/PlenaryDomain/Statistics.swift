// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// STATS: how many messages of a channel came from which kinds of people. No line is about one person
/// (domain.md 4.5; docs/decisions/0161).
package struct ChannelStatistics: Hashable, Sendable {
    package struct Cell: Hashable, Sendable {
        /// The code of an affiliation, region or attendance; nil for people without one.
        package var name: Text?
        /// nil when so few people stand behind it that it would tell of persons.
        package var counts: Counts?
    }

    package struct Counts: Hashable, Sendable {
        package var messages: Int
        package var people: Int
    }

    package enum Table: String, CaseIterable, Hashable, Sendable {
        case category, region, presence
    }

    package var channel: ChannelID
    /// Whole days in UTC; nil: from the beginning, until now.
    package var from: Timestamp?
    package var to: Timestamp?
    /// nil when so few people wrote at all.
    package var total: Counts?
    package var tables: [(table: Table, cells: [Cell])] {
        get { zip(Table.allCases, cells).map { ($0, $1) } }
    }
    /// In the order of `Table.allCases`.
    var cells: [[Cell]]
}

extension Profile {
    /// The region that was given, else that of the country.
    package var countedRegion: RegionalGroup? { region ?? country.flatMap { RegionalGroup(country: $0) } }

    /// The code by which somebody is counted in a table.
    package func cell(in table: ChannelStatistics.Table) -> Text? {
        switch table {
        case .category: affiliation.map { Text($0.word) }
        case .region: countedRegion.map { Text($0.word) }
        case .presence: attendance.map { Text($0.word) }
        }
    }
}

extension ChannelStatistics.Table {
    /// All cells of the table, that of people without a value last.
    package var names: [Text?] {
        let words: [Text] =
            switch self {
            case .category: Affiliation.allCases.map { Text($0.word) }
            case .region: RegionalGroup.allCases.map { Text($0.word) }
            case .presence: Attendance.allCases.map { Text($0.word) }
            }
        return words.map { $0 } + [nil]
    }
}

extension Community {
    func decideStatistics(
        _ name: Text, _ from: Timestamp?, _ to: Timestamp?, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let channel = try gathered(name, session, with: .export, verb: "STATS")
        if case .rateLimited(_, let seconds) = rateRefusal(.statistics, by: session.id, at: moment.steady) {
            throw .gathering(verb: "STATS", code: .rateLimited, context: [Text(String(seconds))])
        }
        let statistics = statistics(of: channel.id, from: from, to: to)
        return [
            .presence(.rated(session.id, .statistics, moment.steady)),
            .answer(.outcomes(.statistics(statistics))),
        ]
    }

    /// Counts a channel's visible messages. The bounds are widened to whole days, so that two questions with bounds a
    /// little apart do not give one message away.
    package func statistics(of channel: ChannelID, from: Timestamp?, to: Timestamp?) -> ChannelStatistics {
        let first = from?.dayStart
        let last = to.map { $0.dayStart.advanced(bySeconds: 86_400) }
        let (byAuthor, withoutAuthor) =
            ledgers[channel]?.messageCounts(from: first, before: last) ?? ([:], 0)
        let messages = byAuthor.values.reduce(withoutAuthor, +)
        let total = ChannelStatistics.Counts(messages: messages, people: byAuthor.count)
        let cells = ChannelStatistics.Table.allCases.map { table in
            var counts: [Text?: ChannelStatistics.Counts] = [:]
            // Whoever has no account, or none any more, is in no group.
            counts[nil] = ChannelStatistics.Counts(messages: withoutAuthor, people: 0)
            for (author, count) in byAuthor {
                let cell = accounts[author]?.profile.cell(in: table)
                let known = counts[cell] ?? ChannelStatistics.Counts(messages: 0, people: 0)
                counts[cell] = ChannelStatistics.Counts(
                    messages: known.messages + count, people: known.people + 1)
            }
            let names = table.names
            let hidden = Suppression.hidden(in: names.map { counts[$0]?.people ?? 0 })
            return zip(names, hidden).map { name, isHidden in
                ChannelStatistics.Cell(name: name, counts: isHidden ? nil : counts[name])
            }
        }
        return ChannelStatistics(
            channel: channel, from: first, to: last,
            total: total.people < Suppression.cellLimit ? nil : total, cells: cells)
    }
}

extension Ledger {
    /// Visible messages of a span of time by who wrote them, and those of nobody.
    func messageCounts(
        from first: Timestamp?, before last: Timestamp?
    ) -> (byAuthor: [AccountID: Int], withoutAuthor: Int) {
        var byAuthor: [AccountID: Int] = [:]
        var withoutAuthor = 0
        for ordinal in 0..<Ordinal(clamping: count) {
            let entry = self[ordinal]
            if let last, entry.time >= last { break }
            if let first, entry.time < first { continue }
            guard entry.isVisible else { continue }
            if let author = entry.author {
                byAuthor[author, default: 0] += 1
            } else {
                withoutAuthor += 1
            }
        }
        return (byAuthor, withoutAuthor)
    }
}
