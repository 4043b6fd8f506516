// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import PlenaryTerms

/// A segment file built in memory, record by record, with what is known about each byte of it.
struct SegmentImage {
    var header: SegmentHeader
    var bytes: [UInt8]
    /// Where each event begins, in order.
    var positions: [Int] = []
    /// Where records that are no events begin.
    var markPositions: [Int] = []
    private(set) var nextNumber: UInt64
    private var durable: UInt64
    private var markCount: UInt32 = 0

    init(firstNumber: UInt64 = 0, salt: UInt64 = 0x0123_4567_89AB_CDEF) {
        header = SegmentHeader(
            logID: LogID(high: 1, low: 2), firstNumber: firstNumber, salt: salt,
            created: 1_700_000_000_000_000)
        bytes = header.encoded()
        nextNumber = firstNumber
        durable = firstNumber
    }

    /// One batch: written and then, as later records show, synced.
    mutating func appendBatch(_ events: [Event]) throws {
        var batch = RecordBatch(seed: RecordSeed(salt: header.salt))
        for event in events {
            let logged = Sample.logged(nextNumber, event)
            let start = try batch.append(
                type: EventCodec.type(of: event), number: nextNumber, durableBefore: durable,
                time: logged.time.microseconds, schema: 1
            ) { EventCodec.append(event, to: &$0) }
            positions.append(bytes.count + start)
            nextNumber += 1
        }
        bytes += batch.bytes
    }

    /// What the sync of the last batch allows the next records to say.
    mutating func sync() { durable = nextNumber }

    mutating func appendWatermark() throws {
        var batch = RecordBatch(seed: RecordSeed(salt: header.salt))
        _ = try batch.append(
            type: MarkType.watermark, number: nextNumber, durableBefore: nextNumber, time: lastTime, schema: 1
        ) { _ in }
        markPositions.append(bytes.count)
        bytes += batch.bytes
        markCount += 1
    }

    mutating func appendSeal() throws {
        let walk = bytes.withUnsafeBytes { buffer in
            let walk = SegmentWalk(buffer, header: header) { _, _ in }
            return walk.seal(over: buffer)
        }
        var batch = RecordBatch(seed: RecordSeed(salt: header.salt))
        _ = try batch.append(
            type: MarkType.seal, number: nextNumber, durableBefore: nextNumber, time: lastTime, schema: 1
        ) { walk.append(to: &$0) }
        markPositions.append(bytes.count)
        bytes += batch.bytes
    }

    private var lastTime: Int64 { Sample.logged(nextNumber, Sample.message("")).time.microseconds }

    /// Messages of varied length in batches, until the file has about as many bytes as wanted.
    static func filled(toByteCount limit: Int, endsWithWatermark: Bool = true) throws -> SegmentImage {
        var image = SegmentImage()
        var number = 0
        while image.bytes.count < limit - 1_500 {
            var batch: [Event] = []
            for _ in 0..<(1 + number % 7) {
                batch.append(
                    Sample.message(
                        String(repeating: "abcdefgh ", count: 2 + number % 23),
                        in: .channel(ChannelID(UInt32(number % 3)))))
                number += 1
            }
            try image.appendBatch(batch)
            image.sync()
        }
        if endsWithWatermark { try image.appendWatermark() }
        return image
    }

    /// The record's end that holds a position; nil in the header.
    func event(at position: Int) -> Int? {
        positions.lastIndex { $0 <= position }
    }
}
