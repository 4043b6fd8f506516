// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// ERASE, HOLD, RETAIN and MYDATA (docs/extensions/erasure.md).
struct RetentionTranscripts {
    /// `#tea` with a member, and two of the secretariat. Time stands still until the transcript turns it.
    private func run(
        _ transport: Transport, _ body: (Transcript, [String: TranscriptClient]) async throws -> Void
    ) async throws {
        try await Transcript.run(transport, clock: ManualClock(), configure: RetentionTranscripts.patient) {
            script in
            let roles: [(String, ServerRole)] = [
                ("amina", .member), ("bo", .member), ("sec", .secretariat), ("two", .secretariat),
                ("mod", .moderator),
            ]
            var clients: [String: TranscriptClient] = [:]
            for (name, role) in roles {
                try await script.addAccount(name, password: "correct horse", role: role)
                let client = try await script.register(
                    name, capabilities: ["message-tags", "echo-message", "batch", "draft/message-redaction"],
                    password: "correct horse")
                client.send("JOIN #tea")
                await client.drain()
                clients[name] = client
            }
            for client in clients.values { await client.drain() }
            try await body(script, clients)
        }
    }

    /// Days go by within a transcript, and nobody is asked whether he is still there.
    private static func patient(_ configuration: inout ServerConfiguration) {
        configuration.limits.pingAfterSeconds = 100 * 86_400
        configuration.limits.closeAfterSilenceSeconds = 200 * 86_400
    }

    private func say(
        _ client: TranscriptClient, _ text: String, to target: String = "#tea"
    ) async throws -> String {
        await client.drain()
        client.send("PRIVMSG \(target) :\(text)")
        let lines = await client.drain()
        return try #require(ThreadScene.messageID(lines.last ?? ""), "\(lines)")
    }

    private func history(_ client: TranscriptClient, _ target: String = "#tea") async -> [String] {
        await client.drain()
        client.send("CHATHISTORY LATEST \(target) * 50")
        return await client.drain().filter { $0.contains(" PRIVMSG ") }
            .compactMap { $0.components(separatedBy: " :").last }
    }

    /// "MESSAGE erases one's own message (erase-own) … or in a channel anybody's (erase-person). Members with
    /// message-redaction see a REDACT at once … An unknown message and one that the asker may not see are
    /// answered alike."
    @Test(arguments: Transport.allCases)
    func oneErasesOnesOwnMessageAndTheSecretariatAnybodys(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"], let sec = people["sec"],
                let mod = people["mod"]
            else { return }
            let first = try await say(amina, "first")
            let second = try await say(amina, "second")
            for client in people.values { await client.drain() }
            for client in [bo, mod] {
                client.send("ERASE MESSAGE #tea \(first)")
                try await client.expect(":srv FAIL ERASE PRIVS_NEEDED #tea \(first) :*")
            }
            amina.send("ERASE MESSAGE #tea \(first) personal-data")
            try await amina.expect(
                "@* :amina!* REDACT #tea \(first) :personal-data",
                ":srv NOTE ERASE REQUESTED #tea \(first) :*"
            )
            try await bo.expect("@* :amina!* REDACT #tea \(first) :personal-data")
            sec.send("ERASE MESSAGE #tea \(second)")
            await sec.drain()
            for id in [first, second, "junk"] {
                amina.send("ERASE MESSAGE #tea \(id)")
            }
            try await amina.skip(to: ":srv FAIL ERASE UNKNOWN_MSGID #tea \(first) :*")
            try await amina.expect(
                ":srv FAIL ERASE UNKNOWN_MSGID #tea \(second) :*",
                ":srv FAIL ERASE UNKNOWN_MSGID #tea junk :*")
            amina.send(
                "ERASE MESSAGE #none \(first)", "ERASE MESSAGE #tea \(first) :in words", "ERASE EVERYTHING")
            try await amina.expect(
                ":srv FAIL ERASE INVALID_TARGET #none :*", ":srv FAIL ERASE INVALID_PARAMS in_words :*",
                ":srv FAIL ERASE INVALID_PARAMS EVERYTHING :*")
            #expect(await history(bo) == [])
        }
    }

    /// A message redacted before is still in the files, so it may still be erased by those who may; for others it
    /// is unknown.
    @Test(arguments: Transport.allCases)
    func aRedactedMessageMayStillBeErased(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"] else { return }
            let id = try await say(amina, "oops")
            amina.send("REDACT #tea \(id)")
            await amina.drain()
            await bo.drain()
            bo.send("ERASE MESSAGE #tea \(id)")
            try await bo.expect(":srv FAIL ERASE UNKNOWN_MSGID #tea \(id) :*")
            amina.send("ERASE MESSAGE #tea \(id)")
            try await amina.expect(":srv NOTE ERASE REQUESTED #tea \(id) :*")
        }
    }

    /// In a talk between two, each erases the own words.
    @Test(arguments: Transport.allCases)
    func inATalkEachErasesTheOwnWords(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"] else { return }
            let id = try await say(amina, "between us", to: "bo")
            await bo.drain()
            bo.send("ERASE MESSAGE amina \(id)")
            try await bo.expect(":srv FAIL ERASE PRIVS_NEEDED amina \(id) :*")
            amina.send("ERASE MESSAGE bo \(id)")
            try await amina.skip(to: ":srv NOTE ERASE REQUESTED bo \(id) :*")
            #expect(await history(bo, "amina") == [])
        }
    }

    /// "ACCOUNT takes two people: the first one's command proposes it …; a second one's, within seven days, carries
    /// it out and ends the account's sessions … Nobody proposes and confirms alone, nor for the own account."
    @Test(arguments: Transport.allCases)
    func anAccountIsForgottenByTwo(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"], let sec = people["sec"],
                let two = people["two"], let mod = people["mod"]
            else { return }
            _ = try await say(amina, "I was here")
            for client in people.values { await client.drain() }
            mod.send("ERASE ACCOUNT amina")
            try await mod.expect(":srv FAIL ERASE PRIVS_NEEDED :*")
            sec.send(
                "ERASE ACCOUNT sec", "ERASE ACCOUNT nobody", "ERASE CANCEL amina", "ERASE ACCOUNT Amina asked"
            )
            try await sec.expect(
                ":srv FAIL ERASE SECOND_PERSON_NEEDED sec :*", ":srv FAIL ERASE NO_SUCH_ACCOUNT nobody :*",
                ":srv FAIL ERASE NO_SUCH_ACCOUNT amina :*", ":srv NOTE ERASE PROPOSED amina * :*")
            sec.send("ERASE ACCOUNT amina", "ERASE LIST")
            try await sec.expect(
                ":srv FAIL ERASE SECOND_PERSON_NEEDED amina :*",
                ":srv NOTE ERASE PROPOSAL amina sec * :asked",
                ":srv NOTE ERASE END 1 :")
            two.send("ERASE CANCEL amina")
            try await two.expect(":srv NOTE ERASE CANCELLED amina :*")
            two.send("ERASE ACCOUNT amina asked")
            try await two.expect(":srv NOTE ERASE PROPOSED amina * :*")
            // A proposal that is too old is one anew, whoever makes it.
            try await script.turnClock(seconds: 7 * 86_400 + 1)
            sec.send("ERASE ACCOUNT amina asked")
            try await sec.expect(":srv NOTE ERASE PROPOSED amina * :*")
            try await script.turnClock(seconds: 7 * 86_400 - 1)
            two.send("ERASE ACCOUNT amina")
            try await two.skip(to: ":srv NOTE ERASE REQUESTED amina :*")
            try await amina.skip(to: "ERROR :*")
            #expect(await history(bo) == [])
            await bo.drain()
            bo.send("WHOIS amina")
            try await bo.skip(to: ":srv 318 bo amina :*")
            sec.send("ERASE ACCOUNT amina")
            try await sec.skip(to: ":srv FAIL ERASE NO_SUCH_ACCOUNT amina :*")
        }
    }

    /// "nothing of the channel, or by the account, is erased, forgotten or runs out until it is lifted."
    @Test(arguments: Transport.allCases)
    func aHoldKeepsWhatItNames(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"], let sec = people["sec"] else { return }
            let byAmina = try await say(amina, "one")
            let byBo = try await say(bo, "two")
            for client in people.values { await client.drain() }
            amina.send("HOLD #tea ON", "HOLD LIST")
            try await amina.expect(":srv FAIL HOLD PRIVS_NEEDED :*", ":srv FAIL HOLD PRIVS_NEEDED :*")
            sec.send(
                "HOLD #none ON", "HOLD nobody ON", "HOLD #tea MAYBE", "HOLD amina ON inquiry", "HOLD amina ON"
            )
            try await sec.expect(
                ":srv FAIL HOLD INVALID_TARGET #none :*", ":srv FAIL HOLD NO_SUCH_ACCOUNT nobody :*",
                ":srv FAIL HOLD INVALID_PARAMS MAYBE :*", ":srv NOTE HOLD ON amina :*",
                ":srv NOTE HOLD ON amina :*")
            amina.send("ERASE MESSAGE #tea \(byAmina)")
            try await amina.expect(":srv FAIL ERASE HELD #tea \(byAmina) :*")
            sec.send("ERASE ACCOUNT amina", "HOLD #tea ON court", "HOLD LIST", "ERASE ACCOUNT bo")
            try await sec.expect(
                ":srv FAIL ERASE HELD amina :*", ":srv NOTE HOLD ON #tea :*",
                ":srv NOTE HOLD HELD amina * :inquiry",
                ":srv NOTE HOLD HELD #tea * :court", ":srv NOTE HOLD END 2 :", ":srv FAIL ERASE HELD bo :*")
            bo.send("ERASE MESSAGE #tea \(byBo)")
            try await bo.expect(":srv FAIL ERASE HELD #tea \(byBo) :*")
            // "An operator's `plenaryd erase` is refused alike."
            let orders = [
                ErasureOrder(messages: [Text(byBo)], account: nil, reason: "r", isDryRun: false),
                ErasureOrder(messages: [], account: "bo", reason: "r", isDryRun: false),
            ]
            for order in orders {
                #expect(await script.server.administer(.erase(order)) == .refused(.held("#tea")))
            }
            sec.send("HOLD #tea OFF", "HOLD amina OFF")
            await sec.drain()
            bo.send("ERASE MESSAGE #tea \(byBo)")
            try await bo.skip(to: ":srv NOTE ERASE REQUESTED #tea \(byBo) :*")
        }
    }

    /// "Messages older than that are erased by the server … with the reason `retention`"; what is held stays, and 1
    /// to 36500 days may be set.
    @Test(arguments: Transport.allCases)
    func whatIsOlderThanItsChannelKeepsRunsOut(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"], let sec = people["sec"] else { return }
            _ = try await say(amina, "old")
            _ = try await say(bo, "held")
            for client in people.values { await client.drain() }
            amina.send("RETAIN #tea", "RETAIN #tea 30", "RETAIN #none")
            try await amina.expect(
                ":srv NOTE RETAIN DAYS #tea forever :*", ":srv FAIL RETAIN PRIVS_NEEDED #tea :*",
                ":srv FAIL RETAIN INVALID_TARGET #none :*")
            sec.send(
                "RETAIN #tea 0", "RETAIN #tea 36501", "RETAIN #tea soon", "RETAIN #tea 36500",
                "RETAIN #tea 1",
                "HOLD bo ON")
            try await sec.expect(
                ":srv FAIL RETAIN INVALID_PARAMS 0 :*", ":srv FAIL RETAIN INVALID_PARAMS 36501 :*",
                ":srv FAIL RETAIN INVALID_PARAMS soon :*", ":srv NOTE RETAIN DAYS #tea 36500 :*",
                ":srv NOTE RETAIN DAYS #tea 1 :*", ":srv NOTE HOLD ON bo :*")
            try await script.turnClock(seconds: 86_000)
            #expect(await history(sec) == ["old", "held"])
            _ = try await say(amina, "new")
            try await script.turnClock(seconds: 3_700)
            #expect(await history(sec) == ["held", "new"])
            sec.send("HOLD bo OFF")
            await sec.drain()
            try await script.turnClock(seconds: 3_700)
            #expect(await history(sec) == ["new"])
        }
    }

    /// "All records of the log that the asker's account is in … not what moderators wrote about it among themselves,
    /// and no password hashes"; a record that is too long goes on in the next line.
    @Test(arguments: Transport.allCases)
    func onesOwnRecordsAreAllThereAndNobodyElses(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let amina = people["amina"], let bo = people["bo"] else { return }
            let long = String(repeating: "нация ", count: 35)
            _ = try await say(amina, "mine; all=mine")
            _ = try await say(bo, "not mine")
            _ = try await say(amina, long)
            _ = try await say(amina, "to bo alone", to: "bo")
            await amina.drain()
            amina.send("MYDATA")
            let lines = await amina.drain()
            let text = lines.joined(separator: "\n")
            #expect(text.contains("text=mine\\:\\sall=mine"))
            #expect(text.contains("account . :name=amina;role=member"))
            #expect(text.contains("password . :set=yes"))
            #expect(text.contains("text=to\\sbo\\salone"))
            #expect(!text.contains("not\\smine"))
            #expect(lines.last?.contains("NOTE MYDATA END 5 :") ?? false, "\(lines.last ?? "")")
            let pieces = lines.filter { $0.contains("MYDATA") && $0.contains("нация") }
            #expect(pieces.count == 2)
            #expect(pieces.first?.contains(" message + :") ?? false)
            let joined = pieces.compactMap { $0.split(separator: " :", maxSplits: 1).last }.joined()
            #expect(joined.hasSuffix("text=" + long.replacing(" ", with: "\\s")))
            amina.send("MYDATA junk")
            try await amina.expect(":srv FAIL MYDATA INVALID_PARAMS junk :*")
        }
    }

    /// "At most 200 records … make a page": at the limit one page, above it a second, and none twice.
    @Test(arguments: [197, 198])
    func aPageOfRecordsHasTwoHundred(messageCount: Int) async throws {
        try await run(.memory) { script, people in
            guard let amina = people["amina"] else { return }
            for number in 0..<messageCount { amina.send("PRIVMSG #tea :m\(number).") }
            await amina.drain()
            amina.send("MYDATA")
            var lines = await amina.drain()
            // account, password, and the channel that the first of them made are records as well
            let others = lines.filter {
                $0.contains(" MYDATA ") && !$0.contains(" message ") && !$0.contains("NOTE")
            }
            let total = messageCount + others.count
            if total > 200 {
                let next = try #require(lines.last?.firstMatch(of: /NOTE MYDATA NEXT (\S+) :/)).output.1
                amina.send("MYDATA \(next)")
                lines += await amina.drain()
            }
            #expect(lines.last?.contains("NOTE MYDATA END ") ?? false)
            for number in 0..<messageCount {
                #expect(lines.filter { $0.hasSuffix("text=m\(number).") }.count == 1)
            }
        }
    }

    /// Nobody without an account has records, and nothing to erase.
    @Test(arguments: Transport.allCases)
    func guestsAreToldToSignIn(over transport: Transport) async throws {
        try await run(transport) { script, _ in
            let guest = try await script.register("zoe")
            guest.send("MYDATA", "ERASE LIST", "HOLD LIST", "RETAIN #tea")
            try await guest.expect(
                ":srv FAIL MYDATA ACCOUNT_REQUIRED :*", ":srv FAIL ERASE ACCOUNT_REQUIRED :*",
                ":srv FAIL HOLD ACCOUNT_REQUIRED :*", ":srv FAIL RETAIN ACCOUNT_REQUIRED :*")
        }
    }
}
