// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization
import Testing

/// "After erasure is reported done, the bytes are in no file that the server owns" (docs/DURABILITY.md;
/// testing.md, T17).
struct ErasureTests {
    private static func model(_ byteCount: Int) -> LogConfiguration {
        LogConfiguration(
            directory: "/model", segmentByteCount: byteCount, watermarkDelayMilliseconds: nil,
            fillsNextSegment: false)
    }

    /// One life of a server on a disk that is stopped after a number of changing calls; what it leaves.
    private static func live(
        _ image: ModelDisk.Image, _ configuration: LogConfiguration, stopAfter: Int, isPowerCut: Bool,
        seed: UInt64
    ) throws -> ModelDisk.Image {
        let left = Mutex<ModelDisk.Image?>(nil)
        let disk = ModelDisk(image, seed: seed) { ordinal, disk in
            guard ordinal == stopAfter else { return }
            let image = isPowerCut ? disk.crash() : disk.kill()
            left.withLock { $0 = image }
        }
        let log = try RunningLog(configuration, files: disk)
        let jobs = log.openJobs
        _ = log.erase(jobs)
        log.waitForBackground()
        return left.withLock { $0 } ?? disk.kill()
    }

    /// 1,000 messages with 32 random letters each, over 20 segments and more, in a log that is killed at 20
    /// steps, by a signal or a power cut.
    @Test func thousandMarkersAreInNoFileHoweverOftenTheServerIsKilled() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("thousandMarkersAreInNoFileHoweverOftenTheServerIsKilled: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let stage = ErasureStage(messageCount: 2_000, markerCount: 1_000, textByteCount: 260, seed: seed)
        let configuration = ErasureTests.model(32_768)
        let first = ModelDisk(seed: seed)
        let log = try RunningLog(configuration, files: first)
        stage.fill(log)
        log.waitForBackground()
        var image = first.kill()
        #expect(image.names(ending: ".seg").count > 20)
        #expect(stage.markers.allSatisfy { image.contains($0) })

        for kill in 0..<20 {
            let step = Int.random(in: 1...200, using: &random)
            image = try ErasureTests.live(
                image, configuration, stopAfter: step, isPowerCut: kill % 2 == 1, seed: seed &+ UInt64(kill))
            let check = try RunningLog(configuration, files: ModelDisk(image, seed: seed))
            #expect(
                stage.faults(check.replayed, mayBeThere: true) == [], "seed \(seed), kill \(kill) at \(step)")
        }
        let last = ModelDisk(image, seed: seed)
        let end = try RunningLog(configuration, files: last)
        let jobs = end.openJobs
        #expect(jobs.count == 1)
        _ = try end.erase(jobs)?.get()
        #expect(end.append([.erasure(.done(ErasureDone(request: jobs[0].request)))]))
        #expect(end.close() == nil)
        let left = last.kill()
        #expect(stage.markers.count { left.contains($0) } == 0, "seed \(seed)")

        let scratch = ScratchDirectory()
        try left.write(below: scratch.path + "/data")
        let report = verify(directory: scratch.path + "/data")
        #expect(report.outcome == .clean, "\(report.lines)")
        let search = ByteSearch(directory: scratch.path, patterns: stage.markers)
        #expect(search.findings == [] && search.unreadable == [] && search.fileCount > 20)
        let again = try RunningLog(scratch.configuration(segmentByteCount: 32_768))
        #expect(again.openJobs == [])
        #expect(stage.faults(again.replayed, mayBeThere: false) == [])
        #expect(Array(again.replayed.map(\.event).prefix(stage.events.count)) == stage.erasedEvents)
        #expect(again.close() == nil)
    }

    /// After every single call of a rewrite the power fails; the next start succeeds by itself, has every message that
    /// was not meant, and brings the erasure to its end.
    @Test func aPowerCutAfterEveryCallOfARewriteLosesNothing() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("aPowerCutAfterEveryCallOfARewriteLosesNothing: seed \(seed)")
        let stage = ErasureStage(messageCount: 120, markerCount: 30, textByteCount: 300, seed: seed)
        let configuration = ErasureTests.model(16_384)
        let isArmed = Atomic(false)
        let images = Mutex<[ModelDisk.Image]>([])
        let disk = ModelDisk(seed: seed) { _, disk in
            guard isArmed.load(ordering: .sequentiallyConsistent) else { return }
            images.withLock { $0 += [disk.kill(), disk.crash(), disk.crash()] }
        }
        let log = try RunningLog(configuration, files: disk)
        stage.fill(log)
        log.waitForBackground()
        isArmed.store(true, ordering: .sequentiallyConsistent)
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(120, stage.request).time, request: Offset(120))
        #expect(try log.erase([job])?.get().recordCount == 30)
        log.waitForBackground()
        isArmed.store(false, ordering: .sequentiallyConsistent)
        let states = images.withLock { $0 }
        #expect(states.count > 60)
        for (place, image) in states.enumerated() {
            let disk = ModelDisk(image, seed: seed &+ UInt64(place))
            let next = try RunningLog(configuration, files: disk)
            #expect(stage.faults(next.replayed, mayBeThere: true) == [], "seed \(seed), state \(place)")
            _ = try next.erase(next.openJobs)?.get()
            #expect(next.close() == nil)
            #expect(!stage.markers.contains { disk.kill().contains($0) }, "seed \(seed), state \(place)")
        }
    }

    /// Every call of an erasure fails once, each in its own run: it says so, nothing is lost, and the next one
    /// succeeds.
    @Test func eachCallFailingOnceLosesNothing() throws {
        let stage = ErasureStage(messageCount: 80, markerCount: 12, textByteCount: 300, seed: 7)
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(80, stage.request).time, request: Offset(80))
        var target = 0
        var failedCount = 0
        while true {
            let scratch = ScratchDirectory()
            let count = Mutex<Int?>(nil)
            let wanted = target
            let files = FailingFiles { call, _, _ in
                count.withLock { count in
                    guard let seen = count else { return nil }
                    count = seen + 1
                    return seen == wanted ? EIO : nil
                }
            }
            let log = try RunningLog(scratch.configuration(), files: files)
            stage.fill(log)
            log.waitForBackground()
            count.withLock { $0 = 0 }
            let outcome = log.erase([job])
            log.waitForBackground()
            let calls = count.withLock { count in
                defer { count = nil }
                return count ?? 0
            }
            if calls <= target { break }
            target += 1
            if case .success = outcome {} else { failedCount += 1 }
            if log.failures.errors.isEmpty {
                // Whoever is told of a failure can ask again, and the log goes on.
                #expect(log.append([Sample.message("after")]), "call \(wanted)")
                _ = try log.erase([job])?.get()
                #expect(log.close() == nil)
            }
            let again = try RunningLog(scratch.configuration())
            #expect(stage.faults(again.replayed, mayBeThere: true) == [], "call \(wanted)")
            _ = try again.erase([job])?.get()
            #expect(again.close() == nil)
            let search = ByteSearch(directory: scratch.path, patterns: stage.markers)
            #expect(search.findings == [], "call \(wanted)")
            #expect(verify(directory: scratch.paths.directory).outcome == .clean, "call \(wanted)")
        }
        #expect(failedCount > 20)
        print("eachCallFailingOnceLosesNothing: \(target) calls, \(failedCount) of them made it fail")
    }

    /// Who reads while it happens gets the message or its stub, and afterwards the stub.
    @Test func historyMovesToTheNewFiles() throws {
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 100, markerCount: 20, textByteCount: 300, seed: 11)
        let log = try RunningLog(scratch.configuration())
        stage.fill(log)
        let all = try log.fetch(.latest(after: nil), 1_000)
        #expect(all.events.map(\.event) == stage.events)
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(100, stage.request).time, request: Offset(100))
        let done = Handover<Result<ErasureReport, LogError>>()
        log.writer.erase([job]) { done.put($0) }
        for _ in 0..<20 {
            let found = try log.fetch(.latest(after: nil), 1_000)
            #expect(stage.faults(found.events, mayBeThere: true) == [])
        }
        #expect(try done.take()?.get().recordCount == 20)
        let after = try log.fetch(.latest(after: nil), 1_000)
        #expect(after.events.map(\.event) == stage.erasedEvents)
        #expect(try log.erase([job])?.get() == ErasureReport(), "the second time changes nothing")
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(try again.fetch(.latest(after: nil), 1_000).events.map(\.event) == stage.erasedEvents)
        #expect(again.close() == nil)
    }

    @Test func snapshotsOfBeforeAreGoneAndNewerOnesStay() throws {
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 20, markerCount: 5, textByteCount: 30, seed: 3)
        let log = try RunningLog(scratch.configuration())
        #expect(log.append(stage.events))
        #expect(log.snapshot([Sample.logged(0, Sample.topic("old"))]) == nil)
        #expect(log.append([stage.request]))
        #expect(log.snapshot([Sample.logged(0, Sample.topic("new"))]) == nil)
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(20, stage.request).time, request: Offset(20))
        _ = try log.erase([job])?.get()
        #expect(fileContents(scratch.paths.snapshot(20)) == nil)
        #expect(fileContents(scratch.paths.snapshot(21)) != nil)
        #expect(log.close() == nil)
    }

    /// A file from before an erasure that somebody puts back is not taken.
    @Test func anOldGenerationIsRefused() throws {
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 60, markerCount: 5, textByteCount: 300, seed: 5)
        let log = try RunningLog(scratch.configuration())
        stage.fill(log)
        log.waitForBackground()
        let old = try #require(fileContents(scratch.paths.segment(0)))
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(60, stage.request).time, request: Offset(60))
        _ = try log.erase([job])?.get()
        #expect(log.close() == nil)
        try writeFile(scratch.paths.segment(0), old)
        #expect(verify(directory: scratch.paths.directory).outcome == .damaged)
        do {
            _ = try Log.open(scratch.configuration())
            Issue.record("it opened")
        } catch { #expect(error.exitCode == 65) }
    }
}
