// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GRDB
import PlenaryDomain
import PlenaryTerms
import Synchronization

/// Answers searches one at a time over a connection of its own that can only read, on `plenary.search.reading`.
final class SearchReader: Sendable {
    private struct State {
        /// Searches that were asked and are not answered.
        var unansweredCount = 0
        var connection: DatabaseQueue?
        /// What runs now; nil between searches.
        var running: UInt64?
        var runCount: UInt64 = 0
        /// Why nothing is answered any more.
        var end: SearchError?
        var onDamage: @Sendable (String) -> Void = { _ in }
    }

    private let path: String
    private let milliseconds: Int
    private let queue = DispatchQueue(label: "plenary.search.reading")
    /// Ends searches that take too long; nothing else happens on it.
    private let deadlines = DispatchQueue(label: "plenary.search.deadlines")
    private let state = Mutex(State())

    init(path: String, milliseconds: Int) {
        self.path = path
        self.milliseconds = milliseconds
    }

    /// Who is told that the file is damaged.
    func setDamageHandler(_ handler: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.onDamage = handler }
    }

    func search(_ query: SearchQuery, _ then: @escaping @Sendable (Result<SearchPage, SearchError>) -> Void) {
        let isTaken = state.withLock { state in
            guard state.unansweredCount <= SearchLimits.waitingLimit else { return false }
            state.unansweredCount += 1
            return true
        }
        guard isTaken else { return then(.failure(.busy)) }
        queue.async {
            let result = Result { () throws(SearchError) in try self.answer(query) }
            self.state.withLock { $0.unansweredCount -= 1 }
            then(result)
        }
    }

    /// Lets the file go: there is another one.
    func reopen() {
        queue.async { self.state.withLock { $0.connection = nil } }
    }

    func giveUp(_ reason: String) {
        state.withLock { $0.end = .unusable(reason) }
    }

    func close(_ then: @escaping @Sendable () -> Void) {
        queue.async {
            self.state.withLock { state in
                state.end = state.end ?? .closed
                state.connection = nil
            }
            then()
        }
    }

    // MARK: On the reading queue

    private func answer(_ query: SearchQuery) throws(SearchError) -> SearchPage {
        if let end = state.withLock({ $0.end }) { throw end }
        let deadline = DispatchTime.now() + .milliseconds(milliseconds)
        do {
            let connection = try connection()
            let run = begin()
            defer { state.withLock { $0.running = nil } }
            deadlines.asyncAfter(deadline: deadline) { self.interrupt(run) }
            return try connection.read { db in try SearchReader.page(query, db, deadline) }
        } catch let error as SearchError {
            throw error
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_INTERRUPT: throw .timedOut
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                state.withLock { $0.onDamage }("\(error)")
                throw .rebuilding
            default: throw .unusable("\(path): \(error)")
            }
        } catch { throw .unusable("\(path): \(error)") }
    }

    private func connection() throws -> DatabaseQueue {
        if let connection = state.withLock({ $0.connection }) { return connection }
        let made = try DatabaseQueue(path: path, configuration: IndexFile.configuration(isReadOnly: true))
        state.withLock { $0.connection = made }
        return made
    }

    private func begin() -> UInt64 {
        state.withLock { state in
            state.runCount &+= 1
            state.running = state.runCount
            return state.runCount
        }
    }

    /// Ends a search if it still runs. Comes again until it does not, because between two statements there is
    /// nothing to interrupt.
    private func interrupt(_ run: UInt64) {
        let isRunning = state.withLock { state in
            guard state.running == run else { return false }
            state.connection?.interrupt()
            return true
        }
        guard isRunning else { return }
        deadlines.asyncAfter(deadline: .now() + .milliseconds(10)) { self.interrupt(run) }
    }

    private static func page(
        _ query: SearchQuery, _ db: Database, _ deadline: DispatchTime
    ) throws -> SearchPage {
        let limit = min(max(query.limit, 0), SearchLimits.pageLimit)
        guard let end = try Int64.fetchOne(db, sql: "SELECT next FROM state"), limit > 0 else {
            return SearchPage(offsets: [], isComplete: true)
        }
        var (lower, upper) = (Int64(0), end)
        if let offset = query.beforeOffset { upper = min(upper, Int64(clamping: offset.value)) }
        // What happened within the millisecond that the wire shows is not after it. No message is older than 1970.
        if let after = query.after, after.microseconds >= 0 {
            let (next, isBeyond) = (after.microseconds / 1000 * 1000).addingReportingOverflow(1000)
            lower = isBeyond ? upper : try firstOffset(db, notBefore: next, end)
        }
        if let before = query.before {
            upper = min(upper, try firstOffset(db, notBefore: before.microseconds, end))
        }
        guard lower < upper, !query.scope.isEmpty else { return SearchPage(offsets: [], isComplete: true) }
        let prepared = PreparedSearch(query, isNarrow: try isNarrow(query.scope, db, of: end))
        guard DispatchTime.now() < deadline else { throw SearchError.timedOut }
        var arguments: StatementArguments = []
        let source: String
        if let match = prepared.match {
            source = """
                words CROSS JOIN message m ON m.offset = words.rowid
                WHERE words MATCH ? AND words.rowid >= ? AND words.rowid < ?\(prepared.condition)
                ORDER BY words.rowid DESC
                """
            arguments += [match]
        } else {
            source = """
                message m WHERE m.offset >= ? AND m.offset < ?\(prepared.condition) ORDER BY m.offset DESC
                """
        }
        arguments += [lower, upper]
        arguments += StatementArguments(prepared.arguments)
        // One more than is wanted tells whether there are more.
        let found = try Int64.fetchAll(
            db, sql: "SELECT m.offset FROM \(source) LIMIT \(limit + 1)", arguments: arguments)
        return SearchPage(
            offsets: found.prefix(limit).map { Offset(UInt64(clamping: $0)) },
            isComplete: found.count <= limit)
    }

    /// The offset of the first message that is not earlier than a time: times rise with offsets, so it is found by
    /// halving, without an index of times. `end` when there is none.
    private static func firstOffset(_ db: Database, notBefore time: Int64, _ end: Int64) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "SELECT offset, time FROM message WHERE offset >= ? ORDER BY offset LIMIT 1")
        var (low, high) = (Int64(0), end)
        while low < high {
            let middle = low + (high - low) / 2
            guard let row = try Row.fetchOne(statement, arguments: [middle]) else {
                high = middle
                continue
            }
            let (offset, found): (Int64, Int64) = (row["offset"], row["time"])
            if found >= time { high = middle } else { low = offset + 1 }
        }
        return low
    }

    /// Whether few of all messages are in the places to look in.
    private static func isNarrow(_ scope: SearchScope, _ db: Database, of total: Int64) throws -> Bool {
        let places: [Int64]
        switch scope {
        case .everywhere(let channels, _): places = channels.map { Int64($0.value) }
        case .channel(let channel), .thread(let channel, _): places = [Int64(channel.value)]
        case .direct: return true
        }
        var count: Int64 = 0
        let statement = try db.cachedStatement(sql: "SELECT count FROM place WHERE place = ?")
        for place in places { count += try Int64.fetchOne(statement, arguments: [place]) ?? 0 }
        return count.multipliedReportingOverflow(by: 100).partialValue
            <= total.multipliedReportingOverflow(by: Int64(SearchLimits.narrowShare)).partialValue
    }
}
