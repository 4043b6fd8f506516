// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// A message as the screen keeps it: what is shown of it and no more, because many thousands may be held.
package struct Post: Sendable, Hashable {
    /// Why a message has no text any more.
    package struct Removal: Sendable, Hashable {
        /// Who did it.
        package var by: String
        /// Why, as given: one of the codes, or words.
        package var reason: String?
    }

    /// The server's id.
    package var id: String?
    /// When the server took it.
    package var time: Timestamp
    /// Who said it.
    package var nickname: String
    /// How it was said.
    package var kind: Message.Kind
    /// The text, cleaned of control characters; lines are separated by LF.
    package var text: String
    /// The thread that grew from it.
    package var threadRoot: Int?
    /// The language it is marked with.
    package var language: String?
    /// What it is for the community.
    package var mark: Marks.Kind?
    /// For whom its author speaks.
    package var onBehalf: String?
    /// The message it answers.
    package var replyTo: String?
    /// Whether it was said here, or by this person elsewhere.
    package var isOwn: Bool
    /// Whether a program said it.
    package var isBot: Bool
    /// Whether it names this person.
    package var isMention: Bool
    /// Why a moderator hid it from others.
    package var hiddenCode: String?
    /// Set when it was taken out; the text is empty then.
    package var removal: Removal?
    /// What it says in other languages, in the order in which it came.
    package internal(set) var translations: [PostTranslation] = []

    /// What is shown of a message.
    package init(_ message: Message, isMention: Bool) {
        id = message.id
        time = message.time
        nickname = message.sender.nickname
        kind = message.kind
        text = PlainText.clean(message.text)
        threadRoot = message.threadRoot
        language = message.marks.language
        mark = message.marks.kind
        onBehalf = message.marks.onBehalf
        replyTo = message.replyTo
        isOwn = message.isOwn
        isBot = message.sender.isBot
        self.isMention = isMention
        hiddenCode = message.hiddenCode
    }
}

/// Something that happened in a place and is told among its messages, in the reader's language.
package enum Note: Sendable, Hashable {
    /// A message was taken out.
    case removed(by: String, isModerator: Bool, reason: String?)
    /// Something was done to a thread.
    case thread(ThreadEvent)
    /// A moderator did something that has no line of its own.
    case moderation(ModerationAct)
    /// The topic is another one; nil: removed.
    case topic(by: String, text: String?)
    /// Somebody was put out.
    case putOut(nickname: String, by: String, reason: String?)
}
