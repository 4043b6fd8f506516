// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Rows of outcomes, practices and questionnaires: words, `.` or `+`, values (docs/extensions/outcomes.md, "Rows").
/// `+` says that the next line with the same words goes on.
package struct Rows {
    private var pieces: [String: String] = [:]

    /// No row has begun.
    package init() {}

    /// The words before the mark and the values behind it, once a row is whole.
    package mutating func take(_ line: ServerLine) -> (words: [String], values: [String: String])? {
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

extension PlenaryConnection {
    /// Asks for one page after the other. The note that ends a page names the next one in its parameter `nextAt`,
    /// `*` for none.
    func readPages(
        _ verb: String, _ code: String, nextAt index: Int, ask: (_ next: String?) -> [String],
        take: (_ lines: [ServerLine]) -> Void
    ) async throws(ClientError) {
        var next: String?
        repeat {
            let lines = try await answer(verb, ask(next)).lines
            take(lines)
            let following = lines.last { $0.isNote(verb, code) }?.parameter(index)
            // A server that names the same place again would never end.
            next = following == "*" || following == next ? nil : following
        } while next != nil
    }
}
