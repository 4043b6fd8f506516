// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryQueues

/// Limits of the admin socket (limits.md 32).
package enum AdminSocketLimits {
    /// Open connections. The newest is closed at once.
    package static let connectionLimit = 4
    /// Seconds from connecting to the answer. Then the connection is closed.
    package static let timeoutSeconds = 30
    /// How long accepting rests when the process has no descriptors left, in milliseconds.
    package static let acceptPauseMilliseconds = 100
    /// The socket's name in the data directory, which only its owner may enter.
    package static let name = "admin.socket"
}

/// Takes requests of the operator's commands on a Unix socket: mode 0600, from the same user or root
/// (SO_PEERCRED), one request a connection.
package actor AdminSocket {
    /// Carries a request to the server; the answer may come from any queue.
    package typealias Handler = @Sendable (AdminRequest, @escaping @Sendable (AdminReply) -> Void) -> Void

    // MARK: Fixed at creation, readable from any queue
    private nonisolated let executor: QueueExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let handler: Handler
    private nonisolated let path: String
    private nonisolated let take: @Sendable (Int32) -> Int32
    private nonisolated let acceptPauseMilliseconds: Int
    private nonisolated let timeoutMilliseconds: Int

    // MARK: Owned by this socket's queue
    private var connections: [Int32: Connection] = [:]
    private var acceptSource: (any DispatchSourceRead)?

    private struct Connection {
        var source: any DispatchSourceRead
        var received: [UInt8] = []
        /// Tells this connection from a later one with the same descriptor.
        var number: UInt64
        var isAnswered = false
    }

    private var nextNumber: UInt64 = 0

    /// Listens in the data directory. A socket left over by a crash is replaced: who has the log's lock is the
    /// server. `accept`, the pause and the time are replaced by tests that need accepting to fail or time to be over.
    package static func listen(
        in directory: String, accept: @escaping @Sendable (Int32) -> Int32 = { UnixSocket.accept($0) },
        acceptPauseMilliseconds: Int = AdminSocketLimits.acceptPauseMilliseconds,
        timeoutMilliseconds: Int = AdminSocketLimits.timeoutSeconds * 1000, handler: @escaping Handler
    ) throws(StartError) -> AdminSocket {
        let path = directory + "/" + AdminSocketLimits.name
        let descriptor = try UnixSocket.listen(at: path)
        let adminSocket = AdminSocket(path, accept, acceptPauseMilliseconds, timeoutMilliseconds, handler)
        adminSocket.executor.submit {
            adminSocket.assumeIsolated { $0.start(descriptor) }
        }
        return adminSocket
    }

    private init(
        _ path: String, _ take: @escaping @Sendable (Int32) -> Int32, _ acceptPauseMilliseconds: Int,
        _ timeoutMilliseconds: Int, _ handler: @escaping Handler
    ) {
        executor = QueueExecutor(label: "plenary.admin")
        self.path = path
        self.take = take
        self.acceptPauseMilliseconds = acceptPauseMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.handler = handler
    }

    // MARK: Callable from any queue

    /// Takes no more requests and removes the socket's name. Answers under way are still sent.
    package nonisolated func close() {
        unlink(path)
        executor.submit { self.assumeIsolated { $0.acceptSource?.cancel() } }
    }

    // MARK: On this socket's queue

    /// Connections whose requests are not answered yet.
    package var openCount: Int { connections.count }

    private func start(_ descriptor: Int32) {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
        source.setEventHandler { self.assumeIsolated { $0.accept(descriptor) } }
        // Only here may the descriptor be closed: before, its number could be another's already.
        source.setCancelHandler { Glibc.close(descriptor) }
        acceptSource = source
        source.resume()
    }

    private func accept(_ listening: Int32) {
        while true {
            let descriptor = take(listening)
            if descriptor == -EAGAIN { return }
            guard descriptor >= 0 else { return rest() }
            guard connections.count < AdminSocketLimits.connectionLimit, UnixSocket.isOwnerOrRoot(descriptor)
            else {
                Glibc.close(descriptor)
                continue
            }
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
            source.setEventHandler { self.assumeIsolated { $0.receive(descriptor) } }
            source.setCancelHandler { Glibc.close(descriptor) }
            nextNumber += 1
            let number = nextNumber
            connections[descriptor] = Connection(source: source, number: number)
            source.resume()
            executor.queue.asyncAfter(deadline: .now() + .milliseconds(timeoutMilliseconds)) {
                self.assumeIsolated { $0.end(descriptor, number) }
            }
        }
    }

    /// The waiting connection keeps the socket ready; asking again at once would only burn a core. Descriptors come
    /// free when others close.
    private func rest() {
        acceptSource?.suspend()
        executor.queue.asyncAfter(deadline: .now() + .milliseconds(acceptPauseMilliseconds)) {
            self.assumeIsolated { $0.acceptSource?.resume() }
        }
    }

    private func receive(_ descriptor: Int32) {
        guard var connection = connections[descriptor] else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return end(descriptor, connection.number) }
        guard !connection.isAnswered else { return }
        connection.received += buffer[..<count]
        let isTooLong = connection.received.count > AdminCodec.requestByteLimit
        guard let lineEnd = connection.received.firstIndex(of: 10) else {
            connection.isAnswered = isTooLong
            connections[descriptor] = connection
            if isTooLong { answer(.refused(.malformed), descriptor, connection.number) }
            return
        }
        connection.isAnswered = true
        connections[descriptor] = connection
        let number = connection.number
        guard !isTooLong, let request = AdminCodec.request(connection.received[..<lineEnd]) else {
            return answer(.refused(.malformed), descriptor, number)
        }
        handler(request) { reply in
            self.executor.submit { self.assumeIsolated { $0.answer(reply, descriptor, number) } }
        }
    }

    private func answer(_ reply: AdminReply, _ descriptor: Int32, _ number: UInt64) {
        guard connections[descriptor]?.number == number else { return }
        UnixSocket.write(AdminCodec.encode(reply), to: descriptor)
        end(descriptor, number)
    }

    private func end(_ descriptor: Int32, _ number: UInt64) {
        guard let connection = connections[descriptor], connection.number == number else { return }
        connections[descriptor] = nil
        connection.source.cancel()
    }
}
