// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Relays, as the people of a channel and those who watch over them are told of them.
extension CommunityOwner {
    /// Everybody in the channel is told that it is copied, for how long it is kept, and whom to ask. Whoever
    /// switched the relay is answered, and bots are left out: one of them may be the relay itself.
    func showRelay(_ event: RelayingEvent, by id: SessionID) {
        switch event {
        case .switched(let event):
            guard let channel = community.channels[event.channel] else { return }
            var forms: [Language: [UInt8]] = [:]
            for member in channel.members.keys.sorted() where member != id {
                guard let session = community.sessions[member], !session.isBot else { continue }
                let language = session.language
                if forms[language] == nil {
                    forms[language] = encoded(
                        dialect.renderRelayNotice(channel, isOn: event.isOn, in: language, community))
                }
                outbox.send(forms[language] ?? [], to: member)
            }
            tellRelayWatchers(of: event.channel)
        }
    }

    func perform(_ change: RelayingPresence) {
        community.apply(.relaying(change))
        if case .beat(let channel, _) = change { tellRelayWatchers(of: channel) }
    }

    /// What RELAY STATUS says, to those who asked to be told.
    private func tellRelayWatchers(of id: ChannelID) {
        guard let channel = community.channels[id], let watchers = community.relayWatchers[id] else { return }
        let bytes = encoded([dialect.renderRelayStatus(channel, in: community)])
        for watcher in watchers.sorted() { outbox.send(bytes, to: watcher) }
    }
}
