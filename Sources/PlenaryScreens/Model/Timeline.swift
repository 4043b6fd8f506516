// SPDX-License-Identifier: Apache-2.0

import PlenaryClient

/// What is known of one place, oldest first: a window into the server's history.
///
/// At most `ScreenLimits.timelineEntryLimit` entries are kept. Scrolling up drops the newest, scrolling down
/// the
/// oldest, and the server is asked again for what was dropped: memory does not grow with what is read.
package struct Timeline: Sendable {
    /// One thing told.
    package struct Entry: Sendable, Hashable {
        package enum Content: Sendable, Hashable {
            case post(Post)
            case note(Note)
            /// Messages are missing between the neighbours.
            case gap
        }
        /// Identifies it on this screen; rises with the order of arrival, not of time.
        package var key: Int
        package var time: Timestamp
        package var content: Content

        package var post: Post? { if case .post(let post) = content { post } else { nil } }
    }

    /// Oldest first.
    package private(set) var entries: [Entry] = []
    /// Whether the server may have more before the first entry.
    package private(set) var hasOlder = true
    /// Whether entries after the last one were dropped, or not asked for.
    package private(set) var hasNewer = false
    /// The part of the history that was asked for last. The answer to an earlier question would stand in the
    /// wrong
    /// place, and is not taken.
    package var awaited: HistoryQuery?
    /// The last request failed; it is not repeated by itself.
    package var hasFailed = false
    private var ids: Set<String> = []
    private var nextKey = 0

    /// An empty one.
    package init() {}

    /// Whether a part of the history is on its way.
    package var isLoading: Bool { awaited != nil }
    /// The newest message.
    package var lastPost: Post? { entries.reversed().lazy.compactMap(\.post).first }
    /// The oldest message.
    package var firstPost: Post? { entries.lazy.compactMap(\.post).first }

    /// The index of an entry.
    package func index(ofKey key: Int) -> Int? { entries.lastIndex { $0.key == key } }
    /// The index of a message.
    package func index(ofID id: String) -> Int? {
        ids.contains(id) ? entries.lastIndex { $0.post?.id == id } : nil
    }

    // MARK: What comes

    /// What became of a message that was to be added.
    package enum Adding: Sendable { case added, known, behindWhatIsHeld }

    /// Adds a live message or one of the catching up, in its place by time. `reading` is the key of the entry
    /// that
    /// is read, which is kept when there are too many.
    @discardableResult
    package mutating func add(_ post: Post, reading: Int? = nil) -> Adding {
        if let id = post.id, ids.contains(id) { return .known }
        if hasNewer, let last = entries.last, post.time >= last.time { return .behindWhatIsHeld }
        if let id = post.id { ids.insert(id) }
        insert(.post(post), at: post.time)
        trim(reading: reading)
        return .added
    }

    /// Adds what happened, in its place by time.
    package mutating func add(_ note: Note, at time: Timestamp, reading: Int? = nil) {
        if hasNewer, let last = entries.last, time >= last.time { return }
        insert(.note(note), at: time)
        trim(reading: reading)
    }

    /// Messages are missing behind this moment.
    package mutating func addGap(after time: Timestamp) { insert(.gap, at: time) }

    /// Puts a page of history in front. Messages known already are left out.
    package mutating func addOlder(_ posts: [Post], isEnd: Bool) {
        let added = fresh(posts)
        // A page without anything new would be asked for for ever.
        if isEnd || (added.isEmpty && !entries.isEmpty) { hasOlder = false }
        entries.insert(contentsOf: added, at: 0)
        if entries.count > ScreenLimits.timelineEntryLimit { dropNewest() }
    }

    /// Puts the newest page in: what came meanwhile stands behind it.
    package mutating func addLatest(_ posts: [Post], isEnd: Bool) {
        if isEnd { hasOlder = false }
        for post in posts { add(post) }
    }

    /// Puts a page of history behind.
    package mutating func addNewer(_ posts: [Post], isEnd: Bool) {
        let added = fresh(posts)
        if isEnd || added.isEmpty { hasNewer = false }
        entries += added
        if entries.count > ScreenLimits.timelineEntryLimit { dropOldest() }
    }

    /// Fills a hole with a page that begins where the hole does: what is missing still lies behind the page.
    package mutating func fill(gap key: Int, with posts: [Post], isEnd: Bool, reading: Int? = nil) {
        guard let index = index(ofKey: key) else { return }
        let added = fresh(posts)
        entries.insert(contentsOf: added, at: index)
        if isEnd || added.isEmpty { entries.remove(at: index + added.count) }
        trim(reading: reading)
    }

    /// Begins anew around some place in the history.
    package mutating func replace(with posts: [Post], hasOlder: Bool, hasNewer: Bool) {
        entries = []
        ids = []
        entries = fresh(posts)
        self.hasOlder = hasOlder
        self.hasNewer = hasNewer
    }

    // MARK: What changes

    /// Takes a message's text out. False when it is not held.
    @discardableResult
    package mutating func remove(id: String, _ removal: Post.Removal) -> Bool {
        change(id) { post in
            post.text = ""
            post.translations = []
            post.isMention = false
            post.removal = removal
        }
    }

    /// Adds a translation to the message that it belongs to.
    package mutating func attach(_ translation: PostTranslation, to id: String) {
        change(id) { $0.attach(translation) }
    }

    /// A moderator hid a message from others, or shows it again (nil).
    package mutating func setHidden(_ code: String?, id: String, keepsText: Bool) {
        change(id) { post in
            post.hiddenCode = code
            if !keepsText {
                post.text = ""
                post.translations = []
            }
        }
    }

    /// A thread grew from a message.
    package mutating func setThreadRoot(_ number: Int, ofMessage id: String) {
        change(id) { $0.threadRoot = number }
    }

    @discardableResult
    private mutating func change(_ id: String, _ body: (inout Post) -> Void) -> Bool {
        guard let index = index(ofID: id), case .post(var post) = entries[index].content else { return false }
        body(&post)
        entries[index].content = .post(post)
        return true
    }

    /// Takes messages away that were moved elsewhere, and returns them.
    package mutating func takeAway(ids moved: Set<String>) -> [Post] {
        let taken = entries.compactMap(\.post).filter { $0.id.map(moved.contains) ?? false }
        entries.removeAll { $0.post?.id.map(moved.contains) ?? false }
        ids.subtract(moved)
        return taken
    }

    // MARK: Keeping

    private mutating func insert(_ content: Entry.Content, at time: Timestamp) {
        let entry = Entry(key: nextKey, time: time, content: content)
        nextKey += 1
        // Nearly always the last place.
        var index = entries.count
        while index > 0, entries[index - 1].time > time { index -= 1 }
        entries.insert(entry, at: index)
    }

    private mutating func fresh(_ posts: [Post]) -> [Entry] {
        var result: [Entry] = []
        for post in posts {
            if let id = post.id, !ids.insert(id).inserted { continue }
            result.append(Entry(key: nextKey, time: post.time, content: .post(post)))
            nextKey += 1
        }
        return result
    }

    /// Holds to the limit on the side that is not being read. A good part goes at once, so that dropping
    /// costs
    /// little for each message.
    private mutating func trim(reading key: Int?) {
        guard entries.count > ScreenLimits.timelineEntryLimit else { return }
        guard let key, let index = index(ofKey: key), index < entries.count / 2 else { return dropOldest() }
        dropNewest()
    }

    private var excess: Int { max(entries.count - ScreenLimits.timelineEntryLimit * 3 / 4, 0) }

    private mutating func dropOldest() {
        for entry in entries.prefix(excess) { forget(entry) }
        entries.removeFirst(excess)
        hasOlder = true
    }

    private mutating func dropNewest() {
        for entry in entries.suffix(excess) { forget(entry) }
        entries.removeLast(excess)
        hasNewer = true
    }

    private mutating func forget(_ entry: Entry) {
        if let id = entry.post?.id { ids.remove(id) }
    }
}
