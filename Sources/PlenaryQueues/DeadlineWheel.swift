// SPDX-License-Identifier: Apache-2.0

/// Many coarse deadlines at the cost of one append each. Time is a number given by the caller, so
/// nothing here reads a clock. There is no cancelling: the owner of a key decides when it comes due
/// whether it still matters, and puts it back with a later deadline if so.
package struct DeadlineWheel<Key: Sendable>: Sendable {
    private struct Entry {
        let due: Int64
        let key: Key
    }

    /// How late a key may come due, in microseconds.
    package let granularity: Int64
    /// Deadlines waiting.
    package private(set) var count = 0

    private var buckets: [[Entry]]
    /// The last bucket that was emptied, counted in granules from time 0.
    private var reached: Int64

    /// A wheel that begins to turn at `now` (microseconds, the clock's monotonic time).
    package init(now: Int64, granularity: Int64 = 250_000, bucketCount: Int = 1024) {
        precondition(granularity > 0 && bucketCount > 0, "A wheel has buckets of some width.")
        self.granularity = granularity
        buckets = Array(repeating: [], count: bucketCount)
        reached = now / granularity
    }

    /// Puts `key` on the wheel; it comes out of the first `expire` at or after `due`, at most one
    /// granule late. A time already past comes out of the next one.
    package mutating func schedule(_ key: Key, at due: Int64) {
        let granule = max(roundedUp(due), reached + 1)
        buckets[index(granule)].append(Entry(due: due, key: key))
        count += 1
    }

    /// Everything that is due at `now`, oldest granule first. Keys a whole turn or more away stay.
    package mutating func expire(now: Int64) -> [Key] {
        let target = now / granularity
        guard target > reached else { return [] }
        var due: [Key] = []
        // After a long pause one turn visits every bucket; more would visit them again.
        let first = max(reached + 1, target - Int64(buckets.count) + 1)
        for granule in first...target {
            let place = index(granule)
            guard !buckets[place].isEmpty else { continue }
            var staying: [Entry] = []
            for entry in buckets[place] {
                if roundedUp(entry.due) <= target { due.append(entry.key) } else { staying.append(entry) }
            }
            buckets[place] = staying
        }
        reached = target
        count -= due.count
        return due
    }

    private func roundedUp(_ time: Int64) -> Int64 {
        time / granularity + (time % granularity > 0 ? 1 : 0)
    }

    private func index(_ granule: Int64) -> Int {
        let count = Int64(buckets.count)
        let remainder = granule % count
        return Int(remainder < 0 ? remainder + count : remainder)
    }
}
