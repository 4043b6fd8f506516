// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms

/// What the log knows of one session: all that a report is made of.
package struct SessionRecord: Sendable {
    package var channel: String
    package var meeting: Meeting?
    package var agenda: [AgendaItem] = []
    package var documents: [MeetingDocument] = []
    /// In the order of the log, translations among them.
    package var messages: [Message] = []
    package var threads: [ThreadInfo] = []
    package var marks: [OutcomeMark] = []
    package var floor: SpeakersList
    /// Nil for whoever may not see it.
    package var statistics: Statistics?

    /// Nothing known yet.
    package init(channel: String) {
        self.channel = channel
        floor = SpeakersList(channel: channel)
    }

    /// Whether speakers may be named.
    package var isAttributed: Bool { meeting?.attribution ?? "attributed" != "unattributed" }
}

/// The draft of a report on one or several sessions: what was marked, by theme, with the sources it leads back to.
/// The same record gives the same report, byte for byte, whoever compiles it and whenever.
package struct Compilation: Sendable {
    package let sessions: [SessionRecord]
    /// Sources in the order in which marks name them, each once, with its number from 1.
    package let sources: [Source]

    /// A message or thread that a mark leads back to.
    package struct Source: Sendable {
        package var number: Int
        package var session: Int
        package var content: Content
    }

    /// What a source is, as far as it can still be read.
    package enum Content: Sendable {
        case message(Message, translations: [Message])
        case thread(ThreadInfo, root: Message?, messageCount: Int)
        /// Redacted, erased or hidden, or out of reach.
        case gone
    }

    private let numbers: [Key: Int]

    private struct Key: Hashable {
        var session: Int
        var source: OutcomeMark.Source
    }

    /// Orders what the sessions came to.
    package init(_ sessions: [SessionRecord]) {
        self.sessions = sessions
        var sources: [Source] = []
        var numbers: [Key: Int] = [:]
        for theme in Compilation.themes(of: sessions) {
            for (index, mark) in Compilation.marks(of: sessions, theme: theme) {
                for source in mark.sources where numbers[Key(session: index, source: source)] == nil {
                    numbers[Key(session: index, source: source)] = sources.count + 1
                    sources.append(
                        Source(
                            number: sources.count + 1, session: index,
                            content: Compilation.content(source, in: sessions[index])))
                }
            }
        }
        self.sources = sources
        self.numbers = numbers
    }

    /// The numbers of a mark's sources.
    package func numbers(of mark: OutcomeMark, in session: Int) -> [Int] {
        mark.sources.compactMap { numbers[Key(session: session, source: $0)] }
    }

    // MARK: Themes

    /// Themes by name; what has none comes last.
    package var themes: [String?] { Compilation.themes(of: sessions) }

    private static func themes(of sessions: [SessionRecord]) -> [String?] {
        let all = Set(sessions.flatMap(\.marks).map(\.theme))
        return all.compactMap { $0 }.sorted() + (all.contains(nil) ? [nil] : [])
    }

    /// The marks of a theme, in the order of the sessions and of their numbers.
    package func marks(of theme: String?) -> [(session: Int, mark: OutcomeMark)] {
        Compilation.marks(of: sessions, theme: theme)
    }

    private static func marks(
        of sessions: [SessionRecord], theme: String?
    ) -> [(session: Int, mark: OutcomeMark)] {
        sessions.enumerated().flatMap { index, session in
            session.marks.filter { $0.theme == theme }.sorted { $0.number < $1.number }
                .map { (session: index, mark: $0) }
        }
    }

    // MARK: Sources

    private static func content(_ source: OutcomeMark.Source, in session: SessionRecord) -> Content {
        switch source {
        case .goneMessage: return .gone
        case .message(let id):
            guard let message = session.messages.first(where: { $0.id == id }),
                message.hiddenCode == nil, !message.text.isEmpty
            else { return .gone }
            return .message(message, translations: translations(of: id, in: session))
        case .thread(let number):
            guard let thread = session.threads.first(where: { $0.number == number }) else { return .gone }
            let messages = session.messages.filter { $0.thread == number && $0.translationOf == nil }
            let root = session.messages.first { $0.id != nil && $0.id == thread.rootMessageID }
            return .thread(thread, root: root ?? messages.first, messageCount: messages.count)
        }
    }

    /// Official ones first, then human ones, then those of machines; later ones before earlier ones.
    private static func translations(of id: String, in session: SessionRecord) -> [Message] {
        let ranks = ["official": 0, "human": 1, "machine": 2]
        return session.messages.enumerated().filter { $0.element.translationOf == id }
            .sorted { left, right in
                let one = (ranks[left.element.provenance ?? ""] ?? 3, -left.offset)
                let other = (ranks[right.element.provenance ?? ""] ?? 3, -right.offset)
                return one < other
            }.map(\.element)
    }

    // MARK: Counts

    /// How often each reference was named, in the order of its text.
    package var references: [(reference: String, count: Int)] {
        count(
            sessions.flatMap(\.messages).flatMap { message in
                message.marks.references.compactMap { DocumentReference($0)?.description ?? $0 }
            })
    }

    /// How many messages there are in each language, without translations.
    package var languages: [(language: String, count: Int)] {
        count(
            sessions.flatMap(\.messages).filter { $0.translationOf == nil }
                .map { Transcript.language($0) ?? "und" }
        ).map { ($0.reference, $0.count) }
    }

    private func count(_ words: [String]) -> [(reference: String, count: Int)] {
        Dictionary(grouping: words) { $0 }.map { ($0.key, $0.value.count) }.sorted { $0.0 < $1.0 }
    }
}
