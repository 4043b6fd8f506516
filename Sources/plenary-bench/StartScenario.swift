// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Dispatch
import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization

/// How long a server with a long log takes to serve. The reference reads the same files once.
struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Time to readiness, and memory, with many messages in the log.")
    @OptionGroup var options: BenchOptions
    @Option(parsing: .upToNextOption, help: "Messages in the log.")
    var messages = [10_000, 100_000, 1_000_000]

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        for count in messages { try bench.start(messageCount: count) }
    }
}

extension Bench {
    mutating func start(messageCount: Int) throws {
        let place = directory + "/long"
        defer { Bench.remove(place) }
        try Bench.makeLog(at: place, messageCount: messageCount)
        var measurement = Measurement("start", [("messages", "\(messageCount)")])
        for _ in 0..<options.rounds {
            let (ours, byteCount) = try withServer(.ours, data: place) { child in
                (
                    [
                        ("ready_ms", child.secondsToReady * 1e3),
                        ("cpu_ms", process_cpu(child.process) * 1e3),
                        ("memory_mib", Double(process_memory(child.process)) / 1024),
                    ] as Sample, Bench.byteCount(of: place)
                )
            }
            measurement.ours.append(ours)
            let began = Child.now()
            Bench.readAll(in: place)
            measurement.reference.append([("ready_ms", (Child.now() - began) * 1e3)])
            measurement.context = [("log_mib", Double(byteCount) / 1_048_576)]
        }
        report(measurement)
    }

    /// A log as the server writes it and a power cut leaves it: one channel, messages of 100 bytes by a hundred
    /// authors, the last of them now and the others a millisecond apart, a snapshot at each change of segment and none
    /// at the end. When the messages were posted.
    @discardableResult
    static func makeLog(
        at directory: String, messageCount: Int, channelName: Text = "#long"
    ) throws -> ClosedRange<Timestamp> {
        let opened = try Log.open(LogConfiguration(directory: directory), clock: .system)
        try opened.replay { _ in }
        let writer = opened.start { error in
            print("the log failed: \(error)")
            exit(1)
        }
        let hasRotated = RotationFlag()
        writer.setRotationHandler { _ in hasRotated.raise() }
        let channel = ChannelID(1)
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let last = Int64(clock.tv_sec) * 1_000_000
        let began = last - Int64(messageCount + 1) * 1000
        var offset = opened.nextOffset
        var batch: [LoggedEvent] = []
        let idle = DispatchSemaphore(value: 0)
        func add(_ event: Event) {
            let time = Timestamp(microseconds: min(last, began + Int64(offset.value + 1) * 1000))
            batch.append(LoggedEvent(offset: offset, time: time, event: event))
            offset = offset.next
        }
        let created = ChannelCreated(
            channel: channel, name: channelName, founder: nil, isPermanent: true, replayCount: 0)
        let creation = LoggedEvent(
            offset: offset, time: Timestamp(microseconds: began), event: .channelCreated(created))
        func append() {
            // A batch at a time, so that memory stays small.
            writer.append(batch) { idle.signal() }
            idle.wait()
            batch.removeAll(keepingCapacity: true)
            if hasRotated.take() { writer.snapshot(upTo: offset, events: [creation]) }
        }
        add(.channelCreated(created))
        // What the load counts as a message.
        let body = Text(Array("L!".utf8) + [UInt8](repeating: 120, count: 98))
        for index in 0..<messageCount {
            let author = Text("author\(index % 100)!u@localhost")
            add(
                .messagePosted(
                    MessagePosted(
                        conversation: .channel(channel), target: channelName,
                        kind: .privateMessage,
                        actor: Actor(source: author, account: nil, accountName: nil),
                        lines: [MessageLine(body)])))
            if batch.count == 1000 { append() }
        }
        append()
        writer.close { _ in idle.signal() }
        idle.wait()
        return Timestamp(microseconds: began)...Timestamp(microseconds: last)
    }

    private static func files(in directory: String) -> [String] {
        names(in: directory).flatMap { name -> [String] in
            let path = directory + "/" + name
            let inner = files(in: path)
            return inner.isEmpty ? [path] : inner
        }
    }

    static func byteCount(of directory: String) -> Int {
        files(in: directory).reduce(0) { sum, path in
            var status = stat()
            return stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    private static func readAll(in directory: String) {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        for path in files(in: directory) {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }
            while read(file, &buffer, buffer.count) > 0 {}
            close(file)
        }
    }
}

/// Raised on the log's queue, taken where the snapshot is asked for.
private final class RotationFlag: Sendable {
    private let isRaised = Atomic(false)
    func raise() { isRaised.store(true, ordering: .relaxed) }
    func take() -> Bool { isRaised.exchange(false, ordering: .relaxed) }
}
