// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// HIDE and UNHIDE (docs/extensions/moderation.md, "Hidden messages"), and MOD REDACT.
struct ModerationHidingTranscripts {
    private typealias Scene = ModerationScene

    /// "Live, sessions with the capability get MODACT; those with `draft/message-redaction` alone get
    /// REDACT, so that
    /// the text leaves the screen; the rest a notice without text." Moderators keep the text.
    @Test(arguments: Transport.allCases)
    func aHiddenMessageLeavesTheScreens(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let redacting = try await scene.arrive("dan", ["message-tags", "draft/message-redaction"])
            let id = try await scene.say(scene.bob, "rubbish")
            await scene.clear(redacting)
            scene.ann.send("MOD #tea HIDE \(id) off-topic, see the agenda")
            try await scene.ann.expect(":ann!* MODACT #tea hide \(id) off-topic \\* :see the agenda")
            try await scene.bob.expect(":ann!* MODACT #tea hide \(id) off-topic \\*")
            try await redacting.expect("@msgid=* :ann!* REDACT #tea \(id) :off-topic")
            try await scene.cat.expect(":srv NOTICE #tea :ann (moderator) hid a message: off topic")
            try await scene.mod.expect(
                ":srv NOTICE #tea :ann (moderator) hid a message: off topic – see the agenda")
            scene.ann.send(
                "MOD #tea HIDE \(id)", "MOD #tea UNHIDE bob", "MOD #tea UNHIDE bob", "MOD #tea HIDE nobody")
            try await scene.ann.expect(
                ":srv FAIL MOD ALREADY :*", ":ann!* MODACT #tea unhide \(id) other \\*",
                ":srv FAIL MOD ALREADY :*", ":srv FAIL MOD UNKNOWN_MSGID nobody :*")
            try await scene.cat.expect(":srv NOTICE #tea :ann (moderator) showed a message again")
        }
    }

    /// "For everybody but moderators it reads `[hidden by moderator: …]` in their language", in history
    /// and replay,
    /// of one line and of several, in a thread and in the main line, after a restart as before.
    @Test(arguments: Transport.allCases)
    func historyHasTheMarkInsteadOfTheText(over transport: Transport) async throws {
        try await Scene.run(transport, configure: { $0.channels[0].replayCount = 20 }) { scene in
            scene.bob.send("THREAD #tea CREATE * :Talk")
            await scene.clear()
            var ids: [String] = []
            for target in ["#tea", "#tea/1"] {
                ids.append(try await scene.say(scene.bob, "poison one", to: target))
                await scene.ann.drain()
                scene.bob.send(
                    "BATCH +m draft/multiline \(target)", "@batch=m PRIVMSG \(target) :poison two",
                    "@batch=m PRIVMSG \(target) :poison three", "BATCH -m")
                await scene.bob.drain()
                let lines = await scene.ann.drain()
                ids.append(try #require(lines.compactMap(ThreadScene.messageID).first, "\(lines)"))
                _ = try await scene.say(scene.bob, "honey", to: target)
            }
            for id in ids { scene.ann.send("MOD #tea HIDE \(id) spam because") }
            await scene.clear()
            for isLater in [false, true] {
                let scene = isLater ? try await scene.again() : scene
                let french = try await scene.arrive("dan", ["batch", "draft/chathistory"])
                french.send("LANGUAGE fr")
                for target in ["#tea", "#tea/1", "#tea/0"] {
                    let count = target == "#tea" ? 4 : 2
                    let read = await scene.ask(scene.bob, "CHATHISTORY LATEST \(target) * 50")
                    #expect(!read.contains { $0.contains("poison") }, "\(read)")
                    let marked = read.filter { $0.contains("plenary.chat/hidden=spam") }
                    #expect(marked.count == count, "\(target) \(read)")
                    #expect(marked.allSatisfy { $0.hasSuffix("[hidden by moderator: spam]") }, "\(marked)")
                    let full = await scene.ask(scene.ann, "CHATHISTORY LATEST \(target) * 50")
                    #expect(full.count { $0.contains("poison") } == count / 2 * 3, "\(full)")
                    #expect(full.count { $0.contains("plenary.chat/hidden=spam") } == count, "\(full)")
                    let other = await scene.ask(french, "CHATHISTORY LATEST \(target) * 50")
                    #expect(
                        !other.contains { $0.contains("poison") || $0.contains("plenary.chat") }, "\(other)")
                    #expect(
                        other.count { $0.contains("[masqué par la modération : message indésirable]") }
                            == count)
                }
                // A plain client's replay: the member reads the mark, the moderator both.
                scene.cat.send("PART #tea", "JOIN #tea")
                let replay = await scene.cat.drain()
                #expect(!replay.contains { $0.contains("poison") }, "\(replay)")
                #expect(replay.count { $0.contains("[hidden by moderator: spam]") } == 4, "\(replay)")
                scene.mod.send("PART #tea", "JOIN #tea")
                let both = await scene.mod.drain()
                #expect(both.count { $0.contains("poison") } == 6, "\(both)")
                #expect(both.count { $0.contains("[hidden by moderator: spam]") } == 4, "\(both)")
            }
        }
    }

    /// "No search finds it", but for moderators, and it "counts for nobody as unread".
    @Test(arguments: Transport.allCases)
    func hiddenIsNotFoundAndNotCounted(over transport: Transport) async throws {
        try await Scene.run(transport, clock: nil, configure: { $0.offersSearch = true }) { scene in
            scene.ann.send("THREAD #tea CREATE * :Talk")
            await scene.clear()
            let id = try await scene.say(scene.bob, "poisonous words", to: "#tea/1")
            _ = try await scene.say(scene.bob, "plain words", to: "#tea/1")
            let capable = Scene.capable + ["draft/search"]
            let eve = try await scene.arrive("eve", capable)
            func unread() async -> String {
                let lines = await scene.ask(eve, "THREAD #tea/1 INFO")
                return lines.first?.components(separatedBy: ";u=").last.map {
                    String($0.prefix { $0.isNumber })
                } ?? ""
            }
            let second = try await scene.arrive("ann", capable)
            #expect(await unread() == "2")
            #expect(await scene.ask(eve, "SEARCH text=poisonous").contains { $0.contains("poisonous words") })
            scene.ann.send("MOD #tea HIDE \(id) abusive")
            await scene.clear()
            #expect(await unread() == "1")
            let found = await scene.ask(eve, "SEARCH text=words")
            #expect(found.count { $0.contains(" PRIVMSG ") } == 1, "\(found)")
            #expect(!(await scene.ask(eve, "SEARCH text=poisonous")).contains { $0.contains("PRIVMSG") })
            #expect(
                await scene.ask(second, "SEARCH text=poisonous").contains { $0.contains("poisonous words") })
            scene.ann.send("MOD #tea UNHIDE \(id)")
            await scene.clear()
            #expect(await unread() == "2")
            // What is hidden can still be redacted, and is then counted no second time.
            scene.ann.send("MOD #tea HIDE \(id)", "REDACT #tea \(id)", "MOD #tea UNHIDE \(id)")
            #expect(await scene.ann.drain().contains { $0.contains("FAIL MOD UNKNOWN_MSGID") })
            #expect(await unread() == "1")
        }
    }

    /// `MOD REDACT` leaves the event of REDACT: its public line has the code, its log the text; messages
    /// may be named.
    @Test(arguments: Transport.allCases)
    func aRedactionByModIsTheSameEvent(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let first = try await scene.say(scene.bob, "one")
            let second = try await scene.say(scene.bob, "two")
            let third = try await scene.say(scene.cat, "three")
            await scene.clear()
            scene.ann.send("MOD #tea REDACT =\(first.prefix(4)) personal-data his number")
            try await scene.ann.expect(
                "@* :ann!* REDACT #tea \(first) :personal-data",
                ":ann!* MODACT #tea redact \(first) personal-data \\* :his number")
            try await scene.bob.expect(
                "@* :ann!* REDACT #tea \(first) :personal-data",
                ":ann!* MODACT #tea redact \(first) personal-data \\*")
            // "REDACT takes an id or a label only"; redacted ones are found by neither.
            scene.ann.send(
                "MOD #tea REDACT \(second)", "MOD #tea REDACT =\(third.prefix(6))", "MOD #tea REDACT bob",
                "MOD #tea REDACT ~1", "MOD #tea REDACT =\(first.prefix(4))",
                "MOD #tea REDACT =\(third.prefix(3))")
            try await scene.ann.expect(
                "@* :ann!* REDACT #tea \(second) :other", ":ann!* MODACT #tea redact \(second) other \\*",
                "@* :ann!* REDACT #tea \(third) :other", ":ann!* MODACT #tea redact \(third) other \\*",
                ":srv FAIL MOD LABEL_NEEDED bob :*", ":srv FAIL MOD LABEL_NEEDED ~1 :*",
                ":srv FAIL MOD UNKNOWN_MSGID =* :*", ":srv FAIL MOD UNKNOWN_MSGID =* :*")
            // A word taken back by its author is no act.
            let own = try await scene.say(scene.bob, "mine")
            scene.bob.send("REDACT #tea \(own)")
            await scene.clear()
            #expect(await scene.log(scene.bob).count == 3)
        }
    }
}
