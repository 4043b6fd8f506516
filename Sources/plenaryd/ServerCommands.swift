// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryServer

/// What a running server says of itself.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the running server does. Exit 69 when none runs.")

    @OptionGroup var file: ConfigurationOption
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        try reporting {
            let rows = try AdminClient(server: try file.load().server).send(.status, onlineOnly: true)
            printRows(rows, type: "status", json: json, isTerminal: Terminal.isOutputTerminal)
        }
    }
}

/// The same as SIGHUP, with an answer.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running server read its configuration again, all or nothing.")

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        try reporting {
            _ = try AdminClient(server: try file.load().server).send(.reload, onlineOnly: true)
            standardError("The configuration is in use.")
        }
    }
}

/// The same as SIGTERM.
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop the running server in good order.")

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        try reporting {
            _ = try AdminClient(server: try file.load().server).send(.stop, onlineOnly: true)
            standardError("The server is stopping.")
        }
    }
}

/// Which version this is.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    @Flag(help: "One JSON object.")
    var json = false

    func run() {
        if json {
            print(
                jsonObject([
                    ("type", "version"), ("version", Server.version), ("log_format", "1.0"),
                ]))
        } else {
            print("plenaryd \(Server.version)")
        }
    }
}
