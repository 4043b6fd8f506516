// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What a marker covers: a conversation, or one line of it.
package struct MarkerPlace: Hashable, Sendable {
    package var conversation: Conversation
    package var thread: ThreadID?

    package init(_ conversation: Conversation, _ thread: ThreadID?) {
        self.conversation = conversation
        self.thread = thread
    }
}

/// How far somebody has read, and how they want to hear of threads. Durable.
package struct Reading: Hashable, Sendable {
    package var markers: [MarkerPlace: Timestamp] = [:]
    package var levels: [ThreadPlace: ThreadLevel] = [:]
    /// No `[12]` in front of messages for this account's plain clients.
    package var usesPlainCue = false

    /// A channel is gone for good.
    mutating func forget(_ channel: ChannelID) {
        markers = markers.filter { $0.key.conversation != .channel(channel) }
        levels = levels.filter { $0.key.channel != channel }
    }
}

/// What a target of MARKREAD is to the asker.
struct MarkerTarget {
    var place: MarkerPlace
    var spelling: Text
}

extension Community {
    /// MARKREAD (IRCv3 read-marker, draft; docs/extensions/threads.md, "Reading state").
    func decide(_ command: ReadingCommand, by id: SessionID, at moment: Moment) -> [Outcome] {
        guard let session = sessions[id] else { return [] }
        switch command {
        case .showMarker(let target): return [markerAnswer(target, session)]
        case .setMarker(let name, let time):
            // A marker set right after speaking would tell who spoke: where nobody is named, none is stored.
            guard let account = session.account, !isUnnamed(name) else {
                return decideGuestMarker(name, time, session, moment)
            }
            guard let target = markerTarget(name, session) else {
                return [.answer(.marker(target: name, nil))]
            }
            // Nobody has read what is not written yet; and a marker only grows.
            let time = min(time, moment.now)
            let known = effectiveMarker(account, target.place)
            guard time > known ?? Timestamp(microseconds: .min) else {
                return [.answer(.marker(target: target.spelling, known))]
            }
            return [
                .event(
                    .markerSet(
                        MarkerSet(
                            account: account, conversation: target.place.conversation,
                            thread: target.place.thread, time: time)))
            ]
        }
    }

    /// The answer to MARKREAD without a time, also given on JOIN.
    func markerAnswer(_ name: Text, _ session: Session) -> Outcome {
        guard let account = session.account, !isUnnamed(name) else {
            return .answer(.marker(target: name, guestMarker(name, session)))
        }
        guard let target = markerTarget(name, session) else { return .answer(.marker(target: name, nil)) }
        return .answer(.marker(target: target.spelling, effectiveMarker(account, target.place)))
    }

    private func isUnnamed(_ name: Text) -> Bool {
        name.bytes.first == 35
            && (try? target(name)).flatMap { $0 }.map { forbidsRelays($0.channel.id) } ?? false
    }

    /// What a session hears of its marker when it enters a channel.
    func markerOnJoin(_ place: MarkerPlace, _ name: Text, _ session: Session) -> Outcome {
        let time = session.account.map { effectiveMarker($0, place) } ?? rememberedMarker(name, session)
        return .answer(.marker(target: name, time))
    }

    /// Somebody without an account reads for as long as the session lasts.
    private func decideGuestMarker(
        _ name: Text, _ time: Timestamp, _ session: Session, _ moment: Moment
    ) -> [Outcome] {
        let key = asciiFolded(name.bytes)
        let known = guestMarker(name, session)
        let time = min(time, moment.now)
        guard name.bytes.first != 35 || markerTarget(name, session) != nil,
            time > known ?? Timestamp(microseconds: .min),
            session.guestMarkers[key] != nil
                || session.guestMarkers.count < policy.limits.monitorCountLimit
        else { return [.answer(.marker(target: name, known))] }
        return [.presence(.guestMarkerSet(session.id, key, time, target: name))]
    }

    /// The marker of a session without an account; nil for a channel that it is not in.
    private func guestMarker(_ name: Text, _ session: Session) -> Timestamp? {
        guard name.bytes.first != 35 || markerTarget(name, session) != nil else { return nil }
        return rememberedMarker(name, session)
    }

    /// The later of a target's own marker and its channel's, as a session without an account set them.
    private func rememberedMarker(_ name: Text, _ session: Session) -> Timestamp? {
        let own = session.guestMarkers[asciiFolded(name.bytes)]
        guard namesThread(name), let slash = name.bytes.lastIndex(of: 47) else { return own }
        let whole = session.guestMarkers[asciiFolded(name.bytes[..<slash])]
        return [own, whole].compactMap { $0 }.max()
    }

    private func markerTarget(_ name: Text, _ session: Session) -> MarkerTarget? {
        if name.bytes.first == 35 {
            guard let target = try? target(name), isMember(session.id, of: target.channel) else { return nil }
            return MarkerTarget(
                place: MarkerPlace(.channel(target.channel.id), target.thread), spelling: target.spelling)
        }
        guard let (conversation, name) = talk(with: name, for: session) else { return nil }
        return MarkerTarget(place: MarkerPlace(conversation, nil), spelling: name)
    }

    // MARK: Counting

    /// The later of a thread's own marker and its channel's.
    package func effectiveMarker(_ account: AccountID, _ place: MarkerPlace) -> Timestamp? {
        guard let markers = readings[account]?.markers else { return nil }
        let whole = markers[MarkerPlace(place.conversation, nil)]
        guard place.thread != nil, let own = markers[place] else { return whole }
        return max(own, whole ?? own)
    }

    /// The time up to which nothing counts as unread: the marker's whole millisecond, as the wire shows no less,
    /// or the making of the account.
    package func readUpTo(_ account: AccountID, _ place: ThreadPlace) -> Timestamp {
        let start = accounts[account]?.created ?? Timestamp(microseconds: .min)
        let marker = effectiveMarker(account, MarkerPlace(.channel(place.channel), place.thread))
        return max(start, marker?.millisecondEnd ?? start)
    }

    /// Unread messages of a thread, and of these the ones that mention the account.
    package func unread(in place: ThreadPlace, by account: AccountID) -> (messages: Int, mentions: Int) {
        ledgers[place.channel]?.unread(
            in: place.thread, after: readUpTo(account, place), by: account,
            limit: policy.limits.unreadCountLimit) ?? (0, 0)
    }

    // MARK: Applying

    mutating func applyMarker(_ event: MarkerSet) {
        let place = MarkerPlace(event.conversation, event.thread)
        let known = readings[event.account]?.markers[place] ?? event.time
        readings[event.account, default: Reading()].markers[place] = max(known, event.time)
        guard event.thread == nil, let reading = readings[event.account] else { return }
        // The channel's marker covers those of its threads that are not later: they say nothing any more.
        for (other, time) in reading.markers
        where other.conversation == event.conversation && other.thread != nil && time <= event.time {
            readings[event.account]?.markers[other] = nil
        }
    }
}
