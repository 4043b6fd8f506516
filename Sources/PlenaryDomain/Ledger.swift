// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is known of every message of one channel without reading the log: its place, time, thread and
/// author, in the order of the log. Lists, counts and pages of threads are made from it.
///
/// Kept in columns: 25 bytes a message and 4 for its line. It follows from the log alone.
package struct Ledger: Sendable {
    /// A message's place in the ledger, from 0.
    package typealias Ordinal = UInt32

    /// What an entry is, besides its numbers.
    package struct Flags: OptionSet, Hashable, Sendable {
        package var rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// PRIVMSG or NOTICE: counted, and shown by a history without event-playback.
        package static let message = Flags(rawValue: 1)
        package static let redacted = Flags(rawValue: 2)
        /// Something that was done to a thread, not something that was said.
        package static let event = Flags(rawValue: 4)
        /// Taken out of the log, or on the way.
        package static let erased = Flags(rawValue: 16)
        /// Its text is for moderators only.
        package static let hidden = Flags(rawValue: 8)
        /// Another message in other words: shown with it, and not counted.
        package static let translation = Flags(rawValue: 32)
    }

    package struct Entry: Hashable, Sendable {
        package var offset: Offset
        package var time: Timestamp
        package var thread: ThreadID
        /// Who said it; nil for somebody without an account.
        package var author: AccountID?
        package var flags: Flags

        package init(
            offset: Offset, time: Timestamp, thread: ThreadID, author: AccountID?, flags: Flags
        ) {
            self.offset = offset
            self.time = time
            self.thread = thread
            self.author = author
            self.flags = flags
        }

        /// Counted as a visible message.
        package var isVisible: Bool {
            flags.contains(.message) && flags.isDisjoint(with: [.redacted, .hidden])
        }
    }

    private var offsets = PagedArray<UInt64>()
    private var times = PagedArray<Int64>()
    private var threads = PagedArray<UInt32>()
    private var authors = PagedArray<UInt32>()
    private var flags = PagedArray<UInt8>()
    /// The entries of each thread and of the main line, rising.
    private(set) var lines: [ThreadID: Line] = [:]
    /// Where each account is mentioned, rising.
    private(set) var mentions: [AccountID: [Ordinal]] = [:]

    /// One thread's entries.
    struct Line: Sendable {
        var ordinals: [Ordinal] = []
        var visibleCount = 0
    }

    package init() {}

    package var count: Int { offsets.count }

    package subscript(ordinal: Ordinal) -> Entry {
        let index = Int(ordinal)
        return Entry(
            offset: Offset(offsets[index]), time: Timestamp(microseconds: times[index]),
            thread: ThreadID(threads[index]),
            author: authors[index] == Ledger.noAuthor ? nil : AccountID(authors[index]),
            flags: Flags(rawValue: flags[index]))
    }

    private static let noAuthor = UInt32.max

    // MARK: Changes

    package mutating func append(_ entry: Entry, mentions mentioned: [AccountID]) {
        let ordinal = Ordinal(offsets.count)
        offsets.append(entry.offset.value)
        times.append(entry.time.microseconds)
        threads.append(entry.thread.value)
        authors.append(entry.author?.value ?? Ledger.noAuthor)
        flags.append(entry.flags.rawValue)
        lines[entry.thread, default: Line()].append(ordinal, isVisible: entry.isVisible)
        for account in mentioned { mentions[account, default: []].append(ordinal) }
    }

    /// Hides a message from counts and pages.
    package mutating func redact(_ offset: Offset) {
        guard let ordinal = ordinal(of: offset) else { return }
        let entry = self[ordinal]
        flags[Int(ordinal)] |= Flags.redacted.rawValue
        if entry.isVisible { lines[entry.thread]?.visibleCount -= 1 }
    }

    /// Hides messages and forgets who wrote them and whom they address.
    package mutating func erase(_ messages: [Offset]) {
        let erased = Set(messages.compactMap { ordinal(of: $0) }.filter { isSaid($0) })
        for ordinal in erased {
            redact(Offset(offsets[Int(ordinal)]))
            authors[Int(ordinal)] = Ledger.noAuthor
            flags[Int(ordinal)] |= Flags.erased.rawValue
            // What is left of it says no more what it was.
            flags[Int(ordinal)] &= ~Flags.translation.rawValue
        }
        for (account, places) in mentions where places.contains(where: { erased.contains($0) }) {
            let rest = places.filter { !erased.contains($0) }
            mentions[account] = rest.isEmpty ? nil : rest
        }
    }

    /// What an account wrote here, rising.
    package func messages(by author: AccountID) -> [Offset] {
        authors.indices.filter { authors[$0] == author.value && isSaid(Ordinal($0)) }.map {
            Offset(offsets[$0])
        }
    }

    /// What was said before a time and is not erased, rising.
    package func messages(before time: Timestamp) -> [Entry] {
        let end = times.partitionPoint { $0 < time.microseconds }
        return (0..<end).filter {
            isSaid(Ordinal($0)) && !Flags(rawValue: flags[$0]).contains(.erased)
        }.map { self[Ordinal($0)] }
    }

    private func isSaid(_ ordinal: Ordinal) -> Bool {
        !Flags(rawValue: flags[Int(ordinal)]).contains(.event)
    }

    /// Hides a message from counts, or shows it again. Its place in pages stays.
    package mutating func setHidden(_ isHidden: Bool, _ offset: Offset) {
        guard let ordinal = ordinal(of: offset) else { return }
        let wasVisible = self[ordinal].isVisible
        if isHidden {
            flags[Int(ordinal)] |= Flags.hidden.rawValue
        } else {
            flags[Int(ordinal)] &= ~Flags.hidden.rawValue
        }
        let entry = self[ordinal]
        if entry.isVisible != wasVisible { lines[entry.thread]?.visibleCount += wasVisible ? -1 : 1 }
    }

    /// Puts messages into another thread. What is not in this ledger is passed over.
    package mutating func move(_ messages: [Offset], to destination: ThreadID) {
        let moving = messages.compactMap { ordinal(of: $0) }.filter {
            threads[Int($0)] != destination.value
        }
        for (source, ordinals) in Dictionary(grouping: moving, by: { ThreadID(threads[Int($0)]) }) {
            let visible = ordinals.count { self[$0].isVisible }
            let leaving = Set(ordinals)
            lines[source]?.ordinals.removeAll { leaving.contains($0) }
            lines[source]?.visibleCount -= visible
            lines[destination, default: Line()].visibleCount += visible
        }
        lines[destination, default: Line()].merge(moving)
        for ordinal in moving { threads[Int(ordinal)] = destination.value }
    }

    // MARK: Reading

    package func ordinal(of offset: Offset) -> Ordinal? {
        let index = offsets.partitionPoint { $0 < offset.value }
        return index < offsets.count && offsets[index] == offset.value ? Ordinal(index) : nil
    }

    package func entry(of offset: Offset) -> Entry? { ordinal(of: offset).map { self[$0] } }

    package var newestTime: Timestamp? { times.last.map { Timestamp(microseconds: $0) } }

    /// Messages of a thread that are neither redacted nor tags alone.
    package func visibleCount(of thread: ThreadID) -> Int { lines[thread]?.visibleCount ?? 0 }

    package func newestVisible(of thread: ThreadID) -> Entry? {
        for ordinal in (lines[thread]?.ordinals ?? []).reversed() where self[ordinal].isVisible {
            return self[ordinal]
        }
        return nil
    }

    /// The newest visible message of a thread before a place.
    package func visible(before ordinal: Ordinal, of thread: ThreadID) -> Entry? {
        guard let ordinals = lines[thread]?.ordinals else { return nil }
        var index = ordinals.partitionPoint { $0 < ordinal }
        while index > 0 {
            index -= 1
            let entry = self[ordinals[index]]
            if entry.isVisible { return entry }
        }
        return nil
    }

    /// The newest message before a place, in whatever thread; nil at the beginning.
    package func message(before ordinal: Ordinal) -> Entry? {
        var index = ordinal
        while index > 0 {
            index -= 1
            if Flags(rawValue: flags[Int(index)]).contains(.message) { return self[index] }
        }
        return nil
    }

    /// Accounts that wrote in a thread, each once, the newest first, at most `limit`.
    package func authors(of thread: ThreadID, limit: Int) -> [AccountID] {
        var seen: Set<UInt32> = [Ledger.noAuthor]
        var found: [AccountID] = []
        for ordinal in (lines[thread]?.ordinals ?? []).reversed() where self[ordinal].isVisible {
            guard found.count < limit else { break }
            if seen.insert(authors[Int(ordinal)]).inserted { found.append(AccountID(authors[Int(ordinal)])) }
        }
        return found
    }

    /// What somebody has not read in a thread: visible messages by others later than a time, and those of them
    /// that mention the reader. Counting stops at the limit.
    package func unread(
        in thread: ThreadID, after time: Timestamp, by reader: AccountID, limit: Int
    ) -> (messages: Int, mentions: Int) {
        let unread = tail(of: lines[thread]?.ordinals ?? [], after: time)
        var messages = 0
        for ordinal in unread {
            guard messages < limit else { break }
            if isUnread(ordinal, by: reader) { messages += 1 }
        }
        guard messages > 0 else { return (0, 0) }
        let mentioned = tail(of: mentions[reader] ?? [], after: time)
        // What is in both: the shorter one is walked, and looked for in the longer.
        let isShorter = mentioned.count < unread.count
        let (walked, other) = isShorter ? (mentioned, unread) : (unread, mentioned)
        var count = 0
        for ordinal in walked where isUnread(ordinal, by: reader) {
            guard count < limit else { break }
            let place = other.partitionPoint { $0 < ordinal }
            if place < other.endIndex, other[place] == ordinal { count += 1 }
        }
        return (messages, count)
    }

    /// Whether there is anything to count.
    package func hasUnread(in thread: ThreadID, after time: Timestamp, by reader: AccountID) -> Bool {
        tail(of: lines[thread]?.ordinals ?? [], after: time).contains { isUnread($0, by: reader) }
    }

    /// Those later than a time: times rise with places.
    private func tail(of ordinals: [Ordinal], after time: Timestamp) -> ArraySlice<Ordinal> {
        ordinals[ordinals.partitionPoint { times[Int($0)] <= time.microseconds }...]
    }

    private func isUnread(_ ordinal: Ordinal, by reader: AccountID) -> Bool {
        let asked = Flags.message.rawValue | Flags.redacted.rawValue | Flags.hidden.rawValue
        let isVisible = flags[Int(ordinal)] & asked == Flags.message.rawValue
        return isVisible && authors[Int(ordinal)] != reader.value
    }
}

extension Ledger.Line {
    fileprivate mutating func append(_ ordinal: Ledger.Ordinal, isVisible: Bool) {
        ordinals.append(ordinal)
        if isVisible { visibleCount += 1 }
    }

    /// Adds ordinals in their places.
    fileprivate mutating func merge(_ added: [Ledger.Ordinal]) {
        guard let first = added.min() else { return }
        if let last = ordinals.last, first < last {
            ordinals = (ordinals + added).sorted()
        } else {
            ordinals += added.sorted()
        }
    }
}
