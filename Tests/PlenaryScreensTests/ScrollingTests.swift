// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

@Suite struct ScrollingTests {
    private func history(_ count: Int, rows: Int = 1) -> FakeHistory {
        FakeHistory(messages: (0..<count).map { FakeHistory.message($0, rows: rows) })
    }

    @Test func theNewestMessagesAreAtTheBottom() {
        let stage = Stage(history: history(100))
        #expect(stage.seenRows.last == "m99r0")
        #expect(stage.seenRows.count == 17)
        #expect(stage.model.anchor == nil)
    }

    @Test func aPageUpAndAPageDownReturn() {
        var stage = Stage(history: history(400, rows: 3))
        let start = stage.seenRows
        for _ in 0..<5 { stage.press(.pageUp) }
        let above = stage.seenRows
        stage.press(.pageUp)
        #expect(stage.seenRows != above)
        stage.press(.pageDown)
        #expect(stage.seenRows == above)
        for _ in 0..<5 { stage.press(.pageDown) }
        #expect(stage.seenRows == start)
        #expect(stage.model.anchor == nil)
    }

    @Test func everyRowIsSeenOnTheWayUp() {
        let history = history(300, rows: 2)
        var stage = Stage(history: history)
        stage.take(.delivery(token: "k", pending("one\ntwo\nthree\nfour"), .queued))
        var seen = Set(stage.seenRows)
        for _ in 0..<60 {
            stage.press(.pageUp)
            stage.serve(history)
            seen.formUnion(stage.seenRows)
        }
        #expect(seen.count == 600)
    }

    private func pending(_ text: String) -> OutgoingMessage {
        OutgoingMessage(token: "k", target: "#practices", text: text, queuedAt: Stage.now)
    }

    @Test func theTopAsksForOlderOnceWhileItIsLoading() {
        var stage = Stage(history: history(1000))
        _ = stage.takeEffects()
        for _ in 0..<60 { stage.press(.pageUp) }
        let loads = stage.takeEffects().filter { if case .load = $0 { true } else { false } }
        #expect(loads == [.load(Stage.practices, .older(before: .message(id: "i900")))])
        #expect(stage.screen.text.contains("loading…"))
    }

    @Test func aPageInFrontDoesNotMoveWhatIsSeen() {
        let history = history(1000)
        var stage = Stage(history: history)
        while stage.effects.allSatisfy({ if case .load = $0 { false } else { true } }) {
            stage.press(.pageUp)
        }
        // The first line says the day; the messages below it stay where they are.
        let before = stage.seenRows
        stage.serve(history)
        #expect(stage.entries.count == 200)
        #expect(stage.seenRows.suffix(before.count) == before[...])
    }

    @Test func anAnswerToAnEarlierQuestionIsNotTaken() {
        let history = history(1000)
        var stage = Stage(history: history)
        for _ in 0..<60 { stage.press(.pageUp) }
        let late = Answer.history(
            Stage.practices, .older(before: .message(id: "i900")),
            .success(history.page(.older(before: .message(id: "i900")))))
        stage.effects = []
        _ = stage.model.open(Stage.practices, at: "i500")
        stage.answer(late)
        #expect(stage.entries.first?.post?.id == "i900")
        stage.answer(
            .history(
                Stage.practices, .around(.message(id: "i500")),
                .success(history.page(.around(.message(id: "i500"))))))
        #expect(stage.model.selectedPost?.id == "i500")
        #expect(stage.seenRows.contains("m500r0"))
    }

    @Test func fromTheMiddleOneComesToTheNewestAgain() {
        let history = history(1000)
        var stage = Stage(history: history)
        _ = stage.takeEffects()
        stage.effects += stage.model.open(Stage.practices, at: "i500")
        stage.serve(history)
        #expect(stage.model.timelines[Stage.practices]?.hasNewer == true)
        for _ in 0..<200 {
            stage.press(.pageDown)
            stage.serve(history)
        }
        #expect(stage.seenRows.last == "m999r0")
        #expect(stage.model.timelines[Stage.practices]?.hasNewer == false)
        #expect(stage.model.anchor == nil)
    }

    @Test func aPlaceIsOpenedAtItsNewestMessageAfterASearch() {
        let history = history(1000)
        var stage = Stage(history: history)
        stage.effects += stage.model.open(Stage.practices, at: "i500")
        stage.serve(history)
        stage.effects += stage.model.open(Place("#lobby"))
        stage.effects += stage.model.open(Stage.practices)
        stage.serve(history)
        #expect(stage.seenRows.last == "m999r0")
    }

    // MARK: The limit

    @Test func aHundredThousandMessagesArePagedThroughWithinTheLimit() {
        let history = history(100_000)
        var stage = Stage(history: history)
        var most = 0
        stage.press(.backTab)
        for _ in 0..<1100 where stage.entries.first?.post?.id != "i0" {
            stage.press([.home, .up])
            stage.serve(history)
            most = max(most, stage.entries.count)
        }
        #expect(stage.entries.first?.post?.id == "i0")
        #expect(most <= ScreenLimits.timelineEntryLimit)
        #expect(stage.model.timelines[Stage.practices]?.hasNewer == true)
        stage.press(.end, .control)
        stage.serve(history)
        #expect(stage.seenRows.last == "m99999r0")
    }

    @Test func whatIsReadStaysWhenNewMessagesExceedTheLimit() {
        var stage = Stage(history: history(1000))
        let all = history(1000)
        for _ in 0..<200 {
            stage.press(.pageUp)
            stage.serve(all)
        }
        let before = stage.seenRows
        for index in 1000..<3500 { stage.take(.message(FakeHistory.message(index, isHistory: false))) }
        #expect(stage.seenRows == before)
        #expect(stage.entries.count <= ScreenLimits.timelineEntryLimit)
        #expect(stage.model.timelines[Stage.practices]?.hasNewer == true)
        #expect(stage.model.unreadCount(of: Stage.practices) == 2500)
    }

    @Test func whatIsToldIsLimitedAsWell() {
        var stage = Stage(history: history(10))
        for index in 0..<5000 {
            stage.take(.topic(channel: "#practices", text: "\(index)", by: Person(nickname: "hélène")))
        }
        #expect(stage.entries.count <= ScreenLimits.timelineEntryLimit)
    }

    // MARK: Gaps

    @Test func enterOnAGapLoadsWhatIsMissing() {
        let history = history(150)
        var stage = Stage(history: FakeHistory(messages: Array(history.messages[..<10])))
        stage.take(
            .gap(
                Gap(
                    conversation: "#practices", from: history.messages[9].time, to: history.messages[149].time
                )))
        stage.take(.message(history.messages[149]))
        #expect(stage.screen.text.contains("messages are missing here"))
        stage.press([.backTab, .up, .enter])
        #expect(stage.effects.contains { if case .load(Stage.practices, .gap) = $0 { true } else { false } })
        // The first page leaves a smaller gap behind it, and not before it.
        stage.serve(history)
        #expect(stage.entries.compactMap(\.post?.id).prefix(110).last == "i109")
        #expect(stage.entries[110].content == .gap)
        stage.press([.end, .up, .up, .enter])
        stage.serve(history)
        #expect(stage.entries.compactMap(\.post?.id) == history.messages.compactMap(\.id))
        #expect(!stage.screen.text.contains("messages are missing here"))
    }

    @Test func aGapConcernsThreadsToo() {
        var stage = Stage(history: history(10))
        let thread = Place("#practices", thread: 12)
        for place in [thread, Stage.practices] { _ = stage.model.open(place) }
        stage.take(.message(Stage.message("14:00", "li.wei", "x", "t1", thread: 12, isHistory: false)))
        stage.take(.gap(Gap(conversation: "#practices", from: Stage.now, to: nil)))
        #expect(stage.model.timelines[thread] == nil)
    }

    // MARK: Selecting

    @Test func theSelectionIsSeen() {
        var stage = Stage(history: history(200))
        stage.press(.backTab)
        for _ in 0..<50 { stage.press(.up) }
        #expect(stage.seenRows.contains(stage.model.selectedPost?.text ?? ""))
        stage.press(.pageUp)
        #expect(stage.seenRows.contains(stage.model.selectedPost?.text ?? ""))
        stage.press([.end, .up])
        #expect(stage.model.selectedPost?.text == "m199r0")
        for index in 200..<260 { stage.take(.message(FakeHistory.message(index, isHistory: false))) }
        #expect(stage.seenRows.contains("m199r0"))
        stage.press(.escape)
        #expect(stage.model.selectedKey == nil && stage.model.focus == .composer)
    }

    // MARK: Anything

    /// Scrolls, pages, sizes, new messages and older pages in any order.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func whatIsSeenIsAlwaysAPartOfWhatIsHeld(seed: UInt64) {
        var numbers = SeededNumbers(seed)
        var count = 300
        var history = FakeHistory(
            messages: (0..<count).map { FakeHistory.message($0, rows: 1 + numbers.below(4)) })
        var stage = Stage(history: history)
        for step in 0..<100 {
            switch numbers.below(9) {
            case 0, 1: stage.press(.pageUp)
            case 2: stage.press(.pageDown)
            case 3: _ = stage.model.scroll(numbers.below(7) - 3)
            case 4: stage.model.resize(columns: 60 + numbers.below(100), rows: 8 + numbers.below(50))
            case 5:
                let message = FakeHistory.message(count, rows: 1 + numbers.below(4), isHistory: false)
                history.messages.append(message)
                count += 1
                stage.take(.message(message))
            case 6: stage.serve(history)
            case 7: stage.press([.backTab, .up, .up])
            default: stage.press(numbers.pick([Key.up, .down, .home, .escape]))
            }
            let seen = stage.seenRows
            let held = stage.heldRows
            let start = seen.first.flatMap(held.firstIndex(of:)) ?? 0
            #expect(held[start...].prefix(seen.count) == seen[...], "seed \(seed) step \(step)")
            #expect(!seen.isEmpty || stage.model.rows < 12, "seed \(seed) step \(step)")
            let isHeld = stage.model.anchor.map { anchor in
                anchor.hiddenRows >= 0 && stage.entries.contains { $0.key == anchor.key }
            }
            #expect(isHeld != false, "seed \(seed) step \(step)")
        }
    }
}
