// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Whom an act is about.
private struct ActSubject {
    /// As a list of the channel has it.
    var mask: Text
    var account: AccountID?
    var sessions: [SessionID]
}

/// MOD: each act decides by the code of the classic command and leaves its event.
extension Community {
    func decideAct(
        _ act: RequestedAct, _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let outcomes: [Outcome]
        do throws(Refusal) { outcomes = try actOutcomes(act, name, session, moment) } catch {
            throw modRefusal(error)
        }
        for case .refused(let refusal) in outcomes { throw modRefusal(refusal) }
        // What is so already leaves nothing.
        let isDone = outcomes.contains { if case .answer(.threadInfo) = $0 { false } else { true } }
        guard isDone else { throw modFailure(.already) }
        guard moment.hasSpace || !outcomes.contains(where: { if case .event = $0 { true } else { false } })
        else { throw modFailure(.storageFull) }
        return outcomes
    }

    private func actOutcomes(
        _ act: RequestedAct, _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        switch act {
        case .mute(let who, let seconds, let reason):
            return try decideMute(who, seconds, reason, in: try moderated(name, session), session, moment)
        case .unmute(let who):
            return try decideLift(who, isMute: true, in: try moderated(name, session), session, moment)
        case .remove(let who, let reason):
            try requireShort(reason)
            let code = ActReason(reason).code.word
            return decideKick(name, who, code, note: reason, session)
        case .ban(let who, let seconds, let reason):
            if name == "*" { return try decideSuspension(who, seconds, reason, session, moment) }
            return try decideBan(who, seconds, reason, in: try moderated(name, session), session, moment)
        case .unban(let who):
            if name == "*" { return try decideRestoration(who, session) }
            return try decideLift(who, isMute: false, in: try moderated(name, session), session, moment)
        case .slow(let seconds, let reason):
            let argument = seconds.map { Text(String($0)) }
            let mode = RequestedMode(
                letter: UInt8(ascii: "f"), isAdded: seconds != nil, argument: argument)
            return try decideMode(mode, reason, name, session, moment)
        case .moderated(let isOn, let reason):
            let mode = RequestedMode(letter: UInt8(ascii: "m"), isAdded: isOn, argument: nil)
            return try decideMode(mode, reason, name, session, moment)
        case .thread(let change, let reason):
            try requireShort(reason)
            return with(reason, decide(.change(target: name, change), by: session.id, at: moment))
        case .move(let message, let scope, let goal, let title, let reason):
            return try decideMove(message, scope, goal, title, reason, name, session, moment)
        case .hide(let message, let reason):
            return try decideHiding(message, true, reason, name, session, moment)
        case .unhide(let message): return try decideHiding(message, false, "", name, session, moment)
        case .redact(let message, let reason):
            try requireShort(reason)
            let channel = try moderated(name, session)
            guard MessageID(message.bytes) != nil || message.bytes.first == MessageLabel.mark else {
                throw modFailure(.labelNeeded, message)
            }
            let entry = try messageNamed(message, in: channel, moment)
            return [
                redaction(of: entry.offset, in: channel, ActReason(reason).code.word, note: reason, session)
            ]
        case .note, .notes, .reports, .claim, .resolve, .log, .last:
            return try decideQuery(act, name, session, moment)
        }
    }

    func modFailure(_ code: ModerationFailure, _ context: Text...) -> Refusal {
        .moderation(.failed(verb: "MOD", code, context))
    }

    /// Other families' refusals as codes of MOD.
    private func modRefusal(_ refusal: Refusal) -> Refusal {
        switch refusal {
        case .channelOperatorNeeded(let name): return modFailure(.privilegesNeeded, name)
        case .noSuchChannel(let name), .notOnChannel(let name): return modFailure(.invalidTarget, name)
        case .noSuchNick(let name), .userNotInChannel(let name, _): return modFailure(.noSuchPerson, name)
        case .textTooLong(_, let limit): return modFailure(.textTooLong, Text(String(limit)))
        case .listFull: return modFailure(.limitReached, Text(String(policy.limits.listModeCountLimit)))
        case .invalidModeParameter(_, _, let parameter, _): return modFailure(.invalidParameters, parameter)
        case .thread(_, let code, let context):
            return .moderation(
                .failed(
                    verb: "MOD", ModerationFailure(rawValue: code.rawValue) ?? .invalidParameters, context))
        default: return refusal
        }
    }

    /// A channel that the asker moderates; the same answer for one that is not to be known and for none.
    func moderated(_ name: Text, _ session: Session) throws(Refusal) -> Channel {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            throw modFailure(.invalidTarget, name)
        }
        guard permits(.moderate, session, in: channel) else {
            throw modFailure(.privilegesNeeded, channel.name.text)
        }
        return channel
    }

    func requireShort(_ reason: Text) throws(Refusal) {
        let limit = policy.limits.actReasonByteLimit
        guard reason.byteCount <= limit else { throw modFailure(.textTooLong, Text(String(limit))) }
    }

    // MARK: Names

    /// A message by its id, or by the names that plain clients use: its label `=k3x9`, `amina`, `amina~2`, `~1`.
    func messageNamed(
        _ name: Text, in channel: Channel, _ moment: Moment
    ) throws(Refusal) -> Ledger.Entry {
        let unknown = modFailure(.unknownMessage, name)
        guard let ledger = ledgers[channel.id] else { throw unknown }
        if let id = MessageID(name.bytes), let offset = moment.functions.offsetOfMessage(id) {
            guard let entry = ledger.entry(of: offset), entry.flags.isDisjoint(with: [.redacted, .event])
            else { throw unknown }
            return entry
        }
        if name.bytes.first == MessageLabel.mark {
            guard
                let offset = ledger.namedMessages(
                    limit: policy.limits.labelledMessageLimit, scanLimit: policy.limits.namedMessageScanLimit
                ).first(where: { MessageLabel.label(name, names: moment.functions.idOfMessage($0)) }),
                let entry = ledger.entry(of: offset)
            else { throw unknown }
            return entry
        }
        let parts = name.bytes.split(separator: 126, maxSplits: 1, omittingEmptySubsequences: false)
        let place = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) : 1
        guard let place, place > 0 else { throw unknown }
        var author: AccountID?
        if let who = parts.first, !who.isEmpty {
            let who = Text(who)
            author = self.session(named: who)?.account ?? account(named: who)?.id
            // Somebody without an account has no messages of their own.
            guard author != nil else { throw unknown }
        }
        guard
            let entry = ledger.message(
                place, by: author, scanLimit: policy.limits.namedMessageScanLimit)
        else { throw unknown }
        return entry
    }

    private func subject(_ who: Text, in channel: Channel) throws(Refusal) -> ActSubject {
        let isMask = who.bytes.contains { $0 == 33 || $0 == 64 || $0 == 42 || $0 == 63 || $0 == 36 }
        if isMask {
            let mask = completedMask(splitMute(who).mask)
            let matching = channel.members.keys.filter { sessions[$0]?.matches(mask) ?? false }
            return ActSubject(mask: mask, account: nil, sessions: matching.sorted())
        }
        if let source = participantSource(named: who, in: channel.id) {
            return ActSubject(mask: source, account: nil, sessions: [])
        }
        if let person = session(named: who), person.account == nil {
            return ActSubject(
                mask: Text("*!*@") + person.host, account: nil, sessions: sessions(named: who))
        }
        if let name = try? RelayedName(who.bytes) {
            let mask = Text(name.spelling) + "!*@" + MessageRelay.host
            return ActSubject(mask: mask, account: nil, sessions: [])
        }
        guard let id = session(named: who)?.account ?? account(named: who)?.id, let name = accounts[id]?.name
        else { throw modFailure(.noSuchPerson, who) }
        let here = channel.members.keys.filter { sessions[$0]?.account == id }
        return ActSubject(mask: Text("$a:\(name.spelling)"), account: id, sessions: here.sorted())
    }

    /// Whether somebody moderates the channel, here or away.
    private func isModerator(_ subject: ActSubject, of channel: Channel) -> Bool {
        if let account = subject.account, permits(.moderate, toAccount: account, in: channel) { return true }
        return subject.sessions.contains { id in
            sessions[id].map { permits(.moderate, $0, in: channel) } ?? false
        }
    }

    // MARK: Mute and ban

    private func decideMute(
        _ who: Text, _ seconds: Int?, _ reason: Text, in channel: Channel, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireShort(reason)
        let subject = try subject(who, in: channel)
        // Of a mask it is not known whom it will mean; moderators are free of it anyway.
        let isNamed = subject.account != nil || subject.mask.bytes.starts(with: Array("*!*@".utf8))
        if isNamed, isModerator(subject, of: channel) { throw modFailure(.targetIsModerator, who) }
        let mode = RequestedMode(
            letter: MaskList.bans.rawValue, isAdded: true, argument: Text("m:") + subject.mask,
            until: seconds.map { moment.now.advanced(bySeconds: Int64($0)) })
        return decideChannelModes(channel.name.text, [mode], reason: reason, session, moment)
    }

    private func decideBan(
        _ who: Text, _ seconds: Int?, _ reason: Text, in channel: Channel, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireShort(reason)
        // Everybody would see who goes.
        guard participantSource(named: who, in: channel.id) == nil else {
            throw modFailure(.noSuchPerson, who)
        }
        let subject = try subject(who, in: channel)
        if subject.account != nil, isModerator(subject, of: channel) {
            throw modFailure(.targetIsModerator, who)
        }
        let mode = RequestedMode(
            letter: MaskList.bans.rawValue, isAdded: true, argument: subject.mask,
            until: seconds.map { moment.now.advanced(bySeconds: Int64($0)) })
        let outcomes = decideChannelModes(
            channel.name.text, [mode], reason: reason, session, moment)
        guard outcomes.contains(where: { if case .event = $0 { true } else { false } }) else {
            return outcomes
        }
        // Who is here and is meant goes; each person once, on all devices.
        var draft = channel
        draft.masks[.bans] = [MaskEntry(mask: subject.mask, setter: "", time: moment.now)]
        var people: [Nickname] = []
        var leaving: [SessionID] = []
        for id in subject.sessions {
            guard channel.members[id] != nil, let person = sessions[id], let nickname = person.nickname,
                draft.ban(of: person, at: moment.now) != nil, !permits(.moderate, person, in: channel)
            else { continue }
            leaving.append(id)
            if !people.contains(nickname) { people.append(nickname) }
        }
        let code = ActReason(reason).code.word
        let removals = people.flatMap { person in
            let own = leaving.filter { sessions[$0]?.nickname == person }
            return removal(of: own, named: person, from: channel, code, note: reason, session)
        }
        return outcomes + removals + (leaving.isEmpty ? [] : dissolution(of: channel, without: leaving))
    }

    /// Ends mutes or bans of somebody: those of the account, and the mask as it was spelled.
    private func decideLift(
        _ who: Text, isMute: Bool, in channel: Channel, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let spelled = completedMask(splitMute(who).mask)
        let masks = [spelled, try? subject(who, in: channel).mask].compactMap { $0 }
            .map { asciiFolded($0.bytes) }
        let modes = (channel.masks[.bans] ?? []).filter { entry in
            let (isMuting, mask) = splitMute(entry.mask)
            return isMuting == isMute && masks.contains(asciiFolded(mask.bytes))
        }
        guard !modes.isEmpty else { throw modFailure(.noSuchPerson, who) }
        let changes = modes.map {
            RequestedMode(letter: MaskList.bans.rawValue, isAdded: false, argument: $0.mask)
        }
        return decideChannelModes(channel.name.text, changes, reason: "", session, moment)
    }

    private func decideMode(
        _ mode: RequestedMode, _ reason: Text, _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireShort(reason)
        let channel = try moderated(name, session)
        return decideChannelModes(channel.name.text, [mode], reason: reason, session, moment)
    }

    // MARK: The whole server

    private func decideSuspension(
        _ who: Text, _ seconds: Int?, _ reason: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        guard permits(.manageAccounts, session) else { throw modFailure(.privilegesNeeded, "*") }
        try requireShort(reason)
        guard let account = self.session(named: who)?.account.flatMap({ accounts[$0] }) ?? account(named: who)
        else { throw modFailure(.noSuchPerson, who) }
        // Nobody shuts out themselves, and so the last one who could undo it.
        guard account.id != session.account else { throw modFailure(.targetIsModerator, who) }
        let until = seconds.map { moment.now.advanced(bySeconds: Int64($0)) }
        guard !account.isDisabled || account.disabledUntil != until else { throw modFailure(.already) }
        let event = AccountStateSet(
            account: account.id, isDisabled: true, until: until, actor: session.actor, reason: reason)
        let ended = sessions(signedInTo: account.id)
        return [.event(.accountStateSet(event))]
            + (ended.isEmpty ? [] : [.presence(.killed(ended, .killedByAdministrator))])
    }

    private func decideRestoration(_ who: Text, _ session: Session) throws(Refusal) -> [Outcome] {
        guard permits(.manageAccounts, session) else { throw modFailure(.privilegesNeeded, "*") }
        guard let account = account(named: who) else { throw modFailure(.noSuchPerson, who) }
        guard account.isDisabled else { throw modFailure(.already) }
        let event = AccountStateSet(account: account.id, isDisabled: false, actor: session.actor)
        return [.event(.accountStateSet(event))]
    }

    // MARK: Messages

    private func decideHiding(
        _ spelled: Text, _ isHidden: Bool, _ reason: Text, _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireShort(reason)
        let channel = try moderated(name, session)
        let entry = try messageNamed(spelled, in: channel, moment)
        guard !entry.flags.isDisjoint(with: [.message, .translation]) else {
            throw modFailure(.unknownMessage, spelled)
        }
        guard entry.flags.contains(.hidden) != isHidden else { throw modFailure(.already) }
        let event = MessageHidden(
            channel: channel.id, channelName: channel.name.text, message: entry.offset,
            isHidden: isHidden, reason: reason, actor: session.actor)
        return [.event(.moderation(.messageHidden(event)))]
    }

    private func decideMove(
        _ spelled: Text, _ scope: ThreadMoveScope, _ goal: ThreadID?, _ title: Text?, _ reason: Text,
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        try requireShort(reason)
        let channel = try moderated(name, session)
        let entry = try messageNamed(spelled, in: channel, moment)
        guard !entry.flags.contains(.translation) else { throw modFailure(.unknownMessage, spelled) }
        let moved = try moves(
            scope, from: entry.thread, in: channel, at: entry.offset, to: goal, title, session)
        return with(reason, moved)
    }

    /// The same outcomes, their events with the reason that moderators read.
    private func with(_ reason: Text, _ outcomes: [Outcome]) -> [Outcome] {
        outcomes.map { outcome in
            switch outcome {
            case .event(.threadChanged(var event)):
                event.reason = reason
                return .event(.threadChanged(event))
            case .event(.messagesMoved(var event)):
                event.reason = reason
                return .event(.messagesMoved(event))
            default: return outcome
            }
        }
    }
}

/// A short name for a message, as LAST shows it: `=` and the first letters of its id.
package enum MessageLabel {
    /// `=`, which begins no name and no id.
    static let mark: UInt8 = 61
    /// Letters of the id: sixteen million labels, for the thousand messages that are looked at.
    private static let letterCount = 4

    package static func label(of id: MessageID) -> Text { Text([mark] + id.text.utf8.prefix(letterCount)) }

    /// Whether a label, or a longer beginning of the id, names the message.
    static func label(_ label: Text, names id: MessageID) -> Bool {
        label.byteCount > letterCount && id.text.utf8.starts(with: label.bytes.dropFirst())
    }
}
