// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// What the menu has, done by the menu and by what stands behind a slash.
@Suite struct TwinTests {
    private func stage(_ action: MenuAction, isModerator: Bool = true) -> Stage {
        var stage = Stage()
        stage.enter()
        stage.talk()
        if isModerator { stage.moderate() }
        let needsThread: Set<MenuAction> = [
            .renameThread, .closeThread, .reopenThread, .followThread, .muteThread, .unfollowThread, .pin,
            .unpin,
            .switchTarget,
        ]
        if needsThread.contains(action) { _ = stage.model.open(Place("#practices", thread: 12)) }
        if action == .unmuteChannel { stage.model.with("#practices") { $0.isMuted = true } }
        _ = stage.takeEffects()
        return stage
    }

    /// What can be seen of what was done, but for the draft that was kept.
    private func outcome(_ stage: Stage) -> String {
        let effects = stage.effects.filter { if case .keepDraft = $0 { false } else { true } }
        let model = stage.model
        return "\(effects) \(model.place) \(model.main) \(model.focus) \(model.isToChannel) "
            + "\(model.marking) "
            + "\(model.dialogs.map { "\($0.title) \($0.options.map(\.choice))" }) "
            + "\(model.notice.map { "\($0)" } ?? "")"
    }

    /// Acts on a person are about the one who is selected, or is named behind the slash; they are tested with
    /// the
    /// words of MOD.
    private static let onPersons: Set<MenuAction> = [.mutePerson, .unmutePerson, .ban, .unban, .kick]
    private static let actions = MenuAction.allCases.filter {
        $0.isOffered && $0.slash != nil && !onPersons.contains($0)
            && ![.sayLanguage, .quote, .channels].contains($0)
    }

    @Test(arguments: actions) func behindASlashTheSameIsDoneAsInTheMenu(action: MenuAction) {
        var byMenu = stage(action, isModerator: action != .report)
        byMenu.press(.function(2))
        byMenu.type(Catalogue(.english).text(action.name) + " " + (action.slash ?? ""))
        let first = byMenu.model.dialogs.last?.shown.first?.choice
        if action != .menu {
            #expect(first == .menu(action))
            byMenu.press(.enter)
        } else {
            byMenu.press(.escape)
            byMenu.press(.function(2))
        }
        var bySlash = stage(action, isModerator: action != .report)
        bySlash.paste(action.slash ?? "")
        bySlash.press(.enter)
        #expect(outcome(bySlash) == outcome(byMenu))
        // All messages there are fit on the screen.
        guard action != .history else { return }
        #expect(outcome(bySlash) != outcome(stage(action)), "nothing was done")
    }

    @Test(arguments: MenuAction.allCases.filter { $0.key?.hasPrefix("F") == true })
    func aFunctionKeyDoesTheSameAsItsSlash(action: MenuAction) {
        guard let key = action.key, let number = Int(key.dropFirst()), action != .channels else { return }
        var byKey = stage(action)
        byKey.press(.function(number))
        var bySlash = stage(action)
        bySlash.paste(action.slash ?? "")
        bySlash.press(.enter)
        #expect(outcome(bySlash) == outcome(byKey))
    }

    @Test func mutingIsOfWhereOneIs() {
        var stage = stage(.muteChannel)
        stage.type("/mute")
        stage.press(.enter)
        #expect(stage.model.conversation("#practices")?.isMuted == true)
        stage.type("/mute")
        stage.press(.enter)
        #expect(stage.model.conversation("#practices")?.isMuted == true)
        stage.type("/unmute")
        stage.press(.enter)
        #expect(stage.model.conversation("#practices")?.isMuted == false)
        _ = stage.model.open(Place("#practices", thread: 12))
        stage.effects = []
        stage.type("/mute")
        stage.press(.enter)
        #expect(stage.effects.first == .changeThread(Place("#practices", thread: 12), .level(.mute)))
    }

    @Test(arguments: [("open", 5), ("closed", 1), ("mine", 0), ("unread", 1)] as [(String, Int)])
    func threadsAreListedByWhatIsAskedFor(word: String, count: Int) {
        var stage = stage(.threads)
        stage.type("/threads \(word)")
        stage.press(.enter)
        #expect(stage.model.main == .threads && stage.model.threadsShown.count == count)
        stage.press(.escape)
        stage.press(.function(3))
        #expect(stage.model.threadsShown.count == 6)
    }

    @Test func aRawLineIsTakenApartAsTheProtocolDoes() {
        var stage = Stage()
        stage.type("/quote privmsg #c :two words")
        stage.press(.enter)
        #expect(stage.effects.isEmpty && !stage.model.composer.isEmpty)
        var advanced = Stage(isAdvanced: true)
        advanced.type("/quote privmsg #c :two :words")
        advanced.press(.enter)
        #expect(
            advanced.effects.first
                == .ask(verb: "PRIVMSG", parameters: ["#c", "two :words"], title: "PRIVMSG"))
    }

    // MARK: Anything

    private static let odd = [
        "", " ", "x", "12", "-1", "99999999999999999999", "0", "/", "//", "#", "@", "@ x", "\u{1B}[2J",
        "a\nb\nc",
        "\u{202E}abc", "NAME 10m", "x 10m reason", "#practices/12", "=", "= x", "٣", "２０２６-11-23",
        "2026-13-45",
        "new", "title", "close", "new \u{0}", String(repeating: "x\u{301}", count: 2000), ":", ": x",
        "\u{2028}",
    ]

    @Test(arguments: SlashCommand.allCases) func noArgumentTrapsOrIsSentAsTyped(command: SlashCommand) {
        var stages: [Stage] = []
        for (isModerator, thread) in [(true, nil), (true, 12), (false, nil)] {
            var stage = Stage(isAdvanced: true)
            stage.enter()
            stage.talk()
            if isModerator { stage.moderate() }
            _ = stage.model.open(Place("#practices", thread: thread))
            stages.append(stage)
        }
        for arguments in TwinTests.odd {
            for var stage in stages {
                _ = stage.takeEffects()
                let line = "\(command.word) \(arguments)"
                stage.model.composer = LineEditor(line)
                stage.press(.enter)
                for case .send(let outgoing) in stage.effects {
                    #expect(!outgoing.text.contains(command.word), "\(line)")
                    #expect(
                        !outgoing.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "\(line)")
                }
                stage.press([.enter, .enter, .enter])
                if stage.model.main != .messages { _ = stage.screen }
            }
        }
    }
}
