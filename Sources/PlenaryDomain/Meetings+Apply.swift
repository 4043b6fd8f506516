// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    mutating func apply(_ event: MeetingEvent, at time: Timestamp) {
        switch event {
        case .scheduled(let event): applySchedule(event, at: time)
        case .acted(let act): meetings[act.channel]?.apply(act)
        case .agendaItemSet(let event):
            let number = event.item.number
            meetings[event.channel]?.agenda[number] = event.item.titles.isEmpty ? nil : event.item
            if event.item.titles.isEmpty, meetings[event.channel]?.currentItem == number {
                meetings[event.channel]?.currentItem = 0
            }
            if event.actor != nil { meetings[event.channel]?.isLive = true }
        case .documentSet(let event): applyDocument(event)
        case .attended(let event): meetings[event.channel]?.roll.formUnion(event.accounts)
        case .remembered(let event): applyMemory(event)
        case .cancelled(let event):
            meetings[event.channel] = nil
            labelBooks[event.channel] = nil
        case .attributionSet(let event):
            meetings[event.channel]?.attribution = event.policy
            if event.actor != nil { meetings[event.channel]?.isLive = true }
        case .labelGiven(let event): apply(event)
        case .labelTokens(let event): rememberLabelTokens(event.tokens, in: event.channel)
        }
    }

    private mutating func applySchedule(_ event: MeetingScheduled, at time: Timestamp) {
        guard var meeting = meetings[event.channel], !meeting.isOver(for: event.schedule) else {
            let holdsMode = meetings[event.channel]?.holdsMode ?? false
            meetings[event.channel] = Meeting(event.schedule, isLive: event.actor != nil, at: time)
            meetings[event.channel]?.holdsMode = holdsMode
            labelBooks[event.channel] = nil
            return
        }
        meeting.schedule = event.schedule
        meeting.isLive = meeting.isLive || event.actor != nil
        meeting.noted = meeting.state(at: time)
        meetings[event.channel] = meeting
    }

    private mutating func applyDocument(_ event: MeetingDocumentSet) {
        guard var meeting = meetings[event.channel] else { return }
        let key = asciiFolded(event.document.symbol.bytes)
        let place = meeting.documents.firstIndex { asciiFolded($0.symbol.bytes) == key }
        switch (place, event.isRemoved) {
        case (let place?, true): meeting.documents.remove(at: place)
        case (let place?, false): meeting.documents[place] = event.document
        case (nil, false): meeting.documents.append(event.document)
        case (nil, true): break
        }
        meeting.isLive = meeting.isLive || event.actor != nil
        meetings[event.channel] = meeting
    }

    private mutating func applyMemory(_ event: MeetingRemembered) {
        guard var meeting = meetings[event.channel] else { return }
        meeting.openedAt = event.openedAt
        meeting.suspensions = event.suspensions
        meeting.extendedEnd = event.extendedEnd
        meeting.closedAt = event.closedAt
        meeting.graceEndedAt = event.graceEndedAt
        meeting.currentItem = event.currentItem
        meeting.noted = event.noted
        meeting.isLive = event.isLive
        meeting.holdsMode = event.holdsMode
        meetings[event.channel] = meeting
    }

    /// Mode `m` of a sitting's channel belongs to whoever set it last: the server's is a sign, a person's counts.
    mutating func noteMeetingMode(_ event: ModesChanged) {
        guard meetings[event.channel] != nil else { return }
        let isServer = !event.actor.source.bytes.contains(UInt8(ascii: "!"))
        for change in event.changes where change.letter == UInt8(ascii: "m") {
            meetings[event.channel]?.holdsMode = isServer && change.isAdded
        }
    }

    /// Takes an account out of the rolls.
    mutating func forgetAttendance(of account: AccountID) {
        for channel in meetings.keys { meetings[channel]?.roll.remove(account) }
    }

    // MARK: Snapshots

    /// Accounts of one record, so that its body stays below its limit.
    private static let accountsOfRecord = 1000

    /// Sittings as the shortest list of events, in a stable order; after the channels.
    func meetingSnapshot() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: MeetingEvent) {
            events.append(
                LoggedEvent(offset: .none, time: Timestamp(microseconds: 0), event: .meeting(event)))
        }
        for (id, meeting) in meetings.sorted(by: { $0.key < $1.key }) {
            let name = channels[id].map { Text($0.name.spelling) } ?? "*"
            add(
                .scheduled(
                    MeetingScheduled(
                        channel: id, channelName: name, schedule: meeting.schedule, actor: nil)))
            if meeting.attribution != .attributed {
                let policy = meeting.attribution
                add(
                    .attributionSet(
                        AttributionSet(channel: id, channelName: name, policy: policy, actor: nil)))
            }
            for event in labelSnapshot(of: id) { add(event) }
            for item in meeting.agenda.values.sorted(by: { $0.number < $1.number }) {
                add(.agendaItemSet(AgendaItemSet(channel: id, channelName: name, item: item, actor: nil)))
            }
            for document in meeting.documents {
                add(
                    .documentSet(
                        MeetingDocumentSet(
                            channel: id, channelName: name, document: document, isRemoved: false,
                            actor: nil)))
            }
            var rest = meeting.roll.sorted()[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(Community.accountsOfRecord))
                add(.attended(MeetingAttended(channel: id, accounts: part)))
                rest = rest.dropFirst(part.count)
            }
            add(.remembered(meeting.memory(of: id)))
        }
        return events
    }
}

extension Meeting {
    /// Whether a schedule is that of another sitting: this one is over, and that one begins anew.
    func isOver(for schedule: MeetingSchedule) -> Bool {
        noted == .closed && schedule.start != self.schedule.start
    }

    fileprivate func memory(of channel: ChannelID) -> MeetingRemembered {
        var memory = MeetingRemembered(
            channel: channel, noted: noted, isLive: isLive, holdsMode: holdsMode)
        memory.openedAt = openedAt
        memory.suspensions = suspensions
        memory.extendedEnd = extendedEnd
        memory.closedAt = closedAt
        memory.graceEndedAt = graceEndedAt
        memory.currentItem = currentItem
        return memory
    }
}
