// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// THREAD MOVE (docs/extensions/threads.md, "THREAD").
struct ThreadMoveTranscripts {
    private func texts(_ scene: ThreadScene, _ target: String) async throws -> [String] {
        await scene.clear()
        return try await HistoryTranscripts.ask(scene.ann, "LATEST \(target) * 100").map(\.text)
    }

    /// "`one` takes the message, `rest` the message and all later ones of thread 12, `all` every message
    /// of it"; "Ids, times and authors stay", and the counts of both sides change.
    @Test(arguments: Transport.allCases)
    func oneRestAndAllTakeWhatTheySay(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            var ids: [String] = []
            for index in 0..<6 { ids.append(try await scene.say(bob, "#tea/1", "m\(index)")) }
            await scene.clear()
            let before = try await HistoryTranscripts.ask(ann, "LATEST #tea/1 * 100")
            await scene.clear()
            ann.send("@label=m THREAD #tea/1 MOVE \(ids[1]) one 2")
            try await ann.expect(
                "@label=m;* :ann!* THREAD #tea 1 MOVE st=open;n=5;to=2;cnt=1;ms=\(ids[1]) :One")
            try await bob.expect(":ann!* THREAD #tea 1 MOVE st=open;n=5;to=2;cnt=1;ms=\(ids[1]) :One")
            #expect(try await texts(scene, "#tea/1") == ["m0", "m2", "m3", "m4", "m5"])
            #expect(try await texts(scene, "#tea/2") == ["m1"])
            #expect(await scene.attribute("n", of: 2, ann) == "1")
            #expect(await scene.attribute("u", of: 1, ann) == "5")
            #expect(await scene.attribute("u", of: 2, ann) == "1")
            ann.send("THREAD #tea/1 MOVE \(ids[4]) Rest 0")
            try await ann.expect(":ann!* THREAD #tea 1 MOVE st=open;n=3;to=0;cnt=2 :One")
            #expect(try await texts(scene, "#tea/1") == ["m0", "m2", "m3"])
            #expect(try await texts(scene, "#tea/0") == ["m4", "m5"])
            await scene.clear()
            ann.send("@label=a THREAD #tea/1 MOVE \(ids[2]) all 2")
            try await ann.expect(
                "@label=a :srv BATCH +<ref> labeled-response",
                "@batch=<ref>;* :ann!* THREAD #tea 1 MOVE st=open;n=0;to=2;cnt=3 :One",
                "@batch=<ref>;* :ann!* THREAD #tea 1 STATE st=closed;n=0 :One", ":srv BATCH -<ref>")
            try await bob.expect(
                ":ann!* THREAD #tea 1 MOVE *", ":ann!* THREAD #tea 1 STATE st=closed;n=0 :One")
            let after = try await HistoryTranscripts.ask(ann, "LATEST #tea/2 * 100")
            #expect(after == before.filter { ["m0", "m1", "m2", "m3"].contains($0.text) })
            let later = try await scene.again()
            #expect(try await texts(later, "#tea/2") == ["m0", "m1", "m2", "m3"])
            #expect(try await texts(later, "#tea/0") == ["m4", "m5"])
            #expect(await later.attribute("st", of: 1, later.ann) == "closed")
        }
    }

    /// "`*` for a new thread with the title given (without one: that of the source; from the main line a
    /// title is needed)"; "A MOVE to a new thread is announced by NEW first."
    @Test(arguments: Transport.allCases)
    func aMoveMakesANewThread(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            let cat = try await scene.arrive("cat")
            let main = try await scene.say(bob, "#tea", "main")
            await scene.clear(cat)
            ann.send("THREAD #tea/0 MOVE \(main) one *")
            try await ann.expect(":srv FAIL THREAD TITLE_INVALID #tea/0 :*")
            ann.send("THREAD #tea/0 MOVE \(main) rest * :Split off")
            try await bob.expect(
                ":ann!* THREAD #tea 1 NEW st=open;n=0;by=ann :Split off",
                ":ann!* THREAD #tea 0 MOVE st=open;n=0;to=1;cnt=1;ms=\(main) :")
            try await cat.expect(
                ":srv NOTICE #tea :*Split off*", ":srv NOTICE #tea :ann moved messages to #tea/1: 1")
            try await cat.expectNothing()
            await scene.clear()
            ann.send("THREAD #tea/1 MOVE \(main) one *")
            try await ann.expect(
                ":ann!* THREAD #tea 2 NEW st=open;n=0;by=ann :Split off",
                ":ann!* THREAD #tea 1 MOVE st=open;n=0;to=2;cnt=1;ms=\(main) :Split off")
        }
    }

    /// "`all` every message of it, whatever the message id."
    @Test(arguments: Transport.allCases)
    func allDoesNotLookAtTheID(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("One", "Two", "Three")
            _ = try await scene.say(ann, "#tea/1", "x")
            await scene.clear()
            ann.send("THREAD #tea/1 MOVE * all 2")
            try await ann.expect(
                ":ann!* THREAD #tea 1 MOVE st=open;n=0;to=2;cnt=1;ms=* :One",
                ":ann!* THREAD #tea 1 STATE st=closed;n=0 :One")
            // Nothing was said there: a merge all the same.
            ann.send("THREAD #tea/3 MOVE abc all 2")
            try await ann.expect(
                ":ann!* THREAD #tea 3 MOVE st=open;n=0;to=2;cnt=0 :Three",
                ":ann!* THREAD #tea 3 STATE st=closed;n=0 :Three")
        }
    }

    /// "A MOVE takes at most 1,000 messages": 1,000 and 1,001. "TAGMSG move with `all` and `rest`."
    @Test(arguments: Transport.allCases)
    func aMoveTakesAThousandMessages(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("One", "Two")
            let first = try await scene.say(ann, "#tea/1", "first")
            ann.send("@+draft/react=x TAGMSG #tea/1")
            for _ in 0..<3 {
                ann.send(bytes: Array(String(repeating: "PRIVMSG #tea/1 :x\r\n", count: 333).utf8))
                await ann.drain()
            }
            await scene.clear()
            ann.send("THREAD #tea/1 MOVE \(first) rest 2", "THREAD #tea/1 MOVE \(first) all 2")
            try await ann.expect(
                ":srv FAIL THREAD LIMIT_REACHED #tea/1 1000 :*",
                ":srv FAIL THREAD LIMIT_REACHED #tea/1 1000 :*")
            ann.send("THREAD #tea/1 MOVE \(first) one 0", "THREAD #tea/1 MOVE * all 2")
            try await ann.expect(
                ":ann!* THREAD #tea 1 MOVE st=open;n=999;to=0;cnt=1;*",
                ":ann!* THREAD #tea 1 MOVE st=open;n=0;to=2;cnt=1000 :One",
                ":ann!* THREAD #tea 1 STATE st=closed;n=0 :One")
            #expect(await scene.attribute("n", of: 2, ann) == "999")
        }
    }

    /// What happened to a thread stays in its own history; its messages read as those of the other.
    @Test(arguments: Transport.allCases)
    func eventsStayWithTheirThread(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("One", "Two")
            _ = try await scene.say(ann, "#tea/1", "x")
            ann.send("THREAD #tea/1 MOVE * all 2", "CAP REQ draft/event-playback")
            await ann.drain()
            let one = await scene.ask(ann, "CHATHISTORY LATEST #tea/1 * 50").map(ThreadScene.body)
            try #require(one.count == 5, "\(one)")
            #expect(
                one.dropFirst().dropLast().map { $0.split(separator: " ")[4] } == ["NEW", "MOVE", "STATE"])
            let two = await scene.ask(ann, "CHATHISTORY LATEST #tea/2 * 50")
            try #require(two.count == 4, "\(two)")
            #expect(two[2].contains(";plenary.chat/thread=2 :ann!"), "\(two)")
        }
    }
}
