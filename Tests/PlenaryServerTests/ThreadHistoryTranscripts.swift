// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// CHATHISTORY of threads (docs/extensions/threads.md, "History").
struct ThreadHistoryTranscripts {
    private func texts(_ client: TranscriptClient, _ question: String) async throws -> [String] {
        try await HistoryTranscripts.ask(client, question).map(\.text)
    }

    /// "pages one thread …: its root first, with the tag `plenary.chat/thread-root`, then its messages in
    /// the order of the log, wherever they were posted. `#c/0` is the main line, `#c` everything
    /// interleaved."
    @Test(arguments: Transport.allCases)
    func aThreadIsItsRootAndItsMessages(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            _ = try await scene.say(ann, "#tea", "before")
            let root = try await scene.say(ann, "#tea", "root")
            ann.send("THREAD #tea CREATE \(root) :Talk")
            await scene.clear()
            let inside = try await scene.say(bob, "#tea/1", "one")
            _ = try await scene.say(ann, "#tea", "between")
            _ = try await scene.say(bob, "#tea", "two", tags: "@+reply=\(inside) ")
            await scene.clear()
            bob.send("CHATHISTORY LATEST #TEA/1 * 50")
            try await bob.expect(
                "@draft/chathistory-end :srv BATCH +<b> chathistory #TEA/1",
                "@batch=<b>;msgid=\(root);time=*;account=ann;plenary.chat/thread-root=1 :ann!* PRIVMSG #tea :root",
                "@batch=<b>;msgid=\(inside);time=*;account=bob;plenary.chat/thread=1 :bob!* PRIVMSG #tea :one",
                "@batch=<b>;+reply=\(inside);plenary.chat/thread=1;* :bob!* PRIVMSG #tea :two",
                ":srv BATCH -<b>")
            #expect(try await texts(bob, "LATEST #tea/0 * 50") == ["before", "root", "between"])
            #expect(
                try await texts(bob, "LATEST #tea * 50") == ["before", "root", "one", "between", "two"])
            // A window reads the same with its own target and no tag of threads; the channel with cues.
            let cat = try await scene.arrive("cat", ["batch", "message-tags", "draft/chathistory"])
            cat.send("CHATHISTORY LATEST #tea/1 * 2", "CHATHISTORY AFTER #tea msgid=\(root) 50")
            try await cat.expect(
                "@ :srv BATCH +<c> chathistory #tea/1", "@batch=<c>;msgid=* :bob!* PRIVMSG #tea/1 :one",
                "@batch=<c>;msgid=*;+reply=* :bob!* PRIVMSG #tea/1 :two", ":srv BATCH -<c>",
                ":srv BATCH +<d> chathistory #tea", ":bob!* PRIVMSG #tea :[1 Talk] one",
                ":ann!* PRIVMSG #tea :between", ":bob!* PRIVMSG #tea :[1 Talk] two", ":srv BATCH -<d>")
            bob.send(
                "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 9")
            let targets = await bob.drain()
            #expect(!targets.contains { $0.contains("#tea/") }, "\(targets)")
        }
    }

    /// "CHATHISTORY paging of a thread neither skips nor repeats": pages of several sizes, both ways, by
    /// id and by time, across a restart, among messages of other threads, moved and redacted ones.
    @Test(arguments: Transport.allCases)
    func pagesOfAThreadNeitherSkipNorRepeat(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let ann = scene.ann
            let root = try await scene.say(ann, "#tea", "root")
            ann.send("THREAD #tea CREATE \(root) :One")
            await scene.begin("Two")
            var wanted = [root]
            for index in 0..<40 {
                let target = ["#tea/1", "#tea/2", "#tea", "#tea/1"][index % 4]
                let id = try await scene.say(ann, target, "m\(index)")
                if index % 8 == 1 {
                    ann.send("THREAD #tea/2 MOVE \(id) one 1")
                    wanted.append(id)
                } else if index % 8 == 3 {
                    ann.send("REDACT #tea \(id)")
                } else if target == "#tea/1" {
                    wanted.append(id)
                }
            }
            let scene = try await scene.again()
            for (size, usesTime) in [(1, false), (3, false), (3, true), (7, false), (7, true), (100, false)] {
                func bound(_ entry: HistoryTranscripts.Entry) -> String {
                    usesTime ? "timestamp=\(entry.time)" : "msgid=\(entry.id)"
                }
                var back = try await HistoryTranscripts.ask(scene.bob, "LATEST #tea/1 * \(size)")
                while let first = back.first {
                    let page = try await HistoryTranscripts.ask(
                        scene.bob, "BEFORE #tea/1 \(bound(first)) \(size)")
                    if page.isEmpty { break }
                    back = page + back
                }
                try #require(back.map(\.id) == wanted, "back by \(size), \(usesTime)")
                var ahead = [back[0]]
                while let last = ahead.last {
                    let page = try await HistoryTranscripts.ask(
                        scene.bob, "AFTER #tea/1 \(bound(last)) \(size)")
                    if page.isEmpty { break }
                    ahead += page
                }
                #expect(ahead.map(\.id) == wanted, "ahead by \(size), \(usesTime)")
                let middle = back[wanted.count / 2]
                let around = try await HistoryTranscripts.ask(scene.bob, "AROUND #tea/1 \(bound(middle)) 3")
                #expect(around.map(\.id) == Array(wanted[(wanted.count / 2 - 1)...(wanted.count / 2 + 1)]))
                let between = try await HistoryTranscripts.ask(
                    scene.bob, "BETWEEN #tea/1 \(bound(back[1])) \(bound(back[6])) 100")
                #expect(between.map(\.id) == Array(wanted[2...5]))
            }
            scene.bob.send("CHATHISTORY BEFORE #tea/1 msgid=AAAAAAAAAAAAAAAAAAAAAA 5")
            try await scene.bob.expect(":srv FAIL CHATHISTORY * BEFORE #tea/1 :*")
        }
    }

    /// "With `draft/event-playback` THREAD events (NEW, TITLE, STATE, PIN, ANSWER, MOVE) stand where they
    /// happened", with the title they gave and the state they made.
    @Test(arguments: Transport.allCases)
    func eventsStandWhereTheyHappened(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("First title")
            let said = try await scene.say(ann, "#tea/1", "said")
            ann.send(
                "THREAD #tea/1 TITLE :Second title", "THREAD #tea/1 PIN 5", "THREAD #tea/1 CLOSE :done",
                "THREAD #tea/1 REOPEN", "THREAD #tea/1 UNPIN", "THREAD #tea/1 ANSWER \(said)",
                "THREAD #tea/1 TITLE :Third title")
            await ann.drain()
            let scene = try await scene.again()
            scene.bob.send("CAP REQ draft/event-playback")
            for target in ["#tea/1", "#tea"] {
                let lines = await scene.ask(scene.bob, "CHATHISTORY LATEST \(target) * 50")
                let events = lines.compactMap { $0.components(behind: "THREAD #tea 1 ") }
                #expect(
                    events == [
                        "NEW st=open;n=1;by=ann :First title", "TITLE st=open;n=1 :Second title",
                        "PIN st=open;pin=5;n=1 :Third title", "STATE st=closed;n=1;rs=done :Third title",
                        "STATE st=open;n=1 :Third title", "PIN st=open;n=1 :Third title",
                        "ANSWER st=open;n=1;an=\(said) :Third title", "TITLE st=open;n=1 :Third title",
                    ], "\(target): \(lines)")
                #expect(lines.count == 11)
            }
            let cat = try await scene.arrive(
                "cat", ["batch", "message-tags", "draft/chathistory", "draft/event-playback"])
            let plain = await scene.ask(cat, "CHATHISTORY LATEST #tea/1 * 50")
            #expect(plain.count == 3, "\(plain)")
        }
    }

    /// "a restart gives identical answers": every answer about threads, before and after.
    @Test(arguments: Transport.allCases)
    func aRestartGivesTheSameAnswers(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two", "Three")
            await scene.begin("Mine", by: bob)
            var ids: [String] = []
            for index in 0..<12 {
                ids.append(
                    try await scene.say(index % 3 == 0 ? bob : ann, "#tea/\(index % 4)", "@bob m\(index)"))
            }
            let root = ids[0]
            ann.send(
                "THREAD #tea CREATE \(root) :Grown", "THREAD #tea/1 PIN 3", "THREAD #tea/2 CLOSE :why",
                "THREAD #tea/3 ARCHIVE", "THREAD #tea/1 TITLE :Renamed", "REDACT #tea \(ids[5])",
                "THREAD #tea/1 MOVE \(ids[1]) one 2", "THREAD #tea/2 MOVE \(ids[6]) one 0",
                "THREAD #tea/1 ANSWER \(ids[9])", "THREAD #tea POLICY main=closed",
                "THREAD #tea/1 LEVEL follow")
            bob.send(
                "MARKREAD #tea/1 timestamp=2023-11-14T22:13:20.010Z", "THREAD #tea/2 LEVEL mute",
                "THREAD #tea/4 CLOSE")
            await scene.clear()
            let questions =
                [
                    "THREAD #tea LIST open,closed,archived 50", "THREAD #tea LIST unread 50",
                    "THREAD * LIST * 3",
                    "THREAD #tea POLICY", "LIST #tea/*", "MARKREAD #tea/1", "MARKREAD #tea/2",
                    "CHATHISTORY LATEST #tea * 100", "CHATHISTORY LATEST #tea/0 * 100",
                ]
                + (1...5).flatMap { number in
                    ["INFO", ""].map { word in
                        word.isEmpty
                            ? "CHATHISTORY LATEST #tea/\(number) * 100" : "THREAD #tea/\(number) INFO"
                    } + ["TOPIC #tea/\(number)", "MODE #tea/\(number)", "NAMES #tea/\(number)"]
                }
            func answers(_ scene: ThreadScene) async -> [String] {
                var all: [String] = []
                for client in [scene.ann, scene.bob] {
                    for question in questions {
                        all += await scene.ask(client, question).map { line in
                            // A batch's own name differs from answer to answer.
                            line.split(separator: " ").filter { !$0.hasPrefix("+b") && !$0.hasPrefix("-b") }
                                .map { word in
                                    word.split(separator: ";").filter {
                                        !$0.hasPrefix("batch=") && !$0.hasPrefix("@batch=")
                                    }.joined(separator: ";")
                                }.joined(separator: " ")
                        }
                    }
                }
                return all
            }
            let before = await answers(scene)
            let after = await answers(try await scene.again())
            #expect(before == after)
            #expect(before.count > 100, "\(before.count)")
        }
    }
}
