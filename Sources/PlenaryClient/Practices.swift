// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// An entry of the register of practices (docs/extensions/practices.md).
public struct Practice: Sendable, Hashable {
    /// By which commands name it.
    public var number: Int
    /// `submitted`, `in-review`, `returned`, `published` or `withdrawn`.
    public var state: String
    /// By which it is cited, once it was published: `PR-2026-0001`.
    public var citation: String?
    /// What it is called; empty for one that was withdrawn unpublished.
    public var title: String
    /// The State's ISO 3166-1 code.
    public var country: String?
    /// `ad-hoc`, `ministerial`, `interministerial` or `separate`.
    public var mechanismType: String?
    /// The year since when.
    public var since: String?
    /// Where there is more.
    public var link: String?
    /// Its language, a BCP 47 tag.
    public var language: String?
    /// What it is, in words; told by INFO only.
    public var summary: String?
    /// Who submitted it.
    public var by: String?
    /// The channel in which it was told.
    public var channel: String?
    /// The message or thread in which it was told.
    public var source: String?
    /// What the reviewer said, for the author and reviewers.
    public var review: String?

    package init?(number word: String?, state: String?, values: [String: String]) {
        guard let number = word.flatMap({ Decimal.number($0) }), let state else { return nil }
        func text(_ key: String) -> String? { values[key].flatMap { $0.isEmpty || $0 == "*" ? nil : $0 } }
        self.number = number
        self.state = state
        citation = text("citation")
        title = values["title"] ?? ""
        country = text("country")
        mechanismType = text("type")
        since = text("since")
        link = text("link")
        language = text("lang")
        summary = text("summary")
        by = text("by")
        channel = text("channel")
        source = text("source")
        review = text("review")
    }
}

/// The register of practices. Every call throws `refused` with the server's code when it says no.
extension PlenaryConnection {
    /// Practices in a state (nil for all that one may see), narrowed by `country`, `type`, `lang` or `mine`.
    public func practices(
        in state: String? = nil, filters: [(key: String, value: String)] = []
    ) async throws(ClientError) -> [Practice] {
        var found: [Practice] = []
        try await readPages("PRACTICE", "LIST", nextAt: 3) { next in
            let wanted = filters + (next.map { [(key: "after", value: $0)] } ?? [])
            return ["LIST", state ?? "*"] + (wanted.isEmpty ? [] : [Attributes.write(wanted)])
        } take: { lines in
            found += PlenaryConnection.practices(lines)
        }
        return found
    }

    /// One practice with its summary.
    public func practice(_ number: Int) async throws(ClientError) -> Practice {
        let lines = try await answer("PRACTICE", ["INFO", String(number)]).lines
        guard let practice = PlenaryConnection.practices(lines).last else {
            throw .protocolViolation("the server did not tell practice \(number)")
        }
        return practice
    }

    /// Submits, changes, reviews, publishes or withdraws: the words of PRACTICE. Returns the number and the citation
    /// that the server names.
    public func changePractice(
        _ words: [String]
    ) async throws(ClientError) -> (number: String, citation: String?) {
        let reply = try await answer("PRACTICE", words)
        let note = reply.lines.last { $0.verb == "NOTE" && $0.parameter(0) == "PRACTICE" }
        guard let note, let number = note.parameter(2) else {
            throw .protocolViolation("the server did not say what became of the practice")
        }
        // Behind the number stands the citation, and at last the sentence.
        return (number, note.parameters.count > 4 ? note.parameter(3) : nil)
    }

    /// Values as PRACTICE takes them.
    public static func practiceValues(_ pairs: [(key: String, value: String)]) -> String {
        Attributes.write(pairs)
    }

    private static func practices(_ lines: [ServerLine]) -> [Practice] {
        var rows = Rows()
        return lines.compactMap { line in
            guard line.verb == "PRACTICE", let row = rows.take(line), row.words.count >= 2 else { return nil }
            return Practice(number: row.words[0], state: row.words[1], values: row.values)
        }
    }
}
