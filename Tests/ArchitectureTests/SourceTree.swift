// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A text file of the project: its path from the root, and its lines.
struct SourceFile {
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = path.hasSuffix(".swift") ? CodeReader.code(of: text) : []
    }

    var name: String { String(path.split(separator: "/").last ?? "") }
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The target a Swift file belongs to: the folder below `Sources`, `clients` or `Tests`.
    var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }

    /// The lines with comments and the contents of string literals left out; as many lines as before.
    let code: [String]
}

/// Tells Swift's code from its comments and literals: `//`, nested block comments, one-line and multi-line
/// strings. Interpolated expressions are left out with their string; raw strings are read as plain ones.
private struct CodeReader {
    private enum State { case code, lineComment, string, multilineString }

    private let bytes: [UInt8]
    private var index = 0
    private var state = State.code
    private var blockDepth = 0
    private var result: [UInt8] = []

    static func code(of text: String) -> [String] {
        var reader = CodeReader(bytes: Array(text.utf8))
        while reader.index < reader.bytes.count { reader.step() }
        return String(decoding: reader.result, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func isAt(_ text: StaticString) -> Bool {
        guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in
            for place in wanted.indices where bytes[index + place] != wanted[place] { return false }
            return true
        }
    }

    private mutating func step() {
        defer { index += 1 }
        let byte = bytes[index]
        if byte == 10 {
            if state == .lineComment || state == .string { state = .code }
            result.append(10)
        } else if blockDepth > 0 {
            if isAt("*/") { blockDepth -= 1 } else if isAt("/*") { blockDepth += 1 } else { return }
            index += 1
        } else {
            switch state {
            case .code: stepInCode(byte)
            case .lineComment: break
            case .string:
                if byte == 92 { index += 1 } else if byte == 34 { state = .code }
            case .multilineString:
                guard isAt("\"\"\"") else { return }
                state = .code
                index += 2
            }
        }
    }

    private mutating func stepInCode(_ byte: UInt8) {
        if isAt("//") {
            state = .lineComment
        } else if isAt("/*") {
            blockDepth = 1
            index += 1
        } else if isAt("\"\"\"") {
            state = .multilineString
            index += 2
            result += [34, 34]
        } else if byte == 34 {
            state = .string
            result += [34, 34]
        } else {
            result.append(byte)
        }
    }
}

/// One breach of a rule, in the form compilers use.
struct Breach: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var message: String
    var description: String { "\(path):\(line): \(message)" }
}

/// The files that the rules read.
enum SourceTree {
    /// The checkout this test was compiled from.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let swift = files(in: ["Sources", "clients", "Tests"], endingWith: [".swift"])

    /// Every Swift file below `folders`, in order of path; read once for all tests.
    static func files(in folders: [String]) -> [SourceFile] {
        swift.filter { file in folders.contains { file.path.hasPrefix($0 + "/") } }
    }

    /// Every text file below `folders`, in order of path.
    static func files(in folders: [String], endingWith endings: [String]) -> [SourceFile] {
        var result: [SourceFile] = []
        for folder in folders {
            let base = root.appendingPathComponent(folder)
            guard let walk = FileManager.default.enumerator(atPath: base.path) else { continue }
            for case let relative as String in walk {
                let isHidden = relative.split(separator: "/").contains { $0.hasPrefix(".") }
                guard !isHidden, endings.contains(where: relative.hasSuffix) else { continue }
                let path = folder == "." ? relative : folder + "/" + relative
                guard let file = read(path) else { continue }
                result.append(file)
            }
        }
        return result.sorted { $0.path < $1.path }
    }

    /// A file of the project; nil when it does not exist or is not UTF-8.
    static func read(_ path: String) -> SourceFile? {
        guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else {
            return nil
        }
        return SourceFile(path: path, text: text)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// What people wrote: no build output and no fetched package.
    static func everything() -> [SourceFile] {
        let endings = [
            ".swift", ".md", ".c", ".h", ".yaml", ".yml", ".json", ".py", ".sh", ".txt", ".modulemap",
            "Makefile", "run", "LICENSE", ".packages",
        ]
        let folders = ["Sources", "clients", "Tests", "docs", "Config"]
        var result = files(in: folders, endingWith: endings)
        for path in ["README.md", "Makefile", "Package.swift", ".ci/run", ".ci/packages"] {
            if let file = read(path) { result.append(file) }
        }
        return result
    }
}
