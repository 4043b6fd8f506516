// SPDX-License-Identifier: Apache-2.0

import PlenaryTerminal
import Testing

@Suite struct LineEditorTests {
    /// An editor whose caret stands where `|` is.
    private func editor(_ text: String, limit: Int = InputLimits.textByteLimit) -> LineEditor {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        var editor = LineEditor(parts.joined(), byteLimit: limit)
        editor.moveCaret(to: parts.first?.count ?? 0)
        return editor
    }

    private func shown(_ editor: LineEditor) -> String {
        String(editor.characters[..<editor.caret]) + "|" + String(editor.characters[editor.caret...])
    }

    /// What keys make of it: `C-a`, `M-b`, `Left`, …
    private func after(_ text: String, _ keys: String...) -> String {
        var editor = editor(text)
        for key in keys { press(key, &editor) }
        return shown(editor)
    }

    @discardableResult
    private func press(_ name: String, _ editor: inout LineEditor) -> Bool {
        var modifiers: Modifiers = []
        var name = name[...]
        if name.hasPrefix("C-") {
            modifiers = .control
            name = name.dropFirst(2)
        } else if name.hasPrefix("M-") {
            modifiers = .alt
            name = name.dropFirst(2)
        }
        let named: [Substring: Key] = [
            "Left": .left, "Right": .right, "Up": .up, "Down": .down, "Home": .home, "End": .end,
            "BS": .backspace,
            "Del": .delete, "Enter": .enter, "Tab": .tab, "Esc": .escape,
        ]
        if let key = named[name] { return editor.handle(key, modifiers) }
        guard let character = name.first, !modifiers.isEmpty else { return editor.insert(String(name)) }
        return editor.handle(.character(character), modifiers)
    }

    @Test func typingGoesInAtTheCaret() {
        #expect(after("ab|d", "c") == "abc|d")
        #expect(after("|", "نعم") == "نعم|")
        #expect(after("a|", "M-Enter", "b", "C-j") == "a\nb\n|")
    }

    @Test func deletingTakesWholeClusters() {
        #expect(after("a👩‍💻e\u{301}|", "BS") == "a👩‍💻|")
        #expect(after("a👩‍💻|", "BS") == "a|")
        #expect(after("a|👩‍💻b", "Del") == "a|b")
        #expect(after("a|👩‍💻b", "C-d", "C-h") == "|b")
    }

    @Test func movementGoesByClustersLinesAndWords() {
        #expect(after("one two|", "Left", "Left") == "one t|wo")
        #expect(after("|one", "Right", "C-f", "C-b") == "o|ne")
        #expect(after("one\ntwo th|ree", "Home") == "one\n|two three")
        #expect(after("one\nt|wo\nthree", "C-e") == "one\ntwo|\nthree")
        #expect(after("один, два|", "M-b") == "один, |два")
        #expect(after("один, |два", "C-Left") == "|один, два")
        #expect(after("|قاعدة بيانات", "M-f") == "قاعدة| بيانات")
        #expect(after("a|, b2c d", "C-Right") == "a, b2c| d")
        #expect(after("|", "M-f", "M-b", "C-a", "C-e", "Left") == "|")
    }

    @Test func lettersOfOtherKeyboardsWorkByTheirPlace() {
        #expect(after("один два|", "M-и") == "один |два")
        #expect(after("one |two", "M-ﻻ") == "|one two")
        #expect(after("one| two", "M-в") == "one|")
    }

    @Test func upAndDownKeepTheColumn() {
        #expect(after("abcd\nef\nghij|k", "Up") == "abcd\nef|\nghijk")
        #expect(after("abcd\nef\nghij|k", "Up", "Up") == "abcd|\nef\nghijk")
        #expect(after("abcd|\nef\nghijk", "Down", "Down") == "abcd\nef\nghij|k")
        #expect(after("abcd\nef\nghij|k", "Up", "Left", "Up") == "a|bcd\nef\nghijk")
        #expect(after("\n|", "Up") == "|\n")
    }

    @Test func atTheEdgeUpAndDownAreTheCallers() {
        var editor = editor("ab|c\nd")
        #expect(!press("Up", &editor))
        #expect(press("Down", &editor))
        #expect(!press("Down", &editor))
        #expect(shown(editor) == "abc\nd|")
    }

    @Test func inAnEmptyTextKeysAreTheCallers() {
        var editor = LineEditor()
        for key in [
            "C-k", "C-u", "C-w", "C-d", "C-a", "M-b", "BS", "Del", "Left", "Right", "Home", "Up", "Down",
        ] {
            #expect(!press(key, &editor), "\(key)")
        }
        editor.insert("x")
        for key in ["C-k", "C-e", "Right", "Del", "M-f"] { #expect(press(key, &editor), "\(key)") }
        for key in ["Tab", "Esc", "Enter", "C-p", "C-l", "M-a", "C-Up", "M-Up", "C-Home", "M-Left"] {
            #expect(!press(key, &editor), "\(key)")
        }
        #expect(editor.text == "x")
    }

    @Test func whatIsCutCanBePutElsewhere() {
        #expect(after("one two| three", "C-w", "C-e", "C-y") == "one  threetwo|")
        #expect(after("one t|wo", "C-u", "End", "C-y") == "woone t|")
        #expect(after("one t|wo", "C-k", "Home", "C-y") == "wo|one t")
        #expect(after("a|\nb", "C-k") == "a|b")
        #expect(after("a\n|b", "C-u") == "a|b")
        #expect(after("say a/b.c|", "C-w") == "say |")
        #expect(after("say a/b.c|", "M-BS") == "say a/b.|")
        #expect(after("|say a", "M-d", "C-y", "C-y") == "saysay| a")
        #expect(after("one| two", "C-Del") == "one|")
    }

    @Test func cutsInARowAreOnePiece() {
        #expect(after("a b c d|", "C-w", "C-w", "C-y") == "a b c d|")
        #expect(after("|a b c", "M-d", "M-d", "C-y") == "a b| c")
        #expect(after("a b| c", "C-w", "M-d", "C-y") == "a b c|")
        #expect(after("a b c|", "C-w", "Left", "C-w", "C-y") == "a b|" + " ")
    }

    @Test func twoClustersChangePlaces() {
        #expect(after("a👩‍💻|b", "C-t") == "ab👩‍💻|")
        #expect(after("abc|", "C-t") == "acb|")
        #expect(after("|ab", "C-t") == "|ab")
        #expect(after("ab\n|c", "C-t") == "ab\n|c")
        #expect(after("a|", "C-t") == "a|")
    }

    @Test func undoTakesBackWordByWord() {
        #expect(after("|", "o", "n", "e", " ", "t", "w", "o", "C-_") == "one |")
        #expect(after("|", "o", "n", "e", " ", "t", "w", "o", "C-_", "C-_", "C-_") == "|")
        #expect(after("a b|", "C-w", "C-_") == "a b|")
        #expect(after("ab|", "Left", "x", "y", "Left", "z", "C-_") == "ax|yb")
        #expect(after("ab|", "Left", "x", "y", "Left", "z", "C-_", "C-_") == "a|b")
        #expect(after("e|", "\u{301}", "C-_") == "e|")
        #expect(after("ab|", "C-u", "C-y", "C-y", "C-_", "C-_", "C-_") == "ab|")
    }

    @Test func stepsBeyondTheLimitAreForgotten() {
        let limit = InputLimits.undoStepLimit
        for (steps, undone) in [(limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
            var editor = LineEditor()
            for _ in 0..<steps { editor.paste("x") }
            var count = 0
            while editor.undo() { count += 1 }
            #expect(count == undone)
            #expect(editor.characters.count == steps - undone)
        }
    }

    @Test func rememberedClustersAreBounded() {
        var editor = LineEditor(byteLimit: 40_000)
        for _ in 0..<5 {
            editor.setText(String(repeating: "x", count: 32_000))
            editor.setText("")
        }
        var count = 0
        while editor.undo() { count += 1 }
        #expect(count == 4)
    }

    @Test func aTextBeyondTheLimitIsRefusedWhole() {
        let limit = InputLimits.textByteLimit
        for (count, fits) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            var editor = LineEditor()
            #expect(editor.paste(String(repeating: "a", count: count)) == fits)
            #expect(editor.wasRefused == !fits)
            #expect(editor.byteCount == (fits ? count : 0))
            #expect(editor.isEmpty == !fits)
        }
        var editor = editor("abc|", limit: 4)
        #expect(editor.insert("ن!") == false)
        #expect(editor.wasRefused && editor.text == "abc")
        #expect(editor.insert("d") == true)
        #expect(!editor.wasRefused)
        #expect(press("C-j", &editor))
        #expect(editor.wasRefused && editor.text == "abcd")
        #expect(editor.replace(0..<2, with: "xy") == true)
        #expect(editor.text == "xycd")
    }

    @Test func completionReplacesTheWordBeforeTheCaret() {
        var editor = editor("ask @am| now")
        let word = editor.wordBeforeCaret
        #expect(word.text == "@am" && word.range == 4..<7)
        #expect(editor.replace(word.range, with: "@amina.b") == true)
        #expect(shown(editor) == "ask @amina.b| now")
        editor.undo()
        #expect(shown(editor) == "ask @am| now")
        editor.moveCaret(to: 4)
        #expect(editor.wordBeforeCaret.text.isEmpty)
        #expect(editor.replace(-5..<99, with: "x") == true)
        #expect(editor.text == "x")
    }

    @Test func lineEndsAreOneAndControlCharactersGone() {
        var editor = LineEditor()
        editor.paste("a\r\nb\rc\u{1B}[2J\u{7F}\u{85}\td")
        #expect(editor.text == "a\nb\nc[2J\td")
        #expect(LineEditor("a\r\nb").characters.count == 3)
    }

    @Test func whatMeetsFormsNewClusters() {
        #expect(after("e|x", "\u{301}") == "e\u{301}|x")
        #expect(after("e|x\u{301}", "Del") == "e|")
        #expect(after("👩|", "\u{200D}", "💻") == "👩‍💻|")
        #expect(after("|🇫🇷🇩🇪", "🇨") == "🇨🇫|🇷🇩🇪")
        var editor = LineEditor("\u{301}")
        editor.moveCaret(to: 0)
        editor.insert("a")
        #expect(editor.text == "a\u{301}" && editor.caret == 1)
    }

    @Test func clearingForgetsEverythingButWhatWasCut() {
        var editor = editor("one two|")
        press("C-w", &editor)
        editor.clear()
        #expect(editor.isEmpty)
        #expect(editor.undo() == false)
        press("C-y", &editor)
        #expect(editor.text == "two")
    }

    @Test func itDoesWhatAPlainArrayDoes() {
        var random = TestRandom()
        let pieces = [
            "a", "b", " ", "\n", "é", "\u{301}", "👩", "\u{200D}", "💻", "🇫", "🇷", "ن", "ل", "ا", "हि",
            "\u{94D}", "न",
            "one two", "\u{FE0F}",
        ]
        for _ in 0..<300 {
            var editor = LineEditor(byteLimit: 120)
            var model = ""
            var history: [(String, Int)] = []
            for _ in 0..<40 {
                let caret = random.below(editor.characters.count + 1)
                editor.moveCaret(to: caret)
                let before = (model, caret)
                let end = min(caret + random.below(4), editor.characters.count)
                let piece = random.below(3) == 0 ? "" : random.pick(pieces)
                let characters = Array(model)
                let result = String(characters[..<caret]) + piece + String(characters[end...])
                let fits = result.utf8.count <= 120
                #expect(editor.replace(caret..<end, with: piece) == fits, "seed \(random.seed)")
                if fits {
                    model = result
                    if !piece.isEmpty || end > caret { history.append(before) }
                }
                #expect(
                    editor.characters.map(String.init) == Array(model).map(String.init), "seed \(random.seed)"
                )
                #expect(Array(editor.text.utf8) == Array(model.utf8), "seed \(random.seed)")
                #expect(editor.byteCount == model.utf8.count, "seed \(random.seed)")
                #expect((0...editor.characters.count).contains(editor.caret), "seed \(random.seed)")
            }
            while let (text, caret) = history.popLast() {
                #expect(editor.undo() == true, "seed \(random.seed)")
                #expect(
                    Array(editor.text.utf8) == Array(text.utf8) && editor.caret == caret,
                    "seed \(random.seed)")
                #expect(editor.byteCount == text.utf8.count, "seed \(random.seed)")
            }
            #expect(editor.undo() == false, "seed \(random.seed)")
        }
    }

    @Test func anyKeysKeepTheTextWhole() {
        var random = TestRandom()
        let keys: [String] =
            "abdefhjktuwy_".map { "C-\($0)" } + [
                "M-b", "M-f", "M-d", "M-BS", "Left", "Right", "Up", "Down", "Home", "End", "BS", "Del",
                "C-Left",
                "C-Right", "M-Enter", "\u{301}", "e", "👩", "\u{200D}", "💻", "🇫", "🇷", " ", "ن",
            ]
        for _ in 0..<200 {
            var editor = LineEditor(byteLimit: 100)
            for _ in 0..<100 {
                press(random.pick(keys), &editor)
                #expect(
                    editor.characters.map(String.init) == Array(editor.text).map(String.init),
                    "seed \(random.seed)")
                #expect(
                    editor.byteCount == editor.text.utf8.count && editor.byteCount <= 100,
                    "seed \(random.seed)")
                #expect((0...editor.characters.count).contains(editor.caret), "seed \(random.seed)")
            }
        }
    }
}
