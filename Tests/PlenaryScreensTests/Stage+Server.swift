// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// Numbers that look random and are the same in every run with the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(limit, 1), using: &self) }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// What a server holds of a place, and how it answers CHATHISTORY.
struct FakeHistory {
    /// Oldest first.
    var messages: [Message]

    /// Message number `index` of a place: its rows say which they are.
    static func message(
        _ index: Int, rows: Int = 1, in channel: String = "#practices", isHistory: Bool = true
    )
        -> Message
    {
        let text = (0..<rows).map { "m\(index)r\($0)" }.joined(separator: "\n")
        return Message(
            id: "i\(index)", time: Stage.now.advanced(bySeconds: Int64(index) - 1_000_000),
            conversation: channel,
            sender: Person(nickname: "olga.k", account: "olga.k"), text: text, isHistory: isHistory)
    }

    func page(_ query: HistoryQuery, count: Int = ScreenLimits.pageMessageCount) -> HistoryPage {
        switch query {
        case .latest: page(..<messages.count, fromEnd: true, count)
        case .older(let before): page(..<index(of: before), fromEnd: true, count)
        case .newer(let after): page((index(of: after) + 1)..., fromEnd: false, count)
        case .around(let middle):
            page(max(index(of: middle) - count / 2, 0)..., fromEnd: false, count)
        case .gap(_, let after, let before):
            page(min(index(of: after) + 1, index(of: before))..<index(of: before), fromEnd: false, count)
        }
    }

    private func page(_ range: some RangeExpression<Int>, fromEnd: Bool, _ count: Int) -> HistoryPage {
        let part = messages[range.relative(to: messages.indices)]
        return HistoryPage(
            messages: Array(fromEnd ? part.suffix(count) : part.prefix(count)), isEnd: part.count <= count)
    }

    private func index(of reference: HistoryReference) -> Int {
        switch reference {
        case .message(let id): place(of: id) ?? messages.count
        case .time(let time): messages.firstIndex { $0.time >= time } ?? messages.count
        }
    }

    /// Messages of `message(_:)` mostly stand at their number: looking there first keeps long histories quick.
    private func place(of id: String) -> Int? {
        if let number = Int(id.dropFirst()), messages.indices.contains(number), messages[number].id == id {
            return number
        }
        return messages.firstIndex { $0.id == id }
    }
}

extension Stage {
    static let practices = Place("#practices")

    /// In `#practices` with a history of so many messages, of which the newest are here.
    init(history: FakeHistory, columns: Int = 80, rows: Int = 24) {
        self.init(columns: columns, rows: rows)
        enter()
        take(.historySynced(conversation: "#practices", messageCount: 0))
        serve(history)
    }

    /// Answers what was asked of a place's history, and what is asked then.
    mutating func serve(_ history: FakeHistory, of place: Place = Stage.practices) {
        while let index = effects.firstIndex(where: { if case .load(place, _) = $0 { true } else { false } })
        {
            guard case .load(_, let query) = effects.remove(at: index) else { return }
            answer(.history(place, query, .success(history.page(query))))
        }
    }

    /// What was asked for since the last call.
    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    /// Entries that are held of the place.
    var entries: [Timeline.Entry] { model.timelines[model.place]?.entries ?? [] }

    /// The words `m12r0` that are seen in the message pane, from top to bottom.
    var seenRows: [String] {
        screen.text.split(separator: "\n").prefix(while: { !$0.contains("┴") }).flatMap { line in
            line.split(whereSeparator: { !($0.isLetter || $0.isNumber) }).filter { word in
                word.first == "m" && word.contains("r") && word.dropFirst().first?.isNumber == true
            }.map(String.init)
        }
    }

    /// Those of everything that is held.
    var heldRows: [String] {
        entries.flatMap { $0.post?.text.split(separator: "\n").map(String.init) ?? [] }
    }

    mutating func press(_ keys: [Key]) { for key in keys { press(key) } }
    mutating func paste(_ text: String) { effects += model.take(.paste(text)) }
    mutating func moderate() {
        answer(
            .members(
                channel: "#practices",
                Stage.people.map { Member(nickname: $0.name) } + [Member(nickname: "amadou.s", prefixes: "@")]
            ))
    }
}
