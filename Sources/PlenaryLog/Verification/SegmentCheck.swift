// SPDX-License-Identifier: Apache-2.0

import CPlenary

// The second implementation of the segment format, written from docs/LOG-FORMAT.md and sharing nothing
// but the CRC instruction with the code that writes and recovers. Where the two disagree, one is wrong:
// the tests flip every bit of a segment and compare.

/// What one segment file is worth.
package enum SegmentVerdict: Hashable, Sendable {
    /// Ends in a seal that is true.
    case sealed
    /// Whole records and then zeros or the end: a log in use or one that stopped without a word.
    case open
    /// An interrupted write at the end, never acknowledged as far as the file can tell.
    case torn(position: Int, byteCount: Int)
    case damaged(position: Int, what: String)
    /// A version or feature this program does not know.
    case unknownVersion(what: String)
}

/// A verdict with the numbers behind it.
package struct SegmentCheck: Hashable, Sendable {
    package var verdict: SegmentVerdict
    package var firstNumber: UInt64 = 0
    /// The number after the last whole event.
    package var nextNumber: UInt64 = 0
    package var eventCount: UInt64 { nextNumber &- firstNumber }
    package var logID: [UInt8] = []
    package var generation: UInt32 = 0

    /// Checks all bytes of a segment file.
    package init(_ file: UnsafeRawBufferPointer) {
        verdict = .open
        verdict = checkHeader(file) ?? checkRecords(file)
    }

    private mutating func checkHeader(_ file: UnsafeRawBufferPointer) -> SegmentVerdict? {
        guard file.count >= 4096 else {
            return .damaged(position: file.count, what: "shorter than its header")
        }
        let reader = Reader(file)
        guard reader.u64(0) == 0x0A1A_0A0D_4C48_4389 else {
            return .damaged(position: 0, what: "wrong magic")
        }
        guard reader.crc(0, 0, 4092) == reader.u32(4092) else {
            return .damaged(position: 4092, what: "header checksum")
        }
        guard reader.u16(8) == 1 else {
            return .unknownVersion(what: "format \(reader.u16(8)).\(reader.u16(10))")
        }
        guard reader.u32(24) == 0 else { return .unknownVersion(what: "feature bits \(reader.u32(24))") }
        guard reader.u32(12) == 4096 else { return .damaged(position: 12, what: "header length") }
        generation = reader.u32(28)
        logID = Array(file[32..<48])
        firstNumber = reader.u64(48)
        nextNumber = firstNumber
        return nil
    }

    private mutating func checkRecords(_ file: UnsafeRawBufferPointer) -> SegmentVerdict {
        let reader = Reader(file)
        let saltSum = reader.crc(0, 56, 8)
        var at = 4096
        var markCount: UInt32 = 0
        var times: (first: UInt64, last: UInt64) = (0, 0)
        while true {
            guard let record = reader.record(at, saltSum), record.number == nextNumber,
                record.durable <= record.number, record.type != 0, reader.bodyIsTrue(record, at, saltSum)
            else { return judgeRest(reader, at, saltSum) }
            switch record.type {
            case 240: markCount &+= 1
            case 241:
                let body = at + 40
                let isTrue =
                    record.length == 48 && reader.u64(body) == eventCount
                    && reader.u64(body + 8) == firstNumber
                    && reader.u64(body + 16) == times.first && reader.u64(body + 24) == times.last
                    && reader.u32(body + 32) == reader.crc(0, 4096, at - 4096)
                    && reader.u32(body + 36) == markCount
                    && reader.u64(body + 40) == UInt64(at - 4096)
                guard isTrue else { return .damaged(position: at, what: "the seal is not true") }
                guard reader.firstNonZero(from: at + 88) == nil else {
                    return .damaged(position: at + 88, what: "bytes after the seal")
                }
                return .sealed
            default:
                if eventCount == 0 { times.first = record.time }
                times.last = record.time
                nextNumber &+= 1
            }
            at += 40 + (record.length + 7) / 8 * 8
        }
    }

    /// Torn, or damaged: does anything after the failure prove that the next event was synced?
    private func judgeRest(_ reader: Reader, _ failure: Int, _ saltSum: UInt32) -> SegmentVerdict {
        guard reader.firstNonZero(from: failure) != nil else { return .open }
        let capacity = UInt64((reader.count - failure) / 40)
        for at in stride(from: failure, through: reader.count - 40, by: 8) {
            let number = reader.u64(at + 8)
            // Cheap conditions first: the checksum decides only about what could be a witness.
            guard number >= nextNumber, number - nextNumber <= capacity, reader.u64(at + 16) > nextNumber,
                reader.u64(at + 16) <= number, reader.record(at, saltSum) != nil
            else { continue }
            return .damaged(position: failure, what: "event \(nextNumber), synced according to byte \(at)")
        }
        return .torn(position: failure, byteCount: reader.count - failure)
    }
}

/// Checked reads of a file's bytes; beyond its end everything is zero.
private struct Reader {
    struct Record {
        var length: Int
        var number: UInt64
        var durable: UInt64
        var time: UInt64
        var type: UInt8
        var bodySum: UInt32
    }

    private let file: UnsafeRawBufferPointer
    var count: Int { file.count }

    init(_ file: UnsafeRawBufferPointer) { self.file = file }

    func u16(_ at: Int) -> UInt16 { UInt16(truncatingIfNeeded: load(at, 2)) }
    func u32(_ at: Int) -> UInt32 { UInt32(truncatingIfNeeded: load(at, 4)) }

    @inline(__always)
    func u64(_ at: Int) -> UInt64 {
        guard at >= 0, at + 8 <= file.count else { return load(at, 8) }
        // SAFETY: all eight bytes lie inside the file.
        return UInt64(littleEndian: file.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    private func load(_ at: Int, _ width: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<width where at >= 0 && at + index < file.count {
            value |= UInt64(file[at + index]) << (8 * UInt64(index))
        }
        return value
    }

    func crc(_ seed: UInt32, _ at: Int, _ byteCount: Int) -> UInt32 {
        guard at >= 0, byteCount >= 0, at + byteCount <= file.count, let base = file.baseAddress else {
            return 0
        }
        // SAFETY: the guard keeps the range inside the file.
        return plenary_crc32c(seed, base + at, byteCount)
    }

    /// A header whose checksum and length hold and whose body lies inside the file or beyond it.
    func record(_ at: Int, _ saltSum: UInt32) -> Record? {
        guard at + 40 <= file.count, crc(saltSum, at + 4, 36) == u32(at), u32(at + 4) <= 65_536 else {
            return nil
        }
        return Record(
            length: Int(u32(at + 4)), number: u64(at + 8), durable: u64(at + 16), time: u64(at + 24),
            type: file[at + 32], bodySum: u32(at + 36))
    }

    func bodyIsTrue(_ record: Record, _ at: Int, _ saltSum: UInt32) -> Bool {
        let padded = (record.length + 7) / 8 * 8
        guard at + 40 + padded <= file.count else { return false }
        let seed = withUnsafeBytes(of: record.number.littleEndian) {
            plenary_crc32c(saltSum, $0.baseAddress, 8)
        }
        return crc(seed, at + 40, padded) == record.bodySum
    }

    func firstNonZero(from start: Int) -> Int? {
        var at = start
        while at + 8 <= file.count, at & 7 == 0, u64(at) == 0 { at += 8 }
        while at < file.count {
            if file[at] != 0 { return at }
            at += 1
        }
        return nil
    }
}
