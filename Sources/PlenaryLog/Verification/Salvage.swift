// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What `plenaryd log salvage` could and could not keep.
package struct SalvageReport: Hashable, Sendable {
    package var keptEventCount: UInt64 = 0
    /// Events whose records do not hold any more. Their numbers stay empty in the new log, so that
    /// every other message keeps its id.
    package var lostNumbers: [Range<UInt64>] = []
}

/// Writes all that is readable of a damaged directory into a new one, which must not exist yet. The
/// old one is only read.
package func salvage(from directory: String, to newDirectory: String) throws(LogError) -> SalvageReport {
    let files = RealFiles()
    let (old, new) = (LogPaths(directory), LogPaths(newDirectory))
    if try files.readWhole(new.manifest) != nil || (try? files.list(new.segments)) != nil {
        throw .damaged(path: newDirectory, position: 0, found: "there is a log already; name a new directory")
    }
    let names: [String]
    do {
        names = try files.list(old.segments)
        for path in [new.directory, new.segments, new.snapshots] { _ = try files.makeDirectory(path) }
    } catch { throw logError(error, newDirectory) }
    let numbers = names.compactMap { number(inFileName: $0, kind: "seg") }.sorted()
    var report = SalvageReport()
    var next: UInt64 = 0
    var logID: LogID?
    for (place, first) in numbers.enumerated() {
        let bytes = try NewestSegment.read(old.segment(first), files)
        guard let header = try? decodeHeader(bytes, old.segment(first)) else { continue }
        let identity = logID ?? header.logID
        logID = identity
        let found = readableRecords(bytes, header, from: next)
        let bound = place + 1 < numbers.count ? numbers[place + 1] : found.last.map { $0.number &+ 1 } ?? next
        var output = try SalvageOutput(
            new, identity, firstNumber: next, time: header.created, generation: header.generation)
        for record in found where record.number >= next && record.number < bound {
            try output.fill(from: next, to: record.number, &report)
            try output.append(record, bytes)
            report.keptEventCount += 1
            next = record.number &+ 1
        }
        try output.fill(from: next, to: max(next, bound), &report)
        next = max(next, bound)
        try output.finish(files, nextNumber: next)
    }
    try copySnapshots(old, new, upTo: next, files)
    return report
}

/// A record that holds, and where its body is.
private struct ReadableRecord {
    var type: UInt8
    var schema: UInt16
    var number: UInt64
    var time: Int64
    var body: Range<Int>
}

/// Every event that holds, with rising numbers; what lies between is skipped 8 bytes at a time.
private func readableRecords(
    _ bytes: [UInt8], _ header: SegmentHeader, from first: UInt64
) -> [ReadableRecord] {
    var found: [ReadableRecord] = []
    let seed = RecordSeed(salt: header.salt)
    bytes.withUnsafeBytes { buffer in
        var position = SegmentHeader.byteCount
        var lowest = first
        while position + RecordHeader.byteCount <= buffer.count {
            guard let record = RecordHeader(at: position, in: buffer, seed: seed), record.type != 0,
                record.number >= lowest, record.number - lowest <= UInt64(buffer.count),
                record.bodyHolds(at: position, in: buffer, seed: seed)
            else {
                position += 8
                continue
            }
            if !MarkType.contains(record.type) {
                found.append(
                    ReadableRecord(
                        type: record.type, schema: record.schema, number: record.number, time: record.time,
                        body: record.bodyRange(at: position)))
                lowest = record.number &+ 1
            }
            position += record.recordByteCount
        }
    }
    return found
}

/// One new segment, gathered in memory.
private struct SalvageOutput {
    /// Numbers that may be lost in one piece. More is no gap but nonsense.
    private static let gapLimit: UInt64 = 10_000_000

    private let path: String
    private let directory: String
    private let header: SegmentHeader
    private var batch: RecordBatch
    private var eventCount: UInt64 = 0
    private var firstTime: Int64 = 0
    private var lastTime: Int64

    init(
        _ paths: LogPaths, _ logID: LogID, firstNumber: UInt64, time: Int64, generation: UInt32
    ) throws(LogError) {
        path = paths.segment(firstNumber)
        directory = paths.segments
        header = SegmentHeader(
            logID: logID, firstNumber: firstNumber, salt: SegmentHeader.makeSalt(), created: time,
            generation: generation)
        batch = RecordBatch(seed: RecordSeed(salt: header.salt))
        lastTime = time
    }

    /// Puts empty records where numbers were lost.
    mutating func fill(from first: UInt64, to end: UInt64, _ report: inout SalvageReport) throws(LogError) {
        guard first < end else { return }
        guard end - first <= SalvageOutput.gapLimit else {
            throw .damaged(path: path, position: 0, found: "events \(first) to \(end) are all missing")
        }
        report.lostNumbers.append(first..<end)
        for number in first..<end { try append(MarkType.erased, number, lastTime, 1) { _ in } }
    }

    mutating func append(_ record: ReadableRecord, _ bytes: [UInt8]) throws(LogError) {
        try append(record.type, record.number, record.time, record.schema) {
            $0.append(contentsOf: bytes[record.body])
        }
    }

    private mutating func append(
        _ type: UInt8, _ number: UInt64, _ time: Int64, _ schema: UInt16, _ body: (inout [UInt8]) -> Void
    ) throws(LogError) {
        _ = try batch.append(
            type: type, number: number, durableBefore: header.firstNumber, time: time, schema: schema,
            body: body)
        if eventCount == 0 { firstTime = time }
        lastTime = time
        eventCount += 1
    }

    mutating func finish(_ files: any FileLayer, nextNumber: UInt64) throws(LogError) {
        guard eventCount > 0 else { return }
        let seal = Seal(
            eventCount: eventCount, firstNumber: header.firstNumber, firstTime: firstTime, lastTime: lastTime,
            checksum: checksum(batch.bytes), markCount: 0, dataByteCount: UInt64(batch.bytes.count))
        _ = try batch.appendSeal(seal, nextNumber: nextNumber, time: lastTime)
        try files.replace(path, in: directory, with: header.encoded() + batch.bytes)
    }
}

/// Snapshots that are whole are kept: they may know what the damaged records said.
private func copySnapshots(
    _ old: LogPaths, _ new: LogPaths, upTo next: UInt64, _ files: any FileLayer
) throws(LogError) {
    let names: [String]
    do { names = try files.list(old.snapshots) } catch { throw logError(error, old.snapshots) }
    for name in names {
        guard let upTo = number(inFileName: name, kind: "snap"), upTo <= next,
            let bytes = try files.readWhole(old.snapshot(upTo)), (try? SnapshotFile(decoding: bytes)) != nil
        else { continue }
        try files.replace(new.snapshot(upTo), in: new.snapshots, with: bytes)
    }
}
