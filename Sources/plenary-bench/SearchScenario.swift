// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Glibc
import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Synchronization

/// The full-text index by itself: no server, no network. There is no reference beside it.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Building, size, queries and lag of the search index.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Messages in the index.") var messages: UInt64 = 1_000_000
    @Option(help: "Queries of each kind.") var queries = 400
    @Option(help: "A text whose paragraphs are among the messages.")
    var text = "Tests/seed/founding-document.txt"

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        let paragraphs = Bench.lines(of: text)
        if paragraphs.isEmpty { Bench.say("\(text) cannot be read: the messages are of made words alone") }
        try bench.search(
            BenchMessages(paragraphs: paragraphs), messageCount: messages, queryCount: queries)
    }
}

extension Bench {
    /// Lines that are not empty; none when the file cannot be read.
    static func lines(of path: String) -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return bytes[..<count].split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func search(_ messages: BenchMessages, messageCount: UInt64, queryCount: Int) throws {
        let place = directory + "/search"
        let feed = SearchFeed(messages, messageCount)
        let began = Child.now()
        let index = try SearchIndex.open(directory: place, logID: [1], source: feed.read)
        wait { done in index.whenCaughtUp { _ in done() } }
        let seconds = Child.now() - began - feed.seconds
        var building = Measurement("search, building", [("messages", "\(messageCount)")])
        wait { index.close(then: $0) }
        let reopening = Child.now()
        let again = try SearchIndex.open(directory: place, logID: [1], source: feed.read)
        building.ours = [
            [
                ("messages_per_s", Double(messageCount) / seconds),
                ("index_bytes_per_message", Double(Bench.byteCount(of: place)) / Double(messageCount)),
                ("text_bytes_per_message", Double(feed.byteCount) / Double(messageCount)),
                ("opening_ms", (Child.now() - reopening) * 1e3),
            ]
        ]
        report(building)
        for kind in SearchKind.allCases {
            try report(searches(kind, again, messageCount, queryCount))
        }
        try report(lag(again, feed, queryCount))
        wait { again.close(then: $0) }
    }

    /// One query after the other, each with words of one language and a scope of its own.
    private func searches(
        _ kind: SearchKind, _ index: SearchIndex, _ messageCount: UInt64, _ queryCount: Int
    ) throws -> Measurement {
        var random = BenchRandom(seed: 42)
        var times: [Double] = []
        var (foundCount, failureCount) = (0, 0)
        for _ in 0..<queryCount {
            let query = try kind.query(&random)
            let began = Child.now()
            let answer = Mutex<Result<SearchPage, SearchError>?>(nil)
            wait { done in
                index.search(query) { result in
                    answer.withLock { $0 = result }
                    done()
                }
            }
            times.append((Child.now() - began) * 1e3)
            switch answer.withLock({ $0 }) {
            case .success(let page): foundCount += page.offsets.isEmpty ? 0 : 1
            default: failureCount += 1
            }
        }
        times.sort()
        func percentile(_ share: Double) -> Double { Measurement.percentile(share, of: times) }
        var measurement = Measurement("search", [("query", "\"\(kind.rawValue)\"")])
        measurement.ours = [
            [
                ("p50_ms", percentile(0.5)), ("p95_ms", percentile(0.95)), ("p99_ms", percentile(0.99)),
                ("max_ms", times.last ?? 0), ("found_share", Double(foundCount) / Double(queryCount)),
                ("failed", Double(failureCount)),
            ]
        ]
        return measurement
    }

    /// A thousand messages a second, ten at a time, for ten seconds: how long after it was noted each can be found.
    private func lag(_ index: SearchIndex, _ feed: SearchFeed, _ queryCount: Int) throws -> Measurement {
        let (rate, step) = (1_000, 10)
        var noted: [Double] = []
        var lags: [Double] = []
        let first = index.indexedUpTo.value
        let began = Child.now()
        while lags.count < rate * 10 {
            let now = Child.now()
            let due = min(rate * 10, Int((now - began) * Double(rate)) / step * step)
            if noted.count < due {
                let events = feed.append(first + UInt64(noted.count)..<first + UInt64(due))
                noted += events.map { _ in Child.now() }
                index.note(events)
            }
            let indexed = Int(clamping: index.indexedUpTo.value - first)
            while lags.count < indexed { lags.append((now - noted[lags.count]) * 1e3) }
            usleep(500)
        }
        lags.sort()
        var measurement = Measurement("search, lag", [("messages_per_s", "\(rate)")])
        measurement.ours = [
            [
                ("p50_ms", Measurement.percentile(0.5, of: lags)),
                ("p99_ms", Measurement.percentile(0.99, of: lags)),
                ("max_ms", lags.last ?? 0),
            ]
        ]
        return measurement
    }

    private func wait(_ body: (@escaping @Sendable () -> Void) -> Void) {
        let done = DispatchSemaphore(value: 0)
        body { done.signal() }
        done.wait()
    }
}

/// What the index reads from: messages made when they are asked for.
private final class SearchFeed: Sendable {
    private struct State {
        var end: UInt64
        var seconds = 0.0
        var byteCount = 0
    }

    private let messages: BenchMessages
    private let state: Mutex<State>

    init(_ messages: BenchMessages, _ count: UInt64) {
        self.messages = messages
        state = Mutex(State(end: count))
    }

    /// Spent on making messages, which is not the index's work.
    var seconds: Double { state.withLock { $0.seconds } }
    var byteCount: Int { state.withLock { $0.byteCount } }

    func read(_ offset: Offset, _ limit: Int, _ then: @Sendable (SearchIndex.Stretch?) -> Void) {
        let began = Child.now()
        let end = state.withLock { $0.end }
        let events = (offset.value..<max(offset.value, min(end, offset.value + UInt64(limit)))).map(
            messages.event)
        let byteCount = events.reduce(0) { total, event in
            guard case .messagePosted(let message) = event.event else { return total }
            return total + (message.lines.first?.text.byteCount ?? 0)
        }
        let next = Offset(offset.value + UInt64(events.count))
        state.withLock { state in
            state.seconds += Child.now() - began
            state.byteCount += byteCount
        }
        then(SearchIndex.Stretch(events: events, next: next, isAtEnd: next.value >= end))
    }

    /// More of the log.
    func append(_ range: Range<UInt64>) -> [LoggedEvent] {
        state.withLock { $0.end = range.upperBound }
        return range.map(messages.event)
    }
}

/// What is asked.
private enum SearchKind: String, CaseIterable {
    case frequent = "two frequent words"
    case mixed = "a frequent and a rare word"
    case rare = "two rare words"
    case drawn = "two words as often as they are said"
    case phrase = "a phrase of two frequent words"
    case channel = "two frequent words in one channel"
    case author = "a frequent word by one of 1,000 authors"
    case symbol = "a document symbol"
    case beginning = "a beginning of three letters"
    case letter = "one letter with a star"

    /// Two words of one language, in 30 of 100 channels.
    func query(_ random: inout BenchRandom) throws -> SearchQuery {
        let language = BenchLanguage.all[Int.random(in: 0..<BenchLanguage.all.count, using: &random)]
        func frequent() -> String { language.words[Int.random(in: 0..<20, using: &random)] }
        func rare() -> String { language.words[Int.random(in: 2_000..<20_000, using: &random)] }
        let all = (0..<UInt32(BenchMessages.channelCount)).shuffled(using: &random)
        var query = SearchQuery(
            scope: .everywhere(channels: Set(all.prefix(30).map { ChannelID($0) }), directOf: AccountID(5)))
        let text: String
        switch self {
        case .frequent: text = frequent() + " " + frequent()
        case .mixed: text = frequent() + " " + rare()
        case .rare: text = rare() + " " + rare()
        case .drawn: text = language.word(&random) + " " + language.word(&random)
        case .phrase: text = "\"\(frequent())\(language.separator)\(frequent())\""
        case .channel:
            text = frequent() + " " + frequent()
            query.scope = .channel(ChannelID(all[0]))
        case .author:
            text = frequent()
            query.author = AccountID(UInt32.random(in: 0..<UInt32(BenchMessages.authorCount), using: &random))
        case .beginning: text = String(frequent().prefix(3))
        case .letter: text = String(frequent().prefix(1)) + "*"
        case .symbol:
            text = "A/HRC/\(Int.random(in: 0..<60, using: &random))/\(Int.random(in: 0..<97, using: &random))"
        }
        query.terms = try SearchText.parse(Text(text))
        return query
    }
}
