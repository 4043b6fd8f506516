// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// RELAYMSG (IRCv3 relaymsg, draft) and RELAY (docs/extensions/relay.md).
struct RelayingTranscripts {
    private static let relayer = [
        "message-tags", "batch", "echo-message", "labeled-response", "draft/multiline", "draft/relaymsg",
    ]

    /// `#tea` with ann, who moderates it, bob, a member with everything, cat on a plain client, and tec, a technician
    /// who brings messages; relays are switched on when asked for.
    private func run(
        _ transport: Transport, isOn: Bool = true,
        _ body: (ModerationScene, TranscriptClient) async throws -> Void
    ) async throws {
        try await ModerationScene.run(transport) { scene in
            try await scene.script.addAccount("tec", password: "correct horse", role: .technician)
            let tec = try await self.tec(scene)
            if isOn { tec.send("RELAY #tea ON") }
            await tec.drain()
            await scene.clear()
            try await body(scene, tec)
        }
    }

    private func tec(_ scene: ModerationScene) async throws -> TranscriptClient {
        let client = try await scene.script.register(
            "tec", capabilities: RelayingTranscripts.relayer, password: "correct horse")
        await client.drain()
        return client
    }

    /// "Everybody gets an ordinary message"; "the relay itself gets its echo …, with its label".
    @Test(arguments: Transport.allCases)
    func aRelayedMessageIsAnOrdinaryOneUnderItsOwnName(over transport: Transport) async throws {
        try await run(transport) { scene, tec in
            tec.send("@label=1;+plenary.chat/origin=zoom RELAYMSG #tea Amina-Diallo/zoom :Bonjour à tous")
            try await tec.expect(
                "@label=1;draft/relaymsg=tec;* :Amina-Diallo/zoom!~u@relayed PRIVMSG #tea :Bonjour à tous")
            try await scene.cat.expect(":Amina-Diallo/zoom!~u@relayed PRIVMSG #tea :Bonjour à tous")
            try await scene.bob.expect(
                "@+plenary.chat/origin=zoom;* :Amina-Diallo/zoom!~u@relayed PRIVMSG #tea :Bonjour à tous")
        }
    }

    /// "Whoever negotiated it gets the tag …, live and in history, with `message-tags` or without."
    @Test(arguments: Transport.allCases)
    func theTagReachesBridgesThatKnowNoOtherTags(over transport: Transport) async throws {
        try await run(transport) { scene, tec in
            let dan = try await scene.arrive("dan", ["draft/relaymsg", "batch", "draft/chathistory"])
            tec.send("RELAYMSG #tea Li/zoom :hi")
            try await dan.expect("@draft/relaymsg=tec :Li/zoom!~u@relayed PRIVMSG #tea :hi")
            dan.send("CHATHISTORY LATEST #tea * 5")
            try await dan.expect(
                "*BATCH +<b> *", "@batch=<b>;draft/relaymsg=tec :Li/zoom!~u@relayed PRIVMSG #tea :hi",
                "*BATCH -*")
        }
    }

    /// irctest, server_tests/relaymsg.py: the codes and their order.
    @Test(arguments: Transport.allCases)
    func whatMayNotBeRelayedIsRefusedByItsCode(over transport: Transport) async throws {
        try await run(transport, isOn: false) { scene, tec in
            tec.send(
                "RELAYMSG #tea invalid!nick/zoom hi", "RELAYMSG #tea regular hi", "RELAYMSG #tea Li/zoom hi")
            try await tec.expect(
                ":srv FAIL RELAYMSG INVALID_NICK :*", ":srv FAIL RELAYMSG INVALID_NICK :*",
                ":srv FAIL RELAYMSG NOT_ENABLED #tea :*")
            tec.send("RELAYMSG #none Li/zoom hi", "RELAYMSG bob Li/zoom hi", "RELAYMSG #tea Li/zoom :")
            try await tec.expect(
                ":srv FAIL RELAYMSG INVALID_TARGET #none :*", ":srv FAIL RELAYMSG INVALID_TARGET bob :*",
                ":srv FAIL RELAYMSG BLANK_MSG :*")
            scene.bob.send("RELAYMSG #tea Li/zoom hi", "RELAY #tea ON")
            try await scene.bob.expect(
                ":srv FAIL RELAYMSG PRIVS_NEEDED :*", ":srv FAIL RELAY PRIVS_NEEDED :*")
            scene.ann.send("RELAY #tea ON", "MOD #tea MUTE Li/zoom 10m abusive")
            await scene.ann.drain()
            await scene.bob.drain()
            tec.send("RELAYMSG #tea Li/zoom :again")
            try await tec.expect(":srv FAIL RELAYMSG BANNED #tea :*")
        }
    }

    /// "RELAYMSG for messages of several lines", and "a message sent again is stored once, also after a restart".
    @Test(arguments: Transport.allCases)
    func severalLinesAreRelayedOnce(over transport: Transport) async throws {
        try await run(transport) { scene, tec in
            func say(_ client: TranscriptClient) {
                client.send(
                    "@+plenary.chat/relayed-as=Li/zoom;plenary.chat/id=z1 BATCH +7 draft/multiline #tea",
                    "@batch=7 PRIVMSG #tea :first", "@batch=7 PRIVMSG #tea :second", "BATCH -7")
            }
            say(tec)
            try await tec.expect(
                "@msgid=<id>;draft/relaymsg=tec;* :Li/zoom!~u@relayed BATCH +<b> draft/multiline #tea",
                "@batch=<b> :Li/zoom!~u@relayed PRIVMSG #tea :first",
                "@batch=<b> :Li/zoom!~u@relayed PRIVMSG #tea :second", ":srv BATCH -<b>")
            try await scene.cat.expect(
                ":Li/zoom!~u@relayed PRIVMSG #tea :first", ":Li/zoom!~u@relayed PRIVMSG #tea :second")
            let later = try await scene.again()
            let again = try await self.tec(later)
            await later.clear()
            say(again)
            try await again.skip(to: "@msgid=<id>;* :Li/zoom!~u@relayed BATCH +* draft/multiline #tea")
            #expect(await later.cat.drain() == [])
        }
    }

    /// "When it is switched on, and when they join while it is, all people in the channel are told by a NOTICE …
    /// in their language".
    @Test(arguments: Transport.allCases)
    func everybodyIsToldThatTheChannelIsCopied(over transport: Transport) async throws {
        try await run(transport, isOn: false) { scene, tec in
            scene.cat.send("LANGUAGE fr")
            await scene.cat.drain()
            tec.send("RELAY #tea ON")
            try await tec.expect(":srv NOTE RELAY ON #tea :#tea is copied *")
            try await scene.bob.expect(":srv NOTICE #tea :#tea is copied *")
            try await scene.cat.expect(":srv NOTICE #tea :#tea est copié *")
            let dan = try await scene.script.register("dan", capabilities: [], password: "correct horse")
            dan.send("JOIN #tea")
            try await dan.skip(to: ":srv NOTICE #tea :#tea is copied *")
            tec.send("RELAY #tea OFF")
            try await tec.expect(":srv NOTE RELAY OFF #tea :*")
            try await scene.bob.skip(to: ":srv NOTICE #tea :#tea is no longer copied *")
        }
    }

    /// "`WATCH` (members) sends this line now, at every beat and at every switch, until `UNWATCH`."
    @Test(arguments: Transport.allCases)
    func aRoomDisplayIsToldOfEveryBeat(over transport: Transport) async throws {
        try await run(transport) { scene, tec in
            scene.bob.send("RELAY #tea WATCH")
            try await scene.bob.expect(":srv RELAY #tea STATUS on * * *")
            tec.send("RELAY #tea BEAT in=412;duplicate=3;private-dropped=2;late=1;refused=0")
            let line = ":srv RELAY #tea STATUS on tec * in=412;duplicate=3;private-dropped=2;late=1;refused=0"
            try await scene.bob.expect(line)
            scene.bob.send("RELAY #tea UNWATCH")
            await scene.bob.drain()
            tec.send("RELAY #tea BEAT in=413")
            await tec.drain()
            #expect(await scene.bob.drain() == [])
            scene.bob.send("RELAY #tea")
            try await scene.bob.expect(
                ":srv RELAY #tea STATUS on tec * in=413;duplicate=0;private-dropped=0;late=0;refused=0")
        }
    }

    /// "Messages are redacted, hidden and erased one by one, by moderators and the secretariat."
    @Test(arguments: Transport.allCases)
    func aRelayedMessageIsRedactedByModerators(over transport: Transport) async throws {
        try await run(transport) { scene, tec in
            tec.send("RELAYMSG #tea Li/zoom :too much")
            try await tec.expect("@msgid=<id>;* * PRIVMSG #tea :too much")
            await scene.clear()
            scene.ann.send("REDACT #tea \(scene.script["id"])")
            try await scene.bob.skip(to: "@* :ann!* REDACT #tea \(scene.script["id"])*")
        }
    }

    /// "`SEARCH from=Li-Wei/zoom` finds what was said under a name."
    @Test(arguments: Transport.allCases)
    func whatWasSaidUnderANameIsFound(over transport: Transport) async throws {
        let configure: @Sendable (inout ServerConfiguration) -> Void = {
            $0.offersSearch = true
            $0.searchMilliseconds = 60_000
        }
        try await Transcript.run(transport, configure: configure) { script in
            try await script.addAccount("sec", password: "correct horse", role: .secretariat)
            let sec = try await script.register(
                "sec", capabilities: ["batch", "message-tags", "draft/search", "plenary.chat/threads"],
                password: "correct horse")
            sec.send(
                "JOIN #c", "RELAY #c ON", "RELAYMSG #c Li-Wei/zoom :one", "RELAYMSG #c O'Brien/zoom :two")
            await sec.drain()
            sec.send("SEARCH from=li-wei/zoom")
            try await sec.expect("*BATCH +*", ":Li-Wei/zoom!* PRIVMSG #c :one", "*BATCH -*")
            sec.send("SEARCH from=O'Brien/zoom")
            try await sec.expect("*BATCH +*", ":O'Brien/zoom!* PRIVMSG #c :two", "*BATCH -*")
        }
    }
}
