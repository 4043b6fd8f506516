// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// The relay between a community and a meeting's chat.
package struct RelayCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plenary-relay", abstract: "Relay between a community's channels and a meeting's chat.",
        discussion: """
            Only what was said to everybody is relayed, and only to channels on the list.

            Examples:
              plenary-relay enrol --code CODE --server chat.example.org --account zoom-relay
              plenary-relay zoom-webhook --config relay.conf --switch-on
              plenary-relay zoom-file meeting_saved_chat.txt session-am --date 2023-06-23 --tz Europe/Zurich
              plenary-relay reconcile meeting_saved_chat.txt session-am --date 2023-06-23 --tz Europe/Zurich
              plenary-relay digest session-am --max 900
              plenary-relay status
            """, version: "plenary-relay \(number)",
        groupedSubcommands: [
            CommandGroup(name: "Begin", subcommands: [EnrolCommand.self]),
            CommandGroup(
                name: "Relay",
                subcommands: [
                    ZoomWebhookCommand.self, JSONLinesCommand.self, IRCCommand.self, MatterbridgeCommand.self,
                ]),
            CommandGroup(name: "Languages", subcommands: [TranslateCommand.self]),
            CommandGroup(
                name: "Afterwards", subcommands: [ZoomFileCommand.self, ReconcileCommand.self]),
            CommandGroup(
                name: "Look",
                subcommands: [DigestCommand.self, StatusCommand.self, ForgetDigestsCommand.self]),
        ])

    /// The version of this program.
    package static let number = "0.1.0"

    /// For the argument library.
    package init() {}

    /// Runs one command line (without the program's name) and returns what the shell is told.
    package static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            guard let verb = command as? any RelayVerb else {
                try command.run()
                return ExitCode.done.rawValue
            }
            return try await verb.perform().rawValue
        } catch let failure as Failure {
            for line in failure.lines { Output.say(line) }
            return failure.code.rawValue
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if code.isSuccess { Output.print(text) } else { Output.say(text) }
            return code.rawValue
        }
    }
}

/// Where the process begins.
@main struct Program {
    static func main() async {
        // A reader that goes away shows as EPIPE.
        signal(SIGPIPE, SIG_IGN)
        // What was delivered is written at once: nothing is lost by ending here.
        signal(SIGINT) { _ in _exit(ExitCode.interrupted.rawValue) }
        signal(SIGTERM) { _ in _exit(ExitCode.terminated.rawValue) }
        exit(await RelayCommand.run(Array(CommandLine.arguments.dropFirst())))
    }
}
