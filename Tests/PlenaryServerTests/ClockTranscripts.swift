// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// Somebody sets the host's clock while people talk: forward, back, by ten years, or it stands still. Times are "never
/// lower than the record's before" (docs/LOG-FORMAT.md, "Record"); deadlines go by the monotonic clock.
struct ClockTranscripts {
    /// What becomes of the wall clock.
    struct Jump: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var seconds: Int64 = 0
        /// From then on it does not move at all.
        var stands = false
    }

    static let jumps = [
        Jump(testDescription: "an hour forward", seconds: 3600),
        Jump(testDescription: "an hour back", seconds: -3600),
        Jump(testDescription: "a day forward", seconds: 86_400),
        Jump(testDescription: "a day back", seconds: -86_400),
        Jump(testDescription: "ten years back", seconds: -315_576_000),
        Jump(testDescription: "stopped", stands: true),
    ]

    static let sockets: [Transport] = [.tls, .plain]

    /// Both hands of the transcript's clock.
    private struct Hands {
        let script: Transcript
        let clock: ManualClock
        let jump: Jump

        init(_ script: Transcript, _ jump: Jump) throws {
            self.script = script
            clock = try #require(script.clock)
            self.jump = jump
        }

        /// Sets the wall clock once.
        func set() { clock.setWall(clock.clock.now() + jump.seconds * 1_000_000) }

        /// Time that really passes, after which the server looks at its time-outs.
        func pass(seconds: Int64) async { await pass(microseconds: seconds * 1_000_000) }

        func pass(microseconds: Int64) async {
            let wall = clock.clock.now()
            clock.advance(microseconds: microseconds)
            if jump.stands { clock.setWall(wall) }
            await script.server.tick()
        }
    }

    // MARK: Numbers and times

    private static let reader = ["message-tags", "server-time", "batch", "draft/chathistory"]

    /// "An event's number is its offset: 0 for the first, then one more each, without gap" (docs/LOG-FORMAT.md,
    /// "Numbers"); each record is later than the one before, and history is in the order in which people spoke; also
    /// when the server starts with its clock set back.
    @Test(arguments: Transport.allCases, jumps)
    func numbersAndTimesRiseWhateverTheClockDoes(over transport: Transport, jump: Jump) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.channels = [ChannelConfiguration(name: "tea", titles: [])]
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: configure) { script in
            let hands = try Hands(script, jump)
            var live: [HistoryTranscripts.Entry] = []
            for round in 0..<4 {
                // The third change is made while the server is down.
                if round == 3 {
                    hands.set()
                    try await script.restart()
                }
                let (ann, bob) = try await MembershipTranscripts.pair(script, [], Self.reader)
                for number in 0..<5 {
                    // Some in one microsecond, some with the jump between two messages of one person.
                    if number % 2 == 0 { await hands.pass(microseconds: 2000) }
                    if number == 3, round < 3 { hands.set() }
                    ann.send("PRIVMSG #tea :\(round).\(number)")
                    await ann.drain()
                }
                live += await bob.drain().map(HistoryTranscripts.entry)
                let all = try await HistoryTranscripts.ask(bob, "LATEST #tea * 50")
                #expect(all == live, "what was heard, in its order")
                let first = try #require(live.first)
                let later = try await HistoryTranscripts.ask(bob, "AFTER #tea msgid=\(first.id) 50")
                #expect(later == Array(live.dropFirst()))
                ann.disconnect()
                bob.disconnect()
            }
            #expect(live.map(\.text) == (0..<20).map { "\($0 / 5).\($0 % 5)" })
            #expect(Set(live.map(\.id)).count == 20)
            #expect(live.map(\.time) == live.map(\.time).sorted())
            try await script.restart()
            var records: [LoggedEvent] = []
            try PlenaryLog.dump(directory: script.configuration.dataDirectory) { records.append($0) }
            #expect(records.map(\.offset.value) == Array(0..<UInt64(records.count)))
            let times = records.map(\.time.microseconds)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
            #expect(records.count >= 20)
        }
    }

    // MARK: Time-outs

    private func answer(_ client: TranscriptClient, _ token: String) async throws {
        client.send("PING \(token)")
        try await client.expect(":srv PONG plenary.test :\(token)")
    }

    /// limits.md 5, 6 and 7: 30 s to register, PING after 90 s of silence, closed after 150 s, a line finished in
    /// 30 s; to the second, whatever the wall clock does meanwhile.
    @Test(arguments: sockets, jumps)
    func timeOutsKeepToTheirSeconds(over transport: Transport, jump: Jump) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let hands = try Hands(script, jump)
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            let late = try await script.open("late")
            try await answer(late, "here")
            bob.send(bytes: Array("PING y\r\nPI".utf8))
            try await bob.expect(":srv PONG * :y")
            await hands.pass(seconds: 15)
            hands.set()
            await hands.pass(seconds: 14)
            try await answer(late, "still")
            #expect(bob.untakenLines == [])
            await hands.pass(seconds: 1)
            try await late.expect("ERROR :Closing link: Registration timed out")
            try await late.expectClosed()
            try await bob.expect("ERROR :Closing link: A line was not finished in time")
            try await bob.expectClosed()
            await hands.pass(seconds: 30)
            hands.set()
            await hands.pass(seconds: 29)
            #expect(ann.untakenLines == [])
            await hands.pass(seconds: 1)
            try await ann.expect("PING :plenary.test")
            hands.set()
            await hands.pass(seconds: 59)
            #expect(ann.untakenLines == [])
            await hands.pass(seconds: 1)
            try await ann.expect("ERROR :Closing link: Ping timeout: 150 seconds")
            try await ann.expectClosed()
        }
    }

    /// limits.md 14: a command bucket fills by the seconds that pass, and by no others.
    @Test(arguments: sockets, jumps)
    func floodControlWaitsForSecondsThatPass(over transport: Transport, jump: Jump) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.limits.commandBurst = 10
            configuration.limits.arrivalCommandAllowance = 0
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: configure) { script in
            let hands = try Hands(script, jump)
            let bob = try await script.open("bob")
            let ann = try await script.register("ann")
            await hands.pass(seconds: 20)
            ann.send(bytes: Array(String(repeating: "PING x\r\n", count: 20).utf8))
            for _ in 0..<20 { try await ann.expect(":srv PONG * :x") }
            // 10 commands behind: 5 seconds.
            ann.send("PING later")
            hands.set()
            await hands.pass(seconds: 4)
            try await answer(bob, "meanwhile")
            #expect(ann.untakenLines == [])
            await hands.pass(seconds: 2)
            try await ann.expect(":srv PONG * :later")
        }
    }

    // MARK: Rates

    private func limited(_ configuration: inout ServerConfiguration) {
        configuration.policy.limits.rates = CommunityLimits().rates
        configuration.limits.loginFailureLimit = 5
    }

    /// limits.md 15: three changes of nickname a minute, a minute of seconds that pass.
    @Test(arguments: Transport.allCases, jumps)
    func ratesCountTheSecondsThatPass(over transport: Transport, jump: Jump) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: limited) { script in
            let hands = try Hands(script, jump)
            let ann = try await script.register("ann")
            ann.send("NICK a", "NICK b", "NICK c")
            try await ann.expect(":ann!* NICK :a", ":a!* NICK :b", ":b!* NICK :c")
            hands.set()
            ann.send("NICK d")
            try await ann.expect(
                ":srv FAIL NICK RATE_LIMITED :That was too often; try again in 60 s")
            await hands.pass(seconds: 30)
            hands.set()
            await hands.pass(seconds: 29)
            ann.send("NICK e")
            try await ann.expect(":srv FAIL NICK RATE_LIMITED :That was too often; try again in 1 s")
            await hands.pass(seconds: 1)
            ann.send("NICK f")
            try await ann.expect(":c!* NICK :f")
        }
    }

    /// limits.md 23: five failed logins in five minutes, "never a full lock-out": neither does a clock set back lock
    /// anybody out, nor one set forward let a guesser try again.
    @Test(arguments: Transport.allCases, jumps)
    func guessersAndOwnersWaitForSecondsThatPass(over transport: Transport, jump: Jump) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: limited) { script in
            let hands = try Hands(script, jump)
            try await script.addAccount("ann", password: "correct horse")
            func signIn(_ password: String) async throws -> String {
                let client = try await script.open("client")
                client.send("CAP REQ sasl", "AUTHENTICATE PLAIN")
                client.send("AUTHENTICATE \(client.plain("ann", password))")
                try await client.expect(":srv CAP * ACK :sasl", "AUTHENTICATE +")
                let answer = try await client.next()
                client.disconnect()
                return String(answer.split(separator: " ")[1])
            }
            for _ in 0..<5 { #expect(try await signIn("wrong") == "904") }
            hands.set()
            await hands.pass(seconds: 299)
            #expect(try await signIn("correct horse") == "904")
            await hands.pass(seconds: 1)
            #expect(try await signIn("correct horse") == "900")
        }
    }

    /// limits.md 12: a multiline batch has 10 seconds.
    @Test(arguments: Transport.allCases, jumps)
    func aBatchHasTenSecondsThatPass(over transport: Transport, jump: Jump) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let hands = try Hands(script, jump)
            let capabilities = [
                "message-tags", "batch", "labeled-response", "echo-message", "draft/multiline",
            ]
            let (ann, bob) = try await MembershipTranscripts.pair(script, capabilities)
            ann.send("@label=a BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :in time")
            await ann.drain()
            hands.set()
            await hands.pass(seconds: 10)
            ann.send("BATCH -1")
            try await ann.expect("@label=a;* :ann!* PRIVMSG #tea :in time")
            try await bob.expect(":ann!* PRIVMSG #tea :in time")
            ann.send("@label=b BATCH +2 draft/multiline #tea", "@batch=2 PRIVMSG #tea :late")
            await ann.drain()
            hands.set()
            await hands.pass(seconds: 11)
            ann.send("BATCH -2")
            try await ann.expect("@label=b :srv FAIL BATCH MULTILINE_INVALID :*")
            try await bob.expectNothing()
        }
    }
}
