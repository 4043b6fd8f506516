// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire

/// Sittings, as those in their channels are told of them, and as the clock moves them.
extension CommunityOwner {
    /// What a session is told by: a SESSION line, or a sentence in its language; programs without the capability
    /// nothing.
    private struct MeetingForm: Hashable {
        var capabilities: Capabilities
        var language: Language
        var isSilent: Bool

        init(_ session: Session) {
            let knowsSessions = session.capabilities.contains(.sessions)
            capabilities = knowsSessions ? session.capabilities.intersection(Audience.rendering) : []
            language = knowsSessions ? .english : session.language
            isSilent = !knowsSessions && session.isBot
        }
    }

    func showMeeting(
        _ event: MeetingEvent, _ logged: LoggedEvent, by id: SessionID, _ scope: inout ReplyScope
    ) {
        keepLabelKey(event)
        switch event {
        case .attended, .remembered, .labelGiven, .labelTokens: return
        case .scheduled, .acted, .agendaItemSet, .documentSet, .cancelled, .attributionSet: break
        }
        guard let channel = community.channels[event.channel] else { return }
        var forms: [MeetingForm: [UInt8]] = [:]
        for member in channel.members.keys.sorted() where member != id {
            guard let session = community.sessions[member] else { continue }
            let form = MeetingForm(session)
            if forms[form] == nil { forms[form] = encoded(render(event, logged, form)) }
            outbox.send(forms[form] ?? [], to: member)
        }
        // Whoever did it is answered, in the channel or not.
        guard let session = community.sessions[id] else { return }
        scope.reply(render(event, logged, MeetingForm(session)))
    }

    private func render(_ event: MeetingEvent, _ logged: LoggedEvent, _ form: MeetingForm) -> [Line] {
        if form.isSilent { return [] }
        if form.capabilities.contains(.sessions) {
            return dialect.renderMeetingEvent(
                event, time: logged.time, to: form.capabilities, in: community)
        }
        return dialect.renderMeetingNotice(event, in: form.language, community)
    }

    /// Records what came by itself, as everybody in the channel sees.
    func passMeetings() {
        guard !community.meetings.isEmpty, log.spaceState == .enough else { return }
        var scope = ReplyScope(label: nil)
        for outcome in community.decideMeetings(at: now()) {
            _ = perform(outcome, by: SessionID(.max), &scope)
        }
    }

    /// What the configuration says of sittings, at the start and when it is read anew.
    func seedMeetings(_ channels: [ChannelConfiguration]) {
        var scope = ReplyScope(label: nil)
        for configured in channels {
            guard let meeting = configured.meeting,
                let channel = community.channel(named: Text("#\(configured.name)"))
            else { continue }
            let outcomes = community.decideConfiguredMeeting(
                meeting.schedule, agenda: meeting.agenda, documents: meeting.documents,
                attribution: meeting.attribution, in: channel.id, at: now())
            for outcome in outcomes { _ = perform(outcome, by: SessionID(.max), &scope) }
            // The file gives a list its first rules; from then on they are the chair's.
            if let floor = meeting.floor, community.floors[channel.id] == nil {
                _ = record(
                    .floor(.settingsSet(FloorSettingsSet(channel: channel.id, settings: floor, actor: nil))))
            }
        }
        // What a crash between a session's end and the end of its key left.
        destroyLabelKeys()
    }
}
