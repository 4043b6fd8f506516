// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Why a message's marks are refused (docs/extensions/marks.md). Each names the value as it was sent, escaped, so
/// that an answer with it stays one line.
package enum MarkError: Error, Hashable, Sendable {
    /// FAIL INVALID_KIND.
    case kind(Text)
    /// FAIL INVALID_LANGUAGE.
    case language(Text)
    /// FAIL INVALID_REFERENCE: one that is none, or all of them when they are too many or too long.
    case reference(Text)
    /// FAIL INVALID_ON_BEHALF: no name, or one that is too long.
    case onBehalf(Text)
}

/// What a message's client-only tags say of it. The tags themselves are stored as they came.
package struct MessageMarks: Hashable, Sendable {
    package var kind: MessageMark.Kind?
    package var language: LanguageTag?
    /// In the order given, each once.
    package var references: [DocumentReference] = []
    /// The State, group or body for which the author speaks.
    package var onBehalf: Text?

    /// A message that says nothing of itself.
    package init() {}

    /// Reads the marks out of tags as they go on the wire, `+a=b;+c`, escaped (IRCv3 message-tags). Of a
    /// tag that stands twice the last counts, as everywhere. A tag without a value marks nothing.
    package init(clientTags: Text) throws(MarkError) {
        // Most messages have none of these tags; all of them have the vendor's name in their keys.
        guard clientTags.bytes.count > MessageMark.referencesTag.utf8.count else { return }
        var values: [String: ArraySlice<UInt8>] = [:]
        for tag in clientTags.bytes.split(separator: 59) {
            let end = tag.firstIndex(of: 61) ?? tag.endIndex
            for key in [
                MessageMark.kindTag, MessageMark.languageTag, MessageMark.referencesTag,
                MessageMark.onBehalfTag,
            ]
            where tag[..<end].elementsEqual(key.utf8) {
                values[key] = tag[end...].dropFirst()
            }
        }
        if let value = values[MessageMark.kindTag], !value.isEmpty {
            let word = String(decoding: MessageMarks.unescaped(value), as: UTF8.self)
            guard let kind = MessageMark.Kind(rawValue: word) else { throw .kind(Text(value)) }
            self.kind = kind
        }
        if let value = values[MessageMark.languageTag], !value.isEmpty {
            guard let language = LanguageTag(MessageMarks.unescaped(value)) else {
                throw .language(Text(value))
            }
            self.language = language
        }
        if let value = values[MessageMark.referencesTag], !value.isEmpty {
            references = try MessageMarks.references(value)
        }
        if let value = values[MessageMark.onBehalfTag], !value.isEmpty {
            let name = MessageMarks.unescaped(value)
            guard GivenName.isValid(name, byteLimit: ProfileLimits.onBehalfByteLimit) else {
                throw .onBehalf(Text(value))
            }
            onBehalf = Text(name)
        }
    }

    /// At most `MessageMark.referenceCountLimit`, separated by commas, which no escape stands for.
    private static func references(_ value: ArraySlice<UInt8>) throws(MarkError) -> [DocumentReference] {
        let parts = value.split(separator: 44, omittingEmptySubsequences: false)
        guard parts.count <= MessageMark.referenceCountLimit,
            unescaped(value).count <= MessageMark.referencesByteLimit
        else { throw .reference(Text(value)) }
        var references: [DocumentReference] = []
        for part in parts {
            guard let reference = DocumentReference(unescaped(part)) else { throw .reference(Text(part)) }
            if !references.contains(reference) { references.append(reference) }
        }
        return references
    }

    /// `\:` is `;`, `\s` a space, `\r` CR, `\n` LF; before anything else, and at the end, a backslash is left
    /// out (IRCv3 message-tags, "Escaping values").
    private static func unescaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in value {
            if !isEscaped, byte == 92 {
                isEscaped = true
                continue
            }
            switch (isEscaped, byte) {
            case (true, 58): result.append(59)
            case (true, 115): result.append(32)
            case (true, 114): result.append(13)
            case (true, 110): result.append(10)
            default: result.append(byte)
            }
            isEscaped = false
        }
        return result
    }
}
