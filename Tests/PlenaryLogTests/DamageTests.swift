// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryLog
import Testing

/// Damage is found, torn tails are cut, and the two implementations agree (testing.md, T6).
///
/// The segment holds messages in batches, each of which a later record calls synced, and ends in a
/// watermark. So every byte of every event is known to be durable.
struct DamageTests {
    /// Debug code is 30 times slower: there every 29th bit is tried, in release all of them.
    private static var bitStep: Int {
        var isDebug = false
        assert(
            {
                isDebug = true; return true
            }())
        return isDebug ? 29 : 1
    }

    @Test func everyFlippedBitOfDurableDataIsFound() throws {
        let image = try SegmentImage.filled(toByteCount: 65_536)
        let watermark = try #require(image.markPositions.last)
        let tally = try flipEveryBit(of: image) { place, recovery, bytes in
            if place < SegmentHeader.byteCount { return recovery == .refused }
            if place >= watermark {
                // The watermark alone is lost: it was never acknowledged, every event stays.
                return recovery == .cut(atEvent: image.nextNumber)
            }
            return recovery == .refused
        }
        #expect(tally.wrong == 0)
        #expect(tally.disagreeing == 0)
        #expect(tally.tried >= (image.bytes.count * 8) / DamageTests.bitStep - 1)
    }

    @Test func everyFlippedBitOfASealedSegmentIsFound() throws {
        var image = try SegmentImage.filled(toByteCount: 12_288)
        try image.appendSeal()
        let seal = try #require(image.markPositions.last)
        let watermark = image.markPositions[image.markPositions.count - 2]
        let tally = try flipEveryBit(of: image) { place, recovery, _ in
            switch place {
            case ..<watermark: recovery == .refused
            // Without watermark or seal nothing contradicts the events, which all stay.
            case watermark..<seal: recovery == .cut(atEvent: image.nextNumber)
            default: recovery == .cut(atEvent: image.nextNumber)
            }
        }
        #expect(tally.wrong == 0)
        #expect(tally.disagreeing == 0)
    }

    @Test func everyLengthGivesTheLongestWholePrefix() throws {
        let image = try SegmentImage.filled(toByteCount: 65_536)
        var wrong = 0
        var disagreeing = 0
        for length in stride(from: 0, through: image.bytes.count, by: DamageTests.bitStep == 1 ? 1 : 61) {
            image.bytes.withUnsafeBytes { whole in
                let bytes = UnsafeRawBufferPointer(rebasing: whole[..<length])
                let recovery = Recovery(bytes, image.header)
                if length < SegmentHeader.byteCount {
                    if recovery != .refused { wrong += 1 }
                } else {
                    let wholeCount = image.positions.count { end(ofEventAt: $0, image) <= length }
                    let isEnd =
                        recovery == .cut(atEvent: UInt64(wholeCount))
                        || recovery == .whole(UInt64(wholeCount))
                    if !isEnd { wrong += 1 }
                }
                if !agrees(SegmentCheck(bytes), recovery) { disagreeing += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(disagreeing == 0)
    }

    @Test(arguments: [512, 4_096])
    func everyLostBlockOfDurableDataIsFound(blockByteCount: Int) throws {
        let image = try SegmentImage.filled(toByteCount: 65_536)
        let watermark = try #require(image.markPositions.last)
        var random = SeededRandom(seed: 42)
        for start in stride(from: 0, to: watermark - blockByteCount, by: blockByteCount) {
            for isRandom in [false, true] {
                var bytes = image.bytes
                for place in start..<start + blockByteCount {
                    bytes[place] = isRandom ? UInt8.random(in: 0...255, using: &random) : 0
                }
                if bytes == image.bytes { continue }
                bytes.withUnsafeBytes { buffer in
                    let recovery = Recovery(buffer, image.header)
                    #expect(recovery == .refused, "block at \(start)")
                    #expect(agrees(SegmentCheck(buffer), recovery))
                }
            }
        }
    }

    /// A batch whose sync never returned may be on the disk in any part; none of it is damage.
    @Test func everySubsetOfTheSectorsOfAnUnsyncedBatchIsATornTail() throws {
        var image = try SegmentImage.filled(toByteCount: 12_288)
        let durableCount = image.nextNumber
        let start = image.bytes.count
        while image.bytes.count < start + 12 * 512 - 700 {
            try image.appendBatch([Sample.message(String(repeating: "unsynced ", count: 50))])
        }
        let padded = image.bytes + [UInt8](repeating: 0, count: 8_192)
        let firstSector = start / 512
        let sectorCount = (image.bytes.count + 511) / 512 - firstSector
        #expect(sectorCount <= 13)
        var wrong = 0
        var disagreeing = 0
        for subset in 0..<(1 << sectorCount) {
            var bytes = padded
            for sector in 0..<sectorCount where subset & 1 << sector == 0 {
                let begin = max(start, (firstSector + sector) * 512)
                for place in begin..<(firstSector + sector + 1) * 512 { bytes[place] = 0 }
            }
            bytes.withUnsafeBytes { buffer in
                let recovery = Recovery(buffer, image.header)
                switch recovery {
                case .refused: wrong += 1
                case .whole(let next), .cut(let next): if next < durableCount { wrong += 1 }
                }
                if !agrees(SegmentCheck(buffer), recovery) { disagreeing += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(disagreeing == 0)
    }

    /// The residual window (docs/DURABILITY.md): a synced batch that no later record mentions yet.
    @Test func damageBeforeTheWatermarkReadsAsATornTail() throws {
        var image = try SegmentImage.filled(toByteCount: 8_192, endsWithWatermark: false)
        let start = image.bytes.count
        let before = image.nextNumber
        try image.appendBatch([Sample.message("in the window")])
        for place in start..<image.bytes.count {
            var bytes = image.bytes
            bytes[place] ^= 1
            bytes.withUnsafeBytes { #expect(Recovery($0, image.header) == .cut(atEvent: before)) }
        }
        // One watermark later the same damage is found.
        image.sync()
        try image.appendWatermark()
        var bytes = image.bytes
        bytes[start + 50] ^= 1
        bytes.withUnsafeBytes { #expect(Recovery($0, image.header) == .refused) }
    }

    // MARK: What recovery decides, put shortly

    private enum Recovery: Equatable {
        case refused
        case whole(UInt64)
        case cut(atEvent: UInt64)

        init(_ bytes: UnsafeRawBufferPointer, _ original: SegmentHeader) {
            guard let header = try? SegmentHeader(decoding: bytes, path: "x"), header == original else {
                self = .refused
                return
            }
            let walk = SegmentWalk(bytes, header: header) { _, _ in }
            switch walk.ending {
            case .sealed, .whole: self = .whole(walk.nextNumber)
            case .torn: self = .cut(atEvent: walk.nextNumber)
            case .damaged: self = .refused
            }
        }
    }

    private func agrees(_ check: SegmentCheck, _ recovery: Recovery) -> Bool {
        switch check.verdict {
        case .sealed, .open: recovery == .whole(check.nextNumber)
        case .torn: recovery == .cut(atEvent: check.nextNumber)
        case .damaged, .unknownVersion: recovery == .refused
        }
    }

    private func end(ofEventAt position: Int, _ image: SegmentImage) -> Int {
        let next = image.positions.first { $0 > position } ?? image.markPositions.first ?? image.bytes.count
        return next
    }

    private struct Tally {
        var tried = 0
        var wrong = 0
        var disagreeing = 0
    }

    private func flipEveryBit(
        of image: SegmentImage, isRight: (Int, Recovery, UnsafeRawBufferPointer) -> Bool
    ) throws -> Tally {
        var bytes = image.bytes
        var tally = Tally()
        for bit in stride(from: 0, to: bytes.count * 8, by: DamageTests.bitStep) {
            bytes[bit >> 3] ^= 1 << (bit & 7)
            bytes.withUnsafeBytes { buffer in
                let recovery = Recovery(buffer, image.header)
                tally.tried += 1
                if !isRight(bit >> 3, recovery, buffer) {
                    tally.wrong += 1
                    if tally.wrong < 5 { Issue.record("bit \(bit): \(recovery)") }
                }
                if !agrees(SegmentCheck(buffer), recovery) {
                    tally.disagreeing += 1
                    if tally.disagreeing < 5 {
                        Issue.record("bit \(bit): \(SegmentCheck(buffer)) against \(recovery)")
                    }
                }
            }
            bytes[bit >> 3] ^= 1 << (bit & 7)
        }
        return tally
    }
}
