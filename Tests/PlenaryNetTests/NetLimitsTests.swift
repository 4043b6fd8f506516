// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import PlenaryQueues
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(4))) struct SendLimitTests {
    /// A client that never reads, and a server's connection to it whose kernel buffers are full.
    private func makeSlowReader(
        _ net: Loopback, _ listener: BoundListener, ordinal: Int = 0, tls: ClientTLS? = nil
    ) async throws -> (client: ConnectionID, server: ConnectionID) {
        let client = await net.connect(listener, tls: tls)
        _ = try await net.clientLog.connected(client)
        await net.client.shards[0].pauseReading(client)
        let server = try await net.serverLog.accepted(ordinal)
        if tls != nil {
            await net.serverLog.wait { calls in
                calls.contains { call in
                    if case .handshakeCompleted(server, _) = call { return true }
                    return false
                }
            }
        }
        await net.server.shards[0].setRegistered(server)
        // Rounds of their own, until the kernel takes no more.
        while await net.server.shards[0].queuedByteCount(server) == 0 {
            guard await net.server.shards[0].info(of: server) != nil else { throw Missing() }
            net.server.shards[0].post { $0.enqueue(Chunk([UInt8](repeating: 1, count: 10_000)), to: server) }
            await net.server.shards[0].tick()
        }
        return (client, server)
    }

    @Test(arguments: [-1, 0, 1], [false, true])
    func aSlowReaderIsClosedAboveTheHardLimitAndNotBefore(_ excess: Int, _ isTLS: Bool) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.sendQueueByteLimit = 100_000
        let manual = ManualClock()
        let net = try Loopback(limits: limits, clock: manual.clock, reaction: Loopback.silence)
        let identity = try Identity()
        let listener = try await net.server.listen(
            on: Loopback.anyPort, context: isTLS ? try identity.serverContext() : nil)
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let (_, server) = try await makeSlowReader(net, listener, tls: isTLS ? tls : nil)
        net.server.shards[0].post { shard in
            let count = 100_000 - shard.queuedByteCount(server) + excess
            shard.enqueue(Chunk([UInt8](repeating: 2, count: count)), to: server)
        }
        if excess > 0 {
            #expect(try await net.serverLog.reason(server) == .sendQueueExceeded)
        } else {
            await net.server.shards[0].tick()
            #expect(await net.server.shards[0].connectionCount == 1)
        }
        await net.end()
    }

    /// The limit is for what the peer does not take. Whoever has not registered is not answered at such length.
    @Test(arguments: [false, true])
    func anAnswerLargerThanTheLimitIsTakenWhereNothingWaits(_ isRegistered: Bool) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.sendQueueByteLimit = 100_000
        limits.unregisteredSendQueueByteLimit = 100_000
        let net = try Loopback(limits: limits, clock: ManualClock().clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let client = await net.connect(listener)
        let server = try await net.serverLog.accepted(0)
        if isRegistered { await net.server.shards[0].setRegistered(server) }
        let answer = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        await net.server.shards[0].enqueue(Chunk(answer), to: server)
        if isRegistered {
            #expect(await net.clientLog.waitForBytes(client, count: answer.count) == answer)
            #expect(await net.server.shards[0].connectionCount == 1)
        } else {
            #expect(try await net.serverLog.reason(server) == .sendQueueExceeded)
        }
        await net.end()
    }

    @Test(arguments: [29_000_000, 30_000_000, 31_000_000] as [Int64])
    func aQueueAboveTheSoftLimitIsClosedAfterItsTime(_ time: Int64) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.softSendQueueByteLimit = 1000
        limits.softSendQueueSeconds = 30
        limits.writeStallSeconds = 1000
        let manual = ManualClock()
        let net = try Loopback(limits: limits, clock: manual.clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let (_, server) = try await makeSlowReader(net, listener)
        await net.server.shards[0].enqueue(Chunk([UInt8](repeating: 0, count: 1001)), to: server)
        manual.advance(microseconds: time)
        await net.server.shards[0].tick()
        if time >= 30_000_000 {
            #expect(try await net.serverLog.reason(server) == .sendQueueSlow)
        } else {
            #expect(await net.server.shards[0].connectionCount == 1)
        }
        await net.end()
    }

    @Test(arguments: [29_000_000, 30_000_000, 31_000_000] as [Int64])
    func aQueueThatDoesNotMoveIsClosedAfterItsTime(_ time: Int64) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.softSendQueueByteLimit = .max
        let manual = ManualClock()
        let net = try Loopback(limits: limits, clock: manual.clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let (_, server) = try await makeSlowReader(net, listener)
        manual.advance(microseconds: time)
        await net.server.shards[0].tick()
        if time >= 30_000_000 {
            #expect(try await net.serverLog.reason(server) == .writeStalled)
        } else {
            #expect(await net.server.shards[0].connectionCount == 1)
        }
        await net.end()
    }

    @Test func aSlowReaderThatReadsAgainGetsEverything() async throws {
        let net = try Loopback(reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let (client, server) = try await makeSlowReader(net, listener)
        await net.server.shards[0].enqueue(Chunk(Array("the end".utf8)), to: server)
        await net.client.shards[0].resumeReading(client)
        await net.clientLog.wait { CallLog.endsWith("the end", client, $0) }
        #expect(await net.server.shards[0].queuedByteCount(server) == 0)
        #expect(await net.server.shards[0].readStatistics().backlogByteCount == 0)
        await net.end()
    }

    @Test func theLargestQueueGoesWhenTheTotalIsExceeded() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.totalSendQueueByteLimit = 300_000
        let manual = ManualClock()
        let net = try Loopback(limits: limits, clock: manual.clock, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let (_, small) = try await makeSlowReader(net, listener)
        let (_, large) = try await makeSlowReader(net, listener, ordinal: 1)
        // Both at once: the kernel may have taken some of what waited before.
        func fill(to smallCount: Int) {
            net.server.shards[0].post { shard in
                for (id, count) in [(large, 200_000), (small, smallCount)] {
                    let missing = count - shard.queuedByteCount(id)
                    shard.enqueue(Chunk([UInt8](repeating: 0, count: missing)), to: id)
                }
            }
        }
        fill(to: 100_000)
        await net.server.shards[0].tick()
        #expect(await net.server.shards[0].connectionCount == 2, "at the limit")
        fill(to: 100_001)
        #expect(try await net.serverLog.reason(large) == .sendQueueTotalExceeded)
        #expect(await net.server.shards[0].connectionCount == 1)
        await net.end()
    }

    @Test(arguments: [(16_384, false), (16_385, true)])
    func anUnregisteredConnectionHasASmallQueue(_ count: Int, _ isClosed: Bool) async throws {
        let net = try Loopback(keepsUnregisteredLimit: true, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        let server = try await net.serverLog.accepted()
        await net.server.shards[0].enqueue(Chunk([UInt8](repeating: 0, count: count)), to: server)
        if isClosed {
            #expect(try await net.serverLog.reason(server) == .sendQueueExceeded)
        } else {
            #expect(await net.clientLog.waitForBytes(id, count: count).count == count)
        }
        await net.end()
    }

    @Test func aRoundLargerThanTheLimitReachesAReaderThatTakesIt() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.kernelSendBufferByteCount = 4 << 20
        let net = try Loopback(limits: limits, reaction: Loopback.silence)
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        let server = try await net.serverLog.accepted()
        net.server.shards[0].post { shard in
            for _ in 0..<20 { shard.enqueue(Chunk([UInt8](repeating: 3, count: 15_000)), to: server) }
        }
        #expect(await net.clientLog.waitForBytes(id, count: 300_000).count == 300_000)
        await net.end()
    }
}

@Suite(.timeLimit(.minutes(4))) struct AcceptLimitTests {
    @Test func oneConnectionTooManyFromOneAddressIsToldAndClosed() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.openPerNetworkLimit = 2
        limits.countsLoopback = true
        let net = try Loopback(limits: limits, refusalText: { _ in Array("ERROR :too many\r\n".utf8) })
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let first = await net.connect(listener)
        _ = await net.connect(listener)
        _ = try await net.serverLog.accepted(1)
        let third = await net.connect(listener)
        #expect(try await net.clientLog.reason(third) == .endOfStream)
        #expect(net.clientLog.bytes(third) == Array("ERROR :too many\r\n".utf8))
        #expect(await net.server.refusalCounts() == [.openPerNetworkLimit: 1])
        await net.client.shards[0].close(first, afterFlushing: false)
        let gone = try await net.serverLog.first { call -> ConnectionID? in
            if case .closed(let id, _) = call { return id }
            return nil
        }
        #expect(gone.shard == 0)
        while await net.server.openConnectionCount() > 1 { await Task.yield() }
        _ = await net.connect(listener)
        _ = try await net.serverLog.accepted(2)
        await net.end()
    }

    @Test func acceptingGoesOnAfterDescriptorsRanOut() async throws {
        let failures = Mutex(3)
        let systemAccept = NetworkOptions().accept
        var limits = NetLimits.unrestrictedAdmission
        limits.acceptPauseMilliseconds = 1
        let net = try Loopback(
            limits: limits,
            accept: { descriptor in
                let fails = failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return fails ? .exhausted(errno: 24) : systemAccept(descriptor)
            })
        let listener = try await net.server.listen(on: Loopback.anyPort)
        let id = await net.connect(listener)
        await net.send([9], id)
        #expect(await net.clientLog.waitForBytes(id, count: 1) == [9])
        await net.end()
    }

    @Test func aListenerAtRestCanBeShutDown() async throws {
        let failed = CallLog()
        var limits = NetLimits.unrestrictedAdmission
        limits.acceptPauseMilliseconds = 60_000
        let net = try Loopback(
            limits: limits,
            accept: { _ in
                failed.record(.received(ConnectionID(rawValue: 0), [1]))
                return .exhausted(errno: 24)
            })
        let listener = try await net.server.listen(on: Loopback.anyPort)
        _ = await net.connect(listener)
        await failed.wait { !$0.isEmpty }
        await net.end()
        #expect(failed.calls.count == 1, "it did not ask again at once")
    }
}

@Suite(.timeLimit(.minutes(4))) struct HandshakeLimitTests {
    @Test func garbageInsteadOfAHandshakeIsClosedAndOthersGoOn() async throws {
        let net = try Loopback()
        let identity = try Identity()
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        let garbage = await net.connect(listener)
        await net.send(Array("NICK ann\r\n".utf8), garbage)
        let peer = try await net.serverLog.accepted()
        guard case .tls = try await net.serverLog.reason(peer) else {
            Issue.record("another reason")
            return
        }
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let good = await net.connect(listener, tls: tls)
        await net.send([1, 2, 3], good)
        #expect(await net.clientLog.waitForBytes(good, count: 3) == [1, 2, 3])
        await net.end()
    }

    @Test func aHandshakeThatDoesNotEndIsClosedAtItsDeadline() async throws {
        let manual = ManualClock()
        let net = try Loopback(clock: manual.clock)
        let listener = try await net.server.listen(on: Loopback.anyPort, context: Identity().serverContext())
        _ = await net.connect(listener)
        let peer = try await net.serverLog.accepted()
        manual.advance(microseconds: 9_700_000)
        await net.server.shards[0].tick()
        #expect(await net.server.shards[0].connectionCount == 1)
        manual.advance(microseconds: 600_000)
        await net.server.shards[0].tick()
        #expect(try await net.serverLog.reason(peer) == .handshakeTimedOut)
        #expect(await net.server.shards[0].connectionCount == 0)
        await net.end()
    }

    private func isHeard(_ id: ConnectionID, _ net: Loopback) async -> Bool {
        await net.send([4], id)
        return await net.clientLog.waitForBytes(id, count: 1) == [4]
    }

    /// limits.md 4: too many that are not over. Whoever has been silent for longest, and for 2 s, makes room.
    @Test func theLongestSilentHandshakeMakesRoomForTheNext() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.waitingHandshakeLimit = 2
        let manual = ManualClock()
        let net = try Loopback(limits: limits, clock: manual.clock)
        let identity = try Identity()
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let first = await net.connect(listener)
        let firstPeer = try await net.serverLog.accepted(0)
        _ = await net.connect(listener)
        let secondPeer = try await net.serverLog.accepted(1)
        manual.advance(microseconds: 1_999_000)
        // Half a record: heard now, and after the second one.
        await net.send([22, 3, 1], first)
        while await net.server.shards[0].readStatistics().receiveCount < 1 { await Task.yield() }
        let refused = await net.connect(listener, tls: tls)
        _ = try await net.clientLog.reason(refused)
        manual.advance(microseconds: 1_000)
        let good = await net.connect(listener, tls: tls)
        #expect(await isHeard(good, net))
        #expect(try await net.serverLog.reason(secondPeer) == .handshakeDisplaced)
        #expect(await net.server.shards[0].info(of: firstPeer) != nil)
        // What is over does not count any more, and neither does what is closed.
        let third = await net.connect(listener)
        let thirdPeer = try await net.serverLog.accepted(3)
        await net.client.shards[0].close(third, afterFlushing: false)
        _ = try await net.serverLog.reason(thirdPeer)
        let another = await net.connect(listener, tls: tls)
        #expect(await isHeard(another, net))
        #expect(await net.server.shards[0].info(of: firstPeer) != nil)
        await net.end()
    }

    /// However many come at once, a round works on so many handshakes, and all have their turn.
    @Test(arguments: [1, 3, 20]) func aRoundWorksOnSoManyHandshakes(_ limit: Int) async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.handshakeLimit = limit
        let net = try Loopback(limits: limits)
        let identity = try Identity()
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let shard = net.server.shards[0]
        shard.executor.queue.suspend()
        var clients: [ConnectionID] = []
        for _ in 0..<20 { clients.append(await net.connect(listener, tls: tls)) }
        // All hellos are there when it gets to see them.
        while await net.client.shards[0].readStatistics().sendCount < 20 { await Task.yield() }
        shard.executor.queue.resume()
        for client in clients { #expect(await isHeard(client, net)) }
        #expect(await shard.readStatistics().handshakeTurnPeak == limit)
        await net.end()
    }

    /// A handshake that waits for its peer costs no time: silent, cut off and unanswered ones are in nobody's way.
    @Test func stuckHandshakesKeepNobodyWaiting() async throws {
        var limits = NetLimits.unrestrictedAdmission
        limits.handshakeLimit = 2
        let net = try Loopback(limits: limits, clock: ManualClock().clock)
        let identity = try Identity()
        let listener = try await net.server.listen(on: Loopback.anyPort, context: identity.serverContext())
        let pair = try EnginePair(identity.serverContext(), identity.clientContext(), trust: .callerDecides)
        _ = try pair.client.handshake()
        let hello = Array(pair.clientWindows.output)
        for number in 0..<9 {
            let stuck = await net.connect(listener)
            await net.send(Array(hello.prefix([0, hello.count / 2, hello.count][number % 3])), stuck)
            _ = try await net.serverLog.accepted(number)
        }
        let tls = ClientTLS(
            context: try identity.clientContext(), serverName: "localhost", trust: .callerDecides)
        let good = await net.connect(listener, tls: tls)
        #expect(await isHeard(good, net))
        #expect(await net.server.shards[0].connectionCount == 10)
        await net.end()
    }
}
