// SPDX-License-Identifier: Apache-2.0

/// What a shard calls, synchronously and on its own queue, when something happens. It is made inside
/// the shard's isolation and never leaves it, so it needs no protection of its own. It may call the
/// shard from every method: what it closes is torn down, and what it sends leaves, at the round's end.
///
/// The calls for one connection come in this order: `accepted` (or `connected` for one opened from
/// here), `handshakeCompleted` where there is TLS, `received` any number of times, `closed` once. A
/// connection from here that never came about has only `closed`.
package protocol ShardHandler: AnyObject {
    /// A peer has connected. With TLS nothing can be received before `handshakeCompleted`; what is
    /// sent before waits for it.
    func accepted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard)
    /// A connection that was opened from here can be used: connected and, with TLS, verified as its
    /// `TLSTrust` asks. Nothing but `callerDecides` leaves a decision to the handler.
    func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard)
    /// The TLS handshake of an accepted connection has ended well; `info` has everything now.
    func handshakeCompleted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard)
    /// Bytes have come. They are only lent for the call.
    func received(_ id: ConnectionID, _ bytes: UnsafeRawBufferPointer, on shard: isolated IOShard)
    /// The connection is gone and its id stale. Not called before the round in which it was found out ends.
    func closed(_ id: ConnectionID, _ reason: CloseReason, on shard: isolated IOShard)
    /// Everything that was ready has been handed over; called before what was enqueued is sent, and once more after
    /// `closed` was called for what was torn down then.
    func roundEnded(on shard: isolated IOShard)
    /// Time has passed: about every quarter of a second while there are connections. `now` is the
    /// monotonic clock in microseconds.
    func tick(_ now: Int64, on shard: isolated IOShard)
}

extension ShardHandler {
    package func connected(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {}
    package func handshakeCompleted(_ id: ConnectionID, _ info: ConnectionInfo, on shard: isolated IOShard) {}
    package func roundEnded(on shard: isolated IOShard) {}
    package func tick(_ now: Int64, on shard: isolated IOShard) {}
}
