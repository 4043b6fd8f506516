// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms

/// Owner of the open segment, on `plenary.log`. Takes what waits, writes it, syncs it, and only then
/// runs the work that waited for it.
actor LogCore {
    // MARK: Fixed at creation, readable from any queue
    nonisolated let executor = QueueExecutor(label: "plenary.log")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated var queue: DispatchQueue { executor.queue }
    /// Long file work that nothing waits for: filling the next segment, digests, snapshots.
    nonisolated let background = DispatchQueue(label: "plenary.log.background", qos: .utility)
    nonisolated let configuration: LogConfiguration
    nonisolated let files: any FileLayer
    nonisolated let paths: LogPaths
    nonisolated let history: HistoryReader
    nonisolated let shared: LogShared
    nonisolated let clock: Clock

    // MARK: Owned by the log's queue
    var segment: ActiveSegment
    var nextNumber: UInt64
    var lastTime: Int64
    var manifest: Manifest
    /// The next segment's file, when it is ready.
    var prepared: PreparedSegment?
    var isPreparing = false
    /// Why MANIFEST does not list the newest change of segment yet; nil when it does.
    var manifestLack: Lack?
    /// A change of segment that is under way: the old one is sealed, the next one not in use yet.
    var change: SegmentChange?
    /// The group that found no room, and all that came behind it.
    var held: [LogItem] = []
    var isRetryArmed = false
    /// The first one is under way.
    var erasures: [ErasureRun] = []
    var isSpaceCheckArmed = false
    /// Monotonic microseconds.
    var lastPreparation: Int64?
    var rotationHandler: (@Sendable (Offset) -> Void)?
    private let lockFile: Int32
    private let onFailure: @Sendable (LogError) -> Void
    private var state = LogState.open
    private var batch: RecordBatch
    private var entries: [IndexEntry] = []
    /// The highest durable number that a synced record says; below `nextNumber` a watermark is due.
    private var statedNumber: UInt64
    private var isWatermarkArmed = false
    private var commitCount: UInt64 = 0

    init(
        configuration: LogConfiguration, files: any FileLayer, clock: Clock, recovered: RecoveredLog,
        segment: ActiveSegment, history: HistoryReader, shared: LogShared,
        onFailure: @escaping @Sendable (LogError) -> Void
    ) {
        self.configuration = configuration
        self.files = files
        self.clock = clock
        self.history = history
        self.shared = shared
        self.onFailure = onFailure
        self.segment = segment
        paths = recovered.paths
        lockFile = recovered.lockFile
        nextNumber = recovered.nextNumber
        lastTime = recovered.lastTime
        statedNumber = recovered.nextNumber
        manifest = Manifest(logID: recovered.logID)
        manifest.sealed = recovered.sealed
        manifest.openSegment = segment.header.firstNumber
        batch = RecordBatch(seed: segment.seed, reservingByteCount: LogLimits.batchByteLimit + 65_536)
    }

    // MARK: Called on the log's queue

    func begin() { prepareNextSegment() }

    /// Takes all that waits, in groups of one sync each.
    func take(_ items: [LogItem]) {
        if held.isEmpty { process(items) } else { holdBehind(items) }
    }

    /// The same once nothing is held.
    func process(_ items: [LogItem]) {
        var start = 0
        while start < items.count {
            if start > 0 { QueueExecutor.beginSubmitted() }
            guard state == .open else { return refuse(items[start...]) }
            var end = start
            do throws(LogError) {
                end = try gather(items, from: start)
                if end > start { try commit(items[start..<end]) } else { try perform(items[start]) }
            } catch {
                return error.lack == nil ? fail(error) : hold(items[start...], error)
            }
            start = max(end, start + 1)
        }
        armWatermark()
    }

    // MARK: One group

    /// Encodes appends into the batch until a bound is reached or another kind of item comes, and gives
    /// where it stopped. Changes the segment first when the batch would not fit.
    private func gather(_ items: [LogItem], from start: Int) throws(LogError) -> Int {
        if change != nil || isTooOld { try rotateIfPossible() }
        var end = try encode(items, from: start)
        let needed = segment.position + batch.bytes.count + LogCore.closingByteCount
        if needed > configuration.segmentByteCount, segment.eventCount > 0, try rotateIfPossible() {
            end = try encode(items, from: start)
        }
        return end
    }

    private func encode(_ items: [LogItem], from start: Int) throws(LogError) -> Int {
        batch.removeAll()
        entries.removeAll(keepingCapacity: true)
        var number = nextNumber
        var time = lastTime
        var end = start
        while end < items.count, batch.recordCount < LogLimits.batchRecordLimit,
            batch.bytes.count < LogLimits.batchByteLimit, case .append(let events, _, _) = items[end]
        {
            for logged in events {
                precondition(logged.offset.value == number, "events are appended with consecutive offsets")
                precondition(
                    logged.time.microseconds >= time, "events are appended in the order of their times")
                time = logged.time.microseconds
                try encode(logged)
                number &+= 1
            }
            end += 1
        }
        return end
    }

    private func encode(_ logged: LoggedEvent) throws(LogError) {
        let type = EventCodec.type(of: logged.event)
        let start = try batch.append(
            type: type, number: logged.offset.value, durableBefore: nextNumber,
            time: logged.time.microseconds,
            schema: eventSchemaVersion
        ) { EventCodec.append(logged.event, to: &$0) }
        entries.append(
            IndexEntry(
                number: logged.offset.value, time: logged.time.microseconds,
                position: segment.position + start,
                key: logged.event.conversation.map(EventCodec.key(of:)),
                isMessage: EventCodec.isMessage(type: type)))
    }

    /// One write, one sync; then, and only then, what waited for it.
    private func commit(_ items: ArraySlice<LogItem>) throws(LogError) {
        if let first = entries.first, let last = entries.last {
            try segment.commit(batch, files)
            segment.note(eventCount: entries.count, firstTime: first.time, lastTime: last.time)
            statedNumber = nextNumber
            nextNumber = last.number &+ 1
            lastTime = last.time
            commitCount &+= 1
            let published = entries
            entries = []
            history.publish(published, end: segment.position)
        }
        for case .append(_, let byteCount, let work) in items {
            shared.pendingByteCount.subtract(byteCount, ordering: .relaxed)
            work()
        }
    }

    private func perform(_ item: LogItem) throws(LogError) {
        switch item {
        case .append: break
        case .rotationHandler(let handler): rotationHandler = handler
        case .snapshot(let request, let then): writeSnapshot(request, then)
        case .watermark(let work):
            try writeWatermark()
            work()
        case .whenIdle(let work): waitForBackground(work)
        case .erase(let jobs, let then): erase(ErasureRun(jobs: jobs, then: then))
        case .pin(let then): pin(then)
        case .close(let request, let then): try close(request, then)
        }
    }

    // MARK: Watermark

    /// Says in the file that all before is synced, so that damage from now on is told from a torn tail.
    private func writeWatermark() throws(LogError) {
        guard statedNumber < nextNumber, change == nil else { return }
        batch.removeAll()
        _ = try batch.appendWatermark(nextNumber: nextNumber, time: lastTime)
        do throws(LogError) { try segment.commit(batch, files) } catch {
            // It adds nothing to what is promised, and is tried again.
            guard let lack = error.lack else { throw error }
            return note(lack)
        }
        segment.noteMark()
        statedNumber = nextNumber
    }

    private func armWatermark() {
        guard state == .open, held.isEmpty, !isWatermarkArmed, statedNumber < nextNumber,
            let delay = configuration.watermarkDelayMilliseconds
        else { return }
        isWatermarkArmed = true
        let seen = commitCount
        // Half the delay twice: a burst that goes on states the number itself with its next batch.
        queue.asyncAfter(deadline: .now() + .milliseconds(delay / 2)) { [self] in
            assumeIsolated { $0.watermarkIsDue(seen) }
        }
    }

    private func watermarkIsDue(_ seen: UInt64) {
        isWatermarkArmed = false
        guard state == .open, held.isEmpty else { return }
        if commitCount == seen {
            do throws(LogError) { try writeWatermark() } catch { return fail(error) }
        }
        armWatermark()
    }

    // MARK: The end

    /// The closing seal and watermark must fit behind every batch.
    private static let closingByteCount = Seal.recordByteCount + RecordHeader.byteCount

    private var isTooOld: Bool {
        segment.eventCount > 0
            && clock.now() &- segment.header.created >= Int64(configuration.rotationSeconds) &* 1_000_000
    }

    func makeHeader() -> SegmentHeader {
        SegmentHeader(
            logID: manifest.logID, firstNumber: nextNumber, salt: SegmentHeader.makeSalt(),
            created: clock.now())
    }

    /// A new segment was begun: batches take its seeds.
    func useSegment(_ next: ActiveSegment) {
        segment = next
        batch = RecordBatch(seed: next.seed, reservingByteCount: LogLimits.batchByteLimit + 65_536)
    }

    private func close(
        _ request: SnapshotRequest?, _ then: @escaping @Sendable (LogError?) -> Void
    ) throws(LogError) {
        end(request, try sealLast(), then)
    }

    /// Gives everything up; `lacking` is why the stop was not clean.
    private func end(
        _ request: SnapshotRequest?, _ lacking: LogError?, _ then: @escaping @Sendable (LogError?) -> Void
    ) {
        state = .closed
        // Before the history's queue is passed: whatever it does later leaves the files alone.
        shared.isEnding.store(true, ordering: .releasing)
        files.close(segment.file)
        let finish: @Sendable (LogError?) -> Void = { [files, lockFile] error in
            files.closeLock(lockFile)
            then(lacking ?? error)
        }
        // Both ways pass the history's queue, which writes the last index: whoever opens next finds no
        // one else in the directory.
        guard let request else {
            return history.withTable { [background] _ in background.async { finish(nil) } }
        }
        writeSnapshot(request, finish)
    }

    /// On a full disk the segment is left as a crash would leave it, and the next start seals it.
    private func sealLast() throws(LogError) -> LogError? {
        do throws(LogError) {
            try writeWatermark()
            guard change == nil, segment.eventCount > 0 else { return nil }
            let sealed = try segment.seal(nextNumber: nextNumber, files)
            try segment.cut(files)
            manifest.sealed.append(sealed)
            manifest.openSegment = nil
            try writeManifest()
            history.sealActive(sealed, next: nil)
            return nil
        } catch {
            guard error.lack != nil else { throw error }
            return error
        }
    }

    /// The end of a log whose last group never found room: nobody was told that it was kept.
    func abandonHeld(_ error: LogError, _ then: @escaping @Sendable (LogError?) -> Void) {
        held = []
        end(nil, error, then)
    }

    func fail(_ error: LogError) {
        guard state != .failed else { return }
        state = .failed
        shared.isEnding.store(true, ordering: .releasing)
        onFailure(error)
    }

    var isOpen: Bool { state == .open }

    private func waitForBackground(_ work: @escaping @Sendable () -> Void) {
        // Twice: what the background hands back to this queue may give it more.
        background.async { [self] in executor.submit { [self] in background.async { work() } } }
    }

    deinit {
        if state != .closed {
            files.close(segment.file)
            files.closeLock(lockFile)
        }
        if let prepared { files.close(prepared.file) }
        if let change { files.close(change.next.file) }
    }

    /// After the end nothing is done any more: not even what needs no disk, for the promise is gone.
    private func refuse(_ items: ArraySlice<LogItem>) {
        for case .whenIdle(let work) in items { waitForBackground(work) }
        guard state == .closed else { return }
        for case .append(let events, _, _) in items {
            precondition(events.isEmpty, "nothing is appended to a closed log")
        }
    }
}

private enum LogState {
    case open, failed, closed
}
