// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// `plenary mod` and `plenary report` against a server that says what a script says.
@Suite struct PlenaryModTests {
    private func stage(
        _ script: [ScriptedTransport.Step], answers: [String] = [], isTerminal: Bool = false
    ) throws -> (stage: Stage, server: ScriptedTransport) {
        let server = ScriptedTransport(PlenaryThreadTests.entering + script)
        return (try Stage(answers: answers, isTerminal: isTerminal, server: server), server)
    }

    private func asked(_ server: ScriptedTransport) -> [String] {
        server.asked.filter { $0.hasPrefix("MOD ") || $0.hasPrefix("REPORT") }
    }

    private static let muted = [
        "@time=2026-11-23T14:31:07.000Z :ann!a@h MODE #practices +b m:$a:bo",
        "@time=2026-11-23T14:31:07.000Z :ann!a@h MODACT #practices mute bo abusive "
            + "2026-11-23T14:41:07.000Z :second time",
    ]

    @Test func aMuteHasItsTimeAndItsReason() async throws {
        let (stage, server) = try stage([("MOD #practices MUTE", PlenaryModTests.muted)])
        let code = await stage.asAnn(
            "mod", "mute", "practices", "@bo", "--for", "10m", "--reason", "abusive: second time")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(asked(server) == ["MOD #practices MUTE bo 600s :abusive second time"])
        #expect(
            stage.errorOutput.contains(
                "ann, moderator: muted bo in practices, until 23 Nov 14:41, \u{2068}abusive: second "
                    + "time\u{2069}. 23 Nov 14:31"
            )
                || stage.errorOutput.contains("ann, moderator: muted bo in practices, until"),
            "\(stage.errorOutput)")
    }

    @Test func forProgramsAnActIsARecord() async throws {
        let (stage, _) = try stage([("MOD #practices MUTE", PlenaryModTests.muted)])
        let code = await stage.asAnn(
            "mod", "mute", "practices", "bo", "--for", "10m", "--reason", "abusive", "--json")
        #expect(code == 0, "\(stage.errorOutput)")
        #expect(
            stage.output
                == #"{"v":1,"type":"moderation","time":"2026-11-23T14:31:07.000Z","action":"mute","actor":"ann","#
                + #""target":"bo","channel":"practices","thread":null,"reason":"abusive","text":"second time","#
                + #""until":"2026-11-23T14:41:07.000Z","undo_of":null}"# + "\n")
    }

    @Test func whatPeopleFeelNeedsAReason() async throws {
        for act in ["mute", "hide", "redact", "remove", "ban"] {
            let (stage, server) = try stage([])
            #expect(await stage.asAnn("mod", act, "practices", "bo", "--yes") == 64, "\(act)")
            #expect(stage.errorOutput.contains("--reason CODE"), "\(stage.errorOutput)")
            #expect(asked(server).isEmpty)
        }
        let (asking, server) = try stage(
            [("MOD #practices MUTE", PlenaryModTests.muted)], answers: ["off topic"], isTerminal: true)
        #expect(await asking.asAnn("mod", "mute", "practices", "bo") == 0, "\(asking.errorOutput)")
        #expect(asked(server) == ["MOD #practices MUTE bo off-topic"])
        let (wrong, _) = try stage([])
        #expect(await wrong.asAnn("mod", "mute", "practices", "bo", "--reason", "of-topic") == 64)
        #expect(wrong.errorOutput.contains("Did you mean off-topic?"), "\(wrong.errorOutput)")
    }

    @Test func whatRemovesAsksFirst() async throws {
        let (silent, server) = try stage([])
        #expect(await silent.asAnn("mod", "remove", "practices", "bo", "--reason", "spam") == 64)
        #expect(silent.errorOutput.contains("--yes"))
        #expect(asked(server).isEmpty)
        let (declined, other) = try stage([], answers: ["no"], isTerminal: true)
        #expect(await declined.asAnn("mod", "ban", "practices", "bo", "--reason", "spam") == 1)
        #expect(asked(other).isEmpty)
        let removed = [":ann!a@h KICK #practices bo :spam", ":ann!a@h MODACT #practices remove bo spam *"]
        let (typed, third) = try stage(
            [("MOD #practices REMOVE", removed)], answers: ["bo"], isTerminal: true)
        #expect(await typed.asAnn("mod", "remove", "practices", "bo", "--reason", "spam") == 0)
        #expect(asked(third) == ["MOD #practices REMOVE bo spam"])
        let (dry, fourth) = try stage([])
        #expect(await dry.asAnn("mod", "remove", "practices", "bo", "--dry-run", "--reason", "spam") == 0)
        #expect(dry.errorOutput.contains("would be done: you, moderator: removed bo in practices, spam."))
        #expect(asked(fourth).isEmpty)
    }

    @Test func refusalsHaveTheirExitCodes() async throws {
        let cases: [(String, Int32)] = [
            ("PRIVS_NEEDED #practices", 77), ("TARGET_IS_MODERATOR bo", 77), ("NO_SUCH_PERSON bo", 66),
            ("INVALID_TARGET #practices", 66), ("RATE_LIMITED 30", 75), ("TEXT_TOO_LONG 300", 65),
            ("ALREADY", 1),
        ]
        for (refusal, expected) in cases {
            let (stage, _) = try stage([("MOD #practices UNMUTE bo", [":s FAIL MOD \(refusal) :No"])])
            #expect(await stage.asAnn("mod", "unmute", "practices", "bo") == expected, "\(refusal)")
        }
        let until = "2026-11-23T14:41:07.000Z"
        let (muted, _) = try stage([
            (
                "PRIVMSG #practices",
                [
                    ":s FAIL PRIVMSG MUTED #practices \(until) abusive :You are muted in #practices "
                        + "until 14:41: abusive",
                    ":s 404 ann #practices :You are muted",
                ]
            )
        ])
        #expect(await muted.asAnn("post", "practices", "hello") == 77, "\(muted.errorOutput)")
        #expect(muted.errorOutput.contains("until 14:41"), "\(muted.errorOutput)")
    }

    @Test func wrongUseIsExplained() async throws {
        let uses: [([String], String)] = [
            (["mod", "mut", "practices", "bo"], "Did you mean: plenary mod mute"),
            (["mod", "close", "practices"], "practices/12"), (["mod", "mute", "practices"], "whom or what"),
            (["mod", "mute", "practices", "bo", "--for", "never", "--reason", "spam"], "--for"),
            (["mod", "slow", "practices", "10", "--for", "10m"], "--for goes with"),
            (["mod", "hide", "@bo", "x", "--reason", "spam"], "no channel"),
            (["mod", "claim", "x"], "no number"), (["report", "practices", "bo"], "say what is wrong"),
        ]
        for (words, hint) in uses {
            let (stage, _) = try stage([])
            let code = await PlenaryCommand.run(
                ["--server", "127.0.0.1:1", "--plain-text", "--guest", "--account", "ann"] + words,
                stage.surroundings)
            #expect(code == 64, "\(words)")
            #expect(stage.errorOutput.contains(hint), "\(words): \(stage.errorOutput)")
        }
    }

    @Test func theLogIsReadToItsEndTheOldestFirst() async throws {
        let row = ":s MODLOG #practices 2026-11-23T14:3"
        let (stage, server) = try stage([
            (
                "MOD #practices LOG 100 m1",
                [row + "1:07.000Z m0 slow hélène 30 off-topic *", ":s NOTE MOD LOG #practices 1 * :1 in all"]
            ),
            (
                "MOD #practices LOG 100",
                [
                    row + "2:07.000Z m1 hide hélène abc abusive * :third time",
                    ":s NOTE MOD LOG #practices 1 m1 :1 in all",
                ]
            ),
        ])
        #expect(await stage.asAnn("mod", "log", "practices") == 0, "\(stage.errorOutput)")
        #expect(
            stage.output == """
                2026-11-23T14:31:07.000Z\tslow\thélène\t30\toff-topic\t\t
                2026-11-23T14:32:07.000Z\thide\thélène\tabc\tabusive\t\tthird time

                """)
        #expect(asked(server) == ["MOD #practices LOG 100", "MOD #practices LOG 100 m1"])
    }

    @Test func reportsAreListedClaimedAndResolved() async throws {
        func row(_ state: String, _ handler: String) -> String {
            ":s REPORT #practices 3 \(state) spam abc bo amina \(handler) 2026-11-23T14:31:07.000Z :third time"
        }
        let (stage, server) = try stage([
            ("MOD * REPORTS", [row("open", "*"), ":s NOTE MOD REPORTS * 1 :1"]),
            ("MOD * CLAIM 3", [row("claimed", "ann")]), ("MOD * RESOLVE 3 hidden", [row("resolved", "ann")]),
        ])
        #expect(await stage.asAnn("mod", "reports") == 0, "\(stage.errorOutput)")
        #expect(await stage.asAnn("mod", "claim", "3") == 0, "\(stage.errorOutput)")
        #expect(
            await stage.asAnn("mod", "resolve", "3", "hidden", "all", "good") == 0, "\(stage.errorOutput)")
        #expect(
            stage.output == """
                3\topen\tpractices\tspam\tbo\tamina\t\tabc\tthird time
                3\tclaimed\tpractices\tspam\tbo\tamina\tann\tabc\tthird time
                3\tresolved\tpractices\tspam\tbo\tamina\tann\tabc\tthird time

                """)
        #expect(
            asked(server) == ["MOD * REPORTS", "MOD * CLAIM 3", "MOD * RESOLVE 3 hidden :all good"])
    }

    @Test func aReportSaysThatNobodyElseSeesIt() async throws {
        let (stage, server) = try stage([("REPORT bo #practices", [":s NOTE REPORT RECEIVED 4 :Thank you"])])
        #expect(
            await stage.asAnn("report", "practices", "@bo", "he", "shouts", "--reason", "abusive") == 0,
            "\(stage.errorOutput)")
        #expect(asked(server) == ["REPORT bo #practices :abusive he shouts"])
        #expect(stage.errorOutput.contains("have your report, number 4. Nobody else sees it."))
    }
}
