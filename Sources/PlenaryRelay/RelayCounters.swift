// SPDX-License-Identifier: Apache-2.0

/// What has come from the other side since the relay began.
package struct RelayCounters: Sendable, Hashable {
    /// Messages that reached the channel.
    package var arrived: Int64 = 0
    /// Messages that came again and were recognised.
    package var duplicate: Int64 = 0
    /// Messages that were not, or not certainly, to everybody; thrown away.
    package var privateDropped: Int64 = 0
    /// Of those that reached the channel, how many came a minute or more after they were said.
    package var late: Int64 = 0
    /// Messages that the server, or the list of channels, refused.
    package var refused: Int64 = 0
    /// Requests with a wrong signature.
    package var badSignature: Int64 = 0
    /// Events that mean nothing here.
    package var ignored: Int64 = 0
    /// Messages not confirmed in time; the other side was told to try again.
    package var unconfirmed: Int64 = 0
    /// Messages taken from the channel to the other side.
    package var sent: Int64 = 0

    /// All zero.
    package init() {}

    /// What `RELAY BEAT` tells the server (docs/extensions/relay.md).
    package var beat: String {
        "in=\(arrived);duplicate=\(duplicate);private-dropped=\(privateDropped);late=\(late);"
            + "refused=\(refused)"
    }

    /// Every counter with its name, as status shows them.
    package var named: [(name: String, value: Int64)] {
        [
            ("in", arrived), ("duplicate", duplicate), ("private-dropped", privateDropped), ("late", late),
            ("refused", refused), ("bad-signature", badSignature), ("ignored", ignored),
            ("unconfirmed", unconfirmed), ("out", sent),
        ]
    }
}
