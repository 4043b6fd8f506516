// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// FORM and ANSWER (docs/extensions/questionnaires.md).
struct QuestionnairesTranscripts {
    private func run(
        _ transport: Transport, isAnonymous: Bool = false,
        _ body: (Transcript, [String: TranscriptClient]) async throws -> Void
    ) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            configuration.questionnaires = [QuestionnairesTranscripts.feedback(isAnonymous)]
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: prepare) { script in
            try await script.addAccount("sec", password: "correct horse", role: .secretariat)
            let names = ["p1", "p2", "p3", "p4", "p5"]
            for name in names { try await script.addAccount(name, password: "correct horse") }
            var clients: [String: TranscriptClient] = [:]
            for name in ["sec"] + names {
                let client = try await script.register(name, capabilities: [], password: "correct horse")
                await client.drain()
                clients[name] = client
            }
            try await body(script, clients)
        }
    }

    private static func feedback(_ isAnonymous: Bool) -> QuestionnaireDefinition {
        func texts(_ text: Text) -> [ChannelTitle] { [ChannelTitle(language: .english, title: text)] }
        var definition = QuestionnaireDefinition(name: "feedback")
        definition.titles = texts("Feedback")
        definition.isAnonymous = isAnonymous
        let options = [("a", "Search"), ("b", "Links")].map {
            QuestionnaireDefinition.Option(name: Text($0.0), texts: texts(Text($0.1)))
        }
        definition.questions = [
            .init(name: "useful", texts: texts("How useful?"), kind: .scale(low: 1, high: 5)),
            .init(
                name: "hub", texts: texts("What should it have?"), kind: .choice(options, isMultiple: true)),
            .init(name: "more", texts: texts("What else?"), kind: .text),
        ]
        return definition
    }

    /// "Answers stored once per participant, changeable until close … after close refused … counts match the export".
    @Test(arguments: Transport.allCases)
    func everybodyAnswersOnceUntilTheEnd(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let sec = people["sec"], let one = people["p1"], let two = people["p2"] else { return }
            one.send("FORM LIST", "FORM feedback ANSWER useful=4", "FORM feedback OPEN")
            try await one.expect(
                ":srv NOTE FORM LIST 0 :0 in all", ":srv FAIL FORM NO_SUCH_FORM feedback :*",
                ":srv FAIL FORM PRIVS_NEEDED :*")
            sec.send("FORM feedback OPEN")
            try await sec.expect(":srv NOTE FORM OPENED feedback :The questionnaire feedback is open")
            one.send("FORM feedback SHOW")
            try await one.expect(
                ":srv FORM feedback FORM open . :title=Feedback;anonymous=no;questions=3",
                ":srv FORM feedback QUESTION useful scale . :text=How\\suseful?;from=1;to=5",
                ":srv FORM feedback QUESTION hub several . :text=What\\sshould\\sit\\shave?;options=a,b;"
                    + "option.a=Search;option.b=Links",
                ":srv FORM feedback QUESTION more text . :text=What\\selse?",
                ":srv NOTE FORM SHOW feedback 3 :3 in all")
            one.send(
                "FORM feedback ANSWER useful=6", "FORM feedback ANSWER useful=4;hub=a,b",
                "FORM feedback ANSWER useful=5")
            try await one.expect(
                ":srv FAIL FORM INVALID_ANSWER feedback useful :*", ":srv NOTE FORM ANSWERED feedback :*",
                ":srv NOTE FORM ANSWERED feedback :*")
            two.send("FORM feedback ANSWER useful=2;more=Longer\\sbreaks")
            await two.drain()
            sec.send("FORM feedback COUNTS", "FORM feedback EXPORT", "FORM feedback CLOSE")
            try await sec.expect(
                ":srv FORM feedback COUNT useful 1 0", ":srv FORM feedback COUNT useful 2 1",
                ":srv FORM feedback COUNT useful 3 0", ":srv FORM feedback COUNT useful 4 0",
                ":srv FORM feedback COUNT useful 5 1", ":srv FORM feedback COUNT hub a 1",
                ":srv FORM feedback COUNT hub b 1", ":srv FORM feedback COUNT more \\* 1",
                ":srv NOTE FORM COUNTS feedback 2 :2 in all",
                ":srv FORM feedback ANSWER 1 p1 . :useful=5;hub=a,b",
                ":srv FORM feedback ANSWER 2 p2 . :useful=2;more=Longer\\sbreaks",
                ":srv NOTE FORM EXPORT feedback 2 \\* :2 in all", ":srv NOTE FORM CLOSED feedback :*")
            one.send("FORM feedback ANSWER useful=1")
            try await one.expect(":srv FAIL FORM NOT_OPEN feedback :*")
        }
    }

    /// "with anonymity on, no record in the store links the answer to the account, yet a second answer by the same
    /// account [takes its place]", after a restart as well; the export has no name and no time.
    @Test(arguments: Transport.allCases)
    func anAnonymousAnswerIsNobodysAndStillOne(over transport: Transport) async throws {
        try await run(transport, isAnonymous: true) { script, people in
            guard let sec = people["sec"], let one = people["p1"] else { return }
            sec.send("FORM feedback OPEN")
            await sec.drain()
            one.send("FORM feedback ANSWER useful=4", "MYDATA")
            let own = await one.drain()
            #expect(!own.contains { $0.contains("questionnaire") }, "\(own)")
            sec.send("FORM feedback COUNTS", "FORM feedback EXPORT")
            try await sec.expect(
                ":srv FAIL FORM TOO_FEW feedback 5 :*", ":srv FAIL FORM NOT_CLOSED feedback :*")
            for event in await script.server.durableState() {
                guard case .questionnaires(.answered(let answered)) = event.event else { continue }
                guard case .digest(let digest) = answered.answerer else {
                    Issue.record("an account stands beside an answer")
                    continue
                }
                #expect(digest.count == 16)
            }
            try await script.restart()
            let again = try await script.register("p1", capabilities: [], password: "correct horse")
            again.send("FORM feedback ANSWER useful=5")
            await again.drain()
            let manager = try await script.register("sec", capabilities: [], password: "correct horse")
            await manager.drain()
            manager.send("FORM feedback CLOSE", "FORM feedback EXPORT")
            try await manager.expect(
                ":srv NOTE FORM CLOSED feedback :*", ":srv FORM feedback ANSWER 1 \\* . :useful=5",
                ":srv NOTE FORM EXPORT feedback 1 \\* :1 in all")
        }
    }

    /// "sessions that negotiate it are sent the row of a questionnaire when it opens or closes".
    @Test(arguments: Transport.allCases)
    func whoNegotiatedItIsToldOfOpeningAndClosing(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let sec = people["sec"], let one = people["p1"] else { return }
            let told = try await script.register(
                "p2", capabilities: ["plenary.chat/questionnaires"], password: "correct horse")
            await told.drain()
            sec.send("FORM feedback OPEN")
            await sec.drain()
            try await told.expect(":srv FORM feedback FORM open . :title=Feedback;anonymous=no;questions=3")
            sec.send("FORM feedback CLOSE")
            await sec.drain()
            try await told.expect(":srv FORM feedback FORM closed . :title=Feedback;anonymous=no;questions=3")
            try await one.expectNothing()
        }
    }

    /// "asks the first question, and each reply goes to the next one"; one record, at SEND.
    @Test(arguments: Transport.allCases)
    func aPlainClientAnswersLineByLine(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let sec = people["sec"], let one = people["p1"] else { return }
            sec.send("FORM feedback OPEN")
            await sec.drain()
            one.send("PRIVMSG plenary :answer 4", "PRIVMSG plenary :form feedback")
            try await one.expect(
                ":plenary!* NOTICE p1 :You have begun no questionnaire. *", ":plenary!* NOTICE p1 :Feedback",
                ":plenary!* NOTICE p1 :Your answers are kept with your name. *",
                ":plenary!* NOTICE p1 :1/3 How useful?", ":plenary!* NOTICE p1 :A number from 1 to 5: *")
            one.send("PRIVMSG plenary :answer nine", "PRIVMSG plenary :answer 4")
            try await one.expect(
                ":plenary!* NOTICE p1 :This is no answer to that question (feedback useful)",
                ":plenary!* NOTICE p1 :2/3 What should it have?", ":plenary!* NOTICE p1 :  a) Search",
                ":plenary!* NOTICE p1 :  b) Links", ":plenary!* NOTICE p1 :One or several: *")
            one.send("PRIVMSG plenary :answer", "PRIVMSG plenary :answer Longer breaks, please")
            try await one.expect(
                ":plenary!* NOTICE p1 :3/3 What else?", ":plenary!* NOTICE p1 :In your words: *",
                ":plenary!* NOTICE p1 :That was the last question. *")
            one.send("PRIVMSG plenary :form feedback send")
            try await one.expect(":plenary!* NOTICE p1 :Your answers to feedback are kept. *")
            sec.send("PRIVMSG plenary :form feedback counts")
            try await sec.expect(
                ":plenary!* NOTICE sec :How useful? – 1: 0, 2: 0, 3: 0, 4: 1, 5: 0",
                ":plenary!* NOTICE sec :What should it have? – Search: 0, Links: 0",
                ":plenary!* NOTICE sec :What else? – \\*: 1", ":plenary!* NOTICE sec :1 in all")
        }
    }

    /// "cells of fewer than 5 people, and those from which they could be computed, are `*`"
    @Test(arguments: Transport.allCases)
    func aCrossTabulationHidesSmallCells(over transport: Transport) async throws {
        try await run(transport) { script, people in
            guard let sec = people["sec"] else { return }
            sec.send("FORM feedback OPEN")
            await sec.drain()
            for (name, client) in people where name != "sec" {
                client.send("FORM feedback ANSWER useful=5;hub=a")
                await client.drain()
            }
            sec.send("FORM feedback COUNTS useful BY hub", "FORM feedback COUNTS useful BY nothing")
            let lines = await sec.drain()
            #expect(lines.contains { $0.hasSuffix("FORM feedback CELL useful 5 hub a 5") }, "\(lines)")
            #expect(lines.contains { $0.hasSuffix("FORM feedback CELL useful 1 hub a *") }, "\(lines)")
            #expect(lines.last?.contains("FAIL FORM INVALID_PARAMS feedback nothing") ?? false, "\(lines)")
        }
    }
}
