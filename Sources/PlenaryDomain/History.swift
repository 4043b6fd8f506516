// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// CHATHISTORY (IRCv3 chathistory, draft).
    func decide(_ command: HistoryCommand, by id: SessionID) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .fetch(let subcommand, let target, let selection, let limit):
            guard let (conversation, name) = conversation(named: target, for: session) else {
                return [.refused(.historyInvalidTarget(subcommand: subcommand, target: target))]
            }
            return [
                .work(
                    .fetchHistory(
                        HistoryRequest(
                            conversation: conversation, target: name, selection: selection,
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
    private func conversation(named target: Text, for session: Session) -> (Conversation, Text)? {
        if target.bytes.first == 35 {
            guard let channel = channel(named: target), isMember(session.id, of: channel) else { return nil }
            return (.channel(channel.id), Text(channel.name.spelling))
        }
        guard let own = session.account else { return nil }
        let other = self.session(named: target)?.account ?? account(named: target)?.id
        guard let other, let name = accounts[other]?.name else { return nil }
        return (.between(own, other), Text(name.spelling))
    }
}
