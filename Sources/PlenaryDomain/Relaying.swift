// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// RELAY (docs/extensions/relay.md); targets as the client spelled them.
package enum RelayingCommand: Sendable {
    case switchRelay(channel: Text, isOn: Bool)
    case status(channel: Text)
    /// Tells the session of every beat and switch, or stops it.
    case watch(channel: Text, isOn: Bool)
    case beat(channel: Text, RelayCounters)
}

/// What a relay says of one message's origin. The name is looked at where the message is decided.
package struct RelayedOrigin: Hashable, Sendable {
    /// As it was sent; a `RelayedName` or not.
    package var name: Text
    package var origin: Text?
    package var originID: Text?
    package var originTime: Timestamp?

    package init(
        name: Text, origin: Text? = nil, originID: Text? = nil, originTime: Timestamp? = nil
    ) {
        self.name = name
        self.origin = origin
        self.originID = originID
        self.originTime = originTime
    }
}

/// What a relay counted since it started.
package struct RelayCounters: Hashable, Sendable {
    /// Came in from the other side.
    package var received: UInt32 = 0
    package var duplicate: UInt32 = 0
    /// Was not said to all there, and left out.
    package var privateDropped: UInt32 = 0
    package var late: UInt32 = 0
    /// Was not taken here.
    package var refused: UInt32 = 0

    package init() {}
}

/// The last sign of life of a relay in a channel.
package struct RelayPulse: Hashable, Sendable {
    package var nickname: Text
    package var counters: RelayCounters
    package var time: Timestamp
}

/// What is known of relays while the server runs. Never stored.
package enum RelayingPresence: Sendable {
    case beat(ChannelID, RelayPulse)
    case watched(SessionID, ChannelID, isOn: Bool)
}

package enum RelayingAnswer: Sendable {
    case status(ChannelID)
    case switched(ChannelID, isOn: Bool)
    /// What everybody in a channel with a relay is told: that it is copied, for how long, and whom to ask.
    case notice(ChannelID)
}

/// Codes of docs/extensions/relay.md, "Errors".
package enum RelayingFailure: String, CaseIterable, Hashable, Sendable {
    case notEnabled = "NOT_ENABLED"
    case privilegesNeeded = "PRIVS_NEEDED"
    case blankMessage = "BLANK_MSG"
    case invalidName = "INVALID_NICK"
    case banned = "BANNED"
    case invalidTarget = "INVALID_TARGET"
    case notAllowed = "NOT_ALLOWED"
    case invalidOrigin = "INVALID_ORIGIN"
    case invalidParameters = "INVALID_PARAMS"
}

extension Community {
    func decide(_ command: RelayingCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        do throws(Refusal) {
            switch command {
            case .switchRelay(let name, let isOn): return try decideSwitch(name, isOn, session, moment)
            case .status(let name):
                return [.answer(.relaying(.status(try relayPlace(name, session, "RELAY").id)))]
            case .watch(let name, let isOn):
                let channel = try relayPlace(name, session, "RELAY")
                guard isMember(id, of: channel) else { throw refusal("RELAY", .privilegesNeeded) }
                let watched = Outcome.presence(.relaying(.watched(id, channel.id, isOn: isOn)))
                return isOn ? [watched, .answer(.relaying(.status(channel.id)))] : [watched]
            case .beat(let name, let counters):
                let channel = try relayed(name, session, "RELAY")
                let spelling = channel.name.text
                guard channel.takesRelays else { throw refusal("RELAY", .notEnabled, spelling) }
                let pulse = RelayPulse(
                    nickname: session.replyName, counters: counters, time: moment.now)
                return [.presence(.relaying(.beat(channel.id, pulse)))]
            }
        } catch {
            return [.refused(error)]
        }
    }

    private func refusal(_ verb: Text, _ code: RelayingFailure, _ context: Text...) -> Refusal {
        .relaying(verb: verb, code: code, context: context)
    }

    /// A channel that the session may know. Whoever may relay to it knows it without reading it.
    private func relayPlace(_ name: Text, _ session: Session, _ verb: Text) throws(Refusal) -> Channel {
        guard let channel = channel(named: name),
            isVisible(channel, to: session.id) || permits(.relay, session, in: channel)
        else { throw refusal(verb, .invalidTarget, name) }
        return channel
    }

    /// A channel that the session may relay to.
    private func relayed(_ name: Text, _ session: Session, _ verb: Text) throws(Refusal) -> Channel {
        let channel = try relayPlace(name, session, verb)
        guard permits(.relay, session, in: channel) else { throw refusal(verb, .privilegesNeeded) }
        return channel
    }

    private func decideSwitch(
        _ name: Text, _ isOn: Bool, _ session: Session, _ moment: Moment
    ) throws(Refusal) -> [Outcome] {
        let channel = try relayed(name, session, "RELAY")
        let answer = Outcome.answer(.relaying(.switched(channel.id, isOn: isOn)))
        // What is so already is no event.
        guard channel.takesRelays != isOn else { return [answer] }
        guard !isOn || !forbidsRelays(channel.id) else {
            throw .outsideMeeting(
                verb: "RELAY", target: channel.name.text,
                MeetingRefusal(code: .noRelay, channel: channel.id))
        }
        guard moment.hasSpace else { throw .storageIsFull(verb: "RELAY") }
        let event = RelaySwitched(
            channel: channel.id, channelName: channel.name.text, isOn: isOn, actor: session.actor)
        return [.event(.relaying(.switched(event))), answer]
    }

    // MARK: Messages

    /// RELAYMSG, and what is posted with the tag that means the same.
    func decideRelayed(
        _ text: PostedText, _ origin: RelayedOrigin, _ lines: [MessageLine], _ session: Session,
        _ moment: Moment, verb: Text
    ) -> [Outcome] {
        do throws(Refusal) {
            let (channel, target) = try relayTarget(text.target, session, verb)
            // What is stored already stays so, whatever became of the channel since.
            if let first = known(text.clientToken, session, moment) { return [.duplicate(of: first)] }
            let thread = target.thread ?? inheritedThread(text.clientTags, channel, moment)
            try requireMeeting(channel, thread, origin, target.spelling, session, moment, verb)
            let source = try relayedSource(origin.name, in: channel, session, moment, verb)
            let spelling = thread == .mainLine ? channel.name.text : channel.spelling(of: thread)
            guard isOpen(thread, of: channel),
                !isModerated(channel) || maySpeakWhenModerated(session, in: channel)
            else { throw refusal(verb, .notAllowed, spelling) }
            if isTooLong(lines, source: source, kind: text.kind, target: spelling) { throw .messageTooLong }
            let message = MessagePosted(
                conversation: .channel(channel.id), target: channel.name.text, kind: text.kind,
                actor: Actor(source: source, account: nil, accountName: nil), clientTags: text.clientTags,
                lines: text.kind == .tagOnly ? [] : lines,
                clientToken: session.account == nil ? nil : text.clientToken, thread: thread,
                mentions: mentions(in: lines),
                relay: MessageRelay(
                    account: session.account, nickname: session.replyName, origin: origin.origin,
                    originID: origin.originID, originTime: origin.originTime,
                    isLate: origin.originTime.map { isLate(originTime: $0, in: channel, at: moment.now) }
                        ?? false))
            return store(message, session, moment, verb: verb)
        } catch {
            return [.refused(error)]
        }
    }

    /// What was said elsewhere is taken while the channel's session is open, or as late as that allows; into one that
    /// names nobody nothing is.
    private func requireMeeting(
        _ channel: Channel, _ thread: ThreadID, _ origin: RelayedOrigin, _ spelling: Text,
        _ session: Session, _ moment: Moment, _ verb: Text
    ) throws(Refusal) {
        let refusal =
            forbidsRelays(channel.id)
            ? MeetingRefusal(code: .noRelay, channel: channel.id)
            : meetingRefusal(
                session, in: channel, thread: thread, originTime: origin.originTime, at: moment.now)
        if let refusal { throw .outsideMeeting(verb: verb, target: spelling, refusal) }
    }

    private func relayTarget(
        _ name: Text, _ session: Session, _ verb: Text
    ) throws(Refusal) -> (Channel, ChannelTarget) {
        guard name.bytes.first == 35, let target = try? target(name) else {
            throw refusal(verb, .invalidTarget, name)
        }
        let channel = target.channel
        guard isVisible(channel, to: session.id) || permits(.relay, session, in: channel) else {
            throw refusal(verb, .invalidTarget, name)
        }
        guard permits(.relay, session, in: channel) else { throw refusal(verb, .privilegesNeeded) }
        return (channel, target)
    }

    /// The source of a relayed message, when its name is one and may speak in the channel.
    private func relayedSource(
        _ spelled: Text, in channel: Channel, _ session: Session, _ moment: Moment, _ verb: Text
    ) throws(Refusal) -> Text {
        guard let name = try? RelayedName(spelled.bytes) else { throw refusal(verb, .invalidName) }
        let spelling = channel.name.text
        guard channel.takesRelays else { throw refusal(verb, .notEnabled, spelling) }
        let source = MessageRelay.source(name)
        guard mute(of: session, in: channel, at: moment.now) == nil,
            channel.sanction(ofRelayed: source, at: moment.now) == nil
        else { throw refusal(verb, .banned, spelling) }
        return source
    }

    /// Whether a line of the channel takes messages of people who moderate nothing.
    private func isOpen(_ thread: ThreadID, of channel: Channel) -> Bool {
        thread == .mainLine ? !channel.isMainLineClosed : channel.threads[thread]?.isOpen ?? false
    }

    // MARK: Applying

    mutating func apply(_ event: RelayingEvent) {
        switch event {
        case .switched(let event): channels[event.channel]?.takesRelays = event.isOn
        }
    }

    mutating func apply(_ change: RelayingPresence) {
        switch change {
        case .beat(let channel, let pulse): relayPulses[channel] = pulse
        case .watched(let id, let channel, let isOn):
            if isOn {
                relayWatchers[channel, default: []].insert(id)
            } else {
                forgetRelayWatcher(id, of: channel)
            }
        }
    }

    mutating func forgetRelayWatcher(_ id: SessionID, of channel: ChannelID) {
        relayWatchers[channel]?.remove(id)
        if relayWatchers[channel]?.isEmpty ?? false { relayWatchers[channel] = nil }
    }

    /// Channels that take relayed messages, as the shortest list of events.
    func relayingSnapshot() -> [LoggedEvent] {
        let nobody = Actor(source: "*", account: nil, accountName: nil)
        return channels.values.filter(\.takesRelays).sorted { $0.id < $1.id }.map { channel in
            let event = RelaySwitched(
                channel: channel.id, channelName: channel.name.text, isOn: true, actor: nobody)
            return LoggedEvent(offset: .none, time: channel.created, event: .relaying(.switched(event)))
        }
    }
}
