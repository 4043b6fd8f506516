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
            width += Int(clusters[index].columns)
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
        if clusters[before].columns == 2 || clusters[after].columns == 2 {
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
        switch scalar.value {
        // ! % ) , . : ; ? ] }
        case 0x21, 0x25, 0x29, 0x2C, 0x2E, 0x3A, 0x3B, 0x3F, 0x5D, 0x7D: true
        // Spaces that tie; degree sign, », ’, ”, …, per mille, ›.
        case 0xA0, 0x2007, 0x202F, 0xB0, 0xBB, 0x2019, 0x201D, 0x2025, 0x2026, 0x2030, 0x203A: true
        // Arabic comma, semicolon, question mark, percent sign and full stop.
        case 0x60C, 0x61B, 0x61F, 0x66A, 0x6D4: true
        // 、。々 and the closing ones of 〈《「『【〔〖〘〚〝; 〻.
        case 0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x3019, 0x301B,
            0x301E, 0x301F, 0x303B:
            true
        // Small kana, iteration marks, the middle dot and the long vowel.
        case 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E, 0x3095, 0x3096,
            0x309D, 0x309E, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5, 0x30E7, 0x30EE,
            0x30F5, 0x30F6, 0x30FB...0x30FE:
            true
        // Full-width ！％），．：；？］｝｠ and half-width 。」、・ with small kana.
        case 0xFF01, 0xFF05, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D, 0xFF60, 0xFF61,
            0xFF63...0xFF65, 0xFF67...0xFF70:
            true
        default: false
        }
    }

    /// Opening brackets and quotation marks, and spaces that tie.
    private static func mayNotEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // ( [ { ¡ « ¿ ‘ “ ‹
        case 0x28, 0x5B, 0x7B, 0xA0, 0xA1, 0xAB, 0xBF, 0x2007, 0x202F, 0x2018, 0x201C, 0x2039: true
        // 〈《「『【〔〖〘〚〝（［｛｟｢
        case 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0x3018, 0x301A, 0x301D, 0xFF08, 0xFF3B,
            0xFF5B, 0xFF5F, 0xFF62:
            true
        default: false
        }
    }
}
