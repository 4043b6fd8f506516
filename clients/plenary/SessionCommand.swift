// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// `plenary session`: sittings of channels.
package struct SessionCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "session", abstract: "See, open, suspend, extend or close the session of a channel.",
        discussion: """
            Examples:
              plenary session list
              plenary session info session-2023-06-23-am
              plenary session schedule seminar start=2027-02-03T09:00Z end=2027-02-03T11:00Z zone=Europe/Zurich
              plenary session open seminar          plenary session extend seminar 15m
              plenary session agenda seminar        plenary session agenda seminar set 1 en Mandate
              plenary session documents seminar     plenary session roll seminar
            Acts: list info schedule open suspend resume extend close cancel agenda document roll.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "What to do.") package var act: String
    @Argument(help: "Channel, then what the act needs.", completion: .channels) package var words: [String] =
        []

    /// For the argument library.
    package init() {}

    static let acts = [
        "list", "info", "schedule", "open", "suspend", "resume", "extend", "close", "cancel", "agenda",
        "document", "documents", "roll",
    ]

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        let act = try Acts.known(act, among: SessionCommand.acts, of: "session")
        let workplace = try Workplace(global, surroundings)
        let printer = MeetingPrinter(workplace)
        if act == "list" {
            let meetings = try await workplace.once("no sessions are listed") {
                connection async throws(ClientError) in
                try await connection.meetings()
            }
            for meeting in meetings { printer.print(meeting) }
            return meetings.isEmpty ? .nothing : .done
        }
        guard let name = words.first else {
            throw Failure(.usage, "no channel was named", "", "Write: plenary session \(act) CHANNEL")
        }
        let target = try Target.channel(name)
        return try await perform(act, Array(words.dropFirst()), target, workplace, printer)
    }

    private func perform(
        _ act: String, _ rest: [String], _ target: Target, _ workplace: Workplace, _ printer: MeetingPrinter
    ) async throws(Failure) -> ExitCode {
        let channel = target.conversation
        let what = "not done: session \(act) \(target.shown)"
        switch act {
        case "agenda" where rest.isEmpty:
            let items = try await workplace.visit(target, what) { connection async throws(ClientError) in
                try await connection.agenda(of: channel)
            }
            for item in items { printer.print(item, channel) }
            return items.isEmpty ? .nothing : .done
        case "document" where rest.isEmpty, "documents":
            let list = try await workplace.visit(target, what) { connection async throws(ClientError) in
                try await connection.documents(of: channel)
            }
            for document in list { printer.print(document, channel) }
            return list.isEmpty ? .nothing : .done
        case "roll":
            let roll = try await workplace.visit(target, what) { connection async throws(ClientError) in
                try await connection.roll(of: channel)
            }
            printer.print(roll, channel)
            return .done
        default:
            let command = try command(act, rest)
            let meeting = try await workplace.visit(target, what) {
                connection async throws(ClientError) -> Meeting? in
                if act != "info" { try await connection.changeMeeting(in: channel, command) }
                return act == "cancel" ? nil : try await connection.meeting(in: channel)
            }
            if let meeting { printer.print(meeting) }
            return .done
        }
    }

    /// The words on the wire.
    private func command(_ act: String, _ rest: [String]) throws(Failure) -> [String] {
        switch act {
        case "schedule":
            guard !rest.isEmpty else {
                throw Failure(
                    .usage, "schedule needs times", "",
                    "Write: plenary session schedule CHANNEL start=2027-02-03T09:00Z end=2027-02-03T11:00Z")
            }
            var pairs: [(key: String, value: String?)] = []
            let clock = TimeText(usesUTC: global.utc)
            for (key, value) in try Acts.pairs(rest) {
                guard key == "start" || key == "end" else {
                    pairs.append((key, value))
                    continue
                }
                guard let time = clock.moment(value, now: Timestamp(seconds: 0)) else {
                    throw Failure(.usage, "\(value) is no time", "", "Write \(key)=2027-02-03T10:00+01:00")
                }
                pairs.append((key, time.iso8601))
            }
            return ["SCHEDULE", PlenaryConnection.floorAttributes(pairs)]
        case "agenda", "document":
            // Number or symbol, language, link, and then a title of several words.
            let count = act == "agenda" ? 3 : 4
            let title = rest.dropFirst(count).joined(separator: " ")
            return [act.uppercased()] + rest.prefix(count) + (title.isEmpty ? [] : [title])
        default: return [act.uppercased()] + rest
        }
    }
}

/// Shows meetings to people or programs.
struct MeetingPrinter {
    let workplace: Workplace

    init(_ workplace: Workplace) { self.workplace = workplace }

    private func show(_ record: JSONValue, _ line: String) {
        if workplace.options.json {
            workplace.surroundings.print(record.text)
        } else {
            workplace.surroundings.print(PlainText.oneLine(line))
        }
    }

    func print(_ meeting: Meeting) {
        let title = meeting.title.isEmpty ? "" : "  \(PlainText.isolated(meeting.title))"
        let room = meeting.room.isEmpty ? "" : "  \(PlainText.isolated(meeting.room))"
        show(
            Records.meeting(meeting),
            "\(Records.name(meeting.channel))  \(meeting.state.rawValue)  "
                + "\(MeetingText.span(meeting))\(title)\(room)")
    }

    func print(_ item: AgendaItem, _ channel: String) {
        show(Records.agendaItem(item, channel: channel), "\(item.number)  \(PlainText.isolated(item.title))")
    }

    func print(_ document: MeetingDocument, _ channel: String) {
        show(
            Records.document(document, channel: channel),
            [document.symbol, PlainText.isolated(document.title), document.link ?? ""]
                .filter { !$0.isEmpty }.joined(separator: "  "))
    }

    func print(_ roll: MeetingRoll, _ channel: String) {
        if workplace.options.json { return show(Records.roll(roll, channel: channel), "") }
        for row in roll.rows {
            show(.null, "\(row.name)  \(row.presence)\(row.hasPosted ? "  posted" : "")")
        }
        let counts = roll.counts.sorted { $0.key < $1.key }
        show(.null, counts.map { "\($0.key) \($0.value)" }.joined(separator: "  "))
    }
}

/// Times of a meeting in words.
enum MeetingText {
    /// `2023-06-23 10:00–12:00 Europe/Zurich (08:00–10:00 UTC)`.
    static func span(_ meeting: Meeting) -> String {
        func clock(_ time: Timestamp, _ offset: Int) -> (day: String, time: String) {
            let text = Array(time.advanced(bySeconds: Int64(offset)).iso8601)
            return (String(text.prefix(10)), String(text[11..<16]))
        }
        let start = clock(meeting.start, meeting.utcOffsetSeconds)
        let end = clock(meeting.end, meeting.utcOffsetSeconds)
        let local = "\(start.day) \(start.time)–\(end.day == start.day ? "" : end.day + " ")\(end.time)"
        guard meeting.utcOffsetSeconds != 0 || meeting.zone != "UTC" else { return local + " UTC" }
        return
            "\(local) \(meeting.zone) (\(clock(meeting.start, 0).time)–\(clock(meeting.end, 0).time) UTC)"
    }
}
