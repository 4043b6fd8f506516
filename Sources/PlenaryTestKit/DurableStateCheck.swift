// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryServer

/// Compares a community's durable state with what the log alone gives: `apply` is the only mutation,
/// live and in replay alike (docs/DURABILITY.md).
struct DurableStateCheck {
    let configuration: ServerConfiguration

    /// The log must be closed. Replays it from its snapshot, then from the first record.
    func check(_ live: [LoggedEvent]) throws {
        try compare(live, with: "its snapshot")
        TemporaryDirectory.remove(LogPaths(configuration.dataDirectory).snapshots)
        try compare(live, with: "its records")
    }

    /// Between its fork and its exec, a program that another test starts holds copies of our descriptors,
    /// and with them a lock that was given up. So a locked log is asked for again for a second.
    private func openedLog() throws -> OpenedLog {
        for _ in 0..<100 {
            do {
                return try Log.open(TestServer.logConfiguration(configuration))
            } catch .locked {
                usleep(10_000)
            }
        }
        return try Log.open(TestServer.logConfiguration(configuration))
    }

    private func compare(_ live: [LoggedEvent], with source: String) throws {
        let opened = try openedLog()
        defer { opened.abandon() }
        var community = Community(policy: configuration.effectivePolicy)
        try opened.replay { community.apply($0) }
        let replayed = community.snapshotEvents()
        guard replayed != live else { return }
        let index =
            zip(live, replayed).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(live.count, replayed.count)
        let one = index < live.count ? "\(live[index])" : "nothing"
        let other = index < replayed.count ? "\(replayed[index])" : "nothing"
        throw TranscriptFailure("the state differs after replay from \(source): \(one) became \(other)")
    }
}
