// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// ERASE, HOLD, RETAIN and MYDATA (docs/extensions/erasure.md).
    func decide(_ command: RetentionCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            guard let account = session.account else { throw refusal(command, .accountRequired) }
            switch command {
            case .eraseMessage(let target, let message, let spelled, let reason):
                try requireCode(reason, command)
                return target.bytes.first == 35
                    ? try decideErasure(in: target, message, spelled, reason, account, session, moment)
                    : try decideErasure(ofTalk: target, message, spelled, reason, session, moment)
            case .eraseFound(let found, let target, let message, let reason):
                return try decideFoundErasure(found, target, message, reason, account, session)
            case .eraseAccount(let name, let reason):
                try requireCode(reason, command)
                return try decideForgetting(name, reason, account, session, moment)
            case .eraseCancel(let name): return try decideCancel(name, session)
            case .eraseList:
                try require(.erasePerson, session, command)
                return [.answer(.retention(.erasures))]
            case .hold(let what, let isHeld, let reason):
                try requireCode(reason, command)
                return try decideHold(what, isHeld, reason, account, session)
            case .holdList:
                try require(.erasePerson, session, command)
                return [.answer(.retention(.holds))]
            case .showRetention(let name):
                return [.answer(.retention(.retention(try readable(name, session).id)))]
            case .setRetention(let name, let days):
                return try decideRetention(name, days, account, session)
            case .ownRecords(let after): return try decideOwnRecords(after, account, session, moment)
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func refusal(
        _ command: RetentionCommand, _ code: RetentionFailure, _ context: Text...
    ) -> Refusal {
        .retention(verb: command.verb, code: code, context: context)
    }

    private func require(
        _ permission: Permission, _ session: Session, _ command: RetentionCommand
    ) throws(Refusal) {
        guard permits(permission, session) else { throw refusal(command, .privilegesNeeded) }
    }

    /// A code stands in the log for ever, so it is a word and no sentence about somebody.
    private func requireCode(_ reason: Text, _ command: RetentionCommand) throws(Refusal) {
        let isCode =
            reason.byteCount <= policy.limits.reasonCodeByteLimit
            && reason.bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        guard isCode else { throw refusal(command, .invalidParameters, reason) }
    }

    // MARK: ERASE MESSAGE

    private func decideErasure(
        in name: Text, _ id: MessageID?, _ spelled: Text, _ reason: Text, _ account: AccountID,
        _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        func refuse(_ code: RetentionFailure, _ context: Text...) -> Refusal {
            .retention(verb: "ERASE", code: code, context: context)
        }
        guard let target = try? target(name), isMember(session.id, of: target.channel) else {
            throw refuse(.invalidTarget, name)
        }
        // What was redacted before may still be erased: its words are in the files.
        guard let id, let offset = moment.functions.offsetOfMessage(id),
            let entry = ledgers[target.channel.id]?.entry(of: offset),
            entry.flags.isDisjoint(with: [.erased, .event]),
            target.thread == nil || target.thread == entry.thread
        else { throw refuse(.unknownMessage, name, spelled) }
        let isOwn = entry.author == account
        guard isOwn ? permits(.eraseOwn, session) : permits(.erasePerson, session) else {
            // A redacted message of somebody else is unknown to whoever may not erase it.
            let isSeen = isOwn || !entry.flags.contains(.redacted)
            throw isSeen ? refuse(.privilegesNeeded, name, spelled) : refuse(.unknownMessage, name, spelled)
        }
        let translations = translationOffsets(of: offset, in: target.channel.id)
        let authors = translations.map { ledgers[target.channel.id]?.entry(of: $0)?.author }
        guard ([entry.author] + authors).allSatisfy({ !isHeld(in: target.channel.id, by: $0) }) else {
            throw refuse(.held, name, spelled)
        }
        let channel = target.channel.name.text
        var outcomes: [Outcome] = []
        if !entry.flags.contains(.redacted) {
            outcomes.append(redaction(of: offset, in: target.channel, reason, session))
        }
        return outcomes + [
            erasure(of: Set([offset] + translations), reason, account),
            .answer(.retention(.messageErased(target: channel, id))),
        ]
    }

    private func erasure(of messages: Set<Offset>, _ reason: Text, _ actor: AccountID) -> Outcome {
        .event(
            .erasure(
                .requested(
                    ErasureRequested(plan: ErasurePlan(messages: messages), actor: actor, reason: reason))))
    }

    private func decideErasure(
        ofTalk name: Text, _ id: MessageID?, _ spelled: Text, _ reason: Text, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        guard talk(with: name, for: session) != nil else {
            throw .retention(verb: "ERASE", code: .invalidTarget, context: [name])
        }
        guard let id, let offset = moment.functions.offsetOfMessage(id) else {
            throw .retention(verb: "ERASE", code: .unknownMessage, context: [name, spelled])
        }
        return [.work(.fetchForErasure(offset, target: name, id: id, reason: reason))]
    }

    private func decideFoundErasure(
        _ found: LoggedEvent?, _ name: Text, _ id: MessageID, _ reason: Text, _ account: AccountID,
        _ session: Session
    ) throws(Refusal) -> [Outcome] {
        func refuse(_ code: RetentionFailure) -> Refusal {
            .retention(verb: "ERASE", code: code, context: [name, Text(id.text)])
        }
        guard let (conversation, spelling) = talk(with: name, for: session), let found,
            case .messagePosted(let message) = found.event, message.conversation == conversation
        else { throw refuse(.unknownMessage) }
        guard message.actor.account == account, permits(.eraseOwn, session) else {
            throw refuse(.privilegesNeeded)
        }
        guard !isHeld(in: nil, by: account) else { throw refuse(.held) }
        var outcomes: [Outcome] = []
        if !redactedTalk.contains(found.offset) {
            outcomes.append(
                .event(
                    .messageRedacted(
                        MessageRedacted(
                            conversation: conversation, target: spelling, message: found.offset,
                            reason: reason, actor: session.actor, isOwn: true))))
        }
        return outcomes + [
            erasure(of: [found.offset], reason, account),
            .answer(.retention(.messageErased(target: spelling, id))),
        ]
    }

    // MARK: ERASE ACCOUNT

    private func decideForgetting(
        _ name: Text, _ reason: Text, _ actor: AccountID, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        func refuse(_ code: RetentionFailure, _ context: Text...) -> Refusal {
            .retention(verb: "ERASE", code: code, context: context)
        }
        guard permits(.erasePerson, session) else { throw refuse(.privilegesNeeded) }
        guard let account = account(named: name) else { throw refuse(.noSuchAccount, name) }
        let spelling = Text(account.name.spelling)
        // Nobody decides about the own account.
        guard account.id != actor else { throw refuse(.secondPersonNeeded, spelling) }
        let plan = ErasurePlan(accounts: [account.id])
        let translationPlans = translationPlans(ofMessagesBy: account.id)
        guard ([plan] + translationPlans).allSatisfy({ hold(against: $0) == nil }) else {
            throw refuse(.held, spelling)
        }
        let seconds = Int64(policy.limits.forgetProposalSecondsLimit)
        guard let proposal = keeping.proposals[account.id],
            proposal.time.advanced(bySeconds: seconds) > moment.now
        else {
            let proposed = ForgetProposed(account: account.id, actor: actor, reason: reason)
            return [
                .event(.retention(.forgetProposed(proposed))),
                .answer(.retention(.forgetProposed(account.id))),
            ]
        }
        guard proposal.proposed.actor != actor else { throw refuse(.secondPersonNeeded, spelling) }
        let ended = sessions(signedInTo: account.id)
        let requests = (translationPlans + [plan]).map { plan in
            Outcome.event(
                .erasure(
                    .requested(
                        ErasureRequested(plan: plan, actor: actor, reason: proposal.proposed.reason))))
        }
        return [
            .presence(.killed(ended, .killedByAdministrator)),
            .event(.retention(.forgetSettled(account: account.id))),
        ] + requests + [.answer(.retention(.forgetting(spelling)))]
    }

    private func decideCancel(_ name: Text, _ session: Session) throws(Refusal) -> [Outcome] {
        guard permits(.erasePerson, session) else {
            throw .retention(verb: "ERASE", code: .privilegesNeeded, context: [])
        }
        guard let account = account(named: name), keeping.proposals[account.id] != nil else {
            throw .retention(verb: "ERASE", code: .noSuchAccount, context: [name])
        }
        return [
            .event(.retention(.forgetSettled(account: account.id))),
            .answer(.retention(.forgetCancelled(Text(account.name.spelling)))),
        ]
    }

    // MARK: HOLD, RETAIN, MYDATA

    private func decideHold(
        _ what: Text, _ isHeld: Bool, _ reason: Text, _ actor: AccountID, _ session: Session
    ) throws(Refusal) -> [Outcome] {
        func refuse(_ code: RetentionFailure, _ context: Text...) -> Refusal {
            .retention(verb: "HOLD", code: code, context: context)
        }
        guard permits(.erasePerson, session) else { throw refuse(.privilegesNeeded) }
        let place: HeldPlace
        let spelling: Text
        if let channel = channel(named: what) {
            (place, spelling) = (.channel(channel.id), channel.name.text)
        } else if let account = account(named: what) {
            (place, spelling) = (.account(account.id), Text(account.name.spelling))
        } else {
            throw refuse(what.bytes.first == 35 ? .invalidTarget : .noSuchAccount, what)
        }
        let answer = Outcome.answer(.retention(.holdSet(spelling, isHeld: isHeld)))
        guard (keeping.holds[place] != nil) != isHeld else { return [answer] }
        let set = HoldSet(place: place, isHeld: isHeld, reason: reason, actor: actor)
        return [.event(.retention(.holdSet(set))), answer]
    }

    private func readable(_ name: Text, _ session: Session) throws(Refusal) -> Channel {
        guard let channel = channel(named: name),
            isMember(session.id, of: channel) || permits(.readAll, session)
        else { throw .retention(verb: "RETAIN", code: .invalidTarget, context: [name]) }
        return channel
    }

    private func decideRetention(
        _ name: Text, _ days: UInt32?, _ actor: AccountID, _ session: Session
    ) throws(Refusal) -> [Outcome] {
        let channel = try readable(name, session)
        guard permits(.erasePerson, session) else {
            throw .retention(verb: "RETAIN", code: .privilegesNeeded, context: [name])
        }
        if let days, !policy.limits.retentionDayLimits.contains(days) {
            throw .retention(verb: "RETAIN", code: .invalidParameters, context: [Text(String(days))])
        }
        let answer = Outcome.answer(.retention(.retention(channel.id)))
        guard keeping.retentionDays[channel.id] != days else { return [answer] }
        let set = RetentionSet(channel: channel.id, days: days, actor: actor)
        return [.event(.retention(.retentionSet(set))), answer]
    }

    private func decideOwnRecords(
        _ after: MessageID?, _ account: AccountID, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        if case .rateLimited(_, let seconds) = rateRefusal(.ownRecords, by: session.id, at: moment.steady) {
            throw .retention(verb: "MYDATA", code: .rateLimited, context: [Text(String(seconds))])
        }
        var offset: Offset?
        if let after {
            guard let found = moment.functions.offsetOfMessage(after) else {
                throw .retention(verb: "MYDATA", code: .invalidParameters, context: [Text(after.text)])
            }
            offset = found
        }
        return [
            .presence(.rated(session.id, .ownRecords, moment.steady)),
            .work(.fetchOwnRecords(account, after: offset)),
        ]
    }
}

extension RetentionCommand {
    var verb: Text {
        switch self {
        case .eraseMessage, .eraseFound, .eraseAccount, .eraseCancel, .eraseList: "ERASE"
        case .hold, .holdList: "HOLD"
        case .showRetention, .setRetention: "RETAIN"
        case .ownRecords: "MYDATA"
        }
    }
}
