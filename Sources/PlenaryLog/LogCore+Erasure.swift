// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryTerms

/// An erasure that waits or is under way.
struct ErasureRun: Sendable {
    var jobs: [ErasureJob]
    var then: @Sendable (Result<ErasureReport, LogError>) -> Void
    var report = ErasureReport()
}

/// Takes events out of sealed segments (docs/DURABILITY.md, "Erasure"). One run at a time, one segment at a time:
/// the background writes the successor, the history's queue puts it in the old one's place, so that no read is ever
/// between the two, and the log's queue writes MANIFEST. A crash at any point leaves the old segment
/// or the new one, each whole; the run that the next start makes passes over what is done.
extension LogCore {
    func erase(_ run: ErasureRun) {
        erasures.append(run)
        if erasures.count == 1 { beginErasure() }
    }

    /// Puts the open segment behind us if it may hold anything that is meant.
    private func beginErasure() {
        guard isOpen, let run = erasures.first else { return }
        do throws(LogError) {
            if isInOpenSegment(run.jobs), try !rotateIfPossible() {
                // The next segment is being made ready, or there is no space for it yet.
                guard isPreparing else { return beginErasureLater() }
                background.async { [self] in executor.submit { self.assumeIsolated { $0.beginErasure() } } }
                return
            }
        } catch { return error.lack == nil ? fail(error) : beginErasureLater() }
        let segments = manifest.sealed
        background.async { [self] in
            do throws(LogError) {
                var rewrite = SegmentRewrite(run.jobs, files: files, paths: paths)
                let touched = try rewrite.order(segments)
                rewriteNext(of: touched[...], rewrite)
            } catch { endErasure(error) }
        }
    }

    private func beginErasureLater() {
        queue.asyncAfter(deadline: .now() + .milliseconds(LogLimits.spaceCheckMilliseconds)) {
            self.assumeIsolated { $0.beginErasure() }
        }
    }

    private func isInOpenSegment(_ jobs: [ErasureJob]) -> Bool {
        guard segment.eventCount > 0 else { return false }
        let open = segment.header.firstNumber..<nextNumber
        return jobs.contains { job in
            !job.plan.accounts.isEmpty || job.plan.messages.contains { open.contains($0.value) }
        }
    }

    // MARK: In the background

    private nonisolated func rewriteNext(of segments: ArraySlice<SealedSegment>, _ rewrite: SegmentRewrite) {
        var rest = segments
        do throws(LogError) {
            while let segment = rest.popFirst() {
                guard !shared.isEnding.load(ordering: .acquiring) else { return }
                guard let made = try rewrite.prepare(segment) else { continue }
                let remaining = rest
                history.replace(made, unless: shared) { outcome in
                    self.executor.submit {
                        self.assumeIsolated { $0.adopt(made, outcome, remaining, rewrite) }
                    }
                }
                return
            }
            try removeSnapshots(before: rewrite.jobs.map(\.request).max() ?? Offset(0))
            endErasure(nil)
        } catch { endErasure(error) }
    }

    /// Snapshots of a state in which the erased was still there. Without the sync an unlinked file may come back.
    private nonisolated func removeSnapshots(before request: Offset) throws(LogError) {
        do {
            let old = try files.list(paths.snapshots).compactMap { number(inFileName: $0, kind: "snap") }
                .filter { $0 <= request.value }
            for number in old { try files.removeIfPresent(paths.snapshot(number)) }
            if !old.isEmpty { try files.fsyncDirectory(paths.snapshots) }
        } catch let failure as FileFailure {
            throw logError(failure, paths.snapshots)
        } catch let error as LogError {
            throw error
        } catch {
            throw .failedCall(call: "unlink", path: paths.snapshots, position: 0, code: EIO)
        }
    }

    private nonisolated func endErasure(_ error: LogError?) {
        executor.submit { [self] in assumeIsolated { $0.finishErasure(error) } }
    }

    // MARK: On the log's queue

    /// Writes the new generation into MANIFEST and goes on.
    private func adopt(
        _ made: RewrittenSegment, _ outcome: ReplaceOutcome, _ rest: ArraySlice<SealedSegment>,
        _ rewrite: SegmentRewrite
    ) {
        guard isOpen else { return }
        switch outcome {
        case .ended: return
        case .untouched(let error): return finishErasure(error)
        case .uncertain(let error): return fail(error)
        case .replaced: break
        }
        guard let place = manifest.sealed.firstIndex(where: { $0.firstNumber == made.sealed.firstNumber })
        else { preconditionFailure("a sealed segment stays in the manifest") }
        manifest.sealed[place] = made.sealed
        do throws(LogError) {
            try writeManifest()
        } catch { return fail(error) }
        erasures[0].report.segmentCount += 1
        erasures[0].report.recordCount += made.recordCount
        background.async { self.rewriteNext(of: rest, rewrite) }
    }

    private func finishErasure(_ error: LogError?) {
        guard isOpen, !erasures.isEmpty else { return }
        let run = erasures.removeFirst()
        if let error { run.then(.failure(error)) } else { run.then(.success(run.report)) }
        beginErasure()
    }
}
