// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization
import Testing

/// The power fails after every single call, and the disk keeps a random part of what was not synced
/// (testing.md, T7). Acknowledged messages are there at the next start, in order, and the start succeeds
/// by itself; the same when the power fails again while it starts.
struct PowerCutTests {
    private static let messages = (0..<90).map {
        Sample.message("message \($0) " + String(repeating: "p", count: 300))
    }

    /// Crash states tried after each call.
    private static var stateCount: Int {
        var isDebug = false
        assert(
            {
                isDebug = true; return true
            }())
        // `make soak` tries a hundred thousand and more in all (testing.md, T7).
        return isDebug ? 1 : getenv("PLENARY_SOAK") == nil ? 12 : 160
    }

    private static func configuration(_ fills: Bool = false) -> LogConfiguration {
        LogConfiguration(
            directory: "/model", segmentByteCount: 16_384, watermarkDelayMilliseconds: nil,
            fillsNextSegment: fills)
    }

    private final class Tally: Sendable {
        let acknowledged = Atomic<Int>(0)
        let triedCount = Atomic<Int>(0)
        let faults = Mutex<[String]>([])

        func fault(_ text: String) {
            faults.withLock { if $0.count < 5 { $0.append(text) } }
        }
    }

    /// Opens what a crash left and compares. `depth` more crashes happen meanwhile.
    private static func check(
        _ image: ModelDisk.Image, seed: UInt64, atLeast acknowledged: Int, depth: Int, _ tally: Tally
    ) {
        let disk = ModelDisk(image, seed: seed) { ordinal, disk in
            guard depth > 0, (ordinal &+ Int(truncatingIfNeeded: seed)) % 5 == 0 else { return }
            check(disk.crash(), seed: seed &+ UInt64(ordinal), atLeast: acknowledged, depth: depth - 1, tally)
        }
        tally.triedCount.add(1, ordering: .relaxed)
        do {
            let opened = try Log.open(configuration(), files: disk)
            var found: [Event] = []
            try opened.replay { if case .messagePosted = $0.event { found.append($0.event) } }
            if found != Array(messages.prefix(found.count)) {
                tally.fault("seed \(seed): other messages came back")
            }
            if found.count < acknowledged {
                tally.fault("seed \(seed): \(found.count) of \(acknowledged) acknowledged messages came back")
            }
            if opened.nextOffset.value != UInt64(found.count) {
                tally.fault("seed \(seed): wrong next offset")
            }
            opened.abandon()
        } catch {
            tally.fault("seed \(seed): the start was refused: \(error)")
        }
    }

    @Test func acknowledgedMessagesSurviveAPowerCutAfterEveryCall() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("acknowledgedMessagesSurviveAPowerCutAfterEveryCall: seed \(seed)")
        let tally = Tally()
        let disk = ModelDisk(seed: seed) { ordinal, disk in
            // What is acknowledged by now; the crash happens after it.
            let acknowledged = tally.acknowledged.load(ordering: .sequentiallyConsistent)
            PowerCutTests.check(disk.kill(), seed: seed, atLeast: acknowledged, depth: 0, tally)
            for state in 0..<PowerCutTests.stateCount {
                PowerCutTests.check(
                    disk.crash(), seed: seed &+ UInt64(ordinal * 256 + state), atLeast: acknowledged,
                    depth: state % 4 == 0 ? 1 : 0, tally)
            }
        }
        for part in 0..<3 {
            let log = try RunningLog(PowerCutTests.configuration(part == 1), files: disk)
            for place in part * 30..<part * 30 + 30 {
                #expect(log.append([PowerCutTests.messages[place]]))
                tally.acknowledged.store(place + 1, ordering: .sequentiallyConsistent)
                if place % 11 == 0 { log.writeWatermark() }
                // A snapshot that rebuilds the messages themselves, so that replay shows all of them.
                if place % 13 == 12 {
                    let events = (0...place).map { Sample.logged(UInt64($0), PowerCutTests.messages[$0]) }
                    #expect(log.snapshot(events) == nil)
                }
            }
            log.waitForBackground()
            if part < 2 { #expect(log.close() == nil) }
        }
        #expect(tally.faults.withLock { $0 } == [])
        #expect(tally.triedCount.load(ordering: .relaxed) > 300)
        print(
            "power cuts: \(tally.triedCount.load(ordering: .relaxed)) states after \(disk.operationCount) calls"
        )
    }
}
