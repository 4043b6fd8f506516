// SPDX-License-Identifier: Apache-2.0

/// Something that came from the keyboard or the terminal.
package enum InputEvent: Sendable, Hashable {
    /// A key that is not text, or text with Control or Alt.
    case key(Key, Modifiers)
    /// What was typed: printable, never empty. Keys struck in quick succession may come as one.
    case text(String)
    /// A bracketed paste, whole: lines end in LF, other control characters but TAB are gone. Longer ones are
    /// cut at `InputLimits.pasteByteLimit`.
    case paste(String)
    /// Where the cursor is, from 1, as asked for.
    case cursorReport(row: Int, column: Int)
    /// Whether the window has the focus.
    case focus(Bool)
}

/// A key, by what it is for and not by its bytes.
package enum Key: Sendable, Hashable {
    /// With Control or Alt only: a letter in lower case with Control, as typed with Alt. Control+Space has "
    /// ".
    case character(Character)
    /// Enter, of the keypad as well.
    case enter
    /// Tab; with Shift it is `backTab`.
    case tab
    /// Shift+Tab.
    case backTab
    /// Esc, known only when nothing has followed for a moment.
    case escape
    /// Deletes to the left.
    case backspace
    /// Deletes to the right.
    case delete
    /// Ins.
    case insert
    /// Arrows, as they are painted on the keys.
    case up, down, left, right
    /// Home and End.
    case home, end
    /// PgUp and PgDn.
    case pageUp, pageDown
    /// F1 is 1; up to 20 by old encodings, up to 35 by new ones.
    case function(Int)
}

/// Keys held with another.
package struct Modifiers: OptionSet, Sendable, Hashable {
    /// The bits as xterm numbers them, without its 1.
    package let rawValue: UInt8

    /// From those bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Shift, where it is not part of the character.
    package static let shift = Modifiers(rawValue: 1)
    /// Alt, or Esc struck before.
    package static let alt = Modifiers(rawValue: 2)
    /// Control.
    package static let control = Modifiers(rawValue: 4)
}
