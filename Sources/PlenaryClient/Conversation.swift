// SPDX-License-Identifier: Apache-2.0

/// Where a conversation stands: what was delivered last, and what has been seen. Survives reconnects.
struct ConversationTracker: Sendable {
    /// The name as last spelled.
    var name: String
    var position: HistoryPosition?
    private var seen: Set<String> = []
    private var recent: [String] = []
    private var nextSlot = 0
    /// Set while the history is being fetched.
    var sync: SyncProgress?
    /// Live messages that came meanwhile.
    var held: [Message] = []

    /// When this session entered the conversation.
    var entered: Timestamp?

    init(name: String, position: HistoryPosition?) {
        self.name = name
        self.position = position
        if let id = position?.messageID { _ = notice(id) }
    }

    /// Where nothing has been read, reading begins with entering: what is said from then on and missed
    /// during an absence is fetched later.
    mutating func settlePosition() {
        guard position == nil, let entered else { return }
        position = HistoryPosition(messageID: nil, time: entered)
    }

    /// Whether this message is new, and remembers it. A message without id is always new.
    mutating func take(_ message: Message) -> Bool {
        if let id = message.id {
            guard notice(id) else { return false }
        }
        if position.map({ message.time >= $0.time }) ?? true {
            position = HistoryPosition(messageID: message.id, time: message.time)
        }
        return true
    }

    /// Remembers an id; false when it was known. The oldest of too many ids is forgotten.
    private mutating func notice(_ id: String) -> Bool {
        guard seen.insert(id).inserted else { return false }
        if recent.count < ClientLimits.recentIDLimit {
            recent.append(id)
        } else {
            seen.remove(recent[nextSlot])
            recent[nextSlot] = id
            nextSlot = (nextSlot + 1) % recent.count
        }
        return true
    }
}

/// A conversation's history on its way.
struct SyncProgress: Sendable {
    enum Step: Sendable, Hashable {
        /// What came after the last message, by its id.
        case afterID(String)
        /// The same, by time: an older server, or an id it no longer knows.
        case afterTime(Timestamp)
        /// The newest only.
        case latest
    }
    var step: Step
    var pageCount = 0
    var messageCount = 0
}
