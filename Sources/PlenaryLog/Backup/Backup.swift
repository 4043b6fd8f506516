// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto
import PlenaryTerms

/// What the log says to a backup: everything below a number is durable, and where that number's segment ends then.
package struct BackupPoint: Hashable, Sendable {
    package var nextNumber: UInt64
    package var openSegment: UInt64
    /// Bytes of the open segment that are durable.
    package var openByteCount: Int
    /// The segments before it.
    package var sealed: [SealedSegment]

    package init(nextNumber: UInt64, openSegment: UInt64, openByteCount: Int, sealed: [SealedSegment] = []) {
        self.nextNumber = nextNumber
        self.openSegment = openSegment
        self.openByteCount = openByteCount
        self.sealed = sealed
    }
}

extension LogCore {
    func pin(_ then: @Sendable (BackupPoint) -> Void) {
        then(
            BackupPoint(
                nextNumber: nextNumber, openSegment: segment.header.firstNumber,
                openByteCount: segment.position, sealed: manifest.sealed))
    }
}

package struct BackupReport: Hashable, Sendable {
    /// Every event below it is contained.
    package var nextNumber: UInt64 = 0
    package var segmentCount = 0
    /// Segments that were not there, or not as they are now.
    package var copiedSegmentCount = 0
    package var copiedByteCount = 0
    package var erasureCount = 0
    /// Secrets, which a careful operator keeps elsewhere.
    package var keyPaths: [String] = []
}

/// Copies a data directory, which may be in use, into a backup, new or old. A sealed segment that the backup has is
/// left as it is; where the file system can, a new one is linked and not copied. Nothing of the server waits.
///
/// Generations need no pin: a segment that is rewritten meanwhile is there under its name at every moment, as the
/// old one or the new one, each whole; and what was erased since goes at the restore (`ErasureList`).
package struct Backup {
    private let files = RealFiles()
    private let source: LogPaths
    private let target: LogPaths
    private var report = BackupReport()
    private var manifest: Manifest
    private var list: ErasureList
    private var file: BackupFile

    /// Makes or brings up to date the backup in a directory. `point` is the running server's; nil when none runs.
    package static func make(
        of directory: String, in backup: String, at point: BackupPoint?
    ) throws(LogError) -> BackupReport {
        var work = try Backup(LogPaths(directory), LogPaths(backup))
        try work.run(point)
        return work.report
    }

    private init(_ source: LogPaths, _ target: LogPaths) throws(LogError) {
        self.source = source
        self.target = target
        guard let bytes = try files.readWhole(source.manifest) else {
            throw .damaged(path: source.manifest, position: 0, found: "there is no log here")
        }
        manifest = try Manifest(decoding: bytes, path: source.manifest)
        list = ErasureList(logID: manifest.logID)
        file = BackupFile(logID: manifest.logID, nextNumber: 0)
        for directory in [target.directory, source.directory] {
            let path = ErasureList.path(in: directory)
            guard let bytes = try files.readWhole(path) else { continue }
            let known = try ErasureList(decoding: bytes, path: path)
            guard known.logID == manifest.logID else {
                throw .damaged(path: path, position: 0, found: "it belongs to another log")
            }
            list.merge(known)
        }
        if let bytes = try files.readWhole(target.manifest),
            try Manifest(decoding: bytes, path: target.manifest).logID != manifest.logID
        {
            throw .damaged(path: target.manifest, position: 0, found: "it is a backup of another log")
        }
    }

    private mutating func run(_ given: BackupPoint?) throws(LogError) {
        for path in [target.directory, target.segments, target.snapshots] {
            do { _ = try files.makeDirectory(path) } catch { throw logError(error, path) }
        }
        let point: BackupPoint
        if let given { point = given } else { point = try offlinePoint() }
        var copied = Manifest(logID: manifest.logID)
        for segment in manifest.sealed where segment.firstNumber < point.openSegment {
            copied.sealed.append(try keep(segment))
        }
        report.nextNumber = copied.sealed.last?.nextNumber ?? 0
        try copyOpen(point, &copied)
        let kept = copied.sealed.map(\.firstNumber) + [copied.openSegment].compactMap { $0 }
        try removeOthers(target.segments, "seg", Set(kept))
        try copySnapshot(upTo: report.nextNumber)
        try copyKeys()
        try put(list.encoded(), "erasures")
        try put(copied.encoded(), "MANIFEST")
        report.erasureCount = list.entries.count
        file.nextNumber = report.nextNumber
        try files.replace(BackupFile.path(in: target.directory), in: target.directory, with: file.encoded())
    }

    /// Without a server: what stands whole in the newest segment.
    private func offlinePoint() throws(LogError) -> BackupPoint {
        guard let open = manifest.openSegment else {
            return BackupPoint(nextNumber: 0, openSegment: .max, openByteCount: 0)
        }
        let newest = try NewestSegment(open, source.segment(open), manifest.logID, files)
        let end = newest.isSealed ? newest.walk.end + Seal.recordByteCount : newest.walk.end
        return BackupPoint(nextNumber: newest.walk.nextNumber, openSegment: open, openByteCount: end)
    }

    // MARK: Segments

    private mutating func keep(_ segment: SealedSegment) throws(LogError) -> SealedSegment {
        let (from, to) = (source.segment(segment.firstNumber), target.segment(segment.firstNumber))
        if try !isKept(from, to) {
            try linkOrCopy(from, to)
            report.copiedSegmentCount += 1
        }
        let bytes = try NewestSegment.read(to, files)
        return try note(bytes, segment.firstNumber, listed: segment)
    }

    /// A segment's salt is its own: with the same header and length it is the same file.
    private func isKept(_ from: String, _ to: String) throws(LogError) -> Bool {
        guard let here = try start(of: from), let there = try start(of: to) else { return false }
        return here == there
    }

    private struct Start: Equatable {
        var header: [UInt8]
        var byteCount: Int
    }

    private func start(of path: String) throws(LogError) -> Start? {
        do {
            let file = try files.repeating { () throws(FileFailure) in try files.open(path, flags: O_RDONLY) }
            defer { files.close(file) }
            let header = try files.read(file, count: SegmentHeader.byteCount, at: 0)
            return Start(header: header, byteCount: try files.byteCount(of: file))
        } catch {
            if error.code == ENOENT { return nil }
            throw logError(error, path)
        }
    }

    private mutating func linkOrCopy(_ from: String, _ to: String) throws(LogError) {
        let temporary = to + ".tmp"
        try files.removeIfPresent(temporary)
        if link(from, temporary) == 0 {
            do {
                try files.rename(temporary, to: to)
                try files.fsyncDirectory(target.segments)
            } catch { throw logError(error, to) }
            return
        }
        let bytes = try NewestSegment.read(from, files)
        report.copiedByteCount += bytes.count
        try files.replace(to, in: target.segments, with: bytes)
    }

    /// Checks a sealed copy, and learns the requests in it.
    private mutating func note(
        _ bytes: [UInt8], _ number: UInt64, listed: SealedSegment?
    ) throws(LogError) -> SealedSegment {
        let path = target.segment(number)
        let header = try decodeHeader(bytes, path)
        // SAFETY: the walk reads inside the buffer only and keeps nothing of it.
        let walk = bytes.withUnsafeBytes { SegmentWalk($0, header: header) { _, _ in } }
        guard case .sealed = walk.ending else {
            throw .damaged(path: path, position: walk.end, found: "a sealed segment does not hold any more")
        }
        let digest = hexadecimalDigest(SHA256Digest.hash(bytes))
        if let listed, listed.generation == header.generation, let known = listed.digest, known != digest {
            throw .damaged(path: path, position: 0, found: "it is not what MANIFEST says it was")
        }
        try list.addRequests(of: bytes, path: path)
        report.segmentCount += 1
        file.entries.append(
            BackupFile.Entry(
                byteCount: bytes.count, digest: digest, path: "log/" + segmentFileName(number)))
        return SealedSegment(
            firstNumber: number, generation: header.generation, byteCount: bytes.count,
            eventCount: walk.eventCount, firstTime: walk.firstTime, lastTime: walk.lastTime, digest: digest)
    }

    /// The part of the open segment that is durable. If it was sealed and rewritten meanwhile, all of its successor.
    private mutating func copyOpen(_ point: BackupPoint, _ copied: inout Manifest) throws(LogError) {
        guard point.openByteCount > SegmentHeader.byteCount, point.openSegment != .max else { return }
        let number = point.openSegment
        var bytes = try NewestSegment.read(source.segment(number), files)
        let header = try decodeHeader(bytes, source.segment(number))
        if header.generation == 0, point.openByteCount < bytes.count {
            bytes.removeLast(bytes.count - point.openByteCount)
        }
        let walk = bytes.withUnsafeBytes { SegmentWalk($0, header: header) { _, _ in } }
        switch walk.ending {
        case .sealed:
            try files.replace(target.segment(number), in: target.segments, with: bytes)
            copied.sealed.append(try note(bytes, number, listed: nil))
            report.copiedSegmentCount += 1
            report.copiedByteCount += bytes.count
        case .whole where walk.eventCount == 0: return
        case .whole:
            try files.replace(target.segment(number), in: target.segments, with: bytes)
            try list.addRequests(of: bytes, path: target.segment(number))
            file.entries.append(entry(bytes, "log/" + segmentFileName(number)))
            copied.openSegment = number
            report.segmentCount += 1
            report.copiedSegmentCount += 1
            report.copiedByteCount += bytes.count
        case .torn, .damaged:
            throw .damaged(
                path: source.segment(number), position: walk.end,
                found: "what is durable of it does not hold")
        }
        report.nextNumber = walk.nextNumber
    }

    // MARK: All else

    private mutating func copySnapshot(upTo next: UInt64) throws(LogError) {
        let names: [String]
        do { names = try files.list(source.snapshots) } catch { throw logError(error, source.snapshots) }
        let numbers = names.compactMap { number(inFileName: $0, kind: "snap") }.filter { $0 <= next }
        var kept: Set<UInt64> = []
        for number in numbers.sorted(by: >) {
            // An erasure may have taken it away since.
            guard let bytes = try files.readWhole(source.snapshot(number)),
                (try? SnapshotFile(decoding: bytes)) != nil
            else { continue }
            try files.replace(target.snapshot(number), in: target.snapshots, with: bytes)
            file.entries.append(entry(bytes, "snap/" + segmentFileName(number, "snap")))
            kept.insert(number)
            break
        }
        try removeOthers(target.snapshots, "snap", kept)
    }

    private mutating func copyKeys() throws(LogError) {
        let directory = source.directory + "/keys"
        let names = (try? files.list(directory)) ?? []
        guard !names.isEmpty else { return }
        do { _ = try files.makeDirectory(target.directory + "/keys") } catch {
            throw logError(error, target.directory)
        }
        for name in names.sorted() where !name.hasSuffix(".tmp") {
            guard let bytes = try files.readWhole(directory + "/" + name) else { continue }
            let path = target.directory + "/keys/" + name
            try files.replace(path, in: target.directory + "/keys", with: bytes)
            file.entries.append(entry(bytes, "keys/" + name))
            report.keyPaths.append(path)
        }
    }

    private mutating func put(_ bytes: [UInt8], _ name: String) throws(LogError) {
        try files.replace(target.directory + "/" + name, in: target.directory, with: bytes)
        file.entries.append(entry(bytes, name))
    }

    private func entry(_ bytes: [UInt8], _ path: String) -> BackupFile.Entry {
        BackupFile.Entry(
            byteCount: bytes.count, digest: hexadecimalDigest(SHA256Digest.hash(bytes)), path: path)
    }

    /// Files of an earlier backup that are part of this one no more.
    private func removeOthers(_ directory: String, _ kind: String, _ kept: Set<UInt64>) throws(LogError) {
        let names: [String]
        do { names = try files.list(directory) } catch { throw logError(error, directory) }
        for name in names {
            if let number = number(inFileName: name, kind: kind), kept.contains(number) { continue }
            try files.removeIfPresent(directory + "/" + name)
        }
    }
}
