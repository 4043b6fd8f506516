// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// One message as `tail` and `history` print it.
package struct MessagePrinter: Sendable {
    private let workplace: Workplace
    private let showsChannel: Bool

    /// A printer for a command; with several channels each line names its own.
    package init(_ workplace: Workplace, showsChannel: Bool) {
        self.workplace = workplace
        self.showsChannel = showsChannel
    }

    /// Prints a message: JSON, a line for people, or fields separated by tabs for programs.
    package func print(_ message: Message) {
        if workplace.options.json {
            workplace.surroundings.print(Records.message(message).text)
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
        let name = PlainText.oneLine(message.sender.nickname)
        let who = message.kind == .action ? "* \(name) " : "\(name): "
        return PlainText.clean("\(time)\(place) \(who)") + PlainText.isolated(text)
    }

    /// Time, channel, name and text between tabs: one line for each message, whatever it holds. Line breaks
    /// of the text are written `\n`.
    package static func fields(_ message: Message) -> String {
        var place = Records.name(message.conversation)
        if let thread = message.thread { place += "/\(thread)" }
        let text = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\\n")
        let name = PlainText.oneLine(message.sender.nickname)
        let body = message.kind == .action ? "* \(text)" : text
        return [message.time.iso8601, PlainText.oneLine(place), name, body].joined(separator: "\t")
    }
}
