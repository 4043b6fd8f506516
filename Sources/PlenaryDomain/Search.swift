// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Where a search looks.
package enum SearchScope: Hashable, Sendable {
    /// These channels, and all direct conversations of an account.
    case everywhere(channels: Set<ChannelID>, directOf: AccountID?)
    case channel(ChannelID)
    /// One thread of a channel, or its main line, by where the messages are now.
    case thread(ChannelID, ThreadID)
    case direct(AccountID, AccountID)

    /// Whether there is nowhere to look.
    package var isEmpty: Bool {
        if case .everywhere(let channels, nil) = self { channels.isEmpty } else { false }
    }
}

/// SEARCH as it was asked (docs/extensions/search.md).
package struct SearchRequest: Hashable, Sendable {
    package var text: Text?
    /// A channel, a thread or a nickname.
    package var target: Text?
    /// An account.
    package var author: Text?
    package var after: Timestamp?
    package var before: Timestamp?
    package var language: LanguageTag?
    package var kind: MessageMark.Kind?
    package var reference: DocumentReference?
    /// The last message of the page before.
    package var next: MessageID?
    package var limit = 20
    package init() {}
}

/// A search that may be made: names are resolved, and the scope is what the asker may read.
package struct SearchPlan: Hashable, Sendable {
    package var request: SearchRequest
    package var scope: SearchScope
    package var author: AccountID?
    /// The key of the name of somebody whose words a relay brought.
    package var relayedAuthor: String?
    package var beforeOffset: Offset?
}

extension Community {
    /// SEARCH (IRCv3 proposal 496; docs/extensions/search.md).
    func decide(_ command: SearchCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id], case .search(let request) = command else { return [] }
        guard var scope = searchScope(request.target, session) else {
            return [.refused(.search(code: .invalidTarget, context: [request.target ?? "*"]))]
        }
        if case .rateLimited(_, let seconds) = rateRefusal(.search, by: id, at: moment.steady) {
            return [.refused(.search(code: .rateLimited, context: [Text(String(seconds))]))]
        }
        var author: AccountID?
        let relayedAuthor = request.author.flatMap { try? RelayedName($0.bytes) }?.key
        if let name = request.author, relayedAuthor == nil {
            author = account(named: name)?.id
            // Nobody of that name has ever said anything.
            if author == nil { scope = .everywhere(channels: [], directOf: nil) }
        }
        let plan = SearchPlan(
            request: request, scope: scope, author: author, relayedAuthor: relayedAuthor,
            beforeOffset: request.next.flatMap { moment.functions.offsetOfMessage($0) })
        return [.presence(.rated(id, .search, moment.steady)), .work(.search(plan))]
    }

    /// What the session may read of a target, or of everything; nil for what it may not.
    private func searchScope(_ name: Text?, _ session: Session) -> SearchScope? {
        guard let name else {
            return .everywhere(channels: session.channels, directOf: session.account)
        }
        guard name.bytes.first == 35 else {
            guard let (conversation, _) = talk(with: name, for: session),
                case .direct(let one, let other) = conversation
            else { return nil }
            return .direct(one, other)
        }
        guard let target = try? target(name), isMember(session.id, of: target.channel) else { return nil }
        return target.thread.map { .thread(target.channel.id, $0) } ?? .channel(target.channel.id)
    }

    /// Whether the session may still read a message that a search found.
    package func mayRead(_ conversation: Conversation, _ session: Session) -> Bool {
        switch conversation {
        case .channel(let channel): session.channels.contains(channel)
        case .direct(let one, let other): session.account == one || session.account == other
        }
    }
}
