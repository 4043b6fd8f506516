// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import PlenaryWire

/// Acts of moderation and reports, as those whom they concern are told of them.
extension CommunityOwner {
    // MARK: Acts

    /// MODACT to members with the capability, behind the act's own line; sentences to plain clients where
    /// that line
    /// does not say it. Whoever did it at the desk is answered by the sentence.
    func showActs(of logged: LoggedEvent, by id: SessionID, _ scope: inout ReplyScope) {
        guard logged.event.actor != nil else { return }
        for (place, act) in community.acts(of: logged) {
            guard let actor = logged.event.actor else { continue }
            let channel = community.channels[place]
            let name = channel.map { Text($0.name.spelling) } ?? "*"
            if let channel {
                let members = channel.members.keys.filter { $0 != id }.sorted()
                let moderators = members.filter { isModerator($0, in: channel) }
                toSessions(moderators) {
                    dialect.renderAct(act, channel: name, actor: actor, isModerator: true, to: $0)
                }
                toSessions(members.filter { !moderators.contains($0) }) {
                    dialect.renderAct(act, channel: name, actor: actor, isModerator: false, to: $0)
                }
                showPlainly(act, in: channel, by: id)
            }
            guard let session = community.sessions[id] else { continue }
            scope.reply(
                dialect.renderAct(
                    act, channel: name, actor: actor, isModerator: true, to: session.capabilities))
            let isSilent = act.kind == .hide || act.kind == .unhide || channel == nil
            if !session.capabilities.contains(.moderation), scope.isDesk || isSilent {
                scope.reply([dialect.renderDeskAct(act, channel: name, to: session)])
            }
        }
    }

    private func isModerator(_ id: SessionID, in channel: Channel) -> Bool {
        community.sessions[id].map { community.permits(.moderate, $0, in: channel) } ?? false
    }

    /// What the classic line leaves unsaid: what `+f` is, and to the muted person that and until when.
    private func showPlainly(_ act: ModerationAct, in channel: Channel, by id: SessionID) {
        let name = channel.name.text
        for member in channel.members.keys.sorted() where member != id {
            guard let session = community.sessions[member], !session.isBot,
                !session.capabilities.contains(.moderation)
            else { continue }
            switch act.kind {
            case .slow:
                send(
                    dialect.renderActNotice(act, channel: name, in: session.language, withText: false),
                    to: member)
            case .mute
            where session.accountName.map { asciiFolded($0.bytes) } == asciiFolded(act.target.bytes):
                send([dialect.renderMuteNotice(act, channel: name, to: session)], to: member)
            default: break
            }
        }
    }

    // MARK: Hidden messages and reports

    func showModeration(
        _ event: ModerationEvent, _ logged: LoggedEvent, _ messageID: MessageID, by id: SessionID,
        _ scope: inout ReplyScope
    ) {
        switch event {
        case .messageHidden(let event): showHiding(event, logged, messageID, by: id)
        case .reportFiled(let event): showReport(event.number, by: nil, &scope)
        case .reportHandled(let event): showReport(event.number, by: id, &scope)
        case .noteAdded, .actsRemembered: break
        }
    }

    /// To sessions without the capability: a REDACT where it is known, so that the text leaves the screen, else
    /// a sentence. Moderators keep the text.
    private func showHiding(
        _ event: MessageHidden, _ logged: LoggedEvent, _ messageID: MessageID, by id: SessionID
    ) {
        guard let channel = community.channels[event.channel],
            let (_, act) = community.acts(of: logged).first
        else { return }
        let thread = community.ledgers[event.channel]?.entry(of: event.message)?.thread ?? .mainLine
        for member in channel.members.keys.sorted() where member != id {
            guard let session = community.sessions[member], !session.capabilities.contains(.moderation) else {
                continue
            }
            let isModerator = isModerator(member, in: channel)
            if event.isHidden, !isModerator, session.capabilities.contains(.messageRedaction) {
                let others =
                    Dialect.knowsTranslations(session.capabilities)
                    ? [] : community.translations(of: event.message, in: event.channel).map(\.offset)
                for message in [event.message] + others {
                    var one = event
                    one.message = message
                    let lines = dialect.renderHidingAsRedaction(
                        one, id: messageID, time: logged.time, thread: thread,
                        as: form(of: session, in: channel, thread), to: session.capabilities)
                    send(lines, to: member)
                }
            } else if !session.isBot {
                let lines = dialect.renderActNotice(
                    act, channel: event.channelName, in: session.language, withText: isModerator)
                send(lines, to: member)
            }
        }
    }

    /// A report as it stands, to the moderators of its channel; to the one who handled it as the answer.
    private func showReport(_ number: UInt32, by actor: SessionID?, _ scope: inout ReplyScope) {
        guard let report = community.moderation.reports[number],
            let channel = community.channels[report.filed.channel]
        else { return }
        for id in community.moderators(of: channel) {
            guard let session = community.sessions[id], !session.isBot else { continue }
            let isPlain = !session.capabilities.contains(.moderation)
            let line =
                isPlain ? dialect.renderReportNotice(report, to: session) : dialect.renderReport(report)
            if id == actor { scope.reply([line]) } else { send([line], to: id) }
        }
    }

    /// The newest messages with the places that acts may name them by.
    func fetchNamed(_ request: HistoryRequest, for id: SessionID) {
        let post = poster()
        guard case .channel(let channel) = request.conversation else { return }
        let offsets =
            community.ledgers[channel]?.namedMessages(
                limit: request.limit, scanLimit: community.policy.limits.namedMessageScanLimit) ?? []
        let history = self.history
        afterCommit {
            history.events(at: offsets.reversed()) { result in
                switch result {
                case .success(let events):
                    post(.fetched(id, request, HistoryResult(events: events, isComplete: true)))
                case .failure: post(.fetched(id, request, nil))
                }
            }
        }
    }

    // MARK: Ends

    /// Takes away what has come to its end, as everybody sees and the log keeps.
    func endSanctions() {
        let now = self.now()
        guard let next = community.moderation.nextExpiry, next <= now else { return }
        let outcomes = community.decideExpiries(at: now)
        var scope = ReplyScope(label: nil)
        for outcome in outcomes { _ = perform(outcome, by: SessionID(.max), &scope) }
        community.refreshExpiry()
    }
}

extension Event {
    /// Who did what may be an act of moderation.
    fileprivate var actor: Actor? {
        switch self {
        case .memberKicked(let event): event.actor
        case .modesChanged(let event): event.actor
        case .threadChanged(let event): event.actor
        case .messagesMoved(let event): event.actor
        case .messageRedacted(let event): event.actor
        case .moderation(.messageHidden(let event)): event.actor
        case .accountStateSet(let event): event.actor
        default: nil
        }
    }
}
