// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench

/// Connections that register, join ten to a channel, and are silent.
struct ConnectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Idle connections and handshakes: rate, memory, CPU.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Connections.") var connections = 10_000

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        for isTLS in [false, true] { try bench.connect(connectionCount: connections, isTLS: isTLS) }
        try bench.handshakes()
    }
}

extension Bench {
    mutating func connect(connectionCount: Int, isTLS: Bool) throws {
        var measurement = Measurement(
            "connect", [("tls", "\(isTLS)"), ("connections", "\(connectionCount)")])
        try inRounds { side in
            let sample: Sample = try withServer(side, isTLS: isTLS) { child in
                let before = process_memory(child.process)
                var load = load(child, isTLS: isTLS)
                load.channels = Int32(connectionCount / 10)
                load.subscribersPerChannel = 10
                var result = load_result()
                guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
                defer { load_close(opened) }
                let memory = Double(process_memory(child.process) - before)
                return [
                    ("memory_kib_per_connection", memory / Double(result.messages)),
                    ("cpu_us_per_connection", result.serverCPU * 1e6 / Double(result.messages)),
                    ("connections_per_s", Double(result.messages) / result.seconds),
                ]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }

    /// Full TLS handshakes, eight at a time.
    mutating func handshakes() throws {
        var measurement = Measurement("handshake", [("tls", "true")])
        try inRounds { side in
            let sample: Sample = try withServer(side, isTLS: true) { child in
                var load = load(child, isTLS: true)
                load.inFlight = 8
                var result = load_result()
                guard load_handshakes(&load, options.seconds, &result) == 0 else { throw Bench.loadFailure }
                return [
                    ("cpu_us_per_handshake", result.serverCPU * 1e6 / Double(result.messages)),
                    ("handshakes_per_s", Double(result.messages) / result.seconds),
                    ("p50_us", result.p50), ("p99_us", result.p99),
                ]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }
}
