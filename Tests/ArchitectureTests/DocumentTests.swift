// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the documents promise: links that lead somewhere, rows for verbs and capabilities, no stray words.
enum DocumentRules {
    /// Relative links and images in Markdown whose file does not exist. Code blocks are no text.
    static func deadLinks(in file: SourceFile, exists: (String) -> Bool) -> [Breach] {
        var breaches: [Breach] = []
        var isCode = false
        let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
        for (index, line) in file.lines.enumerated() {
            if line.hasPrefix("```") { isCode.toggle() }
            if isCode || line.hasPrefix("    ") { continue }
            for link in line.matches(of: /\]\(([^)\s]+)\)/) {
                let target = String(link.output.1.split(separator: "#").first ?? "")
                if link.output.1.contains("://") || link.output.1.hasPrefix("#")
                    || target.hasPrefix("mailto:")
                {
                    continue
                }
                let path = folder.isEmpty ? target : folder + "/" + target
                if !exists(path) {
                    breaches.append(Breach(path: file.path, line: index + 1, message: "dead link \(target)"))
                }
            }
        }
        return breaches
    }

    /// Verbs of the server's table: `.init("PRIVMSG", …)`, one a row.
    static func verbs(in table: SourceFile) -> [String] {
        table.lines.joined(separator: "\n").matches(of: /\.init\(\s*"([A-Z]+)"/).map { String($0.output.1) }
    }

    /// Canonical names of the capability table, its vendor written out.
    static func capabilities(in table: SourceFile) -> [String] {
        table.lines.compactMap { line in
            guard let row = line.firstMatch(of: /^\s*\(\.\w+, \[(Vendor\.name \+ )?"([^"]+)"/) else {
                return nil
            }
            return (row.output.1 == nil ? "" : "plenary.chat") + row.output.2
        }
    }

    /// What stands in a row that no transcript shows yet.
    static let untested = "none yet"
    /// How many such rows there are. The number may only fall.
    static let untestedRowLimit = 1

    /// Names without a row `| `NAME` | clause | file | test |` whose file exists and whose test is found.
    static func incompleteRows(
        names: [String], protocolFile: SourceFile, exists: (String) -> Bool,
        testNames: (_ test: String, _ name: String) -> Bool
    ) -> [String] {
        var rows: [String: [String]] = [:]
        for line in protocolFile.lines where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard let name = cells.first?.trimmingCharacters(in: CharacterSet(charactersIn: "`")) else {
                continue
            }
            rows[name] = cells
        }
        return names.compactMap { name in
            guard let cells = rows[name] else { return "\(name) has no row" }
            guard cells.count >= 4 else { return "\(name): its row has too few cells" }
            let quote = CharacterSet(charactersIn: "` ")
            let file = cells[2].trimmingCharacters(in: quote)
            if !exists(file) { return "\(name): \(file) does not exist" }
            let test = cells[3].trimmingCharacters(in: quote)
            return test == untested || testNames(test, name) ? nil : "\(name): \(test) does not name it"
        }
    }

    /// Tests that a document calls as its proof: code words in a table's last cell, and in brackets behind a claim.
    static func namedTests(in file: SourceFile) -> [String] {
        file.lines.flatMap { line -> [String] in
            let isRow = line.hasPrefix("|")
            let proof = isRow ? String(line.split(separator: "|").last ?? "") : line
            let pattern = isRow ? /()`(?:\w+\.)?([a-z]\w+)`()/ : /(\()`\w+\.([a-z]\w+)`(\))/
            return proof.matches(of: pattern).map { String($0.output.2) }
        }
    }

    static func missingTests(_ names: [String], in tests: [SourceFile]) -> [String] {
        let known = Set(
            tests.flatMap { file in
                file.lines.compactMap { line in
                    line.range(of: "func ").map { line[$0.upperBound...].prefix { $0 != "(" } }
                }
            })
        return names.filter { !known.contains($0[...]) }
    }

    /// FNV-1a of words that belong to no reader of this project: names of the places and tools it was written
    /// with. They are kept as hashes so that the list itself does not bring them in.
    static let strayWords: Set<UInt64> = [
        0x2524_B426_1996_11B3, 0x2391_9480_3EDF_98F7, 0x7F7A_7547_86A6_64B8, 0x8A1B_8F4A_0A91_3503,
        0x04DC_2554_6038_2976, 0x7A3C_735F_7F6D_B37F, 0xA7C7_B542_B1AC_CB08, 0xA9D1_6D91_5BBC_6320,
        0x1A52_7CEB_9F34_2EE4, 0xD610_25CA_2813_4BDF, 0xE8B0_ECC1_5E96_68A9, 0x0816_4519_1773_2A43,
        0xA7D4_CF95_6E55_6EDA, 0x092A_C59E_6D01_8F41,
    ]

    static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    static func strayWords(in file: SourceFile, forbidden: Set<UInt64> = strayWords) -> [Breach] {
        var breaches: [Breach] = []
        for (index, line) in file.lines.enumerated() {
            let words = line.utf8.split { byte in
                !(byte >= 97 && byte <= 122 || byte >= 65 && byte <= 90 || byte == 47)
            }
            for word in words {
                let lower = word.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
                let parts = [lower[...]] + lower.split(separator: 47)
                // The first two folders of an absolute path, `/a/`, are looked up as well.
                let root = lower.first == 47 ? lower.dropFirst().firstIndex(of: 47).map { lower[...$0] } : nil
                if (parts + (root.map { [$0] } ?? [])).contains(where: { forbidden.contains(hash($0)) }) {
                    breaches.append(
                        Breach(path: file.path, line: index + 1, message: "a word of another place"))
                }
            }
        }
        return breaches
    }
}

@Suite struct DocumentTests {
    private var documents: [SourceFile] {
        SourceTree.files(in: ["docs"], endingWith: [".md"]) + [SourceTree.read("README.md")].compactMap { $0 }
    }

    @Test func everyRelativeLinkLeadsToAFile() {
        #expect(!documents.isEmpty)
        #expect(documents.flatMap { DocumentRules.deadLinks(in: $0, exists: SourceTree.exists) } == [])
    }

    @Test func everyVerbAndCapabilityHasItsRowInTheProtocol() throws {
        let document = try #require(SourceTree.read("docs/PROTOCOL.md"))
        let verbs = try #require(SourceTree.read("Sources/PlenaryDialect/VerbTable.swift"))
        let names = try #require(SourceTree.read("Sources/PlenaryWire/CapabilityNames.swift"))
        let wanted = DocumentRules.verbs(in: verbs) + DocumentRules.capabilities(in: names)
        #expect(wanted.count > 60)
        let incomplete = DocumentRules.incompleteRows(
            names: wanted, protocolFile: document, exists: SourceTree.exists,
            testNames: { test, name in
                let file = SourceTree.read("Tests/PlenaryServerTests/" + test)
                return file?.lines.contains { $0.contains(name) } ?? false
            })
        #expect(incomplete == [])
        let untested = document.lines.filter { $0.hasSuffix("| \(DocumentRules.untested) |") }
        #expect(untested.count <= DocumentRules.untestedRowLimit)
    }

    /// A threat without a test is a promise without proof.
    @Test func everyTestThatADocumentNamesExists() throws {
        let tests = SourceTree.files(in: ["Tests"])
        for path in ["docs/THREATS.md", "docs/PRIVACY.md"] {
            let document = try #require(SourceTree.read(path))
            let named = DocumentRules.namedTests(in: document)
            #expect(named.count > 2, "\(path)")
            #expect(DocumentRules.missingTests(named, in: tests) == [], "\(path)")
        }
    }

    @Test func aTestThatDoesNotExistIsFound() {
        let document = SourceFile(
            path: "docs/A.md", text: "| b | t | a | `itHolds` `Suite.itDoesNot` |\n`noTest` (`Some.claim`)")
        let tests = SourceFile(path: "Tests/A.swift", text: "@Test func itHolds() {}\nfunc noTest() {}")
        let named = DocumentRules.namedTests(in: document)
        #expect(named == ["itHolds", "itDoesNot", "claim"])
        #expect(DocumentRules.missingTests(named, in: [tests]) == ["itDoesNot", "claim"])
    }

    @Test func noWordOfAnotherPlaceStandsInTheTree() {
        #expect(SourceTree.everything().flatMap { DocumentRules.strayWords(in: $0) } == [])
    }

    @Test func aPlantedDeadLinkIsFound() {
        let file = SourceFile(path: "docs/A.md", text: "see [b](B.md#c), [d](https://d.example/) and [e](#e)")
        #expect(
            DocumentRules.deadLinks(in: file, exists: { _ in false }).map(\.message) == ["dead link B.md"])
        #expect(DocumentRules.deadLinks(in: file, exists: { $0 == "docs/B.md" }) == [])
    }

    @Test func aPlantedStrayWordIsFound() {
        let file = SourceFile(path: "docs/A.md", text: "one\ntwo Zebra three\nin /zoo/cage there")
        let forbidden: Set = [DocumentRules.hash("zebra".utf8), DocumentRules.hash("/zoo/".utf8)]
        #expect(DocumentRules.strayWords(in: file, forbidden: forbidden).map(\.line) == [2, 3])
    }

    @Test func aVerbWithoutRowFileOrTestIsFound() {
        let file = SourceFile(
            path: "docs/PROTOCOL.md",
            text: """
                | `JOIN` | RFC | `a.swift` | `joins` |
                | `PART` | RFC | `b.swift` | `parts` |
                | `KICK` | RFC |
                """
        )
        let found = DocumentRules.incompleteRows(
            names: ["JOIN", "PART", "KICK", "MODE"], protocolFile: file, exists: { $0 == "a.swift" },
            testNames: { $0 == "joins" && $1 == "JOIN" })
        #expect(
            found == ["PART: b.swift does not exist", "KICK: its row has too few cells", "MODE has no row"])
    }

    @Test func tablesOfVerbsAndCapabilitiesAreRead() {
        let table = SourceFile(path: "A.swift", text: "  .init(\"JOIN\", a),\n .init(\"PART\", b)")
        #expect(DocumentRules.verbs(in: table) == ["JOIN", "PART"])
        let names = SourceFile(
            path: "B.swift", text: "    (.a, [\"draft/a\", \"a\"]),\n    (.b, [Vendor.name + \"/b\"]),")
        #expect(DocumentRules.capabilities(in: names) == ["draft/a", "plenary.chat/b"])
    }
}
