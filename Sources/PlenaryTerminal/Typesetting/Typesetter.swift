// SPDX-License-Identifier: Apache-2.0

/// Sets text in lines: clusters, direction, joining, line breaks, in this order (UAX #9, 3.4 and 6.1).
///
/// Levels and forms follow from the whole paragraph, order from the line. Nothing that is received can break out:
/// an isolated piece is closed where it ends, and no control or format character becomes a glyph.
package struct Typesetter: Sendable, Hashable {
    /// Who puts right-to-left text in order (the setting `ui.bidi`).
    package enum BidiHandling: String, Sendable {
        /// We do: glyphs are in visual order, joined and mirrored.
        case app
        /// The terminal does: glyphs are in logical order, as they were received.
        case terminal
        /// Nobody does: as with `terminal`.
        case off
    }

    /// Who puts right-to-left text in order.
    package var bidi: BidiHandling

    /// A typesetter for this setting.
    package init(bidi: BidiHandling = .app) { self.bidi = bidi }

    /// Lines no wider than `columns`; at least one for each paragraph. Line feeds separate paragraphs, each with
    /// its own direction when `base` is automatic. In one column a wide glyph is a question mark; in none, lines
    /// have no glyphs.
    package func lines(
        _ text: StyledText, columns: Int, base: BaseDirection = .automatic
    ) -> [TypesetLine] {
        var lines: [TypesetLine] = []
        for paragraph in ParagraphReader.paragraphs(of: text, isSingleLine: false) {
            let setting = setting(of: paragraph, columns: columns, base: base)
            guard columns > 0 else {
                lines.append(setting.blankLine)
                continue
            }
            let ranges = LineBreaker.lines(setting.clusters, columns: columns)
            for range in ranges {
                lines.append(setting.line(range, columns: columns, isLast: range == ranges.last))
            }
        }
        return lines
    }

    /// One line; line feeds are spaces. A text that is too wide is cut at its logical end, where the ellipsis
    /// then stands beside what it continues.
    package func line(
        _ text: StyledText, columns: Int, base: BaseDirection = .automatic, ellipsis: String = "…"
    ) -> TypesetLine {
        let paragraphs = ParagraphReader.paragraphs(of: text, isSingleLine: true)
        let setting = setting(of: paragraphs.first ?? Paragraph(), columns: columns, base: base)
        guard columns > 0 else { return setting.blankLine }
        let width = setting.clusters.reduce(0) { $0 + $1.glyph.columns }
        if width <= columns {
            return setting.line(setting.clusters.indices, columns: columns, isLast: true)
        }
        return setting.cutLine(columns: columns, ellipsis: ellipsis)
    }

    private func setting(
        of paragraph: Paragraph, columns: Int, base: BaseDirection
    ) -> ParagraphSetting {
        var setting = ParagraphSetting(paragraph)
        if columns == 1 { setting.narrow() }
        if base == .rightToLeft || paragraph.hasRightToLeft {
            setting.resolve(base: base, isOrdered: bidi == .app)
        }
        return setting
    }
}

/// A paragraph with its levels and forms, from which lines are taken.
private struct ParagraphSetting {
    private(set) var clusters: [Cluster]
    private let source: Range<Int>
    /// With the levels of the clusters; empty if these stay in logical order.
    private var units: [BidiResolver.Unit] = []
    private var paragraphLevel: UInt8 = 0

    init(_ paragraph: Paragraph) {
        clusters = paragraph.clusters
        source = paragraph.source
    }

    /// Without any glyph.
    var blankLine: TypesetLine { TypesetLine(glyphs: [], isRightToLeft: isRightToLeft, source: source) }

    private var isRightToLeft: Bool { paragraphLevel & 1 == 1 }

    /// Replaces what no line of one column can hold.
    mutating func narrow() {
        for index in clusters.indices where clusters[index].glyph.columns > 1 {
            clusters[index].glyph.text = "?"
            clusters[index].glyph.columns = 1
        }
    }

    /// Finds the levels, and joins letters if we put them in order.
    mutating func resolve(base: BaseDirection, isOrdered: Bool) {
        var resolver = BidiResolver()
        resolver.units.reserveCapacity(clusters.count)
        for cluster in clusters { resolver.units.append(cluster.unit) }
        resolver.resolve(base: base)
        paragraphLevel = resolver.paragraphLevel
        guard isOrdered else { return }
        units = resolver.units
        ArabicJoining.join(&clusters, units)
    }

    /// The line of these clusters. Spaces at its end take no column, unless it is the last of its paragraph:
    /// then only those that do not fit are left out.
    func line(_ range: Range<Int>, columns: Int, isLast: Bool) -> TypesetLine {
        let end = trimmedEnd(of: range, columns: isLast ? columns : 0)
        let first = range.lowerBound == 0 ? source.lowerBound : sourceStart(range.lowerBound)
        let last = isLast ? source.upperBound : sourceStart(range.upperBound)
        return TypesetLine(
            glyphs: ordered(range, shown: range.lowerBound..<end), isRightToLeft: isRightToLeft,
            source: first..<max(first, last))
    }

    /// As much of the paragraph as fits before the ellipsis, and that.
    func cutLine(columns: Int, ellipsis: String) -> TypesetLine {
        let marks = ParagraphReader.paragraphs(of: StyledText(ellipsis), isSingleLine: true)
        var tail: [Glyph] = []
        var room = columns
        for cluster in marks.first?.clusters ?? [] where cluster.isVisible {
            guard cluster.glyph.columns <= room else { break }
            room -= cluster.glyph.columns
            tail.append(cluster.glyph)
        }
        var end = 0
        while end < clusters.count, clusters[end].glyph.columns <= room {
            room -= clusters[end].glyph.columns
            end += 1
        }
        end = trimmedEnd(of: 0..<end, columns: 0)
        let cut = end < clusters.count ? sourceStart(end) : source.upperBound
        for index in tail.indices {
            tail[index].source = cut..<cut
            tail[index].style = clusters[max(0, min(end, clusters.count) - 1)].glyph.style
        }
        return TypesetLine(
            glyphs: ordered(0..<end, shown: 0..<end, tail: tail), isRightToLeft: isRightToLeft,
            source: source)
    }

    private func sourceStart(_ index: Int) -> Int {
        index < clusters.count ? clusters[index].glyph.source.lowerBound : source.upperBound
    }

    /// Where the line's glyphs end when spaces at its end are left out until it fits.
    private func trimmedEnd(of range: Range<Int>, columns: Int) -> Int {
        var width = 0
        for index in range { width += clusters[index].glyph.columns }
        var end = range.upperBound
        while end > range.lowerBound, width > columns {
            let last = clusters[end - 1]
            guard !last.isVisible || LineBreaker.isSpace(last.base) else { break }
            width -= last.glyph.columns
            end -= 1
        }
        return end
    }

    /// The glyphs of a line from left to right. What follows as `tail` has the level of the last cluster.
    private func ordered(_ line: Range<Int>, shown: Range<Int>, tail: [Glyph] = []) -> [Glyph] {
        var glyphs: [Glyph] = []
        glyphs.reserveCapacity(shown.count + tail.count)
        guard !units.isEmpty else {
            for index in shown where clusters[index].isVisible { glyphs.append(clusters[index].glyph) }
            return glyphs + tail
        }
        var lineUnits = Array(units[line])
        if tail.isEmpty {
            BidiLine.resetTrailing(&lineUnits, lineUnits.indices, paragraphLevel: paragraphLevel)
        }
        var levels: [UInt8] = []
        for index in shown where clusters[index].isVisible {
            let level = lineUnits[index - line.lowerBound].level
            levels.append(level)
            glyphs.append(level & 1 == 1 ? clusters[index].rightToLeftGlyph : clusters[index].glyph)
        }
        let tailLevel = levels.last ?? paragraphLevel
        for var glyph in tail {
            glyph.isRightToLeft = tailLevel & 1 == 1
            glyphs.append(glyph)
            levels.append(tailLevel)
        }
        return BidiLine.order(levels).map { glyphs[$0] }
    }
}

extension Cluster {
    /// What the bidirectional algorithm sees of it.
    fileprivate var unit: BidiResolver.Unit {
        let isMirrored = bidiClass == .on && ScalarProperties(base).isMirrored
        return BidiResolver.Unit(bidiClass, bracket: isMirrored ? Mirroring.bracket(base) : 0)
    }

    /// Its glyph in a stretch from right to left: mirrored, if it has a mirror image (UAX #9, L4).
    fileprivate var rightToLeftGlyph: Glyph {
        var glyph = glyph
        glyph.isRightToLeft = true
        if ScalarProperties(base).isMirrored, let image = Mirroring.image(of: base) {
            var scalars = glyph.text.unicodeScalars
            if scalars.first == base {
                scalars.replaceSubrange(..<scalars.index(after: scalars.startIndex), with: [image])
                glyph.text = String(scalars)
            }
        }
        return glyph
    }
}
