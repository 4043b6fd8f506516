// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody meant to type.
package enum NearestWord {
    /// The nearest of the words, if it is near: at most two slips, and fewer than half of the letters.
    package static func to(_ word: String, among words: [String]) -> String? {
        all(word, among: words).first
    }

    /// All words that are near, the nearest first; of two that are equally near, the one that comes first.
    package static func all(_ word: String, among words: [String]) -> [String] {
        let lowered = word.lowercased()
        return words.map { (word: $0, distance: distance(lowered, $0)) }
            .filter { $0.distance <= 2 && $0.distance * 2 <= max(word.count, 2) }
            .enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
            .map(\.element.word)
    }

    /// Letters to insert, remove, replace, or swap with their neighbour (optimal string alignment).
    package static func distance(_ one: String, _ other: String) -> Int {
        let left = Array(one.prefix(64))
        let right = Array(other.prefix(64))
        var table = Array(repeating: Array(repeating: 0, count: right.count + 1), count: left.count + 1)
        for row in 0...left.count { table[row][0] = row }
        for column in 0...right.count { table[0][column] = column }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        for row in 1...left.count {
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(
                    table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1]
                {
                    best = min(best, table[row - 2][column - 2] + 1)
                }
                table[row][column] = best
            }
        }
        return table[left.count][right.count]
    }
}
