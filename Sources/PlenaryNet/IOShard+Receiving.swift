// SPDX-License-Identifier: Apache-2.0
//
// From the kernel to the handler: receiving, decrypting, and pausing.

extension IOShard {
    /// Stops reading: the kernel's buffer fills and the peer has to wait. What was read already is
    /// still handed over, at most `readByteLimit` bytes, and with TLS a record more.
    package func pauseReading(_ id: ConnectionID) {
        guard let connection = connection(id), !connection.isReadingPaused else { return }
        connection.isReadingPaused = true
        updateInterest(connection)
    }

    /// Reads again.
    package func resumeReading(_ id: ConnectionID) {
        guard let connection = connection(id), connection.isReadingPaused else { return }
        connection.isReadingPaused = false
        updateInterest(connection)
    }

    /// What epoll has to say of one connection. An id of a connection closed since is stale.
    func handle(_ id: ConnectionID, _ ready: Interest) {
        guard let connection = connection(id) else { return }
        switch connection.phase {
        case .connecting:
            finishConnecting(connection)
        case .lingering:
            discardInput(of: connection)
        case .handshaking, .open:
            if ready.contains(.output), connection.backlogByteCount > 0 { sendBacklog(of: connection) }
            if !ready.isDisjoint(with: [.input, .broken]) { receive(connection, ready) }
        }
    }

    private func receive(_ connection: Connection, _ ready: Interest) {
        if connection.isReadingPaused || connection.closeReason != nil {
            // Nobody reads, but a connection that broke would be reported for ever.
            if !ready.isDisjoint(with: .broken) {
                close(connection, .failed(errno: Socket.takeError(connection.descriptor)))
            }
            return
        }
        // Without a turn the bytes stay where they are, and are reported again for the next round.
        guard connection.phase != .handshaking || takeHandshakeTurn() else { return }
        let wire = UnsafeMutableRawBufferPointer(
            rebasing: buffers.wire[0..<min(buffers.wire.count, max(1, limits.readByteLimit))])
        switch Socket.receive(connection.descriptor, into: wire) {
        case .wouldBlock:
            return
        case .failed(let number):
            connection.hasEnded = true
            close(connection, .failed(errno: number))
        case .bytes(0):
            connection.hasEnded = true
            end(connection)
        case .bytes(let count):
            self.count {
                $0.receiveCount += 1
                $0.receivedByteCount += UInt64(count)
            }
            let received = UnsafeRawBufferPointer(rebasing: wire[0..<count])
            if connection.context != nil { beginHandshake(connection) }
            noteHeard(connection)
            if let engine = connection.engine {
                decrypt(received, connection, engine)
            } else if connection.closeReason == nil {
                handler?.received(connection.id, received, on: self)
            }
        }
    }

    /// The peer says nothing more. What waits for it is still sent.
    private func end(_ connection: Connection) {
        switch connection.phase {
        case .handshaking, .connecting:
            close(connection, .endOfStream)
        case .open, .lingering:
            close(connection.id, afterFlushing: true, .endOfStream)
        }
        updateInterest(connection)
    }

    private func decrypt(_ received: UnsafeRawBufferPointer, _ connection: Connection, _ engine: TLSEngine) {
        var plainCount = 0
        var hasEnded = false
        var failure: TLSError?
        let wasEstablished = engine.isEstablished
        windows.clearOutput()
        windows.withInput(received) {
            do throws(TLSError) {
                (plainCount, hasEnded) = try advance(engine, connection)
            } catch {
                failure = error
            }
        }
        sendOutput(connection)
        if !wasEstablished, failure == nil, engine.isEstablished {
            failure = finishHandshake(connection, engine)
        }
        if plainCount > 0, connection.closeReason == nil {
            let plain = UnsafeRawBufferPointer(rebasing: buffers.plain[0..<plainCount])
            handler?.received(connection.id, plain, on: self)
        }
        if let failure {
            if !wasEstablished { count { $0.handshakeFailureCount += 1 } }
            close(connection, .tls(failure))
        } else if hasEnded {
            connection.hasEnded = true
            end(connection)
        }
    }

    /// Handshake and reading as far as the input goes. All of it is decrypted before the handler
    /// sees any, because what the handler does may turn the windows to other engines.
    private func advance(_ engine: TLSEngine, _ connection: Connection) throws(TLSError) -> (Int, Bool) {
        while !engine.isEstablished {
            switch try engine.handshake() {
            case .completed: break
            case .wantsInput: return (0, false)
            case .wantsRoom: sendOutput(connection)
            }
        }
        var count = 0
        while count < buffers.plain.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffers.plain[count...])
            switch try engine.read(into: rest) {
            case .bytes(let more): count += more
            case .wantsInput: return (count, false)
            case .wantsRoom: sendOutput(connection)
            case .ended: return (count, true)
            }
        }
        // The buffer holds all that one read can bring, so this is not reached by valid records.
        throw .protocolFailed(reason: 0, text: "more plain bytes than were received")
    }

    /// The handshake is done: what was held back leaves, and the handler is told.
    private func finishHandshake(_ connection: Connection, _ engine: TLSEngine) -> TLSError? {
        let info: ConnectionInfo
        do {
            info = ConnectionInfo(
                remote: connection.remote, listenerIndex: connection.listenerIndex, isTLS: true,
                handshake: try engine.info())
        } catch {
            return error
        }
        count { $0.handshakeCount += 1 }
        handshakes.remove(connection.id.slot)
        connection.phase = .open
        releaseHeldBytes(connection)
        if connection.attempt != nil {
            connection.attempt = nil
            handler?.connected(connection.id, info, on: self)
        } else {
            handler?.handshakeCompleted(connection.id, info, on: self)
        }
        return nil
    }

    private func discardInput(of connection: Connection) {
        switch Socket.receive(connection.descriptor, into: buffers.wire) {
        case .wouldBlock: return
        case .bytes(let count) where count > 0: return
        case .bytes, .failed: forget(connection)
        }
    }

    /// Tells epoll what the connection waits for now, if that has changed.
    func updateInterest(_ connection: Connection) {
        var interest: Interest = []
        switch connection.phase {
        case .connecting:
            interest = .output
        case .lingering:
            interest = .input
        case .handshaking, .open:
            if !connection.isReadingPaused, !connection.hasEnded, connection.closeReason == nil {
                interest.insert(.input)
            }
            if connection.backlogByteCount > 0 {
                interest.insert(.output)
            }
        }
        guard interest != connection.interest else { return }
        connection.interest = interest
        do {
            try poller.change(connection.descriptor, interest, token: connection.id.rawValue)
        } catch {
            close(connection, .failed(errno: error.number))
        }
    }

    /// What is known of a connection; nil for a stale id.
    package func info(of id: ConnectionID) -> ConnectionInfo? {
        guard let connection = connection(id) else { return nil }
        // An established engine has a readable peer, for the handshake was refused otherwise.
        let handshake = connection.engine.flatMap { engine in try? engine.info() }
        return ConnectionInfo(
            remote: connection.remote, listenerIndex: connection.listenerIndex, isTLS: connection.isTLS,
            handshake: handshake)
    }
}
