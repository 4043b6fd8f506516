// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import PlenaryQueues
import Synchronization

/// The real network. All connections of a process share one queue of input and output; it lives as long as
/// the process and costs nothing while there is no connection.
struct NetworkTransport: Transport {
    private static let network: Result<Network, NetError> = {
        do throws(NetError) {
            var options = NetworkOptions()
            // A connection that stands needs no deadlines but its engine's, which has an alarm of its own.
            options.ticksItself = false
            return .success(try Network(options: options) { ClientShardHandler($0) })
        } catch {
            return .failure(error)
        }
    }()

    func open(
        _ configuration: ConnectionConfiguration, _ receive: @escaping @Sendable (TransportEvent) -> Void
    ) -> any TransportLink {
        let endpoint = configuration.endpoint
        let reach: @Sendable (String) -> ClientError = {
            .cannotReach(host: endpoint.host, port: endpoint.port, reason: $0)
        }
        let link = NetworkLink(endpoint: endpoint, receive: receive)
        guard case .success(let network) = NetworkTransport.network, let shard = network.shards.first else {
            receive(.closed(reach("the system gave no sockets")))
            return link
        }
        let tls: ClientTLS?
        do throws(ClientError) { tls = try NetworkTransport.tls(configuration) } catch {
            receive(.closed(error))
            return link
        }
        Resolver.resolve(endpoint.host, port: endpoint.port) { result in
            switch result {
            case .failure(let error): receive(.closed(reach(NetworkLink.words(error))))
            case .success(let addresses): shard.post { link.connect(to: addresses, tls: tls, on: $0) }
            }
        }
        return link
    }

    /// The rules of the handshake. Who the server is, the link decides once its certificate is known; no
    /// byte of ours is sent before that.
    private static func tls(_ configuration: ConnectionConfiguration) throws(ClientError) -> ClientTLS? {
        switch configuration.endpoint.security {
        case .plainTextToLoopback:
            guard Endpoint.isLoopback(configuration.endpoint.host) else {
                throw .plainTextRefused(host: configuration.endpoint.host)
            }
            return nil
        case .tls(let trust):
            // Reading the system's authorities costs more than the rest of a handshake; pins need none.
            var needsAuthorities = false
            if case .systemAuthorities = trust { needsAuthorities = true }
            let identity = configuration.clientIdentity
            do throws(TLSError) {
                let context = try TLSContext.client(
                    certificateChainPEM: identity.map { Array($0.certificatePEM.utf8) },
                    keyPEM: identity.map { Array($0.privateKeyPEM.utf8) },
                    usesSystemAuthorities: needsAuthorities)
                return ClientTLS(
                    context: context, serverName: configuration.endpoint.host, trust: .callerDecides)
            } catch {
                throw .invalidArgument("the client certificate cannot be used: \(error)")
            }
        }
    }
}

/// One connection on the network.
private final class NetworkLink: TransportLink {
    private struct State: Sendable {
        var shard: IOShard?
        var id: ConnectionID?
        /// Whether the handshake is done and the server is who it should be.
        var isOpen = false
        var isClosed = false
        /// What was sent before there was a connection.
        var waiting: [UInt8] = []
        /// Why this side closed it, where it was for the server's identity.
        var refusal: ClientError?
    }

    private let endpoint: Endpoint
    private let receive: @Sendable (TransportEvent) -> Void
    private let state = Mutex(State())

    init(endpoint: Endpoint, receive: @escaping @Sendable (TransportEvent) -> Void) {
        self.endpoint = endpoint
        self.receive = receive
    }

    func send(_ bytes: [UInt8]) {
        let place = state.withLock { state -> (IOShard, ConnectionID)? in
            guard !state.isClosed else { return nil }
            guard let shard = state.shard, let id = state.id else {
                state.waiting += bytes
                return nil
            }
            return (shard, id)
        }
        guard let (shard, id) = place else { return }
        shard.post { $0.enqueue(Chunk(bytes), to: id) }
    }

    func close() {
        let place = state.withLock { state -> (IOShard, ConnectionID)? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            guard let shard = state.shard, let id = state.id else { return nil }
            return (shard, id)
        }
        guard let (shard, id) = place else { return }
        shard.post {
            $0.close(id, afterFlushing: true)
            ClientShardHandler.letTimePass($0)
        }
    }

    /// Whether it stands, and nothing about it has to be over in time.
    var isSettled: Bool { state.withLock { $0.isOpen && !$0.isClosed } }

    // MARK: On the shard's queue

    func connect(to addresses: [NetworkAddress], tls: ClientTLS?, on shard: isolated IOShard) {
        guard !state.withLock({ $0.isClosed }) else { return }
        if tls == nil, let foreign = addresses.first(where: { !$0.isLoopback }) {
            // The name says loopback, the resolver does not.
            receive(.closed(.plainTextRefused(host: foreign.host)))
            return
        }
        let id = shard.connect(to: addresses, tls: tls)
        ClientShardHandler.links.withLock { $0[id] = self }
        ClientShardHandler.letTimePass(shard)
        let waiting = state.withLock { state in
            state.shard = shard
            state.id = id
            defer { state.waiting = [] }
            return state.waiting
        }
        if !waiting.isEmpty { shard.enqueue(Chunk(waiting), to: id) }
    }

    func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        if let error = verify(info) {
            state.withLock { $0.refusal = error }
            shard.close(id, afterFlushing: false)
            return
        }
        state.withLock { $0.isOpen = true }
        receive(.opened)
    }

    func received(_ bytes: UnsafeRawBufferPointer) { receive(.received(Array(bytes))) }

    func closed(_ reason: CloseReason) {
        let refusal = state.withLock { state in
            state.isClosed = true
            return state.refusal
        }
        receive(.closed(refusal ?? error(for: reason)))
    }

    /// Nil when the server is who it should be.
    private func verify(_ info: ConnectionInfo) -> ClientError? {
        guard case .tls(let trust) = endpoint.security else {
            return info.isLoopback ? nil : .plainTextRefused(host: info.remote.host)
        }
        guard let certificate = info.handshake?.peerCertificate,
            let pin = Pin(bytes: certificate.publicKeyPin)
        else { return .identityUnverified(found: nil, reason: "the server showed no certificate") }
        let found = PeerIdentity(
            pin: pin, certificateFingerprint: hexadecimal(certificate.fingerprint),
            subject: certificate.names.joined(separator: ", "))
        switch trust {
        case .systemAuthorities:
            if certificate.isTrusted { return nil }
            return .identityUnverified(found: found, reason: certificate.distrustReason)
        case .pinned(let pins):
            return pins.contains(pin) ? nil : .identityMismatch(expected: pins, found: found)
        case .decided(let decide):
            return decide(found) ? nil : .identityUnverified(found: found, reason: "it was not accepted")
        }
    }

    private func error(for reason: CloseReason) -> ClientError {
        func unreachable(_ text: String) -> ClientError {
            .cannotReach(host: endpoint.host, port: endpoint.port, reason: text)
        }
        return switch reason {
        case .endOfStream: .disconnected("the server closed the connection")
        case .requested, .shuttingDown: .closed
        case .sendQueueExceeded, .sendQueueSlow, .sendQueueTotalExceeded, .writeStalled:
            .disconnected("the server takes nothing any more")
        case .handshakeTimedOut, .handshakeDisplaced: unreachable("the TLS handshake did not end in time")
        case .tls(let error): unreachable("TLS: " + NetworkLink.words(error))
        case .connectTimedOut: unreachable("no answer")
        case .connectFailed(let number): unreachable(systemErrorText(number))
        case .failed(let number): .disconnected(systemErrorText(number))
        }
    }

    static func words(_ error: NetError) -> String {
        switch error {
        case .systemCall(let name, let number): "\(name): \(systemErrorText(number))"
        case .notAnAddress(let text): "\(text) is no address"
        case .notResolved(_, let reason): reason
        case .noSuchListener(let index): "there is no listener \(index)"
        }
    }

    private static func words(_ error: TLSError) -> String {
        switch error {
        case .invalidCertificate(let text), .noAuthorities(let text), .setupFailed(let text): text
        case .invalidKey: "the private key cannot be read"
        case .keyDoesNotMatch: "the private key does not belong to the certificate"
        case .alertReceived(let number): "the server refused (alert \(number))"
        case .protocolFailed(_, let text): text
        case .certificateRejected(_, let text): text
        case .pinMismatch: "the server's key is not the expected one"
        }
    }
}

/// Passes what happens on to the links.
private final class ClientShardHandler: ShardHandler {
    /// By connection. Written on the shard's queue only; locked because the links find their way in from
    /// outside the handler.
    static let links = Mutex<[ConnectionID: NetworkLink]>([:])

    /// Lets a shard's time pass while something on it is to be over in time: connecting, shaking hands, closing. A
    /// process with connections that merely stand sleeps. It belongs to the shard's queue.
    private let ticker: Ticker

    init(_ shard: isolated IOShard) {
        ticker = Ticker(queue: shard.executor.queue, intervalMilliseconds: 500) { [weak shard] in
            shard?.assumeIsolated { $0.tick() }
        }
    }

    static func letTimePass(_ shard: isolated IOShard) {
        (shard.handler as? ClientShardHandler)?.ticker.start()
    }

    func tick(_ now: Int64, on shard: isolated IOShard) {
        let settled = ClientShardHandler.links.withLock { $0.values.count(where: \.isSettled) }
        if shard.connectionCount <= settled { ticker.stop() }
    }

    private func link(_ id: ConnectionID) -> NetworkLink? { ClientShardHandler.links.withLock { $0[id] } }

    func accepted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        preconditionFailure("A client does not listen.")
    }

    func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        link(id)?.connected(id, info, on: shard)
    }

    func received(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, on shard: isolated IOShard) {
        link(id)?.received(bytes)
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, on shard: isolated IOShard) {
        ClientShardHandler.links.withLock { $0.removeValue(forKey: id) }?.closed(reason)
    }
}
