// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// The list, and each change of it, as programs read them: `FLOOR <channel> <what> …` (docs/extensions/floor.md).
extension Dialect {
    /// Request numbers of one ORDER line, so that it fits.
    private static let numbersOfOrderLine = 40
    /// Statements that LIST repeats, so that one can reply to them.
    private static let spokenOfList = 20

    private func floorLine(_ channel: Text, _ words: [Text], _ trailing: Text? = nil) -> Line {
        Dialect.fitted(
            Line(
                source: facts.name, verb: "FLOOR", [channel] + words + (trailing.map { [$0] } ?? []),
                hasTrailing: trailing != nil))
    }

    // MARK: The list

    func renderFloor(_ answer: FloorAnswer, in community: Community, now: Timestamp) -> [Line] {
        guard case .list(let id) = answer, let channel = community.channels[id] else { return [] }
        let floor = community.floors[id] ?? Floor(channel: id)
        let name = channel.name.text
        let entries = floor.published(at: now)
        var lines = [
            floorLine(
                name,
                [
                    "LIST", Dialect.state(of: floor, at: now), Text(floor.settings.policy.word),
                    Text(number: entries.count), Text(now.iso8601),
                ], Dialect.rules(floor.settings))
        ]
        for statement in floor.statements.suffix(Dialect.spokenOfList) {
            let request = statement.grant.pending.request
            lines.append(
                floorLine(
                    name,
                    [
                        "SPOKEN", Dialect.number(request), Text(request.kind.word),
                        Text(statement.grant.granted.iso8601), Text(number: statement.seconds),
                    ], Dialect.attributes(request, floor)))
        }
        if let paused = floor.interrupted { lines.append(speaker("PAUSED", paused, name, floor)) }
        if let current = floor.current { lines.append(speaker("SPEAKER", current, name, floor)) }
        for entry in entries {
            lines.append(
                floorLine(
                    name,
                    [
                        "ENTRY", Text(number: entry.position), Dialect.number(entry.request),
                        Text(entry.request.kind.word), Text(entry.time.iso8601),
                        Text(number: entry.limitSeconds),
                    ], Dialect.attributes(entry.request, floor)))
        }
        return lines + [floorLine(name, ["END", Text(number: entries.count)])]
    }

    private func speaker(_ word: Text, _ grant: FloorGrant, _ channel: Text, _ floor: Floor) -> Line {
        let request = grant.pending.request
        return floorLine(
            channel,
            [
                word, Dialect.number(request), Text(request.kind.word), Text(grant.granted.iso8601),
                Text(grant.ends.iso8601),
            ], Dialect.attributes(request, floor))
    }

    static func number(_ request: FloorRequest) -> Text { number(request.number) }
    static func number(_ number: UInt32) -> Text { Text("r\(number)") }

    static func state(of floor: Floor, at now: Timestamp) -> Text {
        if floor.isTaking(at: now) { return "open" }
        if floor.isCut { return "cut" }
        return floor.phase == .waiting ? "waiting" : "closed"
    }

    private static func rules(_ settings: FloorSettings) -> Text {
        joined(settings.pairs.map { ($0.key, Text($0.value)) })
    }

    /// `name=…;category=state;delegation=PY`: escaped as in tags, what is missing left out.
    private static func attributes(_ request: FloorRequest, _ floor: Floor) -> Text {
        var pairs: [(String, Text)] = [("name", floor.displayName(of: request))]
        pairs.append(("category", Text(request.category.word)))
        if floor.namesParties {
            if let delegation = request.delegation {
                pairs.append(("delegation", Text(delegation.description)))
            }
            if !request.behalf.isEmpty { pairs.append(("behalf", request.behalf)) }
        }
        if let attendance = request.attendance {
            pairs.append(("presence", attendance == .inPerson ? "room" : "remote"))
        }
        if let language = request.language { pairs.append(("lang", Text(language.description))) }
        if let after = request.after { pairs.append(("after", number(after))) }
        if let answers = request.answers { pairs.append(("answers", number(answers))) }
        if !request.item.isEmpty { pairs.append(("item", request.item)) }
        return joined(pairs)
    }

    private static func joined(_ pairs: [(String, Text)]) -> Text {
        Text(
            Array(
                pairs.map { Array($0.0.utf8) + [61] + LineTag.escaped($0.1.bytes) }.joined(separator: [59])))
    }

    // MARK: Changes

    /// A change as sessions with the capability are told of it, and the order behind it where it is another one than
    /// the change alone would lead to. `before` is the list as it was, `floor` as it is.
    package func renderFloor(
        _ event: FloorEvent, from before: Floor, to floor: Floor, channel: Text, now: Timestamp
    ) -> [Line] {
        [change(event, before, floor, channel, now)].compactMap { $0 }
            + order(from: expected(event, before, floor), to: floor.order, channel)
    }

    private func change(
        _ event: FloorEvent, _ before: Floor, _ floor: Floor, _ channel: Text, _ now: Timestamp
    ) -> Line? {
        let count = Text(number: floor.pending.count)
        switch event {
        case .settingsSet: return floorLine(channel, ["RULES"], Dialect.rules(floor.settings))
        case .opened:
            return floorLine(channel, ["OPENED", floor.settings.closes.map { Text($0.iso8601) } ?? "*"])
        case .closed(let event): return floorLine(channel, [event.isCut ? "CUT" : "CLOSED", count])
        case .requested(let event):
            let position = floor.order.firstIndex(of: event.request.number).map { $0 + 1 } ?? 0
            return floorLine(
                channel,
                [
                    "REQUESTED", Text(number: position), Dialect.number(event.request),
                    Text(event.request.kind.word), count,
                ], Dialect.attributes(event.request, floor))
        case .withdrawn(let event):
            return floorLine(channel, ["WITHDRAWN", Dialect.number(event.number), count])
        case .swapped(let event):
            return floorLine(
                channel,
                [event.isDone ? "SWAPPED" : "SWAP", Dialect.number(event.number), Dialect.number(event.with)])
        case .ordered(let event):
            if case .placed(let number, let after) = event.change {
                return floorLine(
                    channel, ["PLACED", Dialect.number(number), after.map { Dialect.number($0) } ?? "*"])
            }
            let seed = floor.settings.policy == .lots ? floor.settings.seed : nil
            return floorLine(
                channel,
                ["ORDERED", Text(floor.settings.policy.word), seed.map { Text(number: $0) } ?? "*"])
        case .granted:
            guard let grant = floor.current else { return nil }
            return speaker("GRANTED", grant, channel, floor)
        case .ended(let event):
            let seconds = floor.statements.last?.seconds ?? 0
            return floorLine(
                channel,
                [
                    "ENDED", Dialect.number(event.number), Text(event.ending.word), Text(number: seconds),
                    // Whose clock goes on.
                    floor.current.map { Dialect.number($0.number) } ?? "*",
                    floor.current.map { Text($0.ends.iso8601) } ?? "*",
                ])
        case .timed(let event):
            let number = Dialect.number(event.number)
            switch event.change {
            case .extended(let until): return floorLine(channel, ["EXTENDED", number, Text(until.iso8601)])
            case .warned:
                let left = floor.remainingSeconds(at: now) ?? 0
                return floorLine(channel, ["WARNING", number, Text(number: max(0, left))])
            case .timeUp: return floorLine(channel, ["TIME", number])
            }
        }
    }

    /// The order that a reader of the change alone comes to.
    private func expected(_ event: FloorEvent, _ before: Floor, _ floor: Floor) -> [UInt32] {
        var order = before.order.filter { floor.pending[$0] != nil }
        switch event {
        case .requested(let event):
            let index = floor.order.firstIndex(of: event.request.number) ?? order.count
            order.insert(event.request.number, at: min(index, order.count))
        case .swapped(let event) where event.isDone:
            if let one = order.firstIndex(of: event.number), let other = order.firstIndex(of: event.with) {
                order.swapAt(one, other)
            }
        default: break
        }
        return order
    }

    /// `ORDER <first position> :r4 r5`, from the first place that differs.
    private func order(from old: [UInt32], to new: [UInt32], _ channel: Text) -> [Line] {
        guard old != new else { return [] }
        let same = zip(old, new).prefix { $0 == $1 }.count
        return stride(from: same, to: new.count, by: Dialect.numbersOfOrderLine).map { start in
            let part = new[start..<min(start + Dialect.numbersOfOrderLine, new.count)]
            return floorLine(
                channel, ["ORDER", Text(number: start + 1)],
                Text(part.map { "r\($0)" }.joined(separator: " ")))
        }
    }
}
