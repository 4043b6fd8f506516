// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto

// A snapshot, `snap/<number>.snap`: a list of records that, replayed in order, rebuild the durable
// state as it was before the event of that number. Little-endian.
//
//     off  size  field
//       0     8  magic 89 43 48 53 0D 0A 1A 0A
//       8  4, 4  version, 1; zero
//      16    16  log id
//      32     8  number: events below it are contained
//      40     8  time of the last event before it, microseconds
//      48     8  count of records
//      56     8  count of conversations
//      64     8  bytes of all records
//      72        records: body length (4), type (1), zero (1), schema (2), number (8), time (8), body,
//                zeros up to a multiple of 8
//                conversations: key, last segment, last number, last message time (8 each); derived,
//                so that history finds a quiet conversation without reading old segments
//     end-40 32  SHA-256 of all before
//     end-8   4  CRC32C of all before
//     end-4   4  zero

/// A snapshot in memory, its records still encoded.
package struct SnapshotFile {
    private static let magic: [UInt8] = [0x89, 0x43, 0x48, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let headerByteCount = 72
    private static let trailerByteCount = 40
    private static let recordHeaderByteCount = 24

    /// One record: where its body is in the file.
    package struct Record {
        package var type: UInt8
        package var schema: UInt16
        package var number: UInt64
        package var time: Int64
        package var body: Range<Int>
    }

    package let bytes: [UInt8]
    package let logID: LogID
    package let upTo: UInt64
    package let lastTime: Int64
    package private(set) var records: [Record] = []
    package private(set) var conversations: [UInt64: ConversationPlace] = [:]

    /// Reads and checks a whole file; the text says what is wrong with it.
    package init(decoding bytes: [UInt8]) throws(SnapshotDamage) {
        self.bytes = bytes
        let end = bytes.count - SnapshotFile.trailerByteCount
        guard end >= SnapshotFile.headerByteCount, bytes.prefix(8).elementsEqual(SnapshotFile.magic) else {
            throw SnapshotDamage(found: "it does not begin as a snapshot")
        }
        guard
            bytes.withUnsafeBytes({ $0.littleEndian(at: end + 32, as: UInt32.self) })
                == bytes.withUnsafeBytes({ $0.checksum(seed: 0, from: 0, count: end + 32) }),
            SHA256Digest.hash(bytes[..<end]) == Array(bytes[end..<end + 32])
        else { throw SnapshotDamage(found: "its checksum does not match") }
        func word(_ position: Int) -> UInt64 {
            bytes.withUnsafeBytes { $0.littleEndian(at: position, as: UInt64.self) } ?? 0
        }
        guard word(8) == 1 else { throw SnapshotDamage(found: "version \(word(8)) is not known") }
        logID = LogID(high: word(16), low: word(24))
        upTo = word(32)
        lastTime = Int64(bitPattern: word(40))
        let conversationCount = Int(truncatingIfNeeded: word(56))
        guard word(64) <= UInt64(end - SnapshotFile.headerByteCount),
            case let recordEnd = SnapshotFile.headerByteCount + Int(word(64)),
            conversationCount == (end - recordEnd) / 32
        else { throw SnapshotDamage(found: "its lengths contradict each other") }
        records = try SnapshotFile.records(bytes, recordEnd)
        guard records.count == Int(truncatingIfNeeded: word(48)) else {
            throw SnapshotDamage(found: "its count of records is wrong")
        }
        conversations.reserveCapacity(conversationCount)
        for slot in 0..<conversationCount {
            let position = recordEnd + slot * 32
            conversations[word(position)] = ConversationPlace(
                lastSegment: word(position + 8), lastNumber: word(position + 16),
                lastMessageTime: Int64(bitPattern: word(position + 24)))
        }
    }

    private static func records(_ bytes: [UInt8], _ end: Int) throws(SnapshotDamage) -> [Record] {
        var records: [Record] = []
        var position = headerByteCount
        while position < end {
            let place = position
            let record: Record? = bytes.withUnsafeBytes { buffer in
                guard let length = buffer.littleEndian(at: place, as: UInt32.self),
                    length <= UInt32(LogLimits.snapshotBodyByteLimit),
                    let type = buffer.littleEndian(at: place + 4, as: UInt8.self),
                    let schema = buffer.littleEndian(at: place + 6, as: UInt16.self),
                    let number = buffer.littleEndian(at: place + 8, as: UInt64.self),
                    let time = buffer.littleEndian(at: place + 16, as: Int64.self)
                else { return nil }
                let body = place + recordHeaderByteCount
                guard Int(length) <= end - body else { return nil }
                return Record(
                    type: type, schema: schema, number: number, time: time, body: body..<body + Int(length))
            }
            guard let record else {
                throw SnapshotDamage(found: "a record at byte \(place) exceeds its file")
            }
            records.append(record)
            position = (record.body.upperBound + 7) & ~7
        }
        return records
    }
}

/// What is wrong with a snapshot. It only means a longer replay.
package struct SnapshotDamage: Error {
    package var found: String
}

/// Gathers a snapshot's bytes.
package struct SnapshotBuilder {
    private var bytes: [UInt8]
    private var recordCount: UInt64 = 0
    private static let headerByteCount = 72

    package init(logID: LogID, upTo: UInt64, lastTime: Int64) {
        bytes = [0x89, 0x43, 0x48, 0x53, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes.appendLittleEndian(UInt64(1))
        bytes.appendLittleEndian(logID.high)
        bytes.appendLittleEndian(logID.low)
        bytes.appendLittleEndian(upTo)
        bytes.appendLittleEndian(lastTime)
        bytes.append(contentsOf: repeatElement(0, count: 24))
    }

    /// Appends a record whose body the closure writes in place.
    package mutating func append(
        type: UInt8, schema: UInt16, number: UInt64, time: Int64, body: (inout [UInt8]) -> Void
    ) throws(LogError) {
        let start = bytes.count
        bytes.appendLittleEndian(UInt32(0))
        bytes.append(type)
        bytes.append(0)
        bytes.appendLittleEndian(schema)
        bytes.appendLittleEndian(number)
        bytes.appendLittleEndian(time)
        let bodyStart = bytes.count
        body(&bytes)
        let length = bytes.count - bodyStart
        guard length <= LogLimits.snapshotBodyByteLimit else {
            throw .tooLarge(byteCount: length, limit: LogLimits.snapshotBodyByteLimit)
        }
        bytes.storeLittleEndian(UInt32(length), at: start)
        bytes.padToEight(from: 0)
        recordCount += 1
    }

    /// Adds the conversations and the sums, and gives the file's bytes.
    package consuming func finish(conversations: [UInt64: ConversationPlace]) -> [UInt8] {
        bytes.storeLittleEndian(recordCount, at: 48)
        bytes.storeLittleEndian(UInt64(conversations.count), at: 56)
        bytes.storeLittleEndian(UInt64(bytes.count - SnapshotBuilder.headerByteCount), at: 64)
        for key in conversations.keys.sorted() {
            guard let place = conversations[key] else { continue }
            bytes.appendLittleEndian(key)
            bytes.appendLittleEndian(place.lastSegment)
            bytes.appendLittleEndian(place.lastNumber)
            bytes.appendLittleEndian(place.lastMessageTime)
        }
        bytes.append(contentsOf: SHA256Digest.hash(bytes))
        bytes.appendLittleEndian(checksum(bytes))
        bytes.appendLittleEndian(UInt32(0))
        return bytes
    }
}
