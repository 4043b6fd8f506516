// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Answers to STATS (docs/extensions/outcomes.md, "STATS").
extension Dialect {
    /// `STATS <channel> <table> <cell> <messages or *> <people or *>`, then the total in a NOTE.
    func render(_ statistics: ChannelStatistics, to session: Session, in community: Community) -> [Line] {
        let name = community.channels[statistics.channel].map { Text($0.name.spelling) } ?? "*"
        func words(_ counts: ChannelStatistics.Counts?) -> [Text] {
            counts.map { [Text(number: $0.messages), Text(number: $0.people)] } ?? ["*", "*"]
        }
        let rows = statistics.tables.flatMap { table, cells in
            cells.map { cell in
                Line(
                    source: facts.name, verb: "STATS",
                    [name, Text(table.rawValue), cell.name ?? "unknown"] + words(cell.counts))
            }
        }
        let bounds = [statistics.from, statistics.to].map { $0.map { Text($0.iso8601) } ?? "*" }
        let end = gatheringNote(
            "STATS", "END", [name] + words(statistics.total) + bounds, explanation(session.language))
        return rows + [end]
    }

    private func explanation(_ language: Language) -> Text {
        text(.smallGroupsAreHidden, in: language, [.limit: Text(number: Suppression.cellLimit)])
    }

    /// One notice a table, the cells in words.
    func renderPlainly(_ statistics: ChannelStatistics, to session: Session) -> [Line] {
        let language = session.language
        func counted(_ counts: ChannelStatistics.Counts?) -> String {
            counts.map { "\($0.messages) (\($0.people))" } ?? "<\(Suppression.cellLimit)"
        }
        let tables = statistics.tables.flatMap { table, cells in
            let key: ServerText =
                switch table {
                case .category: .messagesByCategory
                case .region: .messagesByRegion
                case .presence: .messagesByPresence
                }
            let words = cells.map { "\(word(of: $0, in: table, language)) \(counted($0.counts))" }
            // A table in six languages may be longer than one notice.
            return Dialect.packed(words.map { Text("· \($0)") }, byteLimit: 300).enumerated().map {
                index, row in
                deskNotice(index == 0 ? text(key, in: language) + ": " + row : row, to: session)
            }
        }
        let total = text(.messagesInAll, in: language, [.count: Text(counted(statistics.total))])
        return tables + [deskNotice(total + " " + explanation(language), to: session)]
    }

    private func word(
        of cell: ChannelStatistics.Cell, in table: ChannelStatistics.Table, _ language: Language
    ) -> Text {
        guard let name = cell.name else { return text(.groupUnknown, in: language) }
        switch table {
        case .category:
            return
                Affiliation(word: name.string).map { text(Dialect.key(of: $0), in: language) } ?? name
        case .region: return RegionalGroup(word: name.string).map { self.name(of: $0, language) } ?? name
        case .presence:
            return text(
                name.string == Attendance.remote.word ? .presentRemotely : .presentInPerson, in: language)
        }
    }

    private func name(of region: RegionalGroup, _ language: Language) -> Text {
        let key: ServerText =
            switch region {
            case .african: .regionAfrican
            case .asiaPacific: .regionAsiaPacific
            case .easternEuropean: .regionEasternEuropean
            case .latinAmericanAndCaribbean: .regionLatinAmerican
            case .westernEuropeanAndOthers: .regionWesternEuropean
            case .noGroup: .regionNone
            }
        return text(key, in: language)
    }
}
