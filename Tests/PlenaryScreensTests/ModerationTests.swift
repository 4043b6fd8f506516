// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Acts of moderation: a reason, a preview, and the words that MOD takes (docs/extensions/moderation.md).
@Suite struct ModerationTests {
    private func stage(_ thread: Int? = nil) -> Stage {
        var stage = Stage()
        stage.enter()
        stage.talk()
        stage.moderate()
        if thread != nil { _ = stage.model.open(Place("#practices", thread: thread)) }
        _ = stage.takeEffects()
        return stage
    }

    /// Does it from the menu, by the words that the menu has for it.
    private func choose(_ action: MenuAction, _ stage: inout Stage) {
        stage.press(.function(2))
        stage.type(Catalogue(.english).text(action.name) + " " + (action.slash ?? ""))
        stage.press(.enter)
    }

    private func drafts(_ effects: [Effect]) -> [ModerationDraft] {
        effects.compactMap { if case .moderate(let draft) = $0 { draft } else { nil } }
    }

    private var lastDialog: (Stage) -> Dialog? { { $0.model.dialogs.last } }

    /// From the menu, on the message of amina.b, with what is pressed in the boxes.
    @Test(
        arguments: [
            (.remove, [.down, .down, .down, .enter, .enter], ["REDACT", "#practices", "m4", "abusive"]),
            (.hide, [.enter, .enter], ["HIDE", "#practices", "m4", "off-topic"]),
            (.unhide, [.enter], ["UNHIDE", "#practices", "m4"]),
            (.mutePerson, [.enter, .enter, .enter], ["MUTE", "#practices", "amina.b", "10m", "off-topic"]),
            (
                .mutePerson, [.up, .down, .down, .down, .down, .enter, .enter, .enter],
                ["MUTE", "#practices", "amina.b", "off-topic"]
            ),
            (.unmutePerson, [.enter], ["UNMUTE", "#practices", "amina.b"]),
            (
                .ban, [.down, .enter, .down, .enter, .enter],
                ["BAN", "#practices", "amina.b", "1h", "personal-data"]
            ),
            (.unban, [.enter], ["UNBAN", "#practices", "amina.b"]),
            (
                .kick, [.down, .down, .down, .down, .enter, .enter],
                ["REMOVE", "#practices", "amina.b", "spam"]
            ),
            (.slow, [.down, .enter, .enter], ["SLOW", "#practices", "30s"]),
            (.slow, [.down, .down, .down, .down, .enter, .enter], ["SLOW", "#practices", "off"]),
            (.lock, [.enter], ["MODERATED", "#practices", "on"]),
            (.unlock, [.enter], ["MODERATED", "#practices", "off"]),
        ] as [(MenuAction, [Key], [String])])
    func theMenuComesToTheWordsOfMOD(action: MenuAction, keys: [Key], words: [String]) {
        var stage = stage()
        stage.press([.backTab, .up])
        #expect(stage.model.selectedPost?.nickname == "amina.b")
        choose(action, &stage)
        for (index, key) in keys.enumerated() {
            #expect(drafts(stage.effects).isEmpty, "before key \(index)")
            if index == keys.count - 1 {
                // The last question shows what will be done, and where it is written.
                #expect(lastDialog(stage)?.lines.isEmpty == false)
                #expect(stage.screen.text.contains("moderation log"))
            }
            stage.press(key)
        }
        let drafts = drafts(stage.effects)
        #expect(drafts.map { [$0.act, $0.target] + $0.words } == [words])
        #expect(stage.model.dialogs.isEmpty)
    }

    @Test func ofAMessageThatGoesForGoodThePreviewSaysSo() {
        var stage = stage()
        stage.press([.backTab, .up])
        choose(.remove, &stage)
        stage.press(.enter)
        let screen = stage.screen.text
        #expect(screen.contains("This will remove the message of amina.b for good."))
        #expect(screen.contains("could you share the template"))
        #expect(screen.contains("This cannot be undone."))
        stage.press([.down, .enter])
        #expect(stage.effects.isEmpty && stage.model.dialogs.isEmpty)
    }

    @Test func aThreadIsClosedWithAReason() {
        var stage = stage(12)
        choose(.closeThread, &stage)
        stage.press([.enter, .enter])
        #expect(
            drafts(stage.takeEffects()).map { [$0.act, $0.target] + $0.words } == [
                ["CLOSE", "#practices/12", "off-topic"]
            ])
        stage.type("/unlock")
        stage.press([.enter, .enter])
        #expect(
            drafts(stage.takeEffects()).map { [$0.act, $0.target] + $0.words } == [
                ["REOPEN", "#practices/12"]
            ])
    }

    @Test func whoeverMadeAThreadClosesItWithoutMOD() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        _ = stage.model.open(Place("#practices", thread: 12))
        stage.effects = []
        stage.type("/thread close")
        stage.press(.enter)
        #expect(stage.effects.first == .changeThread(Place("#practices", thread: 12), .close))
    }

    @Test func aMessageIsMovedToAThread() {
        var stage = stage()
        stage.press([.backTab, .up])
        choose(.move, &stage)
        stage.type("twelve")
        stage.press(.enter)
        #expect(stage.model.dialogs.count == 1)
        stage.press(.character("u"), .control)
        stage.type("/12")
        stage.press([.enter, .enter])
        #expect(
            drafts(stage.effects).map { [$0.act, $0.target] + $0.words } == [
                ["MOVE", "#practices", "m4", "one", "12"]
            ])
    }

    @Test func reasonsInOwnWordsAreOther() {
        var stage = stage()
        stage.press([.backTab, .up])
        choose(.hide, &stage)
        stage.press([.down, .down, .down, .down, .down, .down, .enter])
        stage.press(.enter)
        #expect(stage.model.dialogs.count == 1)
        stage.type("second time today")
        stage.press([.enter, .enter])
        #expect(drafts(stage.effects).map(\.words) == [["m4", "other", "second time today"]])
    }

    @Test(
        arguments: [
            ("/hide amina.b off topic\n", [.enter], ["HIDE", "#practices", "m4", "off topic"]),
            ("/remove @amina.b abusive", [.enter], ["REDACT", "#practices", "m4", "abusive"]),
            ("/remove =k3x9 spam", [.enter], ["REDACT", "#practices", "=k3x9", "spam"]),
            ("/remove amina.b", [.enter, .enter], ["REDACT", "#practices", "m4", "off-topic"]),
            ("/unhide amina.b", [.enter], ["UNHIDE", "#practices", "m4"]),
            ("/mute bo 10m abusive, again", [.enter], ["MUTE", "#practices", "bo", "10m", "abusive, again"]),
            ("/mute bo spam", [.enter], ["MUTE", "#practices", "bo", "spam"]),
            ("/mute bo", [.enter, .enter, .enter], ["MUTE", "#practices", "bo", "10m", "off-topic"]),
            ("/unmute bo", [.enter], ["UNMUTE", "#practices", "bo"]),
            ("/ban *!*@host 7d spam", [.enter], ["BAN", "#practices", "*!*@host", "7d", "spam"]),
            ("/unban bo", [.enter], ["UNBAN", "#practices", "bo"]),
            ("/kick bo safety", [.enter], ["REMOVE", "#practices", "bo", "safety"]),
            ("/slow 30s", [.enter], ["SLOW", "#practices", "30s"]),
            ("/slow off", [.enter], ["SLOW", "#practices", "off"]),
            ("/lock", [.enter], ["MODERATED", "#practices", "on"]),
        ] as [(String, [Key], [String])])
    func behindASlashTheSameIsDone(line: String, keys: [Key], words: [String]) {
        var stage = stage()
        stage.paste(line)
        stage.press(.enter)
        #expect(drafts(stage.effects).isEmpty)
        stage.press(keys)
        #expect(drafts(stage.effects).map { [$0.act, $0.target] + $0.words } == [words])
    }

    @Test func theSelectedMessageIsMeantWithoutAName() {
        var stage = stage()
        stage.press([.backTab, .up, .tab])
        // It is seen that it is selected, while one types.
        #expect(stage.model.focus == .composer && stage.model.selectedPost?.id == "m4")
        stage.type("/hide spam, of course")
        stage.press([.enter, .enter])
        #expect(drafts(stage.effects).map(\.words) == [["m4", "spam, of course"]])
    }

    @Test func aReportGoesToTheModeratorsAlone() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        stage.press([.backTab, .up])
        choose(.report, &stage)
        stage.press([.down, .enter, .enter])
        #expect(stage.effects.last == .report(about: "m4", channel: "#practices", reason: "personal-data"))
    }

    // MARK: Who sees it

    @Test func moderationIsAtTheEndOfTheMenuOfModerators() {
        var stage = stage()
        stage.press([.backTab, .up])
        stage.press(.function(2))
        let actions = (lastDialog(stage)?.options ?? []).compactMap { option -> MenuAction? in
            if case .menu(let action) = option.choice { action } else { nil }
        }
        let first = actions.firstIndex { $0.group == .moderation } ?? 0
        #expect(first > 20)
        #expect(actions[first...].allSatisfy { $0.group == .moderation })
        #expect(actions[first...].contains(.remove) && actions[first...].contains(.moderationLog))
    }

    @Test func nobodyElseSeesIt() {
        var stage = Stage()
        stage.enter()
        stage.talk()
        stage.press([.backTab, .up])
        stage.press(.function(2))
        for option in lastDialog(stage)?.options ?? [] {
            guard case .menu(let action) = option.choice else { continue }
            #expect(action.group != .moderation, "\(action)")
        }
    }

    @Test func whatNoServerOffersIsNotInTheMenu() {
        var stage = stage()
        stage.press(.function(2))
        for option in lastDialog(stage)?.options ?? [] {
            guard case .menu(let action) = option.choice else { continue }
            #expect(action.isOffered, "\(action)")
        }
    }

    // MARK: Taking it back

    private func done(_ draft: ModerationDraft) -> Stage {
        var stage = stage()
        stage.answer(.moderated(draft))
        return stage
    }

    private func draft(
        _ kind: ModerationDraft.Kind, _ object: String, target: String = "#practices"
    ) -> ModerationDraft {
        ModerationDraft(kind, target: target, object: object, shown: object)
    }

    @Test(
        arguments: [
            (.hide, "m4", ["UNHIDE", "m4"]), (.mute, "bo", ["UNMUTE", "bo"]),
            (.slow, "30s", ["SLOW", "off"]),
            (.moderated, "on", ["MODERATED", "off"]), (.close, "", ["REOPEN"]),
        ] as [(ModerationDraft.Kind, String, [String])])
    func anActIsTakenBackByOneKey(kind: ModerationDraft.Kind, object: String, words: [String]) {
        var stage = done(draft(kind, object))
        #expect(stage.screen.text.contains("Alt+U: undo (20 s)"))
        stage.press(.character("u"), .alt)
        let back = drafts(stage.effects)
        #expect(back.map { [$0.act] + $0.words } == [words])
        stage.effects = []
        if let back = back.first { stage.answer(.moderated(back)) }
        #expect(stage.screen.text.contains("undone"))
        stage.press(.character("u"), .alt)
        #expect(stage.effects.isEmpty)
    }

    @Test(arguments: ["г", "ع"] as [Character]) func theKeyIsThatOfTheKeyboard(letter: Character) {
        var stage = done(draft(.hide, "m4"))
        stage.press(.character(letter), .alt)
        #expect(drafts(stage.effects).map(\.act) == ["UNHIDE"])
    }

    @Test func afterTwentySecondsItIsNotOffered() {
        var stage = done(draft(.hide, "m4"))
        stage.model.now = Stage.now.advanced(bySeconds: 19)
        #expect(stage.screen.text.contains("undo (1 s)"))
        stage.model.now = Stage.now.advanced(bySeconds: 20)
        #expect(!stage.screen.text.contains("undo"))
        stage.press(.character("u"), .alt)
        #expect(stage.effects.isEmpty)
    }

    @Test(arguments: [.redact, .ban, .remove, .unmute, .unhide, .move] as [ModerationDraft.Kind])
    func whatCannotBeTakenBackIsNotOffered(kind: ModerationDraft.Kind) {
        var stage = done(draft(kind, "m4"))
        #expect(!stage.screen.text.contains("undo"))
        stage.press(.character("u"), .alt)
        #expect(stage.effects.isEmpty)
    }

    @Test func slowModeGoesBackToWhatItWas() {
        var stage = stage()
        stage.take(
            .modesChanged(channel: "#practices", by: Person(nickname: "hélène"), words: ["+mf", "60"]))
        stage.type("/slow 5")
        stage.press([.enter, .enter])
        let draft = drafts(stage.takeEffects())[0]
        stage.answer(.moderated(draft))
        stage.press(.character("u"), .alt)
        #expect(drafts(stage.effects).map(\.words) == [["60"]])
    }

    @Test func undoingIsInTheMenuToo() {
        var stage = done(draft(.hide, "m4"))
        choose(.undo, &stage)
        #expect(drafts(stage.effects).map(\.act) == ["UNHIDE"])
    }

    // MARK: Hidden messages

    @Test func aHiddenTextIsSeenByModeratorsOnly() {
        let hide = ModerationAct(
            action: "hide", actor: "hélène", channel: "#practices", target: "m5", code: "spam",
            time: Stage.now)
        var stage = stage()
        stage.take(.moderation(hide))
        #expect(stage.screen.text.contains("hidden: spam Sí, la subo hoy."))
        var member = Stage()
        member.enter()
        member.talk()
        member.take(.moderation(hide))
        #expect(member.screen.text.contains("hidden: spam"))
        #expect(!member.screen.text.contains("la subo hoy"))
        member.effects = []
        member.take(
            .moderation(
                ModerationAct(
                    action: "unhide", actor: "hélène", channel: "#practices", target: "m5", code: "other",
                    time: Stage.now)))
        #expect(member.effects == [.load(Stage.practices, .latest)])
    }
}
