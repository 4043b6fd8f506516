// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// The shortest list of events that rebuilds the durable state, in a stable order. The same state
    /// gives the same list, so two states are compared by it, and a snapshot needs no format of its own.
    package func snapshotEvents() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: Event, _ time: Timestamp) {
            events.append(LoggedEvent(offset: .none, time: time, event: event))
        }
        for account in accounts.values.sorted(by: { $0.id < $1.id }) {
            add(
                .accountCreated(
                    AccountCreated(
                        account: account.id, name: Text(account.name.spelling), role: account.role,
                        isBot: account.isBot)), account.created)
            if let password = account.password {
                add(.credentialSet(CredentialSet(account: account.id, password: password)), account.created)
            }
            for certificate in account.certificates {
                add(
                    .certificateAdded(
                        CertificateAdded(
                            account: account.id, fingerprint: certificate.fingerprint,
                            label: certificate.label)),
                    certificate.added)
            }
            for (event, time) in account.credentialSnapshot() { add(event, time) }
            if account.isDisabled {
                let state = AccountStateSet(
                    account: account.id, isDisabled: true, until: account.disabledUntil)
                add(.accountStateSet(state), account.created)
            }
        }
        for (event, time) in inviteSnapshot() { add(event, time) }
        for channel in channels.values.sorted(by: { $0.id < $1.id }) {
            events += channel.snapshotEvents() + channel.threadSnapshot()
        }
        events += readingSnapshot()
        events += languagesSnapshot() + relayingSnapshot()
        events += erasureSnapshot() + retentionSnapshot() + peopleSnapshot() + moderation.snapshotEvents()
        events += meetingSnapshot()
        events += floorSnapshot()
        events += outcomeSnapshot() + practiceSnapshot() + questionnaireSnapshot()
        addLastChannelID(to: &events)
        for (account, window) in tokens.sorted(by: { $0.key < $1.key }) where !window.tokens.isEmpty {
            let time = window.tokens.last?.time ?? Timestamp(microseconds: 0)
            // A record's body is bounded (log.md, 65,536 bytes): a window is cut into pieces well below it.
            var rest = Array(window.tokens)[...]
            while !rest.isEmpty {
                add(
                    .tokensRemembered(TokensRemembered(account: account, tokens: Array(rest.prefix(256)))),
                    time)
                rest = rest.dropFirst(256)
            }
        }
        return events
    }

    private func inviteSnapshot() -> [(Event, Timestamp)] {
        let ordered = invites.values.sorted {
            $0.created.codeHash.lexicographicallyPrecedes($1.created.codeHash)
        }
        return ordered.flatMap { invite in
            let hash = invite.created.codeHash
            let used = InviteRedeemed(codeHash: hash, account: AccountID(0))
            var events: [Event] = [.inviteCreated(invite.created)]
            events += [Event](repeating: .inviteRedeemed(used), count: Int(invite.redeemedCount))
            if invite.isRevoked { events.append(.inviteRevoked(InviteRevoked(codeHash: hash))) }
            return events.map { ($0, invite.time) }
        }
    }

    /// The number of a channel that is gone is never used again, so the last one given has to be kept.
    private func addLastChannelID(to events: inout [LoggedEvent]) {
        let last = ChannelID(nextChannelID - 1)
        guard last.value > 0, channels[last] == nil else { return }
        let time = Timestamp(microseconds: 0)
        let created = ChannelCreated(
            channel: last, name: "#gone-channel", founder: nil, isPermanent: false, replayCount: 0)
        let dissolved = ChannelDissolved(channel: last)
        // First of all, so that a living channel of that name takes it back.
        events.insert(LoggedEvent(offset: .none, time: time, event: .channelDissolved(dissolved)), at: 0)
        events.insert(LoggedEvent(offset: .none, time: time, event: .channelCreated(created)), at: 0)
    }
}

extension Channel {
    /// Modes with a value that are set.
    private var valuedModes: [ModeChange] {
        let values: [(letter: UInt8, value: Text?)] = [
            (UInt8(ascii: "k"), key), (UInt8(ascii: "l"), memberLimit.map { Text(String($0)) }),
            (UInt8(ascii: "f"), slowSeconds.map { Text(String($0)) }),
        ]
        return values.compactMap { letter, value in
            value.map { ModeChange(letter: letter, isAdded: true, argument: $0) }
        }
    }

    fileprivate func snapshotEvents() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: Event, _ time: Timestamp) {
            events.append(LoggedEvent(offset: .none, time: time, event: event))
        }
        let spelling = Text(name.spelling)
        func modes(
            _ changes: [ModeChange], by setter: Text, _ time: Timestamp, reason: Text = ""
        ) {
            guard !changes.isEmpty else { return }
            let actor = Actor(source: setter, account: nil, accountName: nil)
            let changed = ModesChanged(
                channel: id, channelName: spelling, changes: changes, actor: actor, reason: reason)
            add(.modesChanged(changed), time)
        }
        add(
            .channelCreated(
                ChannelCreated(
                    channel: id, name: spelling, founder: founder, isPermanent: isPermanent,
                    replayCount: UInt16(clamping: replayCount), titles: titles)), created)
        if let topic {
            let actor = Actor(source: topic.setter, account: nil, accountName: nil)
            add(
                .topicSet(TopicSet(channel: id, channelName: spelling, topic: topic.text, actor: actor)),
                topic.time)
        }
        var changes: [ModeChange] = []
        let defaults: ChannelFlags = [.noExternalMessages, .protectedTopic]
        for (letter, flag) in ChannelFlags.letters where flags.contains(flag) != defaults.contains(flag) {
            changes.append(ModeChange(letter: letter, isAdded: flags.contains(flag)))
        }
        changes += valuedModes
        for (account, roles) in standingRoles.sorted(by: { $0.key < $1.key }) {
            for letter in "qov".utf8 {
                guard let role = ChannelRoles(modeLetter: letter), roles.contains(role) else { continue }
                changes.append(ModeChange(letter: letter, isAdded: true, account: account))
            }
        }
        // The founder has the founder's role from the creation; losing it later has to be said.
        if let founder, !(standingRoles[founder] ?? []).contains(.founder) {
            changes.append(ModeChange(letter: UInt8(ascii: "q"), isAdded: false, account: founder))
        }
        modes(changes, by: "*", created)
        for list in MaskList.allCases {
            for entry in masks[list] ?? [] {
                modes(
                    [
                        ModeChange(
                            letter: list.rawValue, isAdded: true, argument: entry.mask, until: entry.until)
                    ],
                    by: entry.setter, entry.time, reason: entry.reason)
            }
        }
        return events
    }
}
