// SPDX-License-Identifier: Apache-2.0

/// What carries bytes: the network, or a script in tests.
package protocol Transport: Sendable {
    /// Opens a connection. `receive` is called from any queue, in order: `opened`, `received` any number of
    /// times, `closed` once; only `closed` when no connection comes about.
    func open(
        _ configuration: ConnectionConfiguration, _ receive: @escaping @Sendable (TransportEvent) -> Void
    ) -> any TransportLink
}

/// One connection of a transport. What is asked of a closed one is ignored.
package protocol TransportLink: Sendable {
    /// Sends bytes after those sent before.
    func send(_ bytes: [UInt8])
    /// Closes once everything has been sent.
    func close()
}

/// What happens to a connection.
package enum TransportEvent: Sendable {
    /// It can be used, and the server has proven who it is.
    case opened
    /// Bytes have come.
    case received([UInt8])
    /// It is gone, or did not come about.
    case closed(ClientError)
}

/// Keeps outgoing messages until they are confirmed. The command line client keeps them on disk, so that
/// they outlive it; an application that need not can use ``MemoryQueue``.
///
/// The connection calls these in order and from one queue. They may block for as long as a disk takes.
public protocol OutgoingQueue: Sendable {
    /// Everything kept, in the order it was stored.
    func load() throws -> [OutgoingMessage]
    /// Keeps a message. When this returns, it is safe.
    func store(_ message: OutgoingMessage) throws
    /// Forgets the message with this token; no error when there is none.
    func remove(token: String) throws
}

/// Keeps nothing beyond the life of the process.
public struct MemoryQueue: OutgoingQueue {
    /// An empty queue.
    public init() {}
    /// Nothing.
    public func load() -> [OutgoingMessage] { [] }
    /// Does nothing: the connection itself holds the message.
    public func store(_ message: OutgoingMessage) {}
    /// Does nothing.
    public func remove(token: String) {}
}
