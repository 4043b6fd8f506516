// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// FLOOR (docs/extensions/floor.md).
extension Dialect {
    static func interpretFloor(_ line: Line) throws(Refusal) -> [Command] {
        let words = line.parameters
        guard let channel = words.first else { throw .needMoreParameters(verb: "FLOOR") }
        return [.floor(FloorCommand(channel: channel, deed: try FloorLine(channel, words).deed()))]
    }

    func render(floor code: FloorFailure, _ context: [Text], _ session: Session) -> Line {
        let opens = code == .notOpen ? context.last.flatMap { Timestamp(iso8601: $0.bytes) } : nil
        let key: ServerText =
            switch code {
            case .invalidTarget: .threadTargetInvalid
            case .privilegesNeeded: .threadPrivilegesNeeded
            case .accountRequired: .signInRequired
            case .subcommandInvalid: .subcommandInvalid
            case .invalidParameters: .parameterInvalid
            case .notOpen: opens == nil ? .floorNotOpen : .floorOpensAt
            case .listClosed: .floorListClosed
            case .already: .floorAlready
            case .limitReached: .floorTooMany
            case .noSuchEntry: .floorNoSuchEntry
            case .notYours: .floorNotYours
            case .floorTaken: .floorIsTaken
            case .nobodySpeaks: .floorNobodySpeaks
            case .repliesUsed: .floorRepliesUsed
            case .rateLimited: .rateLimited
            case .noNames: .floorNamesNobody
            }
        let last = context.last ?? ""
        return fail(
            "FLOOR", Text(code.rawValue), context, session, say: key,
            [.limit: last, .seconds: last, .time: opens.map { Dialect.minute(of: $0) } ?? ""])
    }

    /// `2023-06-23 07:45 UTC`
    static func minute(of time: Timestamp) -> Text {
        let iso = Array(time.iso8601.utf8)
        return Text(iso[..<10] + [32] + iso[11..<16] + Array(" UTC".utf8))
    }
}

/// The parameters of one FLOOR line.
private struct FloorLine {
    let channel: Text
    let words: [Text]

    init(_ channel: Text, _ words: [Text]) {
        self.channel = channel
        self.words = words
    }

    func failure(_ code: FloorFailure, _ context: Text) -> Refusal {
        .floor(code: code, context: [channel, context])
    }

    private func word(_ index: Int) throws(Refusal) -> Text {
        guard let word = words[parameter: index] else { throw .needMoreParameters(verb: "FLOOR") }
        return word
    }

    private func number(_ index: Int) throws(Refusal) -> FloorNumber {
        let word = try word(index)
        guard let number = FloorNumber(word) else { throw failure(.invalidParameters, word) }
        return number
    }

    /// nil for the word that stands for none.
    private func number(_ index: Int, orWord none: String) throws(Refusal) -> FloorNumber? {
        guard let word = words[parameter: index], asciiFolded(word.bytes) != none else { return nil }
        return try number(index)
    }

    func deed() throws(Refusal) -> FloorDeed {
        guard let subcommand = words[parameter: 1] else { return .list }
        switch asciiFolded(subcommand.bytes) {
        case "list": return .list
        case "request": return .request(try wish(from: 2))
        case "reply":
            let statement = try word(2)
            return .reply(to: statement.bytes == [42] ? nil : try number(2), try wish(from: 3))
        case "point": return .point(try wish(from: 2))
        case "withdraw": return .withdraw(words.count > 2 ? try number(2) : nil)
        case "swap": return .swap(try number(2))
        case "grant": return .grant(try number(2, orWord: "next"))
        case "yield": return .yield
        case "stop": return .stop
        case "extend":
            let seconds = try word(2)
            guard let count = FloorSettings.seconds(seconds.string) else {
                throw failure(.invalidParameters, seconds)
            }
            return .extend(seconds: count)
        case "open": return .open
        case "reopen": return .reopen
        case "close": return .close
        case "cut": return .cut
        case "order": return try order()
        case "draw":
            let seed = try word(2)
            guard let number = UInt64(seed.string) else { throw failure(.invalidParameters, seed) }
            return .draw(seed: number)
        case "policy": return .settings(try pairs(from: 2))
        default: throw failure(.subcommandInvalid, subcommand)
        }
    }

    /// A policy, or a number and the one that it is to follow.
    private func order() throws(Refusal) -> FloorDeed {
        let word = try word(2)
        if let number = FloorNumber(word) {
            _ = try self.word(3)
            return .place(number, after: try self.number(3, orWord: "*"))
        }
        guard let policy = FloorPolicy(word: word.string) else { throw failure(.invalidParameters, word) }
        return .order(policy)
    }

    /// `a=b;c=d`, values escaped as in tags. Words that spaces part are one text: people type so.
    private func pairs(from index: Int) throws(Refusal) -> [FloorPair] {
        let text = words.dropFirst(index).map(\.bytes).joined(separator: [32])
        var pairs: [FloorPair] = []
        for attribute in Array(text).split(separator: 59) {
            let trimmed = attribute.drop { $0 == 32 }
            guard !trimmed.isEmpty else { continue }
            let parts = trimmed.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            let key = Text(parts[0])
            guard parts.count == 2 else { throw failure(.invalidParameters, key) }
            let value = LineTag(key: key.string, escapedValue: Text(parts[1])).value
            guard !value.isEmpty else { throw failure(.invalidParameters, key) }
            pairs.append(FloorPair(key: key, value: value))
        }
        return pairs
    }

    private func wish(from index: Int) throws(Refusal) -> FloorWish {
        var wish = FloorWish()
        for pair in try pairs(from: index) {
            guard set(pair, in: &wish) else { throw failure(.invalidParameters, pair.key) }
        }
        return wish
    }

    private func set(_ pair: FloorPair, in wish: inout FloorWish) -> Bool {
        let value = pair.value
        switch pair.key.string {
        case "item": wish.item = value
        case "behalf": wish.behalf = value
        case "name": wish.name = value
        case "category":
            wish.category = FloorCategory(word: value.string)
            return wish.category != nil
        case "delegation":
            wish.delegation = CountryCode(value.bytes)
            return wish.delegation != nil
        case "region":
            wish.region = RegionalGroup(word: value.string)
            return wish.region != nil
        case "lang":
            wish.language = LanguageTag(value.bytes)
            return wish.language != nil
        case "presence":
            let isRoom = asciiFolded(value.bytes) == "room"
            wish.attendance = isRoom ? .inPerson : Attendance(word: value.string)
            return wish.attendance != nil
        case "after":
            wish.after = FloorNumber(value)
            return wish.after != nil
        default: return false
        }
        return true
    }
}
