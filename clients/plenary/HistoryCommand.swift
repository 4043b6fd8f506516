// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary history`: what was said.
package struct HistoryCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Print what was said.",
        discussion: """
            Examples:
              plenary history practices
              plenary history practices --since yesterday
              plenary history practices/12 --limit 500 --json > thread.ndjson
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channel, channel/thread, or @person.", completion: .channels) package var target: String
    @Option(help: "From this time on: 2h, yesterday, 2023-06-23.") package var since: String?
    @Option(help: "Up to this time.") package var until: String?
    @Option(help: "At most so many messages; 100, or all of --since.") package var limit: Int?
    @Option(help: "Around the message with this id.") package var around: String?
    @Flag(help: "Newest first.") package var reverse = false

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target(target)
        let workplace = try Workplace(global, surroundings)
        if let limit, limit < 1 { throw Failure(.usage, "--limit is at least 1") }
        if around != nil, since != nil || until != nil {
            throw Failure(.usage, "--around stands alone", "it goes with neither --since nor --until")
        }
        let since = try since.map { (text) throws(Failure) in try workplace.moment(text, option: "--since") }
        let until = try until.map { (text) throws(Failure) in try workplace.moment(text, option: "--until") }
        let what = "no history of \(target.shown)"
        let profile = try workplace.profile()
        let connection = try await workplace.connect(what, profile: profile)
        if !target.isPerson { try await workplace.join(target.conversation, connection, what) }
        let printer = MessagePrinter(workplace, showsChannel: false)
        var messages = try await fetch(connection, target, since, until, workplace, what)
        if reverse { messages.reverse() }
        for message in messages where message.kind != .query { printer.print(message) }
        await connection.close()
        return .done
    }

    private func fetch(
        _ connection: PlenaryConnection, _ target: Target, _ since: Timestamp?, _ until: Timestamp?,
        _ workplace: Workplace, _ what: String
    ) async throws(Failure) -> [Message] {
        let reader = HistoryReader(connection: connection, conversation: target.wire)
        do throws(ClientError) {
            if let around { return try await reader.around(around, limit: limit ?? 100) }
            if let since {
                return try await reader.forwards(from: since, until: until, limit: limit ?? .max) { count in
                    if count % 1000 == 0 { workplace.say("fetching history… \(count)") }
                }
            }
            return try await reader.backwards(until: until, limit: limit ?? 100)
        } catch {
            throw Failure(error, doing: what)
        }
    }
}

/// Reads more history than fits on one page. In ascending order, each message once.
package struct HistoryReader: Sendable {
    let connection: PlenaryConnection
    let conversation: String

    func around(_ id: String, limit: Int) async throws(ClientError) -> [Message] {
        try await connection.history(of: conversation, .around(.message(id: id)), count: limit).messages
    }

    /// From a moment (inclusive) on.
    func forwards(
        from since: Timestamp, until: Timestamp?, limit: Int, progress: (Int) -> Void = { _ in }
    ) async throws(ClientError) -> [Message] {
        var messages: [Message] = []
        var seen: Set<String> = []
        var place = HistoryReference.time(Timestamp(microseconds: since.microseconds - 1000))
        while messages.count < limit {
            let page = try await connection.history(
                of: conversation, .after(place), count: limit - messages.count)
            let before = messages.count
            for message in page.messages {
                if let until, message.time >= until { return messages }
                if let id = message.id, !seen.insert(id).inserted { continue }
                messages.append(message)
            }
            progress(messages.count)
            guard !page.isEnd, messages.count > before, let last = messages.last else { break }
            place = last.id.map { .message(id: $0) } ?? .time(last.time)
        }
        return messages
    }

    /// The newest before a moment, or of all.
    func backwards(until: Timestamp?, limit: Int) async throws(ClientError) -> [Message] {
        var pages: [[Message]] = []
        var count = 0
        var seen: Set<String> = []
        var selection = until.map { HistorySelection.before(.time($0)) } ?? .latest
        while count < limit {
            let page = try await connection.history(of: conversation, selection, count: limit - count)
            let fresh = page.messages.filter { message in message.id.map { seen.insert($0).inserted } ?? true
            }
            guard let first = fresh.first else { break }
            pages.append(fresh)
            count += fresh.count
            if page.isEnd { break }
            selection = .before(first.id.map { .message(id: $0) } ?? .time(first.time))
        }
        return pages.reversed().flatMap { $0 }
    }
}
