// SPDX-License-Identifier: Apache-2.0

/// Changes inputs the way a fuzzer does, the same from the same seed (SplitMix64).
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Int(mixed % UInt64(max(1, limit)))
    }

    private mutating func byte() -> UInt8 { UInt8(next(below: 256)) }

    /// One of some inputs with one to four changes, no longer than the limit.
    mutating func input(from corpus: [[UInt8]], byteLimit: Int) -> [UInt8] {
        var input = corpus.isEmpty ? [] : corpus[next(below: corpus.count)]
        for _ in 0...next(below: 4) { change(&input, corpus) }
        return Array(input.prefix(byteLimit))
    }

    private mutating func change(_ input: inout [UInt8], _ corpus: [[UInt8]]) {
        let place = next(below: input.count + 1)
        let end = min(input.count, place + 1 + next(below: 16))
        switch next(below: 9) {
        case 0 where place < input.count: input[place] ^= 1 << next(below: 8)
        case 1 where place < input.count: input[place] = byte()
        case 2 where place < input.count: input[place] = [0, 1, 0x7F, 0x80, 0xFF][next(below: 5)]
        case 3: input.insert(byte(), at: place)
        case 4: input.removeSubrange(place..<end)
        case 5: input.insert(contentsOf: input[place..<end], at: place)
        case 6: input.removeLast(input.count - place)
        case 7: input.insert(contentsOf: [UInt8](repeating: byte(), count: next(below: 40)), at: place)
        default:
            // The beginning of one and the end of another.
            guard let other = corpus.isEmpty ? nil : corpus[next(below: corpus.count)] else { return }
            input = Array(input[..<place]) + other[next(below: other.count + 1)...]
        }
    }
}
