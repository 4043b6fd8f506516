// SPDX-License-Identifier: Apache-2.0

import CPlenary

// A record: 40 bytes of header, the body, zeros up to a multiple of 8. It begins at a multiple of 8.
//
//     off  size  field
//       0     4  CRC32C of bytes 4 to 39, seeded with the segment's salt
//       4     4  body length, at most 65,536
//       8     8  number: of an event its own; of a mark that of the next event
//      16     8  durable-before: all events with a lower number were synced when this was built (≤ number)
//      24     8  server time, microseconds since 1970
//      32     1  type (a mark below, or what the layer above defines)
//      33     1  flags, zero
//      34     2  schema version of the body
//      36     4  CRC32C of body and zeros, seeded with the salt and the number
//
// The header's own checksum makes the length trustworthy, so one damaged body does not lose the
// framing of what follows. The salt keeps bytes inside a message, or left over from another file,
// from passing for a record.
//
// Marks carry the number of the next event and use none up:
//   240 watermark  no body. Says that all before it is synced.
//   241 seal       48 bytes: event count, first number, first time, last time (8 each), CRC32C of the
//                  file from 4096 to the seal (4), mark count (4), data byte count (8). Ends the segment.
// Types 248 to 250 are kept for erasure: redact, erase-request, erase-done. Type 251, erased, is an event
// that is gone: it has its number and time and no body. History and replay pass over it.

/// The seeds of a segment's checksums, made from its salt.
package struct RecordSeed: Hashable, Sendable {
    /// Seed of a record header's checksum.
    package let header: UInt32

    package init(salt: UInt64) {
        header = withUnsafeBytes(of: salt.littleEndian) { plenary_crc32c(0, $0.baseAddress, 8) }
    }

    /// Seed of a body's checksum: binds the body to the number in its header.
    @inline(__always)
    package func body(_ number: UInt64) -> UInt32 {
        withUnsafeBytes(of: number.littleEndian) { plenary_crc32c(header, $0.baseAddress, 8) }
    }
}

/// What the segments themselves know of a record's type.
package enum MarkType {
    package static let watermark: UInt8 = 240
    package static let seal: UInt8 = 241
    /// No mark: it uses up the number of the event that was here.
    package static let erased: UInt8 = 251

    /// Whether a type is a mark, which uses up no number.
    @inline(__always)
    package static func contains(_ type: UInt8) -> Bool { type == watermark || type == seal }
}

/// The fields of a record's header.
package struct RecordHeader: Hashable, Sendable {
    package static let byteCount = 40

    package var bodyByteCount: Int
    package var number: UInt64
    package var durableBefore: UInt64
    package var time: Int64
    package var type: UInt8
    package var schema: UInt16
    package var bodyChecksum: UInt32

    /// Bytes from this record's beginning to the next one's.
    @inline(__always)
    package var recordByteCount: Int { RecordHeader.byteCount + (bodyByteCount + 7) & ~7 }
    @inline(__always)
    package var paddedBodyByteCount: Int { (bodyByteCount + 7) & ~7 }

    /// The header at a position if its checksum and its length hold; the body is not looked at.
    @inline(__always)
    package init?(at position: Int, in bytes: UnsafeRawBufferPointer, seed: RecordSeed) {
        guard position >= 0, position <= bytes.count - RecordHeader.byteCount, let base = bytes.baseAddress
        else {
            return nil
        }
        // SAFETY: the guard keeps all 40 bytes inside the buffer.
        let start = base + position
        func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Value.Type) -> Value {
            Value(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: type))
        }
        let length = load(4, UInt32.self)
        guard length <= UInt32(LogLimits.bodyByteLimit),
            plenary_crc32c(seed.header, start + 4, 36) == load(0, UInt32.self)
        else { return nil }
        bodyByteCount = Int(length)
        number = load(8, UInt64.self)
        durableBefore = load(16, UInt64.self)
        time = load(24, Int64.self)
        type = load(32, UInt8.self)
        schema = load(34, UInt16.self)
        bodyChecksum = load(36, UInt32.self)
    }

    /// Whether the body after a header at a position is whole and as it was written.
    @inline(__always)
    package func bodyHolds(at position: Int, in bytes: UnsafeRawBufferPointer, seed: RecordSeed) -> Bool {
        let start = position + RecordHeader.byteCount
        return bytes.checksum(seed: seed.body(number), from: start, count: paddedBodyByteCount)
            == bodyChecksum
    }

    /// The body's place for a header at a position.
    @inline(__always)
    package func bodyRange(at position: Int) -> Range<Int> {
        position + RecordHeader.byteCount..<position + RecordHeader.byteCount + bodyByteCount
    }
}

/// Records being gathered for one write.
package struct RecordBatch {
    package private(set) var bytes: [UInt8] = []
    package private(set) var recordCount = 0
    private let seed: RecordSeed

    package init(seed: RecordSeed, reservingByteCount: Int = 0) {
        self.seed = seed
        bytes.reserveCapacity(reservingByteCount)
    }

    /// Empties the batch and keeps its memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        recordCount = 0
    }

    /// Appends a record whose body the closure writes in place, and gives where it begins in the batch.
    /// Throws `tooLarge`, and leaves the batch as it was, when the body exceeds a record's limit.
    @inline(__always)
    package mutating func append(
        type: UInt8, number: UInt64, durableBefore: UInt64, time: Int64, schema: UInt16,
        body: (inout [UInt8]) -> Void
    ) throws(LogError) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: RecordBatch.emptyHeader)
        body(&bytes)
        let length = bytes.count - start - RecordHeader.byteCount
        guard length <= LogLimits.bodyByteLimit else {
            bytes.removeLast(bytes.count - start)
            throw .tooLarge(byteCount: length, limit: LogLimits.bodyByteLimit)
        }
        bytes.padToEight(from: start)
        let padded = bytes.count - start - RecordHeader.byteCount
        let bodySeed = seed.body(number)
        let headerSeed = seed.header
        bytes.withUnsafeMutableBytes { buffer in
            // SAFETY: the header's 40 bytes and the padded body were appended above, so that
            // start + 40 + padded is the buffer's end.
            guard let base = buffer.baseAddress else { return }
            let record = base + start
            record.storeBytes(of: UInt32(length).littleEndian, toByteOffset: 4, as: UInt32.self)
            record.storeBytes(of: number.littleEndian, toByteOffset: 8, as: UInt64.self)
            record.storeBytes(of: durableBefore.littleEndian, toByteOffset: 16, as: UInt64.self)
            record.storeBytes(of: time.littleEndian, toByteOffset: 24, as: Int64.self)
            record.storeBytes(of: type, toByteOffset: 32, as: UInt8.self)
            record.storeBytes(of: schema.littleEndian, toByteOffset: 34, as: UInt16.self)
            let bodySum = plenary_crc32c(bodySeed, record + RecordHeader.byteCount, padded)
            record.storeBytes(of: bodySum.littleEndian, toByteOffset: 36, as: UInt32.self)
            let headerSum = plenary_crc32c(headerSeed, record + 4, 36)
            record.storeBytes(of: headerSum.littleEndian, toByteOffset: 0, as: UInt32.self)
        }
        recordCount += 1
        return start
    }

    private static let emptyHeader = [UInt8](repeating: 0, count: RecordHeader.byteCount)
}

/// What a seal says of the segment it ends.
package struct Seal: Hashable, Sendable {
    package static let bodyByteCount = 48
    /// Bytes of a seal's whole record.
    package static let recordByteCount = RecordHeader.byteCount + bodyByteCount

    package var eventCount: UInt64
    package var firstNumber: UInt64
    /// Microseconds; zero when there are no events.
    package var firstTime: Int64
    package var lastTime: Int64
    /// CRC32C of the file from 4096 to the seal.
    package var checksum: UInt32
    package var markCount: UInt32
    /// Bytes from 4096 to the seal.
    package var dataByteCount: UInt64

    package init(
        eventCount: UInt64, firstNumber: UInt64, firstTime: Int64, lastTime: Int64, checksum: UInt32,
        markCount: UInt32,
        dataByteCount: UInt64
    ) {
        self.eventCount = eventCount
        self.firstNumber = firstNumber
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.checksum = checksum
        self.markCount = markCount
        self.dataByteCount = dataByteCount
    }

    package func append(to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(eventCount)
        bytes.appendLittleEndian(firstNumber)
        bytes.appendLittleEndian(firstTime)
        bytes.appendLittleEndian(lastTime)
        bytes.appendLittleEndian(checksum)
        bytes.appendLittleEndian(markCount)
        bytes.appendLittleEndian(dataByteCount)
    }

    /// Reads the body of a seal; nil when it is shorter than a seal.
    package init?(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) {
        guard range.count >= Seal.bodyByteCount,
            let eventCount = bytes.littleEndian(at: range.lowerBound, as: UInt64.self),
            let firstNumber = bytes.littleEndian(at: range.lowerBound + 8, as: UInt64.self),
            let firstTime = bytes.littleEndian(at: range.lowerBound + 16, as: Int64.self),
            let lastTime = bytes.littleEndian(at: range.lowerBound + 24, as: Int64.self),
            let checksum = bytes.littleEndian(at: range.lowerBound + 32, as: UInt32.self),
            let markCount = bytes.littleEndian(at: range.lowerBound + 36, as: UInt32.self),
            let dataByteCount = bytes.littleEndian(at: range.lowerBound + 40, as: UInt64.self)
        else { return nil }
        self.init(
            eventCount: eventCount, firstNumber: firstNumber, firstTime: firstTime, lastTime: lastTime,
            checksum: checksum, markCount: markCount, dataByteCount: dataByteCount)
    }
}
