// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// MARKREAD (IRCv3 read-marker, draft) and unread counts (docs/extensions/threads.md, "Reading state").
struct ReadingTranscripts {
    private static let marker = ThreadScene.capable + ["draft/read-marker"]

    /// read-marker: "MARKREAD … before RPL_ENDOFNAMES"; `*` when nothing is set; a marker "only grows".
    @Test(arguments: Transport.allCases)
    func aMarkerIsSaidOnJoinAndOnlyGrows(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            for isGuest in [false, true] {
                let name = isGuest ? "zoe" : "cat"
                let cat = try await scene.script.register(
                    name, capabilities: ["draft/read-marker"], password: isGuest ? nil : "correct horse")
                cat.send("JOIN #TEA")
                try await cat.expect(
                    ":\(name)!* JOIN #tea", ":srv MARKREAD #tea \\*", ":srv 353 *", ":srv 366 *")
                cat.send(
                    "MARKREAD #tea timestamp=2020-01-02T03:04:05.678Z", "MARKREAD #TEA",
                    "MARKREAD #tea timestamp=2019-01-02T03:04:05.678Z",
                    "MARKREAD #tea timestamp=2020-01-02T03:04:05.678Z",
                    "MARKREAD #tea timestamp=2020-01-02T03:04:05.679Z")
                try await cat.expect(
                    ":srv MARKREAD #tea timestamp=2020-01-02T03:04:05.678Z",
                    ":srv MARKREAD * timestamp=2020-01-02T03:04:05.678Z",
                    ":srv MARKREAD #tea timestamp=2020-01-02T03:04:05.678Z",
                    ":srv MARKREAD #tea timestamp=2020-01-02T03:04:05.678Z",
                    ":srv MARKREAD #tea timestamp=2020-01-02T03:04:05.679Z")
                cat.send("PART #tea", "JOIN #tea")
                try await cat.expect(
                    ":\(name)!* PART #tea", ":\(name)!* JOIN #tea",
                    ":srv MARKREAD #tea timestamp=2020-01-02T03:04:05.679Z", ":srv 353 *", ":srv 366 *")
                for wrong in ["*", "2020-01-02T03:04:05.678Z", "timestamp=", "timestamp=x", "time=1"] {
                    cat.send("MARKREAD #tea \(wrong)")
                    try await cat.expect(":srv FAIL MARKREAD INVALID_PARAMS #tea *")
                }
                cat.send("MARKREAD", "MARKREAD #none")
                try await cat.expect(":srv FAIL MARKREAD NEED_MORE_PARAMS :*", ":srv MARKREAD #none \\*")
            }
        }
    }

    /// "The answer goes to all sessions of the account that negotiated the capability", whatever they are
    /// called.
    @Test(arguments: Transport.allCases)
    func everySessionOfTheAccountHearsOfIt(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            await scene.begin("Talk")
            let one = try await scene.arrive("cat", ReadingTranscripts.marker)
            let two = try await scene.arrive("cat", ["draft/read-marker"])
            let deaf = try await scene.arrive("cat")
            let renamed = try await scene.script.register(
                "kitten", capabilities: ["draft/read-marker", "plenary.chat/threads"], account: "cat",
                password: "correct horse")
            await scene.clear(one, two, deaf, renamed)
            one.send("@label=m MARKREAD #tea/1 timestamp=2020-01-01T00:00:00.000Z")
            try await one.expect("@label=m :srv MARKREAD #tea/1 timestamp=2020-01-01T00:00:00.000Z")
            try await two.expect("@ :srv MARKREAD #tea/1 timestamp=2020-01-01T00:00:00.000Z")
            try await renamed.expect("@ :srv MARKREAD #tea/1 timestamp=2020-01-01T00:00:00.000Z")
            try await deaf.expectNothing()
            try await scene.bob.expectNothing()
            one.send("THREAD #tea/1 LEVEL mute")
            try await one.expect(":srv THREAD #tea 1 LEVEL *")
            try await renamed.expect(":srv THREAD #tea 1 LEVEL st=open;lv=mute :Talk")
            two.send("MARKREAD bob timestamp=2020-01-01T00:00:00.000Z", "MARKREAD nobody")
            try await two.expect(
                ":srv MARKREAD bob timestamp=2020-01-01T00:00:00.000Z", ":srv MARKREAD nobody \\*")
            try await one.expect(":srv MARKREAD bob timestamp=2020-01-01T00:00:00.000Z")
        }
    }

    /// "`MARKREAD #c timestamp=…` covers the channel with all its threads, `#c/12` one thread, `#c/0` the
    /// main line"; "The effective marker of a thread is the later of its own and the channel's"; a
    /// restart changes nothing.
    @Test(arguments: Transport.allCases)
    func theChannelsMarkerCoversItsThreads(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let bob = scene.bob
            await scene.begin("One", "Two")
            func at(_ year: Int) -> String { "timestamp=\(year)-01-01T00:00:00.000Z" }
            for (line, answer) in [
                ("#tea/1 \(at(2010))", "#tea/1 \(at(2010))"), ("#tea/2", "#tea/2 *"), ("#tea/0", "#tea/0 *"),
                ("#tea", "#tea *"), ("#tea \(at(2005))", "#tea \(at(2005))"),
                ("#tea/1", "#tea/1 \(at(2010))"),
                ("#tea/2", "#tea/2 \(at(2005))"), ("#tea/0 \(at(2004))", "#tea/0 \(at(2005))"),
                ("#tea/0 \(at(2006))", "#tea/0 \(at(2006))"), ("#tea \(at(2015))", "#tea \(at(2015))"),
                ("#tea/1 \(at(2012))", "#tea/1 \(at(2015))"), ("#tea/1", "#tea/1 \(at(2015))"),
                ("#tea/2 \(at(2016))", "#tea/2 \(at(2016))"), ("#tea/0", "#tea/0 \(at(2015))"),
            ] {
                let lines = await scene.ask(bob, "MARKREAD \(line)")
                #expect(lines == [":plenary.test MARKREAD \(answer)"], "\(line)")
            }
            let later = try await scene.again()
            for (line, answer) in [("#tea/1", 2015), ("#tea/2", 2016), ("#tea/0", 2015), ("#tea", 2015)] {
                let lines = await later.ask(later.bob, "MARKREAD \(line)")
                #expect(lines == [":plenary.test MARKREAD \(line) \(at(answer))"])
            }
            // Somebody without an account too, as long as the session lasts.
            let guest = try await later.arrive("zoe", isGuest: true)
            guest.send("MARKREAD #tea \(at(2010))", "MARKREAD #tea/1 \(at(2005))", "MARKREAD #tea/1")
            try await guest.expect(
                ":srv MARKREAD #tea \(at(2010))", ":srv MARKREAD #tea/1 \(at(2010))",
                ":srv MARKREAD #tea/1 \(at(2010))")
        }
    }

    /// "A message is unread … when it is later than the effective marker …, by somebody else, not
    /// redacted and no TAGMSG." "Counts follow posting, MOVE, REDACT and MARKREAD at once and are the
    /// same after a restart."
    @Test(arguments: Transport.allCases)
    func countsFollowWhatHappens(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            func counts(_ scene: ThreadScene) async -> [String] {
                var all: [String] = []
                for number in [1, 2] {
                    for key in ["n", "u", "m"] {
                        all.append(await scene.attribute(key, of: number, scene.bob) ?? "-")
                    }
                }
                return all
            }
            #expect(await counts(scene) == ["0", "-", "-", "0", "-", "-"])
            let first = try await scene.say(ann, "#tea/1", "bob: hello")
            let second = try await scene.say(ann, "#tea/1", "well, @Bob. And @ann, a@bob, @bobby")
            _ = try await scene.say(bob, "#tea/1", "bob, my own")
            ann.send("@+draft/react=x TAGMSG #tea/1")
            await scene.clear()
            #expect(await counts(scene) == ["3", "2", "2", "0", "-", "-"])
            ann.send("THREAD #tea/1 MOVE \(second) one 2")
            await scene.clear()
            #expect(await counts(scene) == ["2", "1", "1", "1", "1", "1"])
            ann.send("REDACT #tea \(first)")
            await scene.clear()
            #expect(await counts(scene) == ["1", "-", "-", "1", "1", "1"])
            _ = try await scene.say(ann, "#tea/1", "and one more")
            let later = try await scene.again()
            #expect(await counts(later) == ["2", "1", "-", "1", "1", "1"])
            let time = await later.attribute("lt", of: 2, later.bob) ?? ""
            later.bob.send("MARKREAD #tea/2 timestamp=\(time)")
            #expect(await counts(later) == ["2", "1", "-", "1", "-", "-"])
            later.bob.send("MARKREAD #tea timestamp=2099-01-01T00:00:00.000Z")
            #expect(await counts(later) == ["2", "-", "-", "1", "-", "-"])
            // Nobody has read what is not written yet.
            _ = try await later.say(later.ann, "#tea/2", "later")
            #expect(await counts(later) == ["2", "-", "-", "2", "1", "-"])
            let last = try await later.again()
            #expect(await counts(last) == ["2", "-", "-", "2", "1", "-"])
        }
    }

    /// "later than the making of the account": a newcomer has read everything. A guest counts nothing.
    @Test(arguments: Transport.allCases)
    func aNewcomerHasNothingUnread(over transport: Transport) async throws {
        try await ThreadScene.run(transport, clock: ManualClock()) { scene in
            await scene.begin("Talk")
            _ = try await scene.say(scene.ann, "#tea/1", "before")
            scene.script.clock?.advance(microseconds: 5000)
            try await scene.script.addAccount("new", password: "correct horse")
            let new = try await scene.arrive("new", ThreadScene.capable)
            #expect(await scene.attribute("u", of: 1, new) == nil)
            _ = try await scene.say(scene.ann, "#tea/1", "after")
            #expect(await scene.attribute("u", of: 1, new) == "1")
        }
    }

    /// "at most 1000, which means \"1000 or more\"": one below, at and above, here with a smaller limit.
    @Test(arguments: Transport.allCases)
    func countingStopsAtItsLimit(over transport: Transport) async throws {
        let small = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.unreadCountLimit = 3
        }
        try await ThreadScene.run(transport, configure: small) { scene in
            await scene.begin("Talk")
            for expected in ["1", "2", "3", "3"] {
                _ = try await scene.say(scene.ann, "#tea/1", "bob: x")
                #expect(await scene.attribute("u", of: 1, scene.bob) == expected)
                #expect(await scene.attribute("m", of: 1, scene.bob) == expected)
            }
        }
    }

    /// A guest keeps a bounded number of markers (limits.md: as many as MONITOR entries): at it, and one
    /// more.
    @Test(arguments: Transport.allCases)
    func aGuestsMarkersAreBounded(over transport: Transport) async throws {
        let small = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.monitorCountLimit = 2
        }
        try await ThreadScene.run(transport, configure: small) { scene in
            let guest = try await scene.arrive("zoe", isGuest: true)
            let time = "timestamp=2020-01-01T00:00:00.000Z"
            guest.send("MARKREAD a \(time)", "MARKREAD b \(time)", "MARKREAD c \(time)", "MARKREAD B")
            try await guest.expect(
                ":srv MARKREAD a \(time)", ":srv MARKREAD b \(time)", ":srv MARKREAD c \\*",
                ":srv MARKREAD B \(time)")
        }
    }
}
