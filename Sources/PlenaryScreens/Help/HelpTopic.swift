// SPDX-License-Identifier: Apache-2.0

/// What the help explains. A topic has the same name in every language, and a title in each.
package enum HelpTopic: String, CaseIterable, Sendable, Hashable {
    case start, keys, threads, search, moderation, languages, offline, plain, commands

    /// The topic of a word: its name, or its title in any of the languages.
    package static func named(_ word: String) -> HelpTopic? {
        let folded = SlashCommand.folded(word)
        return allCases.first { topic in
            topic.rawValue == folded
                || Language.allCases.contains { SlashCommand.folded(Catalogue($0).title(topic)) == folded }
        }
    }

    /// Title and paragraphs in a language, a line each.
    package func source(in language: Language) -> String {
        switch language {
        case .arabic: arabic
        case .chinese: chinese
        case .english: english
        case .french: french
        case .russian: russian
        case .spanish: spanish
        }
    }
}

extension Catalogue {
    /// The title of a topic.
    package func title(_ topic: HelpTopic) -> String {
        topic.source(in: language).split(separator: "\n").first.map(String.init) ?? topic.rawValue
    }

    /// The paragraphs of a topic, to be wrapped by whoever shows them. That on commands ends with all of
    /// them.
    package func paragraphs(_ topic: HelpTopic) -> [String] {
        let paragraphs = topic.source(in: language).split(separator: "\n").dropFirst().map {
            spaced(String($0))
        }
        return topic == .commands ? paragraphs + commandList() : paragraphs
    }

    /// `/join NAME: Enter a channel` for each command there is, in the order of the menu, with its word in
    /// the language behind the name: `/join NAME, /entrer: Rejoindre un canal`.
    package func commandList() -> [String] {
        ActionGroup.allCases.flatMap { group in
            SlashCommand.allCases.filter { $0.group == group && $0.isOffered }.map { command in
                let alias = language == .english ? nil : command.aliases(in: language).first
                let forms = [command.usage] + (alias.map { ["/\($0)"] } ?? [])
                return text(
                    .titledText, [.title: forms.joined(separator: comma), .text: text(command.summary)])
            }
        }
    }
}
