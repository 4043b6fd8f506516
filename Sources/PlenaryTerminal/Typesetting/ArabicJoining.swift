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

    /// Gives every letter its form. `units` are the clusters with their levels.
    static func join(_ paragraph: inout Paragraph, _ units: [BidiResolver.Unit]) {
        let table = ScalarTrie.shared
        var pending: Pending?
        var nextKept = 0
        for index in paragraph.clusters.indices where index < units.count {
            let type = table[paragraph.clusters[index].base].joiningType
            if type == .transparent { continue }
            // A joiner that stands alone has no level of its own; that of what follows is the one that matters.
            nextKept = max(nextKept, index)
            while nextKept < units.count, units[nextKept].isRemoved { nextKept += 1 }
            let level = nextKept < units.count ? units[nextKept].level : 0
            let isShaped = level & 1 == 1
            let joinsBefore = isShaped && (type == .dual || type == .right || type == .causing)
            var isJoined = false
            if let letter = pending {
                isJoined = joinsBefore && letter.level == level && letter.joinsAfter
                if isJoined, ligate(&paragraph, letter, index) {
                    pending = nil
                    continue
                }
                finish(&paragraph.clusters, letter, isJoinedAfter: isJoined)
            }
            let joiner = paragraph.clusters[index].joiner
            let joinsAfter = type == .dual || type == .left || type == .causing
            pending = Pending(
                index: index, level: level, isJoinedBefore: isJoined,
                joinsAfter: isShaped && (joiner == .joiner || joinsAfter && joiner == .none),
                isForced: isShaped && joiner == .joiner && joinsAfter)
        }
        if let letter = pending { finish(&paragraph.clusters, letter, isJoinedAfter: false) }
    }

    private static func finish(_ clusters: inout [Cluster], _ letter: Pending, isJoinedAfter: Bool) {
        guard letter.level & 1 == 1 else { return }
        let isJoinedAfter = isJoinedAfter || letter.isForced
        let form = (letter.isJoinedBefore ? 1 : 0) + (isJoinedAfter ? 2 : 0)
        guard let shaped = presentationForm(clusters[letter.index].base, form) else { return }
        clusters[letter.index].painted = shaped
    }

    /// Makes lam and this alef one glyph, if they are these two and look alike.
    private static func ligate(_ paragraph: inout Paragraph, _ lam: Pending, _ alef: Int) -> Bool {
        let first = paragraph.clusters[lam.index]
        let second = paragraph.clusters[alef]
        guard first.base.value == 0x644, first.joiner == .none, first.style == second.style,
            // What carries more than marks stays by itself.
            first.columns == 1, second.columns == 1,
            // Only what is not painted may stand between them.
            paragraph.clusters[lam.index + 1..<alef].allSatisfy({ !$0.isVisible }),
            let sourceCount = UInt8(exactly: second.source + 1 - first.source),
            let shaped = ligature(second.base, isJoinedBefore: lam.isJoinedBefore)
        else { return false }
        let end = second.source + 1
        paragraph.clusters[lam.index].painted = shaped
        paragraph.clusters[lam.index].sourceCount = sourceCount
        if second.tail >= 0 { addMarks(of: second, to: lam.index, in: &paragraph) }
        paragraph.clusters[alef].columns = 0
        paragraph.clusters[alef].source = end
        paragraph.clusters[alef].sourceCount = 0
        return true
    }

    /// Puts the alef's marks behind the lam's, as many as one glyph may have.
    private static func addMarks(of alef: Cluster, to lam: Int, in paragraph: inout Paragraph) {
        var marks = String.UnicodeScalarView()
        for tail in [paragraph.clusters[lam].tail, alef.tail] where tail >= 0 {
            marks.append(contentsOf: paragraph.tails[Int(tail)].unicodeScalars)
        }
        paragraph.clusters[lam].tail = Int32(truncatingIfNeeded: paragraph.tails.count)
        let limit = TerminalLimits.glyphScalarLimit - 1
        paragraph.tails.append(String(String.UnicodeScalarView(marks.prefix(limit))))
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
