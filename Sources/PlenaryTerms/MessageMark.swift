// SPDX-License-Identifier: Apache-2.0

/// What a message says of itself by client-only tags (docs/extensions/marks.md).
public enum MessageMark {
    /// Key of the tag with the kind, with the sign of client-only tags.
    public static let kindTag = "+plenary.chat/kind"
    /// Key of the tag with the language.
    public static let languageTag = "+plenary.chat/lang"
    /// Key of the tag with references, separated by commas.
    public static let referencesTag = "+plenary.chat/ref"
    /// Key of the tag with the name that the message is said on behalf of.
    public static let onBehalfTag = "+plenary.chat/on-behalf"

    /// References of one message.
    public static let referenceCountLimit = 8
    /// Bytes of the tag's value with all of them.
    public static let referencesByteLimit = 300

    /// What a message is for.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case question, answer, practice, lesson, outcome, action, announcement, correction
    }
}
