// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// REDACT (IRCv3 message-redaction, draft; conformance.md, "History, redaction, read marker").
struct RedactionTranscripts {
    private static let redacting = ThreadScene.capable + ["draft/message-redaction"]

    /// "REDACT … forwarded to clients that negotiated the capability", with the reason and the thread;
    /// others are not told. In a window the target is the window's, as the message had it.
    @Test(arguments: Transport.allCases)
    func aRedactionIsToldToThoseWhoUnderstandIt(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let cat = try await scene.arrive("cat", RedactionTranscripts.redacting)
            let window = try await scene.arrive("dan", ["message-tags", "draft/message-redaction"])
            window.send("JOIN #tea/1")
            let plain = try await scene.arrive("eve", ["message-tags", "draft/message-redaction"])
            let deaf = try await scene.arrive("fay")
            for target in ["#tea", "#tea/1", "#TEA/1"] {
                let id = try await scene.say(cat, target, "oops")
                await scene.clear(cat, window, plain, deaf)
                cat.send("@label=r REDACT \(target) \(id) :my mistake")
                let thread = target == "#tea" ? "" : ";plenary.chat/thread=1"
                try await cat.expect(
                    "@label=r;msgid=*;time=*;account=cat\(thread) :cat!* REDACT #tea \(id) :my mistake")
                let inWindow = target == "#tea" ? "#tea" : "#tea/1"
                try await window.expect("@msgid=* :cat!* REDACT \(inWindow) \(id) :my mistake")
                try await plain.expect("@msgid=* :cat!* REDACT #tea \(id) :my mistake")
                for client in [deaf, scene.ann, scene.bob] { try await client.expectNothing() }
                cat.send("REDACT \(target) \(id)")
                try await cat.expect(":srv FAIL REDACT UNKNOWN_MSGID \(target) \(id) :*")
            }
            // Who did not negotiate it may say it, and is told with a label only.
            let id = try await scene.say(scene.bob, "#tea", "mine")
            await scene.clear(cat)
            scene.bob.send("@label=z REDACT #tea \(id)")
            try await scene.bob.expect("@label=z :srv ACK")
            try await cat.expect(":bob!* REDACT #tea \(id)")
        }
    }

    /// INVALID_TARGET, UNKNOWN_MSGID and REDACT_FORBIDDEN with target and id; one answer for unknown,
    /// elsewhere and not visible. Authors redact their own, moderators all; a guest's own word belongs to
    /// nobody.
    @Test(arguments: Transport.allCases)
    func authorsAndModeratorsRedact(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            let guest = try await scene.arrive("zoe", ["message-tags", "echo-message"], isGuest: true)
            let byGuest = try await scene.say(guest, "#tea", "I said")
            let byAnn = try await scene.say(ann, "#tea/1", "she said")
            ann.send("JOIN #other")
            await ann.drain()
            let foreign = try await scene.say(ann, "#other", "elsewhere")
            await scene.clear(guest)
            bob.send(
                "REDACT #tea \(byAnn)", "REDACT #tea/1 \(byAnn)", "REDACT #tea/2 \(byAnn)",
                "REDACT #tea/0 \(byAnn)", "REDACT #tea \(foreign)", "REDACT #tea junk",
                "REDACT #none \(byAnn)",
                "REDACT #other \(foreign)", "REDACT #tea", "REDACT nobody \(byAnn)", "REDACT #tea \(byGuest)")
            try await bob.expect(
                ":srv FAIL REDACT REDACT_FORBIDDEN #tea \(byAnn) :*",
                ":srv FAIL REDACT REDACT_FORBIDDEN #tea/1 \(byAnn) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID #tea/2 \(byAnn) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID #tea/0 \(byAnn) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID #tea \(foreign) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID #tea junk :*",
                ":srv FAIL REDACT INVALID_TARGET #none :*", ":srv FAIL REDACT INVALID_TARGET #other :*",
                ":srv 461 bob REDACT :*", ":srv FAIL REDACT INVALID_TARGET nobody :*",
                ":srv FAIL REDACT REDACT_FORBIDDEN #tea \(byGuest) :*")
            guest.send("REDACT #tea \(byGuest)")
            try await guest.expect(":srv FAIL REDACT REDACT_FORBIDDEN #tea \(byGuest) :*")
            ann.send("REDACT #tea \(byGuest)", "REDACT #tea/1 \(byAnn)")
            let lines = await ann.drain()
            #expect(!lines.contains { $0.contains("FAIL") }, "\(lines)")
            // A thread's event is no message.
            ann.send("THREAD #tea/1 TITLE :x")
            let event = try #require(ThreadScene.messageID(await ann.drain().first ?? ""))
            ann.send("REDACT #tea \(event)", "THREAD #tea/1 MOVE \(event) one 2")
            try await ann.expect(
                ":srv FAIL REDACT UNKNOWN_MSGID #tea \(event) :*",
                ":srv FAIL THREAD UNKNOWN_MSGID #tea/1 \(event) :*")
        }
    }

    /// "A redacted message is not in the history; with event-playback and `draft/message-redaction` its
    /// REDACT line is": in the channel, in the thread and in the main line alike, and after a restart.
    @Test(arguments: Transport.allCases)
    func aHistoryHasTheRedactionInsteadOfTheText(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let both = RedactionTranscripts.redacting + ["draft/event-playback"]
            var ids: [String: String] = [:]
            for target in ["#tea/1", "#tea/0"] {
                ids[target] = try await scene.say(scene.ann, target, "secret")
                _ = try await scene.say(scene.ann, target, "public")
            }
            for id in ids.values { scene.ann.send("REDACT #tea \(id) :reason") }
            await scene.clear()
            for isLater in [false, true] {
                let scene = isLater ? try await scene.again() : scene
                let cat = try await scene.arrive("cat", both)
                let dan = try await scene.arrive("dan", ["batch", "draft/chathistory"])
                for target in ["#tea/1", "#tea/0", "#tea"] {
                    let lines = await scene.ask(cat, "CHATHISTORY LATEST \(target) * 50")
                    #expect(!lines.contains { $0.contains("secret") }, "\(lines)")
                    let redactions = lines.filter { $0.contains(" REDACT #tea ") }
                    let wanted = target == "#tea" ? Set(ids.values) : [ids[target] ?? ""]
                    let found = redactions.compactMap { $0.components(behind: "REDACT #tea ")?.prefix(22) }
                    #expect(Set(found.map(String.init)) == wanted, "\(target): \(lines)")
                    let plain = await scene.ask(dan, "CHATHISTORY LATEST \(target) * 50")
                    #expect(!plain.contains { $0.contains("secret") || $0.contains("REDACT") }, "\(plain)")
                    #expect(plain.contains { $0.hasSuffix("public") }, "\(plain)")
                }
            }
        }
    }

    /// "In a private conversation its author may redact": the other hears of it under whatever name; so
    /// do the author's other devices.
    @Test(arguments: Transport.allCases)
    func anAuthorRedactsInATalk(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let cat = try await scene.arrive("cat", RedactionTranscripts.redacting)
            let device = try await scene.arrive("cat", RedactionTranscripts.redacting)
            let dan = try await scene.script.register(
                "daniel", capabilities: RedactionTranscripts.redacting, account: "dan",
                password: "correct horse")
            let id = try await scene.say(cat, "daniel", "oops")
            let other = try await scene.say(cat, "bob", "for bob")
            await scene.clear(cat, device, dan)
            dan.send("REDACT cat \(id)", "REDACT cat \(other)", "REDACT daniel \(id)")
            try await dan.expect(
                ":srv FAIL REDACT REDACT_FORBIDDEN cat \(id) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID cat \(other) :*",
                ":srv FAIL REDACT UNKNOWN_MSGID daniel \(id) :*")
            cat.send("@label=q REDACT daniel \(id) :sorry")
            try await cat.expect("@label=q;* :cat!* REDACT <target> \(id) :sorry")
            try await device.expect(":cat!* REDACT <target> \(id) :sorry")
            try await dan.expect(":cat!* REDACT <target> \(id) :sorry")
            cat.send("REDACT daniel \(id)")
            try await cat.expect(":srv FAIL REDACT UNKNOWN_MSGID daniel \(id) :*")
            dan.send("CHATHISTORY LATEST cat * 10")
            let lines = await dan.drain()
            #expect(lines.count == 2, "\(lines)")
        }
    }
}
