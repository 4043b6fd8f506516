// SPDX-License-Identifier: Apache-2.0

/// What a terminal shows, row by row.
struct Screen: Sendable, Hashable, CustomStringConvertible {
    /// Rows without the spaces at their ends.
    var rows: [String]

    init(_ text: String) {
        rows = text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
            String(row.reversed().drop { $0 == " " }.reversed())
        }
        while rows.last == "" { rows.removeLast() }
    }

    var text: String { rows.joined(separator: "\n") }
    var description: String { text }

    func contains(_ words: String) -> Bool { text.contains(words) }

    /// The row that holds the words; nil when none does.
    func row(of words: String) -> Int? { rows.firstIndex { $0.contains(words) } }

    /// The same at any time of any day: clock times are `TT:TT`, and the row that begins a day names none.
    var timeless: Screen {
        let clock = /(?:[01][0-9]|2[0-3]):[0-5][0-9]/
        // A box may lie over the beginning of the title's time.
        let cutClock = /─[0-9]?:[0-5][0-9]$/
        let (datedRule, date) = (/── [^─]*[0-9][^─]* ─/, /─+ [^─]*[0-9][^─]* ─+/)
        var result = self
        result.rows = rows.map { row in
            // For some seconds an act can be taken back, and they are counted down.
            if row.contains("Alt+U") { return String(row.replacing(/[0-9]+/, with: "S").drop { $0 == " " }) }
            let row = row.replacing(clock, with: "TT:TT").replacing(cutClock, with: "─T:TT")
            guard !row.contains("TT:TT"), row.contains(datedRule) else { return row }
            return row.replacing(date, with: "── DAY ──")
        }
        return result
    }
}
