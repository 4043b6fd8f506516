// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms

/// Owner of the indexes and of the descriptors for reading, on `plenary.history`.
actor HistoryCore {
    // MARK: Fixed at creation, readable from any queue
    nonisolated let executor = QueueExecutor(label: "plenary.history")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated let files: any FileLayer
    nonisolated let paths: LogPaths
    private nonisolated let store: SegmentIndexStore

    // MARK: Owned by the history's queue
    private(set) var table: ConversationTable
    private(set) var sealed: [SealedSegment]
    private var active: ActiveIndex?
    private var activeHeader: SegmentHeader
    /// Opened at the first read.
    private var activeFile: Int32?
    private var opened: [UInt64: OpenSegment] = [:]
    private var openedByteCount = 0
    private var useCount: UInt64 = 0
    /// Reused by all reads.
    var readBuffer: [UInt8] = []
    /// How many of its bytes the last read filled.
    var readByteCount = 0

    init(files: any FileLayer, recovered: RecoveredLog, activeHeader: SegmentHeader) {
        self.files = files
        self.activeHeader = activeHeader
        paths = recovered.paths
        store = SegmentIndexStore(files: files, paths: recovered.paths)
        table = recovered.table
        sealed = recovered.sealed
        active = ActiveIndex(firstNumber: activeHeader.firstNumber)
    }

    deinit {
        if let activeFile { files.close(activeFile) }
        for segment in opened.values { files.close(segment.file) }
    }

    // MARK: What the log's queue reports

    func update(_ updates: [IndexUpdate]) {
        for update in updates {
            switch update {
            case .events(let entries, let end): add(entries, end)
            case .sealed(let segment, let next): sealActive(segment, next)
            }
        }
    }

    private func add(_ entries: [IndexEntry], _ end: Int) {
        let first = activeHeader.firstNumber
        let predecessor = sealed.last?.firstNumber ?? IndexAbsence.segment
        for (place, entry) in entries.enumerated() {
            let entryEnd = place + 1 < entries.count ? entries[place + 1].position : end
            active?.add(entry, end: entryEnd) { key in
                table.previousSegment(of: key, before: first, predecessor: predecessor)
            }
            table.note(entry, in: first)
        }
    }

    private func sealActive(_ segment: SealedSegment, _ next: SegmentHeader?) {
        guard let index = active?.sealed() else { return }
        // A failure leaves the index missing, which is normal: it is made again from the segment when it
        // is wanted. A disk that fails shows itself at the log's own writes.
        do throws(LogError) {
            try store.write(index, header: activeHeader, segmentByteCount: segment.byteCount)
        } catch {}
        if let file = activeFile { keep(OpenSegment(index: index, header: activeHeader, file: file)) }
        activeFile = nil
        sealed.append(segment)
        active = next.map { ActiveIndex(firstNumber: $0.firstNumber) }
        if let next { activeHeader = next }
    }

    /// Renames a rewritten segment over the old one and forgets what was known of that.
    func replace(_ made: RewrittenSegment) -> ReplaceOutcome {
        let number = made.sealed.firstNumber
        guard let slot = slot(ofSegment: number), slot < sealed.count else {
            preconditionFailure("only a sealed segment is rewritten")
        }
        let path = paths.segment(number)
        do throws(FileFailure) {
            try files.rename(made.temporaryPath, to: path)
        } catch { return .untouched(logError(error, path)) }
        sealed[slot] = made.sealed
        if let old = opened.removeValue(forKey: number) {
            openedByteCount -= old.index.byteCount
            files.close(old.file)
        }
        do throws(FileFailure) {
            try files.fsyncDirectory(paths.segments)
        } catch { return .uncertain(logError(error, paths.segments)) }
        // One that stays does not match the segment any more and is made again.
        do throws(LogError) { try files.removeIfPresent(paths.index(number)) } catch {}
        return .replaced
    }

    // MARK: Segments by their place in the log

    var slotCount: Int { sealed.count + (active == nil ? 0 : 1) }

    /// The slot of the segment that begins with a number.
    func slot(ofSegment firstNumber: UInt64) -> Int? {
        if firstNumber == activeHeader.firstNumber, active != nil { return sealed.count }
        let slot = sealed.partitionPoint { $0.firstNumber < firstNumber }
        return slot < sealed.count && sealed[slot].firstNumber == firstNumber ? slot : nil
    }

    /// The slot whose segment would hold what a bound names.
    func slot(of bound: HistoryQuery.Bound) -> Int {
        var after: Int
        switch bound {
        case .offset(let offset):
            after = sealed.partitionPoint { $0.firstNumber <= offset.value }
            if let active, active.firstNumber <= offset.value { after = slotCount }
        case .time(let time):
            after = sealed.partitionPoint { $0.firstTime <= time.microseconds }
            if let first = active?.sparse.first, first.time <= time.microseconds { after = slotCount }
        }
        return max(0, after - 1)
    }

    /// What one segment knows of one conversation, and how to read it.
    func view(_ slot: Int, key: UInt64?) throws(LogError) -> SegmentView {
        if slot == sealed.count, let active {
            let conversation = key.flatMap { active.conversations[$0] }
            return SegmentView(
                path: paths.segment(activeHeader.firstNumber), file: try openActive(),
                seed: RecordSeed(salt: activeHeader.salt), sparse: active.sparse, end: active.end,
                postings: conversation.map { $0.postings[...] },
                previousSegment: conversation?.previousSegment)
        }
        let segment = try open(slot)
        let place = key.flatMap { segment.index.slot(of: $0) }
        return SegmentView(
            path: paths.segment(segment.index.firstNumber), file: segment.file,
            seed: RecordSeed(salt: segment.header.salt), sparse: segment.index.sparse, end: segment.index.end,
            postings: place.map { segment.index.postings(at: $0) },
            previousSegment: place.map { segment.index.previousSegments[$0] })
    }

    private func openActive() throws(LogError) -> Int32 {
        if let activeFile { return activeFile }
        let file = try openForReading(paths.segment(activeHeader.firstNumber))
        activeFile = file
        return file
    }

    private func openForReading(_ path: String) throws(LogError) -> Int32 {
        do {
            return try files.repeating { () throws(FileFailure) in try files.open(path, flags: O_RDONLY) }
        } catch { throw logError(error, path) }
    }

    private func open(_ slot: Int) throws(LogError) -> OpenSegment {
        let segment = sealed[slot]
        useCount += 1
        if let found = opened[segment.firstNumber] {
            opened[segment.firstNumber]?.lastUse = useCount
            return found
        }
        let predecessor = slot == 0 ? IndexAbsence.segment : sealed[slot - 1].firstNumber
        let loaded = try store.load(segment, predecessor: predecessor)
        let file = try openForReading(paths.segment(segment.firstNumber))
        let made = OpenSegment(index: loaded.index, header: loaded.header, file: file)
        keep(made)
        return made
    }

    /// Remembers an open segment, and lets the least recently used go when there are too many.
    private func keep(_ segment: OpenSegment) {
        useCount += 1
        var segment = segment
        segment.lastUse = useCount
        opened[segment.index.firstNumber] = segment
        openedByteCount += segment.index.byteCount
        while opened.count > 1,
            opened.count > LogLimits.openSegmentLimit || openedByteCount > LogLimits.indexCacheByteLimit,
            let oldest = opened.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            opened[oldest.key] = nil
            openedByteCount -= oldest.value.index.byteCount
            files.close(oldest.value.file)
        }
    }

    // MARK: Conversations

    func latestTimes(
        of conversations: [Conversation], _ account: AccountID?, _ after: Timestamp, _ before: Timestamp,
        _ limit: Int
    ) -> [ConversationTime] {
        var keys = conversations.map(EventCodec.key(of:))
        if let account {
            for key in table.places.keys {
                if case .direct(let one, let other) = EventCodec.conversation(ofKey: key),
                    one == account || other == account
                {
                    keys.append(key)
                }
            }
        }
        var found: [ConversationTime] = []
        for key in Set(keys) {
            guard let time = table.places[key]?.lastMessageTime, time > after.microseconds,
                time < before.microseconds
            else { continue }
            found.append(
                ConversationTime(
                    conversation: EventCodec.conversation(ofKey: key), time: Timestamp(microseconds: time)))
        }
        found.sort { $0.time < $1.time }
        return Array(found.suffix(max(limit, 0)))
    }
}

/// A sealed segment that history has open.
struct OpenSegment {
    let index: SealedIndex
    let header: SegmentHeader
    let file: Int32
    var lastUse: UInt64 = 0

    init(index: SealedIndex, header: SegmentHeader, file: Int32) {
        self.index = index
        self.header = header
        self.file = file
    }
}

/// What came of putting a rewritten segment in its place.
enum ReplaceOutcome: Sendable {
    case replaced
    /// The old one is still there.
    case untouched(LogError)
    /// Which one is there after a crash is not known.
    case uncertain(LogError)
    /// The log ended before.
    case ended
}

/// One segment as a query sees it.
struct SegmentView {
    var path: String
    var file: Int32
    var seed: RecordSeed
    var sparse: [SparseEntry]
    /// Position after the last durable event.
    var end: Int
    /// The conversation's events here; nil when it does not appear.
    var postings: ArraySlice<Posting>?
    var previousSegment: UInt64?
}
