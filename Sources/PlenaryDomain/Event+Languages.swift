// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is kept of translations besides the messages that they are (docs/extensions/language.md).
package enum LanguagesEvent: Hashable, Sendable {
    /// Which messages of a channel translate which; written by snapshots only.
    case translationsRemembered(TranslationsRemembered)
}

package struct TranslationsRemembered: Hashable, Sendable {
    package var channel: ChannelID
    package var translations: [Translation]

    package init(channel: ChannelID, translations: [Translation]) {
        self.channel = channel
        self.translations = translations
    }
}

/// What makes a message a translation of another one.
package struct MessageTranslation: Hashable, Sendable {
    package var original: Offset
    package var language: LanguageTag
    package var provenance: TranslationProvenance
    /// The program that translated, as it was named.
    package var engine: Text?

    package init(
        original: Offset, language: LanguageTag, provenance: TranslationProvenance, engine: Text? = nil
    ) {
        self.original = original
        self.language = language
        self.provenance = provenance
        self.engine = engine
    }
}

/// A translation by its place in the log. Its text is the message there.
package struct Translation: Hashable, Sendable {
    package var offset: Offset
    package var time: Timestamp
    package var original: Offset
    package var language: LanguageTag
    package var provenance: TranslationProvenance

    package init(
        offset: Offset, time: Timestamp, original: Offset, language: LanguageTag,
        provenance: TranslationProvenance
    ) {
        self.offset = offset
        self.time = time
        self.original = original
        self.language = language
        self.provenance = provenance
    }

    /// Whether it is to be preferred to another one in the same language: by its provenance, then the newer one.
    func supersedes(_ other: Translation) -> Bool {
        provenance != other.provenance ? provenance > other.provenance : offset > other.offset
    }
}

extension MessagePosted {
    /// Whether it is a message of its own: said in words, and no translation of another.
    package var isMessage: Bool { kind != .tagOnly && translation == nil }
}

extension Event {
    /// The conversation that it belongs to, whether its history shows it as an event of its own or not: a translation
    /// is shown with its original.
    package var home: Conversation? {
        if case .messagePosted(let message) = self { return message.conversation }
        return conversation
    }
}
