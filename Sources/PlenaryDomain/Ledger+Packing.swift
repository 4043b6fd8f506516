// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A ledger as pages of bytes, for snapshots: numbers of seven bits a byte, each entry as its differences from
/// the one before it. A page stands alone; pages are applied in order.
///
///     entry   offset - last, time - last (zigzag), thread, author + 1 (0: none), flags, count of mentions, account…
extension Ledger {
    /// Bytes at which a page ends; a record's body may have 65,536.
    private static let pageByteCount = 60_000

    package func pages() -> [[UInt8]] {
        var accountsByOrdinal: [Ordinal: [AccountID]] = [:]
        for (account, ordinals) in mentions {
            for ordinal in ordinals { accountsByOrdinal[ordinal, default: []].append(account) }
        }
        var pages: [[UInt8]] = []
        var packer = LedgerPacker()
        for index in 0..<count {
            let ordinal = Ordinal(index)
            packer.append(self[ordinal], accountsByOrdinal[ordinal]?.sorted() ?? [])
            if packer.bytes.count >= Ledger.pageByteCount {
                pages.append(packer.bytes)
                packer = LedgerPacker()
            }
        }
        if !packer.bytes.isEmpty { pages.append(packer.bytes) }
        return pages
    }

    /// Adds the entries of a page. False when the bytes are no page; then a part of it may have been added.
    package mutating func append(page: [UInt8]) -> Bool {
        var reader = LedgerReader(bytes: page)
        while !reader.isAtEnd {
            guard let (entry, mentions) = reader.next() else { return false }
            append(entry, mentions: mentions)
        }
        return true
    }
}

private struct LedgerPacker {
    var bytes: [UInt8] = []
    private var lastOffset: UInt64 = 0
    private var lastTime: Int64 = 0

    mutating func append(_ entry: Ledger.Entry, _ mentions: [AccountID]) {
        append(entry.offset.value &- lastOffset)
        let change = entry.time.microseconds &- lastTime
        append(UInt64(bitPattern: change << 1 ^ change >> 63))
        append(UInt64(entry.thread.value))
        append(entry.author.map { UInt64($0.value) + 1 } ?? 0)
        bytes.append(entry.flags.rawValue)
        append(UInt64(mentions.count))
        for account in mentions { append(UInt64(account.value)) }
        lastOffset = entry.offset.value
        lastTime = entry.time.microseconds
    }

    private mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

private struct LedgerReader {
    let bytes: [UInt8]
    private var position = 0
    private var lastOffset: UInt64 = 0
    private var lastTime: Int64 = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func next() -> (Ledger.Entry, [AccountID])? {
        guard let step = number(), let change = number(), let thread = small(), let author = number(),
            author <= UInt64(UInt32.max), position < bytes.count
        else { return nil }
        let flags = Ledger.Flags(rawValue: bytes[position])
        position += 1
        guard let count = number(), count <= UInt64(bytes.count - position) else { return nil }
        var mentions: [AccountID] = []
        for _ in 0..<count {
            guard let account = small() else { return nil }
            mentions.append(AccountID(account))
        }
        lastOffset &+= step
        lastTime &+= Int64(bitPattern: change >> 1) ^ -Int64(bitPattern: change & 1)
        let entry = Ledger.Entry(
            offset: Offset(lastOffset), time: Timestamp(microseconds: lastTime), thread: ThreadID(thread),
            author: author == 0 ? nil : AccountID(UInt32(author - 1)), flags: flags)
        return (entry, mentions)
    }

    private mutating func small() -> UInt32? { number().flatMap { UInt32(exactly: $0) } }

    private mutating func number() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
