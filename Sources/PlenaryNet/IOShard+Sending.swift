// SPDX-License-Identifier: Apache-2.0
//
// From the handler to the kernel: enqueueing, one send for each connection and round, and backlogs.

extension IOShard {
    // MARK: Enqueueing

    /// Sends a chunk to one connection when the round ends. A stale id, or a connection that is to
    /// be closed, is ignored. One whose queue would exceed its limit is closed.
    package func enqueue(_ chunk: Chunk, to id: ConnectionID) {
        sendTable.enqueue(chunk, to: id)
        keepWithinLimits()
        ensureRound()
    }

    /// Sends a chunk to many connections of this shard, as the form for one does. Ids of another
    /// shard are ignored. The hottest loop of the server.
    package func enqueue(_ chunk: Chunk, to ids: [ConnectionID]) {
        sendTable.enqueue(chunk, to: ids)
        keepWithinLimits()
        ensureRound()
    }

    /// The same, but for parts of the chunk that some do not get (`SendTable`).
    package func enqueue(
        _ chunk: Chunk, to ids: [ConnectionID],
        except exceptions: [(recipient: ConnectionID, range: Range<Int>)]
    ) {
        sendTable.enqueue(chunk, to: ids, except: exceptions)
        keepWithinLimits()
        ensureRound()
    }

    /// Bytes that may wait for a connection; it is closed above that. Lower than what waits is allowed.
    package func setSendLimit(_ id: ConnectionID, byteLimit: Int) {
        guard let connection = connection(id) else { return }
        connection.sendLimit = max(0, byteLimit)
        updateRoom(connection)
    }

    /// The connection is registered: it has the full send queue, and another may be unregistered.
    package func setRegistered(_ id: ConnectionID) {
        guard let connection = connection(id), !connection.isRegistered else { return }
        connection.isRegistered = true
        if connection.listenerIndex >= 0 { reports.append(.registered) }
        setSendLimit(id, byteLimit: limits.sendQueueByteLimit)
    }

    /// Bytes that wait to be sent to a connection; 0 for a stale id.
    package func queuedByteCount(_ id: ConnectionID) -> Int {
        guard let connection = connection(id) else { return 0 }
        return connection.waitingByteCount + sendTable.pendingByteCount(slot: id.slot)
    }

    private func keepWithinLimits() {
        if !sendTable.overflows.isEmpty { settleOverflows() }
        if sendTable.roundByteCount > SendTable.roundByteLimit { flush() }
    }

    /// What did not fit gets a second chance after its connection's queue was given to the kernel:
    /// the limit is for what the peer does not take, not for what one round brings. Where nothing waits it is
    /// taken however long it is: whoever takes all is not closed for the length of an answer. The total bounds it.
    private func settleOverflows() {
        var overflows: [SendTable.Overflow] = []
        swap(&overflows, &sendTable.overflows)
        for overflow in overflows {
            guard let connection = connection(overflow.id) else { continue }
            send(connection)
            if connection.isRegistered, connection.waitingByteCount == 0 {
                connection.sendAllowance = overflow.byteCount
                updateRoom(connection)
            }
            if !sendTable.retry(overflow) { close(connection, .sendQueueExceeded) }
        }
    }

    func updateRoom(_ connection: Connection) {
        let limit = connection.sendLimit.addingReportingOverflow(connection.sendAllowance)
        let room = (limit.overflow ? .max : limit.partialValue) &- connection.waitingByteCount
        sendTable.setRoom(slot: connection.id.slot, room)
    }

    // MARK: Sending

    /// One send for each connection that has something in this round.
    func flush() {
        let dirty = sendTable.takeDirty()
        for slot in dirty {
            guard let connection = connections[Int(slot)] else { continue }
            send(connection)
        }
        sendTable.endRound(reusing: dirty)
    }

    private func send(_ connection: Connection) {
        var scratch: [UInt8] = []
        swap(&scratch, &gathered)
        let hasSent: Void? = sendTable.take(slot: connection.id.slot, scratch: &scratch) {
            transmit($0, connection)
        }
        if scratch.capacity <= SendTable.roundByteLimit { gathered = scratch }
        guard hasSent != nil else { return }
        if connection.waitingByteCount == 0 { connection.sendAllowance = 0 }
        updateRoom(connection)
    }

    /// Gives plain bytes to the kernel, by way of the engine where there is one.
    private func transmit(_ bytes: UnsafeRawBufferPointer, _ connection: Connection) {
        guard connection.closeReason == nil || connection.closesAfterFlush else { return }
        guard connection.canSend else {
            if connection.phase != .lingering { connection.held.append(contentsOf: bytes) }
            return
        }
        guard let engine = connection.engine else {
            sendOrKeep(bytes, connection)
            return
        }
        do throws(TLSError) {
            windows.clearOutput()
            var rest = bytes
            while !rest.isEmpty {
                // A record and its frame always have room, so that none is left half written.
                if windows.room < 17_500 { sendOutput(connection) }
                let piece = UnsafeRawBufferPointer(rebasing: rest[0..<min(rest.count, 16_384)])
                let count = try engine.write(piece)
                guard count > 0 else { throw .protocolFailed(reason: 0, text: "no progress in writing") }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            sendOutput(connection)
        } catch {
            close(connection, .tls(error))
        }
    }

    /// Gives what an engine has put out to the kernel.
    func sendOutput(_ connection: Connection) {
        let output = windows.output
        if !output.isEmpty { sendOrKeep(output, connection) }
        windows.clearOutput()
    }

    private func sendOrKeep(_ bytes: UnsafeRawBufferPointer, _ connection: Connection) {
        guard connection.backlogByteCount == 0 else {
            keep(bytes, connection)
            return
        }
        count { $0.sendCount += 1 }
        switch Socket.send(connection.descriptor, bytes) {
        case .bytes(let taken):
            count { $0.sentByteCount += UInt64(taken) }
            if taken < bytes.count { keep(UnsafeRawBufferPointer(rebasing: bytes[taken...]), connection) }
        case .wouldBlock:
            keep(bytes, connection)
        case .failed(let number):
            close(connection, .failed(errno: number))
        }
    }

    // MARK: Backlogs

    private func keep(_ bytes: UnsafeRawBufferPointer, _ connection: Connection) {
        if connection.backlogByteCount == 0 { connection.lastProgress = now }
        connection.backlog.append(contentsOf: bytes)
        backlogByteCount += bytes.count
        if !connection.isBacklogListed {
            connection.isBacklogListed = true
            backlogged.append(connection.id)
        }
        noteSlowness(connection)
        updateInterest(connection)
        keepWithinTotal()
    }

    private func noteSlowness(_ connection: Connection) {
        if connection.backlogByteCount <= limits.softSendQueueByteLimit {
            connection.slowSince = nil
        } else if connection.slowSince == nil {
            connection.slowSince = now
        }
    }

    /// The kernel has room again.
    func sendBacklog(of connection: Connection) {
        let result = connection.backlog.withUnsafeBytes { backlog in
            Socket.send(
                connection.descriptor, UnsafeRawBufferPointer(rebasing: backlog[connection.backlogStart...]))
        }
        count { $0.sendCount += 1 }
        switch result {
        case .wouldBlock:
            return
        case .failed(let number):
            close(connection, .failed(errno: number))
        case .bytes(let taken):
            count { $0.sentByteCount += UInt64(taken) }
            backlogByteCount -= taken
            connection.lastProgress = now
            connection.advanceBacklog(by: taken)
            if connection.waitingByteCount == 0 { connection.sendAllowance = 0 }
            noteSlowness(connection)
            updateRoom(connection)
            updateInterest(connection)
            if connection.backlogByteCount == 0, connection.closeReason != nil {
                closing.append(connection.id)
            }
        }
    }

    /// Sends what was held back until the connection was ready for it.
    func releaseHeldBytes(_ connection: Connection) {
        guard !connection.held.isEmpty, connection.canSend else { return }
        let held = connection.held
        connection.held = []
        held.withUnsafeBytes { transmit($0, connection) }
        updateRoom(connection)
    }

    /// The shard's part of the total is exceeded: the largest queue goes, as often as it takes.
    private func keepWithinTotal() {
        let limit = limits.totalSendQueueByteLimit / shardCount
        while backlogByteCount > limit {
            let candidates = backlogged.compactMap { connection($0) }.filter { $0.backlogByteCount > 0 }
            guard let largest = candidates.max(by: { $0.backlogByteCount < $1.backlogByteCount }) else {
                return
            }
            close(largest, .sendQueueTotalExceeded)
            dropBacklog(of: largest)
        }
    }

    func dropBacklog(of connection: Connection) {
        backlogByteCount -= connection.backlogByteCount
        connection.backlog = []
        connection.backlogStart = 0
    }

    /// Closes those whose backlog is too large for too long, or does not move.
    func checkBacklogs() {
        var remaining: [ConnectionID] = []
        for id in backlogged {
            guard let connection = connection(id) else { continue }
            guard connection.backlogByteCount > 0 else {
                connection.isBacklogListed = false
                continue
            }
            remaining.append(id)
            if let since = connection.slowSince, isOver(since, seconds: limits.softSendQueueSeconds) {
                close(connection, .sendQueueSlow)
            } else if isOver(connection.lastProgress, seconds: limits.writeStallSeconds) {
                close(connection, .writeStalled)
            }
        }
        backlogged = remaining
    }

    private func isOver(_ since: Int64, seconds: Int) -> Bool {
        seconds < Int(Int32.max) && now - since >= Int64(seconds) * 1_000_000
    }
}
