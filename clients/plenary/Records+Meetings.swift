// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// Sessions and the floor.
extension Records {
    /// `meeting`: the session of a channel.
    package static func meeting(_ meeting: Meeting) -> JSONValue {
        record(
            "meeting",
            [
                ("channel", .string(name(meeting.channel))), ("title", .string(meeting.title)),
                ("state", .string(meeting.state.rawValue)), ("start", .string(meeting.start.iso8601)),
                ("end", .string(meeting.end.iso8601)), ("zone", .string(meeting.zone)),
                ("utc_offset", .integer(Int64(meeting.utcOffsetSeconds))), ("room", .string(meeting.room)),
                ("platforms", .array(meeting.platforms.map { .string($0) })),
                ("item", .number(meeting.item)), ("attribution", .string(meeting.attribution)),
            ])
    }

    /// `agenda_item`.
    package static func agendaItem(_ item: AgendaItem, channel: String) -> JSONValue {
        record(
            "agenda_item",
            [
                ("channel", .string(name(channel))), ("number", .integer(Int64(item.number))),
                ("title", .string(item.title)),
            ])
    }

    /// `document`: of a session.
    package static func document(_ document: MeetingDocument, channel: String) -> JSONValue {
        record(
            "document",
            [
                ("channel", .string(name(channel))), ("symbol", .string(document.symbol)),
                ("link", .optional(document.link)), ("title", .string(document.title)),
            ])
    }

    /// `roll`: who took part.
    package static func roll(_ roll: MeetingRoll, channel: String) -> JSONValue {
        let people = roll.rows.map { row -> JSONValue in
            .object([
                ("name", .string(row.name)), ("presence", .string(row.presence)),
                ("posted", .bool(row.hasPosted)),
            ])
        }
        let counts = roll.counts.sorted { $0.key < $1.key }.map {
            ($0.key, JSONValue.integer(Int64($0.value)))
        }
        return record(
            "roll",
            [
                ("channel", .string(name(channel))), ("counts", .object(counts)), ("people", .array(people)),
            ])
    }

    /// `floor`: a speakers' list.
    package static func floor(_ list: SpeakersList, now: Timestamp) -> JSONValue {
        func person(_ request: FloorRequest) -> [(String, JSONValue)] {
            [
                ("number", .integer(Int64(request.number))), ("kind", .string(request.kind)),
                ("name", .string(request.name)), ("category", .string(request.category)),
                ("delegation", .optional(request.delegation)), ("on_behalf", .optional(request.onBehalf)),
                ("presence", .optional(request.presence)), ("item", .optional(request.item)),
            ]
        }
        let speaker = list.speaker.map { speaker -> JSONValue in
            .object(
                person(speaker.request) + [
                    ("granted", .string(speaker.granted.iso8601)), ("ends", .string(speaker.ends.iso8601)),
                    ("seconds_left", .integer(speaker.ends.seconds - now.seconds)),
                ])
        }
        let spoken = list.spoken.map { statement -> JSONValue in
            .object(
                person(statement.request) + [
                    ("began", .string(statement.began.iso8601)),
                    ("seconds", .integer(Int64(statement.seconds))),
                ])
        }
        return record(
            "floor",
            [
                ("channel", .string(name(list.channel))), ("state", .string(list.state)),
                ("policy", .string(list.policy)), ("speaker", speaker ?? .null),
                ("list", .array(list.entries.map { .object(person($0)) })), ("spoken", .array(spoken)),
            ])
    }
}
