// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A text file of the project: its path from the root, and its lines.
struct SourceFile {
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var name: String { String(path.split(separator: "/").last ?? "") }
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The target a Swift file belongs to: the folder below `Sources`, `clients` or `Tests`.
    var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }

    /// The lines with comments and the contents of string literals blanked; as many lines as before.
    var code: [String] { SourceFile.code(of: lines.joined(separator: "\n")) }

    /// Swift's own comments and literals are all that is told apart: `//`, nested block comments,
    /// one-line and multi-line strings. Interpolated expressions are blanked with their string.
    static func code(of text: String) -> [String] {
        enum State { case code, line, string, multiline }
        var state = State.code
        var blockDepth = 0
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        func at(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 10 {
                if state == .line || state == .string { state = .code }
                result.append(10)
                index += 1
                continue
            }
            if blockDepth > 0 {
                if byte == 42, at(1) == 47 {
                    blockDepth -= 1
                    index += 1
                } else if byte == 47, at(1) == 42 {
                    blockDepth += 1
                    index += 1
                }
                index += 1
                continue
            }
            switch state {
            case .code:
                if byte == 47, at(1) == 47 {
                    state = .line
                } else if byte == 47, at(1) == 42 {
                    blockDepth = 1
                    index += 1
                } else if byte == 34 {
                    if at(1) == 34, at(2) == 34 {
                        state = .multiline
                        index += 2
                    } else {
                        state = .string
                    }
                    result.append(34)
                } else {
                    result.append(byte)
                }
            case .line: break
            case .string:
                if byte == 92 {
                    index += 1
                } else if byte == 34 {
                    state = .code
                    result.append(34)
                }
            case .multiline:
                if byte == 34, at(1) == 34, at(2) == 34 {
                    state = .code
                    index += 2
                    result.append(34)
                }
            }
            index += 1
        }
        return String(decoding: result, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
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

    /// Every text file below `folders`, in order of path.
    static func files(in folders: [String], endingWith endings: [String] = [".swift"]) -> [SourceFile] {
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
