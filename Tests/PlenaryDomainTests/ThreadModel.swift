// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

/// What docs/extensions/threads.md says of threads, lists and reading state, in the plainest way: arrays that are
/// read from one end to the other for every question. Written from the text, not from the code.
struct ThreadModel {
    enum Kind { case text, tags, deed }

    /// A message, or something that was done to a thread.
    struct Post {
        var offset: UInt64
        var time: Int64
        var thread: Int
        var author: Int?
        var kind: Kind
        var isRedacted = false
        /// Bit n for account n: without a reference in it a post is read fast.
        var mentioned: UInt64 = 0

        func mentions(_ account: Int) -> Bool { mentioned & 1 << UInt64(account) != 0 }

        /// Counted: "not redacted, no TAGMSG".
        var isVisible: Bool { kind == .text && !isRedacted }
    }

    struct Discussion {
        var number: Int
        var title: String
        var creator: Int?
        var created: Int64
        var root: UInt64?
        var state = ThreadState.open
        /// Whoever set the state last.
        var stateSetter: Int?
        var pin = 0
        var answer: UInt64?
    }

    struct Room {
        var number: Int
        var name: String
        var operators: Set<Int> = []
        var posts: [Post] = []
        var threads: [Discussion] = []
        var creation = ThreadCreationPolicy.all
        var isMainLineClosed = false

        func thread(_ number: Int?) -> Discussion? { threads.first { $0.number == number } }
        func post(_ offset: UInt64) -> Post? { posts.first { $0.offset == offset } }
        func visible(in thread: Int) -> [Post] { posts.filter { $0.thread == thread && $0.isVisible } }

        func spelling(_ thread: Int?) -> String { thread.map { "\(name)/\($0)" } ?? name }

        /// When something was last said in it, or when it was made.
        func activity(of thread: Discussion) -> Int64 {
            visible(in: thread.number).reduce(thread.created) { max($0, $1.time) }
        }
    }

    struct Place: Hashable {
        /// 0 is a channel that does not exist.
        var room: Int
        var thread: Int?
    }

    /// A session.
    struct Person {
        var session: SessionID
        var nick: String
        var account: Int?
        var isServerModerator = false
        var rooms: Set<Int> = []
        /// Somebody without an account keeps markers for as long as the session lasts.
        var markers: [Place: Int64] = [:]
    }

    struct Limits {
        var threads: Int
        var moved: Int
        var unread: Int
        var page: Int
    }

    var limits: Limits
    var rooms: [Room]
    var accounts: [Int: (name: String, created: Int64)] = [:]
    /// Milliseconds, by account.
    var markers: [Int: [Place: Int64]] = [:]
    var levels: [Int: [Place: ThreadLevel]] = [:]
    /// When each account, or session without one, made threads.
    var creations: [String: [Int64]] = [:]

    static func milliseconds(_ time: Int64) -> Int64 { time / 1000 }

    func room(_ number: Int) -> Room? { rooms.first { $0.number == number } }

    func isModerator(_ person: Person, _ room: Room) -> Bool {
        person.isServerModerator || person.account.map { room.operators.contains($0) } ?? false
    }

    // MARK: Reading state

    /// The later of a thread's own marker and its channel's.
    func marker(_ person: Person, _ place: Place) -> Int64? {
        let known = person.account.map { markers[$0] ?? [:] } ?? person.markers
        let whole = known[Place(room: place.room, thread: nil)]
        return [known[place], whole].compactMap { $0 }.max()
    }

    func marker(of account: Int, _ place: Place) -> Int64? {
        marker(Person(session: SessionID(0), nick: "", account: account), place)
    }

    /// Unread messages of a thread, and of these the mentions.
    func unread(_ account: Int, _ place: Place) -> [Int] {
        guard let room = room(place.room), let thread = place.thread else { return [0, 0] }
        let marker = marker(of: account, place) ?? .min
        let made = accounts[account]?.created ?? .max
        var counts = [0, 0]
        for post in room.posts where post.thread == thread && post.isVisible && post.author != account {
            guard ThreadModel.milliseconds(post.time) > marker, post.time > made else { continue }
            counts[0] += 1
            if post.mentions(account) { counts[1] += 1 }
        }
        return counts.map { min($0, limits.unread) }
    }

    // MARK: Lists

    private struct Row {
        var key: [Int64]
        var place: Place
        var thread: Discussion
    }

    private func row(_ thread: Discussion, _ room: Room) -> Row {
        Row(
            key: [
                thread.pin == 0 ? 1000 : Int64(thread.pin), -room.activity(of: thread), Int64(room.number),
                -Int64(thread.number),
            ], place: Place(room: room.number, thread: thread.number), thread: thread)
    }

    /// All threads of a list in order; those behind `after` when it is given.
    func list(_ person: Person, room: Int?, _ filter: ThreadFilter, after: Place? = nil) -> [Place] {
        let searched = rooms.filter { room == nil ? person.rooms.contains($0.number) : $0.number == room }
        var rows: [Row] = []
        for room in searched { rows += room.threads.map { row($0, room) } }
        rows.sort { $0.key.lexicographicallyPrecedes($1.key) }
        if let after, let index = rows.firstIndex(where: { $0.place == after }) {
            rows.removeFirst(index + 1)
        }
        return rows.filter { isListed($0.thread, $0.place, filter, person) }.map(\.place)
    }

    private func isListed(
        _ thread: Discussion, _ place: Place, _ filter: ThreadFilter, _ person: Person
    ) -> Bool {
        if filter.states.isEmpty {
            if thread.state == .archived { return false }
        } else if !filter.states.contains(thread.state) {
            return false
        }
        if filter.isPinned && thread.pin == 0 { return false }
        guard filter.isUnread || filter.isMine || filter.isFollowed else { return true }
        guard let account = person.account else { return false }
        let level = levels[account]?[place] ?? .all
        if filter.isMine && thread.creator != account { return false }
        if filter.isFollowed && level != .follow { return false }
        if filter.isUnread && (level == .mute || unread(account, place)[0] == 0) { return false }
        return true
    }

    // MARK: History

    enum Edge {
        case offset(UInt64)
        /// Milliseconds.
        case time(Int64)
    }

    enum Selection {
        case latest(after: Edge?), before(Edge), after(Edge), around(Edge), between(Edge, Edge)
    }

    /// A page of a thread's history: its root and its messages, in the order of the log.
    func page(
        _ place: Place, _ selection: Selection, limit: Int, withEvents: Bool
    ) -> (offsets: [UInt64], isComplete: Bool) {
        guard let room = room(place.room) else { return ([], true) }
        let root = room.thread(place.thread)?.root
        let shown = room.posts.filter { post in
            (post.thread == place.thread || post.offset == root) && !post.isRedacted
                && (withEvents || post.kind == .text)
        }
        func first(_ posts: [Post], _ limit: Int) -> (offsets: [UInt64], isComplete: Bool) {
            (posts.prefix(limit).map(\.offset), posts.count <= limit)
        }
        func last(_ posts: [Post], _ limit: Int) -> (offsets: [UInt64], isComplete: Bool) {
            (posts.suffix(limit).map(\.offset), posts.count <= limit)
        }
        switch selection {
        case .latest(let edge):
            return last(shown.filter { post in edge.map { isBehind(post, $0) } ?? true }, limit)
        case .before(let edge): return last(shown.filter { isBefore($0, edge) }, limit)
        case .after(let edge): return first(shown.filter { isBehind($0, edge) }, limit)
        case .around(let edge):
            let early = last(shown.filter { isBefore($0, edge) }, limit / 2)
            let late = first(shown.filter { !isBefore($0, edge) }, limit - limit / 2)
            return (early.offsets + late.offsets, early.isComplete && late.isComplete)
        case .between(let one, let other):
            if isOrdered(one, other) {
                return first(shown.filter { isBehind($0, one) && isBefore($0, other) }, limit)
            }
            return last(shown.filter { isBehind($0, other) && isBefore($0, one) }, limit)
        }
    }

    private func isBefore(_ post: Post, _ edge: Edge) -> Bool {
        switch edge {
        case .offset(let offset): post.offset < offset
        case .time(let time): ThreadModel.milliseconds(post.time) < time
        }
    }

    private func isBehind(_ post: Post, _ edge: Edge) -> Bool {
        switch edge {
        case .offset(let offset): post.offset > offset
        case .time(let time): ThreadModel.milliseconds(post.time) > time
        }
    }

    private func isOrdered(_ one: Edge, _ other: Edge) -> Bool {
        switch (one, other) {
        case (.offset(let one), .offset(let other)): one <= other
        case (.time(let one), .time(let other)): one <= other
        case (.offset, .time), (.time, .offset): true
        }
    }
}
