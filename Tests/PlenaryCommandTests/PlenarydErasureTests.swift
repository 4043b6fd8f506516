// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Claims about `plenaryd erase`, `backup`, `restore` and `log grep-bytes`, made with the built program.
@Suite(.serialized) struct PlenarydErasureTests {
    @Test func whatIsErasedIsInNoFileAndDoesNotComeBackFromABackup() throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let name = "zaphodbeeblebrox"
        #expect(try plenaryd.run("account", "add", name, "--no-password").code == 0)
        #expect(try plenaryd.run("erase", "--account", name, "--yes").code == 69, "without a server")
        let (server, _) = try plenaryd.serve()
        defer { if server.isRunning { server.terminate() } }
        let backup = try plenaryd.run("backup", "saved", "--json")
        #expect(backup.code == 0, "\(backup.errors)")
        #expect(backup.output.contains("\"type\":\"backup\""))
        #expect(backup.errors.contains("keys/identity is a secret"))
        #expect(try plenaryd.run("backup", "--verify", "saved").code == 0)

        let found = try plenaryd.run("log", "grep-bytes", "data", name)
        #expect(found.code == 1 && found.output.contains(".seg\t"))
        #expect(try plenaryd.run("log", "grep-bytes", "data").code == 64)
        #expect(try plenaryd.run("erase").code == 64)
        #expect(try plenaryd.run("erase", "--message", "nonsense", "--yes").code == 66)
        #expect(try plenaryd.run("erase", "--account", "nobody", "--yes").code == 66)
        #expect(try plenaryd.run("erase", "--account", name, "--reason", "two words", "--yes").code == 65)
        let unconfirmed = try plenaryd.run("erase", "--account", name)
        #expect(unconfirmed.code == 64 && unconfirmed.errors.contains("use --yes"))
        let dry = try plenaryd.run("erase", "--account", name, "--dry-run")
        #expect(dry.code == 0 && dry.errors.contains("would be erased"), "\(dry.errors)")
        #expect(try plenaryd.run("log", "grep-bytes", "data", name).code == 1)

        let erased = try plenaryd.run("erase", "--account", name, "--yes")
        #expect(erased.code == 0, "\(erased.errors)")
        let after = try plenaryd.run("log", "grep-bytes", "data", "--stdin", input: name + "\n")
        #expect(after.code == 0 && after.output.isEmpty, "\(after.output)")
        #expect(try plenaryd.run("log", "verify", "data").code == 0)
        #expect(try plenaryd.run("stop").code == 0)
        server.waitUntilExit()
        #expect(server.terminationStatus == 0)

        #expect(try plenaryd.run("log", "grep-bytes", "saved", name).code == 1, "the backup is from before")
        let over = try plenaryd.run("restore", "saved", "data")
        #expect(over.code == 65 && over.errors.contains("--erasures"), "\(over.errors)")
        try FileManager.default.moveItem(
            at: plenaryd.folder.appendingPathComponent("data"),
            to: plenaryd.folder.appendingPathComponent("old"))
        let tried = try plenaryd.run("restore", "saved", "data", "--erasures", "old", "--dry-run", "--json")
        #expect(
            tried.output.contains("\"erased_records\":\"1\"") || tried.output.contains("\"erased_records\":1")
        )
        #expect(!FileManager.default.fileExists(atPath: plenaryd.folder.appendingPathComponent("data").path))
        let restored = try plenaryd.run("restore", "saved", "data", "--erasures", "old")
        #expect(restored.code == 0, "\(restored.errors)")
        #expect(try plenaryd.run("log", "grep-bytes", "data", name).code == 0)
        #expect(try plenaryd.run("log", "verify", "data").code == 0)
        let list = try plenaryd.run("account", "list")
        #expect(list.code == 0 && list.output.contains("former-member-"), "\(list.errors)")
    }
}
