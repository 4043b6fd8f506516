// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc
import PlenaryDialect
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import PlenaryWire

/// A channel of many threads: lists, memory, snapshots. In this process, without network, log or reference.
struct ThreadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threads", abstract: "Lists of a channel with many threads, and what they take.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Threads of the channel.") var threads = 5000
    @Option(help: "Messages of the channel.") var messages = 200_000
    @Option(help: "Times that each list is asked for.") var lists = 200

    func validate() throws {
        guard (1...20_000).contains(threads) else { throw ValidationError("--threads is 1 to 20000") }
        guard messages >= 0, lists > 0 else { throw ValidationError("--messages and --lists are counts") }
    }

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try bench.threads(threadCount: threads, messageCount: messages, listCount: lists)
    }
}

extension Bench {
    mutating func threads(threadCount: Int, messageCount: Int, listCount: Int) throws {
        var measurement = Measurement(
            "threads", [("threads", "\(threadCount)"), ("messages", "\(messageCount)")])
        var hall = DiscussionHall()
        var sample: Sample = []
        let empty = DiscussionHall.residentBytes()
        hall.createThreads(threadCount)
        let created = DiscussionHall.residentBytes()
        sample.append(("bytes_per_thread", Double(created - empty) / Double(threadCount)))
        let seconds = hall.post(messageCount)
        if messageCount > 0 {
            let posted = DiscussionHall.residentBytes()
            sample.append(("bytes_per_message", Double(posted - created) / Double(messageCount)))
            sample.append(("apply_ns_per_message", seconds * 1e9 / Double(messageCount)))
        }
        hall.readSome()
        for (name, channel, filter) in DiscussionHall.lists {
            var times = (0..<listCount).map { _ in hall.secondsToList(channel, filter) * 1e3 }
            times.sort()
            sample.append((name + "_p50_ms", Measurement.median(times)))
            sample.append((name + "_p95_ms", times[times.count * 95 / 100]))
        }
        let began = Child.now()
        let events = hall.community.snapshotEvents()
        sample.append(("snapshot_ms", (Child.now() - began) * 1e3))
        var bytes: [UInt8] = []
        for event in events { EventCodec.append(event.event, to: &bytes) }
        sample.append(("snapshot_kib", Double(bytes.count) / 1024))
        let restarted = Child.now()
        var community = Community(policy: hall.community.policy)
        for event in events { community.apply(event) }
        sample.append(("snapshot_apply_ms", (Child.now() - restarted) * 1e3))
        measurement.ours = [sample]
        report(measurement)
    }
}

/// A community with one large channel, ten small ones, and a reader who has read about half.
private struct DiscussionHall {
    var community: Community
    private let dialect: Dialect
    private let reader = SessionID(1)
    private var offset: UInt64 = 0
    private var now = Timestamp(seconds: 1_700_000_000)
    private var random: UInt64 = 1

    private static let hall = ChannelID(1)
    private static let accountCount: UInt32 = 100

    /// What is measured: a name, the channel or all of them, and the filter.
    static let lists: [(String, Text?, ThreadFilter)] = {
        var unread = ThreadFilter()
        unread.isUnread = true
        return [
            ("list", "#hall", ThreadFilter()), ("list_unread", "#hall", unread), ("all_unread", nil, unread),
        ]
    }()

    init() {
        var policy = CommunityPolicy()
        policy.profile = .open
        community = Community(policy: policy)
        let facts = ServerFacts(name: "plenary.bench", network: "Bench", version: "0", started: now)
        dialect = Dialect(facts: facts) { MessageID(high: $0.value, low: 1) }
        for index in 1...DiscussionHall.accountCount {
            record(
                .accountCreated(
                    AccountCreated(
                        account: AccountID(index), name: Text("person\(index)"), role: .member, isBot: false))
            )
        }
        for index in 1...11 as ClosedRange<UInt32> {
            record(
                .channelCreated(
                    ChannelCreated(
                        channel: ChannelID(index), name: Text(index == 1 ? "#hall" : "#room\(index)"),
                        founder: nil, isPermanent: true, replayCount: 0)))
        }
        enter()
    }

    /// The reader, with all that a client for threads negotiates.
    private mutating func enter() {
        let session = Session(
            id: reader, connectedAt: now, isTLS: false, certificateFingerprint: nil, host: "h",
            language: .english)
        community.apply(.opened(session))
        let capabilities: Capabilities = [.threads, .batch, .messageTags, .serverTime, .labeledResponse]
        community.apply(.capabilitiesChanged(reader, capabilities))
        community.apply(.loggedIn(reader, AccountID(1), host: nil))
        if let nickname = try? Nickname(Array("person1".utf8)) {
            community.apply(.nicknameChosen(reader, nickname))
        }
        community.apply(.userNamed(reader, userName: "u", realName: "Reader"))
        community.apply(.registered(reader, now))
        for channel in community.channels.keys.sorted() {
            community.apply(.joined(reader, channel, [], isFirst: true))
        }
    }

    private mutating func record(_ event: Event) { community.apply(logged(event)) }

    private mutating func logged(_ event: Event) -> LoggedEvent {
        now = Timestamp(microseconds: now.microseconds + 700)
        let logged = LoggedEvent(offset: Offset(offset), time: now, event: event)
        offset += 1
        return logged
    }

    /// A generator of its own (Knuth, MMIX), so that each run has the same threads.
    private mutating func draw(below limit: Int) -> Int {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((random >> 33) % UInt64(limit))
    }

    private mutating func drawnActor() -> Actor {
        let account = UInt32(draw(below: Int(DiscussionHall.accountCount))) + 1
        return Actor(
            source: Text("person\(account)!u@h"), account: AccountID(account),
            accountName: Text("person\(account)"))
    }

    mutating func createThreads(_ count: Int) {
        for channel in community.channels.keys.sorted() {
            for number in 1...(channel == DiscussionHall.hall ? count : 20) {
                record(
                    .threadCreated(
                        ThreadCreated(
                            channel: channel, channelName: "#hall", thread: ThreadID(UInt32(number)),
                            title: Text("What was said of recommendation \(number)"), root: nil,
                            actor: drawnActor())))
            }
        }
    }

    /// Posts to threads, to some more often than to others; the seconds that applying took.
    mutating func post(_ count: Int) -> Double {
        let threadCount = community.channels[DiscussionHall.hall]?.threads.count ?? 0
        var seconds = 0.0
        var batch: [LoggedEvent] = []
        for index in 0..<count {
            let thread = min(draw(below: threadCount), draw(below: threadCount)) + 1
            let message = MessagePosted(
                conversation: .channel(DiscussionHall.hall), target: "#hall", kind: .privateMessage,
                actor: drawnActor(), lines: [MessageLine("text")], thread: ThreadID(UInt32(thread)),
                mentions: draw(below: 50) == 0 ? [AccountID(1)] : [])
            batch.append(logged(.messagePosted(message)))
            guard batch.count == 1000 || index == count - 1 else { continue }
            let began = Child.now()
            for event in batch { community.apply(event) }
            seconds += Child.now() - began
            batch.removeAll(keepingCapacity: true)
        }
        return seconds
    }

    /// The channel was read half-way, and every tenth thread to its end.
    mutating func readSome() {
        let middle = Timestamp(microseconds: (1_700_000_000_000_000 + now.microseconds) / 2)
        func marker(_ thread: ThreadID?, _ time: Timestamp) -> Event {
            .markerSet(
                MarkerSet(
                    account: AccountID(1), conversation: .channel(DiscussionHall.hall), thread: thread,
                    time: time))
        }
        record(marker(nil, middle))
        for thread in (community.channels[DiscussionHall.hall]?.threads.keys.sorted() ?? [])
        where thread.value % 10 == 0 {
            record(marker(thread, now))
        }
    }

    /// From the command to the bytes of its first page of 100.
    func secondsToList(_ channel: Text?, _ filter: ThreadFilter) -> Double {
        let functions = OuterFunctions(
            sha256: { $0 }, base64Decoded: { $0 }, hostOfAccount: { _ in "h" }, offsetOfMessage: { _ in nil },
            idOfMessage: { MessageID(high: $0.value, low: 0) })
        let began = Child.now()
        let command = ThreadCommand.list(channel: channel, filter, limit: 100, after: nil)
        let outcomes = community.decide(
            .threads(command), by: reader, at: Moment(now: now, functions: functions))
        var bytes: [UInt8] = []
        for outcome in outcomes {
            guard case .answer(let answer) = outcome, let session = community.sessions[reader] else {
                preconditionFailure("a list was refused")
            }
            for line in dialect.render(answer, to: session, in: community, now: now) {
                line.encode(into: &bytes)
            }
        }
        precondition(bytes.count > 100, "a list was empty")
        return Child.now() - began
    }

    /// Resident memory of this process once what was freed is given back.
    static func residentBytes() -> Int {
        malloc_trim(0)
        return process_memory(getpid()) * 1024
    }
}
