// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryNet
import PlenaryQueues
import Synchronization

/// What a handler was called with.
enum Call: Sendable {
    case accepted(ConnectionID, ConnectionInfo)
    case connected(ConnectionID, ConnectionInfo)
    case handshakeCompleted(ConnectionID, ConnectionInfo)
    case received(ConnectionID, [UInt8])
    case closed(ConnectionID, CloseReason)
}

/// What has happened so far, and a way to wait for more without looking at a clock.
final class CallLog: Sendable {
    private struct State {
        var calls: [Call] = []
        var waiting: [(isMet: @Sendable ([Call]) -> Bool, continuation: CheckedContinuation<Void, Never>)] =
            []
    }

    private let state = Mutex(State())

    var calls: [Call] { state.withLock { $0.calls } }

    func record(_ call: Call) {
        let met = state.withLock { state in
            state.calls.append(call)
            let calls = state.calls
            let met = state.waiting.filter { $0.isMet(calls) }
            state.waiting.removeAll { $0.isMet(calls) }
            return met
        }
        for one in met { one.continuation.resume() }
    }

    func wait(until isMet: @escaping @Sendable ([Call]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMetNow = state.withLock { state in
                if isMet(state.calls) { return true }
                state.waiting.append((isMet, continuation))
                return false
            }
            if isMetNow { continuation.resume() }
        }
    }

    /// The first value `pick` finds, as soon as there is one.
    func first<Value: Sendable>(_ pick: @escaping @Sendable (Call) -> Value?) async throws -> Value {
        await wait { $0.contains { pick($0) != nil } }
        guard let value = calls.lazy.compactMap(pick).first else { throw Missing() }
        return value
    }

    /// Everything received so far for an id.
    func bytes(_ id: ConnectionID) -> [UInt8] { CallLog.bytes(id, calls) }

    static func bytes(_ id: ConnectionID, _ calls: [Call]) -> [UInt8] {
        calls.flatMap { call -> [UInt8] in
            if case .received(let from, let bytes) = call, from == id { return bytes }
            return []
        }
    }

    static func byteCount(_ id: ConnectionID, _ calls: [Call]) -> Int {
        var count = 0
        for case .received(id, let bytes) in calls { count += bytes.count }
        return count
    }

    static func isClosed(_ id: ConnectionID, _ calls: [Call]) -> Bool {
        for case .closed(id, _) in calls { return true }
        return false
    }

    /// Whether the bytes received so far end in `text`, which has come in one piece.
    static func endsWith(_ text: String, _ id: ConnectionID, _ calls: [Call]) -> Bool {
        for case .received(id, let bytes) in calls.reversed() {
            return bytes.suffix(text.utf8.count) == Array(text.utf8)[...]
        }
        return false
    }

    func waitForBytes(_ id: ConnectionID, count: Int) async -> [UInt8] {
        await wait { CallLog.byteCount(id, $0) >= count || CallLog.isClosed(id, $0) }
        return bytes(id)
    }

    func accepted(_ ordinal: Int = 0) async throws -> ConnectionID {
        await wait { CallLog.acceptedIDs($0).count > ordinal }
        return CallLog.acceptedIDs(calls)[ordinal]
    }

    private static func acceptedIDs(_ calls: [Call]) -> [ConnectionID] {
        calls.compactMap { call in
            if case .accepted(let id, _) = call { return id }
            return nil
        }
    }

    func reason(_ id: ConnectionID) async throws -> CloseReason {
        try await first { call in
            if case .closed(let closed, let reason) = call, closed == id { return reason }
            return nil
        }
    }

    func connected(_ id: ConnectionID) async throws -> ConnectionInfo {
        try await first { call in
            if case .connected(let connected, let info) = call, connected == id { return info }
            return nil
        }
    }
}

struct Missing: Error {}

/// Records every call and does what the test wants with what it receives.
final class RecordingHandler: ShardHandler {
    typealias Reaction = @Sendable (ConnectionID, [UInt8], isolated IOShard) -> Void

    private let log: CallLog
    private let reaction: Reaction

    init(_ log: CallLog, _ reaction: @escaping Reaction) {
        self.log = log
        self.reaction = reaction
    }

    func accepted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        log.record(.accepted(id, info))
    }

    func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        log.record(.connected(id, info))
    }

    func handshakeCompleted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        log.record(.handshakeCompleted(id, info))
    }

    func received(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, on shard: isolated IOShard) {
        let bytes = Array(bytes)
        reaction(id, bytes, shard)
        log.record(.received(id, bytes))
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, on shard: isolated IOShard) {
        log.record(.closed(id, reason))
    }
}

/// A server and a client in one process, each a network of its own with a record of its calls.
struct Loopback {
    let server: Network
    let client: Network
    let serverLog = CallLog()
    let clientLog = CallLog()

    static let echo: RecordingHandler.Reaction = { id, bytes, shard in shard.enqueue(Chunk(bytes), to: id) }
    static let silence: RecordingHandler.Reaction = { _, _, _ in }

    init(
        limits: NetLimits = .unrestrictedAdmission, clock: Clock? = nil, shardCount: Int = 1,
        keepsUnregisteredLimit: Bool = false, accept: (@Sendable (Int32) -> AcceptResult)? = nil,
        refusalText: @escaping @Sendable (AdmissionRefusal) -> [UInt8] = { _ in [] },
        reaction: @escaping RecordingHandler.Reaction = Loopback.echo
    ) throws {
        var options = NetworkOptions()
        options.shardCount = shardCount
        options.limits = limits
        if !keepsUnregisteredLimit {
            options.limits.unregisteredSendQueueByteLimit = limits.sendQueueByteLimit
        }
        options.refusalText = refusalText
        if let clock {
            options.clock = clock
            options.ticksItself = false
        }
        if let accept { options.accept = accept }
        let serverLog = serverLog
        let clientLog = clientLog
        server = try Network(options: options) { _ in RecordingHandler(serverLog, reaction) }
        var clientOptions = NetworkOptions()
        clientOptions.limits = .unrestrictedAdmission
        clientOptions.limits.sendQueueByteLimit = .max
        clientOptions.limits.totalSendQueueByteLimit = .max
        client = try Network(options: clientOptions) { _ in RecordingHandler(clientLog, Loopback.silence) }
    }

    static var anyPort: NetworkAddress { NetworkAddress(ipv4: 0x7F00_0001, port: 0) }

    func connect(_ listener: BoundListener, tls: ClientTLS? = nil) async -> ConnectionID {
        await client.shards[0].connect(to: [listener.address], tls: tls)
    }

    func send(_ bytes: [UInt8], _ id: ConnectionID) async {
        await client.shards[0].enqueue(Chunk(bytes), to: id)
    }

    func end() async {
        await client.shutdown()
        await server.shutdown()
    }
}
