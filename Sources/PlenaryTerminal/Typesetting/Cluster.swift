// SPDX-License-Identifier: Apache-2.0

/// One grapheme cluster on its way to a glyph, in logical order. Plain numbers only: what stands behind the base
/// is in `Paragraph.tails`, and the text of a glyph is made once, when its line is.
struct Cluster: Sendable {
    /// Which control for joining stands last in the cluster.
    enum Joiner: UInt8, Sendable { case none, joiner, nonJoiner }

    /// The scalar that decides about direction, joining and where a line may end.
    var base: Unicode.Scalar
    /// What is painted for the base: itself, its form, its ligature, or the space under a mark that has no base.
    var painted: Unicode.Scalar
    /// Which of the paragraph's tails follows; negative for none.
    var tail: Int32 = -1
    /// Columns on the screen: 0 for what is not painted.
    var columns: UInt8
    /// What the cluster is for the bidirectional algorithm.
    var bidiClass: BidiClass
    /// The control by which its letter joins the next one, or is kept apart from it.
    var joiner = Joiner.none
    /// How many clusters of the text it shows: 2 for a ligature, 0 for its second half and what we put in.
    var sourceCount: UInt8 = 1
    /// How it looks.
    var style: Style
    /// The number of the first cluster of the text that it shows.
    var source: Int

    /// Whether it is painted at all.
    var isVisible: Bool { columns > 0 }

    /// Something that is not painted but tells about what stands beside it.
    static func invisible(
        _ base: Unicode.Scalar, _ bidiClass: BidiClass, source: Int, sourceCount: UInt8
    ) -> Cluster {
        Cluster(
            base: base, painted: base, columns: 0, bidiClass: bidiClass, sourceCount: sourceCount,
            style: .plain, source: source)
    }

    /// Whether a scalar is a cluster by itself next to any other of this kind, and is visible: most letters of
    /// most messages. Where a text has others, Swift's `Character` finds the cluster (UAX #29).
    static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF: true
        // Greek and Cyrillic; Arabic letters and digits; punctuation.
        case 0x370...0x482, 0x48A...0x52F, 0x61D...0x64A, 0x660...0x66F, 0x671...0x6D3, 0x2010...0x2027: true
        // Chinese, kana, Yi, Hangul syllables, full-width forms.
        case 0x3000...0x3029, 0x3041...0x3096, 0x30A1...0x30FC, 0x3400...0xA4CF, 0xAC00...0xD7A3: true
        case 0xFF01...0xFF9D, 0x20000...0x2FFFD: true
        default: false
        }
    }
}

/// What is painted for one grapheme cluster of received text.
///
/// Controls and format characters are left out; joiners are kept only inside emoji and Indic clusters, tags only
/// in flags. Marks beyond `TerminalLimits.glyphScalarLimit` are left out. Marks without a base stand on a space,
/// so that a text of marks alone does not look like nothing.
struct ClusterImage {
    /// Base and what follows it; empty if nothing is painted.
    private(set) var scalars = String.UnicodeScalarView()
    /// Columns of that.
    private(set) var columns = 0
    /// The control for joining that stands last.
    private(set) var joiner = Cluster.Joiner.none

    /// The scalar that is seen first, and decides about direction, joining and breaks.
    private(set) var base: Unicode.Scalar?

    /// The image of a cluster.
    init(_ cluster: Substring.UnicodeScalarView) {
        let start = cluster.firstIndex { scalar in
            let properties = ScalarProperties(scalar)
            return properties.columns > 0 || Self.isLoneMark(scalar, properties)
        }
        guard let start else {
            let hasJoiner = cluster.last?.value == 0x200D
            joiner = hasJoiner ? .joiner : cluster.last?.value == 0x200C ? .nonJoiner : .none
            return
        }
        base = cluster[start]
        append(cluster[start...], base: cluster[start])
        columns = DisplayWidth.columns(scalars)
    }

    private mutating func append(_ cluster: Substring.UnicodeScalarView, base: Unicode.Scalar) {
        let properties = ScalarProperties(base)
        let isOnSpace = properties.columns == 0
        if isOnSpace { scalars.append(" ") }
        var count = isOnSpace ? 1 : 0
        var hasPendingJoiner = false
        for scalar in cluster {
            switch scalar.value {
            case 0x200C:
                joiner = .nonJoiner
                continue
            case 0x200D:
                joiner = .joiner
                hasPendingJoiner = properties.joiningType == .none
                continue
            case 0xE0020...0xE007F where base.value != 0x1F3F4: continue
            default: break
            }
            let hasColumns = ScalarProperties(scalar).columns > 0
            // A Hangul vowel on a space is no cluster with what would follow the vowel in a syllable.
            if hasColumns, isOnSpace, properties.bidiClass == .l { return }
            let isJoined = hasPendingJoiner && hasColumns
            hasPendingJoiner = false
            count += isJoined ? 2 : 1
            if count > TerminalLimits.glyphScalarLimit { return }
            if isJoined { scalars.append("\u{200D}") }
            scalars.append(scalar)
            if hasColumns { joiner = .none }
        }
    }

    /// Whether a scalar without columns is to be seen when it has no base: marks and the vowels and final
    /// consonants of Hangul, but not selectors and fillers.
    static func isLoneMark(_ scalar: Unicode.Scalar, _ properties: ScalarProperties) -> Bool {
        switch scalar.value {
        case 0x034F, 0x17B4...0x17B5, 0x180B...0x180F, 0xFE00...0xFE0F, 0xE0100...0xE01EF: false
        case 0x1161...0x11FF, 0xD7B0...0xD7FF: true
        default: properties.bidiClass == .nsm
        }
    }
}
