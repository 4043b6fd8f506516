// SPDX-License-Identifier: Apache-2.0

/// A text being written, of one or several lines, with the habits of readline. Its unit is the cluster: a
/// caret never stands inside one, and a deletion never leaves half of one. Movement is logical; moving as the
/// eye sees it in Arabic is the caller's, who sets `caret` with `moveCaret(to:)`.
package struct LineEditor: Sendable {
    /// The clusters, always those of `text`.
    package private(set) var characters: [Character] = []
    /// The cluster before which the caret stands; their number at the end.
    package private(set) var caret = 0
    /// Bytes of UTF-8.
    package private(set) var byteCount = 0
    /// Whether the last operation was refused because the text would have exceeded `byteLimit`.
    package private(set) var wasRefused = false
    /// Bytes of UTF-8 that the text may have.
    package let byteLimit: Int

    /// What was cut last, for Control+Y.
    private(set) var cut: [Character] = []
    var journal = EditJournal()
    /// The column that several moves up and down in a row aim at.
    private var aim: Int?
    private var previous = Act.other

    /// What kind of thing was done last; some things go on where the same went before.
    private enum Act { case typing, cutting, other }

    /// A text with the caret at its end. What exceeds the limit is refused: the text is empty then.
    package init(_ text: String = "", byteLimit: Int = InputLimits.textByteLimit) {
        self.byteLimit = byteLimit
        replace(0..<0, with: text)
        journal = EditJournal()
    }

    // MARK: Reading

    /// The text.
    package var text: String { String(characters) }
    /// Whether there is none.
    package var isEmpty: Bool { characters.isEmpty }

    /// The run of non-blanks that ends at the caret, and where it is; empty behind a blank. Completion
    /// begins with it.
    package var wordBeforeCaret: (text: String, range: Range<Int>) {
        var start = caret
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        return (String(characters[start..<caret]), start..<caret)
    }

    // MARK: Changing

    /// Types a text at the caret. False when it would exceed the limit: nothing has changed then.
    @discardableResult
    package mutating func insert(_ text: String) -> Bool {
        let text = InputText.cleaned(text)
        // One undo takes back a word, with the blanks behind it.
        let beginsWord = caret > 0 && characters[caret - 1].isWhitespace && text.first?.isWhitespace == false
        let goesOn = previous == .typing && !beginsWord
        guard splice(caret..<caret, with: text, goesOn: goesOn) else { return false }
        previous = .typing
        return true
    }

    /// Puts a pasted text in at the caret, as one step. False when it would exceed the limit.
    @discardableResult
    package mutating func paste(_ text: String) -> Bool {
        splice(caret..<caret, with: InputText.cleaned(text))
    }

    /// Exchanges a range of clusters, clamped to the text, and leaves the caret behind the new text. False
    /// when it would exceed the limit.
    @discardableResult
    package mutating func replace(_ range: Range<Int>, with text: String) -> Bool {
        splice(range.clamped(to: 0..<characters.count), with: InputText.cleaned(text))
    }

    /// Exchanges the whole text, as one step.
    @discardableResult
    package mutating func setText(_ text: String) -> Bool { replace(0..<characters.count, with: text) }

    /// Begins anew: no text and nothing to undo. What was cut remains.
    package mutating func clear() {
        let cut = cut
        self = LineEditor(byteLimit: byteLimit)
        self.cut = cut
    }

    /// Puts the caret before a cluster, clamped to the text.
    package mutating func moveCaret(to index: Int) {
        caret = min(max(index, 0), characters.count)
        settle()
    }

    /// Takes the last step back. False when there is none.
    @discardableResult
    package mutating func undo() -> Bool {
        settle()
        guard let edit = journal.takeLast() else { return false }
        let range = edit.start..<edit.start + edit.count
        byteCount += edit.removed.utf8Count - characters[range].utf8Count
        characters.replaceSubrange(range, with: edit.removed)
        caret = edit.caret
        return true
    }

    /// Cuts a range out: with cuts right before it, into one piece.
    mutating func cut(_ range: Range<Int>) {
        let goesOn = previous == .cutting
        let isBefore = range.upperBound == caret && !range.isEmpty
        let piece = Array(characters[range])
        splice(range, with: "")
        if goesOn { cut = isBefore ? piece + cut : cut + piece } else if !piece.isEmpty { cut = piece }
        previous = .cutting
    }

    /// Puts in what was cut last.
    @discardableResult
    mutating func yank() -> Bool { splice(caret..<caret, with: String(cut)) }

    /// Moves up or down by a line, towards the column where the first such move began. False at the edge.
    mutating func moveByLine(_ offset: Int) -> Bool {
        let line = lineRange(at: caret)
        let target: Range<Int>
        if offset < 0 {
            guard line.lowerBound > 0 else { return false }
            target = lineRange(at: line.lowerBound - 1)
        } else {
            guard line.upperBound < characters.count else { return false }
            target = lineRange(at: line.upperBound + 1)
        }
        let column = aim ?? caret - line.lowerBound
        moveCaret(to: min(target.lowerBound + column, target.upperBound))
        aim = column
        return true
    }

    /// The line that an index is in, without its LF.
    func lineRange(at index: Int) -> Range<Int> {
        var start = index
        while start > 0, characters[start - 1] != "\n" { start -= 1 }
        var end = index
        while end < characters.count, characters[end] != "\n" { end += 1 }
        return start..<end
    }

    // MARK: The one way in which the text changes

    /// The next typing or cutting begins a step of its own.
    private mutating func settle() {
        wasRefused = false
        aim = nil
        previous = .other
    }

    /// Exchanges a range for a clean text. What is joined anew at both ends may form new clusters: a mark
    /// typed behind a letter, a letter deleted between a letter and a mark, half a flag.
    @discardableResult
    private mutating func splice(_ range: Range<Int>, with text: String, goesOn: Bool = false) -> Bool {
        settle()
        let added = text.utf8.count
        let removed = characters[range].utf8Count
        guard byteCount - removed + added <= byteLimit else {
            wasRefused = true
            return false
        }
        if added == 0, range.isEmpty { return true }
        // A cluster's end depends on nothing before its beginning. So it is enough to begin one to the left,
        // and to go on to the right until an old border is a border again.
        let start = max(range.lowerBound - 1, 0)
        let kept = start < range.lowerBound ? String(characters[start]) : ""
        var fresh = Array(kept + text)
        var end = range.upperBound
        while let last = fresh.last, end < characters.count {
            let joined = Array(String(last) + String(characters[end]))
            if joined.count == 2, joined[0].utf8.count == last.utf8.count { break }
            fresh.removeLast()
            fresh += joined
            end += 1
        }
        journal.note(
            Edit(start: start, removed: characters[start..<end], count: fresh.count, caret: caret),
            goesOn: goesOn)
        characters.replaceSubrange(start..<end, with: fresh)
        byteCount += added - removed
        caret = start + Self.count(of: fresh, reaching: kept.utf8.count + added)
        return true
    }

    /// How many clusters it takes to have so many bytes.
    private static func count(of characters: [Character], reaching byteCount: Int) -> Int {
        var bytes = 0
        for (index, character) in characters.enumerated() {
            if bytes >= byteCount { return index }
            bytes += character.utf8.count
        }
        return characters.count
    }
}

extension Collection<Character> {
    /// Bytes of UTF-8 of them all.
    fileprivate var utf8Count: Int { reduce(0) { $0 + $1.utf8.count } }
}
