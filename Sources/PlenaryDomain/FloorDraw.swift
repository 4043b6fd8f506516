// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Drawing lots (docs/extensions/floor.md, "Lots"): the same seed and number of requests give the same order on
/// every machine, so whoever knows the seed can draw again.
///
/// The generator is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014), the
/// shuffle is Fisher and Yates' in Durstenfeld's form, from the last place down. It is written out here because the
/// standard library may change how it shuffles.
package struct FloorDraw {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// The next number of the sequence.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, each as likely: numbers from the incomplete last run of remainders are drawn again.
    package mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "there is no number below 0")
        let excess = (UInt64.max % bound + 1) % bound
        var drawn = next()
        while drawn > UInt64.max - excess { drawn = next() }
        return drawn % bound
    }

    /// The indices 0 to `count - 1` in the order drawn.
    package static func order(seed: UInt64, count: Int) -> [Int] {
        var order = Array(0..<count)
        var draw = FloorDraw(seed: seed)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(draw.next(below: UInt64(last) + 1)))
        }
        return order
    }
}
