// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Synchronization
import Testing

/// The promise in words (docs/DURABILITY.md): "A message whose echo the sender has received survives
/// SIGKILL"; "History never contains a message nobody sent, and never the same client message twice";
/// numbers without gap. A server in its own process is killed again and again under load.
///
/// 200 kills instead of 20 when `PLENARY_SOAK` is set.
@Suite(.serialized) struct CrashTests {
    /// Small, so that segments are sealed and snapshots written in every life of the server.
    private static let segmentByteCount = 32 << 10
    private static let clientCount = 5

    @Test func nothingAcknowledgedIsLostHoweverOftenTheServerIsKilled() async throws {
        let killCount = getenv("PLENARY_SOAK") == nil ? 20 : 200
        let seed =
            getenv("PLENARY_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 1...1 << 40)
        print("crash test: seed \(seed), \(killCount) kills; repeat with PLENARY_SEED=\(seed)")
        var numbers = CrashNumbers(state: seed)
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        try await prepare(data)
        let journal = CrashJournal(clientCount: CrashTests.clientCount)
        let clients = try LoopbackClients()
        for round in 1...killCount {
            let victim = try Victim(dataDirectory: data, segmentByteCount: CrashTests.segmentByteCount)
            let address = victim.address
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<CrashTests.clientCount {
                    let writer = CrashWriter(index: index, journal: journal, clients: clients, isLast: false)
                    group.addTask { try await writer.run(address) }
                }
                // Half of the deaths come by the clock, half after so many echoes, some before the first.
                let isByTime = numbers.next() % 2 == 0
                if isByTime {
                    try await Task.sleep(for: .milliseconds(Int64(numbers.next() % 400)))
                } else {
                    await journal.waitForEchoes(Int(numbers.next() % 1500))
                }
                victim.kill()
                try await group.waitForAll()
            }
            let found = try CrashLog(data)
            #expect(journal.faults(found) == [], "seed \(seed), kill \(round)")
        }
        try await finish(data, killCount, journal, clients, seed)
        await clients.shutdown()
    }

    /// A test that cannot fail proves nothing: each kind of fault, planted, is found.
    @Test func theCheckerFindsEveryKindOfFault() {
        let journal = CrashJournal(clientCount: 1)
        let entries = (0..<3).map { _ in journal.add(0) }
        for entry in entries { _ = journal.echo(0, text: entry.text, id: "i" + entry.token, time: "now") }
        let whole = entries.map { (text: $0.text, token: $0.token, time: "now") }
        func found(_ messages: [(text: String, token: String, time: String)]) -> [String] {
            journal.faults(CrashLog(messages: messages))
        }
        #expect(found(whole) == [])
        #expect(found(Array(whole.dropLast())).count == 1)
        #expect(found(whole + [(text: "c0-7 x", token: "t7", time: "now")]).count == 1)
        #expect(found(whole + [whole[2]]).contains { $0.hasPrefix("twice") })
        #expect(found([whole[1], whole[0], whole[2]]).contains { $0.hasPrefix("reordered") })
        #expect(found([whole[0], whole[1], (text: whole[2].text, token: "t2", time: "later")]).count == 1)
        #expect(journal.echo(0, text: entries[0].text, id: "another", time: "now") != nil)
    }

    /// Accounts and a lasting channel, made by a server without sockets.
    private func prepare(_ data: String) async throws {
        var configuration = ServerConfiguration.unthrottled(dataDirectory: data)
        configuration.segmentByteCount = CrashTests.segmentByteCount
        configuration.allowsAnyFileSystem = true
        configuration.channels = [ChannelConfiguration(name: "load", titles: [])]
        let server = try await Transport.memory.start(configuration, clock: nil)
        for index in 0..<CrashTests.clientCount {
            let reply = await server.administer(
                .accountAdd(
                    name: Text("c\(index)"), role: .member, isBot: false,
                    password: try Transcript.hash(Array("correct horse".utf8))))
            if case .refused(let refusal) = reply { throw VictimError("\(refusal)") }
        }
        try await server.stop()
    }

    /// After the last death: everything is sent again, the server stops in order, and history and log
    /// agree on every message.
    private func finish(
        _ data: String, _ killCount: Int, _ journal: CrashJournal, _ clients: LoopbackClients, _ seed: UInt64
    ) async throws {
        let victim = try Victim(dataDirectory: data, segmentByteCount: CrashTests.segmentByteCount)
        let address = victim.address
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<CrashTests.clientCount {
                let writer = CrashWriter(index: index, journal: journal, clients: clients, isLast: true)
                group.addTask { try await writer.run(address) }
            }
            try await group.waitForAll()
        }
        let history = try await CrashReader(clients: clients).wholeHistory(address)
        #expect(victim.stop() == 0, "seed \(seed): SIGTERM ends the server in order")
        let found = try CrashLog(data)
        #expect(journal.faults(found) == [], "seed \(seed), at the end")
        let counts = journal.counts
        #expect(counts.unknown == 0, "seed \(seed): every message has its echo in the end")
        #expect(found.messages.count == counts.sent, "seed \(seed)")
        #expect(history.map(\.text) == found.messages.map(\.text), "seed \(seed): history and log")
        #expect(journal.disagreements(history) == [], "seed \(seed): ids and times of history and echoes")
        #expect(counts.sent > 200, "seed \(seed): too little load to prove anything")
        let segments = TemporaryDirectory.names(in: data + "/log").count { $0.hasSuffix(".seg") }
        // Every start begins a segment; the rest began because one was full.
        #expect(segments > killCount + 2, "seed \(seed): nothing was rotated")
        print("crash test: \(counts.sent) messages, \(segments) segments")
    }
}

/// What one death left on the disk.
struct CrashLog {
    /// Stored messages in the log's order.
    var messages: [(text: String, token: String, time: String)] = []
    var faults: [String] = []

    init(messages: [(text: String, token: String, time: String)]) { self.messages = messages }

    init(_ data: String) throws {
        var next: UInt64?
        try dump(directory: data) { logged in
            // P3: numbers rise by exactly one, without gap or reuse.
            if let next, logged.offset.value != next {
                faults.append("number \(logged.offset.value) where \(next) was due")
            }
            next = logged.offset.value + 1
            if case .messagePosted(let message) = logged.event {
                messages.append(
                    (
                        message.lines.map(\.text.string).joined(), message.clientToken?.string ?? "",
                        logged.time.iso8601
                    ))
            }
        }
    }
}

/// A seeded sequence (Steele and others, "SplitMix64").
struct CrashNumbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
