// SPDX-License-Identifier: Apache-2.0

import PlenaryScreens
import Testing

@Suite struct SlashCommandTests {
    private func parse(_ line: String, _ language: Language = .english) -> SlashCommand.Parsed {
        SlashCommand.parse(line, language: language)
    }

    @Test func ordinaryTextIsLeftAsItIs() {
        for text in ["hello", " two  spaces ", "a/b", "1/2", "https://example.org", "", "?!", "مرحبا"] {
            #expect(parse(text) == .text(text))
        }
    }

    @Test func twoSlashesSendOne() {
        #expect(parse("//etc/hosts") == .text("/etc/hosts"))
        #expect(parse("//") == .text("/"))
        #expect(parse("／／help") == .text("／help"))
    }

    @Test func aCommandIsReadByNameAliasAndInAnyCase() {
        for line in [
            "/help", "／help", "/HELP", "／ＨＥＬＰ", " /help", "\u{200F}/help", "?", "؟", "？", "/aide", "/ayuda",
            "/помощь", "/ПОМОЩЬ", "/帮助", "/مساعدة", "؍مساعدة",
        ] {
            #expect(parse(line) == .command(.help, arguments: ""), "\(line)")
        }
    }

    @Test func everythingBehindTheNameIsItsArguments() {
        #expect(parse("/msg ann  hi  there ") == .command(.msg, arguments: "ann  hi  there "))
        #expect(parse("/me\u{3000}在这里") == .command(.me, arguments: "在这里"))
        #expect(parse("/reply one\ntwo") == .command(.reply, arguments: "one\ntwo"))
        #expect(parse("/12") == .command(.thread, arguments: "12"))
        #expect(parse("/١٢ مرة") == .command(.thread, arguments: "12 مرة"))
        #expect(parse("/12 once more") == .command(.thread, arguments: "12 once more"))
    }

    @Test func anUnknownCommandIsNeverText() {
        #expect(parse("/hlep me") == .unknown(word: "hlep", nearest: ["help"]))
        #expect(parse("/") == .unknown(word: "", nearest: []))
        #expect(parse("/ hello") == .unknown(word: "", nearest: []))
        #expect(parse("/aied", .french) == .unknown(word: "aied", nearest: ["aide", "hide"]))
        #expect(parse("/xyzzyx") == .unknown(word: "xyzzyx", nearest: []))
    }

    @Test func whatLooksLikeAPasswordIsRefused() {
        for line in [
            "/msg NickServ IDENTIFY hunter2", "msg nickserv identify x", "/ns identify x",
            "/identify hunter2",
            "nickserv register hunter2 a@b", "/quote PRIVMSG NickServ :identify hunter2",
            "PRIVMSG NickServ :x",
            "/query nickserv x", "/msg @NickServ: x", "identify hunter2", "／msg　NickServ　x",
            "/message nickserv x",
            "/NICKSERV set password x", "/msg NickServ@services.example identify x", "  /msg NickServ x",
            "/رسالة NickServ x", "//msg nickserv x",
        ] {
            #expect(parse(line) == .refusedSecret, "\(line)")
        }
    }

    @Test func speakingOfPasswordsIsAllowed() {
        for line in [
            "NickServ does not exist here", "We identify the gaps together",
            "Please identify yourselves in the list",
            "register by Friday", "identify", "nickserv", "Password rules are in annex 2",
            "/msg ann identify x",
        ] {
            #expect(parse(line) != .refusedSecret, "\(line)")
        }
    }

    @Test func noWordMeansTwoCommands() {
        var owners: [String: SlashCommand] = [:]
        for command in SlashCommand.allCases {
            let words = Language.allCases.flatMap { command.aliases(in: $0) } + [command.rawValue]
            for word in Set(words) {
                #expect(owners[word] == nil, "\(word) is \(command) and \(String(describing: owners[word]))")
                owners[word] = command
                #expect(SlashCommand.named(word) == command)
            }
        }
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func everyCommandHasAWordInTheScriptOfTheLanguage(language: Language) {
        for command in SlashCommand.allCases {
            let words = command.aliases(in: language)
            #expect((1...2).contains(words.count) || command == .away, "\(command): \(words)")
            for word in words {
                #expect(parse("/\(word) x") == .command(command, arguments: "x"), "\(word)")
                let isLatin = word.unicodeScalars.allSatisfy { $0.value < 0x250 }
                #expect(isLatin == [.french, .spanish].contains(language), "\(word)")
            }
        }
    }

    @Test func theFormsNameTheirCommand() {
        #expect(SlashCommand.msg.usage == "/msg NAME text")
        #expect(SlashCommand.quit.usage == "/quit")
        for command in SlashCommand.allCases {
            #expect(parse(command.usage) == .command(command, arguments: command.parameters))
        }
    }

    /// Lines of all kinds of characters, by a generator with a printed seed.
    @Test func noLineTraps() {
        let seed: UInt64 = 0x5EED_0012
        var state = seed
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % limit
        }
        let pieces = [
            "/", "／", " ", "nickserv", "identify", "12", "é", "م", "的", "\u{200F}", "\u{1b}", "\n", ":", "@",
            "🇫", "help", "\u{301}",
        ]
        for _ in 0..<5000 {
            let line = (0..<next(9)).map { _ in pieces[next(pieces.count)] }.joined()
            if case .text(let text) = parse(line) {
                #expect(text == line || "/\(text)".count <= line.count, "seed \(seed): \(line)")
            }
        }
    }
}

@Suite struct MenuActionTests {
    @Test func everyFunctionKeyHasItsTwinInTheMenuAndBehindASlash() {
        let keys = MenuAction.allCases.compactMap { action in action.key.map { (key: $0, action: action) } }
            .filter { $0.key.hasPrefix("F") }
        #expect(Set(keys.map(\.key)) == ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F12"])
        #expect(keys.count == 10)
        for (key, action) in keys {
            #expect(action.slash != nil, "\(key)")
            #expect(action.command != nil, "\(key)")
        }
    }

    @Test func everySlashFormIsACommand() {
        for action in MenuAction.allCases where action != .jump && action != .undo {
            #expect(action.command != nil, "\(action)")
        }
    }

    @Test func everyCommandButThoseOfTheLineIsInTheMenu() {
        let reached = Set(MenuAction.allCases.compactMap(\.command))
        #expect(Set(SlashCommand.allCases).subtracting(reached) == [.me])
    }

    @Test func noTwoActionsOfAGroupHaveOneName() {
        for language in Language.allCases {
            let names = MenuAction.allCases.map { "\($0.group) \(Catalogue(language).text($0.name))" }
            #expect(Set(names).count == names.count, "\(language)")
        }
    }

    @Test func whatNoServerHasYetIsMarked() {
        let later = SlashCommand.allCases.filter { !$0.isOffered }
        #expect(later == [.notify])
        #expect(MenuAction.requestFloor.isOffered && MenuAction.search.isOffered)
    }
}
