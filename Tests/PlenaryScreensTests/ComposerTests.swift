// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Writing, pasting, completing, recalling, sending.
@Suite struct ComposerTests {
    private func stage(_ language: Language = .english) -> Stage {
        var stage = Stage(language)
        stage.enter()
        stage.talk()
        _ = stage.takeEffects()
        return stage
    }

    private func sent(_ effects: [Effect]) -> [Outgoing] {
        effects.compactMap { if case .send(let outgoing) = $0 { outgoing } else { nil } }
    }

    // MARK: Pasting

    @Test(arguments: ["hello", "hello\n", "\nhello\n\n", "/quit\n", "one\rtwo\r\nthree\n"])
    func aPastedTextNeverSends(text: String) {
        var stage = stage()
        stage.paste(text)
        #expect(stage.effects.isEmpty)
        #expect(stage.model.dialogs.isEmpty)
        #expect(!stage.model.composer.isEmpty)
    }

    @Test func overTenLinesItIsAsked() {
        var stage = stage()
        let ten = (1...10).map { "\($0)" }.joined(separator: "\n")
        stage.paste(ten)
        #expect(stage.model.dialogs.isEmpty && stage.model.composer.text == ten)
        stage.press(.character("c"), .control)
        stage.paste(ten + "\n11")
        #expect(stage.model.composer.isEmpty)
        #expect(stage.screen.text.contains("one message (11 lines)"))
        stage.press([.down, .enter])
        #expect(stage.model.composer.isEmpty)
        stage.paste(ten + "\n11")
        stage.press(.enter)
        #expect(stage.model.composer.text == ten + "\n11")
        #expect(sent(stage.effects).isEmpty)
    }

    @Test(arguments: [
        "\u{1B}[2J", "\u{1B}]52;c;aGk=\u{7}", "a\u{9B}31mb", "\u{0}x\u{7F}", "\u{202E}abc",
        "a\u{2028}b\u{85}",
    ])
    func noControlComesInByAPaste(text: String) {
        var stage = stage()
        stage.paste("before" + text + "after")
        #expect(
            stage.screen.cells.allSatisfy {
                !$0.text.unicodeScalars.contains(where: TerminalControls.contains)
            })
        stage.press(.enter)
        for outgoing in sent(stage.effects) {
            #expect(
                !outgoing.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B })
        }
    }

    @Test func aTextThatIsTooLongIsRefusedWhole() {
        var stage = stage()
        stage.type("kept")
        stage.paste(String(repeating: "x", count: 20_000))
        #expect(stage.model.composer.text == "kept")
        #expect(stage.screen.text.contains("the text has"))
    }

    // MARK: Sending

    @Test func twoSlashesSendOneAndAreRecalledAsTyped() {
        var stage = stage()
        stage.type("//quit")
        stage.press(.enter)
        #expect(sent(stage.takeEffects()).map(\.text) == ["/quit"])
        stage.press(.up)
        #expect(stage.model.composer.text == "//quit")
        stage.press(.enter)
        #expect(sent(stage.takeEffects()).map(\.text) == ["/quit"])
    }

    @Test func anUnknownCommandIsNotSentAndStays() {
        var stage = stage()
        stage.type("/hlep me")
        stage.press(.enter)
        #expect(stage.takeEffects().isEmpty)
        #expect(stage.model.composer.text == "/hlep me")
        #expect(stage.screen.text.contains("Did you mean /help? Nothing was sent."))
    }

    @Test(arguments: [
        "/thread title New one", "/lang xx", "/goto tomorrow", "/notify all", "/say fr", "/move x",
        "/threads some",
    ])
    func whatIsNotUnderstoodStays(line: String) {
        var stage = stage()
        stage.type(line)
        stage.press(.enter)
        #expect(stage.takeEffects().isEmpty)
        #expect(stage.model.composer.text == line)
        #expect(stage.model.notice != nil)
    }

    @Test func aPasswordIsNotSent() {
        var stage = stage()
        stage.type("/msg NickServ IDENTIFY hunter2")
        stage.press(.enter)
        #expect(stage.takeEffects().isEmpty)
        #expect(stage.screen.text.contains("Nothing was sent: that looks like a password."))
    }

    @Test func withoutAChannelNothingIsLost() {
        var stage = Stage()
        stage.model.place = Place("")
        for line in ["hello", "/me waves", "/say fr bonjour"] {
            stage.paste(line)
            stage.press(.enter)
            #expect(sent(stage.takeEffects()).isEmpty)
            #expect(stage.model.composer.text == line)
            stage.press(.character("c"), .control)
        }
    }

    /// Filed by its reply tag it would go to the thread again.
    @Test func whatGoesToTheChannelAnswersNoMessageOfTheThread() {
        var stage = stage()
        _ = stage.model.open(Place("#practices", thread: 12))
        stage.take(.message(Stage.message("14:31", "samir.h", "x", "t1", thread: 12, isHistory: false)))
        stage.press(.backTab)
        stage.type("r")
        stage.effects = []
        stage.type("yes")
        stage.press(.function(7))
        stage.press(.enter)
        #expect(sent(stage.effects) == [Outgoing("yes", to: Stage.practices)])
    }

    @Test func anAnswerGoesToTheThreadThatGrewFromTheMessage() {
        var stage = stage()
        stage.press([.backTab, .home])
        stage.type("r")
        #expect(stage.model.place == Place("#practices", thread: 12))
        stage.type("yes")
        stage.press(.enter)
        var answer = Outgoing("yes", to: Place("#practices", thread: 12))
        answer.replyTo = "m0"
        #expect(sent(stage.effects) == [answer])
    }

    // MARK: Questions and corrections

    /// docs/extensions/marks.md: "A correction is a message of its own that replies to the one it corrects".
    @Test(arguments: ["up", "e", "/edit"])
    func onesLastMessageComesBackAndWhatIsSentCorrectsIt(way: String) {
        var stage = stage()
        stage.take(.message(Stage.message("14:40", "amadou.s", "in anex 2", "own", isHistory: false)))
        switch way {
        case "up": stage.press(.up)
        case "e":
            stage.press(.backTab)
            stage.type("e")
        default:
            stage.type("/edit")
            stage.press(.enter)
        }
        #expect(stage.model.composer.text == "in anex 2" && stage.model.focus == .composer)
        #expect(stage.screen.text.contains("[correction]"))
        for _ in 0..<6 { stage.press(.backspace) }
        stage.type("annex 2")
        stage.press(.enter)
        var corrected = Outgoing("in annex 2", to: Stage.practices)
        corrected.replyTo = "own"
        corrected.marks.kind = .correction
        #expect(sent(stage.effects) == [corrected])
        stage.effects = []
        stage.type("thanks")
        stage.press(.enter)
        #expect(sent(stage.effects) == [Outgoing("thanks", to: Stage.practices)])
    }

    @Test func anothersMessageIsNotCorrectedAndEscapeLeavesTheOwnAlone() {
        var stage = stage()
        stage.take(.message(Stage.message("14:40", "amadou.s", "mine", "own", isHistory: false)))
        stage.press([.backTab, .up])
        stage.type("e")
        #expect(stage.model.marking.isEmpty)
        stage.press([.escape, .up])
        #expect(stage.model.marking[Stage.practices] == .correction)
        for _ in 0..<4 { stage.press(.backspace) }
        stage.press(.escape)
        stage.type("more")
        stage.press(.enter)
        #expect(sent(stage.effects) == [Outgoing("more", to: Stage.practices)])
    }

    /// What is answered is no correction, and what is said in a language keeps what it answers.
    @Test func anAnswerEndsACorrectionAndALanguageKeepsIt() {
        var stage = stage()
        stage.take(.message(Stage.message("14:40", "lucia.m", "theirs", "t", isHistory: false)))
        stage.take(.message(Stage.message("14:41", "amadou.s", "mine", "own", isHistory: false)))
        stage.press(.up)
        #expect(stage.model.marking[Stage.practices] == .correction)
        stage.press([.backTab, .up])
        stage.type("r")
        #expect(stage.model.marking.isEmpty && stage.model.composer.isEmpty)
        stage.type("/say fr oui")
        stage.press(.enter)
        var answer = Outgoing("oui", to: Stage.practices)
        answer.replyTo = "t"
        answer.marks.language = "fr"
        #expect(sent(stage.effects) == [answer])
        #expect(stage.model.answering.isEmpty)
    }

    @Test func aQuestionIsMarkedAsOne() {
        var stage = stage()
        var question = Outgoing("who has done this?", to: Stage.practices)
        question.marks.kind = .question
        stage.type("/ask who has done this?")
        stage.press(.enter)
        #expect(sent(stage.effects) == [question])
        stage.effects = []
        stage.press(.function(2))
        stage.type("ask a question")
        stage.press(.enter)
        #expect(stage.screen.text.contains("[question]"))
        stage.type("who has done this?")
        stage.press(.enter)
        #expect(sent(stage.effects) == [question])
    }

    // MARK: Drafts and recalling

    @Test func everyPlaceKeepsItsDraft() {
        var stage = stage()
        stage.type("for practices")
        stage.effects += stage.model.open(Place("#lobby"))
        #expect(stage.effects.contains(.keepDraft(Stage.practices, "for practices")))
        #expect(stage.model.composer.isEmpty)
        stage.type("for lobby")
        _ = stage.model.open(Stage.practices)
        #expect(stage.model.composer.text == "for practices")
        #expect(
            stage.model.keepDrafts() == [
                .keepDraft(Place("#lobby"), "for lobby"), .keepDraft(Stage.practices, "for practices"),
            ])
    }

    @Test func aSentDraftIsForgotten() {
        var stage = stage()
        stage.type("x")
        stage.press(.enter)
        #expect(stage.effects.contains(.keepDraft(Stage.practices, "")))
    }

    @Test func upRecallsAndAnEditedTextIsANewOne() {
        var stage = stage()
        for text in ["one", "two"] {
            stage.type(text)
            stage.press(.enter)
        }
        stage.press([.up, .up])
        #expect(stage.model.composer.text == "one")
        stage.press(.down)
        #expect(stage.model.composer.text == "two")
        stage.press(.backspace)
        stage.press(.up)
        #expect(stage.model.composer.text == "tw")
    }

    // MARK: Completing

    @Test(
        arguments: [
            ("@ami", "@amina.b: "), ("＠ami", "@amina.b: "), ("see @ami", "see @amina.b "),
            ("#lob", "#lobby "),
            ("＃lob", "#lobby "), ("/sea", "/search "), ("／sea", "/search "), (":tada", "🎉 "), ("：tada", "🎉 "),
            ("@lu", "@lucia.m: "), ("@AMI", "@amina.b: "),
        ] as [(String, String)]) func tabCompletes(typed: String, completed: String)
    {
        var stage = stage()
        stage.paste(typed)
        stage.press(.tab)
        #expect(stage.model.composer.text == completed)
        #expect(stage.model.focus == .composer)
    }

    @Test func ofSeveralTheCommonPartIsTakenAndAllAreShown() {
        var stage = stage()
        stage.type("#t")
        stage.press(.tab)
        #expect(stage.screen.text.contains("#t1-institutional-setup"))
        #expect(stage.screen.text.contains("#t2-coordination-consultation"))
        stage.type("1")
        stage.press(.tab)
        #expect(stage.model.composer.text == "#t1-institutional-setup ")
    }

    // MARK: Moving

    @Test func theCaretMovesAsTheEyeSeesIt() {
        var stage = stage()
        // In a line from right to left, Left goes on.
        stage.type("كتب")
        for _ in 0..<2 { stage.press(.right) }
        #expect(stage.model.composer.caret == 1)
        stage.press(.left)
        #expect(stage.model.composer.caret == 2)
        // Within a line from left to right too.
        stage.press(.character("c"), .control)
        stage.type("ab كتب cde")
        var columns: [Int] = []
        for _ in 0..<12 {
            columns.append(stage.screen.cursor?.column ?? -1)
            stage.press(.left)
        }
        #expect(columns == [13, 12, 11, 10, 8, 7, 6, 5, 4, 3, 3, 3])
    }

    /// Every place of a text is reached by the arrows, whatever is in it.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func theArrowsComeThroughTheWholeText(seed: UInt64) {
        var numbers = SeededNumbers(seed)
        let pieces = ["a", "b ", "م", "لا", " ", "1", "(", "漢", "\n", "é", "🇫🇷", "x\u{301}"]
        for _ in 0..<10 {
            var stage = stage()
            let text = (0..<40).map { _ in numbers.pick(pieces) }.joined()
            stage.paste(text)
            stage.press(Array(repeating: .left, count: 2 * text.count))
            let left = stage.screen.cursor
            stage.press(.left)
            #expect(stage.screen.cursor == left, "seed \(seed)")
            var lines: Set<Int> = []
            for _ in 0..<2 * text.count {
                lines.insert(
                    stage.model.composer.characters.prefix(stage.model.composer.caret).count { $0 == "\n" })
                stage.press(.right)
            }
            #expect(lines.count == text.count { $0 == "\n" } + 1, "seed \(seed)")
        }
    }

    @Test func shiftArrowsAndControlArrowsAreTheEditors() {
        var stage = stage()
        stage.type("one two")
        stage.press(.left, .control)
        #expect(stage.model.composer.caret == 4)
    }
}
