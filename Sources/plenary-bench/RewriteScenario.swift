// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryTerms
import Synchronization

/// How long it takes to take messages out of a full segment of 64 MiB.
struct RewriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewrite", abstract: "Time to rewrite a segment of 64 MiB without some of its messages.")
    @OptionGroup var options: BenchOptions
    @Option(help: "Messages taken out in each round.")
    var messages = 1_000

    func run() throws {
        let bench = try Bench(options)
        defer { bench.end() }
        let place = bench.directory + "/rewritten"
        defer { Bench.remove(place) }
        try Bench.makeLog(at: place, messageCount: 400_000)
        let opened = try Log.open(LogConfiguration(directory: place))
        try opened.replay { _ in }
        let writer = opened.start { error in
            print("the log failed: \(error)")
            Glibc.exit(1)
        }
        for round in 0..<options.rounds {
            var plan = ErasurePlan()
            for index in 0..<messages {
                plan.messages.insert(Offset(UInt64(1 + round + index * 100)))
            }
            let job = ErasureJob(
                plan: plan, before: Timestamp(microseconds: .max), request: opened.nextOffset)
            let isDone = DispatchSemaphore(value: 0)
            let began = Child.now()
            writer.erase([job]) { result in
                switch result {
                case .success(let report):
                    let milliseconds = Int((Child.now() - began) * 1e3)
                    print(
                        "rewrite\t\(milliseconds) ms\t\(report.segmentCount) segments\t"
                            + "\(report.recordCount) records")
                case .failure(let error): print("rewrite failed: \(error)")
                }
                isDone.signal()
            }
            isDone.wait()
        }
        let isClosed = DispatchSemaphore(value: 0)
        writer.close { _ in isClosed.signal() }
        isClosed.wait()
    }
}
