// SPDX-License-Identifier: Apache-2.0

/// A command typed behind a slash. The name is the same in every language; each has aliases in the others.
/// What each one is stands in `SlashCommand+Table.swift`.
package enum SlashCommand: String, CaseIterable, Sendable, Hashable {
    // Places and people
    case join, leave, list, who, whois, msg, invite, notify, mute, unmute
    // Messages
    case me, ask, reply, channel, read, next, history, goto, search, edit, delete, copy, open, retry, report
    // You
    case name, away, back, lang
    // Threads
    case threads, thread, follow
    // Languages of messages
    case say, translate, original
    // Sessions
    case session, agenda, floor, docs, relay
    // Moderation
    case remove, hide, unhide, ban, unban, kick, slow, topic, pin, unpin, move, lock, unlock, modlog
    // The program
    case help, menu, `where`, status, reconnect, export, plain, settings, quit
    // Advanced
    case quote

    /// The part of the menu and of the list of commands where it stands.
    package var group: ActionGroup { entry.group }
    /// What stands behind the name: capitals for what is to be filled in, brackets for what may be left out.
    package var parameters: String { entry.parameters }
    /// What it does.
    package var summary: ActionPhrase { entry.summary }
    /// The name with the slash, as it is typed.
    package var word: String { "/" + rawValue }
    /// The whole form: `/msg NAME text`.
    package var usage: String { parameters.isEmpty ? word : "\(word) \(parameters)" }

    /// Other words for it in a language; English has those of habit. The first one is shown.
    package func aliases(in language: Language) -> [String] {
        entry.aliases[language, default: ""].split(separator: " ").map(String.init)
    }

    /// Whether this client can carry it out. The others need features that no server has yet: they are
    /// understood, so that they are never sent as a message, and answered with `Sentence.notOffered`.
    package var isOffered: Bool {
        switch self {
        case .notify: false
        default: true
        }
    }

    /// The command of a word in any of the languages.
    package static func named(_ word: String) -> SlashCommand? { words[folded(word)] }

    /// Every word, lowered, with its command.
    private static let words: [String: SlashCommand] = {
        var words: [String: SlashCommand] = [:]
        for command in allCases {
            words[command.rawValue] = command
            for language in Language.allCases {
                for alias in command.aliases(in: language) { words[folded(alias)] = command }
            }
        }
        return words
    }()

    /// The words that somebody with this language may have meant, the names first.
    static func suggestions(for word: String, language: Language) -> [String] {
        let known = allCases.map(\.rawValue) + allCases.flatMap { $0.aliases(in: language) }
        return Array(NearestWord.all(folded(word), among: known).prefix(3))
    }

    /// In small letters, with the full-width letters of Chinese input methods and the digits of Arabic ones
    /// as ordinary ones.
    static func folded(_ word: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in word.unicodeScalars {
            let ordinary: UInt32 =
                switch scalar.value {
                case 0xFF01...0xFF5E: scalar.value &- 0xFF01 &+ 0x21
                case 0x0660...0x0669: scalar.value &- 0x0660 &+ 0x30
                case 0x06F0...0x06F9: scalar.value &- 0x06F0 &+ 0x30
                default: scalar.value
                }
            scalars.append(Unicode.Scalar(ordinary) ?? scalar)
        }
        return String(scalars).lowercased()
    }
}

/// The parts of the menu and of the list of commands, in the order of the menu.
package enum ActionGroup: String, CaseIterable, Sendable, Hashable {
    case messages, threads, places, person, session, languages, moderation, program, raw

    /// Its title.
    package var title: Phrase {
        switch self {
        case .messages: .groupMessages
        case .threads: .groupThreads
        case .places: .groupPlaces
        case .person: .groupPerson
        case .session: .groupSession
        case .languages: .groupLanguages
        case .moderation: .groupModeration
        case .program: .groupProgram
        case .raw: .groupRaw
        }
    }
}
