// SPDX-License-Identifier: Apache-2.0

/// Numbers that a seed repeats (SplitMix64).
struct TestRandom: RandomNumberGenerator {
    private var state: UInt64
    /// What repeats them.
    let seed: UInt64

    /// A seed of its own, printed with the test's name.
    init(_ test: String = #function) {
        self.init(seed: .random(in: .min ... .max))
        print("\(test): seed \(seed)")
    }

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
