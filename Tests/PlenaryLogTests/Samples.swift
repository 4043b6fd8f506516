// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryQueues
import PlenaryTerms
import Synchronization

/// A directory of its own for one test, removed with it.
final class ScratchDirectory {
    let path: String

    init() {
        path = "/tmp/plenary-log-test-\(UInt64.random(in: .min ... .max))"
        precondition(mkdir(path, 0o700) == 0, "the scratch directory can be made")
    }

    deinit { remove(path) }

    private func remove(_ directory: String) {
        let files = RealFiles()
        for name in (try? files.list(directory)) ?? [] {
            let child = directory + "/" + name
            if unlink(child) != 0 { remove(child) }
        }
        rmdir(directory)
    }

    /// Small segments, no timers: the test owns the time.
    func configuration(segmentByteCount: Int = 16_384) -> LogConfiguration {
        LogConfiguration(
            directory: path + "/data", segmentByteCount: segmentByteCount, watermarkDelayMilliseconds: nil,
            allowsAnyFileSystem: true, fillsNextSegment: false)
    }

    var paths: LogPaths { LogPaths(path + "/data") }
}

/// A repeatable stream of random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Waits for something another queue hands over.
final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func put(_ new: Value) {
        value.withLock { $0 = new }
        semaphore.signal()
    }

    /// Nil when nothing came in a minute, which is a failed test.
    func take() -> Value? {
        guard semaphore.wait(timeout: .now() + .seconds(60)) == .success else { return nil }
        return value.withLock { $0 }
    }
}

enum Sample {
    static let actor = Actor(
        source: "ann!a@cloak-7f3a.example", account: AccountID(7), accountName: "Ann", isBot: false)

    static func message(
        _ text: String, in conversation: Conversation = .channel(ChannelID(1)),
        kind: MessageKind = .privateMessage
    ) -> Event {
        .messagePosted(
            MessagePosted(
                conversation: conversation, target: "#lobby", kind: kind, actor: actor,
                clientTags: kind == .tagOnly ? "+typing=active" : "",
                lines: kind == .tagOnly ? [] : [MessageLine(Text(text))],
                clientToken: nil))
    }

    static func topic(_ text: String, channel: UInt32 = 1) -> Event {
        .topicSet(
            TopicSet(channel: ChannelID(channel), channelName: "#lobby", topic: Text(text), actor: actor))
    }

    static func logged(_ number: UInt64, _ event: Event) -> LoggedEvent {
        LoggedEvent(
            offset: Offset(number),
            time: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000),
            event: event)
    }

    /// One of every event, with all fields and with as few as can be.
    static let everyEvent: [Event] =
        [
            message("hello"),
            .messagePosted(
                MessagePosted(
                    conversation: .direct(AccountID(3), AccountID(2_147_483_647)), target: "bob",
                    kind: .notice,
                    actor: Actor(source: "b!b@c", account: nil, accountName: nil, isBot: true),
                    clientTags: "+a=b;+c",
                    lines: [MessageLine("one"), MessageLine("", isConcatenated: true), MessageLine("")],
                    clientToken: "t-1", thread: ThreadID(12), mentions: [AccountID(9), AccountID(4)])),
            message("", kind: .tagOnly),
            .channelCreated(
                ChannelCreated(
                    channel: ChannelID(9), name: "#Law", founder: AccountID(4), isPermanent: true,
                    replayCount: 50,
                    titles: [
                        ChannelTitle(language: .french, title: "Droit"),
                        ChannelTitle(language: .arabic, title: ""),
                    ])),
            .channelCreated(
                ChannelCreated(
                    channel: ChannelID(0), name: "", founder: nil, isPermanent: false, replayCount: 0)),
            .channelDissolved(ChannelDissolved(channel: ChannelID(9))),
            .memberRoleSet(
                MemberRoleSet(channel: ChannelID(9), account: AccountID(4), role: .founder, actor: actor)),
            .memberRoleSet(
                MemberRoleSet(channel: ChannelID(9), account: AccountID(4), role: .member, actor: nil)),
            .memberKicked(
                MemberKicked(
                    channel: ChannelID(9), channelName: "#Law", nickname: "eve", reason: "spam", actor: actor)
            ),
            topic("Agenda"),
            topic(""),
            .modesChanged(
                ModesChanged(
                    channel: ChannelID(9), channelName: "#Law",
                    changes: [
                        ModeChange(letter: 107, isAdded: true, argument: "key"),
                        ModeChange(letter: 105, isAdded: false),
                        ModeChange(letter: 111, isAdded: true, argument: "ann", account: AccountID(7)),
                    ], actor: actor)),
            .accountCreated(
                AccountCreated(account: AccountID(5), name: "relay", role: .secretariat, isBot: true)),
            .accountCreated(AccountCreated(account: AccountID(6), name: "bo", role: .member)),
            .credentialSet(
                CredentialSet(
                    account: AccountID(5),
                    password: PasswordHash(logN: 15, r: 8, p: 3, salt: [1, 2, 3], key: [4, 5, 6]))),
            .credentialSet(CredentialSet(account: AccountID(5), password: nil)),
            .certificateAdded(
                CertificateAdded(account: AccountID(5), fingerprint: Array(0..<32), label: "laptop")),
            .certificateRemoved(CertificateRemoved(account: AccountID(5), fingerprint: Array(0..<32))),
            .accountStateSet(AccountStateSet(account: AccountID(5), isDisabled: true)),
            .accountStateSet(AccountStateSet(account: AccountID(5), isDisabled: false)),
            .inviteCreated(
                InviteCreated(
                    codeHash: [9, 9], handle: "K7Q", role: .moderator, channels: ["#a", "#b"],
                    expires: Timestamp(seconds: 1_800_000_000), useLimit: 3, accountName: "amina")),
            .inviteCreated(
                InviteCreated(
                    codeHash: [1], handle: "", role: .member, channels: [], expires: nil, useLimit: 0)),
            .inviteRedeemed(InviteRedeemed(codeHash: [9, 9], account: AccountID(6))),
            .inviteRevoked(InviteRevoked(codeHash: [9, 9])),
            .tokensRemembered(
                TokensRemembered(
                    account: AccountID(6),
                    tokens: [RememberedToken(token: "t-1", offset: Offset(3), time: Timestamp(seconds: 5))])),
            .tokensRemembered(TokensRemembered(account: AccountID(6), tokens: [])),
        ] + threadEvents + erasureEvents + retentionEvents + peopleEvents + accountEvents + moderationEvents
        + meetingEvents + attributionEvents
        + floorEvents
        + relayingEvents + languagesEvents
        + outcomeEvents + practiceEvents + questionnaireEvents
}

/// Opens a log for a test and talks to it synchronously.
final class RunningLog {
    let opened: OpenedLog
    let writer: LogWriter
    let replayed: [LoggedEvent]
    let failures = FailureList()
    private(set) var next: UInt64

    init(_ configuration: LogConfiguration, files: any FileLayer = RealFiles(), clock: Clock = .system) throws
    {
        opened = try Log.open(configuration, files: files, clock: clock)
        var events: [LoggedEvent] = []
        try opened.replay { events.append($0) }
        replayed = events
        next = opened.nextOffset.value
        let failures = failures
        writer = opened.start { failures.add($0) }
    }

    /// Numbers events, appends them in one go, and waits until they are durable.
    @discardableResult
    func append(_ events: [Event]) -> Bool {
        let done = Handover<Bool>()
        let failures = failures
        failures.watch { done.put(false) }
        writer.append(number(events)) { done.put(true) }
        return done.take() ?? false
    }

    func number(_ events: [Event]) -> [LoggedEvent] {
        let first = next
        next += UInt64(events.count)
        return events.enumerated().map { Sample.logged(first + UInt64($0.offset), $0.element) }
    }

    /// Waits until what the log does in the background now is done.
    func waitForBackground() {
        let done = Handover<Bool>()
        writer.whenBackgroundIsIdle { done.put(true) }
        _ = done.take()
    }

    func writeWatermark() {
        let done = Handover<Bool>()
        failures.watch { done.put(false) }
        writer.writeWatermark { done.put(true) }
        _ = done.take()
    }

    @discardableResult
    func snapshot(_ events: [LoggedEvent]) -> LogError? {
        let done = Handover<LogError?>()
        writer.snapshot(upTo: Offset(next), events: events) { done.put($0) }
        return done.take() ?? nil
    }

    @discardableResult
    func close(snapshot: SnapshotRequest? = nil) -> LogError? {
        let done = Handover<LogError?>()
        failures.watch { done.put(nil) }
        writer.close(snapshot: snapshot) { done.put($0) }
        return done.take() ?? nil
    }

    func fetch(
        _ selection: HistoryQuery.Selection, _ limit: Int,
        in conversation: Conversation = .channel(ChannelID(1)),
        includesEvents: Bool = true
    ) throws -> HistoryResult {
        let done = Handover<Result<HistoryResult, LogError>>()
        opened.history.fetch(
            HistoryQuery(
                conversation: conversation, selection: selection, limit: limit, includesEvents: includesEvents
            )
        ) { done.put($0) }
        guard let result = done.take() else { throw TimedOut() }
        return try result.get()
    }
}

struct TimedOut: Error {}

/// Failures the log reported, and who waits for one.
final class FailureList: Sendable {
    private struct State {
        var errors: [LogError] = []
        var watchers: [@Sendable () -> Void] = []
    }
    private let state = Mutex(State())

    var errors: [LogError] { state.withLock { $0.errors } }

    func add(_ error: LogError) {
        let watchers = state.withLock { state in
            state.errors.append(error)
            return state.watchers
        }
        for watcher in watchers { watcher() }
    }

    func watch(_ watcher: @escaping @Sendable () -> Void) {
        let hasFailed = state.withLock { state in
            state.watchers.append(watcher)
            return !state.errors.isEmpty
        }
        if hasFailed { watcher() }
    }
}

/// A whole file; nil when there is none.
func fileContents(_ path: String) -> [UInt8]? {
    let files = RealFiles()
    guard let file = try? files.open(path, flags: O_RDONLY) else { return nil }
    defer { files.close(file) }
    guard let count = try? files.byteCount(of: file) else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    let done = bytes.withUnsafeMutableBytes { try? files.pread(file, into: $0, at: 0) }
    return done == count ? bytes : nil
}

/// Replaces a whole file.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    let files = RealFiles()
    let file = try files.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC)
    defer { files.close(file) }
    let done = try bytes.withUnsafeBytes { try files.pwrite(file, $0, at: 0) }
    precondition(done == bytes.count, "a test's file is written in one piece")
}
