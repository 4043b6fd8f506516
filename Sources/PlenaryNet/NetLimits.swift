// SPDX-License-Identifier: Apache-2.0

/// What a peer may use of the server (limits.md 1-4, 6, 13, 17-19, 39). `Int.max` disables a limit.
package struct NetLimits: Sendable {
    // MARK: Connections

    /// Open connections in all. The newest is closed.
    package var connectionLimit = 10_000
    /// Open connections not yet registered. The newest is closed.
    package var unregisteredConnectionLimit = 2048
    /// Open connections of one IPv4 address or IPv6 /64. The newest is closed with a text.
    package var openPerNetworkLimit = 16
    /// Open connections of one IPv6 /48. The newest is closed with a text.
    package var openPerSiteLimit = 64
    /// New connections of one IPv4 address or IPv6 /64 within the window. Closed without a text.
    package var newPerNetworkLimit = 32
    /// The window for new connections, in seconds.
    package var newConnectionWindowSeconds = 600
    /// Whether this host's own addresses count as a network. They stand for a relay, scripts or a proxy that
    /// many share, and whoever is on this host has nearer ways to do harm.
    package var countsLoopback = false
    /// Networks remembered within a window. Beyond it the counts begin anew, so that memory stays bounded.
    package var rememberedNetworkLimit = 100_000
    /// How long accepting rests when the process has no descriptors left, in milliseconds.
    package var acceptPauseMilliseconds = 100

    // MARK: Handshakes

    /// TLS handshakes worked on in one round, over all shards: each may cost a millisecond. The others have their
    /// turn in the next round.
    package var handshakeLimit = 64
    /// Handshakes that are not over, over all shards: they wait for their peer, or for their turn. When there are
    /// more, the one whose peer has been silent for longest is closed, or else the newest.
    package var waitingHandshakeLimit = 1024
    /// How long its peer must have been silent for a handshake to make room for another, in milliseconds.
    package var handshakeSilenceMilliseconds = 2000
    /// Bytes that a client's first message may have. A longer one fails the handshake before it is kept.
    package var clientHelloByteLimit = 16_384
    /// From accepting to the end of the handshake, in seconds. Then the connection is closed.
    package var handshakeTimeoutSeconds = 10
    /// Bytes of the certificate chain a client may send. More fails the handshake.
    package var clientChainByteLimit = 16_384

    // MARK: Receiving

    /// Bytes read from one connection before others have their turn. Also the most that may still
    /// be handed over after reading was paused (twice that with TLS).
    package var readByteLimit = 16_384

    // MARK: Sending

    /// Bytes that may wait for one connection. Above it the connection is closed, but for one answer that is larger
    /// by itself and finds nothing waiting: that is taken whole.
    package var sendQueueByteLimit = 256 << 10
    /// Bytes that may wait for one connection for no longer than `softSendQueueSeconds`.
    package var softSendQueueByteLimit = 64 << 10
    /// How long more than the soft limit may wait, in seconds. Then the connection is closed.
    package var softSendQueueSeconds = 30
    /// Bytes that may wait for a connection not yet registered. Above it the connection is closed.
    package var unregisteredSendQueueByteLimit = 16 << 10
    /// How long the peer may take nothing of what waits, in seconds. Then the connection is closed.
    package var writeStallSeconds = 30
    /// Bytes that may wait over all connections; each shard has an equal part. Above it the shard's
    /// largest queue is closed.
    package var totalSendQueueByteLimit = 256 << 20
    /// The kernel's send buffer of a connection in bytes (SO_SNDBUF); 0 leaves it to the kernel.
    package var kernelSendBufferByteCount = 64 << 10
    /// Bytes of a TCP segment at most (TCP_MAXSEG): on loopback one has 64 KiB otherwise, as much as the whole send
    /// buffer, and a receiver acknowledges every second segment at once, but a single one after 40 ms.
    package var segmentByteLimit = 16 << 10
    /// How long sent bytes may stay unacknowledged, in seconds (TCP_USER_TIMEOUT); 0 leaves it.
    package var userTimeoutSeconds = 60
    /// How long a closed connection is still read, in seconds, so that the last bytes sent are not
    /// destroyed by a reset; 0 closes at once.
    package var lingerSeconds = 2

    // MARK: Connecting

    /// For each address of a connection to be opened, in seconds.
    package var connectTimeoutSeconds = 10

    /// The defaults of limits.md.
    package init() {}

    /// No limits on how many connections there are and where from: for tests and measurements on
    /// one host, where everybody has the same address.
    package static var unrestrictedAdmission: NetLimits {
        var limits = NetLimits()
        limits.connectionLimit = .max
        limits.unregisteredConnectionLimit = .max
        limits.openPerNetworkLimit = .max
        limits.openPerSiteLimit = .max
        limits.newPerNetworkLimit = .max
        limits.handshakeLimit = .max
        limits.waitingHandshakeLimit = .max
        return limits
    }
}
