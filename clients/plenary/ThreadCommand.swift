// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary thread`: one thread.
package struct ThreadCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "thread", abstract: "Read, make or change a thread.",
        discussion: """
            Examples:
              plenary thread practices/12
              plenary thread new practices Follow-up tracking
              plenary thread answer practices/12 ocrt637CRwJP8OMgUnHF4w
              plenary thread move practices/0 ocrt637CRwJP8OMgUnHF4w --to 12
            """,
        subcommands: [
            ThreadShowCommand.self, ThreadNewCommand.self, ThreadTitleCommand.self, ThreadCloseCommand.self,
            ThreadReopenCommand.self, ThreadArchiveCommand.self, ThreadPinCommand.self,
            ThreadUnpinCommand.self, ThreadMoveCommand.self, ThreadAnswerCommand.self,
            ThreadLevelCommand.self,
        ], defaultSubcommand: ThreadShowCommand.self)

    /// For the argument library.
    package init() {}
}

/// A change of one thread: done, told, or a failure.
struct ThreadChange {
    var global: GlobalOptions
    var surroundings: Surroundings

    /// Enters the thread's channel, makes the change and says what it is now.
    func make(
        _ text: String, isChannel: Bool = false, failing: String, done: (ThreadInfo) -> String,
        _ body: (PlenaryConnection, String) async throws(ClientError) -> ThreadInfo
    ) async throws(Failure) -> ExitCode {
        let target = isChannel ? try Target.channel(text) : try Target.thread(text)
        let workplace = try Workplace(global, surroundings)
        let thread = try await workplace.visit(target, "\(target.shown) \(failing)") {
            connection async throws(ClientError) in
            try await body(connection, target.wire)
        }
        if global.json {
            surroundings.print(Records.thread(thread, now: surroundings.now()).text)
        } else if isChannel {
            surroundings.print(PlainText.oneLine(Records.name(thread.target)))
        } else {
            workplace.say("\(Records.name(thread.target)) \(done(thread))")
        }
        return .done
    }
}

/// `plenary thread new`.
package struct ThreadNewCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a thread; prints its target.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel.", completion: .channels) package var target: String
    @Argument(help: "The title.") package var title: [String]
    @Option(help: "The id of the main-line message it grows from.") package var root: String?
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(
            target, isChannel: true, failing: "has no new thread", done: { _ in "" }
        ) { connection, channel async throws(ClientError) in
            try await connection.createThread(in: channel, title: title.joined(separator: " "), root: root)
        }
    }
}

/// `plenary thread title`.
package struct ThreadTitleCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "title", abstract: "Give a thread another title.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    @Argument(help: "The title.") package var title: [String]
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(
            target, failing: "keeps its title", done: { "is called: \(PlainText.isolated($0.title))" }
        ) { connection, thread async throws(ClientError) in
            try await connection.renameThread(thread, to: title.joined(separator: " "))
        }
    }
}

/// `plenary thread close`.
package struct ThreadCloseCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a thread: only moderators can post to it.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    @Argument(help: "Why.") package var reason: [String] = []
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(target, failing: "was not closed", done: { "is \($0.state.rawValue)." })
        {
            connection, thread async throws(ClientError) in
            try await connection.closeThread(
                thread, reason: reason.isEmpty ? nil : reason.joined(separator: " "))
        }
    }
}

/// `plenary thread reopen`.
package struct ThreadReopenCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "reopen", abstract: "Open a closed thread again.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(target, failing: "was not opened", done: { "is \($0.state.rawValue)." })
        {
            connection, thread async throws(ClientError) in
            try await connection.reopenThread(thread)
        }
    }
}

/// `plenary thread archive`.
package struct ThreadArchiveCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "Close a thread and take it out of the usual lists.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(
            target, failing: "was not archived", done: { "is \($0.state.rawValue)." }
        ) { connection, thread async throws(ClientError) in
            try await connection.archiveThread(thread)
        }
    }
}

/// `plenary thread pin`.
package struct ThreadPinCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "pin", abstract: "Put a thread at the top of lists.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    @Option(help: "Its place among the pinned ones, 1 to 99.") package var rank = 1
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        guard (1...99).contains(rank) else {
            throw Failure(.usage, "--rank is 1 to 99, not \(rank)")
        }
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(target, failing: "was not pinned", done: { _ in "is pinned." }) {
            connection, thread async throws(ClientError) in
            try await connection.pinThread(thread, rank: rank)
        }
    }
}

/// `plenary thread unpin`.
package struct ThreadUnpinCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "unpin", abstract: "Take a thread from the top of lists.")
    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The thread, such as practices/12.") package var target: String
    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let change = ThreadChange(global: global, surroundings: surroundings)
        return try await change.make(target, failing: "is still pinned", done: { _ in "is not pinned." }) {
            connection, thread async throws(ClientError) in
            try await connection.unpinThread(thread)
        }
    }
}
