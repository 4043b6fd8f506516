// SPDX-License-Identifier: Apache-2.0

/// One paragraph in logical order, in pieces of one style each.
package struct StyledText: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A piece.
    package struct Span: Sendable, Hashable {
        /// The text as it is said, in logical order.
        package var text: String
        /// How it looks.
        package var style: Style
        /// Whether its direction is its own: by its first strong letter, without effect on what stands around it
        /// (UAX #9, FSI … PDI). Everything that a person or a server gave is isolated.
        package var isIsolated: Bool

        /// A piece of these parts.
        package init(_ text: String, _ style: Style = .plain, isIsolated: Bool = false) {
            self.text = text
            self.style = style
            self.isIsolated = isIsolated
        }
    }

    /// The pieces, in logical order.
    package var spans: [Span]

    /// These pieces.
    package init(_ spans: [Span] = []) { self.spans = spans }
    /// One piece of our own words.
    package init(_ text: String, _ style: Style = .plain) { spans = [Span(text, style)] }
    /// One piece of somebody else's words.
    package init(isolated text: String, _ style: Style = .plain) {
        spans = [Span(text, style, isIsolated: true)]
    }
    /// Our own words.
    package init(stringLiteral text: String) { self.init(text) }

    /// One behind the other.
    package static func + (left: StyledText, right: StyledText) -> StyledText {
        StyledText(left.spans + right.spans)
    }
    /// Adds at the end.
    package static func += (left: inout StyledText, right: StyledText) { left.spans += right.spans }
}

/// The direction of a paragraph.
package enum BaseDirection: Sendable, Hashable {
    /// By the first strong letter that is not isolated (UAX #9, P2 and P3); left to right where there is none.
    case automatic
    case leftToRight
    case rightToLeft
}

/// What is painted in one place: a grapheme cluster, or a ligature of two.
package struct Glyph: Sendable, Hashable {
    /// What is sent to the terminal: shaped and mirrored. Never empty, never a control character.
    package var text: String
    /// Columns it takes: 1 or 2.
    package var columns: Int
    /// How it looks.
    package var style: Style
    /// Whether its level is odd. Such a run is sent between LRO and PDF.
    package var isRightToLeft: Bool
    /// The grapheme clusters of the paragraph (all its spans one behind the other) that it shows.
    package var source: Range<Int>

    /// A glyph of these parts.
    package init(text: String, columns: Int, style: Style, isRightToLeft: Bool, source: Range<Int>) {
        self.text = text
        self.columns = columns
        self.style = style
        self.isRightToLeft = isRightToLeft
        self.source = source
    }
}

/// One line as it stands on the screen.
package struct TypesetLine: Sendable, Hashable {
    /// Glyphs from left to right.
    package var glyphs: [Glyph]
    /// Whether its paragraph runs from right to left and the line belongs to the right margin.
    package var isRightToLeft: Bool
    /// Columns that all glyphs take.
    package var columns: Int
    /// The grapheme clusters of the text that lie in this line, with those that have no glyph: spaces at its
    /// break, the line feed behind it, controls.
    package var source: Range<Int>

    /// A line of these glyphs.
    package init(glyphs: [Glyph], isRightToLeft: Bool, source: Range<Int> = 0..<0) {
        self.glyphs = glyphs
        self.isRightToLeft = isRightToLeft
        self.source = source
        columns = glyphs.reduce(0) { $0 + $1.columns }
    }
}

extension StyledText {
    /// A text of ours with what is to be typed isolated, so that `/quit` in an Arabic sentence keeps its slash in
    /// front.
    package static func naming(commandsIn text: String) -> StyledText {
        var spans: [Span] = []
        var words = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if PlainText.isTyped(word) {
                spans.append(Span(words))
                spans.append(Span(String(word), isIsolated: true))
                words = " "
            } else {
                words += word + " "
            }
        }
        if words.hasSuffix(" ") { words.removeLast() }
        spans.append(Span(words))
        return StyledText(spans.filter { !$0.text.isEmpty })
    }
}
