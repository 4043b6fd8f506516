// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay

/// What became of a message that was to be delivered.
package enum DeliveryOutcome: Sendable, Hashable {
    /// The server has stored it.
    case stored(id: String)
    /// It was delivered before.
    case duplicate(id: String)
    /// It will not be stored, however often it is sent.
    case refused(code: String, reason: String)
    /// It may be stored later: send it again.
    case unavailable(reason: String)
}

/// Where adapters deliver to.
package protocol Delivering: Sendable {
    /// Delivers a message and returns what became of it; after the time given, that it is unavailable as yet.
    func deliver(
        _ message: RelayMessage, to channel: String, withinMilliseconds limit: Int64?
    ) async -> DeliveryOutcome
    /// Counts something.
    func count(_ change: @Sendable (inout RelayCounters) -> Void) async
    /// A meeting began or ended.
    func note(meeting: String, isRunning: Bool) async
}

/// The relay's side of the server: one connection, over which many messages are under way at once.
package actor ServerLink: Delivering {
    private struct Job: Sendable {
        var message: RelayMessage
        var channel: String
    }
    private struct Flight {
        var message: RelayMessage
        var channel: String
        var openPieceCount: Int
        var firstID: String?
        var failure: ClientError?
        var waiters: [(number: Int, answer: @Sendable (DeliveryOutcome) -> Void)] = []
    }

    // MARK: Fixed at creation

    /// The connection.
    package nonisolated let connection: PlenaryConnection
    /// The settings.
    package nonisolated let settings: RelaySettings
    /// Messages of the channels for the other side, those it brought left out. For one reader.
    package nonisolated let outgoing: AsyncStream<(channel: String, message: RoomMessage)>
    private nonisolated let outgoingContinuation:
        AsyncStream<(channel: String, message: RoomMessage)>.Continuation
    private nonisolated let jobs: AsyncStream<Job>
    private nonisolated let jobContinuation: AsyncStream<Job>.Continuation
    private nonisolated let keys: RelayKeys
    private nonisolated let now: @Sendable () -> Timestamp
    private nonisolated let log: @Sendable (String) -> Void

    // MARK: Owned by this actor

    private var record: DeliveryRecord
    private var flights: [String: Flight] = [:]
    private var nextWaiter = 0
    private var sentPieceCount = 0
    private var windowWaiter: CheckedContinuation<Void, Never>?
    package private(set) var counters = RelayCounters()
    package private(set) var meetings: [String: Bool] = [:]
    package private(set) var isOnline = false
    private var nickname = ""
    /// Why the connection ended for good; nil while it lives.
    package private(set) var ending: ClientError?
    private var work: [Task<Void, Never>] = []

    /// A link over this connection, which is not started yet.
    package init(
        _ connection: PlenaryConnection, _ settings: RelaySettings, record: consuming DeliveryRecord,
        keys: RelayKeys, now: @escaping @Sendable () -> Timestamp, log: @escaping @Sendable (String) -> Void
    ) {
        self.connection = connection
        self.settings = settings
        self.record = record
        self.keys = keys
        self.now = now
        self.log = log
        (outgoing, outgoingContinuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1000))
        (jobs, jobContinuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(RelayLimits.inFlightLimit))
    }

    /// Begins: takes the connection's events and sends what is delivered, in its order.
    package func start() async throws(ClientError) {
        work.append(
            Task { [connection] in for await event in connection.events { self.take(event) } })
        work.append(Task { [jobs] in for await job in jobs { await self.send(job) } })
        work.append(
            Task {
                while !Task.isCancelled {
                    // Cancelled when the relay ends.
                    guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
                    self.sync()
                }
            })
        try await connection.start()
    }

    /// Says good-bye.
    package func stop() async {
        sync()
        await connection.close()
        outgoingContinuation.finish()
        jobContinuation.finish()
        for task in work.dropFirst() { task.cancel() }
    }

    // MARK: Delivering

    package func deliver(
        _ message: RelayMessage, to channel: String, withinMilliseconds limit: Int64?
    ) async -> DeliveryOutcome {
        let isConnected = await connection.isOnline
        let (outcomes, answer) = AsyncStream<DeliveryOutcome>.makeStream()
        begin(message, to: channel, isConnected: isConnected, limit) { answer.yield($0) }
        for await outcome in outcomes { return outcome }
        return unconfirmed("the relay ends")
    }

    /// Delivers messages in their order, none of them waiting for another, and returns what became of each.
    package func deliver(all messages: [RelayMessage], to channel: String) async -> [DeliveryOutcome] {
        let isConnected = await connection.isOnline
        let (answers, answer) = AsyncStream<(Int, DeliveryOutcome)>.makeStream()
        for (index, message) in messages.enumerated() {
            begin(message, to: channel, isConnected: isConnected, nil) { answer.yield((index, $0)) }
        }
        var outcomes = Array(
            repeating: DeliveryOutcome.unavailable(reason: "the relay ends"), count: messages.count)
        var openCount = messages.count
        guard openCount > 0 else { return [] }
        for await (index, outcome) in answers {
            outcomes[index] = outcome
            openCount -= 1
            if openCount == 0 { break }
        }
        return outcomes
    }

    /// Delivers what the other side will not send again: tries until the server answers or the relay ends.
    package func deliverPatiently(_ message: RelayMessage, to channel: String) async {
        while ending == nil {
            guard case .unavailable = await deliver(message, to: channel, withinMilliseconds: nil) else {
                return
            }
            // Cancelled when the relay ends.
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
        }
    }

    /// Sends a message unless it is known or under way, and promises the answer.
    private func begin(
        _ message: RelayMessage, to channel: String, isConnected: Bool, _ limit: Int64?,
        answer: @escaping @Sendable (DeliveryOutcome) -> Void
    ) {
        guard settings.allows(channel) else {
            counters.refused += 1
            return answer(.refused(code: "UNLISTED", reason: "\(channel) is not on the list of channels"))
        }
        if let known = record[message.token] {
            counters.duplicate += 1
            return answer(.duplicate(id: known.messageID))
        }
        if let known = takeImport(of: message, in: channel) {
            counters.duplicate += 1
            return answer(.duplicate(id: known))
        }
        guard ending == nil, isConnected else {
            return answer(unconfirmed("the server is not connected"))
        }
        let isFirst = flights[message.token] == nil
        guard !isFirst || flights.count < RelayLimits.inFlightLimit else {
            return answer(unconfirmed("\(RelayLimits.inFlightLimit) messages are under way"))
        }
        let number = nextWaiter
        nextWaiter += 1
        if isFirst {
            flights[message.token] = Flight(
                message: message, channel: channel, openPieceCount: message.pieces.count)
            jobContinuation.yield(Job(message: message, channel: channel))
        }
        flights[message.token]?.waiters.append((number, answer))
        guard let limit else { return }
        Task {
            // An uncancelled sleep always ends.
            try? await Task.sleep(for: .milliseconds(limit))
            self.expire(message.token, number)
        }
    }

    /// The id of a late message that was brought out of a saved file meanwhile, perhaps by another process; noted
    /// under its own token as well, so that it stands for this one delivery.
    private func takeImport(of message: RelayMessage, in channel: String) -> String? {
        guard !message.token.hasPrefix(RelayKeys.savedPrefix), let said = message.originTime,
            said.advanced(bySeconds: RelayLimits.lateSeconds) <= now()
        else { return nil }
        do { try record.catchUp() } catch { log("the record of deliveries cannot be read: \(error)") }
        let digest = keys.digest(sender: message.nickname, text: message.text)
        guard let known = record.importedDelivery(digest: digest, said: said, channel: channel) else {
            return nil
        }
        note(
            .init(
                messageID: known.messageID, originID: message.originID, digest: digest, said: said,
                channel: channel), message.token)
        return known.messageID
    }

    private func unconfirmed(_ reason: String) -> DeliveryOutcome {
        counters.unconfirmed += 1
        return .unavailable(reason: reason)
    }

    /// Whoever waited too long is told so. The message stays under way, and its echo is noted when it comes.
    private func expire(_ token: String, _ number: Int) {
        guard let place = flights[token]?.waiters.firstIndex(where: { $0.number == number }),
            let waiter = flights[token]?.waiters.remove(at: place)
        else { return }
        waiter.answer(unconfirmed("not confirmed in time"))
    }

    /// Sends one after the other; waits for none of them, but for room in the window.
    private func send(_ job: Job) async {
        let message = job.message
        let replyTo = message.replyTo.flatMap { id in
            record[RelayKeys.token(origin: message.origin, place: message.place, id: id)]?.messageID
        }
        for (index, piece) in message.pieces.enumerated() {
            var post = RelayedPost(
                target: job.channel, name: message.nickname, text: piece.text, token: piece.token,
                origin: message.origin)
            post.originID = message.originID
            post.originTime = message.originTime
            post.language = message.language
            post.replyTo = index == 0 ? replyTo : nil
            if sentPieceCount >= RelayLimits.sendWindowLimit {
                await withCheckedContinuation { windowWaiter = $0 }
            }
            sentPieceCount += 1
            await connection.relay(post) { result in
                Task { await self.finish(message.token, isFirst: index == 0, result) }
            }
        }
    }

    private func finish(_ token: String, isFirst: Bool, _ result: Result<Message, ClientError>) {
        sentPieceCount -= 1
        windowWaiter?.resume()
        windowWaiter = nil
        guard var flight = flights[token] else { return }
        flight.openPieceCount -= 1
        switch result {
        case .success(let echo): if isFirst { flight.firstID = echo.id ?? "" }
        case .failure(let error): flight.failure = flight.failure ?? error
        }
        flights[token] = flight
        guard flight.openPieceCount <= 0 else { return }
        flights[token] = nil
        let outcome = settle(flight)
        for (place, waiter) in flight.waiters.enumerated() {
            guard place > 0, case .stored(let id) = outcome else {
                waiter.answer(outcome)
                continue
            }
            counters.duplicate += 1
            waiter.answer(.duplicate(id: id))
        }
    }

    private func settle(_ flight: Flight) -> DeliveryOutcome {
        switch flight.failure {
        case nil: break
        case .refused(let refusal) where ServerLink.isTemporary(refusal.code):
            return unconfirmed("the server asks to wait: \(refusal.text)")
        case .refused(let refusal):
            counters.refused += 1
            log("refused: \(refusal)")
            return .refused(code: refusal.code, reason: refusal.text)
        case .invalidArgument(let reason), .unsupported(let reason):
            counters.refused += 1
            log("refused: \(reason)")
            return .refused(code: "NOT_POSSIBLE", reason: reason)
        case .some(let error): return unconfirmed("\(error)")
        }
        let message = flight.message
        let id = flight.firstID ?? ""
        counters.arrived += 1
        if let said = message.originTime, said.advanced(bySeconds: RelayLimits.lateSeconds) <= now() {
            counters.late += 1
        }
        let delivery = DeliveryRecord.Delivery(
            messageID: id, originID: message.originID,
            digest: keys.digest(sender: message.nickname, text: message.text), said: message.originTime,
            channel: flight.channel)
        note(delivery, message.token)
        return .stored(id: id)
    }

    private func note(_ delivery: DeliveryRecord.Delivery, _ token: String) {
        do { try record.append(token: token, delivery, at: now()) } catch {
            log("a delivery could not be noted: \(error)")
        }
    }

    /// Refusals that time heals.
    private static func isTemporary(_ code: String) -> Bool {
        ["263", "439", "RATE_LIMITED", "TEMPORARILY_UNAVAILABLE", "TRY_AGAIN"].contains(code)
    }

    package func count(_ change: @Sendable (inout RelayCounters) -> Void) { change(&counters) }

    package func note(meeting: String, isRunning: Bool) {
        guard meetings[meeting] != nil || meetings.count < 1000 else { return }
        meetings[meeting] = isRunning
    }

    /// Whether the relay has delivered this once, by whatever way.
    package func hasDelivered(nickname: String, text: String) -> Bool {
        record.has(digest: keys.digest(sender: nickname, text: text))
    }

    /// Whether a token was delivered.
    package func hasDelivered(token: String) -> Bool { record[token] != nil }

    private func sync() {
        do { try record.sync() } catch { log("the record of deliveries could not be synced: \(error)") }
    }

    // MARK: Hearing

    private func take(_ event: ClientEvent) {
        switch event {
        case .stateChanged(.online):
            isOnline = true
            log("online")
        case .stateChanged(.retrying(let pause, let error)):
            isOnline = false
            log("not connected: \(error); again in \(pause) ms")
        case .stateChanged(.offline(let error)):
            isOnline = false
            ending = error ?? .closed
            outgoingContinuation.finish()
        case .stateChanged(.connecting): break
        case .message(let message): hand(message)
        case .welcomed(let welcome): nickname = welcome.nickname
        case .renamed(_, let name, true): nickname = name
        case .gap(let gap): log("messages are missing in \(gap.conversation)")
        case .remark(let remark) where remark.level == .fail: log("the server says: \(remark.content)")
        default: break
        }
    }

    /// Hands a message of a channel to the other side, unless it came from there.
    private func hand(_ message: Message) {
        guard settings.allows(message.conversation), message.kind == .message || message.kind == .action,
            message.hiddenCode == nil, !message.isOwn
        else { return }
        if let relay = message.relayedBy, relay.lowercased() == nickname.lowercased() { return }
        let id = message.id ?? ""
        let replyTo = message.replyTo.map { record.originID(ofMessage: $0) ?? $0 }
        let text = message.kind == .action ? "* " + message.text : message.text
        let room = RoomMessage(
            id: id, time: message.time, sender: message.sender.nickname, account: message.sender.account,
            text: text, replyTo: replyTo, language: message.marks.language)
        if case .dropped = outgoingContinuation.yield((message.conversation, room)) {
            log("the other side takes messages too slowly; one was left out")
        } else {
            counters.sent += 1
        }
    }
}
