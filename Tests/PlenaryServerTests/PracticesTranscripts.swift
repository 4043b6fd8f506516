// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// PRACTICE (docs/extensions/practices.md).
struct PracticesTranscripts {
    private func run(
        _ transport: Transport, _ body: (Transcript, [String: TranscriptClient]) async throws -> Void
    ) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: PracticesTranscripts.withTea) {
            script in
            let people: [(String, ServerRole)] = [
                ("bo", .member), ("cat", .member), ("rap", .rapporteur),
            ]
            var clients: [String: TranscriptClient] = [:]
            for (name, role) in people {
                try await script.addAccount(name, password: "correct horse", role: role)
                let client = try await script.register(
                    name, capabilities: ["message-tags", "echo-message"], password: "correct horse")
                client.send("JOIN #tea")
                await client.drain()
                clients[name] = client
            }
            for client in clients.values { await client.drain() }
            try await body(script, clients)
        }
    }

    private static func withTea(_ configuration: inout ServerConfiguration) {
        configuration.channels = [ChannelConfiguration(name: "tea", titles: [])]
    }

    private func say(_ client: TranscriptClient, _ text: String) async throws -> String {
        await client.drain()
        client.send("PRIVMSG #tea :\(text)")
        let lines = await client.drain()
        return try #require(ThreadScene.messageID(lines.last ?? ""), "\(lines)")
    }

    /// From SUBMIT to a citation; "whoever submitted a practice is told by a notice of the desk what others decide",
    /// and nobody else knows of it before.
    @Test(arguments: Transport.allCases)
    func aPracticeIsSubmittedReviewedAndPublished(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let bo = people["bo"], let cat = people["cat"], let rap = people["rap"] else { return }
            let id = try await say(bo, "we have a standing body")
            for client in people.values { await client.drain() }
            cat.send("PRACTICE SUBMIT \(id) title=Mine", "PRACTICE SUBMIT #none ~1 title=x")
            try await cat.expect(
                ":srv FAIL PRACTICE PRIVS_NEEDED #tea :*", ":srv FAIL PRACTICE INVALID_TARGET #none :*")
            bo.send("PRACTICE SUBMIT \(id) title=A\\sstanding\\sbody;country=py;type=separate;since=2011")
            try await bo.expect(":srv NOTE PRACTICE SUBMITTED 1 :Practice 1 was submitted for review")
            cat.send("PRACTICE INFO 1", "PRACTICE LIST")
            try await cat.expect(
                ":srv FAIL PRACTICE NO_SUCH_PRACTICE 1 :*", ":srv NOTE PRACTICE LIST 0 \\* :0 in all")
            rap.send("PRACTICE REVIEW 1 return :since when by law?")
            try await rap.expect(":srv NOTE PRACTICE RETURNED 1 :Practice 1 was returned: since when by law?")
            try await bo.expect(
                ":plenary!* NOTICE bo :Practice 1 was returned: since when by law?")
            bo.send("PRACTICE CHANGE 1 summary=By\\slaw\\ssince\\s2013")
            try await bo.expect(":srv NOTE PRACTICE CHANGED 1 :*")
            rap.send("PRACTICE PUBLISH 1", "PRACTICE REVIEW 1 accept", "PRACTICE PUBLISH 1")
            try await rap.expect(
                ":srv FAIL PRACTICE WRONG_STATE submitted :*", ":srv NOTE PRACTICE ACCEPTED 1 :*",
                ":srv NOTE PRACTICE PUBLISHED 1 PR-2023-0001 :Practice 1 was published as PR-2023-0001")
            try await bo.expect(
                ":plenary!* NOTICE bo :Practice 1 was accepted and waits for publication",
                ":plenary!* NOTICE bo :Practice 1 was published as PR-2023-0001")
            cat.send("PRACTICE LIST published country=PY")
            try await cat.expect(
                ":srv PRACTICE 1 published . :citation=PR-2023-0001;title=A\\sstanding\\sbody;country=PY;"
                    + "type=separate;since=2011;by=bo;time=*;channel=#tea;source=\(id);published=*",
                ":srv NOTE PRACTICE LIST 1 \\* :1 in all")
        }
    }

    /// "A withdrawn practice keeps its citation and title; all other words are gone", after a restart too.
    @Test(arguments: Transport.allCases)
    func aWithdrawnPracticeKeepsItsNumber(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let bo = people["bo"], let rap = people["rap"] else { return }
            let id = try await say(bo, "we have a standing body")
            bo.send("PRACTICE SUBMIT \(id) title=A;summary=words", "PRACTICE SUBMIT \(id) title=B")
            await bo.drain()
            rap.send("PRACTICE REVIEW 1 accept", "PRACTICE PUBLISH 1")
            await rap.drain()
            bo.send("PRACTICE WITHDRAW 1")
            await bo.drain()
            try await script.restart()
            let again = try await script.register("rap", capabilities: [], password: "correct horse")
            again.send("JOIN #tea")
            await again.drain()
            again.send("PRACTICE INFO 1", "PRACTICE REVIEW 2 accept", "PRACTICE PUBLISH 2")
            try await again.skip(
                to: ":srv PRACTICE 1 withdrawn . :citation=PR-2023-0001;title=A;by=bo;time=*")
            try await again.skip(to: ":srv NOTE PRACTICE PUBLISHED 2 PR-2023-0002 :*")
        }
    }

    /// "At the desk it is /msg plenary practice …"
    @Test(arguments: Transport.allCases)
    func aPracticeIsSubmittedAtTheDesk(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let bo = people["bo"] else { return }
            let id = try await say(bo, "we have a standing body")
            bo.send(
                "PRIVMSG plenary :practice submit #tea =\(id.prefix(4)) title=A standing body;country=PY",
                "PRIVMSG plenary :practice list", "PRIVMSG plenary :practice info 1",
                "PRIVMSG plenary :practice publish 1")
            try await bo.expect(
                ":plenary!* NOTICE bo :Practice 1 was submitted for review",
                ":plenary!* NOTICE bo :1 submitted: A standing body (PY)", ":plenary!* NOTICE bo :1 in all",
                ":plenary!* NOTICE bo :1 submitted: A standing body (PY)",
                ":plenary!* NOTICE bo :country: PY", ":plenary!* NOTICE bo :You may not do this here")
        }
    }
}
