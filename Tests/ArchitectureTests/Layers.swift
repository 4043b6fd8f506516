// SPDX-License-Identifier: Apache-2.0

/// The layers as data (docs/ARCHITECTURE.md, "Layers"): what each target may import, ours and others'.
/// `Package.swift` grants the same; a difference between the two is a breach.
struct Layer {
    var target: String
    var folder: String
    /// Modules of this project.
    var own: Set<String>
    /// Modules of the toolchain and of packages.
    var others: Set<String>

    init(_ target: String, in folder: String? = nil, own: Set<String> = [], others: Set<String> = []) {
        self.target = target
        self.folder = folder ?? "Sources/" + target
        self.own = own
        self.others = others
    }

    static let all: [Layer] = [
        Layer("PlenaryTerms"),
        Layer("PlenaryQueues", others: ["Dispatch", "Glibc", "Synchronization"]),
        Layer("PlenaryCrypto", own: ["COpenSSL"], others: ["Glibc"]),
        Layer("PlenaryWire", own: ["PlenaryTerms"]),
        Layer("PlenaryDomain", own: ["PlenaryTerms"]),
        Layer(
            "PlenaryNet", own: ["PlenaryQueues", "PlenaryCrypto", "COpenSSL", "CPlenary"],
            others: ["Dispatch", "Glibc", "Synchronization"]),
        Layer("PlenaryDialect", own: ["PlenaryTerms", "PlenaryWire", "PlenaryDomain"]),
        Layer(
            "PlenaryLog",
            own: ["PlenaryTerms", "PlenaryDomain", "PlenaryQueues", "PlenaryCrypto", "CPlenary"],
            others: ["Dispatch", "Glibc", "Synchronization"]),
        Layer(
            "PlenaryServer",
            own: [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog",
            ], others: ["Dispatch", "Glibc", "Logging", "Synchronization"]),
        Layer(
            "PlenaryClient",
            own: ["PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryNet"],
            others: ["Dispatch", "Glibc", "Synchronization"]),
        Layer(
            "PlenaryConfiguration",
            own: ["PlenaryTerms", "PlenaryDomain", "PlenaryCrypto", "PlenaryServer"],
            others: ["Foundation", "Glibc", "Yams"]),
        Layer(
            "plenaryd",
            own: [
                "PlenaryTerms", "PlenaryDomain", "PlenaryCrypto", "PlenaryLog", "PlenaryServer",
                "PlenaryConfiguration",
            ], others: ["ArgumentParser", "Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
        Layer(
            "plenary", in: "clients/plenary", own: ["PlenaryTerms", "PlenaryCrypto", "PlenaryClient"],
            others: ["ArgumentParser", "Dispatch", "Glibc", "Synchronization"]),
        Layer(
            "plenary-bench",
            own: ["PlenaryTerms", "PlenaryCrypto", "PlenaryServer", "PlenaryTestKit", "CPlenary"],
            others: ["ArgumentParser", "Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
        Layer(
            "PlenaryTestKit",
            own: [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog", "PlenaryServer", "PlenaryClient",
            ], others: ["Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
    ]

    /// Layers without I/O, clock, randomness and concurrency.
    static let pure: Set<String> = ["PlenaryTerms", "PlenaryWire", "PlenaryDomain", "PlenaryDialect"]

    /// Layers that see bytes from the network or from a file: a trap there is a remote denial of service.
    static let facingInput: Set<String> = [
        "PlenaryTerms", "PlenaryWire", "PlenaryDomain", "PlenaryDialect", "PlenaryLog", "PlenaryNet",
        "PlenaryServer", "PlenaryClient", "PlenaryConfiguration",
    ]

    static let programs: Set<String> = ["plenaryd", "plenary", "plenary-bench"]

    /// Folders that may hold raw pointers, `@unchecked Sendable` or `Unmanaged`, each with its proof.
    static let mayBeUnsafe = [
        "Sources/PlenaryQueues/", "Sources/PlenaryCrypto/", "Sources/PlenaryNet/",
        "Sources/PlenaryLog/Segments/",
        "Sources/PlenaryTestKit/", "Sources/plenary-bench/", "clients/plenary/", "Sources/plenaryd/",
        "Sources/PlenaryServer/UnixSocket.swift", "Sources/PlenaryConfiguration/EnvironmentChecks.swift",
        "Sources/PlenaryWire/LineSplitter.swift", "Sources/PlenaryWire/LineParser.swift",
        "Sources/PlenaryWire/UTF8Validation.swift",
    ]
}

/// A call of `layer`, `program` or `tests` in Package.swift: the target and the strings granted to it.
struct Grant {
    var target: String
    var modules: Set<String>

    /// Reads the manifest's calls by matching parentheses; what they are given besides strings is left out.
    static func all(in manifest: SourceFile) -> [Grant] {
        let text = manifest.lines.map { line in
            line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
                ?? ""
        }.joined(separator: "\n")
        // `https://` is cut above as well; no call that is read here holds an address.
        var result: [Grant] = []
        for call in text.matches(of: /\b(?:layer|program)\(\s*"([A-Za-z-]+)"/) {
            let target = String(call.output.1)
            var depth = 1
            var arguments = ""
            for letter in text[call.range.upperBound...] {
                if letter == "(" { depth += 1 }
                if letter == ")" { depth -= 1 }
                if depth == 0 { break }
                arguments.append(letter)
            }
            let named = arguments.matches(of: /path: "[^"]*"/).reduce(arguments) {
                $0.replacing($1.output, with: "")
            }
            let modules = named.matches(of: /"([A-Za-z-]+)"/).map { String($0.output.1) }
            result.append(Grant(target: target, modules: Set(modules)))
        }
        return result
    }
}
