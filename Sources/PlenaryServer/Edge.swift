// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryNet
import PlenaryQueues
import PlenaryTerms
import PlenaryWire
import Synchronization

/// A shard's side of the server: splits and parses what comes in, holds flood and time limits, and hands
/// whole rounds to the community's queue. Lives in its shard's isolation.
final class Edge: ShardHandler {
    private struct Client {
        let id: ConnectionID
        let openedAt: Int64
        var splitter = LineSplitter(limits: .fromClient)
        var commands: TokenBucket?
        var bytes: TokenBucket?
        var isRegistered = false
        /// Before the welcome.
        var lineCount = 0
        var byteCount = 0
        var lastInput: Int64
        var hasPinged = false
        var unfinishedSince: Int64?
        var overlongTimes: [Int64] = []
        /// Reading is paused until then; 0 when it is not.
        var pausedUntil: Int64 = 0
        var isClosing = false
    }

    private let limits: SessionLimits
    private let serverName: Text
    private let cloaks: Cloaks
    private let post: @Sendable ([Inbound]) -> Void
    private let backPressure: BackPressure
    private var clients: [Client?] = []
    private var round: [Inbound] = []
    private var lastSweep: Int64 = 0

    init(
        limits: SessionLimits, serverName: Text, cloaks: Cloaks, backPressure: BackPressure,
        post: @escaping @Sendable ([Inbound]) -> Void
    ) {
        self.limits = limits
        self.serverName = serverName
        self.cloaks = cloaks
        self.backPressure = backPressure
        self.post = post
    }

    // MARK: From the shard

    func accepted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        if !info.isTLS { open(id, info, on: shard) }
    }

    func handshakeCompleted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        open(id, info, on: shard)
    }

    private func open(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {
        let now = shard.now
        var client = Client(id: id, openedAt: now, lastInput: now)
        if let burst = limits.commandBurst {
            client.commands = TokenBucket(burst: burst, perSecond: limits.commandsPerSecond, now: now)
            client.bytes = TokenBucket(burst: limits.byteBurst, perSecond: limits.bytesPerSecond, now: now)
        }
        while clients.count <= id.slot { clients.append(nil) }
        clients[id.slot] = client
        round.append(
            .opened(
                Opening(
                    id: SessionID(id), isTLS: info.isTLS,
                    certificateFingerprint: info.peerCertificateFingerprint,
                    host: cloaks.host(of: info.remote))))
    }

    func received(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, on shard: isolated IOShard) {
        // Taken out while it changes, so that its buffer is not copied.
        guard id.slot < clients.count, var client = clients[id.slot], client.id == id, !client.isClosing
        else { return }
        clients[id.slot] = nil
        let now = shard.now
        client.lastInput = now
        client.hasPinged = false
        client.byteCount &+= bytes.count
        var hasLine = false
        var excess: ServerText?
        var splitter = client.splitter
        splitter.split(bytes) { piece in
            guard excess == nil else { return }
            hasLine = true
            excess = take(piece, of: &client, now)
        }
        client.splitter = splitter
        let began = hasLine ? nil : client.unfinishedSince
        client.unfinishedSince = splitter.hasUnfinishedLine ? (began ?? now) : nil
        if let excess {
            close(&client, excess, isHeard: true, on: shard)
        } else {
            holdLimits(&client, byteCount: bytes.count, now, on: shard)
        }
        clients[id.slot] = client
    }

    /// Adds a line to the round. Gives why it is the last that is taken: however many more came with it.
    private func take(_ piece: LineSplitter.Piece, of client: inout Client, _ now: Int64) -> ServerText? {
        client.lineCount += 1
        if !client.isRegistered, client.lineCount > limits.registrationLineLimit {
            return .registrationTimedOut
        }
        let request: Request?
        switch piece {
        case .overlong:
            let limit = WireLimits.fromClient.bodyByteLimit
            request = Dialect.interpret(LineError.bodyTooLong(byteCount: limit + 1, limit: limit))
        case .line(let line): request = Dialect.request(of: line)
        }
        guard let request else { return nil }
        round.append(.request(SessionID(client.id), request))
        if request.refusal == .inputTooLong {
            client.overlongTimes = client.overlongTimes.filter { now - $0 < 60_000_000 } + [now]
            if client.overlongTimes.count >= limits.overlongLineLimit { return .overlongLines }
        }
        let wait = client.commands?.take(request.cost, now: now) ?? 0
        return isExcess(wait) ? .excessFlood : nil
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, on shard: isolated IOShard) {
        guard let client = client(id) else { return }
        clients[id.slot] = nil
        if !client.isClosing { round.append(.closed(SessionID(id), reason: Edge.text(reason))) }
    }

    func roundEnded(on shard: isolated IOShard) {
        guard !round.isEmpty else { return }
        post(round)
        round = []
    }

    private func client(_ id: ConnectionID) -> Client? {
        guard id.slot < clients.count, let client = clients[id.slot], client.id == id else { return nil }
        return client
    }

    // MARK: Limits

    private func isExcess(_ wait: Int64) -> Bool { wait > Int64(limits.backlogSecondsLimit) * 1_000_000 }

    /// Those of all that was read at once; those of each line are in `take`.
    private func holdLimits(
        _ client: inout Client, byteCount: Int, _ now: Int64, on shard: isolated IOShard
    ) {
        if !client.isRegistered, client.byteCount > limits.registrationByteLimit {
            close(&client, .registrationTimedOut, isHeard: true, on: shard)
            return
        }
        let wait = max(
            client.commands?.take(0, now: now) ?? 0, client.bytes?.take(byteCount, now: now) ?? 0)
        if isExcess(wait) {
            close(&client, .excessFlood, isHeard: true, on: shard)
        } else if wait > 0 {
            pause(&client, until: now + wait, on: shard)
        } else if backPressure.isOn {
            pause(&client, until: now, on: shard)
        }
    }

    private func pause(_ client: inout Client, until: Int64, on shard: isolated IOShard) {
        client.pausedUntil = max(until, 1)
        shard.pauseReading(client.id)
    }

    /// `isHeard`: it sends, and what it sends could destroy the last line if it were not read for a while. Whose time
    /// is over may be gone without a word, and would keep its descriptor all that while.
    private func close(
        _ client: inout Client, _ reason: ServerText, isHeard: Bool, on shard: isolated IOShard
    ) {
        guard !client.isClosing else { return }
        client.isClosing = true
        let seconds: KeyValuePairs<Placeholder, Text> = [
            .seconds: Text(number: limits.closeAfterSilenceSeconds)
        ]
        let quit = PlenaryDialect.text(reason, in: .english, seconds)
        let error = Line(
            verb: "ERROR", [PlenaryDialect.text(.closingLink, in: .english, [.reason: quit])],
            hasTrailing: true)
        shard.enqueue(Chunk(error.encoded()), to: client.id)
        shard.close(client.id, afterFlushing: true, lingering: isHeard)
        round.append(.closed(SessionID(client.id), reason: quit))
    }

    /// Time-outs. Once a second is often enough for limits of 30 s, and 10,000 clients cost a look each;
    /// those who are paused are looked at every time.
    func tick(_ now: Int64, on shard: isolated IOShard) {
        // Those who are not read leave nothing that would ask again whether the disk has caught up.
        backPressure.update()
        let isSweep = now - lastSweep >= 1_000_000
        if isSweep { lastSweep = now }
        for slot in clients.indices {
            guard var client = clients[slot], !client.isClosing else { continue }
            if client.pausedUntil > 0, client.pausedUntil <= now, !backPressure.isOn {
                client.pausedUntil = 0
                // What it said meanwhile was not read.
                client.lastInput = now
                client.hasPinged = false
                if client.unfinishedSince != nil { client.unfinishedSince = now }
                clients[slot] = client
                shard.resumeReading(client.id)
            }
            guard isSweep else { continue }
            sweep(&client, now, on: shard)
            clients[slot] = client
        }
    }

    private func sweep(_ client: inout Client, _ now: Int64, on shard: isolated IOShard) {
        func isOver(_ since: Int64, _ seconds: Int) -> Bool { now - since >= Int64(seconds) * 1_000_000 }
        if !client.isRegistered {
            if isOver(client.openedAt, limits.registrationSeconds) {
                close(&client, .registrationTimedOut, isHeard: false, on: shard)
            }
            return
        }
        guard client.pausedUntil == 0 else { return }
        if let since = client.unfinishedSince, isOver(since, limits.unfinishedLineSeconds) {
            close(&client, .unfinishedLine, isHeard: true, on: shard)
        } else if isOver(client.lastInput, limits.closeAfterSilenceSeconds) {
            close(&client, .pingTimedOut, isHeard: false, on: shard)
        } else if isOver(client.lastInput, limits.pingAfterSeconds), !client.hasPinged {
            client.hasPinged = true
            shard.enqueue(Chunk(Line(verb: "PING", [serverName], hasTrailing: true).encoded()), to: client.id)
        }
    }

    // MARK: From the community

    /// Sends what the gate let through.
    func deliver(_ batch: ShardBatch, on shard: isolated IOShard) {
        for item in batch.items {
            switch item {
            case .send(let chunk, let id): shard.enqueue(chunk, to: id)
            case .fan(let fan):
                shard.enqueue(Chunk(fan.bytes), to: fan.recipients, except: fan.exceptions)
            case .registered(let id, let isUnlimited):
                if var client = client(id) {
                    client.isRegistered = true
                    welcome(&client, isUnlimited: isUnlimited, shard.now)
                    clients[id.slot] = client
                }
                shard.setRegistered(id)
            case .close(let id):
                if var client = client(id) {
                    client.isClosing = true
                    clients[id.slot] = client
                }
                shard.close(id, afterFlushing: true)
            }
        }
    }

    /// What was said before the welcome had limits of its own; behind it everybody enters channels and fetches what
    /// was missed (docs/decisions/0105).
    /// A relay has no bucket at all: what it says is what a whole meeting says (docs/decisions/0170).
    private func welcome(_ client: inout Client, isUnlimited: Bool, _ now: Int64) {
        guard client.commands != nil, let burst = limits.commandBurst else { return }
        client.commands =
            isUnlimited
            ? nil
            : TokenBucket(
                burst: burst, perSecond: limits.commandsPerSecond,
                allowance: limits.arrivalCommandAllowance, now: now)
        if isUnlimited { client.bytes = nil }
        // Reading goes on at the next tick.
        if client.pausedUntil > 0 { client.pausedUntil = 1 }
    }

    /// Why a connection ended, as others read it in QUIT.
    private static func text(_ reason: CloseReason) -> Text {
        let key: ServerText =
            switch reason {
            case .endOfStream, .requested: .connectionClosed
            case .shuttingDown: .serverStopping
            case .sendQueueExceeded, .sendQueueSlow, .sendQueueTotalExceeded, .writeStalled:
                .sendQueueExceeded
            case .handshakeTimedOut, .handshakeDisplaced, .tls, .connectTimedOut, .connectFailed, .failed:
                .connectionReset
            }
        return PlenaryDialect.text(key, in: .english)
    }
}

/// Whether clients are read at all: on, they are not, while the disk or the community's queue is behind (log.md, write
/// path). As it was when it was last asked: after each round, and at each tick.
final class BackPressure: Sendable {
    private let isBehind: @Sendable () -> Bool
    private let state = Atomic<Bool>(false)

    init(_ isBehind: @escaping @Sendable () -> Bool) { self.isBehind = isBehind }

    var isOn: Bool { state.load(ordering: .relaxed) }
    func update() { state.store(isBehind(), ordering: .relaxed) }
}
