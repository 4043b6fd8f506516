// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// A translation is a message that belongs to another one (docs/extensions/language.md).
extension Message {
    /// The id of the message that this one translates; nil for what is no translation.
    public var translationOf: String? { tags[TranslationMark.originalTag] }
    /// Where a translation comes from: `official`, `human` or `machine`.
    public var provenance: String? { tags[TranslationMark.provenanceTag] }
    /// Which program translated, where it says so.
    public var translationEngine: String? { tags[TranslationMark.engineTag] }
}
