// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Turns the times of a saved chat, which know no day and no zone, into moments.
package struct SavedChatDates: Sendable {
    /// A day of the calendar.
    package struct Day: Sendable, Hashable {
        /// Seconds from 1970-01-01 to its midnight, as if its clock were UTC.
        package var seconds: Int64

        /// Reads `2023-06-23`; nil for anything else.
        package init?(_ text: String) {
            guard text.utf8.count == 10,
                let midnight = Timestamp(iso8601: Array(text.utf8) + Array("T00:00:00Z".utf8))
            else { return nil }
            seconds = midnight.seconds
        }
    }

    /// How many times did not exist, or existed twice, on the clock of that zone.
    package struct Doubts: Sendable, Hashable {
        /// Times in the hour that is left out in spring: taken as if the clock had not been changed yet.
        package var skippedCount = 0
        /// Times in the hour that comes twice in autumn: taken so that no message precedes the one before it.
        package var repeatedCount = 0
    }

    /// Seconds by which the zone is ahead of UTC at a moment (seconds since 1970).
    package var offset: @Sendable (Int64) -> Int64

    /// Dates on this zone's clock.
    package init(offset: @escaping @Sendable (Int64) -> Int64) { self.offset = offset }

    /// The moments of the entries of a file whose times are those of a clock, in order.
    package func moments(of chat: SavedChat, on day: Day) -> (moments: [Timestamp], doubts: Doubts) {
        var doubts = Doubts()
        var moments: [Timestamp] = []
        for entry in chat.entries {
            let local = day.seconds + entry.seconds
            let candidates = candidates(local)
            let chosen: Int64
            if candidates.count == 2, let first = candidates.first, let second = candidates.last {
                doubts.repeatedCount += 1
                chosen = moments.last.map { $0.seconds > first } == true ? second : first
            } else if let only = candidates.first {
                chosen = only
            } else {
                doubts.skippedCount += 1
                chosen = local - offset(local - 86_400)
            }
            moments.append(Timestamp(seconds: chosen))
        }
        return (moments, doubts)
    }

    /// The moments of a recording's chat.
    package static func moments(of chat: SavedChat, from start: Timestamp) -> [Timestamp] {
        chat.entries.map { start.advanced(bySeconds: $0.seconds) }
    }

    /// Moments at which the clock shows this, ascending: none, one or two.
    private func candidates(_ local: Int64) -> [Int64] {
        let offsets = Set([offset(local - 86_400), offset(local), offset(local + 86_400)])
        return offsets.map { local - $0 }.filter { $0 + offset($0) == local }.sorted()
    }
}
