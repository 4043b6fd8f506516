// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import PlenaryConfiguration
import PlenaryServer

/// The server and its operator's commands. Data goes to standard output, talk to standard error.
struct PlenaryDaemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plenaryd",
        abstract: "A messaging server for communities of practice.",
        discussion: """
            First start:
              plenaryd setup chat.example.org     writes configuration and certificate, prints an invite
              plenaryd run                        serves until SIGTERM; SIGHUP reads the configuration again

            Exit codes: 0 done, 1 refused, 3 format, 64 wrong use, 65 damaged data, 66 not found,
            69 no server, 73/74 input and output, 75 in use, 77 not permitted, 78 configuration.
            """,
        version: Server.version,
        subcommands: [
            RunCommand.self, SetupCommand.self, CheckConfigCommand.self, AccountCommand.self,
            InviteCommand.self, RosterCommand.self, LogCommand.self, StatusCommand.self, DoctorCommand.self,
            ReloadCommand.self,
            StopCommand.self,
            VersionCommand.self,
            // Erasure and backup
            EraseCommand.self, BackupCommand.self, RestoreCommand.self,
        ])
}

@main
enum Program {
    static func main() {
        // Who reads our output may stop reading; that is no crash.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let word = arguments.first, let message = misspelling(word) {
            standardError(message)
            exit(ExitCodes.usage)
        }
        PlenaryDaemon.main(arguments)
    }

    /// What to say to a command that does not exist; nil when it does.
    private static func misspelling(_ word: String) -> String? {
        let names =
            PlenaryDaemon.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let near = nearestName(to: word, in: names).map { "Did you mean: plenaryd \($0)" }
        return """
            plenaryd knows no command "\(word)".
            It knows \(names.joined(separator: ", ")).
            \(near ?? "See: plenaryd help")
            """
    }
}

extension Unicode.Scalar {
    /// Whether it moves a cursor, ends a line or turns its direction.
    var isControlOrBidi: Bool {
        value < 32 || (127...159).contains(value) || (0x2028...0x202E).contains(value)
            || (0x2066...0x2069).contains(value)
    }
}

/// A text without such signs: what an operator typed or a person wrote may hold them.
func harmless(_ text: String, keepsLines: Bool = false) -> String {
    let shown = text.unicodeScalars.map { scalar in
        scalar.isControlOrBidi && !(keepsLines && scalar == "\n") ? "?" : scalar
    }
    return String(String.UnicodeScalarView(shown))
}

/// One line, or several, on standard error.
func standardError(_ text: String) {
    FileHandle.standardError.write(Data((harmless(text, keepsLines: true) + "\n").utf8))
}

/// An error that ends the program: what failed, with what, what to do now.
struct Failure: Error {
    var code: Int32
    var text: String

    init(_ code: Int32, _ text: String) {
        self.code = code
        self.text = text
    }
}

/// Exit codes (docs/OPERATING.md; sysexits.h where one fits).
enum ExitCodes {
    static let refused: Int32 = 1
    static let format: Int32 = 3
    static let usage: Int32 = 64
    static let badInput: Int32 = 65
    static let notFound: Int32 = 66
    static let noServer: Int32 = 69
    static let cannotCreate: Int32 = 73
    static let inputOutput: Int32 = 74
    static let locked: Int32 = 75
    static let notPermitted: Int32 = 77
    static let configuration: Int32 = 78
}

/// Runs a command's body and turns its failure into words and a code.
func reporting(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let failure as Failure {
        standardError("plenaryd: \(failure.text)")
        throw ExitCode(failure.code)
    } catch let error as StartError {
        standardError("plenaryd: \(error.description)")
        throw ExitCode(error.exitCode)
    }
}
