// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens

extension Workplace {
    /// Opens the client and returns when the person has left it. `chat`, `join` and `try` all come through
    /// here, so that they open the same one: the full screen, or lines one after the other where that is wanted
    /// or the terminal can do no more.
    func openClient(
        profile: Profile, target: Target?, isPlain: Bool = false
    ) async throws(Failure) -> ExitCode {
        var target = target
        if !isPlain, settings.value("ui.plain") != "true", canShowScreen {
            let device = TerminalDevice()
            if device.size.columns >= ScreenLimits.columnMinimum, device.size.rows >= ScreenLimits.rowMinimum
            {
                switch try await ScreenRunner(self, profile, target, device).run() {
                case .quit:
                    say(Catalogue(language).text(.backAnyTime, [.command: "plenary"]))
                    return .done
                case .ended(let error): throw Failure(error, doing: "the connection ended")
                case .plain(let place): target = (try? Target(place)) ?? target
                }
            } else {
                say(Catalogue(language).text(.tooSmall))
            }
        }
        guard target != nil else {
            throw Failure(
                .usage, "no channel was named", "the profile has none",
                "Write: plenary chat CHANNEL (plenary channels lists them)")
        }
        return try await ChatRunner(self, profile, target).run()
    }

    /// Whether the terminal can be painted on.
    var canShowScreen: Bool {
        surroundings.isInputTerminal && surroundings.isOutputTerminal
            && !["", "dumb"].contains(surroundings.environment["TERM"] ?? "")
    }

    /// Whether the terminal is mlterm, and nothing is in between that would not pass its own sequences on.
    var isInMlterm: Bool {
        func isSet(_ name: String) -> Bool { !(surroundings.environment[name] ?? "").isEmpty }
        return isSet("MLTERM") && !isSet("TMUX") && !isSet("STY")
    }

    /// The language of the interface.
    var language: Language {
        Language(locale: ConfigCommand.origin(of: "lang", "en", self).value) ?? .english
    }

    /// Whether output may be coloured.
    var wantsColor: Bool {
        switch ConfigCommand.origin(of: "ui.color", "auto", self).value {
        case "never": return false
        case "always": return true
        default: break
        }
        let environment = surroundings.environment
        if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
        return surroundings.isOutputTerminal && environment["TERM"] != "dumb"
    }
}
