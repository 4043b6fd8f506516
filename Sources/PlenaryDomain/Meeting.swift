// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// When a sitting is, and where (docs/extensions/sessions.md). Times are UTC; the zone is kept for showing.
package struct MeetingSchedule: Hashable, Sendable {
    package var start: Timestamp
    package var end: Timestamp
    /// An IANA name, `Europe/Zurich`.
    package var zone: Text
    /// What the zone's clocks are ahead of UTC at the start.
    package var utcOffsetSeconds: Int32
    /// Before the start, for reading and tests.
    package var doorsSeconds: UInt32
    /// After the end, for replies in threads.
    package var graceSeconds: UInt32
    package var room: Text
    /// Words such as `zoom`, `relay` and `webcast`.
    package var platform: [Text]

    package init(
        start: Timestamp, end: Timestamp, zone: Text = "UTC", utcOffsetSeconds: Int32 = 0,
        doorsSeconds: UInt32 = 0, graceSeconds: UInt32 = 0, room: Text = "", platform: [Text] = []
    ) {
        self.start = start
        self.end = end
        self.zone = zone
        self.utcOffsetSeconds = utcOffsetSeconds
        self.doorsSeconds = doorsSeconds
        self.graceSeconds = graceSeconds
        self.room = room
        self.platform = platform
    }

    /// Which part cannot be, by its key; nil when all can. Whether the zone exists is known to an outer layer.
    package func problem(_ limits: CommunityLimits) -> Text? {
        // Before 1970 and after 9999 no time is shown as it is.
        let range = Timestamp(seconds: 0)...Timestamp(seconds: 253_402_300_799)
        guard range.contains(start) else { return "start" }
        guard range.contains(end), limits.meetingSecondsLimits.contains(end.seconds - start.seconds) else {
            return "end"
        }
        guard doorsSeconds <= limits.doorsSecondsLimit else { return "doors" }
        guard graceSeconds <= limits.graceSecondsLimit else { return "grace" }
        guard room.isEmpty || GivenName.isValid(room.bytes, byteLimit: limits.meetingRoomByteLimit) else {
            return "room"
        }
        guard zone.isMeetingWord(byteLimit: limits.meetingZoneByteLimit) else { return "zone" }
        let isPlatform =
            platform.allSatisfy { $0.isMeetingWord(byteLimit: limits.meetingPlatformByteLimit) }
            && platform.reduce(0) { $0 + $1.byteCount + 1 } <= limits.meetingPlatformByteLimit
        return isPlatform ? nil : "platform"
    }
}

extension Text {
    /// ASCII letters, digits and `-_+/`, as in names of zones and platforms.
    fileprivate func isMeetingWord(byteLimit: Int) -> Bool {
        !isEmpty && byteCount <= byteLimit
            && bytes.allSatisfy { byte in
                switch byte {
                case 43, 45, 47, 48...57, 65...90, 95, 97...122: true
                default: false
                }
            }
    }
}

/// Where a sitting stands. The raw value is stored in snapshots.
package enum MeetingState: UInt8, CaseIterable, Hashable, Sendable {
    case scheduled = 0, doors, open, suspended, grace, closed

    /// As SESSION spells it.
    package var word: Text {
        switch self {
        case .scheduled: "scheduled"
        case .doors: "doors"
        case .open: "open"
        case .suspended: "suspended"
        case .grace: "grace"
        case .closed: "closed"
        }
    }

    /// How far a sitting has come: a pause is no step.
    var rank: Int {
        switch self {
        case .scheduled: 0
        case .doors: 1
        case .open, .suspended: 2
        case .grace: 3
        case .closed: 4
        }
    }
}

/// From when to when only moderators wrote; without an end it still holds.
package struct Suspension: Hashable, Sendable {
    package var from: Timestamp
    package var to: Timestamp?

    package init(from: Timestamp, to: Timestamp?) {
        self.from = from
        self.to = to
    }
}

/// One item of the agenda.
package struct AgendaItem: Hashable, Sendable {
    /// From 1.
    package var number: UInt8
    package var titles: [ChannelTitle]

    package init(number: UInt8, titles: [ChannelTitle]) {
        self.number = number
        self.titles = titles
    }
}

/// A document of the sitting.
package struct MeetingDocument: Hashable, Sendable {
    /// `A/HRC/50/64`.
    package var symbol: Text
    package var titles: [ChannelTitle]
    /// Where it can be read; empty when nowhere.
    package var link: Text

    package init(symbol: Text, titles: [ChannelTitle], link: Text = "") {
        self.symbol = symbol
        self.titles = titles
        self.link = link
    }
}

extension [ChannelTitle] {
    /// The title in a language, else in English, else in any.
    package func title(in language: Language) -> Text? {
        (first { $0.language == language } ?? first { $0.language == .english } ?? first)?.title
    }
}

/// The sitting of a channel: its schedule, and what the chair did with it. Durable.
package struct Meeting: Hashable, Sendable {
    package internal(set) var schedule: MeetingSchedule
    /// Set when the chair opened it before its start.
    package internal(set) var openedAt: Timestamp?
    package internal(set) var suspensions: [Suspension] = []
    package internal(set) var extendedEnd: Timestamp?
    package internal(set) var closedAt: Timestamp?
    /// Set when the chair ended the time for replies.
    package internal(set) var graceEndedAt: Timestamp?
    package internal(set) var agenda: [UInt8: AgendaItem] = [:]
    /// The item that is being dealt with; 0 for none.
    package internal(set) var currentItem: UInt8 = 0
    /// In the order given.
    package internal(set) var documents: [MeetingDocument] = []
    /// To whom what is said is attributed.
    package internal(set) var attribution = AttributionPolicy.attributed
    /// Accounts that were in the channel while it was open.
    package internal(set) var roll: Set<AccountID> = []
    /// The state that people were told of last.
    package internal(set) var noted: MeetingState
    /// Whether somebody changed it since the configuration was read into it.
    package internal(set) var isLive: Bool
    /// Whether mode `m` is the server's sign that it is not open; then it keeps nobody from writing.
    package internal(set) var holdsMode = false

    init(_ schedule: MeetingSchedule, isLive: Bool, at time: Timestamp) {
        self.schedule = schedule
        self.isLive = isLive
        noted = .scheduled
        noted = state(at: time)
    }

    // MARK: Times

    /// From here on everybody writes.
    package var opening: Timestamp { openedAt ?? schedule.start }
    /// From here on nobody begins anything.
    package var end: Timestamp { closedAt ?? extendedEnd ?? schedule.end }
    /// From here on nobody replies either.
    package var graceEnd: Timestamp {
        graceEndedAt ?? end.advanced(bySeconds: Int64(schedule.graceSeconds))
    }
    package var doors: Timestamp {
        min(schedule.start.advanced(bySeconds: -Int64(schedule.doorsSeconds)), opening)
    }

    /// Exact to the microsecond, whenever it is asked: a function of the schedule and of the chair's acts alone.
    package func state(at time: Timestamp) -> MeetingState {
        if time < doors { return .scheduled }
        if time < opening { return .doors }
        if time < end { return isSuspended(at: time) ? .suspended : .open }
        return time < graceEnd ? .grace : .closed
    }

    private func isSuspended(at time: Timestamp) -> Bool {
        suspensions.contains { $0.from <= time && $0.to.map { time < $0 } ?? true }
    }

    /// What came by itself up to a time and was told to nobody yet, in order, each with the moment it was due.
    package func due(at now: Timestamp) -> [(act: MeetingActKind, time: Timestamp)] {
        var steps: [(act: MeetingActKind, time: Timestamp)] = []
        if doors < opening { steps.append((.doors, doors)) }
        steps.append((.opened, opening))
        steps.append((.closed, end))
        if end < graceEnd { steps.append((.ended, graceEnd)) }
        return steps.filter { $0.time <= now && state(at: $0.time).rank > noted.rank }
    }

    /// The same with the state that it has at a time, whether anybody was told of it already or not.
    package func asOf(_ time: Timestamp) -> Meeting {
        var copy = self
        copy.noted = state(at: time)
        return copy
    }

    // MARK: Acts

    /// What an act makes of it.
    mutating func apply(_ act: MeetingActed) {
        if act.actor != nil {
            isLive = true
            switch act.kind {
            case .opened: openedAt = act.time
            case .suspended: suspensions.append(Suspension(from: act.time, to: nil))
            case .resumed:
                if let last = suspensions.indices.last { suspensions[last].to = act.time }
            case .extended:
                extendedEnd = act.until
                closedAt = nil
                graceEndedAt = nil
            case .closed: closedAt = act.time
            case .ended: graceEndedAt = act.time
            case .item, .doors: break
            }
        }
        if act.kind == .item { currentItem = act.item }
        noted = state(at: act.time)
    }
}
