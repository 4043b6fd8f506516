// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import Synchronization

/// Small clients over real sockets, all on one shard of their own. They accept any certificate.
package final class LoopbackClients: Sendable {
    private let network: Network

    /// Clients with a queue of their own.
    package init() throws {
        var options = NetworkOptions()
        options.limits = .unrestrictedAdmission
        options.limits.sendQueueByteLimit = 64 << 20
        options.limits.softSendQueueByteLimit = 64 << 20
        network = try Network(options: options) { _ in ClientHandler() }
    }

    /// Returns once the connection stands, with TLS after its handshake.
    package func connect(to address: NetworkAddress, _ arrival: Arrival) async throws -> any TestConnection {
        let tls =
            arrival.isTLS
            ? ClientTLS(
                context: try TLSContext.client(
                    certificateChainPEM: arrival.certificate?.certificatePEM,
                    keyPEM: arrival.certificate?.keyPEM, usesSystemAuthorities: false,
                    applicationProtocols: arrival.applicationProtocols),
                serverName: "localhost", trust: .callerDecides) : nil
        let mailbox = Mailbox()
        let shard = network.shards[0]
        let outcome: Result<ConnectionID, TestServerError> = await withCheckedContinuation { done in
            shard.post { shard in
                guard let handler = shard.handler as? ClientHandler else { return }
                let id = shard.connect(to: [address], tls: tls)
                handler.clients[id] = ClientHandler.Client(mailbox: mailbox, connecting: done)
            }
        }
        return SocketConnection(id: try outcome.get(), mailbox: mailbox, shard: shard)
    }

    /// To a server on this machine, in whichever process.
    package func connect(toPort port: UInt16, _ arrival: Arrival) async throws -> any TestConnection {
        try await connect(to: try NetworkAddress(numeric: "127.0.0.1", port: port), arrival)
    }

    /// Ends all clients.
    package func shutdown() async { await network.shutdown(graceMilliseconds: 200) }
}

/// A client over a socket.
private struct SocketConnection: TestConnection {
    let id: ConnectionID
    let mailbox: Mailbox
    let shard: IOShard

    func send(_ bytes: [UInt8]) {
        let id = self.id
        shard.post { $0.enqueue(Chunk(bytes), to: id) }
    }

    func close() {
        let id = self.id
        shard.post { $0.close(id, afterFlushing: true) }
    }
}

private final class ClientHandler: ShardHandler {
    struct Client {
        let mailbox: Mailbox
        var connecting: CheckedContinuation<Result<ConnectionID, TestServerError>, Never>?
    }

    var clients: [ConnectionID: Client] = [:]

    func accepted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {}

    func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        clients[id]?.connecting?.resume(returning: .success(id))
        clients[id]?.connecting = nil
    }

    func received(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, on shard: isolated IOShard) {
        clients[id]?.mailbox.receive(Array(bytes))
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, on shard: isolated IOShard) {
        guard let client = clients.removeValue(forKey: id) else { return }
        client.connecting?.resume(returning: .failure(.refused(reason)))
        client.mailbox.close()
    }
}
