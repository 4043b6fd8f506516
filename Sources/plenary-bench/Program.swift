// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures the server, each figure beside a reference measured in the same run.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plenary-bench", abstract: "Measures the server beside a raw reference.",
        subcommands: [ServeCommand.self])
}
