// SPDX-License-Identifier: Apache-2.0

/// A place in a configuration file, both from 1; columns count Unicode scalars, as YAML marks do.
package struct FilePosition: Hashable, Comparable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: FilePosition, right: FilePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One thing that is wrong, or unwise, with a configuration, in words for an operator.
package struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// An error keeps the server from starting; a warning does not, unless `--strict`.
    package enum Severity: String, Hashable, Sendable {
        case error
        case warning
    }

    package var severity: Severity
    package var file: String
    package var position: FilePosition
    /// What is wrong, with what, and what would be right.
    package var message: String

    package init(_ severity: Severity, _ file: String, _ position: FilePosition, _ message: String) {
        self.severity = severity
        self.file = file
        self.position = position
        self.message = message
    }

    /// `file:line:column: error: message`, the form editors jump to.
    package var description: String {
        "\(file):\(position.line):\(position.column): \(severity.rawValue): \(message)"
    }
}

/// Findings as they are collected; reading never stops at the first.
package struct FindingList: Sendable {
    package private(set) var findings: [Finding] = []
    /// More are counted, not kept (a file of nonsense would fill the screen).
    package static let countLimit = 200
    package private(set) var omittedCount = 0

    package init() {}

    package mutating func add(_ finding: Finding) {
        if findings.count < FindingList.countLimit { findings.append(finding) } else { omittedCount += 1 }
    }

    /// Adds another list's findings, those it left out included.
    package mutating func add(_ other: FindingList) {
        for finding in other.findings { add(finding) }
        omittedCount += other.omittedCount
    }

    package mutating func error(_ file: String, _ position: FilePosition, _ message: String) {
        add(Finding(.error, file, position, message))
    }

    package mutating func warning(_ file: String, _ position: FilePosition, _ message: String) {
        add(Finding(.warning, file, position, message))
    }

    package var errorCount: Int { findings.count { $0.severity == .error } + omittedCount }
    package var warningCount: Int { findings.count { $0.severity == .warning } }
    /// By file in order of appearance, then by place.
    package var sorted: [Finding] {
        var files: [String] = []
        for finding in findings where !files.contains(finding.file) { files.append(finding.file) }
        return files.flatMap { file in
            findings.filter { $0.file == file }.sorted { $0.position < $1.position }
        }
    }
}

/// The name in `names` that was probably meant; nil when none is near: neither begins with what was
/// typed nor is at an edit distance of at most a third of it.
package func nearestName(to name: String, in names: [String]) -> String? {
    // A beginning of a name is no typing mistake, but as clear.
    if name.utf8.count >= 3, let longer = names.first(where: { $0.hasPrefix(name) }) { return longer }
    let limit = max(1, min(name.utf8.count, 40) / 3)
    let scored = names.map { ($0, editDistance(Array(name.utf8.prefix(40)), Array($0.utf8.prefix(40)))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= limit else { return nil }
    return best.0
}

/// Insertions, removals, replacements and swaps of neighbours that turn one into the other.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = previous[column] + (letter == other ? 0 : 1)
            cost = min(cost, previous[column + 1] + 1, current[column] + 1)
            let isSwap = row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other
            if isSwap { cost = min(cost, beforePrevious[column - 1] + 1) }
            current.append(cost)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}
