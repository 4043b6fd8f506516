// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryServer
import PlenaryTerms

/// What a zone's clocks are ahead of UTC at a time; nil for a name that is not in the tables of zones (IANA).
@Sendable package func zoneOffset(_ zone: Text, _ time: Timestamp) -> Int32? {
    timeZone(zone.string).map { Int32(clamping: offset(of: $0, atSeconds: time.seconds)) }
}

/// The zone of an IANA name. Foundation makes zones of other words as well, `GMT+2` and abbreviations.
private func timeZone(_ name: String) -> TimeZone? {
    guard name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name) else { return nil }
    return TimeZone(identifier: name)
}

private func offset(of zone: TimeZone, atSeconds seconds: Int64) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
}

/// What a time on a wall is in UTC.
enum WallTime: Equatable {
    case one(Timestamp)
    /// Clocks were put forward over it.
    case missing
    /// Clocks were put back over it.
    case twice

    /// `local` is the wall's time as if it were UTC.
    init(_ local: Timestamp, in zone: TimeZone) {
        // Clocks are changed by some hours at most, so what holds a day before and after is all that can hold.
        let offsets = Set([-86_400, 86_400].map { offset(of: zone, atSeconds: local.seconds + $0) })
        let moments = offsets.map { local.advanced(bySeconds: -Int64($0)) }.filter { moment in
            let seconds = Int64(offset(of: zone, atSeconds: moment.seconds))
            return moment.advanced(bySeconds: seconds) == local
        }
        guard let first = moments.first else {
            self = .missing
            return
        }
        self = moments.count > 1 ? .twice : .one(first)
    }
}

/// Reads the `session:` of a channel in `community.yaml`.
struct MeetingReader {
    let file: String
    var findings = FindingList()
    private var start: (text: String, position: FilePosition)?
    private var end: (text: String, position: FilePosition)?
    private var zone: (text: String, position: FilePosition)?
    private var schedule = MeetingSchedule(start: Timestamp(seconds: 0), end: Timestamp(seconds: 0))
    private var agenda: [AgendaItem] = []
    private var documents: [MeetingDocument] = []
    private var attribution = AttributionPolicy.attributed
    private var floor: [ConfigurationNode.Entry] = []
    private let limits = CommunityLimits()

    init(file: String) { self.file = file }

    private static let keys = [
        "start", "end", "zone", "doors", "grace", "room", "platform", "documents", "agenda",
        "attribution", "floor",
    ]

    mutating func read(_ node: ConfigurationNode) -> MeetingConfiguration? {
        guard case .mapping(let entries) = node.content else {
            findings.error(file, node.position, "session: expected start, end and zone, found \(node.kind)")
            return nil
        }
        for entry in entries { readKey(entry) }
        guard let start, let end, let zone else {
            let given = [("start", start == nil), ("end", end == nil), ("zone", zone == nil)]
            let missing = given.filter(\.1).map(\.0).joined(separator: ", ")
            findings.error(file, node.position, "this session has no \(missing)")
            return nil
        }
        guard let known = timeZone(zone.text) else {
            findings.error(
                file, zone.position,
                "zone: \"\(shortened(zone.text))\" is no time zone; expected a name such as Europe/Zurich")
            return nil
        }
        guard let from = moment("start", start, known), let to = moment("end", end, known) else { return nil }
        schedule.start = from
        schedule.end = to
        schedule.zone = Text(zone.text)
        schedule.utcOffsetSeconds = Int32(clamping: offset(of: known, atSeconds: from.seconds))
        if let problem = schedule.problem(limits) {
            let seconds = limits.meetingSecondsLimits
            let said =
                problem == "end"
                ? "a session lasts from \(seconds.lowerBound) to \(seconds.upperBound) seconds"
                : "\(problem) is not possible"
            findings.error(file, node.position, "session: \(said)")
            return nil
        }
        var meeting = MeetingConfiguration(schedule: schedule)
        meeting.agenda = agenda
        meeting.documents = documents
        meeting.attribution = attribution
        meeting.floor = floorSettings(start: from)
        let isPublic = schedule.platform.contains("webcast") || schedule.platform.contains("relay")
        if attribution != .attributed, isPublic {
            findings.error(
                file, node.position,
                "attribution: \(attribution.word) cannot be kept where platform has webcast or relay")
        }
        return meeting
    }

    private mutating func readKey(_ entry: ConfigurationNode.Entry) {
        switch entry.key {
        case "start": start = value(entry)
        case "end": end = value(entry)
        case "zone": zone = value(entry)
        case "doors": schedule.doorsSeconds = span(entry, limit: limits.doorsSecondsLimit)
        case "grace": schedule.graceSeconds = span(entry, limit: limits.graceSecondsLimit)
        case "room":
            guard let (text, position) = value(entry) else { return }
            if !GivenName.isValid(Array(text.utf8), byteLimit: limits.meetingRoomByteLimit) {
                findings.error(
                    file, position, "room: expected at most \(limits.meetingRoomByteLimit) bytes to read")
            }
            schedule.room = Text(text)
        case "platform": schedule.platform = words(entry)
        case "documents": readDocuments(entry)
        case "agenda": readAgenda(entry)
        case "floor":
            guard case .mapping(let entries) = entry.node.content else {
                findings.error(
                    file, entry.node.position,
                    "floor: expected rules such as open: -15m, found \(entry.node.kind)")
                return
            }
            floor = entries
        case "attribution":
            guard let (text, position) = value(entry) else { return }
            let words = AttributionPolicy.allCases.map(\.word.string)
            guard let policy = AttributionPolicy.allCases.first(where: { $0.word.string == text }) else {
                findings.error(
                    file, position,
                    "attribution: expected \(words.joined(separator: ", ")), found \(entry.node.kind)")
                return
            }
            attribution = policy
        default:
            let hint = nearestName(to: entry.key, in: MeetingReader.keys).map { "; did you mean \"\($0)\"?" }
            let known = hint ?? "; it knows \(MeetingReader.keys.joined(separator: ", "))"
            findings.error(
                file, entry.position, "unknown key \"\(shortened(entry.key))\" in a session\(known)")
        }
    }

    /// The rules of the speakers' list, with its times counted from the session's start; nil where there are none.
    private mutating func floorSettings(start: Timestamp) -> FloorSettings? {
        guard !floor.isEmpty else { return nil }
        var settings = FloorSettings()
        for entry in floor {
            guard let (text, position) = value(entry) else { continue }
            if settings.set(entry.key, to: text, start: start) { continue }
            findings.error(
                file, position,
                "floor: \(shortened(entry.key)) cannot be \"\(shortened(text))\"; it knows open, close, order, "
                    + "reply, and limit.state, limit.other and so on")
        }
        return settings
    }

    private mutating func value(_ entry: ConfigurationNode.Entry) -> (text: String, position: FilePosition)? {
        guard case .value(let text, _) = entry.node.content else {
            findings.error(
                file, entry.node.position, "\(entry.key): expected a value, found \(entry.node.kind)")
            return nil
        }
        return (text, entry.node.position)
    }

    private mutating func span(_ entry: ConfigurationNode.Entry, limit: UInt32) -> UInt32 {
        guard let (text, position) = value(entry) else { return 0 }
        let units = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        guard let seconds = quantity(text, units: units), let span = UInt32(exactly: seconds), span <= limit
        else {
            findings.error(
                file, position, "\(entry.key): expected 0 to \(limit)s as 30m or 2h, found \(entry.node.kind)"
            )
            return 0
        }
        return span
    }

    private mutating func words(_ entry: ConfigurationNode.Entry) -> [Text] {
        if case .value(let text, _) = entry.node.content { return [Text(text)] }
        guard case .list(let items) = entry.node.content else {
            findings.error(
                file, entry.node.position, "\(entry.key): expected words, found \(entry.node.kind)")
            return []
        }
        return items.compactMap { item in
            if case .value(let text, _) = item.content { return Text(text) }
            findings.error(file, item.position, "\(entry.key): expected a word, found \(item.kind)")
            return nil
        }
    }

    /// `2023-06-23 10:00` on the zone's clocks, with seconds or without.
    private mutating func moment(
        _ key: String, _ written: (text: String, position: FilePosition), _ zone: TimeZone
    ) -> Timestamp? {
        let (text, position) = written
        let form = text.replacingOccurrences(of: " ", with: "T")
        guard let local = Timestamp(iso8601: Array((form + (form.utf8.count == 16 ? ":00Z" : "Z")).utf8))
        else {
            findings.error(
                file, position, "\(key): expected a time as 2023-06-23 10:00, found \"\(shortened(text))\"")
            return nil
        }
        switch WallTime(local, in: zone) {
        case .one(let moment): return moment
        case .missing:
            findings.error(
                file, position,
                "\(key): clocks of \(zone.identifier) are put forward over \(shortened(text)): "
                    + "there is no such time")
        case .twice:
            findings.error(
                file, position,
                "\(key): clocks of \(zone.identifier) are put back over \(shortened(text)): "
                    + "it comes twice, so choose another")
        }
        return nil
    }

    // MARK: Lists

    private mutating func titles(_ node: ConfigurationNode) -> [ChannelTitle] {
        let limit = limits.meetingTitleByteLimit
        return readTitles(node, file: file, findings: &findings) { language, text in
            GivenName.isValid(Array(text.utf8), byteLimit: limit)
                ? nil : "\(language): expected a title of at most \(limit) bytes"
        }
    }

    private mutating func readAgenda(_ entry: ConfigurationNode.Entry) {
        guard case .list(let items) = entry.node.content, items.count <= limits.agendaItemCountLimit else {
            findings.error(
                file, entry.node.position,
                "agenda: expected a list of at most \(limits.agendaItemCountLimit) items, "
                    + "found \(entry.node.kind)")
            return
        }
        for (index, item) in items.enumerated() {
            let titles = titles(item)
            if titles.isEmpty {
                findings.error(file, item.position, "this item has no title")
            } else {
                agenda.append(AgendaItem(number: UInt8(clamping: index + 1), titles: titles))
            }
        }
    }

    private mutating func readDocuments(_ entry: ConfigurationNode.Entry) {
        let limit = limits.meetingDocumentCountLimit
        guard case .list(let items) = entry.node.content, items.count <= limit else {
            findings.error(
                file, entry.node.position,
                "documents: expected a list of at most \(limit) symbols, found \(entry.node.kind)")
            return
        }
        for item in items {
            var document = MeetingDocument(symbol: "", titles: [])
            switch item.content {
            case .value(let text, _): document.symbol = Text(text)
            case .mapping(let entries):
                for part in entries { readPart(part, &document) }
            case .list, .nothing:
                findings.error(file, item.position, "expected a document's symbol, found \(item.kind)")
                continue
            }
            if let problem = document.problem(limits) {
                findings.error(
                    file, item.position, "\"\(shortened(problem.string))\" is no symbol or link of a document"
                )
            } else if documents.contains(where: { $0.symbol == document.symbol }) {
                findings.error(file, item.position, "\(document.symbol) is there twice")
            } else {
                documents.append(document)
            }
        }
    }

    private mutating func readPart(_ entry: ConfigurationNode.Entry, _ document: inout MeetingDocument) {
        switch entry.key {
        case "symbol": document.symbol = value(entry).map { Text($0.text) } ?? ""
        case "link": document.link = value(entry).map { Text($0.text) } ?? ""
        case "titles": document.titles = titles(entry.node)
        default:
            findings.error(
                file, entry.position,
                "unknown key \"\(shortened(entry.key))\" in a document; it knows symbol, link, titles")
        }
    }
}
