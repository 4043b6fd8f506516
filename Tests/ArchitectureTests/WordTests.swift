// SPDX-License-Identifier: Apache-2.0

import Testing

/// Words that may not stand in certain folders (ARCHITECTURE.md, invariants 2 and 5; SECURITY.md, "Traps").
enum WordRules {
    /// A word with the folders' targets where it is forbidden, and why.
    struct Rule {
        var pattern: @Sendable () -> Regex<Substring>
        var targets: Set<String>
        var reason: String
    }

    static let rules: [Rule] = [
        Rule(
            pattern: { /\bDate\(|\bDate\.now\b|\b\w*Clock\b|\bclock_gettime\b/ }, targets: Layer.pure,
            reason: "time is an argument here"),
        Rule(
            pattern: { /\.random\(|\brandomElement\(|\bshuffled?\(|SystemRandomNumberGenerator/ },
            targets: Layer.pure, reason: "randomness is an argument here"),
        Rule(
            pattern: { /\bDispatchQueue\b|\bTask\s*[{(.]|\bawait\b|\bMutex\b/ }, targets: Layer.pure,
            reason: "this layer knows no queues"),
        Rule(
            pattern: { /\bprint\(|\bdebugPrint\(/ },
            targets: Set(Layer.all.map(\.target)).subtracting(Layer.programs), reason: "only programs print"),
        Rule(pattern: { /\btry!/ }, targets: Set(Layer.all.map(\.target)), reason: "try! traps"),
        Rule(pattern: { /\bas!/ }, targets: Set(Layer.all.map(\.target)), reason: "as! traps"),
        Rule(
            pattern: { /[A-Za-z0-9_)\]}]!(?![=A-Za-z0-9_])/ }, targets: Layer.facingInput,
            reason: "a force-unwrap traps on input"),
        Rule(
            pattern: { /\[unowned |unowned let|unowned var/ }, targets: Set(Layer.all.map(\.target)),
            reason: "an unowned reference traps when it dangles"),
        Rule(
            pattern: { /\bfatalError\(/ }, targets: Layer.facingInput,
            reason: "say with precondition what must hold, or throw"),
        Rule(
            pattern: { /\bNSLock\b|\bpthread_mutex/ }, targets: Set(Layer.all.map(\.target)),
            reason: "state is owned by a queue, not guarded by a lock"),
    ]

    static func breaches(_ files: [SourceFile]) -> [Breach] {
        var breaches: [Breach] = []
        for rule in rules {
            let pattern = rule.pattern().wordBoundaryKind(.simple)
            for file in files where rule.targets.contains(file.target) {
                for (index, line) in file.code.enumerated() where line.contains(pattern) {
                    breaches.append(Breach(path: file.path, line: index + 1, message: rule.reason))
                }
            }
        }
        return breaches
    }

    /// Constructs that the compiler does not check, where they may stand, and the proof they need.
    static func unprovenUnsafety(
        _ files: [SourceFile], allowed: [String] = Layer.mayBeUnsafe, lacking: Set<String> = Layer.lackProof
    ) -> [Breach] {
        let unchecked = /@unchecked Sendable|nonisolated\(unsafe\)|unsafeBitCast|Unmanaged/
        let raw = /Unsafe\w*Pointer|withUnsafe|unsafeDowncast|OpaquePointer/
        var breaches: [Breach] = []
        for file in files {
            let isListed = allowed.contains { file.path.hasPrefix($0) }
            if lacking.contains(file.path) { continue }
            let hasProof = file.lines.contains { $0.contains("// SAFETY:") }
            for (index, line) in file.code.enumerated() {
                let isUnchecked = line.contains(unchecked)
                guard isUnchecked || line.contains(raw) else { continue }
                if !isListed {
                    breaches.append(
                        Breach(
                            path: file.path, line: index + 1,
                            message: "unsafe code in a file that is not listed"))
                } else if isUnchecked {
                    let above = file.lines[max(0, index - 8)...index]
                    if !above.contains(where: { $0.contains("SAFETY:") }) {
                        breaches.append(
                            Breach(path: file.path, line: index + 1, message: "no `// SAFETY:` above"))
                    }
                } else if !hasProof {
                    breaches.append(
                        Breach(path: file.path, line: index + 1, message: "no `// SAFETY:` in this file"))
                }
            }
        }
        return breaches
    }
}

@Suite struct WordTests {
    private var sources: [SourceFile] { SourceTree.files(in: ["Sources", "clients"]) }

    @Test func noForbiddenWordStandsInItsFolder() {
        #expect(WordRules.breaches(sources) == [])
    }

    @Test func unsafeCodeStandsInListedFilesWithItsProof() {
        #expect(WordRules.unprovenUnsafety(sources) == [])
    }

    @Test func theListOfFilesWithoutTheirProofOnlyShrinks() {
        #expect(Layer.lackProof.count <= 41)
        let proven = Layer.lackProof.filter { path in
            guard let file = SourceTree.read(path) else { return true }
            return WordRules.unprovenUnsafety([file], lacking: []) == []
        }
        #expect(proven == [], "take these off the list")
    }

    @Test(arguments: [
        ("PlenaryDomain", "let a = Date()"), ("PlenaryWire", "let a = ContinuousClock.now"),
        ("PlenaryTerms", "let a = Int.random(in: 0...1)"), ("PlenaryDialect", "await a()"),
        ("PlenaryNet", "print(\"a\")"), ("plenaryd", "try! a()"), ("PlenaryLog", "let a = b as! C"),
        ("PlenaryWire", "let a = b.first!"), ("PlenaryLog", "a(b[0]!, c)"), ("PlenaryNet", "let a = b()!"),
        ("PlenaryServer", "[unowned self] in a()"), ("PlenaryServer", "fatalError()"),
        ("PlenaryQueues", "let lock = NSLock()"),
    ])
    func aPlantedWordIsFound(target: String, code: String) {
        let file = SourceFile(path: "Sources/\(target)/Planted.swift", text: code)
        #expect(!WordRules.breaches([file]).isEmpty)
    }

    @Test(arguments: [
        "if a != b { c() }", "let a = !b", "// a force-unwrap like a! in a comment", "let a = \"wow!\"",
        "guard !a.isEmpty else { return }", "a!=b",
    ])
    func exclamationMarksThatAreNoUnwrapPass(code: String) {
        let file = SourceFile(path: "Sources/PlenaryWire/Planted.swift", text: code)
        #expect(WordRules.breaches([file]) == [])
    }

    @Test func plantedUnsafetyIsFound() {
        let code = "final class A: @unchecked Sendable {}"
        let stray = SourceFile(path: "Sources/PlenaryDomain/Planted.swift", text: "// SAFETY: none\n" + code)
        #expect(WordRules.unprovenUnsafety([stray]).count == 1)
        let unproven = SourceFile(path: "Sources/PlenaryNet/Planted.swift", text: code)
        #expect(WordRules.unprovenUnsafety([unproven]).count == 1)
        let raw = SourceFile(path: "Sources/PlenaryNet/Planted.swift", text: "a.withUnsafeBytes { b($0) }")
        #expect(WordRules.unprovenUnsafety([raw]).count == 1)
        let proven = SourceFile(
            path: "Sources/PlenaryNet/Planted.swift", text: "// SAFETY: its queue\n" + code)
        #expect(WordRules.unprovenUnsafety([proven]) == [])
    }
}
