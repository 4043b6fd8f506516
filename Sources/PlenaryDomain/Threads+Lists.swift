// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// Which threads a LIST wants. Several states add up; the other conditions narrow.
package struct ThreadFilter: Hashable, Sendable {
    /// Empty: all but archived.
    package var states: Set<ThreadState> = []
    package var isPinned = false
    package var isUnread = false
    package var isFollowed = false
    package var isMine = false
    package init() {}
}

/// A page of a LIST, in its order.
package struct ThreadPage: Sendable {
    /// nil for a list over all channels of the session.
    package var channelName: Text?
    package var rows: [ThreadPlace]
    /// Whether nothing follows.
    package var isComplete: Bool
}

/// Where a thread stands in lists: pinned ones by rank, then the latest activity, then the higher number.
private struct ListOrder: Comparable {
    var rank: UInt16
    var activity: Timestamp
    var place: ThreadPlace

    static func < (left: ListOrder, right: ListOrder) -> Bool {
        if left.rank != right.rank { return left.rank < right.rank }
        if left.activity != right.activity { return left.activity > right.activity }
        if left.place.channel != right.place.channel { return left.place.channel < right.place.channel }
        return left.place.thread > right.place.thread
    }
}

extension Community {
    /// When something was last said in a thread, or when it was created.
    package func lastActivity(of thread: ChannelThread, in channel: ChannelID) -> Timestamp {
        let said = ledgers[channel]?.newestVisible(of: thread.id)?.time ?? thread.created
        return max(said, thread.created)
    }

    private func order(_ thread: ChannelThread, in channel: ChannelID) -> ListOrder {
        ListOrder(
            rank: thread.pinRank == 0 ? .max : thread.pinRank,
            activity: lastActivity(of: thread, in: channel), place: ThreadPlace(channel, thread.id))
    }

    func page(
        _ name: Text?, _ filter: ThreadFilter, _ limit: Int, after: Text?, _ session: Session
    ) throws(Refusal) -> ThreadPage {
        let searched: [Channel]
        if let name {
            searched = [try readable(name, session, "LIST")]
        } else {
            searched = session.channels.sorted().compactMap { channels[$0] }
        }
        let start = try startOfPage(after, name, searched)
        var candidates: [ListOrder] = []
        for channel in searched {
            for thread in channel.threads.values where mayBeListed(thread, filter, session) {
                let place = order(thread, in: channel.id)
                if let start, place <= start { continue }
                candidates.append(place)
            }
        }
        candidates.sort()
        // What has to be counted is counted in the list's order, and no further than the page.
        let limit = min(limit, policy.limits.threadPageCountLimit)
        var rows: [ThreadPlace] = []
        for candidate in candidates where isWanted(candidate.place, filter, session) {
            rows.append(candidate.place)
            if rows.count > limit { break }
        }
        return ThreadPage(
            channelName: name.map { channel(named: $0).map { Text($0.name.spelling) } ?? $0 },
            rows: Array(rows.prefix(limit)), isComplete: rows.count <= limit)
    }

    /// The place of the last row of the page before.
    private func startOfPage(
        _ after: Text?, _ name: Text?, _ searched: [Channel]
    ) throws(Refusal) -> ListOrder? {
        guard let after else { return nil }
        if name != nil, let channel = searched.first, let id = ThreadID(digits: after.bytes),
            let thread = channel.threads[id]
        {
            return order(thread, in: channel.id)
        }
        if name == nil, let target = try? target(after), let id = target.thread,
            searched.contains(where: { $0.id == target.channel.id }),
            let thread = target.channel.threads[id]
        {
            return order(thread, in: target.channel.id)
        }
        throw failure(.noSuchThread, after)
    }

    /// The conditions on the thread itself.
    private func mayBeListed(
        _ thread: ChannelThread, _ filter: ThreadFilter, _ session: Session
    ) -> Bool {
        let hasState =
            filter.states.isEmpty ? thread.state != .archived : filter.states.contains(thread.state)
        guard hasState, !filter.isPinned || thread.pinRank > 0 else { return false }
        return !filter.isMine || (session.account != nil && thread.creator.account == session.account)
    }

    /// The conditions on what the asker made of it.
    private func isWanted(_ place: ThreadPlace, _ filter: ThreadFilter, _ session: Session) -> Bool {
        guard filter.isUnread || filter.isFollowed else { return true }
        guard let account = session.account else { return false }
        let level = readings[account]?.levels[place] ?? .all
        if filter.isFollowed, level != .follow { return false }
        guard filter.isUnread else { return true }
        return level != .mute
            && ledgers[place.channel]?.hasUnread(
                in: place.thread, after: readUpTo(account, place), by: account) ?? false
    }
}

extension Ledger {
    /// What a MOVE takes from a line, rising; one more than the limit when there are more.
    func moved(_ scope: ThreadMoveScope, from thread: ThreadID, at offset: Offset, limit: Int) -> [Offset] {
        if scope == .one { return [offset] }
        let ordinals = lines[thread]?.ordinals ?? []
        let first = scope == .all ? 0 : ordinals.partitionPoint { self[$0].offset < offset }
        var found: [Offset] = []
        for ordinal in ordinals[first...] where self[ordinal].flags.isDisjoint(with: [.event, .translation]) {
            guard found.count <= limit else { break }
            found.append(self[ordinal].offset)
        }
        return found
    }
}
