// SPDX-License-Identifier: Apache-2.0

/// The words of a saved chat file's lines in one language of the meeting program. A line whose first keyword is
/// not listed has an unknown recipient and is never relayed, so a missing row loses messages and leaks none.
package struct SavedChatWords: Sendable {
    /// Language (BCP 47).
    package var language: String
    /// Before the sender's name.
    package var from: [String]
    /// Between sender and recipient. Words seen in no file are listed as well: they keep a recipient from being
    /// taken for a part of the name.
    package var to: [String]
    /// What stands for everybody, in lower case. Nothing else is public.
    package var everyone: [String]
    /// With which a reply begins.
    package var replying: [String]

    /// One row for each language. In files seen: English; Russian and Ukrainian; German `Von`, `an`; Spanish and
    /// French `De`.
    package static let all: [SavedChatWords] = [
        SavedChatWords(
            language: "en", from: ["From"], to: ["to"], everyone: ["everyone"], replying: ["Replying to"]),
        SavedChatWords(
            language: "de", from: ["Von"], to: ["an"], everyone: ["alle", "jeden", "everyone"],
            replying: ["Antwort auf"]),
        SavedChatWords(
            language: "es", from: ["De"], to: ["para", "a", "à", "pour"],
            everyone: ["todos", "tout le monde", "tous", "everyone"],
            replying: ["En respuesta a", "En réponse à"]),
        SavedChatWords(
            language: "ru", from: ["От"], to: ["кому", "для"], everyone: ["все", "всем", "всех", "everyone"],
            replying: ["Ответ на"]),
        SavedChatWords(
            language: "uk", from: ["Від"], to: ["до", "кому"], everyone: ["всі", "усі", "всіх", "everyone"],
            replying: ["Відповідь на"]),
    ]

    /// Marks of a private message, in lower case. A header line that holds one anywhere is private.
    package static let privateMarkers = [
        "(direct message)", "(privately)", "(личное сообщение)", "(особисте повідомлення)",
        "(приватне повідомлення)", "(direktnachricht)", "(privat)", "(mensaje directo)", "(en privado)",
        "(message direct)", "(en privé)",
    ]
}
