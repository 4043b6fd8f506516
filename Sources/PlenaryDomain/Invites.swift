// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    private func refuse(_ code: AccountFailure, _ context: Text) -> [Outcome] {
        [.refused(.account(AccountRefusal(verb: "INVITECODE", code: code, context: context)))]
    }

    /// Why a session may not deal with invite codes.
    func inviteRefusal(_ subcommand: Text, _ session: Session) -> Refusal? {
        guard session.account != nil else {
            return .account(AccountRefusal(verb: "INVITECODE", code: .accountRequired, context: subcommand))
        }
        guard permits(.invite, session) else {
            return .account(AccountRefusal(verb: "INVITECODE", code: .privilegesNeeded, context: subcommand))
        }
        return nil
    }

    /// The codes a session may see and revoke: those that it made; all, for who manages accounts.
    package func invites(seenBy session: Session) -> [Invite] {
        let seesAll = permits(.manageAccounts, session)
        return invites.values.filter { invite in
            !invite.isRevoked
                && (seesAll || session.account != nil && invite.created.creator == session.account)
        }.sorted {
            ($0.time, $0.created.handle.string) < ($1.time, $1.created.handle.string)
        }
    }

    /// INVITECODE CREATE: nobody gives away more than he has.
    func decideInvite(_ wish: InviteWish, _ session: Session, _ moment: Moment) -> [Outcome] {
        if let refusal = inviteRefusal("CREATE", session) { return [.refused(refusal)] }
        let isManager = permits(.manageAccounts, session)
        guard mayGive(wish.role, session), isManager || wish.secondsToLive > 0 else {
            return refuse(.privilegesNeeded, wish.secondsToLive == 0 ? "expires" : "role")
        }
        let limits = policy.limits
        guard wish.useLimit > 0, wish.useLimit <= limits.inviteUseCountLimit else {
            return refuse(.invalidParameters, "uses")
        }
        guard wish.secondsToLive >= 0, wish.secondsToLive <= limits.inviteSecondsLimit else {
            return refuse(.invalidParameters, "expires")
        }
        guard wish.channels.count <= limits.inviteChannelCountLimit else {
            return refuse(.invalidParameters, "channels")
        }
        for name in wish.channels {
            guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
                return refuse(.noSuchChannel, name)
            }
            let isPrivate = channel.flags.contains(.inviteOnly)
            guard !isPrivate || permits(.moderate, session, in: channel) else {
                return refuse(.privilegesNeeded, name)
            }
        }
        if let name = wish.accountName {
            guard (try? AccountName(name.bytes)) != nil, account(named: name) == nil else {
                return refuse(.invalidParameters, "name")
            }
        }
        let openCount = invites.values.count {
            $0.created.creator == session.account && $0.isUsable(at: moment.now)
        }
        guard openCount < limits.openInviteCountLimit else { return refuse(.limitReached, "CREATE") }
        return [.work(.account(.drawSecret(.inviteCode(wish))))]
    }

    func decideInviteCode(
        _ wish: InviteWish, _ code: Text, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        let hash = moment.functions.sha256(Invite.normalized(code))
        let handle = Text(
            hash.prefix(4).map { byte in String(Int(byte) + 256, radix: 16).dropFirst() }
                .joined())
        let isTaken = invites.values.contains { $0.created.handle == handle && !$0.isRevoked }
        guard invites[hash] == nil, !isTaken else { return refuse(.temporarilyUnavailable, "CREATE") }
        let created = InviteCreated(
            codeHash: hash, handle: handle, role: wish.role, channels: wish.channels,
            expires: wish.secondsToLive == 0 ? nil : moment.now.advanced(bySeconds: wish.secondsToLive),
            useLimit: wish.useLimit, accountName: wish.accountName, creator: session.account)
        return [
            .event(.inviteCreated(created)),
            .answer(.account(.inviteCreated(handle: handle, code: code))),
        ]
    }

    func decideInviteRevocation(_ handle: Text, _ session: Session) -> [Outcome] {
        if let refusal = inviteRefusal("REVOKE", session) { return [.refused(refusal)] }
        guard let invite = invites(seenBy: session).first(where: { $0.created.handle == handle }) else {
            return refuse(.noSuchCode, handle)
        }
        return [
            .event(.inviteRevoked(InviteRevoked(codeHash: invite.created.codeHash))),
            .answer(.account(.inviteRevoked(handle: handle))),
        ]
    }
}
