// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Compares what a saved chat says with what the channel has.
package struct Reconciliation: Sendable {
    /// A message that should be in the channel.
    package struct Expected: Sendable, Hashable {
        /// The name by which a second import knows it.
        package var key: String
        /// When it was said.
        package var time: Timestamp
        /// The nickname it would have, `Name/zoom`.
        package var nickname: String
        /// Its text.
        package var text: String
        /// Whether the relay's own record says that it was delivered, although the channel may not show it any
        /// more: it was taken out, or hidden.
        package var wasDelivered: Bool

        /// A message of these parts.
        package init(key: String, time: Timestamp, nickname: String, text: String, wasDelivered: Bool = false)
        {
            self.key = key
            self.time = time
            self.nickname = nickname
            self.text = text
            self.wasDelivered = wasDelivered
        }
    }

    /// A relayed message that the channel has.
    package struct Found: Sendable, Hashable {
        /// Its id there.
        package var id: String
        /// When it was said, as the origin tells it; else when it was posted.
        package var time: Timestamp
        /// Under which nickname.
        package var nickname: String
        /// Its text.
        package var text: String
        /// Its id where it comes from.
        package var originID: String?

        /// A message of these parts.
        package init(id: String, time: Timestamp, nickname: String, text: String, originID: String?) {
            self.id = id
            self.time = time
            self.nickname = nickname
            self.text = text
            self.originID = originID
        }
    }

    /// For each message expected, the id of the one found; nil where only the relay's record knows it, or where
    /// it is missing.
    package private(set) var matches: [String?]
    /// Places of messages that are in the channel, or were.
    package private(set) var matched: [Int] = []
    /// Places of messages that are not there.
    package private(set) var missing: [Int] = []
    /// Relayed messages of that time which the file does not have.
    package private(set) var onlyHere: [Found] = []
    /// Of those matched, how many the channel does not show any more.
    package private(set) var removedCount = 0

    /// Compares; the order of both does not matter.
    package init(_ expected: [Expected], _ found: [Found]) {
        matches = Array(repeating: nil, count: expected.count)
        var isUsed = Array(repeating: false, count: found.count)
        var isMatched = Array(repeating: false, count: expected.count)
        func settle(_ place: Int, with other: Int, _ matches: inout [String?]) {
            isMatched[place] = true
            isUsed[other] = true
            matches[place] = found[other].id
        }
        var byOrigin: [String: Int] = [:]
        for (index, message) in found.enumerated() {
            if let id = message.originID, byOrigin[id] == nil { byOrigin[id] = index }
        }
        for (place, message) in expected.enumerated() {
            if let other = byOrigin[message.key], !isUsed[other] { settle(place, with: other, &matches) }
        }
        // Those said at the very same time first, or a repeated "yes" would be matched with another one.
        for tolerance in [2, RelayLimits.matchToleranceSeconds] {
            var queues = Reconciliation.queues(found, except: isUsed)
            let open = expected.indices.filter { !isMatched[$0] }
            for place in open.sorted(by: { expected[$0].time < expected[$1].time }) {
                let message = expected[place]
                let saying = Reconciliation.saying(message.nickname, message.text)
                if let other = queues[saying]?.take(near: message.time, within: tolerance, found) {
                    settle(place, with: other, &matches)
                }
            }
        }
        for (place, message) in expected.enumerated() where !isMatched[place] && message.wasDelivered {
            isMatched[place] = true
            removedCount += 1
        }
        matched = expected.indices.filter { isMatched[$0] }
        missing = expected.indices.filter { !isMatched[$0] }
        let tolerance = RelayLimits.matchToleranceSeconds
        guard let first = expected.map(\.time).min(), let last = expected.map(\.time).max() else { return }
        let span = first.advanced(bySeconds: -tolerance)...last.advanced(bySeconds: tolerance)
        onlyHere = found.indices.filter { !isUsed[$0] && span.contains(found[$0].time) }.map { found[$0] }
    }

    private static func saying(_ nickname: String, _ text: String) -> String {
        nickname.lowercased() + "\0" + RelayText.cleaned(text)
    }

    /// Messages that say the same, in the order of their times; what has passed is not looked at again.
    private struct Queue {
        var places: [Int]
        var start = 0

        mutating func take(near time: Timestamp, within seconds: Int64, _ found: [Found]) -> Int? {
            let earliest = time.advanced(bySeconds: -seconds)
            while start < places.count, found[places[start]].time < earliest { start += 1 }
            guard start < places.count, found[places[start]].time <= time.advanced(bySeconds: seconds) else {
                return nil
            }
            defer { start += 1 }
            return places[start]
        }
    }

    private static func queues(_ found: [Found], except isUsed: [Bool]) -> [String: Queue] {
        var queues: [String: Queue] = [:]
        let free = found.indices.filter { !isUsed[$0] }
        for place in free.sorted(by: { found[$0].time < found[$1].time }) {
            let saying = saying(found[place].nickname, found[place].text)
            queues[saying, default: Queue(places: [])].places.append(place)
        }
        return queues
    }
}
