// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A moment on both clocks: the wall for what people see, the monotonic one (microseconds) for deadlines.
package struct Moment: Sendable, Hashable {
    /// UTC.
    package var wall: Timestamp
    /// Microseconds since some fixed point; never goes back.
    package var monotonic: Int64

    /// A moment of these two readings.
    package init(wall: Timestamp, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

/// What the owner of the sockets has to do, in order.
package enum EngineOutput: Sendable, Hashable {
    /// Open a connection to the endpoint; answer with `opened` or `closed`.
    case open
    /// Send these bytes.
    case send([UInt8])
    /// Close the connection once everything has been sent. `closed` need not follow.
    case close
    /// Tell the application.
    case event(ClientEvent)
    /// A request of the application is answered.
    case completed(UInt64, Result<Reply, ClientError>)
    /// The outgoing message with this token needs no more keeping.
    case forget(token: String)
    /// Keep this resume token; nil: forget it.
    case keep(ResumeToken?)
}

/// What lives longer than one connection: reconnecting, keeping alive, bringing history up to date without
/// loss or repetition, and the queue of outgoing messages. A pure value, like the session inside it.
package struct ClientEngine: Sendable {
    enum Link: Sendable, Hashable {
        case idle
        case connecting
        case open
        case waiting(until: Int64)
        case stopped
    }

    enum Purpose: Sendable, Hashable {
        case application(UInt64)
        case join(key: String, application: UInt64?)
        case sync(key: String)
        case targets
        case part(token: String)
        case keepAlive
        case resumeToken
    }

    struct Flight: Sendable {
        var openPartCount: Int
        var echo: Message?
        var failure: ClientError?
    }

    // MARK: Fixed

    let configuration: ConnectionConfiguration
    /// Uniform random bits for the jitter; injected so that tests know them.
    let random: @Sendable () -> UInt64

    // MARK: The connection

    var link = Link.idle
    var session: ClientSession
    var attemptCount = 0
    /// Deadline of the connecting or registering step under way.
    var stepDeadline: Int64?
    var lastReceived: Int64 = 0
    var didPing = false
    var purposes: [RequestID: (purpose: Purpose, deadline: Int64?)] = [:]

    // MARK: What is wanted and known of conversations

    var wanted: [String] = []
    var openJoins: Set<String> = []
    var refusedJoins: Set<String> = []
    var trackers: [String: ConversationTracker] = [:]
    var lastOnline: Timestamp?

    // MARK: Coming back

    var resumeToken: ResumeToken?

    // MARK: Outgoing messages, in order

    var outgoing: [OutgoingMessage] = []
    var flights: [String: Flight] = [:]

    var outputs: [EngineOutput] = []

    /// An engine that has not begun. `queued` is what an earlier run left unsent.
    package init(
        _ configuration: ConnectionConfiguration, queued: [OutgoingMessage] = [],
        random: @escaping @Sendable () -> UInt64
    ) {
        self.configuration = configuration
        self.random = random
        session = ClientSession(configuration.session)
        resumeToken = configuration.session.resumeToken
        wanted = configuration.channels
        outgoing = queued
        for (name, position) in configuration.positions {
            trackers[session.features.fold(name)] = ConversationTracker(name: name, position: position)
        }
    }

    /// Whether the server has accepted the session.
    package var isOnline: Bool { link == .open && session.phase == .ready }
    /// Messages not yet confirmed.
    package var outgoingCount: Int { outgoing.count }

    // MARK: Entry points; each returns what to do, in order

    /// Begins to connect, or does so at once instead of waiting longer.
    package mutating func start(_ now: Moment) -> [EngineOutput] {
        switch link {
        case .idle, .waiting: connect(now)
        case .connecting, .open, .stopped: break
        }
        return takeOutputs()
    }

    /// The connection is established and the server's identity proven.
    package mutating func opened(_ now: Moment) -> [EngineOutput] {
        guard link == .connecting else { return [] }
        link = .open
        lastReceived = now.monotonic
        didPing = false
        stepDeadline = now.monotonic + configuration.timeouts.registrationSeconds * 1_000_000
        session = makeSession()
        carryOut(session.start(), now)
        return takeOutputs()
    }

    /// Bytes from the server.
    package mutating func received(_ bytes: [UInt8], _ now: Moment) -> [EngineOutput] {
        guard link == .open else { return [] }
        lastReceived = now.monotonic
        didPing = false
        carryOut(session.receive(bytes, now: now.wall), now)
        return takeOutputs()
    }

    /// The connection is gone, or did not come about.
    package mutating func closed(_ error: ClientError, _ now: Moment) -> [EngineOutput] {
        guard link == .open || link == .connecting else { return [] }
        lose(error, now)
        return takeOutputs()
    }

    /// Time has passed; to be called at `nextDeadline` or later.
    package mutating func tick(_ now: Moment) -> [EngineOutput] {
        if case .waiting(let until) = link, now.monotonic >= until { connect(now) }
        if let stepDeadline, now.monotonic >= stepDeadline {
            outputs.append(.close)
            lose(.timedOut, now)
        }
        guard link == .open else { return takeOutputs() }
        keepAlive(now)
        let late = purposes.filter { $0.value.deadline.map { now.monotonic >= $0 } ?? false }
        for (id, entry) in late.sorted(by: { $0.key.number < $1.key.number }) {
            purposes[id] = nil
            finish(entry.purpose, .failure(.timedOut), now)
        }
        return takeOutputs()
    }

    /// When `tick` is to be called next, in monotonic microseconds; nil when nothing is awaited.
    package var nextDeadline: Int64? {
        var deadlines = purposes.values.compactMap(\.deadline)
        if let stepDeadline { deadlines.append(stepDeadline) }
        if case .waiting(let until) = link { deadlines.append(until) }
        if link == .open {
            let silence = configuration.timeouts.pingAfterSeconds
            let death = silence + configuration.timeouts.deadAfterPingSeconds
            deadlines.append(lastReceived + (didPing ? death : silence) * 1_000_000)
        }
        return deadlines.min()
    }

    /// Sends a command; its answer comes as `.completed` with the application's number.
    package mutating func request(
        _ number: UInt64, _ verb: String, _ parameters: [String], tags: [String: String], _ now: Moment
    ) -> [EngineOutput] {
        guard isOnline else {
            outputs.append(.completed(number, .failure(.disconnected("not connected"))))
            return takeOutputs()
        }
        let (id, steps) = session.request(verb, parameters, tags: tags)
        note(id, .application(number), now)
        carryOut(steps, now)
        return takeOutputs()
    }

    /// Posts a message of another platform; its echo comes as `.completed` with the application's number.
    package mutating func relay(_ number: UInt64, _ post: RelayedPost, _ now: Moment) -> [EngineOutput] {
        guard isOnline else {
            outputs.append(.completed(number, .failure(.disconnected("not connected"))))
            return takeOutputs()
        }
        do {
            let (id, steps) = try session.relay(post)
            note(id, .application(number), now)
            carryOut(steps, now)
        } catch {
            outputs.append(.completed(number, .failure(error)))
        }
        return takeOutputs()
    }

    /// Sends a command that has no answer.
    package mutating func send(_ verb: String, _ parameters: [String], _ now: Moment) -> [EngineOutput] {
        guard isOnline else { return [] }
        carryOut(session.send(verb, parameters), now)
        return takeOutputs()
    }

    /// Ends for good, after everything that was handed over has been sent.
    package mutating func stop(_ now: Moment) -> [EngineOutput] {
        guard link != .stopped else { return [] }
        if link == .open { carryOut(session.quit("bye"), now) }
        if link == .open || link == .connecting { outputs.append(.close) }
        failEverything(.closed, now)
        link = .stopped
        stepDeadline = nil
        emit(.stateChanged(.offline(nil)))
        return takeOutputs()
    }

    // MARK: Connecting and losing

    private mutating func connect(_ now: Moment) {
        link = .connecting
        stepDeadline = now.monotonic + configuration.timeouts.connectSeconds * 1_000_000
        emit(.stateChanged(.connecting))
        outputs.append(.open)
    }

    mutating func lose(_ error: ClientError, _ now: Moment) {
        failEverything(error, now)
        session = ClientSession(configuration.session)
        stepDeadline = nil
        guard configuration.reconnects, error.isTransient else {
            link = .stopped
            emit(.stateChanged(.offline(error)))
            return
        }
        let pause = retryPause()
        attemptCount += 1
        link = .waiting(until: now.monotonic + pause)
        emit(.stateChanged(.retrying(inMilliseconds: pause / 1000, because: error)))
    }

    /// 1, 2, 4 … 60 seconds, each shortened by up to a fifth at random, so that a restarted server does not
    /// meet all its clients in the same instant. In microseconds.
    private func retryPause() -> Int64 {
        let doublings = min(attemptCount, 20)
        let full = min(
            configuration.timeouts.firstRetrySeconds << Int64(doublings),
            configuration.timeouts.longestRetrySeconds)
        let microseconds = full * 1_000_000
        return microseconds - Int64(random() % UInt64(max(microseconds / 5, 1)))
    }

    private mutating func keepAlive(_ now: Moment) {
        let silence = now.monotonic - lastReceived
        let pingAfter = configuration.timeouts.pingAfterSeconds * 1_000_000
        let deadAfter = pingAfter + configuration.timeouts.deadAfterPingSeconds * 1_000_000
        if silence >= deadAfter, didPing {
            outputs.append(.close)
            lose(.timedOut, now)
        } else if silence >= pingAfter, !didPing {
            didPing = true
            let (id, steps) = session.ping()
            purposes[id] = (.keepAlive, nil)
            carryOut(steps, now)
        }
    }

    /// The connection's requests end; messages under way stay in the queue and may have been stored.
    private mutating func failEverything(_ error: ClientError, _ now: Moment) {
        let open = purposes.sorted { $0.key.number < $1.key.number }
        purposes = [:]
        openJoins = []
        refusedJoins = []
        for index in outgoing.indices where flights[outgoing[index].token] != nil {
            outgoing[index].wasSent = true
            emit(.delivery(token: outgoing[index].token, outgoing[index], .queued))
        }
        flights = [:]
        for key in trackers.keys {
            // What was held has not moved the position: the next sync fetches it again, in its order.
            trackers[key]?.sync = nil
            trackers[key]?.held = []
        }
        for (_, entry) in open {
            switch entry.purpose {
            case .application(let number), .join(_, .some(let number)):
                outputs.append(.completed(number, .failure(error)))
            case .join(_, nil), .sync, .targets, .part, .keepAlive, .resumeToken: break
            }
        }
    }

    // MARK: Carrying out what the session returns

    mutating func carryOut(_ steps: [SessionOutput], _ now: Moment) {
        for step in steps {
            if session.isTokenRefused, resumeToken != nil {
                resumeToken = nil
                outputs.append(.keep(nil))
            }
            guard link == .open else { return }
            switch step {
            case .send(let bytes): outputs.append(.send(bytes))
            case .event(let event): handle(event, now)
            case .completed(let id, let reply):
                guard let entry = purposes.removeValue(forKey: id) else { continue }
                finish(entry.purpose, .success(reply), now)
            case .ended(let error):
                outputs.append(.close)
                lose(error, now)
            }
        }
    }

    private mutating func handle(_ event: ClientEvent, _ now: Moment) {
        switch event {
        case .welcomed:
            stepDeadline = nil
            attemptCount = 0
            emit(event)
            emit(.stateChanged(.online))
            requestToken(now)
            enterChannels(now)
        case .message(let message):
            deliverLive(message)
        case .membership(let change):
            emit(event)
            if change.isOwn, change.kind == .joined, let channel = change.channel {
                beginSync(channel, since: change.time, now)
            }
        default:
            emit(event)
        }
    }

    private mutating func finish(_ purpose: Purpose, _ result: Result<Reply, ClientError>, _ now: Moment) {
        switch purpose {
        case .application(let number): outputs.append(.completed(number, result))
        case .join(let key, let number): finishJoin(key, number, result, now)
        case .sync(let key): finishSync(key, result, now)
        case .targets: finishTargets(result, now)
        case .part(let token): finishPart(token, result, now)
        case .resumeToken: finishToken(result)
        case .keepAlive: break
        }
    }

    mutating func note(_ id: RequestID, _ purpose: Purpose, _ now: Moment) {
        purposes[id] = (purpose, now.monotonic + configuration.timeouts.requestSeconds * 1_000_000)
    }

    mutating func emit(_ event: ClientEvent) { outputs.append(.event(event)) }

    mutating func takeOutputs() -> [EngineOutput] {
        defer { outputs = [] }
        return outputs
    }
}
