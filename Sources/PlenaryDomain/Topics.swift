// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

extension Community {
    /// TOPIC (modern.ircd.chat, "TOPIC message").
    func decide(_ command: TopicCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .show(let name) where namesThread(name):
            return onThread(name, session) { [.answer(.threadTopic($0.id, $1))] }
        case .set(let name, let title) where namesThread(name):
            return onThread(name, session) { channel, thread in
                classic(.change(target: name, .title(title)), verb: "TOPIC", channel, by: id, at: moment)
            }
        case .show(let name):
            guard let channel = channel(named: name), isVisible(channel, to: id) else {
                return [.refused(.noSuchChannel(name))]
            }
            guard isMember(id, of: channel) else {
                return [.refused(.notOnChannel(channel.name.text))]
            }
            return [.answer(.topic(channel.id))]
        case .set(let name, let topic):
            guard let channel = channel(named: name), isVisible(channel, to: id) else {
                return [.refused(.noSuchChannel(name))]
            }
            let spelling = channel.name.text
            guard isMember(id, of: channel) else { return [.refused(.notOnChannel(spelling))] }
            if let mute = mute(of: session, in: channel, at: moment.now) {
                return [.refused(sanction(mute, isMute: true, "TOPIC", spelling))]
            }
            if let refusal = meetingRefusal(
                session, in: channel, thread: .mainLine, verb: "TOPIC", spelling: spelling, at: moment.now)
            {
                return [.refused(refusal)]
            }
            let isLeftToMembers = !channel.flags.contains(.protectedTopic) && permits(.post, session)
            guard isLeftToMembers || permits(.moderate, session, in: channel) else {
                return [.refused(.channelOperatorNeeded(spelling))]
            }
            guard topic.byteCount <= policy.limits.topicByteLimit,
                lineByteCount(session, "TOPIC", [spelling, topic]) <= 512
            else {
                return [.refused(.textTooLong(verb: "TOPIC", limit: policy.limits.topicByteLimit))]
            }
            var event = TopicSet(
                channel: channel.id, channelName: spelling, topic: topic, actor: session.actor)
            var outcomes: [Outcome] = []
            // Who acts as a moderator is named; who says something is not.
            if !permits(.moderate, session, in: channel) {
                do throws(MeetingRefusal) {
                    if let voice = try voice(of: session, in: channel, moment) {
                        event.actor = voice.actor
                        outcomes = voice.outcomes
                    }
                } catch {
                    return [.refused(.outsideMeeting(verb: "TOPIC", target: spelling, error))]
                }
            }
            return outcomes + [.event(.topicSet(event))]
        }
    }

    mutating func applyTopic(_ event: TopicSet, time: Timestamp) {
        channels[event.channel]?.topic =
            event.topic.isEmpty ? nil : Topic(text: event.topic, setter: event.actor.source, time: time)
    }
}
