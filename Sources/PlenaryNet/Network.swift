// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryQueues

/// How a network is made.
package struct NetworkOptions: Sendable {
    /// Shards, each with a queue of its own; one per core or fewer.
    package var shardCount = 1
    package var limits = NetLimits()
    package var clock = Clock.system
    /// Whether shards let time pass by themselves. Tests call `IOShard.tick` instead.
    package var ticksItself = true
    /// Connections the kernel keeps ready to be accepted, for each listener.
    package var listenBacklog: Int32 = 4096
    /// What a plain connection is told that is not let in; nothing when empty.
    package var refusalText: @Sendable (AdmissionRefusal) -> [UInt8] = { _ in [] }
    /// Takes one waiting connection from a listening descriptor. Replaced by tests that need it to fail.
    package var accept: @Sendable (Int32) -> AcceptResult = { Socket.accept($0) }

    /// The defaults.
    package init() {}
}

/// A listener that is open.
package struct BoundListener: Hashable, Sendable {
    /// Its number, which connections carry in `ConnectionInfo`.
    package let index: Int
    /// Where it listens, with the port the kernel chose if none was given.
    package let address: NetworkAddress
}

/// The owner of the listeners and of the counts that admission needs. It accepts on a queue of its
/// own and hands the sockets to the shards in turn. Whoever makes a network ends it by `shutdown`.
package actor Network {
    // MARK: Fixed at creation, readable from any queue

    /// The shards, by their index.
    nonisolated package let shards: [IOShard]
    nonisolated package let options: NetworkOptions
    nonisolated private let executor: QueueExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    // MARK: Owned by this queue

    private var admission: Admission
    private var listeners: [Int: Listener] = [:]
    private var nextListenerIndex = 0
    private var nextShardIndex = 0
    private var refusals: [AdmissionRefusal: Int] = [:]

    /// A network whose shards run and whose listeners are still to be opened. `makeHandler` is called
    /// once for each shard, on its queue.
    package init(
        options: NetworkOptions = NetworkOptions(),
        makeHandler: @escaping @Sendable (isolated IOShard) -> any ShardHandler
    ) throws(NetError) {
        var shards: [IOShard] = []
        for index in 0..<options.shardCount {
            shards.append(
                try IOShard(
                    index: index, shardCount: options.shardCount, limits: options.limits, clock: options.clock
                ))
        }
        self.shards = shards
        self.options = options
        executor = QueueExecutor(label: "plenary.accept")
        admission = Admission(limits: options.limits)
        let report: @Sendable ([AdmissionReport]) -> Void = { [weak self] reports in self?.receive(reports) }
        for shard in shards {
            shard.executor.queue.sync {
                shard.assumeIsolated {
                    $0.start(makeHandler, report: report, ticksItself: options.ticksItself)
                }
            }
        }
    }

    // MARK: Listening

    /// Opens a listener; port 0 lets the kernel choose. With a context its connections are under TLS.
    package func listen(
        on address: NetworkAddress, context: TLSContext? = nil
    ) throws(NetError) -> BoundListener {
        let descriptor = try Socket.listen(at: address, backlog: options.listenBacklog)
        return try adopt(listeningDescriptor: descriptor, context: context)
    }

    /// Takes over a descriptor that listens already, as a service manager hands it on.
    package func adopt(
        listeningDescriptor descriptor: Int32, context: TLSContext? = nil
    ) throws(NetError)
        -> BoundListener
    {
        let address: NetworkAddress
        do throws(NetError) {
            try Socket.prepareToAccept(descriptor)
            try Socket.configure(descriptor, limits: options.limits)
            address = try Socket.localAddress(descriptor)
        } catch {
            Socket.close(descriptor)
            throw error
        }
        let index = nextListenerIndex
        nextListenerIndex += 1
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
        source.setEventHandler { [weak self] in self?.assumeIsolated { $0.accept(onListener: index) } }
        // Only here is the descriptor closed: before, Dispatch may still watch its number.
        source.setCancelHandler { [weak self] in
            Socket.close(descriptor)
            self?.assumeIsolated { $0.listenerClosed(index) }
        }
        listeners[index] = Listener(descriptor: descriptor, source: source, context: context)
        source.activate()
        return BoundListener(index: index, address: address)
    }

    /// New connections of a listener use this context, for instance with a renewed certificate; those
    /// that are open keep the one they began with.
    package func setContext(_ context: TLSContext, forListener index: Int) throws(NetError) {
        guard listeners[index] != nil else { throw .noSuchListener(index) }
        listeners[index]?.context = context
    }

    /// Closes all listeners; connections stay.
    package func stopAccepting() async {
        for index in listeners.keys.sorted() {
            await withCheckedContinuation { continuation in
                guard let listener = listeners[index], listener.whenClosed == nil else {
                    continuation.resume()
                    return
                }
                listeners[index]?.whenClosed = continuation
                listener.source.cancel()
                // A source at rest would keep its cancel handler waiting.
                if listener.isResting { resume(index) }
            }
        }
    }

    /// Ends the network in order: no new connections, everything enqueued is sent, all are closed.
    /// What a peer does not take within the grace is lost.
    package func shutdown(graceMilliseconds: Int = 2000) async {
        await stopAccepting()
        for shard in shards { await shard.stop() }
        for shard in shards {
            let deadline = DispatchTime.now() + .milliseconds(graceMilliseconds)
            shard.executor.queue.asyncAfter(deadline: deadline) { [weak shard] in
                shard?.assumeIsolated { $0.abandon() }
            }
            await shard.waitUntilEmpty()
        }
    }

    /// Connections that were not let in, by reason.
    package func refusalCounts() -> [AdmissionRefusal: Int] { refusals }
    /// Connections that were let in and are not closed.
    package func openConnectionCount() -> Int { admission.openCount }

    private func listenerClosed(_ index: Int) {
        listeners.removeValue(forKey: index)?.whenClosed?.resume()
    }

    // MARK: Accepting

    /// At most this many before shards and reports have their turn.
    private static let acceptBatchLimit = 256

    private func accept(onListener index: Int) {
        guard let listener = listeners[index], listener.whenClosed == nil, !listener.isResting else { return }
        var batches = [[AcceptedConnection]](repeating: [], count: shards.count)
        let now = options.clock.monotonic()
        accepting: for _ in 0..<Network.acceptBatchLimit {
            switch options.accept(listener.descriptor) {
            case .accepted(let descriptor, let remote):
                if let refusal = admission.admit(remote, now: now) {
                    refuse(descriptor, refusal, isPlain: listener.context == nil)
                    continue
                }
                batches[nextShardIndex].append(
                    AcceptedConnection(
                        descriptor: descriptor, remote: remote, listenerIndex: index,
                        context: listener.context))
                nextShardIndex = (nextShardIndex + 1) % shards.count
            case .lost:
                continue
            case .wouldBlock:
                break accepting
            case .exhausted, .failed:
                // The waiting connection keeps the listener ready; asking again at once would only
                // burn a core. Descriptors come free when others close.
                rest(index)
                break accepting
            }
        }
        for (shard, batch) in zip(shards, batches) where !batch.isEmpty {
            shard.post { $0.adopt(batch) }
        }
    }

    private func refuse(_ descriptor: Int32, _ refusal: AdmissionRefusal, isPlain: Bool) {
        refusals[refusal, default: 0] += 1
        if isPlain {
            // Fits into an empty send buffer; whether it arrives is not our concern any more.
            let text = options.refusalText(refusal)
            if !text.isEmpty { _ = text.withUnsafeBytes { Socket.send(descriptor, $0) } }
        }
        Socket.close(descriptor)
    }

    private func rest(_ index: Int) {
        guard let listener = listeners[index], !listener.isResting else { return }
        listeners[index]?.isResting = true
        listener.source.suspend()
        let pause = DispatchTimeInterval.milliseconds(max(1, options.limits.acceptPauseMilliseconds))
        executor.queue.asyncAfter(deadline: .now() + pause) { [weak self] in
            self?.assumeIsolated { $0.resume(index) }
        }
    }

    private func resume(_ index: Int) {
        guard let listener = listeners[index], listener.isResting else { return }
        listeners[index]?.isResting = false
        listener.source.resume()
    }

    // MARK: Reports

    private nonisolated func receive(_ reports: [AdmissionReport]) {
        executor.submit { self.assumeIsolated { $0.settle(reports) } }
    }

    private func settle(_ reports: [AdmissionReport]) {
        for report in reports { admission.note(report) }
    }
}

/// What the network keeps of one listener.
private struct Listener {
    let descriptor: Int32
    let source: any DispatchSourceRead
    var context: TLSContext?
    /// Whether it does not accept for a while because descriptors are short.
    var isResting = false
    /// Set once it is being closed.
    var whenClosed: CheckedContinuation<Void, Never>?
}
