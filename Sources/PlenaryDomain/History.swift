// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// CHATHISTORY (IRCv3 chathistory, draft).
    func decide(_ command: HistoryCommand, by id: SessionID) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .fetch(let subcommand, let target, let selection, let limit):
            guard let (place, name) = historyPlace(named: target, for: session) else {
                return [.refused(.historyInvalidTarget(subcommand: subcommand, target: target))]
            }
            return [
                .work(
                    .fetchHistory(
                        HistoryRequest(
                            conversation: place.conversation, thread: place.thread, target: name,
                            selection: selection,
                            limit: min(limit, policy.limits.historyMessageCountLimit),
                            purpose: .command(spelledTarget: target, subcommand: subcommand))))
            ]
        case .targets(let from, let to, let limit):
            let joined = session.channels.sorted().compactMap { channel in
                channels[channel].map { (Conversation.channel(channel), Text($0.name.spelling)) }
            }
            let most = min(limit, policy.limits.historyTargetCountLimit)
            return [.work(.fetchTargets(conversations: joined, from: from, to: to, limit: most))]
        }
    }

    /// The conversation a target means to this session; nil alike for unknown and not allowed.
    private func historyPlace(named name: Text, for session: Session) -> (MarkerPlace, Text)? {
        guard name.bytes.first == 35 else {
            return talk(with: name, for: session).map { (MarkerPlace($0, nil), $1) }
        }
        guard let target = try? target(name), isMember(session.id, of: target.channel) else { return nil }
        return (MarkerPlace(.channel(target.channel.id), target.thread), target.channel.name.text)
    }

    /// The stored talk with the holder of a nickname or account; nil when either has no account.
    func talk(with target: Text, for session: Session) -> (Conversation, Text)? {
        guard let own = session.account else { return nil }
        let other = self.session(named: target)?.account ?? account(named: target)?.id
        guard let other, let name = accounts[other]?.name else { return nil }
        return (.between(own, other), Text(name.spelling))
    }
}
