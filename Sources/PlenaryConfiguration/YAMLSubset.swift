// SPDX-License-Identifier: Apache-2.0

import Foundation
import Yams

/// A configuration file's contents with the place of every key and value.
///
/// The language is a subset of YAML 1.1: mappings, lists, and plain or quoted values on one line. Anchors,
/// aliases, tags, block texts, directives and several documents are refused, so that what a file says is
/// what one reads, and so that no file can expand or nest without bound.
package struct ConfigurationNode: Sendable {
    package indirect enum Content: Sendable {
        case mapping([Entry])
        case list([ConfigurationNode])
        /// A quoted value is text whatever it looks like.
        case value(String, isQuoted: Bool)
        case nothing
    }

    package struct Entry: Sendable {
        package var key: String
        package var position: FilePosition
        package var node: ConfigurationNode
    }

    package var content: Content
    package var position: FilePosition

    /// What it is, for a message.
    var kind: String {
        switch content {
        case .mapping: "a mapping"
        case .list: "a list"
        case .value(let text, _): "\"\(shortened(text))\""
        case .nothing: "nothing"
        }
    }
}

/// Text of a file as it may stand in a message: one line, no control characters, at most 40 characters.
func shortened(_ text: String) -> String {
    let clean = String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(41).map { scalar in
                let isControl = scalar.value < 32 || (127...159).contains(scalar.value)
                let isBidi =
                    (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                return isControl || isBidi ? "?" : scalar
            }))
    return clean.unicodeScalars.count > 40 ? String(clean.prefix(39)) + "…" : clean
}

/// Limits that keep a hostile or mistaken file from costing more than a moment.
enum YAMLLimits {
    /// Bytes of one file. More: refused unread.
    static let fileByteLimit = 262_144
    /// Columns of a line; block collections nest at most that deep. More: refused.
    static let columnLimit = 400
    /// `[` and `{` outside quotes; flow collections nest at most that deep. More: refused.
    static let bracketLimit = 200
}

/// Reads a file's bytes; nil when an error was found that hides the rest.
package func composeConfiguration(
    _ bytes: [UInt8], file: String, findings: inout FindingList
) -> ConfigurationNode? {
    let start = FilePosition(line: 1, column: 1)
    guard bytes.count <= YAMLLimits.fileByteLimit else {
        let limit = YAMLLimits.fileByteLimit / 1024
        findings.error(file, start, "the file has \(bytes.count) bytes; at most \(limit) KiB are read")
        return nil
    }
    guard let text = decode(bytes, file: file, findings: &findings) else { return nil }
    let countBefore = findings.errorCount
    var scanner = SubsetScanner(file: file)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .enumerated()
    {
        scanner.scan(Array(line.unicodeScalars), line: index + 1, findings: &findings)
    }
    guard findings.errorCount == countBefore else { return nil }
    do {
        guard let root = try Parser(yaml: text).singleRoot() else {
            return ConfigurationNode(content: .nothing, position: start)
        }
        return converted(root, fallback: start)
    } catch let error as YamlError {
        report(error, file: file, findings: &findings)
    } catch {
        findings.error(file, start, "the file is not readable as YAML: \(error)")
    }
    return nil
}

/// The bytes as text, without a byte order mark; an error names the first byte that is not UTF-8.
private func decode(_ bytes: [UInt8], file: String, findings: inout FindingList) -> String? {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    var line = 1
    var column = 1
    var decoder = UTF8()
    var iterator = body.makeIterator()
    while true {
        switch decoder.decode(&iterator) {
        case .emptyInput:
            return String(decoding: body, as: UTF8.self)
        case .error:
            findings.error(
                file, FilePosition(line: line, column: column), "not UTF-8; save the file as UTF-8")
            return nil
        case .scalarValue(let scalar):
            if scalar == "\n" {
                line += 1
                column = 1
                continue
            }
            let isControl = scalar.value < 32 && scalar != "\t" && scalar != "\r" || scalar.value == 127
            if isControl {
                let position = FilePosition(line: line, column: column)
                findings.error(file, position, "control character \(scalar.value); remove it")
                return nil
            }
            column += 1
        }
    }
}

/// Turns Yams' nodes into ours. Depth is bounded by the scanner's limits.
private func converted(_ node: Node, fallback: FilePosition) -> ConfigurationNode {
    let position = node.mark.map { FilePosition(line: $0.line, column: $0.column) } ?? fallback
    switch node {
    case .scalar(let scalar):
        let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        let isNull = !isQuoted && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        return ConfigurationNode(
            content: isNull ? .nothing : .value(scalar.string, isQuoted: isQuoted), position: position)
    case .sequence(let sequence):
        return ConfigurationNode(
            content: .list(sequence.map { converted($0, fallback: position) }), position: position)
    case .mapping(let mapping):
        let entries = mapping.map { key, value in
            let keyPosition = key.mark.map { FilePosition(line: $0.line, column: $0.column) } ?? position
            return ConfigurationNode.Entry(
                key: key.scalar?.string ?? "?", position: keyPosition,
                node: converted(value, fallback: keyPosition))
        }
        return ConfigurationNode(content: .mapping(entries), position: position)
    case .alias:
        return ConfigurationNode(content: .nothing, position: position)
    }
}

private func report(_ error: YamlError, file: String, findings: inout FindingList) {
    func position(_ mark: Mark) -> FilePosition {
        FilePosition(line: max(1, mark.line), column: max(1, mark.column))
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let where_ = context.map { " (\($0.text) at line \($0.mark.line))" } ?? ""
        findings.error(file, position(mark), "not valid YAML: \(problem)\(where_)")
    case .duplicatedKeysInMapping(let duplicates, let context):
        let names = duplicates.map { "\"\(shortened($0))\"" }.joined(separator: ", ")
        findings.error(file, position(context.mark), "\(names) is set twice; keep one")
    case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
        .representer(let problem):
        findings.error(file, FilePosition(line: 1, column: 1), "not valid YAML: \(problem)")
    case .no, .memory, .dataCouldNotBeDecoded:
        findings.error(file, FilePosition(line: 1, column: 1), "the file could not be read as YAML")
    }
}
