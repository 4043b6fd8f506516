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
        Layer("PlenaryTerminal"),
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
        // GRDB is written with Foundation, and Foundation has the compatibility forms of Unicode.
        Layer(
            "PlenarySearch", own: ["PlenaryTerms", "PlenaryDomain", "PlenaryQueues"],
            others: ["Dispatch", "Foundation", "GRDB", "Glibc", "Synchronization"]),
        Layer(
            "PlenaryServer",
            own: [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog", "PlenarySearch", "CPlenary",
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
                "PlenaryTerms", "PlenaryQueues", "PlenaryDomain", "PlenaryCrypto", "PlenaryLog",
                "PlenaryServer", "PlenaryConfiguration",
            ], others: ["ArgumentParser", "Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
        Layer(
            "PlenaryScreens", own: ["PlenaryTerms", "PlenaryTerminal", "PlenaryClient"]),
        Layer(
            "plenary", in: "clients/plenary",
            own: ["PlenaryTerms", "PlenaryCrypto", "PlenaryClient", "PlenaryTerminal", "PlenaryScreens"],
            others: ["ArgumentParser", "Dispatch", "Glibc", "Synchronization"]),
        Layer(
            "plenary-bench",
            own: [
                "PlenaryTerms", "PlenaryWire", "PlenaryDialect", "PlenaryDomain", "PlenaryCrypto",
                "PlenaryLog", "PlenarySearch",
                "PlenaryServer", "PlenaryClient", "PlenaryTerminal", "PlenaryScreens", "CPlenaryBench",
            ], others: ["ArgumentParser", "Dispatch", "Glibc", "Logging", "Synchronization"]),
        Layer("PlenaryRelay", own: ["PlenaryTerms", "PlenaryCrypto"]),
        // The HTTP server is written with Foundation, and Foundation has the HTTP client.
        Layer(
            "plenary-relay", in: "clients/relay",
            own: ["PlenaryTerms", "PlenaryCrypto", "PlenaryClient", "PlenaryRelay"],
            others: [
                "ArgumentParser", "Dispatch", "FlyingFox", "FlyingSocks", "Foundation",
                "FoundationNetworking", "Glibc",
            ]),
        Layer(
            "plenary-demo", in: "clients/demo", own: ["PlenaryTerms", "PlenaryCrypto", "PlenaryClient"],
            others: ["ArgumentParser", "Foundation"]),
        Layer(
            "PlenaryTestKit",
            own: [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog", "PlenaryServer", "PlenaryClient",
            ], others: ["Dispatch", "Foundation", "Glibc", "Logging", "Synchronization"]),
        Layer(
            "PlenaryFuzz",
            own: [
                "PlenaryTerms", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain", "PlenaryDialect",
                "PlenaryLog",
                "PlenarySearch", "PlenaryServer", "PlenaryClient", "PlenaryConfiguration", "PlenaryRelay",
                "PlenaryTerminal",
            ]),
        Layer("plenary-fuzz", own: ["PlenaryFuzz"], others: ["Glibc"]),
    ]

    /// Layers without I/O, clock, randomness and concurrency.
    static let pure: Set<String> = [
        "PlenaryTerms", "PlenaryWire", "PlenaryDomain", "PlenaryDialect", "PlenaryTerminal", "PlenaryScreens",
        "PlenaryRelay",
    ]

    /// Layers that see bytes from the network or from a file: a trap there is a remote denial of service.
    static let facingInput: Set<String> = [
        "PlenaryTerms", "PlenaryWire", "PlenaryDomain", "PlenaryDialect", "PlenaryLog", "PlenaryNet",
        "PlenarySearch", "PlenaryServer", "PlenaryClient", "PlenaryConfiguration", "PlenaryTerminal",
        // The relay's program goes by the name of its folder here.
        "PlenaryScreens", "PlenaryRelay", "relay",
    ]

    static let programs: Set<String> = [
        "plenaryd", "plenary", "plenary-bench", "plenary-relay", "plenary-demo", "plenary-fuzz",
    ]

    /// Folders that may hold raw pointers, `@unchecked Sendable` or `Unmanaged`, each with its proof.
    static let mayBeUnsafe = [
        "Sources/PlenaryQueues/", "Sources/PlenaryCrypto/", "Sources/PlenaryNet/",
        "Sources/PlenaryLog/",
        "Sources/PlenaryTestKit/", "Sources/PlenaryFuzz/", "Sources/plenary-fuzz/", "Sources/plenary-bench/",
        "clients/plenary/", "clients/demo/",
        "Sources/plenaryd/",
        "Sources/PlenaryServer/UnixSocket.swift", "Sources/PlenaryConfiguration/EnvironmentChecks.swift",
        "Sources/PlenaryWire/LineSplitter.swift", "Sources/PlenaryWire/LineParser.swift",
        "Sources/PlenaryWire/UTF8Validation.swift", "Sources/PlenaryClient/NetworkTransport.swift",
        "Sources/PlenaryClient/ClientSession.swift",
        "Sources/PlenaryServer/ServerKeys.swift", "Sources/PlenaryServer/LabelKeys.swift",
        "Sources/PlenaryServer/Edge.swift",
        "Sources/PlenaryDialect/Interpretation.swift",
    ]
}

extension Layer {
    /// Files that hold raw pointers and do not say yet why that is safe. The list may only shrink: a file that is
    /// not in it needs its `// SAFETY:`.
    static let lackProof: Set<String> = [
        "Sources/PlenaryClient/NetworkTransport.swift",
        "Sources/PlenaryClient/ClientSession.swift",
        "Sources/PlenaryCrypto/Certificate+SelfSigned.swift",
        "Sources/PlenaryCrypto/SHA256.swift",
        "Sources/PlenaryCrypto/Scrypt.swift",
        "Sources/PlenaryDialect/Interpretation.swift",
        "Sources/PlenaryLog/Events/EventCodec+Decoding.swift",
        "Sources/PlenaryLog/Events/EventCodec.swift",
        "Sources/PlenaryLog/Files/FileLayer.swift",
        "Sources/PlenaryLog/HistoryCore+Reading.swift",
        "Sources/PlenaryLog/Log.swift",
        "Sources/PlenaryLog/LogCore+Rotation.swift",
        "Sources/PlenaryLog/LogRecovery.swift",
        "Sources/PlenaryLog/NewestSegment.swift",
        "Sources/PlenaryLog/RecordIndexing.swift",
        "Sources/PlenaryLog/SegmentIndexStore.swift",
        "Sources/PlenaryLog/Segments/SegmentHeader.swift",
        "Sources/PlenaryLog/Segments/SegmentIndex.swift",
        "Sources/PlenaryLog/Segments/SegmentWalk.swift",
        "Sources/PlenaryLog/Segments/SnapshotFile.swift",
        "Sources/PlenaryLog/Verification/Dump.swift",
        "Sources/PlenaryLog/Verification/Salvage.swift",
        "Sources/PlenaryLog/Verification/Verify.swift",
        "Sources/PlenaryNet/IOShard+Receiving.swift",
        "Sources/PlenaryNet/IOShard+Sending.swift",
        "Sources/PlenaryNet/IOShard.swift",
        "Sources/PlenaryNet/Network.swift",
        "Sources/PlenaryNet/SendTable.swift",
        "Sources/PlenaryNet/ShardHandler.swift",
        "Sources/PlenaryNet/TLSContext.swift",
        "Sources/PlenaryServer/Edge.swift",
        "Sources/PlenaryServer/ServerKeys.swift",
        "Sources/PlenaryTestKit/LoopbackClients.swift",
        "Sources/PlenaryTestKit/Mailbox.swift",
        "Sources/PlenaryTestKit/MemoryServer.swift",
        "Sources/PlenaryTestKit/TemporaryDirectory.swift",
        "Sources/PlenaryWire/LineParser.swift",
        "Sources/PlenaryWire/LineSplitter.swift",
        "Sources/PlenaryWire/UTF8Validation.swift",
        "clients/plenary/FileAccess.swift",
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
