// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// A channel's session: the sitting that is held in it (docs/extensions/sessions.md). It is called a meeting here
/// because a session is also what a client has with a server.
public struct Meeting: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its doors are not open yet.
        case scheduled
        /// People come in.
        case doors
        /// Everybody speaks.
        case open
        /// Interrupted; only moderators speak.
        case suspended
        /// Over, but for replies in threads.
        case grace
        /// Over.
        case closed
    }

    /// The channel with its `#`.
    public var channel: String
    /// How far it is.
    public var state: State
    /// When it begins.
    public var start: Timestamp
    /// When it ends, as it stands now.
    public var end: Timestamp
    /// The IANA name of the zone whose clocks it goes by, such as `Europe/Zurich`.
    public var zone: String
    /// Seconds by which that zone is ahead of UTC when it begins.
    public var utcOffsetSeconds: Int
    /// Where it is held, in words.
    public var room: String
    /// What it is held on besides: `zoom`, `webcast`.
    public var platforms: [String]
    /// The agenda item that is being dealt with.
    public var item: Int?
    /// How many items the agenda has.
    public var itemCount: Int
    /// How many documents it has.
    public var documentCount: Int
    /// `attributed`, `delegation` or `unattributed` (docs/extensions/attribution.md).
    public var attribution: String
    /// What it is called; empty where the server has not told.
    public var title: String

    /// Reads `<channel> <word> :<facts> [:<title>]`; nil when a fact that no meeting lacks is missing.
    package init?(channel: String, facts: String, title: String = "") {
        let values = Attributes.read(facts)
        guard let state = values["st"].flatMap({ State(rawValue: $0) }),
            let start = values["start"].flatMap({ Timestamp(iso8601: $0.utf8) }),
            let end = values["end"].flatMap({ Timestamp(iso8601: $0.utf8) })
        else { return nil }
        self.channel = channel
        self.state = state
        self.start = start
        self.end = end
        zone = values["zone"] ?? "UTC"
        utcOffsetSeconds = values["off"].flatMap { Int($0) } ?? 0
        room = values["room"] ?? ""
        platforms = (values["platform"] ?? "").split(separator: ",").map(String.init)
        item = values["item"].flatMap { Decimal.number($0) }
        itemCount = values["items"].flatMap { Decimal.number($0) } ?? 0
        documentCount = values["docs"].flatMap { Decimal.number($0) } ?? 0
        attribution = values["attr"] ?? "attributed"
        self.title = title
    }
}

/// Something happened to a meeting.
public struct MeetingChange: Sendable, Hashable {
    /// In lower case: `scheduled`, `doors`, `opened`, `suspended`, `resumed`, `extended`, `closed`, `ended`,
    /// `item`, `changed` or `cancelled`; a later server may know more.
    public var what: String
    /// The channel with its `#`.
    public var channel: String
    /// The meeting as it is now; nil when it is cancelled, or only its agenda or a document changed.
    public var meeting: Meeting?
    /// Who did it; the server, where it happened by itself.
    public var by: Person
    /// When.
    public var time: Timestamp
}

/// A point of the agenda.
public struct AgendaItem: Sendable, Hashable {
    /// Its number.
    public var number: Int
    /// What it is called, in the language of this connection.
    public var title: String

    /// A point of these parts.
    package init(number: Int, title: String) {
        self.number = number
        self.title = title
    }
}

/// A document of a meeting.
public struct MeetingDocument: Sendable, Hashable {
    /// Its symbol, such as `A/HRC/50/64`.
    public var symbol: String
    /// Where it is.
    public var link: String?
    /// What it is called, in the language of this connection.
    public var title: String

    /// A document of these parts.
    package init(symbol: String, link: String?, title: String) {
        self.symbol = symbol
        self.link = link
        self.title = title
    }
}

/// Who was there while a meeting was open.
public struct MeetingRoll: Sendable, Hashable {
    /// Somebody who was there.
    public struct Row: Sendable, Hashable {
        /// The name.
        public var name: String
        /// `in-person`, `remote` or `unknown`.
        public var presence: String
        /// Whether something was said.
        public var hasPosted: Bool

        /// A row of these parts.
        package init(name: String, presence: String, hasPosted: Bool) {
            self.name = name
            self.presence = presence
            self.hasPosted = hasPosted
        }
    }
    /// For moderators; empty for others.
    public var rows: [Row]
    /// `total`, and for moderators `in-person`, `remote`, `unknown`, `posted`.
    public var counts: [String: Int]

    /// A roll of these parts.
    package init(rows: [Row], counts: [String: Int]) {
        self.rows = rows
        self.counts = counts
    }
}

extension ClientSession {
    /// A SESSION line that is no answer.
    mutating func handleMeeting(_ line: ServerLine, now: Timestamp, isAnswer: Bool) {
        guard !isAnswer else { return }
        guard let channel = line.parameter(0), let word = line.parameter(1) else { return emit(.line(line)) }
        let meeting = line.parameter(2).flatMap { Meeting(channel: channel, facts: $0) }
        emit(
            .meeting(
                MeetingChange(
                    what: word.lowercased(), channel: channel, meeting: meeting, by: person(of: line),
                    time: line.tags["time"].flatMap { Timestamp(iso8601: $0.utf8) } ?? now)))
    }
}

/// Sessions of channels. Every call throws `unsupported` on a server without them and `refused` with the server's
/// code when it says no.
extension PlenaryConnection {
    /// The meetings of all channels that this account may know of.
    public func meetings() async throws(ClientError) -> [Meeting] {
        try await askMeeting("*", ["LIST"]).lines.compactMap(PlenaryConnection.meeting)
    }

    /// The meeting of a channel.
    public func meeting(in channel: String) async throws(ClientError) -> Meeting {
        let reply = try await askMeeting(channel, ["INFO"])
        guard let meeting = reply.lines.compactMap(PlenaryConnection.meeting).last else {
            throw .protocolViolation("the server did not tell the session of \(channel)")
        }
        return meeting
    }

    /// Opens, suspends, resumes, extends, closes or schedules: the words of SESSION after the channel.
    public func changeMeeting(
        in channel: String, _ words: [String]
    ) async throws(ClientError) {
        _ = try await askMeeting(channel, words)
    }

    /// A meeting's agenda.
    public func agenda(of channel: String) async throws(ClientError) -> [AgendaItem] {
        try await askMeeting(channel, ["AGENDA"]).lines.compactMap { line in
            guard line.verb == "SESSION", line.parameter(1) == "AGENDA",
                let number = line.parameter(2).flatMap({ Decimal.number($0) })
            else { return nil }
            return AgendaItem(number: number, title: line.parameter(3) ?? "")
        }
    }

    /// A meeting's documents.
    public func documents(of channel: String) async throws(ClientError) -> [MeetingDocument] {
        try await askMeeting(channel, ["DOCUMENT"]).lines.compactMap { line in
            guard line.verb == "SESSION", line.parameter(1) == "DOCUMENT", let symbol = line.parameter(2)
            else { return nil }
            let link = line.parameter(3).flatMap { $0 == "*" ? nil : $0 }
            return MeetingDocument(symbol: symbol, link: link, title: line.parameter(4) ?? "")
        }
    }

    /// Who was there.
    public func roll(of channel: String) async throws(ClientError) -> MeetingRoll {
        var roll = MeetingRoll(rows: [], counts: [:])
        for line in try await askMeeting(channel, ["ROLL"]).lines {
            if line.isNote("SESSION", "ROLL") {
                let values = Attributes.read(line.parameter(3) ?? "")
                roll.counts = values.compactMapValues { Decimal.number($0) }
            } else if line.verb == "SESSION", line.parameter(1) == "ROLL", let name = line.parameter(2) {
                roll.rows.append(
                    MeetingRoll.Row(
                        name: name, presence: line.parameter(3) ?? "unknown",
                        hasPosted: line.parameter(4) == "posted"))
            }
        }
        return roll
    }

    private func askMeeting(_ target: String, _ words: [String]) async throws(ClientError) -> Reply {
        try require(
            session.capabilities.contains(Vendor.name + "/sessions"),
            "this server has no sessions (plenary.chat/sessions)")
        return try await answer("SESSION", [target] + words)
    }

    private static func meeting(_ line: ServerLine) -> Meeting? {
        guard line.verb == "SESSION", line.parameter(1) == "INFO", let channel = line.parameter(0),
            let facts = line.parameter(2)
        else { return nil }
        return Meeting(channel: channel, facts: facts, title: line.parameter(3) ?? "")
    }
}
