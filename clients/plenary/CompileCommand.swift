// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary compile`: the draft of a report.
package struct CompileCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Make the draft of a report on sessions.",
        discussion: """
            Examples:
              plenary compile session-2023-06-23-am session-2023-06-23-pm -o report.md
              plenary compile seminar --format html -o report.html
            By theme: what rapporteurs marked, with the sources it leads back to, their translations and references,
            and numbers of participation. The same log gives the same bytes. Nobody is named of a session
            without attribution.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channels of sessions.", completion: .channels) package var channels: [String]
    @Option(name: [.short, .long], help: "The file; standard output without it.") package var output: String?
    @Option(help: "md, html or jsonl; by the file's name without it, else md.") package var format: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let format = try ExportCommand.Format.chosen(format, output: output)
        var targets: [Target] = []
        for name in channels { targets.append(try Target.channel(name)) }
        let workplace = try Workplace(global, surroundings)
        let what = "no report was made"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        var records: [SessionRecord] = []
        for target in targets {
            try await workplace.join(target.conversation, connection, what)
            let record = try await workplace.ask(connection, what) { connection async throws(ClientError) in
                try await CompileCommand.read(connection, target)
            }
            if record.statistics == nil {
                workplace.say(
                    "\(target.shown): no numbers of participation; they need the permission export.")
            }
            records.append(record)
        }
        await connection.close()
        let compilation = Compilation(records)
        let text: String =
            switch format {
            case .md: compilation.markdown
            case .html: compilation.html
            case .jsonl: compilation.records
            }
        try ExportCommand.write(Array(text.utf8), to: output, surroundings)
        if output != nil {
            workplace.say(
                "\(LineText.count(records.reduce(0) { $0 + $1.marks.count }, "outcome")), "
                    + "\(LineText.count(compilation.sources.count, "source")) written.")
        }
        return .done
    }

    /// All that the server tells this account of one session.
    static func read(
        _ connection: PlenaryConnection, _ target: Target
    ) async throws(ClientError) -> SessionRecord {
        let channel = target.conversation
        var record = SessionRecord(channel: channel)
        // A channel need not have a session, nor a floor: a report on a talk is one too.
        record.meeting = try await allowingRefusal { () async throws(ClientError) in
            try await connection.meeting(in: channel)
        }
        if record.meeting != nil {
            record.agenda = try await connection.agenda(of: channel)
            record.documents = try await connection.documents(of: channel)
        }
        record.floor =
            try await allowingRefusal { () async throws(ClientError) in
                try await connection.speakersList(of: channel)
            } ?? record.floor
        record.marks = try await connection.outcomes(of: channel)
        record.statistics = try await allowingRefusal { () async throws(ClientError) in
            try await connection.statistics(of: channel)
        }
        let reader = HistoryReader(connection: connection, conversation: target.wire)
        record.messages = try await reader.backwards(until: nil, limit: .max)
        if await connection.session.threadSupport != nil {
            record.threads = try await ThreadReader.all(connection, in: channel, .everything)
        }
        return record
    }

    /// Nil where the server says no; other errors are errors.
    private static func allowingRefusal<Value: Sendable>(
        _ body: () async throws(ClientError) -> Value
    ) async throws(ClientError) -> Value? {
        do throws(ClientError) { return try await body() } catch {
            switch error {
            case .refused, .unsupported: return nil
            default: throw error
            }
        }
    }
}
