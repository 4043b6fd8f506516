// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import PlenaryTerminal

/// Arguments of the commands that take an act, such as `plenary floor grant`.
enum Acts {
    /// The act in small letters; throws for one that is unknown, naming the nearest.
    static func known(_ word: String, among acts: [String], of command: String) throws(Failure) -> String {
        let act = word.lowercased()
        guard acts.contains(act) else {
            let hint = NearestWord.to(act, among: acts).map { "Did you mean: plenary \(command) \($0)" }
            throw Failure(
                .usage, "there is no act \(PlainText.oneLine(act))", "",
                hint ?? "See plenary \(command) --help.")
        }
        return act
    }

    /// Reads `KEY=VALUE` words; throws for one without a `=`.
    static func pairs(_ words: some Sequence<String>) throws(Failure) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Failure(.usage, "\(word) is not KEY=VALUE") }
            pairs.append((String(parts[0]), String(parts[1])))
        }
        return pairs
    }
}
