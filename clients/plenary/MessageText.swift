// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// One message as `tail` and `history` print it.
package struct MessagePrinter: Sendable {
    private let workplace: Workplace
    private let showsChannel: Bool
    /// The title of the thread whose messages are printed, where it is known.
    package var threadTitle: String?

    /// A printer for a command; with several channels each line names its own.
    package init(_ workplace: Workplace, showsChannel: Bool) {
        self.workplace = workplace
        self.showsChannel = showsChannel
    }

    /// Prints a message: JSON, a line for people, or fields separated by tabs for programs.
    package func print(_ message: Message) {
        if workplace.options.json {
            workplace.surroundings.print(Records.message(message, threadTitle: threadTitle).text)
        } else if workplace.surroundings.isOutputTerminal {
            workplace.surroundings.print(line(message))
        } else {
            workplace.surroundings.print(MessagePrinter.fields(message))
        }
    }

    /// `14:31 samir.h: text`; further lines of the text are indented.
    package func line(_ message: Message) -> String {
        let time = workplace.time.short(message.time, now: workplace.surroundings.now())
        var place = showsChannel ? " " + Records.name(message.conversation) : ""
        if let thread = message.thread { place += "/\(thread)" }
        let text = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\n    ")
        let name = MessagePrinter.name(message)
        let who = message.kind == .action ? "* \(name) " : "\(name): "
        let notes = MessagePrinter.notes(message)
        return PlainText.clean("\(time)\(place) \(who)") + PlainText.isolated(text)
            + (notes.isEmpty ? "" : " [\(notes.joined(separator: ", "))]")
    }

    /// Who says it, and for whom: `amina.b (on behalf of Group of Friends)`.
    private static func name(_ message: Message) -> String {
        let name = PlainText.oneLine(message.sender.nickname)
        guard let body = message.marks.onBehalf else { return name }
        return "\(name) (on behalf of \(PlainText.oneLine(body)))"
    }

    /// What a message says of itself, and the thread that grew from it: `question`, `fr`, `doc:A/HRC/50/64`,
    /// `thread 12`.
    package static func notes(_ message: Message) -> [String] {
        var notes: [String] = []
        if let kind = message.marks.kind { notes.append(kind.rawValue) }
        if let language = message.marks.language { notes.append(language) }
        if let translation = translation(message) { notes.append(translation) }
        notes += message.marks.references.map(PlainText.oneLine)
        if let thread = message.threadRoot { notes.append("thread \(thread)") }
        return notes
    }

    /// Whose translation a message is; nil where it is none. Where that is not said, it is a machine's.
    package static func translation(_ message: Message) -> String? {
        guard message.translationOf != nil else { return nil }
        switch message.provenance {
        case "official": return "official translation"
        case "human": return "translation"
        default: return "machine translation"
        }
    }

    /// Time, channel, name and text between tabs: one line for each message, whatever it holds. Line breaks
    /// of the text are written `\n`.
    package static func fields(_ message: Message) -> String {
        var place = Records.name(message.conversation)
        if let thread = message.thread { place += "/\(thread)" }
        let text = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\\n")
        let name = MessagePrinter.name(message) + (translation(message).map { " (\($0))" } ?? "")
        let body = message.kind == .action ? "* \(text)" : text
        return [message.time.iso8601, PlainText.oneLine(place), name, body].joined(separator: "\t")
    }
}
