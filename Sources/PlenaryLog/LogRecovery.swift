// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What opening the log found and did; the server logs it in one line.
package struct RecoveryReport: Hashable, Sendable {
    /// Bytes cut off the newest segment: a write that a crash interrupted.
    package var tornByteCount = 0
    /// Number of the snapshot that is used; nil when there is none and all is replayed.
    package var snapshotNumber: UInt64?
    /// Snapshots that could not be used, each with the reason.
    package var refusedSnapshots: [String] = []
    /// Indexes that were missing or did not match and were made anew.
    package var rebuiltIndexCount = 0
    /// Whether MANIFEST was missing and was made from the segments.
    package var rebuiltManifest = false
    /// Whether the last stop was clean: its segment sealed and listed.
    package var wasClosedCleanly = false
    package var segmentCount = 0
}

/// What recovery leaves for the writer and the history reader: every segment on disk is sealed.
struct RecoveredLog {
    var paths: LogPaths
    var lockFile: Int32
    var logID: LogID
    var sealed: [SealedSegment]
    var nextNumber: UInt64
    var lastTime: Int64
    var snapshot: SnapshotFile?
    var table: ConversationTable
    var report: RecoveryReport
}

/// Opens a data directory: takes the lock, finds the segments, judges the newest one's end, seals it,
/// and brings the indexes up to date (docs/DURABILITY.md, "Starting"). What it reads does not grow with
/// the number of old messages: sealed segments before the snapshot are only looked up.
struct LogRecovery {
    let configuration: LogConfiguration
    let files: any FileLayer
    let paths: LogPaths
    private var report = RecoveryReport()

    init(_ configuration: LogConfiguration, files: any FileLayer) {
        self.configuration = configuration
        self.files = files
        paths = LogPaths(configuration.directory)
    }

    mutating func run() throws(LogError) -> RecoveredLog {
        let lockFile = try prepareDirectory()
        do {
            return try recover(lockFile)
        } catch {
            files.closeLock(lockFile)
            throw error
        }
    }

    private mutating func recover(_ lockFile: Int32) throws(LogError) -> RecoveredLog {
        let present = try segmentNumbers()
        let manifest = try readManifest(hasSegments: !present.isEmpty)
        try checkPresence(manifest, present)
        var recovered = RecoveredLog(
            paths: paths, lockFile: lockFile, logID: manifest?.logID ?? LogID.make(), sealed: [],
            nextNumber: 0,
            lastTime: 0, snapshot: nil, table: ConversationTable(), report: report)
        if manifest == nil, let first = present.first {
            recovered.logID = try readHeader(first).logID
        }
        var newest: NewestSegment?
        for number in present {
            guard number == recovered.nextNumber else {
                throw .damaged(
                    path: paths.segment(number), position: 0,
                    found: "event \(recovered.nextNumber) should come first; a segment is missing before it")
            }
            let segment: SealedSegment
            if let listed = manifest?.sealed.first(where: { $0.firstNumber == number }) {
                segment = try checkListed(listed, recovered.logID)
            } else if number == present.last {
                newest = try readNewest(number, recovered.logID)
                segment = try newest?.facts(files) ?? SealedSegment.none(number)
            } else {
                segment = try readSealed(number, recovered.logID)
            }
            recovered.nextNumber = segment.nextNumber
            if segment.eventCount > 0 {
                recovered.sealed.append(segment)
                recovered.lastTime = max(recovered.lastTime, segment.lastTime)
            }
        }
        report.wasClosedCleanly = newest == nil || newest?.isSealed == true
        report.tornByteCount = newest?.tornByteCount ?? 0
        report.segmentCount = recovered.sealed.count
        try loadSnapshot(into: &recovered)
        // Only now, when nothing speaks against it, is anything on the disk changed.
        try removeTemporaries()
        try newest?.seal(files)
        try bringIndexesUpToDate(&recovered)
        recovered.report = report
        return recovered
    }

    // MARK: The directory

    private func prepareDirectory() throws(LogError) -> Int32 {
        for path in [paths.directory, paths.segments, paths.snapshots] {
            do {
                // A directory that its parent forgets in a power cut takes everything with it.
                if try files.makeDirectory(path) { try files.fsyncDirectory(parentDirectory(of: path)) }
            } catch { throw logError(error, path) }
        }
        do {
            let facts = try files.facts(ofFileSystemAt: paths.directory)
            if let kind = facts.unsuitableKind, !configuration.allowsAnyFileSystem {
                throw LogError.unsuitableFileSystem(path: paths.directory, kind: kind)
            }
            let file = try files.open(paths.lock, flags: O_RDWR | O_CREAT)
            guard try files.lock(file) else {
                files.close(file)
                throw LogError.locked(path: paths.lock)
            }
            return file
        } catch let failure as FileFailure {
            throw logError(failure, paths.lock)
        } catch let error as LogError {
            throw error
        } catch {
            throw .failedCall(call: "lock", path: paths.lock, position: 0, code: EIO)
        }
    }

    private func removeTemporaries() throws(LogError) {
        for directory in [paths.directory, paths.segments, paths.snapshots] {
            for name in try list(directory) where name.hasSuffix(".tmp") {
                try files.removeIfPresent(directory + "/" + name)
            }
        }
    }

    private func list(_ directory: String) throws(LogError) -> [String] {
        do { return try files.list(directory) } catch { throw logError(error, directory) }
    }

    private func segmentNumbers() throws(LogError) -> [UInt64] {
        try list(paths.segments).compactMap { number(inFileName: $0, kind: "seg") }.sorted()
    }

    private mutating func readManifest(hasSegments: Bool) throws(LogError) -> Manifest? {
        guard let bytes = try files.readWhole(paths.manifest) else {
            report.rebuiltManifest = hasSegments
            return nil
        }
        return try Manifest(decoding: bytes, path: paths.manifest)
    }

    private func checkPresence(_ manifest: Manifest?, _ present: [UInt64]) throws(LogError) {
        guard let manifest else { return }
        for number in manifest.sealed.map(\.firstNumber) + [manifest.openSegment].compactMap({ $0 })
        where !present.contains(number) {
            throw .damaged(
                path: paths.segment(number), position: 0, found: "MANIFEST lists it, but it is gone")
        }
    }

    // MARK: Segments

    private func open(_ path: String, _ flags: Int32 = O_RDONLY) throws(LogError) -> Int32 {
        do {
            return try files.repeating { () throws(FileFailure) in try files.open(path, flags: flags) }
        } catch { throw logError(error, path) }
    }

    private func readHeader(_ number: UInt64) throws(LogError) -> SegmentHeader {
        let path = paths.segment(number)
        let file = try open(path)
        defer { files.close(file) }
        do {
            let bytes = try files.read(file, count: SegmentHeader.byteCount, at: 0)
            return try decodeHeader(bytes, path)
        } catch let failure as FileFailure {
            throw logError(failure, path)
        } catch let error as LogError {
            throw error
        } catch {
            throw .failedCall(call: "pread", path: path, position: 0, code: EIO)
        }
    }

    /// A segment that MANIFEST lists as sealed: that it is there, of the same generation, and as long as it was. One
    /// that was rewritten before MANIFEST could say so is read whole.
    private func checkListed(_ segment: SealedSegment, _ logID: LogID) throws(LogError) -> SealedSegment {
        let path = paths.segment(segment.firstNumber)
        let file = try open(path)
        defer { files.close(file) }
        let byteCount: Int
        let start: [UInt8]
        do {
            byteCount = try files.byteCount(of: file)
            start = try files.read(file, count: 32, at: 0)
        } catch { throw logError(error, path) }
        let generation = start.withUnsafeBytes { $0.littleEndian(at: 28, as: UInt32.self) }
        if let generation, generation != segment.generation {
            return try checkRewritten(segment, generation, logID)
        }
        guard byteCount == segment.byteCount else {
            throw .damaged(
                path: path, position: min(byteCount, segment.byteCount),
                found: "it has \(byteCount) bytes where MANIFEST says \(segment.byteCount)")
        }
        // A snapshot may stand for its events; a format that is not known is left alone all the same.
        let isKnown = start.withUnsafeBytes {
            $0.littleEndian(at: 8, as: UInt16.self) == SegmentHeader.formatMajor
                && $0.littleEndian(at: 24, as: UInt32.self) == 0
        }
        if !isKnown { _ = try readHeader(segment.firstNumber) }
        return segment
    }

    private func checkRewritten(
        _ listed: SealedSegment, _ generation: UInt32, _ logID: LogID
    ) throws(LogError) -> SealedSegment {
        let path = paths.segment(listed.firstNumber)
        guard generation > listed.generation else {
            throw .damaged(
                path: path, position: 28,
                found: "its generation is \(generation) where MANIFEST says \(listed.generation): "
                    + "a file from before an erasure was put back")
        }
        let found = try readSealed(listed.firstNumber, logID)
        guard found.eventCount == listed.eventCount, found.lastTime == listed.lastTime else {
            throw .damaged(
                path: path, position: 0, found: "it has other events than MANIFEST says")
        }
        return found
    }

    private func readNewest(_ number: UInt64, _ logID: LogID) throws(LogError) -> NewestSegment {
        try NewestSegment(number, paths.segment(number), logID, files)
    }

    /// A segment before the newest that MANIFEST does not list: it must be sealed.
    private func readSealed(_ number: UInt64, _ logID: LogID) throws(LogError) -> SealedSegment {
        let segment = try readNewest(number, logID)
        guard segment.isSealed else {
            throw .damaged(
                path: paths.segment(number), position: segment.walk.end,
                found: "a later segment exists, but this one does not end in a seal")
        }
        try segment.seal(files)
        return try segment.facts(files)
    }

    // MARK: Snapshot and indexes

    private mutating func loadSnapshot(into recovered: inout RecoveredLog) throws(LogError) {
        let numbers = try list(paths.snapshots).compactMap { number(inFileName: $0, kind: "snap") }.sorted(
            by: >)
        if let newest = numbers.first, newest > recovered.nextNumber {
            throw .damaged(
                path: paths.snapshot(newest), position: 0,
                found:
                    "it knows events up to \(newest), but the log ends before event \(recovered.nextNumber)")
        }
        for number in numbers {
            guard let bytes = try files.readWhole(paths.snapshot(number)) else { continue }
            do throws(SnapshotDamage) {
                let snapshot = try SnapshotFile(decoding: bytes)
                guard snapshot.upTo == number, snapshot.logID == recovered.logID else {
                    throw SnapshotDamage(found: "it belongs to another log or place")
                }
                recovered.lastTime = max(recovered.lastTime, snapshot.lastTime)
                recovered.table = ConversationTable(snapshot.conversations)
                recovered.snapshot = snapshot
                report.snapshotNumber = number
                return
            } catch {
                report.refusedSnapshots.append("\(paths.snapshot(number)): \(error.found)")
            }
        }
    }

    /// Adds what happened after the snapshot to the table of conversations, and makes missing indexes.
    private mutating func bringIndexesUpToDate(_ recovered: inout RecoveredLog) throws(LogError) {
        let store = SegmentIndexStore(files: files, paths: paths)
        let upTo = recovered.snapshot?.upTo ?? 0
        for (place, segment) in recovered.sealed.enumerated() where segment.nextNumber > upTo {
            let predecessor = place == 0 ? IndexAbsence.segment : recovered.sealed[place - 1].firstNumber
            let loaded = try store.load(segment, predecessor: predecessor, table: recovered.table)
            if loaded.wasRebuilt { report.rebuiltIndexCount += 1 }
            recovered.table.note(loaded.index)
        }
    }
}

extension SealedSegment {
    /// A segment without events; it is replaced, not kept.
    fileprivate static func none(_ number: UInt64) -> SealedSegment {
        SealedSegment(
            firstNumber: number, generation: 0, byteCount: 0, eventCount: 0, firstTime: 0, lastTime: 0,
            digest: nil)
    }
}

/// The directory a path is in; the present one for a bare name.
func parentDirectory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A segment header read from a byte array.
func decodeHeader(_ bytes: [UInt8], _ path: String) throws(LogError) -> SegmentHeader {
    var result: Result<SegmentHeader, LogError>?
    bytes.withUnsafeBytes { buffer in
        do throws(LogError) {
            result = .success(try SegmentHeader(decoding: buffer, path: path))
        } catch { result = .failure(error) }
    }
    guard let result else { throw .damaged(path: path, position: 0, found: "it is empty") }
    return try result.get()
}
