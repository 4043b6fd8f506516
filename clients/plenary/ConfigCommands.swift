// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens

/// `plenary profile`.
package struct ProfileCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "List, choose or remove profiles; show or say who people are.",
        discussion: """
            Examples:
              plenary profile use geneva
              plenary profile show amina.b
              plenary profile show --set name='Amina B.' --set affiliation=nhri --set country=KE
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "list, use NAME, remove NAME, or show [PERSON].") package var words: [String] = ["list"]
    @Option(
        name: .customLong("set"),
        help: "With show: name, affiliation, country, organisation, languages or presence=VALUE.")
    package var changes: [String] = []
    @Flag(help: "Do not ask.") package var yes = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var workplace = try Workplace(global, surroundings)
        switch (words.first, words.count) {
        case ("show", 1...2): return try await showPerson(words.count > 1 ? words[1] : nil, workplace)
        case _ where !changes.isEmpty: throw Failure(.usage, "--set belongs to profile show")
        case ("list", 1):
            let current = workplace.chosenProfileName
            TableText.print(
                workplace.settings.profiles.map {
                    [$0.name == current ? "*" : "-", $0.name, $0.server, $0.account, $0.signIn.rawValue]
                }, workplace)
            return .done
        case ("use", 2):
            try known(words[1], workplace)
            workplace.settings.values["profile"] = words[1]
        case ("remove", 2):
            try known(words[1], workplace)
            try confirm(words[1], workplace)
            workplace.settings.profiles.removeAll { $0.name == words[1] }
            if workplace.settings.values["profile"] == words[1] { workplace.settings.values["profile"] = nil }
        default: throw Failure(.usage, "profile takes list, use NAME, remove NAME or show [PERSON]")
        }
        try workplace.settings.write(workplace.locations)
        return .done
    }

    private func known(_ name: String, _ workplace: Workplace) throws(Failure) {
        guard !workplace.settings.profiles.contains(where: { $0.name == name }) else { return }
        let nearest = NearestWord.to(name, among: workplace.settings.profiles.map(\.name))
        throw Failure(
            .notFound, "there is no profile \(name)", "", nearest.map { "Did you mean: \($0)" } ?? "")
    }

    private func confirm(_ name: String, _ workplace: Workplace) throws(Failure) {
        try workplace.confirm(
            yes, "nothing was removed", "To remove the profile \(name), type its name: ", name)
    }
}

/// `plenary config`.
package struct ConfigCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print or change settings.")

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "list, get KEY, set KEY VALUE, or path.") package var words: [String] = ["list"]

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        var workplace = try Workplace(global, surroundings)
        switch (words.first, words.count) {
        case ("list", 1):
            let rows = Settings.keys.map { key, fallback, purpose in
                let (value, origin) = ConfigCommand.origin(of: key, fallback, workplace)
                return [key, value, origin, purpose]
            }
            TableText.print(rows, workplace)
        case ("path", 1): surroundings.print(workplace.locations.configurationFile)
        case ("get", 2):
            try known(words[1])
            let fallback = Settings.keys.first { $0.key == words[1] }?.fallback ?? ""
            surroundings.print(ConfigCommand.origin(of: words[1], fallback, workplace).value)
        case ("set", 3):
            try known(words[1])
            try check(words[1], words[2])
            workplace.settings.values[words[1]] = words[2]
            try workplace.settings.write(workplace.locations)
        default: throw Failure(.usage, "config takes list, get KEY, set KEY VALUE or path")
        }
        return .done
    }

    /// A value and where it came from: option, environment, file or default.
    static func origin(
        of key: String, _ fallback: String, _ workplace: Workplace
    ) -> (value: String, origin: String) {
        let environment = workplace.surroundings.environment
        let option: String? =
            switch key {
            case "profile": workplace.options.profile
            case "lang": workplace.options.lang
            case "ui.color": workplace.options.noColor ? "never" : workplace.options.color
            default: nil
            }
        if let option { return (option, "option") }
        let variable: String? =
            switch key {
            case "profile": "PLENARY_PROFILE"
            case "lang": "PLENARY_LANG"
            case "ui.color": environment["NO_COLOR"].map { $0.isEmpty } == false ? nil : "PLENARY_COLOR"
            default: nil
            }
        if key == "ui.color", let value = environment["NO_COLOR"], !value.isEmpty {
            return ("never", "NO_COLOR")
        }
        if let variable, let value = environment[variable], !value.isEmpty { return (value, variable) }
        if let value = workplace.settings.values[key] { return (value, "file") }
        return (fallback, "default")
    }

    private func known(_ key: String) throws(Failure) {
        let keys = Settings.keys.map(\.key)
        guard !keys.contains(key) else { return }
        let nearest = NearestWord.to(key, among: keys)
        throw Failure(.usage, "there is no setting \(key)", "", nearest.map { "Did you mean: \($0)" } ?? "")
    }

    private func check(_ key: String, _ value: String) throws(Failure) {
        let allowed: [String]
        switch key {
        case "ui.plain", "ui.bell", "ui.utc", "advanced": allowed = ["true", "false"]
        case "ui.color": allowed = ["auto", "always", "never"]
        case "ui.theme": allowed = ["auto", "mono", "high-contrast"]
        case "ui.glyphs": allowed = ["auto", "unicode", "ascii"]
        case "ui.bidi": allowed = ["app", "unmarked", "terminal", "off"]
        case "lang": allowed = ["ar", "zh", "en", "fr", "ru", "es"]
        case "ui.backlog":
            guard let count = Int(value), (0...500).contains(count) else {
                throw Failure(.usage, "\(key) is a number from 0 to 500, not \(value)")
            }
            return
        default:
            guard !value.utf8.contains(10), !value.utf8.contains(13) else {
                throw Failure(.usage, "a setting is one line")
            }
            return
        }
        guard allowed.contains(value) else {
            throw Failure(.usage, "\(key) is one of \(allowed.joined(separator: ", ")), not \(value)")
        }
    }
}
