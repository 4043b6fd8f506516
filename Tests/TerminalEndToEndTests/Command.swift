// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Programs that a test starts: those of this build, and those of the system.
enum Command {
    /// What a program that has ended leaves.
    struct Outcome: Sendable {
        var code: Int32
        /// Standard output and standard error, as they came.
        var output: String
    }

    /// Why a program did not do what a test needs of it.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The path of one of this build's programs: beside the test bundle.
    static func path(of name: String) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
        // The programs that run a test bundle lie elsewhere; the bundle is what they are given.
        for place in [CommandLine.arguments[0], own] + CommandLine.arguments where place.contains("/") {
            var folder = place[...]
            for _ in 0..<5 {
                guard let slash = folder.lastIndex(of: "/") else { break }
                folder = folder[..<slash]
                if access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
            }
        }
        throw Failure(description: "\(name) is not beside this test: build it first")
    }

    /// What programs find in their environment, and nothing else of ours.
    static func environment(home: String) -> [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", "TZ": "Europe/Zurich",
            "SHELL": "/bin/sh", "TERM": "screen-256color",
            // A crash that a test makes is not to be explained for seconds.
            "SWIFT_BACKTRACE": "enable=no",
        ]
    }

    /// Runs a program to its end, with text on its standard input.
    static func run(_ words: [String], home: String, input: String = "") async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            // It waits for the program, which the threads of tasks are too few for.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runNow(words, home: home, input: input) })
            }
        }
    }

    /// As `run`, and throws when the code is not 0.
    @discardableResult
    static func demand(_ words: [String], home: String, input: String = "") async throws -> String {
        let outcome = try await run(words, home: home, input: input)
        guard outcome.code == 0 else {
            throw Failure(description: "\(words.joined(separator: " ")): \(outcome.code)\n\(outcome.output)")
        }
        return outcome.output
    }

    /// Starts a program that goes on by itself; its output goes to a file.
    static func start(_ words: [String], home: String, log: String) throws -> pid_t {
        try spawn(words, home: home) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
    }

    /// Starts a program that reads what is returned with it, and ends by that being closed.
    static func startReader(_ words: [String]) throws -> Int32 {
        let (reading, writing) = try makePipe()
        defer { close(reading) }
        _ = try spawn(words, home: "/") { actions in
            posix_spawn_file_actions_adddup2(&actions, reading, 0)
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        return writing
    }

    /// Starts a program to talk with: what is returned with it is both its input and its output.
    static func startConversation(
        _ words: [String], home: String
    ) throws -> (process: pid_t, descriptor: Int32) {
        let (own, its) = try makePipe()
        defer { close(its) }
        let process = try spawn(words, home: home) { actions in
            posix_spawn_file_actions_adddup2(&actions, its, 0)
            posix_spawn_file_actions_adddup2(&actions, its, 1)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        return (process, own)
    }

    // MARK: Within

    private static func makePipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, because they are closed to other programs from the beginning, which a pipe is not.
        let closedToOthers = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, closedToOthers, 0, &ends) == 0 else {
            throw Failure(description: "no pipe: error \(errno)")
        }
        return (ends[0], ends[1])
    }

    private static func runNow(_ words: [String], home: String, input: String) throws -> Outcome {
        let (reading, writing) = try makePipe()
        let (inputReading, inputWriting) = try makePipe()
        defer { close(reading) }
        let child: pid_t
        do {
            child = try spawn(words, home: home) { actions in
                posix_spawn_file_actions_adddup2(&actions, inputReading, 0)
                posix_spawn_file_actions_adddup2(&actions, writing, 1)
                posix_spawn_file_actions_adddup2(&actions, writing, 2)
            }
        } catch {
            for end in [writing, inputReading, inputWriting] { close(end) }
            throw error
        }
        close(writing)
        close(inputReading)
        let queue = DispatchQueue(label: "input of a command")
        // Beside reading, so that neither side waits for the other.
        queue.async {
            var rest = Array(input.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    send(inputWriting, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { break }
                rest = rest.dropFirst(count)
            }
            close(inputWriting)
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(reading, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        queue.sync {}
        return Outcome(code: wait(for: child), output: String(decoding: output, as: UTF8.self))
    }

    /// The code with which a program ended; 128 and the signal when one ended it.
    @discardableResult
    static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    private static func spawn(
        _ words: [String], home: String, _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)
        // A server that lives on with a descriptor of another child would hide that child's end for ever.
        for descriptor: Int32 in 3..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals as a shell would hand them on.
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment(home: home).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var child: pid_t = 0
        let number = posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &variables)
        guard number == 0 else { throw Failure(description: "\(words[0]) does not start: error \(number)") }
        return child
    }
}
