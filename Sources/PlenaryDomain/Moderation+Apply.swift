// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Where a report stands.
package enum ReportState: UInt8, CaseIterable, Hashable, Sendable {
    case open, claimed, resolved

    package var word: Text {
        switch self {
        case .open: "open"
        case .claimed: "claimed"
        case .resolved: "resolved"
        }
    }
}

/// A report with what became of it.
package struct Report: Hashable, Sendable {
    package let filed: ReportFiled
    package let time: Timestamp
    package var claim: ReportHandled?
    package var claimTime = Timestamp(microseconds: 0)
    package var resolution: ReportHandled?
    package var resolutionTime = Timestamp(microseconds: 0)

    package var state: ReportState {
        resolution != nil ? .resolved : claim != nil ? .claimed : .open
    }

    /// Who looks, or looked, into it.
    package var handler: Text? { (resolution ?? claim)?.actor.name }
}

/// A note on a member, with its time.
package struct MemberNote: Hashable, Sendable {
    package let note: NoteAdded
    package let time: Timestamp
}

/// What moderation keeps besides the channels' own lists. Durable, but for `nextExpiry`, which follows
/// from them.
package struct ModerationState: Sendable {
    /// The newest acts of each channel, in order. Those on the whole server stand under the number 0, which
    /// no channel has.
    package internal(set) var acts: [ChannelID: [ModerationAct]] = [:]
    /// By number.
    package internal(set) var reports: [UInt32: Report] = [:]
    package internal(set) var notes: [AccountID: [MemberNote]] = [:]
    /// What is hidden now, and why.
    package internal(set) var hidden: [ChannelID: [Offset: MessageHidden]] = [:]
    /// No sanction ends before this.
    package internal(set) var nextExpiry: Timestamp?

    package static let wholeServer = ChannelID(0)

    mutating func noteExpiry(_ until: Timestamp) { nextExpiry = min(nextExpiry ?? until, until) }

    /// A channel is gone for good.
    mutating func forget(_ channel: ChannelID) {
        acts[channel] = nil
        hidden[channel] = nil
        reports = reports.filter { $0.value.filed.channel != channel }
    }

    package func reports(of channel: ChannelID) -> [Report] {
        reports.values.filter { $0.filed.channel == channel }.sorted { $0.filed.number < $1.filed.number }
    }
}

extension Community {
    mutating func applyModeration(_ event: ModerationEvent, _ logged: LoggedEvent) {
        switch event {
        case .messageHidden(let event):
            ledgers[event.channel]?.setHidden(event.isHidden, event.message)
            moderation.hidden[event.channel, default: [:]][event.message] = event.isHidden ? event : nil
        case .reportFiled(let event):
            moderation.reports[event.number] = Report(filed: event, time: logged.time)
            let kept = moderation.reports(of: event.channel)
            if kept.count > policy.limits.reportCountLimit,
                let oldest = kept.first(where: { $0.state == .resolved })
            {
                moderation.reports[oldest.filed.number] = nil
            }
        case .reportHandled(let event):
            if event.outcome == nil {
                moderation.reports[event.number]?.claim = event
                moderation.reports[event.number]?.claimTime = logged.time
            } else {
                moderation.reports[event.number]?.resolution = event
                moderation.reports[event.number]?.resolutionTime = logged.time
            }
        case .noteAdded(let event):
            moderation.notes[event.account, default: []].append(MemberNote(note: event, time: logged.time))
        case .actsRemembered(let event): moderation.acts[event.channel, default: []] += event.acts
        }
    }

    mutating func applyAccountState(_ event: AccountStateSet) {
        accounts[event.account]?.isDisabled = event.isDisabled
        accounts[event.account]?.disabledUntil = event.isDisabled ? event.until : nil
        if event.isDisabled, let until = event.until { moderation.noteExpiry(until) }
    }

    /// Slow mode counts by account from the ledger; for others, by their sessions.
    mutating func noteGuestPost(_ event: MessagePosted, time: Timestamp) {
        guard case .channel(let channel) = event.conversation, event.actor.account == nil,
            event.isMessage, channels[channel]?.slowSeconds != nil
        else { return }
        for id in sessions(named: event.actor.name) { sessions[id]?.guestPosts[channel] = time }
    }

    // MARK: Acts

    /// Keeps what a moderator did for the log that members read. A snapshot's events are none of that.
    mutating func rememberActs(of logged: LoggedEvent) {
        guard logged.offset != .none, logged.event.mayBeAct else { return }
        for (channel, act) in acts(of: logged) {
            moderation.acts[channel, default: []].append(act)
            let excess = (moderation.acts[channel]?.count ?? 0) - policy.limits.actCountLimit
            if excess > 0 { moderation.acts[channel]?.removeFirst(excess) }
        }
    }

    /// What an event was as acts of moderation: none for what people do to their own things.
    package func acts(of logged: LoggedEvent) -> [(ChannelID, ModerationAct)] {
        func act(
            _ kind: ActKind, _ actor: Actor, _ target: Text, _ reason: Text, message: Offset? = nil,
            until: Timestamp? = nil
        ) -> ModerationAct {
            ModerationAct(
                offset: logged.offset, time: logged.time, kind: kind, actor: actor.name, target: target,
                message: message, reason: reason, until: until)
        }
        switch logged.event {
        case .memberKicked(let event):
            let reason = event.note.isEmpty ? event.reason : event.note
            // A KICK without a comment carries the name of who did it.
            let isBare = reason == Text(event.actor.source.bytes.prefix { $0 != 33 })
            return [(event.channel, act(.remove, event.actor, event.nickname, isBare ? "" : reason))]
        case .modesChanged(let event):
            return modeActs(event, logged).map { (event.channel, $0) }
        case .threadChanged(let event):
            guard let kind = kind(of: event) else { return [] }
            let target = Text(String(event.thread.value))
            var reason = event.reason
            if reason.isEmpty, case .stateSet(_, let shown) = event.change { reason = shown }
            return [(event.channel, act(kind, event.actor, target, reason))]
        case .messagesMoved(let event):
            let target = Text(String(event.destination.value))
            return [
                (
                    event.channel,
                    act(.move, event.actor, target, event.reason, message: event.messages.first)
                )
            ]
        case .messageRedacted(let event):
            guard case .channel(let channel) = event.conversation else { return [] }
            guard !event.isOwn else { return [] }
            let reason = event.note.isEmpty ? event.reason : event.note
            return [(channel, act(.redact, event.actor, "", reason, message: event.message))]
        case .moderation(.messageHidden(let event)):
            let kind: ActKind = event.isHidden ? .hide : .unhide
            return [(event.channel, act(kind, event.actor, "", event.reason, message: event.message))]
        case .accountStateSet(let event):
            guard let actor = event.actor, let name = accounts[event.account]?.name else { return [] }
            let kind: ActKind = event.isDisabled ? .suspend : .restore
            let made = act(kind, actor, Text(name.spelling), event.reason, until: event.until)
            return [(ModerationState.wholeServer, made)]
        case .meeting(let event):
            return meetingAct(event, logged).map { [(event.channel, $0)] } ?? []
        default: return []
        }
    }

    /// What was done to a thread by somebody else than who began it; nil for the rest.
    private func kind(of event: ThreadChanged) -> ActKind? {
        switch event.change {
        case .titled, .answered: return nil
        case .pinned(let rank): return rank > 0 ? .pin : .unpin
        case .stateSet(let state, _):
            let creator = channels[event.channel]?.threads[event.thread]?.creator.account
            guard creator == nil || creator != event.actor.account else { return nil }
            switch state {
            case .open: return .reopen
            case .closed: return .close
            case .archived: return .archive
            }
        }
    }

    /// What was done to a sitting, by its chair or by the clock.
    private func meetingAct(_ event: MeetingEvent, _ logged: LoggedEvent) -> ModerationAct? {
        var target: Text = ""
        var until: Timestamp?
        let kind: ActKind
        switch event {
        case .scheduled(let event):
            kind = .sessionSchedule
            target = Text(event.schedule.start.iso8601)
            until = event.schedule.end
        case .acted(let event):
            kind = event.kind.actKind
            target = event.kind == .item ? Text(String(event.item)) : ""
            until = event.until
        case .cancelled: kind = .sessionCancel
        case .attributionSet(let event):
            kind = .sessionAttribution
            target = event.policy.word
        case .agendaItemSet, .documentSet, .attended, .remembered, .labelGiven, .labelTokens: return nil
        }
        return ModerationAct(
            offset: logged.offset, time: logged.time, kind: kind,
            actor: event.actor?.name ?? policy.serverName, target: target, until: until)
    }

    private func modeActs(_ event: ModesChanged, _ logged: LoggedEvent) -> [ModerationAct] {
        var acts: [ModerationAct] = []
        var others: [Text] = []
        // The server sets up its channels, and ends sanctions: only the latter is an act.
        let isServer = !event.actor.source.bytes.contains(33)
        func add(_ kind: ActKind, _ target: Text, until: Timestamp? = nil) {
            acts.append(
                ModerationAct(
                    offset: logged.offset, time: logged.time, kind: kind, actor: event.actor.name,
                    target: target, reason: event.reason, until: until))
        }
        for change in event.changes {
            switch change.letter {
            case MaskList.bans.rawValue:
                let (isMute, mask) = splitMute(change.argument ?? "")
                let kind: ActKind =
                    isMute ? (change.isAdded ? .mute : .unmute) : change.isAdded ? .ban : .unban
                let isAccount = mask.bytes.starts(with: Array("$a:".utf8))
                add(kind, isAccount ? Text(mask.bytes[3...]) : mask, until: change.until)
            case _ where isServer: break
            case UInt8(ascii: "f"): add(.slow, change.argument ?? "off")
            case UInt8(ascii: "m"): add(.moderated, change.isAdded ? "on" : "off")
            default:
                let sign: UInt8 = change.isAdded ? 43 : 45
                // A key is a secret.
                let isShown = change.letter != UInt8(ascii: "k")
                let argument = isShown ? change.argument.map { Text(" ") + $0 } ?? "" : ""
                others.append(Text([sign, change.letter]) + argument)
            }
        }
        if !others.isEmpty { add(.mode, Text(others.map(\.string).joined(separator: ","))) }
        return acts
    }
}

extension Event {
    /// Whether it is of a kind that moderators leave: asked for every event, so that messages cost nothing.
    fileprivate var mayBeAct: Bool {
        switch self {
        case .memberKicked, .modesChanged, .threadChanged, .messagesMoved, .messageRedacted, .moderation,
            .accountStateSet, .meeting:
            true
        default: false
        }
    }
}

extension MeetingActKind {
    fileprivate var actKind: ActKind {
        switch self {
        case .doors: .sessionDoors
        case .opened: .sessionOpen
        case .suspended: .sessionSuspend
        case .resumed: .sessionResume
        case .extended: .sessionExtend
        case .closed: .sessionClose
        case .ended: .sessionEnd
        case .item: .sessionItem
        }
    }
}

// MARK: Snapshots

extension ModerationState {
    /// Acts of one record, so that its body stays below its limit.
    private static let actsOfRecord = 64

    /// Everything as the shortest list of events, in a stable order; after the ledgers.
    func snapshotEvents() -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        func add(_ event: ModerationEvent, _ time: Timestamp = Timestamp(microseconds: 0)) {
            events.append(LoggedEvent(offset: .none, time: time, event: .moderation(event)))
        }
        for (_, messages) in hidden.sorted(by: { $0.key < $1.key }) {
            for (_, event) in messages.sorted(by: { $0.key < $1.key }) { add(.messageHidden(event)) }
        }
        for report in reports.values.sorted(by: { $0.filed.number < $1.filed.number }) {
            add(.reportFiled(report.filed), report.time)
            if let claim = report.claim { add(.reportHandled(claim), report.claimTime) }
            if let resolution = report.resolution {
                add(.reportHandled(resolution), report.resolutionTime)
            }
        }
        for (_, notes) in notes.sorted(by: { $0.key < $1.key }) {
            for note in notes { add(.noteAdded(note.note), note.time) }
        }
        for (channel, acts) in acts.sorted(by: { $0.key < $1.key }) {
            var rest = acts[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(ModerationState.actsOfRecord))
                add(.actsRemembered(ActsRemembered(channel: channel, acts: part)))
                rest = rest.dropFirst(part.count)
            }
        }
        return events
    }
}
