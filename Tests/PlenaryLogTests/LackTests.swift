// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization
import Testing

/// A log that lacks room, or descriptors, for a while: nothing ends, nothing is told before it is stored, and nothing
/// that was half written stays (docs/DURABILITY.md, "How a message becomes durable").
struct LackTests {
    private static let messages = (0..<120).map {
        Sample.message("message \($0) " + String(repeating: "z", count: 300))
    }

    /// What was posted while the writer was not waited for.
    private final class Outcome: Sendable {
        let acknowledged = Atomic<Int>(0)
    }

    private func post(_ events: [Event], _ log: RunningLog, _ outcome: Outcome) {
        for event in events {
            log.writer.append(log.number([event])) {
                outcome.acknowledged.add(1, ordering: .sequentiallyConsistent)
            }
        }
    }

    private func copy(_ scratch: ScratchDirectory) throws -> ScratchDirectory {
        let copy = ScratchDirectory()
        for name in ["/data", "/data/log", "/data/snap"] { mkdir(copy.path + name, 0o700) }
        for name in try RealFiles().list(scratch.paths.segments) {
            let bytes = try #require(fileContents(scratch.paths.segments + "/" + name))
            try writeFile(copy.paths.segments + "/" + name, bytes)
        }
        try writeFile(copy.paths.manifest, try #require(fileContents(scratch.paths.manifest)))
        return copy
    }

    private func waitUntilStalled(_ log: RunningLog) {
        while !log.writer.isStalled { usleep(1_000) }
    }

    /// The disk gets full in the middle of a group's write. The group waits, and is written when there is room.
    @Test(arguments: [ENOSPC, EDQUOT], [false, true])
    func aGroupThatFindsNoRoomWaitsForIt(code: Int32, crashes: Bool) throws {
        let scratch = ScratchDirectory()
        let isFull = Atomic<Bool>(false)
        let partCount = Atomic<Int>(0)
        // Each write moves 1,000 bytes: one part of the group fits, the next one does not.
        let files = FailingFiles(transferByteLimit: 1_000) { call, path, _ in
            guard call == "pwrite", path.hasSuffix(".seg"), isFull.load(ordering: .relaxed) else {
                return nil
            }
            return partCount.wrappingAdd(1, ordering: .relaxed).newValue % 3 == 0 ? code : nil
        }
        let log = try RunningLog(scratch.configuration(), files: files)
        #expect(log.append(Array(LackTests.messages[..<10])))
        log.waitForBackground()
        isFull.store(true, ordering: .relaxed)
        let outcome = Outcome()
        // More than three parts, so that none of them can be written whole.
        log.writer.append(log.number(Array(LackTests.messages[10..<30]))) {
            outcome.acknowledged.add(20, ordering: .sequentiallyConsistent)
        }
        waitUntilStalled(log)
        post(Array(LackTests.messages[30..<40]), log, outcome)
        // Some more tries.
        while partCount.load(ordering: .relaxed) < 12 { usleep(1_000) }
        #expect(outcome.acknowledged.load(ordering: .sequentiallyConsistent) == 0)
        #expect(log.writer.spaceState == .low)
        #expect(log.failures.errors.isEmpty)
        if crashes {
            // What a kill would leave now: the old messages, and of the group what came before the tear or nothing.
            files.setPlan { call, path, _ in call == "pwrite" && path.hasSuffix(".seg") ? code : nil }
            let left = try copy(scratch)
            let again = try RunningLog(left.configuration())
            #expect(again.replayed.count >= 10 && again.replayed.count < 30)
            #expect(again.replayed.map(\.event) == Array(LackTests.messages.prefix(again.replayed.count)))
            #expect(again.close() == nil)
            return
        }
        isFull.store(false, ordering: .relaxed)
        #expect(log.append([LackTests.messages[40]]))
        #expect(outcome.acknowledged.load(ordering: .sequentiallyConsistent) == 30)
        #expect(log.close() == nil)
        #expect(log.failures.errors.isEmpty)
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.map(\.event) == Array(LackTests.messages[...40]))
        #expect(again.close() == nil)
    }

    /// A stop does not wait for room: it says why, and what was acknowledged is there.
    @Test func aLogWhoseGroupFindsNoRoomCanBeClosed() throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files)
        #expect(log.append(Array(LackTests.messages[..<10])))
        log.waitForBackground()
        files.setPlan { call, path, _ in call == "pwrite" && path.hasSuffix(".seg") ? ENOSPC : nil }
        let outcome = Outcome()
        post([LackTests.messages[10]], log, outcome)
        waitUntilStalled(log)
        #expect(log.close() == LogError.outOfSpace(path: scratch.paths.segment(0)))
        #expect(outcome.acknowledged.load(ordering: .sequentiallyConsistent) == 0)
        #expect(log.failures.errors.isEmpty)
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.map(\.event) == Array(LackTests.messages[..<10]))
        #expect(again.close() == nil)
    }

    /// A seal that was begun and put off is longer than the record that comes in its place.
    @Test func nothingOfASealThatFoundNoRoomStaysBehindTheNextRecord() throws {
        let scratch = ScratchDirectory()
        var configuration = scratch.configuration()
        configuration.watermarkDelayMilliseconds = nil
        let seals = Atomic<Int>(0)
        let isSealing = Atomic<Bool>(false)
        let files = FailingFiles(transferByteLimit: 48) { call, path, _ in
            guard call == "pwrite", path.hasSuffix(".seg"), isSealing.load(ordering: .relaxed) else {
                return nil
            }
            // The seal has 88 bytes: its first 48 are written, the rest finds no room.
            return seals.wrappingAdd(1, ordering: .relaxed).newValue == 2 ? ENOSPC : nil
        }
        let log = try RunningLog(configuration, files: files)
        #expect(log.append([LackTests.messages[0]]))
        log.waitForBackground()
        isSealing.store(true, ordering: .relaxed)
        // An erasure asks for a change of segment.
        let job = ErasureJob(
            plan: ErasurePlan(accounts: [AccountID(900)]), before: Timestamp(microseconds: 1),
            request: Offset(1))
        log.writer.erase([job]) { _ in }
        // A watermark has 40 bytes.
        log.writeWatermark()
        #expect(seals.load(ordering: .relaxed) >= 2)
        let path = scratch.paths.segment(0)
        let bytes = try #require(fileContents(path))
        let walk = try bytes.withUnsafeBytes { buffer in
            try SegmentWalk(buffer, header: SegmentHeader(decoding: buffer, path: path)) { _, _ in }
        }
        #expect(walk.eventCount == 1 && walk.markCount == 1 && walk.ending == .whole)
        #expect(log.failures.errors.isEmpty)
    }

    /// No descriptor for MANIFEST, the next segment or the directory: the present segment grows on.
    @Test(arguments: [EMFILE, ENFILE], ["open", "fsyncDirectory"])
    func aLackOfDescriptorsPutsTheChangeOfSegmentOff(code: Int32, failing: String) throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files)
        log.waitForBackground()
        let failureCount = Atomic<Int>(0)
        files.setPlan { call, path, _ in
            guard call == failing, !path.hasSuffix(".idx") else { return nil }
            failureCount.add(1, ordering: .relaxed)
            return code
        }
        for message in LackTests.messages { #expect(log.append([message])) }
        log.waitForBackground()
        #expect(failureCount.load(ordering: .relaxed) >= 3)
        #expect(log.failures.errors.isEmpty)
        files.setPlan { _, _, _ in nil }
        #expect(log.append([LackTests.messages[0]]))
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.map(\.event) == LackTests.messages + [LackTests.messages[0]])
        #expect(again.close() == nil)
    }

    /// Behind a seal nothing can be appended: what waits for the next segment's name waits for room, too.
    @Test(arguments: ["ftruncate", "rename", "fsyncDirectory"])
    func aChangeOfSegmentGoesOnFromWhereItFoundNoRoom(failing: String) throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files)
        log.waitForBackground()
        let failureCount = Atomic<Int>(0)
        let hasName = Atomic<Bool>(false)
        files.setPlan { call, path, _ in
            if call == "rename", path.hasSuffix(".seg") { hasName.store(true, ordering: .relaxed) }
            let isMeant = call == "fsyncDirectory" ? hasName.load(ordering: .relaxed) : path.hasSuffix(".seg")
            guard call == failing, isMeant, failureCount.load(ordering: .relaxed) < 3 else { return nil }
            failureCount.add(1, ordering: .relaxed)
            return call == "fsyncDirectory" ? EMFILE : ENOSPC
        }
        for message in LackTests.messages { #expect(log.append([message])) }
        #expect(failureCount.load(ordering: .relaxed) == 3)
        #expect(log.failures.errors.isEmpty)
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.map(\.event) == LackTests.messages)
        #expect(again.close() == nil)
    }

    /// A sync that names a full disk is a failed sync all the same.
    @Test(arguments: [ENOSPC, EDQUOT]) func aSyncThatFindsNoRoomEndsTheLog(code: Int32) throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files)
        log.waitForBackground()
        files.setPlan { call, path, _ in call == "fdatasync" && path.hasSuffix(".seg") ? code : nil }
        #expect(!log.append([LackTests.messages[0]]))
        #expect(log.failures.errors.map(\.exitCode) == [74])
        #expect(files.calls.count { $0.name == "fdatasync" && $0.hasFailed } == 1)
    }
}
