// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms
import Synchronization

/// The full-text index of the log, callable from any queue. It writes on its own queue and reads on another,
/// and never makes the caller wait.
///
/// What it has follows from the log and may be lost: what is missing it asks for. It is told of new events by
/// `note`, and where it lacks some before those (after a start, a crash, a damaged file, or when it could not keep
/// up) it reads them from its source until it has caught up.
package final class SearchIndex: Sendable {
    private let core: IndexCore
    private let reader: SearchReader
    private let state: IndexState

    /// A stretch of the log, as the source gives it.
    package struct Stretch: Sendable {
        package var events: [LoggedEvent]
        /// Where the next stretch begins.
        package var next: Offset
        package var isAtEnd: Bool

        package init(events: [LoggedEvent], next: Offset, isAtEnd: Bool) {
            self.events = events
            self.next = next
            self.isAtEnd = isAtEnd
        }
    }

    /// Gives durable events from an offset on, at most as many as said, on any queue; nil when they cannot be
    /// read, whereupon the next `note` makes the index ask again.
    package typealias Source =
        @Sendable (Offset, Int, @escaping @Sendable (Stretch?) -> Void) -> Void

    /// Opens `search.sqlite` in a directory, which is made with mode 0700 if it is not there, or makes a new one
    /// where it is missing, cannot be opened, is of another version or of another log; then begins to catch up.
    /// Returns at once: whether the whole file is as it was written is looked at on the index's queue.
    /// `onProblem` hears, on that queue or during this call, of what makes the index start anew or give up.
    package static func open(
        directory: String, logID: [UInt8], source: @escaping Source,
        onProblem: @escaping @Sendable (SearchProblem) -> Void = { _ in },
        searchMilliseconds: Int = SearchLimits.searchMilliseconds
    ) throws(SearchError) -> SearchIndex {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .unusable("\(directory) cannot be made: errno \(errno)")
        }
        let path = directory + "/search.sqlite"
        let file: IndexFile
        do {
            file = try IndexFile(existingAt: path, logID: logID)
        } catch {
            if case IndexFailure.missing = error {} else { onProblem(.rebuilding("\(error)")) }
            IndexFile.remove(path)
            do { file = try IndexFile(emptyAt: path, logID: logID) } catch {
                throw .unusable("\(path): \(error)")
            }
        }
        let state = IndexState(next: file.next)
        let reader = SearchReader(path: path, milliseconds: searchMilliseconds)
        let core = IndexCore(
            file: file, path: path, logID: logID, state: state, reader: reader, source: source,
            onProblem: onProblem)
        let index = SearchIndex(core: core, reader: reader, state: state)
        core.post { $0.begin() }
        return index
    }

    private init(core: IndexCore, reader: SearchReader, state: IndexState) {
        self.core = core
        self.reader = reader
        self.state = state
    }

    /// The offset of the first event that is not in the index.
    package var indexedUpTo: Offset { state.next }

    /// Whether all that was noted is in the index or waits to be, and nothing has to be read from the source.
    package var isCaughtUp: Bool { state.isCaughtUp }

    /// Takes events that have just become durable: one after the other in the log, none left out. What is in
    /// the index already is passed over. A commit's events are one call.
    package func note(_ events: [LoggedEvent]) {
        guard let first = events.first, let last = events.last else { return }
        core.inbox.leave(events, from: first.offset, end: last.offset.next, for: core)
    }

    /// Calls back on the index's queue as soon as all that was noted before is in the index, and all durable events
    /// below `end` whether they were noted or not, with the offset it has reached; at once when the index is closed or
    /// given up.
    package func whenCaughtUp(to end: Offset = Offset(0), _ then: @escaping @Sendable (Offset) -> Void) {
        core.post { $0.whenCaughtUp(to: end, then) }
    }

    /// Answers on a queue of the index's own, but for `.busy`, which is said at once.
    package func search(
        _ query: SearchQuery, then: @escaping @Sendable (Result<SearchPage, SearchError>) -> Void
    ) {
        reader.search(query, then)
    }

    /// Makes the index anew from the log, with nothing of the old file left on the disk. `then` runs on the index's
    /// queue once the old file is gone; the new one fills up in the background.
    package func forget(then: @escaping @Sendable () -> Void) { core.post { $0.forget(then) } }

    /// Removes an index that nobody has open.
    package static func remove(directory: String) { IndexFile.remove(directory + "/search.sqlite") }

    /// Writes what waits and lets the file go. Searches are answered with `.closed` from then on.
    package func close(then: @escaping @Sendable () -> Void) {
        core.post { core in
            core.close()
            self.reader.close(then)
        }
    }
}

/// What happened to the index that somebody who runs the server may want to know.
package enum SearchProblem: Sendable, CustomStringConvertible {
    /// It is begun anew from the log.
    case rebuilding(String)
    /// The disk is full: it stays behind until there is room.
    case waitingForSpace(String)
    /// It is given up until the next start.
    case givenUp(String)

    package var description: String {
        switch self {
        case .rebuilding(let reason): "the search index is begun anew: \(reason)"
        case .waitingForSpace(let reason): "the search index goes on when there is room: \(reason)"
        case .givenUp(let reason):
            "the search index was damaged again and again and is given up until the next start: \(reason). "
                + "Check the disk."
        }
    }
}

/// What other queues may know of the index at any time.
final class IndexState: Sendable {
    private let nextValue: Atomic<UInt64>
    private let caughtUp = Atomic(false)

    init(next: Offset) { nextValue = Atomic(next.value) }

    var next: Offset {
        get { Offset(nextValue.load(ordering: .acquiring)) }
        set { nextValue.store(newValue.value, ordering: .releasing) }
    }

    var isCaughtUp: Bool {
        get { caughtUp.load(ordering: .acquiring) }
        set { caughtUp.store(newValue, ordering: .releasing) }
    }
}
