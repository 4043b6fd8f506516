// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto
import PlenaryNet
import PlenaryQueues
import Testing

/// A port at which nobody is let in any more: the kernel leaves further connections without an answer.
private final class FullPort {
    private var descriptors: [Int32] = []
    private(set) var address = NetworkAddress(ipv4: 0x7F00_0001, port: 0)

    init() throws {
        let listening = try open()
        // SAFETY: the kernel reads and writes one `sockaddr_in`, whose size it is told, during each call.
        try withPort(0) { try #require(bind(listening, $0, $1) == 0) }
        try #require(listen(listening, 0) == 0)
        var bound = sockaddr_in()
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listening, $0, &count) }
        }
        try #require(isKnown == 0)
        address = NetworkAddress(ipv4: 0x7F00_0001, port: UInt16(bigEndian: bound.sin_port))
        // One has room to wait for being accepted.
        let only = try open()
        try withPort(address.port) { try #require(Glibc.connect(only, $0, $1) == 0) }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    private func open() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        descriptors.append(descriptor)
        return descriptor
    }

    private func withPort(
        _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
    ) throws {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        name.sin_port = port.bigEndian
        try withUnsafePointer(to: &name) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

@Suite(.timeLimit(.minutes(4))) struct ConnectLimitTests {
    private static func client(_ manual: ManualClock, _ log: CallLog) throws -> Network {
        var options = NetworkOptions()
        options.limits = .unrestrictedAdmission
        options.clock = manual.clock
        options.ticksItself = false
        return try Network(options: options) { _ in RecordingHandler(log, Loopback.silence) }
    }

    @Test func whoDoesNotAnswerIsGivenUpAfterTenSeconds() async throws {
        let port = try FullPort()
        let manual = ManualClock()
        let log = CallLog()
        let client = try Self.client(manual, log)
        let id = await client.shards[0].connect(to: [port.address])
        manual.advance(microseconds: 9_700_000)
        await client.shards[0].tick()
        #expect(await client.shards[0].connectionCount == 1)
        manual.advance(microseconds: 600_000)
        await client.shards[0].tick()
        #expect(try await log.reason(id) == .connectTimedOut)
        #expect(await client.shards[0].connectionCount == 0)
        await client.shutdown()
    }

    /// Each address has its time, and the next one is tried then.
    @Test func theNextAddressIsTriedAfterTenSeconds() async throws {
        let port = try FullPort()
        let net = try Loopback()
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let manual = ManualClock()
        let log = CallLog()
        let client = try Self.client(manual, log)
        let id = await client.shards[0].connect(to: [port.address, port.address, listener.address])
        for _ in 0..<2 {
            #expect(log.calls.isEmpty)
            manual.advance(microseconds: 10_300_000)
            await client.shards[0].tick()
        }
        #expect(try await log.connected(id).remote == listener.address)
        await client.shutdown()
        await net.end()
    }
}

/// The certificates that a client shows (limits.md 39).
@Suite struct ClientChainTests {
    /// A chain, and the bytes of the message that shows it (RFC 8446, 4.4.2): four for its two lengths, and for each
    /// certificate three for its length and two for the extensions that it has not.
    private static func chain(_ count: Int) throws -> (identity: Identity, more: [UInt8], byteCount: Int) {
        let names = (0..<60).map { "device-\($0).of.somebody.with.a.long.name.example" }
        let all = try (0..<count).map { _ in try Identity("device", names: names) }
        let byteCount = try all.reduce(4) { sum, one in
            let text = String(decoding: one.certificatePEM, as: UTF8.self)
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }
            return sum + 5 + (try #require(bytes(base64: lines.joined())).count)
        }
        return (all[0], all.dropFirst().flatMap(\.certificatePEM), byteCount)
    }

    private static func isTaken(_ count: Int, _ limits: (_ byteCount: Int) -> NetLimits) throws -> Bool {
        let server = try Identity()
        let (identity, more, byteCount) = try chain(count)
        let serverContext = try TLSContext.server(
            certificateChainPEM: server.certificatePEM, keyPEM: server.keyPEM, limits: limits(byteCount))
        let clientContext = try TLSContext.client(
            certificateChainPEM: identity.certificatePEM + more, keyPEM: identity.keyPEM,
            authoritiesPEM: server.certificatePEM, usesSystemAuthorities: false)
        let pair = try EnginePair(serverContext, clientContext, trust: .authorities)
        do { try pair.shakeHands() } catch is TLSError { return false }
        return pair.server.isEstablished
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func aChainIsTakenUpToTheLimitAndNotAbove(room: Int, isTaken: Bool) throws {
        let wasTaken = try Self.isTaken(2) { byteCount in
            var limits = NetLimits()
            limits.clientChainByteLimit = byteCount + room
            return limits
        }
        #expect(wasTaken == isTaken)
    }

    /// What is shipped: 16,384 bytes.
    @Test(arguments: [(1, true), (4, true), (8, false), (400, false)])
    func aLongChainIsRefused(count: Int, isTaken: Bool) throws {
        let wasTaken = try Self.isTaken(count) { byteCount in
            #expect((byteCount <= 16_384) == isTaken, "\(byteCount) bytes")
            return NetLimits()
        }
        #expect(wasTaken == isTaken)
    }
}
