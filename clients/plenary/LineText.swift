// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// The sentences of the line mode. The important part comes first and the time last, because that is the
/// order in which a screen reader speaks them.
package enum LineText {
    /// `fatou.d: text [thread 12] 13:58`, `li.wei, in thread 12: text 14:05`.
    package static func message(
        _ message: Message, title: String? = nil, place: String? = nil, _ time: TimeText, now: Timestamp
    ) -> [String] {
        var who = message.isOwn ? "you" : PlainText.oneLine(message.sender.nickname)
        if let name = message.marks.onBehalf {
            who += " (on behalf of \(PlainText.isolated(PlainText.oneLine(name))))"
        }
        if let place { who += ", in \(place)" }
        if let thread = message.thread, thread > 0 { who += ", in thread \(threadName(thread, title))" }
        if message.kind == .notice { who += ", notice" }
        if message.sender.isBot { who += ", program" }
        var notes = message.marks.kind.map { [$0.rawValue] } ?? []
        if let root = message.threadRoot { notes.append("thread \(root)") }
        let note = notes.isEmpty ? "" : "[\(notes.joined(separator: ", "))] "
        let moment = note + time.short(message.time, now: now)
        let lines = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { PlainText.isolated(String($0)) }
        let first = message.kind == .action ? "\(who) does: " : "\(who): "
        guard lines.count > 1, let last = lines.last else {
            return [first + (lines.first ?? "") + " " + moment]
        }
        return [first + lines[0]] + lines.dropFirst().dropLast().map { "  " + $0 } + ["  \(last) \(moment)"]
    }

    /// `12`, or `12 Follow-up tracking`.
    package static func threadName(_ number: Int, _ title: String?) -> String {
        guard let title, !title.isEmpty else { return String(number) }
        return "\(number) \(PlainText.isolated(PlainText.oneLine(title)))"
    }

    /// `thread 12 Follow-up tracking, closed, 5 messages, 2 unread. 14:31`.
    package static func thread(_ thread: ThreadInfo, _ time: TimeText, now: Timestamp) -> String {
        var facts = ["thread " + threadName(thread.number, thread.title)]
        if thread.state != .open { facts.append(thread.state.rawValue) }
        facts.append(count(thread.messageCount, "message"))
        if thread.unreadCount > 0 { facts.append("\(ThreadsCommand.count(thread.unreadCount)) unread") }
        return facts.joined(separator: ", ") + "."
            + (thread.lastTime.map { " " + time.short($0, now: now) } ?? "")
    }

    /// What happened to a thread, in the words of the line mode; nil for what is not told.
    package static func happened(
        _ event: ThreadEvent, isOwn: Bool, _ time: TimeText, now: Timestamp
    ) -> String? {
        let name = "thread " + threadName(event.thread.number, event.thread.title)
        let deed: String
        switch event.kind {
        case .new: deed = "new \(name)"
        case .title:
            deed =
                "gave thread \(event.thread.number) another title: "
                + PlainText.isolated(PlainText.oneLine(event.thread.title))
        case .state:
            let verb =
                switch event.thread.state {
                case .open: "opened"
                case .closed: "closed"
                case .archived: "archived"
                }
            deed =
                "\(verb) \(name)"
                + (event.reason.map {
                    ", " + PlainText.oneLine(ModText.words(ofReason: $0))
                } ?? "")
        case .pin: deed = (event.thread.pinRank == nil ? "unpinned " : "pinned ") + name
        case .answer:
            deed =
                (event.thread.answerMessageID == nil
                    ? "took the answer's mark away in " : "accepted an answer in ")
                + name
        case .move:
            let place = event.destination.map { $0 == 0 ? "the main line" : "thread \($0)" } ?? "elsewhere"
            let source = event.thread.number == 0 ? "the main line" : "thread \(event.thread.number)"
            deed = "moved \(count(event.movedCount ?? 0, "message")) from \(source) to \(place)"
        case .info, .level: return nil
        }
        let who = isOwn ? "you" : PlainText.oneLine(event.by.nickname)
        return "\(who): \(deed). \(time.short(event.time, now: now))"
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
