// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet
import PlenaryQueues
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(4))) struct LoopbackTests {
    @Test(arguments: ["127.0.0.1", "::1"]) func plainBytesComeBack(_ host: String) async throws {
        let net = try Loopback()
        let listener = try await net.server.listen(on: NetworkAddress(numeric: host, port: 0))
        #expect(listener.address.port != 0)
        let id = await net.connect(listener)
        await net.send(Array("before it is connected ".utf8), id)
        let info = try await net.clientLog.connected(id)
        #expect(!info.isTLS && info.isLoopback && info.listenerIndex == -1)
        await net.send(Array("and after".utf8), id)
        let all = Array("before it is connected and after".utf8)
        #expect(await net.clientLog.waitForBytes(id, count: all.count) == all)
        await net.end()
    }

    @Test(arguments: ["127.0.0.1", "::1"]) func bytesUnderTLSComeBack(_ host: String) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.sendQueueByteLimit = .max
        let net = try Loopback(limits: limits, shardCount: 2)
        let (server, device) = (try Identity(names: ["localhost", host]), try Identity("device", names: []))
        let listener = try await net.server.listen(
            on: NetworkAddress(numeric: host, port: 0), context: server.serverContext())
        let tls = ClientTLS(
            context: try device.clientContext(trusting: server), serverName: "localhost", trust: .authorities)
        let id = await net.connect(listener, tls: tls)
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        await net.send(sent, id)
        #expect(await net.clientLog.waitForBytes(id, count: sent.count) == sent)
        let info = try await net.serverLog.first { call -> ConnectionInfo? in
            if case .handshakeCompleted(_, let info) = call { return info }
            return nil
        }
        #expect(info.tlsVersion == "TLSv1.3" && info.serverName == "localhost" && info.isTLS)
        #expect(try info.peerCertificateFingerprint == Certificate.fingerprint(ofPEM: device.certificatePEM))
        #expect(try await net.clientLog.connected(id).handshake?.peerCertificate?.isTrusted == true)
        await net.end()
    }

    @Test func connectionsAreSharedOutOverTheShards() async throws {
        let net = try Loopback(shardCount: 2)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        for _ in 0..<4 { _ = await net.connect(listener) }
        let last = try await net.serverLog.accepted(3)
        #expect(last.shard < 2)
        for shard in net.server.shards { #expect(await shard.connectionCount == 2) }
        await net.end()
    }

    @Test func oneChunkReachesEverybodyAndStaleIdsNobody() async throws {
        let net = try Loopback(reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        var clients: [ConnectionID] = []
        var peers: [ConnectionID] = []
        for ordinal in 0..<10 {
            clients.append(await net.connect(listener))
            peers.append(try await net.serverLog.accepted(ordinal))
        }
        let ids = peers
        net.server.shards[0].post { shard in
            for number in 0..<100 as Range<UInt8> { shard.enqueue(Chunk([number]), to: ids) }
        }
        for id in clients {
            #expect(await net.clientLog.waitForBytes(id, count: 100) == Array(0..<100))
        }
        await net.end()
    }

    @Test func anIdThatWasUsedAgainDoesNotReachTheNewConnection() async throws {
        let net = try Loopback(reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let first = await net.connect(listener)
        let stale = try await net.serverLog.accepted(0)
        await net.server.shards[0].close(stale, afterFlushing: false)
        #expect(try await net.serverLog.reason(stale) == .requested)
        _ = try await net.clientLog.reason(first)
        let second = await net.connect(listener)
        let fresh = try await net.serverLog.accepted(1)
        #expect(fresh.slot == stale.slot && fresh != stale)
        net.server.shards[0].post { shard in
            shard.enqueue(Chunk([1]), to: stale)
            shard.enqueue(Chunk([2]), to: [stale, fresh])
            shard.close(stale, afterFlushing: false)
        }
        #expect(await net.clientLog.waitForBytes(second, count: 1) == [2])
        #expect(await net.server.shards[0].connectionCount == 1)
        await net.end()
    }

    @Test func closingAfterFlushingLosesNothing() async throws {
        let net = try Loopback(reaction: { id, _, shard in
            shard.setRegistered(id)
            shard.enqueue(Chunk([UInt8](repeating: 7, count: 200_000)), to: id)
            shard.enqueue(Chunk(Array("ERROR\r\n".utf8)), to: id)
            shard.close(id, afterFlushing: true)
            shard.enqueue(Chunk([0]), to: id)
        })
        var identity: Identity?
        for isTLS in [false, true] {
            if isTLS { identity = try Identity() }
            let listener = try await net.server.listen(
                on: Loopback.anyPort, context: identity?.serverContext())
            let tls = try identity.map {
                ClientTLS(context: try $0.clientContext(), serverName: "localhost", trust: .callerDecides)
            }
            let id = await net.connect(listener, tls: tls)
            _ = try await net.clientLog.connected(id)
            net.client.shards[0].post { $0.enqueue(Chunk([1]), to: id) }
            #expect(try await net.clientLog.reason(id) == .endOfStream)
            let bytes = net.clientLog.bytes(id)
            #expect(bytes.count == 200_007 && bytes.suffix(7) == Array("ERROR\r\n".utf8)[...], "TLS \(isTLS)")
        }
        await net.end()
    }

    @Test func theLastLineArrivesThoughInputIsUnread() async throws {
        let net = try Loopback(reaction: { id, _, shard in
            shard.pauseReading(id)
            shard.enqueue(Chunk(Array("ERROR :flood\r\n".utf8)), to: id)
            shard.close(id, afterFlushing: true)
        })
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        await net.send([UInt8](repeating: 1, count: 2_000_000), id)
        #expect(await net.clientLog.waitForBytes(id, count: 14) == Array("ERROR :flood\r\n".utf8))
        await net.end()
    }

    /// A half-open connection never answers the end, so it would keep its descriptor for all of `lingerSeconds`.
    @Test(arguments: [false, true]) func whoIsNotHeardAnyMoreIsForgottenAtOnce(_ lingers: Bool) async throws {
        let manual = ManualClock()
        let net = try Loopback(clock: manual.clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        _ = try await net.clientLog.connected(id)
        let server = try await net.serverLog.accepted()
        // It does not see the end, as if its cable were pulled.
        await net.client.shards[0].pauseReading(id)
        net.server.shards[0].post { shard in
            shard.enqueue(Chunk(Array("ERROR :silence\r\n".utf8)), to: server)
            shard.close(server, afterFlushing: true, lingering: lingers)
        }
        #expect(try await net.serverLog.reason(server) == .requested)
        #expect(await net.server.shards[0].connectionCount == (lingers ? 1 : 0))
        manual.advance(microseconds: 2_000_000)
        await net.server.shards[0].tick()
        #expect(await net.server.shards[0].connectionCount == 0)
        await net.client.shards[0].resumeReading(id)
        #expect(await net.clientLog.waitForBytes(id, count: 16) == Array("ERROR :silence\r\n".utf8))
        await net.end()
    }

    /// Nor is a queue emptied that nobody takes: what the kernel did not take at once is dropped.
    @Test func whoIsNotHeardAnyMoreHasNoQueue() async throws {
        let net = try Loopback(clock: ManualClock().clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        _ = try await net.clientLog.connected(id)
        let server = try await net.serverLog.accepted()
        await net.client.shards[0].pauseReading(id)
        while await net.server.shards[0].queuedByteCount(server) == 0 {
            net.server.shards[0].post { $0.enqueue(Chunk([UInt8](repeating: 1, count: 10_000)), to: server) }
            await net.server.shards[0].tick()
        }
        net.server.shards[0].post { $0.close(server, afterFlushing: true, lingering: false) }
        // Asked for behind the round that closes it, and long before the kernel gives the peer up.
        #expect(await net.server.shards[0].connectionCount == 0)
        #expect(try await net.serverLog.reason(server) == .requested)
        await net.end()
    }

    @Test func pausedReadingHoldsThePeerBackUntilItIsResumed() async throws {
        let paused = Mutex<ConnectionID?>(nil)
        let net = try Loopback(reaction: { id, _, shard in
            let isFirst = paused.withLock { paused in
                defer { paused = id }
                return paused == nil
            }
            if isFirst { shard.pauseReading(id) }
        })
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        await net.send([UInt8](repeating: 1, count: 1_000_000), id)
        let peer = try await net.serverLog.accepted()
        await net.serverLog.wait { CallLog.byteCount(peer, $0) > 0 }
        for _ in 0..<3 { await net.server.shards[0].tick() }
        #expect(net.serverLog.bytes(peer).count <= 16_384)
        net.server.shards[0].post { $0.resumeReading(peer) }
        #expect(await net.serverLog.waitForBytes(peer, count: 1_000_000).count == 1_000_000)
        await net.end()
    }

    @Test func aNewContextIsForNewConnectionsOnly() async throws {
        let net = try Loopback()
        let (old, new) = (try Identity("old"), try Identity("new"))
        let listener = try await net.server.listen(on: Loopback.anyPort, context: old.serverContext())
        let context = try old.clientContext()
        let tls = ClientTLS(context: context, serverName: "localhost", trust: .callerDecides)
        let first = await net.connect(listener, tls: tls)
        let seenFirst = try await net.clientLog.connected(first).peerCertificateFingerprint
        try await net.server.setContext(new.serverContext(), forListener: listener.index)
        let second = await net.connect(listener, tls: tls)
        let seenSecond = try await net.clientLog.connected(second).peerCertificateFingerprint
        #expect(try seenFirst == Certificate.fingerprint(ofPEM: old.certificatePEM))
        #expect(try seenSecond == Certificate.fingerprint(ofPEM: new.certificatePEM))
        await net.send([5], first)
        #expect(await net.clientLog.waitForBytes(first, count: 1) == [5])
        await net.end()
    }

    @Test func aListenerThatIsGoneIsToldApart() async throws {
        let net = try Loopback()
        let context = try Identity().serverContext()
        await #expect(throws: NetError.noSuchListener(9)) {
            try await net.server.setContext(context, forListener: 9)
        }
        await net.end()
    }

    @Test func connectingGoesOnToTheAddressThatAnswers() async throws {
        let net = try Loopback()
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let closed = try await net.server.listen(on: NetworkAddress(numeric: "127.0.0.2", port: 0))
        await net.client.shutdown()
        let other = try Loopback()
        await other.server.shutdown()
        // Nothing listens on 127.0.0.3 at this port: only the first listener has it, on another address.
        let nobody = NetworkAddress(ipv4: 0x7F00_0003, port: listener.address.port)
        let id = await other.client.shards[0].connect(to: [nobody, closed.address])
        #expect(try await other.clientLog.connected(id).remote == closed.address)
        let lost = await other.client.shards[0].connect(to: [nobody])
        #expect(try await other.clientLog.reason(lost) == .connectFailed(errno: 111))
        let none = await other.client.shards[0].connect(to: [])
        #expect(try await other.clientLog.reason(none) == .connectFailed(errno: 0))
        await other.client.shutdown()
        await net.server.shutdown()
    }

    @Test func aRejectedServerIsNeverConnected() async throws {
        let net = try Loopback()
        let identity = try Identity()
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .authorities)
        let id = await net.connect(listener, tls: tls)
        guard case .tls(.certificateRejected) = try await net.clientLog.reason(id) else {
            Issue.record("another reason")
            return
        }
        let peer = try await net.serverLog.accepted()
        guard case .tls(.alertReceived) = try await net.serverLog.reason(peer) else {
            Issue.record("the server was not told why")
            return
        }
        await net.end()
    }

    @Test func shutdownTellsEverybodyAndFreesThePort() async throws {
        let net = try Loopback()
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        let peer = try await net.serverLog.accepted()
        await net.server.shutdown()
        #expect(try await net.serverLog.reason(peer) == .shuttingDown)
        #expect(try await net.clientLog.reason(id) == .endOfStream)
        let again = try Loopback()
        let same = try await again.server.listen(on: listener.address)
        #expect(same.address == listener.address)
        await again.end()
        await net.client.shutdown()
    }

    @Test func aPortInUseIsAnError() async throws {
        let net = try Loopback()
        let listener = try await net.server.listen(on: Loopback.anyPort)
        await #expect(throws: NetError.self) { try await net.server.listen(on: listener.address) }
        await net.end()
    }

    @Test func theResolverKnowsNumbersAndLocalhost() async throws {
        #expect(
            try await Resolver.addresses(of: "192.0.2.1", port: 5) == [
                NetworkAddress(numeric: "192.0.2.1", port: 5)
            ])
        let local = try await Resolver.addresses(of: "localhost", port: 7)
        #expect(!local.isEmpty && local.allSatisfy { $0.isLoopback && $0.port == 7 })
    }
}
