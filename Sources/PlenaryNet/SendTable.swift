// SPDX-License-Identifier: Apache-2.0

/// What each connection of a shard is to be sent in the current round. Every chunk's bytes are put
/// into the round once, in the order they were enqueued; a connection only has the *runs* of the
/// round that are meant for it. Whoever receives all that others receive has one run, and the bytes
/// are sent straight from the round: a delivery costs a few stores, no reference count and no copy.
///
/// It is a value without sockets; the shard sends, and tells it how much stays in the backlog.
package struct SendTable {
    /// What the hot loop needs of one connection: 40 bytes, side by side.
    private struct Entry {
        /// Shard and generation of the connection: the upper half of its id.
        var tag: UInt32 = 0
        /// The newest of the earlier runs, as an index, or -1.
        var earlier: Int32 = -1
        /// Bytes that may still be enqueued; negative for a slot that takes nothing.
        var room = Int.min
        /// The newest run, in bytes of the round; equal ends for none.
        var start = 0
        var end = 0
        /// While a chunk is enqueued with exceptions for this slot: where its next part begins; else -1.
        var cursor: Int32 = -1
        var isDirty = false
        var isClosed = true
    }

    private struct Run {
        let start: Int
        let end: Int
        let earlier: Int32
    }

    /// A connection for which a chunk was too much. The chunk was not enqueued.
    package struct Overflow {
        package let id: ConnectionID
        let start: Int
        let end: Int
        var byteCount: Int { end - start }
    }

    /// Bytes after which a round has to be sent before it goes on, so that it stays bounded.
    package static let roundByteLimit = 1 << 20

    /// Slots with something to send, in the order they first had.
    package private(set) var dirty: [UInt32] = []
    /// Deliveries that did not fit, for the shard to deal with.
    package var overflows: [Overflow] = []

    private var entries: [Entry] = []
    private var earlierRuns: [Run] = []
    private var round: [UInt8] = []

    /// A table without slots.
    package init() {}

    /// Whether any slot has something to send.
    package var hasDirty: Bool { !dirty.isEmpty }
    /// Bytes of the current round.
    package var roundByteCount: Int { round.count }

    // MARK: Connections

    /// Makes the slot of an id take bytes for it, up to `room`.
    package mutating func open(_ id: ConnectionID, room: Int) {
        let slot = id.slot
        while entries.count <= slot { entries.append(Entry()) }
        entries[slot] = Entry(tag: id.tag, room: room, isClosed: false)
    }

    /// Takes nothing more; what is enqueued stays to be sent.
    package mutating func close(slot: Int) {
        guard entries.indices.contains(slot) else { return }
        entries[slot].isClosed = true
    }

    /// Says how many bytes may be enqueued, now that the connection has nothing in this round.
    package mutating func setRoom(slot: Int, _ room: Int) {
        guard entries.indices.contains(slot) else { return }
        let pending = pendingByteCount(slot: slot)
        entries[slot].room = room.subtractingReportingOverflow(pending).partialValue
    }

    /// Bytes of this round that wait for the slot.
    package func pendingByteCount(slot: Int) -> Int {
        guard entries.indices.contains(slot) else { return 0 }
        var count = entries[slot].end - entries[slot].start
        var place = entries[slot].earlier
        while place >= 0 {
            let run = earlierRuns[Int(place)]
            count += run.end - run.start
            place = run.earlier
        }
        return count
    }

    // MARK: Enqueueing

    /// Enqueues a chunk for each id that is not stale. Those without room are in `overflows`.
    package mutating func enqueue(_ chunk: Chunk, to ids: [ConnectionID]) {
        ids.withUnsafeBufferPointer { enqueue(chunk, to: $0) }
    }

    /// Enqueues a chunk for one connection.
    package mutating func enqueue(_ chunk: Chunk, to id: ConnectionID) {
        withUnsafePointer(to: id) { enqueue(chunk, to: UnsafeBufferPointer(start: $0, count: 1)) }
    }

    private mutating func enqueue(_ chunk: Chunk, to ids: UnsafeBufferPointer<ConnectionID>) {
        let count = chunk.count
        guard count > 0, !ids.isEmpty else { return }
        let start = round.count
        let end = start + count
        chunk.bytes.withUnsafeBufferPointer { round.append(contentsOf: $0[chunk.range]) }
        entries.withUnsafeMutableBufferPointer { entries in
            for id in ids {
                let slot = id.slot
                guard slot < entries.count else { continue }
                if !SendTable.append(
                    start, end, to: &entries[slot], slot: slot, id: id, &earlierRuns, &dirty)
                {
                    overflows.append(Overflow(id: id, start: start, end: end))
                }
            }
        }
    }

    /// Enqueues a chunk for all ids but for parts of it: who is excepted does not get these bytes. All who
    /// are excepted are among the ids, and the ranges of each are in order. Nothing is copied twice.
    package mutating func enqueue(
        _ chunk: Chunk, to ids: [ConnectionID],
        except exceptions: [(recipient: ConnectionID, range: Range<Int>)]
    ) {
        let start = round.count
        let end = start + chunk.count
        guard end > start, !ids.isEmpty else { return }
        precondition(end <= Int(Int32.max), "A round is sent long before it has 2 GiB.")
        chunk.bytes.withUnsafeBufferPointer { round.append(contentsOf: $0[chunk.range]) }
        for exception in exceptions {
            let slot = exception.recipient.slot
            guard slot < entries.count, entries[slot].tag == exception.recipient.tag else {
                continue
            }
            entries[slot].cursor = Int32(truncatingIfNeeded: start)
        }
        entries.withUnsafeMutableBufferPointer { entries in
            func append(_ start: Int, _ end: Int, _ slot: Int, _ id: ConnectionID) {
                if !SendTable.append(start, end, to: &entries[slot], slot: slot, id: id, &earlierRuns, &dirty)
                {
                    overflows.append(Overflow(id: id, start: start, end: end))
                }
            }
            for id in ids {
                let slot = id.slot
                guard slot < entries.count, entries[slot].cursor < 0 else { continue }
                append(start, end, slot, id)
            }
            for exception in exceptions {
                let slot = exception.recipient.slot
                guard slot < entries.count, entries[slot].cursor >= 0 else { continue }
                let part = Int(entries[slot].cursor)..<(start + exception.range.lowerBound)
                if !part.isEmpty { append(part.lowerBound, part.upperBound, slot, exception.recipient) }
                entries[slot].cursor = Int32(truncatingIfNeeded: start + exception.range.upperBound)
            }
            for exception in exceptions {
                let slot = exception.recipient.slot
                guard slot < entries.count, entries[slot].cursor >= 0 else { continue }
                let last = Int(entries[slot].cursor)
                entries[slot].cursor = -1
                if last < end { append(last, end, slot, exception.recipient) }
            }
        }
    }

    /// Enqueues again what had overflowed, after the connection's queue was sent. False when there
    /// still is no room.
    package mutating func retry(_ overflow: Overflow) -> Bool {
        let slot = overflow.id.slot
        guard entries.indices.contains(slot) else { return true }
        return SendTable.append(
            overflow.start, overflow.end, to: &entries[slot], slot: slot, id: overflow.id, &earlierRuns,
            &dirty)
    }

    @inline(__always)
    private static func append(
        _ start: Int, _ end: Int, to entry: inout Entry, slot: Int, id: ConnectionID,
        _ earlierRuns: inout [Run], _ dirty: inout [UInt32]
    ) -> Bool {
        guard entry.tag == id.tag, !entry.isClosed else { return true }
        let room = entry.room &- (end &- start)
        guard room >= 0 else { return false }
        entry.room = room
        if entry.end == start, entry.isDirty {
            entry.end = end
            return true
        }
        if entry.isDirty, entry.end > entry.start {
            earlierRuns.append(Run(start: entry.start, end: entry.end, earlier: entry.earlier))
            entry.earlier = Int32(truncatingIfNeeded: earlierRuns.count - 1)
        }
        entry.start = start
        entry.end = end
        if !entry.isDirty {
            entry.isDirty = true
            dirty.append(UInt32(truncatingIfNeeded: slot))
        }
        return true
    }

    // MARK: Sending

    /// Lends what waits for the slot as one piece, and forgets it: straight from the round when it
    /// is one run, else gathered in `scratch`.
    package mutating func take<Result>(
        slot: Int, scratch: inout [UInt8], _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard entries.indices.contains(slot), entries[slot].isDirty else { return nil }
        let entry = entries[slot]
        entries[slot].isDirty = false
        entries[slot].start = 0
        entries[slot].end = 0
        entries[slot].earlier = -1
        if entry.earlier < 0 {
            return round.withUnsafeBytes {
                body(UnsafeRawBufferPointer(rebasing: $0[entry.start..<entry.end]))
            }
        }
        // Runs are chained from the newest back; they are collected and copied from the oldest on.
        var runs = [entry.start..<entry.end]
        var place = entry.earlier
        while place >= 0 {
            let run = earlierRuns[Int(place)]
            runs.append(run.start..<run.end)
            place = run.earlier
        }
        scratch.removeAll(keepingCapacity: true)
        round.withUnsafeBufferPointer { round in
            for run in runs.reversed() { scratch.append(contentsOf: round[run]) }
        }
        return scratch.withUnsafeBytes { body($0) }
    }

    /// Takes the list of slots with something to send; the round's bytes stay until `endRound`.
    package mutating func takeDirty() -> [UInt32] {
        var taken: [UInt32] = []
        swap(&taken, &dirty)
        return taken
    }

    /// Forgets the bytes of the round, after every dirty slot was taken. `dirty` gives its memory back.
    package mutating func endRound(reusing list: [UInt32]) {
        precondition(dirty.isEmpty, "A round ends when everything was taken.")
        earlierRuns.removeAll(keepingCapacity: earlierRuns.capacity <= 65_536)
        round.removeAll(keepingCapacity: round.capacity <= 2 * SendTable.roundByteLimit)
        dirty = list
        dirty.removeAll(keepingCapacity: true)
    }
}
