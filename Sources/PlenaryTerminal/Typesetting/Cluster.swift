// SPDX-License-Identifier: Apache-2.0

/// One grapheme cluster on its way to a glyph, in logical order.
struct Cluster: Sendable {
    /// Which control for joining stands last in the cluster.
    enum Joiner: UInt8, Sendable { case none, joiner, nonJoiner }

    /// What is painted. Its text is empty where nothing is: controls, and the second half of a ligature.
    var glyph: Glyph
    /// The scalar that decides about direction, joining and where a line may end.
    var base: Unicode.Scalar
    /// What the cluster is for the bidirectional algorithm.
    var bidiClass: BidiClass
    /// The control that its letter or the next one joins, or is kept apart by.
    var joiner = Joiner.none

    /// Whether it is painted at all.
    var isVisible: Bool { glyph.columns > 0 }

    /// Something that is not painted but tells about what stands beside it.
    static func invisible(_ base: Unicode.Scalar, _ bidiClass: BidiClass, source: Range<Int>) -> Cluster {
        let glyph = Glyph(text: "", columns: 0, style: .plain, isRightToLeft: false, source: source)
        return Cluster(glyph: glyph, base: base, bidiClass: bidiClass)
    }
}

/// What is painted for one grapheme cluster of received text.
///
/// Controls and format characters are left out; joiners are kept only inside emoji and Indic clusters, tags only
/// in flags. Marks beyond `TerminalLimits.glyphScalarLimit` are left out. Marks without a base stand on a space,
/// so that a text of marks alone does not look like nothing.
struct ClusterImage {
    private(set) var text = ""
    private(set) var columns = 0
    private(set) var joiner = Cluster.Joiner.none

    /// The image of a cluster of several scalars.
    init(_ scalars: Character.UnicodeScalarView, base: Unicode.Scalar) {
        let properties = ScalarProperties(base)
        let keepsJoiners = properties.joiningType == .none
        var painted = String.UnicodeScalarView()
        var count = 0
        if properties.columns == 0 {
            guard Self.isLoneMark(base, properties) else {
                joiner = base.value == 0x200D ? .joiner : base.value == 0x200C ? .nonJoiner : .none
                return
            }
            painted.append(" ")
            count = 1
        }
        var hasPendingJoiner = false
        for scalar in scalars {
            switch scalar.value {
            case 0x200C:
                joiner = .nonJoiner
                continue
            case 0x200D:
                joiner = .joiner
                hasPendingJoiner = keepsJoiners
                continue
            case 0xE0020...0xE007F where base.value != 0x1F3F4: continue
            default: break
            }
            let cost = hasPendingJoiner ? 2 : 1
            guard count + cost <= TerminalLimits.glyphScalarLimit else { break }
            if hasPendingJoiner { painted.append("\u{200D}") }
            hasPendingJoiner = false
            painted.append(scalar)
            count += cost
            if ScalarProperties(scalar).columns > 0 { joiner = .none }
        }
        columns = DisplayWidth.columns(painted)
        text = String(painted)
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
