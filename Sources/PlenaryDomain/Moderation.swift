// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// REDACT (IRCv3 message-redaction, draft), MOD and REPORT (docs/extensions/moderation.md).
    func decide(_ command: ModerationCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .redact(let target, let message, let spelled, let reason):
                return [
                    target.bytes.first == 35
                        ? try decideInChannel(target, message, spelled, reason, session, moment)
                        : try decideInTalk(target, message, spelled, reason, session, moment)
                ]
            case .redactFound(let found, let target, let message, let reason):
                return [
                    target.bytes.first == 35
                        ? try decideUnnamed(found, target, message, reason, session, moment)
                        : try decideFound(found, target, message, reason, session)
                ]
            case .act(let target, let act): return try decideAct(act, target, session, moment)
            case .report(let about, let channel, let reason):
                return try decideReport(about, channel, reason, session, moment)
            case .deskHelp: return [.answer(.moderation(.deskHelp))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func refusal(_ code: RedactionFailure, _ context: Text...) -> Refusal {
        .redaction(code: code, context: context)
    }

    private func decideInChannel(
        _ name: Text, _ id: MessageID?, _ spelled: Text, _ reason: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Outcome {
        guard let target = try? target(name), isMember(session.id, of: target.channel) else {
            throw refusal(.invalidTarget, name)
        }
        // One answer for unknown, elsewhere and redacted already: none of them is the asker's to know.
        guard let offset = id.flatMap({ moment.functions.offsetOfMessage($0) }),
            let entry = ledgers[target.channel.id]?.entry(of: offset),
            entry.flags.isDisjoint(with: [.redacted, .event]),
            target.thread == nil || target.thread == entry.thread
        else { throw refusal(.unknownMessage, name, spelled) }
        let isOwn =
            entry.author != nil && entry.author == session.account && permits(.eraseOwn, session)
        guard isOwn || permits(.moderate, session, in: target.channel) else {
            // Whose it is stands in the log alone, as a label.
            if let id, permits(.eraseOwn, session),
                knownSource(of: session, in: target.channel, moment) != nil
            {
                return .work(.fetchForRedaction(offset, target: name, id: id, reason: reason))
            }
            throw refusal(.forbidden, name, spelled)
        }
        return redaction(of: offset, in: target.channel, reason, session)
    }

    /// Somebody takes back what was said by the own label.
    private func decideUnnamed(
        _ found: LoggedEvent?, _ name: Text, _ id: MessageID, _ reason: Text, _ session: Session,
        _ moment: Moment
    ) throws(Refusal) -> Outcome {
        guard let target = try? target(name), isMember(session.id, of: target.channel), let found,
            case .messagePosted(let message) = found.event,
            message.conversation == .channel(target.channel.id),
            !isRedacted(found.offset, in: message.conversation)
        else { throw refusal(.unknownMessage, name, Text(id.text)) }
        guard message.actor.source == knownSource(of: session, in: target.channel, moment) else {
            throw refusal(.forbidden, name, Text(id.text))
        }
        return .event(
            .messageRedacted(
                MessageRedacted(
                    conversation: message.conversation, target: target.channel.name.text,
                    message: found.offset, reason: reason, actor: message.actor, isOwn: true)))
    }

    /// The event that takes a channel's message back.
    func redaction(
        of offset: Offset, in channel: Channel, _ reason: Text, note: Text = "", _ session: Session
    ) -> Outcome {
        let author = ledgers[channel.id]?.entry(of: offset)?.author
        return .event(
            .messageRedacted(
                MessageRedacted(
                    conversation: .channel(channel.id), target: channel.name.text,
                    message: offset, reason: reason, actor: session.actor, note: note,
                    isOwn: author != nil && author == session.account)))
    }

    private func decideInTalk(
        _ name: Text, _ id: MessageID?, _ spelled: Text, _ reason: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Outcome {
        guard talk(with: name, for: session) != nil else { throw refusal(.invalidTarget, name) }
        guard let id, let offset = moment.functions.offsetOfMessage(id), !redactedTalk.contains(offset) else {
            throw refusal(.unknownMessage, name, spelled)
        }
        return .work(.fetchForRedaction(offset, target: name, id: id, reason: reason))
    }

    private func decideFound(
        _ found: LoggedEvent?, _ name: Text, _ id: MessageID, _ reason: Text, _ session: Session
    ) throws(Refusal) -> Outcome {
        guard let (conversation, spelling) = talk(with: name, for: session), let found,
            case .messagePosted(let message) = found.event, message.conversation == conversation,
            !redactedTalk.contains(found.offset)
        else { throw refusal(.unknownMessage, name, Text(id.text)) }
        guard message.actor.account == session.account, permits(.eraseOwn, session) else {
            throw refusal(.forbidden, name, Text(id.text))
        }
        return .event(
            .messageRedacted(
                MessageRedacted(
                    conversation: conversation, target: spelling, message: found.offset, reason: reason,
                    actor: session.actor, isOwn: true)))
    }

    /// Whether an event may not be shown any more: redacted, or of somebody who is being forgotten.
    package func isGone(_ logged: LoggedEvent) -> Bool {
        if case .messagePosted(let message) = logged.event, let author = message.actor.account,
            !openErasures.isEmpty, isBeingForgotten(author)
        {
            return true
        }
        return logged.event.home.map { isRedacted(logged.offset, in: $0) } ?? false
    }

    /// Whether an event's text may still be shown.
    package func isRedacted(_ offset: Offset, in conversation: Conversation) -> Bool {
        guard case .channel(let channel) = conversation else { return redactedTalk.contains(offset) }
        return ledgers[channel]?.entry(of: offset)?.flags.contains(.redacted) ?? false
    }
}
