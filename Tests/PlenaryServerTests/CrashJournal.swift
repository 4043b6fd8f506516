// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Synchronization

/// What the load clients sent and which echoes they got. It is kept by the test, which nobody kills.
final class CrashJournal: Sendable {
    struct Entry: Sendable {
        let text: String
        let token: String
        var id: String?
        var time: String?
    }

    private struct State {
        var entries: [[Entry]]
        /// Messages that were asked to be taken back, by id, and whether that was told to all.
        var redactions: [String: (text: String, isTold: Bool)] = [:]
        var echoCount = 0
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    init(clientCount: Int) { state = Mutex(State(entries: Array(repeating: [], count: clientCount))) }

    /// Notes a new message before it is sent.
    func add(_ client: Int) -> Entry {
        state.withLock { state in
            let number = state.entries[client].count
            let filler = String(repeating: "x", count: number * 37 % 380)
            let entry = Entry(text: "c\(client)-\(number) \(filler)", token: "t\(number)")
            state.entries[client].append(entry)
            return entry
        }
    }

    /// Messages whose fate is unknown, in the order they were first sent.
    func unknown(_ client: Int) -> [Entry] { state.withLock { $0.entries[client].filter { $0.id == nil } } }

    /// An echo came; says what is wrong with it.
    func echo(_ client: Int, text: String, id: String, time: String) -> String? {
        let (fault, waiters) = state.withLock { state -> (String?, [CheckedContinuation<Void, Never>]) in
            let number =
                text.split(separator: " ").first?.split(separator: "-").last.flatMap { Int($0) } ?? -1
            guard state.entries[client].indices.contains(number) else { return ("echo of \(text)", []) }
            let entry = state.entries[client][number]
            if entry.text != text { return ("\(entry.text) came back as \(text)", []) }
            if let known = entry.id, known != id { return ("\(text) has the ids \(known) and \(id)", []) }
            state.entries[client][number].id = id
            state.entries[client][number].time = time
            state.echoCount += 1
            let done = state.waiters.filter { $0.count <= state.echoCount }
            state.waiters.removeAll { $0.count <= state.echoCount }
            return (nil, done.map(\.continuation))
        }
        for waiter in waiters { waiter.resume() }
        return fault
    }

    /// The id of an echoed message if it is one of those that are taken back; noted before it is asked for.
    func redaction(of id: String, text: String) -> String? {
        guard let number = text.split(separator: " ").first?.split(separator: "-").last.flatMap({ Int($0) }),
            number % 16 == 5
        else { return nil }
        return state.withLock { state in
            guard state.redactions[id] == nil else { return nil }
            state.redactions[id] = (text, false)
            return id
        }
    }

    /// A message was said to be taken back; says what is wrong with that.
    func redacted(_ id: String) -> String? {
        state.withLock { state in
            guard let asked = state.redactions[id] else { return "\(id) was taken back by nobody" }
            state.redactions[id] = (asked.text, true)
            return nil
        }
    }

    /// Returns when so many more echoes have come.
    func waitForEchoes(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                guard count > 0 else { return true }
                state.waiters.append((state.echoCount + count, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// Ends all waiting for echoes.
    func release() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters.map(\.continuation)
        }
        for waiter in waiters { waiter.resume() }
    }

    var counts: (sent: Int, unknown: Int, redacted: Int) {
        state.withLock { state in
            let all = state.entries.joined()
            return (all.count, all.count { $0.id == nil }, state.redactions.values.count { $0.isTold })
        }
    }

    /// Acknowledged and lost, there and never sent, there twice, in another order than it was sent, or not taken back.
    func faults(_ found: CrashLog) -> [String] {
        let (entries, redactions) = state.withLock { ($0.entries, $0.redactions.values.map { $0 }) }
        var faults = found.faults
        var times: [String: String] = [:]
        var newest = Array(repeating: -1, count: entries.count)
        for message in found.messages {
            let words = message.text.dropFirst().prefix { $0 != " " }.split(separator: "-").compactMap {
                Int($0)
            }
            guard words.count == 2, entries.indices.contains(words[0]),
                entries[words[0]].indices.contains(words[1]),
                entries[words[0]][words[1]].text == message.text,
                entries[words[0]][words[1]].token == message.token
            else {
                faults.append("phantom: \(message)")
                continue
            }
            if times[message.text] != nil { faults.append("twice: \(message)") }
            if words[1] <= newest[words[0]] { faults.append("reordered: \(message)") }
            newest[words[0]] = words[1]
            times[message.text] = message.time
        }
        for entry in entries.joined() where entry.id != nil && times[entry.text] != entry.time {
            faults.append("lost or changed: \(entry), the log has \(times[entry.text] ?? "nothing")")
        }
        let asked = Set(redactions.map(\.text))
        faults += redactions.filter { $0.isTold && !found.redacted.contains($0.text) }
            .map { "taken back, and there again: \($0.text)" }
        faults += found.redacted.filter { !asked.contains($0) }.map { "taken back by nobody: \($0)" }
        return Array(faults.prefix(10))
    }

    /// Messages whose history differs from their echo.
    func disagreements(_ history: [HistoryTranscripts.Entry]) -> [String] {
        let entries = state.withLock {
            Dictionary($0.entries.joined().map { ($0.text, $0) }, uniquingKeysWith: { $1 })
        }
        return Array(
            history.filter { entries[$0.text]?.id != $0.id || entries[$0.text]?.time != $0.time }
                .map { "\($0)" }.prefix(10))
    }
}
