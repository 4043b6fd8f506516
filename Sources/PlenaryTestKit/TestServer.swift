// SPDX-License-Identifier: Apache-2.0

import Logging
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryQueues
import PlenaryServer
import PlenaryTerms

/// A whole server in this process, on loopback ports that the kernel chooses, and clients to it.
package final class TestServer: ServerUnderTest {
    /// The running server.
    package let server: Server
    private let clients: LoopbackClients

    private init(server: Server, clients: LoopbackClients) {
        self.server = server
        self.clients = clients
    }

    /// Starts it with a TLS and a plain listener. With a clock, time passes only by `tick`.
    package static func start(
        _ configuration: ServerConfiguration, clock: Clock? = nil, files: any FileLayer = RealFiles()
    ) async throws -> TestServer {
        var configuration = configuration
        configuration.listeners = [
            ListenerConfiguration(address: "127.0.0.1", port: 0, isTLS: true),
            ListenerConfiguration(address: "127.0.0.1", port: 0, isTLS: false),
        ]
        configuration.allowsAnyFileSystem = true
        let server = try await Server.start(
            configuration, logger: Logger(label: "test"), clock: clock ?? .system, ticksItself: clock == nil,
            files: files
        ) { error in preconditionFailure("the server failed: \(error)") }
        return TestServer(server: server, clients: try LoopbackClients())
    }

    /// The log's part of a configuration.
    package static func logConfiguration(_ configuration: ServerConfiguration) -> LogConfiguration {
        LogConfiguration(
            directory: configuration.dataDirectory, segmentByteCount: configuration.segmentByteCount,
            allowsAnyFileSystem: true, fillsNextSegment: false)
    }

    package func connect(_ arrival: Arrival) async throws -> any TestConnection {
        guard let listener = server.listeners.first(where: { $0.configuration.isTLS == arrival.isTLS }) else {
            throw TestServerError.noListener
        }
        return try await clients.connect(to: listener.bound.address, arrival)
    }

    package func administer(_ request: AdminRequest) async -> AdminReply {
        await withCheckedContinuation { done in
            server.administer(request) { done.resume(returning: $0) }
        }
    }

    package func durableState() async -> [LoggedEvent] { await server.durableState() }
    package func tick() async { await server.tick() }
    package func reload(_ configuration: ServerConfiguration) async throws {
        try await server.reload(configuration)
    }

    package func stop() async throws {
        try await server.stop()
        await clients.shutdown()
    }
}

/// Why a client of a test could not connect.
package enum TestServerError: Error, Hashable, Sendable {
    case noListener
    case refused(CloseReason)
}
