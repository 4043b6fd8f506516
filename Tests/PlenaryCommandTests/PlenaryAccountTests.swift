// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryCrypto
import PlenaryDomain
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing
import plenary

/// `plenary passwd`, `sessions`, `invite` and `login --reset` against a real server on loopback.
@Suite struct PlenaryAccountTests {
    private func start() async throws -> LoopbackServer {
        try await LoopbackServer.start {
            $0.limits.passwordCost.logN = 4
            $0.limits.passwordCost.p = 1
        }
    }

    private func addAccount(
        _ server: LoopbackServer, _ name: String, role: ServerRole = .member
    ) async throws {
        let hash = try Transcript.hash(Array("correct-horse".utf8))
        let reply = await server.administer(
            .accountAdd(name: Text(name), role: role, isBot: false, password: hash))
        guard case .done = reply else { throw TestServerError.noListener }
    }

    private func login(
        _ server: LoopbackServer, _ account: String, password: String, _ options: [String] = [],
        home: String? = nil, environment: [String: String] = [:]
    ) async throws -> (stage: Stage, code: Int32) {
        let stage = try Stage(input: password + "\n", home: home, environment: environment)
        let words = [
            "login", "127.0.0.1:\(server.tlsPort)", "--pin", server.publicKeyPin, "--account", account,
            "--password-stdin",
        ]
        return (stage, await stage.run(words + options))
    }

    @Test func aDeviceWithAKeySetsANewPassword() async throws {
        let server = try await start()
        try await addAccount(server, "ann")
        let (_, code) = try await login(server, "ann", password: "correct-horse")
        #expect(code == 0)
        let (first, again) = try await login(server, "ann", password: "correct-horse")
        #expect(again == 0)
        let stage = try Stage(input: "battery staple\n", home: first.home)
        #expect(await stage.run("passwd", "--password-stdin") == 0, "\(stage.errorOutput)")
        #expect(stage.errorOutput == "The password of ann is changed.\n")
        let (_, old) = try await login(server, "ann", password: "correct-horse")
        #expect(old == 79)
        let (_, new) = try await login(server, "ann", password: "battery staple")
        #expect(new == 0)
        let short = try Stage(input: "short\n", home: first.home)
        #expect(await short.run("passwd", "--password-stdin") == 65)
        #expect(short.errorOutput.contains("at least 10 bytes"), "\(short.errorOutput)")
        try await server.stop()
    }

    @Test func sessionsAreListedAndClosed() async throws {
        let server = try await start()
        try await addAccount(server, "ann")
        let (stage, code) = try await login(server, "ann", password: "correct-horse", ["--label", "desk"])
        #expect(code == 0)
        stage.forget()
        #expect(await stage.run("sessions", "--json") == 0, "\(stage.errorOutput)")
        let line = try #require(stage.outputLines.first)
        #expect(stage.outputLines.count == 1)
        for part in [
            "\"type\":\"session\"", "\"sign_in\":\"certificate\"", "\"state\":\"this\"", "\"label\":\"desk\"",
        ] { #expect(line.contains(part), "\(line)") }
        stage.forget()
        #expect(await stage.run("sessions", "close", "s99") == 66)
        #expect(await stage.run("sessions", "end") == 64)
        try await server.stop()
    }

    @Test func aModeratorsLinkLetsSomebodyJoin() async throws {
        let server = try await start()
        try await addAccount(server, "mod", role: .moderator)
        let (stage, code) = try await login(server, "mod", password: "correct-horse")
        #expect(code == 0)
        stage.forget()
        #expect(
            await stage.run("invite", "create", "practices", "--uses", "2", "--expires", "3d") == 0,
            "\(stage.errorOutput)")
        let link = try #require(stage.outputLines.last)
        #expect(link.hasPrefix("plenary://127.0.0.1:\(server.tlsPort)/practices#"))
        #expect(link.hasSuffix("&pin=sha256:\(server.publicKeyPin)"))
        let guest = try Stage()
        #expect(await guest.run("join", link, "--name", "Amina B., Kenya") == 0, "\(guest.errorOutput)")
        stage.forget()
        #expect(await stage.run("invite", "list", "--json") == 0)
        let row = try #require(stage.outputLines.last)
        #expect(row.contains("\"role\":\"member\"") && row.contains("\"by\":\"mod\""), "\(row)")
        #expect(row.contains("\"code\":null"))
        let handle = try #require(row.split(separator: "\"id\":\"").last?.prefix(8))
        #expect(await stage.run("invite", "revoke", String(handle)) == 0, "\(stage.errorOutput)")
        #expect(await stage.run("invite", "revoke", String(handle)) == 66)
        stage.forget()
        #expect(await stage.run("invite", "create", "--role", "secretariat") == 77)
        try await server.stop()
    }

    @Test func aResetCodeSetsANewPassword() async throws {
        let server = try await start()
        try await addAccount(server, "ann")
        let expires = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)).advanced(
            bySeconds: 60)
        let code = ResetCode(
            codeHash: SHA256Digest.hash(Invite.normalized("ABCD-EFGH")), expires: expires)
        _ = await server.administer(.accountReset(name: "ann", code: code))
        let stage = try Stage()
        let file = stage.home + "/code"
        #expect(
            FileManager.default.createFile(
                atPath: file, contents: Data("abcd-efgh\n".utf8), attributes: [.posixPermissions: 0o600]))
        let (_, done) = try await login(
            server, "ann", password: "battery staple", ["--reset"],
            environment: ["PLENARY_TOKEN_FILE": file])
        #expect(done == 0)
        let (_, again) = try await login(
            server, "ann", password: "third password", ["--reset"],
            environment: ["PLENARY_TOKEN_FILE": file])
        #expect(again == 79)
        let (_, new) = try await login(server, "ann", password: "battery staple")
        #expect(new == 0)
        try await server.stop()
    }

    /// The token of a password's session is kept in a private file and used from then on.
    @Test func aKeptPasswordIsSpokenOnce() async throws {
        let server = try await start()
        try await addAccount(server, "ann")
        let (stage, code) = try await login(server, "ann", password: "correct-horse", ["--store-password"])
        #expect(code == 0)
        let trace = stage.home + "/trace"
        for _ in 0..<2 { #expect(await stage.run("whoami", "--trace", trace) == 0, "\(stage.errorOutput)") }
        let files = FileManager.default.subpaths(atPath: stage.home) ?? []
        let kept = try #require(files.first { $0.hasSuffix("/resume") })
        let attributes = try FileManager.default.attributesOfItem(atPath: stage.home + "/" + kept)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let token = try String(contentsOfFile: stage.home + "/" + kept, encoding: .utf8)
        let secret = try #require(token.split(separator: " ").dropFirst().first)
        let lines = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(!lines.contains(secret) && !lines.contains("correct-horse"))
        // A wrong password is never spoken while the token holds.
        let password = try #require(files.first { $0.hasSuffix("/password") })
        try Data("wrong password".utf8).write(to: URL(fileURLWithPath: stage.home + "/" + password))
        #expect(await stage.run("whoami") == 0, "\(stage.errorOutput)")
        try await server.stop()
    }
}
