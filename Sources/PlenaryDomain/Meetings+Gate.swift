// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Who writes in the channel of a sitting, and when (docs/extensions/sessions.md, "Who writes when").
extension Community {
    /// Why a session may not write in a line of a channel now; nil when its sitting does not forbid it.
    ///
    /// `originTime` is when a message was said elsewhere, for those with the permission `relay`: what was said while
    /// the sitting was open is taken until `CommunityLimits.lateRelaySecondsLimit` after its end.
    package func meetingRefusal(
        _ session: Session, in channel: Channel, thread: ThreadID, originTime: Timestamp?, at now: Timestamp
    ) -> MeetingRefusal? {
        if originTime != nil, forbidsRelays(channel.id) {
            return MeetingRefusal(code: .noRelay, channel: channel.id)
        }
        guard let meeting = meetings[channel.id], !permits(.moderate, session, in: channel) else {
            return nil
        }
        var state = meeting.state(at: now)
        if let originTime, permits(.relay, session, in: channel) {
            let then = meeting.state(at: min(originTime, now))
            let limit = meeting.end.advanced(bySeconds: Int64(policy.limits.lateRelaySecondsLimit))
            switch then {
            case .open: if now < limit { return nil } else { state = .closed }
            case .scheduled, .doors, .suspended: state = then
            case .grace, .closed: break
            }
        }
        func refusal(_ code: MeetingRefusal.Code, opens: Timestamp? = nil) -> MeetingRefusal {
            MeetingRefusal(code: code, channel: channel.id, opens: opens)
        }
        switch state {
        case .open: return nil
        case .scheduled: return refusal(.notOpen, opens: meeting.opening)
        // Interpreters and speakers try whether they are heard.
        case .doors:
            return maySpeakWhenModerated(session, in: channel)
                ? nil : refusal(.notOpen, opens: meeting.opening)
        case .suspended: return refusal(.suspended)
        case .grace: return thread == .mainLine ? refusal(.closed) : nil
        case .closed: return refusal(.closed)
        }
    }

    /// Whether a message that was said elsewhere at a time comes when its sitting is over or paused already.
    package func isLate(originTime: Timestamp, in channel: Channel, at now: Timestamp) -> Bool {
        guard let meeting = meetings[channel.id] else { return false }
        return meeting.state(at: min(originTime, now)) == .open && meeting.state(at: now) != .open
    }

    /// The same as the refusal of a command; `spelling` is its target.
    func meetingRefusal(
        _ session: Session, in channel: Channel, thread: ThreadID, verb: Text, spelling: Text,
        at now: Timestamp
    ) -> Refusal? {
        meetingRefusal(session, in: channel, thread: thread, originTime: nil, at: now)
            .map { .outsideMeeting(verb: verb, target: spelling, $0) }
    }

    /// Whether mode `m` keeps people without voice from writing: not where it is a sitting's sign.
    func isModerated(_ channel: Channel) -> Bool {
        channel.flags.contains(.moderated) && !(meetings[channel.id]?.holdsMode ?? false)
    }
}
