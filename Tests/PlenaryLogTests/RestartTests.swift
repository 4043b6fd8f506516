// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Testing

/// What was acknowledged is there after a restart, clean or not (log.md, P1 to P3).
struct RestartTests {
    @Test func emptyLogBeginsAtOffsetZero() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        #expect(log.opened.nextOffset == Offset(0))
        #expect(log.replayed.isEmpty)
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(again.opened.nextOffset == Offset(0))
        #expect(again.close() == nil)
    }

    @Test func everyEventSurvivesARestartInOrder() throws {
        let scratch = ScratchDirectory()
        // All of them in one segment, with room for its seal.
        let log = try RunningLog(scratch.configuration(segmentByteCount: 65_536))
        #expect(log.append(Sample.everyEvent))
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration(segmentByteCount: 65_536))
        #expect(again.replayed.map(\.event) == Sample.everyEvent)
        #expect(again.replayed.map(\.offset.value) == Array(0..<UInt64(Sample.everyEvent.count)))
        #expect(again.opened.report.wasClosedCleanly)
        #expect(again.close() == nil)
    }

    @Test func rotationKeepsEveryEventAcrossManySegments() throws {
        let scratch = ScratchDirectory()
        var log = try RunningLog(scratch.configuration())
        var expected: [Event] = []
        for round in 0..<5 {
            for number in 0..<60 {
                let event = Sample.message(
                    "round \(round) message \(number) " + String(repeating: "x", count: 200))
                expected.append(event)
                #expect(log.append([event]))
            }
            #expect(log.close() == nil)
            log = try RunningLog(scratch.configuration())
            #expect(log.replayed.map(\.event) == expected)
        }
        #expect(log.opened.report.segmentCount >= 5)
        let all = try log.fetch(.latest(after: nil), 1_000)
        #expect(all.events.map(\.event) == expected)
        #expect(all.isComplete)
        #expect(log.close() == nil)
    }
}
