// SPDX-License-Identifier: Apache-2.0

import Testing

/// Invariant 1: dependencies point down, granted only in Package.swift. An undeclared import of a sibling
/// compiles silently on a warm build, so every `import` line is read.
enum LayerRules {
    /// The module of an import line, without attributes, access and kind; nil for any other line.
    static func importedModule(_ line: String) -> String? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let index = words.firstIndex(of: "import"), index + 1 < words.count else { return nil }
        guard words[..<index].allSatisfy({ $0.hasPrefix("@") || accessWords.contains(String($0)) }) else {
            return nil
        }
        var module = words[index + 1]
        if kindWords.contains(String(module)), index + 2 < words.count { module = words[index + 2] }
        return module.split(separator: ".").first.map(String.init)
    }

    private static let accessWords: Set = ["public", "package", "internal", "fileprivate", "private"]
    private static let kindWords: Set = [
        "func", "struct", "class", "enum", "protocol", "typealias", "let", "var",
    ]

    static func forbiddenImports(_ files: [SourceFile], layers: [Layer]) -> [Breach] {
        var breaches: [Breach] = []
        for file in files {
            guard let layer = layers.first(where: { file.path.hasPrefix($0.folder + "/") }) else {
                breaches.append(Breach(path: file.path, line: 1, message: "belongs to no layer"))
                continue
            }
            for (index, line) in file.code.enumerated() {
                guard let module = importedModule(line) else { continue }
                if layer.own.contains(module) || layer.others.contains(module) || module == "Swift" {
                    continue
                }
                breaches.append(
                    Breach(
                        path: file.path, line: index + 1, message: "\(layer.target) may not import \(module)")
                )
            }
        }
        return breaches
    }

    static func differences(between grants: [Grant], and layers: [Layer]) -> [String] {
        var result: [String] = []
        for layer in layers {
            guard let grant = grants.first(where: { $0.target == layer.target }) else {
                result.append("\(layer.target) is not in Package.swift")
                continue
            }
            let modules = grant.modules
            if modules != layer.own {
                let granted = modules.sorted()
                result.append("\(layer.target): granted \(granted), in the table \(layer.own.sorted())")
            }
        }
        for grant in grants where !layers.contains(where: { $0.target == grant.target }) {
            result.append("\(grant.target) has no row in the table of layers")
        }
        return result
    }
}

@Suite struct LayerTests {
    @Test func everyImportIsGrantedByTheTableOfLayers() {
        let swift = SourceTree.files(in: ["Sources", "clients"])
        #expect(swift.count > 20)
        let ours = swift.filter {
            !$0.path.hasPrefix("Sources/CPlenary/") && !$0.path.hasPrefix("Sources/COpenSSL/")
        }
        #expect(LayerRules.forbiddenImports(ours, layers: Layer.all) == [])
    }

    @Test func packageManifestGrantsWhatTheTableSays() throws {
        let manifest = try #require(SourceTree.read("Package.swift"))
        #expect(LayerRules.differences(between: Grant.all(in: manifest), and: Layer.all) == [])
    }

    @Test(arguments: [
        ("import Foundation", "Foundation"), ("@preconcurrency import Glibc", "Glibc"),
        ("package import PlenaryNet", "PlenaryNet"), ("import func Glibc.read", "Glibc"),
        ("@_exported public import struct PlenaryTerms.Text", "PlenaryTerms"),
    ])
    func importLinesAreUnderstood(line: String, module: String) {
        #expect(LayerRules.importedModule(line) == module)
    }

    @Test func aPlantedImportIsFound() {
        let file = SourceFile(
            path: "Sources/PlenaryDomain/Planted.swift", text: "\n@testable import PlenaryNet\n")
        let breaches = LayerRules.forbiddenImports([file], layers: Layer.all)
        #expect(
            breaches.map(\.description) == [
                "Sources/PlenaryDomain/Planted.swift:2: PlenaryDomain may not import PlenaryNet"
            ])
    }

    @Test func anImportInACommentOrAStringIsNone() {
        let text = "// import Foundation\nlet a = \"import Foundation\"\n/* import\nimport Foundation */"
        let file = SourceFile(path: "Sources/PlenaryDomain/Planted.swift", text: text)
        #expect(LayerRules.forbiddenImports([file], layers: Layer.all) == [])
    }

    @Test func aFileOutsideEveryLayerIsFound() {
        let file = SourceFile(path: "Sources/Stray/Planted.swift", text: "import PlenaryTerms")
        #expect(LayerRules.forbiddenImports([file], layers: Layer.all).count == 1)
    }

    @Test func aGrantThatTheTableDoesNotKnowIsFound() {
        let manifest = SourceFile(
            path: "Package.swift", text: "layer(\"PlenaryWire\", [\"PlenaryTerms\", \"PlenaryNet\"]),")
        let wire = Layer.all.filter { $0.target == "PlenaryWire" }
        #expect(LayerRules.differences(between: Grant.all(in: manifest), and: wire).count == 1)
    }
}
