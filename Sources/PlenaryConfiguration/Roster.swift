// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// A list of participants as a registration system exports it, read by the names of its columns.
package struct Roster: Sendable {
    /// What a line comes to.
    package struct Row: Sendable {
        package var line: Int
        package var entry: RosterEntry?
        /// Why there is none.
        package var problem: String?
    }

    package var rows: [Row] = []
    /// Columns that nothing is taken from, as they are called.
    package var ignoredColumns: [String] = []

    /// Why a file cannot be read as a roster.
    package struct Mistake: Error, Hashable, Sendable {
        package var line: Int
        package var text: String

        package init(line: Int, text: String) {
            self.line = line
            self.text = text
        }
    }

    /// Reads a file. `map` says what columns are that their names do not tell.
    package init(_ bytes: [UInt8], map: [String: RosterField] = [:]) throws(Mistake) {
        let table: SeparatedValues
        do throws(SeparatedValues.Mistake) { table = try SeparatedValues(bytes) } catch {
            throw Mistake(line: error.line, text: error.text)
        }
        guard let header = table.records.first else { throw Mistake(line: 1, text: "the file is empty") }
        let columns = try Roster.columns(header, map)
        for (name, field) in zip(header.fields, columns) where field == nil && !name.isEmpty {
            ignoredColumns.append(name)
        }
        var names = RosterNames()
        for record in table.records.dropFirst() {
            guard record.fields.count <= columns.count else {
                let text = "\(record.fields.count) fields under \(columns.count) columns"
                rows.append(Row(line: record.line, entry: nil, problem: text))
                continue
            }
            var values: [RosterField: String] = [:]
            for (field, value) in zip(columns, record.fields) {
                guard let field else { continue }
                let value = RosterWords.trimmed(value)
                if !value.isEmpty { values[field] = RosterWords.composed(value) }
            }
            do throws(RosterProblem) {
                let entry = try Roster.entry(values, &names, line: record.line)
                rows.append(Row(line: record.line, entry: entry, problem: nil))
            } catch {
                rows.append(Row(line: record.line, entry: nil, problem: error.text))
            }
        }
    }

    private static func columns(
        _ header: SeparatedValues.Record, _ map: [String: RosterField]
    ) throws(Mistake) -> [RosterField?] {
        let folded = Dictionary(map.map { (RosterWords.folded($0.key), $0.value) }) { first, _ in first }
        var seen: Set<RosterField> = []
        var columns: [RosterField?] = []
        var known: Set<String> = []
        for name in header.fields {
            let word = RosterWords.folded(name)
            known.insert(word)
            let field = folded[word] ?? RosterField.named(word)
            if let field, !seen.insert(field).inserted {
                throw Mistake(
                    line: header.line, text: "two columns are \(field.rawValue); say which with --map")
            }
            columns.append(field)
        }
        for name in map.keys where !known.contains(RosterWords.folded(name)) {
            throw Mistake(line: header.line, text: "there is no column \"\(name)\"")
        }
        let hasName =
            seen.contains(.fullName) || seen.contains(.lastName) || seen.contains(.firstName)
            || seen.contains(.account)
        guard hasName else {
            let found = header.fields.joined(separator: ", ")
            throw Mistake(
                line: header.line,
                text: "no column says who it is (First Name, Last Name, Name, Account); found: \(found)")
        }
        return columns
    }

    private static func entry(
        _ values: [RosterField: String], _ names: inout RosterNames, line: Int
    ) throws(RosterProblem) -> RosterEntry {
        let parts = [values[.firstName], values[.lastName]].compactMap { $0 }
        let full = values[.fullName] ?? parts.joined(separator: " ")
        var profile = Profile()
        func set(_ key: ProfileKey, _ value: String?, _ wanted: String) throws(RosterProblem) {
            guard let value else { return }
            do throws(ProfileError) {
                try profile.set(
                    key, to: Text(value), nameByteLimit: ProfileLimits.displayNameByteLimit)
            } catch {
                throw RosterProblem(text: "\"\(value)\" is no \(wanted)")
            }
        }
        try set(.displayName, full.isEmpty ? nil : full, "name")
        try set(.organisation, values[.organisation], "name of an organisation, of at most 120 bytes")
        if let word = values[.affiliation] {
            guard let affiliation = RosterWords.affiliation(word) else {
                throw RosterProblem(text: "\"\(word)\" is none of the ten categories")
            }
            profile.affiliation = affiliation
        }
        if let word = values[.country] {
            guard let country = RosterWords.country(word) else {
                throw RosterProblem(
                    text: "\"\(word)\" is no country: its name in English or French, or its code")
            }
            profile.country = country
        }
        if let word = values[.participation] {
            guard let attendance = RosterWords.attendance(word) else {
                throw RosterProblem(text: "\"\(word)\" is neither in person nor remote")
            }
            profile.attendance = attendance
        }
        if let word = values[.region] {
            guard let region = RosterWords.region(word) else {
                throw RosterProblem(text: "\"\(word)\" is no regional group")
            }
            profile.region = region
        }
        try set(.languages, values[.languages]?.replacing(";", with: ","), "list of languages such as fr,en")
        let account = try names.account(
            given: values[.account], first: values[.firstName], last: values[.lastName], full: full,
            line: line)
        return RosterEntry(
            account: Text(account), profile: profile, mayUpdate: values[.account] != nil)
    }
}

/// Why one line is none.
struct RosterProblem: Error {
    var text: String
}

/// Account names as they are given or made: `amina.b`, and no two alike in one file.
struct RosterNames {
    private var lines: [String: Int] = [:]

    mutating func account(
        given: String?, first: String?, last: String?, full: String, line: Int
    ) throws(RosterProblem) -> String {
        if let given {
            guard let name = try? AccountName(given) else {
                throw RosterProblem(text: "\"\(given)\" is no account name: ASCII letters, digits and -._")
            }
            if let other = lines[name.key] {
                throw RosterProblem(text: "the account \(given) stands in line \(other) already")
            }
            lines[name.key] = line
            return name.spelling
        }
        let words = full.split(whereSeparator: \.isWhitespace).map(String.init)
        let one = RosterWords.latin(first ?? words.first ?? "")
        let two = RosterWords.latin(last ?? (words.count > 1 ? words.last ?? "" : ""))
        let begin = one.isEmpty ? two : one
        guard !begin.isEmpty else {
            throw RosterProblem(
                text: "no account name can be made of \"\(full)\"; give one in a column Account")
        }
        var candidates: [String] = []
        if !one.isEmpty, !two.isEmpty {
            candidates = (1...two.count).map { "\(one.prefix(20)).\(two.prefix($0).prefix(11))" }
        } else {
            candidates = [String(begin.prefix(28))]
        }
        let base = candidates.last ?? begin
        candidates += (2...999).map { "\(base.prefix(28))\($0)" }
        for candidate in candidates {
            guard let name = try? AccountName(candidate), lines[name.key] == nil else { continue }
            lines[name.key] = line
            return candidate
        }
        throw RosterProblem(text: "no account name is left for \"\(full)\"; give one in a column Account")
    }
}
