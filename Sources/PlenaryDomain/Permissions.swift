// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One thing that somebody may be allowed to do. The raw value is its word in `Config/roles.yaml`.
package enum Permission: String, CaseIterable, Hashable, Sendable {
    /// Join and read channels that are not private.
    case readPublic = "read-public"
    /// Join and read private channels that one was let into.
    case readInvited = "read-invited"
    /// Know, join and read every channel.
    case readAll = "read-all"
    /// Say something, to channels and to people.
    case post
    /// Begin threads where the channel leaves it to everybody.
    case thread
    /// Attach a translation to one's own message.
    case translate
    /// Attach a translation to anybody's message.
    case translateAll = "translate-all"
    /// Report a message or a person to the moderators.
    case report
    /// Ask for the floor of a session.
    case requestFloor = "request-floor"
    /// Give, take and order the floor.
    case manageFloor = "manage-floor"
    /// Mute, remove, ban, hide, redact, close, pin, move, topic and modes.
    case moderate
    /// Mark messages and threads as outcomes.
    case markOutcomes = "mark-outcomes"
    /// Export what a session came to.
    case export
    /// Start and stop a relay.
    case relay
    /// Have one's own messages taken out of the log.
    case eraseOwn = "erase-own"
    /// Have a person's records taken out of the log, together with a second who may.
    case erasePerson = "erase-person"
    /// Create a channel by joining a name that does not exist.
    case createChannel = "create-channel"
    /// Make invite codes.
    case invite
    /// Change accounts, roles, sanctions of the whole community, and end sessions.
    case manageAccounts = "manage-accounts"
    /// See how the server and its relays do.
    case seeStatus = "see-status"
}

extension Channel {
    /// Whether one has to be let in, or has to know the name.
    package var isPrivate: Bool { !flags.isDisjoint(with: [.secret, .inviteOnly]) }
}

/// Several permissions.
package struct Permissions: OptionSet, Hashable, Sendable {
    package var rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ permissions: some Sequence<Permission>) {
        rawValue = permissions.reduce(0) { $0 | Permissions.bit($1) }
    }

    package func contains(_ permission: Permission) -> Bool { rawValue & Permissions.bit(permission) != 0 }

    package static let all = Permissions(Permission.allCases)

    private static func bit(_ permission: Permission) -> UInt32 {
        switch permission {
        case .readPublic: 1 << 0
        case .readInvited: 1 << 1
        case .readAll: 1 << 2
        case .post: 1 << 3
        case .thread: 1 << 4
        case .translate: 1 << 5
        case .translateAll: 1 << 6
        case .report: 1 << 7
        case .requestFloor: 1 << 8
        case .manageFloor: 1 << 9
        case .moderate: 1 << 10
        case .markOutcomes: 1 << 11
        case .export: 1 << 12
        case .relay: 1 << 13
        case .eraseOwn: 1 << 14
        case .erasePerson: 1 << 15
        case .createChannel: 1 << 16
        case .invite: 1 << 17
        case .manageAccounts: 1 << 18
        case .seeStatus: 1 << 19
        }
    }
}

/// What each role may do (`Config/roles.yaml`); the defaults are those of the shipped file.
package struct RoleTable: Hashable, Sendable {
    package var roles: [ServerRole: Permissions]
    /// Whoever has no account; only the open profile lets them in.
    package var guest: Permissions = Permissions([.readPublic, .readInvited, .post, .thread, .report])
    /// What a founder or operator of a channel may do in it, besides what the own role allows.
    package var channelModerator: Permissions = Permissions([
        .thread, .translateAll, .moderate, .manageFloor, .markOutcomes, .relay,
    ])

    package init() {
        let member: [Permission] = [
            .readPublic, .readInvited, .post, .thread, .translate, .report, .requestFloor, .eraseOwn,
        ]
        roles = [
            .observer: Permissions([.readPublic]),
            .member: Permissions(member),
            .languageDesk: Permissions(member + [.translateAll]),
            .rapporteur: Permissions(member + [.markOutcomes, .export]),
            .moderator: Permissions(
                member + [
                    .translateAll, .moderate, .manageFloor, .markOutcomes, .relay, .createChannel, .invite,
                ]),
            .technician: Permissions([.relay, .seeStatus]),
            .secretariat: .all,
        ]
    }

    package subscript(role: ServerRole) -> Permissions { roles[role] ?? [] }
}

extension Community {
    /// Whether a session may do something, on the whole server or in one channel. Nothing else decides that:
    /// roles are read here and nowhere else, so that the written matrix is the code (docs/PERMISSIONS.md).
    package func permits(_ permission: Permission, _ session: Session, in channel: Channel? = nil) -> Bool {
        let own = permissions(of: session)
        guard let channel else { return own.contains(permission) }
        if policy.roles.channelModerator.contains(permission),
            roles(of: session.id, in: channel).isOperator
        {
            return true
        }
        guard own.contains(permission) else { return false }
        // Whoever starts and stops a relay needs to read nothing for it (domain.md 6.2, technician).
        if permission == .relay, !channel.isPrivate { return true }
        return counts(channel, session, own)
    }

    /// Whether the session belongs where a role is to count: a moderator of the community moderates no private
    /// channel without having been let in.
    private func counts(_ channel: Channel, _ session: Session, _ own: Permissions) -> Bool {
        if own.contains(.readAll) || isMember(session.id, of: channel) { return true }
        guard channel.isPrivate else { return own.contains(.readPublic) }
        return own.contains(.readInvited) && channel.isInvited(session)
    }

    /// What the session's role allows wherever it belongs.
    private func permissions(of session: Session) -> Permissions {
        let isGuest = session.account == nil && session.serverRole == .member
        return isGuest ? policy.roles.guest : policy.roles[session.serverRole]
    }

    /// Whether the role of a session's account brings messages of other places, as those of a whole meeting.
    package func mayRelayByRole(_ session: Session) -> Bool {
        session.account != nil && permissions(of: session).contains(.relay)
    }

    /// Whether a session may know that the channel exists. For all others every command answers as if there
    /// were none (domain.md 5.2; docs/PERMISSIONS.md, "unknown").
    package func isVisible(_ channel: Channel, to id: SessionID) -> Bool {
        guard let session = sessions[id] else { return false }
        if isMember(id, of: channel) || isSharedMembership(id, in: channel) { return true }
        let own = permissions(of: session)
        if own.contains(.readAll) { return true }
        if !channel.flags.contains(.secret), own.contains(.readPublic) { return true }
        return own.contains(.readInvited) && channel.isInvited(session)
    }

    /// Whether a session may take somebody out of the channel; a founder yields to founders alone.
    func mayRemove(_ person: SessionID, from channel: Channel, _ session: Session) -> Bool {
        guard permits(.moderate, session, in: channel) else { return false }
        return !roles(of: person, in: channel).contains(.founder)
            || roles(of: session.id, in: channel).contains(.founder)
    }

    /// Whether a session may make founders of the channel, and unmake them.
    func mayAppointFounders(of channel: Channel, _ session: Session) -> Bool {
        roles(of: session.id, in: channel).contains(.founder) || permits(.moderate, session)
    }

    /// Whether an account has the permission by its role or its standing role in a channel, here or away.
    func permits(_ permission: Permission, toAccount id: AccountID, in channel: Channel) -> Bool {
        guard let account = accounts[id] else { return false }
        if policy.roles[account.role].contains(permission) { return true }
        return policy.roles.channelModerator.contains(permission)
            && channel.standingRoles[id]?.isOperator ?? false
    }

    /// Whether a session may make somebody what a role says: nobody gives more than he has.
    func mayGive(_ role: ServerRole, _ session: Session) -> Bool {
        policy.roles[role].isSubset(of: policy.roles[session.serverRole])
    }

    /// Whether a mode that holds others back lets the session speak.
    func maySpeakWhenModerated(_ session: Session, in channel: Channel) -> Bool {
        !roles(of: session.id, in: channel).isEmpty
    }

    /// Whether a session may create a channel by joining a name that does not exist.
    func mayCreateChannels(_ session: Session) -> Bool {
        let isLeftToPeople = policy.profile == .open || policy.peopleMayCreateChannels
        return isLeftToPeople && permits(.post, session) || permits(.createChannel, session)
    }

    /// Whether the channel is open to a session that is not in it: by its role, and for a private one by having
    /// been let in.
    func isOpen(_ channel: Channel, to session: Session) -> Bool {
        if permits(.readAll, session) { return true }
        guard channel.flags.contains(.inviteOnly) else { return permits(.readPublic, session) }
        return permits(.readInvited, session) && channel.isInvited(session)
    }
}

extension Community {
    /// Channels that a session may know of: the count of LUSERS tells nobody of the others.
    package func visibleChannelCount(to id: SessionID) -> Int {
        guard let session = sessions[id] else { return 0 }
        let own = permissions(of: session)
        if own.contains(.readAll) { return channels.count }
        guard own.contains(.readPublic) else { return channels.values.count { isVisible($0, to: id) } }
        let hidden = annex.secretChannels.count { channels[$0].map { !isVisible($0, to: id) } ?? false }
        return channels.count - hidden
    }

    /// Takes a new policy into use; who moderates may be others now.
    package mutating func adopt(_ policy: CommunityPolicy) {
        self.policy = policy
        for id in sessions.keys { tally(id) }
    }
}
