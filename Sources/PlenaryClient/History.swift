// SPDX-License-Identifier: Apache-2.0

/// A place in a conversation's history.
public enum HistoryReference: Sendable, Hashable {
    /// A message.
    case message(id: String)
    /// A moment.
    case time(Timestamp)

    var word: String {
        switch self {
        case .message(let id): "msgid=" + id
        case .time(let time): "timestamp=" + time.iso8601
        }
    }
}

/// Which part of a history. Bounds are exclusive, but for the message of `around`.
public enum HistorySelection: Sendable, Hashable {
    /// The newest.
    case latest
    /// The newest before a place.
    case before(HistoryReference)
    /// The oldest after a place.
    case after(HistoryReference)
    /// Those on both sides of a place.
    case around(HistoryReference)
    /// The oldest between two places.
    case between(HistoryReference, HistoryReference)
}

/// One page of history, in ascending order.
public struct HistoryPage: Sendable, Hashable {
    /// The messages.
    public var messages: [Message]
    /// Whether there is certainly nothing further in that direction.
    public var isEnd: Bool

    /// A page of these parts.
    public init(messages: [Message], isEnd: Bool) {
        self.messages = messages
        self.isEnd = isEnd
    }
}

extension PlenaryConnection {
    /// Asks for a page of history of a channel, of one thread of it (`#c/12`, the main line is `#c/0`) or of
    /// a direct conversation: at most `count` messages, and at most what the server gives at once. Throws
    /// `unsupported` on a server without history and `refused` for an unknown or foreign target.
    public func history(
        of conversation: String, _ selection: HistorySelection, count: Int
    ) async throws(ClientError) -> HistoryPage {
        try require(
            session.capabilities.contains("draft/chathistory"),
            "this server keeps no history (draft/chathistory)")
        let limit = min(max(count, 1), session.features.historyPageLimit)
        let words: [String] =
            switch selection {
            case .latest: ["LATEST", conversation, "*"]
            case .before(let place): ["BEFORE", conversation, place.word]
            case .after(let place): ["AFTER", conversation, place.word]
            case .around(let place): ["AROUND", conversation, place.word]
            case .between(let one, let other): ["BETWEEN", conversation, one.word, other.word]
            }
        let reply = try await request("CHATHISTORY", words + [String(limit)])
        if let refusal = reply.refusal { throw .refused(refusal) }
        return HistoryPage(
            messages: reply.messages, isEnd: reply.isLastPage || reply.messages.count < limit)
    }
}
