// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a message says of itself: its kind, its language, and what it is about (docs/extensions/marks.md).
public struct Marks: Sendable, Hashable {
    /// What a message is for the community.
    public typealias Kind = MessageMark.Kind

    /// What it is; nil where it says nothing of it, or a word this client does not know.
    public var kind: Kind?
    /// Its language, a BCP 47 tag as given.
    public var language: String?
    /// What it is about, each `<scheme>:<value>` as given: `doc:A/HRC/50/64`, `sdg:16.6`.
    public var references: [String]
    /// The State, group or body for which the author speaks.
    public var onBehalf: String?
    /// What it translates, of a message that is to be sent; nil where it translates nothing.
    public var translation: Translation?

    /// A message that translates another one (docs/extensions/language.md).
    public struct Translation: Sendable, Hashable {
        /// The id of the other one.
        public var original: String
        /// `official`, `human` or `machine`.
        public var provenance: String
        /// What made a machine's.
        public var engine: String?

        /// A translation of these parts.
        public init(of original: String, provenance: String, engine: String? = nil) {
            self.original = original
            self.provenance = provenance
            self.engine = engine
        }
    }

    /// Marks of these parts.
    public init(
        kind: Kind? = nil, language: String? = nil, references: [String] = [], onBehalf: String? = nil
    ) {
        self.onBehalf = onBehalf
        self.kind = kind
        self.language = language
        self.references = references
    }

    /// Whether nothing is marked.
    public var isEmpty: Bool {
        kind == nil && language == nil && references.isEmpty && onBehalf == nil && translation == nil
    }

    /// Adds the document symbols that stand in a text, as far as there is room (docs/extensions/marks.md), and gives
    /// those that it added.
    @discardableResult
    public mutating func addSymbols(of text: String) -> [String] {
        var added: [String] = []
        var byteCount = references.reduce(0) { $0 + $1.utf8.count + 1 }
        for reference in DocumentReference.symbols(in: text.utf8).map(\.description)
        where !references.contains(reference) {
            byteCount += reference.utf8.count + 1
            guard references.count < MessageMark.referenceCountLimit,
                byteCount - 1 <= MessageMark.referencesByteLimit
            else { break }
            references.append(reference)
            added.append(reference)
        }
        return added
    }

    // MARK: On the wire

    /// The marks among a message's tags. A value that cannot be one is left out; `Message.tags` has it.
    init(tags: [String: String]) {
        self.init(
            kind: tags[MessageMark.kindTag].flatMap { Kind(rawValue: $0) },
            language: tags[MessageMark.languageTag].flatMap { LanguageTag($0) == nil ? nil : $0 },
            references: (tags[MessageMark.referencesTag] ?? "").split(separator: ",")
                .prefix(MessageMark.referenceCountLimit).map(String.init),
            onBehalf: tags[MessageMark.onBehalfTag].flatMap { $0.isEmpty ? nil : $0 })
    }

    /// The tags to send. Kind and references belong to the first of several parts only.
    func tags(isFirstPart: Bool) -> [String: String] {
        var tags: [String: String] = [:]
        if let language { tags[MessageMark.languageTag] = language }
        if let onBehalf { tags[MessageMark.onBehalfTag] = onBehalf }
        if let translation {
            tags[TranslationMark.originalTag] = translation.original
            tags[TranslationMark.provenanceTag] = translation.provenance
            if let engine = translation.engine { tags[TranslationMark.engineTag] = engine }
        }
        guard isFirstPart else { return tags }
        if let kind { tags[MessageMark.kindTag] = kind.rawValue }
        if !references.isEmpty { tags[MessageMark.referencesTag] = references.joined(separator: ",") }
        return tags
    }

    /// Throws `invalidArgument` for what no server takes.
    func check() throws(ClientError) {
        if let language, LanguageTag(language) == nil {
            throw .invalidArgument("\(language) is no language tag, such as fr or zh-Hans")
        }
        let nameLimit = ProfileLimits.onBehalfByteLimit
        if let onBehalf, !GivenName.isValid(onBehalf.utf8, byteLimit: nameLimit) {
            throw .invalidArgument("a name to speak on behalf of has 1 to \(nameLimit) bytes")
        }
        guard references.count <= MessageMark.referenceCountLimit else {
            throw .invalidArgument(
                "a message has at most \(MessageMark.referenceCountLimit) references, not \(references.count)"
            )
        }
        for reference in references where DocumentReference(reference) == nil {
            throw .invalidArgument("\(reference) is no reference, such as doc:A/HRC/50/64 or sdg:16.6")
        }
        let byteCount = references.reduce(max(references.count - 1, 0)) { $0 + $1.utf8.count }
        guard byteCount <= MessageMark.referencesByteLimit else {
            throw .invalidArgument(
                "the references have \(byteCount) bytes, \(MessageMark.referencesByteLimit) are allowed")
        }
    }
}
