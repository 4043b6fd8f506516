// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Speakers' lists, as those whom they concern are told of them (docs/extensions/floor.md, "Who is told").
extension CommunityOwner {
    /// Records a change of a list and tells the channel: a line to sessions with the capability, a sentence to others.
    func recordFloor(_ event: FloorEvent, by id: SessionID, _ scope: inout ReplyScope) {
        let before = community.floors[event.channel] ?? Floor(channel: event.channel)
        let logged = record(.floor(event))
        guard let channel = community.channels[event.channel], let floor = community.floors[event.channel]
        else { return }
        let name = channel.name.text
        let lines = dialect.renderFloor(event, from: before, to: floor, channel: name, now: logged.time)
        let bytes = encoded(lines)
        let subjects = before.subjects(of: event)
        func notice(_ session: Session, _ reader: Dialect.FloorReader) -> [Line] {
            let line = dialect.renderFloorNotice(
                event, from: before, to: floor, channel: name, now: logged.time, for: reader, to: session)
            return line.map { [$0] } ?? []
        }
        for member in channel.members.keys.sorted() where member != id {
            guard let session = community.sessions[member] else { continue }
            let isSubject = session.account.map { subjects.contains($0) } ?? false
            guard isSubject || !event.isBetweenTwo else { continue }
            if session.capabilities.contains(.floor) {
                outbox.send(bytes, to: member)
            } else if !session.isBot {
                send(notice(session, isSubject ? .subject : .member), to: member)
            }
        }
        guard let session = community.sessions[id] else { return }
        guard scope.isDesk else { return scope.reply(lines) }
        if session.capabilities.contains(.floor) { outbox.send(bytes, to: id) }
        scope.reply(notice(session, .actor))
    }

    /// What the clock does to the lists, once a second.
    func passFloorTime() {
        var scope = ReplyScope(label: nil)
        for event in community.floorsDue(at: now()) {
            recordFloor(event, by: SessionID(.max), &scope)
        }
    }
}
