// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A serial Dispatch queue as an actor's executor. An actor on it may be entered from a Dispatch
/// source's handler by `assumeIsolated`, without a task; from any other queue that traps.
///
/// An actor uses it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }`
/// and keeps it in a `nonisolated let`, for the actor's reference to it is not counted.
package final class QueueExecutor: SerialExecutor {
    /// The queue everything of the actor runs on. Timers and sources of the actor are made on it.
    package let queue: DispatchQueue

    /// An executor with a queue of its own. `label` appears in debuggers and crash reports.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        queue.async { unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
