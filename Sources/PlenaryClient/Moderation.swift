// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// What a moderator did (docs/extensions/moderation.md).
public struct ModerationAct: Sendable, Hashable {
    /// `mute`, `unmute`, `remove`, `ban`, `unban`, `slow`, `moderated`, `mode`, `close`, `reopen`,
    /// `archive`, `pin`,
    /// `unpin`, `move`, `hide`, `unhide`, `redact`, `suspend` or `restore`; a later server may know more.
    public var action: String
    /// Who did it.
    public var actor: String
    /// The channel with its `#`; `*` for the whole server.
    public var channel: String
    /// A person, a mask, a message's id, a thread's number, seconds, or `on` and `off`.
    public var target: String
    /// Why, in one word: `off-topic`, `personal-data`, `wrong-channel`, `abusive`, `spam`, `safety` or `other`.
    public var code: String
    /// Why, in words; told to moderators only.
    public var text: String?
    /// When it ends by itself.
    public var until: Timestamp?
    /// When it was done.
    public var time: Timestamp
    /// Its place in the log, for the next page; nil for what has just happened.
    public var logID: String?

    /// An act of these parts.
    public init(
        action: String, actor: String, channel: String, target: String, code: String, text: String? = nil,
        until: Timestamp? = nil, time: Timestamp, logID: String? = nil
    ) {
        self.action = action
        self.actor = actor
        self.channel = channel
        self.target = target
        self.code = code
        self.text = text
        self.until = until
        self.time = time
        self.logID = logID
    }

    /// MODACT: `<channel> <act> <target> <code> <until> [:text]`.
    init?(act line: ServerLine, now: Timestamp) {
        guard line.verb == "MODACT", line.parameters.count >= 5 else { return nil }
        let words = line.parameters
        self.init(
            action: words[1], actor: line.tags["account"] ?? line.sourceNickname ?? "*", channel: words[0],
            target: words[2], code: words[3], text: line.parameter(5),
            until: Timestamp(iso8601: words[4].utf8),
            time: line.tags["time"].flatMap { Timestamp(iso8601: $0.utf8) } ?? now)
    }

    /// MODLOG: `<channel> <time> <id> <act> <actor> <target> <code> <until> [:text]`.
    init?(log line: ServerLine) {
        guard line.verb == "MODLOG", line.parameters.count >= 8,
            let time = Timestamp(iso8601: line.parameters[1].utf8)
        else { return nil }
        let words = line.parameters
        self.init(
            action: words[3], actor: words[4], channel: words[0], target: words[5], code: words[6],
            text: line.parameter(8), until: Timestamp(iso8601: words[7].utf8), time: time, logID: words[2])
    }
}

/// What somebody told the moderators of a channel.
public struct ModerationReport: Sendable, Hashable {
    /// Its number.
    public var number: Int
    /// The channel with its `#`.
    public var channel: String
    /// `open`, `claimed` or `resolved`.
    public var state: String
    /// Why, in one word.
    public var code: String
    /// Why, in words.
    public var text: String
    /// The message that it is about.
    public var messageID: String?
    /// Whom it is about.
    public var about: String
    /// Who reported.
    public var reporter: String
    /// Who looks, or looked, into it.
    public var handler: String?
    /// When it came.
    public var time: Timestamp

    /// A report of these parts.
    package init(
        number: Int, channel: String, state: String, code: String, text: String, messageID: String?,
        about: String, reporter: String, handler: String?, time: Timestamp
    ) {
        self.number = number
        self.channel = channel
        self.state = state
        self.code = code
        self.text = text
        self.messageID = messageID
        self.about = about
        self.reporter = reporter
        self.handler = handler
        self.time = time
    }

    /// REPORT: `<channel> <number> <state> <code> <message> <about> <reporter> <handler> <time> :text`.
    init?(_ line: ServerLine) {
        guard line.verb == "REPORT", line.parameters.count >= 10,
            let number = Decimal.number(line.parameters[1]),
            let time = Timestamp(iso8601: line.parameters[8].utf8)
        else { return nil }
        let words = line.parameters
        func known(_ word: String) -> String? { word == "*" ? nil : word }
        self.number = number
        channel = words[0]
        state = words[2]
        code = words[3]
        messageID = known(words[4])
        about = words[5]
        reporter = words[6]
        handler = known(words[7])
        self.time = time
        text = words[9]
    }
}

/// A moderators' note on a member.
public struct MemberNote: Sendable, Hashable {
    /// Whom it is about.
    public var account: String
    /// When it was written.
    public var time: Timestamp
    /// Who wrote it.
    public var author: String
    /// The note.
    public var text: String

    /// A note of these parts.
    package init(account: String, time: Timestamp, author: String, text: String) {
        self.account = account
        self.time = time
        self.author = author
        self.text = text
    }

    /// MODNOTE: `<account> <time> <by> :text`.
    init?(_ line: ServerLine) {
        guard line.verb == "MODNOTE", line.parameters.count >= 4,
            let time = Timestamp(iso8601: line.parameters[1].utf8)
        else { return nil }
        account = line.parameters[0]
        self.time = time
        author = line.parameters[2]
        text = line.parameters[3]
    }
}

extension Message {
    /// Why a moderator hid it, in one word; nil when it is not hidden. For everybody but moderators the
    /// text is a mark.
    public var hiddenCode: String? { tags[Vendor.name + "/hidden"] }
}

extension ClientSession {
    /// A MODACT or REPORT line that came by itself, or as an answer.
    mutating func handleModeration(_ line: ServerLine, now: Timestamp, isAnswer: Bool) {
        if let act = ModerationAct(act: line, now: now) { return emit(.moderation(act)) }
        if let report = ModerationReport(line) {
            if !isAnswer { emit(.report(report)) }
            return
        }
        if !isAnswer { emit(.line(line)) }
    }
}

/// Moderation. Every call throws `unsupported` on a server without it and `refused` with the server's code
/// when it
/// says no.
extension PlenaryConnection {
    /// Does one act: `moderate("#practices", "MUTE", ["bo", "10m", "off-topic"])`. Returns what was done,
    /// in order; the
    /// target is a channel, a thread (`#practices/12`) or `*`.
    public func moderate(
        _ target: String, _ act: String, _ words: [String] = []
    ) async throws(ClientError) -> [ModerationAct] {
        try requireModeration()
        let reply = try await answer("MOD", [target, act] + words.filter { !$0.isEmpty })
        return reply.lines.compactMap { ModerationAct(act: $0, now: Timestamp(seconds: 0)) }
    }

    /// Tells the moderators of a channel of a message or a person, and nobody else; returns the report's
    /// number.
    public func report(
        _ messageOrPerson: String, in channel: String, reason: String
    ) async throws(ClientError) -> Int {
        try requireModeration()
        let reply = try await answer("REPORT", [messageOrPerson, channel, reason])
        for line in reply.lines where line.verb == "NOTE" && line.parameter(1) == "RECEIVED" {
            if let number = line.parameter(2).flatMap({ Decimal.number($0) }) { return number }
        }
        throw .protocolViolation("the server did not say that it has the report")
    }

    /// Reports of a channel, or with nil of all channels that this account moderates. `state` is `open`,
    /// `claimed`,
    /// `resolved` or `all`; nil stands for what is not resolved.
    public func reports(
        of channel: String?, state: String? = nil
    ) async throws(ClientError) -> [ModerationReport] {
        try requireModeration()
        let reply = try await answer("MOD", [channel ?? "*", "REPORTS"] + (state.map { [$0] } ?? []))
        return reply.lines.compactMap { ModerationReport($0) }
    }

    /// Says that this account looks into a report; or with an outcome what came of it.
    public func handleReport(
        _ number: Int, outcome: String? = nil, text: String = ""
    ) async throws(ClientError) -> ModerationReport? {
        try requireModeration()
        let words = outcome.map { ["RESOLVE", String(number), $0] + (text.isEmpty ? [] : [text]) }
        let reply = try await answer("MOD", ["*"] + (words ?? ["CLAIM", String(number)]))
        return reply.lines.compactMap { ModerationReport($0) }.last { $0.number == number }
    }

    /// Notes on a member.
    public func notes(on account: String) async throws(ClientError) -> [MemberNote] {
        try requireModeration()
        return try await answer("MOD", ["*", "NOTES", account]).lines.compactMap { MemberNote($0) }
    }

    /// Adds a note on a member.
    public func addNote(_ text: String, on account: String) async throws(ClientError) {
        try requireModeration()
        _ = try await answer("MOD", ["*", "NOTE", account, text])
    }

    /// What was done in a channel, the newest first, and where the next page begins; nil when nothing follows.
    public func moderationLog(
        of channel: String, limit: Int = 100, after: String? = nil
    ) async throws(ClientError) -> (acts: [ModerationAct], next: String?) {
        try requireModeration()
        let count = String(min(max(limit, 1), 100))
        let reply = try await answer("MOD", [channel, "LOG", count] + (after.map { [$0] } ?? []))
        let end = reply.lines.last { $0.verb == "NOTE" && $0.parameter(1) == "LOG" }
        let next = end?.parameter(4).flatMap { $0 == "*" ? nil : $0 }
        return (reply.lines.compactMap { ModerationAct(log: $0) }, next)
    }

    private func requireModeration() throws(ClientError) {
        let isThere = session.capabilities.contains(Vendor.name + "/moderation")
        try require(isThere, "this server has no moderation (plenary.chat/moderation)")
    }
}
