// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a message must have to be found: all of the terms, each of which is one word, a phrase, or a symbol.
package struct SearchTerms: Hashable, Sendable {
    var terms: [SearchTerm]

    /// The terms as they are looked for, for tests and for logs without people's words in them: their number.
    package var count: Int { terms.count }
}

/// Words in a row, or one document symbol.
struct SearchTerm: Hashable, Sendable {
    enum Field: Hashable, Sendable {
        case text
        /// What `IndexTag` makes.
        case tags
    }

    var field: Field
    /// In order, each as the index has it.
    var tokens: [String]
    /// Whether the last one stands for all that begin with it.
    var isPrefix: Bool
}

/// Reads what somebody typed. Nothing in it is syntax of the index: quotation marks and a star mean what
/// docs/extensions/search.md says, and all else is letters or separates them.
package enum SearchText {
    package static func parse(_ text: Text) throws(SearchTextError) -> SearchTerms {
        guard text.byteCount <= SearchLimits.textByteLimit else {
            throw .tooLong(byteCount: text.byteCount, limit: SearchLimits.textByteLimit)
        }
        let pieces = pieces(text.bytes)
        let last = pieces.indices.last
        var terms: [SearchTerm] = []
        for (place, piece) in pieces.enumerated() {
            guard let term = term(piece, isLast: place == last) else { continue }
            guard terms.count < SearchLimits.termCountLimit else {
                throw .tooManyTerms(limit: SearchLimits.termCountLimit)
            }
            terms.append(term)
        }
        guard !terms.isEmpty else { throw .noWords }
        return SearchTerms(terms: terms)
    }

    private struct Piece {
        var bytes: [UInt8] = []
        var isPhrase = false
    }

    /// Words between spaces, and what stands between quotation marks. A mark that is not closed reaches to the end.
    private static func pieces(_ bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var current = Piece()
        func end() {
            if !current.bytes.isEmpty { pieces.append(current) }
            current = Piece()
        }
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            // The spaces of no width of their own: U+00A0 and the wide one of East Asian texts, U+3000.
            let wide = bytes[position...].starts(with: [0xE3, 0x80, 0x80]) ? 3 : 0
            let space =
                byte == 32 || byte == 9
                ? 1 : bytes[position...].starts(with: [0xC2, 0xA0]) ? 2 : wide
            if byte == 34 {
                let opens = !current.isPhrase
                end()
                current.isPhrase = opens
                position += 1
            } else if space > 0, !current.isPhrase {
                end()
                position += space
            } else {
                current.bytes.append(byte)
                position += 1
            }
        }
        end()
        return pieces
    }

    private static func term(_ piece: Piece, isLast: Bool) -> SearchTerm? {
        var bytes = piece.bytes[...]
        let hasStar = !piece.isPhrase && bytes.last == 42
        while !piece.isPhrase, bytes.last == 42 { bytes = bytes.dropLast() }
        if !piece.isPhrase, let symbol = DocumentReference.symbols(in: bytes).last {
            return SearchTerm(
                field: .tags, tokens: [IndexTag.reference(symbol)], isPrefix: hasStar || isLast)
        }
        var tokens: [SearchToken] = []
        withoutActuallyEscaping({ tokens.append($0) }) { WordSplitter.split(bytes, into: $0) }
        guard let last = tokens.last else { return nil }
        var isPrefix = false
        switch last.place {
        case .end:
            if tokens.dropLast().last?.place == .pair {
                // The run may go on in the text: its pairs are enough.
                tokens.removeLast()
            } else {
                // One character by itself begins a pair wherever another follows it.
                isPrefix = true
            }
        case .pair: break
        case .word:
            let letterCount = last.bytes.count { $0 & 0xC0 != 0x80 }
            isPrefix = hasStar || isLast && !piece.isPhrase && letterCount >= SearchLimits.prefixLetterCount
        }
        return SearchTerm(
            field: .text, tokens: tokens.map { String(decoding: $0.bytes, as: UTF8.self) }, isPrefix: isPrefix
        )
    }
}
