// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryLog
import PlenaryQueues
import PlenaryTerms
import Synchronization
import Testing

/// Order, barriers, back-pressure and rotation by age.
struct WriterTests {
    @Test func workRunsInOrderAndAnEmptyAppendIsABarrier() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        let order = Mutex<[Int]>([])
        let done = Handover<Bool>()
        for number in 0..<300 {
            let events = number % 3 == 0 ? [] : log.number([Sample.message("m\(number)")])
            log.writer.append(events) { order.withLock { $0.append(number) } }
        }
        log.writer.append([]) { done.put(true) }
        #expect(done.take() == true)
        #expect(order.withLock { $0 } == Array(0..<300))
        #expect(log.writer.pendingByteCount == 0)
        #expect(log.close() == nil)
    }

    /// A group has one sync however many appends it gathers.
    @Test func waitingAppendsShareOneSync() throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(segmentByteCount: 1 << 20), files: files)
        log.waitForBackground()
        files.resetCounts()
        let gate = Handover<Bool>()
        let done = Handover<Bool>()
        // The log's queue is held while 200 appends gather.
        let began = Handover<Bool>()
        log.writer.append([]) {
            began.put(true)
            _ = gate.take()
        }
        #expect(began.take() == true)
        for number in 0..<200 { log.writer.append(log.number([Sample.message("m\(number)")])) {} }
        #expect(log.writer.pendingByteCount > 200 * 100)
        log.writer.append([]) { done.put(true) }
        gate.put(true)
        #expect(done.take() == true)
        let syncCount = files.calls.filter { $0.name == "fdatasync" && $0.path.hasSuffix(".seg") }.count
        #expect(syncCount == 1)
        #expect(log.close() == nil)
    }

    /// docs/DURABILITY.md: no acknowledgement before the fdatasync of what it is for has returned.
    @Test func nothingIsAcknowledgedBeforeItsSyncHasReturned() throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(segmentByteCount: 1 << 20), files: files)
        log.waitForBackground()
        files.resetCounts()
        for number in 1...20 {
            let syncCount = Handover<Int>()
            log.writer.append(log.number([Sample.message("m\(number)")])) {
                syncCount.put(files.syncedPaths.count { $0.hasSuffix(".seg") })
            }
            #expect(syncCount.take() == number)
        }
        #expect(log.close() == nil)
    }

    @Test func segmentOfADayIsClosed() throws {
        let scratch = ScratchDirectory()
        let clock = ManualClock()
        let log = try RunningLog(scratch.configuration(), clock: clock.clock)
        let rotated = Mutex<[Offset]>([])
        log.writer.setRotationHandler { offset in rotated.withLock { $0.append(offset) } }
        log.waitForBackground()
        #expect(log.append([Sample.message("first day")]))
        clock.advance(microseconds: 86_399_999_999)
        #expect(log.append([Sample.message("still the first")]))
        #expect(rotated.withLock { $0 } == [])
        clock.advance(microseconds: 1)
        #expect(log.append([Sample.message("second day")]))
        #expect(rotated.withLock { $0 } == [Offset(2)])
        #expect(log.close() == nil)
    }

    /// What waits for the disk is the log's queue alone, whichever queue's thread came to it.
    @Test func whatAChangeOfSegmentSubmitsDoesNotWaitForTheNextSync() throws {
        let scratch = ScratchDirectory()
        let clock = ManualClock()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files, clock: clock.clock)
        let deciding = QueueExecutor(label: "deciding")
        let told = QueueExecutor(label: "told")
        for day in 1...5 {
            let isTold = DispatchSemaphore(value: 0)
            let hasChanged = Atomic<Bool>(false)
            let wasToldFirst = Mutex<Bool?>(nil)
            log.writer.setRotationHandler { _ in
                told.submit { isTold.signal() }
                hasChanged.store(true, ordering: .releasing)
            }
            #expect(log.append([Sample.message("day \(day)")]))
            log.waitForBackground()
            files.setPlan { call, path, _ in
                if call == "fdatasync", path.hasSuffix(".seg"), hasChanged.load(ordering: .acquiring) {
                    wasToldFirst.withLock { first in
                        if first == nil { first = isTold.wait(timeout: .now() + .seconds(5)) == .success }
                    }
                }
                return nil
            }
            clock.advance(microseconds: 86_400_000_000)
            let (writer, events) = (log.writer, log.number([Sample.message("the next")]))
            let done = Handover<Bool>()
            deciding.submit { writer.append(events) { done.put(true) } }
            #expect(done.take() == true)
            #expect(wasToldFirst.withLock { $0 } == true, "day \(day)")
        }
        #expect(log.close() == nil)
    }

    /// The body's limit of 65,536 bytes: at it, and one byte more.
    @Test func bodyOfTheLimitIsWrittenAndALongerOneStopsTheLog() throws {
        let overhead = bodyByteCount(of: Sample.message(""))
        let longest = Sample.message(String(repeating: "a", count: LogLimits.bodyByteLimit - overhead))
        let tooLong = Sample.message(String(repeating: "a", count: LogLimits.bodyByteLimit - overhead + 1))
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration(), files: FailingFiles())
        #expect(log.append([longest]))
        #expect(!log.append([tooLong]))
        #expect(
            log.failures.errors == [
                .tooLarge(byteCount: LogLimits.bodyByteLimit + 1, limit: LogLimits.bodyByteLimit)
            ])
        let again = try RunningLog(scratch.configuration(), files: FailingFiles())
        #expect(again.replayed.map(\.event) == [longest])
        #expect(try again.fetch(.latest(after: nil), 2).events.map(\.event) == [longest])
        #expect(again.close() == nil)
    }

    /// The watermark comes by itself: no later than the log's own delay, without another append.
    @Test func watermarkFollowsABurstByItself() throws {
        let scratch = ScratchDirectory()
        var configuration = scratch.configuration()
        configuration.watermarkDelayMilliseconds = 2
        let written = Handover<Bool>()
        let writes = Mutex(0)
        let files = FailingFiles { call, path, _ in
            guard call == "pwrite", path.hasSuffix(".seg") else { return nil }
            // The first is the message, the second can only be the watermark.
            if writes.withLock({
                $0 += 1; return $0
            }) == 2 {
                written.put(true)
            }
            return nil
        }
        let log = try RunningLog(configuration, files: files)
        #expect(log.append([Sample.message("m")]))
        #expect(written.take() == true)
        #expect(log.close() == nil)
    }

    /// Golden bytes of a whole segment; they change only with a decision note and a new format version.
    @Test func segmentHasTheseBytes() throws {
        var image = SegmentImage(firstNumber: 7)
        try image.appendBatch(Sample.everyEvent)
        image.sync()
        try image.appendWatermark()
        try image.appendSeal()
        #expect(image.bytes.count == GoldenSegment.byteCount)
        #expect(testChecksum(image.bytes) == GoldenSegment.checksum)
        image.bytes.withUnsafeBytes { buffer in
            let check = SegmentCheck(buffer)
            #expect(check.verdict == .sealed)
            #expect(check.firstNumber == 7)
            #expect(check.eventCount == UInt64(Sample.everyEvent.count))
        }
    }

    private func bodyByteCount(of event: Event) -> Int {
        var bytes: [UInt8] = []
        EventCodec.append(event, to: &bytes)
        return bytes.count
    }
}

/// The segment of every sample event, version 1.0.
enum GoldenSegment {
    static let byteCount = 19944
    static let checksum: UInt32 = 16_882_051
}
