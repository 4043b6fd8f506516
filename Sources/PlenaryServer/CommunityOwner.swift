// SPDX-License-Identifier: Apache-2.0

import Logging
import PlenaryCrypto
import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryNet
import PlenaryQueues
import PlenarySearch
import PlenaryTerms
import PlenaryWire

/// The owner of the community's state. Everything that people ask for passes here in one order: decide,
/// apply, append, fan out; what leaves waits at the log's commit gate.
package actor CommunityOwner {
    // MARK: Fixed at creation, readable from any queue
    nonisolated let executor: QueueExecutor
    nonisolated package var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    nonisolated let log: LogWriter
    nonisolated let history: HistoryReader
    /// nil on a server without search.
    package nonisolated let search: SearchDesk?
    nonisolated let logger: Logger
    nonisolated let clock: Clock
    nonisolated let passwords: PasswordWorker
    /// Posts batches to the shards; called on the log's queue, and past it only with what depends on nothing stored.
    nonisolated let deliver: @Sendable ([ShardBatch]) -> Void

    // MARK: Owned by the community's queue
    var community: Community
    var dialect: Dialect
    let identifiers: MessageIdentifiers
    var outbox: Outbox
    let shardCount: Int
    private(set) var nextOffset: Offset
    private var lastTime: Timestamp
    private var pendingEvents: [LoggedEvent] = []
    /// Work to be started once the events before it are on their way to the disk.
    private var afterCommit: [@Sendable () -> Void] = []
    /// Sessions that wait for work, with what they said meanwhile.
    var waiting: [SessionID: WaitingSession] = [:]
    /// What came while the log waited for room, and waits with it.
    var postponed: [Inbound] = []
    /// Failed sign-ins that are answered later, with when: monotonic microseconds.
    var delays: [DelayedFailure] = []
    /// By thread only where somebody has a window on it.
    var audiences: [ThreadPlace: Audience] = [:]
    /// Of the channels of which NAMES was asked.
    var rosters: [ChannelID: Roster] = [:]
    let functions: OuterFunctions
    let labelKeys: LabelKeys
    let questionnaireKeys: QuestionnaireKeys
    var erasing = ErasureWatch()
    var nextAudience: UInt64 = 1
    private var ticker: Ticker?
    /// When time was last let pass, by the clock.
    private var lastPass: Int64 = 0
    /// When retention is looked at next.
    var nextSweep = Timestamp(microseconds: 0)
    private var nextUnstored: UInt64
    private var nextBatch: UInt64 = 0

    package init(
        community: Community, facts: ServerFacts, keys: ServerKeys, log: LogWriter, history: HistoryReader,
        search: SearchDesk?, logger: Logger = Logger(label: "plenary") { _ in SwiftLogNoOpLogHandler() },
        nextOffset: Offset, lastTime: Timestamp, clock: Clock, shardCount: Int, passwords: PasswordWorker,
        utcOffset: @escaping ZoneOffset = utcOnly, dataDirectory: String,
        deliver: @escaping @Sendable ([ShardBatch]) -> Void
    ) throws {
        executor = QueueExecutor(label: "plenary.community")
        self.community = community
        self.log = log
        self.history = history
        self.search = search
        self.logger = logger
        self.clock = clock
        self.passwords = passwords
        self.deliver = deliver
        self.shardCount = shardCount
        self.nextOffset = nextOffset
        self.lastTime = lastTime
        let cloaks = Cloaks(key: keys.cloakKey)
        let identifiers = try MessageIdentifiers(key: keys.identifierKey)
        self.identifiers = identifiers
        dialect = Dialect(facts: facts) { identifiers.id(of: $0) }
        let labelKeys = LabelKeys(dataDirectory: dataDirectory)
        self.labelKeys = labelKeys
        let questionnaireKeys = QuestionnaireKeys(directory: keys.questionnaireDirectory)
        self.questionnaireKeys = questionnaireKeys
        functions = OuterFunctions(
            sha256: { SHA256Digest.hash($0) }, base64Decoded: { bytes(base64: $0) },
            hostOfAccount: { cloaks.host(of: $0) }, offsetOfMessage: { identifiers.offset(of: $0) },
            idOfMessage: { identifiers.id(of: $0) },
            composed: { composedForm($0) }, base64Encoded: { Array(base64($0).utf8) },
            decoySalt: { keys.decoySalt(of: $0) },
            scramSignature: { verifier, message, proof in
                Scram.isProof(proof, storedKey: verifier.storedKey, authMessage: message)
                    ? Scram.serverSignature(serverKey: verifier.serverKey, authMessage: message) : nil
            },
            utcOffset: utcOffset, labelDigest: { labelKeys.digest(of: $1, in: $0) },
            questionnaireDigest: { questionnaireKeys.digest(of: $1, in: $0) })
        outbox = Outbox(shardCount: shardCount)
        // Ids of messages that are not stored must not repeat after a restart either.
        nextUnstored = try SecureRandom.uint64()
    }

    // MARK: Callable from any queue

    /// Leaves a batch for the community's queue.
    package nonisolated func makeInbox() -> Inbox<Inbound> {
        Inbox(executor: executor, limit: .max) { batch in self.assumeIsolated { $0.take(batch) } }
    }

    // MARK: Rounds

    /// Requests of a long round that are handed to the log together.
    private static let commitCount = 256

    func take(_ batch: [Inbound]) {
        guard !log.isStalled else { return takeStalled(batch) }
        catchUp()
        for (index, inbound) in takePostponed(before: batch).enumerated() {
            take(inbound)
            // What is decided is written while the rest is being decided.
            if index % CommunityOwner.commitCount == CommunityOwner.commitCount - 1 {
                commit()
                QueueExecutor.beginSubmitted()
            }
        }
        beginErasuresIfDue()
        commit()
    }

    /// What happens by itself comes before what is asked for behind it, also where the ticker is late.
    private func catchUp() {
        guard ticker != nil, clock.now() - lastPass >= 1_000_000 else { return }
        take(.tick)
    }

    private func take(_ inbound: Inbound) {
        switch inbound {
        case .opened(let opening): open(opening)
        case .request(let id, let request): receive(request, from: id)
        case .closed(let id, let reason): end(id, reason: reason)
        case .completed(let id, let commands): resume(id) { $0.commands = commands[...] + $0.commands }
        case .refused(let id, let refusal): resume(id, saying: refusal)
        case .fetched(let id, let request, let result):
            if let result, let session = community.sessions[id],
                fetchTranslations(of: result, request, for: session)
            {
                return
            }
            resume(id, request, result)
        case .fetchedWithTranslations(let id, let request, let result): resume(id, request, result)
        case .fetchedTargets(let id, let rows, let names): resume(id, rows, names: names)
        case .fetchedFirst(let id, let first): resume(id, repeating: first)
        case .found(let id, let findings): resume(id, findings)
        case .foundOwnRecords(let id, let page): resume(id, page)
        case .administration(let request, let then): administer(request, then: then)
        case .tick:
            lastPass = clock.now()
            passTime()
        case .rotated: takeSnapshot()
        case .delaysDue: endDelays()
        case .reconfigured(let change): reconfigure(change)
        case .erased(let requests, let failure): endErasures(requests, failure)
        case .erasuresDue: erasing.isDue = true
        case .stop(let then): stop(then: then)
        }
    }

    /// Hands the round's events to the log, and what they cause to the gate behind them.
    private func commit() {
        let works = afterCommit
        afterCommit = []
        if pendingEvents.isEmpty, outbox.isEmpty {
            // Nothing to write: the works only wait for what is before them.
            if !works.isEmpty { log.append([]) { for work in works { work() } } }
            return
        }
        let events = pendingEvents
        pendingEvents = []
        let batches = outbox.take()
        let deliver = self.deliver
        let search = self.search
        log.append(events) {
            deliver(batches)
            search?.note(events)
            for work in works { work() }
        }
    }

    /// Runs when all events of this round are durable.
    func afterCommit(_ work: @escaping @Sendable () -> Void) { afterCommit.append(work) }

    /// What `Inbound.tick` does, for tests that own the clock.
    package func tick() { take([.tick]) }

    /// Lets time pass by itself, once a second.
    func startTicking() {
        let ticker = Ticker(queue: executor.queue, intervalMilliseconds: 1000) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
        ticker.start()
        self.ticker = ticker
    }

    func stopTicking() { ticker?.stop() }

    nonisolated func poster() -> @Sendable (Inbound) -> Void {
        { inbound in self.executor.submit { self.assumeIsolated { $0.take([inbound]) } } }
    }

    // MARK: Numbers and times

    /// Gives an event its place and time and applies it.
    func record(_ event: Event) -> LoggedEvent {
        let logged = LoggedEvent(offset: nextOffset, time: now(), event: event)
        nextOffset = nextOffset.next
        lastTime = logged.time
        community.apply(logged)
        pendingEvents.append(logged)
        if case .erasure(.requested) = event { erasing.isDue = true }
        return logged
    }

    /// The clock, never earlier than the newest event (log.md, server time).
    func now() -> Timestamp { Timestamp(microseconds: max(clock.now(), lastTime.microseconds + 1)) }

    func moment() -> Moment {
        Moment(
            now: now(), steady: Timestamp(microseconds: clock.monotonic()), functions: functions,
            hasSpace: log.spaceState == .enough)
    }

    func unstoredID() -> MessageID {
        nextUnstored &+= 1
        return identifiers.id(ofUnstored: nextUnstored)
    }

    /// A name for a batch, unique on this server.
    func batchReference() -> Text {
        nextBatch += 1
        return Text("b" + String(nextBatch, radix: 36))
    }

    // MARK: Snapshots and the end

    private func takeSnapshot() {
        let events = community.snapshotEvents()
        let upTo = nextOffset
        let log = self.log
        // Behind everything that was recorded before, whether its round is committed yet or not.
        afterCommit { log.snapshot(upTo: upTo, events: events) }
    }

    /// The state that a restart would have, as the shortest list of events.
    package func durableState() -> [LoggedEvent] { community.snapshotEvents() }

    func stop(then: @escaping @Sendable () -> Void) {
        let text = PlenaryDialect.text(.serverStopping, in: .english)
        for session in community.sessions.values {
            outbox.send(dialect.renderClosing(text, to: session).encoded(), to: session.id)
            outbox.close(session.id)
        }
        erasing.isStopped = true
        afterCommit(then)
    }

    /// What the log's last snapshot holds; asked for after `stop`.
    package func lastSnapshot() -> SnapshotRequest {
        SnapshotRequest(upTo: nextOffset, events: community.snapshotEvents())
    }
}
