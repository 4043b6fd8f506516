// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Texts and names on their way between two networks.
package enum RelayText {
    /// Without white space at both ends.
    package static func trimmed(_ text: some StringProtocol) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(Substring(scalars))
    }

    /// A text as it may be posted: lines divided by LF, tabs as spaces, no other control characters, and no
    /// white space at the end of a line or of the whole.
    package static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var space = String.UnicodeScalarView()
        var lastWasReturn = false
        for scalar in text.unicodeScalars {
            let isLineBreak =
                scalar == "\n" || scalar == "\r" || scalar.value == 0x2028 || scalar.value == 0x2029
            defer { lastWasReturn = scalar == "\r" }
            if isLineBreak {
                if scalar == "\n", lastWasReturn { continue }
                space.removeAll()
                scalars.append("\n")
            } else if scalar == "\t" || scalar == " " {
                space.append(" ")
            } else if scalar.properties.generalCategory == .control {
                continue
            } else {
                scalars.append(contentsOf: space)
                space.removeAll()
                scalars.append(scalar)
            }
        }
        return trimmed(String(scalars))
    }

    /// Characters that other bridges replace as well, because they mean something on the wire or to people, and
    /// those that no relayed name may hold (docs/extensions/relay.md, "Names").
    private static let replaced: Set<Character> = [
        " ", "!", "+", "%", "@", "&", "#", "$", ":", "'", "\"", "?", "*", ",", ".", "/", "\\", ";", "=", "~",
    ]

    /// A sender's name as the first part of a relayed name: what means something on the wire becomes `-`, what is
    /// not seen goes, and it is cut between characters. An empty one is `participant`.
    package static func name(_ text: String) -> String {
        var result = ""
        var byteCount = 0
        for character in trimmed(text) {
            let shown: String
            if replaced.contains(character) || character.isWhitespace {
                shown = "-"
            } else {
                let seen = character.unicodeScalars.filter { isSeen($0) }
                shown = String(String.UnicodeScalarView(seen))
            }
            // A name begins with no hyphen: it could be taken for a mark of a role.
            if shown == "-", result.isEmpty { continue }
            guard byteCount + shown.utf8.count <= RelayLimits.nameByteLimit else { break }
            result += shown
            byteCount += shown.utf8.count
        }
        return result.isEmpty ? "participant" : result
    }

    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        GivenName.isValid(Array(String(scalar).utf8), byteLimit: 4)
    }

    /// Whether this can name the other side: 1 to 16 of a–z, 0–9 and hyphen.
    package static func isOrigin(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= RelayLimits.originByteLimit
            && text.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 }
    }

    /// Whether an id of the other side can be carried: 1 to 200 bytes without control characters.
    package static func isOriginID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= RelayLimits.originIDByteLimit
            && text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }

    /// A text in pieces that one multiline message can hold; cut after a line, else after a word, else between
    /// characters. A character that is longer than a piece is cut between code points.
    package static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var lines: [String] = []
        var byteCount = 0
        func close() {
            let joined = lines.joined(separator: "\n")
            if joined.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) {
                pieces.append(joined)
            }
            lines = []
            byteCount = 0
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            for part in fragments(line) {
                if lines.count >= RelayLimits.pieceLineLimit
                    || byteCount + part.utf8.count + 1 > RelayLimits.pieceByteLimit
                {
                    close()
                }
                lines.append(part)
                byteCount += part.utf8.count + 1
            }
        }
        close()
        return pieces
    }

    private static func fragments(_ line: Substring) -> [String] {
        var rest = line
        var parts: [String] = []
        while rest.utf8.count > RelayLimits.pieceByteLimit - 1 {
            let head = beginning(of: rest, byteLimit: RelayLimits.pieceByteLimit - 1)
            parts.append(String(head))
            rest = rest[head.endIndex...]
        }
        return parts + [String(rest)]
    }

    /// The longest beginning of at most this many bytes that ends after a space, or between characters. Where
    /// the first character alone is longer it ends between code points.
    package static func beginning(of text: Substring, byteLimit: Int) -> Substring {
        let limit = text.utf8.index(text.startIndex, offsetBy: byteLimit, limitedBy: text.endIndex)
        guard let limit, limit < text.endIndex else { return text }
        var end = text.startIndex
        var afterSpace: String.Index?
        var index = text.startIndex
        while index < limit {
            let next = text.index(after: index)
            if next > limit { break }
            end = next
            if text[index].isWhitespace { afterSpace = next }
            index = next
        }
        if let afterSpace, text.utf8.distance(from: text.startIndex, to: afterSpace) * 2 > byteLimit {
            return text[..<afterSpace]
        }
        if end > text.startIndex { return text[..<end] }
        var scalarEnd = text.startIndex
        while scalarEnd < limit {
            let next = text.unicodeScalars.index(after: scalarEnd)
            if next > limit { break }
            scalarEnd = next
        }
        return text[..<scalarEnd]
    }
}
