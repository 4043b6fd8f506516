// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal

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
