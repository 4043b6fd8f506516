// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms
import Synchronization

/// Whether there is room for more.
package enum SpaceState: Hashable, Sendable {
    case enough
    /// New messages are to be refused before they are decided; what was decided still fits.
    case low
}

/// The log's writing side, callable from any queue. What is appended is written and synced in groups:
/// a group is what arrived while the one before it was being synced.
package final class LogWriter: Sendable {
    private let core: LogCore
    private let inbox: Inbox<LogItem>
    private let shared: LogShared

    init(
        configuration: LogConfiguration, files: any FileLayer, clock: Clock, recovered: RecoveredLog,
        segment: ActiveSegment, history: HistoryReader, onFailure: @escaping @Sendable (LogError) -> Void
    ) {
        let shared = LogShared()
        let core = LogCore(
            configuration: configuration, files: files, clock: clock, recovered: recovered, segment: segment,
            history: history, shared: shared, onFailure: onFailure)
        self.core = core
        self.shared = shared
        inbox = Inbox(executor: core.executor, limit: .max) { items in core.assumeIsolated { $0.take(items) }
        }
        core.executor.submit { core.assumeIsolated { $0.begin() } }
    }

    /// Appends events, whose offsets continue the last ones without gap. `work` runs on the log's queue
    /// once all of them are on the disk, after the work of every append before; with no events it
    /// is a barrier. This is the commit gate. After a failure it never runs.
    package func append(_ events: [LoggedEvent], then work: @escaping @Sendable () -> Void) {
        var byteCount = 0
        for event in events { byteCount &+= LogWriter.estimatedByteCount(event) }
        shared.pendingByteCount.add(byteCount, ordering: .relaxed)
        post(.append(events, byteCount: byteCount, work))
    }

    /// About how many bytes wait for the disk. Above `LogLimits.pendingByteLimit` the server stops
    /// reading from clients.
    package var pendingByteCount: Int { shared.pendingByteCount.load(ordering: .relaxed) }

    /// Whether new messages may be decided.
    package var spaceState: SpaceState {
        shared.isSpaceLow.load(ordering: .relaxed) || isStalled ? .low : .enough
    }

    /// Whether what was appended waits for room or for a descriptor. Nothing leaves by the gate before it is there.
    package var isStalled: Bool { shared.isStalled.load(ordering: .acquiring) }

    /// Called on the log's queue after each change of segment with the next offset. The server then
    /// takes a snapshot.
    package func setRotationHandler(_ handler: @escaping @Sendable (Offset) -> Void) {
        post(.rotationHandler(handler))
    }

    /// Writes a snapshot in the background: `events` rebuild the state as it was before the event `upTo`.
    /// Call it in order with `append`: all events below `upTo` were appended before. A failure costs
    /// nothing but a longer replay; it is given to `then`, on a background queue.
    package func snapshot(
        upTo: Offset, events: [LoggedEvent], then: @escaping @Sendable (LogError?) -> Void = { _ in }
    ) {
        post(.snapshot(SnapshotRequest(upTo: upTo, events: events), then))
    }

    /// Commits what was appended before, writes the last watermark and the seal, then the snapshot, and
    /// gives up the lock. Nothing may be appended after it. `then` gets why the stop was not clean, if so.
    package func close(
        snapshot: SnapshotRequest? = nil, then: @escaping @Sendable (LogError?) -> Void
    ) {
        post(.close(snapshot, then))
    }

    /// Writes the watermark that otherwise follows a burst by itself. For tests, which own the time.
    package func writeWatermark(then work: @escaping @Sendable () -> Void = {}) {
        post(.watermark(work))
    }

    /// Runs work once the background has done what the log gave it so far. For tests.
    package func whenBackgroundIsIdle(then work: @escaping @Sendable () -> Void) {
        post(.whenIdle(work))
    }

    /// Takes events out of all files of the log. The requests must have been appended before; a snapshot of the
    /// state since then should have been written, or the next start reads the whole log. `then` runs on
    /// the log's queue when none of it is left, or with why it could not be done: then nothing is lost, and
    /// it can be asked for again. It never runs when the log ends before.
    package func erase(
        _ jobs: [ErasureJob], then: @escaping @Sendable (Result<ErasureReport, LogError>) -> Void
    ) {
        post(.erase(jobs, then))
    }

    /// What a backup copies, as it is when all that was appended before is durable. `then` runs on the log's queue.
    package func pin(then: @escaping @Sendable (BackupPoint) -> Void) { post(.pin(then)) }

    private func post(_ item: LogItem) {
        let isTaken = inbox.post(item)
        precondition(isTaken, "the log's inbox is bounded by its callers' back-pressure, not by itself")
    }

    /// The bytes of an event's texts and of its frame, near enough for back-pressure.
    private static func estimatedByteCount(_ logged: LoggedEvent) -> Int {
        guard case .messagePosted(let message) = logged.event else { return 256 }
        var byteCount = 160 &+ message.clientTags.byteCount &+ message.actor.source.byteCount
        for line in message.lines { byteCount &+= 8 &+ line.text.byteCount }
        return byteCount
    }
}

/// A state to be kept: events that rebuild it as it was before the event `upTo`.
package struct SnapshotRequest: Sendable {
    package var upTo: Offset
    package var events: [LoggedEvent]

    package init(upTo: Offset, events: [LoggedEvent]) {
        self.upTo = upTo
        self.events = events
    }
}

/// What the writer shows to all queues. Written by the log's queue, but for what is added to the
/// pending bytes.
final class LogShared: Sendable {
    let pendingByteCount = Atomic<Int>(0)
    let isSpaceLow = Atomic<Bool>(false)
    /// A group found no room and waits.
    let isStalled = Atomic<Bool>(false)
    /// The log is closed or has failed: no file is put in another's place any more.
    let isEnding = Atomic<Bool>(false)
}

/// What reaches the log's queue, in order.
enum LogItem: Sendable {
    case append([LoggedEvent], byteCount: Int, @Sendable () -> Void)
    case rotationHandler(@Sendable (Offset) -> Void)
    case snapshot(SnapshotRequest, @Sendable (LogError?) -> Void)
    case watermark(@Sendable () -> Void)
    case whenIdle(@Sendable () -> Void)
    case erase([ErasureJob], @Sendable (Result<ErasureReport, LogError>) -> Void)
    case pin(@Sendable (BackupPoint) -> Void)
    case close(SnapshotRequest?, @Sendable (LogError?) -> Void)
}
