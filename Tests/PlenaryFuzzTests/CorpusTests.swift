// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryFuzz
import Testing

/// The inputs that fuzzing found worth keeping (.ci/fuzz), as they are and changed a little. A trap ends the run; the
/// target and the seed were printed before it.
struct CorpusTests {
    private static let corpora = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("corpora")

    /// Each with its name, in one order.
    private static func corpus(_ target: String) throws -> [(name: String, input: [UInt8])] {
        let folder = corpora.appendingPathComponent(target)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appendingPathComponent(name))))
        }
    }

    /// A broken claim; nil when all hold.
    private static func broken(_ target: FuzzTarget, _ input: [UInt8]) -> BrokenClaim? {
        do {
            try target.check(input)
            return nil
        } catch { return error }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func everyInputKeptHolds(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.corpus(name)
        #expect(!corpus.isEmpty)
        for (file, input) in corpus {
            #expect(input.count <= target.byteLimit, "\(name)/\(file)")
            let claim = Self.broken(target, input)
            #expect(claim == nil, "\(name)/\(file)")
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name)) func everyChangedInputHolds(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let corpus = try Self.corpus(name).map(\.input)
        let seed = UInt64.random(in: .min ... .max)
        print("everyChangedInputHolds: \(name), seed \(seed)")
        var mutation = Mutation(seed: seed)
        let count = ProcessInfo.processInfo.environment["PLENARY_FUZZ_ROUNDS"].flatMap(Int.init) ?? 10
        for _ in 0..<count * 100 {
            let input = mutation.input(from: corpus, byteLimit: target.byteLimit)
            if let claim = Self.broken(target, input) {
                Issue.record("\(name), seed \(seed): \(claim); \(Data(input).base64EncodedString())")
                return
            }
        }
    }

    @Test func everyFolderOfInputsHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpora.path).sorted()
        #expect(folders == FuzzTarget.all.map(\.name).sorted())
    }
}
