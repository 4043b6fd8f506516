// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient

/// `plenary search`.
package struct SearchCommand: Verb {
    package static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find what was said.",
        discussion: """
            Examples:
              plenary search national database
              plenary search '"follow-up matrix"' --in practices --since 2023-06-01
              plenary search --ref A/HRC/50/64 --lang fr --kind question
            All words must occur; "…" is a phrase, word* the beginning of one. Newest first. Looks through the
            channels of the profile and your own talks. Exit code 1: nothing was found.
            """)

    @OptionGroup package var global: GlobalOptions
    @Argument(help: "The words.") package var words: [String] = []
    @Option(name: .customLong("in"), help: "Only in this channel, thread, or talk with @person.")
    package var place: String?
    @Option(help: "Only by this account.") package var from: String?
    @Option(help: "From this time on: 2h, yesterday, 2023-06-23.") package var since: String?
    @Option(help: "Up to this time.") package var until: String?
    @Option(
        help:
            "Only of this kind: question, answer, practice, lesson, outcome, action, announcement, correction."
    )
    package var kind: String?
    @Option(name: .customLong("ref"), help: "Only about this: A/HRC/50/64, upr:A/HRC/50/15#133.45, sdg:16.6.")
    package var reference: String?
    @Option(help: "At most so many messages.") package var limit = 20

    /// For the argument library.
    package init() {}

    package func perform(_ surroundings: Surroundings) async throws(Failure) -> ExitCode {
        guard limit >= 1 else { throw Failure(.usage, "--limit is at least 1") }
        let place = try place.map { (text) throws(Failure) in try Target(text) }
        // Here `--lang` is the language of the messages.
        var options = global
        options.lang = nil
        let workplace = try Workplace(options, surroundings)
        let query = try query(place, workplace)
        let what = "nothing was searched"
        let connection = try await workplace.connect(what, profile: try workplace.profile())
        if let place {
            if !place.isPerson { try await workplace.join(place.conversation, connection, what) }
        } else {
            _ = await workplace.joinAll([], connection, what)
        }
        let messages: [Message]
        do throws(ClientError) { messages = try await find(query, connection) } catch {
            await connection.close()
            throw Failure(error, doing: what)
        }
        await connection.close()
        let printer = MessagePrinter(workplace, showsChannel: true)
        for message in messages { printer.print(message) }
        guard messages.isEmpty else { return .done }
        workplace.say("Nothing was found.")
        return .nothing
    }

    private func query(_ place: Target?, _ workplace: Workplace) throws(Failure) -> SearchRequest {
        let marks = try MarkOptions.marks(
            kind: kind, language: global.lang, references: reference.map { [$0] } ?? [])
        var query = SearchRequest(text: words.isEmpty ? nil : words.joined(separator: " "))
        query.target = place?.wire
        query.from = from.map { $0.hasPrefix("@") ? String($0.dropFirst()) : $0 }
        // Bounds are exclusive on the wire, and `--since` is inclusive.
        query.after = try since.map { (text) throws(Failure) in
            Timestamp(microseconds: try workplace.moment(text, option: "--since").microseconds - 1000)
        }
        query.before = try until.map { (text) throws(Failure) in
            try workplace.moment(text, option: "--until")
        }
        query.language = marks.language
        query.kind = marks.kind
        query.reference = marks.references.first
        guard query.text != nil || query.from != nil || query.kind != nil || query.reference != nil else {
            throw Failure(
                .usage, "there is nothing to look for", "",
                "Give words, or one of --from, --kind and --ref")
        }
        return query
    }

    private func find(
        _ query: SearchRequest, _ connection: PlenaryConnection
    ) async throws(ClientError) -> [Message] {
        var query = query
        var messages: [Message] = []
        var seen: Set<String> = []
        while messages.count < limit {
            query.limit = min(limit - messages.count, 50)
            let page = try await connection.search(query)
            let fresh = page.messages.filter { message in
                message.kind != .query && message.id.map { seen.insert($0).inserted } ?? true
            }
            messages += fresh
            guard let next = page.next, next != query.next else { break }
            query.next = next
        }
        return Array(messages.prefix(limit))
    }
}
