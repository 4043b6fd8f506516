// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// However the client ends, the terminal is the shell's again.
@Suite(.fewAtATime) struct EndingTests {
    @Test func controlCTwiceQuitsAndOnceDoesNot() async throws {
        let community = try await Community.shared.value
        let terminal = try await Terminal.client(of: community.join("twice.ann", ["lobby"]))
        try await terminal.wait(for: "online", "To #lobby")
        try await terminal.press("C-c")
        try await terminal.wait(for: "Ctrl+C once more: quit")
        #expect(try await !terminal.screen.contains("ended with"))
        try await terminal.press("C-c")
        #expect(try await terminal.waitForEnd() == 0)
        let screen = try await terminal.screen
        #expect(screen.contains("Back any time with: plenary"), "\(screen)")
        #expect(try await terminal.value("alternate_on") == "0")
        await terminal.close()
    }

    @Test(arguments: [("SEGV", SIGSEGV, 139), ("TERM", SIGTERM, 143), ("HUP", SIGHUP, 129)])
    func aSignalLeavesTheTerminalAsItWas(name: String, number: Int32, code: Int) async throws {
        let community = try await Community.shared.value
        let person = try await community.join("signal.\(name.lowercased())", ["crash"])
        let program = try Command.path(of: "plenary")
        let shell = """
            cd; stty -a >before; sh -c 'echo $$ >process; exec \(program) chat'; code=$?; stty -a >after; \
            echo "code $code."; exec cat -v
            """
        let terminal = try await Terminal(shell, of: person)
        try await terminal.wait(for: "online", "To #crash")
        let process = try TextFile.read(person.home + "/process")
        kill(try #require(pid_t(process.dropLast())), number)
        try await terminal.wait(for: "code \(code).")
        #expect(try TextFile.read(person.home + "/after") == TextFile.read(person.home + "/before"))
        #expect(try await terminal.value("alternate_on") == "0")
        #expect(try await terminal.value("cursor_flag") == "1")
        // Were pastes still in brackets, they would be seen here.
        try await terminal.paste("a paste")
        let screen = try await terminal.wait(for: "a paste")
        #expect(!screen.contains("^["), "\(screen)")
        await terminal.close()
    }

    @Test func controlZGivesTheTerminalToTheShellAndFgTakesItBack() async throws {
        let community = try await Community.shared.value
        let person = try await community.join("stops.ann", ["stops"])
        let program = try Command.path(of: "plenary")
        let terminal = try await Terminal("PS1='ready> ' exec bash --norc --noprofile -i", of: person)
        try await terminal.wait(for: "ready>")
        try await terminal.say("cd; stty -a >before; \(program) chat")
        let before = try await terminal.wait(
            settledWith: "online", "To #stops", "1 here", "No messages yet."
        ).timeless
        try await terminal.press("C-z")
        try await terminal.wait(for: "Stopped", "ready>")
        #expect(try await terminal.value("alternate_on") == "0")
        try await terminal.say("stty -a >during; clear; echo $((6 * 7))")
        try await terminal.wait(for: "42")
        try await terminal.say("fg")
        try await terminal.wait(until: before)
        try await terminal.say("Still here.")
        try await terminal.wait(stored: "Still here.")
        try await terminal.press("C-c", "C-c")
        try await terminal.wait(for: "Back any time with: plenary")
        try await terminal.say("stty -a >after; clear; echo $((6 * 9))")
        try await terminal.wait(for: "54")
        for file in ["during", "after"] {
            #expect(try TextFile.read("\(person.home)/\(file)") == TextFile.read(person.home + "/before"))
        }
        await terminal.close()
    }
}
