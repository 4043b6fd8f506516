// SPDX-License-Identifier: Apache-2.0

/// The first line of an entry: time, sender, recipient.
extension SavedChat {
    enum Header: Hashable {
        /// To everybody; the body where it begins on the same line.
        case everyone(sender: String, body: String?, TimeBase)
        /// To somebody.
        case direct
        /// Nobody can tell.
        case unknown
    }

    /// Seconds of `HH:MM:SS` at the beginning of a line, with a space or tab behind; nil for any other line.
    static func time(_ line: ArraySlice<UInt8>) -> Int64? {
        guard line.count > 8, line[line.startIndex + 2] == 58 else { return nil }
        let bytes = Array(line.prefix(9))
        guard bytes.count == 9, bytes[2] == 58, bytes[5] == 58, bytes[8] == 32 || bytes[8] == 9 else {
            return nil
        }
        func number(_ place: Int) -> Int64? {
            guard (48...57).contains(bytes[place]), (48...57).contains(bytes[place + 1]) else { return nil }
            return Int64(bytes[place] - 48) * 10 + Int64(bytes[place + 1] - 48)
        }
        guard let hours = number(0), let minutes = number(3), let seconds = number(6), minutes < 60,
            seconds < 60
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }

    /// Reads what stands behind the time, its space or tab included.
    static func header(_ text: String) -> Header {
        if holdsPrivateMarker(text) { return .direct }
        let gap = text.prefix { $0 == " " || $0 == "\t" }
        let hasTab = gap.contains("\t")
        let rest = text[gap.endIndex...]
        let known = SavedChatWords.all.first { words in keyword(words.from, at: rest) != nil }
        if let known, let start = keyword(known.from, at: rest) {
            if let found = header(rest[start...], known, hasTab: hasTab) { return found }
        }
        // A recording's chat: one tab, a name, a colon and a tab. It holds no private messages.
        guard gap == "\t", let colon = rest.firstRange(of: ":\t") else { return .unknown }
        let name = RelayText.trimmed(rest[..<colon.lowerBound])
        guard !name.isEmpty else { return .unknown }
        return .everyone(sender: name, body: String(rest[colon.upperBound...]), .recording)
    }

    private static func holdsPrivateMarker(_ text: String) -> Bool {
        // Every mark is in brackets; most lines have none.
        guard text.utf8.contains(UInt8(ascii: "(")) else { return false }
        let lower = text.lowercased()
        return SavedChatWords.privateMarkers.contains { lower.contains($0) }
    }

    /// Where the text behind a keyword and its space begins.
    private static func keyword(_ words: [String], at text: Substring) -> String.Index? {
        for word in words {
            guard let end = text.index(text.startIndex, offsetBy: word.count, limitedBy: text.endIndex),
                end < text.endIndex, text[end] == " ", text[..<end].lowercased() == word.lowercased()
            else { continue }
            return end
        }
        return nil
    }

    /// Behind the keyword of the sender. Nil when the line has no place where the body could begin.
    private static func header(_ text: Substring, _ words: SavedChatWords, hasTab: Bool) -> Header? {
        var head = text
        var body: String?
        if hasTab, let colon = text.firstRange(of: " : ") {
            head = text[..<colon.lowerBound]
            body = String(text[colon.upperBound...])
        } else {
            let bare = text.reversed().drop { $0 == " " || $0 == "\t" }
            guard bare.first == ":" else { return nil }
            head = text[..<bare.startIndex.base].dropLast()
            if hasTab, head.last == " " { body = "" }
        }
        if let (sender, recipient) = divided(head, words.to) {
            guard words.everyone.contains(recipient.lowercased()), !sender.isEmpty else { return .direct }
            return .everyone(sender: sender, body: body, .clock)
        }
        // Without a recipient: public in shape C only, and only if nothing in the name may be one.
        let name = RelayText.trimmed(head)
        guard body != nil, !name.isEmpty, !name.contains("  "), !name.hasSuffix(")") else { return .unknown }
        return .everyone(sender: name, body: body, .clock)
    }

    /// Sender and recipient at the last word that divides them.
    private static func divided(
        _ head: Substring, _ words: [String]
    ) -> (sender: String, recipient: String)? {
        let parts = head.split(separator: " ", omittingEmptySubsequences: false)
        guard
            let place = parts.indices.dropFirst().last(where: { index in
                index < parts.count - 1 && words.contains { parts[index].lowercased() == $0 }
            })
        else { return nil }
        return (
            RelayText.trimmed(parts[..<place].joined(separator: " ")),
            RelayText.trimmed(parts[(place + 1)...].joined(separator: " "))
        )
    }
}
