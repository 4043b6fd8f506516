// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where other queues leave elements for the owner of a queue. However many elements arrive in a
/// burst, the owner's queue is woken once and receives them as one batch, in the order they were
/// posted. At the limit nothing more is taken: the poster is told and decides what that means.
package final class Inbox<Element: Sendable>: Sendable {
    /// Elements that may wait; `Int.max` where what comes in is bounded by its sources.
    package let limit: Int

    private let waiting = Mutex<[Element]>([])
    private let executor: QueueExecutor
    private let drain: @Sendable ([Element]) -> Void

    /// An inbox whose batches are handed to `drain` on the executor's queue.
    package init(executor: QueueExecutor, limit: Int, drain: @escaping @Sendable ([Element]) -> Void) {
        precondition(limit > 0, "An inbox that takes nothing has no use.")
        self.executor = executor
        self.limit = limit
        self.drain = drain
    }

    /// How many elements wait now. Only good for statistics: it may be old when it is read.
    package var waitingCount: Int { waiting.withLock { $0.count } }

    /// Leaves one element. False, and nothing is taken, when the inbox is full.
    package func post(_ element: Element) -> Bool {
        leave(1) { $0.append(element) }
    }

    /// Leaves a batch in its order, all or nothing. False when it does not fit.
    package func post(contentsOf batch: [Element]) -> Bool {
        batch.isEmpty ? true : leave(batch.count) { $0.append(contentsOf: batch) }
    }

    private func leave(_ count: Int, _ append: (inout [Element]) -> Void) -> Bool {
        let outcome = waiting.withLock { elements -> PostOutcome in
            guard count <= limit - elements.count else { return .refused }
            defer { append(&elements) }
            return elements.isEmpty ? .first : .waiting
        }
        switch outcome {
        case .refused:
            return false
        case .waiting:
            return true
        case .first:
            executor.submit { self.handOver() }
            return true
        }
    }

    private func handOver() {
        drain(waiting.withLock { exchange(&$0, with: []) })
    }
}

private enum PostOutcome { case refused, waiting, first }

private func exchange<Value>(_ place: inout Value, with replacement: consuming Value) -> Value {
    let old = place
    place = replacement
    return old
}
