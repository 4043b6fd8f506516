// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Claims about the operator's commands, made with the built program.
@Suite(.serialized) struct PlenarydTests {
    @Test func setupWritesAConfigurationThatIsRightAndPrintsOneLink() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        let nowhere = try plenaryd.run("setup", "chat.example.org", "--channel", "practises")
        #expect(nowhere.code == 64 && nowhere.errors.contains("did you mean practices?"), "\(nowhere.errors)")
        let outcome = try plenaryd.setUp()
        #expect(outcome.code == 0, "\(outcome.errors)")
        let link = outcome.output.trimmingCharacters(in: .newlines)
        let form =
            /plenary:\/\/chat\.example\.org:0\/lobby#(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}&pin=sha256:[0-9a-f]{64}/
        #expect(link.wholeMatch(of: form) != nil, "\(link)")
        let check = try plenaryd.run("check-config")
        #expect(check.code == 0, "\(check.output)")
        let again = try plenaryd.setUp()
        #expect(again.code == 73)
        #expect(again.errors.contains("plenaryd.yaml exists; setup replaces nothing"))
    }

    @Test func checkConfigExitsByWhatItFound() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        // The trial's file system setting is a warning, and only --strict minds.
        #expect(try plenaryd.run("check-config", "--strict").code == 1)
        let file = plenaryd.folder.appendingPathComponent("plenaryd.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("ping_after: 90s", with: "ping_after: 90")
            .replacing("  monitor:", with: "  monitro:").write(to: file, atomically: true, encoding: .utf8)
        let broken = try plenaryd.run("check-config")
        #expect(broken.code == 2)
        let line = text.components(separatedBy: "\n").firstIndex { $0.contains("ping_after: 90s") }
        #expect(broken.output.contains("plenaryd.yaml:\(try #require(line) + 1):"))
        #expect(broken.output.contains("did you mean \"monitor\"?"))
        #expect(broken.errors.contains("2 errors, 1 warning."))
        let json = try plenaryd.run("check-config", "--json")
        #expect(json.output.contains("\"severity\":\"error\""))
        // The same file never starts.
        let run = try plenaryd.run("run")
        #expect(run.code == 78)
        #expect(run.errors.contains("Nothing was started or changed."))
    }

    @Test func accountsAndInvitesAreKeptWithoutARunningServer() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let added = try plenaryd.run("account", "add", "maria", "--password-stdin", input: "correct horse\n")
        #expect(added.code == 0, "\(added.errors)")
        #expect(try plenaryd.run("account", "add", "Maria", "--no-password").code == 1)
        #expect(try plenaryd.run("account", "add", "9lives", "--no-password").code == 65)
        #expect(try plenaryd.run("account", "disable", "nobody").code == 66)
        #expect(try plenaryd.run("account", "disable", "maria").code == 0)
        let list = try plenaryd.run("account", "list", "--json")
        #expect(
            list.output.contains(
                "\"account\":\"maria\",\"role\":\"member\",\"bot\":\"no\",\"state\":\"disabled\""))
        let invite = try plenaryd.run("invite", "create", "--uses", "2", "--json")
        let handle = try #require(invite.output.firstMatch(of: /"invite":"([0-9a-z]+)"/)).output.1
        #expect(try plenaryd.run("invite", "list").output.contains("0/2"))
        #expect(try plenaryd.run("invite", "revoke", String(handle)).code == 0)
        #expect(try plenaryd.run("invite", "revoke", String(handle)).code == 66)
        #expect(try plenaryd.run("log", "verify", "data").code == 0)
    }

    @Test(arguments: [(9, 65), (10, 0), (300, 0), (301, 65)])
    func passwordsAreTakenWithinTheirLimits(byteCount: Int, code: Int32) throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let password = String(String(repeating: "quiet harbour 7 ", count: 20).prefix(byteCount)) + "\n"
        #expect(try plenaryd.run("account", "add", "a", "--password-stdin", input: password).code == code)
    }

    @Test func aPasswordIsNeverAskedForWithoutATerminal() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let outcome = try plenaryd.run("account", "passwd", "maria")
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("use --password-stdin"))
    }

    /// docs/OPERATING.md, "When something is wrong".
    @Test func theDoctorSaysWhatIsWrongAndWhatToDo() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let well = try plenaryd.run("doctor")
        #expect(well.code == 0, "\(well.output)")
        for name in ["settings", "disk", "space", "descriptors", "clock", "openssl", "user"] {
            #expect(well.output.contains("\n\(name) ") || well.output.hasPrefix("\(name) "), "\(well.output)")
        }
        #expect(well.output.contains("it does not run"))
        #expect(try plenaryd.run("doctor", "--json").output.contains("\"type\":\"check\""))
        let file = plenaryd.folder.appendingPathComponent("plenaryd.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try (text + "wrong: 1\n").write(to: file, atomically: true, encoding: .utf8)
        let broken = try plenaryd.run("doctor")
        #expect(broken.code == 2 && broken.output.contains("problem"))
        #expect(broken.errors.contains("plenaryd.yaml:"))
    }

    @Test func aRunningServerTakesRequestsReloadsAndStops() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        #expect(try plenaryd.run("status").code == 69)
        let (server, log) = try plenaryd.serve()
        defer { if server.isRunning { server.terminate() } }
        #expect(try plenaryd.run("status").output.contains(String(server.processIdentifier)))
        let secret = "canary-\(UUID().uuidString)"
        #expect(try plenaryd.run("account", "add", "ann", "--password-stdin", input: secret + "\n").code == 0)
        #expect(try plenaryd.run("account", "add", "ann", "--no-password").code == 1)
        let check = try plenaryd.run("check-config")
        #expect(
            check.errors.contains("The running server (pid \(server.processIdentifier)) keeps its present"))
        // A second server finds the data directory in use.
        #expect(try plenaryd.run("run").code == 75)

        #expect(try plenaryd.run("reload").code == 0)
        let file = plenaryd.folder.appendingPathComponent("plenaryd.yaml")
        let right = try Data(contentsOf: file)
        try (right + Data("wrong: 1\n".utf8)).write(to: file)
        kill(server.processIdentifier, SIGHUP)
        try plenaryd.wait("the broken file to be refused") {
            (try? String(contentsOf: log, encoding: .utf8))?.contains("event=reload.refused") ?? false
        }
        #expect(server.isRunning)
        try right.write(to: file)

        kill(server.processIdentifier, SIGTERM)
        server.waitUntilExit()
        #expect(server.terminationStatus == 0)
        let lines = try String(contentsOf: log, encoding: .utf8)
        #expect(lines.contains("event=stopped"))
        #expect(!lines.contains(secret))
        #expect(try plenaryd.run("account", "list").output.contains("ann\tmember"))
        #expect(try plenaryd.run("log", "verify", "data").code == 0)
    }

    @Test func stopEndsTheServer() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let (server, _) = try plenaryd.serve()
        #expect(try plenaryd.run("stop").code == 0)
        server.waitUntilExit()
        #expect(server.terminationStatus == 0)
    }

    @Test func mistypedCommandsAreAnsweredAndNothingIsDone() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        let outcome = try plenaryd.run("chek-config")
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("Did you mean: plenaryd check-config"))
        #expect(try plenaryd.run("account", "add", "a", "--role", "king", "--no-password").code == 64)
        #expect(try plenaryd.run("version", "--json").output.contains("\"type\":\"version\""))
    }

    @Test func aDamagedLogIsNamedAndNotStartedOn() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        #expect(try plenaryd.run("account", "add", "ann", "--no-password").code == 0)
        let folder = plenaryd.folder.appendingPathComponent("data/log")
        let first = try #require(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".seg") }
                .min())
        let segment = folder.appendingPathComponent(first)
        var bytes = try Data(contentsOf: segment)
        bytes[4096 + 50] ^= 1
        try bytes.write(to: segment)
        #expect(try plenaryd.run("log", "verify", "data").code == 2)
        let run = try plenaryd.run("run")
        #expect(run.code == 65, "\(run.errors)")
        let list = try plenaryd.run("account", "list")
        #expect(list.code == 65)
        let saved = try plenaryd.run("log", "salvage", "data", "saved")
        #expect(saved.code == 0, "\(saved.errors)")
    }

    /// docs/LOG-FORMAT.md, "Versions": "What an older program must not touch has an incompatible feature bit or a
    /// higher major number, and makes it exit 3 without a change."
    @Test(arguments: [(8, UInt8(2)), (24, 1)])
    func aLogOfALaterVersionIsLeftAlone(place: Int, value: UInt8) throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        #expect(try plenaryd.run("account", "add", "ann", "--no-password").code == 0)
        let folder = plenaryd.folder.appendingPathComponent("data/log")
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }
        let first = try #require(try names().first { $0.hasSuffix(".seg") })
        let segment = folder.appendingPathComponent(first)
        var bytes = try Data(contentsOf: segment)
        bytes[place] = value
        let sum = castagnoli(bytes.prefix(4092))
        for index in 0..<4 { bytes[4092 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index))) }
        try bytes.write(to: segment)
        let before = try names()
        for words in [["run"], ["account", "list"], ["log", "dump", "data"], ["log", "verify", "data"]] {
            let outcome = try plenaryd.run(words)
            #expect(outcome.code == 3, "\(words): \(outcome.output)\(outcome.errors)")
        }
        #expect(try names() == before)
        #expect(try Data(contentsOf: segment) == bytes)
    }
}

/// CRC32C (RFC 3720, appendix B.4), bit by bit.
private func castagnoli(_ bytes: Data) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }
    return ~sum
}
