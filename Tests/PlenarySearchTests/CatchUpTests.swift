// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Testing

/// The index follows from the log: whatever is lost of it comes back.
@Suite struct CatchUpTests {
    private func expectAll(_ stage: SearchStage, _ count: Int) throws {
        let reached = stage.settle()
        #expect(reached == Offset(UInt64(count)))
        #expect(stage.index.indexedUpTo == reached)
        #expect(stage.index.isCaughtUp)
        let found = try stage.find("word")
        #expect(found == (0..<UInt64(count)).map { $0 })
    }

    private func texts(_ count: Int) -> [String] { (0..<count).map { "word \($0)" } }

    @Test func anIndexGoesOnWhereItStoppedAndReadsWhatItMissed() throws {
        let stage = try SearchStage(texts(700))
        try expectAll(stage, 700)
        stage.close()
        for number in 700..<900 { stage.append(SearchStage.message("word \(number)")) }
        let before = stage.stretches.withLock { $0 }
        try stage.open()
        #expect(stage.index.indexedUpTo.value >= 700)
        try expectAll(stage, 900)
        #expect(stage.stretches.withLock { $0 } == before + 1)
        stage.post("word 900")
        try expectAll(stage, 901)
        #expect(stage.stretches.withLock { $0 } == before + 1)
        #expect(stage.problems.withLock { $0 } == [])
        stage.close()
    }

    @Test func whatIsNotedTwiceIsThereOnceAndAGapIsReadFromTheLog() throws {
        let stage = try SearchStage(texts(3))
        try expectAll(stage, 3)
        stage.index.note(Array(stage.events.prefix(2)))
        try expectAll(stage, 3)
        stage.append(SearchStage.message("word 3"))
        stage.append(SearchStage.message("word 4"))
        stage.post("word 5")
        try expectAll(stage, 6)
        stage.index.note([])
        try expectAll(stage, 6)
        stage.close()
    }

    /// What became durable while the index was being opened was noted by nobody, and is asked for by its end.
    @Test func whatWasNotedByNobodyIsThereOnceItsEndIsAskedFor() throws {
        let stage = try SearchStage()
        stage.settle()
        let first = stage.append(SearchStage.message("word 0"))
        #expect(stage.settle(to: first.offset.next) == Offset(1))
        // The next two become durable, and are asked for, while a stretch without them is on its way.
        stage.whileReading.withLock { hooks in
            hooks = [
                { [unowned stage] in
                    stage.append(SearchStage.message("word 1"))
                    let last = stage.append(SearchStage.message("word 2"))
                    stage.index.whenCaughtUp(to: last.offset.next) { _ in }
                }
            ]
        }
        #expect(stage.settle(to: Offset(2)) == Offset(3))
        try expectAll(stage, 3)
        stage.close()
    }

    /// What is erased while a stretch is on its way does not come back with it, and nothing before it is missing.
    @Test func aStretchThatWasAskedForBeforeTheIndexWasMadeAnewIsNotTaken() throws {
        let stage = try SearchStage(texts(700))
        stage.settle()
        stage.whileReading.withLock { hooks in
            hooks = [{ [unowned stage] in stage.index.forget {} }]
        }
        for number in 700..<710 { stage.append(SearchStage.message("word \(number)")) }
        stage.settle(to: Offset(710))
        try expectAll(stage, 710)
        stage.close()
    }

    @Test func moreThanMayWaitIsLetGoAndReadLater() throws {
        let stage = try SearchStage()
        stage.settle()
        var events: [LoggedEvent] = []
        for number in 0..<(SearchLimits.pendingEventLimit + 10) {
            events.append(stage.append(SearchStage.message(number % 400 == 0 ? "word \(number)" : "x")))
        }
        let middle = SearchLimits.pendingEventLimit
        stage.index.note(Array(events[..<middle]))
        stage.index.note(Array(events[middle...]))
        let reached = stage.settle()
        #expect(reached == Offset(UInt64(events.count)))
        let found = try stage.find("word")
        #expect(found == stride(from: 0, to: events.count, by: 400).map { UInt64($0) })
        stage.close()
    }

    @Test func aLogThatCannotBeReadNowIsReadAtTheNextEvent() throws {
        let stage = try SearchStage()
        stage.settle()
        stage.isReadable.withLock { $0 = false }
        stage.append(SearchStage.message("word 0"))
        stage.post("word 1")
        stage.settle()
        #expect(!stage.index.isCaughtUp)
        #expect(stage.index.indexedUpTo == Offset(0))
        stage.isReadable.withLock { $0 = true }
        stage.post("word 2")
        try expectAll(stage, 3)
        stage.close()
    }

    @Test func aMissingFileIsMadeAgain() throws {
        let stage = try SearchStage(texts(400))
        try expectAll(stage, 400)
        stage.close()
        try FileManager.default.removeItem(atPath: stage.directory)
        try stage.open()
        try expectAll(stage, 400)
        let mode =
            try FileManager.default.attributesOfItem(atPath: stage.directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(stage.problems.withLock { $0 } == [])
        stage.close()
    }

    @Test func aFileOfAnotherLogIsNotUsed() throws {
        let stage = try SearchStage(texts(10))
        try expectAll(stage, 10)
        stage.close()
        try stage.open(logID: Array(2...17))
        try expectAll(stage, 10)
        #expect(stage.problems.withLock { $0.count } == 1)
        stage.close()
    }

    /// A file as a killed process leaves it, with what is beside it, at any moment between two writes.
    @Test func aCopyTakenAtAnyMomentGoesOn() throws {
        let stage = try SearchStage()
        let manager = FileManager.default
        for round in 0..<12 {
            for number in 0..<50 { stage.post("word \(round * 50 + number)") }
            stage.settle()
            let copy = try SearchStage()
            copy.close()
            for event in stage.events { copy.append(event.event) }
            for suffix in ["", "-wal"] {
                try? manager.removeItem(atPath: copy.path + suffix)
                try manager.copyItem(atPath: stage.path + suffix, toPath: copy.path + suffix)
            }
            try copy.open()
            try expectAll(copy, (round + 1) * 50)
            #expect(copy.problems.withLock { $0 } == [])
            copy.close()
        }
        stage.close()
    }

    /// Wherever a page is spoilt or the file is cut, opening or using it leads to a whole index in the end.
    @Test func aDamagedFileIsMadeAgain() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("aDamagedFileIsMadeAgain: seed \(seed)")
        var random = SeededRandom(seed: seed)
        let stage = try SearchStage(texts(600))
        try expectAll(stage, 600)
        stage.close()
        let whole = try Data(contentsOf: URL(fileURLWithPath: stage.path))
        var rebuiltCount = 0
        for round in 0..<40 {
            var bytes = whole
            switch round % 4 {
            case 0: bytes = bytes.prefix(Int.random(in: 0..<whole.count, using: &random))
            case 1:
                bytes[Int.random(in: 0..<100, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            default:
                // A whole page, as a disk loses it.
                let page = Int.random(in: 0..<(whole.count / 4096), using: &random) * 4096
                for index in page..<min(page + 4096, whole.count) {
                    bytes[index] = round % 4 == 2 ? 0 : UInt8.random(in: 0...255, using: &random)
                }
            }
            for suffix in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: stage.path + suffix)
            }
            try bytes.write(to: URL(fileURLWithPath: stage.path))
            let before = stage.problems.withLock { $0.count }
            try stage.open()
            stage.settle()
            // What only a search notices makes that search fail, and the index anew.
            if (try? stage.find("word")) == nil { stage.settle() }
            let found = try stage.find("word")
            #expect(found.count == 600, "seed \(seed), round \(round)")
            rebuiltCount += stage.problems.withLock { $0.count } - before
            stage.close()
        }
        #expect(rebuiltCount > 10)
    }

    @Test func aDirectoryThatCannotBeMadeIsAnError() {
        #expect(throws: SearchError.self) {
            try SearchIndex.open(
                directory: "/proc/none/search", logID: SearchStage.logID,
                source: { _, _, then in then(nil) })
        }
    }
}
