// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// The register of practices (docs/extensions/practices.md).
@Suite struct PracticeTests {
    private struct Scene {
        var town: Town
        let rap: SessionID
        let bob: SessionID
        let cat: SessionID
        let message: MessageID

        init() {
            var town = Town(.closed) { $0.peopleMayCreateChannels = true }
            let rapAccount = town.account("rap", role: .rapporteur)
            let bobAccount = town.account("bob")
            let catAccount = town.account("cat")
            bob = town.connect("bob", account: bobAccount)
            rap = town.connect("rap", account: rapAccount)
            cat = town.connect("cat", account: catAccount)
            // Who creates a channel moderates it.
            for id in [rap, bob, cat] { town.join(id, "#tea") }
            message = MessageID(high: UInt64(town.log.count), low: 7)
            town.post(bob, "#tea", "we have a standing body")
            self.town = town
        }

        mutating func say(_ command: PracticeCommand, by id: SessionID) -> GatheringFailure? {
            for case .gathering(_, let code, _) in town.say(.practices(command), by: id).refusals {
                return code
            }
            return nil
        }

        mutating func submit(
            by id: SessionID, _ values: [(Text, Text)] = [("title", "A body")]
        )
            -> GatheringFailure?
        {
            let values = values.map { GatheredValue(key: $0.0, value: $0.1) }
            return say(.submit(channel: nil, source: Text(message.text), values), by: id)
        }

        func practice(_ number: UInt32) -> Practice? { town.community.register.practices[number] }

        mutating func publish(_ number: UInt32) {
            #expect(say(.review(number: number, isAccepted: true, text: ""), by: rap) == nil)
            #expect(say(.publish(number: number), by: rap) == nil)
        }
    }

    /// "Any member submits what he wrote; whoever may mark outcomes, anything."
    @Test func whoWroteItSubmitsItOrARapporteur() {
        var scene = Scene()
        #expect(scene.submit(by: scene.cat) == .privilegesNeeded)
        #expect(scene.submit(by: scene.bob, [("country", "PY")]) == .invalidParameters, "it needs a title")
        #expect(scene.submit(by: scene.bob, [("title", "A"), ("country", "XX")]) == .invalidParameters)
        #expect(scene.submit(by: scene.bob, [("title", "A"), ("since", "1944")]) == .invalidParameters)
        #expect(scene.submit(by: scene.bob, [("title", "A"), ("since", "2024")]) == .invalidParameters)
        #expect(scene.submit(by: scene.bob, [("title", "A"), ("link", "http://x")]) == .invalidParameters)
        #expect(
            scene.submit(
                by: scene.bob,
                [
                    ("title", "A"), ("country", "py"), ("type", "Ministerial"), ("since", "2010"),
                    ("link", "https://x"), ("lang", "es"), ("summary", "one"), ("summary+", " two"),
                ]) == nil)
        #expect(scene.submit(by: scene.rap) == nil)
        #expect(scene.practice(1)?.submitted.fields.summary == "one two")
        #expect(scene.practice(2)?.state == .submitted)
    }

    /// "submitted, in review, returned, published, withdrawn" and what leads from one to the other.
    @Test func aPracticeGoesThroughItsStatesAndNoOtherWay() {
        var scene = Scene()
        _ = scene.submit(by: scene.bob)
        #expect(scene.say(.publish(number: 1), by: scene.rap) == .wrongState)
        #expect(scene.say(.review(number: 1, isAccepted: true, text: ""), by: scene.bob) == .privilegesNeeded)
        #expect(scene.say(.info(number: 1), by: scene.cat) == .noSuchPractice, "not published yet")
        #expect(scene.say(.review(number: 1, isAccepted: false, text: "since when?"), by: scene.rap) == nil)
        #expect(scene.practice(1)?.state == .returned)
        #expect(scene.say(.review(number: 1, isAccepted: true, text: ""), by: scene.rap) == .wrongState)
        let change = PracticeCommand.change(number: 1, [GatheredValue(key: "since", value: "2011")])
        #expect(scene.say(change, by: scene.rap) == .privilegesNeeded)
        #expect(scene.say(change, by: scene.bob) == nil)
        #expect(scene.practice(1)?.state == .submitted)
        scene.publish(1)
        #expect(scene.practice(1)?.publication?.citation.text == "PR-2023-0001")
        #expect(scene.say(.info(number: 1), by: scene.cat) == nil)
        #expect(scene.say(change, by: scene.bob) == .wrongState)
        #expect(scene.say(.withdraw(number: 1), by: scene.cat) == .privilegesNeeded)
        #expect(scene.say(.withdraw(number: 1), by: scene.bob) == nil)
        #expect(scene.say(.withdraw(number: 1), by: scene.bob) == .wrongState)
    }

    /// "never reused, also after withdrawal, which keeps number and title but not the text", and after a restart.
    @Test func aCitationIsNeverGivenTwice() {
        var scene = Scene()
        for _ in 0..<2 { _ = scene.submit(by: scene.bob, [("title", "A"), ("summary", "words")]) }
        scene.publish(1)
        _ = scene.say(.withdraw(number: 1), by: scene.bob)
        let fields = scene.practice(1)?.submitted.fields
        #expect(fields?.title == "A")
        #expect(fields?.summary == "")
        let snapshot = scene.town.community.snapshotEvents()
        var again = Community(policy: scene.town.community.policy)
        for event in snapshot { again.apply(event) }
        #expect(again.register == scene.town.community.register)
        #expect(again.snapshotEvents() == snapshot)
        scene.publish(2)
        #expect(scene.practice(2)?.publication?.citation.text == "PR-2023-0002")
        scene.town.now = scene.town.now.advanced(bySeconds: 400 * 86_400)
        _ = scene.submit(by: scene.bob)
        scene.publish(3)
        #expect(scene.practice(3)?.publication?.citation.text == "PR-2024-0001")
        #expect(PracticeCitation(year: 2026, sequence: 12_345).text == "PR-2026-12345")
    }

    /// What a forgotten person submitted has no words but a published title; live and in a rewritten log the same.
    @Test func aForgottenPersonsPracticeKeepsItsPublishedTitle() {
        var scene = Scene()
        for _ in 0..<2 { _ = scene.submit(by: scene.bob, [("title", "A"), ("summary", "words")]) }
        scene.publish(1)
        let account = scene.town.community.sessions[scene.bob]?.account ?? AccountID(0)
        let plan = ErasurePlan(accounts: [account])
        var names = ErasureNames()
        names.add("bob", of: account)
        scene.town.record(.erasure(.requested(ErasureRequested(plan: plan, actor: nil, reason: "r"))))
        #expect(scene.practice(1)?.submitted.fields.title == "A")
        #expect(scene.practice(1)?.submitted.fields.summary == "")
        #expect(scene.practice(2)?.submitted.fields == PracticeFields())
        var rewritten = Community(policy: scene.town.community.policy)
        for logged in scene.town.log {
            switch logged.event.erased(by: plan, at: logged.offset, names) {
            case .unchanged: rewritten.apply(logged)
            case .replaced(let event):
                rewritten.apply(LoggedEvent(offset: logged.offset, time: logged.time, event: event))
            case .removed: break
            }
        }
        #expect(rewritten.register == scene.town.community.register)
    }

    @Test(arguments: [1, 2, 3]) func anAccountHasAtMostSoManyOpenPractices(count: Int) {
        var scene = Scene()
        scene.town.community.policy.limits.openPracticeCountLimit = 2
        var last: GatheringFailure?
        for _ in 0..<count { last = scene.submit(by: scene.bob) }
        #expect(last == (count > 2 ? .limitReached : nil))
    }

    @Test(arguments: [119, 120, 121]) func aTitleHasAtMost120Bytes(byteCount: Int) {
        var scene = Scene()
        let failure = scene.submit(by: scene.bob, [("title", .filler(byteCount))])
        #expect(failure == (byteCount > 120 ? .invalidParameters : nil))
    }

    @Test(arguments: [999, 1000, 1001]) func aSummaryHasAtMost1000Bytes(byteCount: Int) {
        var scene = Scene()
        let failure = scene.submit(by: scene.bob, [("title", "A"), ("summary", .filler(byteCount))])
        #expect(failure == (byteCount > 1000 ? .invalidParameters : nil))
    }
}
