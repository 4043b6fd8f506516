// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire

/// Somebody on a speakers' list (docs/extensions/floor.md).
public struct FloorRequest: Sendable, Hashable {
    /// Its number in this floor, which never changes: 4 is `r4` on the wire.
    public var number: Int
    /// `statement`, `reply` or `point`.
    public var kind: String
    /// Who will speak, as the list shows it.
    public var name: String
    /// `state`, `nhri`, `ngo` …
    public var category: String
    /// The delegation's ISO 3166-1 code.
    public var delegation: String?
    /// The group or State for which it is said.
    public var onBehalf: String?
    /// `room` or `remote`.
    public var presence: String?
    /// The language, a BCP 47 tag.
    public var language: String?
    /// The agenda item.
    public var item: String?
    /// Seconds it may take; nil where the server has not told.
    public var limitSeconds: Int?

    /// Reads number, kind and attributes; nil when the number is none.
    init?(number word: String?, kind: String?, attributes: String?) {
        guard let number = word.flatMap({ FloorRequest.number($0) }) else { return nil }
        let values = Attributes.read(attributes ?? "")
        self.number = number
        self.kind = kind ?? "statement"
        name = values["name"] ?? "*"
        category = values["category"] ?? ""
        delegation = values["delegation"]
        onBehalf = values["behalf"]
        presence = values["presence"]
        language = values["lang"]
        item = values["item"]
    }

    /// `r4`.
    static func number(_ word: String) -> Int? {
        word.first == "r" ? Decimal.number(String(word.dropFirst())) : nil
    }
}

/// Who has the floor, and until when.
public struct FloorSpeaker: Sendable, Hashable {
    /// Who.
    public var request: FloorRequest
    /// Since when.
    public var granted: Timestamp
    /// When the time is up.
    public var ends: Timestamp
}

/// What somebody said from the floor.
public struct FloorStatement: Sendable, Hashable {
    /// Who.
    public var request: FloorRequest
    /// When it began.
    public var began: Timestamp
    /// How long it took.
    public var seconds: Int
}

/// A channel's speakers' list, kept up to date by the lines that tell of changes.
public struct SpeakersList: Sendable, Hashable {
    /// The channel with its `#`.
    public var channel: String
    /// `waiting`, `open`, `closed` or `cut`.
    public var state = "closed"
    /// By which rule it is ordered.
    public var policy = "first-come"
    /// Who has the floor.
    public var speaker: FloorSpeaker?
    /// Who was interrupted by a point of order.
    public var paused: FloorSpeaker?
    /// Who comes next, the next one first.
    public var entries: [FloorRequest] = []
    /// The last statements, as LIST tells them and this connection saw since; the newest last.
    public var spoken: [FloorStatement] = []

    /// An empty list.
    public init(channel: String) { self.channel = channel }

    /// Takes a FLOOR line, of an answer to LIST or of a change. Returns whether it was one of these.
    public mutating func take(_ line: ServerLine) -> Bool {
        guard line.verb == "FLOOR", let word = line.parameter(1) else { return false }
        switch word {
        case "LIST":
            self = SpeakersList(channel: line.parameter(0) ?? channel)
            state = line.parameter(2) ?? state
            policy = line.parameter(3) ?? policy
        case "SPOKEN", "PAUSED", "SPEAKER", "GRANTED", "ENDED", "EXTENDED": takeStatement(word, line)
        case "ENTRY":
            guard
                var entry = FloorRequest(
                    number: line.parameter(3), kind: line.parameter(4), attributes: line.parameter(7))
            else { return true }
            entry.limitSeconds = line.parameter(6).flatMap { Decimal.number($0) }
            entries.append(entry)
        case "REQUESTED":
            guard
                let entry = FloorRequest(
                    number: line.parameter(3), kind: line.parameter(4), attributes: line.parameter(6))
            else { return true }
            let place = line.parameter(2).flatMap { Decimal.number($0) } ?? 0
            entries.insert(entry, at: min(max(place - 1, 0), entries.count))
        case "WITHDRAWN":
            if let number = line.parameter(2).flatMap({ FloorRequest.number($0) }) { remove(number) }
        case "SWAPPED": swap(line.parameter(2), line.parameter(3))
        case "ORDER": reorder(line)
        case "ORDERED": policy = line.parameter(2) ?? policy
        case "OPENED": state = "open"
        case "CLOSED": state = "closed"
        case "CUT": state = "cut"
        default: return ["RULES", "SWAP", "PLACED", "WARNING", "TIME", "END"].contains(word)
        }
        return true
    }

    private mutating func takeStatement(_ word: String, _ line: ServerLine) {
        let number = line.parameter(2).flatMap { FloorRequest.number($0) }
        switch word {
        case "SPOKEN":
            guard let statement = FloorStatement(line) else { return }
            spoken.append(statement)
        case "PAUSED": paused = FloorSpeaker(line)
        case "SPEAKER": speaker = FloorSpeaker(line)
        case "GRANTED":
            guard let granted = FloorSpeaker(line) else { return }
            if granted.request.kind == "point", let speaker { paused = speaker }
            speaker = granted
            remove(granted.request.number)
        case "EXTENDED":
            guard let until = line.parameter(3).flatMap({ Timestamp(iso8601: $0.utf8) }),
                speaker?.request.number == number
            else { return }
            speaker?.ends = until
        default:
            if let speaker, speaker.request.number == number {
                let seconds = line.parameter(4).flatMap { Decimal.number($0) } ?? 0
                spoken.append(
                    FloorStatement(request: speaker.request, began: speaker.granted, seconds: seconds))
            }
            // The one who was interrupted goes on, with what is left of the time.
            speaker = nil
            if let paused, line.parameter(5).flatMap({ FloorRequest.number($0) }) == paused.request.number {
                speaker = paused
                if let ends = line.parameter(6).flatMap({ Timestamp(iso8601: $0.utf8) }) {
                    speaker?.ends = ends
                }
                self.paused = nil
            }
        }
    }

    private mutating func remove(_ number: Int) { entries.removeAll { $0.number == number } }

    private mutating func swap(_ one: String?, _ other: String?) {
        let places = [one, other].compactMap { word in
            word.flatMap { FloorRequest.number($0) }.flatMap { number in
                entries.firstIndex { $0.number == number }
            }
        }
        if places.count == 2, places[0] != places[1] { entries.swapAt(places[0], places[1]) }
    }

    /// `ORDER <first place> :r4 r5`: these stand from that place on.
    private mutating func reorder(_ line: ServerLine) {
        let first = line.parameter(2).flatMap { Decimal.number($0) } ?? 1
        let numbers = (line.parameter(3) ?? "").split(separator: " ").compactMap {
            FloorRequest.number(String($0))
        }
        let moved = numbers.compactMap { number in entries.first { $0.number == number } }
        var rest = entries.filter { entry in !numbers.contains(entry.number) }
        let place = min(max(first - 1, 0), rest.count)
        rest.insert(contentsOf: moved, at: place)
        entries = rest
    }
}

extension FloorSpeaker {
    /// `<channel> <word> <number> <kind> <granted> <ends> :<attributes>`.
    init?(_ line: ServerLine) {
        guard
            let request = FloorRequest(
                number: line.parameter(2), kind: line.parameter(3), attributes: line.parameter(6)),
            let granted = line.parameter(4).flatMap({ Timestamp(iso8601: $0.utf8) }),
            let ends = line.parameter(5).flatMap({ Timestamp(iso8601: $0.utf8) })
        else { return nil }
        self.init(request: request, granted: granted, ends: ends)
    }
}

extension FloorStatement {
    /// `<channel> SPOKEN <number> <kind> <granted> <seconds> :<attributes>`.
    init?(_ line: ServerLine) {
        guard
            let request = FloorRequest(
                number: line.parameter(2), kind: line.parameter(3), attributes: line.parameter(6)),
            let began = line.parameter(4).flatMap({ Timestamp(iso8601: $0.utf8) }),
            let seconds = line.parameter(5).flatMap({ Decimal.number($0) })
        else { return nil }
        self.init(request: request, began: began, seconds: seconds)
    }
}

/// Something happened to a speakers' list.
public struct FloorChange: Sendable, Hashable {
    /// In lower case: `requested`, `granted`, `ended`, `warning`, `time` …; a later server may know more.
    public var what: String
    /// The channel with its `#`.
    public var channel: String
    /// The line, for a `SpeakersList` to take.
    public var line: ServerLine
}

extension ClientSession {
    /// A FLOOR line that is no answer.
    mutating func handleFloor(_ line: ServerLine, isAnswer: Bool) {
        guard !isAnswer else { return }
        guard let channel = line.parameter(0), let word = line.parameter(1) else { return emit(.line(line)) }
        emit(.floor(FloorChange(what: word.lowercased(), channel: channel, line: line)))
    }
}

/// The floor of a channel. Every call throws `unsupported` on a server without it and `refused` with the server's
/// code when it says no.
extension PlenaryConnection {
    /// The speakers' list as it is.
    public func speakersList(of channel: String) async throws(ClientError) -> SpeakersList {
        var list = SpeakersList(channel: channel)
        for line in try await floor(channel, ["LIST"]) { _ = list.take(line) }
        return list
    }

    /// Requests, withdraws, grants …: the words of FLOOR after the channel. Returns the lines that tell what was done.
    @discardableResult
    public func floor(_ channel: String, _ words: [String]) async throws(ClientError) -> [ServerLine] {
        try require(
            session.capabilities.contains(Vendor.name + "/floor"),
            "this server has no floor (plenary.chat/floor)")
        return try await answer("FLOOR", [channel] + words).lines.filter { $0.verb == "FLOOR" }
    }

    /// A request's attributes as FLOOR takes them, those that are nil or empty left out.
    public static func floorAttributes(_ pairs: [(key: String, value: String?)]) -> String {
        Attributes.write(
            pairs.compactMap { key, value in value.flatMap { $0.isEmpty ? nil : (key: key, value: $0) } })
    }
}
