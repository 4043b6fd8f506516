// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// SESSION (docs/extensions/sessions.md). Channels are as the client spelled them.
package enum MeetingCommand: Sendable {
    case list
    case info(channel: Text)
    case schedule(channel: Text, MeetingChanges)
    case act(channel: Text, RequestedMeetingAct)
    case agenda(channel: Text)
    case setItem(channel: Text, number: UInt8, Language, title: Text)
    case removeItem(channel: Text, number: UInt8)
    case documents(channel: Text)
    /// nil keeps the link that is there.
    case setDocument(channel: Text, symbol: Text, Language, link: Text?, title: Text)
    case removeDocument(channel: Text, symbol: Text)
    case roll(channel: Text)
    case cancel(channel: Text)
    case attribution(channel: Text, AttributionPolicy)
}

/// What the chair asks for.
package enum RequestedMeetingAct: Hashable, Sendable {
    case open, suspend, resume, close
    case extend(bySeconds: Int64)
    case extendUntil(Timestamp)
    /// 0 for none.
    case item(UInt8)
}

/// What SCHEDULE names; the rest stays as it is.
package struct MeetingChanges: Hashable, Sendable {
    package var start: Timestamp?
    package var end: Timestamp?
    package var zone: Text?
    package var doorsSeconds: UInt32?
    package var graceSeconds: UInt32?
    package var room: Text?
    package var platform: [Text]?
    package init() {}

    /// Whether it moves what a sitting that has begun no longer moves.
    var movesTimes: Bool { start != nil || end != nil || doorsSeconds != nil }
}

/// Codes of docs/extensions/sessions.md, "Errors".
package enum MeetingFailure: String, CaseIterable, Hashable, Sendable {
    case invalidTarget = "INVALID_TARGET"
    case noSession = "NO_SESSION"
    case privilegesNeeded = "PRIVS_NEEDED"
    case subcommandInvalid = "SUBCOMMAND_INVALID"
    case invalidParameters = "INVALID_PARAMS"
    case already = "ALREADY"
    case notOpen = "NOT_OPEN"
    case closed = "CLOSED"
    case begun = "HAS_BEGUN"
    case limitReached = "LIMIT_REACHED"
    // Attribution
    case hasHistory = "HAS_HISTORY"
    case isWebcast = "IS_WEBCAST"
    case isRelayed = "IS_RELAYED"
    case noRoll = "NO_ROLL"
}

/// Why somebody does not write in a channel at a time.
package struct MeetingRefusal: Error, Hashable, Sendable {
    package enum Code: String, CaseIterable, Hashable, Sendable {
        case notOpen = "NOT_OPEN"
        case suspended = "SUSPENDED"
        case closed = "CLOSED"
        // Attribution
        case accountRequired = "ACCOUNT_REQUIRED"
        case profileNeeded = "PROFILE_NEEDED"
        case labelsUnavailable = "LABELS_UNAVAILABLE"
        case noRelay = "NO_RELAY"
    }

    package var code: Code
    package var channel: ChannelID
    /// When it opens, of one that is not open yet.
    package var opens: Timestamp?

    package init(code: Code, channel: ChannelID, opens: Timestamp? = nil) {
        self.code = code
        self.channel = channel
        self.opens = opens
    }
}

/// What SESSION answers without a change.
package enum MeetingAnswer: Sendable {
    case list([ChannelID])
    case info(ChannelID)
    case agenda(ChannelID)
    case documents(ChannelID)
    case roll(MeetingRoll)
    /// The asker's own label, in the channel that it was given in.
    case label(ChannelID, UInt32)
}

/// Who was there while a sitting was open.
package struct MeetingRoll: Sendable {
    package struct Row: Hashable, Sendable {
        package var name: Text
        package var attendance: Attendance?
        package var hasPosted: Bool
    }

    package var channel: ChannelID
    package var count: Int
    /// For moderators; nil for others, who learn how many there were.
    package var rows: [Row]?
}
