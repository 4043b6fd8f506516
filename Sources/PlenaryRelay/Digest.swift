// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What the room says, in a form that a person pastes into the meeting's chat.
package struct Digest: Sendable {
    /// Characters of the whole, counted as UTF-16, which no platform counts higher.
    package var limit: Int
    /// Characters of one message at most.
    package var messageLimit: Int
    /// Behind the name: where it was said.
    package var room: String

    /// A digest of at most this many characters, 80 or more.
    package init(limit: Int, room: String, messageLimit: Int = 280) {
        self.limit = max(limit, 80)
        self.messageLimit = max(min(messageLimit, self.limit - 40), 40)
        self.room = room
    }

    /// The newest messages that fit, in the order they were said; how many older ones did not fit is told in the
    /// first line. Messages of one person in a burst are one line.
    package func text(_ messages: [RoomMessage]) -> String {
        let lines = merged(messages).map(line)
        var chosen: [String] = []
        // Room for the line about what was left out.
        var left = limit - 32
        for line in lines.reversed() {
            let cost = line.utf16.count + 1
            guard cost <= left else { break }
            chosen.append(line)
            left -= cost
        }
        let leftOut = lines.count - chosen.count
        let head = leftOut > 0 ? ["(\(leftOut) earlier not shown)"] : []
        return (head + chosen.reversed()).joined(separator: "\n")
    }

    /// One message: `Name (room): text [id]`, cut after a word, never inside a character.
    package func line(_ message: RoomMessage) -> String {
        let head = "\(Digest.oneLine(message.sender)) (\(room)): "
        let tail = " [\(message.id.prefix(6))]"
        let space = max(messageLimit - head.utf16.count - tail.utf16.count, 20)
        return head + Digest.cut(Digest.oneLine(message.text), to: space) + tail
    }

    /// Messages of one person within a minute of each other are one, with the last one's id.
    package func merged(_ messages: [RoomMessage]) -> [RoomMessage] {
        var result: [RoomMessage] = []
        for message in messages {
            guard let last = result.last, last.sender == message.sender, last.account == message.account,
                message.time <= last.time.advanced(bySeconds: RelayLimits.burstSeconds)
            else {
                result.append(message)
                continue
            }
            result[result.count - 1].text += " / " + message.text
            result[result.count - 1].time = message.time
            result[result.count - 1].id = message.id
        }
        return result
    }

    /// At most this many UTF-16 units: ends after a word where there is one in the second half, and with `…`.
    package static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf16.count > limit else { return text }
        var count = 1
        var end = text.startIndex
        var afterWord: String.Index?
        for index in text.indices {
            let cost = text[index].utf16.count
            guard count + cost <= limit else { break }
            if text[index].isWhitespace, count * 2 > limit { afterWord = index }
            count += cost
            end = text.index(after: index)
        }
        // A word may end exactly where the room ends.
        if end < text.endIndex, text[end].isWhitespace { afterWord = end }
        return text[..<(afterWord ?? end)] + "…"
    }

    private static func oneLine(_ text: String) -> String {
        RelayText.cleaned(text).split(separator: "\n", omittingEmptySubsequences: true)
            .map { RelayText.trimmed($0) }.joined(separator: " ")
    }
}
