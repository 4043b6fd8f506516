// SPDX-License-Identifier: Apache-2.0

import CPlenaryBench
import Glibc

extension Bench {
    /// The same messages to a thread and to the channel itself, on the same connections in turn: what a thread adds
    /// to a delivery. The main line takes the place of the reference.
    mutating func fanoutToThread(_ parameters: FanoutParameters) throws {
        // All receivers alike: with the capability a tag is added, without it a cue.
        let tags = "batch server-time message-tags"
        let readers = [("threads", tags + " plenary.chat/threads"), ("tags", tags), ("plain", nil)]
        for (name, capabilities) in readers {
            var measurements = parameters.windows.map { window in
                Measurement(
                    "fanout-thread",
                    [
                        ("readers", "\"\(name)\""), ("subscribers", "\(parameters.subscriberCount)"),
                        ("publishers", "\(parameters.publisherCount)"), ("window", "\(window)"),
                    ])
            }
            for round in 0..<options.rounds {
                try addRound(round, parameters, capabilities, to: &measurements)
            }
            for measurement in measurements { report(measurement) }
        }
    }

    private func addRound(
        _ round: Int, _ parameters: FanoutParameters, _ capabilities: String?,
        to measurements: inout [Measurement]
    ) throws {
        let words = capabilities.flatMap { strdup($0) }
        defer { free(words) }
        try withServer(.ours, isTLS: parameters.isTLS) { child in
            var load = load(child, isTLS: parameters.isTLS)
            load.publishersPerChannel = Int32(parameters.publisherCount)
            load.subscribersPerChannel = Int32(parameters.subscriberCount)
            // SAFETY: freed after the load that reads it while it connects is closed.
            load.capabilities = words.map { UnsafePointer($0) }
            var result = load_result()
            guard let opened = load_open(&load, &result) else { throw Bench.loadFailure }
            defer { load_close(opened) }
            guard load_begin_threads(opened) == 0 else { throw Bench.loadFailure }
            // Thread and main line alternate in short windows, so that what else the machine does meets both.
            for turn in 0..<4 {
                for (index, window) in parameters.windows.enumerated() {
                    for part in 0..<2 {
                        let isThread = (round + turn + part) % 2 == 0
                        load_post_to(opened, isThread ? 1 : 0)
                        guard load_run(opened, Int32(window), options.seconds / 2, &result) == 0 else {
                            throw Bench.loadFailure
                        }
                        let sample: Sample = [
                            ("cpu_ns_per_delivery", result.serverCPU * 1e9 / Double(result.deliveries)),
                            ("p50_us", result.p50),
                        ]
                        measurements[index].add(sample, of: isThread ? .ours : .reference)
                    }
                }
            }
        }
    }
}
