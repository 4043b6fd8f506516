// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// Verbs of threads, reading and search against a server that says what a script says.
@Suite struct PlenaryThreadTests {
    /// Entering the channels, which every command does first.
    static let entering: [ScriptedTransport.Step] = [
        ("MODE #practices", [":s 324 ann #practices +nt"]), ("JOIN #practices", [":ann!a@h JOIN #practices"]),
        ("MODE #nowhere", [":s 403 ann #nowhere :There is no such channel"]),
    ]

    private static let info =
        ":s THREAD #practices 12 INFO st=closed;n=2;u=1;lt=2026-11-23T14:31:07.000Z;by=fatou.d;rt=m1;an=m2 "
        + ":Follow-up tracking"

    private func stage(
        _ script: [ScriptedTransport.Step], input: String = "", isTerminal: Bool = false
    ) throws -> (stage: Stage, server: ScriptedTransport) {
        let server = ScriptedTransport(PlenaryThreadTests.entering + script)
        return (try Stage(input: input, isTerminal: isTerminal, server: server), server)
    }

    private func asked(_ server: ScriptedTransport) -> [String] {
        server.asked.filter { !$0.hasPrefix("MODE") && !$0.hasPrefix("JOIN") }
    }

    // MARK: Threads

    @Test func threadsAreListedPageByPageInColumns() async throws {
        let batch = "@batch=t :s THREAD #practices "
        let (stage, server) = try stage([
            (
                "THREAD #practices LIST archived,unread 50 9",
                [
                    "@plenary.chat/threads-end :s BATCH +t plenary.chat/threads #practices",
                    batch + "3 INFO st=archived;n=1 :العربية", ":s BATCH -t",
                ]
            ),
            (
                "THREAD #practices LIST",
                [
                    ":s BATCH +t plenary.chat/threads #practices",
                    batch + "12 INFO st=archived;pin=1;n=5;u=1000;lt=2026-11-23T14:31:07.000Z :Follow-up",
                    batch + "9 INFO st=archived;n=0 :Evil\u{9b}2J", ":s BATCH -t",
                ]
            ),
        ])
        let code = await stage.asAnn("threads", "practices", "--state", "archived", "--unread")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(
            stage.output == """
                practices/12\tarchived, pinned\t5\t1000+\t2026-11-23T14:31:07.000Z\tFollow-up
                practices/9\tarchived\t0\t\t\tEvil2J
                practices/3\tarchived\t1\t\t\t\u{2068}العربية\u{2069}

                """)
        #expect(
            asked(server) == [
                "THREAD #practices LIST archived,unread 50", "THREAD #practices LIST archived,unread 50 9",
            ])
    }

    @Test func aThreadIsShownInOrderWithItsAnswerMarked() async throws {
        let script: [ScriptedTransport.Step] = [
            ("THREAD #practices/12 INFO", [PlenaryThreadTests.info]),
            (
                "CHATHISTORY LATEST #practices/12",
                [
                    "@draft/chathistory-end :s BATCH +h chathistory #practices/12",
                    "@batch=h;msgid=m1;time=2026-11-23T13:58:00.000Z;plenary.chat/thread-root=12;"
                        + "+plenary.chat/kind=question;+plenary.chat/lang=fr;"
                        + "+plenary.chat/ref=doc:A/HRC/50/64 :fatou.d!f@h PRIVMSG #practices :Comment ?",
                    "@batch=h;msgid=m2;time=2026-11-23T14:31:07.000Z;plenary.chat/thread=12 "
                        + ":samir.h!s@h PRIVMSG #practices :\u{1}ACTION نستخدم\u{1}", ":s BATCH -h",
                ]
            ),
        ]
        let (piped, server) = try stage(script)
        let code = await piped.asAnn("thread", "show", "practices/12")
        #expect(code == 0, "\(piped.errorOutput)")
        #expect(
            piped.output == """
                2026-11-23T13:58:00.000Z\tpractices\tfatou.d\tComment ?\tquestion, fr, doc:A/HRC/50/64, thread 12
                2026-11-23T14:31:07.000Z\tpractices/12\tsamir.h\t* نستخدم\taccepted answer

                """)
        #expect(piped.errorOutput == "practices/12: Follow-up tracking (closed, 2 messages, by fatou.d)\n")
        #expect(
            asked(server) == ["THREAD #practices/12 INFO", "CHATHISTORY LATEST #practices/12 * 100"])
        let (shown, _) = try stage(script, isTerminal: true)
        #expect(await shown.asAnn("thread", "practices/12") == 0)
        let lines = shown.outputLines
        #expect(lines.first == "practices/12: Follow-up tracking (closed, 2 messages, by fatou.d)")
        #expect(lines[1].hasSuffix("fatou.d: Comment ? [question, fr, doc:A/HRC/50/64, thread 12]"))
        #expect(lines[2].hasPrefix("accepted answer: "))
        let (json, _) = try stage(script)
        #expect(await json.asAnn("thread", "practices/12", "--json") == 0)
        #expect(json.outputLines.count == 3)
        #expect(json.outputLines[0].contains("\"type\":\"thread\""))
        #expect(json.outputLines[1].contains("\"thread_title\":\"Follow-up tracking\""))
        #expect(
            json.outputLines[1].contains(
                "\"lang\":\"fr\",\"mark\":\"question\",\"refs\":[\"doc:A/HRC/50/64\"]"))
    }

    @Test func eachThreadVerbIsOneCommand() async throws {
        let ann = ":ann!a@h THREAD #practices "
        let (stage, server) = try stage([
            ("THREAD #practices CREATE", [ann + "13 NEW st=open;n=0;by=ann :Annex models"]),
            ("THREAD #practices/12 TITLE", [ann + "12 TITLE st=open;n=2 :New title"]),
            ("THREAD #practices/12 CLOSE", [ann + "12 STATE st=closed;n=2 :New title"]),
            ("THREAD #practices/12 REOPEN", [ann + "12 STATE st=open;n=2 :New title"]),
            ("THREAD #practices/12 ARCHIVE", [ann + "12 STATE st=archived;n=2 :New title"]),
            ("THREAD #practices/12 PIN", [ann + "12 PIN st=open;pin=7;n=2 :New title"]),
            ("THREAD #practices/12 UNPIN", [ann + "12 PIN st=open;n=2 :New title"]),
            ("THREAD #practices/12 ANSWER m2", [ann + "12 ANSWER st=open;n=2;an=m2 :New title"]),
            ("THREAD #practices/12 ANSWER *", [ann + "12 ANSWER st=open;n=2 :New title"]),
            ("THREAD #practices/12 LEVEL", [ann + "12 LEVEL st=open;n=2;lv=mute :New title"]),
            ("THREAD #practices/0 MOVE", [ann + "0 MOVE st=open;n=2;to=12;cnt=1;ms=m5 :"]),
        ])
        let commands: [[String]] = [
            ["new", "practices", "Annex", "models", "--root", "m9"],
            ["title", "practices/12", "New", "title"],
            ["close", "practices/12", "off", "topic"], ["reopen", "practices/12"],
            ["archive", "practices/12"],
            ["pin", "practices/12", "--rank", "7"], ["unpin", "practices/12"],
            ["answer", "practices/12", "m2"], ["answer", "practices/12", "none"],
            ["level", "practices/12", "mute"], ["move", "practices/0", "m5", "--to", "12"],
        ]
        for words in commands {
            let code = await PlenaryCommand.run(
                ["--server", "127.0.0.1:1", "--plain-text", "--guest", "--account", "ann", "thread"] + words,
                stage.surroundings)
            #expect(code == 0, "\(words): \(stage.errorOutput)")
        }
        #expect(
            asked(server) == [
                "THREAD #practices CREATE m9 :Annex models", "THREAD #practices/12 TITLE :New title",
                "THREAD #practices/12 CLOSE :off topic", "THREAD #practices/12 REOPEN",
                "THREAD #practices/12 ARCHIVE", "THREAD #practices/12 PIN 7", "THREAD #practices/12 UNPIN",
                "THREAD #practices/12 ANSWER m2", "THREAD #practices/12 ANSWER *",
                "THREAD #practices/12 LEVEL mute", "THREAD #practices/0 MOVE m5 one 12",
            ])
        #expect(stage.output == "practices/13\n")
        #expect(
            stage.errorOutput == """
                practices/12 is called: New title
                practices/12 is closed.
                practices/12 is open.
                practices/12 is archived.
                practices/12 is pinned.
                practices/12 is not pinned.
                practices/12 has an accepted answer.
                practices/12 has no accepted answer.
                practices/12 has the level mute.
                1 message moved to practices/12.

                """)
    }

    @Test func refusalsHaveTheirExitCodes() async throws {
        func fail(_ code: String) -> ScriptedTransport.Step {
            ("THREAD #practices/12 CLOSE", [":s FAIL THREAD \(code) #practices/12 :No."])
        }
        for (code, exit): (String, Int32) in [
            ("NO_SUCH_THREAD", 66), ("INVALID_TARGET", 66), ("UNKNOWN_MSGID", 66), ("PRIVS_NEEDED", 77),
            ("THREAD_CLOSED", 77), ("ACCOUNT_REQUIRED", 79), ("RATE_LIMITED", 75), ("TITLE_INVALID", 65),
            ("ALREADY_THREADED", 1), ("LIMIT_REACHED", 1), ("INVALID_PARAMS", 1),
        ] {
            let (stage, _) = try stage([fail(code)])
            let result = await stage.asAnn("thread", "close", "practices/12")
            #expect(result == exit, "\(code): \(stage.errorOutput)")
            #expect(stage.errorOutput.hasPrefix("practices/12 was not closed\nNo.\n"))
        }
        let (stage, _) = try stage([])
        #expect(await stage.asAnn("threads", "nowhere") == 66)
    }

    @Test func wrongUseIsCode64AndAsksNobody() async throws {
        let wrong: [[String]] = [
            ["threads", "practices/12"], ["threads", "--state", "shut"], ["thread", "practices"],
            ["thread", "close", "practices"], ["thread", "close", "practices/0"],
            ["thread", "new", "practices/1", "x"], ["thread", "new", "practices"],
            ["thread", "pin", "practices/12", "--rank", "100"],
            ["thread", "pin", "practices/12", "--rank", "0"],
            ["thread", "level", "practices/12", "loud"], ["thread", "move", "practices", "m", "--to", "1"],
            ["thread", "move", "practices/1", "--to", "2"],
            ["thread", "move", "practices/1", "m", "--all", "--to", "2"],
            ["thread", "move", "practices/1", "--all", "--rest", "--to", "2"],
            ["thread", "move", "practices/1", "m", "--to", "x"],
            ["thread", "move", "practices/1", "m", "--to", "2", "--title", "x"], ["search"],
            ["search", "x", "--kind", "rant"], ["search", "x", "--lang", "f"],
            ["search", "x", "--ref", "nothing"],
            ["search", "x", "--limit", "0"], ["post", "practices/1", "--thread", "2", "x"],
            ["post", "practices", "--thread", "01", "x"],
            ["post", "practices", "--thread", "1", "-t", "T", "x"],
            ["post", "@bob", "-t", "T", "x"], ["post", "practices", "-t", "T", "--queue", "x"],
            ["post", "practices", "-t", "T", "--reply", "m", "x"],
            ["post", "practices", "--kind", "rant", "x"],
            ["post", "practices", "--lang", "français", "x"], ["post", "practices", "--ref", "1/2", "x"],
            ["history", "practices/4294967296"], ["history", "practices/012"], ["history", "practices/+1"],
        ]
        let (stage, server) = try stage([])
        for words in wrong {
            let code = await PlenaryCommand.run(
                ["--server", "127.0.0.1:1", "--plain-text", "--guest"] + words, stage.surroundings)
            #expect(code == 64, "\(words)")
        }
        #expect(server.asked == [])
    }

    // MARK: Posting

    private let echo: ScriptedTransport.Step = (
        "", ["@msgid=m9;time=2026-11-23T14:31:07.000Z;plenary.chat/thread=12 :ann!a@h PRIVMSG #practices :x"]
    )

    @Test func aPostHasItsThreadItsMarksAndTheSymbolsOfItsText() async throws {
        let (stage, server) = try stage([echo])
        let code = await stage.asAnn(
            "post", "practices", "--thread", "12", "--reply", "m1", "--kind", "practice", "--lang", "zh-hans",
            "--ref", "sdg:16.6", "--ref", "a/hrc/50/64", "See", "A/HRC/50/64", "and", "CRC/C/XXX/CO/5-6.")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(
            asked(server) == [
                "@+draft/reply=m1;+plenary.chat/kind=practice;+plenary.chat/lang=zh-Hans;"
                    + "+plenary.chat/ref=sdg:16.6,doc:A/HRC/50/64,doc:CRC/C/XXX/CO/5-6 "
                    + "PRIVMSG #practices/12 :See A/HRC/50/64 and CRC/C/XXX/CO/5-6."
            ])
        #expect(
            stage.errorOutput
                == "references from the text: doc:CRC/C/XXX/CO/5-6 (--no-auto-ref leaves them)\n")
        let (plain, other) = try self.stage([echo])
        #expect(await plain.asAnn("post", "practices", "--no-auto-ref", "See A/HRC/50/64") == 0)
        #expect(asked(other) == ["PRIVMSG #practices :See A/HRC/50/64"])
        #expect(plain.errorOutput == "")
    }

    @Test func aNewThreadIsMadeBeforeItsFirstMessage() async throws {
        let (stage, server) = try stage([
            ("THREAD #practices CREATE", [":ann!a@h THREAD #practices 12 NEW st=open;n=0 :Mandate models"]),
            echo,
        ])
        #expect(await stage.asAnn("post", "practices", "-t", "Mandate models", "How?", "--json") == 0)
        #expect(
            asked(server) == ["THREAD #practices CREATE * :Mandate models", "PRIVMSG #practices/12 :How?"])
        #expect(stage.output.contains("\"thread\":12"))
        #expect(stage.errorOutput == "")
    }

    // MARK: Reading

    private static let history: [ScriptedTransport.Step] = [
        ("MARKREAD #practices timestamp", [":s MARKREAD #practices timestamp=2026-11-23T14:10:00.000Z"]),
        ("MARKREAD #practices/12", [":s MARKREAD #practices/12 timestamp=2026-11-23T14:05:00.000Z"]),
        ("MARKREAD #practices/0", [":s MARKREAD #practices/0 timestamp=2026-11-23T14:00:00.000Z"]),
        ("MARKREAD #practices", [":s MARKREAD #practices timestamp=2026-11-23T14:00:00.000Z"]),
        (
            "CHATHISTORY AFTER #practices",
            [
                "@draft/chathistory-end :s BATCH +h chathistory #practices",
                "@batch=h;msgid=m1;time=2026-11-23T14:01:00.000Z :bob!b@h PRIVMSG #practices :@ann one",
                "@batch=h;msgid=m2;time=2026-11-23T14:02:00.000Z :ann!b@h PRIVMSG #practices :mine",
                "@batch=h;msgid=m3;time=2026-11-23T14:05:00.000Z;plenary.chat/thread=12 "
                    + ":bob!b@h PRIVMSG #practices :read in its thread",
                "@batch=h;msgid=m4;time=2026-11-23T14:10:00.000Z :bob!b@h PRIVMSG #practices :four",
                ":s BATCH -h",
            ]
        ),
    ]

    @Test func readPrintsTheUnreadAndMarksThem() async throws {
        let (stage, server) = try stage(PlenaryThreadTests.history)
        let code = await stage.asAnn("read", "practices")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(stage.outputLines.map { $0.split(separator: "\t").last } == ["@ann one", "four"])
        #expect(asked(server).last == "MARKREAD #practices timestamp=2026-11-23T14:10:00.000Z")
        #expect(asked(server)[1] == "CHATHISTORY AFTER #practices timestamp=2026-11-23T14:00:00.000Z 100")
        let (first, other) = try self.stage(PlenaryThreadTests.history)
        #expect(await first.asAnn("read", "practices", "--until", "m1", "--json") == 0)
        #expect(first.outputLines.count == 1)
        #expect(asked(other).last == "MARKREAD #practices timestamp=2026-11-23T14:01:00.000Z")
        let (wrong, _) = try self.stage(PlenaryThreadTests.history)
        #expect(await wrong.asAnn("read", "practices", "--until", "m2") == 66)
    }

    @Test func markReadGoesToTheNewestMessage() async throws {
        let (stage, server) = try stage(
            PlenaryThreadTests.history + [
                (
                    "CHATHISTORY LATEST #practices/12",
                    [
                        ":s BATCH +h chathistory #practices/12",
                        "@batch=h;msgid=m3;time=2026-11-23T14:05:00.000Z :bob!b@h PRIVMSG #practices :x",
                        ":s BATCH -h",
                    ]
                )
            ])
        let code = await stage.asAnn("unread", "--mark-read", "practices/12", "--json")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(asked(server).last == "MARKREAD #practices/12 timestamp=2026-11-23T14:05:00.000Z")
        #expect(stage.output.contains("\"thread\":12,\"read_until\":\"2026-11-23T14:05:00.000Z\""))
    }

    @Test func withoutChannelsNothingIsUnread() async throws {
        let (stage, _) = try stage([
            (
                "THREAD * LIST",
                ["@plenary.chat/threads-end :s BATCH +t plenary.chat/threads *", ":s BATCH -t"]
            )
        ])
        #expect(await stage.asAnn("unread") == 1)
        #expect(stage.errorOutput == "Nothing is unread.\n")
    }

    @Test func aMentionIsCountedAsTheServerCounts() {
        for text in ["@ann hello", "hello @Ann!", "ann: you", "Ann, you", "x @ann"] {
            #expect(Mention.isAddressed(text, to: "ann"), "\(text)")
        }
        for text in ["ann", "hello ann", "@anna", "joann: x", "", "ann. x", "@ ann"] {
            #expect(!Mention.isAddressed(text, to: "ann"), "\(text)")
        }
    }

    // MARK: Search

    @Test func searchGoesThroughItsPagesAndSaysWhenNothingIsThere() async throws {
        func page(_ range: ClosedRange<Int>, isLast: Bool) -> [String] {
            [(isLast ? "@plenary.chat/search-end " : "") + ":s BATCH +q search"]
                + range.map { "@batch=q;msgid=m\($0) :bob!b@h PRIVMSG #practices :text \($0)" } + [
                    ":s BATCH -q"
                ]
        }
        let (stage, server) = try stage([
            (
                "SEARCH text=national\\sdatabase;in=#practices;from=maria;limit=10;plenary.chat/next=m50",
                page(51...52, isLast: true)
            ), ("SEARCH text=national", page(1...50, isLast: false)),
            ("SEARCH", ["@plenary.chat/search-end :s BATCH +q search", ":s BATCH -q"]),
        ])
        let code = await stage.asAnn(
            "search", "national", "database", "--in", "practices", "--from", "@maria", "--limit", "60")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(stage.outputLines.count == 52)
        #expect(asked(server).first == "SEARCH text=national\\sdatabase;in=#practices;from=maria;limit=50")
        let none = await stage.asAnn(
            "search", "--ref", "A/HRC/50/64", "--kind", "question", "--lang", "FR", "--since", "2026-11-23",
            "--until", "2026-11-24")
        #expect(none == 1)
        #expect(
            asked(server).last == "SEARCH after=2026-11-22T23:59:59.999Z;before=2026-11-24T00:00:00.000Z;"
                + "limit=20;plenary.chat/lang=fr;plenary.chat/kind=question;plenary.chat/ref=doc:A/HRC/50/64")
        #expect(stage.errorOutput.hasSuffix("Nothing was found.\n"))
    }
}
