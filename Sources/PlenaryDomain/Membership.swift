// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// JOIN, PART, NAMES, LIST, KICK, INVITE (modern.ircd.chat, "Channel Operations").
    func decide(_ command: MembershipCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .join(let name, let key) where namesThread(name):
            return decideWindow(name, key: key, session, moment)
        case .part(let name, let reason) where namesThread(name):
            return decideWindowEnd(name, reason, session)
        case .names(let name?) where namesThread(name):
            guard let target = try? target(name), let thread = target.thread,
                isMember(id, of: target.channel)
            else { return [.answer(.noNames(name))] }
            return [.answer(.threadNames(target.channel.id, thread))]
        case .list(let filter)
        where filter.names.contains(where: namesThread)
            || filter.masks.contains(where: namesThread):
            return [.answer(.threadRows(threadRows(filter, session)))]
        case .join(let name, let key): return decideJoin(name, key: key, session, moment)
        case .part(let name, let reason): return decidePart(name, reason: reason, session)
        case .partAll:
            return session.channels.sorted().flatMap { channel in
                channels[channel].map { decidePart(Text($0.name.spelling), reason: nil, session) } ?? []
            }
        case .names(let name):
            guard let name else { return [.answer(.noNames("*"))] }
            guard let channel = channel(named: name), isVisible(channel, to: id) else {
                return [.answer(.noNames(name))]
            }
            return [.answer(.names(channel.id))]
        case .list(let filter): return [.answer(.list(filter))]
        case .kick(let channel, let nick, let reason): return decideKick(channel, nick, reason, session)
        case .invite(let nick, let channel): return decideInvite(nick, channel, session)
        case .inviteList: return []
        }
    }

    // MARK: JOIN

    func decideJoin(_ name: Text, key: Text?, _ session: Session, _ moment: Moment) -> [Outcome] {
        guard let channel = channel(named: name) else { return decideCreation(name, session, moment) }
        let spelling = channel.name.text
        guard !isMember(session.id, of: channel) else { return [] }
        let isShared = isSharedMembership(session.id, in: channel)
        let isModerator = permits(.moderate, session, in: channel)
        let isShutOut = !isShared && !isOpen(channel, to: session)
        if isShutOut, !isVisible(channel, to: session.id) {
            // Whoever may not know the channel hears what he would hear if there were none (domain.md 5.2).
            return [
                .refused(mayCreateChannels(session) ? .noSuchChannel(name) : .channelCreationDenied(name))
            ]
        }
        guard session.channels.count < policy.limits.joinedChannelCountLimit else {
            return [.refused(.tooManyChannels(spelling))]
        }
        if isShutOut { return [.refused(.inviteOnly(spelling))] }
        if !isShared && !isModerator {
            if let ban = channel.ban(of: session, at: moment.now),
                !session.invitations.contains(channel.id)
            {
                return [.refused(sanction(ban, isMute: false, "JOIN", spelling))]
            }
            if let channelKey = channel.key, channelKey != key, !session.invitations.contains(channel.id) {
                return [.refused(.badChannelKey(spelling))]
            }
            if let limit = channel.memberLimit, peopleCount(in: channel) >= limit,
                !session.invitations.contains(channel.id)
            {
                return [.refused(.channelIsFull(spelling))]
            }
        }
        var roles = session.account.flatMap { channel.standingRoles[$0] } ?? []
        if isModerator { roles.insert(.channelOperator) }
        for other in identity(of: session.id) { roles.formUnion(channel.members[other] ?? []) }
        return joinOutcomes(
            session, channel.id, spelling, roles, isFirst: !isShared, channel: channel)
    }

    /// Somebody on two devices is one person.
    package func peopleCount(in channel: Channel) -> Int {
        Set(channel.members.keys.compactMap { sessions[$0]?.nickname?.key }).count
    }

    private func joinOutcomes(
        _ session: Session, _ id: ChannelID, _ name: Text, _ roles: ChannelRoles, isFirst: Bool,
        channel: Channel?
    ) -> [Outcome] {
        var outcomes: [Outcome] = [.presence(.joined(session.id, id, roles, isFirst: isFirst))]
        if session.capabilities.contains(.readMarker) {
            outcomes.append(markerOnJoin(MarkerPlace(.channel(id), nil), name, session))
        }
        if let channel, channel.topic != nil || !channel.titles.isEmpty {
            outcomes.append(.answer(.topic(id)))
        }
        if !session.capabilities.contains(.noImplicitNames) { outcomes.append(.answer(.names(id))) }
        if let channel { outcomes += newsOnJoin(of: channel, to: session) }
        // Who comes in learns at once whether people are named here.
        if attribution(in: id) != .attributed { outcomes.append(.answer(.meeting(.info(id)))) }
        if let channel, channel.takesRelays, isFirst, !session.isBot {
            outcomes.append(.answer(.relaying(.notice(id))))
        }
        if let channel, let replay = replayOnJoin(of: channel, to: session) { outcomes.append(replay) }
        return outcomes
    }

    /// Plain clients of people get the last messages; whoever can ask for history, bots and guests do not.
    func replayOnJoin(of channel: Channel, thread: ThreadID? = nil, to session: Session) -> Outcome? {
        guard channel.replayCount > 0, session.account != nil, !session.isBot,
            session.capabilities.isDisjoint(with: [.chatHistory])
        else { return nil }
        return .work(
            .fetchHistory(
                HistoryRequest(
                    conversation: .channel(channel.id), thread: thread, target: channel.name.text,
                    selection: .latest(after: nil),
                    limit: min(channel.replayCount, policy.limits.historyMessageCountLimit),
                    purpose: .replayOnJoin)))
    }

    private func decideCreation(_ name: Text, _ session: Session, _ moment: Moment) -> [Outcome] {
        guard let valid = try? ChannelName(name.bytes) else { return [.refused(.noSuchChannel(name))] }
        guard mayCreateChannels(session) else { return [.refused(.channelCreationDenied(name))] }
        guard session.channels.count < policy.limits.joinedChannelCountLimit else {
            return [.refused(.tooManyChannels(name))]
        }
        if let refusal = rateRefusal(.createChannel, by: session.id, at: moment.steady) {
            return [.refused(refusal)]
        }
        let id = ChannelID(nextChannelID)
        let isPermanent = policy.profile == .closed
        let founder = isPermanent ? session.account : nil
        let created = ChannelCreated(
            channel: id, name: Text(valid.spelling), founder: founder, isPermanent: isPermanent,
            replayCount: UInt16(clamping: policy.profile == .open ? 0 : policy.replayCount))
        return [
            .presence(.rated(session.id, .createChannel, moment.steady)), .event(.channelCreated(created)),
        ]
            + joinOutcomes(
                session, id, Text(valid.spelling), isPermanent ? .founder : .channelOperator, isFirst: true,
                channel: nil)
    }

    // MARK: PART and QUIT

    private func decidePart(_ name: Text, reason: Text?, _ session: Session) -> [Outcome] {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            return [.refused(.noSuchChannel(name))]
        }
        guard isMember(session.id, of: channel) else {
            return [.refused(.notOnChannel(channel.name.text))]
        }
        let isLast = !isSharedMembership(session.id, in: channel)
        return windowEnds(of: session.id, in: channel) + [
            .presence(.parted(session.id, channel.id, reason: reason, isLast: isLast))
        ]
            + dissolution(of: channel, without: [session.id])
    }

    /// What follows when a session ends, by QUIT or by its connection.
    package func decideQuit(_ id: SessionID, reason: Text) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        return [.presence(.quit(id, reason: reason))]
            + session.channels.sorted().flatMap { channel in
                channels[channel].map { dissolution(of: $0, without: [id]) } ?? []
            }
    }

    /// A channel that nobody owns ends with its last member, so that a name is never left without an operator.
    func dissolution(of channel: Channel, without leaving: [SessionID]) -> [Outcome] {
        guard !channel.isPermanent, channel.members.keys.allSatisfy({ leaving.contains($0) }) else {
            return []
        }
        return [.event(.channelDissolved(ChannelDissolved(channel: channel.id)))]
    }

    // MARK: KICK and INVITE

    func decideKick(
        _ name: Text, _ nick: Text, _ reason: Text?, note: Text = "", _ session: Session
    ) -> [Outcome] {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            return [.refused(.noSuchChannel(name))]
        }
        let spelling = channel.name.text
        guard isMember(session.id, of: channel) else { return [.refused(.notOnChannel(spelling))] }
        guard permits(.moderate, session, in: channel) else {
            return [.refused(.channelOperatorNeeded(spelling))]
        }
        let targets = sessions(named: nick).filter { channel.members[$0] != nil }
        guard let first = targets.first, let person = sessions[first]?.nickname else {
            return [.refused(.userNotInChannel(nick: nick, channel: spelling))]
        }
        guard mayRemove(first, from: channel, session) else {
            return [.refused(.channelOperatorNeeded(spelling))]
        }
        if let reason,
            reason.byteCount > policy.limits.kickByteLimit
                || lineByteCount(session, "KICK", [spelling, Text(person.spelling), reason]) > 512
        {
            return [.refused(.textTooLong(verb: "KICK", limit: policy.limits.kickByteLimit))]
        }
        let comment = reason.flatMap { $0.isEmpty ? nil : $0 } ?? Text(session.nickname?.spelling ?? "")
        return removal(of: targets, named: person, from: channel, comment, note: note, session)
            + dissolution(of: channel, without: targets)
    }

    /// One person's sessions leave a channel that they were put out of.
    func removal(
        of targets: [SessionID], named person: Nickname, from channel: Channel, _ comment: Text, note: Text,
        _ session: Session
    ) -> [Outcome] {
        let kicked = MemberKicked(
            channel: channel.id, channelName: channel.name.text, nickname: Text(person.spelling),
            reason: comment, actor: session.actor, note: note)
        return targets.flatMap { windowEnds(of: $0, in: channel) } + [.event(.memberKicked(kicked))]
            + targets.map { .presence(.removed($0, channel.id)) }
    }

    private func decideInvite(_ nick: Text, _ name: Text, _ session: Session) -> [Outcome] {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            return [.refused(.noSuchChannel(name))]
        }
        let spelling = channel.name.text
        guard isMember(session.id, of: channel) else { return [.refused(.notOnChannel(spelling))] }
        let isLeftToMembers = !channel.flags.contains(.inviteOnly) && permits(.post, session)
        guard isLeftToMembers || permits(.moderate, session, in: channel) else {
            return [.refused(.channelOperatorNeeded(spelling))]
        }
        let targets = sessions(named: nick)
        guard let person = targets.first.flatMap({ sessions[$0] }) else {
            return [.refused(.noSuchNick(nick))]
        }
        let spelledNick = Text(person.nickname?.spelling ?? "*")
        guard !targets.contains(where: { channel.members[$0] != nil }) else {
            return [.refused(.userOnChannel(nick: spelledNick, channel: spelling))]
        }
        var outcomes: [Outcome] = targets.map { .presence(.invited($0, channel.id, by: session.id)) }
        outcomes.append(.answer(.invited(nick: spelledNick, channel: spelling)))
        if let away = person.away { outcomes.append(.answer(.away(nick: spelledNick, away))) }
        return outcomes
    }
}
