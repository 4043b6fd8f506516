// SPDX-License-Identifier: Apache-2.0

import Testing

/// What others send is text to the terminal, and never a command.
@Suite(.fewAtATime) struct HostileTests {
    /// What a terminal obeys: titles, clearing, colours, mouse, answers, and controls of one byte.
    private static let weapons = [
        "\u{1B}]0;pwned\u{7}", "\u{1B}]52;c;cHduZWQ=\u{7}", "\u{1B}[2J", "\u{1B}[31m", "\u{1B}c",
        "\u{1B}[?1003h", "\u{1B}P+q544e\u{1B}\\", "\u{9B}5n", "\u{9D}0;pwned\u{9C}", "\u{8}\u{8}\u{8}",
        "\u{7}",
        "\u{B}\u{C}", "\u{202E}drawkcab\u{202C}", "\u{2066}isolated", "\u{2028}", "\u{E}\u{F}", "\u{85}",
    ]

    @Test func noSequenceOfAnotherPersonReachesTheTerminal() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("hostile.ann", ["hostile", "evil"])
        // The bell is rung for messages to one person; here it would look like theirs.
        try await person.plenary("config", "set", "ui.bell", "false")
        let mallory = try RawGuest("mallory", at: community, in: "#evil", "#hostile")
        mallory.say("TOPIC #evil :topic \(HostileTests.weapons.joined())end")
        mallory.say("AWAY :away \(HostileTests.weapons.joined())end", "AWAY")
        mallory.say("SETNAME :name \(HostileTests.weapons.joined())end")
        try mallory.settle()
        let log = person.home + "/bytes"
        let program = try Command.path(of: "plenary")
        let terminal = try await Terminal(
            "read go; \(program) chat; echo \"ended with $?.\"; exec cat", of: person)
        try await terminal.tmux("pipe-pane", "-O", "cat >'\(log)'")
        try await terminal.press("Enter")
        try await terminal.wait(for: "online", "To #hostile", "2 here")
        for (index, weapon) in HostileTests.weapons.enumerated() {
            mallory.say("PRIVMSG #hostile :weapon \(index) \(weapon)end")
            mallory.say("PRIVMSG hostile.ann :direct \(index) \(weapon)end")
        }
        mallory.say("NICK mal\u{1B}[31mory", "NICK mal\u{202E}ory")
        mallory.say("NICK mallory2", "PRIVMSG #hostile :@hostile.ann the last \(HostileTests.weapons[0])")
        try await terminal.wait(for: "weapon 16", "the last")
        try await terminal.press("F4")
        try await terminal.wait(for: "mallory2")
        try await terminal.press("Escape", "M-Down")
        try await terminal.wait(for: "To #evil", "topic")
        try await terminal.press("F8")
        try await terminal.wait(for: "direct 16")
        mallory.say("QUIT :bye \(HostileTests.weapons.joined())")
        try await terminal.press("C-c", "C-c")
        #expect(try await terminal.waitForEnd() == 0)
        await terminal.close()
        let foreign = TerminalBytes.foreign(in: try TextFile.read(log))
        #expect(foreign == [])
    }

    @Test func aForeignSequenceWouldBeFound() {
        #expect(TerminalBytes.foreign(in: "\u{1B}[?1049h\u{1B}[2J\u{1B}[1;2Ha\u{1B}[0;31mb\u{1B}[?25l") == [])
        for weapon in HostileTests.weapons where !weapon.contains("[2J") && !weapon.contains("[31m") {
            #expect(!TerminalBytes.foreign(in: weapon).isEmpty, "\(weapon.debugDescription)")
        }
    }
}

/// What the client sends to its terminal.
enum TerminalBytes {
    /// Everything that is none of our own sequences (the list is `FrameEncoder`'s) and no text.
    static func foreign(in text: String) -> [String] {
        var result: [String] = []
        var rest = Array(text.unicodeScalars)[...]
        // What the terminal adds itself where a line ends, when nobody is in raw mode.
        let harmless: Set<Unicode.Scalar> = ["\r", "\n"]
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}" {
                let sequence = rest.prefix(24)
                var words = String.UnicodeScalarView(sequence)
                words.insert("\u{1B}", at: words.startIndex)
                let found = String(words).prefixMatch(of: own)
                guard let found else {
                    result.append(String(words).debugDescription)
                    continue
                }
                rest = rest.dropFirst(found.output.unicodeScalars.count - 1)
            } else if isControl(scalar), !harmless.contains(scalar) {
                result.append(String(scalar).debugDescription)
            }
        }
        return result
    }

    private nonisolated(unsafe) static let own =
        /\u{1B}\[(?:[0-9]+;[0-9]+H|H|2J|[0-9;]*m|6n|8[hl]|\?(?:7|25|1049|2004|2026)[hl])/

    /// Controls, and signs of direction but for the pair that the client puts round its own runs.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x061C, 0x2028...0x202B, 0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
