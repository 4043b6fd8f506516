// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary help`: what there is, by task; one command; or one topic, in six languages.
struct HelpVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "help", abstract: "Show what there is, by task; or a command; or a topic.",
        discussion: """
            Examples:
              plenary help
              plenary help post
              plenary help start --lang ru
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: "A command or a topic.") var words: [String] = []

    func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let language = try global.lang.map { (word) throws(Failure) in try JoinCommand.language(word) }
        guard let word = words.first else {
            for line in HelpVerb.overview { surroundings.print(line) }
            return .done
        }
        if let command = HelpVerb.command(words) {
            surroundings.print(PlenaryCommand.helpMessage(for: command))
            return .done
        }
        if words.count == 1,
            let lines = HelpTopics.lines(word, language ?? JoinCommand.language(of: workplace))
        {
            for line in lines { surroundings.print(line) }
            return .done
        }
        let nearest = NearestWord.to(word, among: PlenaryCommand.verbs + HelpTopics.names)
        throw Failure(
            .usage, "there is no help on \(PlainText.oneLine(words.joined(separator: " ")))", "",
            nearest.map { "Did you mean: plenary help \($0)" } ?? "See what there is: plenary help")
    }

    /// The command that these words name, one below the other.
    private static func command(_ words: [String]) -> (any ParsableCommand.Type)? {
        var found: any ParsableCommand.Type = PlenaryCommand.self
        for word in words {
            guard
                let next = found.configuration.subcommands.first(where: {
                    $0.configuration.commandName == word
                })
            else { return nil }
            found = next
        }
        return found
    }

    /// What to type first, then all commands by what they are for.
    private static var overview: [String] {
        var lines = PlenaryCommand.configuration.discussion.split(separator: "\n").map(String.init)
        lines += ["", "Commands by task; plenary help COMMAND tells more:"]
        for group in PlenaryCommand.configuration.groupedSubcommands {
            let names = group.subcommands.filter { $0.configuration.shouldDisplay }
                .compactMap { $0.configuration.commandName }
            guard !names.isEmpty else { continue }
            let name = group.name + String(repeating: " ", count: max(12 - group.name.count, 1))
            lines.append("  \(name)\(names.joined(separator: "  "))")
        }
        if !HelpTopics.names.isEmpty {
            lines += [
                "", "Topics; plenary help TOPIC --lang ar|zh|en|fr|ru|es prints one:",
                "  " + HelpTopics.names.joined(separator: "  "),
            ]
        }
        return lines
    }
}

/// The help topics of the client, which its full screen shows as well.
enum HelpTopics {
    /// Their names, which are the same in all languages.
    static var names: [String] { HelpTopic.allCases.map(\.rawValue) }

    /// The text of a topic; nil when there is none of this name.
    static func lines(_ name: String, _ language: Language) -> [String]? {
        guard let topic = HelpTopic.named(name) else { return nil }
        let catalogue = Catalogue(language)
        return [catalogue.title(topic), ""] + catalogue.paragraphs(topic).flatMap { [$0, ""] }.dropLast()
    }
}
