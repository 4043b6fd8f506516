// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// Commands against a real server on loopback.
@Suite struct PlenaryServerTests {
    private func guest(_ server: LoopbackServer, _ name: String) -> [String] {
        ["--server", "127.0.0.1:\(server.plainPort)", "--plain-text", "--guest", "--account", name]
    }

    @Test func postPrintsTheMessageIDAloneAndHistoryShowsTheText() async throws {
        let server = try await LoopbackServer.start()
        let stage = try Stage()
        #expect(
            await stage.run(guest(server, "ann") + ["post", "practices", "We use", "the same matrix."]) == 0)
        #expect(stage.outputLines.count == 1)
        #expect(stage.outputLines.first?.utf8.count == 22)
        #expect(stage.errorOutput == "")
        let reader = try Stage()
        #expect(await reader.run(guest(server, "bob") + ["history", "practices"]) == 0)
        let fields = try #require(reader.outputLines.first).split(separator: "\t")
        #expect(reader.outputLines.count == 1)
        #expect(fields.dropFirst() == ["practices", "ann", "We use the same matrix."])
        try await server.stop()
    }

    @Test func longTextsGoAsOneMessage() async throws {
        let server = try await LoopbackServer.start()
        let text = (0..<60).map { "Line \($0): " + String(repeating: "é中", count: 40) }.joined(
            separator: "\n")
        let stage = try Stage(input: text)
        #expect(await stage.run(guest(server, "ann") + ["post", "practices"]) == 0)
        #expect(stage.outputLines.count == 1, "\(stage.errorOutput)")
        let reader = try Stage()
        #expect(await reader.run(guest(server, "bob") + ["history", "--json", "practices"]) == 0)
        #expect(reader.outputLines.count == 1)
        let escaped = text.replacing("\n", with: "\\n")
        #expect(reader.output.contains("\"text\":\"\(escaped)\""))
        try await server.stop()
    }

    @Test func tailEndsAfterTheCountAndBeginsWithWhatWasMissed() async throws {
        let server = try await LoopbackServer.start()
        let stage = try Stage(input: "one\ntwo\nthree\n")
        #expect(await stage.run(guest(server, "ann") + ["post", "--lines", "practices"]) == 0)
        #expect(stage.outputLines.count == 3)
        let tail = try Stage()
        let code = await tail.run(
            guest(server, "bob") + ["tail", "practices", "--since", "1h", "--count", "3"])
        #expect(code == 0)
        #expect(tail.outputLines.map { $0.split(separator: "\t").last } == ["one", "two", "three"])
        try await server.stop()
    }

    @Test func tailWithoutMessagesEndsWithTheCodeOfTimeouts() async throws {
        let server = try await LoopbackServer.start()
        let tail = try Stage()
        #expect(await tail.run(guest(server, "bob") + ["tail", "practices", "--timeout", "200ms"]) == 124)
        try await server.stop()
    }

    @Test func anUnreachableServerIsCode69AndTheQueueKeepsTheMessage() async throws {
        let server = try await LoopbackServer.start()
        let port = server.plainPort
        try await server.stop(keepingData: true)
        let stage = try Stage()
        let options = guest(server, "ann")
        #expect(await stage.run(options + ["post", "practices", "hello"]) == 69)
        #expect(stage.errorOutput.split(separator: "\n").count <= 3)
        #expect(await stage.run(options + ["post", "--queue", "practices", "kept"]) == 75)
        let again = try await LoopbackServer.start(in: server.directory, plainPort: port)
        #expect(await stage.run(options + ["post", "--queue", "practices", "later"]) == 0)
        let reader = try Stage()
        #expect(await reader.run(options + ["history", "practices"]) == 0)
        #expect(reader.outputLines.map { $0.split(separator: "\t").last } == ["kept", "later"])
        try await again.stop()
    }

    @Test func aPinnedServerIsBelievedAndAnotherKeyIsCode80() async throws {
        let server = try await LoopbackServer.start()
        let place = "127.0.0.1:\(server.tlsPort)"
        let good = try Stage()
        let options = ["--server", place, "--guest", "--account", "ann"]
        #expect(await good.run(options + ["--pin", server.publicKeyPin, "post", "practices", "hi"]) == 0)
        let bad = try Stage()
        let other = String(repeating: "00", count: 32)
        #expect(await bad.run(options + ["--pin", other, "post", "practices", "hi"]) == 80)
        let unknown = try Stage()
        #expect(await unknown.run(options + ["post", "practices", "hi"]) == 80)
        #expect(unknown.errorOutput.contains(server.publicKeyPin))
        try await server.stop()
    }

    @Test func joiningMakesADeviceAccountThatNeedsNoPassword() async throws {
        let server = try await LoopbackServer.start()
        let stage = try Stage()
        let link = "plenary://127.0.0.1:\(server.tlsPort)/practices#CODE&pin=sha256:\(server.publicKeyPin)"
        #expect(await stage.run("join", link, "--name", "Amina B., Kenya") == 0, "\(stage.errorOutput)")
        #expect(await stage.run("whoami") == 0, "\(stage.errorOutput)")
        #expect(stage.outputLines.last == "amina.b")
        #expect(await stage.run("post", "practices", "hello") == 0, "\(stage.errorOutput)")
        #expect(await stage.run("devices") == 0, "\(stage.errorOutput)")
        #expect(stage.outputLines.last?.split(separator: "\t").first?.count == 64)
        try await server.stop()
    }

    @Test func theLineModeGreetsSendsAndSaysSent() async throws {
        let server = try await LoopbackServer.start()
        let ann = try Stage()
        #expect(
            await ann.run(guest(server, "ann") + ["post", "practices", "مرحبا \u{1b}[31mred\u{8}\r"]) == 0)
        let chat = try Stage(input: "We use the same matrix.\n/hlep\n/where\n", environment: ["TZ": "UTC"])
        #expect(await chat.run(guest(server, "bob") + ["chat", "practices", "--plain"]) == 0)
        let lines = chat.outputLines
        let greeting = "Connected to 127.0.0.1:\(server.plainPort) as bob. English. Channel practices"
        #expect(lines.contains { $0.hasPrefix(greeting) })
        #expect(lines.contains { $0.hasPrefix("ann: \u{2068}مرحبا [31mred\u{2069} ") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("sent. ") }, "\(lines)")
        #expect(lines.contains("No command /hlep. Did you mean /help? Nothing was sent."))
        let forbidden: Set<UInt8> = [0x1B, 0x0D, 0x08, 0x07]
        #expect(!chat.output.utf8.contains { forbidden.contains($0) })
        try await server.stop()
    }
}
