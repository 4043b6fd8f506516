// SPDX-License-Identifier: Apache-2.0

import PlenaryWire
import Testing

/// Lines from a stream of bytes, however it is cut.
@Suite struct LineSplitterTests {
    enum Cut: CaseIterable { case whole, byteByByte, random }

    private func split(
        _ bytes: [UInt8], _ cut: Cut, limits: WireLimits = .fromClient, seed: UInt64 = 1
    ) -> [String] {
        var splitter = LineSplitter(limits: limits)
        var result: [String] = []
        var generator = SeededGenerator(seed: seed)
        var start = 0
        while start < bytes.count {
            let size: Int =
                switch cut {
                case .whole: bytes.count
                case .byteByByte: 1
                case .random: 1 + Int(generator.next() % 700)
                }
            let end = min(start + size, bytes.count)
            Array(bytes[start..<end]).withUnsafeBytes { piece in
                splitter.split(piece) { found in
                    switch found {
                    case .line(let line): result.append(String(decoding: line, as: UTF8.self))
                    case .overlong: result.append("<overlong>")
                    }
                }
            }
            start = end
        }
        return result
    }

    @Test(arguments: Cut.allCases) func linesEndWithLFAndLoseOneCR(cut: Cut) {
        let bytes = Array("a\r\nb\nc\r\r\n\r\n\nlast".utf8)
        #expect(split(bytes, cut) == ["a", "b", "c\r", "", ""])
    }

    @Test(arguments: Cut.allCases, [-1, 0, 1]) func theLimitIsTheSameHoweverTheStreamIsCut(
        cut: Cut, over: Int
    ) {
        let limits = WireLimits.fromClient
        let text = String(repeating: "x", count: limits.lineByteLimit - 2 + over)
        for ending in ["\r\n", "\n"] {
            let lines = split(Array((text + ending + "next" + ending).utf8), cut)
            #expect(lines == [over > 0 ? "<overlong>" : text, "next"], "\(ending.utf8.count)")
        }
    }

    @Test(arguments: Cut.allCases) func anEndlessLineIsReportedOnceAndForgotten(cut: Cut) {
        let noise = [UInt8](repeating: 120, count: 100_000)
        #expect(split(noise, cut) == ["<overlong>"])
        #expect(split(noise + [10] + Array("PING x\r\n".utf8), cut) == ["<overlong>", "PING x"])
    }

    @Test func nothingIsKeptBeyondOneLine() {
        var splitter = LineSplitter(limits: .fromClient)
        for _ in 0..<1000 {
            [UInt8](repeating: 1, count: 997).withUnsafeBytes { piece in splitter.split(piece) { _ in } }
            #expect(splitter.unfinishedByteCount <= WireLimits.fromClient.lineByteLimit)
        }
        #expect(splitter.hasUnfinishedLine)
        [UInt8(10)].withUnsafeBytes { piece in splitter.split(piece) { _ in } }
        #expect(!splitter.hasUnfinishedLine)
    }

    @Test func anyCutGivesTheSameLines() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = generator.lineLikeBytes(Int(generator.next() % 12_000))
            let whole = split(bytes, .whole)
            #expect(split(bytes, .byteByByte) == whole, "seed \(seed)")
            #expect(split(bytes, .random, seed: generator.next()) == whole, "seed \(seed)")
        }
    }
}
