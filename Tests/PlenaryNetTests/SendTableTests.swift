// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import Testing

@Suite struct SendTableTests {
    private func id(_ slot: UInt32, _ generation: UInt32 = 0) -> ConnectionID {
        ConnectionID(shard: 0, generation: generation, slot: slot)
    }

    private func take(_ table: inout SendTable, _ slot: Int) -> [UInt8]? {
        var scratch: [UInt8] = []
        return table.take(slot: slot, scratch: &scratch) { Array($0) }
    }

    @Test func idsHoldTheirThreeParts() {
        let id = ConnectionID(shard: 255, generation: 0xFF_FFFF, slot: .max)
        #expect(id.shard == 255 && id.generation == 0xFF_FFFF && id.slot == Int(UInt32.max))
        #expect(
            ConnectionID(shard: 1, generation: 0x100_0002, slot: 3)
                == ConnectionID(shard: 1, generation: 2, slot: 3))
    }

    @Test func everyoneReceivesTheirOwnChunksInOrder() {
        var table = SendTable()
        for slot in 0..<3 as Range<UInt32> { table.open(id(slot), room: 1000) }
        table.enqueue(Chunk([1, 2]), to: [id(0), id(1), id(2)])
        table.enqueue(Chunk([3]), to: id(1))
        table.enqueue(Chunk([4, 5]), to: [id(0), id(1)])
        table.enqueue(Chunk([9, 6, 9], range: 1..<2), to: [id(2), id(0)])
        #expect(table.dirty == [0, 1, 2])
        #expect(table.pendingByteCount(slot: 0) == 5)
        #expect(take(&table, 0) == [1, 2, 4, 5, 6])
        #expect(take(&table, 1) == [1, 2, 3, 4, 5])
        #expect(take(&table, 2) == [1, 2, 6])
        #expect(take(&table, 0) == nil, "what was taken is gone")
    }

    @Test func roundsOfManyShapesAgreeWithAPlainModel() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        var table = SendTable()
        let slotCount = 7
        for slot in 0..<slotCount { table.open(id(UInt32(slot), 3), room: .max) }
        for round in 0..<200 {
            var model = [[UInt8]](repeating: [], count: slotCount)
            for _ in 0..<random.next() % 30 {
                let bytes = (0..<random.next() % 5).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let slots = (0..<slotCount).filter { _ in random.next() % 2 == 0 }
                table.enqueue(Chunk(bytes), to: slots.map { id(UInt32($0), 3) })
                for slot in slots { model[slot] += bytes }
            }
            let dirty = table.takeDirty()
            for slot in dirty {
                #expect(take(&table, Int(slot)) == model[Int(slot)], "seed \(seed), round \(round)")
                model[Int(slot)] = []
                table.setRoom(slot: Int(slot), .max)
            }
            #expect(model.allSatisfy { $0.isEmpty }, "seed \(seed): everyone with bytes was dirty")
            table.endRound(reusing: dirty)
        }
    }

    @Test func whoIsExceptedGetsTheOtherParts() {
        var table = SendTable()
        for slot in 0..<4 { table.open(id(UInt32(slot), 0), room: 1000) }
        table.enqueue(Chunk([9]), to: id(1))
        table.enqueue(
            Chunk([1, 2, 3, 4, 5, 6]), to: (0..<4).map { id($0) },
            except: [(id(1), 0..<2), (id(2), 2..<3), (id(1), 4..<6), (id(3), 0..<6), (id(8), 0..<1)])
        table.enqueue(Chunk([7]), to: (0..<4).map { id($0) })
        #expect(table.pendingByteCount(slot: 2) == 6)
        #expect(take(&table, 0) == [1, 2, 3, 4, 5, 6, 7])
        #expect(take(&table, 1) == [9, 3, 4, 7])
        #expect(take(&table, 2) == [1, 2, 4, 5, 6, 7])
        #expect(take(&table, 3) == [7])
        table.enqueue(Chunk([8]), to: (0..<4).map { id($0) })
        #expect(take(&table, 3) == [8], "an exception is for its chunk only")
    }

    @Test func exceptionsOfManyShapesAgreeWithAPlainModel() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        var table = SendTable()
        let all = (0..<UInt32(5)).map { id($0) }
        for slot in 0..<5 { table.open(id(UInt32(slot), 0), room: .max) }
        for round in 0..<500 {
            var model = [[UInt8]](repeating: [], count: 5)
            for _ in 0..<1 + random.next() % 4 {
                var bytes: [UInt8] = []
                var exceptions: [(recipient: ConnectionID, range: Range<Int>)] = []
                for _ in 0..<random.next() % 6 {
                    let part = (0..<1 + random.next() % 4).map { _ in UInt8(truncatingIfNeeded: random.next())
                    }
                    let author = Int(random.next() % 7)
                    if author < 5 {
                        exceptions.append((all[author], bytes.count..<bytes.count + part.count))
                    }
                    bytes += part
                    for slot in 0..<5 where slot != author { model[slot] += part }
                }
                table.enqueue(Chunk(bytes), to: all, except: exceptions)
            }
            for slot in 0..<5 {
                let expected = model[slot].isEmpty ? nil : model[slot]
                #expect(take(&table, slot) == expected, "seed \(seed), round \(round)")
                table.setRoom(slot: slot, .max)
            }
            table.endRound(reusing: table.takeDirty())
        }
    }

    @Test func staleClosedAndUnknownIdsAreIgnored() {
        var table = SendTable()
        table.open(id(0, 1), room: 10)
        table.open(id(1), room: 10)
        table.close(slot: 1)
        table.enqueue(Chunk([1]), to: [id(0, 0), id(0, 2), id(1, 0), id(7, 0), id(.max, 0)])
        #expect(table.dirty.isEmpty && table.overflows.isEmpty)
        table.enqueue(Chunk([1]), to: id(0, 1))
        #expect(table.dirty == [0])
    }

    @Test func anIdOfAnotherShardReachesNobodyHere() {
        var table = SendTable()
        table.open(ConnectionID(shard: 0, generation: 1, slot: 0), room: 10)
        table.enqueue(Chunk([1]), to: [ConnectionID(shard: 1, generation: 1, slot: 0)])
        #expect(table.dirty.isEmpty)
    }

    @Test(arguments: [(9, true), (10, true), (11, false)])
    func aChunkFitsUpToTheRoomAndNotBeyond(_ count: Int, _ fits: Bool) {
        var table = SendTable()
        table.open(id(0), room: 10)
        table.enqueue(Chunk([UInt8](repeating: 7, count: count)), to: id(0))
        #expect(table.overflows.isEmpty == fits)
        #expect((take(&table, 0) != nil) == fits)
    }

    @Test func whatOverflowedFitsAfterTheQueueWasSent() throws {
        var table = SendTable()
        table.open(id(0), room: 4)
        table.enqueue(Chunk([1, 2, 3]), to: id(0))
        table.enqueue(Chunk([4, 5]), to: id(0))
        let overflow = try #require(table.overflows.first)
        #expect(take(&table, 0) == [1, 2, 3])
        table.setRoom(slot: 0, 4)
        let fitsThen = table.retry(overflow)
        #expect(fitsThen)
        #expect(take(&table, 0) == [4, 5])
        table.setRoom(slot: 0, 1)
        let fitsStill = table.retry(overflow)
        #expect(!fitsStill, "there is no room any more")
    }

    @Test func anEmptyChunkIsNothing() {
        var table = SendTable()
        table.open(id(0), room: 0)
        table.enqueue(Chunk([]), to: id(0))
        #expect(table.dirty.isEmpty && table.overflows.isEmpty)
    }
}

/// A small generator whose seed a failing test prints.
struct SplitMix {
    var state: UInt64
    mutating func next() -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) >> 2)
    }
}
