// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Threads, and how far places have been read.
extension ScreenModel {
    mutating func take(_ event: ThreadEvent) -> [Effect] {
        let thread = event.thread
        let channel = thread.channel
        if event.kind == .move { return take(move: event) }
        guard isKnown(channel) else { return [] }
        with(channel) { $0.threads[thread.number] = event.told(of: $0.threads[thread.number]) }
        if let root = thread.rootMessageID {
            timelines[Place(channel)]?.setThreadRoot(thread.number, ofMessage: root)
        }
        switch event.kind {
        case .new where thread.rootMessageID == nil: tell(.thread(event), in: Place(channel), event.time)
        case .title, .state, .answer:
            tell(.thread(event), in: Place(channel, thread: thread.number), event.time)
        case .new, .info, .pin, .level, .move: break
        }
        return []
    }

    /// Messages went elsewhere: what is held of both places is fetched anew when it is needed.
    private mutating func take(move event: ThreadEvent) -> [Effect] {
        let channel = event.thread.channel
        let source = Place(channel, thread: event.thread.number == 0 ? nil : event.thread.number)
        if let id = event.movedMessageID, event.movedCount == 1 {
            if timelines[source] != nil { change(source) { _ = $0.takeAway(ids: [id]) } }
        } else {
            drop(source)
        }
        if let destination = event.destination {
            drop(Place(channel, thread: destination == 0 ? nil : destination))
        }
        tell(.thread(event), in: source, event.time)
        return [.learnThreads(channel: channel)] + fillPlace()
    }

    /// The threads of a channel, with what is unread in each. What was read here a moment ago the server may
    /// not
    /// have been told yet.
    mutating func take(_ threads: [ThreadInfo], of channel: String) {
        guard isKnown(channel) else { return }
        var known: [Int: ThreadInfo] = [:]
        for var thread in threads {
            let read = readUpTo[Place(channel, thread: thread.number)]
            if let read, let last = thread.lastTime, last <= read {
                thread.unreadCount = 0
                thread.mentionCount = 0
            }
            known[thread.number] = thread
            guard let root = thread.rootMessageID else { continue }
            timelines[Place(channel)]?.setThreadRoot(thread.number, ofMessage: root)
        }
        with(channel) { $0.threads = known }
        guard Place.areSame(place.conversation, channel), place.thread != nil else { return }
        placeUnreadLine()
        if isReading(place) { markRead(place) }
    }

    // MARK: Reading

    /// Whether what comes to a place is seen at once.
    func isReading(_ other: Place) -> Bool {
        other == place && main == .messages && anchor == nil && isFocused && link == .online
            && timelines[other]?.hasNewer != true && isEntered(other)
    }

    /// Whether it is known where reading had stopped: what was missed is here, and so is the marker, whichever came
    /// first. Nothing counts as read before, or the entry itself would move the marker.
    private func isEntered(_ place: Place) -> Bool {
        guard place.isChannel, let conversation = conversation(place.conversation) else { return true }
        return conversation.isSynced && (conversation.isMarkerKnown || !keepsMarkers)
    }

    /// Another device, or this one, has read up to a moment. A channel's marker covers its threads.
    mutating func take(markerOf target: String, _ time: Timestamp?) {
        guard let time else { return }
        let place = Place(target: target)
        let isMainLine = target == place.historyTarget
        guard place.isChannel else { return readMainLine(place.conversation, upTo: time) }
        guard isKnown(place.conversation) else { return }
        if place.thread == nil { readMainLine(place.conversation, upTo: time) }
        if place.thread == nil, isMainLine { return }
        for thread in conversation(place.conversation)?.threads.values.map({ $0 }) ?? []
        where place.thread == nil || place.thread == thread.number {
            read(thread, upTo: time)
        }
    }

    private mutating func readMainLine(_ name: String, upTo time: Timestamp) {
        // What is told late is less than what has been read since.
        if let known = conversation(name)?.marker, time < known { return }
        let unread = unreadPosts(in: Place(name), after: time)
        with(name) {
            $0.marker = max($0.marker ?? time, time)
            if ($0.lastTime ?? time) <= time {
                $0.mainUnreadCount = 0
                $0.mainMentionCount = 0
            } else if let unread {
                $0.mainUnreadCount = unread.count
                $0.mainMentionCount = unread.count(where: \.isMention)
            }
        }
    }

    private mutating func read(_ thread: ThreadInfo, upTo time: Timestamp) {
        var changed = thread
        if (thread.lastTime ?? time) <= time {
            changed.unreadCount = 0
            changed.mentionCount = 0
        } else if let unread = unreadPosts(in: Place(thread.channel, thread: thread.number), after: time) {
            changed.unreadCount = min(unread.count, thread.unreadCount)
            changed.mentionCount = min(unread.count(where: \.isMention), thread.mentionCount)
        }
        with(thread.channel) { $0.threads[thread.number] = changed }
    }

    /// Others' messages after a moment; nil where not all of them are held.
    private func unreadPosts(in place: Place, after time: Timestamp) -> [Post]? {
        guard let timeline = timelines[place], !timeline.hasNewer, let first = timeline.entries.first,
            first.time <= time || !timeline.hasOlder
        else { return nil }
        return others(in: timeline, after: time)
    }

    /// Others' messages after a moment, as far as they are held.
    private func others(in timeline: Timeline, after time: Timestamp) -> [Post] {
        timeline.entries.reversed().prefix { $0.time > time }.compactMap(\.post)
            .filter { !$0.isOwn && $0.removal == nil && $0.hiddenCode == nil }
    }

    /// A message that was taken out or hidden is unread no more.
    mutating func takeFromUnread(_ post: Post, in place: Place) {
        guard !post.isOwn, post.removal == nil, post.hiddenCode == nil, unreadCount(of: place) > 0 else {
            return
        }
        let mention = post.isMention ? 1 : 0
        guard let number = place.thread else {
            guard conversation(place.conversation)?.marker.map({ post.time > $0 }) ?? true else { return }
            return with(place.conversation) {
                $0.mainUnreadCount -= 1
                $0.mainMentionCount = max($0.mainMentionCount - mention, 0)
            }
        }
        let newest = timelines[place]?.entries.reversed().lazy.compactMap(\.post).filter { !$0.isOwn }
            .prefix(unreadCount(of: place))
        guard newest?.contains(where: { $0.id == post.id }) == true else { return }
        with(place.conversation) {
            let mentions = $0.threads[number]?.mentionCount ?? 0
            $0.threads[number]?.unreadCount -= 1
            $0.threads[number]?.mentionCount = max(mentions - mention, 0)
        }
    }

    /// How many messages of a place are unread.
    package func unreadCount(of place: Place) -> Int {
        guard let conversation = conversation(place.conversation) else { return 0 }
        guard let number = place.thread else { return conversation.mainUnreadCount }
        return conversation.threads[number]?.unreadCount ?? 0
    }

    /// Everything shown of a place has been read, or, where the person says so, everything up to a moment.
    mutating func markRead(_ place: Place, upTo time: Timestamp? = nil) {
        guard time != nil || isEntered(place), let last = time ?? timelines[place]?.lastPost?.time else {
            return
        }
        noteRead(place, last)
        take(markerOf: place.historyTarget, last)
    }

    /// Remembers how far a place was read, for the server.
    mutating func noteRead(_ place: Place, _ time: Timestamp) {
        guard readUpTo[place].map({ $0 < time }) ?? true else { return }
        readUpTo[place] = time
        untold.insert(place)
    }

    /// What has been read and not told to the server; told in one go, not message by message.
    package mutating func tellRead() -> [Effect] {
        guard link == .online, keepsMarkers else { return [] }
        let places = untold.sorted { $0.target < $1.target }
        untold = []
        return places.compactMap { place in readUpTo[place].map { .markRead(place, $0) } }
    }

    /// Whether something is to be done within a second though nothing happens: counted, or told.
    package var needsSeconds: Bool { isCounting || !untold.isEmpty && link == .online && keepsMarkers }

    // MARK: The unread line

    /// Puts the unread line where reading had stopped, once for each visit. It does not move while one is
    /// there.
    mutating func placeUnreadLine() {
        let unread = unreadCount(of: place)
        guard unread > 0, unreadLines[place] == nil else { return }
        if place.thread == nil, let marker = conversation(place.conversation)?.marker {
            unreadLines[place] = marker
        } else {
            // Of a thread only the number is known: it is counted from the newest message.
            unreadAtOpening[place] = unread
            settleUnreadLine()
        }
    }

    /// How far the account had read a main line, on whichever device, when it was connected; nil: not at all.
    mutating func take(entryMarker time: Timestamp?, of place: Place) {
        guard isKnown(place.conversation), link == .online else { return }
        with(place.conversation) { $0.isMarkerKnown = true }
        take(markerOf: place.historyTarget, time)
        settleEntry(place.conversation)
    }

    /// Once it is known where reading had stopped, the place that is shown has its unread line there, and what is
    /// seen of it is read.
    mutating func settleEntry(_ name: String) {
        let line = Place(name)
        guard isEntered(line) else { return }
        countHeld(line)
        guard Place.areSame(place.conversation, name) else { return }
        // In a channel that was never read nothing is new; what came while it was entered has been seen.
        let isFirstVisit = place == line && conversation(name)?.marker == nil && isReading(place)
        if !isFirstVisit { placeUnreadLine() }
        settleUnreadLine()
        if isReading(place) { markRead(place) }
    }

    /// Counts what came before the marker that it is measured by.
    private mutating func countHeld(_ place: Place) {
        guard let marker = conversation(place.conversation)?.marker, let timeline = timelines[place] else {
            return
        }
        let unread = others(in: timeline, after: marker)
        with(place.conversation) {
            $0.mainUnreadCount = max($0.mainUnreadCount, unread.count)
            $0.mainMentionCount = max($0.mainMentionCount, unread.count(where: \.isMention))
        }
    }

    /// Whether the server keeps how far this account has read.
    var keepsMarkers: Bool { account != nil && capabilities.contains("draft/read-marker") }

    /// Puts the unread line before so many of the newest messages, once they are here.
    mutating func settleUnreadLine() {
        guard let count = unreadAtOpening[place], let timeline = timelines[place] else { return }
        var left = count
        for entry in timeline.entries.reversed() {
            guard let post = entry.post else { continue }
            if left == 0 {
                unreadLines[place] = post.time
                unreadAtOpening[place] = nil
                return
            }
            if !post.isOwn { left -= 1 }
        }
        guard !timeline.hasOlder || timeline.entries.count >= count, let first = timeline.entries.first else {
            return
        }
        unreadLines[place] = Timestamp(microseconds: first.time.microseconds &- 1)
        unreadAtOpening[place] = nil
    }
}

extension ThreadEvent {
    /// The thread after it, given what was known. All but `info` tell only what everybody may know and what
    /// has
    /// changed (docs/extensions/threads.md, "Event and list line").
    fileprivate func told(of known: ThreadInfo?) -> ThreadInfo {
        guard var result = known else { return thread }
        if kind == .info {
            result = thread
            result.rootMessageID = thread.rootMessageID ?? known?.rootMessageID
            return result
        }
        result.title = thread.title
        result.state = thread.state
        result.pinRank = thread.pinRank
        result.messageCount = thread.messageCount
        if kind == .level { result.level = thread.level }
        if kind == .answer { result.answerMessageID = thread.answerMessageID }
        return result
    }
}
