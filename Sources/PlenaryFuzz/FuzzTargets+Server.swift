// SPDX-License-Identifier: Apache-2.0

import PlenaryServer

extension FuzzTarget {
    /// What the admin socket hears, and whole conversations with the server.
    static let server = [
        FuzzTarget("admin", byteLimit: 1024, checkAdmin),
        FuzzTarget("commands", byteLimit: 1024, checkCommands),
    ]

    /// A request and an answer that are read are written and read again the same.
    @Sendable private static func checkAdmin(_ input: [UInt8]) throws(BrokenClaim) {
        if let request = AdminCodec.request(input) {
            let line = AdminCodec.encode(request)
            try claim(line.last == 10 && !line.dropLast().contains(10), "a request is one line")
            try claim(AdminCodec.request(line.dropLast()) == request, "a request is read again")
        }
        if let reply = AdminCodec.reply(input) {
            try claim(AdminCodec.reply(AdminCodec.encode(reply)) == reply, "an answer is read again")
        }
    }

    /// Lines of several people, each behind a byte that says whose it is. Whatever they ask for, what anybody is told
    /// is a line.
    @Sendable private static func checkCommands(_ input: [UInt8]) throws(BrokenClaim) {
        var room = CommandRoom()
        var stepLimit = 40
        for piece in input.split(separator: 10) where stepLimit > 0 {
            stepLimit -= 1
            try room.hear(Array(piece.dropFirst()), from: piece.first ?? 0)
        }
    }
}
