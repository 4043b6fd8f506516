// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// THREAD (docs/extensions/threads.md, "THREAD" and "Event and list line").
struct ThreadsTranscripts {
    /// `plenary.chat/threads=sep=/,titlelen=200,max-list=100`, the value for CAP 302 only.
    @Test(arguments: Transport.allCases)
    func theCapabilityShowsItsValueWith302Only(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            for (version, isShown) in [("302", true), ("301", false), ("", false)] {
                let ann = try await script.open("ann")
                ann.send("CAP LS \(version)")
                let lines = await ann.drain()
                let words = lines.flatMap { $0.split(separator: " ") }.map { String($0.drop { $0 == ":" }) }
                let value = "plenary.chat/threads=sep=/,titlelen=200,max-list=100"
                #expect(words.contains { $0 == value } == isShown, "\(version): \(words)")
                // The one line of older clients has no room for it; it may be asked for all the same.
                #expect(!words.contains("plenary.chat/threads"), "\(version): \(words)")
            }
        }
    }

    /// "What succeeds is answered by the event line that everybody gets, with the label." "Other members
    /// are told … by one NOTICE of the server to `#c` in their language; bots are not."
    @Test(arguments: Transport.allCases)
    func aNewThreadIsToldToEverybodyInTheirWay(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            let cat = try await scene.arrive("cat")
            let eve = try await scene.arrive("eve", ["message-tags"])
            let dan = try await scene.arrive("dan")
            dan.send("MODE dan +B", "LANGUAGE de")
            cat.send("LANGUAGE de")
            await scene.clear(cat, dan, eve)
            ann.send("@label=a THREAD #TEA create * :Mandate models")
            try await ann.expect(
                "@label=a;time=<t>;msgid=<m>;account=ann :ann!* THREAD #tea 1 NEW st=open;n=0;by=ann "
                    + ":Mandate models")
            try await bob.expect(
                "@time=<t>;msgid=<m>;account=ann :ann!* THREAD #tea 1 NEW st=open;n=0;by=ann :Mandate models")
            try await cat.expect(":srv NOTICE #tea :*ann*1*Mandate models*#tea/1*")
            try await eve.expect("@ :srv NOTICE #tea :ann began thread 1: Mandate models*#tea/1*")
            await scene.clear()
            try await cat.expectNothing()
            try await dan.expectNothing()
            // "a session without the capability that asks gets the line all the same"
            cat.send("THREAD #tea CREATE * :Second")
            try await cat.expect(":cat!* THREAD #tea 2 NEW st=open;n=0;by=cat :Second")
        }
    }

    /// "a root must be in the main line, where it stays, and the root of no other thread"; `rt` in NEW
    /// and INFO.
    @Test(arguments: Transport.allCases)
    func aThreadGrowsFromAMessageOfTheMainLine(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            let root = try await scene.say(bob, "#tea", "shall we?")
            await scene.clear()
            bob.send("@label=r THREAD #tea CREATE \(root) :Grown")
            try await bob.expect(
                "@label=r;* :bob!* THREAD #tea 1 NEW st=open;n=0;by=bob;rt=\(root) :Grown")
            #expect(await scene.attribute("rt", of: 1, ann) == root)
            ann.send("THREAD #tea CREATE \(root) :Again")
            try await ann.skip(to: ":srv FAIL THREAD ALREADY_THREADED #tea \(root) :*")
            let inside = try await scene.say(bob, "#tea/1", "inside")
            ann.send("THREAD #tea CREATE \(inside) :Again")
            try await ann.skip(to: ":srv FAIL THREAD ALREADY_THREADED #tea \(inside) :*")
        }
    }

    /// "one line": state, counts, reader's own numbers, times, creator; `u`, `m`, `lv` to nobody but the
    /// reader.
    @Test(arguments: Transport.allCases)
    func infoIsOneLineWithAllThatIsKnown(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Mandate")
            _ = try await scene.say(ann, "#tea/1", "one")
            let last = try await scene.say(ann, "#tea/1", "bob: two")
            await scene.clear()
            bob.send("@label=i THREAD #tea/1 info")
            try await bob.expect(
                "@label=i :srv THREAD #tea 1 INFO st=open;n=2;u=2;m=1;lt=<lt>;by=ann;ct=<ct>;lm=\(last) :Mandate"
            )
            ann.send("THREAD #tea/1 INFO")
            try await ann.expect(":srv THREAD #tea 1 INFO st=open;n=2;lt=<lt>;by=ann;ct=<ct>;lm=\(last) :*")
            // Without an account there is nothing of one's own.
            let guest = try await scene.arrive("zoe", isGuest: true)
            guest.send("THREAD #tea/1 INFO")
            try await guest.expect(":srv THREAD #tea 1 INFO st=open;n=2;lt=<lt>;by=ann;ct=<ct>;lm=\(last) :*")
        }
    }

    /// TITLE: creator, moderators; and the number, the messages and the markers stay.
    @Test(arguments: Transport.allCases)
    func renamingKeepsNumberMessagesAndMarkers(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Old", by: bob)
            let first = try await scene.say(ann, "#tea/1", "read")
            let time = (await scene.attribute("lt", of: 1, bob)) ?? ""
            bob.send("MARKREAD #tea/1 timestamp=\(time)")
            await bob.drain()
            _ = try await scene.say(ann, "#tea/1", "unread")
            await scene.clear()
            bob.send("@label=t THREAD #tea/1 TITLE :New one")
            try await bob.expect("@label=t;* :bob!* THREAD #tea 1 TITLE st=open;n=2 :New one")
            try await ann.expect(":bob!* THREAD #tea 1 TITLE st=open;n=2 :New one")
            #expect(await scene.attribute("u", of: 1, bob) == "1")
            bob.send("MARKREAD #tea/1")
            try await bob.expect(":srv MARKREAD #tea/1 timestamp=\(time)")
            bob.send("CHATHISTORY BEFORE #tea/1 timestamp=2099-01-01T00:00:00.000Z 1")
            await bob.drain()
            ann.send("THREAD #tea/1 ANSWER \(first)")
            try await ann.skip(to: ":ann!* THREAD #tea 1 ANSWER st=open;n=2;an=\(first) :New one")
            let cat = try await scene.arrive("cat", ThreadScene.capable)
            cat.send("THREAD #tea/1 TITLE :Mine")
            try await cat.expect(":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*")
        }
    }

    /// CLOSE and REOPEN: "the creator, unless a moderator closed it"; ARCHIVE: moderators.
    @Test(arguments: Transport.allCases)
    func statesBelongToTheCreatorAndTheModerators(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Talk", by: bob)
            bob.send("@label=c THREAD #tea/1 CLOSE :all said")
            try await bob.expect("@label=c;* :bob!* THREAD #tea 1 STATE st=closed;n=0;rs=all\\ssaid :Talk")
            bob.send("THREAD #tea/1 REOPEN")
            try await bob.expect(":bob!* THREAD #tea 1 STATE st=open;n=0 :Talk")
            await scene.clear()
            ann.send("THREAD #tea/1 CLOSE")
            try await ann.expect(":ann!* THREAD #tea 1 STATE st=closed;n=0 :Talk")
            await scene.clear()
            bob.send("THREAD #tea/1 REOPEN")
            try await bob.expect(":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*")
            bob.send("THREAD #tea/1 ARCHIVE")
            try await bob.expect(":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*")
            // What is so already is no event.
            ann.send("THREAD #tea/1 CLOSE")
            try await ann.expect(":srv THREAD #tea 1 INFO st=closed;*")
            try await bob.expectNothing()
            ann.send("THREAD #tea/1 ARCHIVE")
            try await ann.expect(":ann!* THREAD #tea 1 STATE st=archived;n=0 :Talk")
            await scene.clear()
            // To close an archived thread would open it for its creator by two steps.
            bob.send("THREAD #tea/1 CLOSE", "THREAD #tea/1 REOPEN")
            try await bob.expect(
                ":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*", ":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*")
            ann.send("THREAD #tea/1 REOPEN")
            try await ann.expect(":ann!* THREAD #tea 1 STATE st=open;n=0 :Talk")
        }
    }

    /// PIN: "rank 1 to 99, default 1", UNPIN; ANSWER: creator and moderators, `*` takes the mark away.
    @Test(arguments: Transport.allCases)
    func pinsAndAnswersAreShownAndTakenAway(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Talk", by: bob)
            let answer = try await scene.say(ann, "#tea/1", "because")
            await scene.clear()
            ann.send("THREAD #tea/1 PIN", "THREAD #tea/1 PIN 99", "THREAD #tea/1 UNPIN")
            try await bob.expect(
                ":ann!* THREAD #tea 1 PIN st=open;pin=1;n=1 :Talk",
                ":ann!* THREAD #tea 1 PIN st=open;pin=99;n=1 :Talk",
                ":ann!* THREAD #tea 1 PIN st=open;n=1 :Talk")
            for rank in ["0", "100", "-1", "x", "99999999999999999999"] {
                let lines = await scene.ask(ann, "THREAD #tea/1 PIN \(rank)")
                #expect(
                    lines.first?.hasPrefix(":plenary.test FAIL THREAD INVALID_PARAMS PIN \(rank) :") == true,
                    "\(lines)")
            }
            bob.send("THREAD #tea/1 PIN", "THREAD #tea/1 UNPIN", "THREAD #tea/1 ANSWER \(answer)")
            try await bob.expect(
                ":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*", ":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*",
                ":bob!* THREAD #tea 1 ANSWER st=open;n=1;an=\(answer) :Talk")
            #expect(await scene.attribute("an", of: 1, ann) == answer)
            bob.send("THREAD #tea/1 ANSWER *")
            try await bob.expect(":bob!* THREAD #tea 1 ANSWER st=open;n=1 :Talk")
            #expect(await scene.attribute("an", of: 1, ann) == nil)
            let elsewhere = try await scene.say(ann, "#tea", "elsewhere")
            bob.send("THREAD #tea/1 ANSWER \(elsewhere)")
            try await bob.skip(to: ":srv FAIL THREAD UNKNOWN_MSGID #tea/1 \(elsewhere) :*")
        }
    }

    /// The accepted answer is "a message in it": redacted or moved away it is none any more.
    @Test(arguments: Transport.allCases)
    func anAnswerThatLeftTheThreadIsNoneAnyMore(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("One", "Two")
            for leave in ["REDACT #tea <m>", "THREAD #tea/1 MOVE <m> one 2"] {
                let answer = try await scene.say(ann, "#tea/1", "because")
                _ = await scene.ask(ann, "THREAD #tea/1 ANSWER \(answer)")
                #expect(await scene.attribute("an", of: 1, ann) == answer)
                let words = leave.split(separator: " ").map { $0 == "<m>" ? answer : String($0) }
                _ = await scene.ask(ann, words.joined(separator: " "))
                #expect(await scene.attribute("an", of: 1, ann) == nil, "\(leave)")
            }
        }
    }

    /// LEVEL: each for itself, to the reader's own sessions; needs an account.
    @Test(arguments: Transport.allCases)
    func aLevelIsToldToNobodyElse(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Talk")
            let second = try await scene.arrive("bob", ThreadScene.capable)
            await scene.clear()
            bob.send("@label=l THREAD #tea/1 LEVEL Follow")
            try await bob.expect("@label=l :srv THREAD #tea 1 LEVEL st=open;lv=follow :Talk")
            try await second.expect("@ :srv THREAD #tea 1 LEVEL st=open;lv=follow :Talk")
            try await ann.expectNothing()
            #expect(await scene.attribute("lv", of: 1, bob) == "follow")
            #expect(await scene.attribute("lv", of: 1, ann) == nil)
            bob.send("THREAD #tea/1 LEVEL loud")
            try await bob.expect(":srv FAIL THREAD INVALID_PARAMS LEVEL loud :*")
            let guest = try await scene.arrive("zoe", isGuest: true)
            guest.send("THREAD #tea/1 LEVEL mute", "THREAD * CUE plain")
            try await guest.expect(
                ":srv FAIL THREAD ACCOUNT_REQUIRED LEVEL :*", ":srv FAIL THREAD ACCOUNT_REQUIRED CUE :*")
            let later = try await scene.again()
            #expect(await later.attribute("lv", of: 1, later.bob) == "follow")
            later.bob.send("THREAD #tea/1 LEVEL all")
            try await later.bob.expect(":srv THREAD #tea 1 LEVEL st=open;lv=all :Talk")
            #expect(await later.attribute("lv", of: 1, later.bob) == nil)
        }
    }

    /// POLICY: who may create, and whether the main line takes messages of everybody.
    @Test(arguments: Transport.allCases)
    func thePolicySaysWhoCreatesAndWhoUsesTheMainLine(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            bob.send("THREAD #tea POLICY", "THREAD #tea POLICY create=nobody")
            try await bob.expect(
                ":srv NOTE THREAD POLICY #tea create=all;main=open :*",
                ":srv FAIL THREAD PRIVS_NEEDED #tea :*")
            ann.send("@label=p THREAD #tea POLICY create=moderators main=closed")
            try await ann.expect("@label=p :srv NOTE THREAD POLICY #tea create=moderators;main=closed :*")
            bob.send("THREAD #tea CREATE * :No", "PRIVMSG #tea :no", "PRIVMSG #tea/0 :no", "NOTICE #tea :no")
            try await bob.expect(
                ":srv FAIL THREAD PRIVS_NEEDED #tea :*", ":srv 404 bob #tea :*", ":srv 404 bob #tea :*")
            await scene.begin("Only here")
            bob.send("PRIVMSG #tea/1 :yes")
            try await bob.expect(":bob!* PRIVMSG #tea :yes")
            await scene.clear()
            ann.send("PRIVMSG #tea :moderators may")
            try await bob.expect(":ann!* PRIVMSG #tea :moderators may")
            let later = try await scene.again()
            later.bob.send("THREAD #tea POLICY")
            try await later.bob.expect(":srv NOTE THREAD POLICY #tea create=moderators;main=closed :*")
            later.ann.send("THREAD #tea POLICY create=nobody", "THREAD #tea CREATE * :Not even I")
            try await later.ann.expect(
                ":srv NOTE THREAD POLICY #tea create=nobody;main=closed :*",
                ":srv FAIL THREAD PRIVS_NEEDED #tea :*")
            for wrong in ["create=some", "main=maybe", "create", "=", "x=y"] {
                let lines = await later.ask(later.ann, "THREAD #tea POLICY \(wrong)")
                #expect(
                    lines.first?.hasPrefix(":plenary.test FAIL THREAD INVALID_PARAMS POLICY \(wrong) :")
                        == true, "\(lines)")
            }
        }
    }
}
