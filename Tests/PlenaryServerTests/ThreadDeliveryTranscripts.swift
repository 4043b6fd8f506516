// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// How a message of a thread reaches each kind of client (docs/extensions/threads.md, "How a message of
/// thread 12 is delivered" and "Addressing").
struct ThreadDeliveryTranscripts {
    /// Every row of the table, and "`msgid`, `time` and all other tags are the same in every form"; no
    /// tag of threads without the capability; a window is shown the message once.
    @Test(arguments: Transport.allCases)
    func everyFormHasTheSameIDAndTime(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Mandate models")
            let window = try await scene.arrive("cat", ["message-tags", "server-time", "account-tag"])
            window.send("JOIN #tea/1")
            let tagged = try await scene.arrive("dan", ["message-tags", "server-time", "account-tag"])
            let plain = try await scene.arrive("eve")
            let bare = try await scene.arrive("fay", ["message-tags", "server-time", "account-tag"])
            bare.send("THREAD * CUE plain")
            try await bare.expect(":srv NOTE THREAD CUE plain :*")
            await scene.clear(window, tagged, plain, bare)
            bob.send("@label=b;+x=y PRIVMSG #tea/1 :first")
            try await bob.expect(
                "@label=b;msgid=<m>;time=<t>;account=bob;+x=y;plenary.chat/thread=1 :bob!* PRIVMSG #tea :first"
            )
            try await ann.expect(
                "@msgid=<m>;time=<t>;account=bob;+x=y;plenary.chat/thread=1 :bob!* PRIVMSG #tea :first")
            try await window.expect("@msgid=<m>;time=<t>;account=bob;+x=y :bob!* PRIVMSG #tea/1 :first")
            try await tagged.expect(
                "@msgid=<m>;time=<t>;account=bob;+x=y :bob!* PRIVMSG #tea :[1 Mandate models] first")
            try await plain.expect(":bob!* PRIVMSG #tea :[1 Mandate models] first")
            try await bare.expect("@msgid=<m>;time=<t>;account=bob;+x=y :bob!* PRIVMSG #tea :first")
            bob.send("NOTICE #tea/1 :second")
            try await ann.expect(
                "@msgid=<n>;time=<u>;account=bob;plenary.chat/thread=1 :bob!* NOTICE #tea :second")
            try await window.expect("@msgid=<n>;time=<u>;account=bob :bob!* NOTICE #tea/1 :second")
            try await tagged.expect(
                "@msgid=<n>;time=<u>;account=bob;+reply=<m> :bob!* NOTICE #tea :[1] second")
            try await plain.expect(":bob!* NOTICE #tea :[1] second")
            try await bare.expect("@msgid=<n>;time=<u>;account=bob;+reply=<m> :bob!* NOTICE #tea :second")
            bob.send("PRIVMSG #tea :main", "@+reply=<m> PRIVMSG #tea/1 :third")
            try await window.expect(":bob!* PRIVMSG #tea :main")
            try await tagged.expect(
                ":bob!* PRIVMSG #tea :main", ":bob!* PRIVMSG #tea :[1 Mandate models] third")
            for client in [window, tagged, plain, bare] { await client.drain() }
            bob.send("TAGMSG #tea/1")
            try await window.expect("@*;msgid=<o> :bob!* TAGMSG #tea/1")
            try await tagged.expect("@*;msgid=<o> :bob!* TAGMSG #tea")
            try await plain.expectNothing()
        }
    }

    /// "the title is cut to 24 columns with `…`"; "The cue of a CTCP ACTION stands inside it. Other CTCP
    /// has no cue."
    @Test(arguments: Transport.allCases)
    func theCueIsShortAndInsideAnAction(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            let plain = try await scene.arrive("eve")
            await scene.begin(
                String(repeating: "x", count: 24), String(repeating: "y", count: 25),
                String(repeating: "界", count: 13))
            await plain.drain()
            ann.send(
                "PRIVMSG #tea/1 :a", "PRIVMSG #tea/2 :b", "PRIVMSG #tea/3 :c",
                "PRIVMSG #tea/1 :\u{1}ACTION waves\u{1}", "PRIVMSG #tea/1 :\u{1}ACTION nods\u{1}",
                "PRIVMSG #tea/2 :\u{1}VERSION\u{1}")
            let xs = String(repeating: "x", count: 24)
            try await plain.expect(
                ":ann!* PRIVMSG #tea :[1 \(xs)] a",
                ":ann!* PRIVMSG #tea :[2 \(String(repeating: "y", count: 23))…] b",
                ":ann!* PRIVMSG #tea :[3 \(String(repeating: "界", count: 11))…] c",
                ":ann!* PRIVMSG #tea :\u{1}ACTION [1 \(xs)] waves\u{1}",
                ":ann!* PRIVMSG #tea :\u{1}ACTION [1] nods\u{1}", ":ann!* PRIVMSG #tea :\u{1}VERSION\u{1}")
        }
    }

    /// "A line that would pass 512 bytes with its cue is sent as two lines, split between code points;
    /// only the first has the `msgid`", also an ACTION. At 512 bytes and beyond.
    @Test(arguments: Transport.allCases)
    func whatIsTooLongWithItsCueIsSplit(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            let tagged = try await scene.arrive("dan", ["message-tags"])
            await scene.begin("Talk")
            _ = try await scene.say(ann, "#tea/1", "before")
            await tagged.drain()
            ann.send("PRIVMSG #tea/1 :x")
            let frame = ThreadScene.body((await tagged.drain())[0]).utf8.count + 2 - "[1] x".utf8.count
            let room = 512 - frame - "[1] ".utf8.count
            for filler in ["x", "é", "界", "😀"] {
                for length in [room - 1, room, room + 1, room + 2] {
                    let text =
                        String(repeating: "x", count: length % filler.utf8.count)
                        + String(repeating: filler, count: length / filler.utf8.count)
                    ann.send("PRIVMSG #tea/1 :\(text)")
                    let lines = await tagged.drain()
                    #expect(lines.count == (length > room ? 2 : 1), "\(filler) \(length)")
                    #expect(lines.map(ThreadScene.text).joined() == "[1] " + text)
                    #expect(lines.compactMap(ThreadScene.messageID).count == 1)
                }
            }
            let action = String(repeating: "é", count: (room - 9) / 2)
            ann.send(
                "PRIVMSG #tea/1 :\u{1}ACTION \(action)\u{1}", "PRIVMSG #tea/1 :\u{1}ACTION \(action)é\u{1}")
            let lines = (await tagged.drain()).map(ThreadScene.text)
            #expect(lines.count == 3 && lines[0] == "\u{1}ACTION [1] \(action)\u{1}", "\(lines)")
            #expect(lines.allSatisfy { $0.hasPrefix("\u{1}ACTION ") && $0.hasSuffix("\u{1}") }, "\(lines)")
            let inner = lines.dropFirst().map { $0.dropFirst(8).dropLast() }.joined()
            #expect(inner == "[1] \(action)é")
        }
    }

    /// A message that filled its line in `#c` is longer than a line in the window `#c/1`, once it was
    /// moved there.
    @Test(arguments: Transport.allCases)
    func whatIsTooLongForItsWindowIsSplitToo(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            let plain = try await scene.arrive("eve", ["message-tags", "batch", "draft/chathistory"])
            await scene.begin("Talk")
            await plain.drain()
            ann.send("PRIVMSG #tea :x")
            let frame = ThreadScene.body((await plain.drain())[0]).utf8.count + 2 - 1
            await ann.drain()
            let text = String(repeating: "é", count: (512 - frame) / 2)
            let id = try await scene.say(ann, "#tea", text)
            ann.send("THREAD #tea/0 MOVE \(id) one 1")
            await scene.clear(plain)
            plain.send("CHATHISTORY LATEST #tea/1 * 10")
            let lines = (await plain.drain()).dropFirst().dropLast()
            #expect(lines.map(ThreadScene.text).joined() == text, "\(lines)")
            #expect(lines.compactMap(ThreadScene.messageID) == [id])
        }
    }

    /// "Sending to `#c` with the tag `+reply` … files it in that thread"; "a reply to a main-line message
    /// stays in the main line, and so does a reply to a message that is unknown, redacted or of another
    /// channel"; "An explicit thread wins over the reply. The tag itself is relayed as it came."
    @Test(arguments: Transport.allCases)
    func aReplyGoesWhereItsMessageIs(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            let inside = try await scene.say(ann, "#tea/1", "inside")
            let main = try await scene.say(ann, "#tea", "main")
            let gone = try await scene.say(ann, "#tea/1", "gone")
            ann.send("REDACT #tea \(gone)", "JOIN #other", "THREAD #other CREATE * :There")
            await ann.drain()
            let foreign = try await scene.say(ann, "#other/1", "foreign")
            await scene.clear()
            let cases: [(String, String, String?)] = [
                ("+reply=\(inside)", "#tea", "1"), ("+draft/reply=\(inside)", "#tea", "1"),
                ("+x=1;+reply=\(inside)", "#tea", "1"), ("+reply=\(main)", "#tea", nil),
                ("+reply=\(gone)", "#tea", nil), ("+reply=\(foreign)", "#tea", nil),
                ("+reply=junk", "#tea", nil),
                ("+reply", "#tea", nil), ("+reply=\(inside)", "#tea/0", nil),
                ("+reply=\(inside)", "#tea/2", "2"),
            ]
            for (tag, target, thread) in cases {
                _ = try await scene.say(bob, target, "hello", tags: "@\(tag) ")
                let heard = try #require(await ann.drain().last)
                #expect(ThreadScene.tag("plenary.chat/thread", heard) == thread, "\(tag) \(target): \(heard)")
                #expect(heard.contains(tag), "\(heard)")
                #expect(ThreadScene.body(heard).hasSuffix("PRIVMSG #tea :hello"), "\(heard)")
            }
            // It says where the message belongs now: a reply follows a message that was moved.
            ann.send("THREAD #tea/1 MOVE \(inside) one 2")
            await scene.clear()
            _ = try await scene.say(bob, "#tea", "follows", tags: "@+reply=\(inside) ")
            let heard = try #require(await ann.drain().last)
            #expect(ThreadScene.tag("plenary.chat/thread", heard) == "2")
        }
    }

    /// "A multiline message goes to sessions with the capability as one `draft/multiline` batch to `#c`
    /// with the thread tag on its opening line; in a window as a batch to `#c/12`; with the cue on its
    /// first line to the others".
    @Test(arguments: Transport.allCases)
    func aMultilineMessageHasEveryForm(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let many = ["message-tags", "batch", "draft/multiline"]
            let sender = try await scene.arrive(
                "bob", ThreadScene.capable + ["draft/multiline"])
            let window = try await scene.arrive("cat", many)
            let oldWindow = try await scene.arrive("cat", ["message-tags"])
            for client in [window, oldWindow] { client.send("JOIN #tea/1") }
            let batched = try await scene.arrive("dan", many)
            let plain = try await scene.arrive("eve", ["message-tags"])
            await scene.clear(sender, window, oldWindow, batched, plain)
            sender.send(
                "@label=m BATCH +a draft/multiline #tea/1", "@batch=a PRIVMSG #tea/1 :one",
                "@batch=a PRIVMSG #TEA/1 :two", "BATCH -a")
            try await sender.expect(
                "@label=m;msgid=<m>;plenary.chat/thread=1;* :bob!* BATCH +<r> draft/multiline #tea",
                "@batch=<r> :bob!* PRIVMSG #tea :one", "@batch=<r> :bob!* PRIVMSG #tea :two",
                ":srv BATCH -<r>")
            try await window.expect(
                "@msgid=<m> :bob!* BATCH +<r> draft/multiline #tea/1",
                "@batch=<r> :bob!* PRIVMSG #tea/1 :one",
                "@batch=<r> :bob!* PRIVMSG #tea/1 :two", ":srv BATCH -<r>")
            try await oldWindow.expect(
                "@msgid=<m> :bob!* PRIVMSG #tea/1 :one", "@ :bob!* PRIVMSG #tea/1 :two")
            try await batched.expect(
                "@msgid=<m> :bob!* BATCH +<r> draft/multiline #tea",
                "@batch=<r> :bob!* PRIVMSG #tea :[1 Talk] one", "@batch=<r> :bob!* PRIVMSG #tea :two",
                ":srv BATCH -<r>")
            try await plain.expect(
                "@msgid=<m> :bob!* PRIVMSG #tea :[1 Talk] one", "@ :bob!* PRIVMSG #tea :two")
            sender.send(
                "BATCH +b draft/multiline #tea/1", "@batch=b PRIVMSG #tea/2 :one", "BATCH -b",
                "BATCH +c draft/multiline #tea/9", "@batch=c PRIVMSG #tea/9 :one", "BATCH -c")
            try await sender.expect(
                ":srv FAIL BATCH MULTILINE_INVALID_TARGET #tea/1 #tea/2 :*", ":srv 403 bob #tea/9 :*")
        }
    }

    /// "Without the capability, a session that sends to `#c/12` gets its echo in the form it reads."
    @Test(arguments: Transport.allCases)
    func anEchoHasTheFormItsSenderReads(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let cat = try await scene.arrive("cat", ["echo-message"])
            cat.send("PRIVMSG #tea/1 :one")
            try await cat.expect(":cat!* PRIVMSG #tea :[1 Talk] one")
            cat.send("JOIN #tea/1", "PRIVMSG #tea/1 :two")
            try await cat.skip(to: ":cat!* PRIVMSG #tea/1 :two")
            // A choice counts at once, also for whom it was made elsewhere.
            let other = try await scene.arrive("cat", ["echo-message"])
            cat.send("PART #tea/1", "THREAD * CUE plain", "PRIVMSG #tea/1 :three")
            try await cat.skip(to: ":cat!* PRIVMSG #tea :three")
            try await other.skip(to: ":cat!* PRIVMSG #tea :three")
            cat.send("THREAD * CUE prefix", "PRIVMSG #tea/1 :four")
            try await cat.skip(to: ":cat!* PRIVMSG #tea :[1] four")
            try await other.skip(to: ":cat!* PRIVMSG #tea :[1] four")
        }
    }

    /// A choice belongs to the account: it counts from the moment a session signs in, for lines that were
    /// under way.
    @Test(arguments: Transport.allCases)
    func theCueFollowsTheAccount(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let cat = try await scene.arrive("cat")
            cat.send("THREAD * CUE plain", "QUIT")
            await scene.clear()
            let guest = try await scene.arrive("zoe", ["sasl"], isGuest: true)
            _ = try await scene.say(scene.ann, "#tea/1", "one")
            try await guest.expect(":ann!* PRIVMSG #tea :[1 Talk] one")
            try await guest.authenticate("cat", password: "correct horse")
            _ = try await scene.say(scene.ann, "#tea/1", "two")
            try await guest.expect(":ann!* PRIVMSG #tea :two")
        }
    }
}
