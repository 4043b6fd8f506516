// SPDX-License-Identifier: Apache-2.0

/// What the meeting program writes as text although it is something else: reactions and replies.
extension SavedChat {
    enum Body: Hashable {
        case plain
        /// A reaction, or the taking back of one.
        case reaction
        /// An answer: the beginning of what it answers, and its own text.
        case reply(stub: String, text: String)
    }

    /// Quotation marks that open, with those that close.
    private static let quotes: [Character: Character] = ["\"": "\"", "“": "”", "„": "“", "«": "»", "'": "'"]

    static func body(_ text: String) -> Body {
        if isReaction(text) { return .reaction }
        for words in SavedChatWords.all {
            for start in words.replying where text.hasPrefix(start + " ") {
                let rest = text.dropFirst(start.count + 1)
                if let reply = reply(rest) { return reply }
            }
        }
        return .plain
    }

    /// `Reacted to "…" with 👍`, `Removed a 👍 reaction from "…"`, and the older `add 👍`, `remove 👍`.
    private static func isReaction(_ text: String) -> Bool {
        if text.hasPrefix("Reacted to "), let quote = text.dropFirst(11).first, let end = quotes[quote] {
            return text.contains("\(end) with ")
        }
        if text.hasPrefix("Removed a ") {
            return text.contains(" reaction from ")
        }
        for word in ["add ", "remove "] where text.lowercased().hasPrefix(word) {
            let rest = text.dropFirst(word.count)
            return rest.count == 1 && (rest.unicodeScalars.first?.value ?? 0) > 0x7F
                && rest.unicodeScalars.first?.properties.isEmoji == true
        }
        return false
    }

    /// Behind `Replying to `: a quotation, then the answer on the same line or on the next one that has text.
    private static func reply(_ text: Substring) -> Body? {
        let firstLine = text.prefix { $0 != "\n" }
        guard let quote = firstLine.first, let closing = quotes[quote] else { return nil }
        guard let end = quotationEnd(firstLine.dropFirst(), opening: quote, closing: closing) else {
            return nil
        }
        var stub = firstLine[firstLine.index(after: firstLine.startIndex)..<end]
        if stub.hasSuffix("...") {
            stub = stub.dropLast(3)
        } else if stub.hasSuffix("…") {
            stub = stub.dropLast()
        }
        let answer = RelayText.trimmed(text[text.index(after: end)...])
        let quoted = oneLine(RelayText.trimmed(stub.prefix(stubCharacterLimit)))
        return .reply(stub: quoted, text: answer)
    }

    /// The quotation mark that ends: the first one behind an ellipsis; else the one that closes as many as were
    /// opened; else the first one with nothing or a space behind it.
    private static func quotationEnd(
        _ text: Substring, opening: Character, closing: Character
    ) -> Substring.Index? {
        var firstFree: Substring.Index?
        var depth = 1
        var balanced: Substring.Index?
        var last: (Character, Character, Character) = (" ", " ", " ")
        for index in text.indices {
            let letter = text[index]
            if letter == closing {
                if last.2 == "…" || last == (".", ".", ".") { return index }
                if opening != closing {
                    depth -= 1
                    if depth == 0, balanced == nil { balanced = index }
                }
                let next = text.index(after: index)
                let isFree = next == text.endIndex || text[next].isWhitespace
                if isFree, !last.2.isWhitespace, firstFree == nil { firstFree = index }
            } else if letter == opening {
                depth += 1
            }
            last = (last.1, last.2, letter)
        }
        return balanced ?? firstFree
    }

    /// The text as a quotation shows it: line breaks are spaces.
    static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
