// SPDX-License-Identifier: Apache-2.0

/// What a shard keeps of one connection, besides the few words its `SendTable` needs at hand. It
/// holds no buffer while nothing waits.
final class Connection {
    /// Where in its life a connection is.
    enum Phase: Hashable {
        /// From here: the socket is not connected yet.
        case connecting
        case handshaking
        case open
        /// All was sent and the handler told; what still comes is thrown away.
        case lingering
    }

    let id: ConnectionID
    let listenerIndex: Int
    var descriptor: Int32
    var remote: NetworkAddress
    var phase: Phase
    var engine: TLSEngine?
    /// For the handshake to come; the engine keeps it afterwards, and is made when the first bytes are there.
    var context: TLSContext?
    /// When the peer was last heard in its handshake.
    var lastHeard: Int64 = 0
    /// Set for a connection that was opened from here, until it is connected.
    var attempt: ConnectionAttempt?

    /// What epoll watches it for.
    var interest: Interest = []
    var isReadingPaused = false
    var isRegistered = false
    /// Whether the peer ended its side, so that nothing has to be read any more.
    var hasEnded = false

    /// Plain bytes held back until the connection, or its handshake, is ready for them.
    var held: [UInt8] = []
    /// Bytes the kernel did not take, in wire form.
    var backlog: [UInt8] = []
    /// How many of the backlog's bytes are gone already.
    var backlogStart = 0
    /// Whether the shard's list of backlogs has it.
    var isBacklogListed = false
    var sendLimit: Int
    /// Bytes beyond the limit, for one chunk that is larger than it by itself, until nothing waits any more.
    var sendAllowance = 0
    /// Since when the queue has been above the soft limit, or nil.
    var slowSince: Int64?
    /// When the kernel last took bytes, or the backlog began.
    var lastProgress: Int64 = 0

    /// When the current phase has to be over; meaningless where the phase has no end.
    var deadline: Int64 = 0
    /// Why it is to be closed; nil while it is not.
    var closeReason: CloseReason?
    /// Whether what waits is sent first.
    var closesAfterFlush = false
    /// Whether it is read for a while after that.
    var lingers = true

    init(
        id: ConnectionID, descriptor: Int32, remote: NetworkAddress, listenerIndex: Int, phase: Phase,
        sendLimit: Int
    ) {
        self.id = id
        self.descriptor = descriptor
        self.remote = remote
        self.listenerIndex = listenerIndex
        self.phase = phase
        self.sendLimit = sendLimit
    }

    /// Bytes in the backlog.
    var backlogByteCount: Int { backlog.count - backlogStart }

    /// Bytes that count against the send limit.
    var waitingByteCount: Int { backlogByteCount + held.count }

    /// Whether bytes can go to the kernel: connected, and after the handshake where there is one.
    var canSend: Bool {
        switch phase {
        case .open: true
        case .connecting, .handshaking, .lingering: false
        }
    }

    /// Whether it has been or will be under TLS.
    var isTLS: Bool { engine != nil || context != nil || attempt?.tls != nil }

    /// Marks the first `count` bytes of the backlog as gone. An empty backlog gives its memory back.
    func advanceBacklog(by count: Int) {
        backlogStart += count
        if backlogStart >= backlog.count {
            backlog = []
            backlogStart = 0
        } else if backlogStart > 65_536, backlogStart > backlog.count / 2 {
            backlog.removeFirst(backlogStart)
            backlogStart = 0
        }
    }
}

/// What is left to try for a connection to be opened.
struct ConnectionAttempt {
    var addresses: ArraySlice<NetworkAddress>
    let tls: ClientTLS?
    var lastErrno: Int32 = 0
}

/// How a connection opened from here is protected.
package struct ClientTLS: Sendable {
    /// Made by `TLSContext.client`.
    package let context: TLSContext
    /// The DNS name, or the address, the server should have a certificate for.
    package let serverName: String
    /// How the server is recognized.
    package let trust: TLSTrust

    /// TLS to the server of this name.
    package init(context: TLSContext, serverName: String, trust: TLSTrust) {
        self.context = context
        self.serverName = serverName
        self.trust = trust
    }
}
