// SPDX-License-Identifier: Apache-2.0

import Testing

/// What is written, and when it is sent.
@Suite(.fewAtATime) struct WritingTests {
    @Test func anUnknownCommandIsNotSentAndADoubledSlashIs() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("commands.ann", ["commands"])
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online")
        try await terminal.say("/hlep")
        try await terminal.wait(for: "No command /hlep. Did you mean /help? Nothing was sent.", "> /hlep")
        try await terminal.expectGolden("unknown-command")
        try await terminal.press("C-c")
        try await terminal.wait(without: "> /hlep")
        try await terminal.say("//etc is a folder.")
        try await terminal.wait(stored: "/etc is a folder.")
        #expect(try await person.texts(of: "commands") == ["/etc is a folder."])
        await terminal.close()
    }

    @Test func severalLinesAreOneMessage() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("lines.ann", ["pasting"])
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online")
        try await terminal.type("First line")
        try await terminal.press("M-Enter")
        try await terminal.type("second line")
        try await terminal.wait(for: "> First line", "   second line")
        try await terminal.press("Enter")
        try await terminal.wait(stored: "lines.ann    First line")
        let record = try await person.plenary("history", "--json", "pasting")
        #expect(record.contains(#""text":"First line\nsecond line""#), "\(record)")
        await terminal.close()
    }

    @Test func aPastedTextIsNotSentByItselfAndALongOneIsAskedAbout() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("paste.ann", ["pages"])
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online")
        try await terminal.paste("one\ntwo\nthree\n")
        try await terminal.wait(for: "> one", "   two", "   three")
        #expect(try await person.texts(of: "pages") == [])
        try await terminal.press("C-c")
        try await terminal.wait(without: "> one")
        try await terminal.paste((1...12).map { "Line \($0)" }.joined(separator: "\n"))
        try await terminal.wait(for: "Send the pasted text as one message?", "one message (12 lines)")
        try await terminal.expectGolden("paste-question")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Line 12")
        #expect(try await person.texts(of: "pages") == [])
        try await terminal.press("Enter")
        try await terminal.wait(stored: "paste.ann    Line 1")
        let record = try await person.plenary("history", "--json", "pages")
        #expect(record.split(separator: "\n").count == 1)
        #expect(record.contains(#"Line 1\nLine 2\n"#), "\(record)")
        await terminal.close()
    }

    @Test func aDraftSurvivesQuittingAndIsKeptForItsPlace() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("drafts.ann", ["drafts", "lobby"])
        let before = try await Terminal.client(of: person)
        try await before.wait(for: "online", "lobby")
        try await before.type("Half a thought")
        try await before.wait(for: "> Half a thought")
        try await before.press("M-Down")
        try await before.wait(for: "To #lobby")
        try await before.wait(without: "Half a thought")
        // Ctrl+C would clear a text; the menu quits with it.
        try await before.say("/quit")
        #expect(try await before.waitForEnd() == 0)
        await before.close()
        let after = try await Terminal.client(of: person)
        try await after.wait(for: "To #drafts", "> Half a thought")
        try await after.press("C-c")
        try await after.wait(without: "Half a thought")
        try await after.press("C-c", "C-c")
        #expect(try await after.waitForEnd() == 0)
        await after.close()
        let last = try await Terminal.client(of: person)
        let screen = try await last.wait(for: "online")
        #expect(!screen.contains("Half a thought"))
        await last.close()
    }
}
