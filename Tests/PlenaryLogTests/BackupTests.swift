// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization
import Testing

/// Backups of a log in use, and what comes of them (docs/OPERATING.md, "Backup"; testing.md, T18).
struct BackupTests {
    private func configuration(_ directory: String) -> LogConfiguration {
        LogConfiguration(
            directory: directory, segmentByteCount: 16_384, watermarkDelayMilliseconds: nil,
            allowsAnyFileSystem: true, fillsNextSegment: false)
    }

    private func point(_ log: RunningLog) -> BackupPoint? {
        let done = Handover<BackupPoint>()
        log.writer.pin { done.put($0) }
        return done.take()
    }

    /// "A backup taken before an erasure, restored, shows the erasure": the requests come from the data directory that
    /// is replaced, or from the list that a later backup has brought up to date.
    @Test(arguments: [true, false]) func aBackupFromBeforeComesBackErased(isListOfBackup: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("aBackupFromBeforeComesBackErased: seed \(seed)")
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 150, markerCount: 40, textByteCount: 300, seed: seed)
        let (data, backup) = (scratch.path + "/data", scratch.path + "/backup")
        let log = try RunningLog(scratch.configuration())
        #expect(log.append(stage.events))
        _ = try Backup.make(of: data, in: backup, at: point(log))
        #expect(ByteSearch(directory: backup, patterns: stage.markers).findings.count >= 40)
        #expect(log.append([stage.request]))
        _ = try log.erase([
            ErasureJob(
                plan: stage.plan, before: Sample.logged(150, stage.request).time, request: Offset(150))
        ])?.get()
        var lists: [ErasureList] = []
        if isListOfBackup {
            let later = scratch.path + "/later"
            _ = try Backup.make(of: data, in: later, at: point(log))
            lists = [try ErasureList.load(from: later + "/erasures")]
        } else {
            lists = [try ErasureList.load(from: data)]
        }
        #expect(lists[0].entries.count == 1)
        #expect(log.close() == nil)

        let dry = try Restore.make(
            from: backup, to: scratch.path + "/new", erasures: lists, isDryRun: true)
        #expect(dry.erased.recordCount == 40)
        #expect(fileContents(scratch.path + "/new/MANIFEST") == nil)
        let report = try Restore.make(
            from: backup, to: scratch.path + "/new", erasures: lists, isDryRun: false)
        #expect(report.erased.recordCount == 40 && report.nextNumber == 150)
        #expect(ByteSearch(directory: scratch.path + "/new", patterns: stage.markers).findings == [])
        #expect(verify(directory: scratch.path + "/new").outcome == .clean)
        let again = try RunningLog(configuration(scratch.path + "/new"))
        #expect(again.replayed.map(\.event) == stage.erasedEvents)
        // What is said from now on has the numbers of what was lost, and is meant by no old request.
        #expect(again.append((0..<30).map { Sample.message("new \($0)") }))
        let list = try ErasureList.load(from: scratch.path + "/new")
        #expect(list.entries == lists[0].entries)
        #expect(again.close() == nil)
        // A backup of the restored log into a fresh directory still carries the request.
        _ = try Backup.make(of: scratch.path + "/new", in: scratch.path + "/fresh", at: nil)
        #expect(try ErasureList.load(from: scratch.path + "/fresh").entries == lists[0].entries)
    }

    /// Ten backups while messages are written: each restored, verified, and with everything that was durable when it
    /// was taken.
    @Test func backupsUnderLoadMissNothingThatWasDurable() throws {
        let scratch = ScratchDirectory()
        let data = scratch.path + "/data"
        let log = try RunningLog(scratch.configuration())
        var expected: [Event] = []
        func say() {
            let events = (0..<20).map {
                Sample.message("message \(expected.count + $0) " + String(repeating: "b", count: 200))
            }
            expected += events
            #expect(log.append(events))
        }
        for _ in 0..<10 { say() }
        for round in 0..<10 {
            // The first five one after the other into one directory, the others each into its own.
            let backup = scratch.path + (round < 5 ? "/backup" : "/backup\(round)")
            let durable = expected.count
            let isDone = Atomic(false)
            let outcome = Handover<Result<BackupReport, LogError>>()
            let writer = log.writer
            DispatchQueue.global().async {
                let pinned = Handover<BackupPoint>()
                writer.pin { pinned.put($0) }
                let point = pinned.take()
                outcome.put(
                    Result { () throws(LogError) in try Backup.make(of: data, in: backup, at: point) })
                isDone.store(true, ordering: .releasing)
            }
            repeat { say() } while !isDone.load(ordering: .acquiring)
            let report = try #require(try outcome.take()?.get())
            #expect(report.nextNumber >= UInt64(durable))
            #expect(verifyBackup(directory: backup).outcome == .clean)
            let restored = scratch.path + "/restored\(round)"
            _ = try Restore.make(from: backup, to: restored, erasures: [], isDryRun: false)
            let again = try RunningLog(configuration(restored))
            #expect(again.replayed.map(\.event) == Array(expected.prefix(Int(report.nextNumber))))
            #expect(again.close() == nil)
        }
        #expect(log.close() == nil)
    }

    /// A sealed segment that the backup has is not copied again; one that was rewritten is.
    @Test func onlyWhatChangedIsCopied() throws {
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 200, markerCount: 1, textByteCount: 300, seed: 9)
        let (data, backup) = (scratch.path + "/data", scratch.path + "/backup")
        let log = try RunningLog(scratch.configuration())
        stage.fill(log)
        log.waitForBackground()
        let first = try Backup.make(of: data, in: backup, at: point(log))
        #expect(first.copiedSegmentCount == first.segmentCount && first.segmentCount > 4)
        let second = try Backup.make(of: data, in: backup, at: point(log))
        #expect(second.copiedSegmentCount <= 1, "the open one, if there is anything in it")
        #expect(second.segmentCount == first.segmentCount && second.erasureCount == 1)
        let job = ErasureJob(
            plan: stage.plan, before: Sample.logged(200, stage.request).time, request: Offset(200))
        _ = try log.erase([job])?.get()
        let third = try Backup.make(of: data, in: backup, at: point(log))
        #expect(
            third.copiedSegmentCount == second.copiedSegmentCount + 1,
            "the one that was rewritten, and the open one")
        #expect(ByteSearch(directory: backup, patterns: stage.markers).findings == [])
        #expect(verifyBackup(directory: backup).outcome == .clean)
        #expect(log.close() == nil)
    }

    /// A damaged or interrupted backup is said to be one, and is not restored; nor is one over a log.
    @Test func aDamagedBackupIsNotRestored() throws {
        let scratch = ScratchDirectory()
        let stage = ErasureStage(messageCount: 100, markerCount: 1, textByteCount: 300, seed: 2)
        let (data, backup) = (scratch.path + "/data", scratch.path + "/backup")
        let log = try RunningLog(scratch.configuration())
        stage.fill(log)
        #expect(log.close() == nil)
        _ = try Backup.make(of: data, in: backup, at: nil)
        #expect(throws: LogError.self) {
            try Restore.make(from: backup, to: data, erasures: [], isDryRun: false)
        }
        let names =
            try RealFiles().list(backup + "/log").map { "log/" + $0 } + ["MANIFEST", "erasures", "backup"]
        for name in names {
            let path = backup + "/" + name
            let whole = try #require(fileContents(path))
            for place in [0, whole.count / 2, whole.count - 1] {
                var changed = whole
                changed[place] ^= 4
                // A new file: the old one may be linked to the log's own.
                unlink(path)
                try writeFile(path, changed)
                #expect(verifyBackup(directory: backup).outcome >= .damaged, "\(name) at \(place)")
                #expect(throws: LogError.self) {
                    try Restore.make(from: backup, to: scratch.path + "/x", erasures: [], isDryRun: false)
                }
            }
            unlink(path)
            #expect(verifyBackup(directory: backup).outcome >= .damaged, "\(name) gone")
            try writeFile(path, whole)
        }
        #expect(verifyBackup(directory: backup).outcome == .clean)
        #expect(fileContents(scratch.path + "/x/MANIFEST") == nil)
        let other = ErasureList(logID: LogID.make())
        #expect(throws: LogError.self) {
            try Restore.make(from: backup, to: scratch.path + "/x", erasures: [other], isDryRun: false)
        }
    }

    @Test func aListOfErasuresComesBackAsItWas() throws {
        var list = ErasureList(logID: LogID.make())
        for (place, event) in erasureEvents.enumerated() {
            guard case .erasure(.requested(let request)) = event else { continue }
            list.add(
                ErasureList.Entry(
                    number: UInt64(place), time: Timestamp(microseconds: Int64(place)), request: request))
        }
        let bytes = list.encoded()
        #expect(try ErasureList(decoding: bytes, path: "x") == list)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(throws: LogError.self) { try ErasureList(decoding: changed, path: "x") }
        }
        var twice = list
        twice.merge(list)
        #expect(twice == list)
    }

    /// Bytes are found wherever they stand, over the border of two reads as well, and where they do not stand not.
    @Test func exactBytesAreFoundWhereverTheyStand() throws {
        let scratch = ScratchDirectory()
        let border = 1 << 20
        let long = Array("0123456789abcdef".utf8)
        let short = Array("xyz".utf8)
        for place in [0, border - 16, border - 15, border - 8, border - 1, border, 2 * border - 3] {
            var bytes = [UInt8](repeating: 0, count: 2 * border + 100)
            bytes.replaceSubrange(place..<place + long.count, with: long)
            bytes.replaceSubrange(place + 40..<place + 40 + short.count, with: short)
            let path = scratch.path + "/any.name"
            try writeFile(path, bytes)
            let found = ByteSearch(directory: scratch.path, patterns: [long, short, Array("absent".utf8)])
            #expect(
                found.findings.sorted { $0.position < $1.position } == [
                    ByteFinding(path: path, position: place, pattern: 0),
                    ByteFinding(path: path, position: place + 40, pattern: 1),
                ])
            #expect(found.fileCount == 1)
        }
    }
}
