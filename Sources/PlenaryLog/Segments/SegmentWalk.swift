// SPDX-License-Identifier: Apache-2.0

import CPlenary

/// How a segment ends, judged from its bytes alone.
package enum SegmentEnding: Hashable, Sendable {
    /// A valid seal that agrees with what stands before it; nothing but zeros follows.
    case sealed(Seal)
    /// Records, then nothing but zeros or nothing at all.
    case whole
    /// After the last whole record stand bytes that no sync is known to have kept: a write that a
    /// crash interrupted. Nothing in it was ever acknowledged.
    case torn(byteCount: Int)
    /// A record that a later one calls durable does not hold, or the seal contradicts the records.
    case damaged(position: Int, found: String)
}

/// What walking a segment from its header on found.
package struct SegmentWalk: Sendable {
    /// Bytes up to the end of the last whole record, a seal not counted.
    package private(set) var end = SegmentHeader.byteCount
    /// The number of the event that comes next.
    package private(set) var nextNumber: UInt64
    package private(set) var eventCount: UInt64 = 0
    package private(set) var markCount: UInt32 = 0
    /// Microseconds; zero when there are no events.
    package private(set) var firstTime: Int64 = 0
    package private(set) var lastTime: Int64 = 0
    package private(set) var ending: SegmentEnding = .whole
    private let firstNumber: UInt64

    /// Walks records while each holds, then judges the rest. `visit` gets every whole event (marks not),
    /// with its position, before the ending is known: who uses what it was given looks at `ending` first.
    ///
    /// Torn against damaged: every record carries the number below which all was synced when it was
    /// built. If a valid header beyond the first failure, which expected number E, says more than E, then
    /// the record E was durable and has been damaged since. If none does, nothing shows that E was ever
    /// synced, and so nobody was told that it was.
    package init(
        _ bytes: UnsafeRawBufferPointer, header: SegmentHeader, visit: (RecordHeader, Int) throws -> Void
    ) rethrows {
        firstNumber = header.firstNumber
        nextNumber = header.firstNumber
        let seed = RecordSeed(salt: header.salt)
        while let record = RecordHeader(at: end, in: bytes, seed: seed), record.number == nextNumber,
            record.durableBefore <= record.number, record.type != 0,
            record.bodyHolds(at: end, in: bytes, seed: seed)
        {
            if record.type == MarkType.seal {
                judgeSeal(record, bytes)
                return
            }
            if MarkType.contains(record.type) {
                markCount &+= 1
            } else {
                try visit(record, end)
                if eventCount == 0 { firstTime = record.time }
                lastTime = record.time
                eventCount &+= 1
                nextNumber &+= 1
            }
            end += record.recordByteCount
        }
        judgeRest(bytes, seed)
    }

    /// The seal this segment should have, given its data's bytes.
    package func seal(over bytes: UnsafeRawBufferPointer) -> Seal {
        let dataByteCount = end - SegmentHeader.byteCount
        return Seal(
            eventCount: eventCount, firstNumber: firstNumber, firstTime: firstTime, lastTime: lastTime,
            checksum: bytes.checksum(seed: 0, from: SegmentHeader.byteCount, count: dataByteCount) ?? 0,
            markCount: markCount, dataByteCount: UInt64(dataByteCount))
    }

    private mutating func judgeSeal(_ record: RecordHeader, _ bytes: UnsafeRawBufferPointer) {
        guard let found = Seal(at: record.bodyRange(at: end), in: bytes), found == seal(over: bytes) else {
            ending = .damaged(position: end, found: "the seal contradicts the records before it")
            return
        }
        let rest = end + record.recordByteCount
        guard bytes.isZero(from: rest) else {
            ending = .damaged(position: rest, found: "bytes follow the seal")
            return
        }
        ending = .sealed(found)
    }

    private mutating func judgeRest(_ bytes: UnsafeRawBufferPointer, _ seed: RecordSeed) {
        if bytes.isZero(from: end) {
            ending = .whole
            return
        }
        let expected = nextNumber
        // No number can be reached that needs more records than fit into the rest.
        let highest = expected &+ UInt64((bytes.count - end) / RecordHeader.byteCount)
        var position = end
        while let number = bytes.littleEndian(at: position + 8, as: UInt64.self) {
            defer { position += 8 }
            guard number >= expected, number <= highest,
                let durableBefore = bytes.littleEndian(at: position + 16, as: UInt64.self),
                durableBefore <= number,
                durableBefore > expected, RecordHeader(at: position, in: bytes, seed: seed) != nil
            else { continue }
            ending = .damaged(
                position: end,
                found:
                    "event \(expected) does not hold, but byte \(position) says it was synced"
            )
            return
        }
        ending = .torn(byteCount: bytes.count - end)
    }
}
