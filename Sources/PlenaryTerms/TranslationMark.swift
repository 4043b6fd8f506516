// SPDX-License-Identifier: Apache-2.0

/// Tags of a translation (docs/extensions/language.md). The language stands in `MessageMark.languageTag`.
public enum TranslationMark {
    /// Client-only tag: the id of the message that this is a translation of.
    public static let originalTag = "+plenary.chat/translation-of"
    /// Client-only tag: who or what translated, a `TranslationProvenance`.
    public static let provenanceTag = "+plenary.chat/provenance"
    /// Client-only tag: the program that translated.
    public static let engineTag = "+plenary.chat/engine"
    /// Bytes of a program's name.
    public static let engineByteLimit = 64

    /// Whether it names a program: one word that can be seen.
    public static func isEngine(_ bytes: some Collection<UInt8>) -> Bool {
        GivenName.isValid(bytes, byteLimit: engineByteLimit)
    }
}

/// Who or what made a translation, from the least to the most that one can rely on.
public enum TranslationProvenance: UInt8, CaseIterable, Hashable, Comparable, Sendable {
    case machine = 0
    case human = 1
    /// Of a language service that answers for it.
    case official = 2

    /// As tags and commands spell it.
    public var word: String {
        switch self {
        case .machine: "machine"
        case .human: "human"
        case .official: "official"
        }
    }

    /// The provenance with a word, in any case.
    public init?(word: String) {
        let folded = asciiFolded(word.utf8)
        guard let known = TranslationProvenance.allCases.first(where: { $0.word == folded }) else {
            return nil
        }
        self = known
    }

    /// Less to be trusted.
    public static func < (left: TranslationProvenance, right: TranslationProvenance) -> Bool {
        left.rawValue < right.rawValue
    }
}
