// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import Testing

/// Messages of other platforms on the wire (docs/extensions/relay.md).
@Suite struct RelayingTests {
    private static let now = Timestamp(seconds: 1_700_000_000)
    private static let all =
        "batch draft/multiline=max-bytes=4096,max-lines=32 draft/relaymsg=/ echo-message labeled-response"
        + " message-tags server-time"

    private func session(_ offers: String = all) -> ClientSession {
        var session = ClientSession(SessionConfiguration(nickname: "techbot"))
        _ = session.start()
        let names = offers.split(separator: " ").map { $0.split(separator: "=")[0] }
        for line in [
            ":s CAP * LS :\(offers)", ":s CAP * ACK :\(names.joined(separator: " "))",
            ":s 001 techbot :Welcome", ":s 005 techbot CASEMAPPING=ascii CHANTYPES=# :are supported",
            ":s 422 techbot :no motd",
        ] { _ = session.receive(Array((line + "\r\n").utf8), now: RelayingTests.now) }
        return session
    }

    private func post(_ text: String) -> RelayedPost {
        var post = RelayedPost(
            target: "#session", name: "Amina-Diallo/zoom", text: text, token: "t1", origin: "zoom")
        post.originID = "m/1=; x"
        post.originTime = Timestamp(iso8601: "2023-06-23T08:05:00Z".utf8)
        post.language = "fr"
        return post
    }

    private func lines(_ outputs: [SessionOutput]) -> [String] {
        outputs.compactMap {
            if case .send(let bytes) = $0 { String(decoding: bytes.dropLast(2), as: UTF8.self) } else { nil }
        }
    }

    @Test func aLineGoesOutAsRELAYMSGWithItsTags() throws {
        var session = session()
        let sent = lines(try session.relay(post("Bonjour à tous")).outputs)
        #expect(
            sent == [
                #"@+plenary.chat/lang=fr;+plenary.chat/origin=zoom;+plenary.chat/origin-id=m/1=\:\sx;"#
                    + "+plenary.chat/origin-time=2023-06-23T08:05:00.000Z;label=r1;plenary.chat/id=t1"
                    + " RELAYMSG #session Amina-Diallo/zoom :Bonjour à tous"
            ])
    }

    @Test func severalLinesGoOutAsABatchInTheSameName() throws {
        var session = session()
        let sent = lines(try session.relay(post("one\ntwo")).outputs)
        #expect(sent.count == 4)
        #expect(sent[0].contains("+plenary.chat/relayed-as=Amina-Diallo/zoom"))
        #expect(sent[0].hasSuffix("BATCH +m1 draft/multiline #session"))
        #expect(sent[1] == "@batch=m1 PRIVMSG #session :one")
        #expect(sent[3] == "BATCH -m1")
    }

    @Test(arguments: [460, 461, 462]) func aLineAsOthersReceiveItHas512Bytes(count: Int) throws {
        // 512 - `:` - 17 - `!~u@relayed` - ` PRIVMSG ` - 8 - ` :` and CR LF, with one byte in reserve.
        var session = session()
        let sent = lines(try session.relay(post(String(repeating: "x", count: count))).outputs)
        #expect((sent.count == 1) == (count <= 461))
        #expect(sent.allSatisfy { $0.drop { $0 != " " }.utf8.count <= 511 })
    }

    @Test func theEchoAnswersAndTellsWhereItComesFrom() throws {
        var session = session()
        let (id, _) = try session.relay(post("x"))
        let outputs = session.receive(
            Array(
                ("@draft/relaymsg=techbot;label=r1;msgid=m9;time=2023-06-23T08:05:01.000Z;+plenary.chat/origin=zoom"
                    + " :Amina-Diallo/zoom!~u@relayed PRIVMSG #session :x\r\n").utf8), now: RelayingTests.now)
        let replies = outputs.compactMap { output -> Reply? in
            if case .completed(id, let reply) = output { reply } else { nil }
        }
        let echo = try #require(replies.first?.messages.first)
        #expect(echo.id == "m9")
        #expect(echo.relayedBy == "techbot")
        #expect(echo.origin == "zoom")
        #expect(echo.sender.nickname == "Amina-Diallo/zoom")
        #expect(!echo.isOwn)
    }

    @Test func aServerWithoutRelaysIsToldOfAtOnce() {
        var session = session("batch echo-message labeled-response message-tags")
        #expect(throws: ClientError.self) { try session.relay(post("x")) }
        for change: (inout RelayedPost) -> Void in [
            { $0.text = "" }, { $0.text = "\n" }, { $0.text = "a\0" }, { $0.name = "a b" }, { $0.name = "" },
            { $0.target = "#a,#b" }, { $0.token = "" }, { $0.token = String(repeating: "t", count: 65) },
        ] {
            var session = self.session()
            var post = post("x")
            change(&post)
            #expect(throws: ClientError.self) { try session.relay(post) }
        }
    }

    @Test func relayedMessagesArePipelinedWithoutAWindow() throws {
        var stage = EngineStage()
        stage.server.offers.append("draft/relaymsg=/")
        stage.goOnline()
        for number in 1...50 {
            var post = post("x\(number)")
            post.token = "t\(number)"
            stage.perform(stage.engine.relay(UInt64(number), post, stage.now))
        }
        let sent = String(decoding: stage.toServer, as: UTF8.self).split(separator: "\r\n")
        #expect(sent.count == 50)
        #expect(stage.completed.isEmpty)
        stage.breakConnection()
        #expect(stage.completed.count == 50)
    }
}
