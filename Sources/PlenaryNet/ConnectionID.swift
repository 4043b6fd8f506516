// SPDX-License-Identifier: Apache-2.0

/// Names one connection for as long as the process lives: shard (8 bits), generation (24 bits),
/// slot (32 bits). A slot is used again after its connection is gone, with the next generation, so
/// an id kept too long is recognized and whatever is asked for it is ignored.
package struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    /// The three parts in one word, shard in the most significant bits.
    package let rawValue: UInt64

    /// An id from its word.
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// An id from its parts; of `generation` the lower 24 bits count.
    package init(shard: UInt8, generation: UInt32, slot: UInt32) {
        rawValue = UInt64(shard) << 56 | UInt64(generation & 0xFF_FFFF) << 32 | UInt64(slot)
    }

    /// The index of the shard that owns the connection.
    package var shard: Int { Int(rawValue >> 56) }
    /// How often the slot had been used before, modulo 2^24.
    package var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) & 0xFF_FFFF }
    /// A small number, unique among the shard's open connections; good as an array index.
    package var slot: Int { Int(rawValue & 0xFFFF_FFFF) }

    /// Shard and generation: what has to agree for a slot to be the connection that is meant.
    var tag: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

    package var description: String { "\(shard).\(slot).\(generation)" }
}
