// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    /// A durable event as sessions with these capabilities read it, live and in history the same.
    /// Events that nobody is shown give no line.
    package func render(
        _ logged: LoggedEvent, id: MessageID, to capabilities: Capabilities, in community: Community,
        at placement: Placement = .mainLine, as form: ThreadForm = .cue
    ) -> [Line] {
        switch logged.event {
        case .messagePosted(let message):
            return render(message, id: id, time: logged.time, to: capabilities, in: placement, as: form)
        case .threadCreated, .threadChanged, .messagesMoved:
            guard capabilities.contains(.threads) else { return [] }
            return renderThreadEvent(logged, id: id, to: capabilities, in: community)
        case .messageRedacted(let event):
            return renderRedaction(
                event, id: id, time: logged.time, thread: placement.thread, as: form, to: capabilities)
        case .topicSet(let event):
            return [
                Dialect.fitted(
                    Line(
                        tags: eventTags(actor: event.actor, id: id, time: logged.time, capabilities),
                        source: event.actor.source, verb: "TOPIC", [event.channelName, event.topic],
                        hasTrailing: true))
            ]
        case .modesChanged(let event):
            return renderModes(event, id: id, logged.time, capabilities)
        case .memberKicked(let event):
            return [
                Line(
                    tags: eventTags(actor: event.actor, id: id, time: logged.time, capabilities),
                    source: event.actor.source, verb: "KICK",
                    [event.channelName, event.nickname, event.reason],
                    hasTrailing: true)
            ]
        case .channelCreated, .channelDissolved, .memberRoleSet, .accountCreated, .credentialSet,
            .certificateAdded,
            .certificateRemoved, .accountStateSet, .inviteCreated, .inviteRedeemed, .inviteRevoked,
            .tokensRemembered, .threadPolicySet, .threadLevelSet, .threadCueSet, .markerSet, .ledgerPage,
            .erasure, .retention,
            .people,
            .account,
            .moderation,
            .meeting,
            .floor,
            .relaying, .languages:
            return []
        case .practices, .questionnaires: return []
        case .outcomes(let event):
            return renderOutcome(event, id: id, time: logged.time, to: capabilities, in: community)
        }
    }

    /// One MODE line, or two when the completed masks do not fit into one; the id stands on the first.
    private func renderModes(
        _ event: ModesChanged, id: MessageID, _ time: Timestamp, _ capabilities: Capabilities
    ) -> [Line] {
        let frame = 1 + event.actor.source.byteCount + 1 + 4 + 1 + event.channelName.byteCount + 1 + 2
        var lines: [Line] = []
        var rest = event.changes[...]
        while !rest.isEmpty {
            var count = 0
            var byteCount = frame
            for change in rest {
                // At most a sign, the letter, a space and the argument.
                byteCount += 3 + (change.argument?.byteCount ?? 0)
                if byteCount > 512, count > 0 { break }
                count += 1
            }
            let tags = eventTags(actor: event.actor, id: lines.isEmpty ? id : nil, time: time, capabilities)
            lines.append(
                Line(
                    tags: tags, source: event.actor.source, verb: "MODE",
                    [event.channelName] + Dialect.modeParameters(Array(rest.prefix(count)))))
            rest = rest.dropFirst(count)
        }
        return lines
    }

    // MARK: Presence, as others see it. `session` is the one it is about.

    private func line(
        _ verb: String, _ parameters: [Text], by session: Session, source: Text? = nil, _ time: Timestamp,
        _ capabilities: Capabilities, hasTrailing: Bool = false
    ) -> Line {
        Dialect.fitted(
            Line(
                tags: eventTags(actor: session.actor, id: nil, time: time, capabilities),
                source: source ?? session.source,
                verb: verb, parameters, hasTrailing: hasTrailing))
    }

    /// JOIN, with account and real name under extended-join.
    package func renderJoin(
        _ channel: Text, by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        let isExtended = capabilities.contains(.extendedJoin)
        let extra = isExtended ? [session.accountName ?? "*", session.realName] : []
        var lines = [
            line("JOIN", [channel] + extra, by: session, time, capabilities, hasTrailing: isExtended)
        ]
        if let away = session.away, capabilities.contains(.awayNotify) {
            lines.append(line("AWAY", [away], by: session, time, capabilities, hasTrailing: true))
        }
        return lines
    }

    package func renderPart(
        _ channel: Text, reason: Text?, by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        let reason = reason.flatMap { $0.isEmpty ? nil : $0 }
        return [
            line(
                "PART", [channel] + (reason.map { [$0] } ?? []), by: session, time, capabilities,
                hasTrailing: reason != nil)
        ]
    }

    package func renderQuit(
        _ reason: Text, by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        [line("QUIT", [reason], by: session, time, capabilities, hasTrailing: true)]
    }

    package func renderNickname(
        from oldSource: Text, by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        let nick = Text(session.nickname?.spelling ?? "*")
        return [line("NICK", [nick], by: session, source: oldSource, time, capabilities, hasTrailing: true)]
    }

    /// AWAY under away-notify; without text for somebody who is back.
    package func renderAway(by session: Session, _ time: Timestamp, to capabilities: Capabilities) -> [Line] {
        guard capabilities.contains(.awayNotify) else { return [] }
        return [
            line(
                "AWAY", session.away.map { [$0] } ?? [], by: session, time, capabilities,
                hasTrailing: session.away != nil)
        ]
    }

    package func renderSetName(
        by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        guard capabilities.contains(.setName) else { return [] }
        return [line("SETNAME", [session.realName], by: session, time, capabilities, hasTrailing: true)]
    }

    package func renderAccount(
        by session: Session, source: Text, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        guard capabilities.contains(.accountNotify) else { return [] }
        return [
            line("ACCOUNT", [session.accountName ?? "*"], by: session, source: source, time, capabilities)
        ]
    }

    package func renderChangedHost(
        by session: Session, oldSource: Text, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        guard capabilities.contains(.changeHost) else { return [] }
        return [
            line(
                "CHGHOST", [session.userName ?? "~u", session.host], by: session, source: oldSource, time,
                capabilities)
        ]
    }

    package func renderInvite(
        _ nick: Text, _ channel: Text, by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        [line("INVITE", [nick, channel], by: session, time, capabilities)]
    }

    /// MODE on oneself.
    package func renderUserModes(
        _ changes: [UserModeChange], by session: Session, _ time: Timestamp, to capabilities: Capabilities
    ) -> [Line] {
        let letters = Dialect.modeParameters(
            changes.map { ModeChange(letter: $0.letter, isAdded: $0.isAdded) })
        return [
            line("MODE", [Text(session.nickname?.spelling ?? "*")] + letters, by: session, time, capabilities)
        ]
    }
}
