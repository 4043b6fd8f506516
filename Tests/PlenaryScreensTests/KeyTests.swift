// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Every key does what docs/TERMINAL.md says, and its twins in the menu and behind a slash do the same.
@Suite struct KeyTests {
    private func stage(
        _ columns: Int = 80, _ rows: Int = 24, _ language: Language = .english, thread: Int? = nil
    ) -> Stage {
        var stage = Stage(columns: columns, rows: rows, language)
        stage.enter()
        stage.talk()
        if let thread { _ = stage.model.open(Place("#practices", thread: thread)) }
        _ = stage.takeEffects()
        return stage
    }

    // MARK: Everywhere

    @Test(arguments: [(3, MainPane.threads), (4, .people), (5, .search), (1, .help)] as [(Int, MainPane)])
    func aFunctionKeyOpensItsPaneAndGoesBack(number: Int, pane: MainPane) {
        var stage = stage()
        stage.press(.function(number))
        #expect(stage.model.main == pane)
        #expect(stage.model.focus != .composer)
        guard number != 5 else { return }
        stage.press(.function(number))
        #expect(stage.model.main == .messages && stage.model.focus == .composer)
    }

    @Test func f6GoesToTheListAndBack() {
        var stage = stage()
        stage.press(.function(6))
        #expect(stage.model.focus == .channels && stage.model.main == .messages)
        stage.press([.up, .enter])
        #expect(stage.model.place == Place("#lobby") && stage.model.focus == .composer)
        stage = self.stage(40, 16)
        stage.press(.function(6))
        #expect(stage.model.main == .channels)
        stage.press(.function(6))
        #expect(stage.model.main == .messages)
    }

    @Test func onAWideScreenThePaneIsBeside() {
        var stage = stage(120, 40)
        stage.press(.function(3))
        #expect(stage.model.focus == .threads && stage.model.main == .messages)
        stage.press([.down, .enter])
        #expect(stage.model.place == Place("#practices", thread: 12))
    }

    @Test(arguments: [Key.function(2), .character("p")]) func theMenuOpensAndCloses(key: Key) {
        var stage = stage()
        let modifiers: Modifiers = key == .character("p") ? .control : []
        stage.press(key, modifiers)
        #expect(stage.model.dialogs.count == 1)
        stage.press(key, modifiers)
        #expect(stage.model.dialogs.isEmpty)
    }

    @Test func ctrlFSearchesWhereNothingIsWritten() {
        var stage = stage()
        stage.press(.backTab)
        stage.press(.character("f"), .control)
        #expect(stage.model.main == .search)
        stage = self.stage()
        stage.type("ab")
        stage.press(.home)
        stage.press(.character("f"), .control)
        #expect(stage.model.main == .messages && stage.model.composer.caret == 1)
    }

    @Test func f7SendsToTheChannelInstead() {
        var stage = stage(thread: 12)
        stage.press(.function(7))
        #expect(stage.model.destination == Stage.practices)
        stage.press(.function(7))
        #expect(stage.model.destination == Place("#practices", thread: 12))
        stage = self.stage()
        stage.press(.function(7))
        #expect(stage.screen.text.contains("You may not do this here."))
    }

    @Test func f9BeginsAThreadFromTheSelectedMessage() {
        var stage = stage()
        stage.press([.backTab, .up, .function(9)])
        stage.type("Templates")
        stage.press(.enter)
        #expect(stage.effects == [.createThread(channel: "#practices", title: "Templates", root: "m4")])
    }

    @Test func f12WithNothingToSendSaysSo() {
        var stage = stage()
        stage.press(.function(12))
        #expect(stage.screen.text.contains("Nothing waits to be sent."))
    }

    @Test func f10AndF11AreTheTerminals() {
        var stage = stage()
        stage.press([.function(10), .function(11)])
        #expect(stage.model.dialogs.isEmpty && stage.model.focus == .composer && stage.effects.isEmpty)
    }

    @Test(
        arguments: [
            (Key.up, Modifiers.alt, "#lobby"), (.down, .alt, "#t1-institutional-setup"),
            (.pageUp, .control, "#lobby"),
            (.pageDown, .control, "#t1-institutional-setup"),
        ] as [(Key, Modifiers, String)]) func neighboursAreOneKeyAway(
            key: Key, modifiers: Modifiers, name: String
        )
    {
        var stage = stage()
        stage.press(key, modifiers)
        #expect(stage.model.place == Place(name))
    }

    @Test func ctrlHomeGoesToTheFirstUnreadAndCtrlEndToTheNewest() {
        var stage = stage()
        stage.press(.home, .control)
        #expect(stage.model.selectedPost?.id == "m3")
        stage.press(.end, .control)
        #expect(stage.model.selectedPost == nil && stage.model.anchor == nil)
    }

    @Test func ctrlKGoesSomewhereOnlyFromAnEmptyComposer() {
        var stage = stage()
        stage.press(.character("k"), .control)
        stage.type("12")
        stage.press(.enter)
        #expect(stage.model.place == Place("#practices", thread: 12))
        stage.type("one two")
        stage.press(.home)
        stage.press(.character("k"), .control)
        #expect(stage.model.dialogs.isEmpty && stage.model.composer.isEmpty)
    }

    @Test func theTerminalsKeysAreEffects() {
        var stage = stage()
        stage.press(.character("l"), .control)
        stage.press(.character("z"), .control)
        stage.press(.character("x"), .control)
        stage.press(.character("e"), .control)
        #expect(stage.effects == [.redraw, .suspend, .editOutside("")])
        stage.answer(.edited("from the editor\u{1B}[2J"))
        #expect(stage.model.composer.text == "from the editor[2J")
    }

    @Test func ctrlCClearsAndTwiceItQuits() {
        var stage = stage()
        stage.type("a draft")
        stage.press(.character("c"), .control)
        #expect(stage.model.composer.isEmpty)
        #expect(stage.takeEffects() == [.keepDraft(Stage.practices, "")])
        stage.press(.character("c"), .control)
        #expect(stage.screen.text.contains("Ctrl+C once more: quit"))
        stage.model.now = Stage.now.advanced(bySeconds: 3)
        stage.press(.character("c"), .control)
        #expect(stage.takeEffects().isEmpty)
        // Another key between them is no second time.
        stage.type("x")
        stage.press(.backspace)
        stage.press(.character("c"), .control)
        #expect(stage.takeEffects().isEmpty)
        stage.model.now = Stage.now.advanced(bySeconds: 4)
        stage.press(.character("c"), .control)
        #expect(stage.takeEffects() == [.quit])
    }

    @Test func escGoesBackStepByStep() {
        var stage = stage(thread: 12)
        stage.press(.function(3))
        stage.press(.escape)
        #expect(stage.model.main == .messages && stage.model.focus == .composer)
        stage.press([.backTab, .escape])
        #expect(stage.model.focus == .composer)
        stage.press(.escape)
        #expect(stage.model.place == Stage.practices)
        stage.press(.escape)
        #expect(stage.model.place == Stage.practices)
    }

    @Test(arguments: [80, 120, 40]) func tabGoesRound(columns: Int) {
        var stage = stage(columns, 30)
        var seen: [Focus] = []
        for _ in 0..<6 {
            stage.press(.tab)
            seen.append(stage.model.focus)
        }
        let expected: [Int: [Focus]] = [
            80: [.channels, .messages, .composer], 120: [.channels, .messages, .threads, .people, .composer],
            40: [.messages, .composer],
        ]
        let panes = expected[columns] ?? []
        #expect(seen == (0..<6).map { panes[$0 % panes.count] })
        stage.press(.backTab)
        #expect(stage.model.focus == seen[4])
    }

    @Test(arguments: ["?", "؟", "？"]) func aQuestionMarkOpensHelp(sign: String) {
        for keys in [[], [Key.backTab], [.function(3)], [.function(6)]] {
            var stage = stage()
            stage.press(keys)
            stage.type(sign)
            #expect(stage.model.main == .help, "\(keys)")
        }
        var stage = stage()
        stage.type("what")
        stage.type(sign)
        #expect(stage.model.main == .messages && stage.model.composer.text == "what" + sign)
    }

    @Test func pagesTurnWhatIsShown() {
        var stage = stage()
        stage.type("?")
        stage.press(.pageDown)
        #expect(stage.model.helpScroll > 5)
        stage.press([.home])
        #expect(stage.model.helpScroll == 0)
    }

    // MARK: The list of messages

    /// What a letter does, on the keyboards of which it is the same key.
    @Test(
        arguments: [
            ("r", ["r", "к", "ق"]), ("y", ["y", "н", "غ"]), ("o", ["o", "щ", "خ"]), ("d", ["d", "в", "ي"]),
            ("n", ["n", "т", "ى"]), ("m", ["m", "ь", "ة"]), ("j", ["j", "о", "ت"]), ("k", ["k", "л", "ن"]),
            ("g", ["g", "п", "ل"]), ("G", ["G", "П"]), ("/", ["/", "／"]), (" ", [" ", "\u{3000}"]),
            ("p", ["p", "з", "ح"]), ("t", ["t", "е", "ف"]), ("e", ["e", "у", "ث"]),
        ] as [(String, [String])]) func lettersAreKeysWhateverTheLayout(letter: String, typed: [String])
    {
        func outcome(_ text: String) -> String {
            var stage = stage()
            stage.press([.backTab, .up])
            stage.type(text)
            let model = stage.model
            return "\(stage.effects) \(model.main) \(model.focus) \(model.selectedKey ?? -1) \(model.place) "
                + "\(model.dialogs.map(\.title)) \(model.notice.map { "\($0)" } ?? "")"
        }
        for text in typed { #expect(outcome(text) == outcome(letter), "\(text)") }
        #expect(outcome(letter) != outcome("§"))
    }

    @Test func ctrlYCopiesTheTextAsItWasWritten() {
        var stage = stage()
        stage.press([.backTab, .up, .up])
        stage.press(.character("y"), .control)
        #expect(stage.effects == [.copy(Stage.talk[3].text)])
    }

    @Test func spaceMarksReadUpToHere() {
        var stage = stage()
        stage.press([.backTab, .up])
        stage.type(" ")
        #expect(stage.effects.last == .markRead(Stage.practices, Stage.today("14:34")))
    }

    @Test func enterOpensTheThreadThatGrewFromAMessageOrAnswersIt() {
        var stage = stage()
        stage.press([.backTab, .home, .enter])
        #expect(stage.model.place == Place("#practices", thread: 12))
        stage = self.stage()
        stage.press([.backTab, .enter])
        #expect(stage.model.focus == .composer && stage.screen.text.contains("Reply to lucia.m"))
        stage.press(.escape)
        #expect(!stage.screen.text.contains("Reply to lucia.m"))
    }

    @Test(
        arguments: [
            ("see https://example.org/a?b=c.", "https://example.org/a?b=c."),
            ("(http://x.org)", "http://x.org"),
            ("javascript:alert(1)", nil), ("file:///etc/passwd", nil), ("", nil),
        ] as [(String, String?)]) func onlyWebLinksAreOpened(text: String, link: String?)
    {
        var stage = stage()
        stage.take(.message(Stage.message("14:36", "li.wei", text, "l1", isHistory: false)))
        stage.press(.backTab)
        stage.effects = []
        stage.type("o")
        #expect(stage.effects == (link.map { [.openLink($0)] } ?? []))
    }

    // MARK: Arabic

    @Test func inArabicTheArrowsBetweenPanesAreSwapped() {
        var stage = stage(80, 24, .arabic)
        // The list is on the right.
        #expect(stage.screen[2, 62].text == "│")
        stage.press(.backTab)
        stage.press(.right)
        #expect(stage.model.focus == .channels)
        stage.press(.left)
        #expect(stage.model.focus == .messages)
        stage.press(.left)
        #expect(stage.model.focus == .composer)
        var english = self.stage()
        english.press([.backTab, .left])
        #expect(english.model.focus == .channels)
    }
}
