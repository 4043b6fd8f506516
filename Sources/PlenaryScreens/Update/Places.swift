// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// Going from place to place, and fetching what is shown of them.
extension ScreenModel {
    /// Shows a place.
    package mutating func open(_ next: Place) -> [Effect] {
        var effects = go(to: next)
        // What is held may be a part of long ago, from a search.
        if timelines[next]?.hasNewer == true { timelines[next] = nil }
        effects += fillPlace()
        if timelines[next]?.lastPost != nil { markRead(next) }
        limitTimelines()
        return effects
    }

    /// Goes to a message, wherever it is.
    package mutating func open(_ next: Place, at id: String) -> [Effect] {
        let effects = go(to: next)
        if let timeline = timelines[next], let index = timeline.index(ofID: id) {
            select(timeline.entries[index].key)
            return effects
        }
        return effects + load(next, .around(.message(id: id)))
    }

    private mutating func go(to next: Place) -> [Effect] {
        let left = place
        let effects = keepDraft(of: left)
        if anchor == nil { unreadLines[left] = nil }
        unreadAtOpening[left] = nil
        place = next
        main = .messages
        focus = .composer
        anchor = nil
        selectedKey = nil
        isToChannel = false
        recallIndex = nil
        recentPlaces.removeAll { $0 == next }
        recentPlaces.append(next)
        if !next.isChannel, !next.conversation.isEmpty { with(next.conversation) { _ in } }
        placeUnreadLine()
        return effects
    }

    // MARK: Fetching

    /// Asks for a part of a place's history, in place of what was asked for before.
    mutating func load(_ place: Place, _ query: HistoryQuery) -> [Effect] {
        guard link == .online, !place.conversation.isEmpty else { return [] }
        timelines[place, default: Timeline()].awaited = query
        timelines[place]?.hasFailed = false
        return [.load(place, query)]
    }

    /// Fetches what the pane has room for and is not here.
    package mutating func fillPlace() -> [Effect] {
        if place.isChannel, conversation(place.conversation)?.isSynced != true { return [] }
        guard let timeline = timelines[place] else { return load(place, .latest) }
        let posts = timeline.entries.count { $0.post != nil }
        guard posts < max(rows, 20), timeline.hasOlder, !timeline.isLoading, !timeline.hasFailed else {
            return []
        }
        guard let first = timeline.firstPost else { return load(place, .latest) }
        return load(place, .older(before: reference(to: first)))
    }

    mutating func loadOlder() -> [Effect] {
        guard let timeline = timelines[place], timeline.hasOlder, !timeline.isLoading,
            let first = timeline.firstPost
        else { return [] }
        return load(place, .older(before: reference(to: first)))
    }

    mutating func loadNewer() -> [Effect] {
        guard let timeline = timelines[place], timeline.hasNewer, !timeline.isLoading,
            let last = timeline.lastPost
        else { return [] }
        return load(place, .newer(after: reference(to: last)))
    }

    func reference(to post: Post) -> HistoryReference { post.id.map { .message(id: $0) } ?? .time(post.time) }

    // MARK: Holding

    /// Changes what is held of a place. Should the entry go at which the pane ends, the pane ends at the one
    /// before.
    mutating func change(_ place: Place, _ body: (inout Timeline) -> Void) {
        guard place == self.place, let anchor, let before = timelines[place]?.entries else {
            body(&timelines[place, default: Timeline()])
            return
        }
        body(&timelines[place, default: Timeline()])
        guard let timeline = timelines[place], timeline.index(ofKey: anchor.key) == nil else { return }
        let held = Set(timeline.entries.map(\.key))
        let index = before.lastIndex { $0.key == anchor.key } ?? 0
        let near = before[..<index].last { held.contains($0.key) } ?? timeline.entries.first
        self.anchor = near.map { MessageAnchor(key: $0.key, hiddenRows: 0) }
    }

    /// Forgets what is held of a place, to be fetched anew.
    mutating func drop(_ place: Place) {
        timelines[place] = nil
        guard place == self.place else { return }
        anchor = nil
        selectedKey = nil
    }

    /// Forgets what was looked at longest ago, where more is held than is allowed.
    mutating func limitTimelines() {
        guard timelines.count > ScreenLimits.timelineCountLimit else { return }
        let order = recentPlaces.enumerated().reduce(into: [Place: Int]()) { $0[$1.element] = $1.offset }
        let candidates = timelines.keys.filter { $0 != place }.sorted {
            (order[$0] ?? -1) < (order[$1] ?? -1)
        }
        for victim in candidates.prefix(timelines.count - ScreenLimits.timelineCountLimit) {
            timelines[victim] = nil
        }
        recentPlaces = recentPlaces.suffix(ScreenLimits.timelineCountLimit * 2)
    }

    /// Of too many persons in the list the one who was silent for longest goes.
    mutating func limitDirect() {
        let direct = conversations.filter { !$0.isChannel }
        guard direct.count > ScreenLimits.directCountLimit else { return }
        let victims = direct.filter { $0.place != place && (drafts[$0.place]?.isEmpty ?? true) }
        let start = Timestamp(seconds: 0)
        guard let victim = victims.min(by: { ($0.lastTime ?? start) < ($1.lastTime ?? start) }) else {
            return
        }
        conversations.removeAll { Place.areSame($0.name, victim.name) }
        timelines[victim.place] = nil
    }

    // MARK: Next places

    /// The next place with something unread: where one is named first, then threads, then channels.
    package mutating func openNextUnread() -> [Effect] {
        let loud = conversations.filter { !$0.isMuted }
        let threads = loud.flatMap { conversation in
            conversation.threadsInOrder.filter { $0.isLoud && $0.unreadCount > 0 }
                .map { (place: Place(conversation.name, thread: $0.number), mentions: $0.mentionCount) }
        }
        let lines = loud.filter { $0.mainUnreadCount > 0 }.map {
            (place: $0.place, mentions: $0.mainMentionCount)
        }
        let direct = lines.filter { !$0.place.isChannel }
        let named = (threads + lines).filter { $0.mentions > 0 }
        let order = (direct + named + threads + lines).map(\.place)
        guard let next = order.first(where: { $0 != place }) else {
            notice = StyledText(catalogue.text(.nothingUnread))
            return scrollToUnread()
        }
        return open(next)
    }

    /// The channel or person before or after this one in the list.
    package mutating func openNeighbour(_ step: Int) -> [Effect] {
        let all = conversationsInOrder
        guard !all.isEmpty else { return [] }
        let index = all.firstIndex { Place.areSame($0.name, place.conversation) } ?? 0
        return open(all[(index + step + all.count) % all.count].place)
    }
}
