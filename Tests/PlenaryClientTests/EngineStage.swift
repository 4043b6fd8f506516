// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms

/// An engine, a model server and the two pipes between them. Nothing moves by itself.
struct EngineStage {
    var engine: ClientEngine
    var server = ModelServer()
    var now = Moment(wall: Timestamp(seconds: 1_700_000_000), monotonic: 0)
    private(set) var toServer: [UInt8] = []
    private(set) var toClient: [UInt8] = []
    private(set) var isConnected = false
    private(set) var wantsConnection = false
    private(set) var events: [ClientEvent] = []
    private(set) var completed: [UInt64: Result<Reply, ClientError>] = [:]
    private(set) var forgotten: [String] = []

    init(
        queued: [OutgoingMessage] = [],
        credentials: Credentials = .password(account: "ann", password: "secret123"),
        _ change: (inout ConnectionConfiguration) -> Void = { _ in }
    ) {
        var configuration = ConnectionConfiguration(
            endpoint: Endpoint(host: "server.example"),
            session: SessionConfiguration(nickname: "ann", credentials: credentials))
        configuration.channels = ["#c"]
        change(&configuration)
        engine = ClientEngine(configuration, queued: queued, random: { 0 })
    }

    // MARK: What happened

    var messages: [Message] {
        events.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
    var gaps: [Gap] { events.compactMap { if case .gap(let gap) = $0 { gap } else { nil } } }
    var states: [ConnectionState] {
        events.compactMap { if case .stateChanged(let state) = $0 { state } else { nil } }
    }
    func states(of token: String) -> [DeliveryState] {
        events.compactMap {
            if case .delivery(let name, _, let state) = $0, name == token { state } else { nil }
        }
    }

    // MARK: Moving things

    mutating func perform(_ outputs: [EngineOutput]) {
        for output in outputs {
            switch output {
            case .open: wantsConnection = true
            case .send(let bytes): if isConnected { toServer += bytes }
            case .close: disconnect()
            case .event(let event): events.append(event)
            case .completed(let number, let result): completed[number] = result
            case .forget(let token): forgotten.append(token)
            case .keep: break
            }
        }
    }

    mutating func start() { perform(engine.start(now)) }

    /// The connection that is wanted comes about.
    mutating func connect() {
        guard wantsConnection else { return }
        wantsConnection = false
        isConnected = true
        server.reset()
        toServer = []
        toClient = []
        perform(engine.opened(now))
    }

    /// The connection breaks; what was on its way is lost.
    mutating func breakConnection() {
        guard isConnected else { return }
        disconnect()
        perform(engine.closed(.disconnected("reset"), now))
    }

    private mutating func disconnect() {
        isConnected = false
        toServer = []
        toClient = []
    }

    /// What is on its way is lost, and the connection seems to stand.
    mutating func dropBytes() {
        toServer = []
        toClient = []
    }

    /// Moves at most so many bytes each way.
    mutating func move(toServer outCount: Int = .max, toClient inCount: Int = .max) {
        guard isConnected else { return }
        let out = Array(toServer.prefix(outCount))
        toServer.removeFirst(out.count)
        if !out.isEmpty { toClient += Array(server.take(out).utf8) }
        let into = Array(toClient.prefix(inCount))
        toClient.removeFirst(into.count)
        if !into.isEmpty { perform(engine.received(into, now)) }
    }

    /// Until nothing is on its way.
    mutating func settle() {
        for _ in 0..<10_000 where isConnected && !(toServer.isEmpty && toClient.isEmpty) { move() }
    }

    /// Somebody else speaks.
    mutating func say(_ text: String, in channel: String = "#c") {
        let heard = server.say(text, in: channel)
        if isConnected { toClient += Array(heard.utf8) }
    }

    /// The server sends any lines.
    mutating func hear(_ lines: String...) {
        toClient += Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
        settle()
    }

    mutating func wait(seconds: Double) {
        let microseconds = Int64(seconds * 1_000_000)
        now.monotonic += microseconds
        now.wall = Timestamp(microseconds: now.wall.microseconds + microseconds)
        perform(engine.tick(now))
    }

    mutating func send(_ text: String, token: String, to target: String = "#c") {
        perform(
            engine.enqueue(
                OutgoingMessage(token: token, target: target, text: text, queuedAt: now.wall), now))
    }

    mutating func goOnline() {
        start()
        connect()
        settle()
    }
}
