// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryCrypto
import PlenaryQueues
import PlenaryTerms

/// The change from a full segment to the next, and all that is done in the background for it.
extension LogCore {
    /// Seals the segment and begins the next. False when there is no space for a next one, or no descriptor: then
    /// the present one grows on, and while space is short new messages are refused.
    @discardableResult
    func rotateIfPossible() throws(LogError) -> Bool {
        if change == nil, try !beginChange() { return false }
        try finishChange()
        return true
    }

    /// Up to the seal the change can be put off; what a seal that found no room left behind is overwritten.
    private func beginChange() throws(LogError) -> Bool {
        guard segment.eventCount > 0, try catchUpWithManifest(), let next = try takePrepared() else {
            return false
        }
        let header = makeHeader()
        do throws(LogError) {
            // A directory for which there is no descriptor now could not be synced behind the seal either.
            try syncSegments()
            try next.begin(header, files, path: paths.nextSegment)
            let sealed = try segment.seal(nextNumber: nextNumber, files)
            change = SegmentChange(next: next, header: header, sealed: sealed)
            return true
        } catch {
            guard let lack = error.lack else { throw error }
            prepared = next
            note(lack)
            return false
        }
    }

    private func syncSegments() throws(LogError) {
        do { try files.fsyncDirectory(paths.segments) } catch { throw lostSync(error, paths.segments) }
    }

    /// From the seal to the next segment's name. Where a step lacks something, nothing can be appended before it has
    /// succeeded: the error is thrown, what waits is held (`hold`), and the change goes on from that step.
    private func finishChange() throws(LogError) {
        guard let change else { return }
        if !change.isCut {
            try segment.cut(files)
            self.change?.isCut = true
        }
        if !change.hasName {
            try change.next.takeName(paths, change.header, files)
            self.change?.hasName = true
        }
        let active = try change.next.keepName(paths, change.header, files)
        self.change = nil
        manifest.sealed.append(change.sealed)
        manifest.openSegment = change.header.firstNumber
        try writeManifest()
        files.close(segment.file)
        useSegment(active)
        history.sealActive(change.sealed, next: change.header)
        digestInBackground(change.sealed)
        prepareNextSegment()
        rotationHandler?(Offset(nextNumber))
        // The sync of what comes into the new segment is next.
        QueueExecutor.beginSubmitted()
    }

    /// Lists the segments as they are now. Without a single free block, or a descriptor, that is put off, and the old
    /// list stays: a start finds a sealed segment and the one after it without it (`LogRecovery.recover`).
    func writeManifest() throws(LogError) {
        do throws(LogError) {
            try files.replace(paths.manifest, in: paths.directory, with: manifest.encoded())
            manifestLack = nil
        } catch {
            guard let lack = error.lack else { throw error }
            manifestLack = lack
            note(lack)
        }
    }

    /// Whether the list is as the segments are. No segment is begun before: the list is never behind by more than one.
    private func catchUpWithManifest() throws(LogError) -> Bool {
        if manifestLack != nil { try writeManifest() }
        return manifestLack == nil
    }

    /// The file made ready in the background, or one made now; nil when the disk is full or descriptors are short.
    private func takePrepared() throws(LogError) -> PreparedSegment? {
        if let ready = prepared {
            prepared = nil
            return ready
        }
        // Two may not write one temporary file: while the background does, the present segment grows.
        guard !isPreparing else { return nil }
        do throws(FileFailure) {
            return try PreparedSegment.make(
                paths.nextSegment, byteCount: configuration.segmentByteCount, isFilled: false, files)
        } catch {
            let error = logError(error, paths.nextSegment)
            guard let lack = error.lack else { throw error }
            note(lack)
            return nil
        }
    }

    /// Makes the next segment's file in the background, and looks at the free space.
    func prepareNextSegment() {
        guard prepared == nil, !isPreparing, isOpen else { return }
        isPreparing = true
        let isFilled = fillsNextSegment()
        background.async { [self] in
            let outcome = Result<PreparedSegment, FileFailure> { () throws(FileFailure) in
                try PreparedSegment.make(
                    paths.nextSegment, byteCount: configuration.segmentByteCount,
                    isFilled: isFilled, files)
            }
            let isLow = hasLittleSpace()
            executor.submit { self.assumeIsolated { $0.nextSegmentIsPrepared(outcome, isLow) } }
        }
    }

    /// Filling pays while segments last: commits into it are up to twice as fast. When one is used up
    /// within seconds, the disk is better left to the commits (docs/decisions/0024).
    private func fillsNextSegment() -> Bool {
        let time = clock.monotonic()
        defer { lastPreparation = time }
        guard configuration.fillsNextSegment else { return false }
        guard let lastPreparation else { return true }
        return time &- lastPreparation >= Int64(LogLimits.filledSegmentSeconds) &* 1_000_000
    }

    private func nextSegmentIsPrepared(_ outcome: Result<PreparedSegment, FileFailure>, _ isLow: Bool) {
        isPreparing = false
        switch outcome {
        case .success(let segment):
            if isOpen { prepared = segment } else { files.close(segment.file) }
            setSpaceLow(isLow || manifestLack == .room)
        case .failure(let failure):
            let error = logError(failure, paths.nextSegment)
            if let lack = error.lack { note(lack) } else { fail(error) }
        }
    }

    /// What was put off is tried again by itself. For lack of room new messages are refused until then.
    func note(_ lack: Lack) {
        switch lack {
        case .room: setSpaceLow(true)
        case .descriptors: armSpaceCheck()
        }
    }

    /// While space is low it is looked at again by itself.
    private func setSpaceLow(_ isLow: Bool) {
        shared.isSpaceLow.store(isLow, ordering: .relaxed)
        if isLow { armSpaceCheck() }
    }

    private func armSpaceCheck() {
        guard isOpen, !isSpaceCheckArmed else { return }
        isSpaceCheckArmed = true
        queue.asyncAfter(deadline: .now() + .milliseconds(LogLimits.spaceCheckMilliseconds)) { [self] in
            assumeIsolated { $0.lookAtSpace() }
        }
    }

    private func lookAtSpace() {
        isSpaceCheckArmed = false
        guard isOpen else { return }
        do throws(LogError) {
            // Put off again, it has armed the next look itself.
            guard try catchUpWithManifest() else { return }
        } catch { return fail(error) }
        guard prepared != nil else { return prepareNextSegment() }
        background.async { [self] in
            let isLow = hasLittleSpace()
            executor.submit { self.assumeIsolated { $0.setSpaceLow(isLow) } }
        }
    }

    /// Less than two segments or one twentieth of the file system, whichever is more.
    private nonisolated func hasLittleSpace() -> Bool {
        do throws(FileFailure) {
            let facts = try files.facts(ofFileSystemAt: paths.directory)
            return facts.freeByteCount < max(2 * configuration.segmentByteCount, facts.totalByteCount / 20)
        } catch {
            // A file system that does not say how full it is cannot be trusted with more.
            return true
        }
    }

    /// SHA-256 of a sealed file for backups and `plenaryd log verify`; it stands in the next MANIFEST.
    private func digestInBackground(_ sealed: SealedSegment) {
        background.async { [self] in
            guard let digest = fileDigest(paths.segment(sealed.firstNumber), files) else { return }
            executor.submit { self.assumeIsolated { $0.note(digest, of: sealed) } }
        }
    }

    private func note(_ digest: String, of sealed: SealedSegment) {
        // Of a segment that was rewritten meanwhile the digest is known, and this one may be of the old file.
        guard
            let place = manifest.sealed.lastIndex(where: {
                $0.firstNumber == sealed.firstNumber && $0.generation == sealed.generation
            })
        else { return }
        manifest.sealed[place].digest = digest
    }

    /// Has a snapshot written in the background, with the conversations as history knows them then.
    func writeSnapshot(_ request: SnapshotRequest, _ then: @escaping @Sendable (LogError?) -> Void) {
        precondition(
            request.upTo.value <= nextNumber, "a snapshot knows only events that were appended before it")
        let logID = manifest.logID
        let time = lastTime
        history.withTable { [files, paths, background] table in
            background.async {
                do throws(LogError) {
                    try SnapshotStore(files: files, paths: paths).write(request, logID, lastTime: time, table)
                    then(nil)
                } catch { then(error) }
            }
        }
    }
}

/// How far a change of segment has come. What is done is not done again.
struct SegmentChange {
    let next: PreparedSegment
    let header: SegmentHeader
    let sealed: SealedSegment
    var isCut = false
    var hasName = false
}

/// SHA-256 of a whole file in hexadecimal; nil when it cannot be read, which only leaves the digest out.
func fileDigest(_ path: String, _ files: any FileLayer) -> String? {
    do throws(FileFailure) {
        let file = try files.open(path, flags: O_RDONLY)
        defer { files.close(file) }
        let hasher = SHA256Hasher()
        var position = 0
        while true {
            let bytes = try files.read(file, count: 1 << 20, at: position)
            if bytes.isEmpty { break }
            bytes.withUnsafeBytes { hasher.update($0) }
            position += bytes.count
        }
        return hexadecimalDigest(hasher.finalize())
    } catch {
        return nil
    }
}
