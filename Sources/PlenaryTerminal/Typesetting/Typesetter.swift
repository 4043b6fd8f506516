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
        let width = setting.clusters.reduce(0) { $0 + Int($1.columns) }
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
    private var paragraph: Paragraph
    /// With the levels of the clusters; empty if these stay in logical order.
    private var units: [BidiResolver.Unit] = []
    private var paragraphLevel: UInt8 = 0

    init(_ paragraph: Paragraph) {
        self.paragraph = paragraph
    }

    /// The clusters that are set.
    var clusters: [Cluster] { paragraph.clusters }
    private var source: Range<Int> { paragraph.source }

    /// Without any glyph.
    var blankLine: TypesetLine { TypesetLine(glyphs: [], isRightToLeft: isRightToLeft, source: source) }

    private var isRightToLeft: Bool { paragraphLevel & 1 == 1 }

    /// Replaces what no line of one column can hold.
    mutating func narrow() {
        for index in clusters.indices where clusters[index].columns > 1 {
            paragraph.clusters[index].base = "?"
            paragraph.clusters[index].painted = "?"
            paragraph.clusters[index].tail = -1
            paragraph.clusters[index].columns = 1
        }
    }

    /// Finds the levels, and joins letters if we put them in order.
    mutating func resolve(base: BaseDirection, isOrdered: Bool) {
        var resolver = BidiResolver()
        resolver.units.reserveCapacity(clusters.count)
        let table = ScalarTrie.shared
        for cluster in clusters { resolver.units.append(cluster.unit(table)) }
        resolver.resolve(base: base)
        paragraphLevel = resolver.paragraphLevel
        guard isOrdered else { return }
        units = resolver.units
        ArabicJoining.join(&paragraph, units)
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
        var room = columns
        var tail: [Glyph] = []
        for cluster in marks[0].clusters where cluster.isVisible {
            guard Int(cluster.columns) <= room else { break }
            room -= Int(cluster.columns)
            tail.append(marks[0].glyph(cluster, isRightToLeft: false))
        }
        var end = 0
        while end < clusters.count, Int(clusters[end].columns) <= room {
            room -= Int(clusters[end].columns)
            end += 1
        }
        end = trimmedEnd(of: 0..<end, columns: 0)
        let cut = sourceStart(end)
        let beside = clusters[..<end].last(where: \.isVisible) ?? clusters.first(where: \.isVisible)
        for index in tail.indices {
            tail[index].source = cut..<cut
            tail[index].style = beside?.style ?? .plain
        }
        return TypesetLine(
            glyphs: ordered(0..<end, shown: 0..<end, tail: tail), isRightToLeft: isRightToLeft,
            source: source)
    }

    private func sourceStart(_ index: Int) -> Int {
        index < clusters.count ? clusters[index].source : source.upperBound
    }

    /// Where the line's glyphs end when spaces at its end are left out until it fits.
    private func trimmedEnd(of range: Range<Int>, columns: Int) -> Int {
        var width = 0
        for index in range { width += Int(clusters[index].columns) }
        var end = range.upperBound
        while end > range.lowerBound, width > columns {
            let last = clusters[end - 1]
            guard !last.isVisible || LineBreaker.isSpace(last.base) else { break }
            width -= Int(last.columns)
            end -= 1
        }
        return end
    }

    /// The glyphs of a line from left to right. What follows as `tail` has the level of the last cluster.
    private func ordered(_ line: Range<Int>, shown: Range<Int>, tail: [Glyph] = []) -> [Glyph] {
        let clusters = clusters
        var glyphs: [Glyph] = []
        glyphs.reserveCapacity(shown.count + tail.count)
        guard !units.isEmpty else {
            for index in shown where clusters[index].isVisible {
                glyphs.append(paragraph.glyph(clusters[index], isRightToLeft: false))
            }
            return glyphs + tail
        }
        var lineUnits = Array(units[line])
        if tail.isEmpty {
            BidiLine.resetTrailing(&lineUnits, lineUnits.indices, paragraphLevel: paragraphLevel)
        }
        // The ends of isolates have a place in the order although they are not shown: two isolates that stand one
        // behind the other would be one stretch without them.
        let placed = shown.filter {
            clusters[$0].isVisible || !lineUnits[$0 - line.lowerBound].isRemoved
        }
        var levels = placed.map { lineUnits[$0 - line.lowerBound].level }
        let lastVisible = placed.lastIndex { clusters[$0].isVisible }
        let tailLevel = lastVisible.map { levels[$0] } ?? paragraphLevel
        levels += tail.map { _ in tailLevel }
        for place in BidiLine.order(levels) {
            let isRightToLeft = levels[place] & 1 == 1
            if place < placed.count {
                let cluster = clusters[placed[place]]
                guard cluster.isVisible else { continue }
                glyphs.append(paragraph.glyph(cluster, isRightToLeft: isRightToLeft))
            } else {
                glyphs.append(tail[place - placed.count])
                glyphs[glyphs.count - 1].isRightToLeft = isRightToLeft
            }
        }
        return glyphs
    }
}

extension Paragraph {
    /// The glyph of a cluster. From right to left it is mirrored, if it has a mirror image (UAX #9, L4).
    fileprivate func glyph(_ cluster: Cluster, isRightToLeft: Bool) -> Glyph {
        var painted = cluster.painted
        if isRightToLeft, painted == cluster.base, ScalarProperties(painted).isMirrored {
            painted = Mirroring.image(of: painted) ?? painted
        }
        var text = String(painted)
        if cluster.tail >= 0 { text += tails[Int(cluster.tail)] }
        return Glyph(
            text: text, columns: Int(cluster.columns), style: cluster.style, isRightToLeft: isRightToLeft,
            source: cluster.source..<cluster.source + Int(cluster.sourceCount))
    }
}

extension Cluster {
    /// What the bidirectional algorithm sees of it.
    fileprivate func unit(_ table: ScalarTrie) -> BidiResolver.Unit {
        let isMirrored = bidiClass == .on && table[base].isMirrored
        return BidiResolver.Unit(bidiClass, bracket: isMirrored ? Mirroring.bracket(base) : 0)
    }
}
