// SPDX-License-Identifier: Apache-2.0

/// What a message is about, in a form that machines compare (docs/extensions/marks.md): a document of the
/// United Nations, a recommendation in a report, a goal, or an entry of an index. Two references are equal
/// when their canonical forms are.
public struct DocumentReference: Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing the value names.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// A document symbol, `A/HRC/50/64`.
        case doc
        /// A paragraph of a report, `A/HRC/50/15#133.45`.
        case upr
        /// A goal, target or indicator of the 2030 Agenda, `16`, `16.a`, `16.6.2`.
        case sdg
        /// An identifier of the Universal Human Rights Index.
        case uhri
    }

    /// Bytes of a reference, counting its scheme; as many as a message's tag has for all of them.
    public static let byteLimit = 300

    /// What the value names.
    public let scheme: Scheme
    /// In canonical form.
    public let value: String

    /// `doc:A/HRC/50/64`.
    public var description: String { scheme.rawValue + ":" + value }

    /// Reads `<scheme>:<value>`, in any case; nil when it is no reference.
    public init?(_ text: some Sequence<UInt8>) {
        let bytes = Array(text.prefix(DocumentReference.byteLimit + 1))
        guard bytes.count <= DocumentReference.byteLimit, let colon = bytes.firstIndex(of: 58),
            let scheme = Scheme(rawValue: asciiFolded(bytes[..<colon]))
        else { return nil }
        self.init(scheme, bytes[(colon + 1)...])
    }

    /// The same for a text.
    public init?(_ text: String) { self.init(text.utf8) }

    /// Reads a document symbol by itself; nil when it is none. More forgiving than `symbols(in:)`, for
    /// somebody says that it is one: the body may be any, and two parts are enough.
    public init?(symbol text: some Sequence<UInt8>) {
        let bytes = Array(text.prefix(DocumentReference.byteLimit + 1))
        guard bytes.count <= DocumentReference.byteLimit - 4 else { return nil }
        self.init(.doc, bytes[...])
    }

    private init?(_ scheme: Scheme, _ value: ArraySlice<UInt8>) {
        self.scheme = scheme
        switch scheme {
        case .doc:
            guard let symbol = DocumentReference.canonicalSymbol(value, leastPartCount: 2) else { return nil }
            self.value = symbol
        case .upr:
            guard let hash = value.firstIndex(of: 35),
                let symbol = DocumentReference.canonicalSymbol(value[..<hash], leastPartCount: 2),
                let end = DocumentReference.endOfParagraph(value, from: hash), end == value.endIndex
            else { return nil }
            self.value = symbol + String(decoding: value[hash...], as: UTF8.self)
        case .sdg:
            guard let goal = DocumentReference.canonicalGoal(value) else { return nil }
            self.value = goal
        case .uhri:
            guard !value.isEmpty,
                value.allSatisfy({ isLetterOrDigit($0) || $0 == 45 || $0 == 46 || $0 == 95 })
            else { return nil }
            self.value = String(decoding: value, as: UTF8.self)
        }
    }

    private init(symbol value: String) {
        scheme = .doc
        self.value = value
    }

    /// The document that a paragraph stands in; nil for other schemes.
    public var document: DocumentReference? {
        guard scheme == .upr, let symbol = value.split(separator: "#").first else { return nil }
        return DocumentReference(symbol: String(symbol))
    }

    // MARK: Finding

    /// Document symbols in running text, in their order, each once, and paragraphs of reports that stand
    /// behind them as `#133.45` does. At most `countLimit`; the work is linear in the text's length.
    public static func symbols(
        in text: some Collection<UInt8>, countLimit: Int = 32
    ) -> [DocumentReference] {
        // A part needs a slash behind it; most texts have none.
        guard text.contains(47) else { return [] }
        let bytes = Array(text)
        var found: [DocumentReference] = []
        func add(_ reference: DocumentReference) {
            if found.count < countLimit, !found.contains(reference) { found.append(reference) }
        }
        var position = 0
        while position < bytes.count {
            guard isSymbolByte(bytes[position]) else {
                position += 1
                continue
            }
            let start = position
            while position < bytes.count, isSymbolByte(bytes[position]) { position += 1 }
            guard found.count < countLimit else { return found }
            let isAfterLetter = start > 0 && bytes[start - 1] == 95
            guard !isAfterLetter, let symbol = symbol(inRun: bytes[start..<position]) else { continue }
            add(DocumentReference(symbol: symbol))
            if position < bytes.count, bytes[position] == 35,
                let end = endOfParagraph(bytes[...], from: position),
                let paragraph = DocumentReference(
                    Array("upr:".utf8) + Array(symbol.utf8) + bytes[position..<end])
            {
                add(paragraph)
            }
        }
        return found
    }

    /// Bodies whose symbols are recognised without anybody saying that they are symbols.
    static let bodies: Set<String> = [
        "a", "e", "s", "st", "hri", "hr", "crc", "cedaw", "ccpr", "cat", "ced", "cmw", "crpd", "cerd", "dp",
        "td",
    ]

    /// Places that give documents by their symbols, `https://undocs.org/A/HRC/50/64`.
    private static let hosts = ["undocs.org", "www.undocs.org", "docs.un.org"]

    /// The symbol that a run of letters, digits and `/.-` is, without the stop behind it; nil for others.
    private static func symbol(inRun run: ArraySlice<UInt8>) -> String? {
        var run = run
        if run.starts(with: [47, 47]) {
            // An address: the parts after a known host, and after a language between them.
            var parts = run.dropFirst(2).split(separator: 47, omittingEmptySubsequences: false)[...]
            guard let host = parts.popFirst(), hosts.contains(asciiFolded(host)) else { return nil }
            if let first = parts.first, first.count == 2, !bodies.contains(asciiFolded(first)) {
                parts = parts.dropFirst()
            }
            guard let first = parts.first else { return nil }
            run = run[first.startIndex...]
        }
        while let last = run.last, last == 46 || last == 45 || last == 47 { run = run.dropLast() }
        guard let first = run.split(separator: 47, maxSplits: 1, omittingEmptySubsequences: false).first,
            first.count <= 5, bodies.contains(asciiFolded(first))
        else { return nil }
        return canonicalSymbol(run, leastPartCount: 3)
    }

    private static func isSymbolByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == 45 || byte == 46 || byte == 47
    }

    // MARK: Canonical forms

    /// Upper case but for `Add.`, `Rev.` and `Corr.`; nil for what has too few parts, an empty one, or no digit.
    private static func canonicalSymbol(_ bytes: ArraySlice<UInt8>, leastPartCount: Int) -> String? {
        guard bytes.count <= byteLimit - 4 else { return nil }
        var symbol: [UInt8] = []
        var partCount = 0
        var hasDigit = false
        for part in bytes.split(separator: 47, omittingEmptySubsequences: false) {
            guard let first = part.first, let last = part.last, isLetterOrDigit(first), isLetterOrDigit(last),
                part.allSatisfy({ isLetterOrDigit($0) || $0 == 45 || $0 == 46 })
            else { return nil }
            if partCount == 0 {
                guard !(48...57).contains(first) else { return nil }
            } else {
                symbol.append(47)
                hasDigit = hasDigit || part.contains { (48...57).contains($0) }
            }
            partCount += 1
            appendCanonical(part, to: &symbol)
        }
        guard partCount >= leastPartCount, hasDigit else { return nil }
        return String(decoding: symbol, as: UTF8.self)
    }

    private static func appendCanonical(_ part: ArraySlice<UInt8>, to symbol: inout [UInt8]) {
        let start = symbol.count
        symbol += part.map { (97...122).contains($0) ? $0 & 0xDF : $0 }
        for word in ["ADD.", "REV.", "CORR."] where symbol[start...].starts(with: word.utf8) {
            for index in (start + 1)..<(start + word.utf8.count - 1) { symbol[index] |= 0x20 }
        }
    }

    /// The end of `#133.45` that begins at a position; nil when none does.
    private static func endOfParagraph(_ bytes: ArraySlice<UInt8>, from hash: Int) -> Int? {
        var position = hash + 1
        func passNumber() -> Bool {
            let start = position
            while position < bytes.endIndex, position - start < 5, (48...57).contains(bytes[position]) {
                position += 1
            }
            return position > start && position - start < 5
        }
        guard passNumber(), position < bytes.endIndex, bytes[position] == 46 else { return nil }
        position += 1
        return passNumber() ? position : nil
    }

    /// `16`, `16.6`, `16.a`, `16.6.2`: goals from 1 to 17, without leading zeros.
    private static func canonicalGoal(_ bytes: ArraySlice<UInt8>) -> String? {
        let parts = bytes.split(separator: 46, omittingEmptySubsequences: false)
        func number(_ part: ArraySlice<UInt8>) -> Int? {
            guard part.count <= 2, part.first != 48 else { return nil }
            var value = 0
            for byte in part {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return part.isEmpty ? nil : value
        }
        guard let first = parts.first, let goal = number(first), (1...17).contains(goal), parts.count <= 3
        else { return nil }
        for (place, part) in parts.enumerated().dropFirst() {
            let isLetter =
                place == 1 && part.count == 1
                && part.allSatisfy { (97...122).contains($0 | 0x20) && $0 >= 65 }
            guard isLetter || number(part) != nil else { return nil }
        }
        return asciiFolded(bytes)
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    default: false
    }
}
