// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// Every limit that the network reaches, at the limit, one above it and a hundred times above it: taken, refused with
/// exactly this answer, refused again; and the server answers everybody as before (limits.md, "each has a test at the
/// limit and above"). `HundredfoldRows.swift` is the table; `LimitTests` sees to it that no limit is left out.
struct HundredfoldTranscripts {
    /// Who is there: ann of the secretariat, who moderates `#tea`, and bob, a member, both with an account and all
    /// capabilities; gil, a guest without one.
    struct Scene {
        let script: Transcript
        let ann: TranscriptClient
        let bob: TranscriptClient
        let gil: TranscriptClient
        /// The id of a message that bob wrote in `#tea`, and of one that ann wrote.
        let ofBob: String
        let ofAnn: String

        func client(_ name: Row.Speaker, for amount: Int = 0) async throws -> TranscriptClient {
            switch name {
            case .ann: ann
            case .bob: bob
            case .gil: gil
            case .arrived: try await script.register("new\(amount)")
            }
        }
    }

    private static let capabilities = [
        "message-tags", "batch", "labeled-response", "echo-message", "setname", "draft/multiline",
        "draft/chathistory", "draft/message-redaction", "draft/metadata-2", "draft/account-registration",
        "plenary.chat/threads", "plenary.chat/idempotency", "plenary.chat/moderation",
        "plenary.chat/outcomes",
    ]

    static func run(
        _ transport: Transport, _ row: Row, _ body: (Scene) async throws -> Void
    ) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            var tea = ChannelConfiguration(name: "tea", titles: [])
            tea.replayCount = 0
            configuration.channels = [tea]
            configuration.offersSearch = row.needsSearch
            // What is found does not depend on how busy this machine is.
            configuration.searchMilliseconds = 60_000
            row.configure(&configuration)
        }
        try await Transcript.run(transport, configure: configure) { script in
            try await script.addAccount("ann", password: "correct horse", role: .secretariat)
            try await script.addAccount("bob", password: "correct horse")
            var clients: [TranscriptClient] = []
            var ids: [String] = []
            for name in ["ann", "bob"] {
                let client = try await script.register(
                    name, capabilities: capabilities + (row.needsSearch ? ["draft/search"] : []),
                    password: "correct horse")
                client.send("JOIN #tea", "PRIVMSG #tea :by \(name)")
                let line = try await client.skip(to: "@* :\(name)!* PRIVMSG #tea :by *").last ?? ""
                ids.append(HistoryTranscripts.entry(line).id)
                clients.append(client)
            }
            let gil = try await script.register("gil")
            gil.send("JOIN #tea")
            for client in clients + [gil] { await client.drain() }
            try await body(
                Scene(
                    script: script, ann: clients[0], bob: clients[1], gil: gil, ofBob: ids[1], ofAnn: ids[0]))
        }
    }

    /// Whether each of these says so in a server that is well.
    private func alive(_ scene: Scene, _ row: Row) async throws {
        for client in [scene.ann, scene.bob, scene.gil] where !client.isClosed {
            await client.drain()
            client.send("PING alive")
            try await client.expect(":srv PONG plenary.test :alive")
        }
        let fresh = try await scene.script.register("fresh")
        fresh.send("PING alive")
        try await fresh.expect(":srv PONG plenary.test :alive")
        fresh.send("QUIT")
        #expect(!scene.bob.isClosed)
    }

    /// limits.md, the table.
    @Test(arguments: Transport.allCases, Row.all)
    func eachLimitHoldsAtOneAboveAndAHundredfold(over transport: Transport, row: Row) async throws {
        try await Self.run(transport, row) { scene in
            switch row.form {
            case .amount(let lines, let accepted, let refused):
                // What is taken comes last: it may change what stands.
                for amount in [row.limit + 1, row.limit * 100, row.limit] {
                    let client = try await scene.client(row.speaker, for: amount)
                    let said = lines(scene, amount)
                    client.send(bytes: Array(said.map { $0 + "\r\n" }.joined().utf8))
                    let heard = await client.drain()
                    let isTooLong = said.contains { line in
                        let parts =
                            line.hasPrefix("@") ? line.split(separator: " ", maxSplits: 1) : ["", line[...]]
                        return parts[1].utf8.count > 510 || parts[0].utf8.count > 4095
                            || parts[0].split(separator: ";").count > 64
                    }
                    let wanted = amount == row.limit ? accepted : isTooLong ? " 417 " : refused
                    let other = amount == row.limit ? refused : accepted
                    #expect(
                        heard.contains { $0.contains(wanted) }, "\(amount): \(said.last ?? "") gave \(heard)")
                    #expect(
                        !heard.contains { $0.contains(other) }, "\(amount): \(said.last ?? "") gave \(heard)")
                    try await alive(scene, row)
                }
            case .count(let line, let refused):
                let client = try await scene.client(row.speaker)
                var number = 0
                func say(_ count: Int) async -> [String] {
                    var heard: [String] = []
                    let end = number + count
                    while number < end {
                        let next = min(end, number + 200)
                        let text = (number..<next).map { line(scene, $0) + "\r\n" }.joined()
                        client.send(bytes: Array(text.utf8))
                        heard += await client.drain()
                        number = next
                    }
                    return heard
                }
                let taken = await say(row.limit)
                #expect(!taken.contains { $0.contains(refused) }, "\(taken.last ?? "")")
                let above = await say(1)
                #expect(above.contains { $0.contains(refused) }, "\(above)")
                let beyond = await say(row.limit * 99)
                #expect(beyond.count { $0.contains(refused) } == row.limit * 99, "\(beyond.last ?? "")")
                try await alive(scene, row)
            case .conversation(let talk):
                try await talk(scene)
                try await alive(scene, row)
            }
        }
    }
}

extension HundredfoldTranscripts {
    /// One limit of the table.
    struct Row: Sendable, CustomTestStringConvertible {
        enum Speaker { case ann, bob, gil, arrived }
        typealias Lines = @Sendable (Scene, Int) -> [String]

        enum Form: Sendable {
            /// Lines that hold so much; a part of the answer when it is taken, and when it is not. A line that is
            /// too long for the wire is answered with 417 instead.
            case amount(Lines, accepted: String, refused: String)
            /// The n-th line of so many; a part of the answer from the first one too many on.
            case count(@Sendable (Scene, Int) -> String, refused: String)
            case conversation(@Sendable (Scene) async throws -> Void)
        }

        /// Type and constant as `…Limits.swift` has them.
        let name: String
        let limit: Int
        var speaker = Speaker.ann
        var needsSearch = false
        /// Lowers what would take long to reach.
        var configure: @Sendable (inout ServerConfiguration) -> Void = { _ in }
        let form: Form

        var testDescription: String { name }
    }
}
