// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// The sentences of the line mode in one language. The important part comes first and the time last, because that
/// is the order in which a screen reader speaks them.
package struct LineText: Sendable {
    /// The words.
    package let catalogue: Catalogue
    /// How times are shown.
    let time: TimeText

    /// The sentences in a language.
    package init(_ language: Language, _ time: TimeText) {
        catalogue = Catalogue(language)
        self.time = TimeText(usesUTC: time.usesUTC, language: language)
    }

    /// A sentence with its values.
    func callAsFunction(_ sentence: Sentence, _ values: [Placeholder: String] = [:]) -> String {
        catalogue.text(sentence, values)
    }

    /// A received name or text in one line, which cannot reorder what stands around it.
    func safe(_ text: String) -> String {
        let line = PlainText.oneLine(text)
        return catalogue.language.isRightToLeft ? PlainText.alwaysIsolated(line) : PlainText.isolated(line)
    }

    /// A name of a channel as it is said, without its `#`.
    func name(_ conversation: String) -> String { safe(Records.name(conversation)) }

    /// Parts with commas between them.
    func list(_ parts: [String]) -> String { parts.joined(separator: catalogue.comma) }

    /// Words with the sign that ends a sentence.
    func ended(_ words: String) -> String { words + catalogue.fullStop }

    /// `14:31`, `20 Nov 14:31`.
    func moment(_ time: Timestamp, _ now: Timestamp) -> String { self.time.short(time, now: now) }

    /// Words, the sign that ends a sentence, and the time.
    func timed(_ words: String, _ time: Timestamp, _ now: Timestamp) -> String {
        "\(ended(words)) \(moment(time, now))"
    }

    /// Why something was not done, in one line.
    func reason(_ error: ClientError) -> String { PlainText.oneLine(catalogue.reason(error)) }

    // MARK: Messages

    /// `fatou.d: text [thread 12] 13:58`, `li.wei, in thread 12: text 14:05`.
    func message(
        _ message: Message, title: String? = nil, place: String? = nil, now: Timestamp
    ) -> [String] {
        let moment = note(message) + moment(message.time, now)
        let lines = PlainText.clean(message.text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { PlainText.isolated(String($0)) }
        let first = self(
            message.kind == .action ? .does : .says,
            [.name: speaker(message, title, place), .text: lines.first ?? ""])
        guard lines.count > 1, let last = lines.last else { return ["\(first) \(moment)"] }
        return [first] + lines.dropFirst().dropLast().map { "  " + $0 } + ["  \(last) \(moment)"]
    }

    /// Who says it, for whom, and where. `place` is that of a channel, or empty for a private talk.
    private func speaker(_ message: Message, _ title: String?, _ place: String?) -> String {
        var who = message.isOwn ? catalogue.text(.you) : safe(message.sender.nickname)
        if let body = message.marks.onBehalf { who = self(.speaksFor, [.name: who, .body: safe(body)]) }
        if let place {
            who =
                place.isEmpty
                ? self(.saidInPrivate, [.text: who]) : self(.saidIn, [.text: who, .place: place])
        }
        if let thread = message.thread, thread > 0 {
            who = self(.saidInThread, [.text: who, .thread: threadName(thread, title)])
        }
        if message.kind == .notice { who = self(.aNotice, [.text: who]) }
        if message.sender.isBot { who = self(.aProgram, [.text: who]) }
        return who
    }

    /// `[question, thread 12] `, or nothing.
    private func note(_ message: Message) -> String {
        var notes = message.marks.kind.map { [self($0.name)] } ?? []
        if let root = message.threadRoot { notes.append(self(.threadNote, [.number: String(root)])) }
        return notes.isEmpty ? "" : "[\(list(notes))] "
    }

    /// Messages are missing here.
    func gap(_ gap: Gap, now: Timestamp) -> String {
        let place = name(gap.conversation)
        switch (gap.from.map { moment($0, now) }, gap.to.map { moment($0, now) }) {
        case (nil, nil): return self(.missing, [.place: place])
        case (let from?, nil): return self(.missingAfter, [.place: place, .from: from])
        case (nil, let to?): return self(.missingUpTo, [.place: place, .to: to])
        case (let from?, let to?): return self(.missingBetween, [.place: place, .from: from, .to: to])
        }
    }

    // MARK: Threads

    /// `12`, or `12 Follow-up tracking`.
    func threadName(_ number: Int, _ title: String?) -> String {
        guard let title, !title.isEmpty else { return String(number) }
        return "\(number) \(safe(title))"
    }

    /// `thread 12 Follow-up tracking, closed, 5 messages, 2 unread. 14:31`.
    func thread(_ thread: ThreadInfo, now: Timestamp) -> String {
        var facts = [self(.threadOf, [.thread: threadName(thread.number, thread.title)])]
        switch thread.state {
        case .open: break
        case .closed: facts.append(catalogue.text(.stateClosed))
        case .archived: facts.append(catalogue.text(.stateArchived))
        }
        facts.append(catalogue.count(.messages, thread.messageCount))
        if thread.unreadCount > 0 {
            facts.append(self(.unread, [.count: ThreadsCommand.count(thread.unreadCount)]))
        }
        return thread.lastTime.map { timed(list(facts), $0, now) } ?? ended(list(facts))
    }

    /// What happened to a thread, in the words of the line mode; nil for what is not told.
    func happened(_ event: ThreadEvent, isOwn: Bool, now: Timestamp) -> String? {
        guard let sentence = event.sentence else { return nil }
        var deed = self(
            sentence,
            [
                .thread: threadName(event.thread.number, event.thread.title),
                .number: String(event.thread.number), .title: safe(event.thread.title),
                .messages: catalogue.count(.messages, event.movedCount ?? 0),
                .source: line(event.thread.number),
                .place: event.destination.map(line) ?? self(.elsewhere),
            ])
        if event.kind == .state, let reason = event.reason {
            deed = list([deed, safe(catalogue.reasonWords(reason))])
        }
        let who = isOwn ? catalogue.text(.you) : safe(event.by.nickname)
        return timed(self(.says, [.name: who, .text: deed]), event.time, now)
    }

    /// A thread by its number, or the main line.
    private func line(_ number: Int) -> String {
        number == 0 ? self(.mainLine) : self(.threadOf, [.thread: String(number)])
    }
}

/// Words that commands print outside the line mode; English, as their other output is.
extension LineText {
    /// Messages are missing here.
    package static func gap(_ gap: Gap, _ time: TimeText, now: Timestamp) -> String {
        LineText(.english, time).gap(gap, now: now)
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
