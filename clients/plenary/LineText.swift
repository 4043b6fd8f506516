// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// The sentences of the line mode. The important part comes first and the time last, because that is the
/// order in which a screen reader speaks them.
package enum LineText {
    /// `fatou.d: text [thread 12] 13:58`, `li.wei, in thread 12: text 14:05`.
    package static func message(
        _ message: Message, isInThread: Bool = false, place: String? = nil, _ time: TimeText, now: Timestamp
    ) -> [String] {
        let name = message.isOwn ? "you" : PlainText.oneLine(message.sender.nickname)
        var who = name
        if let place { who += ", in \(place)" }
        if let thread = message.thread, thread > 0 { who += ", in thread \(thread)" }
        if message.kind == .notice { who += ", notice" }
        if message.sender.isBot { who += ", program" }
        let moment = time.short(message.time, now: now)
        let lines = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { PlainText.isolated(String($0)) }
        let first = message.kind == .action ? "\(who) does: " : "\(who): "
        guard lines.count > 1, let last = lines.last else {
            return [first + (lines.first ?? "") + " " + moment]
        }
        return [first + lines[0]] + lines.dropFirst().dropLast().map { "  " + $0 } + ["  \(last) \(moment)"]
    }

    /// Messages are missing here.
    package static func gap(_ gap: Gap, _ time: TimeText, now: Timestamp) -> String {
        let name = PlainText.oneLine(Records.name(gap.conversation))
        let from = gap.from.map { " after \(time.short($0, now: now))" } ?? ""
        let to = gap.to.map { ", up to \(time.short($0, now: now))" } ?? ""
        return "--- messages are missing in \(name)\(from)\(to) ---"
    }

    /// `1 message`, `3 messages`.
    package static func count(_ count: Int, _ one: String) -> String {
        count == 1 ? "1 \(one)" : "\(count) \(one)s"
    }

    /// Why something was not done, in one line.
    package static func reason(_ error: ClientError) -> String {
        let failure = Failure(error, doing: "")
        return PlainText.oneLine(failure.why.isEmpty ? failure.what : failure.why)
    }
}
