// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// SESSION (docs/extensions/sessions.md).
extension Community {
    func decide(_ command: MeetingCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .list: return [.answer(.meeting(.list(meetings(visibleTo: session))))]
            case .info(let name):
                return [.answer(.meeting(.info(try meeting(name, session).channel.id)))]
            case .schedule(let name, let changes):
                return try decideSchedule(name, changes, session, moment)
            case .act(let name, let act): return try decideMeetingAct(name, act, session, moment)
            case .agenda(let name):
                return [.answer(.meeting(.agenda(try meeting(name, session).channel.id)))]
            case .setItem(let name, let number, let language, let title):
                return try decideItem(name, number, language, title, session, moment)
            case .removeItem(let name, let number):
                return try decideItemRemoval(name, number, session, moment)
            case .documents(let name):
                return [.answer(.meeting(.documents(try meeting(name, session).channel.id)))]
            case .setDocument(let name, let symbol, let language, let link, let title):
                return try decideDocument(name, symbol, language, link, title, session, moment)
            case .removeDocument(let name, let symbol):
                return try decideDocumentRemoval(name, symbol, session, moment)
            case .roll(let name): return [.answer(.meeting(.roll(try roll(name, session))))]
            case .cancel(let name): return try decideCancellation(name, session, moment)
            case .attribution(let name, let policy):
                return try decideAttribution(name, policy, session, moment)
            }
        } catch {
            return [.refused(error)]
        }
    }

    func meetingFailure(_ code: MeetingFailure, _ context: Text...) -> Refusal {
        .meeting(code: code, context: context)
    }

    // MARK: Which, and who

    /// Sittings of channels that a session may know of, by their start.
    private func meetings(visibleTo session: Session) -> [ChannelID] {
        meetings.filter { id, _ in channels[id].map { isVisible($0, to: session.id) } ?? false }
            .sorted { ($0.value.opening, $0.key) < ($1.value.opening, $1.key) }.map(\.key)
    }

    /// A channel that may be known of; the same answer for one that may not and for none.
    private func meetingChannel(_ name: Text, _ session: Session) throws(Refusal) -> Channel {
        guard let channel = channel(named: name), isVisible(channel, to: session.id) else {
            throw meetingFailure(.invalidTarget, name)
        }
        return channel
    }

    func meeting(
        _ name: Text, _ session: Session
    ) throws(Refusal) -> (channel: Channel, meeting: Meeting) {
        let channel = try meetingChannel(name, session)
        guard let meeting = meetings[channel.id] else {
            throw meetingFailure(.noSession, channel.name.text)
        }
        return (channel, meeting)
    }

    /// The same for its chair: whoever moderates the channel. With what came by itself and is not in the log yet.
    func chaired(
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> (channel: Channel, meeting: Meeting, events: [MeetingEvent]) {
        let channel = try chairedChannel(name, session, moment)
        guard let known = meetings[channel.id] else {
            throw meetingFailure(.noSession, channel.name.text)
        }
        var meeting = known
        let due = dueActs(of: known, in: channel, at: moment.now)
        for act in due { meeting.apply(act) }
        return (channel, meeting, due.map { .acted($0) })
    }

    private func chairedChannel(
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> Channel {
        let channel = try meetingChannel(name, session)
        guard permits(.moderate, session, in: channel) else {
            throw meetingFailure(.privilegesNeeded, channel.name.text)
        }
        guard moment.hasSpace else { throw .storageIsFull(verb: "SESSION") }
        return channel
    }

    // MARK: SCHEDULE and CANCEL

    private func decideSchedule(
        _ name: Text, _ changes: MeetingChanges, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let channel = try chairedChannel(name, session, moment)
        let spelling = channel.name.text
        let known = meetings[channel.id]
        let state = known?.state(at: moment.now) ?? .scheduled
        if changes.movesTimes, state.rank == 2 || state == .grace {
            throw meetingFailure(.begun, spelling)
        }
        guard let start = changes.start ?? known?.schedule.start else {
            throw meetingFailure(.invalidParameters, "start")
        }
        guard let end = changes.end ?? known?.schedule.end else {
            throw meetingFailure(.invalidParameters, "end")
        }
        var schedule = known?.schedule ?? MeetingSchedule(start: start, end: end)
        schedule.start = start
        schedule.end = end
        schedule.zone = changes.zone ?? schedule.zone
        schedule.doorsSeconds = changes.doorsSeconds ?? schedule.doorsSeconds
        schedule.graceSeconds = changes.graceSeconds ?? schedule.graceSeconds
        schedule.room = changes.room ?? schedule.room
        schedule.platform = changes.platform ?? schedule.platform
        if let problem = schedule.problem(policy.limits) {
            throw meetingFailure(.invalidParameters, problem)
        }
        guard let offset = moment.functions.utcOffset(schedule.zone, start) else {
            throw meetingFailure(.invalidParameters, "zone")
        }
        schedule.utcOffsetSeconds = offset
        // What is over is not planned.
        if changes.movesTimes, end <= moment.now { throw meetingFailure(.invalidParameters, "end") }
        if let known, known.attribution != .attributed {
            if let place = schedule.publicPlace { throw meetingFailure(place, spelling) }
            // Labels of one sitting are not those of the next.
            if known.isOver(for: schedule), hasHistory(channel.id) {
                throw meetingFailure(.hasHistory, spelling)
            }
        }
        guard schedule != known?.schedule else { throw meetingFailure(.already, spelling) }
        let event = MeetingScheduled(
            channel: channel.id, channelName: spelling, schedule: schedule, actor: session.actor)
        return scheduleOutcomes(event, in: channel, at: moment.now)
    }

    /// A schedule with the mode that goes with it.
    private func scheduleOutcomes(
        _ event: MeetingScheduled, in channel: Channel, at now: Timestamp
    ) -> [Outcome] {
        var draft = self
        draft.apply(.scheduled(event), at: now)
        guard let meeting = draft.meetings[channel.id] else { return [] }
        return [.event(.meeting(.scheduled(event)))] + modeOutcomes(meeting, in: channel)
    }

    private func decideCancellation(
        _ name: Text, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let (channel, meeting, events) = try chaired(name, session, moment)
        let spelling = channel.name.text
        let state = meeting.state(at: moment.now)
        guard state.rank != 2, state != .grace else { throw meetingFailure(.begun, spelling) }
        if meeting.attribution != .attributed, hasHistory(channel.id) {
            throw meetingFailure(.hasHistory, spelling)
        }
        let event = MeetingCancelled(channel: channel.id, channelName: spelling, actor: session.actor)
        // While the sitting is still known, so that the sign is taken away as what it is.
        let mode = meeting.holdsMode ? [modeOutcome(isAdded: false, in: channel)] : []
        return (events + [.cancelled(event)]).map { .event(.meeting($0)) } + mode
    }

    // MARK: The chair's acts

    private func decideMeetingAct(
        _ name: Text, _ requested: RequestedMeetingAct, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        var (channel, meeting, events) = try chaired(name, session, moment)
        let spelling = channel.name.text
        let state = meeting.state(at: moment.now)
        var act = MeetingActed(
            channel: channel.id, channelName: spelling, kind: .opened, time: moment.now,
            actor: session.actor)
        switch (requested, state) {
        case (.open, .scheduled), (.open, .doors): act.kind = .opened
        case (.open, .open), (.suspend, .suspended), (.resume, .open), (.close, .closed):
            throw meetingFailure(.already, spelling)
        case (.suspend, .open):
            let limit = policy.limits.suspensionCountLimit
            guard meeting.suspensions.count < limit else {
                throw meetingFailure(.limitReached, spelling, Text(String(limit)))
            }
            act.kind = .suspended
        case (.resume, .suspended): act.kind = .resumed
        case (.close, .open), (.close, .suspended): act.kind = .closed
        case (.close, .grace): act.kind = .ended
        case (.extend, .open), (.extend, .suspended), (.extend, .grace), (.extendUntil, .open),
            (.extendUntil, .suspended), (.extendUntil, .grace):
            act.kind = .extended
            act.until = try newEnd(requested, meeting, moment.now)
        case (.item(let number), _):
            guard number == 0 || meeting.agenda[number] != nil else {
                throw meetingFailure(.invalidParameters, Text(String(number)))
            }
            guard number != meeting.currentItem else { throw meetingFailure(.already, spelling) }
            act.kind = .item
            act.item = number
        case (.open, .suspended): throw meetingFailure(.already, spelling)
        case (.open, .grace), (.open, .closed), (.suspend, .grace), (.suspend, .closed), (.resume, .grace),
            (.resume, .closed), (.extend, .closed), (.extendUntil, .closed):
            throw meetingFailure(.closed, spelling)
        case (.suspend, .scheduled), (.suspend, .doors), (.resume, .scheduled), (.resume, .doors),
            (.close, .scheduled), (.close, .doors), (.extend, .scheduled), (.extend, .doors),
            (.extendUntil, .scheduled), (.extendUntil, .doors):
            throw meetingFailure(.notOpen, spelling, Text(meeting.opening.iso8601))
        }
        meeting.apply(act)
        events.append(.acted(act))
        return events.map { .event(.meeting($0)) } + modeOutcomes(meeting, in: channel)
    }

    /// Where EXTEND leads; nothing is extended into the past, nor beyond what a sitting may last.
    private func newEnd(
        _ requested: RequestedMeetingAct, _ meeting: Meeting, _ now: Timestamp
    ) throws(Refusal) -> Timestamp {
        let end: Timestamp
        switch requested {
        case .extendUntil(let time): end = time
        // After the end, the time that was lost is not counted.
        case .extend(let seconds): end = max(meeting.end, now).advanced(bySeconds: seconds)
        case .open, .suspend, .resume, .close, .item: return meeting.end
        }
        let length = end.seconds - meeting.opening.seconds
        guard end > now, end > meeting.end, policy.limits.meetingSecondsLimits.contains(length) else {
            throw meetingFailure(.invalidParameters, Text(end.iso8601))
        }
        return end
    }

    // MARK: What comes by itself

    private func dueActs(of meeting: Meeting, in channel: Channel, at now: Timestamp) -> [MeetingActed] {
        meeting.due(at: now).map { step in
            MeetingActed(
                channel: channel.id, channelName: channel.name.text, kind: step.act,
                time: step.time)
        }
    }

    /// What the clock did to sittings since it was looked at last: each step once, also after a restart. And who is
    /// there while one is open.
    package func decideMeetings(at now: Timestamp) -> [Outcome] {
        var outcomes: [Outcome] = []
        for (id, known) in meetings.sorted(by: { $0.key < $1.key }) {
            guard let channel = channels[id] else { continue }
            var meeting = known
            let due = dueActs(of: known, in: channel, at: now)
            for act in due {
                meeting.apply(act)
                outcomes.append(.event(.meeting(.acted(act))))
            }
            // The sign never outlives what it says, even when a schedule was set in the very moment of its start.
            if !due.isEmpty || meeting.noted == .open && meeting.holdsMode {
                outcomes += modeOutcomes(meeting, in: channel)
            }
            if meeting.attribution != .unattributed, meeting.state(at: now) == .open {
                outcomes += attendance(meeting, in: channel).map { .event(.meeting(.attended($0))) }
            }
        }
        return outcomes
    }

    /// What the configuration says of a channel's sitting, where nobody changed it since and it has not begun.
    package func decideConfiguredMeeting(
        _ schedule: MeetingSchedule, agenda: [AgendaItem], documents: [MeetingDocument],
        attribution: AttributionPolicy = .attributed, in id: ChannelID, at now: Timestamp
    ) -> [Outcome] {
        guard let channel = channels[id] else { return [] }
        let known = meetings[id]
        if let known, known.isLive || known.noted.rank > MeetingState.doors.rank { return [] }
        let name = channel.name.text
        var outcomes: [Outcome] = []
        if known?.schedule != schedule {
            let event = MeetingScheduled(channel: id, channelName: name, schedule: schedule, actor: nil)
            outcomes += scheduleOutcomes(event, in: channel, at: now)
        }
        let planned = known ?? Meeting(schedule, isLive: false, at: now)
        if planned.attribution != attribution,
            problem(with: attribution, planned, in: channel, at: now) == nil
        {
            let set = AttributionSet(channel: id, channelName: name, policy: attribution, actor: nil)
            outcomes.append(.event(.meeting(.attributionSet(set))))
        }
        let gone = (known?.agenda.keys.sorted() ?? []).filter { number in
            !agenda.contains { $0.number == number }
        }
        let items =
            agenda.filter { known?.agenda[$0.number] != $0 }
            + gone.map {
                AgendaItem(number: $0, titles: [])
            }
        for item in items {
            let event = AgendaItemSet(channel: id, channelName: name, item: item, actor: nil)
            outcomes.append(.event(.meeting(.agendaItemSet(event))))
        }
        let left = (known?.documents ?? []).filter { document in
            !documents.contains { $0.symbol == document.symbol }
        }
        let changed = documents.filter { !(known?.documents.contains($0) ?? false) }
        for (document, isRemoved) in changed.map({ ($0, false) }) + left.map({ ($0, true) }) {
            let event = MeetingDocumentSet(
                channel: id, channelName: name, document: document, isRemoved: isRemoved, actor: nil)
            outcomes.append(.event(.meeting(.documentSet(event))))
        }
        return outcomes
    }

    // MARK: Mode m

    /// The server's mode `m` while a sitting is not open, so that plain clients see it. A person's own is left alone.
    func modeOutcomes(_ meeting: Meeting, in channel: Channel) -> [Outcome] {
        let isSet = channel.flags.contains(.moderated)
        if meeting.noted == .open {
            return isSet && meeting.holdsMode ? [modeOutcome(isAdded: false, in: channel)] : []
        }
        return isSet ? [] : [modeOutcome(isAdded: true, in: channel)]
    }

    private func modeOutcome(isAdded: Bool, in channel: Channel) -> Outcome {
        let server = Actor(source: policy.serverName, account: nil, accountName: nil)
        return .event(
            .modesChanged(
                ModesChanged(
                    channel: channel.id, channelName: channel.name.text,
                    changes: [ModeChange(letter: UInt8(ascii: "m"), isAdded: isAdded)], actor: server)))
    }
}
