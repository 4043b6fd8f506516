// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// SESSION (docs/extensions/sessions.md): what is asked.
extension Dialect {
    static func interpretMeetings(_ line: Line) throws(Refusal) -> [Command] {
        [.meetings(try MeetingLine(line).command())]
    }

    func renderMeeting(_ code: MeetingFailure, _ context: [Text], _ session: Session) -> Line {
        let (key, limit): (ServerText, Text) =
            switch code {
            case .invalidTarget: (.threadTargetInvalid, "")
            case .noSession: (.noSession, "")
            case .privilegesNeeded: (.threadPrivilegesNeeded, "")
            case .subcommandInvalid: (.subcommandInvalid, "")
            case .invalidParameters: (.parameterInvalid, "")
            case .already: (.alreadySo, "")
            case .notOpen: (.sessionIsNotOpen, "")
            case .closed: (.sessionIsOver, "")
            case .begun: (.sessionHasBegun, "")
            case .limitReached: (.threadLimitReached, context.last ?? "")
            case .hasHistory: (.sessionHasHistory, "")
            case .isWebcast, .isRelayed: (.sessionIsPublic, "")
            case .noRoll: (.sessionHasNoRoll, "")
            }
        return fail("SESSION", Text(code.rawValue), context, session, say: key, [.limit: limit])
    }

    /// Outside of a sitting: for sessions with standard-replies a code before the numeric that says the same. THREAD
    /// has no numeric of its own.
    func render(
        _ refusal: MeetingRefusal, _ verb: Text, _ target: Text, to session: Session, in community: Community
    ) -> [Line] {
        let meeting = community.meetings[refusal.channel]
        let said: Text
        switch refusal.code {
        case .notOpen:
            let time = refusal.opens.flatMap { opens in meeting.map { shown(opens, $0) } } ?? "*"
            said = text(.sessionOpensAt, in: session.language, [.time: time])
        case .suspended: said = text(.sessionIsSuspended, in: session.language)
        case .closed:
            if let meeting, meeting.noted == .grace {
                said = text(
                    .sessionTakesReplies, in: session.language, [.time: shown(meeting.graceEnd, meeting)])
            } else {
                said = text(.sessionIsOver, in: session.language)
            }
        case .accountRequired: said = text(.signInRequired, in: session.language)
        case .profileNeeded: said = text(.sessionNeedsProfile, in: session.language)
        case .labelsUnavailable: said = text(.sessionHasNoLabels, in: session.language)
        case .noRelay: said = text(.sessionTakesNoRelay, in: session.language)
        }
        let opens = refusal.opens.map { Text($0.iso8601) } ?? "*"
        let fail = Dialect.fitted(
            Line(
                source: facts.name, verb: "FAIL", [verb, Text(refusal.code.rawValue), target, opens, said],
                hasTrailing: true))
        if verb == "THREAD" { return [fail] }
        let numeric = numeric(.cannotSendToChannel, session, [Dialect.word(target)], said)
        return session.capabilities.contains(.standardReplies) ? [fail, numeric] : [numeric]
    }

    // MARK: Times

    /// `2023-06-23 10:00 Europe/Zurich (08:00 UTC)`: the zone's clocks first, as they are on the wall.
    func shown(_ time: Timestamp, _ meeting: Meeting) -> Text {
        let utc = Array(time.iso8601.utf8)
        guard meeting.schedule.zone != "UTC" else {
            return Text(Array(utc[..<10]) + [32] + Array(utc[11..<16])) + Text(" UTC")
        }
        let local = Array(
            time.advanced(bySeconds: Int64(meeting.schedule.utcOffsetSeconds)).iso8601.utf8)
        let clock = Text(Array(local[..<10]) + [32] + Array(local[11..<16]))
        return clock + " " + meeting.schedule.zone + " (" + Text(Array(utc[11..<16])) + " UTC)"
    }
}

/// A SESSION line's parameters on their way to a command.
private struct MeetingLine {
    private let target: Text
    private let subcommand: Text
    private let rest: [Text]

    init(_ line: Line) {
        target = line.parameters[0]
        subcommand = Text(line.parameters[1].string.uppercased())
        rest = Array(line.parameters.dropFirst(2))
    }

    private func wrong(_ text: Text) -> Refusal {
        .meeting(code: .invalidParameters, context: [text])
    }

    private func parameter(_ index: Int) throws(Refusal) -> Text {
        guard let text = rest[parameter: index], !text.isEmpty else { throw wrong(subcommand) }
        return text
    }

    /// Words from one on as one text: who types at the desk puts no colon before them.
    private func text(from index: Int) throws(Refusal) -> Text {
        _ = try parameter(index)
        return Text(rest.dropFirst(index).map(\.string).joined(separator: " "))
    }

    func command() throws(Refusal) -> MeetingCommand {
        guard target != "*" else {
            guard subcommand == "LIST" else { throw .meeting(code: .invalidTarget, context: [target]) }
            return .list
        }
        switch subcommand.string {
        case "INFO": return .info(channel: target)
        case "SCHEDULE": return .schedule(channel: target, try changes())
        case "OPEN": return .act(channel: target, .open)
        case "SUSPEND": return .act(channel: target, .suspend)
        case "RESUME": return .act(channel: target, .resume)
        case "EXTEND": return .act(channel: target, try prolongation())
        case "CLOSE": return .act(channel: target, .close)
        case "AGENDA": return try agenda()
        case "DOCUMENT": return try document()
        case "ROLL": return .roll(channel: target)
        case "CANCEL": return .cancel(channel: target)
        case "ATTRIBUTION":
            let word = try parameter(0)
            let key = Text(asciiFolded(word.bytes))
            guard let policy = AttributionPolicy.allCases.first(where: { $0.word == key }) else {
                throw wrong(word)
            }
            return .attribution(channel: target, policy)
        default: throw .meeting(code: .subcommandInvalid, context: [subcommand])
        }
    }

    /// A span, `15m`, or a time.
    private func prolongation() throws(Refusal) -> RequestedMeetingAct {
        let word = try parameter(0)
        if let time = Timestamp(iso8601: word.bytes) { return .extendUntil(time) }
        guard let seconds = ModerationLine.seconds(word), seconds > 0 else { throw wrong(word) }
        return .extend(bySeconds: Int64(seconds))
    }

    private func number(_ word: Text) throws(Refusal) -> UInt8 {
        guard let number = UInt8(word.string) else { throw wrong(word) }
        return number
    }

    private func language(_ word: Text) throws(Refusal) -> Language {
        guard let language = Language(rawValue: asciiFolded(word.bytes)) else { throw wrong(word) }
        return language
    }

    private func agenda() throws(Refusal) -> MeetingCommand {
        guard let word = rest.first else { return .agenda(channel: target) }
        switch word.string.uppercased() {
        case "SET":
            return .setItem(
                channel: target, number: try number(try parameter(1)), try language(try parameter(2)),
                title: try text(from: 3))
        case "REMOVE": return .removeItem(channel: target, number: try number(try parameter(1)))
        case "NOW": return .act(channel: target, .item(try number(try parameter(1))))
        default: throw wrong(word)
        }
    }

    private func document() throws(Refusal) -> MeetingCommand {
        guard let word = rest.first else { return .documents(channel: target) }
        switch word.string.uppercased() {
        case "SET":
            let link = try parameter(3)
            return .setDocument(
                channel: target, symbol: try parameter(1), try language(try parameter(2)),
                link: link == "*" ? nil : link == "-" ? "" : link, title: try text(from: 4))
        case "REMOVE": return .removeDocument(channel: target, symbol: try parameter(1))
        default: throw wrong(word)
        }
    }

    /// `start=2023-06-23T08:00:00Z;end=…;doors=30m`, escaped as tags are.
    private func changes() throws(Refusal) -> MeetingChanges {
        var changes = MeetingChanges()
        for attribute in try parameter(0).bytes.split(separator: 59) {
            let parts = attribute.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            let key = Text(parts[0])
            let value = LineTag(key: key.string, escapedValue: parts.count > 1 ? Text(parts[1]) : nil).value
            guard set(key, value, in: &changes) else { throw wrong(key) }
        }
        guard changes != MeetingChanges() else { throw wrong(subcommand) }
        return changes
    }

    /// False for a value that the key cannot have, and for a key that nobody knows.
    private func set(_ key: Text, _ value: Text, in changes: inout MeetingChanges) -> Bool {
        switch key.string {
        case "start":
            changes.start = Timestamp(iso8601: value.bytes)
            return changes.start != nil
        case "end":
            changes.end = Timestamp(iso8601: value.bytes)
            return changes.end != nil
        case "zone": changes.zone = value
        case "doors":
            changes.doorsSeconds = span(value)
            return changes.doorsSeconds != nil
        case "grace":
            changes.graceSeconds = span(value)
            return changes.graceSeconds != nil
        case "room": changes.room = value
        case "platform": changes.platform = value.bytes.split(separator: 44).map { Text($0) }
        default: return false
        }
        return true
    }

    private func span(_ value: Text) -> UInt32? {
        value == "0" ? 0 : ModerationLine.seconds(value).flatMap { UInt32(exactly: $0) }
    }
}
