// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench

/// What a connection, a delivery, a start and a page of history cost while everything else grows by powers of ten.
/// What should not depend on it is flat.
struct GrowthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "Cost by number of connections, of messages in the log, of channels.",
        discussion: """
            Ten million messages take about 2.5 GB in --directory while it runs. Rounds go over all sizes, so that \
            what else the machine does meets them alike.
            """)
    @OptionGroup var options: BenchOptions
    @Option(parsing: .upToNextOption, help: "Connections, in channels of ten.")
    var connections = [10, 100, 1000, 10_000]
    @Option(parsing: .upToNextOption, help: "Messages in the log.")
    var messages = [10_000, 100_000, 1_000_000, 10_000_000]
    @Option(parsing: .upToNextOption, help: "Channels, all of them with the same twenty members.")
    var channels = [1, 10, 100, 1000]
    @Option(parsing: .upToNextOption, help: "Which parts: connections, log, channels.")
    var parts = ["connections", "log", "channels"]
    @Option(help: "A file for the plot.") var svg: String?
    @Option(
        parsing: .upToNextOption,
        help: "Measure nothing and read what earlier runs wrote to standard output.")
    var from: [String] = []

    func validate() throws {
        guard connections.allSatisfy({ $0 >= 10 && $0 % 10 == 0 }) else {
            throw ValidationError("--connections are multiples of 10")
        }
        guard (messages + channels).allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--messages and --channels are above 0")
        }
    }

    func run() throws {
        var rows = try from.flatMap(GrowthRow.read)
        if from.isEmpty {
            var bench = try Bench(options)
            defer { bench.end() }
            if parts.contains("connections") { rows += try bench.growth(connectionCounts: connections) }
            if parts.contains("log") { rows += try bench.growth(messageCounts: messages) }
            if parts.contains("channels") { rows += try bench.growth(channelCounts: channels) }
        }
        let panels = GrowthPanel.all(of: rows)
        for panel in panels { for verdict in panel.verdicts { Bench.say(verdict) } }
        if let svg { try Bench.save(Array(GrowthPlot(panels: panels).svg.utf8), to: svg) }
    }
}

/// What is posted in all parts, so that only what grows differs.
let growthMessagesPerSecond = 1000

extension Bench {
    /// One measurement a size, taken in rounds over all of them.
    func inRounds(over measurements: inout [Measurement], _ body: (Int, Side) throws -> Sample?) throws {
        for round in 0..<options.rounds {
            for index in measurements.indices {
                for side in round % 2 == 0 ? [Side.ours, .reference] : [.reference, .ours] {
                    if let sample = try body(index, side) { measurements[index].add(sample, of: side) }
                }
            }
        }
    }

    mutating func growth(connectionCounts: [Int]) throws -> [GrowthRow] {
        let forms = [false, true]
        var measurements = connectionCounts.flatMap { count in
            forms.map {
                Measurement("growth-connections", [("tls", "\($0)"), ("connections", "\(count)")])
            }
        }
        try inRounds(over: &measurements) { index, side in
            let count = connectionCounts[index / forms.count]
            return try growth(side, connectionCount: count, isTLS: forms[index % forms.count])
        }
        return rows(of: measurements)
    }

    /// Ten connections more than said are there before, so that what a server makes for the first of them is not
    /// counted to the others.
    private func growth(_ side: Side, connectionCount: Int, isTLS: Bool) throws -> Sample {
        try withServer(side, isTLS: isTLS) { child in
            var result = load_result()
            var load = load(child, isTLS: isTLS)
            load.publishersPerChannel = 1
            load.subscribersPerChannel = 9
            load.firstNumber = 1_000_000
            guard let first = load_open(&load, &result) else { throw Bench.loadFailure }
            defer { load_close(first) }
            load.firstNumber = 0
            load.channels = Int32(connectionCount / 10)
            let before = process_memory(child.process)
            guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
            defer { load_close(opened) }
            let connections = Double(connectionCount)
            let memory = Double(process_memory(child.process) - before)
            let cpu = result.serverCPU
            guard load_run_paced(opened, Double(growthMessagesPerSecond), options.seconds, &result) == 0
            else {
                throw Bench.loadFailure
            }
            return [
                ("memory_kib_per_connection", memory / connections),
                ("cpu_us_per_connection", cpu * 1e6 / connections),
                ("cpu_us_per_delivery", result.serverCPU * 1e6 / Double(result.deliveries)),
                ("p50_us", result.p50),
            ]
        }
    }

    mutating func growth(channelCounts: [Int]) throws -> [GrowthRow] {
        var measurements = channelCounts.map { Measurement("growth-channels", [("channels", "\($0)")]) }
        try inRounds(over: &measurements) { index, side in
            try withServer(side) { child in
                var load = load(child)
                load.channels = Int32(channelCounts[index])
                load.isShared = 1
                load.publishersPerChannel = 1
                load.subscribersPerChannel = 19
                let result = try paced(
                    load, messagesPerSecond: growthMessagesPerSecond, seconds: options.seconds)
                return [
                    ("cpu_us_per_delivery", result.serverCPU * 1e6 / Double(result.deliveries)),
                    ("p50_us", result.p50),
                ]
            }
        }
        return rows(of: measurements)
    }

    mutating func rows(of measurements: [Measurement]) -> [GrowthRow] {
        measurements.map { measurement in
            report(measurement)
            return GrowthRow(json: measurement.json)
        }
    }
}
