// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension CommunityOwner {
    /// Applies a change of presence and shows it to those whom it concerns.
    func perform(_ change: PresenceChange, by id: SessionID, _ scope: inout ReplyScope) {
        let now = self.now()
        switch change {
        case .joined(_, let channel, _, let isFirst):
            applyJoin(change, of: id, to: channel)
            showJoin(channel, isFirst: isFirst, by: id, now, &scope)
        case .parted(_, let channel, let reason, let isLast):
            showPart(channel, reason, isLast: isLast, by: id, now, &scope)
            community.apply(change)
        case .quit(_, let reason): showQuit(id, reason, now, change)
        case .nicknameChanged(_, let old, let new, let source):
            showNickname(change, old: old, new: new, source: source, by: id, now, &scope)
        case .registered: welcome(id, change, &scope)
        case .awayChanged:
            community.apply(change)
            toNeighbours(of: id, requiring: .awayNotify) { session, capabilities in
                self.dialect.renderAway(by: session, now, to: capabilities)
            }
        case .realNameChanged(let person, _): showSetName(person, change, by: id, now, &scope)
        case .people(let change): changeGuest(change, by: id)
        case .relaying(let change): perform(change)
        case .loggedIn(_, _, let host): showLogin(id, change, hasNewHost: host != nil, now)
        case .userModesChanged(_, let changes):
            community.apply(change)
            guard let session = community.sessions[id] else { return }
            scope.reply(dialect.renderUserModes(changes, by: session, now, to: session.capabilities))
        case .operatorBecame(_, _):
            community.apply(change)
            guard let session = community.sessions[id] else { return }
            let granted = [UserModeChange(letter: UInt8(ascii: "o"), isAdded: true)]
            scope.reply(dialect.renderUserModes(granted, by: session, now, to: session.capabilities))
        case .killed(let targets, let reason):
            for target in targets {
                guard let session = community.sessions[target] else { continue }
                let texts = dialect.render(reason, to: session)
                close(target, texts.error, quit: texts.quit)
            }
        case .invited(let target, let channel, _): showInvite(change, to: target, channel, by: id, now)
        case .relayed(let message):
            fanOut(
                message, id: unstoredID(), time: now, at: placement(ofUnstored: message), by: id, &scope)
        case .windowOpened(let holder, let channel, let thread):
            community.apply(change)
            showWindow(
                "JOIN", ThreadPlace(channel, thread), nil, of: holder, now, isAnswer: holder == id, &scope)
        case .windowClosed(let holder, let channel, let thread, let reason):
            community.apply(change)
            showWindow(
                "PART", ThreadPlace(channel, thread), reason, of: holder, now, isAnswer: holder == id, &scope)
        case .guestMarkerSet(_, _, let time, let target):
            community.apply(change)
            scope.reply([dialect.renderMarker(target, time)])
        case .opened, .capabilitiesChanged, .negotiation, .nicknameChosen, .nicknameReleased, .userNamed,
            .removed,
            .monitorChanged, .monitorCleared, .batchChanged, .saslChanged, .pendingAccountSet,
            .languageChosen,
            .active, .rated, .account, .formDrafted, .spokeUnnamed:
            community.apply(change)
        }
    }

    // MARK: Channels

    private func showJoin(
        _ id: ChannelID, isFirst: Bool, by actor: SessionID, _ now: Timestamp, _ scope: inout ReplyScope
    ) {
        guard let session = community.sessions[actor], let channel = community.channels[id] else { return }
        let name = channel.name.text
        let render = { (capabilities: Capabilities) in
            self.dialect.renderJoin(name, by: session, now, to: capabilities)
        }
        if isFirst {
            let audience = audience(of: channel)
            outbox.fan(audience.groups.map { encoded(render($0.capabilities)) }, to: audience, except: actor)
        }
        scope.reply(
            dialect.renderJoin(name, by: session, now, to: session.capabilities.subtracting(.awayNotify)))
    }

    private func showPart(
        _ id: ChannelID, _ reason: Text?, isLast: Bool, by actor: SessionID, _ now: Timestamp,
        _ scope: inout ReplyScope
    ) {
        guard let session = community.sessions[actor], let channel = community.channels[id] else { return }
        let name = channel.name.text
        let render = { (capabilities: Capabilities) in
            self.dialect.renderPart(name, reason: reason, by: session, now, to: capabilities)
        }
        if isLast {
            let audience = audience(of: channel)
            outbox.fan(audience.groups.map { encoded(render($0.capabilities)) }, to: audience, except: actor)
        }
        scope.reply(render(session.capabilities))
    }

    private func showQuit(_ id: SessionID, _ reason: Text, _ now: Timestamp, _ change: PresenceChange) {
        guard let session = community.sessions[id], session.isRegistered, let nick = session.nickname else {
            community.apply(change)
            return
        }
        let others = community.identity(of: id).filter { $0 != id }
        if others.isEmpty {
            toSessions(community.neighbours(of: id).sorted()) {
                dialect.renderQuit(reason, by: session, now, to: $0)
            }
        } else {
            // The person is still here on another device; only the channels left with this one show it.
            for channelID in session.channels.sorted() {
                guard let channel = community.channels[channelID],
                    !community.isSharedMembership(id, in: channel)
                else { continue }
                toSessions(channel.members.keys.filter { $0 != id }.sorted()) {
                    dialect.renderPart(channel.name.text, reason: reason, by: session, now, to: $0)
                }
            }
        }
        community.apply(change)
        if others.isEmpty { tellWatchers(of: nick, isOnline: false, source: session.source) }
    }

    // MARK: Names

    private func showNickname(
        _ change: PresenceChange, old: Nickname, new: Nickname, source: Text, by id: SessionID,
        _ now: Timestamp,
        _ scope: inout ReplyScope
    ) {
        let identity = community.identity(of: id)
        let neighbours = community.neighbours(of: id).union(identity).subtracting([id])
        if old != new { tellWatchers(of: old, isOnline: false, source: source) }
        community.apply(change)
        guard let session = community.sessions[id] else { return }
        toSessions(neighbours.sorted()) { dialect.renderNickname(from: source, by: session, now, to: $0) }
        scope.reply(dialect.renderNickname(from: source, by: session, now, to: session.capabilities))
        if old != new { tellWatchers(of: new, isOnline: true, source: session.source) }
    }

    private func welcome(_ id: SessionID, _ change: PresenceChange, _ scope: inout ReplyScope) {
        community.apply(change)
        guard let session = community.sessions[id], let nick = session.nickname else { return }
        outbox.registered(id, isUnlimited: community.mayRelayByRole(session))
        scope.reply(dialect.renderWelcome(to: session, in: community))
        if community.identity(of: id).count == 1 {
            tellWatchers(of: nick, isOnline: true, source: session.source)
        }
    }

    private func showSetName(
        _ id: SessionID, _ change: PresenceChange, by actor: SessionID, _ now: Timestamp,
        _ scope: inout ReplyScope
    ) {
        community.apply(change)
        guard let session = community.sessions[id] else { return }
        toNeighbours(of: id, requiring: .setName, includingSelf: actor != id) { session, capabilities in
            self.dialect.renderSetName(by: session, now, to: capabilities)
        }
        if actor == id { scope.reply(dialect.renderSetName(by: session, now, to: session.capabilities)) }
    }

    private func showLogin(_ id: SessionID, _ change: PresenceChange, hasNewHost: Bool, _ now: Timestamp) {
        let oldSource = community.sessions[id]?.source ?? ""
        community.apply(change)
        guard let session = community.sessions[id], session.isRegistered else { return }
        if hasNewHost {
            toNeighbours(of: id, requiring: .changeHost, includingSelf: true) { session, capabilities in
                self.dialect.renderChangedHost(by: session, oldSource: oldSource, now, to: capabilities)
            }
        }
        toNeighbours(of: id, requiring: .accountNotify, includingSelf: true) { session, capabilities in
            self.dialect.renderAccount(by: session, source: session.source, now, to: capabilities)
        }
    }

    private func showInvite(
        _ change: PresenceChange, to target: SessionID, _ channelID: ChannelID, by id: SessionID,
        _ now: Timestamp
    ) {
        community.apply(change)
        guard let session = community.sessions[id], let channel = community.channels[channelID],
            let nick = community.sessions[target]?.nickname
        else { return }
        let render = { (capabilities: Capabilities) in
            self.dialect.renderInvite(
                Text(nick.spelling), channel.name.text, by: session, now, to: capabilities)
        }
        toSessions([target], render)
        // invite-notify: to those who could have invited (IRCv3 invite-notify).
        let watching = channel.members.keys.filter { member in
            member != id && community.sessions[member]?.capabilities.contains(.inviteNotify) ?? false
        }
        if community.identity(of: target).first == target { toSessions(watching.sorted(), render) }
    }

    // MARK: Neighbours and watchers

    /// To those who share a channel, and to watchers with extended-monitor, as far as they negotiated it.
    private func toNeighbours(
        of id: SessionID, requiring capability: Capabilities, includingSelf: Bool = false,
        _ render: (Session, Capabilities) -> [Line]
    ) {
        guard let session = community.sessions[id] else { return }
        var audience = community.neighbours(of: id)
        if let key = session.nickname?.key {
            for watcher in community.watchers[key] ?? [] {
                let capabilities = community.sessions[watcher]?.capabilities ?? []
                if capabilities.contains(.extendedMonitor) { audience.insert(watcher) }
            }
        }
        audience.subtract(community.identity(of: id))
        if includingSelf { audience.insert(id) }
        let willing = audience.filter { community.sessions[$0]?.capabilities.contains(capability) ?? false }
        toSessions(willing.sorted()) { render(session, $0) }
    }

    /// 730 and 731 (IRCv3 monitor). Offline is told with the name as it was last spelled.
    private func tellWatchers(of nick: Nickname, isOnline: Bool, source: Text) {
        for watcher in (community.watchers[nick.key] ?? []).sorted() {
            guard let session = community.sessions[watcher] else { continue }
            let name = isOnline ? source : Text(nick.spelling)
            send(
                dialect.monitorLines(isOnline ? .monitorOnline : .monitorOffline, [name], session),
                to: watcher)
        }
    }
}
