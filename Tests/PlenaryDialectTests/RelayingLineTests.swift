// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// RELAYMSG and RELAY between lines and commands, both ways (docs/extensions/relay.md).
@Suite struct RelayingLines {
    private let stage = Stage()
    private let id = MessageID(high: 1, low: 2)
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

    @Test func relaymsgAndTheTagMeanTheSame() throws {
        let classic = try #require(try posts("RELAYMSG #tea Li/zoom :hello").first)
        let tagged = try #require(
            try posts(
                "@+plenary.chat/relayed-as=Li/zoom;+plenary.chat/origin=zoom;"
                    + "+plenary.chat/origin-id=a\\:b;+plenary.chat/origin-time=2026-11-26T08:15:02.000Z;+x=1 "
                    + "PRIVMSG #tea :hello"
            ).first)
        #expect(classic.relay == RelayedOrigin(name: "Li/zoom"))
        #expect(classic.verb == "RELAYMSG")
        #expect(tagged.relay?.name == "Li/zoom")
        #expect(tagged.relay?.origin == "zoom")
        #expect(tagged.relay?.originID == "a;b")
        #expect(tagged.relay?.originTime == Timestamp(iso8601: Array("2026-11-26T08:15:02.000Z".utf8)[...]))
        // What the server answers for is not passed on as it came.
        #expect(tagged.clientTags == "+x=1")
    }

    /// "On a message that is not relayed they are dropped."
    @Test func provenanceWithoutANameIsDropped() throws {
        let post = try #require(try posts("@+plenary.chat/origin=zoom;+y PRIVMSG #tea :hi").first)
        #expect(post.relay == nil)
        #expect(post.clientTags == "+y")
    }

    @Test(arguments: [
        "+plenary.chat/origin=Zoom", "+plenary.chat/origin-time=yesterday",
        "+plenary.chat/origin-id=" + String(repeating: "x", count: 201),
        "+plenary.chat/origin=" + String(repeating: "x", count: 33),
    ])
    func wrongProvenanceIsRefused(tag: String) throws {
        guard
            case .relaying(verb: "RELAYMSG", code: .invalidOrigin, _)? =
                try request("@\(tag) RELAYMSG #tea Li/zoom :x").refusal
        else {
            Issue.record("\(tag) is taken")
            return
        }
    }

    @Test func longestProvenanceIsTaken() throws {
        let line =
            "@+plenary.chat/origin-id=\(String(repeating: "x", count: 200));"
            + "+plenary.chat/origin=\(String(repeating: "x", count: 32)) RELAYMSG #tea Li/zoom :x"
        #expect(try request(line).refusal == nil)
    }

    @Test func aBlankMessageIsRefusedByItsCode() throws {
        #expect(
            try request("RELAYMSG #tea Li/zoom :").refusal
                == .relaying(verb: "RELAYMSG", code: .blankMessage, context: []))
    }

    @Test func countersAreRead() throws {
        let request = try request("RELAY #tea BEAT in=412;duplicate=3;private-dropped=2;later=9;refused=1")
        guard case .relaying(.beat(let channel, let counters))? = request.commands.first else {
            Issue.record("no beat")
            return
        }
        #expect(channel == "#tea")
        #expect(counters.received == 412 && counters.duplicate == 3 && counters.privateDropped == 2)
        #expect(counters.late == 0 && counters.refused == 1)
        #expect(
            try self.request("RELAY #tea BEAT in=-1").refusal
                == .relaying(verb: "RELAY", code: .invalidParameters, context: ["in=-1"]))
    }

    /// "Whoever negotiated it gets the tag …, with message-tags or without."
    @Test func theTagReachesWhoeverKnowsTheCapability() {
        let message = MessagePosted(
            conversation: .channel(ChannelID(1)), target: "#tea", kind: .privateMessage,
            actor: Actor(source: "Li/zoom!~u@relayed", account: nil, accountName: nil),
            lines: [MessageLine("hi")],
            relay: MessageRelay(
                account: AccountID(1), nickname: "tec", origin: "zoom", originID: "m 1", originTime: time,
                isLate: true))
        func rendered(_ capabilities: Capabilities) -> [String] {
            stage.dialect.render(message, id: id, time: time, to: capabilities).map {
                String(decoding: $0.encoded().dropLast(2), as: UTF8.self)
            }
        }
        #expect(rendered([]) == [":Li/zoom!~u@relayed PRIVMSG #tea :hi"])
        #expect(rendered(.relayMessages) == ["@draft/relaymsg=tec :Li/zoom!~u@relayed PRIVMSG #tea :hi"])
        #expect(
            rendered(.messageTags) == [
                "@msgid=\(id.text);+plenary.chat/origin=zoom;+plenary.chat/origin-id=m\\s1;"
                    + "+plenary.chat/origin-time=\(time.iso8601);plenary.chat/late "
                    + ":Li/zoom!~u@relayed PRIVMSG #tea :hi"
            ])
    }
}
