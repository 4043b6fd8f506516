// SPDX-License-Identifier: Apache-2.0

/// Which key was struck, told from what it typed. Letters of a Russian or an Arabic keyboard arrive as `к` or
/// `ق` and never as `r`; with these tables a command that has a letter works on them, at the same place. The
/// layouts are those of xkb (`ru`, `ara`) and Windows (Russian, Arabic 101), where they agree.
package enum PhysicalKeys {
    /// What an American keyboard types with the same key and Shift state; nil for a character of no layout
    /// here.
    package static func latin(_ character: Character) -> Character? { table[character] }

    /// The same for all that one stroke typed: the Arabic lam-alef key types two letters on some systems and
    /// their ligature on others.
    package static func latin(of text: String) -> Character? {
        if let character = lamAlef[text] { return character }
        guard let first = text.first, text.count == 1 else { return nil }
        return latin(first)
    }

    /// The ASCII punctuation for which full-width or Arabic punctuation stands: input methods type `／＃＠？：`
    /// and Arabic keyboards `؟` where `/#@?:` is meant. Nil for everything else.
    package static func asciiPunctuation(_ character: Character) -> Character? {
        switch character {
        case "؟": "?"
        case "،": ","
        case "؛": ";"
        case "٪": "%"
        case "٭": "*"
        case "\u{3000}": " "
        default: fullWidthPunctuation(character)
        }
    }

    private static func fullWidthPunctuation(_ character: Character) -> Character? {
        var scalars = character.unicodeScalars.makeIterator()
        guard let scalar = scalars.next(), scalars.next() == nil, (0xFF01...0xFF5E).contains(scalar.value),
            let narrow = Unicode.Scalar(scalar.value - 0xFEE0)
        else { return nil }
        let character = Character(narrow)
        return character.isLetter || character.isNumber ? nil : character
    }

    // Row by row as the keys lie; a space where a layout has an ASCII character of its own, which means
    // itself.
    private static let latinRows = [
        "`qwertyuiop[]asdfghjkl;'zxcvbnm,./", "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?",
    ]
    private static let russianRows = [
        "ёйцукенгшщзхъфывапролджэячсмитьбю ", "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ ",
    ]
    private static let arabicRows: [[Character]] = [
        [
            "ذ", "ض", "ص", "ث", "ق", "ف", "غ", "ع", "ه", "خ", "ح", "ج", "د", "ش", "س", "ي", "ب", "ل", "ا",
            "ت",
            "ن", "م", "ك", "ط", "ئ", "ء", "ؤ", "ر", "\u{FEFB}", "ى", "ة", "و", "ز", "ظ",
        ],
        [
            "\u{0651}", "\u{064E}", "\u{064B}", "\u{064F}", "\u{064C}", "\u{FEF9}", "إ", " ", "÷", "×", "؛",
            " ", " ", "\u{0650}", "\u{064D}", " ", " ", "\u{FEF7}", "أ", "\u{0640}", "،", " ", " ", " ", " ",
            "\u{0652}", " ", " ", "\u{FEF5}", "آ", " ", " ", " ", "؟",
        ],
    ]
    private static let lamAlef: [String: Character] = ["لا": "b", "لآ": "B", "لأ": "G", "لإ": "T"]

    private static let table: [Character: Character] = {
        var table: [Character: Character] = [:]
        for layout in [russianRows.map(Array.init), arabicRows] {
            for (typed, latin) in zip(layout, latinRows) {
                for (character, key) in zip(typed, latin) where character != " " { table[character] = key }
            }
        }
        return table
    }()
}
