// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Sessions, the floor and translations of the place.
extension ScreenModel {
    // MARK: What is asked

    /// Says it to the desk, whose answer is shown under a title.
    private func tellDesk(_ words: String, _ title: ActionPhrase) -> [Effect] {
        [
            .ask(
                verb: "PRIVMSG", parameters: [DeskWords.desk, PlainText.oneLine(words)],
                title: catalogue.text(title))
        ]
    }

    /// Does what a command of these says.
    mutating func performMeeting(_ command: SlashCommand, _ arguments: String) -> [Effect] {
        guard place.isChannel else { return refuse(.inNoChannel) }
        let channel = place.conversation
        switch command {
        case .translate:
            guard let id = (selectedPost ?? timelines[place]?.lastPost)?.id else {
                return refuse(.nothingToAnswer)
            }
            guard let words = DeskWords.translation(arguments, of: id, channel: channel) else {
                return explain(command)
            }
            return tellDesk(words, .attachTranslation)
        case .original:
            guard let id = selectedPost?.id else { return askToSelect() }
            return tellDesk(DeskWords.original(of: id, channel: channel), .showOriginal)
        default:
            guard let words = DeskWords.of(command, arguments, channel: channel) else {
                return explain(command)
            }
            return tellDesk(words, command.summary)
        }
    }

    /// Does what the menu says.
    mutating func performMeeting(_ action: MenuAction) -> [Effect] {
        switch action {
        case .agenda: performMeeting(.agenda, "")
        case .documents: performMeeting(.docs, "")
        case .requestFloor: performMeeting(.floor, "request")
        case .withdrawFloor: performMeeting(.floor, "withdraw")
        case .listFloor: performMeeting(.floor, "list")
        case .session: performMeeting(.session, "")
        case .relay: performMeeting(.relay, "")
        case .showOriginal: performMeeting(.original, "")
        case .attachTranslation: performMeeting(.translate, "")
        default: refuse(.notAllowedHere)
        }
    }

    // MARK: What is told

    /// Something happened to a session.
    mutating func take(_ change: MeetingChange) {
        guard isKnown(change.channel) else { return }
        with(change.channel) { conversation in
            if change.what == "cancelled" { conversation.meeting = nil }
            if let meeting = change.meeting { conversation.meeting = meeting }
        }
    }

    /// Something happened to a speakers' list.
    mutating func take(_ change: FloorChange) {
        guard isKnown(change.channel) else { return }
        with(change.channel) { _ = $0.floor.take(change.line) }
    }

    /// What was learnt of a channel's session and floor.
    mutating func take(meeting: Meeting?, floor: SpeakersList?, of channel: String) {
        guard isKnown(channel) else { return }
        with(channel) {
            $0.meeting = meeting
            $0.floor = floor ?? SpeakersList(channel: channel)
        }
    }

    // MARK: What everybody in the place has to know

    /// How far the session is, and who has the floor.
    var meetingBanner: StyledText? {
        guard let conversation = conversation(place.conversation) else { return nil }
        var parts: [StyledText] = []
        if let meeting = conversation.meeting, let words = words(of: meeting) {
            parts.append(StyledText(words, .bold))
        }
        if let speaker = conversation.floor.speaker {
            parts.append(
                StyledText(catalogue.text(.floor) + " ")
                    + StyledText(isolated: PlainText.oneLine(speaker.request.name), .bold))
        }
        if conversation.meeting?.attribution == "unattributed" {
            parts.append(StyledText(catalogue.text(.unattributed)))
        }
        return parts.isEmpty ? nil : parts.joined(by: StyledText(" \(glyphs.separator) "))
    }

    /// A session that is far from now is nothing that has to be known all the time.
    private func words(of meeting: Meeting) -> String? {
        let isFar = meeting.start.seconds - now.seconds >= ScreenLimits.nearMeetingSeconds
        if meeting.state == .closed || meeting.state == .scheduled && isFar { return nil }
        return catalogue.state(of: meeting, clock: clock)
    }
}
