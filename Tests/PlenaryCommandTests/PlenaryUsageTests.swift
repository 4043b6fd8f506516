// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import Testing
import plenary

/// Exit codes and wording where no server is needed, and the files.
@Suite struct PlenaryUsageTests {
    @Test func aMistypedVerbNamesTheNearestAndRunsNothing() async throws {
        let stage = try Stage()
        #expect(await stage.run("pots", "practices", "hello") == 64)
        #expect(stage.errorOutput == "there is no command pots\nDid you mean: plenary post\n")
        #expect(stage.output == "")
        #expect(await stage.run("xyzzy") == 64)
    }

    @Test func anUnknownOptionIsCode64AndNamesTheNearest() async throws {
        let stage = try Stage()
        #expect(await stage.run("post", "--quue", "practices", "hello") == 64)
        #expect(stage.errorOutput.contains("--queue"))
    }

    @Test func withoutASetUpTheWayInIsTold() async throws {
        let stage = try Stage()
        #expect(await stage.run("post", "practices", "hello") == 79)
        #expect(stage.errorOutput.contains("plenary join"))
        #expect(stage.errorOutput.split(separator: "\n").count == 3)
    }

    @Test func aWrongTargetLinkOrTimeIsCode64() async throws {
        let stage = try Stage()
        let server = ["--server", "127.0.0.1:1", "--plain-text", "--guest"]
        #expect(await stage.run(server + ["post", "a b", "x"]) == 64)
        #expect(await stage.run("join", "plenary://h:0") == 64)
        #expect(await stage.run(server + ["history", "c", "--since", "tomorrow"]) == 64)
        #expect(await stage.run(server + ["tail", "c", "--timeout", "soon"]) == 64)
        #expect(await stage.run(server + ["tail"]) == 64)
    }

    @Test func badBytesAreCode65WithTheirOffset() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data([97, 98, 0xFF]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let stage = try Stage()
        let server = ["--server", "127.0.0.1:1", "--plain-text", "--guest"]
        #expect(await stage.run(server + ["post", "c", "--file", path]) == 65)
        #expect(stage.errorOutput.contains("at byte 2"))
        #expect(await stage.run(server + ["post", "c"]) == 65)
    }

    @Test func plainTextGoesToThisMachineOnly() async throws {
        let stage = try Stage()
        #expect(await stage.run("--server", "192.0.2.1", "--plain-text", "--guest", "post", "c", "x") == 64)
        #expect(stage.errorOutput.contains("this machine only"))
    }

    @Test func aJoiningThatCannotAskNamesTheFlag() async throws {
        let stage = try Stage()
        #expect(await stage.run("join", "plenary://127.0.0.1:1/c#CODE") == 64)
        #expect(stage.errorOutput.contains("--name"))
    }

    @Test func errorsAsJSONAreOneRecordOnStandardError() async throws {
        let stage = try Stage()
        #expect(await stage.run("post", "--json", "practices", "hello") == 79)
        let record = try JSONSerialization.jsonObject(with: Data(stage.errorOutput.utf8)) as? [String: Any]
        #expect(record?["type"] as? String == "error")
        #expect(record?["exit"] as? Int == 79)
    }

    @Test func helpAndVersionSucceed() async throws {
        let stage = try Stage()
        #expect(await stage.run("version") == 0)
        #expect(stage.outputLines.first == "plenary 0.1.0")
        for verb in ["post", "tail", "history", "chat", "join"] {
            let help = try Stage()
            #expect(await help.run(verb, "--help") == 0)
            #expect(help.output.contains("Examples:"))
        }
        let completion = try Stage()
        #expect(await completion.run("completion", "bash") == 0)
        #expect(completion.output.contains("history"))
        #expect(await completion.run("completion", "tcsh") == 64)
    }

    @Test func globalOptionsMayStandBeforeTheVerb() {
        #expect(
            CommandLineOrder.verbFirst(["-p", "un", "--json", "post", "c", "--", "-x"])
                == ["post", "-p", "un", "--json", "c", "--", "-x"])
        #expect(CommandLineOrder.verbFirst(["--help"]) == ["--help"])
        #expect(
            CommandLineOrder.verbFirst(["-p", "un", "thread", "--json", "new", "c", "--", "show"])
                == ["thread", "new", "-p", "un", "--json", "c", "--", "show"])
        #expect(
            CommandLineOrder.verbFirst(["--json", "thread", "c/12"]) == ["thread", "--json", "c/12"])
        #expect(CommandLineOrder.verbFirst(["post", "new"]) == ["post", "new"])
        #expect(CommandLineOrder.verbFirst(["post", "-q"]) == ["post", "-q"])
        #expect(CommandLineOrder.verbFirst(["-p", "un"]) == ["-p", "un"])
        #expect(CommandLineOrder.verbFirst([]) == [])
    }

    /// One id in 64 begins with a hyphen.
    @Test func anIDThatBeginsWithAHyphenIsNoOption() {
        let id = "-XOHwNFCkktt1qSn1MXsoA"
        #expect(
            CommandLineOrder.withIDs(["post", "c", "--reply", id, "--json", "text"])
                == ["post", "c", "--reply=" + id, "--json", "text"])
        #expect(
            CommandLineOrder.withIDs(["thread", "answer", "c/1", id, "--json"])
                == ["thread", "answer", "c/1", "--json", "--", id])
        #expect(CommandLineOrder.withIDs(["post", "c", "--", id]) == ["post", "c", "--", id])
        #expect(CommandLineOrder.withIDs(["post", "-q", "--json"]) == ["post", "-q", "--json"])
    }

    @Test func settingsAreKeptCheckedAndExplained() async throws {
        let stage = try Stage()
        #expect(await stage.run("config", "set", "ui.backlog", "50") == 0)
        #expect(await stage.run("config", "get", "ui.backlog") == 0)
        #expect(stage.outputLines == ["50"])
        #expect(await stage.run("config", "set", "ui.backlog", "501") == 64)
        #expect(await stage.run("config", "set", "ui.bcklog", "5") == 64)
        #expect(stage.errorOutput.contains("ui.backlog"))
        let path = stage.home + "/.config/plenary/config"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let folder = try FileManager.default.attributesOfItem(atPath: stage.home + "/.config/plenary")
        #expect(folder[.posixPermissions] as? Int == 0o700)
    }

    @Test func settingsThatOthersMayReadAreRefused() async throws {
        let stage = try Stage()
        #expect(await stage.run("config", "set", "ui.utc", "true") == 0)
        let path = stage.home + "/.config/plenary/config"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(await stage.run("config", "list") == 78)
        #expect(stage.errorOutput.contains("chmod 600"))
    }

    @Test func unknownSettingsAreWarnedAboutWithTheirLineAndNeverFatal() {
        let text = "ui.utc = true\nui.bel = false\n[profile un]\nserver = h\npn = x\n[other]\nx = y\n"
        let settings = Settings(parsing: text, path: "config")
        #expect(settings.value("ui.utc") == "true")
        #expect(settings.profiles.map(\.server) == ["h"])
        #expect(settings.warnings.count == 3)
        #expect(settings.warnings.first == "config:2: unknown key \"ui.bel\"; did you mean \"ui.bell\"?")
        let again = Settings(parsing: settings.text, path: "config")
        #expect(again.profiles == settings.profiles)
        #expect(again.values == settings.values)
        #expect(again.warnings.isEmpty)
    }
}

@Suite struct PlenaryQueueTests {
    private func message(_ token: String, _ text: String) -> OutgoingMessage {
        OutgoingMessage(
            token: token, target: "#c", text: text, replyTo: token == "t2" ? "id\tx" : nil,
            queuedAt: Timestamp(seconds: 1_700_000_000))
    }

    private func place() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("queue-" + UUID().uuidString)
            .path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return path
    }

    @Test func whatIsStoredIsLoadedInOrderByAnother() throws {
        let path = try place() + "/queue"
        let queue = DiskQueue(path: path)
        let messages = [message("t1", "one\ttab\nline \\ é"), message("t2", ""), message("t3", "three")]
        for message in messages { try queue.store(message) }
        #expect(try DiskQueue(path: path).load() == messages)
        try queue.remove(token: "t2")
        #expect(try DiskQueue(path: path).load() == [messages[0], messages[2]])
        try queue.remove(token: "t1")
        try queue.remove(token: "t3")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try DiskQueue(path: path).load().isEmpty)
    }

    @Test func marksAreKeptAndAQueueWithoutThemIsReadAsBefore() throws {
        let path = try place() + "/queue"
        let old = "+\tt1\t2023-11-14T22:13:20.000Z\tmessage\t#c\t\tone\n"
        try Data(old.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let queue = DiskQueue(path: path)
        #expect(try queue.load() == [message("t1", "one")])
        var marked = message("t2", "two")
        marked.marks = Marks(
            kind: .lesson, language: "ru", references: ["sdg:16.6", "upr:A/HRC/50/15#133.45"])
        var partly = message("t3", "three")
        partly.marks = Marks(language: "es")
        try queue.store(marked)
        try queue.store(partly)
        #expect(try DiskQueue(path: path).load() == [message("t1", "one"), marked, partly])
    }

    @Test func aTornLastLineIsCutOffWhereverItIsTorn() throws {
        let path = try place() + "/queue"
        let queue = DiskQueue(path: path)
        try queue.store(message("t1", "one"))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try queue.store(message("t2", "two"))
        let both = try Data(contentsOf: URL(fileURLWithPath: path))
        for count in whole.count..<both.count {
            try both.prefix(count).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let torn = DiskQueue(path: path)
            #expect(try torn.load() == [message("t1", "one")], "\(count)")
            try torn.store(message("t3", "three"))
            #expect(try DiskQueue(path: path).load().map(\.token) == ["t1", "t3"], "\(count)")
        }
    }

    @Test func damageInTheMiddleIsAnErrorAndNotIgnored() throws {
        let path = try place() + "/queue"
        try Data("+\tbroken\n-\tt1\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: FileError.self) { try DiskQueue(path: path).load() }
    }

    @Test func twoProcessesShareOneQueue() throws {
        let path = try place() + "/queue"
        let one = DiskQueue(path: path)
        let other = DiskQueue(path: path)
        try one.store(message("t1", "one"))
        try other.store(message("t3", "three"))
        try one.remove(token: "t1")
        #expect(try DiskQueue(path: path).load().map(\.token) == ["t3"])
    }

    @Test func aTokenIsStoredOnce() throws {
        let path = try place() + "/queue"
        let queue = DiskQueue(path: path)
        try queue.store(message("t1", "one"))
        try queue.store(message("t1", "one"))
        #expect(try DiskQueue(path: path).load().count == 1)
    }
}
