// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

@Suite struct DialogTests {
    private func stage(_ language: Language = .english) -> Stage {
        var stage = Stage(language)
        stage.enter()
        stage.talk()
        _ = stage.takeEffects()
        return stage
    }

    @Test func escClosesOneBoxAndNothingElse() {
        var stage = stage()
        stage.moderate()
        stage.press([.backTab, .up])
        stage.type("d")
        #expect(stage.model.dialogs.count == 1)
        stage.press(.escape)
        #expect(stage.model.dialogs.isEmpty && stage.model.focus == .messages)
        #expect(stage.model.selectedPost != nil)
        stage.press(.escape)
        #expect(stage.model.focus == .composer && stage.model.selectedPost == nil)
    }

    @Test func enterOnAnEmptyListDoesNothing() {
        var stage = stage()
        stage.press(.function(2))
        stage.type("xyzzy")
        stage.press(.enter)
        #expect(stage.model.dialogs.count == 1)
        #expect(stage.takeEffects().isEmpty)
        #expect(stage.screen.text.contains("Nothing matches."))
    }

    @Test func nothingIsNoAnswer() {
        var stage = stage()
        stage.press(.function(9))
        stage.type("  ")
        stage.press(.enter)
        #expect(stage.model.dialogs.count == 1)
        #expect(stage.takeEffects().isEmpty)
    }

    @Test(
        arguments: [
            (Language.english, "SEARCH"), (.arabic, "بحث"), (.russian, "поиск"), (.chinese, "搜索"),
            (.arabic, "search"),
            (.russian, "/search"),
        ] as [(Language, String)]) func theFilterIsOfAnyScript(language: Language, words: String)
    {
        var stage = stage(language)
        stage.press(.function(2))
        stage.type(words)
        let shown = stage.model.dialogs.last?.shown ?? []
        #expect(shown.contains { $0.choice == .menu(.search) }, "\(language) \(words)")
        #expect(shown.count < 4)
    }

    @Test func theSelectionStaysInTheList() {
        var stage = stage()
        stage.press(.function(2))
        for _ in 0..<100 { stage.press(.down) }
        let count = stage.model.dialogs.last?.shown.count ?? 0
        #expect(stage.model.dialogs.last?.selected == count - 1)
        stage.type("search")
        #expect(stage.model.dialogs.last?.selected == 0)
        stage.press([.down, .down, .down, .down])
        stage.press(.backspace)
        #expect((stage.model.dialogs.last?.selected ?? 0) < stage.model.dialogs.last?.shown.count ?? 0)
        // Moving in the words is no other filter.
        stage.press(.character("u"), .control)
        stage.type("thread")
        stage.press([.down, .left])
        #expect(stage.model.dialogs.last?.selected == 1)
    }

    @Test func theAnswersAreSeenWhateverIsAsked() {
        var stage = stage()
        let long = String(repeating: "x ", count: 8000)
        stage.take(.message(Stage.message("14:36", "amadou.s", long, "long")))
        stage.press([.backTab])
        stage.type("d")
        #expect(stage.screen.text.contains(" yes"))
        stage.model.resize(columns: 30, rows: 8)
        #expect(stage.screen.text.contains(" yes"))
    }

    /// Somebody puts this person out while a title is being written.
    @Test func anAnswerGoesWhereItWasAskedFor() {
        var stage = stage()
        stage.press(.function(9))
        stage.type("A title")
        stage.take(
            .membership(
                MembershipChange(
                    kind: .left(reason: nil), person: Person(nickname: "amadou.s"), channel: "#practices",
                    isOwn: true,
                    time: Stage.now)))
        #expect(stage.model.place == Place("#lobby"))
        stage.effects = []
        stage.press(.enter)
        #expect(stage.takeEffects() == [.createThread(channel: "#practices", title: "A title", root: nil)])
    }

    @Test func aTopicMayBeTakenAway() {
        var stage = stage()
        stage.moderate()
        stage.type("/topic")
        stage.press(.enter)
        #expect(stage.model.dialogs.last?.input.text == "Asking for and sharing practices")
        stage.press(.character("u"), .control)
        stage.press(.enter)
        #expect(
            stage.effects.last
                == .ask(verb: "TOPIC", parameters: ["#practices", ""], title: "Read or set the topic"))
    }

    @Test func theBoxFilledInHasTheCursor() {
        var stage = stage()
        stage.press(.character("k"), .control)
        stage.type("pr")
        let cursor = stage.screen.cursor ?? GridPoint(row: 0, column: 0)
        #expect(stage.screen[cursor.row, cursor.column - 1].text == "r")
        #expect(stage.screen[cursor.row, cursor.column - 2].text == "p")
    }
}
