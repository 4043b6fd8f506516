// SPDX-License-Identifier: Apache-2.0

/// Flood control: so much at once, so much a second (limits.md 14). Time is an argument.
struct TokenBucket: Sendable {
    /// Tokens × microseconds per token; negative while the owner is behind.
    private var level: Int64
    private var updated: Int64
    private let capacity: Int64
    private let perSecond: Int64

    /// Times in microseconds of a monotonic clock.
    /// An allowance is beyond the burst: what is taken from it does not come back.
    init(burst: Int, perSecond: Int, allowance: Int = 0, now: Int64) {
        capacity = Int64(burst) * 1_000_000
        self.perSecond = Int64(max(perSecond, 1))
        level = capacity + Int64(allowance) * 1_000_000
        updated = now
    }

    /// Takes tokens, whether there are any or not; returns how many microseconds its owner has to wait before more.
    mutating func take(_ count: Int, now: Int64) -> Int64 {
        if level < capacity { level = min(capacity, level + max(0, now - updated) * perSecond) }
        updated = now
        level -= Int64(count) * 1_000_000
        return level >= 0 ? 0 : -level / perSecond
    }
}
