// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// A practitioner asks for a practice and gets it, with real servers: by thread, marks, reading state,
/// search and export.
@Suite struct PlenaryFlowTests {
    /// Somebody with an account and a device key.
    private func person(_ name: String, on server: LoopbackServer) async throws -> Stage {
        let stage = try Stage(environment: ["TZ": "UTC"])
        let link = "plenary://127.0.0.1:\(server.tlsPort)/practices#CODE&pin=sha256:\(server.publicKeyPin)"
        let code = await stage.run("join", link, "--name", name)
        #expect(code == 0, "\(stage.errorOutput)")
        stage.forget()
        return stage
    }

    /// What a command prints on standard output, as lines of fields.
    private func fields(
        _ stage: Stage, _ arguments: String..., code expected: Int32 = 0
    ) async -> [[String]] {
        stage.forget()
        let code = await stage.run(arguments)
        #expect(code == expected, "\(arguments): \(stage.errorOutput)")
        return stage.outputLines.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func aQuestionIsAskedAnsweredReadFoundAndKept() async throws {
        let server = try await LoopbackServer.start()
        let amina = try await person("Amina", on: server)
        let bo = try await person("Bo", on: server)
        let question = await fields(
            amina, "post", "practices", "-t", "Indicateurs", "--kind", "question", "--lang", "fr",
            "Qui a appliqué A/HRC/50/64 ?")
        let questionID = try #require(question.first?.first)
        #expect(amina.errorOutput.contains("references from the text: doc:A/HRC/50/64"))
        // Bo sees that something is unread, reads it and answers.
        let unread = await fields(bo, "unread")
        #expect(unread == [["practices/1", "1", "", "Indicateurs"]])
        let read = await fields(bo, "read", "practices/1")
        #expect(read.map { $0.last } == ["Qui a appliqué A/HRC/50/64 ?"])
        _ = await fields(bo, "unread", code: 1)
        let answer = await fields(
            bo, "post", "practices", "--thread", "1", "--reply", questionID, "--kind", "practice", "--ref",
            "A/HRC/50/64", "@amina Paraguay: SIMORE depuis 2014.")
        let answerID = try #require(answer.first?.first)
        _ = await fields(amina, "thread", "answer", "practices/1", answerID)
        let mine = await fields(amina, "unread")
        #expect(mine == [["practices/1", "1", "1", "Indicateurs"]])
        // The thread, in order and marked.
        let shown = await fields(bo, "thread", "show", "practices/1")
        #expect(shown.map { $0.dropFirst(2).first } == ["amina", "bo"])
        #expect(shown.first?.last == "question, fr, doc:A/HRC/50/64")
        #expect(shown.last?.last == "accepted answer, practice, doc:A/HRC/50/64")
        let listed = await fields(bo, "threads", "practices")
        #expect(
            listed.map { [$0[0], $0[1], $0[2], $0[5]] } == [["practices/1", "open", "2", "Indicateurs"]])
        // Both are found by what they are about, one by its language.
        let found = await fields(bo, "search", "--ref", "A/HRC/50/64", "--json")
        #expect(found.count == 2)
        #expect(found.first?.first?.contains(answerID) == true)
        let french = await fields(bo, "search", "appliqué", "--lang", "fr", "--in", "practices/1")
        #expect(french.count == 1)
        _ = await fields(bo, "search", "nonexistent", code: 1)
        // Marked as read at once, and no more unread.
        _ = await fields(amina, "unread", "--mark-read", "practices")
        _ = await fields(amina, "unread", code: 1)
        _ = await fields(amina, "thread", "close", "practices/1", "answered")
        _ = await fields(bo, "post", "practices/1", "late", code: 77)
        try await server.stop()
    }

    @Test func theLineModeEntersAThreadAndSpeaksThere() async throws {
        let server = try await LoopbackServer.start()
        let amina = try await person("Amina", on: server)
        _ = await fields(amina, "post", "practices", "-t", "Follow-up tracking", "How do you follow?")
        let bo = try await person("Bo", on: server)
        let chat = try Stage(
            input: "/threads\n/thread 1\nWe use a matrix.\n/r And you?\n/channel\n/where\n/thread 9\n",
            home: bo.home, environment: ["TZ": "UTC"])
        let code = await chat.run("chat", "practices", "--plain")
        #expect(code == 0, "\(chat.errorOutput)")
        let lines = chat.outputLines
        #expect(lines.contains { $0.hasPrefix("amina, in thread 1 Follow-up tracking: How do you follow? ") })
        #expect(
            lines.contains { $0.hasPrefix("thread 1 Follow-up tracking, 1 message. ") }, "\(lines)")
        #expect(
            lines.contains(
                "Now in thread 1 Follow-up tracking, 1 message. What you type goes there. To go back: /channel"
            ),
            "\(lines)")
        #expect(lines.count { $0.hasPrefix("sent, thread 1. ") } == 2, "\(lines)")
        #expect(lines.contains("Now in channel practices."))
        #expect(lines.contains { $0.hasPrefix("Not entered: ") })
        #expect(!chat.output.utf8.contains { [0x1B, 0x0D, 0x08, 0x07].contains($0) })
        let shown = await fields(amina, "thread", "practices/1")
        #expect(
            shown.map { $0.dropFirst(3).first } == ["How do you follow?", "We use a matrix.", "And you?"])
        try await server.stop()
    }

    @Test func anExportIsTheSameBytesAfterAKill() async throws {
        let server = try PlenarydProcess()
        defer { server.remove() }
        let setup = try server.run(
            "setup", "localhost", "--address", "127.0.0.1", "--port", "0", "--profile", "open",
            "--any-file-system")
        #expect(setup.code == 0, "\(setup.errors)")
        let link = setup.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let pin = try #require(link.components(separatedBy: "&pin=").last)
        func options() throws -> [String] {
            let file = server.folder.appendingPathComponent("listening")
            let text = try String(contentsOf: file, encoding: .utf8)
            let port = try #require(text.split(whereSeparator: { !$0.isNumber }).last)
            return ["--server", "127.0.0.1:\(port)", "--pin", pin, "--guest", "--account", "secretariat"]
        }
        func exports() async throws -> [String] {
            var texts: [String] = []
            for format in ["md", "html", "jsonl"] {
                for place in ["practices", "practices/1"] {
                    let stage = try Stage()
                    let code = await stage.run(try options() + ["export", place, "--format", format])
                    #expect(code == 0, "\(stage.errorOutput)")
                    texts.append(stage.output)
                }
            }
            return texts
        }
        let first = try server.serve()
        let posts: [[String]] = [
            ["practices", "Всем добрый день"], ["practices", "-t", "متابعة", "--lang", "ar", "كيف نتابع؟"],
            ["practices/1", "--lang", "zh", "我们每季度更新共享矩阵。"], ["practices", "main line again"],
        ]
        for words in posts {
            let stage = try Stage()
            let code = await stage.run(try options() + ["post"] + words)
            #expect(code == 0, "\(stage.errorOutput)")
        }
        let before = try await exports()
        #expect(before.allSatisfy { $0.contains("我们每季度更新共享矩阵。") })
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()
        try FileManager.default.removeItem(at: server.folder.appendingPathComponent("listening"))
        let second = try server.serve()
        let after = try await exports()
        #expect(after == before)
        second.process.terminate()
        second.process.waitUntilExit()
    }
}
