// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A server that was started for a measurement, as a process of its own so that its CPU time and memory
/// are its own.
struct Child {
    let process: pid_t
    let port: UInt16
    let tlsPort: UInt16
    /// Seconds from the start to the line that says it serves.
    let secondsToReady: Double

    /// Runs this program with other arguments and waits for its line `listening PORT TLSPORT`.
    // SAFETY: the C strings live until they are freed below, after the only call that reads them.
    static func start(_ arguments: [String]) throws -> Child {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw BenchError("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var words: [UnsafeMutablePointer<CChar>?] = (["plenary-bench"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let began = now()
        let failure = posix_spawn(&process, "/proc/self/exe", &actions, nil, words, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard failure == 0 else { throw BenchError("cannot start \(arguments): errno \(failure)") }
        guard let line = firstLine(ends[0]) else {
            var status: Int32 = 0
            waitpid(process, &status, 0)
            throw BenchError("\(arguments) ended before it was ready, status \(status)")
        }
        let elapsed = now() - began
        let ports = line.split(separator: " ").dropFirst().compactMap { UInt16($0) }
        guard ports.count == 2 else { throw BenchError("not a line of readiness: \(line)") }
        return Child(process: process, port: ports[0], tlsPort: ports[1], secondsToReady: elapsed)
    }

    /// Ends it and waits; a server that does not end well is a failed measurement.
    func stop() throws {
        Glibc.kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        let isWell = status == 0 || status & 0x7f == SIGTERM
        guard isWell else { throw BenchError("the server ended with status \(status)") }
    }

    /// Ends it at once, as a power cut would.
    func kill() {
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    private static func firstLine(_ descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    /// Seconds on a clock that only goes forward.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
