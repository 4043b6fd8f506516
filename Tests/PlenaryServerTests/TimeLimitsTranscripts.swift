// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// What the edge limits by time and number (limits.md 2, 5–8, 14), with a clock that only the test turns.
struct TimeLimitsTranscripts {
    static let transports: [Transport] = [.tls, .plain]

    private func answer(_ client: TranscriptClient, _ token: String) async throws {
        client.send("PING \(token)")
        try await client.expect(":srv PONG plenary.test :\(token)")
    }

    /// limits.md 5: registration within 30 s, else ERROR and close. Others are not concerned.
    @Test(arguments: transports)
    func registrationHasThirtySeconds(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let ann = try await script.register("ann")
            let late = try await script.open("late")
            try await answer(late, "a")
            try await script.turnClock(seconds: 29)
            try await answer(late, "b")
            try await script.turnClock(seconds: 1)
            try await late.expect("ERROR :Closing link: Registration timed out")
            try await late.expectClosed()
            try await answer(ann, "c")
        }
    }

    /// limits.md 5: 64 lines and 16 KiB before the welcome.
    @Test(arguments: transports)
    func registrationHasSixtyFourLines(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let ann = try await script.open("ann")
            for index in 0..<63 { try await answer(ann, "p\(index)") }
            ann.send("NICK", "PING x")
            try await ann.skip(to: "ERROR :Closing link: Registration timed out")
            let bob = try await script.open("bob")
            let line = Array("PING x ".utf8) + [UInt8](repeating: 98, count: 493) + [13, 10]
            for _ in 0..<32 { bob.send(bytes: line) }
            for _ in 0..<32 { try await bob.expect(":srv PONG * :x") }
            bob.send(bytes: Array(line.prefix(384)))
            bob.send(bytes: [98])
            try await bob.expect("ERROR :Closing link: *")
            try await bob.expectClosed()
        }
    }

    /// limits.md 6: PING after 90 s of silence, close after 150 s; an answer, or anything else, is enough.
    @Test(arguments: transports)
    func silenceIsAskedAboutAndEnds(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            for client in [ann, bob] { client.send("JOIN #c") }
            for client in [ann, bob] { await client.drain() }
            try await script.turnClock(seconds: 89)
            try await ann.expectNothing()
            try await bob.expectNothing()
            try await script.turnClock(seconds: 89)
            try await script.turnClock(seconds: 1)
            try await bob.expect("PING :plenary.test")
            try await ann.expect("PING :plenary.test")
            ann.send("PONG plenary.test")
            try await answer(ann, "still-here")
            try await script.turnClock(seconds: 59)
            try await answer(ann, "still")
            try await script.turnClock(seconds: 1)
            try await bob.expect("ERROR :Closing link: Ping timeout: 150 seconds")
            try await bob.expectClosed()
            try await ann.expect(":bob!* QUIT :Ping timeout: 150 seconds")
        }
    }

    /// limits.md 7: a line may stay unfinished for 30 s. Lines that end begin a new span.
    @Test(arguments: transports)
    func aLineIsFinishedInThirtySeconds(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let ann = try await script.register("ann")
            ann.send(bytes: Array("PING a\r\nPI".utf8))
            try await ann.expect(":srv PONG * :a")
            try await script.turnClock(seconds: 29)
            ann.send(bytes: Array("NG b\r\nPI".utf8))
            try await ann.expect(":srv PONG * :b")
            try await script.turnClock(seconds: 29)
            ann.send(bytes: Array("NG c\r\nPI".utf8))
            try await ann.expect(":srv PONG * :c")
            try await script.turnClock(seconds: 30)
            try await ann.expect("ERROR :Closing link: A line was not finished in time")
            try await ann.expectClosed()
        }
    }

    /// limits.md 8: lines too long are 417, three within 60 s close.
    @Test(arguments: transports)
    func threeOverlongLinesClose(over transport: Transport) async throws {
        try await Transcript.run(
            transport, clock: ManualClock(), configure: { $0.limits.overlongLineLimit = 3 }
        ) {
            script in
            let ann = try await script.register("ann")
            let long = String(repeating: "x", count: 511)
            for _ in 0..<2 {
                ann.send(long, long)
                try await ann.expect(":srv 417 *", ":srv 417 *")
                try await script.turnClock(seconds: 60)
            }
            ann.send(long)
            try await ann.expect(":srv 417 *")
            ann.send(long)
            try await ann.expect(":srv 417 *")
            ann.send("@\(String(repeating: "t", count: 4200)) PING x")
            try await ann.skip(to: "ERROR :Closing link: Too many lines that were too long")
        }
    }

    /// Ten commands at once from the welcome on, and no more for whoever has just come.
    private func tenAtOnce(_ configuration: inout ServerConfiguration) {
        configuration.limits.commandBurst = 10
        configuration.limits.arrivalCommandAllowance = 0
    }

    /// limits.md 14: 10 commands at once and 2 a second; who is behind waits, who is over 60 s behind is closed
    /// with "Excess Flood". Others do not wait.
    @Test(arguments: transports)
    func floodsAreSlowedAndThenClosed(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: tenAtOnce) { script in
            let bob = try await script.register("bob")
            bob.send("JOIN #c")
            await bob.drain()
            try await script.turnClock(seconds: 10)
            let ann = try await script.register("ann")
            ann.send("JOIN #c")
            await ann.drain()
            try await bob.expect(":ann!* JOIN #c")
            ann.send(bytes: Array(String(repeating: "PING x\r\n", count: 20).utf8))
            for _ in 0..<20 { try await ann.expect(":srv PONG * :x") }
            // Paused now: what comes is read when the bucket has filled again.
            ann.send("PING later")
            try await answer(bob, "not-waiting")
            for _ in 0..<30 { try await script.turnClock(seconds: 1) }
            try await ann.expect(":srv PONG * :later")
            for _ in 0..<20 { try await script.turnClock(seconds: 1) }
            ann.send(bytes: Array(String(repeating: "PING x\r\n", count: 150).utf8))
            try await ann.skip(to: "ERROR :Closing link: Excess Flood")
            try await bob.expect(":ann!* QUIT :Excess Flood")
        }
    }

    /// limits.md 14: what one write holds beyond a limit is not carried out: 10 at once and 60 s at 2 a second, and the
    /// line that is too much.
    @Test(arguments: transports)
    func aFloodInOneWriteGoesNoFurtherThanTheLimit(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: tenAtOnce) { script in
            let (ann, bob) = (try await script.register("ann"), try await script.register("bob"))
            for client in [ann, bob] { client.send("JOIN #c") }
            for client in [ann, bob] { await client.drain() }
            try await script.turnClock(seconds: 10)
            await bob.drain()
            ann.send(bytes: Array(String(repeating: "PRIVMSG #c :x\r\n", count: 1_000).utf8))
            try await ann.skip(to: "ERROR :Closing link: Excess Flood")
            var count = 0
            while try await bob.next().contains(" PRIVMSG ") { count += 1 }
            #expect((120...131).contains(count), "\(count) messages")
        }
    }

    /// Whoever is made to wait is not blamed for a line that waits as well, nor for silence.
    @Test(arguments: transports)
    func whoIsNotReadIsNotLate(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: tenAtOnce) { script in
            let ann = try await script.register("ann")
            try await script.turnClock(seconds: 10)
            ann.send(bytes: Array((String(repeating: "PING x\r\n", count: 100) + "PI").utf8))
            for _ in 0..<100 { try await ann.expect(":srv PONG * :x") }
            ann.send("NG later")
            for _ in 0..<46 { try await script.turnClock(seconds: 1) }
            try await ann.expect(":srv PONG * :later")
        }
    }

    /// limits.md 14: so many bytes at once and so many a second, whatever the lines say; others do not wait.
    @Test(arguments: transports)
    func bytesAreSlowedToo(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.limits.commandBurst = 10_000
            configuration.limits.byteBurst = 2048
            configuration.limits.bytesPerSecond = 256
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: configure) { script in
            let bob = try await script.register("bob")
            let ann = try await script.register("ann")
            try await script.turnClock(seconds: 10)
            let line = "PING " + String(repeating: "x", count: 505)
            for _ in 0..<4 {
                ann.send(line)
                try await ann.expect(":srv PONG *")
            }
            // One more is 512 bytes too many: two seconds.
            ann.send(line)
            try await ann.expect(":srv PONG *")
            ann.send("PING later")
            try await script.turnClock(seconds: 1)
            try await answer(bob, "not-waiting")
            #expect(ann.untakenLines == [])
            try await script.turnClock(seconds: 1)
            try await ann.expect(":srv PONG * :later")
        }
    }

    /// docs/decisions/0105: at the welcome the bucket is full, with 40 tokens beyond it that do not come back.
    @Test(arguments: transports)
    func whoArrivesHasAnAllowance(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: { $0.limits.commandBurst = 10 })
        { script in
            let ann = try await script.register("ann")
            let lines = Array(String(repeating: "PING x\r\n", count: 48).utf8)
            ann.send(bytes: lines)
            for _ in 0..<48 { try await ann.expect(":srv PONG * :x") }
            ann.send("PING still")
            try await ann.expect(":srv PONG * :still")
            // Used up: the burst alone comes back.
            for _ in 0..<20 { try await script.turnClock(seconds: 1) }
            ann.send(bytes: Array(String(repeating: "PING y\r\n", count: 14).utf8))
            for _ in 0..<14 { try await ann.expect(":srv PONG * :y") }
            ann.send("PING later")
            let bob = try await script.open("bob")
            bob.send("PING here")
            try await bob.expect(":srv PONG * :here")
            #expect(ann.untakenLines == [])
            for _ in 0..<20 { try await script.turnClock(seconds: 1) }
            try await ann.expect(":srv PONG * :later")
        }
    }

    /// limits.md 2: open connections of one network; the newest is told why and closed.
    @Test func aNetworkHasSoManyConnections() async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.network.openPerNetworkLimit = 2
            configuration.network.countsLoopback = true
        }
        try await Transcript.run(.plain, configure: configure) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            let eve = try await script.open("eve")
            try await eve.expect("ERROR :Closing link: Too many connections from your network")
            try await eve.expectClosed()
            try await answer(ann, "x")
            try await answer(bob, "x")
        }
    }

    /// conformance.md: stopping says ERROR to everybody.
    @Test(arguments: Transport.allCases)
    func stoppingSaysWhy(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            try await script.restart()
            try await ann.expect("ERROR :Closing link: The server is stopping")
            try await ann.expectClosed()
        }
    }
}
