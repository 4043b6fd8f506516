// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// Hours of a mixed load on two servers, one of them killed again and again: what is lost, and what grows.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Hours of mixed load, with a server that is killed again and again.",
        discussion: """
            Members post, begin threads, fetch, search, redact and mark over TLS; others come and go; some ask and \
            do not read. One server is killed every few minutes and has to lose nothing; another runs all the \
            time, so that its memory, descriptors and threads can be watched. In the warm-up members post faster, so \
            that what is kept up to a limit, as the tokens of each account, is full when watching begins. A line a \
            minute on standard output.
            """)
    @OptionGroup var options: BenchOptions
    @Option(help: "Minutes of the whole run.") var minutes = 120
    @Option(
        help: "Minutes before what grows is looked at: a server takes memory until all has happened once.")
    var warmUp = 30
    @Option(help: "Seconds between two kills.") var killEvery = 300
    @Option(help: "Members who post, on each server.") var writers = 20
    @Option(help: "Messages a second of all of them, on each server.") var rate = 2.0
    @Option(help: "How many times faster they post in the warm-up.") var warmUpFactor = 12.0

    func validate() throws {
        guard minutes > 0, warmUp >= 0, warmUp < minutes else {
            throw ValidationError("--minutes is above 0 and above --warm-up")
        }
        guard killEvery >= 10 else { throw ValidationError("--kill-every is 10 or more") }
        guard (1...200).contains(writers), rate > 0, warmUpFactor > 0 else {
            throw ValidationError("--writers is 1 to 200, --rate and --warm-up-factor above 0")
        }
    }

    func run() async throws {
        let bench = try Bench(options)
        defer { bench.end() }
        let seed = UInt64.random(in: 1...1 << 40)
        Bench.say("seed \(seed)")
        let pace = SoakPace(
            pauseSeconds: Double(writers) / rate, warmUpFactor: warmUpFactor,
            warmUpEnds: Child.now() + Double(warmUp) * 60)
        var killed = try SoakCommunity("killed", bench, seed, writerCount: writers, pace)
        var steady = try SoakCommunity("steady", bench, seed &+ 1, writerCount: writers, pace)
        defer {
            killed.abandon()
            steady.abandon()
        }
        killed.begin()
        steady.begin()
        let began = Child.now()
        var nextMinute = began + 60
        var nextKill = began + Double(killEvery)
        while Child.now() < began + Double(minutes) * 60 {
            try await Task.sleep(for: .seconds(1))
            let now = Child.now()
            killed.tick()
            steady.tick()
            if now >= nextKill {
                nextKill += Double(killEvery)
                try killed.killAndStart(after: now - began)
            }
            if now >= nextMinute {
                nextMinute += 60
                steady.sample(after: now - began)
                killed.say(after: now - began)
            }
        }
        let faults = try await killed.end() + steady.end()
        try report(killed, steady, faults)
    }

    private func report(_ killed: SoakCommunity, _ steady: SoakCommunity, _ faults: [String]) throws {
        var missed = faults
        for community in [killed, steady] {
            let growth = SoakGrowth(community.samples, after: Double(warmUp) * 60)
            print("\(community.name): \(community.summary), \(growth)")
        }
        // A server that is started anew every few minutes has nothing to grow: the other one tells.
        let growth = SoakGrowth(steady.samples, after: Double(warmUp) * 60)
        if growth.memoryPerHour > 1024 {
            missed.append("memory grows by \(growth.memoryPerHour) KiB an hour")
        }
        if growth.threadRange > 2 { missed.append("threads differ by \(growth.threadRange)") }
        if abs(growth.descriptorsPerHour) > 2 {
            missed.append("descriptors grow by \(growth.descriptorsPerHour) an hour")
        }
        for fault in missed { Bench.say(fault) }
        if !missed.isEmpty { throw BenchError("\(missed.count) faults") }
    }
}

/// What a server had at one moment.
struct SoakSample {
    /// Since the beginning of the run.
    let seconds: Double
    let memoryKiB: Double
    let descriptors: Double
    let threads: Double
    /// Of the echoes since the sample before.
    let p50: Double
    let p99: Double

    init(_ process: Int32, after seconds: Double, memory: Int, latencies: [Double]) {
        self.seconds = seconds
        memoryKiB = Double(memory)
        descriptors = Double(Bench.names(in: "/proc/\(process)/fd").count)
        threads = Double(Bench.names(in: "/proc/\(process)/task").count)
        let sorted = latencies.sorted()
        p50 = Measurement.median(sorted)
        p99 = Measurement.percentile(0.99, of: sorted)
    }
}

/// How what was sampled changes with time: lines by least squares.
struct SoakGrowth: CustomStringConvertible {
    let memoryPerHour: Double
    let descriptorsPerHour: Double
    let threadRange: Double
    private let memory: ClosedRange<Double>
    private let secondHalfOfFirst: Double

    init(_ samples: [SoakSample], after warmUp: Double) {
        let watched = samples.filter { $0.seconds >= warmUp }
        memoryPerHour = SoakGrowth.slope(watched.map { ($0.seconds / 3600, $0.memoryKiB) })
        descriptorsPerHour = SoakGrowth.slope(watched.map { ($0.seconds / 3600, $0.descriptors) })
        let threads = watched.map(\.threads)
        threadRange = (threads.max() ?? 0) - (threads.min() ?? 0)
        let values = watched.map(\.memoryKiB)
        memory = (values.min() ?? 0)...(values.max() ?? 0)
        let half = watched.count / 2
        let first = Measurement.median(watched.prefix(half).map(\.p99))
        let second = Measurement.median(watched.suffix(half).map(\.p99))
        secondHalfOfFirst = first > 0 ? second / first : 0
    }

    var description: String {
        let bounds = "\(Measurement.text(memory.lowerBound)) to \(Measurement.text(memory.upperBound)) KiB"
        return "memory \(bounds), \(Measurement.text(memoryPerHour)) KiB an hour, descriptors "
            + "\(Measurement.text(descriptorsPerHour)) an hour, threads differ by \(Int(threadRange)), "
            + "p99 of the second half \(Measurement.text(secondHalfOfFirst)) of the first"
    }

    private static func slope(_ points: [(x: Double, y: Double)]) -> Double {
        guard points.count > 1 else { return 0 }
        let meanX = points.map(\.x).reduce(0, +) / Double(points.count)
        let meanY = points.map(\.y).reduce(0, +) / Double(points.count)
        let spread = points.map { ($0.x - meanX) * ($0.x - meanX) }.reduce(0, +)
        guard spread > 0 else { return 0 }
        return points.map { ($0.x - meanX) * ($0.y - meanY) }.reduce(0, +) / spread
    }
}
