// SPDX-License-Identifier: Apache-2.0

/// The language a text is in: a well-formed tag (RFC 5646, 2.1), in canonical case. Whether its subtags are
/// registered is not looked at. Two tags are equal when they differ in case only.
public struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    /// Bytes of a tag (RFC 5646, 4.4.1: room for all but long private ones).
    public static let byteLimits = 2...35

    /// In canonical case (RFC 5646, 2.1.1): `zh-Hans-CN`.
    public let description: String

    /// Reads a tag in any case; nil when it is not well-formed, or is shorter or longer than the limits.
    public init?(_ text: some Sequence<UInt8>) {
        let bytes = Array(text.prefix(LanguageTag.byteLimits.upperBound + 1))
        guard LanguageTag.byteLimits.contains(bytes.count) else { return nil }
        let parts = asciiFolded(bytes).utf8.split(separator: 45, omittingEmptySubsequences: false)
            .map(Array.init)
        for part in parts {
            guard (1...8).contains(part.count), part.allSatisfy({ isLetter($0) || isDigit($0) }) else {
                return nil
            }
        }
        guard LanguageTag.isIrregular(parts) || LanguageTag.isWellFormed(parts) else { return nil }
        description = LanguageTag.canonicalCase(parts)
    }

    /// The same for a text.
    public init?(_ text: String) { self.init(text.utf8) }

    /// Whether this is the language of a range or a variety of it: `zh-Hans` matches `zh` (RFC 4647, 3.3.1).
    public func matches(prefix range: LanguageTag) -> Bool {
        description == range.description || description.hasPrefix(range.description + "-")
    }

    /// The tags that this one matches, the shortest first: `zh`, `zh-Hans`, `zh-Hans-CN`.
    public var ranges: [String] {
        var ranges: [String] = []
        for part in description.split(separator: "-") {
            ranges.append(ranges.last.map { $0 + "-" + part } ?? String(part))
        }
        return ranges
    }

    /// Tags of earlier times that follow no rule (RFC 5646, 2.2.8, "irregular").
    private static func isIrregular(_ parts: [[UInt8]]) -> Bool {
        let text = String(decoding: Array(parts.joined(separator: [45])), as: UTF8.self)
        return [
            "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux",
            "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de",
        ].contains(text)
    }

    /// language [-extlang] [-script] [-region] *(-variant) *(-extension) [-privateuse], or privateuse alone.
    private static func isWellFormed(_ parts: [[UInt8]]) -> Bool {
        guard let language = parts.first else { return false }
        var rest = parts.dropFirst()
        if language == [120] { return !rest.isEmpty }
        guard (2...8).contains(language.count), language.allSatisfy(isLetter) else { return false }
        if language.count <= 3 {
            var extensionCount = 0
            while extensionCount < 3, let part = rest.first, part.count == 3, part.allSatisfy(isLetter) {
                rest = rest.dropFirst()
                extensionCount += 1
            }
        }
        if let script = rest.first, script.count == 4, script.allSatisfy(isLetter) { rest = rest.dropFirst() }
        if let region = rest.first, isRegion(region) { rest = rest.dropFirst() }
        var variants: Set<[UInt8]> = []
        while let variant = rest.first, isVariant(variant) {
            guard variants.insert(variant).inserted else { return false }
            rest = rest.dropFirst()
        }
        var singletons: Set<[UInt8]> = []
        while let singleton = rest.first, singleton.count == 1, singleton != [120] {
            guard singletons.insert(singleton).inserted else { return false }
            let values = rest.dropFirst().prefix { $0.count >= 2 }
            guard !values.isEmpty else { return false }
            rest = rest.dropFirst(1 + values.count)
        }
        guard rest.first == [120] else { return rest.isEmpty }
        return rest.count >= 2
    }

    private static func isRegion(_ part: [UInt8]) -> Bool {
        part.count == 2 && part.allSatisfy(isLetter) || part.count == 3 && part.allSatisfy(isDigit)
    }

    private static func isVariant(_ part: [UInt8]) -> Bool {
        part.count >= 5 || part.count == 4 && part.prefix(1).allSatisfy(isDigit)
    }

    /// Two letters that neither begin the tag nor follow a single one are a region, four are a script.
    private static func canonicalCase(_ parts: [[UInt8]]) -> String {
        var tag: [UInt8] = []
        var follows = true
        for part in parts {
            if !tag.isEmpty { tag.append(45) }
            let isCased = !follows && part.allSatisfy(isLetter)
            for (place, byte) in part.enumerated() {
                let isUpper = isCased && (part.count == 2 || part.count == 4 && place == 0)
                tag.append(isUpper ? byte & 0xDF : byte)
            }
            // All that follows a single letter belongs to its extension and stays in lower case.
            follows = part.count == 1 || follows && tag.count > part.count
        }
        return String(decoding: tag, as: UTF8.self)
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }
private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
