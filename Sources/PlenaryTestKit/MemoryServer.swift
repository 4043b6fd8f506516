// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import PlenaryCrypto
import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryWire
import Synchronization

/// Community and log as they run in a server, with lines handed over in memory instead of by sockets.
/// There is no edge: no flood control and no time-outs.
package final class MemoryServer: ServerUnderTest {
    private let owner: CommunityOwner
    private let inbox: Inbox<Inbound>
    private let log: LogWriter
    private let started: Timestamp
    /// Counts the password hashes that were computed.
    package let passwords: PasswordWorker
    fileprivate let connections = Mutex<[ConnectionID: MemoryConnection]>([:])
    private let nextSlot = Mutex<UInt32>(0)

    private init(
        owner: CommunityOwner, inbox: Inbox<Inbound>, log: LogWriter, started: Timestamp,
        passwords: PasswordWorker
    ) {
        self.passwords = passwords
        self.owner = owner
        self.inbox = inbox
        self.log = log
        self.started = started
    }

    /// Opens the log in the configuration's directory, by files that may fail, and rebuilds the community.
    package static func start(
        _ configuration: ServerConfiguration, clock: Clock, files: any FileLayer = RealFiles()
    ) async throws -> MemoryServer {
        let opened = try Log.open(TestServer.logConfiguration(configuration), files: files, clock: clock)
        let keys = try ServerKeys.load(dataDirectory: configuration.dataDirectory)
        var community = Community(policy: configuration.effectivePolicy)
        try opened.replay { community.apply($0) }
        let started = Timestamp(microseconds: clock.now())
        let nextOffset = opened.nextOffset
        let lastTime = opened.lastTime
        let log = opened.start { error in preconditionFailure("the log failed: \(error)") }
        let sink = DeliverySink()
        let passwords = PasswordWorker(
            waitingLimit: configuration.limits.hashQueueLimit, cost: configuration.limits.passwordCost)
        let owner = try CommunityOwner(
            community: community, facts: configuration.facts(started: started), keys: keys,
            log: log, history: opened.history,
            search: configuration.offersSearch
                ? SearchDesk(
                    configuration, logID: opened.logID, history: opened.history, logger: Logger(label: "test")
                ) : nil, nextOffset: nextOffset, lastTime: lastTime,
            clock: clock,
            shardCount: 1, passwords: passwords, utcOffset: configuration.utcOffset,
            dataDirectory: configuration.dataDirectory,
            deliver: { sink.deliver($0) })
        let inbox = owner.makeInbox()
        log.setRotationHandler { _ in _ = inbox.post(.rotated) }
        await owner.seed(configuration.channels, configuration.questionnaires)
        _ = inbox.post(.erasuresDue)
        let server = MemoryServer(
            owner: owner, inbox: inbox, log: log, started: started, passwords: passwords)
        sink.use(server)
        return server
    }

    package func connect(_ arrival: Arrival) async throws -> any TestConnection {
        let slot = nextSlot.withLock { slot in
            defer { slot += 1 }
            return slot
        }
        let id = ConnectionID(shard: 0, generation: 0, slot: slot)
        let connection = MemoryConnection(id: id, inbox: inbox) { [weak self] in
            _ = self?.connections.withLock { $0.removeValue(forKey: id) }
        }
        connections.withLock { $0[id] = connection }
        let opening = Opening(
            id: SessionID(id), isTLS: arrival.isTLS, certificateFingerprint: arrival.certificate?.fingerprint,
            host: Text(arrival.network))
        _ = inbox.post(.opened(opening))
        return connection
    }

    package func administer(_ request: AdminRequest) async -> AdminReply {
        await withCheckedContinuation { done in
            _ = inbox.post(.administration(request) { done.resume(returning: $0) })
        }
    }

    package func durableState() async -> [LoggedEvent] { await owner.durableState() }

    /// Whether what was decided waits for room on the disk.
    package var isLogStalled: Bool { log.isStalled }

    package func tick() async { await owner.tick() }

    package func reload(_ configuration: ServerConfiguration) async throws {
        _ = inbox.post(
            .reconfigured(
                Reconfiguration(
                    policy: configuration.effectivePolicy, facts: configuration.facts(started: started),
                    channels: configuration.channels, questionnaires: configuration.questionnaires)))
    }

    package func stop() async throws {
        await withCheckedContinuation { done in _ = inbox.post(.stop { done.resume() }) }
        let snapshot = await owner.lastSnapshot()
        let failure: LogError? = await withCheckedContinuation { done in
            log.close(snapshot: snapshot) { done.resume(returning: $0) }
        }
        await owner.search?.close()
        if let failure { throw failure }
    }

    /// Called on the log's queue: what the gate let through.
    fileprivate func deliver(_ batches: [ShardBatch]) {
        for item in batches.flatMap(\.items) {
            switch item {
            case .send(let chunk, let id):
                find(id)?.mailbox.receive(chunk.bytes[chunk.range])
            case .fan(let fan):
                for id in fan.recipients {
                    var bytes: [UInt8] = []
                    var start = 0
                    let own = fan.exceptions.filter { $0.recipient == id }.map(\.range)
                    for range in own + [fan.bytes.count..<fan.bytes.count] {
                        bytes += fan.bytes[start..<range.lowerBound]
                        start = range.upperBound
                    }
                    find(id)?.mailbox.receive(bytes)
                }
            case .close(let id):
                connections.withLock { $0.removeValue(forKey: id) }?.mailbox.close()
            case .registered: break
            }
        }
    }

    private func find(_ id: ConnectionID) -> MemoryConnection? { connections.withLock { $0[id] } }
}

/// Where deliveries go; the server is made after the community that delivers to it.
private final class DeliverySink: Sendable {
    private let server = Mutex<WeakServer>(WeakServer())

    func use(_ server: MemoryServer) { self.server.withLock { $0.server = server } }
    func deliver(_ batches: [ShardBatch]) { server.withLock { $0.server }?.deliver(batches) }

    private struct WeakServer { weak var server: MemoryServer? }
}

/// A client in memory.
final class MemoryConnection: TestConnection {
    let mailbox = Mailbox()
    private let id: ConnectionID
    private let inbox: Inbox<Inbound>
    private let forget: @Sendable () -> Void
    private let splitter = Mutex(LineSplitter(limits: .fromClient))

    init(id: ConnectionID, inbox: Inbox<Inbound>, forget: @escaping @Sendable () -> Void) {
        self.id = id
        self.inbox = inbox
        self.forget = forget
    }

    func send(_ bytes: [UInt8]) {
        splitter.withLock { splitter in
            var round: [Inbound] = []
            bytes.withUnsafeBytes { buffer in
                splitter.split(buffer) { piece in
                    let request: Request? =
                        switch piece {
                        case .line(let line): Dialect.request(of: line)
                        case .overlong:
                            Dialect.interpret(LineError.bodyTooLong(byteCount: bytes.count, limit: 512))
                        }
                    if let request { round.append(.request(SessionID(id), request)) }
                }
            }
            _ = inbox.post(contentsOf: round)
        }
    }

    func close() {
        forget()
        _ = inbox.post(.closed(SessionID(id), reason: "Connection closed"))
        mailbox.close()
    }
}
