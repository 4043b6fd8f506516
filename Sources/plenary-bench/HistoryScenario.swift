// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc

/// Fetches of a channel's newest lines out of the log.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "CHATHISTORY LATEST out of the log.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Lines of a fetch.") var lines = 100
    @Option(help: "Clients that fetch at the same time.") var clients = 1

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try bench.history(lineCount: lines, clientCount: clients)
    }
}

extension Bench {
    /// The channel holds 2,000 lines or as many as are fetched.
    mutating func history(lineCount: Int, clientCount: Int) throws {
        var measurement = Measurement(
            "history", [("lines", "\(lineCount)"), ("clients", "\(clientCount)")])
        let fetchCount = max(5, Int(200_000 * options.seconds) / lineCount / clientCount)
        // Lives as long as the process; the load reads it while it connects.
        let capabilities = strdup("batch server-time message-tags draft/chathistory")
        defer { free(capabilities) }
        try inRounds { side in
            let sample: Sample = try withServer(side, keepsHistory: true) { child in
                var load = load(child)
                load.publishersPerChannel = 1
                load.subscribersPerChannel = Int32(clientCount)
                // SAFETY: freed after the last load that uses it.
                load.capabilities = UnsafePointer(capabilities)
                var result = load_result()
                guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
                defer { load_close(opened) }
                guard load_fill(opened, Int32(max(2000, lineCount))) == 0,
                    load_history(opened, Int32(lineCount), Int32(fetchCount), &result) == 0
                else { throw Bench.loadFailure }
                return [
                    ("cpu_us_per_line", result.serverCPU * 1e6 / Double(result.lines)),
                    ("lines_per_s", Double(result.lines) / result.seconds),
                    ("p50_us", result.p50), ("p99_us", result.p99),
                ]
            }
            measurement.add(sample, of: side)
        }
        report(measurement)
    }
}
