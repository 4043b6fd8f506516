// SPDX-License-Identifier: Apache-2.0

import CPlenary
import Glibc

/// The segment being written: its descriptor, where the next batch goes, and what its seal will say.
/// Used by the log's queue alone.
struct ActiveSegment {
    let file: Int32
    let path: String
    let header: SegmentHeader
    let seed: RecordSeed
    /// Where the next batch goes, in bytes.
    private(set) var position = SegmentHeader.byteCount
    private(set) var eventCount: UInt64 = 0
    private var markCount: UInt32 = 0
    private var firstTime: Int64 = 0
    private(set) var lastTime: Int64 = 0
    private var dataChecksum: UInt32 = 0
    /// How far a write that found no room may have come; what stands from `position` to there was never synced.
    private var tornEnd = 0

    init(file: Int32, path: String, header: SegmentHeader) {
        self.file = file
        self.path = path
        self.header = header
        seed = RecordSeed(salt: header.salt)
    }

    /// Writes a batch and makes it durable. A write that finds no room may be tried again: it begins at the same
    /// place, and nothing that it left stays behind the next batch. After a failed sync nothing may be written to
    /// the file any more: what it kept is unknown, and a second one would claim success for pages already dropped.
    mutating func commit(_ batch: borrowing RecordBatch, _ files: any FileLayer) throws(LogError) {
        let end = position + batch.bytes.count
        do {
            try overwriteTornPart(from: end, files)
            tornEnd = max(tornEnd, end)
            try files.writeFully(file, batch.bytes, at: position)
        } catch { throw logError(error, path, position: position) }
        do {
            try files.repeating { () throws(FileFailure) in try files.fdatasync(file) }
        } catch { throw lostSync(error, path, position: position) }
        dataChecksum = checksum(batch.bytes, seed: dataChecksum)
        position = end
        tornEnd = 0
    }

    /// Puts zeros where a longer write left bytes that the next one does not reach.
    private func overwriteTornPart(from end: Int, _ files: any FileLayer) throws(FileFailure) {
        guard end < tornEnd else { return }
        let reached = min(tornEnd, try files.byteCount(of: file))
        guard end < reached else { return }
        try files.writeFully(file, [UInt8](repeating: 0, count: reached - end), at: end)
    }

    /// Counts events of a batch that is committed.
    mutating func note(eventCount count: Int, firstTime first: Int64, lastTime last: Int64) {
        if eventCount == 0 { firstTime = first }
        eventCount &+= UInt64(count)
        lastTime = last
    }

    mutating func noteMark() { markCount &+= 1 }

    /// Writes the last record. Nothing is appended after it; `cut` comes next.
    mutating func seal(nextNumber: UInt64, _ files: any FileLayer) throws(LogError) -> SealedSegment {
        let seal = Seal(
            eventCount: eventCount, firstNumber: header.firstNumber, firstTime: firstTime, lastTime: lastTime,
            checksum: dataChecksum, markCount: markCount,
            dataByteCount: UInt64(position - SegmentHeader.byteCount))
        var batch = RecordBatch(seed: seed)
        _ = try batch.appendSeal(seal, nextNumber: nextNumber, time: lastTime)
        try commit(batch, files)
        return SealedSegment(
            firstNumber: header.firstNumber, generation: header.generation, byteCount: position,
            eventCount: eventCount, firstTime: firstTime, lastTime: lastTime, digest: nil)
    }

    /// Cuts a sealed file to its end, for good.
    func cut(_ files: any FileLayer) throws(LogError) {
        do { try files.ftruncate(file, to: position) } catch {
            throw logError(error, path, position: position)
        }
        do { try files.fsync(file) } catch { throw lostSync(error, path, position: position) }
    }
}

/// A file that will be a segment: its space is there, its name and header are not yet.
struct PreparedSegment: Sendable {
    let file: Int32

    /// Reserves the space, and fills it with zeros if asked: a commit into blocks already written costs
    /// the disk no journal entry. Each step is synced by itself, to leave gaps for commits.
    static func make(
        _ path: String, byteCount: Int, isFilled: Bool, _ files: any FileLayer
    ) throws(FileFailure) -> PreparedSegment {
        let file = try files.repeating { () throws(FileFailure) in
            try files.open(path, flags: O_RDWR | O_CREAT | O_TRUNC)
        }
        do {
            try files.repeating { () throws(FileFailure) in try files.fallocate(file, byteCount: byteCount) }
            if isFilled {
                let zeros = [UInt8](repeating: 0, count: min(LogLimits.fillStepByteCount, byteCount))
                var position = 0
                while position < byteCount {
                    let count = min(zeros.count, byteCount - position)
                    try files.writeFully(
                        file, count == zeros.count ? zeros : Array(zeros[..<count]), at: position)
                    try files.fdatasync(file)
                    position += count
                }
            }
            return PreparedSegment(file: file)
        } catch {
            files.close(file)
            throw error
        }
    }

    /// Writes the header and syncs it, still under the temporary name.
    func begin(_ header: SegmentHeader, _ files: any FileLayer, path: String) throws(LogError) {
        do { try files.writeFully(file, header.encoded(), at: 0) } catch { throw logError(error, path) }
        do { try files.fsync(file) } catch { throw lostSync(error, path) }
    }

    /// Gives it its name, for good.
    func publish(
        _ paths: LogPaths, _ header: SegmentHeader, _ files: any FileLayer
    ) throws(LogError) -> ActiveSegment {
        try takeName(paths, header, files)
        return try keepName(paths, header, files)
    }

    /// Gives it its name, which a power cut may take away again.
    func takeName(_ paths: LogPaths, _ header: SegmentHeader, _ files: any FileLayer) throws(LogError) {
        let path = paths.segment(header.firstNumber)
        do { try files.rename(paths.nextSegment, to: path) } catch { throw logError(error, path) }
    }

    /// Makes its name durable; from here on it can be appended to.
    func keepName(
        _ paths: LogPaths, _ header: SegmentHeader, _ files: any FileLayer
    ) throws(LogError) -> ActiveSegment {
        let path = paths.segment(header.firstNumber)
        do { try files.fsyncDirectory(paths.segments) } catch { throw lostSync(error, path) }
        return ActiveSegment(file: file, path: path, header: header)
    }
}
