// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures the server, each figure beside a reference measured in the same run.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plenary-bench", abstract: "Measures the server beside a raw reference.",
        discussion: """
            One JSON line a measurement on standard output, a table on standard error. Figures are \
            medians over the rounds; a ratio is the median of the rounds' ratios of the server to the \
            reference.
            """,
        subcommands: [
            AllCommand.self, FanoutCommand.self, DurableCommand.self, HistoryCommand.self,
            ConnectCommand.self, StartCommand.self, ServeCommand.self, RawCommand.self,
        ])
}

/// Every scenario in its short form: what `make bench` prints.
struct AllCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Every scenario in its short form.")
    @OptionGroup var options: BenchOptions

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        for subscriberCount in [100, 1000] {
            for isTLS in [false, true] {
                try bench.fanout(
                    FanoutParameters(
                        subscriberCount: subscriberCount, publisherCount: 4, windows: [16, 1], isTLS: isTLS))
            }
        }
        try bench.durable(producerCount: 64, windows: [1, 16, 64])
        for lineCount in [100, 1000] {
            for clientCount in [1, 32] {
                try bench.history(lineCount: lineCount, clientCount: clientCount)
            }
        }
        for isTLS in [false, true] { try bench.connect(connectionCount: 2000, isTLS: isTLS) }
        try bench.handshakes()
        for messageCount in [10_000, 100_000, 1_000_000] { try bench.start(messageCount: messageCount) }
    }
}
