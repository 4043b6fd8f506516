// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization
import Testing

/// What the log does when the file system fails it (testing.md, T3). The rule above all: nothing that
/// waited for a sync runs after that sync failed.
struct FaultTests {
    private static let messages = (0..<40).map {
        Sample.message("message \($0) " + String(repeating: "y", count: 300))
    }

    /// Opens, appends one by one, closes; gives how many were acknowledged and what failed.
    private func run(
        _ configuration: LogConfiguration, _ files: FailingFiles
    ) -> (acknowledged: Int, errors: [LogError]) {
        do {
            let log = try RunningLog(configuration, files: files)
            var acknowledged = 0
            for message in FaultTests.messages where log.append([message]) { acknowledged += 1 }
            let closing = log.close()
            log.waitForBackground()
            return (acknowledged, log.failures.errors + [closing].compactMap { $0 })
        } catch let error as LogError {
            return (0, [error])
        } catch {
            return (0, [])
        }
    }

    /// Every write, sync, cut, rename and open of a run with rotation fails once, each in its own run. A full disk
    /// may also be met by waiting for room, where nothing is promised yet.
    @Test(arguments: [[EIO], [ENOSPC, EDQUOT]]) func noAcknowledgementFollowsAFailedCall(
        codes: [Int32]
    ) throws {
        let interesting: Set<String> = [
            "pwrite", "fdatasync", "fsync", "fsyncDirectory", "ftruncate", "rename", "open",
        ]
        let rehearsal = FailingFiles()
        let first = ScratchDirectory()
        let whole = run(first.configuration(), rehearsal)
        #expect(whole.acknowledged == FaultTests.messages.count)
        #expect(whole.errors.isEmpty)
        let total = rehearsal.calls.filter { interesting.contains($0.name) }.count
        #expect(total > 40)

        var failedRuns = 0
        // A third of the calls is enough for the second kind of failure: each run is a start, 40 syncs and a start.
        let step = codes.count == 1 ? 1 : 3
        for target in stride(from: 0, to: total, by: step) {
            let scratch = ScratchDirectory()
            let code = codes[target / step % codes.count]
            let seen = Mutex(0)
            let files = FailingFiles { call, path, _ in
                guard interesting.contains(call) else { return nil }
                return seen.withLock { count in
                    count += 1
                    return count == target + 1 ? code : nil
                }
            }
            let result = run(scratch.configuration(), files)
            let calls = files.calls
            guard let failure = calls.firstIndex(where: \.hasFailed) else { continue }
            defer { expectWhole(scratch, result.acknowledged) }
            if code != EIO, result.errors.isEmpty {
                #expect(result.acknowledged == FaultTests.messages.count, "\(calls[failure])")
                // A sync is never tried again, also not one that names a full disk.
                #expect(!calls[failure].name.hasSuffix("sync") || !calls[failure].path.hasSuffix(".seg"))
                continue
            }
            // Indexes are derived, and a sealed segment is opened in a fresh log only for its digest.
            let isHarmless =
                calls[failure].path.contains(".idx")
                || calls[failure].name == "open" && calls[failure].path.hasSuffix(".seg")
            #expect(
                result.errors.count == (isHarmless ? 0 : 1),
                "call \(target): \(calls[failure]) gave \(result.errors)")
            if !isHarmless {
                failedRuns += 1
                #expect(result.errors.first?.exitCode == 74)
                #expect(
                    !calls[(failure + 1)...].contains {
                        $0.path == calls[failure].path && ["fsync", "fdatasync"].contains($0.name)
                    }, "a second sync after \(calls[failure])")
            }
        }
        #expect(failedRuns > 30 / step)
    }

    /// Whatever was acknowledged is there at the next start, in order and without anything else.
    private func expectWhole(_ scratch: ScratchDirectory, _ acknowledged: Int) {
        do {
            let again = try RunningLog(scratch.configuration())
            #expect(again.replayed.count >= acknowledged)
            #expect(Array(FaultTests.messages.prefix(again.replayed.count)) == again.replayed.map(\.event))
            #expect(again.close() == nil)
        } catch { Issue.record("the next start failed: \(error)") }
    }

    @Test func shortCountsAndInterruptionsAreGoneOnFrom() throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles(transferByteLimit: 1_000) { call, _, ordinal in
            ["pread", "pwrite", "fdatasync"].contains(call) && ordinal % 3 == 0 ? EINTR : nil
        }
        let result = run(scratch.configuration(), files)
        #expect(result.acknowledged == FaultTests.messages.count)
        #expect(result.errors.isEmpty)
        let again = try RunningLog(scratch.configuration(), files: files)
        #expect(again.replayed.map(\.event) == FaultTests.messages)
        #expect(try again.fetch(.latest(after: nil), 100).events.count == FaultTests.messages.count)
        #expect(again.close() == nil)
    }

    /// A full disk shows before it is met: new messages are refused, accepted ones still fit.
    @Test func fullDiskIsKnownBeforeABatchMeetsIt() throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles { call, path, _ in
            call == "fallocate" && path.hasSuffix("next.tmp") ? ENOSPC : nil
        }
        #expect(throws: LogError.outOfSpace(path: scratch.paths.nextSegment)) {
            try RunningLog(scratch.configuration(), files: files)
        }
        files.setPlan { _, _, _ in nil }
        let log = try RunningLog(scratch.configuration(), files: files)
        log.waitForBackground()
        files.setPlan { call, _, _ in call == "fallocate" ? ENOSPC : nil }
        for message in FaultTests.messages + FaultTests.messages + FaultTests.messages {
            #expect(log.append([message]))
        }
        log.waitForBackground()
        #expect(log.writer.spaceState == .low)
        #expect(log.failures.errors.isEmpty)
        #expect(log.close() == nil)
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.count == 3 * FaultTests.messages.count)
        #expect(again.close() == nil)
    }

    /// Others have taken the last block when a segment ends: not even MANIFEST can be written. Nothing ends and
    /// nothing is lost, in a crash neither; with room again, the list is made good and segments change as before.
    @Test(arguments: [ENOSPC, EDQUOT], [false, true])
    func aDiskThatIsFullToTheLastBlockEndsNothing(code: Int32, crashes: Bool) throws {
        let scratch = ScratchDirectory()
        let files = FailingFiles()
        let log = try RunningLog(scratch.configuration(), files: files)
        log.waitForBackground()
        // Only segments and the next one have their blocks already.
        files.setPlan { call, path, _ in
            let isTaken = path.hasSuffix(".seg") || path.hasSuffix("next.tmp")
            return call == "fallocate" || call == "pwrite" && !isTaken ? code : nil
        }
        let messages = FaultTests.messages + FaultTests.messages + FaultTests.messages
        for message in messages { #expect(log.append([message])) }
        log.waitForBackground()
        #expect(files.calls.contains { $0.hasFailed && $0.path.hasSuffix("MANIFEST.tmp") })
        #expect(log.writer.spaceState == .low)
        #expect(log.failures.errors.isEmpty)
        files.setPlan { _, _, _ in nil }
        if !crashes {
            #expect(log.append([messages[0]]))
            log.waitForBackground()
            #expect(log.writer.spaceState == .enough)
            let bytes = try #require(fileContents(scratch.paths.manifest))
            let manifest = try Manifest(decoding: bytes, path: scratch.paths.manifest)
            #expect(manifest.sealed.count == 2 && manifest.openSegment == UInt64(messages.count))
            #expect(log.close() == nil)
        }
        let again = try RunningLog(scratch.configuration())
        #expect(again.replayed.map(\.event) == messages + (crashes ? [] : [messages[0]]))
        #expect(again.close() == nil)
        #expect(log.failures.errors.isEmpty)
    }

    @Test func aSecondProcessIsTurnedAway() throws {
        let scratch = ScratchDirectory()
        let log = try RunningLog(scratch.configuration())
        do {
            _ = try Log.open(scratch.configuration())
            Issue.record("it opened twice")
        } catch {
            #expect(error == LogError.locked(path: scratch.paths.lock))
            #expect(error.exitCode == 75)
        }
        #expect(log.close() == nil)
    }

    @Test func memoryFileSystemsAreRefused() throws {
        var configuration = LogConfiguration(
            directory: "/dev/shm/plenary-log-test-\(UInt64.random(in: .min ... .max))")
        do {
            _ = try Log.open(configuration)
            Issue.record("it opened on tmpfs")
        } catch {
            #expect(error.exitCode == 64)
        }
        configuration.allowsAnyFileSystem = true
        let opened = try Log.open(configuration)
        opened.abandon()
        #expect(contentsRemoved(configuration.directory))
    }

    private func contentsRemoved(_ path: String) -> Bool {
        for name in ["LOCK", "MANIFEST", "log/" + segmentFileName(0), "log", "snap"] {
            if unlink(path + "/" + name) != 0 { rmdir(path + "/" + name) }
        }
        return rmdir(path) == 0
    }

    @Test func everyErrorHasItsExitCode() {
        #expect(LogError.locked(path: "x").exitCode == 75)
        #expect(LogError.permissionDenied(call: "open", path: "x", code: EACCES).exitCode == 77)
        #expect(LogError.unsupportedFormat(path: "x", found: "y").exitCode == 3)
        #expect(LogError.damaged(path: "x", position: 0, found: "y").exitCode == 65)
        #expect(LogError.failedCall(call: "fdatasync", path: "x", position: 0, code: EIO).exitCode == 74)
        #expect(LogError.outOfSpace(path: "x").exitCode == 74)
        #expect(
            LogError.failedCall(call: "fdatasync", path: "a.seg", position: 40, code: EIO).description
                == "fdatasync of a.seg at byte 40 failed: Input/output error (5). Messages not yet acknowledged may "
                + "be lost. Check the disk before starting again.")
    }
}
