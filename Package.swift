// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// The layers of Plenary. Imports point down only; a dependency that is not granted here does not
// exist, and ArchitectureTests reads every `import` line against this table.

import PackageDescription

/// Warnings are errors in our own targets; those of other packages are theirs.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

func layer(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// What the tests test is optimised; they themselves are not, which halves the time of a whole build. Those that
/// compute much are.
func tests(
    of name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], areOptimised: Bool = false
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, exclude: exclude,
        swiftSettings: settings + (areOptimised ? [] : [.unsafeFlags(["-Onone"])]))
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "plenary",
    products: [
        .library(name: "PlenaryClient", targets: ["PlenaryClient"]),
        .executable(name: "plenaryd", targets: ["plenaryd"]),
        .executable(name: "plenary", targets: ["plenary"]),
        .executable(name: "plenary-bench", targets: ["plenary-bench"]),
        .executable(name: "plenary-relay", targets: ["plenary-relay"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
    ],
    targets: [
        // Layer 0
        layer("PlenaryTerms"),
        layer("PlenaryQueues"),
        layer("PlenaryTerminal"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CPlenary"),
        .target(name: "CPlenaryBench", dependencies: ["COpenSSL"]),
        // Layer 1
        layer("PlenaryCrypto", ["COpenSSL"]),
        layer("PlenaryWire", ["PlenaryTerms"]),
        layer("PlenaryDomain", ["PlenaryTerms"]),
        layer("PlenaryRelay", ["PlenaryTerms", "PlenaryCrypto"]),
        layer("PlenaryNet", ["PlenaryQueues", "PlenaryCrypto", "COpenSSL", "CPlenary"]),
        // Layer 2
        layer("PlenaryDialect", ["PlenaryTerms", "PlenaryWire", "PlenaryDomain"]),
        layer("PlenaryLog", ["PlenaryTerms", "PlenaryDomain", "PlenaryQueues", "PlenaryCrypto", "CPlenary"]),
        layer("PlenarySearch", ["PlenaryTerms", "PlenaryDomain", "PlenaryQueues", grdb]),
        // Layer 3
        layer(
            "PlenaryServer",
            [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog", "PlenarySearch", "CPlenary", logging,
            ]),
        layer(
            "PlenaryClient", ["PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryNet"]),
        // Layer 4
        layer(
            "PlenaryScreens", ["PlenaryTerms", "PlenaryTerminal", "PlenaryClient"]),
        layer(
            "PlenaryConfiguration", ["PlenaryTerms", "PlenaryDomain", "PlenaryCrypto", "PlenaryServer", yams]),
        program(
            "plenaryd",
            [
                "PlenaryTerms", "PlenaryQueues", "PlenaryDomain", "PlenaryCrypto", "PlenaryLog",
                "PlenaryServer", "PlenaryConfiguration", argumentParser, logging,
            ]),
        program(
            "plenary",
            [
                "PlenaryTerms", "PlenaryCrypto", "PlenaryClient", "PlenaryTerminal", "PlenaryScreens",
                argumentParser,
            ],
            path: "clients/plenary"),
        program(
            "plenary-bench",
            [
                "PlenaryTerms", "PlenaryWire", "PlenaryDialect", "PlenaryDomain", "PlenaryCrypto",
                "PlenaryLog", "PlenarySearch",
                "PlenaryServer", "PlenaryClient", "PlenaryTerminal", "PlenaryScreens", "CPlenaryBench",
                argumentParser, logging,
            ]),
        program(
            "plenary-relay",
            [
                "PlenaryTerms", "PlenaryCrypto", "PlenaryClient", "PlenaryRelay", argumentParser, flyingFox,
                flyingSocks,
            ],
            path: "clients/relay"),
        program(
            "plenary-demo", ["PlenaryTerms", "PlenaryCrypto", "PlenaryClient", argumentParser],
            path: "clients/demo"),
        // Imported by tests and benchmarks only
        layer(
            "PlenaryTestKit",
            [
                "PlenaryTerms", "PlenaryQueues", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain",
                "PlenaryNet",
                "PlenaryDialect", "PlenaryLog", "PlenaryServer", "PlenaryClient", logging,
            ]),
        // Imported by the fuzzer and by its test only
        layer(
            "PlenaryFuzz",
            [
                "PlenaryTerms", "PlenaryCrypto", "PlenaryWire", "PlenaryDomain", "PlenaryDialect",
                "PlenaryLog",
                "PlenarySearch", "PlenaryServer", "PlenaryClient", "PlenaryConfiguration", "PlenaryRelay",
                "PlenaryTerminal",
            ]),
        tests(of: "Architecture", [], areOptimised: true),
        tests(of: "PlenaryTerms", ["PlenaryTerms"]),
        tests(of: "PlenaryTerminal", ["PlenaryTerminal"], areOptimised: true),
        tests(
            of: "PlenaryScreens", ["PlenaryScreens", "PlenaryTerminal", "PlenaryClient", "PlenaryTerms"]),
        tests(of: "PlenaryWire", ["PlenaryWire", "PlenaryTerms"], areOptimised: true),
        tests(of: "PlenaryDomain", ["PlenaryDomain", "PlenaryTerms"], areOptimised: true),
        tests(of: "PlenaryDialect", ["PlenaryDialect", "PlenaryDomain", "PlenaryWire", "PlenaryTerms"]),
        tests(of: "PlenaryNet", ["PlenaryNet", "PlenaryQueues", "PlenaryCrypto"]),
        tests(
            of: "PlenaryLog",
            ["PlenaryLog", "PlenaryDomain", "PlenaryTerms", "PlenaryCrypto", "PlenaryTestKit"],
            areOptimised: true),
        tests(of: "PlenarySearch", ["PlenarySearch", "PlenaryDomain", "PlenaryTerms"]),
        tests(
            of: "PlenaryServer",
            [
                "PlenaryServer", "PlenaryLog", "PlenarySearch", "PlenaryDialect", "PlenaryDomain",
                "PlenaryWire",
                "PlenaryTerms",
                "PlenaryNet", "PlenaryCrypto", "PlenaryTestKit",
            ]),
        tests(
            of: "PlenaryConfiguration",
            ["PlenaryConfiguration", "PlenaryServer", "PlenaryDomain", "PlenaryTerms", "PlenaryCrypto"]),
        tests(
            of: "PlenaryClient",
            ["PlenaryClient", "PlenaryWire", "PlenaryTerms", "PlenaryNet", "PlenaryCrypto", "PlenaryTestKit"]),
        tests(
            of: "PlenaryCommand",
            [
                "plenary", "plenaryd", "PlenaryClient", "PlenaryTerms", "PlenaryTerminal", "PlenaryScreens",
                "PlenaryTestKit",
            ]),
        tests(of: "TerminalEndToEnd", ["plenary", "plenaryd"]),
        tests(
            of: "PlenaryRelay",
            [
                "PlenaryRelay", "plenary-relay", "PlenaryClient", "PlenaryTerms", "PlenaryCrypto",
                "PlenaryQueues",
            ], exclude: ["Fixtures"]),
        tests(of: "PlenaryFuzz", ["PlenaryFuzz"], areOptimised: true),
    ]
)

// PLENARY_FUZZ adds the program that libFuzzer drives (.ci/fuzz). Its `main` is libFuzzer's, so no other build can
// link it.
if Context.environment["PLENARY_FUZZ"] != nil {
    package.targets.append(program("plenary-fuzz", ["PlenaryFuzz"]))
}

// A value's layout is part of every module that holds it, however many layers above. The build is told of
// each layer below a target, or it would leave objects with an old layout standing after a change deep down.
// What a target may import is what is written above, and ArchitectureTests reads that.
let layersBelow = Dictionary(
    uniqueKeysWithValues: package.targets.map { target in
        let names = target.dependencies.compactMap { dependency -> String? in
            if case .byNameItem(let name, _) = dependency { name } else { nil }
        }
        return (target.name, names)
    })
for target in package.targets {
    var found = layersBelow[target.name] ?? []
    var next = 0
    while next < found.count {
        for name in layersBelow[found[next]] ?? [] where !found.contains(name) { found.append(name) }
        next += 1
    }
    for name in found where !(layersBelow[target.name] ?? []).contains(name) {
        target.dependencies.append(.byName(name: name))
    }
}

// PLENARY_TESTS="PlenaryLogTests PlenaryNetTests" leaves those tests and what they need, for a quick build.
if let wanted = Context.environment["PLENARY_TESTS"]?.split(separator: " ").map(String.init), !wanted.isEmpty
{
    let needed = package.targets.filter { wanted.contains($0.name) }.flatMap { target in
        target.dependencies.compactMap { if case .byNameItem(let name, _) = $0 { name } else { nil } }
    }
    package.targets.removeAll { !wanted.contains($0.name) && !needed.contains($0.name) }
    package.products = []
}
