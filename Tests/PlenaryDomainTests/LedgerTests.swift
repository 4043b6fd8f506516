// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// What is known of a channel's messages without the log, and its packing for snapshots.
struct LedgerTests {
    private static func entry(
        _ offset: UInt64, thread: UInt32 = 0, author: UInt32? = 1, _ flags: Ledger.Flags = .message
    ) -> Ledger.Entry {
        Ledger.Entry(
            offset: Offset(offset), time: Timestamp(microseconds: Int64(offset) * 1000),
            thread: ThreadID(thread), author: author.map { AccountID($0) }, flags: flags)
    }

    private static func entries(_ ledger: Ledger) -> [Ledger.Entry] {
        (0..<ledger.count).map { ledger[Ledger.Ordinal($0)] }
    }

    /// What the ledger says of its threads, apart from its columns.
    private static func view(_ ledger: Ledger) -> [[String]] {
        (0..<6).map { number in
            let thread = ThreadID(UInt32(number))
            let page = ledger.page(
                of: thread, root: nil, .latest(after: nil), limit: 10_000, includesEvents: true)
            return [
                "\(ledger.visibleCount(of: thread))", "\(page.offsets)",
                "\(ledger.unread(in: thread, after: Timestamp(microseconds: 5000), by: AccountID(2), limit: 99))",
                "\(ledger.authors(of: thread, limit: 3))",
            ]
        }
    }

    /// Columns are kept in pages of 1,024: nothing moves, and nothing is different at their ends.
    @Test(arguments: [1, 1023, 1024, 1025, 2048, 5000]) func aLedgerGivesBackWhatWasPutIn(count: Int) {
        let entries = (0..<UInt64(count)).map { LedgerTests.entry($0 * 3, author: UInt32($0 % 7)) }
        var ledger = Ledger()
        for entry in entries { ledger.append(entry, mentions: []) }
        #expect(LedgerTests.entries(ledger) == entries)
        #expect(entries.indices.allSatisfy { ledger.ordinal(of: Offset(UInt64($0) * 3)) == UInt32($0) })
        #expect(ledger.ordinal(of: Offset(1)) == nil && ledger.ordinal(of: Offset(UInt64(count) * 3)) == nil)
        #expect(ledger.newestTime == entries.last?.time)
        let copy = ledger
        ledger.redact(Offset(UInt64(count - 1) * 3))
        #expect(ledger[UInt32(count - 1)].flags == [.message, .redacted])
        #expect(LedgerTests.entries(copy) == entries)
    }

    /// Pages of a random ledger, with moves and redactions, rebuild it; the seed is printed when they do
    /// not.
    @Test func pagesRebuildTheLedger() {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            var ledger = Ledger()
            var offset: UInt64 = 0
            for _ in 0..<Int.random(in: 0...5000, using: &random) {
                offset += UInt64.random(in: 1...1000, using: &random)
                let flags: Ledger.Flags = [[], .message, .message, .event][
                    Int.random(in: 0...3, using: &random)]
                let author = Bool.random(using: &random) ? UInt32.random(in: 1...4, using: &random) : nil
                let entry = LedgerTests.entry(
                    offset, thread: UInt32.random(in: 0...5, using: &random), author: author, flags)
                let mentioned = Bool.random(using: &random) ? [AccountID(2), AccountID(UInt32.max)] : []
                ledger.append(entry, mentions: mentioned)
                if Int.random(in: 0...9, using: &random) == 0 { ledger.redact(Offset(offset)) }
            }
            let all = LedgerTests.entries(ledger).map(\.offset)
            for _ in 0..<10 where !all.isEmpty {
                let moved = (0..<20).compactMap { _ in all.randomElement(using: &random) }
                ledger.move(
                    Array(Set(moved)).sorted(), to: ThreadID(UInt32.random(in: 0...5, using: &random)))
            }
            var rebuilt = Ledger()
            let pages = ledger.pages()
            for page in pages {
                let isRead = rebuilt.append(page: page)
                #expect(page.count <= 65_000 && isRead, "seed \(seed)")
            }
            #expect(LedgerTests.entries(rebuilt) == LedgerTests.entries(ledger), "seed \(seed)")
            #expect(LedgerTests.view(rebuilt) == LedgerTests.view(ledger), "seed \(seed)")
        }
    }

    /// The largest numbers of every field, and pages that fill up.
    @Test func extremeEntriesArePackedAsTheyAre() {
        var ledger = Ledger()
        let extreme = Ledger.Entry(
            offset: Offset(.max), time: Timestamp(microseconds: .max), thread: ThreadID(.max),
            author: AccountID(.max - 1), flags: Ledger.Flags(rawValue: 255))
        let first = Ledger.Entry(
            offset: Offset(0), time: Timestamp(microseconds: .min), thread: ThreadID(0), author: AccountID(0),
            flags: [])
        ledger.append(first, mentions: [])
        ledger.append(extreme, mentions: (0..<16).map { AccountID(.max - $0) })
        var rebuilt = Ledger()
        for page in ledger.pages() { _ = rebuilt.append(page: page) }
        #expect(LedgerTests.entries(rebuilt) == [first, extreme])
        var many = Ledger()
        for index in 0..<UInt64(40_000) { many.append(LedgerTests.entry(index * 1000), mentions: []) }
        #expect(many.pages().count > 1)
        #expect(Ledger().pages().isEmpty)
    }

    /// Random bytes, and a good page cut or changed at each place, are refused or read, and never trap.
    @Test func bytesThatAreNoPageNeverTrap() {
        var ledger = Ledger()
        for index in 1...40 {
            ledger.append(
                LedgerTests.entry(UInt64(index) * 300, thread: UInt32(index % 3)), mentions: [AccountID(2)])
        }
        let page = ledger.pages().first ?? []
        for length in page.indices {
            var cut = Ledger()
            _ = cut.append(page: Array(page[..<length]))
            _ = LedgerTests.view(cut)
        }
        for seed in UInt64(1)...3000 {
            var random = SeededGenerator(seed: seed)
            var bytes = page
            if seed % 2 == 0 {
                bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                for _ in 0..<3 {
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
            }
            var read = Ledger()
            _ = read.append(page: bytes)
            _ = LedgerTests.view(read)
        }
        var none = Ledger()
        let answers = [[], [0x80], [1, 1, 1, 1, 1, 200]].map { (page: [UInt8]) in none.append(page: page) }
        #expect(answers == [true, false, false])
    }

    /// A move takes what is there, once, in any order; counts and mentions follow.
    @Test func movedMessagesStandInTheirPlaces() {
        var ledger = Ledger()
        for offset in UInt64(1)...9 {
            ledger.append(LedgerTests.entry(offset, thread: UInt32(offset % 2)), mentions: [AccountID(2)])
        }
        ledger.move([Offset(5), Offset(2), Offset(99), Offset(3)], to: ThreadID(0))
        let page = ledger.page(of: .mainLine, root: nil, .latest(after: nil), limit: 50, includesEvents: true)
        #expect(page.offsets == [2, 3, 4, 5, 6, 8].map { Offset($0) })
        #expect(ledger.visibleCount(of: ThreadID(1)) == 3)
        let start = Timestamp(microseconds: 0)
        #expect(ledger.unread(in: ThreadID(0), after: start, by: AccountID(2), limit: 99) == (6, 6))
        #expect(ledger.unread(in: ThreadID(0), after: start, by: AccountID(2), limit: 5) == (5, 5))
        #expect(ledger.unread(in: ThreadID(0), after: start, by: AccountID(1), limit: 5) == (0, 0))
        ledger.redact(Offset(2))
        ledger.redact(Offset(2))
        ledger.redact(Offset(77))
        #expect(ledger.visibleCount(of: .mainLine) == 5)
    }
}

/// Numbers that follow from a seed alone (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
