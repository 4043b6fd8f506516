// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import PlenaryDomain
import PlenaryLog
import PlenarySearch
import PlenaryTerms
import Synchronization

/// The search index of a running server. It is opened beside the start, which does not wait for it, and is told
/// of events once they are durable. What it lacks it reads from the log.
package final class SearchDesk: Sendable {
    private let index = Mutex<SearchIndex?>(nil)
    private let history: HistoryReader
    private let opening = DispatchQueue(label: "plenary.search.open")
    private let directory: String

    /// Events that the index may be behind before a search is refused: then it is being built.
    private static let lagLimit: UInt64 = 20_000

    /// Begins to open the index in `<data>/index`.
    package init(_ configuration: ServerConfiguration, logID: [UInt8], history: HistoryReader, logger: Logger)
    {
        self.history = history
        directory = configuration.dataDirectory + "/index"
        opening.async { [self] in
            open(directory, logID, configuration.searchMilliseconds, logger)
        }
    }

    private func open(_ directory: String, _ logID: [UInt8], _ milliseconds: Int, _ logger: Logger) {
        let history = self.history
        do throws(SearchError) {
            let opened = try SearchIndex.open(
                directory: directory, logID: logID,
                source: { offset, limit, then in
                    history.events(from: offset, limit: limit) { result in
                        let scan = try? result.get()
                        then(scan.map { .init(events: $0.events, next: $0.next, isAtEnd: $0.isAtEnd) })
                    }
                },
                onProblem: { logger.warning("\($0.description)") }, searchMilliseconds: milliseconds)
            index.withLock { $0 = opened }
        } catch {
            logger.error("\(error.description)")
        }
    }

    /// Events of one commit, in the order of the log. What comes before the index is open it will read.
    func note(_ events: [LoggedEvent]) {
        guard !events.isEmpty else { return }
        index.withLock { $0 }?.note(events)
    }

    /// Searches once all that is durable now is in the index, so that people find what they have just said. Who asks
    /// while the index is being opened waits for it. Answers on any queue.
    func search(
        _ query: SearchQuery, end: Offset,
        then: @escaping @Sendable (Result<SearchPage, SearchRefusal>) -> Void
    ) {
        if let index = index.withLock({ $0 }) {
            return SearchDesk.search(query, end: end, in: index, then: then)
        }
        opening.async { [self] in
            guard let index = index.withLock({ $0 }) else { return then(.failure(.unavailable(percent: 0))) }
            SearchDesk.search(query, end: end, in: index, then: then)
        }
    }

    private static func search(
        _ query: SearchQuery, end: Offset, in index: SearchIndex,
        then: @escaping @Sendable (Result<SearchPage, SearchRefusal>) -> Void
    ) {
        let done = index.indexedUpTo.value
        guard end.value &- min(done, end.value) <= SearchDesk.lagLimit else {
            return then(.failure(.unavailable(percent: Int(done &* 100 / max(end.value, 1)))))
        }
        index.whenCaughtUp(to: end) { _ in
            index.search(query) { result in
                then(result.mapError { SearchRefusal($0) })
            }
        }
    }

    /// Makes the index anew; `then` runs, on any queue, when nothing of the old one is on the disk.
    func forget(then: @escaping @Sendable () -> Void) {
        // Behind the opening: a file that is being opened now has to go as well.
        opening.async { [self] in
            guard let index = index.withLock({ $0 }) else {
                SearchIndex.remove(directory: directory)
                return then()
            }
            index.forget(then: then)
        }
    }

    package func close() async {
        let opened = index.withLock { index in
            defer { index = nil }
            return index
        }
        await withCheckedContinuation { done in
            guard let opened else { return done.resume() }
            opened.close { done.resume() }
        }
    }
}

/// Why a search has no answer.
enum SearchRefusal: Error, Hashable, Sendable {
    case unavailable(percent: Int)
    case timedOut

    init(_ error: SearchError) {
        switch error {
        case .timedOut: self = .timedOut
        case .busy, .closed, .unusable, .rebuilding: self = .unavailable(percent: 0)
        }
    }
}
