// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs the built `plenaryd` as its operator would, in a folder of its own.
struct PlenarydProcess {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    /// Where this build's programs are: beside the test bundle.
    static let program: URL = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = folder.appendingPathComponent("plenaryd")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return URL(fileURLWithPath: "/nonexistent/plenaryd")
    }()

    /// The temporary folder that the commands work in.
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "plenaryd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func run(_ arguments: String..., input: String = "") throws -> Outcome {
        try run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "") throws -> Outcome {
        let process = make(arguments)
        let output = folder.appendingPathComponent("out-\(UUID().uuidString)")
        let errors = folder.appendingPathComponent("err-\(UUID().uuidString)")
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    func make(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = PlenarydProcess.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        return process
    }

    func setUp() throws -> Outcome {
        try run("setup", "chat.example.org", "--address", "127.0.0.1", "--port", "0", "--any-file-system")
    }

    /// A running server; returns once it listens. Polls for a fact, with a bound, and sleeps no fixed time.
    func serve(_ options: String...) throws -> (process: Process, log: URL) {
        let process = make(["run", "--listening-file", "listening"] + options)
        let log = folder.appendingPathComponent("server.log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        try wait("the server to listen") {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent("listening").path)
                || !process.isRunning
        }
        return (process, log)
    }

    struct TimedOut: Error { var what: String }

    /// Waits until a fact holds, at most 30 s.
    func wait(_ what: String, until isSo: () -> Bool) throws {
        let end = Date(timeIntervalSinceNow: 30)
        while !isSo() {
            guard Date() < end else { throw TimedOut(what: what) }
            usleep(10_000)
        }
    }
}
