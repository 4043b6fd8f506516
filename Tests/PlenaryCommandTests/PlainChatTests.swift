// SPDX-License-Identifier: Apache-2.0

import Testing
import plenary

/// Opening a place without the argument library, which is slow to start.
@Suite struct PlainChatTests {
    @Test(arguments: [
        [], ["chat"], ["chat", "practices"], ["chat", "practices/12"], ["chat", "@amina.b"], ["chat", ""],
    ])
    func aPlaceWithoutOptionsIsReadAsTheArgumentLibraryReadsIt(words: [String]) throws {
        let own = try #require(PlenaryCommand.plainChat(words))
        let library = try #require(try PlenaryCommand.parseAsRoot(words) as? ChatCommand)
        #expect(dumped(own) == dumped(library))
    }

    @Test(arguments: [
        ["help"], ["practices"], ["--version"], ["chat", "--plain"], ["chat", "-p"], ["chat", "-"],
        ["chat", "--"],
        ["chat", "practices", "--ascii"], ["chat", "a", "b"], ["post", "practices"],
    ])
    func whateverElseIsSaidIsLeftToTheArgumentLibrary(words: [String]) {
        #expect(PlenaryCommand.plainChat(words) == nil)
    }

    /// Every value of every option, with its name.
    private func dumped(_ command: ChatCommand) -> String {
        var text = ""
        dump(command, to: &text)
        return text
    }
}
