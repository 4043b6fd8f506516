// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// The list and its changes as people on plain clients read them: sentences in their language, from the desk.
extension Dialect {
    /// Whom a sentence about a change is for.
    package enum FloorReader: Sendable {
        /// Whoever did it, at the desk.
        case actor
        /// Whose request or turn it is.
        case subject
        case member

        var isSubject: Bool { if case .subject = self { true } else { false } }
        var isMember: Bool { if case .member = self { true } else { false } }
    }

    /// What a plain session is told of a change; nil when it does not concern it. `before` is the list as it was.
    package func renderFloorNotice(
        _ event: FloorEvent, from before: Floor, to floor: Floor, channel: Text, now: Timestamp,
        for reader: FloorReader, to session: Session
    ) -> Line? {
        guard
            let sentence = sentence(event, before, floor, channel, now, reader, session.language)
        else { return nil }
        return deskNotice(sentence, to: session)
    }

    private func sentence(
        _ event: FloorEvent, _ before: Floor, _ floor: Floor, _ channel: Text, _ now: Timestamp,
        _ reader: FloorReader, _ language: Language
    ) -> Text? {
        func say(_ key: ServerText, _ values: KeyValuePairs<Placeholder, Text> = [:]) -> Text {
            channel + ": " + text(key, in: language, values)
        }
        func who(_ number: UInt32) -> Text {
            before.request(number).map { Dialect.described($0, before) } ?? Dialect.number(number)
        }
        let isSubject = reader.isSubject
        let isMember = reader.isMember
        switch event {
        case .opened: return say(.floorOpened, [.channel: channel])
        case .closed(let event):
            let count = Text(number: floor.pending.count)
            if !event.isCut { return say(.floorClosed, [.count: count]) }
            return say(isSubject ? .floorCutYou : .floorCut)
        case .requested(let event) where !isMember:
            let position = floor.order.firstIndex(of: event.request.number).map { $0 + 1 } ?? 0
            return say(
                event.request.account == nil ? .floorEntered : .floorYourNumber,
                [
                    .target: event.request.account == nil
                        ? Dialect.described(event.request, floor) : Dialect.number(event.request),
                    .count: Text(number: position),
                ])
        case .withdrawn(let event) where !isMember: return say(.floorWithdrawn, [.target: who(event.number)])
        case .swapped(let event) where !isMember:
            guard !event.isDone else {
                return say(.floorSwapped, [.target: who(event.number), .nick: who(event.with)])
            }
            guard isSubject else { return say(.floorSwapSent, [.target: who(event.with)]) }
            let command = "/msg plenary floor " + channel + " swap " + Dialect.number(event.number)
            return say(.floorSwapProposed, [.target: who(event.number), .command: command])
        case .ordered where !isMember:
            return say(.floorOrdered, [.title: Text(floor.settings.policy.word)])
        case .settingsSet where !isMember: return say(.floorRulesSet)
        case .granted:
            guard let grant = floor.current else { return nil }
            let time = Dialect.minutes(grant.remainingSeconds(at: grant.granted))
            if isSubject { return say(.floorYours, [.time: time]) }
            let speaker = Dialect.described(grant.pending.request, floor)
            return say(.floorGiven, [.target: speaker, .time: time])
        case .ended(let event) where !isMember:
            let seconds = floor.statements.last?.seconds ?? 0
            return say(.floorEnded, [.target: who(event.number), .time: Dialect.minutes(seconds)])
        case .timed(let event):
            let left = max(0, floor.remainingSeconds(at: now) ?? 0)
            switch event.change {
            case .timeUp: return say(.floorTimeUp, [.target: who(event.number)])
            case .warned: return isSubject ? say(.floorSecondsLeft, [.seconds: Text(number: left)]) : nil
            case .extended where isMember: return nil
            case .extended:
                return say(.floorTimeLeft, [.target: who(event.number), .time: Dialect.minutes(left)])
            }
        case .requested, .withdrawn, .swapped, .ordered, .settingsSet, .ended: return nil
        }
    }

    /// LIST at the desk: who speaks, who waits, one a line.
    func renderFloorAtDesk(
        _ answer: FloorAnswer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        guard case .list(let id) = answer, let channel = community.channels[id] else { return [] }
        let floor = community.floors[id] ?? Floor(channel: id)
        let entries = floor.published(at: now)
        var facts = [Dialect.state(of: floor, at: now), Text(floor.settings.policy.word)]
        if let opens = floor.settings.opens { facts.append("open " + Dialect.minute(of: opens)) }
        if let closes = floor.settings.closes { facts.append("close " + Dialect.minute(of: closes)) }
        let head = text(
            .floorListHead, in: session.language,
            [
                .channel: channel.name.text, .count: Text(number: entries.count),
                .title: Text(Array(facts.map(\.bytes).joined(separator: [44, 32]))),
            ])
        var rows = [head]
        if let current = floor.current {
            rows.append(
                text(
                    .floorTimeLeft, in: session.language,
                    [
                        .target: Dialect.described(current.pending.request, floor),
                        .time: Dialect.minutes(max(0, current.remainingSeconds(at: now))),
                    ]))
        }
        for entry in entries {
            let who = Dialect.described(entry.request, floor)
            rows.append(
                Text("\(entry.position). ") + who + " "
                    + Dialect.minutes(Int64(entry.limitSeconds)) + " [" + Dialect.number(entry.request) + "]")
        }
        return rows.map { deskNotice($0, to: session) }
    }

    /// `PY, amina (Group of Friends)`
    private static func described(_ request: FloorRequest, _ floor: Floor) -> Text {
        var described = floor.displayName(of: request)
        guard floor.namesParties else { return described }
        if let delegation = request.delegation { described = Text(delegation.description) + ", " + described }
        return request.behalf.isEmpty ? described : described + " (" + request.behalf + ")"
    }

    /// `3:00`
    private static func minutes(_ seconds: Int64) -> Text {
        let rest = seconds % 60
        return Text("\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)")
    }
}

extension Floor {
    /// The request with a number, whether it waits, speaks or has spoken.
    fileprivate func request(_ number: UInt32) -> FloorRequest? {
        pending[number]?.request ?? spoken.last { $0.number == number }?.pending.request
    }
}
