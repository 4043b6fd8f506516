// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryRelay
import Testing

/// Files as meeting programs write them, made up after the shapes that public parsers describe.
enum Fixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return Array(try Data(contentsOf: here.appendingPathComponent("Fixtures/" + name)))
    }

    static func chat(_ name: String) throws -> SavedChat { try SavedChat(bytes(name)) }

    static func chat(text: String) throws -> SavedChat { try SavedChat(Array(text.utf8)) }

    static let names = [
        "shape-a-acceptance.txt", "shape-a-ru-crlf.txt", "shape-b.txt", "shape-c.txt", "shape-d.txt",
        "shape-e-crlf.txt", "unknown-keyword.txt",
    ]

    /// Everything that leaves the parser, in one text.
    static func everything(_ chat: SavedChat) -> String {
        chat.entries.map { "\($0.sender)\n\($0.text)\n\($0.quotes ?? "")" }.joined(separator: "\n")
    }
}

/// A small generator of which the seed is printed when a test fails.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
