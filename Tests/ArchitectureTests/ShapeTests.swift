// SPDX-License-Identifier: Apache-2.0

import Testing

/// Sizes that keep a file readable (STYLE.md, "Files").
enum ShapeRules {
    static let fileLineLimit = 400
    static let functionLineLimit = 60
    /// The formatter lays out to 110; a comment or a text that it cannot break may be a little wider.
    static let columnLimit = 120
    static let licenceLine = "// SPDX-License-Identifier: Apache-2.0"

    /// Files that are one table or one exhaustive switch over texts: splitting them would hide the order.
    static let functionsThatAreData = [
        "Sources/PlenaryDialect/Catalogue/", "Sources/PlenaryDialect/Refusals.swift",
    ]
    /// Files that may be longer, each with its reason beside it.
    static let longFiles: [String] = [
        // The list of every event; its order is the order of the log's codes.
        "Sources/PlenaryDomain/Event.swift"
    ]

    /// Files whose lines are a copy of another file's, as wide as those are.
    static let verbatimFiles = [
        "Sources/PlenaryConfiguration/ShippedFiles.swift",
        "Sources/PlenaryConfiguration/ShippedFiles+Community.swift",
        "Sources/PlenaryConfiguration/ShippedFiles+Roles.swift",
        // Each case is one broken file and its message, on one line so that they can be compared.
        "Tests/PlenaryConfigurationTests/BrokenFile.swift",
    ]

    static func breaches(_ files: [SourceFile]) -> [Breach] {
        var breaches: [Breach] = []
        for file in files {
            if file.lines.first != licenceLine {
                breaches.append(
                    Breach(path: file.path, line: 1, message: "the first line is not the licence"))
            }
            if file.lines.count > fileLineLimit + 1, !longFiles.contains(file.path) {
                breaches.append(Breach(path: file.path, line: file.lines.count, message: "file is too long"))
            }
            let isVerbatim = verbatimFiles.contains(file.path)
            for (index, line) in file.lines.enumerated()
            where !isVerbatim && line.utf8.count > columnLimit && line.count > columnLimit {
                breaches.append(
                    Breach(path: file.path, line: index + 1, message: "line has \(line.count) columns"))
            }
            for (index, line) in file.lines.enumerated()
            where line.utf8.contains(9) || line.utf8.last == 32 {
                breaches.append(Breach(path: file.path, line: index + 1, message: "tab or space at the end"))
            }
            if functionsThatAreData.contains(where: file.path.hasPrefix) { continue }
            breaches += longFunctions(file)
        }
        return breaches
    }

    /// Functions and initialisers whose braces lie further apart than the limit.
    static func longFunctions(_ file: SourceFile) -> [Breach] {
        let declaration = /(^|\s)(func\s|init[?]?[(<]|deinit\s|subscript[(<])/
        var breaches: [Breach] = []
        var open: [(line: Int, isFunction: Bool)] = []
        var declarationLine: Int?
        for (index, line) in file.code.enumerated() {
            if line.contains(declaration) { declarationLine = index }
            for letter in line.unicodeScalars {
                if letter == "{" {
                    open.append((declarationLine ?? index, declarationLine != nil))
                    declarationLine = nil
                } else if letter == "}" {
                    // What is declared without a body, as in a protocol, ends with what is round it.
                    declarationLine = nil
                    guard let closed = open.popLast(), closed.isFunction else { continue }
                    let lineCount = index - closed.line + 1
                    if lineCount > functionLineLimit {
                        breaches.append(
                            Breach(
                                path: file.path, line: closed.line + 1,
                                message: "function has \(lineCount) lines"))
                    }
                }
            }
        }
        return breaches
    }
}

@Suite struct ShapeTests {
    @Test func filesFunctionsAndLinesKeepTheirSize() {
        let files = SourceTree.files(in: ["Sources", "clients", "Tests"])
        #expect(ShapeRules.breaches(files) == [])
    }

    @Test func noNameSaysNothing() {
        let files = SourceTree.files(in: ["Sources", "clients", "Tests"])
        let vague = files.filter { $0.path.contains(/Utils|Utilities|Helper|Manager|Common|\s/) }
        #expect(vague.map(\.path) == [])
    }

    private func planted(_ body: String) -> [Breach] {
        ShapeRules.breaches([
            SourceFile(path: "Sources/PlenaryWire/Planted.swift", text: ShapeRules.licenceLine + "\n" + body)
        ])
    }

    @Test func aFileIsRefusedAboveTheLimitOnly() {
        let lines = Array(repeating: "let a = 1", count: ShapeRules.fileLineLimit - 1).joined(separator: "\n")
        #expect(planted(lines + "\n") == [])
        #expect(planted(lines + "\nlet b = 1\n").count == 1)
    }

    @Test func aFunctionIsRefusedAboveTheLimitOnly() {
        func function(lineCount: Int) -> String {
            let body = Array(repeating: "    a()", count: lineCount - 2).joined(separator: "\n")
            return "func f(\n    a: Int) {\n" + body.dropFirst(8) + "\n}"
        }
        #expect(planted(function(lineCount: ShapeRules.functionLineLimit)) == [])
        #expect(planted(function(lineCount: ShapeRules.functionLineLimit + 1)).count == 1)
    }

    @Test func aLineIsRefusedAboveTheLimitOnly() {
        #expect(planted(String(repeating: "a", count: ShapeRules.columnLimit)) == [])
        #expect(planted(String(repeating: "a", count: ShapeRules.columnLimit + 1)).count == 1)
    }

    @Test func aFileWithoutLicenceATabAndATrailingSpaceAreFound() {
        let file = SourceFile(path: "Sources/PlenaryWire/Planted.swift", text: "import PlenaryTerms")
        #expect(ShapeRules.breaches([file]).count == 1)
        #expect(planted("let a = 1 ").count == 1)
        #expect(planted("\tlet a = 1").count == 1)
    }
}
