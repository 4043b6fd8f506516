// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// MOD: mute, remove, ban, slow mode, moderated mode, threads (docs/extensions/moderation.md), the capability
/// `plenary.chat/moderation`, and the same by the classic commands.
struct ModerationTranscripts {
    private typealias Scene = ModerationScene

    /// "A mute is an entry of the ban list with `m:`", with an end: nothing said gets through, reading
    /// goes on, and
    /// at its end the server takes it away by a MODE that all see. "Members see the code; moderators see
    /// the text too."
    @Test(arguments: Transport.allCases)
    func aMuteHoldsUntilItsEnd(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let (ann, mod, bob, cat) = (scene.ann, scene.mod, scene.bob, scene.cat)
            ann.send("MOD #tea MUTE cat 40s off-topic enough")
            try await ann.expect(
                "@msgid=* :ann!* MODE #tea +b m:$a:cat",
                ":ann!* MODACT #tea mute cat off-topic 2023-11-14T22:*Z :enough")
            try await mod.expect(":ann!* MODE #tea +b m:$a:cat")
            try await bob.expect(
                "@msgid=* :ann!* MODE #tea +b m:$a:cat", ":ann!* MODACT #tea mute cat off-topic 2023-*Z")
            try await cat.expect(
                ":ann!* MODE #tea +b m:$a:cat",
                ":plenary!plenary@plenary.test NOTICE cat :You are muted in #tea until 2023-11-14 "
                    + "22:* UTC: off topic"
            )
            cat.send("PRIVMSG #tea :hello", "NOTICE #tea :hello", "TOPIC #tea :hello", "PRIVMSG bob :hello")
            try await cat.expect(
                ":srv 404 cat #tea :You are muted in #tea until 2023-11-14 22:* UTC: off topic",
                ":srv 404 cat #tea :You are muted in #tea until *")
            try await bob.expect(":cat!* PRIVMSG bob :hello")
            try await ann.expectNothing()
            _ = try await scene.say(bob, "go on")
            try await cat.expect(":bob!* PRIVMSG #tea :go on")
            await scene.clear()
            try await scene.script.turnClock(seconds: 39)
            cat.send("PRIVMSG #tea :now")
            try await cat.expect(":srv 404 cat #tea :*")
            try await scene.script.turnClock(seconds: 2)
            for client in [ann, mod, bob, cat] { try await client.skip(to: ":srv MODE #tea -b m:$a:cat") }
            cat.send("PRIVMSG #tea :now")
            try await ann.skip(to: ":cat!* PRIVMSG #tea :now")
            let log = await scene.log(bob)
            #expect(log.first == "unmute plenary.test cat other *", "\(log)")
            #expect(log.last?.hasPrefix("mute ann cat off-topic 2023-11-14T22:") ?? false, "\(log)")
        }
    }

    /// "`FAIL PRIVMSG MUTED #c <until> <code>`" before the numeric, for every verb that would say
    /// something; after a
    /// restart too, and to reactions. Exceptions hold against mutes.
    @Test(arguments: Transport.allCases)
    func capableSessionsAreToldUntilWhen(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.ann.send("MODE #tea +b $m:$a:bob", "MOD #tea MUTE bob 30m abusive")
            let lines = await scene.ann.drain()
            #expect(lines.count { $0.contains("MODE #tea +b m:$a:bob") } == 2, "\(lines)")
            for isLater in [false, true] {
                let scene = isLater ? try await scene.again() : scene
                await scene.clear()
                let id = try await scene.say(scene.ann, "react to this")
                await scene.clear()
                scene.bob.send(
                    "PRIVMSG #tea :x", "@+draft/react=a;+draft/reply=\(id) TAGMSG #tea",
                    "@+typing=active TAGMSG #tea",
                    "TOPIC #tea :x", "THREAD #tea CREATE * :x")
                try await scene.bob.expect(
                    ":srv FAIL PRIVMSG MUTED #tea 2023-11-14T22:43:*Z abusive :You are muted in #tea "
                        + "until *: abusive",
                    ":srv 404 bob #tea :*", ":srv FAIL TAGMSG MUTED #tea *", ":srv 404 bob #tea :*",
                    ":srv FAIL TAGMSG MUTED #tea *", ":srv 404 bob #tea :*", ":srv FAIL TOPIC MUTED #tea *",
                    ":srv 404 bob #tea :*", ":srv FAIL THREAD PRIVS_NEEDED #tea :*")
                try await scene.ann.expectNothing()
                guard isLater else { continue }
                scene.ann.send("MODE #tea +e m:$a:bob")
                await scene.clear()
                scene.bob.send("PRIVMSG #tea :free")
                try await scene.ann.expect("@* :bob!* PRIVMSG #tea :free")
                scene.ann.send("MODE #tea -e m:$a:bob", "MOD #tea UNMUTE bob")
                await scene.clear()
                scene.bob.send("PRIVMSG #tea :free again")
                try await scene.ann.expect("@* :bob!* PRIVMSG #tea :free again")
            }
        }
    }

    /// REMOVE leaves the event of KICK, BAN those of MODE and KICK; the public line has the code alone.
    @Test(arguments: Transport.allCases)
    func whoIsBannedIsRemovedAndStaysOut(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let (ann, mod, bob, cat) = (scene.ann, scene.mod, scene.bob, scene.cat)
            ann.send("MOD #tea REMOVE cat spam :stop it")
            try await cat.expect(":ann!* KICK #tea cat :spam")
            try await bob.expect("@* :ann!* KICK #tea cat :spam", ":ann!* MODACT #tea remove cat spam \\*")
            try await ann.expect(
                "@* :ann!* KICK #tea cat :spam", ":ann!* MODACT #tea remove cat spam \\* :stop it")
            cat.send("JOIN #tea")
            await scene.clear()
            ann.send("MOD #tea BAN cat 1m abusive, again")
            try await cat.expect(":ann!* MODE #tea +b $a:cat", ":ann!* KICK #tea cat :abusive")
            try await bob.expect(
                "@* :ann!* MODE #tea +b $a:cat", ":ann!* MODACT #tea ban cat abusive 2023-*Z",
                "@* :ann!* KICK #tea cat :abusive", ":ann!* MODACT #tea remove cat abusive \\*")
            cat.send("JOIN #tea", "PRIVMSG #tea :let me in")
            try await cat.expect(
                ":srv 474 cat #tea :You are banned from #tea (+b) until 2023-11-14 22:* UTC: abusive",
                ":srv 404 cat #tea :*")
            mod.send("MODE #tea -b $a:cat")
            await scene.clear()
            cat.send("JOIN #tea")
            try await cat.expect(":cat!* JOIN #tea")
            // A mask means whom it meets; people who moderate are never met.
            let dan = try await scene.arrive("dan", Scene.capable)
            await scene.clear(dan)
            ann.send(
                "MOD #tea BAN d*!*@* :other reasons", "MOD #tea BAN mod", "MOD #tea MUTE mod 5m",
                "MOD #tea BAN nobody")
            try await dan.skip(to: "@* :ann!* KICK #tea dan :other")
            try await ann.skip(to: ":srv FAIL MOD TARGET_IS_MODERATOR mod :*")
            try await ann.expect(
                ":srv FAIL MOD TARGET_IS_MODERATOR mod :*", ":srv FAIL MOD NO_SUCH_PERSON nobody :*")
            ann.send("MOD #tea UNBAN d*", "MOD #tea UNBAN d*")
            try await ann.expect(
                "@* :ann!* MODE #tea -b d\\*!\\*@\\*", ":ann!* MODACT #tea unban d\\*!\\*@\\* other \\*",
                ":srv FAIL MOD NO_SUCH_PERSON d\\* :*")
        }
    }

    /// "At most one message in so many seconds for each person without voice"; a message of several lines
    /// is one,
    /// reactions are free, the same token again is the same message, and a restart changes nothing.
    @Test(arguments: Transport.allCases)
    func slowModeLetsOneMessageThrough(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.ann.send("MOD #tea SLOW 30s spam")
            try await scene.ann.expect("@* :ann!* MODE #tea +f 30", ":ann!* MODACT #tea slow 30 spam \\*")
            try await scene.cat.expect(
                ":ann!* MODE #tea +f 30", ":srv NOTICE #tea :ann (moderator) set slow mode: 30 s: spam")
            await scene.clear()
            scene.bob.send(
                "@plenary.chat/id=one PRIVMSG #tea :first", "@plenary.chat/id=one PRIVMSG #tea :first")
            try await scene.bob.expect("@* :bob!* PRIVMSG #tea :first", "@* :bob!* PRIVMSG #tea :first")
            scene.bob.send("PRIVMSG #tea :second", "@+draft/react=a TAGMSG #tea")
            try await scene.bob.expect(
                ":srv FAIL PRIVMSG SLOW_MODE #tea 30 :*",
                ":srv 404 bob #tea :Slow mode in #tea: you may post again in 30 s", "@* :bob!* TAGMSG #tea")
            scene.ann.send("PRIVMSG #tea :one", "PRIVMSG #tea :two", "MODE #tea +v cat")
            await scene.ann.drain()
            scene.cat.send("PRIVMSG #tea :voiced", "PRIVMSG #tea :again")
            try await scene.ann.expect("@* :cat!* PRIVMSG #tea :voiced", "@* :cat!* PRIVMSG #tea :again")
            let later = try await scene.again()
            later.bob.send("PRIVMSG #tea :second")
            try await later.bob.expect(":srv FAIL PRIVMSG SLOW_MODE #tea *", ":srv 404 bob #tea :*")
            try await later.script.turnClock(seconds: 31)
            later.bob.send("PRIVMSG #tea :third")
            try await later.bob.expect("@* :bob!* PRIVMSG #tea :third")
            later.bob.send("MODE #tea")
            try await later.bob.expect(":srv 324 bob #tea +ntf 30", ":srv 329 *")
            await later.clear()
            later.ann.send("MOD #tea SLOW off", "MOD #tea SLOW off", "MODE #tea +f 0", "MOD #tea SLOW 21601")
            try await later.ann.expect(
                "@* :ann!* MODE #tea -f", ":ann!* MODACT #tea slow off other \\*", ":srv FAIL MOD ALREADY :*",
                ":srv 696 ann #tea f 0 :*", ":srv FAIL MOD INVALID_PARAMS 21601 :*")
        }
    }

    /// Threads by MOD leave the events of THREAD; the closing line has the code alone, the log of
    /// moderators the text.
    @Test(arguments: Transport.allCases)
    func threadsAreClosedPinnedAndMovedWithAReason(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            bob.send("THREAD #tea CREATE * :Talk", "THREAD #tea CREATE * :Other")
            let id = try await scene.say(scene.cat, "lost here")
            await scene.clear()
            ann.send("MOD #tea/1 CLOSE abusive go home")
            try await ann.expect(
                "@* :ann!* THREAD #tea 1 STATE *abusive*", ":ann!* MODACT #tea close 1 abusive \\* :go home")
            try await bob.expect(
                "@* :ann!* THREAD #tea 1 STATE *abusive*", ":ann!* MODACT #tea close 1 abusive \\*")
            try await scene.cat.expect(":srv NOTICE #tea :ann closed thread 1: Talk")
            ann.send("MOD #tea/1 CLOSE", "MOD #tea/1 REOPEN", "MOD #tea/1 PIN 2 safety", "MOD #tea/1 UNPIN")
            try await ann.skip(to: ":srv FAIL MOD ALREADY :*")
            try await ann.skip(to: ":ann!* MODACT #tea reopen 1 other \\*")
            try await ann.skip(to: ":ann!* MODACT #tea pin 1 safety \\*")
            try await ann.skip(to: ":ann!* MODACT #tea unpin 1 other \\*")
            ann.send(
                "MOD #tea MOVE \(id) 2 wrong-channel", "MOD #tea MOVE cat all #tea/0",
                "MOD #tea MOVE cat * :New one", "MOD #tea MOVE cat 9")
            try await ann.skip(to: ":ann!* MODACT #tea move 2 wrong-channel \\*")
            try await ann.skip(to: ":ann!* MODACT #tea move 0 other \\*")
            try await ann.skip(to: ":ann!* MODACT #tea move 3 other \\*")
            let answers = await ann.drain()
            #expect(answers.last?.contains("FAIL MOD NO_SUCH_THREAD ") ?? false, "\(answers)")
            bob.send("MOD #tea/1 CLOSE", "MOD #none/1 CLOSE", "MOD #tea/9 CLOSE", "MOD #tea PIN")
            let lines = await bob.drain().filter { $0.contains("FAIL") }
            #expect(lines.count == 3, "\(lines)")
        }
    }

    /// "The same answer for a channel that is not to be known": every act, and the log, on a secret
    /// channel. Members
    /// without the permission are told so; nothing of it changes anything.
    @Test(arguments: Transport.allCases)
    func outsidersLearnNothingOfSecretChannels(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.ann.send("JOIN #hidden", "MODE #hidden +s", "MODE #hidden +b eve")
            let id = try await scene.say(scene.ann, "secret", to: "#hidden")
            await scene.clear()
            let acts = [
                "MUTE cat", "UNMUTE cat", "REMOVE cat", "BAN cat", "UNBAN cat", "SLOW 10", "MODERATED on",
                "HIDE \(id)", "UNHIDE \(id)", "REDACT \(id)", "REPORTS", "LOG", "LAST", "MOVE \(id) 1",
            ]
            for act in acts {
                let there = await scene.ask(scene.bob, "MOD #hidden \(act)")
                let nowhere = await scene.ask(scene.bob, "MOD #nowhere \(act)")
                #expect(there.map { $0.replacing("#hidden", with: "#nowhere") } == nowhere, "\(act)")
                #expect(there.count == 1 && there[0].contains("FAIL MOD INVALID_TARGET"), "\(act): \(there)")
                guard act != "LOG" else { continue }
                let denied = await scene.ask(scene.bob, "MOD #tea \(act)")
                #expect(denied.count == 1 && denied[0].contains(" PRIVS_NEEDED "), "\(act): \(denied)")
            }
            for target in ["#hidden", "#nowhere"] {
                let lines = await scene.ask(scene.bob, "REPORT ann \(target) :look")
                #expect(
                    lines.count == 1 && lines[0].contains("FAIL REPORT INVALID_TARGET \(target) "), "\(lines)"
                )
            }
        }
    }

    /// `MOD * BAN` suspends an account on the whole server, with an end; its sessions end, and it is of the
    /// secretariat alone.
    @Test(arguments: Transport.allCases)
    func anAccountIsSuspendedAndComesBack(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let sec = try await scene.arrive("sec", Scene.capable)
            scene.ann.send("MOD * BAN cat")
            try await scene.ann.expect(":srv FAIL MOD PRIVS_NEEDED \\* :*")
            sec.send("MOD * BAN cat 30s safety :until tomorrow", "MOD * BAN sec", "MOD * BAN nobody")
            try await sec.expect(
                ":cat!* QUIT :*", ":sec!* MODACT \\* suspend cat safety 2023-*Z :until tomorrow",
                ":srv FAIL MOD TARGET_IS_MODERATOR sec :*", ":srv FAIL MOD NO_SUCH_PERSON nobody :*")
            try await scene.cat.expect("ERROR :*")
            let again = try await scene.script.open("again")
            again.send(
                "CAP REQ :sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE \(again.plain("cat", "correct horse"))")
            try await again.skip(to: ":srv 904 *")
            try await scene.script.turnClock(seconds: 31)
            let later = try await scene.script.open("later")
            later.send(
                "CAP REQ :sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE \(later.plain("cat", "correct horse"))")
            try await later.skip(to: ":srv 903 *")
            sec.send("MOD * LOG", "MOD * UNBAN cat")
            try await sec.skip(to: ":srv MODLOG \\* * restore plenary.test cat other \\*")
            try await sec.skip(to: ":srv FAIL MOD ALREADY :*")
        }
    }

    /// "Every member may read it; members get no text", page by page, and after a restart the same.
    @Test(arguments: Transport.allCases)
    func theLogIsReadByEverybody(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.ann.send(
                "MOD #tea MUTE cat 1h spam :one", "MOD #tea UNMUTE cat", "MOD #tea MODERATED on off-topic",
                "KICK #tea cat :abusive words", "MODE #tea +k secret", "MODE #tea +l 9",
                "MODE #tea -k secret")
            await scene.clear()
            let expected = [
                "mode ann -k other *", "mode ann +l_9 other *", "mode ann +k other *",
                "remove ann cat abusive *",
                "moderated ann on off-topic *", "unmute ann cat other *",
                "mute ann cat spam 2023-11-14T23:13:20.000Z",
            ]
            for isLater in [false, true] {
                let scene = isLater ? try await scene.again() : scene
                let read = await scene.log(scene.bob)
                #expect(
                    read.map { $0.prefix(30) }.dropLast() == expected.map { $0.prefix(30) }.dropLast(),
                    "\(read)")
                let full = await scene.log(scene.ann)
                #expect(full.last?.hasSuffix(" :one") ?? false, "\(full)")
                #expect(
                    !read.contains { $0.contains("secret") || $0.contains("one") || $0.contains("words") })
            }
            let last = try await scene.again()
            var seen: [String] = []
            var after = ""
            for _ in 0..<4 {
                let lines = await last.ask(last.bob, "MOD #tea LOG 2 \(after)")
                seen += lines.filter { $0.contains("MODLOG") }.map { String($0.split(separator: " ")[4 + 1]) }
                after = lines.last?.split(separator: " ").dropFirst(6).first.map(String.init) ?? ""
            }
            #expect(seen == ["mode", "mode", "mode", "remove", "moderated", "unmute", "mute"], "\(seen)")
            #expect(after == "*")
        }
    }
}
