// SPDX-License-Identifier: Apache-2.0

/// A paragraph in clusters, in logical order.
struct Paragraph: Sendable {
    /// Its clusters, with the controls of isolated pieces.
    var clusters: [Cluster] = []
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
        paragraph.clusters.reserveCapacity(paragraph.clusters.count + span.text.utf8.count / 2)
        if span.text.utf8.allSatisfy({ $0 < 0x80 }) {
            readASCII(span.text.utf8, span.style)
        } else {
            for character in span.text {
                read(character, span.style)
                index += 1
            }
        }
        closeIsolate()
    }

    private mutating func readASCII(_ bytes: String.UTF8View, _ style: Style) {
        var isAfterReturn = false
        for byte in bytes {
            // The return took the place of both.
            if byte == 0x0A, isAfterReturn { index -= 1 }
            isAfterReturn = byte == 0x0D
            if byte >= 0x20, byte != 0x7F {
                let scalar = Unicode.Scalar(byte)
                add(ASCIITexts.texts[Int(byte)], 1, style, scalar, ScalarProperties(scalar).bidiClass)
            } else {
                readControl(Unicode.Scalar(byte), style)
            }
            index += 1
        }
    }

    private mutating func read(_ character: Character, _ style: Style) {
        let scalars = character.unicodeScalars
        guard let base = scalars.first else { return }
        let properties = ScalarProperties(base)
        let isSingle = scalars.index(after: scalars.startIndex) == scalars.endIndex
        if isSingle, properties.columns > 0 {
            return add(String(character), properties.columns, style, base, properties.bidiClass)
        }
        if isSingle || character == "\r\n", !ClusterImage.isLoneMark(base, properties) {
            return readControl(isSingle ? base : "\n", style)
        }
        let image = ClusterImage(scalars, base: base)
        guard image.columns > 0 else {
            return paragraph.append(.invisible(base, .bn, source: index..<index + 1))
        }
        add(image.text, image.columns, style, base, properties.bidiClass, image.joiner)
    }

    private mutating func add(
        _ text: String, _ columns: Int, _ style: Style, _ base: Unicode.Scalar, _ bidiClass: BidiClass,
        _ joiner: Cluster.Joiner = .none
    ) {
        let glyph = Glyph(
            text: text, columns: columns, style: style, isRightToLeft: false, source: index..<index + 1)
        paragraph.append(Cluster(glyph: glyph, base: base, bidiClass: bidiClass, joiner: joiner))
    }

    /// Controls and format characters: none is painted as it is.
    private mutating func readControl(_ scalar: Unicode.Scalar, _ style: Style) {
        switch scalar.value {
        case 0x09:
            add(" ", 1, style, " ", .s)
            for _ in 1..<TerminalLimits.tabColumnCount {
                add(" ", 1, style, " ", .s)
                paragraph.clusters[paragraph.clusters.count - 1].glyph.source = index + 1..<index + 1
            }
        case 0x0A, 0x2028, 0x2029:
            if isSingleLine { add(" ", 1, style, " ", .ws) } else { endParagraph() }
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
            var cluster = Cluster.invisible(scalar, bidiClass, source: index..<index + 1)
            if scalar.value == 0x200D { cluster.joiner = .joiner }
            if scalar.value == 0x200C { cluster.joiner = .nonJoiner }
            paragraph.append(cluster)
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
        if isIsolated { paragraph.append(.invisible("\u{2068}", .fsi, source: index..<index)) }
    }

    /// Closes the piece, and what it left open: a PDI would otherwise close that instead.
    private mutating func closeIsolate() {
        guard isIsolated else { return }
        for _ in 0...openIsolateCount {
            paragraph.append(.invisible("\u{2069}", .pdi, source: index..<index))
        }
    }
}

/// The texts of ASCII glyphs, made once.
private enum ASCIITexts {
    static let texts: [String] = (UInt8(0)..<0x80).map { String(Unicode.Scalar($0)) }
}
