// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms

/// What is remembered of who is in a channel, for as long as the channel's version of it stays.
extension CommunityOwner {
    /// The channel's audience as it is now, for messages of a thread.
    func audience(of channel: Channel, thread: ThreadID = .mainLine) -> Audience {
        let windowed = channel.windows[thread] == nil ? ThreadID.mainLine : thread
        let place = ThreadPlace(channel.id, windowed)
        if let known = audiences[place], known.version == channel.audienceVersion { return known }
        let made = Audience(
            of: channel, thread: windowed, in: community, id: nextAudience, shardCount: shardCount)
        nextAudience += 1
        if windowed != .mainLine, audiences[place] == nil { forgetClosedWindows(of: channel) }
        audiences[place] = made
        return made
    }

    /// Audiences of threads on which nobody has a window any more.
    private func forgetClosedWindows(of channel: Channel) {
        audiences = audiences.filter { place, _ in
            place.channel != channel.id || place.thread == .mainLine || channel.windows[place.thread] != nil
        }
    }

    /// Who is in the channel, for NAMES.
    func roster(of channel: Channel) -> Roster {
        if let known = rosters[channel.id], known.version == channel.audienceVersion { return known }
        let made = Roster(of: channel, in: community)
        rosters[channel.id] = made
        return made
    }

    /// Applies a join. Who comes is added to what was up to date before, which would otherwise be made again for each
    /// of thousands.
    func applyJoin(_ change: PresenceChange, of id: SessionID, to place: ChannelID) {
        let before = community.channels[place]?.audienceVersion
        community.apply(change)
        guard let channel = community.channels[place], let session = community.sessions[id] else { return }
        let mainLine = ThreadPlace(place, .mainLine)
        if audiences[mainLine]?.version == before {
            audiences[mainLine]?.add(
                session, in: community, id: nextAudience, version: channel.audienceVersion,
                shardCount: shardCount)
            nextAudience += 1
        }
        if rosters[place]?.version == before {
            rosters[place]?.add(session, channel.members[id] ?? [], version: channel.audienceVersion)
        }
    }

    /// A channel that is no more.
    func forgetAudiences(of channel: ChannelID) {
        audiences = audiences.filter { $0.key.channel != channel }
        rosters[channel] = nil
    }
}
