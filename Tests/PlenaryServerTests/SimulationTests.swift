// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryLog
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

extension Simulation {
    // MARK: Deeds

    /// One deed of one person, or of the clock.
    func act() async throws {
        if people.count < 5, chance(people.isEmpty ? 100 : 15) { return try await connect() }
        guard let person = pick(people), !person.isGone else { return }
        let channel = pick(Simulation.lasting + ["#d"]) ?? "#a"
        switch Int.random(in: 0..<100, using: &numbers) {
        case 0..<20: person.client.send("JOIN \(channel)")
        case 20..<55: person.client.send(message(to: pick(Array(person.channels).sorted()) ?? channel))
        case 55..<60: person.client.send(reply(in: channel))
        case 60..<64: person.client.send("PART \(channel) :enough")
        case 64..<67: person.client.send("NICK q\(Int.random(in: 0..<12, using: &numbers))")
        case 67..<70: await redact(by: chance(50) ? auditor : person)
        case 70..<73: (chance(60) ? auditor : person).client.send("KICK \(channel) \(person.nick) :out")
        case 73..<76:
            (chance(60) ? auditor : person).client.send(
                "MODE \(channel) \(pick(["+m", "-m", "+t", "-t"]) ?? "")")
        case 76..<78: (chance(60) ? auditor : person).client.send("MODE \(channel) +v \(person.nick)")
        case 78..<81: person.client.send("TOPIC \(channel) :topic \(messageCount)")
        case 81..<84: thread(by: chance(50) ? auditor : person, in: channel)
        case 84..<86: person.client.send("AWAY :out", "AWAY")
        case 86..<88: person.client.send("@+typing=active TAGMSG \(channel)")
        case 88..<91: leave(person)
        default: await turnClock()
        }
    }

    private func connect() async throws {
        personCount += 1
        let hasAccount = chance(20) && !people.contains { $0.nick == "acc" }
        // A nickname may be in use, or an account's: the runner takes free ones.
        let person = try await Simulation.arrive(
            script, hasAccount ? "acc" : "p\(personCount)", password: hasAccount ? "correct horse" : nil)
        people.append(person)
    }

    private func message(to channel: String) -> String {
        messageCount += 1
        return "\(chance(90) ? "PRIVMSG" : "NOTICE") \(channel) :message \(messageCount)"
    }

    private func reply(in channel: String) -> String {
        messageCount += 1
        let id = pick(told[channel] ?? []) ?? "none"
        return "@+draft/reply=\(id) PRIVMSG \(channel) :reply \(messageCount)"
    }

    private func redact(by person: Person) async {
        guard let channel = pick(Simulation.lasting), let id = pick(told[channel] ?? []) else { return }
        person.client.send("REDACT \(channel) \(id) :taken back")
    }

    private func thread(by person: Person, in channel: String) {
        let number = Int.random(in: 1...3, using: &numbers)
        let deeds = [
            "THREAD \(channel) CREATE * :thread \(messageCount)",
            "THREAD \(channel)/\(number) TITLE :other \(messageCount)",
            "THREAD \(channel)/\(number) CLOSE", "THREAD \(channel)/\(number) REOPEN",
            "THREAD \(channel)/\(number) PIN",
        ]
        person.client.send(pick(deeds) ?? "")
    }

    private func leave(_ person: Person) {
        person.isGone = true
        if chance(50) { person.client.send("QUIT :bye") } else { person.client.disconnect() }
    }

    private func turnClock() async {
        guard let clock = script.clock else { return }
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: clock.setWall(clock.clock.now() - 3_600_000_000)
        case 1: clock.setWall(clock.clock.now() + 86_400_000_000)
        default: clock.advance(microseconds: Int64.random(in: 1...5_000_000, using: &numbers))
        }
        await script.server.tick()
    }
}

/// What holds whatever happens, shown on many random days of a whole server. `PLENARY_SOAK=1` tries more seeds,
/// `PLENARY_SEED=N` one again.
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// How many lanes share the seeds; the runner has as many at once.
    private static let laneCount = 4
    private static let seedCount = environment["PLENARY_SOAK"] == nil ? 100 : 4000

    private struct Outcome: Sendable, Equatable {
        var messageCount: Int
        var eventCount: Int
        var checkCount: Int
        var restartCount: Int
        var faults: [String]
    }

    private func live(_ seed: UInt64, steps: Int) async throws -> Outcome {
        var outcome = Outcome(
            messageCount: 0, eventCount: 0, checkCount: 0, restartCount: 0, faults: [])
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.channels = Simulation.lasting.map {
                ChannelConfiguration(name: String($0.dropFirst()), titles: [])
            }
        }
        try await Transcript.run(.memory, clock: ManualClock(), configure: configure) { script in
            let day = try await Simulation(seed: seed, script: script)
            try await day.run(steps: steps)
            // Each message has its number, and no number is left out.
            try await script.restart()
            var offsets: [UInt64] = []
            try PlenaryLog.dump(directory: script.configuration.dataDirectory) {
                offsets.append($0.offset.value)
            }
            if offsets != Array(0..<UInt64(offsets.count)) { day.fault("numbers have a gap: \(offsets)") }
            outcome = Outcome(
                messageCount: day.told.values.reduce(0) { $0 + $1.count },
                eventCount: offsets.count, checkCount: day.checkCount, restartCount: day.restartCount,
                faults: day.faults)
        }
        return outcome
    }

    /// Nobody hears what is not for them; what was told is in the history, once and in order; everybody sees the same
    /// members; numbers have no gap; and the log alone gives the state (the runner looks).
    @Test(arguments: 0..<laneCount) func everyDayIsAsItShouldBe(lane: Int) async throws {
        let first = Self.environment["PLENARY_SEED"].flatMap { UInt64($0) }
        let start = first ?? UInt64.random(in: 0...(1 << 40))
        print("simulation: seeds from \(start), lane \(lane); repeat one with PLENARY_SEED=N")
        var messages = 0
        var checks = 0
        let began = ContinuousClock.now
        let seeds = first == nil ? Self.seedCount / Self.laneCount : lane == 0 ? 1 : 0
        for number in 0..<seeds {
            let seed = start + UInt64(number)
            let outcome = try await live(seed, steps: 64)
            #expect(outcome.faults == [])
            messages += outcome.messageCount
            checks += outcome.checkCount
        }
        let time = ContinuousClock.now - began
        print("simulation: lane \(lane), \(seeds) seeds, \(messages) messages, \(checks) checks, \(time)")
        #expect(messages >= seeds * 10, "too little happened")
    }

    /// The same seed does the same deeds, so that a fault comes again; keys and ids are others each time, and with them
    /// the order of some lines.
    @Test func theSameSeedDoesTheSame() async throws {
        for seed in UInt64(1)...4 {
            let one = try await live(seed, steps: 40)
            let other = try await live(seed, steps: 40)
            #expect(one == other, "seed \(seed)")
            #expect(one.messageCount > 5 && one.restartCount == 1)
        }
    }
}
