// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Who may not speak, and until when (docs/extensions/moderation.md, "Mute and ban", "Slow mode").
extension Community {
    /// The nickname that messages to the server itself go to; nobody can be called so.
    package static let deskName: Text = "plenary"

    /// Names that nobody may sign up by: the desk's, and those that erasure leaves behind.
    package static func isReserved(_ name: AccountName) -> Bool {
        name.key == deskName.string || name.key.hasPrefix(ErasurePlan.pseudonymPrefix)
            || isLabel(name.key)
    }

    /// The entry that keeps a person from posting; nil for moderators, who are never muted.
    func mute(of session: Session, in channel: Channel, at now: Timestamp) -> MaskEntry? {
        guard let entry = channel.muteEntry(of: session, at: now),
            !permits(.moderate, session, in: channel)
        else { return nil }
        return entry
    }

    /// The refusal of a muted or banned person's message; nil for others.
    func sanction(
        on session: Session, in channel: Channel, _ verb: Text, _ spelling: Text, at now: Timestamp
    ) -> Refusal? {
        // Who may not know the channel is told nothing of its lists.
        guard isVisible(channel, to: session.id) else { return nil }
        if let entry = mute(of: session, in: channel, at: now) {
            return sanction(entry, isMute: true, verb, spelling)
        }
        guard !maySpeakWhenModerated(session, in: channel), let entry = channel.ban(of: session, at: now)
        else { return nil }
        return sanction(entry, isMute: false, verb, spelling)
    }

    func sanction(_ entry: MaskEntry, isMute: Bool, _ verb: Text, _ spelling: Text) -> Refusal {
        .moderation(
            .sanctioned(
                verb: verb, channel: spelling, isMute: isMute, until: entry.until, reason: entry.reason))
    }

    /// Seconds until a person may post again in slow mode; nil when it is now.
    func secondsToWait(_ session: Session, in channel: Channel, at now: Timestamp) -> Int? {
        guard let slow = channel.slowSeconds,
            !maySpeakWhenModerated(session, in: channel),
            !permits(.moderate, session, in: channel)
        else { return nil }
        let start = now.advanced(bySeconds: -Int64(slow))
        let last =
            session.account.flatMap { ledgers[channel.id]?.newestTime(by: $0, after: start) }
            ?? session.guestPosts[channel.id]
        guard let last, last > start else { return nil }
        let wait = last.microseconds + Int64(slow) * 1_000_000 - now.microseconds
        return max(1, Int((wait + 999_999) / 1_000_000))
    }

    // MARK: Ends

    /// What the server does about sanctions that have come to their end.
    package func decideExpiries(at now: Timestamp) -> [Outcome] {
        guard let next = moderation.nextExpiry, next <= now else { return [] }
        let server = Actor(source: policy.serverName, account: nil, accountName: nil)
        var outcomes: [Outcome] = []
        for channel in channels.values.sorted(by: { $0.id < $1.id }) {
            for list in MaskList.allCases {
                var ended = (channel.masks[list] ?? []).filter { !$0.isAlive(at: now) }[...]
                while !ended.isEmpty {
                    let changes = ended.prefix(Community.expiriesOfLine).map {
                        ModeChange(letter: list.rawValue, isAdded: false, argument: $0.mask)
                    }
                    let event = ModesChanged(
                        channel: channel.id, channelName: channel.name.text, changes: changes,
                        actor: server)
                    outcomes.append(.event(.modesChanged(event)))
                    ended = ended.dropFirst(changes.count)
                }
            }
        }
        for account in accounts.values.sorted(by: { $0.id < $1.id }) {
            guard account.isDisabled, let until = account.disabledUntil, until <= now else { continue }
            let event = AccountStateSet(account: account.id, isDisabled: false, actor: server)
            outcomes.append(.event(.accountStateSet(event)))
        }
        return outcomes
    }

    /// Masks of one MODE line of the server.
    private static let expiriesOfLine = 3

    /// Looks anew for the next end; after `decideExpiries` was carried out. It follows from the durable state.
    package mutating func refreshExpiry() {
        let ends =
            channels.values.flatMap { $0.masks.values.joined().compactMap(\.until) }
            + accounts.values.compactMap(\.disabledUntil)
        moderation.nextExpiry = ends.min()
    }
}

extension Ledger {
    /// When an account last posted here, if that was later than a time.
    func newestTime(by author: AccountID, after time: Timestamp) -> Timestamp? {
        var index = Ordinal(count)
        while index > 0 {
            index -= 1
            let entry = self[index]
            guard entry.time > time else { return nil }
            if entry.author == author, entry.flags.contains(.message) { return entry.time }
        }
        return nil
    }

    /// The message that is so many places from the newest one, of one author or of all; redacted ones are not
    /// counted, hidden ones are. Looks at no more than `scanLimit` entries.
    func message(_ place: Int, by author: AccountID?, scanLimit: Int) -> Entry? {
        var index = Ordinal(count)
        let end = Ordinal(max(0, count - scanLimit))
        var rest = place
        while index > end {
            index -= 1
            let entry = self[index]
            guard entry.flags.contains(.message), !entry.flags.contains(.redacted),
                author == nil || entry.author == author
            else { continue }
            rest -= 1
            if rest == 0 { return entry }
        }
        return nil
    }

    /// The places of the newest messages that `~1`, `~2`, … name, the newest first.
    package func namedMessages(limit: Int, scanLimit: Int) -> [Offset] {
        var found: [Offset] = []
        var index = Ordinal(count)
        let end = Ordinal(max(0, count - scanLimit))
        while index > end, found.count < limit {
            index -= 1
            let entry = self[index]
            if entry.flags.contains(.message), !entry.flags.contains(.redacted) { found.append(entry.offset) }
        }
        return found
    }
}
