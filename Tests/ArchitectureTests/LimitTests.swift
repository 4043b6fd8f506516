// SPDX-License-Identifier: Apache-2.0

import Testing

/// Each limit is tested at and above (docs/TESTING.md): nobody adds one without showing what happens there.
enum LimitRules {
    struct Row: Hashable {
        var name: String
        var proof: String
    }

    static func rows(of table: String) -> [Row] {
        table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 ? Row(name: String(words[0]), proof: String(words[1])) : nil
        }
    }

    /// The constants of every type whose name ends in `Limits` or `Timeouts`, as `Type.constant`.
    static func constants(in files: [SourceFile]) -> [String] {
        files.flatMap { file in
            var type: String?
            return file.code.compactMap { line -> String? in
                if let opening = line.firstMatch(of: /^(?:\w+ )*(?:enum|struct) (\w+)/) {
                    let name = String(opening.output.1)
                    type = name.hasSuffix("Limits") || name.hasSuffix("Timeouts") ? name : nil
                } else if line.hasPrefix("}") {
                    type = nil
                }
                guard let type,
                    let constant = line.firstMatch(
                        of: /^    (?:\w+ )*(?:let|var) (\w+)(?::[^={]*)?(?: =.*)?$/)
                else { return nil }
                return "\(type).\(constant.output.1)"
            }
        }
    }

    /// What is wrong with the table: a limit without a row, a row without a limit or twice, a test that is not there.
    static func mistakes(
        rows: [Row], constants: [String], hundredfold: SourceText, tests: [SourceFile]
    ) -> [String] {
        let known = Dictionary(grouping: rows, by: \.name)
        var mistakes = constants.filter { known[$0] == nil }.map { "\($0) has no row" }
        mistakes += Set(known.keys).subtracting(constants).map { "\($0) is no limit" }
        mistakes += known.filter { $0.value.count > 1 }.map { "\($0.key) has several rows" }
        for row in rows where row.proof == "hundredfold" && !hundredfold.names(row.name) {
            mistakes.append("\(row.name) has no row in HundredfoldRows.swift")
        }
        let named = Set(rows.map(\.proof)).subtracting(["hundredfold", "=", "-"])
        mistakes += DocumentRules.missingTests(named.sorted(), in: tests).map { "\($0) is no test" }
        return mistakes.sorted()
    }

    /// The table of limits that are tried a hundredfold.
    struct SourceText {
        var text: String

        func names(_ limit: String) -> Bool {
            guard !text.contains("\"\(limit)\"") else { return true }
            // Rows with a lowered limit name the constant alone.
            let parts = limit.split(separator: ".")
            return parts.count == 2 && text.contains("lowered(\"\(parts[1])\"")
        }
    }

    /// Limits that no test shows yet. There are none, and none may come.
    static let unshownLimit = 0
}

struct LimitTests {
    private static let tests = SourceTree.files(in: ["Tests"])

    private static let hundredfold = LimitRules.SourceText(
        text: tests.filter { $0.name.hasPrefix("HundredfoldRows") }.flatMap(\.lines).joined(separator: "\n"))

    @Test func everyLimitIsShownByATest() {
        let rows = LimitRules.rows(of: LimitTable.text)
        let constants = LimitRules.constants(in: SourceTree.files(in: ["Sources", "clients"]))
        #expect(constants.count > 250)
        let mistakes = LimitRules.mistakes(
            rows: rows, constants: constants, hundredfold: Self.hundredfold, tests: Self.tests)
        #expect(mistakes == [])
        #expect(rows.count { $0.proof == "-" } <= LimitRules.unshownLimit)
    }

    @Test func aLimitThatIsLeftOutIsFound() {
        let file = SourceFile(
            path: "Sources/A/ALimits.swift",
            text: """
                package enum ALimits {
                    package static let one = 1
                    var two: Int? = 2
                    var three: Int
                    var computed: Int { 4 }
                    init() { let local = 5 }
                }
                struct Other {
                    let four = 4
                }
                """)
        let constants = LimitRules.constants(in: [file])
        #expect(constants == ["ALimits.one", "ALimits.two", "ALimits.three"])
        let rows = LimitRules.rows(
            of: "ALimits.one hundredfold\n\nALimits.two nothing\nALimits.two -\nALimits.gone =\n")
        let mistakes = LimitRules.mistakes(
            rows: rows, constants: constants, hundredfold: LimitRules.SourceText(text: ""), tests: [file])
        #expect(
            mistakes == [
                "ALimits.gone is no limit", "ALimits.one has no row in HundredfoldRows.swift",
                "ALimits.three has no row", "ALimits.two has several rows", "nothing is no test",
            ])
    }
}
