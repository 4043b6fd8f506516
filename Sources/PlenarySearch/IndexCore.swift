// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GRDB
import PlenaryDomain
import PlenaryQueues
import PlenaryTerms
import Synchronization

/// Owner of the index's file, on `plenary.search`.
actor IndexCore {
    // MARK: Fixed at creation, readable from any queue
    private nonisolated let executor = QueueExecutor(label: "plenary.search")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated var queue: DispatchQueue { executor.queue }
    nonisolated let inbox = IndexInbox()
    private nonisolated let path: String
    private nonisolated let logID: [UInt8]
    private nonisolated let state: IndexState
    private nonisolated let reader: SearchReader
    private nonisolated let source: SearchIndex.Source
    private nonisolated let onProblem: @Sendable (SearchProblem) -> Void

    // MARK: Owned by the index's queue
    /// Nil when it is closed or given up.
    private var file: IndexFile?
    /// The end of all that was ever noted or asked for, whether it was kept or not.
    private var noted = Offset(0)
    /// What it was when the stretch under way was asked for.
    private var notedBeforeReading = Offset(0)
    /// Whether a stretch was asked for and has not come.
    private var isReading = false
    /// Whether events before those that are noted are missing.
    private var isBehind = true
    /// The disk is full, which has been said.
    private var isWaitingForSpace = false
    private var rebuildCount = 0
    /// Rises with each new file: a stretch that was asked for an older one is not for this one.
    private var generation = 0
    private var waiting: [@Sendable (Offset) -> Void] = []

    init(
        file: IndexFile, path: String, logID: [UInt8], state: IndexState, reader: SearchReader,
        source: @escaping SearchIndex.Source, onProblem: @escaping @Sendable (SearchProblem) -> Void
    ) {
        self.file = file
        self.path = path
        self.logID = logID
        self.state = state
        self.reader = reader
        self.source = source
        self.onProblem = onProblem
        reader.setDamageHandler { [weak self] reason in self?.post { $0.beginAnew(reason) } }
    }

    // MARK: Callable from any queue

    nonisolated func post(_ work: @escaping @Sendable (isolated IndexCore) -> Void) {
        executor.submit { self.assumeIsolated(work) }
    }

    // MARK: On the index's queue

    /// Looks whether the file is whole, then reads what it lacks. Searches are answered meanwhile: what damage
    /// can make of them is an error or a message less, for as long as reading the file takes.
    func begin() {
        do { try file?.check() } catch { return beginAnew("\(error)") }
        readOn()
    }

    /// Takes what the inbox has.
    func drain() {
        let batches = inbox.take()
        guard file != nil else { return answerWaiting() }
        noted = max(noted, batches.end)
        var gathered: [LoggedEvent] = []
        for batch in batches.batches where !isBehind {
            let next = gathered.last?.offset.next ?? state.next
            guard batch.from <= next else {
                // Something before it was let go, or was noted by nobody.
                isBehind = true
                break
            }
            gathered += batch.events.drop { $0.offset < next }
        }
        if !gathered.isEmpty { add(gathered, end: gathered.last?.offset.next ?? state.next) }
        if noted > state.next { isBehind = true }
        if isBehind { readOn() } else { settle() }
    }

    func whenCaughtUp(to end: Offset, _ then: @escaping @Sendable (Offset) -> Void) {
        noted = max(noted, end)
        waiting.append(then)
        drain()
    }

    func close() {
        drain()
        isBehind = false
        closeFile()
        answerWaiting()
    }

    /// Deletes the file with all it has on the disk and begins an empty one, which is filled from the log: what is
    /// deleted from tables stays in the file's free pages (docs/decisions/0133). `then` runs when it is gone.
    func forget(_ then: @Sendable () -> Void) {
        let isInUse = file != nil
        closeFile()
        IndexFile.remove(path)
        reader.reopen()
        if isInUse {
            generation += 1
            isReading = false
            do { file = try IndexFile(emptyAt: path, logID: logID) } catch { giveUp("\(error)") }
            state.next = Offset(0)
            isBehind = true
            readOn()
        }
        then()
    }

    private func closeFile() {
        // A file that cannot be closed in order is looked at when it is opened again, as after a crash.
        do { try file?.close() } catch { onProblem(.rebuilding("it cannot be closed: \(error)")) }
        file = nil
        state.isCaughtUp = false
    }

    // MARK: Catching up

    /// Asks for the next stretch, one at a time: what comes is as much as may be in memory.
    private func readOn() {
        guard !isReading, file != nil else { return }
        isReading = true
        notedBeforeReading = noted
        state.isCaughtUp = false
        source(state.next, SearchLimits.batchEventLimit) { [weak self, generation] stretch in
            self?.post { $0.take(stretch, for: generation) }
        }
    }

    private func take(_ stretch: SearchIndex.Stretch?, for asked: Int) {
        guard asked == generation else { return }
        isReading = false
        guard file != nil else { return answerWaiting() }
        let before = state.next
        guard let stretch else {
            // The log cannot be read; whoever waits need not wait for that.
            return answerWaiting()
        }
        if stretch.next > before { add(stretch.events.filter { $0.offset >= before }, end: stretch.next) }
        // Writing failed, the file is a new one, and its first stretch is asked for.
        guard !isReading else { return }
        guard stretch.isAtEnd else {
            // A source that gives nothing and says there is more would be asked for ever.
            if state.next > before { readOn() } else { answerWaiting() }
            return
        }
        if noted > state.next, state.next > before || noted > notedBeforeReading { return readOn() }
        isBehind = noted > state.next
        if !isBehind { settle() } else { answerWaiting() }
    }

    private func settle() {
        state.isCaughtUp = true
        answerWaiting()
    }

    private func answerWaiting() {
        let ready = waiting
        waiting = []
        for then in ready { then(state.next) }
    }

    // MARK: Writing

    private func add(_ events: [LoggedEvent], end: Offset) {
        var rest = events[...]
        repeat {
            let part = rest.prefix(SearchLimits.batchEventLimit)
            rest = rest.dropFirst(part.count)
            let partEnd = rest.first?.offset ?? end
            do {
                try file?.add(part, end: partEnd)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                // Nothing is damaged. What is noted next makes it try again, from where it is.
                return waitForSpace("\(error)")
            } catch { return beginAnew("\(error)") }
            isWaitingForSpace = false
            state.next = partEnd
        } while !rest.isEmpty
    }

    private func waitForSpace(_ reason: String) {
        isBehind = true
        guard !isWaitingForSpace else { return }
        isWaitingForSpace = true
        onProblem(.waitingForSpace(reason))
    }

    /// Throws the file away and starts with an empty one, a few times; then does without.
    private func beginAnew(_ reason: String) {
        guard file != nil else { return }
        closeFile()
        IndexFile.remove(path)
        reader.reopen()
        rebuildCount += 1
        guard rebuildCount <= SearchLimits.rebuildLimit else { return giveUp(reason) }
        onProblem(.rebuilding(reason))
        generation += 1
        isReading = false
        do {
            file = try IndexFile(emptyAt: path, logID: logID)
        } catch { return giveUp("\(error)") }
        state.next = Offset(0)
        isBehind = true
        readOn()
    }

    private func giveUp(_ reason: String) {
        reader.giveUp(reason)
        onProblem(.givenUp(reason))
        answerWaiting()
    }
}

/// Where commits leave their events. A burst is gathered into one transaction; when more come than the index
/// takes they are let go, and read from the log later.
final class IndexInbox: Sendable {
    struct Batch: Sendable {
        var events: [LoggedEvent]
        var from: Offset
    }

    private struct State {
        var batches: [Batch] = []
        var eventCount = 0
        var end = Offset(0)
        var isScheduled = false
        var isUrgent = false
    }

    private let state = Mutex(State())

    func leave(_ events: [LoggedEvent], from: Offset, end: Offset, for core: IndexCore) {
        let delay: Int? = state.withLock { state in
            state.end = max(state.end, end)
            if state.eventCount + events.count > SearchLimits.pendingEventLimit {
                state.batches = []
                state.eventCount = 0
            } else {
                state.batches.append(Batch(events: events, from: from))
                state.eventCount += events.count
            }
            if state.eventCount >= SearchLimits.batchEventLimit, !state.isUrgent {
                state.isUrgent = true
                return 0
            }
            if state.isScheduled { return nil }
            state.isScheduled = true
            return SearchLimits.gatherMilliseconds
        }
        guard let delay else { return }
        core.queue.asyncAfter(deadline: .now() + .milliseconds(delay)) { [weak core] in
            core?.assumeIsolated { $0.drain() }
        }
    }

    func take() -> (batches: [Batch], end: Offset) {
        state.withLock { state in
            let taken = (state.batches, state.end)
            state.batches = []
            state.eventCount = 0
            state.isScheduled = false
            state.isUrgent = false
            return taken
        }
    }
}
