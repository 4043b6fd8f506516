// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// A stretch of the log in its order: what somebody reads who derives something from all events.
package struct LogScan: Hashable, Sendable {
    /// Durable events of every type; erased ones are left out.
    package var events: [LoggedEvent]
    /// Where the next scan begins. Beyond the last event by one, or by more when erased ones follow it.
    package var next: Offset
    /// Whether nothing durable follows now.
    package var isAtEnd: Bool

    package init(events: [LoggedEvent], next: Offset, isAtEnd: Bool) {
        self.events = events
        self.next = next
        self.isAtEnd = isAtEnd
    }
}

extension HistoryReader {
    /// Durable events from an offset on, in the order of the log: at most `limit` of them, and no more once
    /// their records have `LogLimits.scanByteLimit` bytes. Answers on the history's queue.
    package func events(
        from offset: Offset, limit: Int, then: @escaping @Sendable (Result<LogScan, LogError>) -> Void
    ) {
        perform { core in
            then(Result { () throws(LogError) in try core.events(from: offset.value, limit: limit) })
        }
    }

    /// The events at these offsets, in the order given; those that are not durable yet or are erased are
    /// left out. Meant for a hundred or so, wherever they stand: each costs at most 64 records read, near
    /// ones share them. Answers on the history's queue.
    package func events(
        at offsets: [Offset], then: @escaping @Sendable (Result<[LoggedEvent], LogError>) -> Void
    ) {
        perform { core in
            then(Result { () throws(LogError) in try core.events(at: offsets.map(\.value)) })
        }
    }
}
