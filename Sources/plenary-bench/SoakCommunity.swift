// SPDX-License-Identifier: Apache-2.0

import CPlenaryBench
import Glibc
import PlenaryClient
import PlenaryDomain
import PlenaryLog
import Synchronization

/// One server under a mixed load for hours.
struct SoakCommunity {
    /// How many come, look and leave again.
    private static let visitorCount = 6
    /// How many ask and hardly read.
    private static let slowReaderCount = 10

    let name: String
    private let bench: Bench
    private let place: String
    private let journal = SoakJournal()
    private let members: SoakMembers
    private let writerCount: Int
    private var child: Child
    private var isRunning = true
    private var slowReaders: [SlowReader]
    private var tasks: [Task<Void, Never>] = []
    private var killCount = 0
    private var longestStart = 0.0
    private(set) var samples: [SoakSample] = []

    init(_ name: String, _ bench: Bench, _ seed: UInt64, writerCount: Int, _ pace: SoakPace) throws {
        self.name = name
        self.bench = bench
        place = bench.directory + "/" + name
        let seeded = try SeededAccounts(
            at: place, count: writerCount + SoakCommunity.visitorCount, channelCount: 13, .certificate)
        child = try bench.serve(place, ports: (0, 0), offersSearch: true)
        members = SoakMembers(
            bench: bench, seeded: seeded, port: child.tlsPort, journal: journal,
            pace: pace, seed: seed)
        slowReaders = (0..<SoakCommunity.slowReaderCount).map {
            SlowReader(number: $0, channels: seeded.channels)
        }
        self.writerCount = writerCount
    }

    mutating func begin() {
        let members = members
        for index in 0..<writerCount { tasks.append(Task { await members.write(index) }) }
        for index in 0..<SoakCommunity.visitorCount {
            let visitor = writerCount + index
            tasks.append(Task { await members.visit(visitor) })
        }
    }

    /// Once a second.
    mutating func tick() {
        for index in slowReaders.indices { slowReaders[index].tick(port: child.port) }
    }

    /// The moment before a kill is sampled: all servers sampled are of one age.
    mutating func killAndStart(after seconds: Double) throws {
        sample(after: seconds)
        child.kill()
        killCount += 1
        child = try bench.serve(place, ports: (child.port, child.tlsPort), offersSearch: true)
        longestStart = max(longestStart, child.secondsToReady)
    }

    mutating func sample(after seconds: Double) {
        samples.append(
            SoakSample(
                child.process, after: seconds, memory: process_memory(child.process),
                latencies: journal.takeLatencies()))
        say(after: seconds)
    }

    func say(after seconds: Double) {
        let counts = journal.counts
        var words = "\(name) \(Int(seconds)) s: posted \(counts.posted), acknowledged \(counts.acknowledged)"
        if let last = samples.last, last.seconds == seconds {
            words += ", memory \(Int(last.memoryKiB)) KiB, descriptors \(Int(last.descriptors)), threads "
            words += "\(Int(last.threads)), p50 \(Measurement.text(last.p50 * 1e3)) ms, p99 "
            words += "\(Measurement.text(last.p99 * 1e3)) ms"
        }
        print(words)
        fflush(nil)
    }

    var summary: String {
        let counts = journal.counts
        let closed = slowReaders.reduce(0) { $0 + $1.closedCount }
        return "\(counts.posted) posted, \(counts.acknowledged) acknowledged, \(counts.deeds) other deeds, "
            + "\(counts.refused) refused, \(counts.visits) visits, \(closed) slow readers closed, "
            + "\(killCount) kills, longest start \(Measurement.text(longestStart)) s"
    }

    /// Everybody leaves, the server stops in order, and its log is compared with what was acknowledged.
    mutating func end() async throws -> [String] {
        members.end()
        for task in tasks { await task.value }
        isRunning = false
        try child.stop()
        var found = SoakLog()
        try dump(directory: place) { found.take($0) }
        return (found.faults + journal.faults(found)).map { "\(name): \($0)" }
    }

    /// After a fault of the run itself: no server stays behind.
    func abandon() { if isRunning { child.kill() } }
}

/// What was posted and acknowledged, kept by the load, which nobody kills.
final class SoakJournal: Sendable {
    struct Counts {
        var posted = 0
        var acknowledged = 0
        var refused = 0
        var deeds = 0
        var visits = 0
    }

    private struct State {
        var counts = Counts()
        var latencies: [Double] = []
        /// Writer and number of each acknowledged message; numbers of one writer rise.
        var acknowledged: [SoakLog.Key] = []
        var posted: Set<SoakLog.Key> = []
    }

    private let state = Mutex(State())

    var counts: Counts { state.withLock { $0.counts } }

    func post(_ key: SoakLog.Key) {
        state.withLock {
            $0.counts.posted += 1
            $0.posted.insert(key)
        }
    }

    func acknowledge(_ key: SoakLog.Key, seconds: Double) {
        state.withLock {
            $0.counts.acknowledged += 1
            $0.acknowledged.append(key)
            $0.latencies.append(seconds)
        }
    }

    func refuse(_ what: String, _ error: any Error) {
        let count = state.withLock {
            $0.counts.refused += 1
            return $0.counts.refused
        }
        if count <= 20 { Bench.say("\(what): \(error)") }
    }

    func deed() { state.withLock { $0.counts.deeds += 1 } }
    func visit() { state.withLock { $0.counts.visits += 1 } }

    func takeLatencies() -> [Double] {
        state.withLock { state in
            defer { state.latencies.removeAll(keepingCapacity: true) }
            return state.latencies
        }
    }

    func faults(_ found: SoakLog) -> [String] {
        state.withLock { state in
            let stored = Set(found.messages)
            let lost = state.acknowledged.filter { !stored.contains($0) }
            let phantoms = stored.subtracting(state.posted)
            return lost.prefix(10).map { "lost: \($0)" } + phantoms.prefix(10).map { "never posted: \($0)" }
        }
    }
}

/// What a server's log has in the end.
struct SoakLog {
    struct Key: Hashable, CustomStringConvertible {
        let writer: Int
        let number: Int
        var description: String { "w\(writer)-\(number)" }

        init(writer: Int, number: Int) {
            self.writer = writer
            self.number = number
        }

        /// Of a message's text, which begins with it.
        init?(_ text: String) {
            let parts = text.prefix { $0 != " " }.dropFirst().split(separator: "-").compactMap { Int($0) }
            guard text.hasPrefix("w"), parts.count == 2 else { return nil }
            self.init(writer: parts[0], number: parts[1])
        }
    }

    private(set) var messages: [Key] = []
    private(set) var faults: [String] = []
    private var newest: [Int: Int] = [:]
    private var next: UInt64?

    mutating func take(_ logged: LoggedEvent) {
        if let next, logged.offset.value != next {
            fault("number \(logged.offset.value) where \(next) was due")
        }
        next = logged.offset.value + 1
        guard case .messagePosted(let message) = logged.event else { return }
        let text = message.lines.map(\.text.string).joined()
        guard let key = Key(text) else { return fault("never posted: \(text)") }
        if let before = newest[key.writer], before >= key.number {
            fault(before == key.number ? "twice: \(key)" : "reordered: \(key) after \(before)")
        }
        newest[key.writer] = key.number
        messages.append(key)
    }

    private mutating func fault(_ words: String) { if faults.count < 20 { faults.append(words) } }
}
