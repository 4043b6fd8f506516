// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryCrypto
import PlenaryQueues

/// A connection to a Plenary (or other IRCv3) server that takes care of itself: it signs in, comes back
/// after a loss, fetches what was missed and sends what waits.
///
/// Make one, call `start`, and read `events` in a loop: every message comes exactly once and in order.
public actor PlenaryConnection {
    private enum Waiter {
        case reply(CheckedContinuation<Result<Reply, ClientError>, Never>)
        case call(@Sendable (Result<Reply, ClientError>) -> Void)
    }

    // MARK: Fixed at creation, readable from any queue

    /// What happens, in order. For one reader.
    public nonisolated let events: AsyncStream<ClientEvent>
    /// The configuration given.
    public nonisolated let configuration: ConnectionConfiguration
    private nonisolated let continuation: AsyncStream<ClientEvent>.Continuation
    private nonisolated let executor = QueueExecutor(label: "plenary.client")
    private nonisolated let clock: PlenaryQueues.Clock
    private nonisolated let transport: any Transport
    private nonisolated let queue: any OutgoingQueue
    /// The queue on which this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    // MARK: Owned by this connection's queue

    private var engine: ClientEngine
    private var link: (any TransportLink)?
    /// Rises with every attempt, so that a late word of an old one is recognised.
    private var attempt = 0
    private var alarm: Int64?
    private var alarmNumber = 0
    private var nextRequestNumber: UInt64 = 1
    private var waiting: [UInt64: Waiter] = [:]
    private var awaitingOnline: [CheckedContinuation<Result<Void, ClientError>, Never>] = []
    private var awaitingToken: [CheckedContinuation<Void, Never>] = []
    private var awaitingDelivery: [String: [CheckedContinuation<Result<Message, ClientError>, Never>]] = [:]
    private var ending: ClientError?
    private var hasStarted = false

    /// A connection that does nothing before `start`.
    public init(_ configuration: ConnectionConfiguration, queue: any OutgoingQueue = MemoryQueue()) {
        self.init(
            configuration, queue: queue, transport: NetworkTransport(), clock: .system,
            // The jitter of a pause is no secret; without randomness it is the whole pause.
            random: { (try? SecureRandom.uint64()) ?? 0 })
    }

    /// The same over any transport, clock and source of randomness.
    package init(
        _ configuration: ConnectionConfiguration, queue: any OutgoingQueue, transport: any Transport,
        clock: PlenaryQueues.Clock, random: @escaping @Sendable () -> UInt64
    ) {
        self.configuration = configuration
        self.queue = queue
        self.transport = transport
        self.clock = clock
        engine = ClientEngine(configuration, random: random)
        (events, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(ClientLimits.eventBufferLimit))
    }

    // MARK: Life

    /// Begins to connect; does so at once when it is waiting to try again. Reads the queue of outgoing
    /// messages first; throws `queueFailed` when that cannot be read.
    public func start() throws(ClientError) {
        if !hasStarted {
            hasStarted = true
            let kept: [OutgoingMessage]
            do { kept = try queue.load() } catch { throw .queueFailed("\(error)") }
            for message in kept { perform(engine.enqueue(message, now())) }
        }
        perform(engine.start(now()))
    }

    /// Returns when the server has accepted the session. Throws what ended the connection for good; with
    /// `reconnects`, a server that cannot be reached is tried again and again meanwhile.
    public func waitUntilOnline() async throws(ClientError) {
        if engine.isOnline { return }
        if let ending { throw ending }
        let result = await withCheckedContinuation { awaitingOnline.append($0) }
        try result.get()
    }

    /// Says good-bye and ends; a resume token on its way is waited for, two seconds at most. Messages that wait
    /// stay in the queue. `events` ends.
    public func close() async {
        engine.hastenToken(now())
        setAlarm()
        while engine.isAwaitingToken { await withCheckedContinuation { awaitingToken.append($0) } }
        perform(engine.stop(now()))
    }

    // MARK: Messages

    /// Posts a text and returns the server's form of it, with id and time, once it is stored there.
    ///
    /// `target` may name a thread (`#practices/12`). The token makes it safe to repeat: a message sent twice
    /// with one token is stored once. Without one here, a random one is made. Throws `refused`, `textTooLong`
    /// and the like; after `disconnected` with `reconnects` off, the message is still in the queue.
    public func post(
        _ text: String, to target: String, kind: Message.Kind = .message, replyTo: String? = nil,
        token: String? = nil, marks: Marks = Marks()
    ) async throws(ClientError) -> Message {
        let message = try makeMessage(
            text, to: target, kind: kind, replyTo: replyTo, token: token, marks: marks)
        try store(message)
        let result = await withCheckedContinuation { continuation in
            awaitingDelivery[message.token, default: []].append(continuation)
            perform(engine.enqueue(message, now()))
            if let ending { deliver(message.token, .failure(ending)) }
        }
        return try result.get()
    }

    /// Puts a text into the queue and returns its token at once. `delivery` events tell its fate.
    @discardableResult
    public func enqueue(
        _ text: String, to target: String, kind: Message.Kind = .message, replyTo: String? = nil,
        token: String? = nil, marks: Marks = Marks()
    ) throws(ClientError) -> String {
        let message = try makeMessage(
            text, to: target, kind: kind, replyTo: replyTo, token: token, marks: marks)
        try store(message)
        perform(engine.enqueue(message, now()))
        return message.token
    }

    /// Gives up a message that still waits; false when it is under way or gone.
    public func withdraw(token: String) throws(ClientError) -> Bool {
        guard engine.withdraw(token: token) else { return false }
        do { try queue.remove(token: token) } catch { throw .queueFailed("\(error)") }
        return true
    }

    /// Messages not yet confirmed.
    public var outgoingCount: Int { engine.outgoingCount }

    private func makeMessage(
        _ text: String, to target: String, kind: Message.Kind, replyTo: String?, token: String?, marks: Marks
    ) throws(ClientError) -> OutgoingMessage {
        try marks.check()
        let given: String
        if let token { given = token } else { given = try PlenaryConnection.makeToken() }
        return OutgoingMessage(
            token: given, target: target, text: text, kind: kind,
            replyTo: replyTo, marks: marks, queuedAt: now().wall)
    }

    private func store(_ message: OutgoingMessage) throws(ClientError) {
        guard engine.outgoingCount < ClientLimits.outgoingLimit else {
            throw .queueIsFull(limit: ClientLimits.outgoingLimit)
        }
        do { try queue.store(message) } catch { throw .queueFailed("\(error)") }
    }

    /// A token nobody else has: 128 random bits.
    public static func makeToken() throws(ClientError) -> String {
        do { return PlenaryCrypto.hex(try SecureRandom.bytes(16)) } catch {
            throw .queueFailed("no randomness: \(error)")
        }
    }

    // MARK: Commands

    /// Sends any command and returns everything the server said to it. Does not throw for a refusal: look
    /// at `reply.refusal`.
    public func request(
        _ verb: String, _ parameters: [String] = [], tags: [String: String] = [:]
    ) async throws(ClientError) -> Reply {
        let number = takeNumber()
        let result = await withCheckedContinuation { continuation in
            waiting[number] = .reply(continuation)
            perform(engine.request(number, verb, parameters, tags: tags, now()))
        }
        return try result.get()
    }

    /// Posts what was said on another platform; `completion` gets the server's form of it once it is stored there.
    /// Returns when it is sent, so that those posted one after the other keep their order and do not wait for each
    /// other. It is in no queue and does not come back after a loss: whoever relays sends it again with its token.
    public func relay(
        _ post: RelayedPost, completion: @escaping @Sendable (Result<Message, ClientError>) -> Void
    ) {
        let number = takeNumber()
        waiting[number] = .call { completion(RelayedPost.echo(in: $0)) }
        perform(engine.relay(number, post, now()))
    }

    /// The same for one message.
    public func relay(_ post: RelayedPost) async throws(ClientError) -> Message {
        let result = await withCheckedContinuation { continuation in
            relay(post) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Sends a command that has no answer, if the connection is online.
    public func send(_ verb: String, _ parameters: [String] = []) {
        perform(engine.send(verb, parameters, now()))
    }

    /// Joins a channel, now and after each reconnect.
    public func join(_ channel: String) async throws(ClientError) {
        let number = takeNumber()
        let result = await withCheckedContinuation { continuation in
            waiting[number] = .reply(continuation)
            perform(engine.join(number, channel, now()))
        }
        _ = try result.get()
    }

    /// Leaves a channel, now and after each reconnect.
    public func leave(_ channel: String) {
        perform(engine.leave(channel, now()))
    }

    // MARK: What is known

    /// The session as it stands: nickname, account, capabilities, channels and their members.
    public var session: ClientSession { engine.session }
    /// Whether the server has accepted the session.
    public var isOnline: Bool { engine.isOnline }

    // MARK: Work

    private func now() -> Moment {
        Moment(wall: Timestamp(microseconds: clock.now()), monotonic: clock.monotonic())
    }

    private func takeNumber() -> UInt64 {
        defer { nextRequestNumber &+= 1 }
        return nextRequestNumber
    }

    /// Lets time pass; called by the alarm, and by tests that turn the clock.
    package func wake() { perform(engine.tick(now())) }

    private func transportEvent(_ event: TransportEvent, attempt: Int) {
        guard attempt == self.attempt else { return }
        switch event {
        case .opened: perform(engine.opened(now()))
        case .received(let bytes):
            trace("<", bytes)
            perform(engine.received(bytes, now()))
        case .closed(let error):
            link = nil
            perform(engine.closed(error, now()))
        }
    }

    private func perform(_ outputs: [EngineOutput]) {
        var unsent: [UInt8] = []
        for output in outputs {
            if case .send(let bytes) = output {
                trace(">", bytes)
                unsent += bytes
                continue
            }
            flush(&unsent)
            switch output {
            case .send: break
            case .open: openLink()
            case .close:
                link?.close()
                link = nil
                attempt += 1
            case .event(let event): tell(event)
            case .completed(let number, let result):
                switch waiting.removeValue(forKey: number) {
                case .reply(let continuation): continuation.resume(returning: result)
                case .call(let completion): completion(result)
                case nil: continue
                }
            case .keep(let token): configuration.keepResumeToken?(token)
            case .forget(let token):
                do { try queue.remove(token: token) } catch {
                    // The message stays on disk and is sent again with its token, which stores it once.
                    tell(.malformedLine("the queue could not be written: \(error)"))
                }
            }
        }
        flush(&unsent)
        setAlarm()
        guard !engine.isAwaitingToken else { return }
        for continuation in awaitingToken { continuation.resume() }
        awaitingToken = []
    }

    private func flush(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        link?.send(bytes)
        bytes = []
    }

    private func openLink() {
        attempt += 1
        let number = attempt
        link = transport.open(configuration) { [weak self, executor] event in
            executor.submit { [self] in
                self?.assumeIsolated { $0.transportEvent(event, attempt: number) }
            }
        }
    }

    private func tell(_ event: ClientEvent) {
        switch event {
        case .stateChanged(.online): resumeOnline(.success(()))
        case .stateChanged(.offline(let error)):
            // Who took no events is told so, and not that it was closed.
            if case .eventsNotTaken? = ending {} else { ending = error ?? .closed }
            let reason = ending ?? .closed
            resumeOnline(.failure(reason))
            for token in awaitingDelivery.keys.sorted() { deliver(token, .failure(reason)) }
        case .delivery(let token, _, .delivered(let message)): deliver(token, .success(message))
        case .delivery(let token, _, .failed(let error)): deliver(token, .failure(error))
        default: break
        }
        if case .dropped = continuation.yield(event), ending == nil {
            ending = .eventsNotTaken(limit: ClientLimits.eventBufferLimit)
            perform(engine.stop(now()))
        }
        if case .stateChanged(.offline) = event { continuation.finish() }
    }

    private func resumeOnline(_ result: Result<Void, ClientError>) {
        let waiting = awaitingOnline
        awaitingOnline = []
        for continuation in waiting { continuation.resume(returning: result) }
    }

    private func deliver(_ token: String, _ result: Result<Message, ClientError>) {
        for continuation in awaitingDelivery.removeValue(forKey: token) ?? [] {
            continuation.resume(returning: result)
        }
    }

    private func setAlarm() {
        let due = engine.nextDeadline
        guard due != alarm else { return }
        alarm = due
        alarmNumber += 1
        guard let due else { return }
        let number = alarmNumber
        let pause = max(due - clock.monotonic(), 0)
        executor.queue.asyncAfter(deadline: .now() + .microseconds(Int(pause))) { [weak self] in
            self?.assumeIsolated { $0.ring(number) }
        }
    }

    private func ring(_ number: Int) {
        guard number == alarmNumber else { return }
        alarm = nil
        perform(engine.tick(now()))
    }

    // MARK: Trace

    private func trace(_ direction: String, _ bytes: [UInt8]) {
        guard let trace = configuration.trace else { return }
        for line in bytes.split(separator: 10) {
            var text = String(decoding: line, as: UTF8.self)
            if text.hasSuffix("\r") { text.removeLast() }
            trace(direction + " " + WireTrace.withoutSecrets(text))
        }
    }
}

/// What may be written to a trace.
enum WireTrace {
    /// The line with the parameters of AUTHENTICATE, REGISTER, VERIFY, PASS, PASSWORD and OPER blanked, and codes and
    /// tokens that the server tells.
    static func withoutSecrets(_ line: String) -> String {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let secret: Set<String> = ["AUTHENTICATE", "REGISTER", "VERIFY", "PASS", "OPER", "PASSWORD"]
        let start = words.firstIndex { !$0.hasPrefix("@") && !$0.hasPrefix(":") }
        if let start, words[start] == "NOTE", words.count > start + 2,
            ["RESUME TOKEN", "INVITECODE CREATED"].contains("\(words[start + 1]) \(words[start + 2])")
        {
            return words[...(start + 2)].joined(separator: " ") + " [not shown]"
        }
        guard let start, secret.contains(words[start].uppercased()) else { return line }
        return (words[...start].joined(separator: " ")) + " [not shown]"
    }
}
