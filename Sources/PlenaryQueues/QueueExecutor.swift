// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// A serial Dispatch queue as an actor's executor. An actor on it may be entered from a Dispatch
/// source's handler by `assumeIsolated`, without a task; from any other queue that traps.
///
/// An actor uses it by
/// `nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }`
/// and keeps it in a `nonisolated let`, for the actor's reference to it is not counted.
///
/// What is submitted, jobs of the actor included, is done in one order. Sources and timers on the queue come in
/// between.
package final class QueueExecutor: SerialExecutor {
    /// The queue everything of the actor runs on. Timers and sources of the actor are made on it.
    package let queue: DispatchQueue
    private let submitted = Mutex<[@Sendable () -> Void]>([])
    /// Whether something of the owner's runs now. It may be old when it is read, which costs a wake-up and no more.
    private let busy = Atomic<Bool>(false)

    /// An executor with a queue of its own. `label` appears in debuggers and crash reports.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    // MARK: Callable from any queue

    /// Leaves work for the queue, behind all that was submitted before. Where the caller's own queue was entered for
    /// something submitted, the same thread does this work as soon as it has left that queue, if this one is idle then:
    /// what one message sets off wakes one thread, not one for each queue on its way (docs/decisions/0181).
    package func submit(_ work: @escaping @Sendable () -> Void) {
        let isFirst = submitted.withLock { works in
            defer { works.append(work) }
            return works.isEmpty
        }
        if isFirst, !(Carrier.current?.take(self) ?? false) { begin() }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        submit { unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Begins what this thread's work has submitted so far, instead of when it ends: for work that goes on for long.
    package static func beginSubmitted() { Carrier.current?.letGo() }

    // MARK: On the queue

    /// What a source's handler does.
    package func occupied(_ body: () -> Void) {
        busy.store(true, ordering: .relaxed)
        body()
        busy.store(false, ordering: .relaxed)
    }

    // MARK: Threads

    fileprivate var isBusy: Bool { busy.load(ordering: .relaxed) }

    /// Has a thread of its own do what was submitted.
    fileprivate func begin() {
        guard !isBusy else { return queue.async { self.run() } }
        // A queue for each: one of all, or of all of an executor's, would wait where the thread before is gone to.
        DispatchQueue(label: "plenary.carrier").async { Carrier().carry(self) }
    }

    fileprivate func run() {
        occupied {
            let works = submitted.withLock { works in
                defer { works = [] }
                return works
            }
            for work in works.dropLast() {
                work()
                QueueExecutor.beginSubmitted()
            }
            works.last?()
        }
    }
}

/// A thread that goes from queue to queue with what follows from what it did. It is in one queue at a time: where it
/// waits, for a disk, only that queue waits.
private final class Carrier: Sendable {
    private struct Load {
        /// Executors with work that nobody has begun.
        var next: [QueueExecutor] = []
        var isOver = false
    }

    /// Inherited by tasks that begin in the work, which run elsewhere and for longer.
    @TaskLocal static var current: Carrier?

    private let thread = pthread_self()
    private let load = Mutex(Load())

    func carry(_ first: QueueExecutor) {
        Carrier.$current.withValue(self) {
            var following: QueueExecutor? = first
            while let executor = following {
                if executor.isBusy { executor.begin() } else { executor.queue.sync { executor.run() } }
                following = nextOne()
            }
        }
    }

    /// The first of those that were left here; the others get threads of their own. Nil is the end.
    private func nextOne() -> QueueExecutor? {
        let left = unload()
        for executor in left.dropFirst() { executor.begin() }
        if left.isEmpty { load.withLock { $0.isOver = true } }
        return left.first
    }

    /// False on any thread but this one, and after its end.
    func take(_ executor: QueueExecutor) -> Bool {
        guard isHere else { return false }
        return load.withLock { load in
            if !load.isOver { load.next.append(executor) }
            return !load.isOver
        }
    }

    /// Nothing on any thread but this one.
    func letGo() {
        guard isHere else { return }
        for executor in unload() { executor.begin() }
    }

    private var isHere: Bool { pthread_equal(thread, pthread_self()) != 0 }

    private func unload() -> [QueueExecutor] {
        load.withLock { load in
            defer { load.next = [] }
            return load.next
        }
    }
}
