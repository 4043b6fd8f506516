// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One scalar after folding, as the splitter of words sees it.
struct FoldedScalar: Hashable, Sendable {
    enum Role: UInt32, Sendable {
        /// Ends a word.
        case separator = 0
        /// Part of a word that is separated from others: a letter, a digit.
        case letter = 1
        /// Of a script that is written without separation: Han, Hiragana, Katakana, Hangul.
        case unseparated = 2
        /// U+3099 and U+309A, which change the kana before them.
        case voicing = 3
        /// Not there: a mark, an invisible character.
        case nothing = 4
        /// More than one scalar; the value is a place in `CharacterFolding.sequences`.
        case sequence = 5
    }

    /// Role in the upper bits, scalar in the lower 24.
    let packed: UInt32
    init(_ role: Role, _ value: UInt32 = 0) { packed = role.rawValue << 24 | value & 0xFF_FFFF }
    var role: Role { Role(rawValue: packed >> 24) ?? .separator }
    var value: UInt32 { packed & 0xFF_FFFF }
}

/// What every character is compared as (docs/extensions/search.md, "What a word is"): its compatibility form
/// in lower case and without marks. Foundation is used for the decompositions, which the standard library has but
/// does not offer; the results for scripts in daily use are kept in a table.
struct CharacterFolding: Sendable {
    static let shared = CharacterFolding()

    /// Scalars below it have a place in the table; those above cost about a microsecond each.
    private static let tableEnd: UInt32 = 0x3400
    private let table: [FoldedScalar]
    private let sequences: [[FoldedScalar]]
    /// A digest of the whole table: an index made by other tables must be made again.
    let fingerprint: UInt64

    private init() {
        var table: [FoldedScalar] = []
        var sequences: [[FoldedScalar]] = []
        table.reserveCapacity(Int(CharacterFolding.tableEnd))
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ value: UInt32) { digest = (digest ^ UInt64(value)) &* 0x100_0000_01B3 }
        for value in 0..<CharacterFolding.tableEnd {
            let folded = Unicode.Scalar(value).map(CharacterFolding.compute) ?? []
            for part in folded { add(part.packed) }
            add(0xFFFF_FFFF)
            switch folded.count {
            case 0: table.append(FoldedScalar(.nothing))
            case 1: table.append(folded[0])
            default:
                table.append(FoldedScalar(.sequence, UInt32(sequences.count)))
                sequences.append(folded)
            }
        }
        self.table = table
        self.sequences = sequences
        fingerprint = digest
    }

    /// Hands out what a scalar is folded to; nothing for a mark.
    @inline(__always)
    func fold(_ scalar: UInt32, _ body: (FoldedScalar) -> Void) {
        if scalar < CharacterFolding.tableEnd {
            let folded = table[Int(scalar)]
            switch folded.role {
            case .nothing: break
            case .sequence: sequences[Int(folded.value)].forEach(body)
            case .separator, .letter, .unseparated, .voicing: body(folded)
            }
        } else if CharacterFolding.isPlainlyUnseparated(scalar) {
            body(FoldedScalar(.unseparated, scalar))
        } else if let scalar = Unicode.Scalar(scalar) {
            CharacterFolding.compute(scalar).forEach(body)
        } else {
            body(FoldedScalar(.separator))
        }
    }

    // MARK: One character

    /// Unified ideographs and Hangul syllables: they are their own form.
    @inline(__always)
    private static func isPlainlyUnseparated(_ scalar: UInt32) -> Bool {
        scalar >= 0x3400 && scalar <= 0x4DBF || scalar >= 0x4E00 && scalar <= 0x9FFF
            || scalar >= 0xAC00 && scalar <= 0xD7A3
    }

    private static func isUnseparated(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x1100...0x11FF, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3038...0x303B,
            0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF,
            0xA960...0xA97F, 0xD7B0...0xD7FF, 0xF900...0xFAFF, 0x1B000...0x1B16F, 0x20000...0x323AF:
            true
        default: isPlainlyUnseparated(scalar)
        }
    }

    private static func compute(_ scalar: Unicode.Scalar) -> [FoldedScalar] {
        if isIgnored(scalar) { return [] }
        var folded: [FoldedScalar] = []
        let form = String(Character(scalar)).precomposedStringWithCompatibilityMapping
        for part in form.unicodeScalars {
            if isUnseparated(part.value) {
                folded.append(FoldedScalar(.unseparated, part.value))
            } else if part.value == 0x3099 || part.value == 0x309A {
                folded.append(FoldedScalar(.voicing, part.value))
            } else {
                let base = String(Character(part)).decomposedStringWithCanonicalMapping
                for letter in base.unicodeScalars where !isIgnored(letter) { append(letter, to: &folded) }
            }
        }
        return folded
    }

    /// Lower case by way of upper case, as `ß` and `ſ` are found by what they are written as in capitals.
    private static func append(_ letter: Unicode.Scalar, to folded: inout [FoldedScalar]) {
        for upper in letter.properties.uppercaseMapping.unicodeScalars {
            for lower in upper.properties.lowercaseMapping.unicodeScalars where !isIgnored(lower) {
                let value = sameLetter(lower.value)
                guard let scalar = Unicode.Scalar(value), !isIgnored(scalar) else { continue }
                folded.append(isLetter(scalar) ? FoldedScalar(.letter, value) : FoldedScalar(.separator))
            }
        }
    }

    /// Forms of Arabic letters that are written for each other and have no decomposition. Those with one
    /// (`أ إ آ`, and `ё`) lose their marks.
    private static func sameLetter(_ value: UInt32) -> UInt32 {
        switch value {
        case 0x0671: 0x0627  // ٱ ا
        case 0x0649: 0x064A  // ى ي
        case 0x0629: 0x0647  // ة ه
        default: value
        }
    }

    /// Marks, and what cannot be seen. A zero-width space is no part of them, for it separates words.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return false }
        if scalar.value == 0x0640 { return true }
        // What the voicing marks of kana are, they are after composition.
        if scalar.value == 0x3099 || scalar.value == 0x309A { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        case .format: return scalar.value != 0x200B
        default: return false
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .spacingMark, .privateUse:
            true
        default: false
        }
    }
}

/// UTF-8 text in Normalization Form C (UAX 15): canonical letters in one piece, nothing else changed.
package func composedForm(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 128 }) else { return bytes }
    return Array(String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
}
