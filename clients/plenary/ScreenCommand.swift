// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens

/// `plenary screen`: the display of a room.
package struct ScreenCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "screen", abstract: "Show a channel on the screen of a room.",
        discussion: """
            Examples:
              plenary screen session-2023-06-23-am
            Shows who has the floor and for how long, who comes next, and what is said here and on the meeting
            platform (marked ~). Nobody types here: q or Ctrl+C ends it. Enlarge the terminal's letters until the
            last row can read them; from 40 columns and 16 rows on, the floor is shown.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var channel: String

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(channel)
        let workplace = try Workplace(global, surroundings)
        guard workplace.canShowScreen else {
            throw Failure(
                .usage, "there is no screen to show it on", "input or output is no terminal",
                "Follow it as lines: plenary tail \(channel)")
        }
        return try await RoomRunner(workplace, try workplace.profile(), target).run()
    }
}
