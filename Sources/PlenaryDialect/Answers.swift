// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

extension Dialect {
    /// An answer as lines for the session that asked. Exhaustive: one reply for each.
    package func render(
        _ answer: Answer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        switch answer {
        case .capabilityList(let version):
            return renderCapabilityList(version: version, to: session, in: community)
        case .enabledCapabilities: return renderEnabledCapabilities(to: session)
        case .capabilitiesAccepted(let names): return capabilityReply("ACK", names, session)
        case .capabilitiesRejected(let names): return capabilityReply("NAK", names, session)
        case .pong(let token):
            return [
                Dialect.fitted(
                    Line(source: facts.name, verb: "PONG", [facts.name, token], hasTrailing: true))
            ]
        case .saslContinue: return [Line(verb: "AUTHENTICATE", ["+"])]
        case .saslSucceeded: return [numeric(.saslSuccess, session, say: .saslSuccess)]
        case .youAreOperator: return [numeric(.youAreOperator, session, say: .youAreOperator)]
        case .loggedIn: return renderLoggedIn(to: session)
        case .verificationRequired(let account): return renderVerificationRequired(account, to: session)
        case .registrationSucceeded(let verb, let account):
            return renderRegistration(verb, account: account, to: session)
        case .names(let id): return renderNames(of: id, to: session, in: community)
        case .noNames(let name):
            return [numeric(.endOfNames, session, [Dialect.word(name)], say: .endOfNames)]
        case .topic(let id): return community.channels[id].map { renderTopic(of: $0, to: session) } ?? []
        case .channelModes(let id):
            return community.channels[id].map { renderModes(of: $0, to: session, in: community) } ?? []
        case .maskList(let id, let list):
            return community.channels[id].map { renderMasks(list, of: $0, to: session) } ?? []
        case .invited(let nick, let channel): return [numeric(.inviting, session, [nick, channel])]
        case .away(let nick, let away):
            return [numeric(.away, session, [nick], away)]
        case .list(let filter): return renderList(filter, to: session, in: community)
        case .threadInfo, .threadPage, .threadPolicy, .threadCue:
            return renderThreads(answer, to: session, in: community)
        case .threadTopic, .threadModes, .threadBans, .threadNames, .threadRows:
            return renderClassic(answer, to: session, in: community)
        case .marker(let target, let time): return [renderMarker(target, time)]
        case .userModes, .awayState, .who, .whois, .whowas, .userhost, .isOn, .monitorList, .monitorStatus:
            return renderPresence(answer, to: session, in: community, now: now)
        case .retention(let answer): return renderRetention(answer, to: session, in: community)
        case .people(let answer): return render(answer, to: session)
        case .devices: return renderDevices(to: session, in: community)
        case .deviceAdded(let fingerprint, let label): return [note("ADDED", Dialect.hex(fingerprint), label)]
        case .deviceRemoved(let fingerprint): return [note("REMOVED", Dialect.hex(fingerprint), "")]
        case .account(let answer): return render(answer, to: session, in: community, now: now)
        case .moderation(let answer): return render(answer, to: session, in: community)
        case .meeting(let answer): return render(answer, to: session, in: community, now: now)
        case .relaying(let answer): return render(answer, to: session, in: community)
        case .languages(let answer): return render(answer, to: session, in: community)
        case .floor(let answer): return renderFloor(answer, in: community, now: now)
        case .outcomes(let answer): return render(answer, to: session, in: community)
        case .practices(let answer): return render(answer, to: session, in: community)
        case .questionnaires(let answer): return render(answer, to: session, in: community)
        case .messageOfTheDay, .lusers, .version, .time, .info, .admin, .help:
            return renderServer(answer, to: session, in: community, now: now)
        }
    }

    /// Answers about people.
    private func renderPresence(
        _ answer: Answer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        switch answer {
        case .userModes: return renderUserModes(to: session, in: community)
        case .awayState(let isAway):
            return [numeric(isAway ? .nowAway : .unaway, session, say: isAway ? .youAreAway : .youAreBack)]
        case .who(let query): return renderWho(query, to: session, in: community, now: now)
        case .whois(let nick): return renderWhois(nick, to: session, in: community, now: now)
        case .whowas(let nick, let count): return renderWhowas(nick, count: count, to: session, in: community)
        case .userhost(let nicks): return renderUserhost(nicks, to: session, in: community)
        case .isOn(let nicks): return renderIsOn(nicks, to: session, in: community)
        case .monitorList: return renderMonitorList(to: session)
        case .monitorStatus(let names): return renderMonitor(names, to: session, in: community)
        default: preconditionFailure("not an answer about people")
        }
    }

    /// Answers about the server itself.
    private func renderServer(
        _ answer: Answer, to session: Session, in community: Community, now: Timestamp
    ) -> [Line] {
        switch answer {
        case .messageOfTheDay: return renderMessageOfTheDay(to: session)
        case .lusers: return renderUserCounts(to: session, in: community)
        case .version:
            return [numeric(.version, session, [facts.version, facts.name], facts.network)]
                + renderSupport(to: session, in: community)
        case .time: return [numeric(.time, session, [facts.name], Text(now.iso8601))]
        case .info: return renderInfo(to: session)
        case .admin: return renderAdmin(to: session)
        case .help(let subject): return renderHelp(subject, to: session)
        default: preconditionFailure("not an answer about the server")
        }
    }

    private func capabilityReply(_ subcommand: Text, _ names: [Text], _ session: Session) -> [Line] {
        let rows = Dialect.packed(names.map(Dialect.word), byteLimit: 400)
        return (rows.isEmpty ? [""] : rows).map {
            Line(source: facts.name, verb: "CAP", [session.replyName, subcommand, $0], hasTrailing: true)
        }
    }
}
