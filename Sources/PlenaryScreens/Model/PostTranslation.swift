// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A message's text in another language.
package struct PostTranslation: Sendable, Hashable {
    /// Its language, a BCP 47 tag.
    package var language: String
    /// `official`, `human` or `machine`.
    package var provenance: String
    /// The text, cleaned as that of messages is.
    package var text: String

    /// What a message that translates another one says; nil for any other.
    package init?(_ message: Message) {
        guard message.translationOf != nil, let language = message.marks.language else { return nil }
        self.language = language
        provenance = message.provenance ?? "machine"
        text = PlainText.clean(message.text)
    }

    /// Which of two is shown: official ones before those by people, these before those of machines.
    var rank: Int { provenance == "official" ? 2 : provenance == "human" ? 1 : 0 }

    /// Whether a reader of an interface language reads it.
    func isFor(_ reader: Language) -> Bool { PostTranslation.base(of: language) == reader.rawValue }

    /// `zh` of `zh-Hans`.
    static func base(of tag: String) -> String {
        tag.lowercased().split(separator: "-").first.map(String.init) ?? ""
    }
}

extension Post {
    /// Adds a translation; the same one twice is one.
    package mutating func attach(_ translation: PostTranslation) {
        guard removal == nil, !translations.contains(translation) else { return }
        translations.append(translation)
    }

    /// The best translation for a reader; nil where the original is what is read. Of equal ones the later one.
    package func translation(for reader: Language) -> PostTranslation? {
        guard removal == nil, hiddenCode == nil, language.map(PostTranslation.base(of:)) != reader.rawValue
        else { return nil }
        return translations.filter { $0.isFor(reader) }
            .reduce(nil) { best, next in best.map { $0.rank > next.rank ? $0 : next } ?? next }
    }
}
