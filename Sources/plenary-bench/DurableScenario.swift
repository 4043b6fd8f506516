// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CPlenaryBench
import Glibc

/// Messages that are on the disk before they are delivered, one producer and one reader a channel.
struct DurableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "durable", abstract: "Durable messages, and the disk's own speed.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Producers, each in a channel of its own with one reader.") var producers = 64
    @Option(parsing: .upToNextOption, help: "Messages of each producer under way, 1 to 64.")
    var windows = [1, 16, 64]

    func run() throws {
        var bench = try Bench(options)
        defer { bench.end() }
        try bench.durable(producerCount: producers, windows: windows)
    }
}

extension Bench {
    mutating func durable(producerCount: Int, windows: [Int]) throws {
        var measurements = windows.map { window in
            Measurement("durable", [("producers", "\(producerCount)"), ("window", "\(window)")])
        }
        var disk: [Sample] = []
        try inRounds { side in
            let samples = try withServer(side) { child in
                var load = load(child)
                load.channels = Int32(producerCount)
                load.publishersPerChannel = 1
                load.subscribersPerChannel = 1
                return try run(load, windows: windows) { result in
                    [
                        ("messages_per_s", Double(result.messages) / result.seconds),
                        ("messages_per_cpu_s", Double(result.messages) / result.serverCPU),
                        ("p50_us", result.p50), ("p99_us", result.p99),
                    ]
                }
            }
            for index in measurements.indices { measurements[index].add(samples[index], of: side) }
            if side == .reference { disk.append(try appendAndSync(byteCount: 200)) }
        }
        for var measurement in measurements {
            measurement.context = (disk.first ?? []).indices.map { index in
                (disk[0][index].name, Measurement.median(disk.map { $0[index].value }))
            }
            // How much more than the disk's own time a message takes, of the same round.
            for (name, samples) in [("", measurement.ours), ("reference_", measurement.reference)] {
                let ratios = zip(samples, disk).compactMap { sample, disk -> Double? in
                    guard let mine = sample.first(where: { $0.name == "p50_us" }),
                        let own = disk.first(where: { $0.name == "disk_p50_us" }), own.value > 0
                    else { return nil }
                    return mine.value / own.value
                }
                measurement.context.append((name + "p50_by_disk_p50", Measurement.median(ratios)))
            }
            report(measurement)
        }
    }

    /// What the disk allows to one writer that appends a record and syncs it, and to one that writes into a file whose
    /// blocks were written before.
    private func appendAndSync(byteCount: Int) throws -> Sample {
        let growing = try syncs(byteCount: byteCount, isWritten: false)
        let written = try syncs(byteCount: byteCount, isWritten: true)
        return [
            ("disk_syncs_per_s", growing.perSecond), ("disk_p50_us", growing.p50),
            ("disk_written_p50_us", written.p50),
        ]
    }

    private func syncs(byteCount: Int, isWritten: Bool) throws -> (perSecond: Double, p50: Double) {
        let path = directory + "/disk"
        let file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchError("cannot write \(path): errno \(errno)") }
        defer {
            close(file)
            unlink(path)
        }
        if isWritten {
            let zeros = [UInt8](repeating: 0, count: 8 << 20)
            guard write(file, zeros, zeros.count) == zeros.count, fsync(file) == 0,
                lseek(file, 0, SEEK_SET) == 0
            else { throw BenchError("cannot write \(path): errno \(errno)") }
        }
        let record = [UInt8](repeating: 120, count: byteCount)
        var microseconds: [Double] = []
        let began = Child.now()
        var last = began
        while last - began < options.seconds {
            guard write(file, record, byteCount) == byteCount, fdatasync(file) == 0 else {
                throw BenchError("cannot write \(path): errno \(errno)")
            }
            let now = Child.now()
            microseconds.append((now - last) * 1e6)
            last = now
        }
        return (Double(microseconds.count) / (last - began), Measurement.median(microseconds))
    }
}
