// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary unread`: what has not been read, by channel and thread.
package struct UnreadCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "unread", abstract: "List what you have not read.",
        discussion: """
            Examples:
              plenary unread
              plenary unread --mark-read practices --mark-read operations/3
            Columns: channel or thread, unread messages, mentions of you, title. A channel's own line counts its
            main line, without its threads. Exit code 1: nothing is unread.
            """)

    @OptionGroup package var global: GlobalOptions
    @Option(
        name: .customLong("mark-read"),
        help: "Mark a channel with all its threads, or one thread, as read instead of listing.")
    package var marked: [String] = []

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        guard marked.isEmpty else {
            for text in marked { try await mark(try Target(text), workplace) }
            return .done
        }
        let what = "what is unread is not known"
        let connection = try await workplace.connect(what, profile: profile)
        let channels = await workplace.joinAll([], connection, what)
        var rows: [[String]] = []
        do throws(ClientError) {
            let threads = try await ThreadReader.all(connection, in: nil, .unread)
            for channel in channels {
                let unread = try await UnreadReader(connection: connection).mainLine(of: channel)
                if unread.count > 0 {
                    rows.append(row(channel, unread.count, unread.mentionCount, surroundings))
                }
                for thread in threads where thread.channel.lowercased() == channel.lowercased() {
                    rows.append(row(thread, surroundings))
                }
            }
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        await connection.close()
        if !global.json { TableText.print(rows, workplace) }
        guard rows.isEmpty else { return .done }
        workplace.say("Nothing is unread.")
        return .nothing
    }

    /// A row, which as JSON is printed at once.
    private func row(
        _ channel: String, _ count: Int, _ mentionCount: Int, _ surroundings: Surroundings
    ) -> [String] {
        if global.json {
            surroundings.print(
                Records.channel(
                    name: channel, topic: nil, memberCount: nil, isJoined: true, unreadCount: count,
                    mentionCount: mentionCount, now: surroundings.now()
                ).text)
        }
        return [
            Records.name(channel), ThreadsCommand.count(count),
            mentionCount == 0 ? "" : ThreadsCommand.count(mentionCount), "",
        ]
    }

    private func row(_ thread: ThreadInfo, _ surroundings: Surroundings) -> [String] {
        if global.json { surroundings.print(Records.thread(thread, now: surroundings.now()).text) }
        return [
            Records.name(thread.target), ThreadsCommand.count(thread.unreadCount),
            thread.mentionCount == 0 ? "" : ThreadsCommand.count(thread.mentionCount),
            PlainText.isolated(thread.title),
        ]
    }

    private func mark(_ target: Target, _ workplace: Workplace) async throws(Failure) {
        let marker = try await workplace.visit(target, "\(target.shown) was not marked as read") {
            connection async throws(ClientError) -> Timestamp? in
            let page = try await connection.history(of: target.wire, .latest, count: 1)
            guard let last = page.messages.last else { return nil }
            return try await connection.markRead(target.wire, upTo: last.time)
        }
        guard let marker else { return workplace.say("\(target.shown) is empty.") }
        ReadCommand.tell(target, marker, workplace)
    }
}

/// `plenary read`: print what is unread and mark it as read.
package struct ReadCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Print what you have not read, and mark it as read.",
        discussion: """
            Examples:
              plenary read practices
              plenary read practices/12 --until ocrt637CRwJP8OMgUnHF4w
            Exit code 1: nothing is unread.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channel, channel/thread, or @person.", completion: .channels) package var target: String
    @Option(help: "Up to the message with this id.") package var until: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let target = try Target(target)
        let workplace = try Workplace(global, surroundings)
        let what = "\(target.shown) cannot be read"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        if !target.isPerson { try await workplace.join(target.conversation, connection, what) }
        var unread: [Message]
        do throws(ClientError) {
            unread = try await UnreadReader(connection: connection).messages(of: target)
        } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        if let until {
            guard let place = unread.firstIndex(where: { $0.id == until }) else {
                await connection.close()
                throw Failure(.notFound, what, "the message \(until) is not among the unread ones")
            }
            unread = Array(unread[...place])
        }
        let printer = MessagePrinter(workplace, showsChannel: false)
        for message in unread { printer.print(message) }
        guard let last = unread.last else {
            await connection.close()
            workplace.say("Nothing is unread.")
            return .nothing
        }
        do throws(ClientError) {
            let marker = try await connection.markRead(target.wire, upTo: last.time)
            await connection.close()
            if !global.json { ReadCommand.tell(target, marker, workplace) }
        } catch {
            await connection.close()
            throw Failure(error, doing: "\(target.shown) was not marked as read")
        }
        return .done
    }

    static func tell(_ target: Target, _ marker: Timestamp, _ workplace: Workplace) {
        if workplace.options.json {
            workplace.surroundings.print(
                Records.marker(
                    channel: target.conversation, thread: target.thread, readUntil: marker,
                    now: workplace.surroundings.now()
                ).text)
        } else {
            workplace.say("\(target.shown) is read up to \(workplace.show(marker)).")
        }
    }
}

/// Finds unread messages by markers and history (docs/extensions/threads.md, "Reading state").
struct UnreadReader {
    let connection: PlenaryConnection
    /// Messages counted and printed at most, as the server counts.
    static let countLimit = 1000

    /// Unread messages of a channel's main line, and of these the ones that mention this account.
    func mainLine(of channel: String) async throws(ClientError) -> (count: Int, mentionCount: Int) {
        let messages = try await messages(in: channel + "/0")
        let session = await connection.session
        let name = session.account ?? session.nickname
        return (messages.count, messages.count { Mention.isAddressed($0.text, to: name) })
    }

    /// Unread messages of a target, in their order: of a channel with all its threads.
    func messages(of target: Target) async throws(ClientError) -> [Message] {
        let messages = try await messages(in: target.wire)
        guard !target.isPerson, target.thread == nil else { return messages }
        // A thread may have been read further than its channel.
        var markers: [Int: Timestamp?] = [:]
        var unread: [Message] = []
        for message in messages {
            let thread = message.thread ?? 0
            if markers[thread] == nil {
                markers[thread] = try await connection.marker(of: "\(target.conversation)/\(thread)")
            }
            if let marker = markers[thread] ?? nil, message.time <= marker { continue }
            unread.append(message)
        }
        return unread
    }

    private func messages(in place: String) async throws(ClientError) -> [Message] {
        let reader = HistoryReader(connection: connection, conversation: place)
        let messages: [Message]
        if let marker = try await connection.marker(of: place) {
            messages = try await reader.forwards(
                from: Timestamp(microseconds: marker.microseconds + 1000), until: nil,
                limit: UnreadReader.countLimit)
        } else {
            messages = try await reader.backwards(until: nil, limit: UnreadReader.countLimit)
        }
        let account = await connection.session.account
        return messages.filter { message in
            message.kind != .query && !message.isOwn && (account == nil || message.sender.account != account)
        }
    }
}
