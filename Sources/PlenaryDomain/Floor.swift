// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A request on the list.
package struct FloorPending: Hashable, Sendable {
    package var request: FloorRequest
    package var time: Timestamp
    /// Who entered it.
    package var actor: Actor
    package var place: FloorPlace
}

/// Somebody has the floor.
package struct FloorGrant: Hashable, Sendable {
    package var pending: FloorPending
    package var granted: Timestamp
    package var ends: Timestamp
    package var isVoiced: Bool
    package var isWarned: Bool
    package var isTimeTold: Bool
    /// How long points of order held it up.
    package var pausedMicroseconds: Int64
    package var actor: Actor

    package var number: UInt32 { pending.request.number }

    /// Whole seconds to the end, rounded up; below 0 when it is over.
    package func remainingSeconds(at now: Timestamp) -> Int64 {
        let left = ends.microseconds.subtractingReportingOverflow(now.microseconds)
        guard !left.overflow else { return 0 }
        return left.partialValue > 0
            ? Timestamp(microseconds: left.partialValue &+ 999_999).seconds
            : Timestamp(microseconds: left.partialValue).seconds
    }

    /// Seconds for which somebody spoke until then, without points of order, rounded; never below 0.
    package func spokenSeconds(until end: Timestamp) -> Int64 {
        let spoken = end.microseconds &- granted.microseconds &- pausedMicroseconds
        return max(0, Timestamp(microseconds: spoken &+ 500_000).seconds)
    }
}

/// Somebody had the floor.
package struct FloorStatement: Hashable, Sendable {
    package var grant: FloorGrant
    package var ended: Timestamp
    package var ending: FloorEnding
    /// Who ended it.
    package var actor: Actor

    package var seconds: Int64 { grant.spokenSeconds(until: ended) }
}

/// A row of the published list.
package struct FloorEntry: Hashable, Sendable {
    /// From 1 without a gap, through all three queues.
    package var position: Int
    package var request: FloorRequest
    package var time: Timestamp
    package var limitSeconds: UInt32
    /// When it is this one's turn at the earliest, if all before use their time.
    package var expected: Timestamp
}

/// Minutes at the floor are counted by these together.
package struct FloorShare: Hashable, Sendable {
    package var category: FloorCategory
    package var region: RegionalGroup?
    package var attendance: Attendance?
}

/// The speakers' list of one channel: a value that follows from its events alone.
package struct Floor: Hashable, Sendable {
    package let channel: ChannelID
    package internal(set) var settings = FloorSettings()
    package internal(set) var phase = FloorPhase.waiting
    package internal(set) var phaseTime = Timestamp(microseconds: 0)
    package internal(set) var phaseActor: Actor?
    package internal(set) var isCut = false
    /// Who waits, by number.
    package internal(set) var pending: [UInt32: FloorPending] = [:]
    /// Who proposed to swap with whom, by number.
    package internal(set) var proposals: [UInt32: FloorSwapped] = [:]
    package internal(set) var current: FloorGrant?
    /// Whose statement a point of order interrupts.
    package internal(set) var interrupted: FloorGrant?
    /// Who had the floor since the list was opened, in the order of ending.
    package internal(set) var statements: [FloorStatement] = []
    package internal(set) var nextNumber: UInt32 = 1

    package init(channel: ChannelID) { self.channel = channel }

    // MARK: Reading

    /// Whether the list takes requests.
    package func isTaking(at now: Timestamp) -> Bool {
        let isOver = settings.closes.map { $0 <= now } ?? false
        switch phase {
        case .waiting: return !isOver && settings.opens.map { $0 <= now } ?? false
        case .open: return !isOver
        case .closed: return false
        }
    }

    /// Seconds left to whoever has the floor; below 0 when they are over, nil when nobody has it.
    package func remainingSeconds(at now: Timestamp) -> Int64? { current?.remainingSeconds(at: now) }

    /// The one place in which a speaker's name for others is made.
    package func displayName(of request: FloorRequest) -> Text { request.name }

    /// Whether lines and lists may say for whom somebody speaks. It goes with the names.
    package var namesParties: Bool { true }

    /// Who waits, in the order in which they will speak: the same requests and rules give the same list. `now` counts
    /// for the expected times alone.
    package func published(at now: Timestamp) -> [FloorEntry] {
        var entries: [FloorEntry] = []
        var start = max(now, current?.ends ?? now)
        if let interrupted {
            start = start.advanced(bySeconds: max(0, interrupted.remainingSeconds(at: now)))
        }
        var replies = replyCounts
        for pending in ordered {
            let limit = limitSeconds(of: pending.request, &replies)
            entries.append(
                FloorEntry(
                    position: entries.count + 1, request: pending.request, time: pending.time,
                    limitSeconds: limit, expected: start))
            start = start.advanced(bySeconds: Int64(limit))
        }
        return entries
    }

    /// Numbers of the requests, in the order of the published list.
    package var order: [UInt32] { ordered.map(\.request.number) }

    /// Everybody who had the floor, with whoever has it, last.
    package var spoken: [FloorGrant] {
        statements.map(\.grant) + [interrupted, current].compactMap { $0 }
    }

    /// Seconds at the floor since the list was opened, by category, region and presence, without names.
    package func spokenSeconds(at now: Timestamp) -> [FloorShare: Int64] {
        var seconds: [FloorShare: Int64] = [:]
        func add(_ request: FloorRequest, _ count: Int64) {
            let share = FloorShare(
                category: request.category, region: request.region, attendance: request.attendance)
            seconds[share, default: 0] += count
        }
        for statement in statements { add(statement.grant.pending.request, statement.seconds) }
        if let interrupted, let current {
            add(interrupted.pending.request, interrupted.spokenSeconds(until: current.granted))
        }
        if let current { add(current.pending.request, current.spokenSeconds(until: now)) }
        return seconds
    }

    // MARK: Time of one request

    /// Replies given so far, by party.
    private var replyCounts: [FloorParty: Int] {
        var counts: [FloorParty: Int] = [:]
        for grant in spoken where grant.pending.request.kind == .reply {
            counts[grant.pending.request.party, default: 0] += 1
        }
        return counts
    }

    private func limitSeconds(of request: FloorRequest, _ replies: inout [FloorParty: Int]) -> UInt32 {
        switch request.kind {
        case .statement: return settings.seconds(of: request.category)
        case .pointOfOrder: return settings.pointSeconds
        case .reply:
            let index = replies[request.party, default: 0]
            replies[request.party] = index + 1
            // Fewer replies may be allowed by now than when it was asked for.
            return settings.replySeconds.dropFirst(index).first ?? settings.replySeconds.last
                ?? settings.seconds(of: request.category)
        }
    }

    /// Seconds that a request would be given now.
    func limitSeconds(of request: FloorRequest) -> UInt32 {
        var replies = replyCounts
        return limitSeconds(of: request, &replies)
    }

    /// Replies that a party has had, or waits for.
    func replyCount(of party: FloorParty) -> Int {
        replyCounts[party, default: 0]
            + pending.values.count { $0.request.kind == .reply && $0.request.party == party }
    }
}

extension FloorEvent {
    /// Whether it concerns two people alone: a proposal to swap.
    package var isBetweenTwo: Bool {
        if case .swapped(let event) = self { return !event.isDone }
        return false
    }
}

extension Floor {
    /// Accounts whose own turn or request an event is about, in the list as it was before it.
    package func subjects(of event: FloorEvent) -> Set<AccountID> {
        func holder(_ number: UInt32) -> FloorPending? {
            pending[number]
                ?? [current, interrupted].compactMap { $0?.pending }.first {
                    $0.request.number == number
                }
        }
        switch event {
        case .requested(let event): return Set([event.request.account].compactMap { $0 })
        case .withdrawn(let event): return Set([holder(event.number)?.request.account].compactMap { $0 })
        case .granted(let event): return Set([holder(event.number)?.request.account].compactMap { $0 })
        case .timed(let event): return Set([holder(event.number)?.request.account].compactMap { $0 })
        case .swapped(let event):
            // Of a person without an account, whoever entered the request answers for it.
            return Set(
                [event.number, event.with].compactMap { number in
                    holder(number).flatMap { $0.request.account ?? $0.actor.account }
                })
        case .closed(let event) where event.isCut:
            return Set(
                pending.values.filter { $0.request.kind == .statement }.compactMap(\.request.account))
        case .settingsSet, .opened, .closed, .ordered, .ended: return []
        }
    }
}
