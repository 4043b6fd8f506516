// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Rows of outcomes, practices and questionnaires: words, `.` or `+`, values (docs/extensions/outcomes.md, "Rows").
/// `+` says that the next line with the same words goes on.
struct Rows {
    private var pieces: [String: String] = [:]

    /// The words before the mark and the values behind it, once a row is whole.
    mutating func take(_ line: ServerLine) -> (words: [String], values: [String: String])? {
        guard line.parameters.count >= 3, let piece = line.parameters.last else { return nil }
        let words = Array(line.parameters.dropLast(2))
        let key = ([line.verb] + words).joined(separator: " ")
        let whole = (pieces.removeValue(forKey: key) ?? "") + piece
        guard line.parameters[line.parameters.count - 2] == "." else {
            // A row has at most a few kilobytes; what never ends is dropped with the answer.
            if whole.utf8.count <= ClientLimits.rowByteLimit { pieces[key] = whole }
            return nil
        }
        return (words, Attributes.read(whole))
    }
}
