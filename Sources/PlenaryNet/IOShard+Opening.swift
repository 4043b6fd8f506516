// SPDX-License-Identifier: Apache-2.0
//
// The beginning of connections: accepted by a listener, or opened from here.

import Glibc

/// A connected socket on its way from a listener to its shard.
struct AcceptedConnection: Sendable {
    let descriptor: Int32
    let remote: NetworkAddress
    let listenerIndex: Int
    let context: TLSContext?
}

extension IOShard {
    // MARK: Accepted

    /// Takes over connections a listener has accepted and admission has counted.
    func adopt(_ accepted: [AcceptedConnection]) {
        for one in accepted { adopt(one) }
    }

    private func adopt(_ accepted: AcceptedConnection) {
        guard !isStopping, accepted.context == nil || hasRoomForHandshake() else {
            Socket.close(accepted.descriptor)
            reports.append(.closed(accepted.remote, wasRegistered: false))
            return
        }
        let connection = makeConnection(
            descriptor: accepted.descriptor, remote: accepted.remote, listenerIndex: accepted.listenerIndex,
            phase: accepted.context == nil ? .open : .handshaking,
            sendLimit: limits.unregisteredSendQueueByteLimit)
        connection.context = accepted.context
        if accepted.context != nil {
            noteHeard(connection)
            setDeadline(connection, seconds: limits.handshakeTimeoutSeconds)
        }
        watch(connection, .input)
        let info = ConnectionInfo(
            remote: accepted.remote, listenerIndex: accepted.listenerIndex, isTLS: accepted.context != nil,
            handshake: nil)
        handler?.accepted(connection.id, info, on: self)
    }

    /// This shard's part of a limit that is for all of them, at least 1.
    private func share(_ limit: Int) -> Int { max(1, limit / shardCount) }

    private func makeConnection(
        descriptor: Int32, remote: NetworkAddress, listenerIndex: Int, phase: Connection.Phase, sendLimit: Int
    ) -> Connection {
        let id = makeID()
        let connection = Connection(
            id: id, descriptor: descriptor, remote: remote, listenerIndex: listenerIndex, phase: phase,
            sendLimit: sendLimit)
        connections[id.slot] = connection
        sendTable.open(id, room: sendLimit)
        return connection
    }

    private func watch(_ connection: Connection, _ interest: Interest) {
        do {
            try poller.add(connection.descriptor, interest, token: connection.id.rawValue)
            connection.interest = interest
        } catch {
            close(connection, .failed(errno: error.number))
        }
    }

    // MARK: Handshakes

    /// Whether one more may be under way. When there are too many, the one whose peer has been silent for longest
    /// goes, so that those who are stuck keep nobody away for long (docs/decisions/0176).
    private func hasRoomForHandshake() -> Bool {
        guard handshakes.count >= share(limits.waitingHandshakeLimit) else { return true }
        guard let slot = handshakes.longestSilent, let silent = connections[slot],
            now - silent.lastHeard >= Int64(limits.handshakeSilenceMilliseconds) * 1000
        else { return false }
        count { $0.handshakeFailureCount += 1 }
        handshakes.remove(slot)
        close(silent, .handshakeDisplaced)
        return true
    }

    /// The peer of an accepted connection whose handshake is not over has come or said something.
    func noteHeard(_ connection: Connection) {
        guard connection.phase == .handshaking, connection.listenerIndex >= 0, connection.closeReason == nil
        else { return }
        connection.lastHeard = now
        handshakes.heard(connection.id.slot)
    }

    /// Whether a handshake may be worked on in this round. One that waits for its peer has no turn and takes none.
    func takeHandshakeTurn() -> Bool {
        guard handshakeTurnCount < share(limits.handshakeLimit) else { return false }
        handshakeTurnCount += 1
        count { $0.handshakeTurnPeak = max($0.handshakeTurnPeak, handshakeTurnCount) }
        return true
    }

    /// The first bytes of an accepted connection are there: only now is memory spent on it.
    func beginHandshake(_ connection: Connection) {
        guard let context = connection.context else { return }
        connection.context = nil
        do {
            connection.engine = try TLSEngine.server(context: context, windows: windows)
        } catch {
            close(connection, .tls(error))
        }
    }

    // MARK: Opened from here

    /// Opens a connection to the first of `addresses` that answers. The handler hears `connected`, or
    /// `closed` when none does. What is enqueued for the id meanwhile is sent then.
    package func connect(to addresses: [NetworkAddress], tls: ClientTLS? = nil) -> ConnectionID {
        let first = addresses.first ?? NetworkAddress(ipv4: 0, port: 0)
        let connection = makeConnection(
            descriptor: -1, remote: first, listenerIndex: -1, phase: .connecting,
            sendLimit: limits.sendQueueByteLimit)
        connection.attempt = ConnectionAttempt(addresses: addresses[...], tls: tls)
        if isStopping { close(connection, .shuttingDown) } else { tryNextAddress(connection) }
        ensureRound()
        return connection.id
    }

    private func tryNextAddress(_ connection: Connection) {
        while let address = connection.attempt?.addresses.popFirst() {
            connection.remote = address
            do {
                connection.descriptor = try Socket.connect(to: address, limits: limits)
                setDeadline(connection, seconds: limits.connectTimeoutSeconds)
                watch(connection, .output)
                return
            } catch {
                connection.attempt?.lastErrno = error.number
            }
        }
        let number = connection.attempt?.lastErrno ?? 0
        close(connection, number == ETIMEDOUT ? .connectTimedOut : .connectFailed(errno: number))
    }

    /// This address did not answer; the next may.
    func connectionFailed(_ connection: Connection, _ number: Int32) {
        connection.attempt?.lastErrno = number
        if connection.descriptor >= 0 { Socket.close(connection.descriptor) }
        connection.descriptor = -1
        connection.interest = []
        tryNextAddress(connection)
    }

    /// The socket is connected, or is not.
    func finishConnecting(_ connection: Connection) {
        guard connection.closeReason == nil, let attempt = connection.attempt else { return }
        let number = Socket.takeError(connection.descriptor)
        guard number == 0 else {
            connectionFailed(connection, number)
            return
        }
        guard let tls = attempt.tls else {
            connection.phase = .open
            connection.attempt = nil
            updateInterest(connection)
            releaseHeldBytes(connection)
            let info = ConnectionInfo(
                remote: connection.remote, listenerIndex: -1, isTLS: false, handshake: nil)
            handler?.connected(connection.id, info, on: self)
            return
        }
        beginClientHandshake(connection, tls)
    }

    private func beginClientHandshake(_ connection: Connection, _ tls: ClientTLS) {
        connection.phase = .handshaking
        setDeadline(connection, seconds: limits.handshakeTimeoutSeconds)
        updateInterest(connection)
        do throws(TLSError) {
            let engine = try TLSEngine.client(
                context: tls.context, windows: windows, serverName: tls.serverName, trust: tls.trust)
            connection.engine = engine
            windows.clearOutput()
            _ = try engine.handshake()
            sendOutput(connection)
        } catch {
            close(connection, .tls(error))
        }
    }
}
