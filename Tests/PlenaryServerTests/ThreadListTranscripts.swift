// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// THREAD LIST (docs/extensions/threads.md, "THREAD" and "Event and list line").
struct ThreadListTranscripts {
    /// The numbers of a list's rows, and whether it said that nothing follows.
    private func list(
        _ scene: ThreadScene, _ client: TranscriptClient, _ question: String
    ) async throws -> (rows: [String], isEnd: Bool) {
        let lines = await scene.ask(client, "THREAD \(question)")
        let opening = try #require(lines.first), closing = try #require(lines.last)
        let channel = question.split(separator: " ")[0]
        let words = ThreadScene.body(opening).split(separator: " ")
        try #require(
            words.count == 5 && words[1] == "BATCH" && words[3] == "plenary.chat/threads", "\(lines)")
        #expect(words[4] == channel.lowercased())
        #expect(closing == ":plenary.test BATCH -" + words[2].dropFirst())
        let rows = lines.dropFirst().dropLast().map { line in
            #expect(ThreadScene.tag("batch", line) == String(words[2].dropFirst()))
            let words = ThreadScene.body(line).split(separator: " ")
            guard words.count > 4, words[1] == "THREAD", words[4] == "INFO" else {
                Issue.record("no row of a list: \(line)")
                return ""
            }
            return channel == "*" ? "\(words[2])/\(words[3])" : String(words[3])
        }
        return (rows, opening.hasPrefix("@plenary.chat/threads-end "))
    }

    /// "LIST answers in a batch `plenary.chat/threads <channel or *>`; its opening line has the tag
    /// `plenary.chat/threads-end` when nothing follows", also as one labelled answer.
    @Test(arguments: Transport.allCases)
    func aListIsOneBatch(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let bob = scene.bob
            await scene.begin("One", "Two")
            bob.send("@label=l THREAD #TEA list * 100")
            try await bob.expect(
                "@label=l;plenary.chat/threads-end :srv BATCH +<b> plenary.chat/threads #tea",
                "@batch=<b> :srv THREAD #tea 2 INFO st=open;n=0;by=ann;ct=* :Two",
                "@batch=<b> :srv THREAD #tea 1 INFO st=open;n=0;by=ann;ct=* :One", ":srv BATCH -<b>")
            bob.send("THREAD #tea LIST * 1")
            try await bob.expect(
                "@ :srv BATCH +<c> plenary.chat/threads #tea", ":srv THREAD #tea 2 *", ":srv BATCH -<c>")
            // Without the capability there are no tags of it, and without batches rows alone.
            let cat = try await scene.arrive("cat", ["batch", "message-tags"])
            cat.send("THREAD #tea LIST * 5")
            try await cat.expect("@ :srv BATCH +<d> plenary.chat/threads #tea")
            let dan = try await scene.arrive("dan")
            dan.send("THREAD #tea LIST * 5")
            try await dan.expect("@ :srv THREAD #tea 2 INFO *", "@ :srv THREAD #tea 1 INFO *")
            try await dan.expectNothing()
        }
    }

    /// "Order: pinned by rank, then by latest activity, newest first, equal times by higher number."
    @Test(arguments: Transport.allCases)
    func pinnedThenNewestFirst(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("1", "2", "3", "4", "5")
            let id = try await scene.say(ann, "#tea/2", "x")
            ann.send("THREAD #tea/1 PIN 2", "THREAD #tea/4 PIN 1", "THREAD #tea/5 PIN 2")
            await scene.clear()
            #expect(try await list(scene, bob, "#tea LIST * 50").rows == ["4", "5", "1", "2", "3"])
            _ = try await scene.say(ann, "#tea/1", "x")
            _ = try await scene.say(ann, "#tea/3", "x")
            #expect(try await list(scene, bob, "#tea LIST * 50").rows == ["4", "1", "5", "3", "2"])
            ann.send("REDACT #tea \(id)", "THREAD #tea/4 UNPIN")
            await scene.clear()
            #expect(try await list(scene, bob, "#tea LIST * 50").rows == ["1", "5", "3", "4", "2"])
            let later = try await scene.again()
            #expect(try await list(later, later.bob, "#tea LIST * 50").rows == ["1", "5", "3", "4", "2"])
        }
    }

    /// "`*` (all but archived) or a comma list …; several states add up, the others narrow", without
    /// regard to case.
    @Test(arguments: Transport.allCases)
    func filtersAddStatesAndNarrowTheRest(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("open", "closed", "archived")
            await scene.begin("mine", by: bob)
            ann.send(
                "THREAD #tea/2 CLOSE", "THREAD #tea/3 ARCHIVE", "THREAD #tea/2 PIN", "PRIVMSG #tea/1 :x",
                "PRIVMSG #tea/2 :x", "PRIVMSG #tea/3 :x")
            bob.send("THREAD #tea/1 LEVEL follow", "THREAD #tea/3 LEVEL follow")
            await scene.clear()
            for (filter, rows) in [
                ("*", ["1", "2", "4"]), ("open", ["1", "4"]), ("closed", ["2"]), ("archived", ["3"]),
                ("Open,ARCHIVED", ["1", "3", "4"]), ("open,closed,archived", ["1", "2", "3", "4"]),
                ("pinned", ["2"]), ("pinned,open", []), ("unread", ["1", "2"]), ("unread,archived", ["3"]),
                ("followed", ["1"]), ("followed,archived", ["3"]), ("mine", ["4"]), ("mine,unread", []),
                ("mine,open", ["4"]), ("unread,followed", ["1"]),
            ] {
                let found = try await list(scene, bob, "#tea LIST \(filter) 50")
                #expect(found.rows.sorted() == rows && found.isEnd, "\(filter): \(found)")
            }
            let guest = try await scene.arrive("zoe", ["batch", "message-tags"], isGuest: true)
            #expect(try await list(scene, guest, "#tea LIST unread 50").rows.isEmpty)
            #expect(try await list(scene, guest, "#tea LIST * 50").rows.count == 3)
        }
    }

    /// "The limit is 1 to 100": pages of 1, 7 and 100 of 101 threads neither skip nor repeat, and the end
    /// is said on the last alone; "New messages move threads to the front, so paging skips none that did
    /// not move."
    @Test(arguments: Transport.allCases)
    func pagesAreStableUnderNewMessages(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            for number in 1...101 { ann.send("THREAD #tea CREATE * :t\(number)") }
            await scene.clear()
            ann.send("THREAD #tea/50 PIN", "PRIVMSG #tea/7 :x")
            await scene.clear()
            let all = ["50", "7"] + (1...101).reversed().filter { $0 != 50 && $0 != 7 }.map(String.init)
            for size in [7, 100, 99] {
                var rows: [String] = []
                var isEnd = false
                while !isEnd {
                    let after = rows.last.map { " \($0)" } ?? ""
                    let page = try await list(scene, bob, "#tea LIST * \(size)\(after)")
                    #expect(page.rows.count == min(size, 101 - rows.count))
                    rows += page.rows
                    isEnd = page.isEnd
                    try #require(isEnd || !page.rows.isEmpty)
                }
                #expect(rows == all, "\(size)")
            }
            var seen = try await list(scene, bob, "#tea LIST * 40").rows
            try #require(seen.count == 40)
            for moved in ["30", "90", "1"] { _ = try await scene.say(ann, "#tea/\(moved)", "x") }
            seen += try await list(scene, bob, "#tea LIST * 100 \(seen[39])").rows
            #expect(Set(seen).count == seen.count)
            #expect(Set(all).subtracting(seen).isSubset(of: ["30", "1"]))
            // A list ends behind its last.
            let rest = try await list(scene, bob, "#tea LIST * 100 2")
            #expect(rest.rows.isEmpty && rest.isEnd, "\(rest)")
            for after in ["102", "x", "0", "-1", "#tea/1"] {
                let lines = await scene.ask(bob, "THREAD #tea LIST * 5 \(after)")
                #expect(lines.first?.contains(" FAIL THREAD NO_SUCH_THREAD \(after) :") == true, "\(lines)")
            }
        }
    }

    /// `THREAD * LIST`: "over all channels the session is in; `<after>` is a thread target".
    @Test(arguments: Transport.allCases)
    func aListOverAllChannelsOfTheSession(over transport: Transport) async throws {
        let more = { (configuration: inout ServerConfiguration) in
            configuration.channels += ["milk", "den"].map { ChannelConfiguration(name: $0, titles: []) }
        }
        try await ThreadScene.run(transport, clock: ManualClock(), configure: more) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            ann.send("JOIN #milk,#den")
            bob.send("JOIN #milk")
            await scene.clear()
            for channel in ["tea", "milk", "den"] { ann.send("THREAD #\(channel) CREATE * :in \(channel)") }
            await scene.clear()
            _ = try await scene.say(ann, "#tea/1", "x")
            #expect(try await list(scene, bob, "* LIST * 50").rows == ["#tea/1", "#milk/1"])
            #expect(try await list(scene, bob, "* LIST unread 50").rows == ["#tea/1"])
            let page = try await list(scene, bob, "* LIST * 1")
            #expect(page.rows == ["#tea/1"] && !page.isEnd)
            #expect(try await list(scene, bob, "* LIST * 50 #tea/1").rows == ["#milk/1"])
            for after in ["1", "#den/1", "#tea", "#tea/0", "#none/1"] {
                let lines = await scene.ask(bob, "THREAD * LIST * 5 \(after)")
                #expect(lines.first?.contains(" FAIL THREAD NO_SUCH_THREAD \(after) :") == true, "\(lines)")
            }
            let guest = try await scene.script.register("zoe", capabilities: ["batch"])
            #expect(try await list(scene, guest, "* LIST * 50").rows.isEmpty)
        }
    }

    /// "Attributes … at most 200 bytes", and a line at most 512, whatever the names: the title and the
    /// reason at their longest, in a channel with the longest name.
    @Test(arguments: Transport.allCases)
    func theLongestLinesFit(over transport: Transport) async throws {
        let name = "x" + String(repeating: "y", count: 61)
        let long = { (configuration: inout ServerConfiguration) in
            configuration.channels.append(ChannelConfiguration(name: name, titles: []))
        }
        try await ThreadScene.run(transport, configure: long) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            for client in [ann, bob] { client.send("JOIN #\(name)") }
            await scene.clear()
            let root = try await scene.say(ann, "#\(name)", "root")
            let title = String(repeating: "é", count: 100)
            ann.send("THREAD #\(name) CREATE \(root) :\(title)")
            await scene.clear()
            let answer = try await scene.say(ann, "#\(name)/1", "@bob yes")
            ann.send("THREAD #\(name)/1 ANSWER \(answer)", "THREAD #\(name)/1 PIN 99")
            await scene.clear()
            for reason in [
                String(repeating: ";", count: 100), String(repeating: "é", count: 60),
                String(repeating: " ", count: 99) + "x", String(repeating: "r", count: 101),
            ] {
                ann.send("THREAD #\(name)/1 CLOSE :\(reason)")
                let state = try #require(await bob.drain().last)
                let words = ThreadScene.body(state).split(separator: " ", maxSplits: 6)
                try #require(words.count == 7, "\(state)")
                #expect(words[5].utf8.count <= 200 && words[5].contains(";rs="), "\(state)")
                ann.send("THREAD #\(name)/1 REOPEN")
                await scene.clear()
            }
            bob.send("THREAD #\(name)/1 LEVEL follow")
            let info = await scene.ask(bob, "THREAD #\(name)/1 INFO")
            let attributes = try #require(
                info.first?.components(behind: "INFO ")?.split(separator: " ").first)
            #expect(attributes.utf8.count <= 200 && attributes.contains(";lm=\(answer)"), "\(info)")
        }
    }
}
