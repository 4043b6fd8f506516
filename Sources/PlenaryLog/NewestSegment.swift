// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The segment that was being written when the server last stopped, read whole and judged.
/// Making one changes nothing; `seal` does.
struct NewestSegment {
    let path: String
    let header: SegmentHeader
    let walk: SegmentWalk
    private let byteCount: Int
    private let sealToBe: Seal

    /// Reads it from the disk and not from the cache: after a failed sync the cache may hold, as clean,
    /// what the disk never got.
    init(_ number: UInt64, _ path: String, _ logID: LogID, _ files: any FileLayer) throws(LogError) {
        self.path = path
        let bytes = try NewestSegment.read(path, files)
        header = try decodeHeader(bytes, path)
        guard header.logID == logID, header.firstNumber == number else {
            throw .damaged(
                path: path, position: 32, found: "it belongs to another log or another place in it")
        }
        let header = header
        (walk, sealToBe) = bytes.withUnsafeBytes { buffer in
            let walk = SegmentWalk(buffer, header: header) { _, _ in }
            return (walk, walk.seal(over: buffer))
        }
        byteCount = bytes.count
        if case .damaged(let position, let found) = walk.ending {
            throw .damaged(path: path, position: position, found: found)
        }
    }

    var isSealed: Bool {
        if case .sealed = walk.ending { return true }
        return false
    }

    var tornByteCount: Int {
        if case .torn(let byteCount) = walk.ending { return byteCount }
        return 0
    }

    /// What it is once it is sealed.
    func facts(_ files: any FileLayer) throws(LogError) -> SealedSegment {
        SealedSegment(
            firstNumber: header.firstNumber, generation: header.generation,
            byteCount: walk.end + Seal.recordByteCount, eventCount: walk.eventCount,
            firstTime: walk.firstTime,
            lastTime: walk.lastTime, digest: nil)
    }

    /// Cuts off what is torn and ends the segment with a seal. Does nothing to one without events, which
    /// the next segment replaces. Safe to repeat after a crash at any point.
    func seal(_ files: any FileLayer) throws(LogError) {
        let sealedByteCount = walk.end + Seal.recordByteCount
        guard walk.eventCount > 0, !(isSealed && byteCount == sealedByteCount) else { return }
        do {
            let file = try files.repeating { () throws(FileFailure) in try files.open(path, flags: O_RDWR) }
            defer { files.close(file) }
            if !isSealed {
                try files.ftruncate(file, to: walk.end)
                try files.fsync(file)
                var batch = RecordBatch(seed: RecordSeed(salt: header.salt))
                _ = try batch.appendSeal(sealToBe, nextNumber: walk.nextNumber, time: walk.lastTime)
                try files.writeFully(file, batch.bytes, at: walk.end)
            }
            try files.ftruncate(file, to: sealedByteCount)
            try files.fsync(file)
        } catch let failure as FileFailure {
            throw logError(failure, path, position: walk.end)
        } catch let error as LogError {
            throw error
        } catch {
            throw .failedCall(call: "seal", path: path, position: walk.end, code: EIO)
        }
    }

    /// A whole segment file.
    static func read(_ path: String, _ files: any FileLayer) throws(LogError) -> [UInt8] {
        do {
            let file = try files.repeating { () throws(FileFailure) in try files.open(path, flags: O_RDONLY) }
            defer { files.close(file) }
            files.dropCache(of: file)
            return try files.read(file, count: try files.byteCount(of: file), at: 0)
        } catch { throw logError(error, path) }
    }
}

extension RecordBatch {
    /// Appends a segment's last record.
    mutating func appendSeal(_ seal: Seal, nextNumber: UInt64, time: Int64) throws(LogError) -> Int {
        try append(
            type: MarkType.seal, number: nextNumber, durableBefore: nextNumber, time: time, schema: 1
        ) { seal.append(to: &$0) }
    }

    /// Appends the mark that says that all before it is synced.
    mutating func appendWatermark(nextNumber: UInt64, time: Int64) throws(LogError) -> Int {
        try append(
            type: MarkType.watermark, number: nextNumber, durableBefore: nextNumber, time: time, schema: 1
        ) { _ in }
    }
}
