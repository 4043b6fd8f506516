// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Scenarios of the people the program is for, played by the keyboard alone, on keyboards that have no Latin
/// letters.
@Suite(.fewAtATime) struct ScenarioTests {
    /// What the keys of the message list type on a keyboard, and what is written with it.
    struct Layout: Sendable, CustomTestStringConvertible {
        var language: String
        /// Where `r`, `d`, `m`, `k` and `?` are on an American keyboard.
        var reply, remove, menu, up, help: String
        var ask, say: String
        var question, title, practice, offTopic: String
        /// A word of the practice's own language that finds it.
        var testDescription: String { language }

        static let russian = Layout(
            language: "ru", reply: "к", remove: "в", menu: "ь", up: "л", help: "?",
            ask: "/спросить", say: "/сказать", question: "Как вы следите за рекомендациями A/HRC/50/64?",
            title: "Контроль выполнения",
            practice: "Сводная таблица, раз в квартал: A/HRC/50/64", offTopic: "Купите мою книгу.")
        static let arabic = Layout(
            language: "ar", reply: "ق", remove: "ي", menu: "ة", up: "ن", help: "؟",
            ask: "/اسأل", say: "/قل", question: "كيف تتابعون توصيات A/HRC/50/64؟", title: "متابعة التنفيذ",
            practice: "قاعدة بيانات وطنية: A/HRC/50/64", offTopic: "اشتروا كتابي.")
    }

    /// F1: a practitioner asks, another answers with a practice, both are found, and a server that was killed
    /// tells the same afterwards.
    @Test(arguments: [Layout.russian, .arabic])
    func aPractitionerAsksForAPractice(_ layout: Layout) async throws {
        let community = try await Community()
        let channel = "question-\(layout.language)"
        let asker = try await community.join("amina.b", [channel], language: layout.language)
        let answerer = try await community.join("bo.l", [channel], language: layout.language)
        let asking = try await Terminal.client(of: asker)
        try await asking.wait(for: channel, "F6")
        let answering = try await Terminal.client(of: answerer)
        try await answering.wait(for: channel, "F6")
        // Help opens from an empty line, by the sign of this keyboard.
        let hint = try await asking.wait("the channel") { $0.contains("F3") && $0.contains("F4") }.rows.last
        try await asking.type(layout.help)
        try await asking.wait("help") { $0.rows.last != hint }
        try await asking.press("Escape")
        try await asking.wait("the channel again") { $0.rows.last == hint }
        // Marked as a question, and with its language.
        let unmarked = try await asking.screen
        try await asking.say(layout.ask)
        try await asking.wait("the mark") { $0.rows != unmarked.rows && $0.text.contains("[") }
        try await asking.say("\(layout.say) \(layout.language) \(layout.question)")
        try await answering.wait(for: "A/HRC/50/64", "amina.b")
        // The question becomes a thread, and the practice its first answer.
        try await answering.press("Up")
        try await answering.type(layout.up)
        try await answering.press("F9")
        try await answering.say(layout.title)
        try await answering.wait(for: "\(channel)/1")
        try await answering.say(layout.practice)
        try await answering.wait("the practice") {
            $0.rows.contains { $0.contains(":") && $0.contains("bo.l") } && $0.contains("A/HRC")
        }
        try await asking.wait("the thread's mark") { $0.text.contains(/\[.*1.*\]/) }
        // Enter on the question opens the thread that grew from it.
        try await asking.press("BTab", "Enter")
        try await asking.wait(for: "\(channel)/1", "bo.l")
        // An answer to the answer.
        try await asking.press("BTab")
        try await asking.type(layout.reply)
        try await asking.wait("the composer") { $0.contains("bo.l") }
        try await asking.say("+1")
        try await answering.wait("the reply") {
            $0.rows.contains { $0.contains("amina.b") && $0.contains("+1") }
        }
        // The symbol finds question and practice.
        try await asking.press("F5")
        try await asking.say("A/HRC/50/64")
        try await asking.wait("two found") { screen in
            screen.rows.count { $0.contains("A/HRC/50/64") } >= 3
        }
        try await asking.expectGolden("practice-found-\(layout.language)")
        await asking.close()
        await answering.close()

        try await expectTheSameAfterAKill(community, layout)
    }

    private func expectTheSameAfterAKill(_ community: Community, _ layout: Layout) async throws {
        let before = try await records(community, "before")
        // The question in its channel, and the thread with the question, the practice and the answer to it.
        #expect(before.count == 4, "\(before)")
        let questions = before.filter {
            $0.contains("\"mark\":\"question\"") && $0.contains("\"lang\":\"\(layout.language)\"")
                && $0.contains("\"doc:A/HRC/50/64\"")
        }
        #expect(questions.count == 2, "\(before)")
        community.killServer()
        try await community.start(port: community.port)
        #expect(try await records(community, "after") == before)
    }

    /// What somebody who was never there is told of the question and its thread.
    private func records(_ community: Community, _ name: String) async throws -> [String] {
        var result: [String] = []
        for layout in [Layout.russian, .arabic] {
            let channel = "question-\(layout.language)"
            let late = try await community.join("late.\(name).\(layout.language)", [channel])
            for target in ["\(channel)/0", "\(channel)/1"] {
                let outcome = try await Command.run(
                    [try Command.path(of: "plenary"), "history", "--json", target], home: late.home)
                if outcome.code == 0 { result += outcome.output.split(separator: "\n").map(String.init) }
            }
        }
        return result
    }

    /// F2, as far as there are no sessions yet: a moderator hides, removes, mutes and locks, and all of it is
    /// in the log.
    @Test(arguments: [Layout.russian, .arabic])
    func aModeratorRunsTheSessionsChat(_ layout: Layout) async throws {
        let community = try await Community.shared.value
        let channel = "session-\(layout.language)"
        let chair = try await community.join(
            "chair.\(layout.language)", [channel], role: "moderator", language: layout.language)
        let name = "mallory.\(layout.language)"
        let person = try await community.join(name, [channel])
        try await person.post(
            [layout.offTopic, "My telephone is 022 917.", "We meet on Thursday."], to: channel)
        let moderator = try await Terminal.client(of: chair)
        try await moderator.wait(for: "We meet on Thursday.")
        let other = try await Terminal.client(of: person)
        try await other.wait(for: "online", "2 here", "We meet on Thursday.")
        try await moderator.wait("two people") { $0.contains("2") }
        // Remove, by the letter: reason, preview, yes.
        try await moderator.press("Up")
        try await moderator.type(layout.up)
        try await moderator.type(layout.remove)
        try await moderator.wait(forBoxOf: 7)
        try await moderator.press("Down", "Enter")
        try await moderator.wait(forPreviewNaming: name)
        try await moderator.press("Enter")
        try await other.wait(without: "022 917")
        // Hide, by the menu: found by its English name too.
        try await moderator.press("Up")
        try await moderator.type(layout.up + layout.up)
        try await moderator.type(layout.menu)
        try await moderator.say("hide a message")
        try await moderator.wait(forBoxOf: 7)
        try await moderator.press("Enter")
        try await moderator.wait(forPreviewNaming: name)
        try await moderator.press("Enter")
        try await other.wait(for: "hidden: off topic")
        // Esc with a sign right behind it would be Alt with that sign.
        try await moderator.press("Escape")
        try await moderator.wait(for: "Alt+Enter")
        // Only moderators write while the chair speaks.
        try await moderator.say("/lock")
        try await moderator.wait(forPreviewNaming: "#\(channel)")
        try await moderator.press("Enter")
        try await other.wait(for: "locked the channel")
        try await other.say("May I?")
        try await other.wait(for: "not sent")
        try await moderator.say("/unlock")
        try await moderator.wait(forPreviewNaming: "#\(channel)")
        try await moderator.press("Enter")
        try await other.wait(for: "unlocked the channel")
        try await moderator.say("/mute \(name) 10m off-topic")
        try await moderator.wait(forPreviewNaming: name)
        try await moderator.press("Enter")
        try await other.wait(for: "muted \(name)")
        let log = try await chair.plenary("mod", "log", channel)
        for act in ["hide", "redact", "moderated", "mute"] {
            #expect(log.contains(act), "\(act) is not in \(log)")
        }
        #expect(try await chair.texts(of: channel).contains("May I?") == false)
        try await moderator.expectGolden(channel)
        await moderator.close()
        await other.close()
    }
}

extension Terminal {
    /// Waits for a box that says what will be done to somebody.
    func wait(forPreviewNaming name: String) async throws {
        try await wait("a preview that names \(name)") { screen in
            screen.rows.contains { $0.dropFirst(5).first == "│" && $0.contains(name) }
        }
    }

    /// Waits for a box over the screen with so many rows in it: in whichever language it speaks.
    func wait(forBoxOf rowCount: Int) async throws {
        try await wait("a box of \(rowCount) rows") { screen in
            screen.rows.count { $0.dropFirst(5).first == "│" } == rowCount
        }
    }
}
