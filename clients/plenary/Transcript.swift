// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal
import PlenaryTerms

/// What was said in a channel, a thread or a talk, put in order for reading: a pure function of the history.
///
/// The same messages and threads give the same bytes, whoever reads them, wherever and whenever.
package struct Transcript: Sendable {
    /// A heading with the messages under it.
    package struct Section: Sendable, Hashable {
        /// The thread; nil for the main line or a talk.
        package var thread: ThreadInfo?
        /// The messages, a thread's root first.
        package var messages: [Message]
    }

    /// What it is of, as people write it: `practices`, `practices/12`, `@amina.b`.
    package let name: String
    /// The one thread that it is of; nil for a channel, its main line or a talk.
    package let thread: Int?
    /// In the order of the log, each once, without CTCP queries.
    package let messages: [Message]
    /// The threads by number, as far as known.
    package let threads: [Int: ThreadInfo]
    private let placeByID: [String: Int]
    private let threadByRootID: [String: Int]

    /// A transcript of messages in the order of the log.
    package init(name: String, thread: Int? = nil, messages: [Message], threads: [ThreadInfo]) {
        self.name = name
        self.thread = thread
        self.messages = messages.filter { $0.kind != .query }
        self.threads = Dictionary(threads.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        placeByID = Dictionary(
            self.messages.enumerated().compactMap { place, message in message.id.map { ($0, place) } },
            uniquingKeysWith: { first, _ in first })
        threadByRootID = Dictionary(
            threads.compactMap { thread in thread.rootMessageID.map { ($0, thread.number) } },
            uniquingKeysWith: { min($0, $1) })
    }

    /// The main line first, then threads by number. A thread nothing was said in is left out.
    package var sections: [Section] {
        if let thread {
            let info = threads[thread] ?? ThreadInfo(channel: "", number: thread, title: "")
            return [Section(thread: info, messages: Transcript.rootFirst(messages, info))]
        }
        let byThread = Dictionary(grouping: messages) { $0.thread ?? 0 }
        var roots: [Int: Message] = [:]
        for message in messages {
            if let thread = thread(grownFrom: message), roots[thread] == nil { roots[thread] = message }
        }
        var sections: [Section] = []
        if let mainLine = byThread[0] { sections.append(Section(messages: mainLine)) }
        for number in byThread.keys.sorted() where number > 0 {
            let root = roots[number]
            sections.append(
                Section(
                    thread: threads[number] ?? ThreadInfo(channel: "", number: number, title: ""),
                    messages: (root.map { [$0] } ?? []) + (byThread[number] ?? [])))
        }
        return sections
    }

    /// Messages of one thread with its root before those that were said earlier and moved there.
    package static func rootFirst(_ messages: [Message], _ thread: ThreadInfo) -> [Message] {
        let place = messages.firstIndex { message in
            message.thread ?? 0 == 0
                && (message.threadRoot == thread.number
                    || message.id != nil && message.id == thread.rootMessageID)
        }
        guard let place else { return messages }
        return [messages[place]] + messages[..<place] + messages[(place + 1)...]
    }

    /// The thread that grew from a message.
    package func thread(grownFrom message: Message) -> Int? {
        guard message.thread ?? 0 == 0 else { return nil }
        if let thread = message.threadRoot { return thread }
        return message.id.flatMap { threadByRootID[$0] }
    }

    /// Whether a message is the accepted answer of its thread.
    package func isAnswer(_ message: Message) -> Bool {
        guard let thread = message.thread, let id = message.id else { return false }
        return threads[thread]?.answerMessageID == id
    }

    /// The message that another one answers, where it is here.
    package func original(of message: Message) -> Message? {
        message.replyTo.flatMap { placeByID[$0] }.map { messages[$0] }
    }

    // MARK: Texts that both forms share

    /// `2026-11-23 14:31 UTC`.
    static func moment(_ time: Timestamp) -> String {
        let text = Array(time.iso8601)
        return String(text.prefix(10)) + " " + String(text.dropFirst(11).prefix(5)) + " UTC"
    }

    /// `closed, by fatou.d`; empty for an open thread of which nothing else is known.
    static func facts(_ thread: ThreadInfo) -> [String] {
        var facts = thread.state == .open ? [] : [thread.state.rawValue]
        if let creator = thread.creator { facts.append("started by \(PlainText.oneLine(creator))") }
        return facts
    }

    /// A text without anything that a file should not hold, its lines apart; without empty lines at its ends.
    static func lines(_ message: Message) -> [String] {
        var lines = PlainText.clean(message.text)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        while lines.count > 1, lines.last?.isEmpty == true { lines = lines.dropLast() }
        while lines.count > 1, lines.first?.isEmpty == true { lines = lines.dropFirst() }
        return Array(lines)
    }

    /// The language's canonical tag, where the message names one.
    static func language(_ message: Message) -> String? {
        message.marks.language.flatMap { LanguageTag($0) }?.description
    }

    // MARK: Records

    /// The messages as records, one a line. They do not say which ones are the reader's own.
    package var records: String {
        messages.map { message in
            var message = message
            message.isOwn = false
            let title = message.thread.flatMap { threads[$0] }?.title
            return Records.message(message, threadTitle: title).text + "\n"
        }.joined()
    }
}

/// Which way a text runs.
package enum TextDirection: String, Sendable {
    /// Latin, Cyrillic, Chinese …
    case leftToRight = "ltr"
    /// Arabic, Hebrew …
    case rightToLeft = "rtl"

    /// By the language where one is named, else by the first letter that has a direction (UAX #9, P2).
    package static func of(_ text: String, language: String?) -> TextDirection {
        if let language { return isRightToLeft(language: language) ? .rightToLeft : .leftToRight }
        for scalar in text.unicodeScalars {
            if PlainText.isRightToLeft(scalar) { return .rightToLeft }
            if scalar.properties.isAlphabetic { return .leftToRight }
        }
        return .leftToRight
    }

    /// By the script of the tag, or by the script in which the language is usually written.
    private static func isRightToLeft(language: String) -> Bool {
        let parts = language.lowercased().split(separator: "-")
        if let script = parts.dropFirst().first(where: { $0.utf8.count == 4 }) {
            return ["arab", "aran", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg", "mand"].contains(script)
        }
        let languages = [
            "ar", "arc", "ckb", "dv", "fa", "glk", "he", "ks", "mzn", "nqo", "pnb", "prs", "ps", "sd", "syr",
            "ug", "ur", "yi",
        ]
        return parts.first.map { languages.contains(String($0)) } ?? false
    }
}
