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
        let mustWait = accepted.context != nil && handshakeCount >= share(limits.handshakeLimit)
        let isRefused =
            isStopping || (mustWait && waitingHandshakes.count >= share(limits.waitingHandshakeLimit))
        guard !isRefused else {
            Socket.close(accepted.descriptor)
            reports.append(.closed(accepted.remote, wasRegistered: false))
            return
        }
        let connection = makeConnection(
            descriptor: accepted.descriptor, remote: accepted.remote, listenerIndex: accepted.listenerIndex,
            phase: accepted.context == nil ? .open : .waitingForHandshake,
            sendLimit: limits.unregisteredSendQueueByteLimit)
        connection.context = accepted.context
        if accepted.context == nil {
            watch(connection, .input)
        } else {
            setDeadline(connection, seconds: limits.handshakeTimeoutSeconds)
        }
        let info = ConnectionInfo(
            remote: accepted.remote, listenerIndex: accepted.listenerIndex, isTLS: accepted.context != nil,
            handshake: nil)
        handler?.accepted(connection.id, info, on: self)
        guard accepted.context != nil else { return }
        if mustWait {
            waitingHandshakes.append(connection.id)
        } else {
            beginHandshake(connection)
        }
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

    private func beginHandshake(_ connection: Connection) {
        handshakeCount += 1
        connection.phase = .handshaking
        guard let context = connection.context, connection.closeReason == nil else { return }
        connection.context = nil
        do {
            connection.engine = try TLSEngine.server(context: context, windows: windows)
            watch(connection, .input)
        } catch {
            close(connection, .tls(error))
        }
    }

    /// A handshake under way has ended, well or not.
    func endHandshakeTurn() { handshakeCount -= 1 }

    /// Begins as many handshakes as there is room for.
    func beginWaitingHandshakes() {
        while handshakeCount < share(limits.handshakeLimit), let id = waitingHandshakes.next() {
            guard let connection = connection(id), connection.phase == .waitingForHandshake else { continue }
            waitingHandshakes.forgetOne()
            beginHandshake(connection)
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
        handshakeCount += 1
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
