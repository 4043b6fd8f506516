// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A page of a thread's history: which events it has, in the order of the log.
package struct LedgerPageOfEvents: Hashable, Sendable {
    package var offsets: [Offset]
    /// Whether nothing more follows in the direction that was asked for.
    package var isComplete: Bool
}

/// CHATHISTORY of one thread or of the main line (IRCv3 chathistory, "Subcommands"; bounds as
/// docs/decisions/0058 has them). Redacted messages are in no page.
extension Ledger {
    /// A place in the ledger that a page is asked from; exclusive but for `around`.
    package enum Bound: Hashable, Sendable {
        case offset(Offset)
        case time(Timestamp)
    }

    package enum Selection: Hashable, Sendable {
        case latest(after: Bound?)
        case before(Bound)
        case after(Bound)
        case around(Bound)
        case between(Bound, Bound)
    }

    /// A page of a thread, its root among its messages.
    package func page(
        of thread: ThreadID, root: Offset?, _ selection: Selection, limit: Int, includesEvents: Bool
    ) -> LedgerPageOfEvents {
        let ordinals = lineWithRoot(thread, root)
        var walk = Walk(ledger: self, ordinals: ordinals, includesEvents: includesEvents)
        let chosen: [Ordinal]
        switch selection {
        case .latest(let bound):
            let first = bound.map { place(after: $0, in: ordinals) } ?? 0
            chosen = walk.backward(from: ordinals.count, downTo: first, limit: limit)
        case .before(let bound):
            chosen = walk.backward(from: place(at: bound, in: ordinals), downTo: 0, limit: limit)
        case .after(let bound):
            let first = place(after: bound, in: ordinals)
            chosen = walk.forward(from: first, upTo: ordinals.count, limit: limit)
        case .around(let bound):
            let middle = place(at: bound, in: ordinals)
            let before = walk.backward(from: middle, downTo: 0, limit: limit / 2)
            chosen =
                before + walk.forward(from: middle, upTo: ordinals.count, limit: limit - limit / 2)
        case .between(let one, let other):
            let (from, to) = (place(at: one, in: ordinals), place(at: other, in: ordinals))
            if from <= to {
                chosen = walk.forward(from: place(after: one, in: ordinals), upTo: to, limit: limit)
            } else {
                let first = place(after: other, in: ordinals)
                chosen = walk.backward(from: from, downTo: first, limit: limit)
            }
        }
        return LedgerPageOfEvents(offsets: chosen.map { self[$0].offset }, isComplete: !walk.hasMore)
    }

    /// A thread's entries with its root, in the order of the log.
    private func lineWithRoot(_ thread: ThreadID, _ root: Offset?) -> [Ordinal] {
        var ordinals = lines[thread]?.ordinals ?? []
        guard let root = root.flatMap({ ordinal(of: $0) }), self[root].thread != thread else {
            return ordinals
        }
        ordinals.insert(root, at: ordinals.partitionPoint { $0 < root })
        return ordinals
    }

    /// Before the first entry at or after a bound.
    private func place(at bound: Bound, in ordinals: [Ordinal]) -> Int {
        switch bound {
        case .offset(let offset): ordinals.partitionPoint { self[$0].offset < offset }
        case .time(let time): ordinals.partitionPoint { self[$0].time < time }
        }
    }

    /// Before the first entry after a bound; a time is the millisecond that was shown.
    private func place(after bound: Bound, in ordinals: [Ordinal]) -> Int {
        switch bound {
        case .offset(let offset): ordinals.partitionPoint { self[$0].offset <= offset }
        case .time(let time): ordinals.partitionPoint { self[$0].time <= time.millisecondEnd }
        }
    }
}

/// Takes shown entries up to a limit, and notices whether there would be more.
private struct Walk {
    let ledger: Ledger
    let ordinals: [Ledger.Ordinal]
    let includesEvents: Bool
    private(set) var hasMore = false

    init(ledger: Ledger, ordinals: [Ledger.Ordinal], includesEvents: Bool) {
        self.ledger = ledger
        self.ordinals = ordinals
        self.includesEvents = includesEvents
    }

    private func isShown(_ ordinal: Ledger.Ordinal) -> Bool {
        let flags = ledger[ordinal].flags
        return !flags.contains(.redacted) && (includesEvents || flags.contains(.message))
    }

    mutating func backward(from end: Int, downTo first: Int, limit: Int) -> [Ledger.Ordinal] {
        var taken: [Ledger.Ordinal] = []
        var place = end
        while place > first {
            place -= 1
            guard isShown(ordinals[place]) else { continue }
            guard taken.count < limit else {
                hasMore = true
                break
            }
            taken.append(ordinals[place])
        }
        return taken.reversed()
    }

    mutating func forward(from first: Int, upTo end: Int, limit: Int) -> [Ledger.Ordinal] {
        var taken: [Ledger.Ordinal] = []
        var place = first
        while place < end {
            defer { place += 1 }
            guard isShown(ordinals[place]) else { continue }
            guard taken.count < limit else {
                hasMore = true
                break
            }
            taken.append(ordinals[place])
        }
        return taken
    }
}
