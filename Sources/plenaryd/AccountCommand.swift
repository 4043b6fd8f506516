// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryConfiguration
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// Accounts: added, listed, disabled; through the running server, or in the log when none runs.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, list and disable accounts; set passwords and roles.",
        subcommands: [Add.self, Passwd.self, Reset.self, Role.self, List.self, Disable.self, Enable.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account.",
            discussion: "An invite is the better way for people: they choose their own password or key.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String
        @Option(help: "member, observer, language-desk, rapporteur, technician, moderator or secretariat.")
        var role = "member"
        @Flag(help: "The account of a program: it gets no replay.")
        var bot = false
        @Flag(help: "Read the password from standard input's first line.")
        var passwordStdin = false
        @Flag(help: "No password: the account signs in by certificate only.")
        var noPassword = false
        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            try reporting {
                guard let role = ServerRole(word: role) else {
                    throw Failure(ExitCodes.usage, "\"\(role)\" is no role: \(ServerRole.words)")
                }
                let server = try file.load().server
                var hash: PasswordHash?
                if !noPassword {
                    var password = try Terminal.newPassword(
                        of: name, fromStandardInput: passwordStdin, limits: server.policy.limits)
                    hash = try Terminal.hash(&password)
                }
                let rows = try AdminClient(server: server).send(
                    .accountAdd(name: Text(name), role: role, isBot: bot, password: hash))
                printRows(rows, type: "account", json: json, isTerminal: Terminal.isOutputTerminal)
            }
        }
    }

    struct Passwd: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set an account's password.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String
        @Flag(help: "Read the password from standard input's first line.")
        var passwordStdin = false
        @Flag(help: "Remove the password; certificates still sign in.")
        var remove = false

        func run() throws {
            try reporting {
                let server = try file.load().server
                var hash: PasswordHash?
                if !remove {
                    var password = try Terminal.newPassword(
                        of: name, fromStandardInput: passwordStdin, limits: server.policy.limits)
                    hash = try Terminal.hash(&password)
                }
                _ = try AdminClient(server: server).send(.accountPassword(name: Text(name), password: hash))
                standardError("The password of \(name) is \(remove ? "removed" : "set").")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all accounts.")

        @OptionGroup var file: ConfigurationOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            try reporting {
                let rows = try AdminClient(server: try file.load().server).send(.accountList)
                printRows(rows, type: "account", json: json, isTerminal: Terminal.isOutputTerminal)
            }
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disable an account: its sessions end, its messages stay.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String

        func run() throws { try setState(file, name, isDisabled: true) }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Enable a disabled account.")

        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The account's name.")
        var name: String

        func run() throws { try setState(file, name, isDisabled: false) }
    }
}

private func setState(_ file: ConfigurationOption, _ name: String, isDisabled: Bool) throws {
    try reporting {
        let client = AdminClient(server: try file.load().server)
        _ = try client.send(.accountState(name: Text(name), isDisabled: isDisabled))
        standardError("\(name) is \(isDisabled ? "disabled" : "enabled").")
    }
}
