// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryWire
import Synchronization

/// All that one connection received, cut into lines, and a way to wait for more without a clock.
package final class Mailbox: Sendable {
    struct State: Sendable {
        var lines: [String] = []
        var barriers: Set<String> = []
        var isClosed = false
        /// What no line may be, whatever a transcript expects.
        var breaches: [String] = []
        var enabled: Set<String> = []
        fileprivate var rest: [UInt8] = []
        fileprivate var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        fileprivate var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// An empty mailbox.
    package init() {}

    /// Bytes from the server, however they were cut.
    package func receive(_ bytes: some Sequence<UInt8>) {
        change { state in
            state.rest += bytes
            var start = 0
            while let end = state.rest[start...].firstIndex(of: 10) {
                state.take(Array(state.rest[start..<end]))
                start = end + 1
            }
            state.rest.removeFirst(start)
        }
    }

    /// The server closed the connection.
    package func close() {
        change { state in
            if !state.rest.isEmpty { state.breaches.append("the last line has no end") }
            state.isClosed = true
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            let waiters = state.waiters.values.map { $0 }
            state.waiters = [:]
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func read<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    /// Waits until the condition holds or the deadline is over; says whether it holds.
    func wait(until deadline: DispatchTime, _ isMet: @Sendable (State) -> Bool) async -> Bool {
        while true {
            if state.withLock({ isMet($0) }) { return true }
            if DispatchTime.now() >= deadline { return false }
            await withCheckedContinuation { continuation in
                let place = state.withLock { state -> Int? in
                    if isMet(state) { return nil }
                    state.nextWaiter += 1
                    state.waiters[state.nextWaiter] = continuation
                    return state.nextWaiter
                }
                guard let place else {
                    continuation.resume()
                    return
                }
                DispatchQueue.global().asyncAfter(deadline: deadline) {
                    self.state.withLock { $0.waiters.removeValue(forKey: place) }?.resume()
                }
            }
        }
    }
}

extension Mailbox.State {
    /// One line without its LF: judged, and kept unless it is the answer to a barrier.
    fileprivate mutating func take(_ raw: [UInt8]) {
        let text = String(decoding: raw, as: UTF8.self)
        if raw.last != 13 { breaches.append("no CR before LF: \(text)") }
        if raw.dropLast().contains(13) || raw.contains(0) { breaches.append("CR or NUL inside: \(text)") }
        if !raw.withUnsafeBytes({ isValidUTF8($0) }) { breaches.append("not UTF-8: \(text)") }
        let line = String(text.unicodeScalars.filter { $0 != "\r" })
        let parts = ReceivedLine(line)
        if parts.body.utf8.count > 510 {
            breaches.append("\(parts.body.utf8.count) bytes besides tags: \(line)")
        }
        for (key, _) in parts.tags where !TagRules.mayReceive(key, enabled) {
            breaches.append("the tag \(key) without its capability: \(line)")
        }
        note(parts)
        let words = parts.words
        if words.count == 4, words[1] == "PONG", let token = words.last, token.hasPrefix(Barrier.prefix) {
            barriers.insert(token)
        } else {
            lines.append(line)
        }
    }

    /// Remembers which capabilities the server said to be on.
    private mutating func note(_ line: ReceivedLine) {
        let words = line.words
        guard words.count > 4, words[1] == "CAP", words[3] == "ACK" else { return }
        for word in words[4...].joined(separator: " ").split(separator: " ") {
            let name = String(word)
            if name.hasPrefix("-") {
                enabled.remove(String(name.dropFirst()))
            } else {
                enabled.insert(name)
            }
        }
    }
}

/// Which capability lets a tag reach a client.
enum TagRules {
    static func mayReceive(_ key: String, _ enabled: Set<String>) -> Bool {
        if enabled.contains("message-tags") {
            return !key.hasPrefix(Vendor.name) || key == Vendor.clientTokenTag
                ? true : enabled.contains { $0.hasPrefix(Vendor.name) }
        }
        switch key {
        case "time": return enabled.contains("server-time")
        case "account": return enabled.contains("account-tag")
        case "batch": return enabled.contains("batch")
        case "label": return enabled.contains("labeled-response")
        case "draft/relaymsg": return enabled.contains(key)
        default: return false
        }
    }
}

/// PING tokens of the runner itself; their answers never show in a transcript.
enum Barrier {
    static let prefix = "barrier-"
}
