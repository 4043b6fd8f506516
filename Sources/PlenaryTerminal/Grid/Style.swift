// SPDX-License-Identifier: Apache-2.0

/// One of the sixteen colours that every terminal has, by its number in SGR 30–37 and 90–97.
package enum Color: UInt8, Sendable, Hashable, CaseIterable {
    case black, red, green, yellow, blue, magenta, cyan, white
    case brightBlack, brightRed, brightGreen, brightYellow, brightBlue, brightMagenta, brightCyan, brightWhite
}

/// How a piece of text looks. Colour never says anything that a word or a mark does not say as well.
package struct Style: Sendable, Hashable {
    /// Nil is the terminal's own, which is readable on its background whatever that is.
    package var foreground: Color?
    /// Bold.
    package var isBold = false
    /// Less intense.
    package var isFaint = false
    /// Underlined.
    package var isUnderlined = false
    /// Foreground and background exchanged.
    package var isReversed = false

    /// The terminal's own style.
    package static let plain = Style()
    /// Bold.
    package static let bold = Style(isBold: true)
    /// Faint.
    package static let faint = Style(isFaint: true)
    /// Exchanged colours, as a selection has them.
    package static let reversed = Style(isReversed: true)

    /// A style of these parts.
    package init(
        foreground: Color? = nil, isBold: Bool = false, isFaint: Bool = false, isUnderlined: Bool = false,
        isReversed: Bool = false
    ) {
        self.foreground = foreground
        self.isBold = isBold
        self.isFaint = isFaint
        self.isUnderlined = isUnderlined
        self.isReversed = isReversed
    }
}
