// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Reports, notes and the log that members read (docs/extensions/moderation.md).
extension Community {
    // MARK: REPORT

    func decideReport(
        _ about: Text, _ name: Text, _ reason: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        func failure(_ code: ModerationFailure, _ context: Text...) -> Refusal {
            .moderation(.failed(verb: "REPORT", code, context))
        }
        guard let channel = channel(named: name), isMember(session.id, of: channel) else {
            throw failure(.invalidTarget, name)
        }
        guard permits(.report, session) else {
            throw failure(.privilegesNeeded, channel.name.text)
        }
        let limits = policy.limits
        guard reason.byteCount <= limits.reportByteLimit else {
            throw failure(.textTooLong, Text(String(limits.reportByteLimit)))
        }
        guard !reason.isEmpty else { throw failure(.invalidParameters, "*") }
        var message: Offset?
        var person = about
        if MessageID(about.bytes) != nil || about.bytes.contains(126) {
            guard let entry = try? messageNamed(about, in: channel, moment) else {
                throw failure(.unknownMessage, about)
            }
            message = entry.offset
            person = entry.author.flatMap { accounts[$0] }.map { Text($0.name.spelling) } ?? "*"
        } else {
            let label = participantSource(named: about, in: channel.id)
                .map { Text($0.bytes.prefix { $0 != 33 }) }
            guard let name = label ?? spelledName(of: about) else { throw failure(.noSuchPerson, about) }
            person = name
        }
        if case .rateLimited(_, let seconds) = rateRefusal(.report, by: session.id, at: moment.steady) {
            throw failure(.rateLimited, Text(String(seconds)))
        }
        let kept = moderation.reports(of: channel.id)
        guard kept.count < limits.reportCountLimit || kept.contains(where: { $0.state == .resolved }) else {
            throw failure(.limitReached, Text(String(limits.reportCountLimit)))
        }
        guard moment.hasSpace else { throw .storageIsFull(verb: "REPORT") }
        let number = (moderation.reports.keys.max() ?? 0) + 1
        let filed = ReportFiled(
            number: number, channel: channel.id, channelName: channel.name.text, message: message,
            about: person, reason: reason, actor: session.actor)
        return [
            .presence(.rated(session.id, .report, moment.steady)), .event(.moderation(.reportFiled(filed))),
            .answer(.moderation(.reportReceived(number))),
        ]
    }

    private func spelledName(of who: Text) -> Text? {
        session(named: who)?.nickname.map { Text($0.spelling) }
            ?? account(named: who).map { Text($0.name.spelling) }
    }

    /// Who is told of reports of a channel: sessions with the permission there.
    package func moderators(of channel: Channel) -> [SessionID] {
        Set(channel.members.keys).union(operatorSessions).filter { id in
            sessions[id].map { $0.isRegistered && permits(.moderate, $0, in: channel) } ?? false
        }.sorted()
    }

    // MARK: MOD about reports, notes and the log

    func decideQuery(
        _ act: RequestedAct, _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        switch act {
        case .reports(let states):
            let numbers = try reports(name, session).filter { states.contains($0.state) }.map(\.filed.number)
            let page = Array(numbers.suffix(policy.limits.actPageCountLimit))
            return [.answer(.moderation(.reports(target: name, page)))]
        case .claim(let number):
            let report = try report(number, name, session)
            guard report.state != .resolved else { throw modFailure(.already) }
            if let holder = report.claim?.actor {
                let isOwn = holder.account != nil && holder.account == session.account
                throw isOwn ? modFailure(.already) : modFailure(.alreadyClaimed, holder.name)
            }
            return handled(report, nil, "", session)
        case .resolve(let number, let outcome, let text):
            let report = try report(number, name, session)
            guard report.state != .resolved else { throw modFailure(.already) }
            try requireShort(text)
            return handled(report, outcome, text, session)
        case .note(let who, let text): return try decideNote(who, text, session)
        case .notes(let who):
            guard permits(.moderate, session) else { throw modFailure(.privilegesNeeded, name) }
            return [.answer(.moderation(.notes(try account(of: who))))]
        case .log(let limit, let after): return [try log(name, limit, after, session, moment)]
        case .last(let count):
            let channel = try moderated(name, session)
            let request = HistoryRequest(
                conversation: .channel(channel.id), target: channel.name.text,
                selection: .latest(after: nil), limit: min(count, policy.limits.actPageCountLimit),
                purpose: .namedForActs)
            return [.work(.fetchHistory(request))]
        default: preconditionFailure("not a question of moderation")
        }
    }

    private func handled(
        _ report: Report, _ outcome: ReportOutcome?, _ text: Text, _ session: Session
    ) -> [Outcome] {
        let event = ReportHandled(
            channel: report.filed.channel, number: report.filed.number, outcome: outcome, text: text,
            actor: session.actor)
        return [.event(.moderation(.reportHandled(event)))]
    }

    /// The reports that the asker may see: of one channel, or with `*` of all those moderated.
    private func reports(_ name: Text, _ session: Session) throws(Refusal) -> [Report] {
        if name != "*" { return moderation.reports(of: try moderated(name, session).id) }
        let mayAsk = permits(.moderate, session)
        let own = session.channels.compactMap { channels[$0] }.filter { permits(.moderate, session, in: $0) }
        guard mayAsk || !own.isEmpty else { throw modFailure(.privilegesNeeded, name) }
        return moderation.reports.values.filter { report in
            channels[report.filed.channel].map { permits(.moderate, session, in: $0) } ?? false
        }.sorted { $0.filed.number < $1.filed.number }
    }

    private func report(_ number: UInt32, _ name: Text, _ session: Session) throws(Refusal) -> Report {
        guard let report = try reports(name, session).first(where: { $0.filed.number == number }) else {
            throw modFailure(.noSuchReport, Text(String(number)))
        }
        return report
    }

    private func account(of who: Text) throws(Refusal) -> AccountID {
        guard let account = session(named: who)?.account ?? account(named: who)?.id else {
            throw modFailure(.noSuchPerson, who)
        }
        return account
    }

    private func decideNote(_ who: Text, _ text: Text, _ session: Session) throws(Refusal) -> [Outcome] {
        guard permits(.moderate, session) else { throw modFailure(.privilegesNeeded, "*") }
        let account = try account(of: who)
        let limits = policy.limits
        guard text.byteCount <= limits.reportByteLimit else {
            throw modFailure(.textTooLong, Text(String(limits.reportByteLimit)))
        }
        guard moderation.notes[account]?.count ?? 0 < limits.noteCountLimit else {
            throw modFailure(.limitReached, Text(String(limits.noteCountLimit)))
        }
        return [
            .event(.moderation(.noteAdded(NoteAdded(account: account, text: text, actor: session.actor)))),
            .answer(.moderation(.noted(account))),
        ]
    }

    private func log(
        _ name: Text, _ limit: Int, _ after: Text?, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Outcome {
        var place = ModerationState.wholeServer
        if name == "*" {
            guard permits(.manageAccounts, session) else { throw modFailure(.privilegesNeeded, name) }
        } else {
            guard let channel = channel(named: name), isVisible(channel, to: session.id),
                isMember(session.id, of: channel) || permits(.moderate, session, in: channel)
            else { throw modFailure(.invalidTarget, name) }
            place = channel.id
        }
        var acts = moderation.acts[place] ?? []
        if let after {
            guard let offset = MessageID(after.bytes).flatMap({ moment.functions.offsetOfMessage($0) }) else {
                throw modFailure(.unknownMessage, after)
            }
            acts.removeAll { $0.offset >= offset }
        }
        let page = acts.suffix(min(limit, policy.limits.actPageCountLimit))
        // One event may have been several acts: they stand on one page.
        let whole = acts.filter { act in page.first.map { act.offset >= $0.offset } ?? false }
        let next = whole.count < acts.count ? whole.first?.offset : nil
        return .answer(.moderation(.log(place, whole.reversed(), next: next)))
    }

    // MARK: Reading

    /// Why a message is hidden; nil when it is not.
    package func hiding(of offset: Offset, in conversation: Conversation) -> MessageHidden? {
        guard case .channel(let channel) = conversation else { return nil }
        // A translation is hidden with its original.
        return moderation.hidden[channel]?[offset]
            ?? original(of: offset, in: conversation).flatMap { moderation.hidden[channel]?[$0] }
    }

    /// Whether a session may read what is hidden in a channel.
    package func mayReadHidden(_ conversation: Conversation, _ session: Session) -> Bool {
        guard case .channel(let id) = conversation, let channel = channels[id] else { return false }
        return permits(.moderate, session, in: channel)
    }
}
