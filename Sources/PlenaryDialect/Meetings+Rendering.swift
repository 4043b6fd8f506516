// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// SESSION (docs/extensions/sessions.md): what is told and answered. Sessions with the capability read SESSION
/// lines, all others sentences with the same facts.
extension Dialect {
    // MARK: Events

    /// What happened to a sitting, for sessions with the capability; nothing for what only the server needs.
    package func renderMeetingEvent(
        _ event: MeetingEvent, time: Timestamp, to capabilities: Capabilities, in community: Community
    ) -> [Line] {
        guard capabilities.contains(.sessions) else { return [] }
        let word: Text
        var facts: [(String, Text)] = []
        switch event {
        case .scheduled: word = "SCHEDULED"
        case .acted(let act): word = act.kind.word
        case .agendaItemSet(let event):
            word = "CHANGED"
            facts = [("what", "agenda"), ("n", Text(number: event.item.number))]
        case .documentSet(let event):
            word = "CHANGED"
            facts = [("what", "document"), ("sym", event.document.symbol)]
        case .cancelled: word = "CANCELLED"
        case .attributionSet: word = "ATTRIBUTION"
        case .attended, .remembered, .labelGiven, .labelTokens: return []
        }
        if facts.isEmpty { facts = community.meetings[event.channel].map { meetingFacts($0) } ?? [] }
        let name = community.channels[event.channel].map { Text($0.name.spelling) } ?? "*"
        return [
            Dialect.fitted(
                Line(
                    tags: eventTags(actor: event.actor, id: nil, time: time, capabilities),
                    source: event.actor?.source ?? self.facts.name, verb: "SESSION",
                    [name, word, Dialect.attributes(facts)]))
        ]
    }

    /// The same as a sentence to the channel's members on plain clients.
    package func renderMeetingNotice(
        _ event: MeetingEvent, in language: Language, _ community: Community
    ) -> [Line] {
        let meeting = community.meetings[event.channel]
        let said: Text
        switch event {
        case .scheduled(let event):
            guard let meeting else { return [] }
            said = text(
                .sessionScheduled, in: language,
                [.time: shown(event.schedule.start, meeting), .limit: shown(event.schedule.end, meeting)])
        case .acted(let act):
            guard let meeting else { return [] }
            said = sentence(of: act, meeting, language)
        case .cancelled: said = text(.sessionCancelled, in: language)
        case .attributionSet(let event): said = text(Dialect.key(of: event.policy), in: language)
        case .agendaItemSet, .documentSet, .attended, .remembered, .labelGiven, .labelTokens: return []
        }
        let name = community.channels[event.channel].map { Text($0.name.spelling) } ?? "*"
        return [
            Dialect.fitted(Line(source: facts.name, verb: "NOTICE", [name, said], hasTrailing: true))
        ]
    }

    private func sentence(of act: MeetingActed, _ meeting: Meeting, _ language: Language) -> Text {
        func say(_ key: ServerText, _ time: Timestamp) -> Text {
            text(key, in: language, [.time: shown(time, meeting)])
        }
        switch act.kind {
        case .doors: return say(.sessionDoorsOpen, meeting.opening)
        case .opened: return say(.sessionOpened, meeting.end)
        case .suspended: return text(.sessionSuspended, in: language)
        case .resumed: return say(.sessionResumed, meeting.end)
        case .extended: return say(.sessionExtended, act.until ?? meeting.end)
        case .closed:
            return meeting.noted == .grace
                ? say(.sessionTakesReplies, meeting.graceEnd) : text(.sessionClosed, in: language)
        case .ended: return text(.sessionEnded, in: language)
        case .item:
            guard let item = meeting.agenda[act.item] else { return text(.sessionNoItemNow, in: language) }
            return text(
                .sessionItemNow, in: language,
                [.count: Text(number: item.number), .title: item.titles.title(in: language) ?? ""])
        }
    }

    // MARK: Facts

    /// A sitting as the attributes of a SESSION line, the longest ones last.
    private func meetingFacts(_ meeting: Meeting) -> [(String, Text)] {
        var facts: [(String, Text)] = [
            ("st", meeting.noted.word), ("start", Text(meeting.opening.iso8601)),
            ("end", Text(meeting.end.iso8601)), ("zone", meeting.schedule.zone),
            ("off", Text(number: meeting.schedule.utcOffsetSeconds)),
            ("doors", Text(number: meeting.schedule.doorsSeconds)),
            ("grace", Text(number: meeting.schedule.graceSeconds)), ("attr", meeting.attribution.word),
        ]
        if meeting.currentItem > 0 { facts.append(("item", Text(number: meeting.currentItem))) }
        if !meeting.agenda.isEmpty { facts.append(("items", Text(number: meeting.agenda.count))) }
        if !meeting.documents.isEmpty { facts.append(("docs", Text(number: meeting.documents.count))) }
        let platform = Text(meeting.schedule.platform.map(\.string).joined(separator: ","))
        if !platform.isEmpty { facts.append(("platform", platform)) }
        if !meeting.schedule.room.isEmpty { facts.append(("room", meeting.schedule.room)) }
        return facts
    }

    static func attributes(_ facts: [(String, Text)]) -> Text {
        var bytes: [UInt8] = []
        for (key, value) in facts {
            if !bytes.isEmpty { bytes.append(59) }
            LineTag(key, value).encode(into: &bytes)
        }
        return bytes.isEmpty ? "*" : Text(bytes)
    }

    // MARK: Answers

    func render(
        _ answer: MeetingAnswer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        switch answer {
        case .list(let channels):
            let rows = channels.flatMap { renderMeeting($0, to: session, in: community, now: now) }
            return rows + [end("LIST", "*", channels.count, session)]
        case .info(let channel): return renderMeeting(channel, to: session, in: community, now: now)
        case .agenda(let channel): return renderAgenda(channel, to: session, in: community)
        case .documents(let channel): return renderDocuments(channel, to: session, in: community)
        case .roll(let roll): return renderRoll(roll, to: session, in: community)
        case .label(let channel, let number):
            let name = community.channels[channel].map { Text($0.name.spelling) } ?? "*"
            let label = Community.participantName(number)
            let said = text(.sessionYourLabel, in: session.language, [.nick: label])
            return [
                Line(
                    source: facts.name, verb: "NOTE", ["SESSION", "LABEL", name, label, said],
                    hasTrailing: true)
            ]
        }
    }

    private func end(_ code: Text, _ target: Text, _ count: Int, _ session: Session) -> Line {
        let said = text(.rowCount, in: session.language, [.count: Text(number: count)])
        return Line(
            source: facts.name, verb: "NOTE", ["SESSION", code, target, Text(number: count), said],
            hasTrailing: true)
    }

    private func sentence(_ said: Text, to session: Session) -> Line {
        Dialect.fitted(
            Line(source: facts.name, verb: "NOTICE", [session.replyName, said], hasTrailing: true))
    }

    private func renderMeeting(
        _ id: ChannelID, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        guard let channel = community.channels[id], var meeting = community.meetings[id] else { return [] }
        let name = channel.name.text
        let title = channel.title(in: session.language) ?? channel.topic?.text ?? name
        meeting = meeting.asOf(now)
        if session.capabilities.contains(.sessions) {
            return [
                Dialect.fitted(
                    Line(
                        source: facts.name, verb: "SESSION",
                        [name, "INFO", Dialect.attributes(meetingFacts(meeting)), title],
                        hasTrailing: true))
            ]
        }
        let state: Text
        switch meeting.noted {
        case .scheduled, .doors:
            state = text(.sessionOpensAt, in: session.language, [.time: shown(meeting.opening, meeting)])
        case .open:
            state = text(.sessionOpened, in: session.language, [.time: shown(meeting.end, meeting)])
        case .suspended: state = text(.sessionIsSuspended, in: session.language)
        case .grace:
            state = text(
                .sessionTakesReplies, in: session.language, [.time: shown(meeting.graceEnd, meeting)])
        case .closed: state = text(.sessionIsOver, in: session.language)
        }
        var lines = [
            sentence(
                text(
                    .sessionSummary, in: session.language,
                    [
                        .channel: name, .title: title, .time: shown(meeting.opening, meeting),
                        .limit: shown(meeting.end, meeting), .reason: state,
                    ]), to: session)
        ]
        if meeting.attribution != .attributed {
            lines.append(
                sentence(text(Dialect.key(of: meeting.attribution), in: session.language), to: session))
        }
        if !meeting.schedule.room.isEmpty {
            let room = text(.sessionRoom, in: session.language, [.target: meeting.schedule.room])
            lines.append(sentence(room, to: session))
        }
        return lines
    }

    private static func key(of policy: AttributionPolicy) -> ServerText {
        switch policy {
        case .attributed: .attributionToPeople
        case .delegation: .attributionToDelegations
        case .unattributed: .attributionToNobody
        }
    }

    private func renderAgenda(_ id: ChannelID, to session: Session, in community: Community) -> [Line] {
        guard let channel = community.channels[id], let meeting = community.meetings[id] else { return [] }
        let name = channel.name.text
        let rows = meeting.agenda.values.sorted { $0.number < $1.number }.map { item in
            let title = item.titles.title(in: session.language) ?? ""
            guard session.capabilities.contains(.sessions) else {
                return sentence(Text(number: item.number) + ". " + title, to: session)
            }
            return Dialect.fitted(
                Line(
                    source: facts.name, verb: "SESSION", [name, "AGENDA", Text(number: item.number), title],
                    hasTrailing: true))
        }
        return rows + [end("AGENDA", name, rows.count, session)]
    }

    private func renderDocuments(_ id: ChannelID, to session: Session, in community: Community) -> [Line] {
        guard let channel = community.channels[id], let meeting = community.meetings[id] else { return [] }
        let name = channel.name.text
        let rows = meeting.documents.map { document in
            let title = document.titles.title(in: session.language) ?? ""
            guard session.capabilities.contains(.sessions) else {
                let link = document.link.isEmpty ? document.link : " " + document.link
                return sentence(document.symbol + " " + title + link, to: session)
            }
            return Dialect.fitted(
                Line(
                    source: facts.name, verb: "SESSION",
                    [name, "DOCUMENT", document.symbol, document.link.isEmpty ? "*" : document.link, title],
                    hasTrailing: true))
        }
        return rows + [end("DOCUMENT", name, rows.count, session)]
    }

    private func renderRoll(_ roll: MeetingRoll, to session: Session, in community: Community) -> [Line] {
        let name = community.channels[roll.channel].map { Text($0.name.spelling) } ?? "*"
        var counts: [(String, Text)] = [("total", Text(number: roll.count))]
        var lines: [Line] = []
        if let rows = roll.rows {
            func count(_ attendance: Attendance?) -> Text {
                Text(number: rows.count { $0.attendance == attendance })
            }
            counts += [
                ("in-person", count(.inPerson)), ("remote", count(.remote)), ("unknown", count(nil)),
                ("posted", Text(number: rows.count { $0.hasPosted })),
            ]
            lines = rows.map { renderRow($0, of: name, to: session) }
        }
        let said = text(.sessionAttendance, in: session.language, [.count: Text(number: roll.count)])
        return lines + [
            Line(
                source: facts.name, verb: "NOTE",
                ["SESSION", "ROLL", name, Dialect.attributes(counts), said], hasTrailing: true)
        ]
    }

    private func renderRow(_ row: MeetingRoll.Row, of channel: Text, to session: Session) -> Line {
        guard session.capabilities.contains(.sessions) else {
            let key: ServerText =
                switch row.attendance {
                case .inPerson: .attendedInPerson
                case .remote: .attendedRemotely
                case nil: .attendedUnknown
                }
            let spoke = row.hasPosted ? Text(", ") + text(.hasSpoken, in: session.language) : ""
            return sentence(row.name + ": " + text(key, in: session.language) + spoke, to: session)
        }
        return Line(
            source: facts.name, verb: "SESSION",
            [
                channel, "ROLL", row.name, row.attendance.map { Text($0.word) } ?? "unknown",
                row.hasPosted ? "posted" : "-",
            ])
    }
}
