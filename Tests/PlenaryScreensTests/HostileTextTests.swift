// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// Text of others that would take hold of the terminal, or of the screen, in every place where text of others
/// goes.
@Suite struct HostileTextTests {
    /// Escape codes, changes of direction that are never closed, line ends, marks without number, too much of
    /// all.
    private static let texts = [
        "\u{1B}[2J\u{1B}]52;c;aGFjaw==\u{7}x", "a\u{202E}\u{2067}b\u{2066}c", "\u{0}\u{7F}\u{9B}31m\u{85}z",
        "line\nline\r\nline\u{2028}line\u{2029}line", "e" + String(repeating: "\u{301}", count: 1000),
        String(repeating: "漢字 and مرحبا ", count: 600), String(repeating: "│", count: 200), "\t\tx", "🇫",
        "\u{200D}",
        "{name} {place} {reason}", "", " ",
    ]
    private static let sizes = [(80, 24), (30, 8), (120, 40), (40, 16), (20, 6), (1, 1)]

    /// A community in which every text is this one.
    private func stage(_ text: String, _ language: Language) -> Stage {
        var stage = Stage(language)
        stage.enter()
        let person = Person(nickname: text.isEmpty ? "x" : text, account: text)
        stage.answer(
            .members(
                channel: "#practices",
                [
                    Member(nickname: person.nickname, prefixes: "@"),
                    Member(nickname: "amadou.s", prefixes: "@"),
                ]))
        stage.answer(
            .people(
                channel: "#practices",
                [person.nickname.lowercased(): PersonCard(displayName: text, affiliation: text)]))
        stage.take(.topic(channel: "#practices", text: text, by: person))
        stage.take(.away(nickname: person.nickname, text: text))
        var thread = Stage.thread(12, text, 5, last: Stage.today("14:31"), by: text, unread: 2, root: "m0")
        thread.channel = "#practices"
        stage.answer(.threads(channel: "#practices", [thread]))
        for (index, kind) in [Message.Kind.message, .action, .notice].enumerated() {
            var message = Message(
                id: "h\(index)", time: Stage.today("14:3\(index)"), conversation: "#practices", kind: kind,
                sender: person, text: text)
            message.marks.onBehalf = index == 0 ? text : nil
            message.marks.kind = .practice
            message.tags["plenary.chat/hidden"] = index == 2 ? text : nil
            stage.take(.message(message))
        }
        stage.take(.message(Stage.message("14:35", "amadou.s", text, "own", isHistory: false)))
        tellNotes(text, person, &stage)
        return stage
    }

    private func tellNotes(_ text: String, _ person: Person, _ stage: inout Stage) {
        stage.take(
            .redacted(
                Redaction(
                    conversation: "#practices", messageID: "h1", by: person, reason: text,
                    time: Stage.today("14:36"))))
        for action in ["mute", "slow", "hide", text] {
            stage.take(
                .moderation(
                    ModerationAct(
                        action: action, actor: text, channel: "#practices", target: text, code: "other",
                        text: text,
                        time: Stage.today("14:36"))))
        }
        stage.take(
            .membership(
                MembershipChange(
                    kind: .removed(by: person, reason: text), person: Person(nickname: "y" + text),
                    channel: "#practices", isOwn: false, time: Stage.now)))
        stage.take(
            .delivery(
                token: "k",
                OutgoingMessage(token: "k", target: "#practices", text: text, queuedAt: Stage.now),
                .failed(.refused(Refusal(command: "PRIVMSG", code: text, text: text)))))
        stage.take(
            .message(
                Stage.message("14:36", person.nickname, text, "d", in: person.nickname, isHistory: false)))
        stage.take(.invited(channel: "#" + text, by: person))
    }

    /// The panes, lists and boxes in which they are seen.
    private static let scenes: [@Sendable (inout Stage, String) -> Void] = [
        { _, _ in },
        { stage, _ in stage.press(.function(3)) },
        { stage, _ in stage.press([.function(4), .down]) },
        { stage, _ in stage.press([.function(6), .down]) },
        { stage, text in
            stage.press(.function(5))
            stage.paste(text + "x")
            stage.press(.enter)
            let found = [Stage.message("14:34", "n" + text, text, "f", in: "#c" + text)]
            stage.answer(.found(stage.model.search.asked, .success(SearchPage(messages: found, next: nil))))
        },
        { stage, text in
            stage.press(.function(5))
            stage.paste("x")
            stage.press(.enter)
            stage.answer(.found("x", .failure(.cannotReach(host: text, port: 1, reason: text))))
        },
        { stage, _ in _ = stage.model.open(Place("#practices", thread: 12)) },
        { stage, text in _ = stage.model.open(Place(text)) },
        { stage, _ in
            stage.press([.backTab, .home])
            stage.type("d")
            stage.press([.enter])
        },
        { stage, text in
            stage.press(.character("k"), .control)
            stage.paste(text)
        },
        { stage, text in stage.answer(.told(title: text, [text, text])) },
        { stage, text in
            stage.answer(.channels([ChannelListing(name: "#" + text, memberCount: 1, topic: text)]))
        },
        { stage, text in stage.answer(.failed(title: text, .protocolViolation(text))) },
        { stage, text in
            stage.answer(
                .moderationLog([
                    ModerationAct(
                        action: text, actor: text, channel: text, target: text, code: text, time: Stage.now)
                ]))
        },
        { stage, text in stage.take(.stateChanged(.offline(.disconnected(text)))) },
        { stage, text in
            stage.take(
                .remark(Remark(level: .note, content: Refusal(command: text, code: text, text: text))))
        },
        { stage, text in
            stage.paste(text)
            stage.paste("@")
            stage.press(.tab)
        },
    ]

    /// Whether the screen is whole: no control in any cell, every border in its place, every wide cell with
    /// its half.
    private func check(_ stage: Stage, _ comment: String) {
        let grid = stage.screen
        #expect(grid.columns == max(stage.model.columns, 0) && grid.rows == max(stage.model.rows, 0))
        for (index, cell) in grid.cells.enumerated() {
            // Nearly all cells are one byte of ASCII.
            if cell.text.utf8.count == 1, let byte = cell.text.utf8.first, byte >= 0x20, byte < 0x7F {
                continue
            }
            let isClean = !cell.text.unicodeScalars.contains(where: TerminalControls.contains)
            if !isClean || cell.text.unicodeScalars.count > 10 {
                Issue.record("\(comment): \(cell.text.debugDescription)")
            }
            let isWhole =
                cell.columns != 2 || (index + 1 < grid.cells.count && grid.cells[index + 1].columns == 0)
            if !isWhole { Issue.record("\(comment): half a cell at \(index)") }
        }
        guard !stage.model.isTooSmall, stage.model.dialogs.isEmpty else { return }
        let layout = stage.model.layout
        for start in layout.borders {
            let column = stage.model.language.isRightToLeft ? grid.columns - 1 - start : start
            for row in layout.main.row..<layout.rule where grid[row, column].text != "│" {
                Issue.record("\(comment): border at \(row) \(column) is \(grid[row, column].text)")
            }
        }
        for column in 0..<grid.columns where !"─┴".contains(grid[layout.rule, column].text) {
            Issue.record("\(comment): rule at \(column)")
        }
    }

    @Test(arguments: texts, [Language.english, .arabic]) func everyFieldMayHoldIt(
        text: String, language: Language
    ) {
        let start = stage(text, language)
        for (index, scene) in HostileTextTests.scenes.enumerated() {
            var stage = start
            scene(&stage, text)
            // Every scene at two sizes, and each at a third of the others in turn.
            for (number, (columns, rows)) in HostileTextTests.sizes.enumerated()
            where number < 2 || (index + number) % 3 == 0 {
                stage.model.resize(columns: columns, rows: rows)
                check(
                    stage, "scene \(index) \(language) \(columns)x\(rows) \(text.prefix(10).debugDescription)"
                )
            }
        }
    }

    /// A terminal that is dragged, or says nonsense of its size.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func noSizeTraps(seed: UInt64) {
        var numbers = SeededNumbers(seed)
        for _ in 0..<2 {
            let text = numbers.pick(HostileTextTests.texts)
            var stage = stage(text, numbers.pick(Language.allCases))
            numbers.pick(HostileTextTests.scenes)(&stage, text)
            for step in 0..<30 {
                stage.model.resize(columns: numbers.below(301), rows: numbers.below(101))
                if numbers.below(3) == 0 {
                    let keys: [Key] = [
                        .pageUp, .pageDown, .tab, .enter, .escape, .up, .down,
                        .function(1 + numbers.below(12)),
                    ]
                    stage.press(numbers.pick(keys))
                }
                check(stage, "seed \(seed) step \(step)")
            }
        }
        var stage = stage("x", .english)
        for (columns, rows) in [(Int.max, Int.max), (Int.min, Int.min), (0, 0), (-1, 5)] {
            stage.model.resize(columns: columns, rows: rows)
            _ = stage.screen
        }
    }

    /// What goes on the wire holds no more than what was typed.
    @Test(arguments: texts) func nothingHostileIsAskedOfTheServer(text: String) {
        for line in ["/kick bo ", "/topic ", "/away ", "/thread new ", "/report bo ", "/me ", "/say fr "] {
            var stage = stage("x", .english)
            stage.effects = []
            stage.model.composer = LineEditor(line + text)
            stage.press([.enter, .enter, .enter])
            for effect in stage.effects {
                let words: [String] =
                    switch effect {
                    case .send(let outgoing): [outgoing.text.filter { $0 != "\n" }]
                    case .ask(_, let parameters, _): parameters
                    case .moderate(let draft): draft.words
                    case .createThread(_, let title, _): [title]
                    case .report(_, _, let reason): [reason]
                    default: []
                    }
                for word in words {
                    #expect(!word.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(line)")
                }
            }
        }
    }
}
