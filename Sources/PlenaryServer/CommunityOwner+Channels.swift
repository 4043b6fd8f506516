// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

extension CommunityOwner {
    /// Makes the channels of the configuration that do not exist yet. Those that do keep what people made of them.
    package func seed(
        _ channels: [ChannelConfiguration], _ questionnaires: [QuestionnaireDefinition] = []
    ) {
        dissolveAbandoned()
        settleQuestionnaireKeys()
        define(questionnaires)
        for channel in channels {
            guard let name = try? ChannelName("#\(channel.name)"),
                community.channel(named: Text(name.spelling)) == nil
            else { continue }
            let id = ChannelID(community.nextChannelID)
            let replayCount = channel.replayCount ?? community.policy.replayCount
            _ = record(
                .channelCreated(
                    ChannelCreated(
                        channel: id, name: Text(name.spelling), founder: nil, isPermanent: true,
                        replayCount: UInt16(clamping: replayCount), titles: channel.titles)))
            var changes: [ModeChange] = []
            if channel.isModerated { changes.append(ModeChange(letter: UInt8(ascii: "m"), isAdded: true)) }
            if channel.isPrivate {
                changes.append(ModeChange(letter: UInt8(ascii: "i"), isAdded: true))
                changes.append(ModeChange(letter: UInt8(ascii: "s"), isAdded: true))
            }
            if channel.threadCreation != .all || channel.isMainLineClosed {
                let policy = ThreadPolicySet(
                    channel: id, creation: channel.threadCreation, isMainLineClosed: channel.isMainLineClosed)
                _ = record(.threadPolicySet(policy))
            }
            if let days = channel.retentionDays {
                _ = record(.retention(.retentionSet(RetentionSet(channel: id, days: days, actor: nil))))
            }
            let server = Actor(source: dialect.facts.name, account: nil, accountName: nil)
            if !changes.isEmpty {
                _ = record(
                    .modesChanged(
                        ModesChanged(
                            channel: id, channelName: Text(name.spelling), changes: changes, actor: server)))
            }
        }
        seedMeetings(channels)
        take([])
    }

    /// A restart is the end of everybody's presence, so that channels which nobody owns end with it
    /// (docs/decisions/0055). While the server runs there are none.
    private func dissolveAbandoned() {
        let abandoned = community.channels.values.filter { !$0.isPermanent && $0.members.isEmpty }
        for channel in abandoned.map(\.id).sorted() {
            _ = record(.channelDissolved(ChannelDissolved(channel: channel)))
        }
    }

    func reconfigure(_ change: Reconfiguration) {
        community.adopt(change.policy)
        dialect.facts = change.facts
        seed(change.channels, change.questionnaires)
    }
}
