// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What is looked for, and where the asker may look. All that is given must hold.
package struct SearchQuery: Hashable, Sendable {
    /// Where to look. Whether the asker may look there is the caller's to know.
    package var scope: SearchScope
    package var terms: SearchTerms?
    package var author: AccountID?
    /// Somebody whose words a relay brought, by the name's key; instead of an author.
    package var relayedAuthor: String?
    /// Later than the whole millisecond of this time, as the wire shows times.
    package var after: Timestamp?
    /// Earlier than this time.
    package var before: Timestamp?
    package var language: LanguageTag?
    package var kind: MessageMark.Kind?
    package var reference: DocumentReference?
    /// Only what is before it: the last offset of the page before this one.
    package var beforeOffset: Offset?
    /// Messages of the page; at most `SearchLimits.pageLimit`.
    package var limit: Int

    package init(
        scope: SearchScope, terms: SearchTerms? = nil, author: AccountID? = nil, after: Timestamp? = nil,
        before: Timestamp? = nil, language: LanguageTag? = nil, kind: MessageMark.Kind? = nil,
        reference: DocumentReference? = nil, beforeOffset: Offset? = nil, limit: Int = 20
    ) {
        self.scope = scope
        self.terms = terms
        self.author = author
        self.after = after
        self.before = before
        self.language = language
        self.kind = kind
        self.reference = reference
        self.beforeOffset = beforeOffset
        self.limit = limit
    }
}

/// What was found.
package struct SearchPage: Hashable, Sendable {
    /// Newest first.
    package var offsets: [Offset]
    /// Whether nothing older follows.
    package var isComplete: Bool

    package init(offsets: [Offset], isComplete: Bool) {
        self.offsets = offsets
        self.isComplete = isComplete
    }
}

/// A query in the index's own terms.
struct PreparedSearch {
    /// What the full-text table matches; nil when nothing is asked of it.
    var match: String?
    /// What the table of messages must satisfy besides, with its arguments.
    var condition: String
    var arguments: [Int64]

    /// `isNarrow` says that few messages are in the scope, so that its tags are worth intersecting.
    init(_ query: SearchQuery, isNarrow: Bool) {
        var conditions: [String] = []
        var arguments: [Int64] = []
        var tags: [String] = []
        switch query.scope {
        case .everywhere(let channels, let account):
            let sorted = channels.sorted()
            if isNarrow {
                tags.append(
                    PreparedSearch.any(
                        sorted.map(IndexTag.channel) + (account.map { [IndexTag.participant($0)] } ?? [])))
            } else {
                var places = "m.place IN (\(sorted.map { "\($0.value)" }.joined(separator: ",")))"
                if let account {
                    places +=
                        " OR m.place < 0 AND (((-1 - m.place) >> 31) = ? OR ((-1 - m.place) & 2147483647) = ?)"
                    arguments += [Int64(account.value), Int64(account.value)]
                }
                conditions.append("(\(places))")
            }
        case .channel(let channel), .thread(let channel, _):
            if isNarrow {
                tags.append(PreparedSearch.any([IndexTag.channel(channel)]))
            } else {
                conditions.append("m.place = ?")
                arguments.append(Int64(channel.value))
            }
        case .direct(let one, let other):
            tags.append(PreparedSearch.any([IndexTag.direct(one, other)]))
        }
        if case .thread(_, let thread) = query.scope {
            conditions.append("m.thread = ?")
            arguments.append(Int64(thread.value))
        }
        if let author = query.author { tags.append(PreparedSearch.any([IndexTag.author(author)])) }
        if let name = query.relayedAuthor { tags.append(PreparedSearch.any([IndexTag.relayedAuthor(name)])) }
        if let kind = query.kind { tags.append(PreparedSearch.any([IndexTag.kind(kind)])) }
        if let language = query.language {
            tags.append(PreparedSearch.any([IndexTag.language(language.description)]))
        }
        if let reference = query.reference {
            tags.append(PreparedSearch.any([IndexTag.reference(reference)]))
        }
        // The words come first: there are fewer messages with them than with most tags.
        let parts = (query.terms?.terms ?? []).map(PreparedSearch.expression) + tags
        match = parts.isEmpty ? nil : parts.joined(separator: " AND ")
        condition = conditions.map { " AND " + $0 }.joined()
        self.arguments = arguments
    }

    private static func any(_ tags: [String]) -> String {
        "tags : (" + tags.map(quoted).joined(separator: " OR ") + ")"
    }

    private static func expression(_ term: SearchTerm) -> String {
        let phrase = quoted(term.tokens.joined(separator: " "))
        return (term.field == .text ? "text : " : "tags : ") + phrase + (term.isPrefix ? " *" : "")
    }

    /// A string of FTS5 (its manual, 3.1): all but a quotation mark stands for itself.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
