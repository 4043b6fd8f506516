// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// The document that Plenary grew from, posted paragraph by paragraph by the command line client to the
/// channel of its section, and read back byte for byte: before the server is killed, and after.
@Suite struct SeedTests {
    private static let channels = [
        "I": "lobby", "II": "practices", "III": "t1-institutional-setup", "IV": "hub-feedback",
        "V": "help-desk",
        "VI": "sdg-links",
    ]

    /// Paragraphs in their order, each with its channel.
    private func paragraphs() throws -> [(channel: String, text: String)] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("seed/founding-document.txt")
        let document = try String(contentsOf: file, encoding: .utf8)
        var channel = "lobby"
        var result: [(channel: String, text: String)] = []
        for line in document.components(separatedBy: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else { continue }
            let numeral = String(text.prefix { $0 != "." })
            channel = SeedTests.channels[numeral] ?? channel
            result.append((channel, text))
        }
        return result
    }

    private func options(_ server: PlenarydProcess, pin: String) throws -> [String] {
        let file = server.folder.appendingPathComponent("listening")
        let text = try String(contentsOf: file, encoding: .utf8)
        let port = try #require(text.split(whereSeparator: { !$0.isNumber }).last)
        return ["--server", "127.0.0.1:\(port)", "--pin", pin, "--guest", "--account", "secretariat"]
    }

    private func texts(_ channel: String, _ options: [String]) async throws -> [String] {
        let stage = try Stage()
        let code = await stage.run(options + ["history", channel, "--json"])
        #expect(code == 0, "\(stage.errorOutput)")
        return try stage.outputLines.compactMap { line in
            let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return record?["type"] as? String == "message" ? record?["text"] as? String : nil
        }
    }

    @Test func everyParagraphIsReadBackAsItWasPostedBeforeAndAfterAKill() async throws {
        let server = try PlenarydProcess()
        defer { server.remove() }
        let setup = try server.run(
            "setup", "localhost", "--address", "127.0.0.1", "--port", "0", "--profile", "open",
            "--any-file-system")
        #expect(setup.code == 0, "\(setup.errors)")
        let link = setup.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let pin = try #require(link.components(separatedBy: "&pin=").last)
        let first = try server.serve()
        let options = try options(server, pin: pin)
        let paragraphs = try paragraphs()
        #expect(paragraphs.count > 20)
        for paragraph in paragraphs {
            let stage = try Stage(input: paragraph.text)
            let code = await stage.run(options + ["post", paragraph.channel])
            #expect(code == 0, "\(paragraph.text.prefix(60)): \(stage.errorOutput)")
        }
        try await check(paragraphs, options)
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()
        try FileManager.default.removeItem(at: server.folder.appendingPathComponent("listening"))
        let second = try server.serve()
        try await check(paragraphs, try self.options(server, pin: pin))
        second.process.terminate()
        second.process.waitUntilExit()
        #expect(second.process.terminationStatus == 0)
    }

    private func check(_ paragraphs: [(channel: String, text: String)], _ options: [String]) async throws {
        for channel in Set(paragraphs.map(\.channel)).sorted() {
            let posted = paragraphs.filter { $0.channel == channel }.map(\.text)
            let found = try await texts(channel, options)
            #expect(found == posted, "\(channel)")
        }
    }
}
