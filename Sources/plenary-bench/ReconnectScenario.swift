// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc
import PlenaryClient
import PlenaryTerms
import Synchronization

/// A community that comes back after its server was restarted: real clients over TLS, with a resume token or a
/// certificate, each joining its channels and fetching what was said meanwhile.
struct ReconnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconnect", abstract: "Everybody back and in sync after a restart.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Clients, each with an account of its own.") var clients = 1000
    @Option(help: "Channels that each is in.") var channels = 3
    @Option(help: "Channels that there are, as many as a new community has.") var rooms = 13
    @Option(help: "Messages of each channel that are missed.") var messages = 20

    func run() async throws {
        var bench = try Bench(options)
        defer { bench.end() }
        for way in SeededSignIn.allCases {
            try await bench.reconnect(
                clientCount: clients, channelCount: channels, roomCount: max(rooms, channels),
                messageCount: messages, way)
        }
    }
}

extension Bench {
    mutating func reconnect(
        clientCount: Int, channelCount: Int, roomCount: Int, messageCount: Int, _ way: SeededSignIn
    ) async throws {
        var measurement = Measurement(
            "reconnect",
            [
                ("sign_in", "\"\(way.rawValue)\""), ("clients", "\(clientCount)"),
                ("channels", "\(channelCount)"), ("rooms", "\(roomCount)"), ("missed", "\(messageCount)"),
            ])
        for _ in 0..<options.rounds {
            let place = directory + "/reconnect"
            defer { Bench.remove(place) }
            let seed = try SeededAccounts(at: place, count: clientCount, channelCount: roomCount, way)
            // One message in each, so that everybody has a place in the history to come back to.
            try seed.post(1, to: place)
            let crowd = Crowd(count: clientCount, channelCount: channelCount)
            var child = try serve(place, ports: (0, 0))
            var isRunning = true
            defer { if isRunning { kill(child.process, SIGKILL) } }
            let began = Child.now()
            for (index, holder) in seed.holders.enumerated() {
                let own = (0..<channelCount).map { seed.channels[(index * channelCount + $0) % roomCount] }
                crowd.add(index, connection(of: holder, way, own, port: child.tlsPort))
            }
            let first = try await crowd.wait(seconds: 120) - began
            let ports = (child.port, child.tlsPort)
            isRunning = false
            try child.stop()
            crowd.reset(messagesExpected: messageCount * channelCount)
            try seed.post(messageCount, to: place)
            let clientCPU = Bench.ownCPU()
            let restarted = Child.now()
            child = try serve(place, ports: ports)
            isRunning = true
            let ready = Child.now()
            let end = try await crowd.wait(seconds: 120)
            measurement.ours.append([
                ("all_back_s", end - restarted), ("after_ready_s", end - ready),
                ("half_back_s", crowd.median() - restarted),
                ("server_cpu_s", process_cpu(child.process)),
                ("client_cpu_s", Bench.ownCPU() - clientCPU),
                ("first_connect_s", first), ("retries", Double(crowd.retryCount)),
            ])
            await crowd.end()
            isRunning = false
            try child.stop()
        }
        report(measurement)
    }

    func serve(_ place: String, ports: (UInt16, UInt16), offersSearch: Bool = false) throws -> Child {
        try Child.start(
            [
                "serve", "--port", "\(ports.0)", "--tls-port", "\(ports.1)", "--data", place,
                "--shipped-limits",
            ] + (offersSearch ? ["--search"] : []) + certificateArguments)
    }

    func connection(
        of holder: SeededAccounts.Holder, _ way: SeededSignIn, _ channels: [String], port: UInt16
    ) -> PlenaryConnection {
        var session = SessionConfiguration(nickname: holder.name)
        // A thousand lists of members in one process would be measured, which no client has.
        session.wantsMemberLists = false
        switch way {
        case .token:
            session.credentials = .password(account: holder.name, password: "is never used")
            session.resumeToken = ResumeToken(
                account: holder.name, token: holder.token, expires: Timestamp(microseconds: .max))
        case .certificate: session.credentials = .certificate
        }
        let endpoint = Endpoint(host: "127.0.0.1", port: port, security: .tls(.decided { _ in true }))
        var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
        configuration.clientIdentity = holder.identity
        configuration.channels = channels
        configuration.backlogCount = 1
        return PlenaryConnection(configuration)
    }

    /// Seconds of CPU that this process has used.
    static func ownCPU() -> Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        return seconds + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// All clients of a measurement, and who of them is back and in sync.
private final class Crowd: Sendable {
    private struct State {
        var connections: [PlenaryConnection] = []
        var tasks: [Task<Void, Never>] = []
        var synced: [Set<String>]
        var received: [Int]
        var expected = 0
        var finished: [Double] = []
        var isDone: [Bool]
        var retryCount = 0
    }

    private let state: Mutex<State>
    private let count: Int
    private let channelCount: Int

    init(count: Int, channelCount: Int) {
        self.count = count
        self.channelCount = channelCount
        state = Mutex(
            State(
                synced: Array(repeating: [], count: count), received: Array(repeating: 0, count: count),
                isDone: Array(repeating: false, count: count)))
    }

    var retryCount: Int { state.withLock { $0.retryCount } }

    func add(_ index: Int, _ connection: PlenaryConnection) {
        let task = Task {
            // A client that cannot begin is missed in the end.
            try? await connection.start()
            for await event in connection.events { self.take(event, index) }
        }
        state.withLock {
            $0.connections.append(connection)
            $0.tasks.append(task)
        }
    }

    private func take(_ event: ClientEvent, _ index: Int) {
        state.withLock { state in
            switch event {
            case .historySynced(let conversation, _): state.synced[index].insert(conversation)
            case .message: state.received[index] += 1
            case .stateChanged(.retrying): state.retryCount += 1
            default: return
            }
            let isDone = state.synced[index].count >= channelCount && state.received[index] >= state.expected
            if isDone, !state.isDone[index] {
                state.isDone[index] = true
                state.finished.append(Child.now())
            }
        }
    }

    /// Nobody is in sync any more.
    func reset(messagesExpected: Int) {
        state.withLock {
            $0.synced = Array(repeating: [], count: count)
            $0.received = Array(repeating: 0, count: count)
            $0.isDone = Array(repeating: false, count: count)
            $0.finished = []
            $0.expected = messagesExpected
            $0.retryCount = 0
        }
    }

    /// When the last of them was in sync.
    func wait(seconds: Double) async throws -> Double {
        let end = Child.now() + seconds
        while Child.now() < end {
            if let last = state.withLock({ $0.finished.count == count ? $0.finished.last : nil }) {
                return last
            }
            try await Task.sleep(nanoseconds: 5_000_000)
        }
        let here = state.withLock { $0.finished.count }
        throw BenchError("only \(here) of \(count) clients were in sync after \(seconds) s")
    }

    func median() -> Double { state.withLock { $0.finished[$0.finished.count / 2] } }

    func end() async {
        let (connections, tasks) = state.withLock { ($0.connections, $0.tasks) }
        for connection in connections { await connection.close() }
        for task in tasks { task.cancel() }
    }
}
