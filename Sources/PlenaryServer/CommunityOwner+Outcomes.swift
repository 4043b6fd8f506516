// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import PlenaryWire

extension CommunityOwner {
    /// Does what was decided: records and applies it, shows it to others, answers. True when the session
    /// has to wait for work.
    func perform(_ outcome: Outcome, by id: SessionID, _ scope: inout ReplyScope) -> Bool {
        switch outcome {
        case .event(.people(let event)):
            recordPeople(event, by: id)
            return false
        case .event(.floor(let event)):
            recordFloor(event, by: id, &scope)
            return false
        case .event(.questionnaires(let event)):
            recordQuestionnaire(event, by: id, &scope)
            return false
        case .event(let event):
            let logged = record(event)
            fanOut(logged, by: id, &scope)
            showActs(of: logged, by: id, &scope)
            return false
        case .presence(let change):
            perform(change, by: id, &scope)
            return false
        case .refused(let refusal):
            if let session = community.sessions[id] {
                scope.reply(dialect.render(refusal, to: session, in: community))
            }
            return false
        case .answer(.names(let place)):
            if let session = community.sessions[id], let channel = community.channels[place] {
                let roster = roster(of: channel)
                scope.reply(dialect.renderNames(roster, of: channel, to: session, in: community))
            }
            return false
        case .answer(let answer):
            if let session = community.sessions[id] {
                let now = self.now()
                if scope.isDesk,
                    let lines = dialect.renderAtDesk(answer, to: session, in: community, now: now)
                {
                    scope.reply(lines)
                    return false
                }
                scope.reply(dialect.render(answer, to: session, in: community, now: now))
            }
            return false
        case .duplicate(let offset):
            guard let session = community.sessions[id], session.capabilities.contains(.echoMessage) else {
                return false
            }
            fetch(offset, for: id)
            return true
        case .work(let work): return start(work, for: id, &scope)
        }
    }

    // MARK: Durable events

    private func fanOut(_ logged: LoggedEvent, by id: SessionID, _ scope: inout ReplyScope) {
        let messageID = identifiers.id(of: logged.offset)
        switch logged.event {
        case .messagePosted(let message):
            var placement = Placement.mainLine
            if message.thread != .mainLine, case .channel(let channel) = message.conversation {
                placement = dialect.placement(of: logged.offset, in: channel, community)
            }
            if let translation = message.translation {
                return showTranslation(
                    message, translation, id: messageID, time: logged.time, at: placement, by: id, &scope)
            }
            fanOut(message, id: messageID, time: logged.time, at: placement, by: id, &scope)
        case .threadCreated(let event): showThread(logged, messageID, in: event.channel, by: id, &scope)
        case .threadChanged(let event): showThread(logged, messageID, in: event.channel, by: id, &scope)
        case .messagesMoved(let event): showThread(logged, messageID, in: event.channel, by: id, &scope)
        case .threadLevelSet(let event):
            toOwner(event.account, requiring: .threads, by: id, &scope) {
                dialect.renderLevel(event, in: community)
            }
        case .markerSet(let event): showMarker(event, by: id, &scope)
        case .messageRedacted(let event): showRedaction(event, logged, messageID, by: id, &scope)
        case .moderation(let event): showModeration(event, logged, messageID, by: id, &scope)
        case .meeting(let event): showMeeting(event, logged, by: id, &scope)
        case .relaying(let event): showRelay(event, by: id)
        case .outcomes(let event): show(logged, messageID, in: event.channel, by: id, &scope)
        case .practices(let event): tellPractice(event, by: id)
        case .topicSet(let event): show(logged, messageID, in: event.channel, by: id, &scope)
        case .modesChanged(let event): show(logged, messageID, in: event.channel, by: id, &scope)
        case .memberKicked(let event): show(logged, messageID, in: event.channel, by: id, &scope)
        case .channelDissolved(let event):
            destroyLabelKeys()
            forgetAudiences(of: event.channel)
        case .channelCreated, .memberRoleSet, .accountCreated, .credentialSet, .certificateAdded,
            .certificateRemoved, .accountStateSet, .inviteCreated, .inviteRedeemed, .inviteRevoked,
            .tokensRemembered, .threadPolicySet, .threadCueSet, .ledgerPage, .erasure,
            .retention, .people, .account, .floor,
            .languages,
            .questionnaires:
            break
        }
    }

    /// An event of a channel to all its members; the actor's own copy belongs to its answer.
    private func show(
        _ logged: LoggedEvent, _ messageID: MessageID, in channel: ChannelID, by id: SessionID,
        _ scope: inout ReplyScope
    ) {
        toChannel(channel, by: id, &scope) { capabilities, _ in
            dialect.render(logged, id: messageID, to: capabilities, in: community)
        }
    }

    /// Renders once for each group of equal capabilities and hands the bytes to the outbox.
    func toChannel(
        _ id: ChannelID, thread: ThreadID = .mainLine, by actor: SessionID, isEchoed: Bool = true,
        _ scope: inout ReplyScope, _ render: (Capabilities, ThreadForm) -> [Line]
    ) {
        guard let channel = community.channels[id] else { return }
        let audience = audience(of: channel, thread: thread)
        let forms = audience.groups.map { encoded(render($0.capabilities, $0.form)) }
        outbox.fan(forms, to: audience, except: actor)
        if isEchoed, let session = community.sessions[actor], channel.members[actor] != nil {
            scope.reply(render(session.capabilities, form(of: session, in: channel, thread)))
        }
    }

    /// How one session is shown a message of a thread.
    func form(of session: Session, in channel: Channel, _ thread: ThreadID) -> ThreadForm {
        Audience.Key(session, windows: channel.windows[thread] ?? [], in: community).form
    }

    func encoded(_ lines: [Line]) -> [UInt8] {
        var bytes: [UInt8] = []
        if !lines.isEmpty { bytes.reserveCapacity(lines.count * 224) }
        for line in lines { line.encode(into: &bytes) }
        return bytes
    }

    /// The same to some sessions, rendered once for equal capabilities.
    func toSessions(_ ids: some Sequence<SessionID>, _ render: (Capabilities) -> [Line]) {
        var forms: [Capabilities: [UInt8]] = [:]
        for id in ids {
            guard let session = community.sessions[id] else { continue }
            let capabilities = session.capabilities.intersection(Audience.rendering)
            if forms[capabilities] == nil { forms[capabilities] = encoded(render(capabilities)) }
            outbox.send(forms[capabilities] ?? [], to: id)
        }
    }

    // MARK: Messages

    /// The one delivery function: to a channel or a person, stored or not.
    func fanOut(
        _ message: MessagePosted, id messageID: MessageID, time: Timestamp, at placement: Placement,
        by id: SessionID, _ scope: inout ReplyScope
    ) {
        // Without the owner in it, or the closure would be asked at each call whether it is on its queue.
        let dialect = self.dialect
        let render = { (capabilities: Capabilities, form: ThreadForm) in
            dialect.render(
                message, id: messageID, time: time, to: capabilities, in: placement, as: form)
        }
        if case .channel(let place) = message.conversation {
            toChannel(place, thread: placement.thread, by: id, isEchoed: false, &scope, render)
        } else {
            let recipients = community.sessions(named: message.target)
            let own = community.identity(of: id).filter { other in
                other != id && !recipients.contains(other)
                    && community.sessions[other]?.capabilities.contains(.echoMessage) ?? false
            }
            toSessions(recipients + own) { render($0, .cue) }
        }
        guard let session = community.sessions[id], session.capabilities.contains(.echoMessage) else {
            return
        }
        var form = ThreadForm.cue
        if case .channel(let place) = message.conversation, let channel = community.channels[place] {
            form = self.form(of: session, in: channel, placement.thread)
        }
        scope.reply(render(session.capabilities, form))
    }

    // MARK: Work

    private func start(_ work: Work, for id: SessionID, _ scope: inout ReplyScope) -> Bool {
        let post = poster()
        switch work {
        case .close(let reason):
            guard let session = community.sessions[id] else { return false }
            let texts = dialect.render(reason, to: session)
            finish(scope, id)
            scope = ReplyScope(label: nil)
            close(id, texts.error, quit: texts.quit)
            return false
        case .verifyPassword(let name, let account, let hash, let password, let purpose):
            let isTaken = verify(name, account, hash, password, purpose, for: id)
            return isTaken || busy(id, .saslBusy, &scope)
        case .hashPassword(let name, let password):
            let isTaken = passwords.hash(password, scramIterationCount: scramIterationCount) { hash in
                post(.completed(id, [.accounts(.passwordHashed(name: name, hash))]))
            }
            let account = Text(name.spelling)
            return isTaken
                || busy(
                    id, .registration(verb: "REGISTER", code: .temporarilyUnavailable, account: account),
                    &scope)
        case .fetchHistory(let request):
            if case .replayOnJoin = request.purpose {
                finish(scope, id)
                scope = ReplyScope(label: nil)
            }
            fetch(request, for: id)
            return true
        case .search(let plan): return search(plan, for: id, &scope)
        case .languages(let work):
            start(work, for: id)
            return true
        case .account(let work):
            guard let refusal = start(work, for: id) else { return true }
            return busy(id, refusal, &scope)
        case .fetchForRedaction(let offset, let target, let message, let reason):
            fetch(offset, for: id) {
                .moderation(.redactFound($0, target: target, id: message, reason: reason))
            }
            return true
        case .fetchForErasure(let offset, let target, let message, let reason):
            fetch(offset, for: id) {
                .retention(.eraseFound($0, target: target, id: message, reason: reason))
            }
            return true
        case .fetchOwnRecords(let account, let after):
            fetchOwnRecords(account, after: after, for: id)
            return true
        case .fetchTargets(let conversations, let from, let to, let limit):
            fetchTargets(conversations, from, to, limit, for: id)
            return true
        }
    }

    /// Fetches a message of a talk and goes on with the command that it leads to. What cannot be read is unknown.
    private func fetch(
        _ offset: Offset, for id: SessionID, then: @escaping @Sendable (LoggedEvent?) -> Command
    ) {
        let post = poster()
        let history = self.history
        afterCommit {
            history.event(at: offset) { result in
                post(.completed(id, [then((try? result.get()) ?? nil)]))
            }
        }
    }

    /// Returns false when too many wait for the hash of a password.
    private func verify(
        _ name: Text, _ account: AccountID?, _ hash: PasswordHash?, _ password: [UInt8],
        _ purpose: PasswordPurpose, for id: SessionID
    ) -> Bool {
        let post = poster()
        let needsVerifier = account.map { community.accounts[$0]?.scram == nil } ?? false
        let iterationCount = purpose == .signIn && needsVerifier ? scramIterationCount : nil
        return passwords.verify(password, against: hash, scramIterationCount: iterationCount) {
            isCorrect, scram in
            let result: AccountCommand =
                switch purpose {
                case .signIn:
                    .passwordChecked(name: name, account: account, isCorrect: isCorrect, scram: scram)
                case .operate: .operatorChecked(name: name, account: account, isCorrect: isCorrect)
                case .change(let new):
                    .credentials(
                        .oldPasswordChecked(
                            name: name, account: account, isCorrect: isCorrect, new: new))
                }
            post(.completed(id, [.accounts(result)]))
        }
    }

    private func busy(_ id: SessionID, _ refusal: Refusal, _ scope: inout ReplyScope) -> Bool {
        guard let session = community.sessions[id] else { return false }
        community.apply(.saslChanged(id, .none, failed: false))
        scope.reply(dialect.render(refusal, to: session, in: community))
        return false
    }
}
