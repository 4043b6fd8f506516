// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryQueues
import Synchronization

/// The owner of a part of the connections: their sockets, TLS engines and send queues.
///
/// One epoll set holds all sockets of the shard, and one Dispatch source on the shard's serial queue
/// watches the set's own descriptor, which is readable while any socket is ready. A wake runs a few
/// *rounds*: everything that is ready is received and handed to the handler, then all that was
/// enqueued leaves with one send for each connection, then what is to be closed is torn down.
package actor IOShard {
    /// What another queue may leave to be done in the shard's next round.
    package typealias Work = @Sendable (isolated IOShard) -> Void

    // MARK: Fixed at creation, readable from any queue

    /// The shard's number, from 0.
    nonisolated package let index: Int
    /// The limits all connections of the shard have.
    nonisolated package let limits: NetLimits
    nonisolated package let clock: Clock
    nonisolated package let executor: QueueExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let shardCount: Int
    private nonisolated let posted = Mutex<[Work]>([])

    // MARK: Owned by this shard's queue

    package internal(set) var handler: (any ShardHandler)?
    /// Where the shard reports what happened to the connections it was given.
    private var report: @Sendable ([AdmissionReport]) -> Void = { _ in }
    let poller: Poller
    let windows = TLSWindows()
    let buffers: ReceiveBuffers
    var connections: [Connection?] = []
    var generations: [UInt32] = []
    var freeSlots: [Int] = []
    var sendTable = SendTable()
    var gathered: [UInt8] = []
    /// Slots to be torn down when the round ends.
    var closing: [ConnectionID] = []
    var backlogged: [ConnectionID] = []
    var backlogByteCount = 0
    var deadlines: DeadlineWheel<ConnectionID>
    var handshakes = UnfinishedHandshakes()
    /// Handshakes worked on in this round.
    var handshakeTurnCount = 0
    var reports: [AdmissionReport] = []
    /// The monotonic time of this round, in microseconds.
    package internal(set) var now: Int64
    /// Connections, whatever their phase.
    package internal(set) var connectionCount = 0
    private(set) var statistics = ShardStatistics()
    private var source: (any DispatchSourceRead)?
    private var ticker: Ticker?
    var isInRound = false
    var isStopping = false
    var whenEmpty: [CheckedContinuation<Void, Never>] = []

    /// A shard that does nothing before `start`.
    init(index: Int, shardCount: Int, limits: NetLimits, clock: Clock) throws(NetError) {
        precondition(index >= 0 && index <= 255 && shardCount > index, "An id has 8 bits for the shard.")
        self.index = index
        self.shardCount = shardCount
        self.limits = limits
        self.clock = clock
        executor = QueueExecutor(label: "plenary.io.\(index)")
        poller = try Poller()
        buffers = ReceiveBuffers(readByteLimit: limits.readByteLimit)
        now = clock.monotonic()
        deadlines = DeadlineWheel(now: clock.monotonic())
    }

    // MARK: Callable from any queue

    /// Leaves work for the shard's next round. However much is left before the shard gets to it, it
    /// wakes once and does everything in one round. Work is not bounded here: what causes it, lines
    /// received and connections accepted, is.
    nonisolated package func post(_ work: @escaping Work) {
        let isFirst = posted.withLock { works in
            defer { works.append(work) }
            return works.isEmpty
        }
        if isFirst { executor.submit { self.assumeIsolated { $0.runPosted() } } }
    }

    // MARK: Wakes

    private func runPosted() {
        let works = posted.withLock { works in
            defer { works = [] }
            return works
        }
        inRound { for work in works { work(self) } }
    }

    /// Makes the handler and begins to watch the sockets.
    func start(
        _ makeHandler: @Sendable (isolated IOShard) -> any ShardHandler,
        report: @escaping @Sendable ([AdmissionReport]) -> Void, ticksItself: Bool
    ) {
        precondition(handler == nil, "A shard is started once.")
        self.report = report
        handler = makeHandler(self)
        let source = DispatchSource.makeReadSource(fileDescriptor: poller.descriptor, queue: executor.queue)
        source.setEventHandler { [weak self] in
            self?.assumeIsolated { shard in shard.executor.occupied { shard.drain() } }
        }
        // The set's descriptor must stay open until Dispatch has let go of it, or another file that
        // got its number would be watched; so the source keeps the poller until it is cancelled.
        let keeper = PollerKeeper(poller)
        source.setCancelHandler { keeper.release() }
        source.activate()
        self.source = source
        guard ticksItself else { return }
        ticker = Ticker(queue: executor.queue) { [weak self] in self?.assumeIsolated { $0.tick() } }
    }

    /// A few rounds, as long as something is ready; then others on the queue have their turn.
    private func drain() {
        for _ in 0..<4 {
            let count = poller.poll()
            guard count > 0 else { return }
            inRound {
                statistics.eventCount += UInt64(count)
                for index in 0..<count {
                    let (token, ready) = poller.event(at: index)
                    handle(ConnectionID(rawValue: token), ready)
                }
            }
        }
    }

    /// Lets time pass: deadlines, then the handler. The shard does it by itself about four times a
    /// second while it has connections, unless the network was made for tests.
    package func tick() {
        inRound {
            checkDeadlines()
            checkBacklogs()
            handler?.tick(now, on: self)
        }
    }

    /// Runs `body` as one round: then everything enqueued is sent and what is to be closed is torn down.
    func inRound(_ body: () -> Void) {
        precondition(!isInRound, "A round does not contain another.")
        isInRound = true
        now = clock.monotonic()
        handshakeTurnCount = 0
        body()
        handler?.roundEnded(on: self)
        repeat {
            flush()
            finishClosing()
            // Of those that were torn down only now.
            handler?.roundEnded(on: self)
        } while sendTable.hasDirty || !closing.isEmpty
        isInRound = false
        statistics.roundCount += 1
        if !reports.isEmpty {
            report(reports)
            reports.removeAll(keepingCapacity: true)
        }
        if connectionCount == 0 { becomeEmpty() } else { ticker?.start() }
    }

    private func becomeEmpty() {
        ticker?.stop()
        let waiting = whenEmpty
        whenEmpty = []
        for continuation in waiting { continuation.resume() }
        if isStopping { stopWatching() }
    }

    private func stopWatching() {
        source?.cancel()
        source = nil
        ticker?.stop()
        ticker = nil
    }

    /// What was asked for by an `await` from elsewhere, outside of a round, gets a round of its own.
    func ensureRound() {
        if !isInRound { post { _ in } }
    }

    // MARK: Slots

    /// The connection an id means; nil for a stale id.
    func connection(_ id: ConnectionID) -> Connection? {
        guard id.shard == index, id.slot < connections.count, let connection = connections[id.slot] else {
            return nil
        }
        return connection.id == id ? connection : nil
    }

    /// An id for a new connection.
    func makeID() -> ConnectionID {
        connectionCount += 1
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = connections.count
            connections.append(nil)
            generations.append(0)
        }
        return ConnectionID(
            shard: UInt8(truncatingIfNeeded: index), generation: generations[slot],
            slot: UInt32(truncatingIfNeeded: slot))
    }

    /// Makes the id stale and its slot free.
    func release(_ id: ConnectionID) {
        connections[id.slot] = nil
        sendTable.close(slot: id.slot)
        generations[id.slot] = (generations[id.slot] &+ 1) & 0xFF_FFFF
        freeSlots.append(id.slot)
        connectionCount -= 1
    }

    func count(_ change: (inout ShardStatistics) -> Void) { change(&statistics) }

    /// What the shard has done so far.
    package func readStatistics() -> ShardStatistics {
        var result = statistics
        result.connectionCount = connectionCount
        result.backlogByteCount = backlogByteCount
        return result
    }
}

/// Keeps a poller until Dispatch has let go of its descriptor.
private final class PollerKeeper: @unchecked Sendable {
    // SAFETY: written once before the source is activated and once by its cancel handler, which
    // Dispatch runs last on the same queue.
    private var poller: Poller?

    init(_ poller: Poller) { self.poller = poller }
    func release() { poller = nil }
}

/// What a shard has done since it was made.
package struct ShardStatistics: Sendable {
    package var roundCount: UInt64 = 0
    package var eventCount: UInt64 = 0
    package var sendCount: UInt64 = 0
    package var sentByteCount: UInt64 = 0
    package var receiveCount: UInt64 = 0
    package var receivedByteCount: UInt64 = 0
    package var handshakeCount: UInt64 = 0
    package var handshakeFailureCount: UInt64 = 0
    /// Handshakes worked on in one round, at most.
    package var handshakeTurnPeak = 0
    /// Connections that are there now.
    package var connectionCount = 0
    /// Bytes that wait now because the kernel did not take them.
    package var backlogByteCount = 0
}
