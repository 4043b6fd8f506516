// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench

/// Messages of a few to many: how much of the server's CPU a delivery takes, and how long.
struct FanoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fanout", abstract: "Messages from a few to many in one channel.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Members that only listen.") var subscribers = 100
    @Option(help: "Members that post.") var publishers = 4
    @Option(parsing: .upToNextOption, help: "Messages of each publisher under way, 1 to 64.")
    var windows = [16, 1]
    @Flag(help: "Under TLS.") var tls = false
    @Flag(help: "Into a thread, beside the main line of the same channel instead of the reference.")
    var thread = false

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        let parameters = FanoutParameters(
            subscriberCount: subscribers, publisherCount: publishers, windows: windows, isTLS: tls)
        if thread { try bench.fanoutToThread(parameters) } else { try bench.fanout(parameters) }
    }
}

struct FanoutParameters {
    var subscriberCount: Int
    var publisherCount: Int
    var windows: [Int]
    var isTLS: Bool
}

extension Bench {
    mutating func fanout(_ parameters: FanoutParameters) throws {
        var measurements = parameters.windows.map { window in
            Measurement(
                "fanout",
                [
                    ("tls", "\(parameters.isTLS)"), ("subscribers", "\(parameters.subscriberCount)"),
                    ("publishers", "\(parameters.publisherCount)"), ("window", "\(window)"),
                ])
        }
        try inRounds { side in
            let samples = try withServer(side, isTLS: parameters.isTLS) { child in
                var load = load(child, isTLS: parameters.isTLS)
                load.publishersPerChannel = Int32(parameters.publisherCount)
                load.subscribersPerChannel = Int32(parameters.subscriberCount)
                return try run(load, windows: parameters.windows, Bench.deliveries)
            }
            for index in measurements.indices { measurements[index].add(samples[index], of: side) }
        }
        for measurement in measurements { report(measurement) }
    }

    /// One window after the other on the same connections.
    func run(
        _ load: load_options, windows: [Int], _ sample: (load_result) -> Sample
    ) throws -> [Sample] {
        var load = load
        var result = load_result()
        guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
        defer { load_close(opened) }
        return try windows.map { window in
            guard load_run(opened, Int32(window), options.seconds, &result) == 0 else {
                throw Bench.loadFailure
            }
            return sample(result)
        }
    }

    private static func deliveries(_ result: load_result) -> Sample {
        let deliveries = Double(result.deliveries)
        return [
            ("deliveries_per_cpu_s", deliveries / result.serverCPU),
            ("deliveries_per_s", deliveries / result.seconds),
            ("p50_us", result.p50), ("p99_us", result.p99),
        ]
    }
}

extension Measurement {
    mutating func add(_ sample: Sample, of side: Bench.Side) {
        switch side {
        case .ours: ours.append(sample)
        case .reference: reference.append(sample)
        }
    }
}
