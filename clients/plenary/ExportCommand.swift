// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary export`: what was said, in a file for people or programs.
package struct ExportCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what was said to a file.",
        discussion: """
            Examples:
              plenary export practices -o practices.html
              plenary export practices/12 --format md
              plenary export practices --since 2023-06-01 --until 2023-07-01 -o june.jsonl
            The same history gives the same bytes, whoever exports it. The file is private (mode 600).
            """)

    /// How it is written.
    package enum Format: String, CaseIterable, Sendable {
        /// Markdown.
        case md
        /// One page of HTML.
        case html
        /// Message records, one a line.
        case jsonl

        /// The one that was named, or else the one that the file's name says.
        static func chosen(_ format: String?, output: String?) throws(Failure) -> Format {
            if let format {
                guard let known = Format(rawValue: format) else {
                    throw Failure(.usage, "--format is md, html or jsonl, not \(format)")
                }
                return known
            }
            guard let output, let dot = output.lastIndex(of: ".") else { return .md }
            switch output[output.index(after: dot)...].lowercased() {
            case "html", "htm": return .html
            case "jsonl", "ndjson": return .jsonl
            default: return .md
            }
        }
    }

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channel, channel/thread, or @person.", completion: .channels) package var target: String?
    @Option(name: [.short, .long], help: "The file; standard output without it.") package var output: String?
    @Option(help: "md, html or jsonl; by the file's name without it, else md.") package var format: String?
    @Option(help: "From this time on: 2h, yesterday, 2023-06-23.") package var since: String?
    @Option(help: "Up to this time.") package var until: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        guard let target else {
            throw Failure(.usage, "no channel was named", "", "Write: plenary export CHANNEL")
        }
        let place = try Target(target)
        let format = try Format.chosen(format, output: output)
        let workplace = try Workplace(global, surroundings)
        let since = try since.map { (text) throws(Failure) in try workplace.moment(text, option: "--since") }
        let until = try until.map { (text) throws(Failure) in try workplace.moment(text, option: "--until") }
        let transcript = try await workplace.visit(place, "\(place.shown) was not exported") {
            connection async throws(ClientError) in
            try await ExportCommand.read(connection, place, since, until) { count in
                workplace.say("fetching history… \(count)")
            }
        }
        let text: String =
            switch format {
            case .md: transcript.markdown
            case .html: transcript.html
            case .jsonl: transcript.records
            }
        try ExportCommand.write(Array(text.utf8), to: output, surroundings)
        if output != nil {
            workplace.say("\(place.shown): \(LineText.count(transcript.messages.count, "message")) written.")
        }
        return .done
    }

    /// Writes to a private file, or to standard output.
    static func write(
        _ bytes: [UInt8], to output: String?, _ surroundings: Surroundings
    ) throws(Failure) {
        guard let output, output != "-" else { return surroundings.writeOutput(bytes) }
        do throws(FileError) { try FileAccess.writePrivate(bytes, to: output) } catch {
            throw Failure(
                error.isMissing ? .cannotCreate : .cannotWrite, "nothing was written", "\(error)",
                "The file is as it was.")
        }
    }

    /// Everything between two moments, from the history and nothing else.
    static func read(
        _ connection: PlenaryConnection, _ place: Target, _ since: Timestamp?, _ until: Timestamp?,
        progress: (Int) -> Void
    ) async throws(ClientError) -> Transcript {
        let reader = HistoryReader(connection: connection, conversation: place.wire)
        let messages: [Message]
        if let since {
            messages = try await reader.forwards(from: since, until: until, limit: .max) { count in
                if count > 0, count % 1000 == 0 { progress(count) }
            }
        } else {
            messages = try await reader.backwards(until: until, limit: .max)
        }
        var threads: [ThreadInfo] = []
        if !place.isPerson, await connection.session.threadSupport != nil {
            if let number = place.thread {
                if number > 0 { threads = [try await connection.thread(place.wire)] }
            } else {
                threads = try await ThreadReader.all(connection, in: place.conversation, .everything)
            }
        }
        return Transcript(
            name: place.shown, thread: place.thread.flatMap { $0 > 0 ? $0 : nil }, messages: messages,
            threads: threads)
    }
}
