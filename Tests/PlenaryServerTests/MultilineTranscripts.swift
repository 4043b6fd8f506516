// SPDX-License-Identifier: Apache-2.0

import PlenaryNet
import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// IRCv3 batch and multiline.
struct MultilineTranscripts {
    private static let full = [
        "message-tags", "server-time", "batch", "labeled-response", "echo-message", "draft/multiline",
    ]

    /// IRCv3 multiline: id and time on the opening BATCH only; "Servers MUST only include the label tag on
    /// the opening BATCH command"; fallback: id on the first line, no blank lines, client tags on the first.
    @Test(arguments: Transport.allCases)
    func aBatchReachesEveryReaderInItsForm(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MultilineTranscripts.full, ["message-tags", "server-time"])
            let eve = try await script.register("eve")
            eve.send("JOIN #tea")
            await eve.drain()
            await ann.drain()
            await bob.drain()
            ann.send(
                "@label=l;+draft/reply=x BATCH +123 draft/multiline #tea", "@batch=123 PRIVMSG #tea :one",
                "@batch=123 PRIVMSG #tea :", "@batch=123 PRIVMSG #TEA :two ",
                "@batch=123;draft/multiline-concat PRIVMSG #tea :three", "BATCH -123")
            try await ann.expect(
                "@label=l;msgid=<id>;time=<time>;+draft/reply=x :ann!* BATCH +<ref> draft/multiline #tea",
                "@batch=<ref> :ann!* PRIVMSG #tea :one", "@batch=<ref> :ann!* PRIVMSG #tea :",
                "@batch=<ref> :ann!* PRIVMSG #tea :two ",
                "@batch=<ref>;draft/multiline-concat :ann!* PRIVMSG #tea :three", ":srv BATCH -<ref>")
            try await bob.expect(
                "@msgid=<id>;time=<time>;+draft/reply=x :ann!* PRIVMSG #tea :one",
                "@time=<time> :ann!* PRIVMSG #tea :two ", "@time=<time> :ann!* PRIVMSG #tea :three")
            try await eve.expect(
                ":ann!* PRIVMSG #tea :one", ":ann!* PRIVMSG #tea :two ", ":ann!* PRIVMSG #tea :three")
            try await ann.expectNothing()
            try await bob.expectNothing()
        }
    }

    /// limits.md 8: the send queue is for what a reader does not take. A page of long messages has more bytes than
    /// that, and whoever reads it is not closed for asking.
    @Test(arguments: [Transport.tls, .plain])
    func aPageLargerThanTheSendQueueReachesItsReader(over transport: Transport) async throws {
        let configure = { (configuration: inout ServerConfiguration) in
            configuration.network.sendQueueByteLimit = NetLimits().sendQueueByteLimit
            configuration.network.softSendQueueByteLimit = NetLimits().softSendQueueByteLimit
        }
        try await Transcript.run(transport, configure: configure) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MultilineTranscripts.full, HistoryTranscripts.reader)
            for number in 0..<20 {
                ann.send("BATCH +\(number) draft/multiline #tea")
                for _ in 0..<40 {
                    ann.send("@batch=\(number) PRIVMSG #tea :\(String(repeating: "y", count: 400))")
                }
                ann.send("BATCH -\(number)")
                await ann.drain()
                await bob.drain()
            }
            let entries = try await HistoryTranscripts.ask(bob, "LATEST #tea * 20")
            #expect(entries.count == 800)
            #expect(entries.reduce(0) { $0 + $1.text.utf8.count } > NetLimits().sendQueueByteLimit)
            bob.send("PING after")
            try await bob.expect(":srv PONG * :after")
        }
    }

    /// IRCv3 multiline, "Errors": MULTILINE_MAX_BYTES, MULTILINE_MAX_LINES, MULTILINE_INVALID_TARGET,
    /// MULTILINE_INVALID; one answer when the batch ends, with its label, and nothing is relayed.
    @Test(arguments: Transport.allCases)
    func whatIsWrongIsSaidOnceWithTheLabel(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, MultilineTranscripts.full)
            ann.send("@label=a BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #other :x", "BATCH -1")
            try await ann.expect("@label=a :srv FAIL BATCH MULTILINE_INVALID_TARGET #tea #other :*")
            ann.send("@label=b BATCH +1 draft/multiline #tea")
            for _ in 0..<129 { ann.send("@batch=1 PRIVMSG #tea :x") }
            ann.send("BATCH -1")
            try await ann.expect("@label=b :srv FAIL BATCH MULTILINE_MAX_LINES 128 :*")
            ann.send("@label=c BATCH +1 draft/multiline #tea")
            for _ in 0..<41 { ann.send("@batch=1 PRIVMSG #tea :\(String(repeating: "y", count: 400))") }
            ann.send("BATCH -1")
            try await ann.expect("@label=c :srv FAIL BATCH MULTILINE_MAX_BYTES 16384 :*")
            ann.send("@label=d BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :", "BATCH -1")
            try await ann.expect("@label=d :srv FAIL BATCH MULTILINE_INVALID :*")
            ann.send("@label=e BATCH +1 draft/multiline nobody", "@batch=1 PRIVMSG nobody :x", "BATCH -1")
            try await ann.expect("@label=e :srv 401 ann nobody :*")
            ann.send("@label=f BATCH +1 example.com/x #tea", "@label=g BATCH -7", "@batch=9 PRIVMSG #tea :x")
            try await ann.expect(
                "@label=f :srv FAIL BATCH MULTILINE_INVALID 1 :*",
                "@label=g :srv FAIL BATCH MULTILINE_INVALID 7 :*",
                ":srv FAIL PRIVMSG MULTILINE_INVALID 9 :*")
            try await bob.expectNothing()
        }
    }

    /// A second batch is refused while one is open (limits.md 12: 1 open batch), and its label is answered.
    @Test(arguments: Transport.allCases)
    func aSecondOpenBatchIsRefusedAndTheFirstGoesOn(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, MultilineTranscripts.full)
            ann.send(
                "@label=a BATCH +1 draft/multiline #tea", "@label=b BATCH +2 draft/multiline #tea",
                "@batch=1 PRIVMSG #tea :x", "BATCH -2", "BATCH -1")
            try await ann.expect(
                "@label=b :srv FAIL BATCH MULTILINE_INVALID 2 :*", ":srv FAIL BATCH MULTILINE_INVALID 2 :*",
                "@label=a;msgid=*;time=* :ann!* PRIVMSG #tea :x")
            try await bob.expect(":ann!* PRIVMSG #tea :x")
        }
    }

    /// limits.md 12: a batch has 10 seconds.
    @Test(arguments: Transport.allCases)
    func aBatchThatTakesTooLongIsRefused(over transport: Transport) async throws {
        try await Transcript.run(transport, clock: ManualClock()) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(script, MultilineTranscripts.full)
            ann.send("@label=a BATCH +1 draft/multiline #tea", "@batch=1 PRIVMSG #tea :x")
            try await ann.expectNothing()
            try await script.turnClock(seconds: 11)
            ann.send("BATCH -1")
            try await ann.expect("@label=a :srv FAIL BATCH MULTILINE_INVALID :*")
            try await bob.expectNothing()
        }
    }

    /// IRCv3 multiline: "MUST deliver the component messages without using a multiline BATCH" in history
    /// too; nested batches where it was negotiated (IRCv3 batch, "Nested batch").
    @Test(arguments: Transport.allCases)
    func historyHoldsABatchInBothForms(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let (ann, bob) = try await MembershipTranscripts.pair(
                script, MultilineTranscripts.full, ["message-tags", "batch", "server-time"])
            ann.send(
                "BATCH +1 draft/multiline #tea", "@batch=1 NOTICE #tea :one", "@batch=1 NOTICE #tea :two",
                "BATCH -1")
            try await ann.skip(to: ":srv BATCH -*")
            await bob.drain()
            ann.send("@label=h CHATHISTORY LATEST #tea * 10")
            try await ann.expect(
                "@label=h;draft/chathistory-end :srv BATCH +<outer> chathistory #tea",
                "@batch=<outer>;msgid=<id>;time=<time> :ann!* BATCH +<inner> draft/multiline #tea",
                "@batch=<inner> :ann!* NOTICE #tea :one", "@batch=<inner> :ann!* NOTICE #tea :two",
                "@batch=<outer> :srv BATCH -<inner>", ":srv BATCH -<outer>")
            bob.send("CHATHISTORY LATEST #tea * 10")
            try await bob.expect(
                ":srv BATCH +<b> chathistory #tea",
                "@batch=<b>;msgid=<id>;time=<time> :ann!* NOTICE #tea :one",
                "@batch=<b>;time=<time> :ann!* NOTICE #tea :two", ":srv BATCH -<b>")
        }
    }
}
