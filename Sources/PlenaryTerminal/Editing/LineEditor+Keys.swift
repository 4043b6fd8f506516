// SPDX-License-Identifier: Apache-2.0

/// What keys do to the text.
extension LineEditor {
    /// Does what the key means here. False when it means nothing, so that the caller may give it another
    /// meaning: a key that edits no text; in an empty text everything but a new line, yank and undo; Up in
    /// the first line and Down in the last. Letters with Control or Alt count by their place on the keyboard.
    package mutating func handle(_ key: Key, _ modifiers: Modifiers) -> Bool {
        switch key {
        case .character(let character): return handle(letter: character, modifiers)
        case .enter where modifiers == .alt:
            insert("\n")
            return true
        case .enter, .tab, .backTab, .escape, .insert, .pageUp, .pageDown, .function: return false
        case .up where modifiers.isEmpty: return moveByLine(-1)
        case .down where modifiers.isEmpty: return moveByLine(1)
        case .up, .down: return false
        case .backspace, .delete, .left, .right, .home, .end:
            guard !isEmpty else { return false }
            return edit(key, modifiers)
        }
    }

    private mutating func edit(_ key: Key, _ modifiers: Modifiers) -> Bool {
        let isWhole = modifiers.subtracting(.shift).isEmpty
        let isWord = modifiers == .control
        switch key {
        case .backspace where isWhole: delete(max(caret - 1, 0)..<caret)
        case .backspace where isWord || modifiers == .alt: cut(wordStart..<caret)
        case .delete where isWhole: delete(caret..<min(caret + 1, characters.count))
        case .delete where isWord: cut(caret..<wordEnd)
        case .left where modifiers.isEmpty: moveCaret(to: caret - 1)
        case .left where isWord: moveCaret(to: wordStart)
        case .right where modifiers.isEmpty: moveCaret(to: caret + 1)
        case .right where isWord: moveCaret(to: wordEnd)
        case .home where modifiers.isEmpty: moveCaret(to: lineRange(at: caret).lowerBound)
        case .end where modifiers.isEmpty: moveCaret(to: lineRange(at: caret).upperBound)
        default: return false
        }
        return true
    }

    private mutating func handle(letter character: Character, _ modifiers: Modifiers) -> Bool {
        let letter = String(PhysicalKeys.latin(character) ?? character).lowercased()
        switch (modifiers, letter) {
        case (.control, "j"): insert("\n")
        case (.control, "y"): yank()
        case (.control, "_"), ([.control, .shift], "_"), ([.control, .shift], "-"), (.control, "/"): undo()
        case (.control, _):
            guard !isEmpty else { return false }
            return control(letter)
        case (.alt, _):
            guard !isEmpty else { return false }
            return alt(letter)
        default: return false
        }
        return true
    }

    private mutating func control(_ letter: String) -> Bool {
        let line = lineRange(at: caret)
        switch letter {
        case "a": moveCaret(to: line.lowerBound)
        case "e": moveCaret(to: line.upperBound)
        case "b": moveCaret(to: caret - 1)
        case "f": moveCaret(to: caret + 1)
        case "h": delete(max(caret - 1, 0)..<caret)
        case "d": delete(caret..<min(caret + 1, characters.count))
        case "w": cut(blankWordStart..<caret)
        case "u": cut((caret > line.lowerBound ? line.lowerBound : max(caret - 1, 0))..<caret)
        case "k":
            cut(caret..<(caret < line.upperBound ? line.upperBound : min(caret + 1, characters.count)))
        case "t": transpose(in: line)
        default: return false
        }
        return true
    }

    private mutating func alt(_ letter: String) -> Bool {
        switch letter {
        case "b": moveCaret(to: wordStart)
        case "f": moveCaret(to: wordEnd)
        case "d": cut(caret..<wordEnd)
        default: return false
        }
        return true
    }

    private mutating func delete(_ range: Range<Int>) { replace(range, with: "") }

    /// The cluster before the caret changes places with that at it, or at the end of the line with the one
    /// before.
    private mutating func transpose(in line: Range<Int>) {
        let second = caret == line.upperBound ? caret - 1 : caret
        guard second > line.lowerBound, second < line.upperBound else { return }
        replace(second - 1..<second + 1, with: String([characters[second], characters[second - 1]]))
    }

    // MARK: Words

    /// Where the word before the caret begins: letters and digits of any script.
    private var wordStart: Int {
        var index = caret
        while index > 0, !Self.isWord(characters[index - 1]) { index -= 1 }
        while index > 0, Self.isWord(characters[index - 1]) { index -= 1 }
        return index
    }

    /// Where the word behind the caret ends.
    private var wordEnd: Int {
        var index = caret
        while index < characters.count, !Self.isWord(characters[index]) { index += 1 }
        while index < characters.count, Self.isWord(characters[index]) { index += 1 }
        return index
    }

    /// Where the run of non-blanks before the caret begins, the blanks behind it included.
    private var blankWordStart: Int {
        var index = caret
        while index > 0, characters[index - 1].isWhitespace { index -= 1 }
        while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
        return index
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
