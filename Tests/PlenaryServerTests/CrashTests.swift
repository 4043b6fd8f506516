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
    private static let isSoak = getenv("PLENARY_SOAK") != nil
    private static let clientCount = isSoak ? 20 : 5

    @Test func nothingAcknowledgedIsLostHoweverOftenTheServerIsKilled() async throws {
        let killCount = CrashTests.isSoak ? 200 : 20
        let seed =
            getenv("PLENARY_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 1...1 << 40)
        print("crash test: seed \(seed), \(killCount) kills; repeat with PLENARY_SEED=\(seed)")
        var numbers = SeededNumbers(state: seed)
        let directory = try TemporaryDirectory()
        let data = directory.path + "/data"
        try await prepare(data)
        let journal = CrashJournal(clientCount: CrashTests.clientCount)
        let clients = try LoopbackClients()
        var readyTimes: [Duration] = []
        for round in 1...killCount {
            let began = ContinuousClock.now
            let victim = try Victim(dataDirectory: data, segmentByteCount: CrashTests.segmentByteCount)
            readyTimes.append(ContinuousClock.now - began)
            let address = victim.address
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<CrashTests.clientCount {
                    let writer = CrashWriter(index: index, journal: journal, clients: clients, isLast: false)
                    group.addTask { try await writer.run(address) }
                }
                // Half of the deaths come by the clock, half after so many echoes, some before the first.
                let isByTime = numbers.next() % 2 == 0
                if isByTime {
                    try await Task.sleep(
                        for: .milliseconds(Int64(numbers.next() % (CrashTests.isSoak ? 800 : 400))))
                } else {
                    await journal.waitForEchoes(Int(numbers.next() % (CrashTests.isSoak ? 3000 : 1500)))
                }
                victim.kill()
                try await group.waitForAll()
            }
            let found = try CrashLog(data)
            #expect(journal.faults(found) == [], "seed \(seed), kill \(round)")
        }
        try await finish(data, killCount, journal, clients, seed)
        await clients.shutdown()
        readyTimes.sort()
        let late = readyTimes[min(readyTimes.count - 1, readyTimes.count * 99 / 100)]
        print("crash test: ready again within \(late) in 99 of 100, \(readyTimes.last ?? late) at the most")
        if CrashTests.isSoak { #expect(late <= .seconds(2) && readyTimes.last ?? late <= .seconds(5)) }
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
        #expect(journal.redacted("it0") != nil)
        #expect(journal.faults(CrashLog(messages: whole, redacted: [whole[1].text])).count == 1)
        let other = CrashJournal(clientCount: 1)
        for _ in 0..<6 { _ = other.add(0) }
        #expect(
            other.redaction(of: "i", text: "c0-5 x") == "i"
                && other.redaction(of: "i4", text: "c0-4 x") == nil)
        #expect(other.redacted("i") == nil)
        #expect(other.faults(CrashLog(messages: [])) == ["taken back, and there again: c0-5 x"])
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
        let kept = found.messages.map(\.text).filter { !found.redacted.contains($0) }
        #expect(history.map(\.text) == kept, "seed \(seed): history and log")
        #expect(journal.disagreements(history) == [], "seed \(seed): ids and times of history and echoes")
        #expect(counts.sent > 200, "seed \(seed): too little load to prove anything")
        let segments = TemporaryDirectory.names(in: data + "/log").count { $0.hasSuffix(".seg") }
        // Every start begins a segment; the rest began because one was full.
        #expect(segments > killCount + 2, "seed \(seed): nothing was rotated")
        #expect(counts.redacted > 10, "seed \(seed): hardly anything was taken back")
        print("crash test: \(counts.sent) messages, \(counts.redacted) taken back, \(segments) segments")
    }
}

/// What one death left on the disk.
struct CrashLog {
    /// Stored messages in the log's order.
    var messages: [(text: String, token: String, time: String)] = []
    /// Texts of messages that were taken back.
    var redacted: Set<String> = []
    var faults: [String] = []

    init(messages: [(text: String, token: String, time: String)], redacted: Set<String> = []) {
        self.messages = messages
        self.redacted = redacted
    }

    init(_ data: String) throws {
        var next: UInt64?
        var texts: [Offset: String] = [:]
        try dump(directory: data) { logged in
            // P3: numbers rise by exactly one, without gap or reuse.
            if let next, logged.offset.value != next {
                faults.append("number \(logged.offset.value) where \(next) was due")
            }
            next = logged.offset.value + 1
            switch logged.event {
            case .messagePosted(let message):
                let text = message.lines.map(\.text.string).joined()
                texts[logged.offset] = text
                messages.append((text, message.clientToken?.string ?? "", logged.time.iso8601))
            case .messageRedacted(let redaction):
                redacted.insert(texts[redaction.message] ?? "event \(redaction.message.value)")
            default: break
            }
        }
    }
}
