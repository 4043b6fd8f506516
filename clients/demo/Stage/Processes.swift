// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of the project, run as an operator or a person runs it.
struct DemoProgram: Sendable {
    /// The folder with all of them.
    let folder: String
    /// What they are told of the world: homes of their own, no terminal.
    let environment: [String: String]

    /// Runs one to its end. Throws when it ends otherwise than expected.
    @discardableResult
    func run(
        _ name: String, _ arguments: [String], home: String? = nil, expecting codes: Set<Int32> = [0]
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(folder)/\(name)")
        process.arguments = arguments
        process.environment = environment(home)
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Read at the same time: one full pipe would hold up the other.
        let told = DemoText()
        let reading = Thread { told.set(errors.fileHandleForReading.readDataToEndOfFile()) }
        reading.start()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard codes.contains(process.terminationStatus) else {
            throw DemoFailure(
                "\(name) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus): "
                    + told.text + String(decoding: bytes, as: UTF8.self))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Starts one that goes on; what it says on standard error goes to a file.
    func start(_ name: String, _ arguments: [String], log: String, home: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(folder)/\(name)")
        process.arguments = arguments
        process.environment = environment(home)
        process.standardInput = FileHandle.nullDevice
        if !FileManager.default.fileExists(atPath: log),
            !FileManager.default.createFile(
                atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        {
            throw DemoFailure("\(log) cannot be made")
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try file.seekToEnd()
        process.standardOutput = file
        process.standardError = file
        try process.run()
        return process
    }

    private func environment(_ home: String?) -> [String: String] {
        var environment = environment
        if let home { environment["HOME"] = home }
        return environment
    }
}

/// Text that another thread fills in.
// SAFETY: the data is touched under the lock alone; lock and semaphore are made for several threads.
private final class DemoText: @unchecked Sendable {
    private var data = Data()
    private let lock = NSLock()
    private let isThere = DispatchSemaphore(value: 0)

    func set(_ data: Data) {
        lock.withLock { self.data = data }
        isThere.signal()
    }

    /// Waits until it is filled in.
    var text: String {
        isThere.wait()
        return lock.withLock { String(decoding: data, as: UTF8.self) }
    }
}

/// Why the day could not be played, or did not end as it should.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The hands of the server's clock (plenaryd run --clock-file).
struct DemoClock {
    let path: String

    /// Sets the clock to seconds since 1 January 1970 UTC.
    func set(_ seconds: Int64) throws {
        let microseconds = seconds * 1_000_000
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: microseconds >> (8 * $0)) }
        if !FileManager.default.fileExists(atPath: path) {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return
        }
        // In place: the server has the file open.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}
