// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet
import Testing

/// Handshakes that are not meant to succeed. `make hostile` tries thousands on the built server.
@Suite(.timeLimit(.minutes(4))) struct HostileHandshakeTests {
    private let identity: Identity
    private let seed = UInt64.random(in: .min ... .max)

    init() throws { identity = try Identity() }

    private func pair() throws -> EnginePair {
        try EnginePair(
            identity.serverContext(), identity.clientContext(trusting: identity), trust: .authorities)
    }

    /// A ClientHello, as a client would send it.
    private func hello() throws -> [UInt8] {
        let pair = try pair()
        _ = try pair.client.handshake()
        return Array(pair.clientWindows.output)
    }

    /// One of the things that can happen to bytes on the way.
    private func damage(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        let place = random.next() % bytes.count
        let other = random.next() % bytes.count
        let noise = (0..<1 + random.next() % 40).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        switch random.next() % 7 {
        case 0:
            return Array(bytes[..<place]) + [bytes[place] ^ UInt8(1 << (random.next() % 8))]
                + bytes[(place + 1)...]
        case 1: return Array(bytes[..<place])
        case 2: return Array(bytes[..<place]) + noise + bytes[place...]
        case 3: return Array(bytes[..<min(place, other)]) + bytes[max(place, other)...]
        case 4: return bytes + bytes[..<place]
        case 5: return noise + bytes
        default: return Array(bytes[..<place]) + noise + bytes.dropFirst(place + noise.count)
        }
    }

    private func serverTakes(_ bytes: [UInt8], _ pair: EnginePair) throws -> TLSEngine.Progress {
        try bytes.withUnsafeBytes { try pair.serverWindows.withInput($0) { try pair.server.handshake() } }
    }

    /// "the receiver MUST terminate the connection with a "bad_record_mac" alert" (RFC 8446, 5.2).
    @Test func aChangedLastFlightNeverCompletes() throws {
        var random = SplitMix(state: seed)
        for round in 0..<200 {
            let pair = try pair()
            _ = try pair.client.handshake()
            pair.collect()
            _ = try serverTakes(pair.toServer, pair)
            pair.toServer = []
            pair.collect()
            let answer = pair.toClient
            try answer.withUnsafeBytes { bytes in
                try pair.clientWindows.withInput(bytes) { _ = try pair.client.handshake() }
            }
            pair.collect()
            // Behind the ChangeCipherSpec of 6 bytes, which means nothing any more (RFC 8446, D.4).
            let flight = pair.toServer
            let start = flight.starts(with: [20, 3, 3, 0, 1, 1]) ? 6 : 0
            let place = start + random.next() % (flight.count - start)
            var changed = flight
            changed[place] ^= UInt8(1 << (random.next() % 8))
            let outcome = Result { try serverTakes(changed, pair) }
            if case .success(.completed) = outcome {
                Issue.record("completed with byte \(place) changed, round \(round), seed \(seed)")
            }
            #expect(!pair.server.isEstablished)
        }
    }

    /// Nine bytes that announce a long hello would have the library make room for all of it.
    @Test func aHelloThatAnnouncesTooMuchIsRefusedBeforeItIsThere() throws {
        let limit = NetLimits().clientHelloByteLimit
        for (length, isTaken) in [(limit, true), (limit + 1, false), (0xFF_FFFF, false)] {
            let pair = try pair()
            let start: [UInt8] = [
                22, 3, 1, 64, 0, 1, UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255),
            ]
            var outcomes: [Result<TLSEngine.Progress, any Error>] = []
            for byte in start { outcomes.append(Result { try serverTakes([byte], pair) }) }
            for outcome in outcomes.dropLast() { #expect(try outcome.get() == .wantsInput) }
            switch outcomes.last {
            case .success(.wantsInput): #expect(isTaken)
            case .failure(TLSError.protocolFailed(_, let text)):
                #expect(!isTaken && text == "a ClientHello of \(length) bytes")
            default: Issue.record("another outcome at \(length) bytes")
            }
        }
        // Nor may its length be hidden in later records.
        let pair = try pair()
        #expect(throws: TLSError.self) { try serverTakes([22, 3, 1, 0, 2, 1, 0, 22, 3], pair) }
    }

    /// limits.md 4, with room for few: every place that were not given back would be missing to all who come after.
    @Test func everyHostileHandshakeGivesItsPlaceBack() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.handshakeLimit = 1
        limits.waitingHandshakeLimit = 300
        let net = try Loopback(limits: limits)
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        var random = SplitMix(state: seed)
        let hello = try hello()
        let count = 300
        for _ in 0..<count {
            let peer = await net.connect(listener)
            await net.send(damage(hello, &random), peer)
            await net.client.shards[0].close(peer, afterFlushing: true)
        }
        await net.serverLog.wait { calls in
            let closed = calls.filter { call in
                if case .closed = call { return true }
                return false
            }
            return closed.count == count
        }
        #expect(await net.server.shards[0].connectionCount == 0, "seed \(seed)")
        while await net.server.openConnectionCount() > 0 { await Task.yield() }
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let good = await net.connect(listener, tls: tls)
        await net.send([1, 2, 3], good)
        #expect(await net.clientLog.waitForBytes(good, count: 3) == [1, 2, 3], "seed \(seed)")
        await net.end()
    }

    /// A handshake is so much garbage where none is expected: it reaches the handler as it is, and ends nothing.
    @Test func aHandshakeOnAPlainListenerIsOnlyBytes() async throws {
        let net = try Loopback()
        let listener = try await net.server.listen(on: Loopback.anyPort)
        var random = SplitMix(state: seed)
        let hello = try hello()
        for _ in 0..<50 {
            let peer = await net.connect(listener)
            let bytes = damage(hello, &random)
            await net.send(bytes, peer)
            #expect(await net.clientLog.waitForBytes(peer, count: bytes.count) == bytes, "seed \(seed)")
            await net.client.shards[0].close(peer, afterFlushing: false)
        }
        await net.end()
    }
}
