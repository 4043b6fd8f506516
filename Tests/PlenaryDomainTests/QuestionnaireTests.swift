// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Questionnaires (docs/extensions/questionnaires.md).
@Suite struct QuestionnaireTests {
    private struct Scene {
        var town = Town(.closed)
        var isKeyThere = true
        let sec: SessionID
        var people: [SessionID] = []

        init(people count: Int = 1, isAnonymous: Bool = false, opened: Bool = true) {
            let account = town.account("sec", role: .secretariat)
            sec = town.connect("sec", account: account)
            for number in 0..<count {
                let account = town.account(Text("p\(number)"))
                people.append(town.connect("p\(number)", account: account))
            }
            _ = say(
                .define(
                    "f",
                    [
                        GatheredValue(key: "en", value: "Feedback"),
                        GatheredValue(key: "anonymous", value: isAnonymous ? "yes" : "no"),
                    ]), by: sec)
            ask("q1", "kind=scale;from=1;to=5;en=How useful?")
            ask("q2", "kind=several;options=a,b,c;a.en=One;b.en=Two;c.en=Three;en=Which?")
            ask("q3", "kind=text;en=What else?")
            if opened { _ = say(.open("f"), by: sec) }
        }

        mutating func ask(_ question: Text, _ values: String) {
            let pairs = values.split(separator: ";").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return GatheredValue(key: Text(String(parts[0])), value: Text(String(parts[1])))
            }
            #expect(say(.question("f", question: question, pairs), by: sec) == nil)
        }

        @discardableResult
        mutating func say(_ command: QuestionnaireCommand, by id: SessionID) -> GatheringFailure? {
            var moment = town.moment
            let hasKey = isKeyThere
            moment.functions = OuterFunctions(
                sha256: { $0 }, base64Decoded: { $0 }, hostOfAccount: { _ in "h" },
                offsetOfMessage: { _ in nil }, idOfMessage: { MessageID(high: $0.value, low: 7) },
                questionnaireDigest: { _, account in
                    hasKey ? [UInt8(truncatingIfNeeded: 200 &- account.value &* 37), 9, 9] : nil
                })
            let outcomes = town.community.decide(.questionnaires(command), by: id, at: moment)
            town.apply(outcomes)
            for case .gathering(_, let code, _) in outcomes.refusals { return code }
            return nil
        }

        mutating func answer(_ id: SessionID, _ values: [(Text, Text)]) -> GatheringFailure? {
            say(.answer("f", values.map { GatheredValue(key: $0.0, value: $0.1) }), by: id)
        }

        var form: Questionnaire? { town.community.questionnaires["f"] }
        func counts(_ question: Int) -> [Int] {
            form.map { form in form.count(of: form.definition.questions[question]).map(\.count) } ?? []
        }
    }

    /// "One answer per account, even if sent twice or from two clients; changeable until close; after close refused."
    @Test(arguments: [false, true]) func anAccountHasOneAnswerUntilTheEnd(isAnonymous: Bool) {
        var scene = Scene(isAnonymous: isAnonymous)
        let account = scene.town.community.sessions[scene.people[0]]?.account
        let other = scene.town.connect("p0", account: account)
        #expect(scene.answer(scene.people[0], [("q1", "4"), ("q2", "c a")]) == nil)
        #expect(scene.answer(other, [("q1", "5")]) == nil)
        #expect(scene.form?.answers.count == 1)
        #expect(scene.counts(0) == [0, 0, 0, 0, 1])
        #expect(scene.counts(1) == [1, 0, 1], "what was not answered again stays")
        #expect(scene.answer(other, [("q2", "")]) == nil)
        #expect(scene.counts(1) == [0, 0, 0])
        #expect(scene.say(.close("f"), by: scene.sec) == nil)
        #expect(scene.answer(other, [("q1", "1")]) == .notOpen)
        #expect(scene.say(.open("f"), by: scene.sec) == .wrongState, "for good")
    }

    @Test func itOpensAndClosesByTheClock() {
        var scene = Scene(opened: false)
        let closes = scene.town.now.advanced(bySeconds: 100)
        let opens = scene.town.now.advanced(bySeconds: 10)
        let times = [
            GatheredValue(key: "opens", value: Text(opens.iso8601)),
            GatheredValue(key: "closes", value: Text(closes.iso8601)),
        ]
        #expect(scene.say(.define("f", times), by: scene.sec) == nil)
        #expect(scene.answer(scene.people[0], [("q1", "4")]) == .noSuchForm, "members do not know it yet")
        scene.town.now = opens.advanced(bySeconds: 1)
        for event in scene.town.community.questionnairesDue(at: scene.town.now) {
            scene.town.record(.questionnaires(event))
        }
        #expect(scene.answer(scene.people[0], [("q1", "4")]) == nil)
        scene.town.now = closes
        #expect(scene.answer(scene.people[0], [("q1", "4")]) == .notOpen, "before the server wrote it down")
        #expect(
            scene.town.community.questionnairesDue(at: scene.town.now) == [.closed(name: "f", actor: nil)])
    }

    @Test func onlyAnAnswerToTheQuestionIsOne() {
        var scene = Scene()
        let one = scene.people[0]
        for (question, value) in [
            ("q1", "0"), ("q1", "6"), ("q1", "x"), ("q2", "d"), ("q2", "a,d"), ("q3", " "),
        ] {
            #expect(
                scene.answer(one, [(Text(question), Text(value))]) == .invalidAnswer, "\(question) \(value)")
        }
        #expect(scene.answer(one, [("q9", "1")]) == .noSuchQuestion)
        #expect(scene.answer(one, [("q3", "a long"), ("q3+", " story")]) == nil)
        #expect(scene.form?.answers.values.first?.values(of: "q3") == ["a long story"])
    }

    @Test(arguments: [999, 1000, 1001]) func wordsHaveAtMost1000Bytes(byteCount: Int) {
        var scene = Scene()
        let failure = scene.answer(scene.people[0], [("q3", .filler(byteCount))])
        #expect(failure == (byteCount > 1000 ? .textTooLong : nil))
    }

    @Test(arguments: [39, 40, 41]) func aQuestionnaireHasAtMost40Questions(count: Int) {
        var definition = QuestionnaireDefinition(name: "f")
        definition.titles = [ChannelTitle(language: .english, title: "T")]
        definition.questions = (0..<count).map {
            QuestionnaireDefinition.Question(
                name: Text("q\($0)"), texts: [ChannelTitle(language: .english, title: "?")], kind: .text)
        }
        #expect((definition.problem(CommunityLimits()) == nil) == (count <= 40))
    }

    @Test func whatWasOpenedIsNotChangedAndOthersMakeNone() {
        var scene = Scene()
        let title = [GatheredValue(key: "en", value: "Other")]
        #expect(scene.say(.define("f", title), by: scene.sec) == .wrongState)
        #expect(scene.say(.define("g", title), by: scene.people[0]) == .privilegesNeeded)
        #expect(scene.say(.define("G g", title), by: scene.sec) == .invalidParameters)
        #expect(scene.say(.open("none"), by: scene.sec) == .noSuchForm)
        scene.town.community.policy.limits.questionnaireCountLimit = 1
        #expect(scene.say(.define("g", title), by: scene.sec) == .limitReached)
    }

    /// "no record in the store links the answer to the account, yet a second answer by the same account [replaces it]"
    @Test func noRecordHasAnAccountNextToAnAnonymousAnswer() {
        var scene = Scene(people: 6, isAnonymous: true)
        for person in scene.people { #expect(scene.answer(person, [("q1", "4"), ("q3", "mine")]) == nil) }
        let answered = scene.town.log.filter { logged in
            if case .questionnaires(.answered) = logged.event { return true }
            return false
        }
        #expect(answered.count == 6)
        for logged in answered + scene.town.community.snapshotEvents() {
            guard case .questionnaires(.answered(let event)) = logged.event else { continue }
            #expect(event.answerer == .digest(Array(event.digestBytes)))
            for id in scene.people {
                let account = scene.town.community.sessions[id]?.account ?? AccountID(0)
                let owner = RecordOwner(account: account, name: "x")
                #expect(logged.event.record(of: owner) == nil)
            }
        }
        let times = scene.town.community.snapshotEvents().filter {
            if case .questionnaires(.answered) = $0.event { true } else { false }
        }.map(\.time)
        #expect(times.allSatisfy { $0 == scene.town.now.dayStart }, "the state keeps the day alone")
        scene.isKeyThere = false
        #expect(scene.answer(scene.people[0], [("q1", "1")]) == .keyUnavailable)
        #expect(scene.say(.close("f"), by: scene.sec) == nil)
    }

    /// "counts match the export", after a restart too; an anonymous export waits for the end.
    @Test(arguments: [false, true]) func countsMatchTheExport(isAnonymous: Bool) {
        var scene = Scene(people: 7, isAnonymous: isAnonymous)
        for (number, person) in scene.people.enumerated() {
            #expect(scene.answer(person, [("q1", number < 3 ? "2" : "5"), ("q2", "a,b")]) == nil)
        }
        #expect(scene.say(.counts("f"), by: scene.people[0]) == .privilegesNeeded)
        #expect(scene.say(.export("f", after: 0), by: scene.sec) == (isAnonymous ? .notClosed : nil))
        #expect(scene.say(.close("f"), by: scene.sec) == nil)
        #expect(scene.say(.export("f", after: 0), by: scene.sec) == nil)
        let exported = scene.form?.orderedAnswers.map { $0.stored.values(of: "q1") } ?? []
        #expect(exported.count { $0 == ["2"] } == 3)
        #expect(scene.counts(0) == [0, 3, 0, 0, 4])
        let snapshot = scene.town.community.snapshotEvents()
        var again = Community(policy: scene.town.community.policy)
        for event in snapshot { again.apply(event) }
        #expect(again.questionnaires == scene.town.community.questionnaires)
        #expect(again.snapshotEvents() == snapshot)
    }

    /// A page ends with the answer that reaches its bytes: 64 for each, and 32 for each question with its words.
    @Test(arguments: [(99, 1), (100, 1), (101, 2), (1, 1), (100_000, 3)])
    func aPageOfAnswersEndsAtItsBytes(byteLimit: Int, rowCount: Int) {
        var scene = Scene(people: 3)
        scene.town.community.policy.limits.questionnairePageByteLimit = byteLimit
        for person in scene.people { #expect(scene.answer(person, [("q3", "word")]) == nil) }
        let command = Command.questionnaires(.export("f", after: 0))
        guard
            case .answer(.questionnaires(.export(_, let rows, let next)))? = scene.town.say(
                command, by: scene.sec
            ).first
        else {
            Issue.record("no page")
            return
        }
        #expect(rows == 0..<rowCount)
        #expect(next == (rowCount < 3 ? rowCount : nil))
    }

    /// Of an anonymous questionnaire that is open nothing is counted before five have answered.
    @Test(arguments: [4, 5]) func fewAnonymousAnswersAreNotCounted(count: Int) {
        var scene = Scene(people: count, isAnonymous: true)
        for person in scene.people { _ = scene.answer(person, [("q1", "4")]) }
        #expect(scene.say(.counts("f"), by: scene.sec) == (count < 5 ? .tooFew : nil))
        #expect(scene.say(.table("f", question: "q1", by: "category"), by: scene.sec) != nil, "nobody's")
    }

    @Test func aForgottenPersonsNamedAnswerGoes() {
        var scene = Scene(people: 2)
        for person in scene.people { _ = scene.answer(person, [("q1", "4")]) }
        let account = scene.town.community.sessions[scene.people[0]]?.account ?? AccountID(0)
        let plan = ErasurePlan(accounts: [account])
        let event = QuestionnaireAnswered(name: "f", answerer: .account(account), answers: [])
        let logged = Event.questionnaires(.answered(event))
        #expect(logged.erased(by: plan, at: Offset(1), ErasureNames()) == .removed)
        #expect(logged.record(of: RecordOwner(account: account, name: "p0")) != nil)
        scene.town.record(.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: "r"))))
        #expect(scene.form?.answers.count == 1)
    }

    /// "asks the first question, and each reply goes to the next one"; nothing counts before it is sent.
    @Test func somebodyAnswersLineByLine() {
        var scene = Scene()
        let one = scene.people[0]
        #expect(scene.say(.step("4"), by: one) == .nothingBegun)
        #expect(scene.say(.begin("f"), by: one) == nil)
        #expect(scene.say(.step("9"), by: one) == .invalidAnswer)
        #expect(scene.say(.step("4"), by: one) == nil)
        #expect(scene.say(.step(nil), by: one) == nil)
        #expect(scene.say(.step("in my words"), by: one) == nil)
        #expect(scene.say(.step("more"), by: one) == .nothingBegun, "all were asked")
        #expect(scene.form?.answers.isEmpty ?? false)
        #expect(scene.say(.send("f"), by: one) == nil)
        #expect(scene.form?.answers.values.first?.answers.map(\.question) == ["q1", "q3"])
        #expect(scene.say(.send("f"), by: one) == .nothingBegun)
    }
}

extension QuestionnaireAnswered {
    fileprivate var digestBytes: [UInt8] {
        if case .digest(let digest) = answerer { return digest }
        return []
    }
}
