// SPDX-License-Identifier: Apache-2.0

// The first 4,096 bytes of a segment file, written and synced before any record. Little-endian.
//
//     off  size  field
//       0     8  magic 89 43 48 4C 0D 0A 1A 0A (shows damage by text-mode copies, as PNG's does)
//       8  2, 2  format major, minor
//      12     4  header length, 4096
//      16 4,4,4  feature bits: compatible, read-only compatible, incompatible
//      28     4  generation: 0 as first written, +1 per rewrite (erasure)
//      32    16  log id, the same in all segments
//      48     8  number of the first event
//      56     8  salt, random, never shown to users
//      64     8  creation time, microseconds
//      72    16  node id, zero on a single server
//      88        zero
//    4092     4  CRC32C of bytes 0 to 4091

/// A segment's identity and the salt of its checksums.
package struct SegmentHeader: Hashable, Sendable {
    package static let byteCount = 4096
    package static let magic: [UInt8] = [0x89, 0x43, 0x48, 0x4C, 0x0D, 0x0A, 0x1A, 0x0A]
    package static let formatMajor: UInt16 = 1
    package static let formatMinor: UInt16 = 0

    package var generation: UInt32 = 0
    package var logID: LogID
    /// The number of the first event, also the file's name.
    package var firstNumber: UInt64
    package var salt: UInt64
    /// Microseconds since 1970.
    package var created: Int64

    package init(logID: LogID, firstNumber: UInt64, salt: UInt64, created: Int64, generation: UInt32 = 0) {
        self.logID = logID
        self.firstNumber = firstNumber
        self.salt = salt
        self.created = created
        self.generation = generation
    }

    /// The 4,096 bytes.
    package func encoded() -> [UInt8] {
        var bytes = SegmentHeader.magic
        bytes.reserveCapacity(SegmentHeader.byteCount)
        bytes.appendLittleEndian(SegmentHeader.formatMajor)
        bytes.appendLittleEndian(SegmentHeader.formatMinor)
        bytes.appendLittleEndian(UInt32(SegmentHeader.byteCount))
        bytes.append(contentsOf: repeatElement(0, count: 12))
        bytes.appendLittleEndian(generation)
        bytes.appendLittleEndian(logID.high)
        bytes.appendLittleEndian(logID.low)
        bytes.appendLittleEndian(firstNumber)
        bytes.appendLittleEndian(salt)
        bytes.appendLittleEndian(created)
        bytes.append(contentsOf: repeatElement(0, count: SegmentHeader.byteCount - 4 - bytes.count))
        bytes.appendLittleEndian(checksum(bytes))
        return bytes
    }

    /// Reads a header; `path` is for the error's sentence.
    package init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(LogError) {
        func field<Value: FixedWidthInteger & BitwiseCopyable>(_ position: Int, _ type: Value.Type) -> Value {
            bytes.littleEndian(at: position, as: type) ?? 0
        }
        guard bytes.count >= SegmentHeader.byteCount else {
            throw .damaged(
                path: path, position: bytes.count, found: "the file ends inside the segment's header")
        }
        guard bytes.prefix(8).elementsEqual(SegmentHeader.magic) else {
            throw .damaged(path: path, position: 0, found: "no segment begins with these bytes")
        }
        guard bytes.checksum(seed: 0, from: 0, count: SegmentHeader.byteCount - 4) == field(4092, UInt32.self)
        else {
            throw .damaged(path: path, position: 4092, found: "the header's checksum does not match")
        }
        let major = field(8, UInt16.self)
        guard major == SegmentHeader.formatMajor else {
            throw .unsupportedFormat(path: path, found: "format \(major).\(field(10, UInt16.self))")
        }
        let incompatible = field(24, UInt32.self)
        guard incompatible == 0 else {
            throw .unsupportedFormat(path: path, found: "feature bits \(String(incompatible, radix: 16))")
        }
        guard field(12, UInt32.self) == UInt32(SegmentHeader.byteCount) else {
            throw .damaged(path: path, position: 12, found: "the header's length is not 4096")
        }
        generation = field(28, UInt32.self)
        logID = LogID(high: field(32, UInt64.self), low: field(40, UInt64.self))
        firstNumber = field(48, UInt64.self)
        salt = field(56, UInt64.self)
        created = field(64, Int64.self)
    }

    /// Draws a salt under which neither zeros nor a header of zeros pass for a record.
    package static func makeSalt() -> UInt64 {
        while true {
            let salt = UInt64.random(in: .min ... .max)
            if salt != 0
                && checksum([UInt8](repeating: 0, count: 36), seed: RecordSeed(salt: salt).header) != 0
            {
                return salt
            }
        }
    }
}

/// 16 random bytes that all files of one log share.
package struct LogID: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func make() -> LogID {
        LogID(high: .random(in: .min ... .max), low: .random(in: .min ... .max))
    }
}

/// 20 decimal digits of the first event's number, and a kind: `00000000000000000000.seg`.
package func segmentFileName(_ firstNumber: UInt64, _ kind: String = "seg") -> String {
    let digits = String(firstNumber)
    return String(repeating: "0", count: max(0, 20 - digits.count)) + digits + "." + kind
}

/// The number in a file's name; nil for a name of another form.
package func number(inFileName name: String, kind: String) -> UInt64? {
    let suffix = "." + kind
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.count)
    guard digits.utf8.count == 20, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return UInt64(digits)
}
