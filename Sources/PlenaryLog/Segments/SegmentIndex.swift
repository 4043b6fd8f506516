// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

// The index of a sealed segment, `<first number>.idx`: derived, deletable, rebuilt from the segment
// when it is missing or does not match. Little-endian.
//
//     off  size  field
//       0     8  magic 89 43 48 49 0D 0A 1A 0A
//       8     4  version, 2
//      12     4  generation of the segment
//      16    16  log id
//      32     8  salt of the segment
//      40     8  byte count of the segment
//      48     8  number of the first event
//      56     8  number after the last event
//      64     8  position after the last record, the seal not counted
//      72 4,4,4  counts of sparse entries, conversations, postings
//      84     4  zero
//      88        sparse part, every 64th event: number (8), time (8), position (8)
//                conversations, by rising key: key (8), previous segment (8), last number (8), last
//                message time (8; the lowest Int64 when there is none), count of postings (8)
//                postings (4 each), those of the first conversation first: position / 8, and the top
//                bit when it is a message
//     end-4   4  CRC32C of all before
//
// A conversation's previous segment means: it appears in no segment between that one and this. It may
// name a segment in which the conversation does not appear either; a rebuilt index names the
// segment just before. The highest UInt64 means that there is none.

/// What an index keeps of one event.
package struct IndexEntry: Hashable, Sendable {
    package var number: UInt64
    /// Microseconds since 1970.
    package var time: Int64
    /// Bytes from the segment's beginning, a multiple of 8.
    package var position: Int
    /// The conversation that shows it, if any.
    package var key: UInt64?
    package var isMessage: Bool

    package init(number: UInt64, time: Int64, position: Int, key: UInt64?, isMessage: Bool) {
        self.number = number
        self.time = time
        self.position = position
        self.key = key
        self.isMessage = isMessage
    }
}

/// Every 64th event's place.
package struct SparseEntry: Hashable, Sendable {
    package var number: UInt64
    package var time: Int64
    package var position: Int
}

/// One event of a conversation in a segment.
package struct Posting: Hashable, Sendable {
    var packed: UInt32

    init(position: Int, isMessage: Bool) {
        packed = UInt32(truncatingIfNeeded: position >> 3) | (isMessage ? 1 << 31 : 0)
    }

    init(packed: UInt32) { self.packed = packed }

    @inline(__always) var position: Int { Int(packed & 0x7FFF_FFFF) << 3 }
    @inline(__always) var isMessage: Bool { packed >> 31 == 1 }
}

/// What is known of a conversation as a whole, in memory: 24 bytes each.
package struct ConversationPlace: Hashable, Sendable {
    /// First number of the segment that has its newest event.
    package var lastSegment: UInt64
    package var lastNumber: UInt64
    /// Microseconds; the lowest Int64 when it has no message.
    package var lastMessageTime: Int64
}

/// No segment, no message.
enum IndexAbsence {
    static let segment = UInt64.max
    static let time = Int64.min
}

/// One conversation's events in one segment.
struct ConversationIndex {
    var postings: [Posting] = []
    var previousSegment: UInt64
    var lastNumber: UInt64 = 0
    var lastMessageTime: Int64 = IndexAbsence.time
}

/// An index that grows with its segment.
package struct ActiveIndex {
    let firstNumber: UInt64
    private(set) var nextNumber: UInt64
    /// Position after the last event that was added; marks may follow it.
    private(set) var end = SegmentHeader.byteCount
    private(set) var sparse: [SparseEntry] = []
    private(set) var conversations: [UInt64: ConversationIndex] = [:]

    package init(firstNumber: UInt64) {
        self.firstNumber = firstNumber
        nextNumber = firstNumber
    }

    /// Adds the next event. `previousSegment` is asked for only at a conversation's first event here.
    mutating func add(_ entry: IndexEntry, end: Int, previousSegment: (UInt64) -> UInt64) {
        if (entry.number &- firstNumber) % UInt64(LogLimits.sparseIndexStride) == 0 {
            sparse.append(SparseEntry(number: entry.number, time: entry.time, position: entry.position))
        }
        nextNumber = entry.number &+ 1
        self.end = end
        guard let key = entry.key else { return }
        let posting = Posting(position: entry.position, isMessage: entry.isMessage)
        if conversations[key]?.add(posting, entry) == nil {
            var conversation = ConversationIndex(previousSegment: previousSegment(key))
            conversation.add(posting, entry)
            conversations[key] = conversation
        }
    }

    /// The index of the segment now that it is sealed.
    func sealed() -> SealedIndex {
        var index = SealedIndex(firstNumber: firstNumber, nextNumber: nextNumber, end: end)
        index.sparse = sparse
        index.keys.reserveCapacity(conversations.count)
        for key in conversations.keys.sorted() {
            guard let conversation = conversations[key] else { continue }
            index.keys.append(key)
            index.previousSegments.append(conversation.previousSegment)
            index.lastNumbers.append(conversation.lastNumber)
            index.lastMessageTimes.append(conversation.lastMessageTime)
            index.postings.append(contentsOf: conversation.postings)
            index.ends.append(index.postings.count)
        }
        return index
    }
}

extension ConversationIndex {
    @inline(__always)
    mutating func add(_ posting: Posting, _ entry: IndexEntry) {
        postings.append(posting)
        lastNumber = entry.number
        if entry.isMessage { lastMessageTime = entry.time }
    }
}

/// An index that does not change any more.
package struct SealedIndex {
    let firstNumber: UInt64
    let nextNumber: UInt64
    let end: Int
    var sparse: [SparseEntry] = []
    /// Rising; the next arrays run along it.
    package internal(set) var keys: [UInt64] = []
    var previousSegments: [UInt64] = []
    var lastNumbers: [UInt64] = []
    var lastMessageTimes: [Int64] = []
    /// Where each conversation's postings end.
    var ends: [Int] = []
    var postings: [Posting] = []

    init(firstNumber: UInt64, nextNumber: UInt64, end: Int) {
        self.firstNumber = firstNumber
        self.nextNumber = nextNumber
        self.end = end
    }

    /// Where a conversation stands in the arrays; nil when it does not appear here.
    package func slot(of key: UInt64) -> Int? {
        let slot = keys.partitionPoint { $0 < key }
        return slot < keys.count && keys[slot] == key ? slot : nil
    }

    package func postings(at slot: Int) -> ArraySlice<Posting> {
        postings[(slot == 0 ? 0 : ends[slot - 1])..<ends[slot]]
    }

    /// Bytes it takes in memory, for the cache's bound.
    var byteCount: Int { sparse.count * 24 + keys.count * 40 + postings.count * 4 + 256 }
}

extension SealedIndex {
    private static let magic: [UInt8] = [0x89, 0x43, 0x48, 0x49, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let version: UInt32 = 2
    private static let headerByteCount = 88

    /// The file's bytes, for a segment of this header and size.
    package func encoded(for header: SegmentHeader, segmentByteCount: Int) -> [UInt8] {
        var bytes = SealedIndex.magic
        bytes.reserveCapacity(SealedIndex.headerByteCount + byteCount)
        bytes.appendLittleEndian(SealedIndex.version)
        bytes.appendLittleEndian(header.generation)
        bytes.appendLittleEndian(header.logID.high)
        bytes.appendLittleEndian(header.logID.low)
        bytes.appendLittleEndian(header.salt)
        bytes.appendLittleEndian(UInt64(segmentByteCount))
        bytes.appendLittleEndian(firstNumber)
        bytes.appendLittleEndian(nextNumber)
        bytes.appendLittleEndian(UInt64(end))
        bytes.appendLittleEndian(UInt32(sparse.count))
        bytes.appendLittleEndian(UInt32(keys.count))
        bytes.appendLittleEndian(UInt32(postings.count))
        bytes.appendLittleEndian(UInt32(0))
        for entry in sparse {
            bytes.appendLittleEndian(entry.number)
            bytes.appendLittleEndian(entry.time)
            bytes.appendLittleEndian(UInt64(entry.position))
        }
        for slot in keys.indices {
            bytes.appendLittleEndian(keys[slot])
            bytes.appendLittleEndian(previousSegments[slot])
            bytes.appendLittleEndian(lastNumbers[slot])
            bytes.appendLittleEndian(lastMessageTimes[slot])
            bytes.appendLittleEndian(UInt64(postings(at: slot).count))
        }
        for posting in postings { bytes.appendLittleEndian(posting.packed) }
        bytes.appendLittleEndian(checksum(bytes))
        return bytes
    }

    /// Reads a file; nil when it is not whole or belongs to another segment, which is no fault:
    /// the index is then made anew.
    package init?(decoding bytes: UnsafeRawBufferPointer, header: SegmentHeader, segmentByteCount: Int) {
        let end = bytes.count - 4
        guard end >= SealedIndex.headerByteCount, bytes.prefix(8).elementsEqual(SealedIndex.magic),
            bytes.checksum(seed: 0, from: 0, count: end) == bytes.littleEndian(at: end, as: UInt32.self)
        else { return nil }
        func word(_ position: Int) -> UInt64 { bytes.littleEndian(at: position, as: UInt64.self) ?? 0 }
        func half(_ position: Int) -> UInt32 { bytes.littleEndian(at: position, as: UInt32.self) ?? 0 }
        guard half(8) == SealedIndex.version, half(12) == header.generation, word(16) == header.logID.high,
            word(24) == header.logID.low, word(32) == header.salt, word(40) == UInt64(segmentByteCount),
            word(48) == header.firstNumber, word(64) <= UInt64(segmentByteCount)
        else { return nil }
        let (sparseCount, keyCount, postingCount) = (Int(half(72)), Int(half(76)), Int(half(80)))
        guard SealedIndex.headerByteCount + sparseCount * 24 + keyCount * 40 + postingCount * 4 == end else {
            return nil
        }
        self.init(firstNumber: word(48), nextNumber: word(56), end: Int(word(64)))
        var position = SealedIndex.headerByteCount
        sparse.reserveCapacity(sparseCount)
        for _ in 0..<sparseCount {
            guard word(position + 16) <= UInt64(segmentByteCount) else { return nil }
            sparse.append(
                SparseEntry(
                    number: word(position), time: Int64(bitPattern: word(position + 8)),
                    position: Int(truncatingIfNeeded: word(position + 16))))
            position += 24
        }
        var postingEnd: UInt64 = 0
        for _ in 0..<keyCount {
            keys.append(word(position))
            previousSegments.append(word(position + 8))
            lastNumbers.append(word(position + 16))
            lastMessageTimes.append(Int64(bitPattern: word(position + 24)))
            let count = word(position + 32)
            guard count <= UInt64(postingCount) - postingEnd else { return nil }
            postingEnd += count
            ends.append(Int(postingEnd))
            position += 40
        }
        postings.reserveCapacity(postingCount)
        for _ in 0..<postingCount {
            postings.append(Posting(packed: half(position)))
            position += 4
        }
    }
}
