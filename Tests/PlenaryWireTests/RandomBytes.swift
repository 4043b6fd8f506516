// SPDX-License-Identifier: Apache-2.0

/// A small reproducible generator (SplitMix64); a failing test prints its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Bytes that look like lines more often than noise does.
    mutating func lineLikeBytes(_ count: Int) -> [UInt8] {
        let likely = Array("@+;=:\\ \r\n\u{0}abPRIVMSG#é\u{1F600}".utf8)
        return (0..<count).map { _ in
            next() % 4 == 0 ? UInt8(truncatingIfNeeded: next()) : likely[Int(next() % UInt64(likely.count))]
        }
    }
}
