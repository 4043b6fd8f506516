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
            LatencyCommand.self, PairsCommand.self, FillCommand.self, GrowthCommand.self,
            ConnectCommand.self, StartCommand.self, ThreadsCommand.self, SearchCommand.self,
            RewriteCommand.self, ScreenCommand.self, SoakCommand.self,
            ReconnectCommand.self, LoginsCommand.self, ServeCommand.self, RawCommand.self,
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
        var failureCount = 0
        // What cannot be measured is said, fails the run in the end, and does not keep the rest from it.
        func attempt(_ what: String, _ body: (inout Bench) throws -> Void) {
            do {
                try body(&bench)
            } catch {
                failureCount += 1
                Bench.say("\(what) failed: \(error)")
            }
        }
        for subscriberCount in [100, 1000] {
            for isTLS in [false, true] {
                let parameters = FanoutParameters(
                    subscriberCount: subscriberCount, publisherCount: 4, windows: [16, 1], isTLS: isTLS)
                attempt("fanout to \(subscriberCount), tls \(isTLS)") { try $0.fanout(parameters) }
            }
        }
        for subscriberCount in [100, 1000] {
            attempt("latency to \(subscriberCount)") {
                try $0.latency(
                    subscriberCount: subscriberCount, messagesPerSecond: 100_000 / subscriberCount,
                    isTLS: false)
            }
        }
        attempt("durable") { try $0.durable(producerCount: 64, windows: [1, 16, 64]) }
        attempt("durable, one publisher alone") { try $0.durable(producerCount: 1, windows: [1]) }
        attempt("pairs") { try $0.pairs(channelCount: 200, memberCount: 10) }
        attempt("fill") { try $0.fill(memberCount: 1000) }
        for lineCount in [100, 1000] {
            for clientCount in [1, 32] {
                attempt("history of \(lineCount) lines, \(clientCount) clients") {
                    try $0.history(lineCount: lineCount, clientCount: clientCount)
                }
            }
        }
        for isTLS in [false, true] {
            attempt("connect, tls \(isTLS)") { try $0.connect(connectionCount: 2000, isTLS: isTLS) }
        }
        attempt("handshake") { try $0.handshakes() }
        for messageCount in [10_000, 100_000, 1_000_000] {
            attempt("start with \(messageCount)") { try $0.start(messageCount: messageCount) }
        }
        if failureCount > 0 { throw BenchError("\(failureCount) measurements failed") }
    }
}
