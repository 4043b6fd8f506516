// SPDX-License-Identifier: Apache-2.0

extension Typesetter {
    /// Where the caret before cluster `index` stands among these lines of this text: at the left edge of a glyph
    /// that runs from left to right, at the right edge of one that runs from right to left. Behind the last
    /// cluster of the text, and before one that has no glyph, it stands behind the cluster before. Inside a
    /// ligature it stands at its beginning. An index beyond the text counts as its end.
    ///
    /// The column is an edge, from 0 at the left of the line to `columns` of the line, both included.
    package func caret(
        before index: Int, in lines: [TypesetLine], of text: StyledText
    ) -> (line: Int, column: Int) {
        let number = lines.lastIndex { $0.source.lowerBound <= index } ?? 0
        guard number < lines.count else { return (0, 0) }
        var column = 0
        var behind: (end: Int, column: Int)?
        for glyph in lines[number].glyphs {
            let right = column + glyph.columns
            if glyph.source.contains(index) { return (number, glyph.isRightToLeft ? right : column) }
            if glyph.source.upperBound <= index, glyph.source.upperBound >= behind?.end ?? 0 {
                // Of the spaces of one tab, all end at the same cluster: the last one counts.
                let isFurther = glyph.source.upperBound > behind?.end ?? -1 || !glyph.isRightToLeft
                if isFurther { behind = (glyph.source.upperBound, glyph.isRightToLeft ? column : right) }
            }
            column = right
        }
        if let behind { return (number, behind.column) }
        return (number, lines[number].isRightToLeft ? lines[number].columns : 0)
    }
}
