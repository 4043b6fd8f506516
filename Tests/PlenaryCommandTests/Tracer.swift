// SPDX-License-Identifier: Apache-2.0

import Foundation

/// strace on a running process: what it calls, with failures put in.
struct Tracer {
    private let process: Process
    private let output: URL

    /// Whether strace is there and may look into processes of this user.
    static let isAvailable: Bool = {
        guard FileManager.default.isExecutableFile(atPath: program) else { return false }
        let sleeper = Process()
        sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
        sleeper.arguments = ["30"]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tracer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try sleeper.run()
            defer { kill(sleeper.processIdentifier, SIGKILL) }
            try Tracer(sleeper.processIdentifier, ["-e", "trace=none"], in: folder).detach()
            return true
        } catch { return false }
    }()

    private static let program = "/usr/bin/strace"

    struct Refused: Error { var reason: String }

    /// Returns once it looks into every thread of the process.
    init(_ target: Int32, _ options: [String], in folder: URL) throws {
        output = folder.appendingPathComponent("trace")
        let messages = folder.appendingPathComponent("trace-messages")
        _ = FileManager.default.createFile(atPath: messages.path, contents: nil)
        process = Process()
        process.executableURL = URL(fileURLWithPath: Tracer.program)
        process.arguments = ["-f", "-y", "-ttt", "-o", output.path] + options + ["-p", String(target)]
        process.standardError = try FileHandle(forWritingTo: messages)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let end = Date(timeIntervalSinceNow: 30)
        while true {
            let said = try String(contentsOf: messages, encoding: .utf8)
            if said.contains("attached") { return }
            guard process.isRunning, Date() < end else {
                detach()
                throw Refused(reason: said)
            }
            usleep(5_000)
        }
    }

    /// Lets the process go on alone. By SIGKILL, for a child may have the test's thread's other signals blocked; what a
    /// tracer that is gone has stopped, the kernel lets go.
    func detach() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// One line for each call and each end, with the seconds since 1970 it came at.
    func lines() throws -> [(time: Double, text: String)] {
        process.waitUntilExit()
        return try linesSoFar()
    }

    /// The same while it goes on.
    func linesSoFar() throws -> [(time: Double, text: String)] {
        try String(contentsOf: output, encoding: .utf8).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
            guard words.count == 3, let time = Double(words[1]) else { return nil }
            return (time, String(words[2]))
        }
    }
}
