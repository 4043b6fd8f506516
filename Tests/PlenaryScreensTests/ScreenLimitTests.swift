// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// What the full-screen client and the room display keep and show: at the limit, one above, and a hundred times above.
@Suite struct ScreenLimitTests {
    private func stage() -> Stage {
        var stage = Stage()
        stage.enter()
        return stage
    }

    @Test func atMost24PlacesAreHeldThoseLookedAtLast() {
        var stage = stage()
        func place(_ number: Int) -> Place { Place("person\(number)") }
        func held() -> [Int] { (0..<2400).filter { stage.model.timelines[place($0)] != nil } }
        let before = stage.model.timelines.count
        for number in 0..<24 - before { _ = stage.model.open(place(number)) }
        #expect(held() == Array(0..<24 - before))
        // The first one is looked at again.
        _ = stage.model.open(place(0))
        for number in 24 - before..<2400 {
            _ = stage.model.open(place(number))
            #expect(stage.model.timelines.count == 24)
            if number == 24 - before { #expect(stage.model.timelines[place(0)] != nil) }
        }
        #expect(held() == Array(2376..<2400))
    }

    @Test func atMost50PersonsAreInTheListThoseWhoSpokeLast() {
        var stage = stage()
        func people() -> [String] { stage.model.conversations.filter { !$0.isChannel }.map(\.name).sorted() }
        func speak(_ number: Int) {
            var message = Message(
                id: "d\(number)", time: Stage.now.advanced(bySeconds: Int64(number)),
                conversation: "person\(number)", sender: Person(nickname: "person\(number)"), text: "hello")
            message.isHistory = false
            stage.take(.message(message))
        }
        for number in 0..<50 { speak(number) }
        #expect(people() == (0..<50).map { "person\($0)" }.sorted())
        speak(50)
        #expect(people() == (1..<51).map { "person\($0)" }.sorted())
        for number in 51..<5000 { speak(number) }
        #expect(people() == (4950..<5000).map { "person\($0)" }.sorted())
    }

    @Test(arguments: [50, 51, 5000]) func upRecallsTheLast50(count: Int) {
        var stage = stage()
        for number in 1...count {
            stage.type("text \(number)")
            stage.press(.enter)
        }
        for _ in 0..<49 { stage.press(.up) }
        #expect(stage.model.composer.text == "text \(count - 48)")
        for _ in 0..<3 { stage.press(.up) }
        #expect(stage.model.composer.text == "text \(count - 49)", "there is nothing before it")
    }

    @Test(arguments: [(Int64(0), false), (86_400, false), (86_401, true), (8_640_000, true)])
    func whatHasWaitedForADayIsAskedAbout(seconds: Int64, isAsked: Bool) {
        var stage = stage()
        func message(_ seconds: Int64) -> OutgoingMessage {
            OutgoingMessage(
                token: "t\(seconds)", target: "#practices", text: "x",
                queuedAt: stage.model.now.advanced(bySeconds: -seconds))
        }
        let waiting = [message(0), message(seconds)]
        #expect(stage.model.askAboutWaiting(waiting) == isAsked)
        #expect(stage.model.askAboutWaiting([]) == false)
        #expect(stage.model.dialogs.count == (isAsked ? 1 : 0))
    }

    @Test(arguments: [200, 201, 20_000]) func anAnswerShowsAtMost200Lines(count: Int) {
        var stage = stage()
        stage.answer(.told(title: "Rules", (1...count).map { "line \($0)" }))
        #expect(stage.model.dialogs.last?.options.count == 200)
        #expect(stage.model.dialogs.last?.options.last?.words == "line 200")
    }

    @Test(arguments: [199, 200, 201, 20_000]) func aMessageTakesAtMost200Rows(count: Int) {
        let stage = Stage(history: FakeHistory(messages: [FakeHistory.message(0, rows: count)]))
        #expect(stage.seenRows.last == "m0r\(min(count, 200) - 1)")
        #expect(stage.heldRows.count == count, "the rest is shown when it is opened")
    }

    @Test func aRoomHoldsTheNewest300Messages() {
        var room = RoomModel(
            columns: 80, rows: 24, now: RoomTests.now, channel: RoomTests.channel, language: .english,
            bidi: .app, localOffset: { _ in 0 })
        for number in 0..<30_000 {
            _ = room.take(RoomTests.message("m\(number)", "amina", "text", seconds: Int64(number)))
            if number >= 299 { #expect(room.posts.count == 300) }
            if number == 299 { #expect(room.posts.first?.post.id == "m0") }
            if number == 300 { #expect(room.posts.first?.post.id == "m1") }
        }
        #expect(room.posts.first?.post.id == "m29700" && room.posts.last?.post.id == "m29999")
    }
}
