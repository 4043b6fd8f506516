// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// A place between two records of the log: before the record at a position of a segment.
private struct LogPlace: Comparable {
    var slot: Int
    var position: Int

    static func < (left: LogPlace, right: LogPlace) -> Bool {
        left.slot != right.slot ? left.slot < right.slot : left.position < right.position
    }
}

/// Chosen events of one segment, in the order of the log.
struct SegmentSelection {
    var slot: Int
    var postings: [Posting]
}

/// Which records answer a query. Walks a conversation's postings from segment to segment; records are
/// read only to find where a bound lies, at most 64 of them for each.
extension HistoryCore {
    func fetch(_ query: HistoryQuery) throws(LogError) -> HistoryResult {
        let limit = min(max(query.limit, 0), LogLimits.historyScanRecordLimit)
        let key = EventCodec.key(of: query.conversation)
        guard limit > 0, table.places[key] != nil, slotCount > 0 else {
            return HistoryResult(events: [], isComplete: true)
        }
        let end = LogPlace(slot: slotCount - 1, position: .max)
        var walk = ConversationWalk(key: key, limit: limit, includesEvents: query.includesEvents)
        switch query.selection {
        case .latest(let bound):
            try collectBackward(&walk, from: end, downTo: try bound.map(place(after:)))
        case .before(let bound):
            try collectBackward(&walk, from: try place(at: bound), downTo: nil)
        case .after(let bound):
            try collectForward(&walk, from: try place(after: bound), upTo: nil)
        case .around(let bound):
            return try fetchAround(walk, try place(at: bound))
        case .between(let first, let second):
            let (from, to) = (try place(at: first), try place(at: second))
            if from <= to {
                try collectForward(&walk, from: try place(after: first), upTo: to)
            } else {
                try collectBackward(&walk, from: from, downTo: try place(after: second))
            }
        }
        return HistoryResult(events: try read(walk.selections), isComplete: !walk.hasMore)
    }

    private func fetchAround(_ walk: ConversationWalk, _ middle: LogPlace) throws(LogError) -> HistoryResult {
        var before = walk
        before.limit = walk.limit / 2
        var after = walk
        // With nothing wanted before it, it still tells whether there is something.
        try collectBackward(&before, from: middle, downTo: nil)
        // The bound stays in the middle: fewer on one side are not made up for on the other.
        after.limit = walk.limit - before.limit
        try collectForward(&after, from: middle, upTo: nil)
        return HistoryResult(
            events: try read(before.selections + after.selections),
            isComplete: !before.hasMore && !after.hasMore)
    }

    /// The event at an offset; nil when it is not durable yet.
    func event(at number: UInt64) throws(LogError) -> LoggedEvent? {
        guard slotCount > 0 else { return nil }
        let place = try place(at: .offset(Offset(number)))
        let view = try view(place.slot, key: nil)
        guard place.position < view.end else { return nil }
        // An erased event has a place and no content.
        guard
            try firstRecord(in: view, from: place.position, where: { $0.type != MarkType.erased })
                == place.position
        else { return nil }
        let events = try read([
            SegmentSelection(slot: place.slot, postings: [Posting(position: place.position, isMessage: true)])
        ])
        return events.first.flatMap { $0.offset.value == number ? $0 : nil }
    }

    // MARK: Bounds

    /// Before the first event that is at or after a bound.
    private func place(at bound: HistoryQuery.Bound) throws(LogError) -> LogPlace {
        switch bound {
        case .offset(let offset): try place(bound) { record in record.number >= offset.value }
        case .time(let time): try place(bound) { record in record.time >= time.microseconds }
        }
    }

    /// Before the first event that is after a bound. A time is one as it was shown, in milliseconds: what
    /// happened within that millisecond is not after it, or a page would begin with the end of the last one.
    private func place(after bound: HistoryQuery.Bound) throws(LogError) -> LogPlace {
        switch bound {
        case .offset(let offset): return try place(bound) { record in record.number > offset.value }
        case .time(let time):
            let rest = time.microseconds % 1000
            let next = time.microseconds - (rest < 0 ? rest + 1000 : rest) + 1000
            return try place(bound) { record in record.time >= next }
        }
    }

    private func place(
        _ bound: HistoryQuery.Bound, _ isReached: (RecordHeader) -> Bool
    ) throws(LogError) -> LogPlace {
        var slot = slot(of: bound)
        // Events of one microsecond may end one segment and begin the next.
        if case .time(let time) = bound {
            while slot > 0, slot <= sealed.count, sealed[slot - 1].lastTime >= time.microseconds { slot -= 1 }
        }
        while true {
            let view = try view(slot, key: nil)
            let after = view.sparse.partitionPoint { entry in
                switch bound {
                case .offset(let offset): entry.number < offset.value
                case .time(let time): entry.time < time.microseconds
                }
            }
            let start = after == 0 ? SegmentHeader.byteCount : view.sparse[after - 1].position
            if let position = try firstRecord(in: view, from: start, where: isReached) {
                return LogPlace(slot: slot, position: position)
            }
            guard slot + 1 < slotCount else { return LogPlace(slot: slot, position: view.end) }
            slot += 1
        }
    }

    // MARK: Walking

    private func collectBackward(
        _ walk: inout ConversationWalk, from start: LogPlace, downTo end: LogPlace?
    ) throws(LogError) {
        var slot = try lastSlot(of: walk.key, notAfter: start.slot)
        var segments: [SegmentSelection] = []
        while let current = slot {
            if let end, current < end.slot { break }
            let view = try view(current, key: walk.key)
            if let postings = view.postings {
                let last =
                    current == start.slot ? postings.partitionPoint { $0.position < start.position } : nil
                let lowest = end.flatMap { $0.slot == current ? $0.position : nil } ?? 0
                segments.append(
                    SegmentSelection(
                        slot: current,
                        postings: walk.takeBackward(
                            postings, before: last ?? postings.endIndex, lowest: lowest)))
            }
            if walk.hasMore { break }
            slot = try previousSlot(current, view)
        }
        walk.selections = segments.reversed()
    }

    private func collectForward(
        _ walk: inout ConversationWalk, from start: LogPlace, upTo end: LogPlace?
    ) throws(LogError) {
        for slot in try slots(of: walk.key, from: start.slot) {
            if let end, slot > end.slot { break }
            guard let postings = try view(slot, key: walk.key).postings else { continue }
            let first = slot == start.slot ? postings.partitionPoint { $0.position < start.position } : nil
            let highest = end.flatMap { $0.slot == slot ? $0.position : nil } ?? .max
            let taken = walk.takeForward(postings, from: first ?? postings.startIndex, below: highest)
            walk.selections.append(SegmentSelection(slot: slot, postings: taken))
            if walk.hasMore { break }
        }
    }

    /// The last segment not after a slot that may have the conversation.
    private func lastSlot(of key: UInt64, notAfter limit: Int) throws(LogError) -> Int? {
        guard let place = table.places[key], let last = slot(ofSegment: place.lastSegment) else { return nil }
        if last <= limit { return last }
        if try view(limit, key: key).postings != nil { return limit }
        var current: Int? = last
        while let slot = current, slot > limit {
            current = try previousSlot(slot, try view(slot, key: key))
        }
        return current
    }

    /// The segment before one that a conversation's chain names; where it does not appear, the one before.
    private func previousSlot(_ slot: Int, _ view: SegmentView) throws(LogError) -> Int? {
        guard let previous = view.previousSegment else { return slot > 0 ? slot - 1 : nil }
        guard previous != IndexAbsence.segment else { return nil }
        guard let found = self.slot(ofSegment: previous), found < slot else {
            return slot > 0 ? slot - 1 : nil
        }
        return found
    }

    /// The segments from a slot on that may have the conversation, rising. Few are simply looked
    /// at; over many the chain is followed back, which touches only those that have it.
    private func slots(of key: UInt64, from first: Int) throws(LogError) -> [Int] {
        guard let place = table.places[key], let last = slot(ofSegment: place.lastSegment), last >= first
        else {
            return []
        }
        let lookedAt = 8
        guard last - first > lookedAt else { return Array(first...last) }
        if try view(first, key: key).postings != nil { return Array(first...last) }
        var slots: [Int] = []
        var current: Int? = last
        while let slot = current, slot >= first {
            slots.append(slot)
            current = try previousSlot(slot, try view(slot, key: key))
        }
        return slots.reversed()
    }
}

/// Takes a conversation's events up to a limit, and notices whether there would be more.
private struct ConversationWalk {
    let key: UInt64
    var limit: Int
    let includesEvents: Bool
    var selections: [SegmentSelection] = []
    private(set) var count = 0
    private(set) var hasMore = false

    init(key: UInt64, limit: Int, includesEvents: Bool) {
        self.key = key
        self.limit = limit
        self.includesEvents = includesEvents
    }

    mutating func takeBackward(_ postings: ArraySlice<Posting>, before last: Int, lowest: Int) -> [Posting] {
        var taken: [Posting] = []
        var place = last
        while place > postings.startIndex {
            place -= 1
            let posting = postings[place]
            guard posting.position >= lowest else { break }
            guard includesEvents || posting.isMessage else { continue }
            guard count < limit else {
                hasMore = true
                break
            }
            taken.append(posting)
            count += 1
        }
        return taken.reversed()
    }

    mutating func takeForward(
        _ postings: ArraySlice<Posting>, from first: Int, below highest: Int
    ) -> [Posting] {
        var taken: [Posting] = []
        var place = first
        while place < postings.endIndex {
            let posting = postings[place]
            place += 1
            guard posting.position < highest else { break }
            guard includesEvents || posting.isMessage else { continue }
            guard count < limit else {
                hasMore = true
                break
            }
            taken.append(posting)
            count += 1
        }
        return taken
    }
}
