// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryLog
import PlenaryTerms

// SAFETY: buffers are lent to parsers for the length of a call, and none keeps them.

extension FuzzTarget {
    /// Files of a log. Where a file ends in a sum of what it holds, an input is what it holds, and the sum is made
    /// here: otherwise no input would come past it.
    static let segments = [
        FuzzTarget("segment", byteLimit: 1024, checkSegment),
        FuzzTarget("index", byteLimit: 1024, checkIndex),
        FuzzTarget("snapshot", byteLimit: 1024, checkSnapshot),
        FuzzTarget("manifest", byteLimit: 1024, checkManifest),
        FuzzTarget("erasures", byteLimit: 1024, checkErasures),
    ]

    /// The log and its verification, which share no code, say the same of a file made by the steps of an input.
    @Sendable private static func checkSegment(_ input: [UInt8]) throws(BrokenClaim) {
        var image = SegmentSteps(input)
        image.run()
        let bytes = image.bytes
        let check = bytes.withUnsafeBytes { SegmentCheck($0) }
        guard let header = bytes.withUnsafeBytes({ try? SegmentHeader(decoding: $0, path: "f") }) else {
            switch check.verdict {
            case .damaged, .unknownVersion: return
            case .sealed, .open, .torn: throw BrokenClaim("the log refuses the header, the check does not")
            }
        }
        var visited: UInt64 = 0
        let walk = bytes.withUnsafeBytes { buffer in
            SegmentWalk(buffer, header: header) { record, position in
                visited += 1
                precondition(record.bodyRange(at: position).upperBound <= buffer.count)
            }
        }
        try claim(visited == walk.eventCount, "each whole event is visited once")
        try claim(walk.end <= bytes.count, "the walk ends inside the file")
        try claim(check.nextNumber == walk.nextNumber, "\(check.nextNumber) and \(walk.nextNumber) come next")
        let agrees =
            switch (walk.ending, check.verdict) {
            case (.sealed, .sealed), (.whole, .open), (.damaged, .damaged): true
            case (.torn(let byteCount), .torn(_, let other)): byteCount == other
            default: false
            }
        try claim(agrees, "the log says \(walk.ending), the check says \(check.verdict)")
        let again = header.encoded().withUnsafeBytes { try? SegmentHeader(decoding: $0, path: "f") }
        try claim(again == header, "a header is read again")
    }

    /// An index that is read can be asked for every conversation it has, and is written and read again the same.
    @Sendable private static func checkIndex(_ input: [UInt8]) throws(BrokenClaim) {
        let header = SegmentHeader(logID: LogID(high: 1, low: 2), firstNumber: 3, salt: 4, created: 5)
        let segmentByteCount = 1 << 20
        func index(_ bytes: [UInt8]) -> SealedIndex? {
            bytes.withUnsafeBytes {
                SealedIndex(decoding: $0, header: header, segmentByteCount: segmentByteCount)
            }
        }
        _ = index(input)
        var file: [UInt8] = [0x89, 0x43, 0x48, 0x49, 0x0D, 0x0A, 0x1A, 0x0A]
        for word in [2, 1, 2, 4, UInt64(segmentByteCount), 3] { append(word, to: &file) }
        file += input
        append(crc32c(file), to: &file)
        guard let found = index(file) else { return }
        for key in found.keys {
            guard let slot = found.slot(of: key) else { continue }
            _ = found.postings(at: slot).count
        }
        let written = found.encoded(for: header, segmentByteCount: segmentByteCount)
        let again = index(written)
        try claim(
            again?.encoded(for: header, segmentByteCount: segmentByteCount) == written,
            "an index is read again")
        try claim(again?.keys == found.keys, "every conversation is read again")
    }

    /// The records and conversations of a snapshot come out again when they are written.
    @Sendable private static func checkSnapshot(_ input: [UInt8]) throws(BrokenClaim) {
        _ = try? SnapshotFile(decoding: input)
        var file: [UInt8] = [0x89, 0x43, 0x48, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
        append(UInt64(1), to: &file)
        file += input
        file += SHA256Digest.hash(file)
        append(crc32c(file), to: &file)
        append(UInt32(0), to: &file)
        guard let found = try? SnapshotFile(decoding: file) else { return }
        var builder = SnapshotBuilder(logID: found.logID, upTo: found.upTo, lastTime: found.lastTime)
        for record in found.records {
            try claim(record.body.upperBound <= file.count, "a record lies inside its file")
            let isAdded: ()? = try? builder.append(
                type: record.type, schema: record.schema, number: record.number, time: record.time
            ) { $0 += file[record.body] }
            try claim(isAdded != nil, "a record that is read can be written")
        }
        guard let again = try? SnapshotFile(decoding: builder.finish(conversations: found.conversations))
        else {
            throw BrokenClaim("a snapshot that was written is read")
        }
        try claim(
            again.logID == found.logID && again.upTo == found.upTo && again.lastTime == found.lastTime,
            "a snapshot's head is read again")
        try claim(again.conversations == found.conversations, "every conversation is read again")
        try claim(again.records.count == found.records.count, "every record is read again")
        for (one, other) in zip(again.records, found.records) {
            let isSame =
                one.type == other.type && one.schema == other.schema && one.number == other.number
                && one.time == other.time && again.bytes[one.body] == found.bytes[other.body]
            try claim(isSame, "record \(other.number) is read again")
        }
    }

    @Sendable private static func checkManifest(_ input: [UInt8]) throws(BrokenClaim) {
        _ = try? Manifest(decoding: input, path: "f")
        guard let found = try? Manifest(decoding: sealed(input), path: "f") else { return }
        for segment in found.sealed { _ = segment.nextNumber }
        try claim((try? Manifest(decoding: found.encoded(), path: "f")) == found, "a manifest is read again")
    }

    @Sendable private static func checkErasures(_ input: [UInt8]) throws(BrokenClaim) {
        _ = try? ErasureList(decoding: input, path: "f")
        guard let found = try? ErasureList(decoding: sealed(input), path: "f") else { return }
        _ = found.jobs
        let again = try? ErasureList(decoding: found.encoded(), path: "f")
        try claim(again == found, "requests for erasure are read again")
        var merged = found
        merged.merge(found)
        try claim(merged == found, "a list merged with itself is the same")
    }

    // MARK: Sums

    /// A text with the line that ends it.
    private static func sealed(_ text: [UInt8]) -> [UInt8] {
        let digits = String(crc32c(text), radix: 16)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        return text + Array("end \(padded)\n".utf8)
    }

    static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
        for place in 0..<MemoryLayout<Value>.size {
            bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * place)))
        }
    }

    /// CRC32C (RFC 3720, appendix B.4), bit by bit: shares nothing with the log's own.
    private static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            crcTable[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
        }
    }

    private static let crcTable: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }
}
