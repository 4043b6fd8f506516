// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay

/// What a channel has, read from the server's history.
package enum ChannelLog {
    /// Messages read at most. A session with more is refused, so that nothing is told missing that is there.
    package static let messageLimit = 100_000

    /// Everything of a channel since a moment, in order.
    package static func read(
        _ connection: PlenaryConnection, _ channel: String, since: Timestamp
    ) async throws(ClientError) -> [Message] {
        var messages: [Message] = []
        var place = HistoryReference.time(since)
        while true {
            let page = try await connection.history(of: channel, .after(place), count: 1000)
            messages += page.messages
            guard messages.count <= messageLimit else {
                throw .invalidArgument("\(channel) has more than \(messageLimit) messages since then")
            }
            guard !page.isEnd, let last = page.messages.last else { return messages }
            place = last.id.map { .message(id: $0) } ?? .time(last.time)
        }
    }

    /// The relayed ones, as they are compared.
    package static func relayed(_ messages: [Message]) -> [Reconciliation.Found] {
        // Pieces of one long message have its id.
        var seen: Set<String> = []
        return messages.compactMap { message in
            guard message.sender.nickname.hasSuffix("/zoom") else { return nil }
            if let id = message.originID, !seen.insert(id).inserted { return nil }
            return Reconciliation.Found(
                id: message.id ?? "", time: message.originTime ?? message.time,
                nickname: message.sender.nickname, text: message.text, originID: message.originID)
        }
    }
}
