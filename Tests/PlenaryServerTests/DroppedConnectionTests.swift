// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

struct DroppedConnectionTests {
    /// The server's time stands still, and nobody says anything: nothing but the end itself can tell of it.
    @Test func whoDropsTheConnectionIsGoneForTheOthersAtOnce() async throws {
        let directory = try TemporaryDirectory()
        let server = try await TestServer.start(
            .unthrottled(dataDirectory: directory.path + "/data"), clock: ManualClock().clock)
        let ann = try await server.connect(Arrival(isTLS: false))
        let bob = try await server.connect(Arrival(isTLS: false))
        for (name, connection) in [("ann", ann), ("bob", bob)] {
            connection.send(
                Array("NICK \(name)\r\nUSER \(name) 0 * :\(name)\r\nJOIN #tea\r\nPING begun\r\n".utf8))
            try await connection.hear { $0.contains(" PONG ") && $0.hasSuffix("begun") }
        }
        ann.close()
        try await bob.hear { $0.hasPrefix(":ann!") && $0.contains(" QUIT ") }
        try await server.stop()
    }
}
