// SPDX-License-Identifier: Apache-2.0

/// Bidirectional character types (UAX #9, table 4), in the order of the tables.
package enum BidiClass: UInt8, Sendable, Hashable, CaseIterable {
    case l, r, al, en, es, et, an, cs, nsm, bn, b, s, ws, on
    case lre, lro, rle, rlo, pdf, lri, rli, fsi, pdi
}

/// How a letter joins its neighbours (Unicode 9.2, "Arabic"), in the order of the tables.
package enum JoiningType: UInt8, Sendable, Hashable {
    case none, causing, dual, left, right, transparent
}

/// What typesetting must know of one Unicode scalar, packed as `ScalarTable` says.
package struct ScalarProperties: Sendable, Hashable {
    private let bits: UInt16

    fileprivate init(bits: UInt16) { self.bits = bits }

    /// Those of this scalar.
    package init(_ scalar: Unicode.Scalar) { self = ScalarTrie.shared[scalar] }

    /// Bidirectional character type.
    package var bidiClass: BidiClass { BidiClass(rawValue: UInt8(truncatingIfNeeded: bits & 0x1F)) ?? .l }
    /// Joining type.
    package var joiningType: JoiningType {
        JoiningType(rawValue: UInt8(truncatingIfNeeded: bits >> 7 & 0x7)) ?? .none
    }
    /// Columns by itself: 0, 1 or 2.
    package var columns: Int {
        let width = Int(bits >> 5 & 0x3)
        return width == 3 ? 1 : width
    }
    /// Whether the emoji selector (U+FE0F) behind it makes it two columns wide.
    package var isWidenedBySelector: Bool { bits >> 5 & 0x3 == 3 }
    /// Whether it has a mirror image or is a paired bracket.
    package var isMirrored: Bool { bits & 0x400 != 0 }
}

/// The properties of all scalars in two steps: the page of 256, then the scalar in its page. Pages that are alike
/// are one. A loop over text takes `shared` once: asking for it costs more than the look-up.
struct ScalarTrie: Sendable {
    static let shared = ScalarTrie()

    private var pages: [UInt16] = []
    private var values: [UInt16] = []

    private init() {
        let ranges = ScalarTable.ranges
        var uniformPages: [UInt16: UInt16] = [:]
        var index = 0
        for first in stride(from: UInt32(0), to: 0x110000, by: 256) {
            while index + 1 < ranges.count, ranges[index + 1] >> 11 <= first { index += 1 }
            let value = UInt16(truncatingIfNeeded: ranges[index] & 0x7FF)
            let isUniform = index + 1 == ranges.count || ranges[index + 1] >> 11 >= first + 256
            if isUniform, let page = uniformPages[value] {
                pages.append(page)
                continue
            }
            let page = UInt16(truncatingIfNeeded: values.count >> 8)
            if isUniform { uniformPages[value] = page }
            pages.append(page)
            for scalar in first..<first + 256 {
                if index + 1 < ranges.count, ranges[index + 1] >> 11 <= scalar { index += 1 }
                values.append(UInt16(truncatingIfNeeded: ranges[index] & 0x7FF))
            }
        }
    }

    subscript(scalar: Unicode.Scalar) -> ScalarProperties {
        let page = Int(pages[Int(scalar.value >> 8)])
        return ScalarProperties(bits: values[page << 8 | Int(scalar.value & 0xFF)])
    }
}

/// Mirror images and paired brackets.
package enum Mirroring {
    /// The mirror image of a character (UAX #9, L4), if it has one.
    package static func image(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        partner(of: scalar, in: MirrorTable.mirrors)
    }

    /// Which pair of brackets a character belongs to: the closing one's value, negative for the closing one
    /// itself, 0 for all that is no bracket. U+2329 and U+232A count as their canonical equivalents (BD16).
    package static func bracket(_ scalar: Unicode.Scalar) -> Int32 {
        switch scalar.value {
        case 0x2329: return 0x3009
        case 0x232A: return -0x3009
        default: break
        }
        if let closing = partner(of: scalar, in: MirrorTable.brackets) { return Int32(closing.value) }
        guard let opening = image(of: scalar), partner(of: opening, in: MirrorTable.brackets) == scalar else {
            return 0
        }
        return -Int32(scalar.value)
    }

    private static func partner(of scalar: Unicode.Scalar, in pairs: [UInt32]) -> Unicode.Scalar? {
        guard scalar.value <= 0xFFFF else { return nil }
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle] >> 16 < scalar.value { low = middle + 1 } else { high = middle }
        }
        guard low < pairs.count, pairs[low] >> 16 == scalar.value else { return nil }
        return Unicode.Scalar(pairs[low] & 0xFFFF)
    }
}
