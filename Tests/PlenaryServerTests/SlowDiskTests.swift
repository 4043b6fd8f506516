// SPDX-License-Identifier: Apache-2.0

import Dispatch
import PlenaryLog
import PlenaryServer
import PlenaryTestKit
import Testing

/// A disk that takes its time: clients are not read while more than 8 MiB wait for it.
struct SlowDiskTests {
    /// Twice as much is said as may wait. How much of it was read before the community had decided enough to be behind
    /// depends on the machine. When the disk goes on so does reading, though nobody else says anything.
    @Test(.timeLimit(.minutes(3))) func whoIsNotReadWhileTheDiskIsBehindIsReadAfterwards() async throws {
        let directory = try TemporaryDirectory()
        let configuration = ServerConfiguration.unthrottled(dataDirectory: directory.path + "/data")
        let disk = CrowdedFiles()
        let server = try await TestServer.start(configuration, files: disk)
        let ann = try await server.connect(Arrival(isTLS: false))
        ann.send(Array("NICK ann\r\nUSER ann 0 * :ann\r\nJOIN #tea\r\nPING begun\r\n".utf8))
        try await ann.hear { $0.contains(" PONG ") && $0.hasSuffix("begun") }

        disk.sync.wait()
        let line = Array(("PRIVMSG #tea :" + String(repeating: "x", count: 300) + "\r\n").utf8)
        let hundred = (0..<100).flatMap { _ in line }
        for _ in 0..<330 { ann.send(hundred) }
        ann.send(Array("PING over\r\n".utf8))
        // Until nothing more is read: a hundred looks in a row find the same.
        var last = 0
        var same = 0
        while same < 100 || last <= LogLimits.pendingByteLimit {
            try await Task.sleep(for: .milliseconds(2))
            let now = server.server.pendingByteCount
            same = now == last ? same + 1 : 0
            last = now
        }
        disk.sync.signal()
        try await ann.hear { $0.contains(" PONG ") && $0.hasSuffix("over") }
        try await server.stop()
    }
}

extension TestConnection {
    /// Until a line that is waited for; twenty seconds without any are a failure.
    func hear(_ isAwaited: (String) -> Bool) async throws {
        while true {
            let lines = try #require(await mailbox.takeLines(until: .now() + .seconds(20)))
            try #require(!lines.isEmpty, "20 seconds without a line")
            if lines.contains(where: isAwaited) { return }
        }
    }
}
