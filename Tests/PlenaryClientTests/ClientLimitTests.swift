// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import PlenaryTestKit
import Testing

/// What a client keeps of what a hostile or broken server says: at the limit, one above, and a hundred times above.
@Suite struct ClientLimitTests {
    /// A session that has been welcomed, and what it said of what it heard.
    private struct Talk {
        var session = ClientSession(SessionConfiguration(nickname: "ann"))
        var sent: [String] = []
        var malformedLineCount = 0
        var lineTextCount = 0
        var ended: ClientError?

        init(_ capabilities: String? = "batch message-tags") {
            note(session.start())
            guard let capabilities else { return }
            hear([
                ":s CAP * LS :\(capabilities)", ":s CAP * ACK :\(capabilities)",
                ":s 001 ann :Welcome ann!~a@host", ":s 005 ann CASEMAPPING=ascii :are supported",
                ":s 422 ann :no motd",
            ])
        }

        mutating func hear(_ lines: [String]) {
            let bytes = Array(lines.map { $0 + "\r\n" }.joined().utf8)
            note(session.receive(bytes, now: Timestamp(seconds: 1_700_000_000)))
        }

        private mutating func note(_ outputs: [SessionOutput]) {
            for output in outputs {
                switch output {
                case .send(let bytes): sent.append(String(decoding: bytes.dropLast(2), as: UTF8.self))
                case .event(.malformedLine): malformedLineCount += 1
                case .event(.message(let message)): lineTextCount += message.text.utf8.count
                case .event, .completed: break
                case .ended(let error): ended = error
                }
            }
        }
    }

    @Test(arguments: [8192, 8193, 819_200]) func aLineHasAtMost8192Bytes(byteCount: Int) {
        var talk = Talk()
        let start = ":bob!b@h PRIVMSG ann :"
        let text = byteCount - start.utf8.count - 2
        talk.hear([start + String(repeating: "x", count: text)])
        #expect(talk.lineTextCount == (byteCount <= 8192 ? text : 0))
        #expect(talk.malformedLineCount == (byteCount <= 8192 ? 0 : 1))
        talk.hear([start + "x"])
        #expect(talk.lineTextCount == (byteCount <= 8192 ? text + 1 : 1), "the next line is read")
    }

    @Test func openBatchesHaveAtMost20000Lines() {
        var talk = Talk()
        talk.hear([":s BATCH +a netjoin", ":s BATCH +b netjoin"])
        talk.hear((0..<20_000).map { "@batch=\($0 % 2 == 0 ? "a" : "b") :s NOTICE ann :\($0)" })
        #expect(talk.ended == nil)
        talk.hear([":s BATCH -a"])
        #expect(talk.ended == nil)
        talk.hear(["@batch=b :s NOTICE ann :one more"])
        guard case .protocolViolation = talk.ended else {
            Issue.record("\(String(describing: talk.ended))")
            return
        }
    }

    @Test func aChannelHasAtMost100000Members() {
        var talk = Talk()
        talk.hear([":ann!~a@host JOIN #c"])
        for start in stride(from: 0, to: 100_500, by: 500) {
            let names = (start..<start + 500).map { "n\($0)" }.joined(separator: " ")
            talk.hear([":s 353 ann = #c :\(names)"])
            #expect(talk.session.channels["#c"]?.members.count == min(100_000, start + 501), "with ann")
        }
        talk.hear([":n1!n@h PART #c", ":late!l@h JOIN #c"])
        #expect(talk.session.channels["#c"]?.members["late"] != nil, "there is room again")
    }

    @Test func atMost4096ChannelsAreKnown() {
        var talk = Talk()
        for start in stride(from: 0, to: 409_600, by: 4096) {
            talk.hear((start..<start + 4096).map { ":ann!~a@host JOIN #\($0)" })
            #expect(talk.session.channels.count == 4096)
        }
        #expect(talk.session.channels["#4095"] != nil && talk.session.channels["#4096"] == nil)
    }

    @Test(arguments: [511, 512, 51_200]) func atMost512CapabilitiesAreKept(count: Int) {
        var talk = Talk(nil)
        let names = (0..<count).map { "x\($0)" }
        for start in stride(from: 0, to: count, by: 512) {
            talk.hear([
                ":s CAP * LS * :" + names[start..<min(count, start + 512)].joined(separator: " ")
            ])
        }
        talk.hear([":s CAP * LS :message-tags"])
        #expect(talk.session.offeredCapabilities.count == 512)
        #expect(talk.sent.contains("CAP REQ :message-tags") == (count < 512))
        #expect(talk.malformedLineCount == 0)
    }

    @Test(arguments: [511, 512, 51_200]) func atMost512FeaturesAreKept(count: Int) {
        var talk = Talk()
        // The one that is known already is said in the welcome.
        let names = (1..<count).map { "X\($0)=y" }
        for start in stride(from: 0, to: names.count, by: 10) {
            let some = names[start..<min(names.count, start + 10)].joined(separator: " ")
            talk.hear([":s 005 ann \(some) :are supported"])
        }
        talk.hear([":s 005 ann CHANTYPES=! :are supported"])
        #expect(talk.session.features.tokens.count == min(512, count + 1))
        #expect(talk.session.features.isChannel("!c") == (count < 512))
    }

    @Test(arguments: [(65_536, 65_537), (65_537, 1), (6_553_600, 65_537)])
    func aRowHasAtMost65536BytesBeforeItsEnd(byteCount: Int, whole: Int) {
        var rows = Rows()
        func line(_ mark: String, _ piece: String) -> ServerLine {
            ServerLine(verb: "FORM", parameters: ["f", "ANSWER", mark, piece])
        }
        var rest = byteCount
        while rest > 0 {
            let piece = String(repeating: "k", count: min(rest, 8192))
            #expect(rows.take(line("+", piece)) == nil)
            rest -= piece.count
        }
        // What is dropped is the beginning; the row that ends is what came since, never more than the limit.
        let row = rows.take(line(".", "k"))
        #expect(row?.values.keys.first?.utf8.count == whole)
    }

    // MARK: Conversations

    private func line(_ id: String, by nickname: String = "bob", in target: String = "#c") -> String {
        "@msgid=\(id);time=2023-11-14T22:14:00.000Z :\(nickname)!b@h PRIVMSG \(target) :text"
    }

    @Test func amongThe8192NewestIDsAMessageIsRecognised() {
        var stage = EngineStage()
        stage.goOnline()
        func count(_ ids: [String]) -> Int {
            let before = stage.messages.count
            stage.hear(ids.map { line($0) }.joined(separator: "\r\n"))
            return stage.messages.count - before
        }
        #expect(count(["m0"] + (1..<8192).map { "m\($0)" }) == 8192)
        #expect(count(["m0"]) == 0)
        #expect(count(["m8192"]) == 1)
        #expect(count(["m0"]) == 1, "the oldest one is forgotten")
        #expect(count(["m2"]) == 0)
    }

    @Test func ofManyMessagesDuringASyncAGapIsReported() {
        var stage = EngineStage()
        stage.goOnline()
        stage.say("before")
        stage.settle()
        stage.breakConnection()
        stage.wait(seconds: 1)
        stage.connect()
        for _ in 0..<100 where !stage.server.received.contains(where: { $0.contains("CHATHISTORY AFTER") }) {
            stage.move(toServer: 0)
            stage.move(toClient: 0)
        }
        stage.dropBytes()
        let before = stage.messages.count
        for start in stride(from: 0, to: 9999, by: 1111) {
            stage.hear((start..<start + 1111).map { line("l\($0)") }.joined(separator: "\r\n"))
        }
        #expect(stage.messages.count == before, "they wait for what was said before them")
        #expect(stage.gaps.isEmpty)
        stage.hear(line("last"))
        #expect(stage.messages.count == before + 10_000)
        #expect(stage.gaps.map(\.conversation) == ["#c"])
    }

    @Test func thePlacesOf4096ConversationsAreKept() {
        var stage = EngineStage()
        stage.goOnline()
        // `#c` is one.
        for start in stride(from: 0, to: 4095, by: 585) {
            let lines = (start..<start + 585).map { line("p\($0)", by: "n\($0)", in: "ann") }
            stage.hear(lines.joined(separator: "\r\n"))
        }
        let before = stage.messages.count
        #expect(before == 4095)
        stage.hear(line("p4094", by: "n4094", in: "ann"))
        #expect(stage.messages.count == before, "it is known")
        for _ in 0..<100 { stage.hear(line("p4095", by: "n4095", in: "ann")) }
        #expect(stage.messages.count == before + 100, "it is told, and not remembered")
    }

    // MARK: The application

    /// Whoever takes no events has 65,536 of them, and then the reason why it ended.
    @Test(arguments: [65_000, 65_536, 70_000]) func anApplicationThatTakesNoEventsIsLeft(
        count: Int
    ) async throws {
        let server = ScriptedTransport([])
        let connection = try await server.connect()
        for start in stride(from: 0, to: count, by: 1000) {
            let lines = (start..<min(count, start + 1000)).map { line("e\($0)") }
            server.say(lines.joined(separator: "\r\n"))
        }
        guard count >= 65_536 else {
            try await connection.waitUntilOnline()
            #expect(await connection.isOnline)
            await connection.close()
            return
        }
        await #expect(throws: ClientError.eventsNotTaken(limit: 65_536)) {
            try await connection.waitUntilOnline()
        }
        var kept = 0
        for await _ in connection.events { kept += 1 }
        #expect(kept == 65_536)
    }
}
