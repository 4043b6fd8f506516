// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import Synchronization

/// A conversation of several clients with one server, line by line.
///
/// Whatever a transcript is about, the runner checks at its end: every line any client got ended in
/// CR LF, was valid UTF-8 and at most 512 bytes long without its tags; no tag came without its
/// capability; and the durable state is the one that the log alone gives, with its snapshot and without.
package final class Transcript: Sendable {
    package let transport: Transport
    package let clock: ManualClock?
    /// What the server was started with.
    package let configuration: ServerConfiguration
    private let directory: TemporaryDirectory
    private let state: Mutex<State>

    private struct State {
        var server: any ServerUnderTest
        var clients: [TranscriptClient] = []
        var names: [String: String] = [:]
        var barrierCount = 0
    }

    private init(
        _ transport: Transport, _ configuration: ServerConfiguration, _ clock: ManualClock?,
        _ directory: TemporaryDirectory
    ) async throws {
        self.transport = transport
        self.configuration = configuration
        self.clock = clock
        self.directory = directory
        state = Mutex(State(server: try await transport.start(configuration, clock: clock?.clock)))
    }

    /// Runs a transcript on a fresh server: the open profile without throttles unless `configure` says
    /// otherwise. With `clock` time stands still until `turnClock`.
    package static func run(
        _ transport: Transport, clock: ManualClock? = nil,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (Transcript) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        var configuration = ServerConfiguration.unthrottled(dataDirectory: directory.path + "/data")
        configuration.segmentByteCount = 1 << 20
        configuration.allowsAnyFileSystem = true
        // An index for each of some hundred servers would be most of their work; transcripts of SEARCH want it.
        configuration.offersSearch = false
        configure(&configuration)
        let transcript = try await Transcript(transport, configuration, clock, directory)
        do {
            try await body(transcript)
        } catch {
            try await transcript.server.stop()
            throw error
        }
        try await transcript.finish()
    }

    /// The server as it runs now.
    package var server: any ServerUnderTest { state.withLock { $0.server } }
    /// What `<name>` stood for in a line that came.
    package subscript(name: String) -> String { state.withLock { $0.names[name] ?? "" } }

    /// How long anything may take before a transcript fails; generous, for it is never met when all is well.
    static func deadline() -> DispatchTime { .now() + .seconds(30) }

    // MARK: Clients

    /// A connection that has said nothing yet.
    package func open(_ name: String, _ arrival: Arrival? = nil) async throws -> TranscriptClient {
        let arrival = arrival ?? Arrival(isTLS: transport != .plain)
        let connection = try await server.connect(arrival)
        let client = TranscriptClient(name: name, connection: connection, transcript: self)
        state.withLock { $0.clients.append(client) }
        return client
    }

    /// A client that is registered under its name, with everything it heard so far thrown away.
    /// With a password it signs in by SASL PLAIN as `account`, or as its name.
    package func register(
        _ name: String, capabilities: [String] = [], account: String? = nil, password: String? = nil,
        _ arrival: Arrival? = nil, file: StaticString = #fileID, line: Int = #line
    ) async throws -> TranscriptClient {
        let client = try await open(name, arrival)
        try await client.register(
            capabilities: capabilities, account: account, password: password, file: file, line: line)
        return client
    }

    // MARK: Time and restarts

    /// Turns the clock and lets the server look at its time-outs.
    package func turnClock(seconds: Int64) async throws {
        guard let clock else { throw TranscriptFailure("the transcript has no clock of its own") }
        clock.advance(microseconds: seconds * 1_000_000)
        await server.tick()
    }

    /// Stops the server and starts it again on the same data. All clients are gone.
    package func restart() async throws {
        try await server.stop()
        try checkClients()
        let next = try await transport.start(configuration, clock: clock?.clock)
        state.withLock {
            $0.server = next
            $0.clients = []
        }
    }

    // MARK: Barriers

    /// Waits until everything that any client said has had all its effects.
    func settle() async {
        let clients = state.withLock { $0.clients }
        for client in clients where client.hasUnsettledInput { await client.barrier() }
    }

    func nextBarrier() -> String {
        state.withLock { state in
            state.barrierCount += 1
            return Barrier.prefix + String(state.barrierCount)
        }
    }

    func match(_ pattern: String, _ line: String) -> Bool {
        state.withLock { LinePattern(text: pattern).matches(line, &$0.names) }
    }

    // MARK: The end

    private func finish() async throws {
        await settle()
        try await server.stop()
        // Only now, for an erasure under way may have ended since the last line.
        let live = await server.durableState()
        try checkClients()
        try DurableStateCheck(configuration: configuration).check(live)
    }

    private func checkClients() throws {
        for client in state.withLock({ $0.clients }) {
            let breaches = client.connection.mailbox.read { $0.breaches }
            if let first = breaches.first { throw TranscriptFailure("\(client.name) received: \(first)") }
        }
    }
}

/// Why a transcript does not hold.
package struct TranscriptFailure: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
