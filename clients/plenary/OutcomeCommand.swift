// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary outcome`: what talks came to.
package struct OutcomeCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "outcome", abstract: "Mark what a discussion came to.",
        discussion: """
            Examples:
              plenary outcome list seminar
              plenary outcome mark seminar characteristic ocrt637CRwJP8OMgUnHF4w /12 --theme t1-institutional-setup \\
                  --summary 'A standing body with its own budget'
              plenary outcome edit seminar 3 --summary 'A standing body with a budget of its own'
              plenary outcome unmark seminar 3
            """,
        subcommands: [
            OutcomeListCommand.self, OutcomeMarkCommand.self, OutcomeEditCommand.self,
            OutcomeUnmarkCommand.self,
        ], defaultSubcommand: OutcomeListCommand.self)

    /// For the argument library.
    package init() {}
}

/// `plenary outcome list`.
package struct OutcomeListCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what was marked.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        let workplace = try Workplace(global, surroundings)
        let marks = try await workplace.visit(target, "no outcomes of \(target.shown)") {
            connection async throws(ClientError) in
            try await connection.outcomes(of: target.conversation)
        }
        for mark in marks {
            if global.json {
                surroundings.print(Records.outcome(mark, channel: target.conversation).text)
            } else {
                let theme = mark.theme.map { "  \($0)" } ?? ""
                surroundings.print(
                    PlainText.oneLine(
                        "\(mark.number)  \(mark.kind)\(theme)  \(PlainText.isolated(mark.summary))  "
                            + LineText.count(mark.sources.count, "source")))
            }
        }
        return marks.isEmpty ? .nothing : .done
    }
}

/// `plenary outcome mark`.
package struct OutcomeMarkCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "mark", abstract: "Mark messages and threads; prints the mark's number.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "outcome, lesson, characteristic, action or practice.") package var kind: String
    @Argument(help: "Ids of messages; threads as /12.") package var sources: [String]
    @Option(help: "One line.") package var summary: String
    @Option(help: "A public channel that is the theme.") package var theme: String?
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        let workplace = try Workplace(global, surroundings)
        let number = try await workplace.visit(target, "nothing was marked") {
            connection async throws(ClientError) in
            try await connection.markOutcome(
                in: target.conversation, sources: sources, kind: kind, theme: theme, summary: summary)
        }
        surroundings.print("\(number)")
        return .done
    }
}

/// `plenary outcome edit`.
package struct OutcomeEditCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Give a mark another summary.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "The mark's number.") package var number: Int
    @Option(help: "One line.") package var summary: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        let workplace = try Workplace(global, surroundings)
        try await workplace.visit(target, "the mark is as it was") { connection async throws(ClientError) in
            try await connection.changeOutcome(number, in: target.conversation, summary: summary)
        }
        return .done
    }
}

/// `plenary outcome unmark`.
package struct OutcomeUnmarkCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "unmark", abstract: "Take a mark away.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "The mark's number.") package var number: Int
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        let workplace = try Workplace(global, surroundings)
        try await workplace.visit(target, "the mark is as it was") { connection async throws(ClientError) in
            try await connection.changeOutcome(number, in: target.conversation, summary: nil)
        }
        return .done
    }
}

/// `plenary stats`: who took part, in numbers.
package struct StatsCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Count messages by category, region and presence.",
        discussion: """
            Examples:
              plenary stats session-2023-06-23-am
              plenary stats practices --from 2023-06-01 --to 2023-06-30
            A cell behind which fewer than five people stand shows as *. No row is about one person.
            """)
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Option(help: "From this day on (UTC).") package var from: String?
    @Option(help: "Up to this day (UTC).") package var to: String?
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.channel(target)
        let workplace = try Workplace(global, surroundings)
        let statistics = try await workplace.visit(target, "nothing was counted") {
            connection async throws(ClientError) in
            try await connection.statistics(of: target.conversation, from: from, to: to)
        }
        if global.json {
            surroundings.print(Records.statistics(statistics, channel: target.conversation).text)
            return .done
        }
        func shown(_ count: Int?) -> String { count.map { String($0) } ?? "*" }
        for row in statistics.rows {
            surroundings.print(
                "\(row.table)\t\(row.cell)\t\(shown(row.messageCount))\t\(shown(row.peopleCount))")
        }
        surroundings.print(
            "total\t\t\(shown(statistics.messageCount))\t\(shown(statistics.peopleCount))")
        return .done
    }
}

extension Records {
    /// `outcome`: a mark of a rapporteur.
    package static func outcome(_ mark: OutcomeMark, channel: String) -> JSONValue {
        let sources = mark.sources.map { source -> JSONValue in
            switch source {
            case .message(let id): .object([("message", .string(id)), ("removed", .bool(false))])
            case .goneMessage(let id): .object([("message", .string(id)), ("removed", .bool(true))])
            case .thread(let number): .object([("thread", .integer(Int64(number)))])
            }
        }
        return record(
            "outcome",
            [
                ("channel", .string(name(channel))), ("number", .integer(Int64(mark.number))),
                ("kind", .string(mark.kind)), ("theme", .optional(mark.theme)),
                ("summary", .string(mark.summary)), ("by", .optional(mark.by)),
                ("time", .optional(mark.time?.iso8601)), ("sources", .array(sources)),
            ])
    }

    /// `statistics`: what is null is suppressed.
    package static func statistics(_ statistics: Statistics, channel: String) -> JSONValue {
        record(
            "statistics",
            [
                ("channel", .string(name(channel))), ("messages", .number(statistics.messageCount)),
                ("people", .number(statistics.peopleCount)),
                (
                    "cells",
                    .array(
                        statistics.rows.map { row in
                            .object([
                                ("table", .string(row.table)), ("cell", .string(row.cell)),
                                ("messages", .number(row.messageCount)), ("people", .number(row.peopleCount)),
                            ])
                        })
                ),
            ])
    }
}
