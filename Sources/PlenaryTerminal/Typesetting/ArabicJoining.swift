// SPDX-License-Identifier: Apache-2.0

/// Joins Arabic letters by presentation forms (Unicode 9.2, rules R1 to R7), with the ligatures of lam and alef
/// (L1 to L3), for terminals that paint each cell by itself.
///
/// Letters join within one stretch of one odd level only. Marks are inside the clusters of their letters and stay
/// with them. Letters of other languages that have no presentation form stay as they are; their neighbours join
/// towards them all the same.
enum ArabicJoining {
    /// A letter that waits for its neighbour on the left.
    private struct Pending {
        var index: Int
        var level: UInt8
        var isJoinedBefore: Bool
        var joinsAfter: Bool
        /// Whether a joiner behind it takes the place of a letter.
        var isForced: Bool
    }

    /// Gives every letter its form. `levels` are those of the clusters.
    static func join(_ clusters: inout [Cluster], _ units: [BidiResolver.Unit]) {
        var pending: Pending?
        for index in clusters.indices where index < units.count {
            let type = joiningType(clusters[index])
            if type == .transparent { continue }
            let level = level(of: index, units)
            let isShaped = level & 1 == 1
            let joinsBefore = isShaped && (type == .dual || type == .right || type == .causing)
            var isJoined = false
            if let letter = pending {
                isJoined = joinsBefore && letter.level == level && letter.joinsAfter
                if isJoined, ligate(&clusters, letter, index) {
                    pending = nil
                    continue
                }
                finish(&clusters, letter, isJoinedAfter: isJoined)
            }
            let joiner = clusters[index].joiner
            let joinsAfter = type == .dual || type == .left || type == .causing
            pending = Pending(
                index: index, level: level, isJoinedBefore: isJoined,
                joinsAfter: isShaped && (joiner == .joiner || joinsAfter && joiner == .none),
                isForced: isShaped && joiner == .joiner && joinsAfter)
        }
        if let letter = pending { finish(&clusters, letter, isJoinedAfter: false) }
    }

    /// The level of a cluster; that of a joiner that stands alone is the one of what follows.
    private static func level(of index: Int, _ units: [BidiResolver.Unit]) -> UInt8 {
        guard units[index].isRemoved else { return units[index].level }
        return units[index...].first { !$0.isRemoved }?.level ?? 0
    }

    /// A cluster's joining type.
    private static func joiningType(_ cluster: Cluster) -> JoiningType {
        ScalarProperties(cluster.base).joiningType
    }

    private static func finish(_ clusters: inout [Cluster], _ letter: Pending, isJoinedAfter: Bool) {
        guard letter.level & 1 == 1 else { return }
        let isJoinedAfter = isJoinedAfter || letter.isForced
        let form = (letter.isJoinedBefore ? 1 : 0) + (isJoinedAfter ? 2 : 0)
        guard let shaped = presentationForm(clusters[letter.index].base, form) else { return }
        let scalars = clusters[letter.index].glyph.text.unicodeScalars
        clusters[letter.index].glyph.text = text(shaped, scalars.dropFirst())
    }

    /// Makes lam and this alef one glyph, if they are these two and look alike.
    private static func ligate(_ clusters: inout [Cluster], _ lam: Pending, _ alef: Int) -> Bool {
        let first = clusters[lam.index]
        let second = clusters[alef]
        guard first.base.value == 0x644, first.joiner == .none, first.glyph.style == second.glyph.style,
            let shaped = ligature(second.base, isJoinedBefore: lam.isJoinedBefore)
        else { return false }
        let marks = Array(first.glyph.text.unicodeScalars.dropFirst())
        let source = first.glyph.source.lowerBound..<second.glyph.source.upperBound
        clusters[lam.index].glyph.text = text(shaped, marks + second.glyph.text.unicodeScalars.dropFirst())
        clusters[lam.index].glyph.source = source
        clusters[alef].glyph.text = ""
        clusters[alef].glyph.columns = 0
        clusters[alef].glyph.source = source.upperBound..<source.upperBound
        return true
    }

    private static func text(_ base: Unicode.Scalar, _ marks: some Collection<Unicode.Scalar>) -> String {
        if marks.isEmpty { return String(base) }
        var scalars = String.UnicodeScalarView()
        scalars.append(base)
        scalars.append(contentsOf: marks.prefix(TerminalLimits.glyphScalarLimit - 1))
        return String(scalars)
    }

    /// The form of a letter: 0 isolated, 1 final, 2 initial, 3 medial.
    private static func presentationForm(_ letter: Unicode.Scalar, _ form: Int) -> Unicode.Scalar? {
        let forms = ArabicFormTable.forms
        guard letter.value >= 0x621, letter.value < 0x621 + UInt32(forms.count / 4) else { return nil }
        let value = forms[Int(letter.value - 0x621) * 4 + form]
        return value == 0 ? nil : Unicode.Scalar(value)
    }

    private static func ligature(_ alef: Unicode.Scalar, isJoinedBefore: Bool) -> Unicode.Scalar? {
        let ligatures = ArabicFormTable.lamAlefs
        for place in stride(from: 0, to: ligatures.count, by: 3)
        where UInt32(ligatures[place]) == alef.value {
            return Unicode.Scalar(ligatures[place + (isJoinedBefore ? 2 : 1)])
        }
        return nil
    }
}
