// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// The command line client.
package struct PlenaryCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plenary", abstract: "Talk in the channels of a Plenary community.",
        discussion: """
            Look:     plenary try                      a community on this machine, gone afterwards
            Begin:    plenary join 'plenary://…'       paste your invite in single quotes
            Talk:     plenary                          plenary chat practices --plain
            Script:   plenary post practices Hello     plenary tail practices --json
            Look up:  plenary history practices --since yesterday    plenary search national database
            Threads:  plenary threads practices        plenary thread practices/12        plenary unread
            Keep:     plenary export practices -o practices.html
            Moderate: plenary mod mute practices bo --for 10m --reason off-topic    plenary report --help
            Trouble:  plenary doctor                   plenary help
            """,
        version: "plenary \(VersionCommand.number)", subcommands: [ChannelNamesCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Begin",
                subcommands: [TryCommand.self, JoinCommand.self, LoginCommand.self, LogoutCommand.self]),
            CommandGroup(
                name: "Talk", subcommands: [ChatCommand.self, PostCommand.self, TailCommand.self]),
            CommandGroup(
                name: "Look up",
                subcommands: [
                    HistoryCommand.self, SearchCommand.self, ThreadsCommand.self, ThreadCommand.self,
                    UnreadCommand.self, ReadCommand.self, ChannelsCommand.self, WhoCommand.self,
                    TopicCommand.self,
                ]),
            CommandGroup(
                name: "Meet",
                subcommands: [
                    SessionCommand.self, FloorCommand.self, ScreenCommand.self, OutcomeCommand.self,
                    PracticeCommand.self, FormCommand.self, StatsCommand.self, CompileCommand.self,
                ]),
            CommandGroup(name: "Keep", subcommands: [ExportCommand.self, MyDataCommand.self]),
            CommandGroup(
                name: "Moderate",
                subcommands: [
                    ModCommand.self, ReportCommand.self, InviteCommand.self, EraseCommand.self,
                    HoldCommand.self, RetainCommand.self,
                ]),
            CommandGroup(
                name: "Yourself",
                subcommands: [
                    WhoamiCommand.self, ProfileCommand.self, PasswdCommand.self, SessionsCommand.self,
                    DevicesCommand.self,
                ]),
            CommandGroup(
                name: "Trouble",
                subcommands: [
                    DoctorCommand.self, ConfigCommand.self, CompletionCommand.self, VersionCommand.self,
                ]),
        ], defaultSubcommand: ChatCommand.self)

    /// For the argument library.
    package init() {}

    static var verbs: [String] {
        configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    }

    /// Runs one command line (without the program's name) and returns what the shell is told.
    package static func run(_ arguments: [String], _ surroundings: Surroundings) async -> Int32 {
        if let command = plainChat(arguments) { return await perform(command, false, surroundings) }
        let arguments = CommandLineOrder.verbFirst(CommandLineOrder.withIDs(arguments))
        let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
        do throws(Failure) {
            if let word = arguments.first, !word.hasPrefix("-"), !verbs.contains(word) {
                throw unknownVerb(word)
            }
            let command: ParsableCommand
            do {
                // The argument library has a `help` of its own, which knows no topics.
                command =
                    arguments.first == "help"
                    ? try HelpVerb.parse(Array(arguments.dropFirst())) : try parseAsRoot(arguments)
            } catch {
                return tell(parsingError: error, surroundings)
            }
            guard let verb = command as? any Verb else {
                var command = command
                do { try command.run() } catch { return tell(parsingError: error, surroundings) }
                return ExitCode.done.rawValue
            }
            return await perform(verb, wantsJSON, surroundings)
        } catch {
            return tell(error, wantsJSON, surroundings)
        }
    }

    /// `plenary`, `plenary chat` and `plenary chat PLACE`: no option, so nothing to look up.
    package static func plainChat(_ arguments: [String]) -> ChatCommand? {
        guard arguments.first ?? "chat" == "chat", arguments.count <= 2 else { return nil }
        let target = arguments.dropFirst().first
        return target?.hasPrefix("-") == true ? nil : ChatCommand(opening: target)
    }

    private static func perform(
        _ verb: any Verb, _ wantsJSON: Bool, _ surroundings: Surroundings
    ) async -> Int32 {
        do throws(Failure) {
            return try await verb.perform(surroundings).rawValue
        } catch {
            return tell(error, wantsJSON, surroundings)
        }
    }

    private static func tell(_ error: Failure, _ wantsJSON: Bool, _ surroundings: Surroundings) -> Int32 {
        if wantsJSON {
            surroundings.say(Records.error(error, now: surroundings.now()).text)
        } else {
            for line in error.lines { surroundings.say(line) }
        }
        return error.code.rawValue
    }

    private static func unknownVerb(_ word: String) -> Failure {
        let shown = PlainText.oneLine(word)
        guard let nearest = NearestWord.to(word, among: verbs) else {
            return Failure(
                .usage, "there is no command \(shown)", "",
                "See plenary --help. To open a channel: plenary chat \(shown)")
        }
        return Failure(.usage, "there is no command \(shown)", "", "Did you mean: plenary \(nearest)")
    }

    /// Help and versions go to standard output; mistakes to standard error, with code 64.
    private static func tell(parsingError error: any Error, _ surroundings: Surroundings) -> Int32 {
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if code.isSuccess {
            surroundings.print(text)
        } else {
            surroundings.say(text)
        }
        return code.rawValue
    }
}

/// Puts a command line into the order that the argument library reads.
package enum CommandLineOrder {
    /// Global options before the verb move behind it: `-p un post x` becomes `post -p un x`. So do those
    /// before the second word of a verb that has one: `thread --json new x` becomes `thread new --json x`.
    package static func verbFirst(_ arguments: [String]) -> [String] {
        guard let place = firstWord(arguments, from: 0) else { return arguments }
        var result = moved(arguments, from: place, to: 0)
        let words =
            PlenaryCommand.configuration.subcommands
            .first { $0.configuration.commandName == result[0] }?.configuration.subcommands ?? []
        if let next = firstWord(result, from: 1),
            words.contains(where: { $0.configuration.commandName == result[next] })
        {
            result = moved(result, from: next, to: 1)
        }
        return result
    }

    /// Ids of messages are random, and one in 64 begins with a hyphen, which the library would read as options. Behind
    /// an option that takes one, an id is joined to it; any other is put behind `--`, where it stays the last word.
    package static func withIDs(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var last: String?
        for (index, word) in arguments.enumerated() {
            if word == "--" { return result + arguments[index...] }
            guard isID(word) else {
                result.append(word)
                continue
            }
            if let option = result.last, idOptions.contains(option) {
                result[result.count - 1] = "\(option)=\(word)"
            } else if last == nil {
                last = word
            } else {
                result.append(word)
            }
        }
        return result + (last.map { ["--", $0] } ?? [])
    }

    private static let idOptions: Set<String> = [
        "--reply-to", "--reply", "--root", "--around", "--since-cursor",
    ]

    /// Whether it is a hyphen and what else makes an id: 22 characters of base64 for addresses (RFC 4648, 5).
    private static func isID(_ word: String) -> Bool {
        word.hasPrefix("-") && !word.hasPrefix("--") && word.utf8.count == 22
            && word.utf8.allSatisfy { byte in
                switch byte {
                case 45, 95, 48...57, 65...90, 97...122: true
                default: false
                }
            }
    }

    /// The first word that is no option and no option's value.
    private static func firstWord(_ arguments: [String], from start: Int) -> Int? {
        var index = start
        while index < arguments.count {
            let word = arguments[index]
            guard word.hasPrefix("-"), word != "-", word != "--" else { break }
            index += GlobalOptions.valueOptions.contains(word) ? 2 : 1
        }
        return index < arguments.count && arguments[index] != "--" ? index : nil
    }

    private static func moved(_ arguments: [String], from place: Int, to start: Int) -> [String] {
        arguments[..<start] + [arguments[place]] + arguments[start..<place] + arguments[(place + 1)...]
    }
}

/// Where the process begins.
@main struct Program {
    static func main() async {
        // A reader that goes away (`| head`) shows as EPIPE, which ends quietly.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(ExitCode.interrupted.rawValue) }
        signal(SIGTERM) { _ in _exit(ExitCode.terminated.rawValue) }
        setlocale(LC_CTYPE, "C.UTF-8")
        tzset()
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await PlenaryCommand.run(arguments, .real))
    }
}
