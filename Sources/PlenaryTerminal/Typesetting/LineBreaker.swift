// SPDX-License-Identifier: Apache-2.0

/// Where the lines of a paragraph end.
///
/// A line ends at the last of its spaces, or between wide characters unless the next line would begin with
/// closing punctuation or this one end with an opening bracket (kinsoku). A word longer than a line ends behind
/// a hyphen or slash of its own (`A/HRC/50/64`), else between any two clusters. Spaces at the end never make a
/// line too long. Unicode's line breaking (UAX #14) asks for dictionaries and more; this is the part that
/// messages need.
enum LineBreaker {
    /// Ranges of clusters, all of them together; spaces at a break belong to the line before it. No cluster may
    /// be wider than `columns`.
    static func lines(_ clusters: [Cluster], columns: Int) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        while let end = firstBreak(clusters, from: start, columns: columns) {
            lines.append(start..<end)
            start = end
        }
        lines.append(start..<clusters.count)
        return lines
    }

    /// The end of the line that begins at `start`, or nil if the rest fits.
    private static func firstBreak(_ clusters: [Cluster], from start: Int, columns: Int) -> Int? {
        var width = 0
        var between: Int?
        var inWord: Int?
        var previous: Int?
        var hasText = false
        var isAfterZeroWidthSpace = false
        for index in start..<clusters.count {
            guard clusters[index].isVisible else {
                if clusters[index].base.value == 0x200B { isAfterZeroWidthSpace = true }
                continue
            }
            width += clusters[index].glyph.columns
            defer { previous = index }
            if isSpace(clusters[index].base) { continue }
            if hasText, let previous {
                switch opportunity(clusters, previous, index) {
                case .between: between = index
                case .inWord: inWord = index
                case .none: if isAfterZeroWidthSpace { between = index }
                }
            }
            if width > columns {
                return between ?? inWord ?? anywhere(clusters, before: index, after: start)
            }
            isAfterZeroWidthSpace = false
            hasText = true
        }
        return nil
    }

    private enum Opportunity { case none, inWord, between }

    private static func opportunity(_ clusters: [Cluster], _ before: Int, _ after: Int) -> Opportunity {
        let base = clusters[before].base
        if isSpace(base) { return .between }
        if clusters[before].glyph.columns == 2 || clusters[after].glyph.columns == 2 {
            return mayBreak(base, clusters[after].base) ? .between : .none
        }
        switch base.value {
        // Hyphens and dashes, slash.
        case 0x2D, 0x2010, 0x2012...0x2014, 0x2F:
            return mayBreak(base, clusters[after].base) ? .inWord : .none
        default: return .none
        }
    }

    /// The last place where a line may end though nothing invites it: not far before `index`, and better not
    /// before closing punctuation.
    private static func anywhere(_ clusters: [Cluster], before index: Int, after start: Int) -> Int {
        var place = index
        for before in (max(start, index - 8)..<max(start, index)).reversed() where clusters[before].isVisible
        {
            if mayBreak(clusters[before].base, clusters[place].base) { return place }
            place = before
        }
        return max(index, start + 1)
    }

    private static func mayBreak(_ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Bool {
        !mayNotEnd(before) && !mayNotBegin(after)
    }

    /// Whether it is a space at which a line may end.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x1680, 0x2000...0x2006, 0x2008...0x200A, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Closing punctuation, small kana and what else continues the character before it.
    private static func mayNotBegin(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else { return "!),.:;?]}%".unicodeScalars.contains(scalar) }
        return noBeginning.contains(scalar)
    }

    /// Opening brackets and quotation marks, and spaces that tie.
    private static func mayNotEnd(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else { return "([{".unicodeScalars.contains(scalar) }
        return noEnd.contains(scalar)
    }

    private static let noBeginning = Set(
        ("\u{A0}\u{2007}\u{202F}»’”›…‥、。，．！？：；）］｝〉》」』】〕〗〙〛〞〟・ー々〻ゝゞヽヾ％°‰"
            + "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ｡｣､･ｧｨｩｪｫｬｭｮｯｰ،؛؟٪۔").unicodeScalars)
    private static let noEnd = Set(
        "\u{A0}\u{2007}\u{202F}«‘“‹（［｛〈《「『【〔〖〘〚〝｢¡¿".unicodeScalars)
}
