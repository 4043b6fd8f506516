// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryTerminal

/// `plenary tail`: follow channels.
package struct TailCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Follow what is said.",
        discussion: """
            Examples:
              plenary tail practices
              plenary tail --json practices operations
              plenary tail --count 1 --timeout 30s practices
              plenary tail --exec './answer.sh' practices
            Comes back after a loss of the connection and fetches what was missed.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "Channels, or @persons; those of the profile without any.", completion: .channels) package
        var targets: [String] = []
    @Flag(help: "All channels there are.") package var all = false
    @Flag(help: "Only messages that mention you.") package var mentions = false
    @Option(help: "Begin with what was said since: 1h, yesterday.") package var since: String?
    @Option(name: .customLong("since-cursor"), help: "Begin behind this cursor of an earlier run.")
    package var sinceCursor: String?
    @Option(help: "End after so many messages.") package var count: Int?
    @Option(help: "End after this long, with exit code 124.") package var timeout: String?
    @Option(help: "Run this for each message, with its JSON as input.") package var exec: String?

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let workplace = try Workplace(global, surroundings)
        let profile = try workplace.profile()
        if let count, count < 1 { throw Failure(.usage, "--count is at least 1") }
        var limit: Int64?
        if let timeout {
            guard let value = TimeText.milliseconds(timeout), value > 0 else {
                throw Failure(.usage, "--timeout \(timeout) is no duration", "", "Write 500ms, 10s or 2m.")
            }
            limit = value
        }
        var chosen: [Target] = []
        for text in targets { chosen.append(try Target(text)) }
        if chosen.isEmpty {
            for channel in profile.channels { chosen.append(try Target(channel)) }
        }
        guard all || !chosen.isEmpty else {
            throw Failure(
                .usage, "there is no channel to follow", "the profile has none", "Name one, or use --all.")
        }
        var configuration = try workplace.configuration(for: profile)
        configuration.session.wantsMemberLists = false
        configuration.session.prefersFacts = global.json
        configuration.channels = unique(chosen.filter { !$0.isPerson }.map(\.conversation))
        try setPositions(&configuration, workplace)
        let connection = surroundings.connect(configuration, MemoryQueue())
        let alarm = Alarm(workplace, milliseconds: limit)
        defer { alarm.cancel() }
        alarm.watch(connection)
        do throws(ClientError) { try await connection.start() } catch {
            throw Failure(error, doing: "cannot follow")
        }
        return try await follow(connection, chosen, workplace, alarm)
    }

    private func setPositions(
        _ configuration: inout ConnectionConfiguration, _ workplace: Workplace
    ) throws(Failure) {
        var position: HistoryPosition?
        if let sinceCursor {
            guard let read = Records.position(cursor: sinceCursor) else {
                throw Failure(.usage, "--since-cursor is no cursor", "it is the `cursor` of a message record")
            }
            position = read
        } else if let since {
            position = HistoryPosition(messageID: nil, time: try workplace.moment(since, option: "--since"))
        }
        guard let position else { return }
        for channel in configuration.channels { configuration.positions[channel] = position }
    }

    private func follow(
        _ connection: PlenaryConnection, _ chosen: [Target], _ workplace: Workplace, _ alarm: Alarm
    ) async throws(Failure) -> ExitCode {
        let surroundings = workplace.surroundings
        let printer = MessagePrinter(workplace, showsChannel: all || chosen.count > 1)
        var remaining = count ?? .max
        for await event in connection.events {
            switch event {
            case .message(let message):
                guard await isWanted(message, chosen, connection) else { continue }
                if let exec {
                    try ChildProcess.run(exec, input: Records.message(message).text + "\n", surroundings)
                } else {
                    printer.print(message)
                }
                remaining -= 1
                if remaining == 0 {
                    await connection.close()
                    return .done
                }
            case .redacted(let redaction):
                if global.json { surroundings.print(Records.moderation(redaction).text) }
            case .moderation(let act):
                // What was taken back is told by its REDACT already.
                if global.json, act.action != "redact" { surroundings.print(Records.moderation(act).text) }
            case .report(let report):
                if global.json { surroundings.print(Records.report(report).text) }
            case .gap(let gap):
                if global.json {
                    surroundings.print(Records.gap(gap, now: surroundings.now()).text)
                } else {
                    surroundings.say(LineText.gap(gap, workplace.time, now: surroundings.now()))
                }
            case .stateChanged(let state):
                try await note(state, connection, workplace, alarm)
                if case .offline = state { return .done }
            case .remark(let remark):
                let isFatal =
                    remark.level == .fail && remark.content.context.first.map(isChosen(chosen)) ?? false
                if isFatal {
                    await connection.close()
                    throw Failure(remark.content, doing: "cannot follow \(remark.content.context[0])")
                }
                workplace.say(PlainText.oneLine(remark.content.text))
            default: break
            }
        }
        return .done
    }

    private func isChosen(_ chosen: [Target]) -> (String) -> Bool {
        { name in chosen.contains { $0.conversation.lowercased() == name.lowercased() } }
    }

    private func note(
        _ state: ConnectionState, _ connection: PlenaryConnection, _ workplace: Workplace, _ alarm: Alarm
    ) async throws(Failure) {
        let surroundings = workplace.surroundings
        if global.json {
            let queued = await connection.outgoingCount
            surroundings.print(Records.state(state, queued: queued, now: surroundings.now()).text)
        }
        switch state {
        case .online:
            if all { Task { await joinAll(connection) } }
        case .retrying(let milliseconds, let error):
            let failure = Failure(error, doing: "")
            workplace.say("\(failure.why). Trying again in \((milliseconds + 999) / 1000) seconds.")
        case .offline(let error):
            if alarm.hasRung { throw Failure(.timedOut, "the time given by --timeout has passed") }
            if let error, error != .closed { throw Failure(error, doing: "cannot follow") }
        case .connecting: break
        }
    }

    private func joinAll(_ connection: PlenaryConnection) async {
        // A list that fails leaves the channels that were named; the connection's own state tells of it.
        guard let reply = try? await connection.request("LIST") else { return }
        for line in reply.lines where line.numeric == 322 {
            if let channel = line.parameter(1) { try? await connection.join(channel) }
        }
    }

    private func isWanted(
        _ message: Message, _ chosen: [Target], _ connection: PlenaryConnection
    ) async -> Bool {
        guard message.kind != .query else { return false }
        let session = await connection.session
        if mentions {
            guard !message.isOwn, Mention.isIn(message.text, of: session.nickname) else { return false }
        }
        if all { return true }
        return chosen.contains { target in
            session.isSameName(target.conversation, message.conversation)
                && (target.thread == nil || target.thread == message.thread ?? 0)
        }
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0.lowercased()).inserted }
    }
}
