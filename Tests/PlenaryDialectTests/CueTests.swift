// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import Testing

/// "the title is cut to 24 columns with `…`" (docs/extensions/threads.md, "How a message … is delivered").
struct CueTests {
    /// Below, at and above the limit; wide letters take two columns, marks none; the mark has one itself.
    @Test func aTitleIsCutAtColumns() {
        for (title, cut) in [
            ("", ""), ("abc", "abc"), ("abcd", "abcd"), ("abcde", "abc…"), ("界界", "界界"), ("界界界", "界…"),
            ("a界界", "a界…"), ("e\u{301}e\u{301}ef", "e\u{301}e\u{301}ef"),
            ("e\u{301}e\u{301}efg", "e\u{301}e\u{301}e…"), ("👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧👩‍👩‍👧"),
        ] {
            #expect(Dialect.cut(title, columns: 4) == cut, "\(title)")
        }
    }
}
