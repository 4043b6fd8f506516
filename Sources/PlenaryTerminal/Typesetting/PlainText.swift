// SPDX-License-Identifier: Apache-2.0

/// Text from the network made safe for any terminal: nothing in it can move a cursor, change a colour or
/// overwrite what was written before.
package enum PlainText {
    /// Without C0 and C1 control characters, DEL and line separators; tab becomes a space and LF stays.
    /// Formatting codes of chat clients are among these and go with their colour numbers.
    package static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSpecial) else { return text }
        var result = String.UnicodeScalarView()
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar.value {
            case 0x0A: result.append(scalar)
            case 0x09, 0x2028, 0x2029: result.append(" ")
            case 0x03: skipColour(&scalars, digitLimit: 2, isHexadecimal: false)
            case 0x04: skipColour(&scalars, digitLimit: 6, isHexadecimal: true)
            case 0..<0x20, 0x7F..<0xA0: continue
            default: result.append(scalar)
            }
        }
        return String(closingDirections(result))
    }

    /// The same in one line: LF becomes a space.
    package static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                clean(text).unicodeScalars.map { $0.value == 0x0A ? " " : $0 }))
    }

    /// A received text between directional isolates, so that it cannot reorder what stands around it. Used
    /// only where it holds letters that are written from right to left.
    package static func isolated(_ text: String) -> String {
        text.unicodeScalars.contains(where: isRightToLeft) ? "\u{2068}\(text)\u{2069}" : text
    }

    // MARK: What is to be typed

    /// A line of ours that runs from right to left, with what is to be typed set off: else the slash of `/help` would
    /// stand at its other end.
    package static func isolatingCommands(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            isTyped(word) ? "\u{2066}\(word)\u{2069}" : String(word)
        }.joined(separator: " ")
    }

    /// Whether a word of a text of ours is to be typed as it is: a command, a place or a name, in quotes or not.
    static func isTyped(_ word: Substring) -> Bool {
        let bare = word.drop { "«\u{201C}(".contains($0) }
        guard let sign = bare.first, "/~#@".contains(sign), let next = bare.dropFirst().first else {
            return false
        }
        return next.isASCII && (next.isLetter || next.isNumber)
    }

    // MARK: Scalars

    /// Whether `clean` has anything to do about it.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether the letter, or the control, runs from right to left.
    package static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF,
            0x200F, 0x202B, 0x202E, 0x2067:
            true
        default: false
        }
    }

    /// `fg[,bg]` after a colour code: digits belong to the code, not to the text.
    private static func skipColour(
        _ scalars: inout ArraySlice<Unicode.Scalar>, digitLimit: Int, isHexadecimal: Bool
    ) {
        func digitCount(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
            rest.prefix(digitLimit).prefix { scalar in
                switch scalar.value {
                case 48...57: true
                case 65...70, 97...102: isHexadecimal
                default: false
                }
            }.count
        }
        let first = digitCount(scalars)
        guard isHexadecimal ? first == 6 : first > 0 else { return }
        scalars = scalars.dropFirst(first)
        guard scalars.first == "," else { return }
        let second = digitCount(scalars.dropFirst())
        if isHexadecimal ? second == 6 : second > 0 { scalars = scalars.dropFirst(second + 1) }
    }

    /// Closes embeddings, overrides and isolates that a text leaves open, and drops closers without opener.
    private static func closingDirections(_ scalars: String.UnicodeScalarView) -> String.UnicodeScalarView {
        guard
            scalars.contains(where: {
                (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
            })
        else { return scalars }
        var result = String.UnicodeScalarView()
        var open: [Unicode.Scalar] = []
        func closeAll() {
            while let closer = open.popLast() { result.append(closer) }
        }
        for scalar in scalars {
            switch scalar.value {
            case 0x202A, 0x202B, 0x202D, 0x202E: open.append("\u{202C}")
            case 0x2066, 0x2067, 0x2068: open.append("\u{2069}")
            case 0x202C, 0x2069:
                guard open.last == scalar else { continue }
                open.removeLast()
            case 0x0A: closeAll()
            default: break
            }
            result.append(scalar)
        }
        closeAll()
        return result
    }
}
