// SPDX-License-Identifier: Apache-2.0

import PlenaryWire

/// What to look for (docs/extensions/search.md). At least one of `text`, `from`, `kind` and `reference`.
public struct SearchRequest: Sendable, Hashable {
    /// Words, which must all occur; `"…"` is a phrase, `word*` the beginning of one.
    public var text: String?
    /// A channel, a thread (`#c/12`, `#c/0`) or a nickname; nil for everything this session may read.
    public var target: String?
    /// The author's account.
    public var from: String?
    /// Only what was said after this.
    public var after: Timestamp?
    /// Only what was said before this.
    public var before: Timestamp?
    /// Messages of one page, 1 to 50.
    public var limit: Int
    /// Only messages marked with this language; `zh` finds `zh-Hans` too.
    public var language: String?
    /// Only messages marked with this kind.
    public var kind: Marks.Kind?
    /// Only messages about this, marked or in the text: `sdg:16.6`, `A/HRC/50/64`.
    public var reference: String?
    /// Where to go on: `SearchPage.next` of the page before.
    public var next: String?

    /// Looks for these words everywhere.
    public init(text: String? = nil, limit: Int = 20) {
        self.text = text
        self.limit = limit
    }

    /// Bytes of `text`. More: `textTooLong`.
    public static let textByteLimit = 256

    /// The command's one parameter.
    var parameter: String {
        var attributes: [(key: String, value: String)] = []
        func add(_ key: String, _ value: String?) {
            if let value { attributes.append((key, value)) }
        }
        add("text", text)
        add("in", target)
        add("from", from)
        add("after", after?.iso8601)
        add("before", before?.iso8601)
        add("limit", String(min(max(limit, 1), 50)))
        add(Vendor.name + "/lang", language)
        add(Vendor.name + "/kind", kind?.rawValue)
        add(Vendor.name + "/ref", reference)
        add(Vendor.name + "/next", next)
        return Attributes.write(attributes)
    }
}

/// One page of what was found, newest first.
public struct SearchPage: Sendable, Hashable {
    /// The messages.
    public var messages: [Message]
    /// For `SearchRequest.next`; nil when nothing follows.
    public var next: String?

    /// A page of these parts.
    public init(messages: [Message], next: String?) {
        self.messages = messages
        self.next = next
    }
}

extension PlenaryConnection {
    /// Looks for messages. Throws `unsupported` on a server without search, and `refused` with the server's
    /// code: `TOO_MANY_WORDS`, `RATE_LIMITED`, `TEMPORARILY_UNAVAILABLE`, `TIMED_OUT` and others.
    public func search(_ query: SearchRequest) async throws(ClientError) -> SearchPage {
        try require(
            session.capabilities.contains("draft/search"), "this server does not search (draft/search)")
        let byteCount = query.text?.utf8.count ?? 0
        guard byteCount <= SearchRequest.textByteLimit else {
            throw .textTooLong(byteCount: byteCount, limit: SearchRequest.textByteLimit)
        }
        guard query.text != nil || query.from != nil || query.kind != nil || query.reference != nil else {
            throw .invalidArgument("a search needs words, an author, a kind or a reference")
        }
        let reply = try await answer("SEARCH", [query.parameter])
        let isComplete = reply.isLastPage || reply.messages.isEmpty
        return SearchPage(messages: reply.messages, next: isComplete ? nil : reply.messages.last?.id)
    }
}
