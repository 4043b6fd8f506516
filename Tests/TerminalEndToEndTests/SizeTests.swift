// SPDX-License-Identifier: Apache-2.0

import Testing

/// Terminals of every size.
@Suite(.fewAtATime) struct SizeTests {
    private static let talk = [
        "How do you follow recommendations from one UPR cycle to the next?",
        "Мы ведём сводную таблицу, обновляем раз в квартал.", "我们每季度更新共享矩阵。",
        "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019",
    ]

    @Test(arguments: [("narrow", 40, 16), ("wide", 120, 40)])
    func theScreenIsLaidOutForItsSize(channel: String, columns: Int, rows: Int) async throws {
        let community = try await Community.shared.value
        let person = try await community.join("\(channel).ann", [channel])
        try await person.post(SizeTests.talk, to: channel)
        try await person.plenary("thread", "new", channel, "Follow-up tracking")
        let terminal = try await Terminal.client(of: person, columns: columns, rows: rows)
        try await terminal.wait(for: "online", "NRTD")
        try await terminal.expectGolden("\(channel)-\(columns)x\(rows)")
        await terminal.close()
    }

    @Test func aStormOfSizesEndsInARightScreen() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("storm.ann", ["storm"])
        try await person.post(SizeTests.talk, to: "storm")
        let terminal = try await Terminal.client(of: person)
        let before = try await terminal.wait(settledWith: "online", "NRTD", "1 here", "── ").timeless
        for step in 1...30 {
            try await terminal.resize(columns: step * 37 % 180 + 10, rows: step * 23 % 60 + 3)
        }
        try await terminal.resize(columns: 80, rows: 24)
        try await terminal.wait(until: before)
        await terminal.close()
    }

    @Test func aTerminalTooSmallForAScreenGetsLines() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("small.ann", ["small"])
        let terminal = try await Terminal.client(of: person, columns: 20, rows: 6)
        try await terminal.wait(for: "Type /help")
        // What went off the top is in the terminal's own history.
        let whole = try await terminal.tmux("capture-pane", "-p", "-J", "-S", "-")
        #expect(whole.hasPrefix("The terminal is too small: plain line mode."), "\(whole)")
        #expect(try await terminal.value("alternate_on") == "0")
        await terminal.close()
    }
}
