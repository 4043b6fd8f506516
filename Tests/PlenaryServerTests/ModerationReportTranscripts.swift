// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTestKit
import Testing

/// REPORT, the queue of reports, and notes on members (docs/extensions/moderation.md, "Reports", "Notes").
struct ModerationReportTranscripts {
    private typealias Scene = ModerationScene

    /// "Answered by NOTE REPORT RECEIVED; nobody in the channel sees anything. Moderators get, on every
    /// session, a REPORT
    /// line, and plain clients a notice." Then claim and resolve, after a restart too.
    @Test(arguments: Transport.allCases)
    func aReportReachesTheModeratorsAlone(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let id = try await scene.say(scene.cat, "buy this")
            await scene.clear()
            scene.bob.send("REPORT \(id) #tea spam :third time", "REPORT cat #tea :he is rude")
            try await scene.bob.expect(
                ":srv NOTE REPORT RECEIVED 1 :Thank you. *", ":srv NOTE REPORT RECEIVED 2 :Thank you. *")
            try await scene.ann.expect(
                ":srv REPORT #tea 1 open spam \(id) cat bob \\* 2023-*Z :third time",
                ":srv REPORT #tea 2 open other \\* cat bob \\* 2023-*Z :he is rude")
            try await scene.mod.expect(
                ":plenary!plenary@plenary.test NOTICE mod :Report 1 in #tea by bob, about cat: spam "
                    + "– third time (open; to take it: /msg plenary claim 1)",
                ":plenary!plenary@plenary.test NOTICE mod :Report 2 *")
            try await scene.cat.expectNothing()
            scene.mod.send("PRIVMSG plenary :claim 1")
            try await scene.mod.expect(":plenary!* NOTICE mod :Report 1 * (mod looks into it)")
            try await scene.ann.expect(
                ":srv REPORT #tea 1 claimed spam \(id) cat bob mod 2023-*Z :third time")
            for isLater in [false, true] {
                let scene = isLater ? try await scene.again() : scene
                await scene.clear()
                scene.ann.send(
                    "MOD #tea REPORTS", "MOD * REPORTS claimed", "MOD #tea CLAIM 1", "MOD #tea CLAIM 9")
                try await scene.ann.expect(
                    ":srv REPORT #tea 1 claimed *", ":srv REPORT #tea 2 open *",
                    ":srv NOTE MOD REPORTS #tea 2 :2 in all",
                    ":srv REPORT #tea 1 claimed *", ":srv NOTE MOD REPORTS \\* 1 :*",
                    ":srv FAIL MOD ALREADY_CLAIMED mod :*", ":srv FAIL MOD NO_SUCH_REPORT 9 :*")
            }
            let later = try await scene.again()
            later.ann.send(
                "MOD * RESOLVE 1 hidden :done", "MOD #tea RESOLVE 1 none", "MOD #tea REPORTS resolved")
            try await later.ann.expect(
                ":srv REPORT #tea 1 resolved spam * cat bob ann 2023-*Z :third time",
                ":srv FAIL MOD ALREADY :*",
                ":srv REPORT #tea 1 resolved *", ":srv NOTE MOD REPORTS #tea 1 :*")
            later.bob.send("MOD * REPORTS", "MOD #tea REPORTS", "MOD * CLAIM 2", "MOD #tea RESOLVE 2 none")
            try await later.bob.expect(
                ":srv FAIL MOD PRIVS_NEEDED \\* :*", ":srv FAIL MOD PRIVS_NEEDED #tea :*",
                ":srv FAIL MOD PRIVS_NEEDED \\* :*", ":srv FAIL MOD PRIVS_NEEDED #tea :*")
        }
    }

    /// "Reports by one person: 10 an hour"; text 350 bytes; what is reported has to be there.
    @Test(arguments: Transport.allCases)
    func reportsHaveTheirLimits(over transport: Transport) async throws {
        let limit = { (configuration: inout ServerConfiguration) in
            configuration.policy.limits.rates[.report] = RateRule(10, perSeconds: 3600)
        }
        try await Scene.run(transport, configure: limit) { scene in
            let text = String(repeating: "x", count: 350)
            scene.bob.send(
                "REPORT cat #tea :\(text)x", "REPORT nobody #tea :x", "REPORT ~1 #tea :x", "REPORT cat #tea",
                "REPORT cat #tea :")
            try await scene.bob.expect(
                ":srv FAIL REPORT TEXT_TOO_LONG 350 :*", ":srv FAIL REPORT NO_SUCH_PERSON nobody :*",
                ":srv FAIL REPORT UNKNOWN_MSGID ~1 :*", ":srv FAIL REPORT INVALID_PARAMS \\* :*",
                ":srv FAIL REPORT INVALID_PARAMS \\* :*")
            for number in 1...10 {
                scene.bob.send("REPORT cat #tea :\(text)")
                try await scene.bob.expect(":srv NOTE REPORT RECEIVED \(number) :*")
            }
            scene.bob.send("REPORT cat #tea :one more")
            try await scene.bob.expect(":srv FAIL REPORT RATE_LIMITED 3600 :*")
        }
    }

    /// "The reporter is known to moderators of that channel only": who moderates another channel hears and
    /// sees nothing.
    @Test(arguments: Transport.allCases)
    func moderatorsOfOtherChannelsLearnNothing(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.ann.send("JOIN #room", "MODE #room +is", "INVITE bob #room", "INVITE cat #room")
            await scene.clear()
            scene.bob.send("JOIN #room")
            await scene.clear()
            scene.bob.send("REPORT ann #room :she is rude")
            try await scene.bob.expect(":srv NOTE REPORT RECEIVED 1 :*")
            try await scene.ann.expect(":srv REPORT #room 1 open other \\* ann bob \\* *")
            try await scene.mod.expectNothing()
            scene.mod.send("PRIVMSG plenary :reports *", "PRIVMSG plenary :claim 1")
            try await scene.mod.expect(
                ":plenary!* NOTICE mod :0 in all", ":plenary!* NOTICE mod :There is no such report (1)")
        }
    }

    /// "For moderators of the community; never shown to the person"; 100 on one person, 350 bytes each.
    @Test(arguments: Transport.allCases)
    func notesAreForModeratorsOnly(over transport: Transport) async throws {
        try await Scene.run(transport, configure: { $0.policy.limits.noteCountLimit = 2 }) { scene in
            scene.ann.send("MOD * NOTE cat :spoke with her on Monday", "MOD #tea NOTES cat")
            try await scene.ann.expect(
                ":srv NOTE MOD NOTED cat :*", ":srv MODNOTE cat 2023-*Z ann :spoke with her on Monday",
                ":srv NOTE MOD NOTES cat 1 :1 in all")
            try await scene.cat.expectNothing()
            let long = String(repeating: "y", count: 350)
            scene.ann.send(
                "MOD * NOTE cat :\(long)y", "MOD * NOTE cat :\(long)", "MOD * NOTE cat :z",
                "MOD * NOTE nobody :z")
            try await scene.ann.expect(
                ":srv FAIL MOD TEXT_TOO_LONG 350 :*", ":srv NOTE MOD NOTED cat :*",
                ":srv FAIL MOD LIMIT_REACHED 2 :*",
                ":srv FAIL MOD NO_SUCH_PERSON nobody :*")
            for client in [scene.bob, scene.cat] {
                client.send("MOD * NOTES cat", "MOD * NOTE cat :x")
                try await client.expect(
                    ":srv FAIL MOD PRIVS_NEEDED \\* :*", ":srv FAIL MOD PRIVS_NEEDED \\* :*")
            }
            let later = try await scene.again()
            #expect(await later.ask(later.ann, "MOD * NOTES cat").count == 3)
        }
    }
}
