// SPDX-License-Identifier: Apache-2.0

/// What a message says of itself: its kind, its language, and what it is about (docs/extensions/marks.md).
public struct Marks: Sendable, Hashable {
    /// What a message is for the community.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Asks for something.
        case question
        /// Answers a question.
        case answer
        /// Describes a practice.
        case practice
        /// Tells what was learnt.
        case lesson
        /// States an outcome.
        case outcome
        /// Names something to be done.
        case action
        /// Announces something.
        case announcement
    }

    /// What it is; nil where it says nothing of it, or a word this client does not know.
    public var kind: Kind?
    /// Its language, a BCP 47 tag as given.
    public var language: String?
    /// What it is about, each `<scheme>:<value>` as given: `doc:A/HRC/50/64`, `sdg:16.6`.
    public var references: [String]

    /// Marks of these parts.
    public init(kind: Kind? = nil, language: String? = nil, references: [String] = []) {
        self.kind = kind
        self.language = language
        self.references = references
    }

    /// Whether nothing is marked.
    public var isEmpty: Bool { kind == nil && language == nil && references.isEmpty }

    /// References of one message. More: `invalidArgument`.
    public static let referenceCountLimit = 8
    /// All references with their commas, in bytes. More: `invalidArgument`.
    public static let referenceByteLimit = 300
    /// Length of a language tag in bytes. Shorter or longer: `invalidArgument`.
    public static let languageByteLimits = 2...35

    // MARK: On the wire

    static let kindTag = "+plenary.chat/kind"
    static let languageTag = "+plenary.chat/lang"
    static let referenceTag = "+plenary.chat/ref"

    /// The marks among a message's tags. A value that cannot be one is left out; `Message.tags` has it.
    init(tags: [String: String]) {
        self.init(
            kind: tags[Marks.kindTag].flatMap { Kind(rawValue: $0) },
            language: tags[Marks.languageTag].flatMap { Marks.isLanguage($0) ? $0 : nil },
            references: (tags[Marks.referenceTag] ?? "").split(separator: ",")
                .prefix(Marks.referenceCountLimit).map(String.init))
    }

    /// The tags to send. Kind and references belong to the first of several parts only.
    func tags(isFirstPart: Bool) -> [String: String] {
        var tags: [String: String] = [:]
        if let language { tags[Marks.languageTag] = language }
        guard isFirstPart else { return tags }
        if let kind { tags[Marks.kindTag] = kind.rawValue }
        if !references.isEmpty { tags[Marks.referenceTag] = references.joined(separator: ",") }
        return tags
    }

    /// Throws `invalidArgument` for what no server takes. Whether a reference exists is the server's to say.
    func check() throws(ClientError) {
        if let language, !Marks.isLanguage(language) {
            throw .invalidArgument("\(language) is no language tag, such as fr or zh-Hans")
        }
        guard references.count <= Marks.referenceCountLimit else {
            throw .invalidArgument(
                "a message has at most \(Marks.referenceCountLimit) references, not \(references.count)")
        }
        for reference in references {
            let isWord = reference.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != 44 }
            guard isWord, let colon = reference.firstIndex(of: ":"), colon != reference.startIndex,
                reference.index(after: colon) != reference.endIndex
            else {
                throw .invalidArgument("\(reference) is no reference, such as doc:A/HRC/50/64 or sdg:16.6")
            }
        }
        let byteCount = references.reduce(max(references.count - 1, 0)) { $0 + $1.utf8.count }
        guard byteCount <= Marks.referenceByteLimit else {
            throw .invalidArgument(
                "the references have \(byteCount) bytes, \(Marks.referenceByteLimit) are allowed")
        }
    }

    /// Letters, digits and hyphens in the length of a BCP 47 tag, beginning with a letter.
    static func isLanguage(_ text: String) -> Bool {
        guard languageByteLimits.contains(text.utf8.count), !text.hasSuffix("-") else { return false }
        var isFirst = true
        for byte in text.utf8 {
            switch byte {
            case 65...90, 97...122: break
            case 45, 48...57: if isFirst { return false }
            default: return false
            }
            isFirst = false
        }
        return true
    }
}
