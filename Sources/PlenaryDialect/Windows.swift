// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Threads for plain clients: the numerics of TOPIC, MODE, NAMES and LIST, and JOIN and PART of windows
/// (docs/extensions/threads.md, "Windows" and "For plain clients").
extension Dialect {
    func renderClassic(_ answer: Answer, to session: Session, in community: Community) -> [Line] {
        func place(_ channel: ChannelID, _ thread: ThreadID) -> (Channel, ChannelThread, Text)? {
            guard let channel = community.channels[channel], let known = channel.threads[thread] else {
                return nil
            }
            return (channel, known, channel.spelling(of: thread))
        }
        switch answer {
        case .threadTopic(let channel, let thread):
            guard let (_, thread, name) = place(channel, thread) else { return [] }
            return [
                numeric(.topic, session, [name], thread.title),
                numeric(
                    .topicWhoTime, session,
                    [name, thread.titleSetter, Text(number: thread.titleTime.seconds)]),
            ]
        case .threadModes(let channel, let thread):
            guard let (_, thread, name) = place(channel, thread) else { return [] }
            return [
                numeric(.channelModeIs, session, [name, thread.isOpen ? "+" : "+m"]),
                numeric(.creationTime, session, [name, Text(number: thread.created.seconds)]),
            ]
        case .threadBans(let channel, let thread):
            guard let (_, _, name) = place(channel, thread) else { return [] }
            return [numeric(.endOfBanList, session, [name], say: .endOfBanList)]
        case .threadNames(let channel, let thread):
            // The main line has participants too, if neither title nor state.
            guard let channel = community.channels[channel] else { return [] }
            let name = channel.spelling(of: thread)
            return renderParticipants(of: thread, in: channel, name, to: session, community)
        case .threadRows(let rows):
            var lines = [numeric(.listStart, session, ["Channel"], say: .listHeader)]
            for row in rows {
                guard let (_, thread, name) = place(row.channel, row.thread) else { continue }
                let count = community.ledgers[row.channel]?.visibleCount(of: row.thread) ?? 0
                lines.append(numeric(.list, session, [name, Text(number: count)], thread.title))
            }
            return lines + [numeric(.listEnd, session, say: .endOfList)]
        default: return []
        }
    }

    private func renderParticipants(
        of thread: ThreadID, in channel: Channel, _ name: Text, to session: Session, _ community: Community
    ) -> [Line] {
        let words = community.participants(of: thread, in: channel, for: session).map { person in
            let roles = channel.members[person.id] ?? []
            return Text(Dialect.prefix(roles, session.capabilities))
                + (session.capabilities.contains(.userhostInNames)
                    ? person.source : Text(person.nickname?.spelling ?? "*"))
        }
        let frame = facts.name.byteCount + session.replyName.byteCount + name.byteCount + 14
        return Dialect.packed(words, byteLimit: 510 - frame).map {
            numeric(.names, session, ["=", name], $0)
        } + [numeric(.endOfNames, session, [name], say: .endOfNames)]
    }

    /// JOIN or PART of a window, which its own session alone is shown.
    package func renderWindow(
        _ verb: String, _ channel: Channel, _ thread: ThreadID, reason: Text?, by session: Session,
        _ time: Timestamp
    ) -> [Line] {
        let target = channel.spelling(of: thread)
        let isExtended = verb == "JOIN" && session.capabilities.contains(.extendedJoin)
        let extra = isExtended ? [session.accountName ?? "*", session.realName] : reason.map { [$0] } ?? []
        return [
            Dialect.fitted(
                Line(
                    tags: eventTags(actor: session.actor, id: nil, time: time, session.capabilities),
                    source: session.source, verb: verb, [target] + extra, hasTrailing: !extra.isEmpty))
        ]
    }
}
