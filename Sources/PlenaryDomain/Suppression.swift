// SPDX-License-Identifier: Apache-2.0

/// Which cells of a table of people may be shown (docs/decisions/0161). A cell with few people in it tells of
/// persons, and so does one that can be computed from the total and the cells beside it.
package enum Suppression {
    /// People from whom on a cell may be shown.
    package static let cellLimit = 5

    /// Hidden cells of one row whose total is known. Cells below the limit are hidden, those with nobody as well;
    /// then the smallest of the rest, until what is hidden is more than one cell and either nobody or enough people.
    package static func hidden(in counts: [Int]) -> [Bool] {
        var hidden = counts.map { $0 < cellLimit }
        while let next = nextToHide(counts, hidden) { hidden[next] = true }
        return hidden
    }

    /// Hidden cells of a table of which the totals of all rows and columns are known. Rows have equal lengths.
    package static func hidden(inTable table: [[Int]]) -> [[Bool]] {
        var hidden = table.map { $0.map { $0 < cellLimit } }
        let width = table.map(\.count).min() ?? 0
        var isChanging = true
        while isChanging {
            isChanging = false
            for row in table.indices {
                while let next = nextToHide(table[row], hidden[row]) {
                    hidden[row][next] = true
                    isChanging = true
                }
            }
            for column in 0..<width {
                while let next = nextToHide(table.map { $0[column] }, hidden.map { $0[column] }) {
                    hidden[next][column] = true
                    isChanging = true
                }
            }
        }
        return hidden
    }

    /// The smallest shown cell that has to go as well; nil when the hidden ones keep each other.
    private static func nextToHide(_ counts: [Int], _ hidden: [Bool]) -> Int? {
        let kept = counts.indices.filter { hidden[$0] }
        let people = kept.reduce(0) { $0 + counts[$1] }
        guard people > 0, kept.count < 2 || people < cellLimit else { return nil }
        return counts.indices.filter { !hidden[$0] }.min { counts[$0] < counts[$1] }
    }
}
