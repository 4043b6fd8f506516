// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryRelay

/// `plenary-relay digest`.
package struct DigestCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Print what the room said last, to be pasted into the meeting's chat.",
        discussion: """
            Hidden and redacted messages, and those that came from the meeting, are left out.

            Examples:
              plenary-relay digest session-am --max 900
              plenary-relay digest session-am --max 900 --after k3x9…
            """)

    @OptionGroup package var options: RelayOptions
    @Argument(help: "The channel.")
    package var channel: String
    @Option(help: "Characters of the whole at most, 80 to 10000.")
    package var max = 900
    @Option(help: "Only what was said behind this message (its id).")
    package var after: String?
    @Option(help: "Messages looked at, 1 to 1000.")
    package var last = 50
    @Option(help: "Where it was said; `room` of the settings.")
    package var room: String?

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        guard (80...10_000).contains(max) else { throw Failure(.usage, "--max is 80 to 10000 characters") }
        guard (1...1000).contains(last) else { throw Failure(.usage, "--last is 1 to 1000 messages") }
        let station = try Station(options)
        let channel = try station.allowed(channel)
        let connection = try station.connection(channels: [], reconnects: false)
        let messages: [Message]
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
            try await connection.join(channel)
            let selection: HistorySelection = after.map { .after(.message(id: $0)) } ?? .latest
            messages = try await connection.history(of: channel, selection, count: last).messages
        } catch { throw Failure(error, doing: "\(channel) cannot be read") }
        await connection.close()
        let text = Digest(limit: max, room: room ?? station.settings.room)
            .text(DigestCommand.shown(messages))
        guard !text.isEmpty else {
            Output.say("nothing new was said")
            return .nothing
        }
        Output.print(text)
        return .done
    }

    /// What people said here, and everybody may read.
    static func shown(_ messages: [Message]) -> [RoomMessage] {
        messages.compactMap { message in
            guard message.kind == .message || message.kind == .action, message.relayedBy == nil,
                !message.sender.nickname.contains("/"), message.hiddenCode == nil, !message.text.isEmpty
            else { return nil }
            return RoomMessage(
                id: message.id ?? "", time: message.time, sender: message.sender.nickname,
                account: message.sender.account,
                text: message.kind == .action ? "* " + message.text : message.text)
        }
    }
}

/// `plenary-relay status`.
package struct StatusCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the relay does.",
        discussion: """
            Ends with 1 when the relay gave no sign of life for 60 seconds, or is not connected.

            Examples:
              plenary-relay status
              plenary-relay status --of session-am
            """)

    @OptionGroup package var options: RelayOptions
    @Option(help: "Ask the server about this channel's relay.")
    package var of: String?
    @Flag(help: "Print JSON.")
    package var json = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        if let channel = of { return try await ask(station, RelaySettings.channel(channel)) }
        guard let bytes = try station.privateFile("status.json") else {
            Output.say("no relay has run with \(station.folder)")
            return .nothing
        }
        let status: JSONValue
        do { status = try JSONValue(parsing: bytes.filter { $0 != 10 }) } catch {
            throw Failure(.badInput, "the status cannot be read", "\(error)")
        }
        let updated = status["updated"]?.text.flatMap { Timestamp(iso8601: $0.utf8) }
        let isSilent = StatusCommand.isSilent(updated, now: Station.now())
        let isOnline = status["online"] == .bool(true)
        if json {
            Output.print(status.encoded)
        } else {
            for line in StatusCommand.lines(status, isSilent: isSilent) { Output.print(line) }
        }
        return isSilent || !isOnline ? .nothing : .done
    }

    /// Whether the last sign of life is too long ago.
    static func isSilent(_ last: Timestamp?, now: Timestamp) -> Bool {
        last.map { $0.advanced(bySeconds: RelayLimits.silenceSeconds) < now } ?? true
    }

    /// The status for people.
    static func lines(_ status: JSONValue, isSilent: Bool) -> [String] {
        var lines: [String] = []
        let state = isSilent ? "silent" : status["online"] == .bool(true) ? "connected" : "not connected"
        lines.append(
            "\(status["adapter"]?.text ?? "relay"): \(state), since \(status["updated"]?.text ?? "?")")
        if case .object(let counters)? = status["counters"] {
            let words = counters.map { "\($0.name) \($0.value.encoded)" }
            lines.append(words.joined(separator: ", "))
        }
        if case .object(let meetings)? = status["meetings"] {
            lines += meetings.map { "meeting \($0.name): \($0.value.text ?? "")" }
        }
        return lines.map { PlainLine.shown($0) }
    }

    private func ask(_ station: Station, _ channel: String) async throws(Failure) -> ExitCode {
        let connection = try station.connection(channels: [], reconnects: false)
        let state: RelayStatus
        do throws(ClientError) {
            try await connection.start()
            try await connection.waitUntilOnline()
            state = try await connection.relayStatus(of: channel)
        } catch { throw Failure(error, doing: "\(channel) cannot be asked about") }
        await connection.close()
        let isSilent = StatusCommand.isSilent(state.lastBeat, now: Station.now())
        let heard = state.lastBeat.map { "last heard \($0.iso8601)" } ?? "not heard yet"
        Output.print(
            "\(channel): relay \(state.isOn ? "on" : "off"), \(state.relay ?? "nobody"), \(heard) "
                + state.counters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", "))
        return state.isOn && !isSilent ? .done : .nothing
    }
}

/// `plenary-relay forget-digests`.
package struct ForgetDigestsCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "forget-digests", abstract: "Erase the key by which saved messages are recognised.",
        discussion: """
            Then nothing that this machine keeps tells any more whether somebody said something. A file that was \
            imported before is compared by its text with what the channel still shows.

            Examples:
              plenary-relay forget-digests
            """)

    @OptionGroup package var options: RelayOptions

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        do throws(FileError) {
            guard try RelayFiles.claim("\(station.folder)/running") else {
                throw FileError(station.folder, "a relay runs; stop it first")
            }
            try RelayFiles.remove("\(station.folder)/digest.key")
        } catch { throw Failure(error, doing: "the key cannot be erased") }
        Output.say("the key of digests is erased; the next import makes a new one")
        return .done
    }
}
