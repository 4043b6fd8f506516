// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryRelay

/// How a saved chat file is named and dated on the command line.
package struct SavedChatOptions: ParsableArguments, Sendable {
    @Argument(help: "The file; - is standard input.")
    package var file: String
    @Argument(help: "The channel.")
    package var channel: String
    @Option(help: "The day on which the meeting began, on the clock of whoever saved the file: 2023-06-23.")
    package var date: String?
    @Option(name: .customLong("tz"), help: "The zone of that clock: Europe/Zurich.")
    package var zone: String?
    @Option(help: "When the recording began, for a recording's chat: 2023-06-23T08:00:00Z.")
    package var start: String?
    @Option(help: "The session's name. The same for each file of it; channel and day if it is not given.")
    package var session: String?
    @Option(help: "The language of the chat (BCP 47), if it has one.")
    package var lang: String?

    /// For the argument library.
    package init() {}
}

/// A saved chat with moments and keys, and what the channel has of it.
package struct SavedChatImport: Sendable {
    /// The file's content.
    package let chat: SavedChat
    /// The public messages, in order.
    package let messages: [RelayMessage]
    /// The channel.
    package let channel: String
    private let link: ServerLink

    /// Of these parts; the link is online and in the channel.
    package init(chat: SavedChat, messages: [RelayMessage], channel: String, link: ServerLink) {
        self.chat = chat
        self.messages = messages
        self.channel = channel
        self.link = link
    }

    /// Reads the file, connects and enters the channel.
    package static func open(
        _ file: SavedChatOptions, _ station: Station
    ) async throws(Failure) -> SavedChatImport {
        let what = "\(file.file) cannot be used"
        let channel = try station.allowed(file.channel)
        let chat: SavedChat
        do { chat = try SavedChat(try RelayFiles.read(file.file)) } catch let error as FileError {
            throw Failure(error, doing: what, .badInput)
        } catch { throw Failure(.badInput, what, describe(error)) }
        let moments = try moments(of: chat, file)
        let session = file.session ?? "\(channel) \(file.date ?? String(file.start?.prefix(10) ?? ""))"
        let keys = try station.digestKey()
        let messages = try messages(of: chat, moments, keys, session: session, language: file.lang)
        let link = try await link(station, channel, keys, what)
        return SavedChatImport(chat: chat, messages: messages, channel: channel, link: link)
    }

    /// The public messages of a file, each under its key.
    package static func messages(
        of chat: SavedChat, _ moments: [Timestamp], _ keys: RelayKeys, session: String, language: String?
    ) throws(Failure) -> [RelayMessage] {
        let names = keys.keys(of: chat, session: session)
        var messages: [RelayMessage] = []
        for (index, entry) in chat.entries.enumerated() {
            do throws(RelayRefusal) {
                messages.append(
                    try RelayMessage(
                        origin: "zoom", place: session, originID: names[index], originTime: moments[index],
                        sender: entry.sender, text: entry.text, language: language,
                        replyTo: entry.parent.map { names[$0] }, token: names[index]))
            } catch { throw Failure(.badInput, "line \(entry.line) cannot be relayed", "\(error)") }
        }
        return messages
    }

    private static func describe(_ error: any Error) -> String {
        switch error as? SavedChat.ReadError {
        case .tooLarge(let count, let limit): "it has \(count) bytes, \(limit) are read"
        case .tooManyEntries(let limit): "it has more than \(limit) messages"
        case .notUTF8: "it is not UTF-8"
        case .noChat: "no line looks like a saved chat"
        case nil: "\(error)"
        }
    }

    private static func moments(
        of chat: SavedChat, _ file: SavedChatOptions
    ) throws(Failure) -> [Timestamp] {
        switch chat.base {
        case .recording:
            guard let start = file.start.flatMap({ Timestamp(iso8601: $0.utf8) }) else {
                throw Failure(
                    .usage, "the times of this file count from the start of the recording", "",
                    "Say when it began: --start 2023-06-23T08:00:00Z")
            }
            return SavedChatDates.moments(of: chat, from: start)
        case .clock:
            guard let day = file.date.flatMap({ SavedChatDates.Day($0) }), let zone = file.zone else {
                throw Failure(
                    .usage, "the times of this file have no day and no zone", "",
                    "Say them: --date 2023-06-23 --tz Europe/Zurich")
            }
            let dates = SavedChatDates(offset: try ZoneOffsets.make(zone))
            let (moments, doubts) = dates.moments(of: chat, on: day)
            if doubts.repeatedCount > 0 {
                Output.say("\(doubts.repeatedCount) times came twice that night; the order decides")
            }
            if doubts.skippedCount > 0 {
                Output.say("\(doubts.skippedCount) times did not exist that night: is the zone right?")
            }
            return moments
        }
    }

    private static func link(
        _ station: Station, _ channel: String, _ keys: RelayKeys, _ what: String
    ) async throws(Failure) -> ServerLink {
        let record: DeliveryRecord
        do throws(FileError) {
            // A running relay keeps its own; both append.
            let isAlone = try RelayFiles.claim("\(station.folder)/running")
            record = try DeliveryRecord(path: "\(station.folder)/delivered", isAlone: isAlone)
        } catch { throw Failure(error, doing: "the relay's record cannot be used", .cannotCreate) }
        let connection = try station.connection(channels: [channel], reconnects: false)
        let link = ServerLink(
            connection, station.settings, record: record, keys: keys, now: Station.now,
            log: { if $0 != "online" { Station.log($0) } })
        do throws(ClientError) {
            try await link.start()
            try await connection.waitUntilOnline()
            try await connection.join(channel)
        } catch { throw Failure(error, doing: what) }
        return link
    }

    /// Compares with the channel.
    package func compare() async throws(Failure) -> Reconciliation {
        guard let first = messages.compactMap(\.originTime).min() else { return Reconciliation([], []) }
        let found: [Reconciliation.Found]
        do throws(ClientError) {
            let since = first.advanced(bySeconds: -RelayLimits.matchToleranceSeconds)
            found = ChannelLog.relayed(
                try await ChannelLog.read(link.connection, channel, since: since))
        } catch { throw Failure(error, doing: "\(channel) cannot be read") }
        var expected: [Reconciliation.Expected] = []
        for message in messages {
            let byToken = await link.hasDelivered(token: message.token)
            let byText = await link.hasDelivered(nickname: message.nickname, text: message.text)
            expected.append(
                Reconciliation.Expected(
                    key: message.token, time: message.originTime ?? Timestamp(seconds: 0),
                    nickname: message.nickname, text: message.pieces.first?.text ?? message.text,
                    wasDelivered: byToken || byText))
        }
        return Reconciliation(expected, found)
    }

    /// Posts these, in order. A reply waits for what it answers, so that it can be linked.
    package func post(_ places: [Int]) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        var batch: [RelayMessage] = []
        for place in places {
            let message = messages[place]
            let answersBatch = batch.contains { $0.originID == message.replyTo }
            if answersBatch || batch.count >= 256 {
                outcomes += await link.deliver(all: batch, to: channel)
                batch = []
            }
            batch.append(message)
        }
        return outcomes + (await link.deliver(all: batch, to: channel))
    }

    /// Says good-bye.
    package func close() async { await link.stop() }

    /// What the file holds, for people.
    package var summary: String {
        var parts = ["\(chat.entries.count) public messages", "\(chat.privateCount) private ones left out"]
        if chat.unknownCount > 0 {
            let lines = chat.unknownLines.prefix(5).map(String.init).joined(separator: ", ")
            parts.append("\(chat.unknownCount) of unknown recipient left out (line \(lines))")
        }
        if chat.reactionCount > 0 { parts.append("\(chat.reactionCount) reactions left out") }
        if chat.unfitCount > 0 { parts.append("\(chat.unfitCount) empty or too long") }
        if chat.unlinkedReplyCount > 0 {
            parts.append("\(chat.unlinkedReplyCount) replies whose message is not known")
        }
        return parts.joined(separator: ", ")
    }
}
