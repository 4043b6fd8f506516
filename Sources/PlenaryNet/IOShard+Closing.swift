// SPDX-License-Identifier: Apache-2.0
//
// The end of connections: asked for, found out, or due.

import Glibc

extension IOShard {
    /// Closes a connection when the round ends; with `afterFlushing`, when everything enqueued so
    /// far was given to the kernel. From now on nothing is received from it and nothing more is
    /// taken for it. A stale id is ignored; so is a second call, except that one without
    /// `afterFlushing` no longer waits. What the peer still sends is read for a while, unless `lingering` is off
    /// because it may be gone without a word: then what the kernel does not take at once is dropped, too.
    package func close(
        _ id: ConnectionID, afterFlushing: Bool, lingering: Bool = true, _ reason: CloseReason = .requested
    ) {
        guard let connection = connection(id), connection.phase != .lingering else { return }
        ensureRound()
        guard afterFlushing else {
            close(connection, reason)
            return
        }
        guard connection.closeReason == nil else { return }
        connection.closeReason = reason
        connection.closesAfterFlush = true
        connection.lingers = lingering
        sendTable.close(slot: id.slot)
        closing.append(id)
        updateInterest(connection)
    }

    /// Closes without sending what waits. This is called while the send table lends its bytes, so it
    /// must not touch the table: what is still enqueued for the connection is dropped when it is sent.
    func close(_ connection: Connection, _ reason: CloseReason) {
        guard connection.phase != .lingering else { return }
        guard connection.closeReason == nil || connection.closesAfterFlush else { return }
        connection.closeReason = connection.closeReason ?? reason
        connection.closesAfterFlush = false
        closing.append(connection.id)
    }

    /// Tears down what is to be closed, as far as it is ready for it.
    func finishClosing() {
        guard !closing.isEmpty else { return }
        var ids: [ConnectionID] = []
        swap(&ids, &closing)
        for id in ids {
            guard let connection = connection(id), let reason = connection.closeReason,
                connection.phase != .lingering
            else { continue }
            // With bytes left over, `sendBacklog` brings it here again; `checkBacklogs` bounds that.
            if connection.closesAfterFlush, connection.lingers, connection.backlogByteCount > 0,
                connection.canSend
            {
                continue
            }
            tearDown(connection, reason)
        }
    }

    private func tearDown(_ connection: Connection, _ reason: CloseReason) {
        let lingers =
            connection.closesAfterFlush && connection.lingers && connection.canSend && !connection.hasEnded
        if let engine = connection.engine, connection.phase == .open, connection.backlogByteCount == 0 {
            windows.clearOutput()
            engine.close()
            sendLastOutput(connection)
        }
        handshakes.remove(connection.id.slot)
        dropBacklog(of: connection)
        sendTable.close(slot: connection.id.slot)
        handler?.closed(connection.id, reason, on: self)
        guard lingers, limits.lingerSeconds > 0, !isStopping else {
            forget(connection)
            return
        }
        // Closing a socket that has unread input sends a reset, which can overtake and destroy the
        // last line in the peer's buffer; so the input is read until the peer has seen the end.
        Socket.endSending(connection.descriptor)
        connection.phase = .lingering
        connection.engine = nil
        setDeadline(connection, seconds: limits.lingerSeconds)
        updateInterest(connection)
    }

    /// Sends what an engine says at the very end, if the kernel takes it; nothing waits for it any more.
    private func sendLastOutput(_ connection: Connection) {
        let output = windows.output
        if !output.isEmpty { _ = Socket.send(connection.descriptor, output) }
        windows.clearOutput()
    }

    /// The last step: the descriptor is given back and the id becomes stale.
    ///
    /// Why this is safe without waiting for anybody: the descriptor is known to this connection and
    /// to the epoll set alone, both used on this queue only. Closing takes it out of the set, an
    /// event already reported for it carries an id that is stale from here on, and Dispatch watches
    /// only the set's own descriptor.
    func forget(_ connection: Connection) {
        if connection.listenerIndex >= 0 {
            reports.append(.closed(connection.remote, wasRegistered: connection.isRegistered))
        }
        if connection.descriptor >= 0 { Socket.close(connection.descriptor) }
        connection.descriptor = -1
        release(connection.id)
    }

    // MARK: Deadlines

    /// Sets when the connection's phase has to be over; a limit too large to be counted means never.
    func setDeadline(_ connection: Connection, seconds: Int) {
        guard seconds < Int(Int32.max) else {
            connection.deadline = .max
            return
        }
        connection.deadline = now + Int64(seconds) * 1_000_000
        deadlines.schedule(connection.id, at: connection.deadline)
    }

    /// Acts on every phase that is not over in time.
    func checkDeadlines() {
        for id in deadlines.expire(now: now) {
            guard let connection = connection(id), connection.deadline <= now else { continue }
            switch connection.phase {
            case .connecting:
                connectionFailed(connection, ETIMEDOUT)
            case .handshaking:
                count { $0.handshakeFailureCount += 1 }
                close(connection, .handshakeTimedOut)
            case .lingering:
                forget(connection)
            case .open:
                // Its handshake's deadline, which was kept.
                continue
            }
        }
    }

    // MARK: Stopping

    /// Closes everything; what waits is sent first as far as the kernel takes it before `abandon`.
    func stop() {
        inRound {
            isStopping = true
            for connection in connections {
                guard let connection else { continue }
                if connection.phase == .lingering {
                    forget(connection)
                } else {
                    close(connection.id, afterFlushing: connection.canSend, .shuttingDown)
                }
            }
        }
    }

    /// Closes everything that is left at once.
    func abandon() {
        inRound {
            for connection in connections {
                guard let connection else { continue }
                if connection.phase == .lingering {
                    forget(connection)
                } else {
                    close(connection, .shuttingDown)
                }
            }
        }
    }

    /// Returns when no connection is left.
    func waitUntilEmpty() async {
        if connectionCount == 0 { return }
        await withCheckedContinuation { whenEmpty.append($0) }
    }
}
