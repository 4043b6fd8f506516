// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// The trial community, and what it is made of.
@Suite struct PlenaryTryTests {
    @Test func aTrialStoresAMessageReadsItBackAndLeavesNothing() async throws {
        let folder = PlenarydProcess.program.deletingLastPathComponent().path
        let place = FileManager.default.temporaryDirectory.appendingPathComponent(
            "t\(UInt32.random(in: 0...9999))")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        let stage = try Stage(environment: ["PATH": folder, "TMPDIR": place.path])
        #expect(await stage.run("try", "--post", "مرحبا hello") == 0, "\(stage.errorOutput)")
        #expect(stage.outputLines.count == 1)
        #expect(stage.outputLines.first?.utf8.count == 22)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
        // Nothing of the person's own was made either.
        #expect(try FileManager.default.contentsOfDirectory(atPath: stage.home).isEmpty)
    }

    @Test func aVisitorsNameIsNotTakenTwice() async throws {
        let stage = try Stage()
        #expect(await stage.run("try", "--name", "Amina B.") == 64)
        #expect(stage.errorOutput.contains("--name"))
        #expect(await stage.run("try", "--name", "李薇") == 64)
        #expect(await stage.run("try", "--language", "de") == 64)
    }

    @Test func valuesAreChangedInTheirOwnSection() throws {
        let text = "# limits:\nlimits:\n  profile: 1   # why\nrates:\n  profile: 20/1m\n"
        #expect(
            try TryServer.adjusted(text, ["rates.profile": "off"])
                == "# limits:\nlimits:\n  profile: 1   # why\nrates:\n  profile: off\n")
        #expect(throws: Failure.self) { try TryServer.adjusted(text, ["limits.topic": "1B"]) }
    }

    @Test func theScriptSpeaksSixLanguagesAndEveryLineHasASpeakerAndAPlace() {
        let script = TryScript.standard
        #expect(Set(script.visitors.map(\.language)) == ["ar", "zh", "en", "fr", "ru", "es"])
        #expect(script.everybody.allSatisfy { !$0.answers.isEmpty })
        let accounts = Set(script.everybody.map(\.account))
        var places = Set(script.channels)
        let later = script.life.compactMap { moment -> TryScript.Line? in
            if case .say(let line) = moment.deed { line } else { nil }
        }
        for line in script.history + later {
            #expect(accounts.contains(line.by), "\(line.text)")
            #expect(places.contains(line.place), "\(line.text)")
            #expect(line.text.utf8.count < 300, "\(line.text)")
            if let begins = line.begins { places.insert("\(line.place)/\(begins.word)") }
        }
        // Threads, some of them in the channel that is opened.
        #expect(places.count >= script.channels.count + 3)
        #expect(places.contains { $0.hasPrefix("practices/") })
    }
}

/// The way in: join, doctor, help, completion and manual pages.
@Suite struct PlenaryWayInTests {
    @Test func joiningAsksInTheChosenLanguageAndKeepsIt() async throws {
        let server = try await LoopbackServer.start()
        let link = "plenary://127.0.0.1:\(server.tlsPort)/practices#CODE&pin=sha256:\(server.publicKeyPin)"
        let stage = try Stage(
            answers: ["fr", "", "Amina B., Kenya", "", ""], isTerminal: true,
            environment: ["LANG": "es_PY.UTF-8"])
        #expect(await stage.run("join", link, "--no-open") == 0, "\(stage.errorOutput)")
        #expect(stage.errorOutput.contains("Idioma: Español."))
        #expect(stage.errorOutput.contains("Langue: Français."))
        #expect(stage.errorOutput.contains("[amina.b]"))
        #expect(stage.errorOutput.contains("plenary mydata"))
        #expect(stage.errorOutput.contains("Vous êtes amina.b"))
        stage.forget()
        #expect(await stage.run("config", "get", "lang") == 0)
        #expect(stage.outputLines == ["fr"])
        stage.forget()
        #expect(await stage.run("channel-names") == 0)
        #expect(stage.outputLines == ["practices"])
        let pipe = try Stage(home: stage.home, environment: ["LANG": "C.UTF-8"])
        #expect(await pipe.run("doctor") == 0, "\(pipe.output)\(pipe.errorOutput)")
        // How long the way there and back takes is not for a test to say.
        #expect(pipe.outputLines.contains { $0.hasPrefix("round trip\t") })
        for step in ["locale", "name", "network", "identity", "sign-in", "clock", "protocol"] {
            #expect(pipe.outputLines.contains { $0.hasPrefix("\(step)\tok\t") }, "\(step): \(pipe.output)")
        }
        try await server.stop()
    }

    @Test func aNoticeThatNobodyAgreesWithEndsTheJoining() async throws {
        let server = try await LoopbackServer.start()
        let link = "plenary://127.0.0.1:\(server.tlsPort)/practices#CODE&pin=sha256:\(server.publicKeyPin)"
        let stage = try Stage(isTerminal: true)
        #expect(await stage.run("join", link, "--name", "Amina", "--language", "en") == 64)
        #expect(stage.errorOutput.contains("not joined"))
        try await server.stop()
    }

    @Test(arguments: [("1", "app"), ("٢", "terminal"), ("x", "app")])
    func oneKeySettlesWhoOrdersArabic(key: String, value: String) async throws {
        let stage = try Stage(isTerminal: true, environment: ["TERM": "xterm", "LANG": "C.UTF-8"])
        var surroundings = stage.surroundings
        surroundings.askKey = { _ in key }
        surroundings.measureWidth = { $0 == "●" ? 2 : 1 }
        #expect(await PlenaryCommand.run(["doctor", "--terminal"], surroundings) == 0)
        #expect(stage.output.contains("ui.glyphs ascii"))
        stage.forget()
        #expect(await stage.run("config", "get", "ui.bidi") == 0)
        #expect(stage.outputLines == [value])
    }

    @Test func theCursorsColumnIsReadFromItsReport() {
        #expect(TerminalProbe.column(in: Array("\u{1B}[24;2R".utf8)) == 2)
        #expect(TerminalProbe.column(in: Array("\u{1B}[24;2".utf8)) == nil)
        #expect(TerminalProbe.column(in: Array("R".utf8)) == nil)
        #expect(TerminalProbe.column(in: []) == nil)
    }

    @Test func helpListsByTaskAndKnowsCommands() async throws {
        let stage = try Stage()
        #expect(await stage.run("help") == 0)
        #expect(stage.outputLines.contains("  Begin       try  join  login  logout"))
        #expect(!stage.output.contains("channel-names"))
        stage.forget()
        #expect(await stage.run("help", "thread", "new") == 0)
        #expect(stage.output.contains("USAGE: plenary thread new"))
        #expect(await stage.run("help", "pots") == 64)
        #expect(stage.errorOutput.contains("plenary help post"))
        stage.forget()
        #expect(await stage.run("--version") == 0)
        #expect(stage.outputLines == ["plenary 0.1.0"])
        stage.forget()
        #expect(await stage.run("version", "--verbose") == 0)
        #expect(stage.outputLines.contains("en English"))
        #expect(stage.outputLines.count == 7)
    }

    @Test func everyCommandHasAManualPageWithItsOptions() throws {
        let pages = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/man")
        let main = try String(contentsOf: pages.appendingPathComponent("plenary.1"), encoding: .utf8)
        for command in PlenaryCommand.configuration.subcommands where command.configuration.shouldDisplay {
            let verb = try #require(command.configuration.commandName)
            let page = try String(
                contentsOf: pages.appendingPathComponent("plenary-\(verb).1"), encoding: .utf8)
            #expect(main.contains(".Xr plenary-\(verb) 1"))
            for match in PlenaryCommand.helpMessage(for: command).matches(of: /\n  (?:-\w, )?--([a-z-]+)/)
            where match.1 != "help" && match.1 != "version" {
                let option = "Fl \\-\(match.1)"
                #expect(
                    page.contains(option) || main.contains(option),
                    "\(verb) --\(match.1): write the pages again, make man")
            }
        }
    }
}
