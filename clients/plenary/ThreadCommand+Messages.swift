// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary thread show`: the whole discussion in order, its root first.
package struct ThreadShowCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a whole thread.",
        discussion: """
            Examples:
              plenary thread show practices/12
              plenary thread practices/12 --json
            For programs: time, thread, name, text and notes between tabs; the notes name the root, the
            accepted answer, kind, language and references.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target.thread(target)
        let workplace = try Workplace(global, surroundings)
        let (thread, messages) = try await workplace.visit(target, "\(target.shown) cannot be shown") {
            connection async throws(ClientError) in
            let thread = try await connection.thread(target.wire)
            let reader = HistoryReader(connection: connection, conversation: target.wire)
            return (thread, try await reader.backwards(until: nil, limit: .max))
        }
        show(thread, Transcript.rootFirst(messages.filter { $0.kind != .query }, thread), workplace)
        return .done
    }

    private func show(_ thread: ThreadInfo, _ messages: [Message], _ workplace: Workplace) {
        let surroundings = workplace.surroundings
        var printer = MessagePrinter(workplace, showsChannel: false)
        printer.threadTitle = thread.title
        if global.json {
            surroundings.print(Records.thread(thread, now: surroundings.now()).text)
        } else if surroundings.isOutputTerminal {
            surroundings.print(ThreadShowCommand.heading(thread))
        } else {
            workplace.say(ThreadShowCommand.heading(thread))
        }
        for message in messages {
            let isAnswer = message.id != nil && message.id == thread.answerMessageID
            if global.json {
                printer.print(message)
            } else if surroundings.isOutputTerminal {
                surroundings.print((isAnswer ? "accepted answer: " : "") + printer.line(message))
            } else {
                var notes = MessagePrinter.notes(message)
                if isAnswer { notes.insert("accepted answer", at: 0) }
                surroundings.print(
                    MessagePrinter.fields(message) + "\t" + PlainText.oneLine(notes.joined(separator: ", ")))
            }
        }
    }

    /// `practices/12: Follow-up tracking (closed, 5 messages, by fatou.d)`.
    static func heading(_ thread: ThreadInfo) -> String {
        var facts = thread.state == .open ? [] : [thread.state.rawValue]
        facts.append(LineText.count(thread.messageCount, "message"))
        if let creator = thread.creator { facts.append("by \(PlainText.oneLine(creator))") }
        let name = PlainText.oneLine(Records.name(thread.target))
        let title = PlainText.isolated(PlainText.oneLine(thread.title))
        return "\(name): \(title) (\(facts.joined(separator: ", ")))"
    }
}

/// `plenary thread answer`.
package struct ThreadAnswerCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Mark a message as the accepted answer of its thread.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    @Argument(help: "The message's id, or none.") package var id: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(
            target, failing: "has the answer it had",
            done: { $0.answerMessageID == nil ? "has no accepted answer." : "has an accepted answer." }
        ) { connection, thread async throws(ClientError) in
            try await connection.acceptAnswer(id == "none" ? nil : id, in: thread)
        }
    }
}

/// `plenary thread level`.
package struct ThreadLevelCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "level", abstract: "Say how loudly to hear of a thread: all, follow or mute.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    @Argument(help: "all, follow or mute.") package var level: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        guard let level = ThreadLevel(rawValue: level) else {
            throw Failure(.usage, "the level is all, follow or mute, not \(self.level)")
        }
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(
            target, failing: "is as loud as it was", done: { "has the level \($0.level.rawValue)." }
        ) { connection, thread async throws(ClientError) in
            try await connection.setLevel(level, of: thread)
        }
    }
}

/// `plenary thread move`.
package struct ThreadMoveCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move messages to another thread of the channel.",
        discussion: """
            Examples:
              plenary thread move practices/0 ID --to 12            one message of the main line
              plenary thread move practices/12 ID --rest --to new --title Annexes
              plenary thread move practices/12 --all --to 9         a merge: 12 is closed
            """)
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread they are in; practices/0 is the main line.") package var target: String
    @Argument(help: "The message's id.") package var id: String?
    @Flag(help: "The message and all later ones of its thread.") package var rest = false
    @Flag(help: "All messages of the thread.") package var all = false
    @Option(help: "A thread's number, main, or new.") package var to: String
    @Option(help: "The title of the new thread.") package var title: String?
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let source = try Target(target)
        guard !source.isPerson, source.thread != nil else {
            throw Failure(
                .usage, "\(target) is no thread", "messages are moved from a thread or from the main line",
                "Write practices/12, or practices/0 for the main line")
        }
        guard !(rest && all) else { throw Failure(.usage, "--rest and --all exclude each other") }
        guard all != (id != nil) else {
            throw Failure(.usage, all ? "--all needs no message id" : "the message's id is missing")
        }
        let scope: MoveScope = all ? .all : rest ? .rest : .one
        let destination = try destination()
        let workplace = try Workplace(global, surroundings)
        let moved = try await workplace.visit(source, "nothing was moved from \(source.shown)") {
            connection async throws(ClientError) in
            try await connection.moveMessages(id, scope, from: source.wire, to: destination)
        }
        if global.json {
            surroundings.print(Records.moved(moved, now: surroundings.now()).text)
        } else {
            let place = source.with(thread: moved.destination).shown
            workplace.say("\(LineText.count(moved.movedCount ?? 0, "message")) moved to \(place).")
        }
        return .done
    }

    private func destination() throws(Failure) -> MoveDestination {
        guard title == nil || to == "new" else {
            throw Failure(.usage, "--title is for a new thread", "", "Write --to new --title TITLE")
        }
        switch to {
        case "new": return .newThread(title: title)
        case "main", "0": return .mainLine
        default:
            guard let number = Target.threadNumber(to) else {
                throw Failure(.usage, "--to is a thread's number, main or new, not \(to)")
            }
            return .thread(number)
        }
    }
}
