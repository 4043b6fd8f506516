// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// OUTCOME and STATS (docs/extensions/outcomes.md).
struct OutcomesTranscripts {
    /// `#tea` with a rapporteur, a member with the capability, and one on a plain client.
    private func run(
        _ transport: Transport, _ body: (Transcript, [String: TranscriptClient]) async throws -> Void
    ) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: OutcomesTranscripts.withTea) {
            script in
            let people: [(String, ServerRole, [String])] = [
                ("rap", .rapporteur, ["message-tags", "echo-message", "plenary.chat/outcomes"]),
                ("bo", .member, ["message-tags", "echo-message", "plenary.chat/outcomes"]),
                ("cat", .member, ["message-tags", "echo-message"]),
            ]
            var clients: [String: TranscriptClient] = [:]
            for (name, role, capabilities) in people {
                try await script.addAccount(name, password: "correct horse", role: role)
                let client = try await script.register(
                    name, capabilities: capabilities, password: "correct horse")
                client.send("JOIN #tea")
                await client.drain()
                clients[name] = client
            }
            for client in clients.values { await client.drain() }
            try await body(script, clients)
        }
    }

    /// A channel that stays, so that marks are there after a restart.
    private static func withTea(_ configuration: inout ServerConfiguration) {
        configuration.channels = [ChannelConfiguration(name: "tea", titles: [])]
    }

    private func say(_ client: TranscriptClient, _ text: String) async throws -> String {
        await client.drain()
        client.send("PRIVMSG #tea :\(text)")
        let lines = await client.drain()
        return try #require(ThreadScene.messageID(lines.last ?? ""), "\(lines)")
    }

    /// "To mark, edit and unmark takes the permission `mark-outcomes` in the channel … Members with the capability get
    /// OUTCOME lines"; plain clients nothing until they ask.
    @Test(arguments: Transport.allCases)
    func aRapporteurMarksAndMembersAreTold(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let rap = people["rap"], let bo = people["bo"], let cat = people["cat"] else { return }
            let id = try await say(bo, "a body that stays")
            for client in people.values { await client.drain() }
            bo.send("OUTCOME #tea MARK \(id) lesson :mine")
            try await bo.expect(":srv FAIL OUTCOME PRIVS_NEEDED #tea :*")
            rap.send("OUTCOME #tea MARK \(id) lesson tea :A standing body; helps")
            try await rap.expect(
                "@* :rap!* OUTCOME #tea MARKED 1 . :kind=lesson;theme=tea;by=rap;time=*;sources=\(id);"
                    + "summary=A\\sstanding\\sbody\\:\\shelps",
                ":srv NOTE OUTCOME MARKED #tea 1 :Marked as number 1 in #tea")
            try await bo.expect("@* :rap!* OUTCOME #tea MARKED 1 . :kind=lesson;*")
            try await cat.expectNothing()
            cat.send("OUTCOME #tea LIST")
            try await cat.expect(
                ":plenary!* NOTICE cat :1 lesson (tea): A standing body; helps [=\(id.prefix(4))] rap",
                ":plenary!* NOTICE cat :1 in all")
            rap.send("OUTCOME #tea EDIT 1 :Better", "OUTCOME #tea UNMARK 1", "OUTCOME #tea LIST")
            try await rap.skip(to: "@* :rap!* OUTCOME #tea EDITED 1 . :summary=Better")
            try await rap.skip(to: "@* :rap!* OUTCOME #tea UNMARKED 1 . :")
            try await rap.skip(to: ":srv NOTE OUTCOME LIST #tea 0 \\* :0 in all")
        }
    }

    /// "What is redacted … later leaves the mark as it is; the source is then shown as gone, never its text", and all
    /// is there after a restart.
    @Test(arguments: Transport.allCases)
    func aMarkOutlivesItsSource(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let rap = people["rap"], let bo = people["bo"] else { return }
            let id = try await say(bo, "to be gone")
            rap.send("OUTCOME #tea MARK bo outcome :What came of it")
            bo.send("REDACT #tea \(id)")
            for client in people.values { await client.drain() }
            try await script.restart()
            let again = try await script.register(
                "rap", capabilities: ["plenary.chat/outcomes"], password: "correct horse")
            again.send("JOIN #tea")
            await again.drain()
            again.send("OUTCOME #tea LIST", "OUTCOME #tea LIST 1")
            try await again.expect(
                ":srv OUTCOME #tea MARK 1 . :kind=outcome;by=rap;time=*;sources=!\(id);"
                    + "summary=What\\scame\\sof\\sit",
                ":srv NOTE OUTCOME LIST #tea 1 \\* :1 in all", ":srv NOTE OUTCOME LIST #tea 0 \\* :0 in all")
        }
    }

    /// "Messages accepted by label at the desk too", and what is wrong is said in a sentence.
    @Test(arguments: Transport.allCases)
    func aRapporteurMarksAtTheDesk(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let bo = people["bo"] else { return }
            try await script.addAccount("old", password: "correct horse", role: .rapporteur)
            let old = try await script.register("old", capabilities: [], password: "correct horse")
            old.send("JOIN #tea")
            await old.drain()
            let id = try await say(bo, "something")
            await old.drain()
            old.send(
                "PRIVMSG plenary :outcome #tea mark =\(id.prefix(4)) action write it down",
                "PRIVMSG plenary :outcome #tea mark ~9 action :too far",
                "PRIVMSG plenary :outcome #none list")
            try await old.expect(
                ":plenary!* NOTICE old :Marked as number 1 in #tea",
                ":plenary!* NOTICE old :* (~9)", ":plenary!* NOTICE old :There is no such channel, * (#none)")
        }
    }

    /// "How many messages came from which kinds of people, for those with the permission `export`"; "fewer than 5
    /// people in all: the total is `* *` too".
    @Test(arguments: Transport.allCases)
    func countsOfFewPeopleAreNotGiven(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let rap = people["rap"], let bo = people["bo"] else { return }
            _ = try await say(bo, "one")
            for client in people.values { await client.drain() }
            bo.send("STATS #tea")
            try await bo.expect(":srv FAIL STATS PRIVS_NEEDED #tea :*")
            rap.send("STATS #none", "STATS #tea yesterday", "STATS #tea 2023-06-23 *")
            try await rap.expect(
                ":srv FAIL STATS INVALID_TARGET #none :*", ":srv FAIL STATS INVALID_PARAMS yesterday :*")
            let lines = await rap.drain()
            #expect(lines.filter { $0.contains(" STATS #tea ") }.count == 11 + 7 + 3)
            #expect(lines.dropLast().allSatisfy { $0.hasSuffix(" * *") }, "\(lines)")
            #expect(
                lines.last?.contains("NOTE STATS END #tea * * 2023-06-23T00:00:00.000Z * :") ?? false,
                "\(lines.last ?? "")")
        }
    }
}
