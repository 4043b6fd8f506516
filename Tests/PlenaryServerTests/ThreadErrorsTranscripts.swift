// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// What THREAD refuses, and that a refusal stores nothing (docs/extensions/threads.md, "Errors" and
/// "Considerations").
struct ThreadErrorsTranscripts {
    /// "the target has no thread or must not have one", "missing, a wrong number, filter or word":
    /// INVALID_PARAMS with the subcommand and the parameter.
    @Test(arguments: Transport.allCases)
    func wrongParametersAreNamedWithTheirSubcommand(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("Talk")
            let id = try await scene.say(ann, "#tea/1", "here")
            let rows = [
                ("CREATE", "#tea CREATE", "*"), ("CREATE", "#tea CREATE *", "*"),
                ("CREATE", "#tea/1 CREATE * :x", "#tea/1"), ("LIST", "#tea/1 LIST * 5", "#tea/1"),
                ("POLICY", "#tea/1 POLICY", "#tea/1"), ("INFO", "#tea INFO", "#tea"),
                ("CLOSE", "#tea CLOSE", "#tea"), ("TITLE", "#tea TITLE :x", "#tea"),
                ("TITLE", "#tea/1 TITLE", "*"),
                ("LEVEL", "#tea LEVEL all", "#tea"), ("LEVEL", "#tea/1 LEVEL", "*"),
                ("PIN", "#tea PIN", "#tea"),
                ("MOVE", "#tea MOVE \(id) one 1", "#tea"), ("MOVE", "#tea/1 MOVE \(id)", "*"),
                ("MOVE", "#tea/1 MOVE \(id) some 0", "some"), ("MOVE", "#tea/1 MOVE \(id) one -1", "-1"),
                ("MOVE", "#tea/1 MOVE \(id) one 01", "01"), ("MOVE", "#tea/1 MOVE \(id) one 1", "1"),
                ("MOVE", "#tea/1 MOVE \(id) one 4294967296", "4294967296"), ("LIST", "#tea LIST", "*"),
                ("LIST", "#tea LIST *", "*"), ("LIST", "#tea LIST loud 5", "loud"),
                ("LIST", "#tea LIST * 0", "0"),
                ("LIST", "#tea LIST * 101", "101"), ("LIST", "#tea LIST * x", "x"),
                ("LIST", "#tea LIST , 5", ","),
                ("CUE", "#tea CUE plain", "#tea"), ("CUE", "* CUE loud", "loud"),
            ]
            for (subcommand, line, context) in rows {
                let lines = await scene.ask(ann, "@label=x THREAD \(line)")
                let start = "@label=x :plenary.test FAIL THREAD INVALID_PARAMS \(subcommand) \(context) :"
                #expect(lines.count == 1 && lines[0].hasPrefix(start), "\(line): \(lines)")
            }
            ann.send("THREAD #tea", "THREAD", "THREAD #tea SPLIT", "THREAD #tea :a b", "THREAD #tea :")
            try await ann.expect(
                ":srv 461 ann THREAD :*", ":srv 461 ann THREAD :*",
                ":srv FAIL THREAD SUBCOMMAND_INVALID SPLIT :*", ":srv FAIL THREAD SUBCOMMAND_INVALID A_B :*",
                ":srv FAIL THREAD SUBCOMMAND_INVALID \\* :*")
        }
    }

    /// `#c/01`, `#c/-1`, `#c/4294967296` and others: "any other suffix names no thread".
    @Test(arguments: Transport.allCases)
    func onlyAGivenNumberNamesAThread(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("Talk")
            for suffix in [
                "01", "-1", "+1", "4294967296", "99999999999999999999", "2", "x", "", "1x", "4294967295",
                "\u{0661}",
            ] {
                let target = "#tea/\(suffix)"
                ann.send(
                    "THREAD \(target) INFO", "PRIVMSG \(target) :x", "TOPIC \(target)", "MODE \(target) +m",
                    "JOIN \(target)", "PART \(target)", "NAMES \(target)", "LIST \(target)", "WHO \(target)",
                    "CHATHISTORY LATEST \(target) * 5", "MARKREAD \(target)", "REDACT \(target) abc")
                try await ann.expect(
                    ":srv FAIL THREAD NO_SUCH_THREAD \(target) :*", ":srv 403 ann \(target) :*",
                    ":srv 403 ann \(target) :*", ":srv 403 ann \(target) :*", ":srv 403 ann \(target) :*",
                    ":srv 403 ann \(target) :*", ":srv 366 ann \(target) :*", ":srv 321 ann *",
                    ":srv 323 ann *",
                    ":srv 315 ann \(target) :*", ":srv FAIL CHATHISTORY INVALID_TARGET LATEST \(target) :*",
                    ":srv MARKREAD \(target) \\*", ":srv FAIL REDACT INVALID_TARGET \(target) :*")
            }
            ann.send("THREAD #tea/1/2 INFO", "PRIVMSG #tea/1/2 :x", "THREAD #tea//1 INFO")
            try await ann.expect(
                ":srv FAIL THREAD INVALID_TARGET #tea/1/2 :*", ":srv 403 ann #tea/1/2 :*",
                ":srv FAIL THREAD INVALID_TARGET #tea//1 :*")
            // The main line has neither title nor state nor window.
            ann.send("THREAD #tea/0 INFO", "TOPIC #tea/0", "MODE #tea/0", "JOIN #tea/0", "NAMES #tea/0")
            try await ann.expect(
                ":srv FAIL THREAD NO_SUCH_THREAD #tea/0 :*", ":srv 403 ann #tea/0 :*",
                ":srv 403 ann #tea/0 :*", ":srv 403 ann #tea/0 :*", ":srv 353 ann = #tea/0 :*",
                ":srv 366 ann #tea/0 :*")
            try await ann.expectNothing()
        }
    }

    /// "every answer to somebody who may not read `#c` is the one for a channel that does not exist": the
    /// same words for a secret channel and for none, whatever is asked.
    @Test(arguments: Transport.allCases)
    func aSecretChannelsThreadsAreUnknownToStrangers(over transport: Transport) async throws {
        let hidden = { (configuration: inout ServerConfiguration) in
            var den = ChannelConfiguration(name: "den", titles: [])
            den.isPrivate = true
            configuration.channels.append(den)
        }
        try await ThreadScene.run(transport, configure: hidden) { scene in
            let ann = scene.ann
            ann.send("JOIN #den", "THREAD #den CREATE * :Hidden")
            await ann.drain()
            let id = try await scene.say(ann, "#den/1", "hidden")
            for profile in [ThreadScene.capable, ["draft/read-marker", "draft/message-redaction"]] {
                let eve = try await scene.script.register(
                    "eve", capabilities: profile, password: "correct horse")
                for question in [
                    "THREAD <c>/1 INFO", "THREAD <c>/2 INFO", "THREAD <c> LIST * 5", "THREAD <c> CREATE * :x",
                    "THREAD <c>/1 CREATE * :x", "THREAD <c> INFO",
                    "THREAD <c>/1 MOVE \(id) one 0", "THREAD <c>/1 LEVEL mute", "THREAD <c> POLICY",
                    "THREAD * LIST * 5 <c>/1", "PRIVMSG <c>/1 :x", "PRIVMSG <c>/9 :x", "TAGMSG <c>/1",
                    "NOTICE <c>/1 :x", "TOPIC <c>/1", "TOPIC <c>/1 :x", "MODE <c>/1", "MODE <c>/1 +m",
                    "JOIN <c>/1", "JOIN <c>/9", "PART <c>/1", "NAMES <c>/1", "LIST <c>/1", "LIST <c>/*",
                    "WHO <c>/1", "CHATHISTORY LATEST <c>/1 * 5", "CHATHISTORY LATEST <c>/9 * 5",
                    "MARKREAD <c>/1", "MARKREAD <c>/1 timestamp=2020-01-01T00:00:00.000Z",
                    "REDACT <c>/1 \(id)", "REDACT <c> \(id)",
                ] {
                    func answer(_ channel: String) async -> String {
                        let line = question.split(separator: "<c>", omittingEmptySubsequences: false)
                            .joined(separator: channel)
                        return await scene.ask(eve, line).joined(separator: "\n")
                    }
                    let toHidden = await answer("#den")
                    let toNothing = await answer("#nix")
                    #expect(toHidden == toNothing.replacing("#nix", with: "#den"), "\(question)")
                }
                eve.send("QUIT")
                try await eve.skip(to: "ERROR *")
            }
        }
    }

    /// "A thread has a title (1 to 200 bytes of UTF-8)", no controls, not blank; at, below and above the
    /// limit.
    @Test(arguments: Transport.allCases)
    func aTitleIsShownAsItIsOrRefused(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let ann = scene.ann
            await scene.begin("Talk")
            for good in ["x", String(repeating: "t", count: 200), String(repeating: "é", count: 100)] {
                ann.send("THREAD #tea/1 TITLE :\(good)")
                try await ann.expect(":ann!* THREAD #tea 1 TITLE st=open;n=0 :\(good)")
            }
            let bad = [
                "", " ", "\u{3000}", String(repeating: "t", count: 201),
                String(repeating: "é", count: 100) + "x",
                "a\u{1}b", "a\u{7F}b", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "a\u{2066}b", "\u{200F}a",
                "a\tb",
                "\u{61C}",
            ]
            for title in bad {
                ann.send(
                    "THREAD #tea/1 TITLE :\(title)", "THREAD #tea CREATE * :\(title)",
                    "TOPIC #tea/1 :\(title)")
                try await ann.expect(
                    ":srv FAIL THREAD TITLE_INVALID #tea/1 :*", ":srv FAIL THREAD TITLE_INVALID #tea :*",
                    ":srv FAIL TOPIC TITLE_INVALID #tea/1 :*")
            }
            ann.send("THREAD #tea CREATE * :" + String(repeating: "t", count: 10_000))
            try await ann.expect(":srv 417 ann :*")
            ann.send(bytes: Array("THREAD #tea CREATE * :".utf8) + [0xFF, 0xFE, 13, 10])
            try await ann.expect(":srv FAIL THREAD INVALID_UTF8 *")
            ann.send("THREAD #tea LIST * 5")
            let lines = await ann.drain()
            #expect(lines.count == 3, "\(lines)")
        }
    }

    /// UNKNOWN_MSGID: "no message of that id there, or it is redacted".
    @Test(arguments: Transport.allCases)
    func aMessageIsLookedForInTheTargetOnly(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("One", "Two")
            let one = try await scene.say(ann, "#tea/1", "in one")
            let gone = try await scene.say(ann, "#tea/1", "gone")
            let loose = try await scene.say(ann, "#tea", "gone too")
            ann.send("REDACT #tea \(gone)", "REDACT #tea \(loose)", "JOIN #other")
            await ann.drain()
            let foreign = try await scene.say(ann, "#other", "foreign")
            let private1 = try await scene.say(ann, "bob", "private")
            for id in [gone, foreign, private1, "abc", "AAAAAAAAAAAAAAAAAAAAAA", "*"] {
                if id != "*" {
                    let lines = await scene.ask(ann, "THREAD #tea CREATE \(id) :x")
                    #expect(
                        lines.first?.hasPrefix(":plenary.test FAIL THREAD UNKNOWN_MSGID #tea \(id) :")
                            == true, "\(lines)")
                }
                let lines = await scene.ask(ann, "THREAD #tea/1 MOVE \(id) one 2")
                #expect(
                    lines.first?.hasPrefix(":plenary.test FAIL THREAD UNKNOWN_MSGID #tea/1 \(id) :") == true,
                    "\(lines)")
            }
            ann.send("THREAD #tea CREATE \(loose) :x", "THREAD #tea/2 MOVE \(one) one 1")
            try await ann.expect(
                ":srv FAIL THREAD UNKNOWN_MSGID #tea \(loose) :*",
                ":srv FAIL THREAD UNKNOWN_MSGID #tea/2 \(one) :*")
            bob.send("THREAD #tea/1 MOVE \(one) one 2")
            try await bob.skip(to: ":srv FAIL THREAD PRIVS_NEEDED #tea/1 :*")
            ann.send("THREAD #tea/1 MOVE \(one) one 9")
            try await ann.expect(":srv FAIL THREAD NO_SUCH_THREAD #tea/9 :*")
        }
    }

    /// THREAD_CLOSED: its creator changes neither title nor answer of a thread that is not open; a
    /// moderator may.
    @Test(arguments: Transport.allCases)
    func aClosedThreadIsChangedByModeratorsOnly(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            await scene.begin("Talk", by: bob)
            let id = try await scene.say(bob, "#tea/1", "so it is")
            ann.send("THREAD #tea/1 CLOSE")
            await scene.clear()
            bob.send("THREAD #tea/1 TITLE :x", "THREAD #tea/1 ANSWER \(id)", "TOPIC #tea/1 :x")
            try await bob.expect(
                ":srv FAIL THREAD THREAD_CLOSED #tea/1 :*", ":srv FAIL THREAD THREAD_CLOSED #tea/1 :*",
                ":srv 404 bob #tea/1 :*")
            ann.send("THREAD #tea/1 TITLE :Settled", "THREAD #tea/1 ANSWER \(id)")
            try await bob.expect(
                ":ann!* THREAD #tea 1 TITLE st=closed;n=1 :Settled",
                ":ann!* THREAD #tea 1 ANSWER st=closed;n=1;an=\(id) :Settled")
        }
    }

    /// RATE_LIMITED: "10 CREATE a minute and account", with the seconds; refused ones cost nothing.
    @Test(arguments: Transport.allCases)
    func tenThreadsAMinuteAndAccountAreEnough(over transport: Transport) async throws {
        let rated = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.rates = [.createThread: RateRule(10, perSeconds: 60)]
        }
        try await ThreadScene.run(transport, clock: ManualClock(), configure: rated) { scene in
            let bob = scene.bob
            for number in 1...10 {
                bob.send("THREAD #tea CREATE * :t\(number)")
                try await bob.expect(":bob!* THREAD #tea \(number) NEW *")
            }
            let flood = String(repeating: "THREAD #tea CREATE * :more\r\n", count: 1000)
            for _ in 0..<10 { bob.send(bytes: Array(flood.utf8)) }
            let lines = await bob.drain()
            #expect(lines.count == 10_000)
            #expect(
                lines.allSatisfy { $0.hasPrefix(":plenary.test FAIL THREAD RATE_LIMITED CREATE 60 :") },
                "\(lines.first ?? "")")
            let second = try await scene.arrive("bob", ThreadScene.capable)
            second.send("THREAD #tea CREATE * :by another device")
            try await second.expect(":srv FAIL THREAD RATE_LIMITED CREATE 60 :*")
            try await scene.script.turnClock(seconds: 59)
            bob.send("THREAD #tea CREATE * :early")
            try await bob.expect(":srv FAIL THREAD RATE_LIMITED CREATE 1 :*")
            try await scene.script.turnClock(seconds: 2)
            bob.send("THREAD #tea CREATE * :at last")
            try await bob.expect(":bob!* THREAD #tea 11 NEW *")
        }
    }

    /// LIMIT_REACHED: "more threads than a channel may have"; at the limit, and one more.
    @Test(arguments: Transport.allCases)
    func aFullChannelTakesNoMoreThreads(over transport: Transport) async throws {
        let small = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.threadCountLimit = 3
        }
        try await ThreadScene.run(transport, configure: small) { scene in
            let ann = scene.ann
            let id = try await scene.say(ann, "#tea", "main")
            await scene.begin("One", "Two", "Three")
            ann.send("THREAD #tea CREATE * :Four", "THREAD #tea/0 MOVE \(id) one * :Four")
            try await ann.expect(
                ":srv FAIL THREAD LIMIT_REACHED #tea 3 :*", ":srv FAIL THREAD LIMIT_REACHED #tea 3 :*")
            #expect(await scene.attribute("n", of: 3, ann) == "0")
        }
    }

    /// "a closed thread gives 404 and nothing is logged"; the same for a reply into it, TAGMSG and
    /// multiline, and "A NOTICE is refused without an answer". A moderator may.
    @Test(arguments: Transport.allCases)
    func aClosedThreadTakesNoMessages(over transport: Transport) async throws {
        try await ThreadScene.run(transport) { scene in
            let (ann, bob) = (scene.ann, scene.bob)
            let cat = try await scene.arrive("cat", ["draft/multiline", "batch", "message-tags"])
            await scene.begin("Talk")
            let inside = try await scene.say(ann, "#tea/1", "inside")
            ann.send("THREAD #tea/1 CLOSE")
            await scene.clear(cat)
            bob.send(
                "@label=p PRIVMSG #tea/1 :no", "@+reply=\(inside) PRIVMSG #tea :no",
                "@+draft/reply=\(inside) TAGMSG #tea", "TAGMSG #TEA/1", "@label=n NOTICE #tea/1 :no")
            try await bob.expect(
                "@label=p :srv 404 bob #tea/1 :*", ":srv 404 bob #tea/1 :*", ":srv 404 bob #tea/1 :*",
                ":srv 404 bob #tea/1 :*", "@label=n :srv ACK")
            cat.send("BATCH +a draft/multiline #tea/1", "@batch=a PRIVMSG #tea/1 :no", "BATCH -a")
            try await cat.expect(":srv 404 cat #tea/1 :*")
            try await ann.expectNothing()
            ann.send("PRIVMSG #tea/1 :I may")
            try await bob.expect(":ann!* PRIVMSG #tea :I may")
            let later = try await scene.again()
            #expect(await later.attribute("n", of: 1, later.ann) == "2")
            later.bob.send("PRIVMSG #tea/1 :no")
            try await later.bob.expect(":srv 404 bob #tea/1 :*")
            // The explicit target wins over the reply.
            later.bob.send("@+reply=\(inside) PRIVMSG #tea/0 :yes")
            try await later.bob.expect(":bob!* PRIVMSG #tea :yes")
        }
    }
}
