// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms

extension FuzzTarget {
    /// What a relay hears: webhooks, bridges, adapters, engines, saved chats, and its settings.
    static let relay = [
        FuzzTarget("json", byteLimit: 512, checkJSON),
        FuzzTarget("webhook", byteLimit: 1024, checkWebhook),
        FuzzTarget("bridge", byteLimit: 1024, checkBridge),
        FuzzTarget("savedchat", byteLimit: 1024, checkSavedChat),
        FuzzTarget("relaysettings", byteLimit: 512, checkRelaySettings),
    ]

    /// A value is written and read again the same, in one line; a stream of objects is the same however it is cut.
    @Sendable private static func checkJSON(_ input: [UInt8]) throws(BrokenClaim) {
        if let value = try? JSONValue(parsing: input) {
            let text = value.encoded
            try claim(!text.utf8.contains { $0 < 32 || $0 == 127 }, "a value is written in one line")
            try claim((try? JSONValue(parsing: Array(text.utf8))) == value, "a value is read again: \(text)")
        }
        let whole = objects(in: input, input.count)
        try claim(objects(in: input, 1) == whole, "objects of single bytes")
        for object in whole {
            try claim(object.first == 123 && object.last == 125, "an object has its braces")
        }
    }

    private static func objects(in input: [UInt8], _ size: Int) -> [[UInt8]] {
        var divider = JSONDivider()
        return pieces(of: input, size).flatMap { divider.take($0).objects }
    }

    @Sendable private static func checkWebhook(_ input: [UInt8]) throws(BrokenClaim) {
        switch WebhookEvent(input) {
        case .message(_, let message): try checkRelayed(message)
        case .challenge(let token):
            try claim(
                !token.isEmpty && token.utf8.count <= RelayLimits.challengeByteLimit, "a token is bounded")
        case .other(let event):
            try claim(event.utf8.count <= RelayLimits.nameByteLimit, "an event's name is bounded")
        case .notPublic, .unfit, .meeting, .malformed: break
        }
    }

    @Sendable private static func checkBridge(_ input: [UInt8]) throws(BrokenClaim) {
        if let json = try? JSONValue(parsing: input), case .message(let message) = MatterbridgeMessage(json) {
            try checkRelayed(message)
        }
        if let message = try? AdapterRecord.message(input, place: "p") { try checkRelayed(message) }
        _ = AdapterRecord.originID(input)
        if let answer = try? TranslationRecord.answer(input) {
            _ = TranslationRecord.isWanted(from: answer.engine, to: answer.to)
        }
    }

    /// Whatever is relayed has a name that the server takes, and pieces that fit.
    private static func checkRelayed(_ message: RelayMessage) throws(BrokenClaim) {
        try claim((try? RelayedName(message.nickname)) != nil, "a name: \(message.nickname.debugDescription)")
        try claim(RelayText.cleaned(message.text) == message.text, "a text is cleaned once")
        let pieces = message.pieces
        try claim(!pieces.isEmpty, "a message has a piece")
        for (text, token) in pieces {
            try claim(text.utf8.count <= RelayLimits.pieceByteLimit, "\(text.utf8.count) bytes of a piece")
            let lineCount = text.utf8.count { $0 == 10 } + 1
            try claim(lineCount <= RelayLimits.pieceLineLimit, "\(lineCount) lines of a piece")
            try claim(token.utf8.count <= 64 && !token.isEmpty, "a token is bounded")
        }
        let isPlain = !message.text.utf8.contains { $0 < 32 && $0 != 10 || $0 == 127 }
        try claim(isPlain, "a text has no control character")
        let shown = message.text.unicodeScalars.filter { !$0.properties.isWhitespace }
        let posted = pieces.flatMap { $0.text.unicodeScalars.filter { !$0.properties.isWhitespace } }
        try claim(Array(shown) == posted, "nothing but white space is lost between pieces")
    }

    /// What is public is counted and in order; line ends do not matter.
    @Sendable private static func checkSavedChat(_ input: [UInt8]) throws(BrokenClaim) {
        guard let chat = try? SavedChat(input) else { return }
        var lastLine = 0
        for (place, entry) in chat.entries.enumerated() {
            try claim(entry.line > lastLine, "entries stand in the order of their lines")
            lastLine = entry.line
            try claim(entry.seconds >= 0, "times count from a beginning")
            try claim(!entry.text.isEmpty, "an entry has a text")
            try claim(entry.parent.map { $0 < place } ?? true, "a reply answers what stands before it")
        }
        try claim(chat.totalCount <= input.count { $0 == 10 } + 1, "a line is one message at most")
        let keys = RelayKeys(key: [1, 2, 3]).keys(of: chat, session: "s")
        try claim(Set(keys).count == chat.entries.count, "each entry has a key of its own")
        if let day = SavedChatDates.Day("2023-06-23") {
            // Clocks go back by an hour in the middle of the day.
            let dates = SavedChatDates { $0 < 1_687_521_600 ? 7200 : 3600 }
            let (moments, _) = dates.moments(of: chat, on: day)
            try claim(moments.count == chat.entries.count, "each entry has a moment")
        }
        _ = SavedChatDates.moments(of: chat, from: Timestamp(seconds: 0))
        guard !input.contains(13) else { return }
        let returned = input.flatMap { $0 == 10 ? [13, 10] : [$0] }
        try claim((try? SavedChat(returned)) == chat, "CR LF ends a line as LF does")
    }

    @Sendable private static func checkRelaySettings(_ input: [UInt8]) throws(BrokenClaim) {
        guard let settings = try? RelaySettings(parsing: String(decoding: input, as: UTF8.self)) else {
            return
        }
        try claim(settings.allowed.allSatisfy { $0.utf8.first == 35 }, "a channel has its sign")
        for channel in settings.allowed { try claim(settings.allows(channel), "\(channel) is allowed") }
    }
}
