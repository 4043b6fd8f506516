// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// PRIVMSG, NOTICE, TAGMSG with their tags, echoes and labels.
struct MessagingTranscripts {
    private static let full = [
        "message-tags", "server-time", "batch", "labeled-response", "echo-message", "account-tag",
    ]

    /// IRCv3 message-ids and server-time; conformance.md 9: the same id and time live, in the echo and
    /// for every reader; no tag without its capability.
    @Test(arguments: Transport.allCases)
    func echoAndCopiesHaveOneIdAndOneTime(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MessagingTranscripts.full, ["message-tags", "server-time"])
            let eve = try await script.register("eve")
            eve.send("JOIN #tea")
            await eve.drain()
            await ann.drain()
            await bob.drain()
            ann.send("@label=l1;+draft/reply=123;+custom=x;notclient=y PRIVMSG #TEA :hello")
            try await ann.expect(
                "@label=l1;msgid=<id>;time=<time>;+draft/reply=123;+custom=x :ann!* PRIVMSG #tea :hello")
            try await bob.expect(
                "@msgid=<id>;time=<time>;+draft/reply=123;+custom=x :ann!* PRIVMSG #tea :hello")
            try await eve.expect(":ann!~ann@* PRIVMSG #tea :hello")
        }
    }

    /// IRCv3 echo-message: "servers MUST NOT" echo without it; modern.ircd.chat: the sender gets no copy.
    @Test(arguments: Transport.allCases)
    func withoutEchoMessageTheSenderHearsNothing(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            ann.send("PRIVMSG #tea :one", "NOTICE #tea :two", "PRIVMSG bob :three")
            try await bob.expect(
                ":ann!* PRIVMSG #tea :one", ":ann!* NOTICE #tea :two", ":ann!* PRIVMSG bob :three")
            try await ann.expectNothing()
        }
    }

    /// IRCv3 labeled-response: "Servers MUST include the tag in exactly one logical message"; `ACK` when
    /// there is nothing else; a batch when there are several lines.
    @Test(arguments: Transport.allCases)
    func aLabelIsAnsweredExactlyOnce(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: MessagingTranscripts.full)
            let plain = try await script.register("plain", capabilities: ["labeled-response", "batch"])
            ann.send("JOIN #tea")
            await ann.drain()
            ann.send("@label=a NOTICE nobody :x", "@label=b PRIVMSG nobody :x")
            try await ann.expect("@label=a :srv ACK", "@label=b :srv 401 ann nobody :*")
            ann.send("@label=c PRIVMSG #tea,plain,nobody :x")
            try await ann.expect(
                "@label=c :srv BATCH +<ref> labeled-response",
                "@batch=<ref>;msgid=<m1>;time=<t1> :ann!* PRIVMSG #tea :x",
                "@batch=<ref>;msgid=<m2>;time=<t2> :ann!* PRIVMSG plain :x",
                "@batch=<ref> :srv 401 ann nobody :*",
                ":srv BATCH -<ref>")
            try await plain.expect(":ann!* PRIVMSG plain :x")
            plain.send(
                "@label=d PRIVMSG ann :x", "@label=\(String(repeating: "x", count: 65)) PRIVMSG ann :y")
            try await plain.expect("@label=d :srv ACK")
            try await plain.expectNothing()
        }
    }

    /// IRCv3 labeled-response: "When a client sends a message to itself, the server MUST NOT include the
    /// label tag, except for any acknowledgment sent with the echo-message mechanism."
    @Test(arguments: Transport.allCases)
    func aMessageToOneselfComesTwiceAndOnceWithTheLabel(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: MessagingTranscripts.full)
            ann.send("@label=x PRIVMSG ann :note")
            try await ann.expectInAnyOrder(
                "@msgid=<id>;time=<time> :ann!* PRIVMSG ann :note",
                "@label=x;msgid=<id>;time=<time> :ann!* PRIVMSG ann :note")
            ann.send("PRIVMSG ann :again")
            try await ann.expect("@* :ann!* PRIVMSG ann :again", "@* :ann!* PRIVMSG ann :again")
        }
    }

    /// IRCv3 message-tags, "The TAGMSG tag-only message": delivered to those with the capability only,
    /// with an id; echoed; without text.
    @Test(arguments: Transport.allCases)
    func tagmsgReachesThoseWithTheCapabilityOnly(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MessagingTranscripts.full, ["message-tags"])
            let eve = try await script.register("eve", capabilities: ["server-time"])
            eve.send("JOIN #tea")
            await eve.drain()
            await ann.drain()
            await bob.drain()
            ann.send("@+typing=active TAGMSG #tea", "@+draft/react=👍;+draft/reply=x TAGMSG bob")
            try await ann.expect(
                "@msgid=<m1>;time=*;+typing=active :ann!* TAGMSG #tea",
                "@msgid=<m2>;time=*;+draft/react=👍;+draft/reply=x :ann!* TAGMSG bob")
            try await bob.expect(
                "@msgid=<m1>;+typing=active :ann!* TAGMSG #tea",
                "@msgid=<m2>;+draft/react=👍;+draft/reply=x :ann!* TAGMSG bob")
            try await eve.expectNothing()
            #expect(script["m1"] != script["m2"])
            #expect(script["m1"].utf8.allSatisfy { $0 != 58 && $0 > 32 })
        }
    }

    /// IRCv3 message-tags, "Size limit": 4094 bytes of tag data pass, 4095 give 417 and are not relayed;
    /// the text's limit counts apart.
    @Test(arguments: Transport.allCases)
    func clientTagsHave4094Bytes(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, ["message-tags"], ["message-tags"])
            let value = String(repeating: "v", count: 4094 - "+a=".utf8.count)
            let text = String(repeating: "t", count: 300)
            ann.send("@+a=\(value) PRIVMSG #tea :\(text)", "@+a=\(value)v PRIVMSG #tea :no")
            try await ann.expect(":srv 417 ann :*")
            try await bob.expect("@msgid=*;+a=\(value) :ann!* PRIVMSG #tea :\(text)")
            try await bob.expectNothing()
        }
    }

    /// RFC 1459, 2.3: a line that would pass 512 bytes with the sender's mask is refused whole (decision 0074).
    @Test(arguments: Transport.allCases)
    func aTextThatFitsIsRelayedWholeAndOneByteMoreIsRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, [], ["draft/chathistory", "batch"])
            ann.send("PRIVMSG bob :x")
            try await bob.expect(":<source> PRIVMSG bob :x")
            let room = 512 - ":\(script["source"]) PRIVMSG #tea :\r\n".utf8.count
            let most = String(repeating: "é", count: room / 2) + String(repeating: "x", count: room % 2)
            ann.send("PRIVMSG #tea :\(most)", "PRIVMSG #tea :\(most)x", "PRIVMSG #tea :after")
            try await ann.expect(":srv 417 ann :*")
            try await bob.expect(":ann!* PRIVMSG #tea :\(most)", ":ann!* PRIVMSG #tea :after")
            bob.send("CHATHISTORY LATEST #tea * 10")
            try await bob.expect(
                ":srv BATCH +<ref> chathistory #tea", "@batch=<ref> :ann!* PRIVMSG #tea :\(most)",
                "@batch=<ref> :ann!* PRIVMSG #tea :after", ":srv BATCH -<ref>")
        }
    }

    /// modern.ircd.chat, "PRIVMSG message" and RPL_AWAY; 411, 412, 401, 407 (limits.md 10).
    @Test(arguments: Transport.allCases)
    func whatIsWrongWithAMessageIsSaid(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            bob.send("AWAY :at lunch")
            await bob.drain()
            ann.send(
                "PRIVMSG", "PRIVMSG bob", "PRIVMSG bob :", "PRIVMSG nobody :x", "PRIVMSG #none :x",
                "PRIVMSG a,b,c,d,e :x", "PRIVMSG BOB :x", "NOTICE bob :x", "PRIVMSG , :x")
            try await ann.expect(
                ":srv 411 ann :*", ":srv 412 ann :*", ":srv 412 ann :*", ":srv 401 ann nobody :*",
                ":srv 403 ann #none :*", ":srv 407 ann a,b,c,d,e :*", ":srv 301 ann bob :at lunch",
                ":srv 411 ann :*")
            try await bob.expect(":ann!* PRIVMSG bob :x", ":ann!* NOTICE bob :x")
        }
    }

    /// UTF8ONLY: "FAIL <command> INVALID_UTF8", never relayed. Limits 11: NUL and bare CR are refused.
    @Test(arguments: Transport.allCases)
    func invalidBytesAreNeverRelayed(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script)
            ann.send(bytes: Array("PRIVMSG #tea :a".utf8) + [0xC3, 0x28] + Array("b\r\n".utf8))
            ann.send(bytes: Array("PRIVMSG #tea :a\rQUIT\r\n".utf8))
            ann.send(bytes: Array("PRIVMSG #tea :a".utf8) + [0] + Array("b\r\n".utf8))
            try await ann.expect(
                ":srv FAIL PRIVMSG INVALID_UTF8 :*", ":srv FAIL PRIVMSG INVALID_UTF8 :*",
                ":srv FAIL PRIVMSG INVALID_UTF8 :*")
            try await bob.expectNothing()
        }
    }

    /// IRCv3 bot-mode: "the `bot` tag … MUST be added to all messages" of a bot; on the echo too.
    @Test(arguments: Transport.allCases)
    func aBotIsTaggedWithoutAValue(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MessagingTranscripts.full, ["message-tags"])
            ann.send("MODE ann +B")
            try await ann.expect("@* :ann!* MODE ann +B")
            ann.send("PRIVMSG #tea :beep")
            try await ann.expect("@bot;msgid=<m>;time=* :ann!* PRIVMSG #tea :beep")
            try await bob.expect("@bot;msgid=<m> :ann!* PRIVMSG #tea :beep")
        }
    }
}
