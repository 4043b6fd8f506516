// SPDX-License-Identifier: Apache-2.0

/// A parser of bytes from outside, with what must hold whatever the bytes are.
///
/// Used twice: libFuzzer drives each target with new input (.ci/fuzz), and a test gives each the inputs that were worth
/// keeping (Tests/corpora) and changed ones. A trap is a finding in both; a broken claim is thrown.
package struct FuzzTarget: Sendable {
    /// Its name, and that of the folder of its corpus.
    package let name: String
    /// Bytes of an input. More is not tried: what a longer one finds a shorter one does, and sooner.
    package let byteLimit: Int
    /// Parses an input and looks at what came out; throws what does not hold.
    package let check: @Sendable (_ input: [UInt8]) throws(BrokenClaim) -> Void

    init(
        _ name: String, byteLimit: Int = 1024,
        _ check: @escaping @Sendable (_ input: [UInt8]) throws(BrokenClaim) -> Void
    ) {
        self.name = name
        self.byteLimit = byteLimit
        self.check = check
    }

    /// Every target.
    package static let all: [FuzzTarget] =
        wire + names + log + segments + files + relay + client + server

    /// The target of a name; nil for none.
    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// What an input shows not to hold.
package struct BrokenClaim: Error, Hashable, Sendable, CustomStringConvertible {
    /// The claim, and what was found instead.
    package var description: String

    init(_ description: String) { self.description = description }
}

/// Throws the text where something does not hold.
func claim(_ holds: Bool, _ text: @autoclosure () -> String) throws(BrokenClaim) {
    guard holds else { throw BrokenClaim(text()) }
}

/// Takes numbers from the front of an input; beyond its end they are zero.
struct InputReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func short() -> UInt16 { UInt16(byte()) | UInt16(byte()) << 8 }

    mutating func word() -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(byte()) << (8 * UInt64($1)) } }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}

/// An input as it may come from outside: whole, byte by byte, or in pieces of some size.
func pieces(of input: [UInt8], _ size: Int) -> [[UInt8]] {
    stride(from: 0, to: input.count, by: max(1, size)).map { start in
        Array(input[start..<min(input.count, start + max(1, size))])
    }
}
