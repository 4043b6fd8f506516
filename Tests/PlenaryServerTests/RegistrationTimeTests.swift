// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// What becomes of the descriptor of somebody whose time to register is over (limits.md 5).
struct RegistrationTimeTests {
    /// Whoever has not registered may be gone without a word: it is told, and its end is not waited for.
    @Test func whoseTimeIsOverIsNotListenedToAnyMore() async throws {
        let directory = try TemporaryDirectory()
        let manual = ManualClock()
        let server = try await TestServer.start(
            .unthrottled(dataDirectory: directory.path + "/data"), clock: manual.clock)
        let listener = try #require(server.server.listeners.first { !$0.configuration.isTLS })
        let peer = try StubbornPeer(port: listener.bound.address.port)
        peer.send("PING here\r\n")
        #expect(peer.receive(until: "PONG plenary.test :here\r\n"))
        manual.advance(microseconds: 30_000_000)
        await server.tick()
        #expect(peer.receive(until: "ERROR :Closing link: Registration timed out\r\n"))
        // A descriptor that is still read takes what is sent; one that is closed refuses it.
        peer.send("PING again\r\n")
        #expect(peer.isRefused(withinMilliseconds: 5_000))
        try await server.stop()
    }
}

/// A peer that keeps its side open whatever the server does.
private final class StubbornPeer {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }

    /// Whether this is what comes next, to its last byte.
    func receive(until text: String) -> Bool {
        var heard = ""
        while !heard.hasSuffix(text), isReady(POLLIN, withinMilliseconds: 10_000) {
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            heard += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return heard.hasSuffix(text)
    }

    func isRefused(withinMilliseconds limit: Int32) -> Bool { isReady(0, withinMilliseconds: limit) }

    /// Errors are reported whatever is asked for.
    private func isReady(_ events: Int32, withinMilliseconds limit: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&one, 1, limit) == 1
    }
}
