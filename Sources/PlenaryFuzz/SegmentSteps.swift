// SPDX-License-Identifier: Apache-2.0

import PlenaryLog

// SAFETY: buffers are lent to parsers for the length of a call, and none keeps them.

/// A segment made by the steps of an input: whole records and damage in any order. Each step is a byte and what it
/// needs.
struct SegmentSteps {
    private(set) var bytes: [UInt8]
    private var reader: InputReader
    private let header: SegmentHeader
    private var nextNumber: UInt64
    private var durable: UInt64

    init(_ input: [UInt8]) {
        reader = InputReader(input)
        // Numbers count events from 0: half of them are more than there will be.
        nextNumber = reader.word() >> 1
        durable = nextNumber
        header = SegmentHeader(
            logID: LogID(high: 1, low: 2), firstNumber: nextNumber, salt: 0x0123_4567_89AB_CDEF, created: 7)
        bytes = header.encoded()
    }

    mutating func run() {
        while !reader.isAtEnd {
            switch reader.byte() % 10 {
            case 0:
                let type = reader.byte()
                let body = reader.bytes(Int(reader.byte()))
                add(type: type, number: nextNumber, durable: durable, time: Int64(body.count), body)
                if type != 0, !MarkType.contains(type) { nextNumber &+= 1 }
            case 1: durable = nextNumber
            case 2: add(type: MarkType.watermark, number: nextNumber, durable: nextNumber, time: 1, [])
            case 3:
                let seal = bytes.withUnsafeBytes { buffer in
                    SegmentWalk(buffer, header: header) { _, _ in }.seal(over: buffer)
                }
                var body: [UInt8] = []
                seal.append(to: &body)
                add(type: MarkType.seal, number: nextNumber, durable: nextNumber, time: 1, body)
            case 4: bytes += reader.bytes(Int(reader.byte()))
            case 5:
                let place = Int(reader.short()) % bytes.count
                bytes[place] ^= reader.byte()
            case 6: bytes.removeLast(min(bytes.count - 1, Int(reader.short())))
            case 7: bytes += [UInt8](repeating: 0, count: Int(reader.byte()))
            case 8:
                // A record that says anything.
                let number = nextNumber &+ UInt64(reader.byte()) &- 8
                let durable = nextNumber &+ UInt64(reader.byte()) &- 8
                let type = reader.byte()
                let body = reader.bytes(Int(reader.byte()))
                add(
                    type: type, number: number, durable: durable, time: Int64(bitPattern: reader.word()), body
                )
            default: if bytes.count > 8 { bytes.removeLast(bytes.count % 8) }
            }
        }
    }

    private mutating func add(type: UInt8, number: UInt64, durable: UInt64, time: Int64, _ body: [UInt8]) {
        var batch = RecordBatch(seed: RecordSeed(salt: header.salt))
        let isAdded =
            (try? batch.append(
                type: type, number: number, durableBefore: durable, time: time, schema: 1
            ) { $0 += body }) != nil
        precondition(isAdded, "a body of 255 bytes is no longer than it may be")
        bytes += batch.bytes
    }
}
