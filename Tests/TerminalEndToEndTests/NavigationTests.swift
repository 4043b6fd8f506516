// SPDX-License-Identifier: Apache-2.0

import Testing

/// Going about by keys.
@Suite(.fewAtATime) struct NavigationTests {
    @Test func functionKeysOpenPanesAndEscLeadsBack() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("keys.ann", ["keys", "lobby"])
        let other = try await community.join("keys.bo", ["keys", "lobby"])
        let terminal = try await Terminal.client(of: person)
        let home = try await terminal.wait(
            settledWith: "online", "0 threads", "1 here", "No messages yet."
        ).timeless
        func leave() async throws {
            try await terminal.press("Escape")
            try await terminal.wait(until: home)
        }
        try await terminal.press("F3")
        try await terminal.wait(for: "THREADS IN #keys", "No threads yet.")
        try await leave()
        try await terminal.press("F4")
        try await terminal.wait(for: "HERE (1)")
        try await leave()
        try await terminal.press("F5")
        try await terminal.wait(for: "Search everywhere")
        try await leave()
        try await terminal.press("F6")
        try await terminal.wait(for: "Filter:")
        try await leave()
        try await terminal.press("F1")
        try await terminal.wait(for: "Getting started")
        try await leave()
        // The other channel is opened by the list, the first one by its news.
        try await terminal.press("F6")
        try await terminal.wait(for: "Filter:")
        try await terminal.press("Down")
        try await terminal.press("Enter")
        try await terminal.wait(for: "To #lobby")
        try await other.post(["@keys.ann a word, please"], to: "keys")
        try await terminal.wait(for: "@1")
        try await terminal.press("F8")
        try await terminal.wait(for: "To #keys", "a word, please")
        try await terminal.press("F8")
        try await terminal.wait(for: "Nothing unread.")
        await terminal.close()
    }

    @Test func theMenuOpensByTwoKeysAndNarrowsAsOneTypes() async throws {
        let community = try await Community.shared.value
        let terminal = try await Terminal.client(of: community.join("menus.ann", ["menus"]))
        try await terminal.wait(for: "online")
        for key in ["F2", "C-p"] {
            try await terminal.press(key)
            try await terminal.wait(for: "What would you like to do?")
            try await terminal.press(key)
            try await terminal.wait(without: "What would you like to do?")
        }
        try await terminal.press("C-p")
        try await terminal.type("langu")
        try await terminal.wait(for: "/lang")
        try await terminal.expectGolden("menu-narrowed")
        await terminal.close()
    }

    @Test func searchFindsAndJumpsToTheMessage() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("search.ann", ["search"])
        let texts = (1...150).map { $0 == 20 ? "The zymurgical annex." : "Remark \($0)." }
        try await person.post(texts, to: "search")
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "Remark 150.", "online")
        try await terminal.press("F5")
        try await terminal.say("zymurgical")
        try await terminal.wait(for: "search.ann", "#search", "The zymurgical annex.")
        try await terminal.expectGolden("search-found")
        try await terminal.press("Enter")
        let screen = try await terminal.wait(for: "The zymurgical annex.", "Remark 19.", "Remark 21.")
        #expect(!screen.contains("Remark 150."))
        try await terminal.expectGolden("search-jumped")
        // Back to the newest.
        try await terminal.press("C-End")
        try await terminal.wait(for: "Remark 150.")
        await terminal.close()
    }

    @Test func scrollingUpLoadsOlderPagesToTheFirstMessage() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("pages.ann", ["lost"])
        try await person.post((1...230).map { "Remark \($0)." }, to: "lost")
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "Remark 230.", "online")
        for _ in 0..<40 where try await !terminal.screen.contains("Remark 1.") {
            try await terminal.press("PPage")
        }
        try await terminal.wait(for: "Remark 1.", "Remark 5.")
        try await terminal.expectGolden("first-page")
        try await terminal.press("C-End")
        try await terminal.wait(for: "Remark 230.")
        await terminal.close()
    }

    @Test func arabicMirrorsTheScreenAndEnglishTurnsItBack() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("arabic.ann", ["arabic"])
        try await person.post(
            ["نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019", "We use the same matrix."], to: "arabic")
        let terminal = try await Terminal.client(of: person)
        let english = try await terminal.wait(settledWith: "online", "matrix.", "1 here", "── ").timeless
        try await terminal.say("/lang ar")
        try await terminal.wait("a list on the right") { $0.rows.contains { $0.hasSuffix("arabic▐") } }
        try await terminal.expectGolden("arabic-80x24")
        try await terminal.say("/lang en")
        try await terminal.wait(until: english)
        await terminal.close()
    }
}
