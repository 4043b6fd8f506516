// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// Threads for plain clients (docs/extensions/threads.md, "Windows" and "For plain clients").
struct WindowsTranscripts {
    /// "JOIN, 332, 333, 353 and 366 for `#c/12`"; MARKREAD before 366 as in every channel; others see
    /// nothing.
    @Test(arguments: Transport.allCases)
    func joiningAThreadOpensAWindow(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Talk")
            _ = try await scene.say(bob, "#tea/1", "I wrote")
            let cat = try await scene.arrive("cat")
            cat.send("JOIN #TEA/1")
            try await cat.expect(
                ":cat!* JOIN #tea/1", ":srv 332 cat #tea/1 :Talk", ":srv 333 cat #tea/1 ann!* <when>",
                ":srv 353 cat = #tea/1 :bob cat", ":srv 366 cat #tea/1 :*")
            cat.send("JOIN #tea/1")
            try await cat.expectNothing()
            await ann.drain()
            let dan = try await scene.arrive(
                "dan", ["draft/read-marker", "no-implicit-names", "extended-join"])
            dan.send("JOIN #tea/1")
            try await dan.expect(
                ":dan!* JOIN #tea/1 dan :dan", ":srv MARKREAD #tea/1 \\*", ":srv 332 dan #tea/1 :Talk",
                ":srv 333 *")
            try await dan.expectNothing()
            for line in ["WHOIS cat", "LIST", "NAMES #tea"] {
                let lines = await scene.ask(ann, line)
                #expect(!lines.contains { $0.contains("#tea/") }, "\(lines)")
            }
            ann.send("NAMES #tea/1", "WHO #tea/1")
            try await ann.expect(":srv 353 ann = #tea/1 :@ann bob cat dan", ":srv 366 ann #tea/1 :*")
            let who = await ann.drain()
            #expect(who.count == 5, "\(who)")
        }
    }

    /// "A session that is not in `#c` joins it first, under the usual rules."
    @Test(arguments: Transport.allCases)
    func aThreadOfAnotherChannelJoinsThatFirst(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("Talk")
            let cat = try await scene.script.register("cat", password: "correct horse")
            cat.send("JOIN #tea/1")
            try await cat.expect(
                ":cat!* JOIN #tea", ":srv 353 *", ":srv 366 cat #tea :*", ":cat!* JOIN #tea/1",
                ":srv 332 cat #tea/1 :Talk", ":srv 333 *", ":srv 353 cat = #tea/1 :cat",
                ":srv 366 cat #tea/1 :*")
            try await ann.expect(":cat!* JOIN #tea")
            let dan = try await scene.script.register(
                "dan", capabilities: ThreadScene.capable, password: "correct horse")
            dan.send("@label=j JOIN #tea/1")
            try await dan.skip(to: "@batch=<b>;* :dan!* JOIN #tea")
            try await dan.skip(to: "@batch=<b> :srv THREAD #tea 1 INFO *")
            try await dan.expect(":srv BATCH -<b>")
            ann.send("MODE #tea +b eve!*@*", "MODE #tea +k key")
            await ann.drain()
            let eve = try await scene.script.register("eve", password: "correct horse")
            eve.send("JOIN #tea/1 key", "JOIN #tea/9")
            try await eve.expect(":srv 474 eve #tea :*", ":srv 474 eve #tea :*")
            let fay = try await scene.script.register("fay", password: "correct horse")
            fay.send("JOIN #tea/1", "JOIN #tea/1 key")
            try await fay.expect(":srv 475 fay #tea :*", ":fay!* JOIN #tea")
        }
    }

    /// "PART of the thread target closes the window. PART of the channel, a KICK and a QUIT close it too;
    /// for the first two the session sees PART of its windows first."
    @Test(arguments: Transport.allCases)
    func windowsEndWithTheirChannel(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            let cat = try await scene.arrive("cat")
            let second = try await scene.arrive("cat")
            cat.send("JOIN #tea/1,#tea/2")
            second.send("JOIN #tea/2")
            await scene.clear(cat, second)
            cat.send("PART #tea/1 :enough", "PART #tea/1")
            try await cat.expect(":cat!* PART #tea/1 :enough", ":srv 442 cat #tea/1 :*")
            cat.send("JOIN #tea/1")
            await cat.drain()
            cat.send("PART #tea :bye")
            try await cat.expect(":cat!* PART #tea/1", ":cat!* PART #tea/2", ":cat!* PART #tea :bye")
            try await second.expectNothing()
            cat.send("JOIN #tea")
            await cat.drain()
            _ = try await scene.say(bob, "#tea/1", "seen in the channel")
            try await cat.expect(":bob!* PRIVMSG #tea :[1 One] seen in the channel")
            cat.send("JOIN #tea/1")
            await scene.clear(cat, second)
            ann.send("KICK #tea cat :out")
            try await cat.expect(":cat!* PART #tea/1", ":ann!* KICK #tea cat :out")
            try await second.expect(":cat!* PART #tea/2", ":ann!* KICK #tea cat :out")
            try await bob.expect(":ann!* KICK #tea cat :out")
            cat.send("PART #tea/1", "JOIN 0")
            try await cat.expect(":srv 442 cat #tea/1 :*")
            second.send("JOIN #tea/1", "QUIT")
            await scene.clear()
            #expect(await scene.ask(ann, "NAMES #tea/1").first?.hasSuffix(":@ann bob") == true)
            _ = try await scene.say(bob, "#tea/2", "to nobody in a window")
        }
    }

    /// "At most 20 a session; above: 405."
    @Test(arguments: Transport.allCases)
    func aSessionHasTwentyWindows(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            for number in 1...21 { await scene.begin("t\(number)") }
            let cat = try await scene.arrive("cat")
            for number in 1...20 {
                cat.send("JOIN #tea/\(number)")
                try await cat.skip(to: ":srv 366 cat #tea/\(number) :*")
            }
            cat.send("JOIN #tea/21", "PART #tea/3", "JOIN #tea/21")
            try await cat.expect(
                ":srv 405 cat #tea/21 :*", ":cat!* PART #tea/3", ":cat!* JOIN #tea/21", ":srv 332 *")
        }
    }

    /// Replay on join in a window: the thread's own last messages, behind its 366; a channel joined with
    /// it has none.
    @Test(arguments: Transport.allCases)
    func aWindowIsReplayedOnce(over transport: Transport) async throws {
        let replaying = { (configuration: inout ServerConfiguration) in
            configuration.channels[0].replayCount = 2
        }
        try await ThreadScene.run(transport, configure: replaying) { scene in
            let ann = scene.ann
            let root = try await scene.say(ann, "#tea", "root")
            _ = await scene.ask(ann, "THREAD #tea CREATE \(root) :Talk")
            for text in ["one", "two"] { _ = try await scene.say(ann, "#tea/1", text) }
            _ = try await scene.say(ann, "#tea", "main")
            let cat = try await scene.script.register("cat", password: "correct horse")
            cat.send("JOIN #tea/1", "CAP REQ labeled-response", "PING after")
            try await cat.skip(to: ":srv 366 cat #tea/1 :*")
            try await cat.expect(
                ":srv NOTICE #tea/1 :*", ":ann!* PRIVMSG #tea/1 :[*] one", ":ann!* PRIVMSG #tea/1 :[*] two",
                ":srv NOTICE #tea/1 :*", ":srv CAP cat ACK *", ":srv PONG plenary.test :after")
            try await cat.expectNothing()
            let dan = try await scene.arrive("dan")
            dan.send("JOIN #tea/1")
            try await dan.skip(to: ":srv 366 dan #tea/1 :*")
            try await dan.expect(":srv NOTICE #tea/1 :*", ":ann!* PRIVMSG #tea/1 :[*] one")
        }
    }

    /// `LIST #c/*`: "322 for each thread that is not archived, by activity: target, visible messages,
    /// title"; `LIST #c/12`: 322 for this one.
    @Test(arguments: Transport.allCases)
    func listShowsThreadsAsRows(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, cat) = (scene.ann, try await scene.arrive("cat"))
            await scene.begin("One", "Two", "Three")
            _ = try await scene.say(ann, "#tea/1", "x")
            ann.send("THREAD #tea/3 ARCHIVE")
            await scene.clear(cat)
            cat.send("LIST #tea/*")
            try await cat.expect(
                ":srv 321 cat *", ":srv 322 cat #tea/1 1 :One", ":srv 322 cat #tea/2 0 :Two", ":srv 323 cat *"
            )
            cat.send("LIST #tea/3")
            try await cat.expect(":srv 321 cat *", ":srv 322 cat #tea/3 0 :Three", ":srv 323 cat *")
            cat.send("PART #tea", "LIST #tea/*", "LIST #tea/3")
            try await cat.expect(
                ":cat!* PART #tea", ":srv 321 cat *", ":srv 323 cat *", ":srv 321 cat *", ":srv 323 cat *")
        }
    }

    /// TOPIC and MODE on a thread: 332 and 333, `+m` when it is not open, 472 for any other letter, 442
    /// outside, 482 without the right; answered by the classic line, also without a window.
    @Test(arguments: Transport.allCases)
    func topicAndModeAreTitleAndState(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            let (cat, window) = (try await scene.arrive("cat"), try await scene.arrive("dan"))
            await scene.begin("Talk", by: cat)
            window.send("JOIN #tea/1")
            await scene.clear(cat, window)
            cat.send("TOPIC #tea/1", "MODE #tea/1", "MODE #tea/1 b")
            try await cat.expect(
                ":srv 332 cat #tea/1 :Talk", ":srv 333 cat #tea/1 cat!* *", ":srv 324 cat #tea/1 +",
                ":srv 329 cat #tea/1 *", ":srv 368 cat #tea/1 :*")
            cat.send("TOPIC #tea/1 :Renamed", "MODE #tea/1 +m", "MODE #tea/1", "MODE #tea/1 +m")
            try await cat.expect(
                ":cat!* TOPIC #tea/1 :Renamed", ":cat!* MODE #tea/1 +m", ":srv 324 cat #tea/1 +m",
                ":srv 329 *")
            try await cat.expectNothing()
            try await window.expect(":cat!* TOPIC #tea/1 :Renamed", ":cat!* MODE #tea/1 +m")
            try await bob.expect(
                ":cat!* THREAD #tea 1 TITLE st=open;n=0 :Renamed",
                ":cat!* THREAD #tea 1 STATE st=closed;n=0 :*")
            // Asked with THREAD, the same is answered as such.
            cat.send("THREAD #tea/1 REOPEN")
            try await cat.expect(":cat!* THREAD #tea 1 STATE st=open;n=0 :Renamed")
            window.send("TOPIC #tea/1 :Mine", "MODE #tea/1 +m", "MODE #tea/1 +x", "MODE #tea/1 +s-k")
            try await window.skip(to: ":srv 482 dan #tea/1 :*")
            try await window.expect(
                ":srv 482 dan #tea/1 :*", ":srv 472 dan x :*", ":srv 472 dan s :*", ":srv 472 dan k :*")
            ann.send("MODE #tea/1 +m", "PART #tea")
            await scene.clear()
            cat.send("MODE #tea/1 -m")
            try await cat.skip(to: ":srv 482 cat #tea/1 :*")
            ann.send("TOPIC #tea/1", "MODE #tea/1", "TOPIC #tea/1 :x")
            try await ann.expect(
                ":srv 442 ann #tea/1 :*", ":srv 442 ann #tea/1 :*", ":srv 442 ann #tea/1 :*")
        }
    }

    /// One MODE line makes one event, however often it says the letter.
    @Test(arguments: Transport.allCases)
    func oneModeLineIsOneChange(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            scene.ann.send("MODE #tea/1 +mmmmmm", "MODE #tea/1 +m-m", "MODE #tea/1 +m")
            try await scene.bob.expect(
                ":ann!* THREAD #tea 1 STATE st=closed;*", ":ann!* THREAD #tea 1 STATE st=open;*",
                ":ann!* THREAD #tea 1 STATE st=closed;*")
            try await scene.bob.expectNothing()
        }
    }

    /// A session that learns the capability reads threads with tags; without it again, in its windows.
    @Test(arguments: Transport.allCases)
    func theCapabilityReplacesWindows(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let cat = try await scene.arrive("cat", ["message-tags"])
            cat.send("JOIN #tea/1", "CAP REQ plenary.chat/threads")
            await cat.drain()
            _ = try await scene.say(scene.bob, "#tea/1", "one")
            try await cat.expect("@msgid=<m>;plenary.chat/thread=1 :bob!* PRIVMSG #tea :one")
            cat.send("CAP REQ -plenary.chat/threads")
            await cat.drain()
            _ = try await scene.say(scene.bob, "#tea/1", "two")
            try await cat.expect("@msgid=<n> :bob!* PRIVMSG #tea/1 :two")
        }
    }
}
