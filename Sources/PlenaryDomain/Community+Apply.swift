// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// Applies a durable event; live and in replay the same.
    package mutating func apply(_ logged: LoggedEvent) {
        defer { rememberActs(of: logged) }
        switch logged.event {
        case .messagePosted(let event): applyMessage(event, offset: logged.offset, time: logged.time)
        case .channelCreated(let event): applyCreation(event, time: logged.time)
        case .channelDissolved(let event): applyDissolution(event)
        case .memberRoleSet(let event): applyRole(event)
        case .memberKicked: break
        case .topicSet(let event): applyTopic(event, time: logged.time)
        case .modesChanged(let event):
            applyModes(event, time: logged.time)
            noteMeetingMode(event)
        case .accountCreated(let event): applyAccount(event, time: logged.time)
        case .credentialSet(let event): applyPassword(event)
        case .certificateAdded(let event): applyCertificate(event, time: logged.time)
        case .certificateRemoved(let event): applyCertificateRemoval(event)
        case .accountStateSet(let event): applyAccountState(event)
        case .inviteCreated(let event): invites[event.codeHash] = Invite(created: event, time: logged.time)
        case .inviteRedeemed(let event): invites[event.codeHash]?.redeemedCount += 1
        case .inviteRevoked(let event): invites[event.codeHash]?.isRevoked = true
        case .tokensRemembered(let event):
            for token in event.tokens { remember(token, account: event.account) }
        case .threadCreated, .threadChanged, .messagesMoved, .threadPolicySet, .threadLevelSet, .threadCueSet,
            .markerSet, .ledgerPage, .messageRedacted:
            applyThreadEvent(logged)
        case .retention(let event): apply(event, time: logged.time)
        case .erasure(let event): apply(event, offset: logged.offset, time: logged.time)
        case .people(let event): apply(event)
        case .account(let event): apply(event, at: logged.time)
        case .moderation(let event): applyModeration(event, logged)
        case .meeting(let event): apply(event, at: logged.time)
        case .floor(let event): apply(event, time: logged.time)
        case .relaying(let event): apply(event)
        case .languages(let event): apply(event)
        case .outcomes(let event): apply(event, time: logged.time)
        case .practices(let event): apply(event, time: logged.time)
        case .questionnaires(let event): apply(event, time: logged.time)
        }
    }

    private mutating func remember(_ token: RememberedToken, account: AccountID) {
        tokens[account, default: TokenWindow()].remember(
            token, countLimit: policy.limits.rememberedTokenCountLimit,
            secondsLimit: policy.limits.rememberedTokenSecondsLimit)
    }

    private mutating func applyMessage(_ event: MessagePosted, offset: Offset, time: Timestamp) {
        noteMessage(event, offset: offset, time: time)
        noteTranslation(event, offset: offset, time: time)
        noteGuestPost(event, time: time)
        if let token = event.clientToken, case .channel(let channel) = event.conversation,
            event.actor.labelPolicy != nil
        {
            rememberLabelTokens([RememberedToken(token: token, offset: offset, time: time)], in: channel)
        }
        guard let token = event.clientToken, let account = event.sender else { return }
        remember(RememberedToken(token: token, offset: offset, time: time), account: account)
    }

    private mutating func applyCreation(_ event: ChannelCreated, time: Timestamp) {
        guard let name = try? ChannelName(event.name.bytes) else {
            // A snapshot or record with a bad name passed its checksum: our own mistake, not the disk's.
            preconditionFailure("a logged channel name is invalid: \(event.name)")
        }
        var channel = Channel(
            id: event.channel, name: name, created: time, founder: event.founder,
            isPermanent: event.isPermanent,
            replayCount: Int(event.replayCount), titles: event.titles)
        if let founder = event.founder { channel.standingRoles[founder] = .founder }
        channels[event.channel] = channel
        channelsByName[name.key] = event.channel
        nextChannelID = max(nextChannelID, event.channel.value &+ 1)
    }

    private mutating func applyDissolution(_ event: ChannelDissolved) {
        guard let channel = channels.removeValue(forKey: event.channel) else { return }
        channelsByName[channel.name.key] = nil
        annex.secretChannels.remove(event.channel)
        ledgers[event.channel] = nil
        shelves[event.channel] = nil
        moderation.forget(event.channel)
        meetings[event.channel] = nil
        labelBooks[event.channel] = nil
        floors[event.channel] = nil
        relayPulses[event.channel] = nil
        relayWatchers[event.channel] = nil
        outcomes[event.channel] = nil
        for account in readings.keys { readings[account]?.forget(event.channel) }
        for member in channel.members.keys { sessions[member]?.channels.remove(event.channel) }
        for (id, session) in sessions where session.invitations.contains(event.channel) {
            sessions[id]?.invitations.remove(event.channel)
        }
    }

    private mutating func applyRole(_ event: MemberRoleSet) {
        let roles: ChannelRoles
        switch event.role {
        case .member: roles = []
        case .voice: roles = .voice
        case .channelOperator: roles = .channelOperator
        case .founder: roles = .founder
        }
        let old = channels[event.channel]?.standingRoles[event.account] ?? []
        channels[event.channel]?.standingRoles[event.account] = roles.isEmpty ? nil : roles
        // Whoever is here on that account has the role at once, not at the next JOIN.
        for member in (channels[event.channel]?.members ?? [:]).keys
        where sessions[member]?.account == event.account {
            channels[event.channel]?.members[member]?.subtract(old)
            channels[event.channel]?.members[member]?.formUnion(roles)
            channels[event.channel]?.audienceVersion += 1
        }
    }

    private mutating func applyAccount(_ event: AccountCreated, time: Timestamp) {
        guard let name = try? AccountName(event.name.bytes) else {
            preconditionFailure("a logged account name is invalid: \(event.name)")
        }
        accounts[event.account] = Account(
            id: event.account, name: name, role: event.role, isBot: event.isBot, created: time)
        accountsByName[name.key] = event.account
        nextAccountID = max(nextAccountID, event.account.value &+ 1)
        takeReservedProfile(of: event.account, key: name.key)
    }

    private mutating func applyCertificate(_ event: CertificateAdded, time: Timestamp) {
        accounts[event.account]?.certificates.append(
            AccountCertificate(fingerprint: event.fingerprint, label: event.label, added: time))
        accountsByCertificate[event.fingerprint] = event.account
    }

    private mutating func applyCertificateRemoval(_ event: CertificateRemoved) {
        accounts[event.account]?.certificates.removeAll { $0.fingerprint == event.fingerprint }
        if accountsByCertificate[event.fingerprint] == event.account {
            accountsByCertificate[event.fingerprint] = nil
        }
    }

    // MARK: Presence

    /// Applies a change of presence.
    package mutating func apply(_ change: PresenceChange) {
        switch change {
        case .opened(let session): sessions[session.id] = session
        case .capabilitiesChanged(let id, let capabilities):
            sessions[id]?.capabilities = capabilities
            touchAudiences(of: id)
        case .negotiation(let id, let isOpen, let version): applyNegotiation(id, isOpen, version)
        case .nicknameChosen(let id, let nickname):
            sessions[id]?.nickname = nickname
            sessions[id]?.refreshSource()
        case .nicknameReleased(let id): sessions[id]?.nickname = nil
        case .userNamed(let id, let userName, let realName):
            sessions[id]?.userName = userName
            sessions[id]?.realName = realName
            sessions[id]?.refreshSource()
        case .registered(let id, let now): applyRegistration(id, at: now)
        case .nicknameChanged(let id, let old, let new, _):
            rememberWhowas(id, at: sessions[id]?.lastActive ?? Timestamp(microseconds: 0))
            applyNickname(new, to: sessionsByNickname[old.key] ?? [id])
        case .joined(let id, let channel, let roles, _):
            applyJoin(id, channel, roles)
        case .parted(let id, let channel, _, _), .removed(let id, let channel): leave(id, channel)
        case .quit(let id, _): applyQuit(id)
        case .awayChanged(let id, let text):
            for session in identity(of: id) { sessions[session]?.away = text }
        case .realNameChanged(let id, let name):
            for session in identity(of: id) { sessions[session]?.realName = name }
        case .userModesChanged(let id, let changes): applyUserModes(changes, to: id)
        case .loggedIn(let id, let account, let host): applyLogin(id, account, host)
        case .invited(let id, let channel, _): sessions[id]?.invitations.insert(channel)
        case .monitorChanged(let id, let added, let removed): applyMonitor(id, added, removed)
        case .monitorCleared(let id):
            applyMonitor(id, [], Array((sessions[id]?.monitored ?? [:]).values))
        case .batchChanged(let id, let batch): sessions[id]?.openBatch = batch
        case .saslChanged(let id, let state, let failed):
            sessions[id]?.sasl = state
            if failed { sessions[id]?.saslFailureCount += 1 }
        case .pendingAccountSet(let id, let pending): sessions[id]?.pendingAccount = pending
        case .languageChosen(let id, let language): sessions[id]?.language = language
        case .active(let id, let now): sessions[id]?.lastActive = now
        case .rated(let id, let act, let account, let now): noteRate(act, by: id, account: account, at: now)
        case .windowOpened(let id, let channel, let thread):
            applyWindow(id, channel, thread, isOpen: true)
        case .windowClosed(let id, let channel, let thread, _):
            applyWindow(id, channel, thread, isOpen: false)
        case .guestMarkerSet(let id, let key, let time, _): sessions[id]?.guestMarkers[key] = time
        case .formDrafted(let id, let draft): sessions[id]?.formDraft = draft
        case .operatorBecame(let id, let role):
            sessions[id]?.serverRole = role
            tally(id)
        case .people(let change): apply(change)
        case .account(let change): apply(change)
        case .spokeUnnamed(let id, let channel, let time): sessions[id]?.guestPosts[channel] = time
        case .relaying(let change): apply(change)
        case .relayed, .killed: break
        }
    }

    private mutating func applyJoin(_ id: SessionID, _ channel: ChannelID, _ roles: ChannelRoles) {
        channels[channel]?.members[id] = roles
        channels[channel]?.audienceVersion += 1
        sessions[id]?.channels.insert(channel)
        sessions[id]?.invitations.remove(channel)
    }

    private mutating func applyNegotiation(_ id: SessionID, _ isOpen: Bool, _ version: Int) {
        sessions[id]?.isNegotiating = isOpen
        let known = sessions[id]?.capabilityVersion ?? 0
        sessions[id]?.capabilityVersion = max(version, known)
    }

    private mutating func applyRegistration(_ id: SessionID, at now: Timestamp) {
        sessions[id]?.isRegistered = true
        sessions[id]?.registeredAt = now
        takeDisplayName(id)
        if let nickname = sessions[id]?.nickname { sessionsByNickname[nickname.key, default: []].append(id) }
        registeredCount += 1
        tally(id)
        registeredCountMaximum = max(registeredCountMaximum, sessionsByNickname.count)
    }

    mutating func touchAudiences(of id: SessionID) {
        for channel in sessions[id]?.channels ?? [] { channels[channel]?.audienceVersion += 1 }
    }

    private mutating func leave(_ id: SessionID, _ channel: ChannelID) {
        channels[channel]?.members[id] = nil
        forgetRelayWatcher(id, of: channel)
        for thread in channels[channel]?.windows.keys.sorted() ?? [] {
            if channels[channel]?.windows[thread]?.contains(id) ?? false {
                applyWindow(id, channel, thread, isOpen: false)
            }
        }
        channels[channel]?.audienceVersion += 1
        sessions[id]?.channels.remove(channel)
    }

    private mutating func applyNickname(_ nickname: Nickname, to ids: [SessionID]) {
        for id in ids {
            if let old = sessions[id]?.nickname { release(id, from: old) }
            sessions[id]?.nickname = nickname
            sessions[id]?.refreshSource()
            sessionsByNickname[nickname.key, default: []].append(id)
            touchAudiences(of: id)
        }
    }

    private mutating func release(_ id: SessionID, from nickname: Nickname) {
        sessionsByNickname[nickname.key]?.removeAll { $0 == id }
        if sessionsByNickname[nickname.key]?.isEmpty ?? false { sessionsByNickname[nickname.key] = nil }
    }

    private mutating func rememberWhowas(_ id: SessionID, at time: Timestamp) {
        guard let session = sessions[id], session.isRegistered, let nickname = session.nickname else {
            return
        }
        whowas.append(
            WhowasEntry(
                nickname: nickname, userName: session.userName ?? "~u", host: session.host,
                realName: session.realName,
                time: time))
        if whowas.count > policy.limits.whowasCountLimit { whowas.removeFirst(whowas.count / 4) }
    }

    private mutating func applyQuit(_ id: SessionID) {
        guard let session = sessions[id] else { return }
        rememberWhowas(id, at: session.lastActive)
        for channel in session.channels { leave(id, channel) }
        applyMonitor(id, [], Array(session.monitored.values))
        if session.isRegistered, let nickname = session.nickname {
            release(id, from: nickname)
            registeredCount -= 1
        }
        sessions[id] = nil
        tally(id)
    }

    /// Keeps who is invisible and who moderates countable: every welcome says how many.
    mutating func tally(_ id: SessionID) {
        let session = sessions[id].flatMap { $0.isRegistered ? $0 : nil }
        if session?.isInvisible ?? false {
            invisibleSessions.insert(id)
        } else {
            invisibleSessions.remove(id)
        }
        if session.map({ permits(.moderate, $0) }) ?? false {
            operatorSessions.insert(id)
        } else {
            operatorSessions.remove(id)
        }
    }

    private mutating func applyUserModes(_ changes: [UserModeChange], to id: SessionID) {
        for change in changes {
            switch change.letter {
            case UInt8(ascii: "i"): sessions[id]?.isInvisible = change.isAdded
            case UInt8(ascii: "B"): sessions[id]?.isBot = change.isAdded
            // Given by OPER or an account only; this gives it back.
            case UInt8(ascii: "o"): if !change.isAdded { sessions[id]?.serverRole = .member }
            default: preconditionFailure("decided a user mode that does not exist")
            }
        }
        touchAudiences(of: id)
        tally(id)
    }

    private mutating func applyLogin(_ id: SessionID, _ account: AccountID, _ host: Text?) {
        guard let record = accounts[account] else { return }
        sessions[id]?.account = account
        sessions[id]?.accountName = Text(record.name.spelling)
        sessions[id]?.serverRole = record.role
        if record.isBot { sessions[id]?.isBot = true }
        if let host { sessions[id]?.host = host }
        sessions[id]?.sasl = .none
        sessions[id]?.refreshSource()
        tally(id)
        // How an account wants to read threads is its own choice.
        touchAudiences(of: id)
        for channel in sessions[id]?.channels ?? [] {
            guard let roles = channels[channel]?.standingRoles[account] else { continue }
            channels[channel]?.members[id]?.formUnion(roles)
        }
    }

    private mutating func applyMonitor(_ id: SessionID, _ added: [Text], _ removed: [Text]) {
        for name in removed {
            let key = asciiFolded(name.bytes)
            sessions[id]?.monitored[key] = nil
            watchers[key]?.remove(id)
            if watchers[key]?.isEmpty ?? false { watchers[key] = nil }
        }
        for name in added {
            let key = asciiFolded(name.bytes)
            sessions[id]?.monitored[key] = name
            watchers[key, default: []].insert(id)
        }
    }
}
