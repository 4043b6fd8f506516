// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import PlenaryTerminal

/// Lines that are printed as they are, and ordered by whatever shows them.
extension PlainText {
    /// Without marks and controls of direction, which come along when a name is copied from a line.
    static func undirected(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
        let line = String(String.UnicodeScalarView(scalars)).drop { $0.isWhitespace }
        return String(line.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// The same whatever its letters, for a line that runs from right to left itself: there a name such as
    /// `practices/12` would be read from its end.
    static func alwaysIsolated(_ text: String) -> String { text.isEmpty ? text : "\u{2068}\(text)\u{2069}" }
}
