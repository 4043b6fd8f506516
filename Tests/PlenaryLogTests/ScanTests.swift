// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// Reading by offset, over several segments, against what was appended.
struct ScanTests {
    private func events(_ log: RunningLog, at numbers: [UInt64]) throws -> [LoggedEvent] {
        let done = Handover<Result<[LoggedEvent], LogError>>()
        log.opened.history.events(at: numbers.map { Offset($0) }) { done.put($0) }
        return try #require(done.take()).get()
    }

    private func scan(_ log: RunningLog, from number: UInt64, limit: Int) throws -> LogScan {
        let done = Handover<Result<LogScan, LogError>>()
        log.opened.history.events(from: Offset(number), limit: limit) { done.put($0) }
        return try #require(done.take()).get()
    }

    /// Some hundred events of all lengths, one of them as long as a record may be, and marks between them.
    private func fill(_ log: RunningLog, _ random: inout SeededRandom) -> [Event] {
        var events: [Event] = []
        for round in 0..<40 {
            var batch: [Event] = []
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let length = Int.random(in: 0...300, using: &random)
                batch.append(
                    batch.count % 7 == 6
                        ? Sample.topic("t\(round)")
                        : Sample.message("m\(round)" + String(repeating: "y", count: length)))
            }
            if round == 20 { batch.append(Sample.message(String(repeating: "z", count: 40_000))) }
            #expect(log.append(batch))
            log.writeWatermark()
            events += batch
        }
        return events
    }

    @Test func aScanInSmallStepsSeesEveryEventOnce() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("aScanInSmallStepsSeesEveryEventOnce: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration(segmentByteCount: 65_536))
        let events = fill(log, &random)
        for start in [0, 1, 63, 64, 65, events.count - 1, events.count] {
            var seen: [Event] = []
            var next = Offset(UInt64(start))
            while true {
                let limit = Int.random(in: 1...100, using: &random)
                let found = try scan(log, from: next.value, limit: limit)
                #expect(found.events.count <= limit)
                seen += found.events.map(\.event)
                next = found.next
                if found.isAtEnd { break }
                #expect(!found.events.isEmpty)
            }
            #expect(seen == Array(events[start...]), "seed \(seed) from \(start)")
            #expect(next.value == UInt64(events.count))
        }
        let beyond = try scan(log, from: UInt64(events.count) + 5, limit: 10)
        #expect(beyond.events == [] && beyond.isAtEnd)
        let none = try scan(log, from: 0, limit: 0)
        #expect(none.events == [])
        #expect(log.close() == nil)
    }

    @Test func scatteredEventsComeInTheOrderTheyWereAskedFor() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("scatteredEventsComeInTheOrderTheyWereAskedFor: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration(segmentByteCount: 65_536))
        let events = fill(log, &random)
        for _ in 0..<60 {
            let numbers = (0..<Int.random(in: 0...100, using: &random)).map { _ in
                UInt64.random(in: 0..<UInt64(events.count + 3), using: &random)
            }
            let found = try self.events(log, at: numbers)
            let expected = numbers.filter { $0 < UInt64(events.count) }
            #expect(found.map(\.offset.value) == expected, "seed \(seed)")
            #expect(found.map(\.event) == expected.map { events[Int($0)] }, "seed \(seed)")
        }
        let nearTheEnd = try self.events(log, at: [.max, UInt64(events.count - 1)])
        #expect(nearTheEnd.map(\.offset.value) == [UInt64(events.count - 1)])
        #expect(log.close() == nil)
    }

    @Test func anEmptyLogHasNothingToRead() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        let scattered = try events(log, at: [0, 7])
        let stretch = try scan(log, from: 0, limit: 5)
        #expect(scattered == [])
        #expect(stretch == LogScan(events: [], next: Offset(0), isAtEnd: true))
        #expect(log.close() == nil)
    }
}
