// SPDX-License-Identifier: Apache-2.0

/// A screen as text, for golden files.
extension Grid {
    /// What is read on it: rows in visual order, ended by line feeds, blanks at their ends left away.
    package var text: String {
        var result = ""
        for row in 0..<rows {
            var line = ""
            for column in 0..<columns { line += cells[row * columns + column].text }
            Self.append(line, to: &result, without: " ")
        }
        return result
    }

    /// How it looks: one letter a column in order of first appearance, `.` for the terminal's own style from
    /// left to right, dots at the ends of rows left away; then what each letter means, and the cursor.
    package var styleLayer: String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var looks: [Look] = []
        var result = ""
        for row in 0..<rows {
            var line = ""
            for column in 0..<columns {
                let cell = cells[row * columns + column]
                let look = Look(style: cell.style, isRightToLeft: cell.isRightToLeft)
                if look == Look(style: .plain, isRightToLeft: false) {
                    line += "."
                    continue
                }
                let index = looks.firstIndex(of: look) ?? looks.endIndex
                if index == looks.endIndex { looks.append(look) }
                line.append(index < letters.count ? letters[index] : "?")
            }
            Self.append(line, to: &result, without: ".")
        }
        for (index, look) in looks.enumerated() {
            result += "\(index < letters.count ? letters[index] : "?") \(look)\n"
        }
        return result + "cursor \(cursor.map { "\($0.row),\($0.column)" } ?? "hidden")\n"
    }

    private static func append(_ line: String, to result: inout String, without blank: Character) {
        var line = line[...]
        while line.last == blank { line.removeLast() }
        result += line
        result += "\n"
    }

    private struct Look: Equatable, CustomStringConvertible {
        var style: Style
        var isRightToLeft: Bool

        var description: String {
            var words: [String] = []
            if let color = style.foreground { words.append("\(color)") }
            if style.isBold { words.append("bold") }
            if style.isFaint { words.append("faint") }
            if style.isUnderlined { words.append("underlined") }
            if style.isReversed { words.append("reversed") }
            if isRightToLeft { words.append("right-to-left") }
            return words.joined(separator: " ")
        }
    }
}
