// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a cell of docs/PERMISSIONS.md says.
enum Verdict: String, Hashable {
    case yes
    case no
    /// The same answer as for a channel that does not exist.
    case unknown
}

/// Where a command is given.
enum MatrixPlace: String, CaseIterable, Hashable {
    case publicChannel = "Public channel"
    case inside = "Private channel, inside"
    case outside = "Private channel, outside"
    case anywhere = "Anywhere"
}

/// Who gives it; the column's name.
enum MatrixRole: String, CaseIterable, Hashable {
    case guest, observer, member
    case languageDesk = "language-desk"
    case rapporteur, technician, moderator
    case channelModerator = "channel-moderator"
    case secretariat
}

/// The written matrix: a section for each place, a table in each, a row for each command.
struct PermissionDocument {
    struct Cell: Hashable {
        var place: MatrixPlace
        var command: String
        var role: MatrixRole
    }

    var cells: [Cell: Verdict] = [:]
    /// Rows in their order, by place.
    var commands: [MatrixPlace: [String]] = [:]
    /// What could not be read.
    var mistakes: [String] = []

    static func read() throws -> PermissionDocument {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appendingPathComponent("docs/PERMISSIONS.md")
        return PermissionDocument(try String(contentsOf: path, encoding: .utf8))
    }

    init(_ text: String) {
        var place: MatrixPlace?
        var columns: [MatrixRole?] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("## ") {
                place = MatrixPlace(rawValue: String(line.dropFirst(3)))
                columns = []
                continue
            }
            guard let place, line.hasPrefix("|"), !line.hasPrefix("|--") else { continue }
            let words = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if columns.isEmpty {
                columns = words.dropFirst().map { MatrixRole(rawValue: $0) }
                if columns != MatrixRole.allCases { mistakes.append("\(place.rawValue): the columns differ") }
                continue
            }
            let command = words[0].replacingOccurrences(of: "`", with: "")
            commands[place, default: []].append(command)
            guard words.count == columns.count + 1 else {
                mistakes.append("\(place.rawValue), \(command): \(words.count - 1) cells")
                continue
            }
            for (column, word) in zip(columns, words.dropFirst()) {
                guard let column else { continue }
                guard let verdict = Verdict(rawValue: word) else {
                    mistakes.append("\(place.rawValue), \(command), \(column.rawValue): \"\(word)\"")
                    continue
                }
                cells[Cell(place: place, command: command, role: column)] = verdict
            }
        }
    }
}
