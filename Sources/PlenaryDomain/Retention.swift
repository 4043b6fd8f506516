// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What somebody proposed to forget, until a second one says so too.
package struct ForgetProposal: Hashable, Sendable {
    package var proposed: ForgetProposed
    package var time: Timestamp
}

/// A legal hold that stands.
package struct Hold: Hashable, Sendable {
    package var reason: Text
    package var actor: AccountID?
    package var time: Timestamp
}

/// What is kept and what is to go. Durable.
package struct Keeping: Hashable, Sendable {
    package internal(set) var proposals: [AccountID: ForgetProposal] = [:]
    package internal(set) var holds: [HeldPlace: Hold] = [:]
    /// Days that a channel's messages are kept; a channel that is missing keeps them for ever.
    package internal(set) var retentionDays: [ChannelID: UInt32] = [:]

    package init() {}
}

extension Community {
    mutating func apply(_ event: RetentionEvent, time: Timestamp) {
        switch event {
        case .forgetProposed(let proposed):
            keeping.proposals[proposed.account] = ForgetProposal(proposed: proposed, time: time)
        case .forgetSettled(let account): keeping.proposals[account] = nil
        case .holdSet(let hold):
            keeping.holds[hold.place] =
                hold.isHeld ? Hold(reason: hold.reason, actor: hold.actor, time: time) : nil
        case .retentionSet(let retention): keeping.retentionDays[retention.channel] = retention.days
        }
    }

    /// The events that rebuild it.
    func retentionSnapshot() -> [LoggedEvent] {
        func logged(_ event: RetentionEvent, _ time: Timestamp) -> LoggedEvent {
            LoggedEvent(offset: .none, time: time, event: .retention(event))
        }
        let proposals = keeping.proposals.sorted { $0.key < $1.key }.map {
            logged(.forgetProposed($1.proposed), $1.time)
        }
        let holds = keeping.holds.sorted { $0.key.order < $1.key.order }.map { place, hold in
            logged(
                .holdSet(HoldSet(place: place, isHeld: true, reason: hold.reason, actor: hold.actor)),
                hold.time)
        }
        let retentions = keeping.retentionDays.sorted { $0.key < $1.key }.map { channel, days in
            logged(
                .retentionSet(RetentionSet(channel: channel, days: days, actor: nil)),
                Timestamp(microseconds: 0))
        }
        return proposals + holds + retentions
    }

    // MARK: Holds

    /// Whether a message may not be taken away.
    package func isHeld(in channel: ChannelID?, by author: AccountID?) -> Bool {
        channel.map { keeping.holds[.channel($0)] != nil } ?? false
            || author.map { keeping.holds[.account($0)] != nil } ?? false
    }

    /// The hold that forbids a plan; nil when nothing does. An account's messages in a channel under hold stay, so it
    /// cannot be forgotten meanwhile.
    package func hold(against plan: ErasurePlan) -> HeldPlace? {
        guard !keeping.holds.isEmpty else { return nil }
        for place in keeping.holds.keys.sorted(by: { $0.order < $1.order }) {
            switch place {
            case .account(let account):
                if plan.accounts.contains(account) { return place }
                let isAuthor = plan.messages.contains { message in
                    ledgers.values.contains { $0.entry(of: message)?.author == account }
                }
                if isAuthor { return place }
            case .channel(let channel):
                guard let ledger = ledgers[channel] else { continue }
                if plan.messages.contains(where: { ledger.ordinal(of: $0) != nil }) { return place }
                if plan.accounts.contains(where: { !ledger.messages(by: $0).isEmpty }) { return place }
            }
        }
        return nil
    }

    /// The channel or account under hold as people spell it; `*` when it is gone.
    package func name(of place: HeldPlace) -> Text {
        switch place {
        case .channel(let id): channels[id].map { Text($0.name.spelling) } ?? "*"
        case .account(let id): accounts[id].map { Text($0.name.spelling) } ?? "*"
        }
    }

    // MARK: What runs out

    /// Messages that are older than their channel keeps them, as requests of bounded size; at most `limit` of
    /// these at once, so that one sweep never holds up the community for long.
    package func retentionDue(at now: Timestamp, limit: Int = 16) -> [ErasureRequested] {
        var requests: [ErasureRequested] = []
        for (channel, days) in keeping.retentionDays.sorted(by: { $0.key < $1.key }) {
            guard requests.count < limit, keeping.holds[.channel(channel)] == nil,
                let ledger = ledgers[channel]
            else { continue }
            let oldest = now.advanced(bySeconds: -Int64(days) * 86_400)
            let old = ledger.messages(before: oldest).filter { !isHeld(in: nil, by: $0.author) }.map(\.offset)
            // A newer translation says the same words.
            let translations = old.flatMap { translationOffsets(of: $0, in: channel) }
                .compactMap { ledger.entry(of: $0) }
                .filter { $0.time >= oldest && !isHeld(in: nil, by: $0.author) }.map(\.offset)
            var messages = (translations + old)[...]
            while !messages.isEmpty, requests.count < limit {
                let part = messages.prefix(ErasurePlan.messageCountLimit)
                requests.append(
                    ErasureRequested(plan: ErasurePlan(messages: Set(part)), actor: nil, reason: "retention"))
                messages = messages.dropFirst(part.count)
            }
        }
        return requests
    }
}

extension HeldPlace {
    /// Channels first, then accounts, each by number: one order for lists and snapshots.
    var order: UInt64 {
        switch self {
        case .channel(let channel): UInt64(channel.value)
        case .account(let account): 1 << 32 | UInt64(account.value)
        }
    }
}
