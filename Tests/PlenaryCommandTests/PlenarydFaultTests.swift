// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import PlenaryNet
import PlenaryTestKit
import Testing

/// The built `plenaryd` while system calls of its fail (docs/DURABILITY.md, "How a message becomes durable").
@Suite(
    .serialized, .enabled(if: Tracer.isAvailable, "strace is missing, or may not look into processes here"))
struct PlenarydFaultTests {
    /// "the process ends with exit code 74. No second sync is tried … Whoever waited for that group never gets an
    /// answer".
    @Test(arguments: ["fdatasync", "pwrite64"])
    func aFailedCallEndsTheProcessBeforeAnyAnswer(call: String) async throws {
        try await serving { plenaryd, server, guest, _ in
            try #require(try await guest.say("before").acknowledged == ["before"])
            let segment = try newestSegment(plenaryd)
            let tracer = try Tracer(
                server.processIdentifier,
                ["-P", segment, "-e", "trace=fdatasync,fsync,pwrite64", "-e", "inject=\(call):error=EIO"],
                in: plenaryd.folder)
            let answers = try await guest.say("after")
            #expect(answers.isClosed && answers.acknowledged.isEmpty && answers.refused.isEmpty)
            try plenaryd.wait("the server to end") { !server.isRunning }
            #expect(server.terminationReason == .exit && server.terminationStatus == 74)
            let lines = try tracer.lines()
            let failure = try #require(lines.firstIndex { $0.text.contains("(INJECTED)") }, "\(lines)")
            let end = try #require(lines.last { $0.text.contains("+++ exited with 74 +++") }, "\(lines)")
            #expect(end.time - lines[failure].time <= 1)
            let later = lines[(failure + 1)...].filter { $0.text.contains("sync(") }
            #expect(later.isEmpty, "a second sync: \(later)")
            #expect(lines.count { $0.text.contains("sync(") } == (call == "fdatasync" ? 1 : 0))
            #expect(try plenaryd.run("log", "verify", "data").code <= 1)
            #expect(try stored(plenaryd).filter { $0 == "before" }.count == 1)
        }
    }

    /// "new messages are refused with FAIL before they are decided. Connections, history and search go on. It is
    /// looked at again every 2 s".
    @Test(arguments: ["ENOSPC", "EDQUOT"])
    func aFullDiskRefusesMessagesUntilThereIsRoom(error: String) async throws {
        try await serving { plenaryd, server, guest, _ in
            let tracer = try Tracer(
                server.processIdentifier, ["-e", "trace=fallocate", "-e", "inject=fallocate:error=\(error)"],
                in: plenaryd.folder)
            defer { tracer.detach() }
            var told: [String] = []
            var refused: [String] = []
            // A segment of 1 MiB and the one after it were there before the failures.
            for batch in 0..<80 where refused.isEmpty {
                let texts = (0..<50).map { "m\(batch)-\($0) " + String(repeating: "x", count: 400) }
                let answers = try await guest.say(texts)
                #expect(answers.acknowledged.count + answers.refused.count == texts.count)
                told += answers.acknowledged
                refused += answers.refused
            }
            #expect(!told.isEmpty && !refused.isEmpty)
            let again = try await guest.say(["full a", "full b"])
            #expect(again.refused == ["full a", "full b"])
            #expect(server.isRunning)
            tracer.detach()
            let end = Date(timeIntervalSinceNow: 10)
            var isAccepted = false
            while !isAccepted, Date() < end {
                isAccepted = try await guest.say("room").acknowledged == ["room"]
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(isAccepted, "accepting again within 5 s is promised")
            #expect(try plenaryd.run("stop").code == 0)
            server.waitUntilExit()
            #expect(server.terminationStatus == 0)
            #expect(try stored(plenaryd) == told + ["room"])
        }
    }

    /// "What is decided already waits for room, and is acknowledged when it is written … what comes after it is
    /// refused at once".
    @Test(arguments: ["ENOSPC", "EDQUOT"]) func aGroupThatFindsNoRoomEndsNothing(error: String) async throws {
        try await serving { plenaryd, server, guest, other in
            try #require(try await guest.say("before").acknowledged == ["before"])
            let segment = try newestSegment(plenaryd)
            let tracer = try Tracer(
                server.processIdentifier,
                ["-P", segment, "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=\(error)"],
                in: plenaryd.folder)
            defer { tracer.detach() }
            async let decided = guest.say("decided")
            // Several tries: by then it is known that there is no room.
            try await until { try tracer.linesSoFar().count { $0.text.contains("(INJECTED)") } >= 3 }
            #expect(try await other.say(["full a", "full b"]).refused == ["full a", "full b"])
            #expect(server.isRunning)
            tracer.detach()
            #expect(try await decided.acknowledged == ["decided"])
            try await until { try await other.say("room").acknowledged == ["room"] }
            #expect(try plenaryd.run("stop").code == 0)
            server.waitUntilExit()
            #expect(server.terminationStatus == 0)
            #expect(try plenaryd.run("log", "verify", "data").code == 0)
            #expect(try stored(plenaryd) == ["before", "decided", "room"])
        }
    }

    /// "the segment grows on, and nobody is refused".
    @Test(arguments: ["EMFILE", "ENFILE"]) func aLackOfDescriptorsRefusesNothing(error: String) async throws {
        try await serving { plenaryd, server, guest, _ in
            let tracer = try Tracer(
                server.processIdentifier, ["-e", "trace=openat", "-e", "inject=openat:error=\(error)"],
                in: plenaryd.folder)
            defer { tracer.detach() }
            var told: [String] = []
            // More than two segments of 1 MiB.
            for batch in 0..<100 {
                let texts = (0..<50).map { "m\(batch)-\($0) " + String(repeating: "x", count: 400) }
                told += try await guest.say(texts).acknowledged
            }
            #expect(told.count == 5_000 && server.isRunning)
            tracer.detach()
            #expect(
                try tracer.lines().contains { $0.text.contains("data/log") && $0.text.contains("(INJECTED)") }
            )
            #expect(try await guest.say("over").acknowledged == ["over"])
            #expect(try plenaryd.run("stop").code == 0)
            server.waitUntilExit()
            #expect(server.terminationStatus == 0)
            #expect(try stored(plenaryd) == told + ["over"])
        }
    }

    // MARK: The stage

    private func until(_ isMet: () async throws -> Bool) async throws {
        let end = Date(timeIntervalSinceNow: 30)
        while try await !isMet() {
            try #require(Date() < end, "30 seconds are over")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func serving(
        _ body: (PlenarydProcess, Process, FaultGuest, FaultGuest) async throws -> Void
    ) async throws {
        let plenaryd = try PlenarydProcess()
        defer { plenaryd.remove() }
        let setUp = try plenaryd.run(
            "setup", "chat.example.org", "--address", "127.0.0.1", "--port", "0", "--profile", "open",
            "--any-file-system")
        try #require(setUp.code == 0, "\(setUp.errors)")
        let file = plenaryd.folder.appendingPathComponent("plenaryd.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("segment_size: 64MiB", with: "segment_size: 1MiB")
            .replacing("command_burst: 10 ", with: "command_burst: off ")
            // Other tests may keep this one from its turn for longer than a person needs.
            .replacing("registration_timeout: 30s", with: "registration_timeout: 10m")
            .write(to: file, atomically: true, encoding: .utf8)
        let (server, _) = try plenaryd.serve()
        defer { if server.isRunning { server.terminate() } }
        let listening = try String(
            contentsOf: plenaryd.folder.appendingPathComponent("listening"), encoding: .utf8)
        let port = try #require(listening.split(whereSeparator: \.isWhitespace).last.flatMap { UInt16($0) })
        let clients = try LoopbackClients()
        let address = try NetworkAddress(numeric: "127.0.0.1", port: port)
        let guest = FaultGuest(try await clients.connect(to: address, Arrival()), "ann")
        let other = FaultGuest(try await clients.connect(to: address, Arrival()), "bob")
        try await body(plenaryd, server, guest, other)
        await clients.shutdown()
    }

    private func newestSegment(_ plenaryd: PlenarydProcess) throws -> String {
        let folder = plenaryd.folder.appendingPathComponent("data/log")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let name = try #require(names.filter { $0.hasSuffix(".seg") }.max())
        return folder.appendingPathComponent(name).resolvingSymlinksInPath().path
    }

    /// Texts of messages in the log, in its order.
    private func stored(_ plenaryd: PlenarydProcess) throws -> [String] {
        try plenaryd.run("log", "dump", "data").output.split(separator: "\n").compactMap { line in
            line.firstRange(of: " privateMessage #faults: ").map { String(line[$0.upperBound...]) }
        }
    }
}

/// A guest who posts and hears what becomes of it.
private struct FaultGuest {
    struct Answers {
        var acknowledged: [String] = []
        var refused: [String] = []
        var isClosed = false
    }

    private let connection: any TestConnection

    init(_ connection: any TestConnection, _ name: String) {
        self.connection = connection
        let greeting =
            "CAP REQ :message-tags echo-message labeled-response batch\r\nNICK \(name)\r\nUSER \(name) 0 * :Guest\r\n"
            + "CAP END\r\nJOIN #faults\r\n"
        connection.send(Array(greeting.utf8))
    }

    func say(_ text: String) async throws -> Answers { try await say([text]) }

    /// Posts all of them at once, and waits until each is answered and PING too, or the connection ends.
    func say(_ texts: [String]) async throws -> Answers {
        let lines = texts.enumerated().map { "@label=\($0.offset) PRIVMSG #faults :\($0.element)\r\n" }
        connection.send(Array((lines.joined() + "PING over\r\n").utf8))
        var answers = Answers()
        while true {
            guard let heard = await connection.mailbox.takeLines(until: .now() + .seconds(30)) else {
                answers.isClosed = true
                return answers
            }
            try #require(!heard.isEmpty, "30 seconds without an answer")
            for line in heard {
                if line.contains(" PONG "), line.hasSuffix("over") { return answers }
                guard let match = line.firstMatch(of: /^@(?:[^ ]*;)?label=(\d+)[; ]/),
                    let place = Int(match.output.1), texts.indices.contains(place)
                else { continue }
                if line.hasSuffix(" PRIVMSG #faults :\(texts[place])") {
                    answers.acknowledged.append(texts[place])
                }
                if line.contains(" FAIL PRIVMSG STORAGE_FULL ") { answers.refused.append(texts[place]) }
            }
        }
    }
}
