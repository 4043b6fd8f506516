// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// A client that is killed while its server is frozen loses nothing and says nothing too early.
@Suite struct PlenaryKillTests {
    private static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
            "plenary")
    }

    /// Of this machine, and used by nothing else: the port that is given back is still free when it is taken again.
    private static let address = "127.77.0.1"

    /// A socket that accepts connections in the kernel and never answers: a frozen server.
    private func frozenServer() throws -> (descriptor: Int32, port: UInt16) {
        // A child of another test must not keep the port.
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F4D_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        #expect(result)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    @Test func fiveLinesTypedBeforeAKillArriveOnceAndInOrder() async throws {
        let frozen = try frozenServer()
        let stage = try Stage()
        let options = [
            "--server", "\(PlenaryKillTests.address):\(frozen.port)", "--plain-text", "--guest", "--account",
            "ann",
        ]
        let process = Process()
        process.executableURL = PlenaryKillTests.program
        process.arguments = options + ["chat", "practices", "--plain"]
        process.environment = ["HOME": stage.home]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let texts = (1...5).map { "line \($0)" }
        input.fileHandleForWriting.write(Data(texts.map { $0 + "\n" }.joined().utf8))
        // Each line is announced as queued only after it is on the disk.
        var printed = ""
        while printed.components(separatedBy: "queued:").count < 6 {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            printed += String(decoding: data, as: UTF8.self)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(printed.components(separatedBy: "queued:").count == 6, "\(printed)")
        #expect(!printed.contains("sent."))
        close(frozen.descriptor)

        let server = try await LoopbackServer.start(plainPort: frozen.port) {
            $0.listeners[0].address = PlenaryKillTests.address
        }
        #expect(await stage.run(options + ["chat", "practices", "--plain"]) == 0)
        #expect(stage.outputLines.filter { $0.hasPrefix("sent. ") }.count == 5, "\(stage.output)")
        let reader = try Stage()
        #expect(await reader.run(options + ["history", "practices"]) == 0)
        #expect(reader.outputLines.compactMap { $0.split(separator: "\t").last.map(String.init) } == texts)
        try await server.stop()
    }
}
