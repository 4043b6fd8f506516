// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// All community state. `apply` is the only way it changes; a decision only reads it.
///
/// The durable part (accounts, channels, invites, tokens) follows from the log alone. The rest is
/// presence: who is connected, under which name, and where.
package struct Community: Sendable {
    /// Boxed, as the annex is: whoever asks the community something copies it, and should copy little.
    @Boxed package var policy: CommunityPolicy
    /// What a message rarely has to do with.
    @Boxed var annex = CommunityAnnex()

    // MARK: Durable
    package internal(set) var channels: [ChannelID: Channel] = [:]
    package internal(set) var channelsByName: [String: ChannelID] = [:]
    /// Every message of each channel, without its text. Apart from the channels, so that looking at one
    /// copies none.
    package internal(set) var ledgers: [ChannelID: Ledger] = [:]
    package internal(set) var nextChannelID: UInt32 = 1
    package internal(set) var nextAccountID: UInt32 = 1

    // MARK: Presence
    package internal(set) var sessions: [SessionID: Session] = [:]
    /// Sessions by nickname key. Several only when they are of one account: one identity on several devices.
    package internal(set) var sessionsByNickname: [String: [SessionID]] = [:]
    /// Registered sessions.
    package internal(set) var registeredCount = 0
    /// The most people, each with one or several sessions, that were here at once.
    package internal(set) var registeredCountMaximum = 0

    package init(policy: CommunityPolicy) { self.policy = policy }

    // MARK: Reading

    package func channel(named name: some Collection<UInt8>) -> Channel? {
        let key = asciiFolded(name)
        if let id = channelsByName[key] { return channels[id] }
        return policy.channelAliases[key].flatMap { channelsByName[$0] }.flatMap { channels[$0] }
    }

    package func channel(named name: Text) -> Channel? { channel(named: name.bytes) }

    package func account(named name: Text) -> Account? {
        accountsByName[asciiFolded(name.bytes)].flatMap { accounts[$0] }
    }

    /// The registered sessions with this nickname, oldest first.
    package func sessions(named nick: Text) -> [SessionID] {
        sessionsByNickname[asciiFolded(nick.bytes)] ?? []
    }

    /// The sessions signed in to an account, registered or not, oldest first.
    package func sessions(signedInTo account: AccountID) -> [SessionID] {
        sessions.values.filter { $0.account == account }.map(\.id).sorted()
    }

    package func session(named nick: Text) -> Session? {
        sessions(named: nick).first.flatMap { sessions[$0] }
    }

    /// All registered sessions that share this one's nickname, itself included.
    package func identity(of id: SessionID) -> [SessionID] {
        guard let session = sessions[id], session.isRegistered, let nick = session.nickname else {
            return [id]
        }
        return sessionsByNickname[nick.key] ?? [id]
    }

    /// The sessions of one person: those that share the nickname, oldest first.
    package func devices(of person: Session) -> [Session] {
        identity(of: person.id).compactMap { sessions[$0] }
    }

    /// Whether another session of the same identity is in the channel.
    package func isSharedMembership(_ id: SessionID, in channel: Channel) -> Bool {
        identity(of: id).contains { $0 != id && channel.members[$0] != nil }
    }

    package func roles(of id: SessionID, in channel: Channel) -> ChannelRoles {
        channel.members[id] ?? []
    }

    package func isMember(_ id: SessionID, of channel: Channel) -> Bool { channel.members[id] != nil }

    /// Whether the two share a channel; then even an invisible person is found by masks.
    package func sharesChannel(_ one: SessionID, _ other: SessionID) -> Bool {
        guard let left = sessions[one]?.channels, let right = sessions[other]?.channels else { return false }
        return !left.isDisjoint(with: right)
    }

    /// Sessions that share at least one channel with this one, without itself.
    package func neighbours(of id: SessionID) -> Set<SessionID> {
        var result: Set<SessionID> = []
        for channel in sessions[id]?.channels ?? [] {
            for member in channels[channel]?.members.keys ?? [:].keys { result.insert(member) }
        }
        result.remove(id)
        return result
    }

    /// Capabilities that this session may ask for.
    package func offeredCapabilities(to session: Session) -> Capabilities {
        var offered = Capabilities.everything
        if !session.isTLS { offered.subtract([.sasl, .resume]) }
        offered.remove(.sts)
        if !policy.offersSearch { offered.remove(.search) }
        return offered
    }
}

package struct WhowasEntry: Hashable, Sendable {
    package var nickname: Nickname
    package var userName: Text
    package var host: Text
    package var realName: Text
    package var time: Timestamp
}

extension Capabilities {
    package static let everything = Capabilities(rawValue: (1 << 48) - 1)
}
