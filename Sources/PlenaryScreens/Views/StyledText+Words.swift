// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

extension StyledText {
    /// A text of ours with the commands in it isolated, so that `/quit` in an Arabic sentence keeps its slash in front.
    static func naming(commandsIn text: String) -> StyledText {
        var spans: [Span] = []
        var words = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let bare = word.drop { "«\u{201C}(".contains($0) }
            if bare.hasPrefix("/"), bare.dropFirst().first?.isASCII == true {
                spans.append(Span(words))
                spans.append(Span(String(word), isIsolated: true))
                words = " "
            } else {
                words += word + " "
            }
        }
        if words.hasSuffix(" ") { words.removeLast() }
        spans.append(Span(words))
        return StyledText(spans.filter { !$0.text.isEmpty })
    }
}

extension Array where Element == StyledText {
    /// One behind the other, with something between.
    func joined(by separator: StyledText) -> StyledText {
        guard let first else { return StyledText() }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }
}

extension BaseDirection {
    /// The direction of a message: whom or what it is said to, at its beginning, does not decide it. An Arabic
    /// answer to `@amina` is an Arabic line.
    static func ofMessage(_ text: String) -> BaseDirection {
        var rest = text[...]
        func isAddress(_ word: Substring) -> Bool {
            word.first.map { "@#/".contains($0) } == true || word.last == ":"
        }
        while case let word = rest.prefix(while: { !$0.isWhitespace }), isAddress(word) {
            rest = rest[word.endIndex...].drop { $0.isWhitespace }
        }
        guard rest.startIndex > text.startIndex else { return .automatic }
        return .byFirstStrong(in: rest)
    }
}
