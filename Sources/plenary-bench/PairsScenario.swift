// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench

/// Many small channels: there is little to gather into one send, and every socket is cold.
struct PairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Many small channels, one message in flight in each.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Channels.") var channels = 1000
    @Option(help: "Members of each, one of whom posts.") var members = 10

    func validate() throws {
        guard channels > 0, members > 1 else {
            throw ValidationError("--channels is above 0, --members above 1")
        }
    }

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try bench.pairs(channelCount: channels, memberCount: members)
    }
}

/// One channel that everybody joins: each newcomer is told to all who are there, and is given all names.
struct FillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Filling one channel with members.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Members.") var members = 5000

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try bench.fill(memberCount: members)
    }
}

extension Bench {
    mutating func pairs(channelCount: Int, memberCount: Int) throws {
        var measurement = Measurement(
            "pairs", [("channels", "\(channelCount)"), ("members", "\(memberCount)")])
        try inRounds { side in
            let sample: Sample = try withServer(side) { child in
                var load = load(child)
                load.channels = Int32(channelCount)
                load.publishersPerChannel = 1
                load.subscribersPerChannel = Int32(memberCount - 1)
                return try run(load, windows: [1]) { result in
                    [
                        ("deliveries_per_cpu_s", Double(result.deliveries) / result.serverCPU),
                        ("messages_per_s", Double(result.messages) / result.seconds),
                        ("p50_us", result.p50), ("p99_us", result.p99),
                    ]
                }[0]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }

    /// From the first connection until everybody has all JOINs and names: what stands before the answer to a PING.
    mutating func fill(memberCount: Int) throws {
        var measurement = Measurement("fill", [("members", "\(memberCount)")])
        try inRounds { side in
            let sample: Sample = try withServer(side, announcesJoins: true) { child in
                var load = load(child)
                load.subscribersPerChannel = Int32(memberCount)
                var result = load_result()
                let began = Child.now()
                guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
                defer { load_close(opened) }
                return [("seconds", Child.now() - began), ("cpu_s", process_cpu(child.process))]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }
}
