// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench

/// Messages that fall due at an even rate, each timed from when it was due until a reader has it: a server that falls
/// behind cannot make the load wait for it.
struct LatencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency", abstract: "Time from when a message was due to each of its readers.")
    @OptionGroup var options: BenchOptions
    @Option(parsing: .upToNextOption, help: "Members that only listen.") var subscribers = [100, 1000]
    @Option(help: "Deliveries a second, of all members together.") var deliveries = 100_000
    @Flag(help: "Under TLS.") var tls = false

    func validate() throws {
        guard deliveries > 0, subscribers.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--deliveries and --subscribers are above 0")
        }
    }

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        for count in subscribers {
            try bench.latency(subscriberCount: count, messagesPerSecond: deliveries / count, isTLS: tls)
        }
    }
}

extension Bench {
    /// Four publishers in turn. The window is three times that of other scenarios, as tails need many messages.
    mutating func latency(subscriberCount: Int, messagesPerSecond: Int, isTLS: Bool) throws {
        var measurement = Measurement(
            "latency",
            [
                ("tls", "\(isTLS)"), ("subscribers", "\(subscriberCount)"),
                ("messages_due_per_s", "\(messagesPerSecond)"),
            ])
        try inRounds { side in
            let sample: Sample = try withServer(side, isTLS: isTLS) { child in
                var load = load(child, isTLS: isTLS)
                load.publishersPerChannel = 4
                load.subscribersPerChannel = Int32(subscriberCount)
                let result = try paced(
                    load, messagesPerSecond: messagesPerSecond, seconds: 3 * options.seconds)
                return [
                    ("p50_us", result.p50), ("p99_us", result.p99), ("p999_us", result.p999),
                    ("deliveries_per_s", Double(result.deliveries) / result.seconds),
                    ("cpu_us_per_delivery", result.serverCPU * 1e6 / Double(result.deliveries)),
                ]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }

    /// Opens a load, runs it in an open loop, closes it.
    func paced(_ load: load_options, messagesPerSecond: Int, seconds: Double) throws -> load_result {
        var load = load
        var result = load_result()
        guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
        defer { load_close(opened) }
        guard load_run_paced(opened, Double(messagesPerSecond), seconds, &result) == 0 else {
            throw Bench.loadFailure
        }
        return result
    }
}
