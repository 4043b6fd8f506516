// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary threads`: the threads of a channel, or of all of the profile's channels.
package struct ThreadsCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "threads", abstract: "List threads.",
        discussion: """
            Examples:
              plenary threads practices
              plenary threads --unread
              plenary threads practices --state archived --json
            Pinned ones come first, then those with the latest messages. Columns: thread, state, messages,
            unread, latest message, title.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The channel; all channels of the profile without it.", completion: .channels) package
        var target: String?
    @Option(help: "open, closed, archived or all; without it, all but archived.") package var state: String?
    @Flag(help: "Only threads with unread messages.") package var unread = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let target = try target.map { (text) throws(Failure) in try Target.channel(text) }
        var filter = try ThreadsCommand.filter(state)
        filter.isUnread = unread
        let what = "no list of threads"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        if let target {
            try await workplace.join(target.conversation, connection, what)
        } else {
            _ = await workplace.joinAll([], connection, what)
        }
        let threads: [ThreadInfo]
        do throws(ClientError) {
            threads = try await ThreadReader.all(connection, in: target?.conversation, filter)
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        await connection.close()
        if global.json {
            for thread in threads {
                surroundings.print(Records.thread(thread, now: surroundings.now()).text)
            }
        } else {
            TableText.print(threads.map { ThreadsCommand.row($0, workplace) }, workplace)
        }
        if threads.isEmpty { workplace.say("There are no such threads.") }
        return .done
    }

    static func filter(_ state: String?) throws(Failure) -> ThreadFilter {
        guard let state else { return .current }
        if state == "all" { return .everything }
        guard let known = ThreadState(rawValue: state) else {
            throw Failure(.usage, "--state is open, closed, archived or all, not \(state)")
        }
        return ThreadFilter(states: [known])
    }

    private static func row(_ thread: ThreadInfo, _ workplace: Workplace) -> [String] {
        var state = thread.state.rawValue
        if thread.pinRank != nil { state += ", pinned" }
        return [
            Records.name(thread.target), state, String(thread.messageCount),
            thread.unreadCount == 0 ? "" : ThreadsCommand.count(thread.unreadCount),
            thread.lastTime.map(workplace.show) ?? "", PlainText.isolated(thread.title),
        ]
    }

    /// The server counts up to 1000.
    static func count(_ count: Int) -> String { count >= 1000 ? "1000+" : String(count) }
}

/// Reads lists of threads that are longer than one page.
enum ThreadReader {
    /// All threads of a channel, or of all channels the session is in, each once.
    static func all(
        _ connection: PlenaryConnection, in channel: String?, _ filter: ThreadFilter
    ) async throws(ClientError) -> [ThreadInfo] {
        var threads: [ThreadInfo] = []
        var seen: Set<String> = []
        while true {
            let page = try await connection.threads(in: channel, filter: filter, after: threads.last)
            let fresh = page.threads.filter { seen.insert($0.target).inserted }
            threads += fresh
            if page.isComplete || fresh.isEmpty { return threads }
        }
    }
}
