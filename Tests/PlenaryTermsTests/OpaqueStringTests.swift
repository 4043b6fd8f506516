// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import Testing

/// RFC 8265, 4.2.2 and its examples in 4.3.
struct OpaqueStringTests {
    @Test(arguments: [
        ("correct horse battery staple", "correct horse battery staple"),
        ("Correct Horse Battery Staple", "Correct Horse Battery Staple"), ("πßå", "πßå"),
        ("Jack of ♦s", "Jack of ♦s"), ("foo\u{1680}bar", "foo bar"), ("a\u{3000}b\u{A0}c", "a b c"),
    ])
    func spacesBecomeOneAndCaseStays(text: String, prepared: String) {
        #expect(OpaqueString.prepared(text.utf8) == Array(prepared.utf8))
    }

    @Test(arguments: [[], [0x09], [0x61, 0x7F], [0xC2, 0x85], [0xFF], [0x61, 0x00]] as [[UInt8]])
    func emptyBrokenAndControlledOnesAreNone(bytes: [UInt8]) {
        #expect(OpaqueString.prepared(bytes) == nil)
    }
}
