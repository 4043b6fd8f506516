// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryNet
import PlenaryTestKit

/// A server in a process of its own, there to be killed.
final class Victim {
    /// Where it listens under TLS.
    let address: NetworkAddress
    private let process: pid_t

    /// Starts `plenary-bench serve`, which stands beside this test, and waits until it listens.
    init(dataDirectory: String, segmentByteCount: Int) throws {
        var descriptors: [Int32] = [-1, -1]
        guard pipe(&descriptors) == 0 else { throw VictimError("no pipe: \(errno)") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, descriptors[1], 1)
        // Not the test's own: a victim that outlives a broken test would keep its output open.
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, descriptors[0])
        posix_spawn_file_actions_addclose(&actions, descriptors[1])
        defer { posix_spawn_file_actions_destroy(&actions) }
        let arguments = [
            try Victim.program(), "serve", "--port", "0", "--tls-port", "0", "--data", dataDirectory,
            "--segment-bytes", String(segmentByteCount), "--any-file-system",
        ]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, arguments[0], &actions, nil, &pointers, environ)
        close(descriptors[1])
        defer { close(descriptors[0]) }
        guard result == 0 else { throw VictimError("\(arguments[0]) does not start: \(result)") }
        self.process = process
        let words = Victim.firstLine(descriptors[0]).split(separator: " ")
        guard words.count == 3, words[0] == "listening", let port = UInt16(words[2]) else {
            Glibc.kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            throw VictimError("the server said '\(words.joined(separator: " "))' and ended with \(status)")
        }
        address = try NetworkAddress(numeric: "127.0.0.1", port: port)
    }

    /// The program is built into the directory of the test's own binary.
    private static func program() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw VictimError("this test does not know where it is") }
        let own = String(decoding: buffer.prefix(count), as: UTF8.self)
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/plenary-bench"
        guard access(path, X_OK) == 0 else { throw VictimError("there is no \(path): build it first") }
        return path
    }

    private static func firstLine(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 10 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Ends it without a chance to say or write another thing.
    func kill() { _ = end(SIGKILL) }

    /// Asks it to stop; the exit status.
    func stop() -> Int32 { end(SIGTERM) }

    private func end(_ signal: Int32) -> Int32 {
        Glibc.kill(process, signal)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }
}

/// Why there is no victim.
struct VictimError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
