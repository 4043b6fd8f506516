// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// PRIVMSG, NOTICE, TAGMSG, BATCH and CHATHISTORY between lines and commands, both ways.
@Suite struct MessageLines {
    private let stage = Stage()
    private let id = MessageID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    private let time = Timestamp(microseconds: 1_700_000_000_123_456)

    private func request(_ line: String) throws -> Request {
        let parsed = try #require(try Line.parse(Array(line.utf8), limits: .fromClient))
        return Dialect.interpret(parsed)
    }

    private func posts(_ line: String) throws -> [PostedText] {
        try request(line).commands.compactMap {
            if case .messaging(.post(let text)) = $0 { text } else { nil }
        }
    }

    private func message(
        _ lines: [MessageLine], kind: MessageKind = .privateMessage, tags: Text = ""
    ) -> MessagePosted {
        let actor = Actor(
            source: "ann!~ann@h.member", account: AccountID(1), accountName: "ann", isBot: false)
        return MessagePosted(
            conversation: .channel(ChannelID(1)), target: "#tea", kind: kind, actor: actor, clientTags: tags,
            lines: lines)
    }

    private func rendered(_ message: MessagePosted, _ capabilities: Capabilities) -> [String] {
        stage.dialect.render(message, id: id, time: time, to: capabilities).map {
            String(decoding: $0.encoded().dropLast(2), as: UTF8.self)
        }
    }

    // MARK: To commands

    @Test func eachTargetIsAMessageOfItsOwn() throws {
        #expect(try posts("PRIVMSG #a,bob,,#c :x y").map(\.target) == ["#a", "bob", "#c"])
        #expect(try posts("privmsg #a x").map(\.text) == ["x"])
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(try request("PRIVMSG").refusal == .noRecipient(verb: "PRIVMSG"))
        #expect(try request("PRIVMSG ,, :x").refusal == .noRecipient(verb: "PRIVMSG"))
        #expect(try request("NOTICE #a").refusal == .noTextToSend)
        #expect(try request("PRIVMSG #a :").refusal == .noTextToSend)
    }

    /// IRCv3 message-tags, "Rules for servers": servers must not relay tags without `+` from clients.
    @Test func onlyClientTagsWithGoodNamesAreKept() throws {
        let line = "@time=x;+draft/reply=123;msgid=1;+a.b/c-d=e\\sf;+;+x\u{7F}y=1 TAGMSG #a"
        #expect(try posts(line).map(\.clientTags) == ["+draft/reply=123;+a.b/c-d=e\\sf"])
    }

    /// A token names one message, so it cannot stand on a line that makes several.
    @Test func aTokenWithSeveralTargetsIsRefused() throws {
        #expect(try posts("@plenary.chat/id=t PRIVMSG #a :x").map(\.clientToken) == ["t"])
        #expect(
            try request("@plenary.chat/id=t PRIVMSG #a,#b :x").refusal == .invalidClientToken(verb: "PRIVMSG")
        )
    }

    @Test func aLineOfAnOpenBatchCostsNoCommandToken() throws {
        #expect(try request("@batch=1 PRIVMSG #a :x").cost == 0)
        #expect(try request("PRIVMSG #a :x").cost == 1)
        #expect(try request("NOSUCH").cost == 1)
    }

    // MARK: CHATHISTORY

    @Test func subcommandsAndBoundsAreRead() throws {
        for line in [
            "CHATHISTORY LATEST #a * 10", "chathistory latest #a timestamp=2023-06-23T08:00:00.123Z 10",
            "CHATHISTORY BEFORE #a msgid=\(id.text) 1",
            "CHATHISTORY AFTER bob timestamp=2023-06-23T08:00:00Z 100",
            "CHATHISTORY AROUND #a msgid=\(id.text) 3",
            "CHATHISTORY BETWEEN #a msgid=\(id.text) timestamp=2023-06-23T08:00:00Z 5",
            "CHATHISTORY TARGETS timestamp=2023-06-23T08:00:00Z timestamp=2024-06-23T08:00:00Z 5",
        ] {
            let request = try request(line)
            #expect(request.refusal == nil, "\(line)")
            #expect(request.commands.count == 1, "\(line)")
        }
    }

    @Test(arguments: [
        ("CHATHISTORY", "INVALID_PARAMS"), ("CHATHISTORY LATEST", "INVALID_PARAMS"),
        ("CHATHISTORY LATEST #a", "INVALID_PARAMS"), ("CHATHISTORY LATEST #a *", "INVALID_PARAMS"),
        ("CHATHISTORY LATEST #a * 0", "INVALID_PARAMS"), ("CHATHISTORY LATEST #a * -1", "INVALID_PARAMS"),
        ("CHATHISTORY LATEST #a * x", "INVALID_PARAMS"),
        ("CHATHISTORY LATEST #a * 99999999999999999999", "INVALID_PARAMS"),
        ("CHATHISTORY BEFORE #a timestamp=yesterday 1", "INVALID_PARAMS"),
        ("CHATHISTORY BEFORE #a msgid=short 1", "MESSAGE_ERROR"),
        ("CHATHISTORY BEFORE #a id=1 1", "INVALID_MSGREFTYPE"),
        ("CHATHISTORY BEFORE #a * 1", "INVALID_MSGREFTYPE"),
        ("CHATHISTORY NOSUCH #a * 1", "UNKNOWN_COMMAND"),
    ])
    func eachMistakeHasItsCode(line: String, code: String) throws {
        let refusal = try #require(try request(line).refusal)
        let lines = stage.dialect.render(refusal, to: stage.session, in: stage.community)
        #expect(lines.map { $0.parameters.prefix(2).map(\.string) } == [["CHATHISTORY", code]])
    }

    // MARK: To lines

    @Test func aLineHasExactlyTheTagsThatWereNegotiated() {
        let one = message([MessageLine("hi")], tags: "+draft/reply=x;+y")
        #expect(rendered(one, []) == [":ann!~ann@h.member PRIVMSG #tea :hi"])
        #expect(
            rendered(one, [.serverTime]) == [
                "@time=2023-11-14T22:13:20.123Z :ann!~ann@h.member PRIVMSG #tea :hi"
            ])
        #expect(rendered(one, [.accountTag]) == ["@account=ann :ann!~ann@h.member PRIVMSG #tea :hi"])
        #expect(
            rendered(one, [.messageTags]) == [
                "@msgid=\(id.text);+draft/reply=x;+y :ann!~ann@h.member PRIVMSG #tea :hi"
            ])
        #expect(rendered(message([], kind: .tagOnly, tags: "+y"), [.serverTime]) == [])
    }

    /// IRCv3 multiline, "Fallback": no blank lines; message ids on the first line only, and the client's tags; "tags
    /// MAY also be included on subsequent lines where it makes sense". Never the concat tag.
    @Test func withoutMultilineABatchFallsIntoItsLines() {
        let lines = [
            MessageLine(""), MessageLine("one"), MessageLine(""), MessageLine("two"),
            MessageLine(" more", isConcatenated: true),
        ]
        let source = ":ann!~ann@h.member PRIVMSG #tea :"
        #expect(
            rendered(message(lines, tags: "+y"), [.messageTags, .batch]) == [
                "@msgid=\(id.text);+y \(source)one", "\(source)two", "\(source) more",
            ])
        #expect(rendered(message(lines), []) == ["\(source)one", "\(source)two", "\(source) more"])
        // `batch` is needed as well (IRCv3 multiline, "Dependencies").
        #expect(rendered(message(lines), [.multiline]) == ["\(source)one", "\(source)two", "\(source) more"])
    }

    /// IRCv3 multiline and batch: id, time and client tags on the opening line, the reference of letters,
    /// digits and hyphens, closed by the server.
    @Test func withMultilineItIsOneBatch() throws {
        let lines = [MessageLine("one"), MessageLine(""), MessageLine("two", isConcatenated: true)]
        let found = rendered(message(lines, tags: "+y"), [.messageTags, .batch, .multiline, .serverTime])
        #expect(found.count == 5)
        let opening = try #require(try Line.parse(Array(found[0].utf8), limits: .fromServer))
        let reference = try #require(opening.parameters.first?.string.dropFirst())
        #expect(
            reference.utf8.allSatisfy {
                $0 == 45 || ($0 >= 48 && $0 <= 57) || ($0 | 32 >= 97 && $0 | 32 <= 122)
            })
        #expect(opening.tags.map(\.key) == ["time", "msgid", "+y"])
        #expect(opening.parameters.dropFirst() == ["draft/multiline", "#tea"])
        #expect(
            Array(found[1...]) == [
                "@batch=\(reference) :ann!~ann@h.member PRIVMSG #tea :one",
                "@batch=\(reference) :ann!~ann@h.member PRIVMSG #tea :",
                "@batch=\(reference);draft/multiline-concat :ann!~ann@h.member PRIVMSG #tea :two",
                ":plenary.test BATCH -\(reference)",
            ])
    }

    /// IRCv3 batch, "Nested batch": start and end of the inner batch name the outer one, its lines the inner.
    @Test func inHistoryAMultilineBatchIsNested() throws {
        let event = Event.messagePosted(message([MessageLine("one"), MessageLine("two")]))
        let logged = LoggedEvent(offset: Offset(1), time: time, event: event)
        var session = stage.session
        session.capabilities = [.batch, .multiline, .messageTags]
        let lines = stage.dialect.renderHistory(
            [(logged, id)], target: "#TEA", reference: "h1", to: session, in: stage.community)
        let batches = lines.map { line in line.tagValue("batch")?.string ?? "" }
        let inner = try #require(lines[1].parameters.first?.string.dropFirst())
        #expect(lines.map(\.verb) == ["BATCH", "BATCH", "PRIVMSG", "PRIVMSG", "BATCH", "BATCH"])
        #expect(batches == ["", "h1", String(inner), String(inner), "h1", ""])
        #expect(lines[0].parameters == ["+h1", "chathistory", "#TEA"])
    }

    /// ux.md 1: a frame line before and after, and a stamp in the text where no tag tells the time.
    @Test func aReplayIsFramedAndStampedForPlainClients() {
        let events = [
            message([MessageLine("hi")]), message([MessageLine("\u{1}ACTION waves\u{1}")]),
            message([MessageLine(Text([UInt8](repeating: 120, count: 470)))]),
        ].map { (event: LoggedEvent(offset: Offset(1), time: time, event: .messagePosted($0)), id: id) }
        var session = stage.session
        session.capabilities = [.serverTime]
        let lines = stage.dialect.renderReplay(
            events, channel: "#tea", to: session, in: stage.community)
        #expect(lines.map(\.verb) == ["NOTICE", "PRIVMSG", "PRIVMSG", "PRIVMSG", "NOTICE"])
        #expect(lines[1].parameters.last == "[14 Nov 22:13] hi")
        #expect(lines[2].parameters.last == "\u{1}ACTION [14 Nov 22:13] waves\u{1}")
        for line in lines {
            var bytes: [UInt8] = []
            line.encodeBody(into: &bytes)
            #expect(bytes.count <= 512)
        }
        session.capabilities = [.serverTime, .messageTags]
        let tagged = stage.dialect.renderReplay(
            events, channel: "#tea", to: session, in: stage.community)
        #expect(tagged[1].parameters.last == "hi")
        #expect(stage.dialect.renderReplay([], channel: "#tea", to: session, in: stage.community).isEmpty)
    }
}
