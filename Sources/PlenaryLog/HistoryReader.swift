// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms
import Synchronization

/// Reads the past, on its own queue, callable from any queue. It sees exactly what is durable: an event
/// is in the history from before the `then` of its append runs.
package final class HistoryReader: Sendable {
    private let core: HistoryCore
    /// What the log's queue leaves and the history's queue takes before it answers. A lock and not a
    /// post per commit, because a commit must not wake a queue that nobody asks anything.
    private let updates = Mutex(PendingUpdates())

    init(files: any FileLayer, recovered: RecoveredLog, activeHeader: SegmentHeader) {
        core = HistoryCore(files: files, recovered: recovered, activeHeader: activeHeader)
    }

    /// Answers on the history's queue.
    package func fetch(
        _ query: HistoryQuery, then: @escaping @Sendable (Result<HistoryResult, LogError>) -> Void
    ) {
        perform { core in
            then(Result { () throws(LogError) in try core.fetch(query) })
        }
    }

    /// The event at an offset, for message ids; nil when there is none yet. Answers on the history's queue.
    package func event(at offset: Offset, then: @escaping @Sendable (Result<LoggedEvent?, LogError>) -> Void)
    {
        perform { core in
            then(Result { () throws(LogError) in try core.event(at: offset.value) })
        }
    }

    /// Of these conversations, and of all direct ones of an account, those whose newest message is later
    /// than one time and earlier than another, by rising time (CHATHISTORY TARGETS). When there are more
    /// than the limit, the newest are kept. Answers on the history's queue.
    package func latestTimes(
        of conversations: [Conversation], andDirectOf account: AccountID?, after: Timestamp,
        before: Timestamp,
        limit: Int, then: @escaping @Sendable ([ConversationTime]) -> Void
    ) {
        perform { core in
            then(core.latestTimes(of: conversations, account, after, before, limit))
        }
    }

    /// Runs work on the history's queue with all that is durable now in its indexes.
    func perform(_ work: @escaping @Sendable (isolated HistoryCore) -> Void) {
        core.executor.submit { [self] in
            let pending = takeUpdates()
            core.assumeIsolated { core in
                core.update(pending)
                work(core)
            }
        }
    }

    private func takeUpdates() -> [IndexUpdate] {
        updates.withLock { pending in
            let updates = pending.updates
            pending = PendingUpdates()
            return updates
        }
    }

    // MARK: For the log's queue

    /// Events that have just become durable; `end` is the position after the last one.
    func publish(_ entries: [IndexEntry], end: Int) {
        let isFull = updates.withLock { pending in
            pending.updates.append(.events(entries, end: end))
            pending.entryCount += entries.count
            return pending.noteFull()
        }
        if isFull { perform { _ in } }
    }

    /// The active segment is sealed and, unless the log was closed, another one began.
    func sealActive(_ segment: SealedSegment, next: SegmentHeader?) {
        updates.withLock { $0.updates.append(.sealed(segment, next: next)) }
        perform { _ in }
    }

    /// Puts a rewritten segment in the place of the one it was made from. Nobody reads meanwhile, and nobody reads
    /// the old one after it.
    func replace(
        _ made: RewrittenSegment, unless shared: LogShared, then: @escaping @Sendable (ReplaceOutcome) -> Void
    ) {
        perform { core in
            guard !shared.isEnding.load(ordering: .acquiring) else { return then(.ended) }
            then(core.replace(made))
        }
    }

    /// The table of conversations, for a snapshot.
    func withTable(_ work: @escaping @Sendable (ConversationTable) -> Void) {
        perform { work($0.table) }
    }
}

/// What changed in the log, in order.
enum IndexUpdate: Sendable {
    case events([IndexEntry], end: Int)
    case sealed(SealedSegment, next: SegmentHeader?)
}

private struct PendingUpdates {
    var updates: [IndexUpdate] = []
    var entryCount = 0
    private var isNoted = false

    /// True once when the bound is reached, so that the history's queue is woken once.
    mutating func noteFull() -> Bool {
        guard entryCount >= LogLimits.indexInboxLimit, !isNoted else { return false }
        isNoted = true
        return true
    }
}
