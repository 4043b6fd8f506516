// SPDX-License-Identifier: Apache-2.0

import CPlenaryBench
import Glibc
import PlenaryTerms

extension Bench {
    mutating func growth(messageCounts: [Int]) throws -> [GrowthRow] {
        let places = messageCounts.map { "\(directory)/growth-\($0)" }
        defer { for place in places { Bench.remove(place) } }
        let times = try zip(places, messageCounts).map { place, count in
            try Bench.makeLog(at: place, messageCount: count, channelName: "#c0")
        }
        var measurements = messageCounts.map { Measurement("growth-log", [("messages", "\($0)")]) }
        try inRounds(over: &measurements) { index, side in
            switch side {
            case .ours: return try growth(log: places[index], posted: times[index])
            case .reference: return try withServer(.reference) { try [growthFanout($0)] }
            }
        }
        for index in measurements.indices {
            measurements[index].context = [
                ("log_mib", Double(Bench.byteCount(of: places[index])) / 1_048_576)
            ]
        }
        return rows(of: measurements)
    }

    /// A start as after a power cut, then pages by one client, then messages to a hundred readers.
    private func growth(log place: String, posted: ClosedRange<Timestamp>) throws -> Sample {
        let start: Sample = try withServer(.ours, data: place, endsAbruptly: true) { child in
            [
                ("ready_ms", child.secondsToReady * 1e3), ("start_cpu_ms", process_cpu(child.process) * 1e3),
                ("memory_mib", Double(process_memory(child.process)) / 1024),
            ]
        }
        // It ends abruptly as well, for the next round is to start as this one did.
        return try withServer(.ours, data: place, endsAbruptly: true) { child in
            let pages = try growthPages(child, posted: posted)
            return try start + pages + [growthFanout(child)]
        }
    }

    private func growthPages(_ child: Child, posted: ClosedRange<Timestamp>) throws -> Sample {
        let words = strdup("batch server-time message-tags draft/chathistory")
        defer { free(words) }
        var load = load(child)
        load.subscribersPerChannel = 1
        // SAFETY: freed after the load that reads it while it connects is closed.
        load.capabilities = words.map { UnsafePointer($0) }
        var result = load_result()
        guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
        defer { load_close(opened) }
        let first = UInt64(posted.lowerBound.microseconds / 1000)
        let span = UInt64(posted.upperBound.microseconds / 1000) - first
        var sample: Sample = []
        for (name, from, to) in [("newest", 0, 0), ("middle", first + span / 4, first + 3 * span / 4)] {
            load_fetch_between(opened, from, to)
            // The first fetch finds nothing in memory, and is none of many.
            guard load_history(opened, 100, 1, &result) == 0 else { throw Bench.loadFailure }
            sample.append((name + "_first_us", result.p50))
            guard load_history(opened, 100, Int32(max(20, 1000 * options.seconds)), &result) == 0 else {
                throw Bench.loadFailure
            }
            sample += [
                (name + "_p50_us", result.p50), (name + "_p99_us", result.p99),
                (name + "_cpu_us_per_line", result.serverCPU * 1e6 / Double(result.lines)),
            ]
        }
        return sample
    }

    private func growthFanout(_ child: Child) throws -> (name: String, value: Double) {
        var load = load(child)
        load.publishersPerChannel = 4
        load.subscribersPerChannel = 100
        let result = try paced(load, messagesPerSecond: growthMessagesPerSecond, seconds: options.seconds)
        return ("cpu_us_per_delivery", result.serverCPU * 1e6 / Double(result.deliveries))
    }
}
