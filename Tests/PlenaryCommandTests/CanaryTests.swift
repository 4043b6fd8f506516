// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// docs/PRIVACY.md and docs/THREATS.md: secrets and people's words are in no output of the server.
@Suite(.serialized) struct CanaryTests {
    /// Everything the server's process says or shows: its log at the finest level, its commands' output, its
    /// environment and its arguments. Canaries are random words in each kind of secret.
    @Test func noSecretAndNoWordOfAMessageIsInTheServersOutput() async throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        let link = try plenaryd.setUp().output.trimmingCharacters(in: .newlines)
        let (server, log) = try plenaryd.serve("--log-level", "trace")
        defer { if server.isRunning { server.terminate() } }
        let canaries = [
            "password": "canary-\(UUID().uuidString)", "wrong": "wrong-\(UUID().uuidString)",
            "message": "message-\(UUID().uuidString)", "talk": "talk-\(UUID().uuidString)",
            "search": "search\(UUID().uuidString.filter { $0 != "-" })",
        ]
        func canary(_ name: String) -> String { canaries[name] ?? "" }
        let added = try plenaryd.run(
            "account", "add", "ann", "--password-stdin", input: canary("password") + "\n")
        #expect(added.code == 0)
        let place = try plenaryd.listeningPlace()
        let real = link.replacing("chat.example.org:0", with: place)
        let code = try #require(real.firstMatch(of: /#([0-9A-Z-]+)&/)).output.1
        let amina = try Stage()
        #expect(await amina.run("join", real, "--name", "amina") == 0, "\(amina.errorOutput)")
        #expect(await amina.run("post", "lobby", canary("message")) == 0, "\(amina.errorOutput)")
        #expect(await amina.run("post", "@ann", canary("talk")) == 0, "\(amina.errorOutput)")
        _ = await amina.run("search", canary("search"))
        let pin = try #require(real.firstMatch(of: /pin=sha256:([0-9a-f]+)/)).output.1
        for (name, code) in [("wrong", Int32(79)), ("password", 0)] {
            let ann = try Stage(input: canary(name) + "\n")
            let outcome = await ann.run(
                "login", place, "--pin", String(pin), "--account", "ann", "--password-stdin")
            #expect(outcome == code, "\(name): \(ann.errorOutput)")
        }
        var shown = try String(contentsOf: log, encoding: .utf8)
        for words in [
            ["status"], ["status", "--json"], ["account", "list", "--json"], ["invite", "list", "--json"],
            ["reload"],
            ["log", "dump", "data", "--no-text"], ["log", "verify", "data"], ["check-config"],
        ] {
            let outcome = try plenaryd.run(words)
            shown += outcome.output + outcome.errors
        }
        for file in ["environ", "cmdline", "status"] {
            shown += try String(contentsOfFile: "/proc/\(server.processIdentifier)/\(file)", encoding: .utf8)
        }
        let before = shown.utf8.count
        #expect(before > 500)
        for (name, word) in canaries { #expect(!shown.contains(word), "\(name)") }
        #expect(!shown.contains(code), "invite code")
        #expect(!shown.contains(code.filter { $0 != "-" }), "invite code")
        for secret in try plenaryd.privateKeyLines() + amina.privateKeyLines() {
            #expect(!shown.contains(secret), "a private key")
        }
        // The words are in the log of events, or the test would look for nothing.
        #expect(try plenaryd.run(["log", "dump", "data"]).output.contains(canary("message")))
        kill(server.processIdentifier, SIGTERM)
        server.waitUntilExit()
        #expect(try !String(contentsOf: log, encoding: .utf8).contains(canary("wrong")))
    }

    /// limits.md 33: "user text escaped (C0, C1, U+2028/9, bidi)": no name of anybody makes a line of the log,
    /// moves a cursor or turns the direction of what follows.
    @Test func hostileNamesForgeNoLine() async throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        let (server, log) = try plenaryd.serve("--log-level", "trace")
        defer { if server.isRunning { server.terminate() } }
        let hostile = [
            "a\u{1B}[2Jb", "a\rlevel=error event=forged", "a\u{202E}b", "a\u{2028}b", "a\u{9B}31mb",
        ]
        for name in hostile {
            #expect(try plenaryd.run("account", "add", name, "--no-password").code != 0)
            let outcome = try plenaryd.run("invite", "create", "--account", name)
            #expect(outcome.code != 0)
            for text in [outcome.errors, outcome.output] {
                for scalar in ["\u{1B}", "\u{202E}", "\u{2028}", "\u{9B}", "\r"] {
                    #expect(!text.contains(scalar))
                }
            }
        }
        kill(server.processIdentifier, SIGTERM)
        server.waitUntilExit()
        let lines = try String(contentsOf: log, encoding: .utf8)
        for scalar in lines.unicodeScalars where scalar != "\n" {
            #expect(scalar.value >= 32 && !(127...159).contains(scalar.value))
        }
        for line in lines.split(separator: "\n") { #expect(line.hasPrefix("time=")) }
        #expect(!lines.contains("\nlevel=error event=forged"))
    }
}

extension PlenarydProcess {
    /// Where the running server listens with TLS, `127.0.0.1:PORT`.
    fileprivate func listeningPlace() throws -> String {
        let text = try String(contentsOf: folder.appendingPathComponent("listening"), encoding: .utf8)
        let words = try #require(text.firstMatch(of: /tls (\S+) (\d+)/)).output
        return "\(words.1):\(words.2)"
    }

    /// Lines of base64 of the server's private keys.
    fileprivate func privateKeyLines() throws -> [String] {
        try keyLines(in: folder.appendingPathComponent("data"))
    }
}

extension Stage {
    fileprivate func privateKeyLines() throws -> [String] { try keyLines(in: URL(fileURLWithPath: home)) }
}

/// The base64 of every private key below a folder, a line each.
private func keyLines(in folder: URL) throws -> [String] {
    var lines: [String] = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    for case let file as URL in files ?? FileManager.DirectoryEnumerator() where file.pathExtension == "pem" {
        let text = try String(contentsOf: file, encoding: .utf8)
        guard text.contains("PRIVATE KEY") else { continue }
        let body = text.components(separatedBy: "PRIVATE KEY-----").dropFirst().first ?? ""
        lines += body.split(separator: "\n").map(String.init).filter {
            $0.count > 20 && !$0.contains("-----")
        }
    }
    return lines
}
