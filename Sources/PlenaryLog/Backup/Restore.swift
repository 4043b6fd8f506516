// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryCrypto
import PlenaryTerms

package struct RestoreReport: Hashable, Sendable {
    /// Every event below it is there.
    package var nextNumber: UInt64 = 0
    /// Requests for erasure that are known, and what they change here.
    package var requestCount = 0
    package var erased = ErasureReport()
}

/// Makes a data directory of a backup, without what was erased since the backup was made.
package struct Restore {
    private let files = RealFiles()
    private let backup: LogPaths
    private let directory: String
    private let list: ErasureList

    /// `extra` are lists newer than the backup's own. The directory must not be there or be empty: it appears whole or
    /// not at all. A dry run says what would be done and writes nothing.
    package static func make(
        from backup: String, to directory: String, erasures extra: [ErasureList], isDryRun: Bool
    ) throws(LogError) -> RestoreReport {
        try Restore(backup, directory, extra).run(isDryRun: isDryRun)
    }

    private init(_ backup: String, _ directory: String, _ extra: [ErasureList]) throws(LogError) {
        self.backup = LogPaths(backup)
        self.directory = directory
        let check = verifyBackup(directory: backup)
        guard check.outcome == .clean else {
            throw .damaged(
                path: backup, position: 0,
                found: check.lines.first { $0.contains("DAMAGED") } ?? check.lines.last ?? "it is empty")
        }
        let path = ErasureList.path(in: backup)
        guard let bytes = try files.readWhole(path) else {
            throw .damaged(path: path, position: 0, found: "the list of erasures is gone")
        }
        var list = try ErasureList(decoding: bytes, path: path)
        for other in extra {
            guard other.logID == list.logID else {
                throw .damaged(path: path, position: 0, found: "the erasures given are those of another log")
            }
            list.merge(other)
        }
        self.list = list
    }

    private func run(isDryRun: Bool) throws(LogError) -> RestoreReport {
        let path = BackupFile.path(in: backup.directory)
        guard let bytes = try files.readWhole(path) else {
            throw .damaged(path: path, position: 0, found: "it is gone")
        }
        let file = try BackupFile(decoding: bytes, path: path)
        var report = RestoreReport()
        report.nextNumber = file.nextNumber
        report.requestCount = list.entries.count
        if let names = try? files.list(directory), !names.isEmpty {
            throw .damaged(
                path: directory, position: 0,
                found: "there are files in it; move it away and name it with --erasures")
        }
        guard !isDryRun else {
            report.erased = try OfflineErasure(list.jobs, files: files, paths: backup).count()
            return report
        }
        let staging = directory + ".restoring"
        if let names = try? files.list(staging), !names.isEmpty {
            throw .damaged(
                path: staging, position: 0, found: "an interrupted restore left it; remove it first")
        }
        try copy(file, to: staging)
        report.erased = try OfflineErasure(list.jobs, files: files, paths: LogPaths(staging)).run()
        try files.replace(ErasureList.path(in: staging), in: staging, with: list.encoded())
        let check = verify(directory: staging)
        guard check.outcome == .clean else {
            throw .damaged(path: staging, position: 0, found: check.lines.joined(separator: "; "))
        }
        do {
            try files.rename(staging, to: directory)
            try files.fsyncDirectory(parentDirectory(of: directory))
        } catch { throw logError(error, directory) }
        return report
    }

    private func copy(_ file: BackupFile, to staging: String) throws(LogError) {
        for name in ["", "/log", "/snap", "/keys"] {
            do { _ = try files.makeDirectory(staging + name) } catch { throw logError(error, staging + name) }
        }
        for entry in file.entries {
            guard let bytes = try files.readWhole(backup.directory + "/" + entry.path) else {
                throw .damaged(path: entry.path, position: 0, found: "the backup lists it, but it is gone")
            }
            let path = staging + "/" + entry.path
            try files.replace(path, in: parentDirectory(of: path), with: bytes)
        }
    }
}

/// Erasure in a log that nobody has open.
struct OfflineErasure {
    private let files: any FileLayer
    private let paths: LogPaths
    private let jobs: [ErasureJob]

    init(_ jobs: [ErasureJob], files: any FileLayer, paths: LogPaths) {
        self.jobs = jobs
        self.files = files
        self.paths = paths
    }

    /// Seals the last segment, then rewrites what the jobs mean. Snapshots go if anything changed: they are derived.
    func run() throws(LogError) -> ErasureReport {
        var (segments, manifest) = try segments(sealing: true)
        var report = ErasureReport()
        var rewrite = SegmentRewrite(jobs, files: files, paths: paths)
        for segment in try rewrite.order(segments) {
            guard let made = try rewrite.prepare(segment) else { continue }
            do {
                try files.rename(made.temporaryPath, to: paths.segment(segment.firstNumber))
                try files.fsyncDirectory(paths.segments)
            } catch { throw logError(error, paths.segment(segment.firstNumber)) }
            try files.removeIfPresent(paths.index(segment.firstNumber))
            if let place = segments.firstIndex(where: { $0.firstNumber == segment.firstNumber }) {
                segments[place] = made.sealed
            }
            report.segmentCount += 1
            report.recordCount += made.recordCount
        }
        if report.segmentCount > 0 {
            for name in (try? files.list(paths.snapshots)) ?? [] {
                try files.removeIfPresent(paths.snapshots + "/" + name)
            }
        }
        manifest.sealed = segments
        try files.replace(paths.manifest, in: paths.directory, with: manifest.encoded())
        return report
    }

    /// What `run` would change; changes nothing.
    func count() throws(LogError) -> ErasureReport {
        var report = ErasureReport()
        var rewrite = SegmentRewrite(jobs, files: files, paths: paths)
        rewrite.acceptsOpen = true
        for segment in try rewrite.order(try segments(sealing: false).sealed) {
            let count = try rewrite.changeCount(in: segment)
            if count > 0 { report.segmentCount += 1 }
            report.recordCount += count
        }
        return report
    }

    private func segments(sealing: Bool) throws(LogError) -> (sealed: [SealedSegment], manifest: Manifest) {
        guard let bytes = try files.readWhole(paths.manifest) else {
            throw .damaged(path: paths.manifest, position: 0, found: "it is gone")
        }
        var manifest = try Manifest(decoding: bytes, path: paths.manifest)
        var segments = manifest.sealed
        if let open = manifest.openSegment {
            let newest = try NewestSegment(open, paths.segment(open), manifest.logID, files)
            if sealing { try newest.seal(files) }
            segments.append(try newest.facts(files))
            manifest.openSegment = nil
        }
        return (segments, manifest)
    }
}

/// Checks a backup without changing it: each file is what was copied, and together they are a log.
package func verifyBackup(directory: String) -> VerifyReport {
    var report = verify(directory: directory)
    let path = BackupFile.path(in: directory)
    guard let bytes = contents(path) else {
        report.note(.unreadable, "backup: cannot be read; the backup was interrupted or is none")
        return report
    }
    guard let file = try? BackupFile(decoding: bytes, path: path) else {
        report.note(.damaged, "backup: DAMAGED: checksum")
        return report
    }
    for entry in file.entries {
        guard let bytes = contents(directory + "/" + entry.path) else {
            report.note(.damaged, "\(entry.path): DAMAGED: gone")
            continue
        }
        if bytes.count != entry.byteCount || hexadecimalDigest(SHA256Digest.hash(bytes)) != entry.digest {
            report.note(.damaged, "\(entry.path): DAMAGED: not what was copied")
        }
    }
    if report.nextNumber != file.nextNumber {
        report.note(
            .damaged, "backup: DAMAGED: ends before event \(report.nextNumber), not \(file.nextNumber)")
    }
    report.note(.clean, "backup: \(file.entries.count) files, events below \(file.nextNumber)")
    return report
}
