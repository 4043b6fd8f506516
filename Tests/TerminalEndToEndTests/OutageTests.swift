// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Servers that freeze, die and come back, and messages by the thousand.
@Suite(.fewAtATime) struct OutageTests {
    /// ux.md 3.11.
    @Test func fiveMessagesTypedToAFrozenServerThatIsKilledArriveOnceAndInOrder() async throws {
        let community = try await Community()
        let person = try await community.join("frozen.ann", ["frozen"])
        let reader = try await community.join("frozen.bo", ["frozen"])
        let texts = (1...5).map { "Frozen \($0)." }
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online", "1 here")
        community.signal(SIGSTOP)
        for text in texts { try await terminal.say(text) }
        var screen = try await terminal.wait(for: texts[4], "5 sending")
        #expect(shown(texts, on: screen) == [])
        let port = community.port
        community.killServer()
        screen = try await terminal.wait(for: texts[4], "5 queued")
        #expect(shown(texts, on: screen) == [])
        try await community.start(port: port)
        try await Patience.wait("all five to be stored") {
            let delivered = shown(texts, on: try await terminal.screen)
            // Asked after the look at the screen: what was shown as stored must be there.
            let stored = try await reader.texts(of: "frozen")
            #expect(Set(delivered).isSubset(of: stored), "\(delivered) \(stored)")
            return delivered.count == texts.count
        } orElse: {
            (try? await terminal.screen.text) ?? ""
        }
        let stored = try await reader.texts(of: "frozen")
        #expect(stored == texts)
        try await terminal.wait(stored: texts[4])
        await terminal.close()
    }

    /// The texts that the screen shows as stored: in the list of messages, with no word that they are not.
    private func shown(_ texts: [String], on screen: Screen) -> [String] {
        texts.filter { text in
            screen.rows.contains { row in
                row.contains(text) && !row.hasPrefix(" > ") && !row.contains("sending…")
                    && !row.contains("queued")
            }
        }
    }

    /// domain.md F9: the connection is cut in a burst of messages, and one is written meanwhile.
    @Test func aCutInABurstLosesNothingAndDoublesNothing() async throws {
        let community = try await Community()
        let person = try await community.join("lost.ann", ["lost"])
        let relay = try Relay(to: community.port)
        defer { relay.end() }
        try person.setServer("127.0.0.1:\(relay.port)")
        let burst = try RawGuest("burst", at: community, in: "#lost")
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online", "2 here")
        for number in 1...250 { burst.say("PRIVMSG #lost :Burst \(number).") }
        try await terminal.wait("the burst") { $0.text.contains(/Burst [12][0-9][0-9]\./) }
        relay.cut()
        for number in 251...500 { burst.say("PRIVMSG #lost :Burst \(number).") }
        try burst.settle()
        try await terminal.wait(for: "connection lost")
        try await terminal.say("Written while offline.")
        try await terminal.wait(for: "Written while offline.", "1 queued")
        relay.mend()
        try await terminal.wait(for: "online")
        try await terminal.wait(stored: "Written while offline.")
        let expected = (1...500).map { "Burst \($0)." } + ["Written while offline."]
        #expect(try await person.texts(of: "lost", limit: 1000) == expected)
        #expect(try await allMessages(in: terminal, until: "Burst 1.") == expected)
        await terminal.close()
    }

    /// Every message that is met when scrolling to the first one, the oldest first.
    private func allMessages(in terminal: Terminal, until first: String) async throws -> [String] {
        var pages: [[String]] = []
        var last: Screen?
        while pages.count < 100 {
            let screen = try await terminal.wait(forRest: "a page") { screen in
                screen != last && !screen.contains("loading…")
            }
            let texts = screen.rows.compactMap { row in
                row.firstMatch(of: /│[0-9]{2}:[0-9]{2} \S+ +(.*)$/).map { String($0.output.1) }
            }
            pages.append(texts)
            if texts.contains(first) { break }
            last = screen
            try await terminal.press("PPage")
        }
        var result = pages.last ?? []
        for page in pages.dropLast().reversed() {
            // A page begins with rows of the one before it.
            let overlap = stride(from: min(page.count, result.count), through: 0, by: -1).first {
                Array(result.suffix($0)) == Array(page.prefix($0))
            }
            result += page.dropFirst(overlap ?? 0)
        }
        return result
    }

    /// Ten thousand messages a minute.
    @Test func aFloodLeavesTheKeyboardAlive() async throws {
        let community = try await Community()
        let person = try await community.join("flood.ann", ["flood"])
        let crowd = try RawGuest("crowd", at: community, in: "#flood")
        let terminal = try await Terminal.client(of: person)
        try await terminal.wait(for: "online", "2 here")
        let flood = Task {
            for number in 1...1000 {
                crowd.say("PRIVMSG #flood :Remark \(number) of the crowd.")
                try await Task.sleep(for: .milliseconds(6))
            }
        }
        var waits: [Duration] = []
        for letter in "abcdefghijklmnopqrst" {
            let typed = " > " + "abcdefghijklmnopqrst".prefix { $0 <= letter }
            let start = ContinuousClock.now
            try await terminal.type(String(letter))
            try await terminal.wait(for: typed)
            waits.append(ContinuousClock.now - start)
        }
        try await flood.value
        try await terminal.wait(for: "Remark 1000 of the crowd.")
        waits.sort()
        #expect(waits[waits.count / 2] < .seconds(1), "\(waits)")
        await terminal.close()
    }
}
