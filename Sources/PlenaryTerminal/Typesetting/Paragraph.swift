// SPDX-License-Identifier: Apache-2.0

/// A paragraph in clusters, in logical order.
struct Paragraph: Sendable {
    /// Its clusters, with the controls of isolated pieces.
    var clusters: [Cluster] = []
    /// What follows the painted base of some of them.
    var tails: [String] = []
    /// Its place among the clusters of the whole text, with the line feed that ends it.
    var source = 0..<0
    /// A bit for each bidi class that occurs.
    private(set) var classes: UInt32 = 0

    /// Adds at the end.
    mutating func append(_ cluster: Cluster) {
        clusters.append(cluster)
        classes |= 1 << UInt32(cluster.bidiClass.rawValue)
    }

    /// Whether anything could stand elsewhere than in logical order from left to right. Without one of these
    /// all levels are even.
    var hasRightToLeft: Bool {
        let types: [BidiClass] = [.r, .al, .an, .rle, .rlo, .rli]
        return types.contains { classes & 1 << UInt32($0.rawValue) != 0 }
    }
}

/// Takes styled text apart into paragraphs of clusters.
///
/// Clusters are counted piece by piece, so that a mark at the start of a piece never changes the piece before it.
/// CR LF is one cluster. Line feeds and the separators U+2028 and U+2029 end a paragraph.
struct ParagraphReader {
    /// Whether all is one paragraph and what would end it is a space.
    private let isSingleLine: Bool
    private var paragraphs: [Paragraph] = []
    private var paragraph = Paragraph()
    /// Number of the next cluster in the whole text.
    private var index = 0
    /// Whether the piece at hand is isolated, and how many isolates it has opened itself.
    private var isIsolated = false
    private var openIsolateCount = 0

    /// The paragraphs of a text: at least one.
    static func paragraphs(of text: StyledText, isSingleLine: Bool) -> [Paragraph] {
        var reader = ParagraphReader(isSingleLine: isSingleLine)
        for span in text.spans where !span.text.isEmpty { reader.read(span) }
        reader.paragraph.source = reader.paragraph.source.lowerBound..<reader.index
        return reader.paragraphs + [reader.paragraph]
    }

    private init(isSingleLine: Bool) { self.isSingleLine = isSingleLine }

    private mutating func read(_ span: StyledText.Span) {
        isIsolated = span.isIsolated
        openIsolate()
        let table = ScalarTrie.shared
        let scalars = span.text.unicodeScalars
        var place = scalars.startIndex
        var current = scalars.first
        var standsAlone = current.map(Cluster.standsAlone) ?? false
        while let scalar = current {
            var next = scalars.index(after: place)
            var following = next < scalars.endIndex ? scalars[next] : nil
            var followingStandsAlone = following.map(Cluster.standsAlone) ?? true
            if standsAlone, followingStandsAlone {
                let properties = table[scalar]
                add(scalar, UInt8(properties.columns), span.style, properties.bidiClass)
            } else {
                next = span.text.index(after: place)
                read(scalars[place..<next], scalar, span.style)
                following = next < scalars.endIndex ? scalars[next] : nil
                followingStandsAlone = following.map(Cluster.standsAlone) ?? true
            }
            place = next
            current = following
            standsAlone = followingStandsAlone
            index += 1
        }
        closeIsolate()
    }

    /// Any cluster: with marks or joiners, or a control.
    private mutating func read(
        _ scalars: Substring.UnicodeScalarView, _ base: Unicode.Scalar, _ style: Style
    ) {
        let properties = ScalarProperties(base)
        let isSingle = scalars.index(after: scalars.startIndex) == scalars.endIndex
        if isSingle, properties.columns > 0 {
            return add(base, UInt8(properties.columns), style, properties.bidiClass)
        }
        // All controls are clusters of their own but CR LF, which begins with a control as well.
        if properties.columns == 0, isSingle || base == "\r", !ClusterImage.isLoneMark(base, properties) {
            return readControl(isSingle ? base : "\n", style)
        }
        let image = ClusterImage(scalars)
        guard let base = image.base, let painted = image.scalars.first else {
            return addInvisible(base, .bn, image.joiner)
        }
        add(base, UInt8(image.columns), style, ScalarProperties(base).bidiClass)
        let last = paragraph.clusters.count - 1
        paragraph.clusters[last].painted = painted
        paragraph.clusters[last].joiner = image.joiner
        if image.scalars.count > 1 {
            paragraph.clusters[last].tail = Int32(truncatingIfNeeded: paragraph.tails.count)
            paragraph.tails.append(String(String.UnicodeScalarView(image.scalars.dropFirst())))
        }
    }

    private mutating func add(
        _ base: Unicode.Scalar, _ columns: UInt8, _ style: Style, _ bidiClass: BidiClass,
        sourceCount: UInt8 = 1
    ) {
        paragraph.append(
            Cluster(
                base: base, painted: base, columns: columns, bidiClass: bidiClass, sourceCount: sourceCount,
                style: style, source: index))
    }

    private mutating func addInvisible(
        _ base: Unicode.Scalar, _ bidiClass: BidiClass, _ joiner: Cluster.Joiner = .none
    ) {
        var cluster = Cluster.invisible(base, bidiClass, source: index, sourceCount: 1)
        cluster.joiner = joiner
        paragraph.append(cluster)
    }

    /// Controls and format characters: none is painted as it is.
    private mutating func readControl(_ scalar: Unicode.Scalar, _ style: Style) {
        switch scalar.value {
        case 0x09:
            // Not a separator any more: that would take the paragraph's level and tear its surroundings apart.
            add(" ", 1, style, .ws)
            for _ in 1..<TerminalLimits.tabColumnCount {
                add(" ", 1, style, .ws, sourceCount: 0)
                paragraph.clusters[paragraph.clusters.count - 1].source += 1
            }
        case 0x0A, 0x2028, 0x2029:
            if isSingleLine { add(" ", 1, style, .ws) } else { endParagraph() }
        default:
            var bidiClass = ScalarProperties(scalar).bidiClass
            switch bidiClass {
            // Controls that would separate or space were they painted.
            case .b, .s, .ws: bidiClass = .bn
            case .lri, .rli, .fsi: openIsolateCount += 1
            // One that closes nothing of this piece must not close what is round it.
            case .pdi where isIsolated && openIsolateCount == 0: bidiClass = .bn
            case .pdi: openIsolateCount -= 1
            default: break
            }
            let joiner: Cluster.Joiner =
                scalar.value == 0x200D ? .joiner : scalar.value == 0x200C ? .nonJoiner : .none
            addInvisible(scalar, bidiClass, joiner)
        }
    }

    private mutating func endParagraph() {
        closeIsolate()
        paragraph.source = paragraph.source.lowerBound..<index + 1
        paragraphs.append(paragraph)
        paragraph = Paragraph()
        paragraph.source = index + 1..<index + 1
        openIsolate()
    }

    // MARK: Isolated pieces

    private mutating func openIsolate() {
        openIsolateCount = 0
        if isIsolated { paragraph.append(.invisible("\u{2068}", .fsi, source: index, sourceCount: 0)) }
    }

    /// Closes the piece, and what it left open: a PDI would otherwise close that instead.
    private mutating func closeIsolate() {
        guard isIsolated else { return }
        for _ in 0...openIsolateCount {
            paragraph.append(.invisible("\u{2069}", .pdi, source: index, sourceCount: 0))
        }
    }
}
