// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import PlenaryTestKit
import Testing

/// What strangers and members say to the built server over TLS is in nothing that it says or shows about itself, and
/// makes no line of its log (limits.md 33; docs/PRIVACY.md).
@Suite(.serialized) struct WireCanaryTests {
    /// What a terminal, a log collector or a reader of either could be led astray by. Each comes before a canary.
    private static let hostile: [[UInt8]] = [
        [], Array("\r".utf8), Array("\n".utf8), Array("\r\n".utf8), [0],
        Array("\u{1B}[2J\u{1B}]0;t\u{7}".utf8),
        Array("\u{202E}\u{2066}".utf8), Array("\u{2028}".utf8), Array("\u{9B}31m".utf8), [0xFF, 0xC0, 0x80],
    ]

    /// Each field that somebody fills in: the line before what is hostile, and what kind of secret it is.
    private static let fields = [
        "PRIVMSG #lobby :", "NOTICE #lobby :", "PRIVMSG bob :", "TOPIC #lobby :", "AWAY :", "SETNAME :",
        "NICK ",
        "JOIN #", "JOIN #lobby ", "PART #lobby :", "KICK #lobby bob :", "MODE #lobby +k ", "MODE #lobby +b ",
        "THREAD #lobby CREATE * :", "REPORT bob #lobby :", "MOD #lobby MUTE bob :", "SEARCH text=", "WHOIS ",
        "WHO ",
        "MONITOR + ", "INVITE ", "METADATA * SET display-name :",
        "METADATA * SET plenary.chat/organisation :",
        "OUTCOME #lobby MARK ~1 lesson :", "FLOOR #lobby REQUEST ", "SESSION #lobby AGENDA SET 1 en :",
        "INVITECODE CREATE name=", "ERASE MESSAGE #lobby ~1 ", "TRANSLATE #lobby ~1 fr human :",
        "DEVICES ADD ",
        "OPER ann :", "PASS ", "VERIFY ann :", "REGISTER * * :", "AUTHENTICATE ", "RESUME TOKEN ", "HELP ",
        "PING ",
        "@+x=", "@label=", "@msgid=", "level=error event=forged ", "CAP REQ :", "USER a 0 * :", "QUERY",
    ]

    /// A connection to the server under test.
    private final class Talker {
        let connection: any TestConnection
        private var count = 0

        init(_ connection: any TestConnection) { self.connection = connection }

        /// Says it, and gives all that came until it had its effect; nil when the server has closed the connection.
        func say(_ bytes: [UInt8]) async -> [String]? {
            count += 1
            connection.send(bytes + Array("\r\nPING done-\(count)\r\n".utf8))
            var heard: [String] = []
            let deadline = DispatchTime.now() + .seconds(30)
            while let lines = await connection.mailbox.takeLines(until: deadline) {
                heard += lines
                if lines.contains(where: { $0.contains("PONG") && $0.hasSuffix(":done-\(count)") }) {
                    return heard
                }
                guard DispatchTime.now() < deadline else { return heard }
            }
            return nil
        }

        func say(_ line: String) async -> [String]? { await say(Array(line.utf8)) }
    }

    private func talker(_ clients: LoopbackClients, _ port: UInt16) async throws -> Talker {
        Talker(try await clients.connect(toPort: port, Arrival()))
    }

    private func member(
        _ clients: LoopbackClients, _ port: UInt16, _ name: String, password: String
    ) async throws -> Talker {
        let talker = try await talker(clients, port)
        _ = await talker.say(
            "CAP REQ :sasl message-tags batch setname plenary.chat/resume plenary.chat/threads")
        let secret = Data("\(name)\0\(name)\0\(password)".utf8).base64EncodedString()
        let answer = await talker.say(
            "AUTHENTICATE PLAIN\r\nAUTHENTICATE \(secret)\r\nNICK \(name)\r\nUSER a 0 * :a")
        #expect(answer?.contains { $0.contains(" 903 ") } == true, "\(answer ?? [])")
        let welcome = await talker.say("CAP END\r\nJOIN #lobby")
        #expect(welcome?.contains { $0.contains(" 001 ") } == true)
        return talker
    }

    private func unthrottled(_ plenaryd: PlenarydProcess) throws {
        let file = plenaryd.folder.appendingPathComponent("plenaryd.yaml")
        var text = try String(contentsOf: file, encoding: .utf8)
        for (key, value) in [
            ("command_burst: 10 ", "command_burst: off "),
            ("open_per_network: 16 ", "open_per_network: 100000 "),
            ("new_per_network: 32 ", "new_per_network: 100000 "),
            ("login_failures: 5 ", "login_failures: off "),
            ("overlong_lines: 3 ", "overlong_lines: 1000 "), ("login_delay: 32s ", "login_delay: 0s "),
        ] {
            #expect(text.contains(key), "\(key)")
            text = text.replacing(key, with: value)
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    @Test func whatIsSaidOverTheWireIsNotInTheServersOutput() async throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        _ = try plenaryd.setUp()
        try unthrottled(plenaryd)
        let (server, log) = try plenaryd.serve("--log-level", "trace")
        defer { if server.isRunning { server.terminate() } }
        let password = "quiet-harbour-\(UUID().uuidString)"
        for name in ["ann", "bob"] {
            let role = name == "ann" ? "secretariat" : "member"
            let added = try plenaryd.run(
                ["account", "add", name, "--role", role, "--password-stdin"], input: password + "\n")
            #expect(added.code == 0, "\(added.errors)")
        }
        let listening = try String(
            contentsOf: plenaryd.folder.appendingPathComponent("listening"), encoding: .utf8)
        let digits = try #require(listening.firstMatch(of: /tls \S+ (\d+)/)).output.1
        let port = try #require(UInt16(digits))
        let clients = try LoopbackClients()
        let word = "zq" + UUID().uuidString.lowercased().filter { $0 != "-" }
        let ann = try await member(clients, port, "ann", password: password)
        let bob = try await member(clients, port, "bob", password: password)
        let token = await ann.say("RESUME TOKEN \(word)") ?? []
        let secrets = token.compactMap { $0.firstMatch(of: /RESUME TOKEN ([0-9a-f]{32,})/)?.output.1 }.map(
            String.init)
        #expect(secrets.count == 1, "\(token)")
        #expect(await bob.say("PRIVMSG #lobby :\(word)") != nil)
        try await sayEverything(word, password, clients, port)
        #expect(await bob.say("PRIVMSG #lobby :still here") != nil)
        var shown = try whatTheServerShows(plenaryd, server)
        kill(server.processIdentifier, SIGTERM)
        server.waitUntilExit()
        await clients.shutdown()
        let written = try String(contentsOf: log, encoding: .utf8)
        shown += written
        #expect(shown.utf8.count > 500)
        let secret = Data("ann\0ann\0\(password)".utf8).base64EncodedString()
        for canary in [word, password, secret, "forged"] + secrets {
            #expect(!shown.contains(canary), "\(canary)")
        }
        for line in written.split(separator: "\n") { #expect(line.hasPrefix("time="), "\(line)") }
        expectHarmless(written)
        // What was stored is printed for who asks for it, and moves nobody's cursor either.
        let dump = try plenaryd.run(["log", "dump", "data"]).output
        #expect(dump.contains(word))
        expectHarmless(dump.replacing("\t", with: " "))
        for line in dump.split(separator: "\n") { #expect(line.first?.isNumber == true, "\(line)") }
    }

    /// Everything hostile in every field, by strangers, who are turned away for much of it, and by a member, for whom
    /// much of it is done.
    private func sayEverything(
        _ word: String, _ password: String, _ clients: LoopbackClients, _ port: UInt16
    ) async throws {
        for isMember in [false, true] {
            func arrive() async throws -> Talker {
                isMember
                    ? try await member(clients, port, "ann", password: password)
                    : try await talker(clients, port)
            }
            // Who is closed for it, as after three wrong passwords, comes again.
            var speaker = try await arrive()
            for field in Self.fields {
                for hostile in Self.hostile {
                    let line = Array(field.utf8) + hostile + Array("\(word) level=error event=forged".utf8)
                    if await speaker.say(line) == nil { speaker = try await arrive() }
                }
            }
            speaker.connection.close()
        }
    }

    /// What an operator's commands print, and what the system shows of the process.
    private func whatTheServerShows(_ plenaryd: PlenarydProcess, _ server: Process) throws -> String {
        var shown = ""
        for words in [
            ["status"], ["status", "--json"], ["account", "list"], ["invite", "list"], ["doctor"], ["reload"],
            ["log", "dump", "data", "--no-text"], ["log", "verify", "data"],
        ] {
            let outcome = try plenaryd.run(words)
            shown += outcome.output + outcome.errors
        }
        for file in ["environ", "cmdline", "status", "comm"] {
            shown += try String(contentsOfFile: "/proc/\(server.processIdentifier)/\(file)", encoding: .utf8)
        }
        return shown
    }

    /// No control, no bidi sign, no separator of lines other than LF.
    private func expectHarmless(_ text: String) {
        let bad = text.unicodeScalars.filter { scalar in
            scalar != "\n" && scalar.value < 32 || (127...159).contains(scalar.value)
                || (0x2028...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
        #expect(bad.isEmpty, "\(Set(bad.map(\.value)))")
    }
}
