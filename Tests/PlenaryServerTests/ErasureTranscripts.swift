// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDomain
import PlenaryLog
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// "After erasure is reported done, the bytes are in no file that the server owns" (docs/DURABILITY.md, P5):
/// segments, indexes, snapshots and the search index of a running server.
struct ErasureTranscripts {
    private static func searching(_ configuration: inout ServerConfiguration) {
        configuration.offersSearch = true
        configuration.searchMilliseconds = 60_000
        configuration.segmentByteCount = 16_384
    }

    private func marker() -> String {
        String(decoding: (0..<32).map { _ in UInt8.random(in: 97...122) }, as: UTF8.self)
    }

    /// Asks until no request is open; each question passes the whole way through the community's queue.
    private func waitUntilDone(_ script: Transcript) async throws {
        for _ in 0..<2_000_000 {
            if await script.server.administer(.erasureList) == .done([]) { return }
            await Task.yield()
        }
        throw VictimError("the erasure does not end")
    }

    private func found(_ script: Transcript, _ markers: [String]) -> [String] {
        let search = ByteSearch(
            directory: script.configuration.dataDirectory, patterns: markers.map { Array($0.utf8) })
        #expect(search.fileCount > 3 && search.unreadable == [])
        return search.findings.map(\.path)
    }

    private func erase(_ script: Transcript, _ ids: [String], account: String? = nil) async throws -> AdminRow
    {
        let order = ErasureOrder(
            messages: ids.map { Text($0) }, account: account.map { Text($0) }, reason: "personal-data",
            isDryRun: false)
        guard case .done(let rows) = await script.server.administer(.erase(order)), let row = rows.first
        else {
            throw VictimError("the erasure was refused")
        }
        return row
    }

    /// Messages of a channel and of two, before and after a restart, in history and search: gone; the others stay.
    @Test(arguments: Transport.allCases)
    func whatIsErasedIsInNoFileAndNoAnswer(over transport: Transport) async throws {
        try await ThreadScene.run(transport, configure: Self.searching) { scene in
            let script = scene.script
            await scene.begin("Talk")
            let cat = try await scene.arrive("cat", ThreadScene.capable + ["draft/search"])
            var ids: [String] = []
            var markers: [String] = []
            for number in 0..<60 {
                let text = marker()
                let target = ["#tea", "#tea/1", "bob"][number % 3]
                let id = try await scene.say(scene.ann, target, "\(text) word\(number)")
                guard number % 4 == 0 else { continue }
                markers.append(text)
                ids.append(id)
            }
            // What is found is in the index: a search waits until it has caught up.
            cat.send("SEARCH text=word0")
            try await cat.skip(to: "*BATCH -*")
            #expect(Set(found(script, markers)).count > 1)
            let dry = ErasureOrder(
                messages: ids.map { Text($0) }, account: nil, reason: "test", isDryRun: true)
            guard case .done(let planned) = await script.server.administer(.erase(dry)) else {
                throw VictimError("the dry run was refused")
            }
            #expect(planned.first?["messages"] == "15" && planned.first?["request"] == "")
            #expect(await script.server.administer(.erasureList) == .done([]))
            let row = try await erase(script, ids)
            #expect(row["messages"] == "15")
            // Nobody is shown them from the answer on, whether they are out of the files yet or not.
            await scene.clear(cat)
            cat.send("SEARCH text=word0")
            try await cat.expect("*BATCH +*", "*BATCH -*")
            try await waitUntilDone(script)
            #expect(found(script, markers) == [])
            cat.send("SEARCH text=word7")
            try await cat.expect("*BATCH +*", "* word7", "*BATCH -*")
            let history = await scene.ask(scene.ann, "CHATHISTORY LATEST bob * 100")
            #expect(history.count { $0.contains("PRIVMSG") } == 15)
            #expect(!history.contains { line in markers.contains { line.contains($0) } })
            let again = try await scene.again()
            let after = await again.ask(again.ann, "CHATHISTORY LATEST #tea * 100")
            #expect(after.count { $0.contains("PRIVMSG") } == 30)
            #expect(!after.contains { line in markers.contains { line.contains($0) } })
            #expect(found(script, markers) == [])
            let report = verify(directory: script.configuration.dataDirectory)
            #expect(report.outcome == .clean || report.outcome == .tornTail, "\(report.lines)")
        }
    }

    /// "drop credential … facts": nothing of an account's name, keys or words is left, and its topic stays.
    @Test(arguments: Transport.allCases)
    func anErasedAccountLeavesNoName(over transport: Transport) async throws {
        let people = ["bob", "zaphodbeeble"]
        try await ThreadScene.run(transport, configure: Self.searching, people: people) { scene in
            let script = scene.script
            let zaphod = try await scene.arrive("zaphodbeeble", ThreadScene.capable)
            let text = marker()
            scene.ann.send("MODE #tea +o zaphodbeeble")
            await scene.clear(zaphod)
            _ = try await scene.say(zaphod, "#tea", text)
            _ = try await scene.say(zaphod, "bob", text)
            _ = try await scene.say(scene.bob, "zaphodbeeble", "an answer")
            zaphod.send("TOPIC #tea :the agenda", "MODE #tea +b spam!*@*")
            await scene.clear(zaphod)
            let names = [text, "zaphodbeeble"]
            #expect(!found(script, names).isEmpty)
            _ = try await erase(script, [], account: "zaphodbeeble")
            try await waitUntilDone(script)
            #expect(found(script, names) == [])
            let topic = await scene.ask(scene.ann, "TOPIC #tea")
            #expect(topic.contains { $0.contains("332 ann #tea :the agenda") })
            #expect(!topic.contains { $0.contains("zaphodbeeble") })
            let again = try await scene.again()
            again.ann.send("TOPIC #tea")
            try await again.ann.expect(
                ":srv 332 ann #tea :the agenda", ":srv 333 ann #tea former-member-3* *")
            #expect(found(script, names) == [])
        }
    }

    /// What does not exist is not erased, and nothing else with it.
    @Test(arguments: Transport.allCases)
    func anUnknownMessageOrAccountIsRefused(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let id = try await scene.say(scene.ann, "#tea", "hello")
            let both = ErasureOrder(
                messages: [Text(id), "nonsense"], account: nil, reason: "r", isDryRun: false)
            #expect(
                await scene.script.server.administer(.erase(both)) == .refused(.noSuchMessage("nonsense")))
            let nobody = ErasureOrder(messages: [], account: "nobody", reason: "r", isDryRun: false)
            #expect(
                await scene.script.server.administer(.erase(nobody)) == .refused(.noSuchAccount("nobody")))
            #expect(await scene.script.server.administer(.erasureList) == .done([]))
        }
    }
}
