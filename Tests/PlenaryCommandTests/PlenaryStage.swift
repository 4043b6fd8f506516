// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import PlenaryTestKit
import Synchronization
import plenary

/// Everything around a command, in memory: what it prints is kept, what it reads is given.
final class Stage: Sendable {
    /// A folder for its settings and state; removed with the stage.
    let home: String
    private let kept = Mutex<(output: [UInt8], error: [UInt8])>(([], []))
    private let input: Mutex<[UInt8]>
    private let answers: Mutex<[String]>
    private let environment: [String: String]
    private let isTerminal: Bool
    private let server: ScriptedTransport?

    init(
        input: String = "", answers: [String] = [], isTerminal: Bool = false, home: String? = nil,
        environment: [String: String] = [:], server: ScriptedTransport? = nil
    ) throws {
        self.home =
            home
            ?? FileManager.default.temporaryDirectory.appendingPathComponent("stage-" + UUID().uuidString)
            .path
        try FileManager.default.createDirectory(
            atPath: self.home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        self.input = Mutex(Array(input.utf8))
        self.answers = Mutex(answers)
        self.environment = environment
        self.isTerminal = isTerminal
        self.server = server
    }

    deinit {
        // A folder that is left behind in the temporary directory harms nobody.
        try? FileManager.default.removeItem(atPath: home)
    }

    var output: String { kept.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var errorOutput: String { kept.withLock { String(decoding: $0.error, as: UTF8.self) } }
    var outputLines: [String] { output.split(separator: "\n").map(String.init) }

    /// Forgets what was printed so far.
    func forget() { kept.withLock { $0 = ([], []) } }

    var surroundings: Surroundings {
        var result = Surroundings.real
        result.environment = environment
        result.environment["HOME"] = home
        result.isInputTerminal = isTerminal
        result.isOutputTerminal = isTerminal
        result.isErrorTerminal = isTerminal
        result.writeOutput = { [self] bytes in kept.withLock { $0.output += bytes } }
        result.writeError = { [self] bytes in kept.withLock { $0.error += bytes } }
        result.readInput = { [self] () throws(FileError) in input.withLock { $0 } }
        result.inputLines = { [self] in
            let lines = input.withLock { $0.split(separator: 10).map { Array($0) } }
            return AsyncStream { continuation in
                for line in lines { continuation.yield(line) }
                continuation.finish()
            }
        }
        if let server { result.connect = { server.connection($0, $1) } }
        result.ask = { [self] question, _ in
            kept.withLock { $0.error += Array(question.utf8) }
            return answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        return result
    }

    /// Runs a command line as a guest on the scripted server.
    func asAnn(_ arguments: String...) async -> Int32 {
        await PlenaryCommand.run(
            ["--server", "127.0.0.1:1", "--plain-text", "--guest", "--account", "ann", "--utc"] + arguments,
            surroundings)
    }

    /// Runs a command line and returns its exit code.
    func run(_ arguments: String...) async -> Int32 {
        await PlenaryCommand.run(arguments, surroundings)
    }

    func run(_ arguments: [String]) async -> Int32 {
        await PlenaryCommand.run(arguments, surroundings)
    }
}
