// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads the indexes of sealed segments, and makes those that are missing.
struct SegmentIndexStore: Sendable {
    let files: any FileLayer
    let paths: LogPaths

    struct Loaded {
        var index: SealedIndex
        var header: SegmentHeader
        var wasRebuilt: Bool
    }

    /// The index of a sealed segment. One that is missing, damaged or of another segment is made from
    /// the segment and written again. `table`, when given, must know the conversations before the segment.
    func load(
        _ segment: SealedSegment, predecessor: UInt64, table: ConversationTable? = nil
    ) throws(LogError) -> Loaded {
        let path = paths.segment(segment.firstNumber)
        let header = try readHeader(path)
        if let bytes = try files.readWhole(paths.index(segment.firstNumber)),
            let index = bytes.withUnsafeBytes({
                SealedIndex(decoding: $0, header: header, segmentByteCount: segment.byteCount)
            }), index.nextNumber == segment.nextNumber
        {
            return Loaded(index: index, header: header, wasRebuilt: false)
        }
        let bytes = try NewestSegment.read(path, files)
        var active = ActiveIndex(firstNumber: segment.firstNumber)
        let walk = bytes.withUnsafeBytes { buffer in
            SegmentWalk(buffer, header: header) { record, position in
                active.add(
                    indexEntry(record, at: position, in: buffer), end: position + record.recordByteCount
                ) { key in
                    guard let table else { return predecessor }
                    return table.previousSegment(
                        of: key, before: segment.firstNumber, predecessor: predecessor)
                }
            }
        }
        guard case .sealed = walk.ending, walk.nextNumber == segment.nextNumber else {
            throw .damaged(path: path, position: walk.end, found: "a sealed segment does not hold any more")
        }
        let index = active.sealed()
        try write(index, header: header, segmentByteCount: segment.byteCount)
        return Loaded(index: index, header: header, wasRebuilt: true)
    }

    /// Writes an index. It is derived, so that it needs no sync: a damaged one is made again.
    func write(_ index: SealedIndex, header: SegmentHeader, segmentByteCount: Int) throws(LogError) {
        let path = paths.index(index.firstNumber)
        do {
            let file = try files.repeating { () throws(FileFailure) in
                try files.open(path + ".tmp", flags: O_WRONLY | O_CREAT | O_TRUNC)
            }
            defer { files.close(file) }
            try files.writeFully(file, index.encoded(for: header, segmentByteCount: segmentByteCount), at: 0)
            try files.rename(path + ".tmp", to: path)
        } catch { throw logError(error, path) }
    }

    private func readHeader(_ path: String) throws(LogError) -> SegmentHeader {
        let bytes: [UInt8]
        do {
            let file = try files.repeating { () throws(FileFailure) in try files.open(path, flags: O_RDONLY) }
            defer { files.close(file) }
            bytes = try files.read(file, count: SegmentHeader.byteCount, at: 0)
        } catch { throw logError(error, path) }
        return try decodeHeader(bytes, path)
    }
}
