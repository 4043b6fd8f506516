// SPDX-License-Identifier: Apache-2.0

/// Why a connection ended.
package enum CloseReason: Hashable, Sendable {
    /// The peer closed its side.
    case endOfStream
    /// The handler asked for it.
    case requested
    /// The server stops.
    case shuttingDown
    /// More waited to be sent than the hard limit allows (limits.md 17).
    case sendQueueExceeded
    /// More waited than the soft limit for longer than that is allowed (limits.md 17).
    case sendQueueSlow
    /// The total over all connections was exceeded and this had the largest queue (limits.md 19).
    case sendQueueTotalExceeded
    /// The peer took nothing for too long (limits.md 18).
    case writeStalled
    /// The TLS handshake did not end in time (limits.md 4).
    case handshakeTimedOut
    /// Its TLS handshake made room for another one: its peer had been silent for longest (limits.md 4).
    case handshakeDisplaced
    /// TLS failed or was refused.
    case tls(TLSError)
    /// A connection to be opened did not come about in time.
    case connectTimedOut
    /// No address could be connected to; the last error number.
    case connectFailed(errno: Int32)
    /// The socket failed; the error number.
    case failed(errno: Int32)
}
