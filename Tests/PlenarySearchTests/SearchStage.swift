// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import PlenaryDomain
import PlenarySearch
import PlenaryTerms
import Synchronization

/// A log in memory and the index over it, used synchronously by one test.
final class SearchStage: Sendable {
    static let logID: [UInt8] = Array(1...16)
    static let channel = ChannelID(1)

    let directory: String
    private let log = Mutex<[LoggedEvent]>([])
    private let current = Mutex<SearchIndex?>(nil)
    let problems = Mutex<[String]>([])
    /// Stretches that were read from the log.
    let stretches = Mutex(0)
    /// What happens while a stretch is on its way, once each, the last first.
    let whileReading = Mutex<[@Sendable () -> Void]>([])
    /// Whether the log can be read.
    let isReadable = Mutex(true)

    init(_ texts: [String] = []) throws {
        directory = NSTemporaryDirectory() + "plenary-search-test-\(UInt64.random(in: .min ... .max))"
        for text in texts { append(SearchStage.message(text)) }
        try open()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { directory + "/search.sqlite" }
    var index: SearchIndex {
        guard let index = current.withLock({ $0 }) else { preconditionFailure("the index is open") }
        return index
    }
    var events: [LoggedEvent] { log.withLock { $0 } }

    func open(logID: [UInt8] = SearchStage.logID, searchMilliseconds: Int = 10_000) throws {
        let made = try SearchIndex.open(
            directory: directory, logID: logID, source: { [weak self] in self?.read($0, $1, $2) },
            onProblem: { [weak self] problem in
                self?.problems.withLock { $0.append(problem.description) }
            }, searchMilliseconds: searchMilliseconds)
        current.withLock { $0 = made }
    }

    func close() {
        let done = DispatchSemaphore(value: 0)
        index.close { done.signal() }
        done.wait()
    }

    private func read(
        _ offset: Offset, _ limit: Int, _ then: @Sendable (SearchIndex.Stretch?) -> Void
    ) {
        stretches.withLock { $0 += 1 }
        guard isReadable.withLock({ $0 }) else { return then(nil) }
        let (events, end) = log.withLock { log in
            (Array(log.drop { $0.offset < offset }.prefix(min(limit, 300))), log.last?.offset.next)
        }
        let next = events.last?.offset.next ?? max(offset, end ?? offset)
        whileReading.withLock { $0.popLast() }?()
        then(SearchIndex.Stretch(events: events, next: next, isAtEnd: next >= end ?? offset))
    }

    /// Appends to the log without a word to the index.
    @discardableResult
    func append(_ event: Event, at seconds: Int64? = nil) -> LoggedEvent {
        log.withLock { log in
            let offset = log.last?.offset.next ?? Offset(0)
            let time =
                seconds.map { Timestamp(seconds: $0) }
                ?? Timestamp(microseconds: 1_700_000_000_000_000 + Int64(offset.value) * 1_000_000)
            let logged = LoggedEvent(offset: offset, time: time, event: event)
            log.append(logged)
            return logged
        }
    }

    /// Appends, tells the index, and gives the offset.
    @discardableResult
    func post(_ event: Event) -> Offset {
        let logged = append(event)
        index.note([logged])
        return logged.offset
    }

    @discardableResult
    func post(_ text: String) -> Offset { post(SearchStage.message(text)) }

    /// Waits until the index has everything.
    @discardableResult
    func settle(to end: Offset = Offset(0)) -> Offset {
        let done = DispatchSemaphore(value: 0)
        let reached = Mutex(Offset(0))
        index.whenCaughtUp(to: end) { offset in
            reached.withLock { $0 = offset }
            done.signal()
        }
        done.wait()
        return reached.withLock { $0 }
    }

    func page(_ query: SearchQuery) throws -> SearchPage {
        let done = DispatchSemaphore(value: 0)
        let answer = Mutex<Result<SearchPage, SearchError>?>(nil)
        index.search(query) { result in
            answer.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = answer.withLock({ $0 }) else { throw SearchError.closed }
        return try result.get()
    }

    /// Everything that a text finds in the channel, by rising offset.
    func find(_ text: String, _ change: (inout SearchQuery) -> Void = { _ in }) throws -> [UInt64] {
        var query = SearchQuery(
            scope: .channel(SearchStage.channel), terms: try SearchText.parse(Text(text)), limit: 50)
        change(&query)
        return try all(query)
    }

    /// Every page of a query, by rising offset.
    func all(_ query: SearchQuery) throws -> [UInt64] {
        var query = query
        var found: [UInt64] = []
        while true {
            let page = try page(query)
            found += page.offsets.map(\.value)
            guard !page.isComplete, let last = page.offsets.last else { return found.reversed() }
            query.beforeOffset = last
        }
    }

    static func actor(_ account: UInt32? = 7) -> Actor {
        Actor(
            source: "ann!a@cloak.example", account: account.map { AccountID($0) },
            accountName: account.map { Text("account\($0)") })
    }

    static func message(
        _ text: String, in conversation: Conversation = .channel(SearchStage.channel),
        by account: UInt32? = 7,
        thread: UInt32 = 0, tags: String = "", kind: MessageKind = .privateMessage
    ) -> Event {
        .messagePosted(
            MessagePosted(
                conversation: conversation, target: "#lobby", kind: kind, actor: actor(account),
                clientTags: Text(tags),
                lines: text.split(separator: "\n").map { MessageLine(Text(String($0))) },
                thread: ThreadID(thread)))
    }
}

/// A repeatable stream of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
