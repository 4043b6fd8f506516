// SPDX-License-Identifier: Apache-2.0

import PlenaryTestKit
import Testing

/// Lines at, below and above every limit: the exact reply, the server alive, others unaffected.
struct LineLimitsTranscripts {
    static let transports: [Transport] = [.memory, .tls, .plain]

    /// A line of that many bytes without CR LF that is answered by `PONG x`.
    private func ping(byteCount: Int) -> [UInt8] {
        let start = Array("PING x ".utf8)
        return start + [UInt8](repeating: 97, count: byteCount - start.count)
    }

    private func tags(byteCount: Int) -> [UInt8] {
        let start = Array("+a=".utf8)
        return [64] + start + [UInt8](repeating: 98, count: byteCount - start.count) + [32]
    }

    /// modern.ircd.chat, "Message Format": 512 bytes with CR LF; conformance.md: "510 bytes plus CR LF may come
    /// byte by byte. Too long is 417".
    @Test(arguments: transports, [509, 510, 511, 512, 4096])
    func aLineHas512Bytes(over transport: Transport, byteCount: Int) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let line = ping(byteCount: byteCount)
            let answer =
                byteCount <= 510 ? ":srv PONG plenary.test :x" : ":srv 417 ann :Input line was too long"
            ann.send(bytes: line + [13, 10])
            ann.send(bytes: line + [10])
            for byte in line + [13, 10] { ann.send(bytes: [byte]) }
            for _ in 0..<3 { try await ann.expect(answer) }
            try await ann.expectNothing()
        }
    }

    /// IRCv3 message-tags, "Size limit": 4,094 bytes of tag data from a client, longer is 417 and never cut; the
    /// text's limit counts apart.
    @Test(arguments: transports, [4093, 4094, 4095, 5000])
    func tagsHave4094Bytes(over transport: Transport, byteCount: Int) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let answer =
                byteCount <= 4094 ? ":srv PONG plenary.test :x" : ":srv 417 ann :Input line was too long"
            for body in [ping(byteCount: 20), ping(byteCount: 510)] {
                ann.send(bytes: tags(byteCount: byteCount) + body + [13, 10])
                try await ann.expect(answer)
            }
            ann.send(bytes: tags(byteCount: byteCount) + ping(byteCount: 511) + [13, 10])
            try await ann.expect(":srv 417 ann :*")
            try await ann.expectNothing()
        }
    }

    /// limits.md 9: 64 tags; 10: 15 parameters, the last of which takes the rest (RFC 1459, 2.3).
    @Test(arguments: transports)
    func tagsAndParametersAreCounted(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            func line(_ count: Int) -> String {
                "@" + (0..<count).map { "+t\($0)" }.joined(separator: ";") + " PING x"
            }
            ann.send(line(64), line(65), "@;;; PING y", "@ PING z", "@+a=1;+a=2;=;+ PING w")
            try await ann.expect(
                ":srv PONG plenary.test :x", ":srv 417 ann :*", ":srv PONG plenary.test :y",
                ":srv PONG plenary.test :z",
                ":srv PONG plenary.test :w")
            let names = (1...14).map { "n\($0)" }.joined(separator: " ")
            ann.send("ISON \(names) ann", "ISON \(names) n15 ann", "USERHOST \(names)")
            try await ann.expect(":srv 303 ann :ann", ":srv 303 ann :ann", ":srv 302 ann :")
            try await ann.expectNothing()
        }
    }

    /// limits.md 11: NUL, a bare CR and invalid UTF-8 are refused with FAIL INVALID_UTF8 and never relayed
    /// (UTF8ONLY: "FAIL PRIVMSG INVALID_UTF8 …"; without a command name `*`). A bare LF ends a line.
    @Test(arguments: transports)
    func brokenBytesAreRefused(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann", capabilities: ["message-tags"])
            let bob = try await script.register("bob", capabilities: ["message-tags"])
            let bad: [[UInt8]] = [
                [0], [13], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
                [0xC3],
                [0x80],
            ]
            for bytes in bad {
                ann.send(bytes: Array("PRIVMSG bob :a".utf8) + bytes + Array("b\r\n".utf8))
                try await ann.expect(":srv FAIL PRIVMSG INVALID_UTF8 :*")
                ann.send(bytes: Array("TOPIC".utf8) + bytes + Array(" #c :x\r\n".utf8))
                try await ann.expect(":srv FAIL * INVALID_UTF8 :*")
                ann.send(bytes: Array("@+a=".utf8) + bytes + Array(" PRIVMSG bob :b\r\n".utf8))
                try await ann.expect(":srv FAIL * INVALID_UTF8 :*")
                ann.send(bytes: Array("PRIVMSG bob".utf8) + bytes + Array(" :x\r\n".utf8))
                try await ann.expect(":srv FAIL PRIVMSG INVALID_UTF8 :*")
            }
            ann.send(bytes: Array("PING a\nPING b\r\n\r\n\n \nPING c\n".utf8))
            try await ann.expect(":srv PONG * :a", ":srv PONG * :b", ":srv PONG * :c")
            try await bob.expectNothing()
            let fresh = try await script.open("fresh")
            fresh.send(bytes: Array("USER a 0 * :\u{0}\r\n".utf8))
            try await fresh.expect(":srv FAIL USER INVALID_UTF8 :*")
        }
    }

    /// A line without an end costs bounded memory and is answered once; what follows it is read again.
    @Test(arguments: transports)
    func anEndlessLineIsDropped(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            let bob = try await script.register("bob")
            ann.send(bytes: [UInt8](repeating: 65, count: 100_000) + Array("\r\nPING x\r\n".utf8))
            try await ann.expect(":srv 417 ann :*", ":srv PONG * :x")
            for _ in 0..<50 { ann.send(bytes: [UInt8](repeating: 64, count: 1000)) }
            ann.send(bytes: Array("\nPING y\r\n".utf8))
            try await ann.expect(":srv 417 ann :*", ":srv PONG * :y")
            try await bob.expectNothing()
        }
    }

    /// Whatever a client says, what it hears back has at most 512 bytes and is valid UTF-8 (the runner looks
    /// at every line). Each verb with long, odd and many parameters.
    @Test(arguments: transports)
    func repliesToLongInputFit(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register(
                String(repeating: "n", count: 32), capabilities: ["labeled-response", "batch"])
            ann.send("JOIN #c")
            await ann.drain()
            let verbs = [
                "PING", "CAP", "CAP REQ", "CAP LS", "NICK", "JOIN", "PART", "TOPIC", "TOPIC #c", "MODE",
                "MODE #c", "MODE #c +b",
                "MODE #c +k", "MODE #c +o", "MODE #c +l", "WHO", "WHOIS", "WHOWAS", "USERHOST", "ISON",
                "MONITOR +", "MONITOR -",
                "AWAY", "SETNAME", "LANGUAGE", "MOTD", "VERSION", "TIME", "ADMIN", "HELP", "NAMES", "LIST",
                "KICK #c", "KICK",
                "INVITE", "INVITE x", "PRIVMSG", "PRIVMSG x", "NOTICE", "TAGMSG", "AUTHENTICATE",
                "REGISTER a b", "VERIFY a",
                "DEVICES", "DEVICES ADD", "CHATHISTORY", "CHATHISTORY LATEST", "BATCH", "BATCH +x", "KILL",
                "OPER", "",
            ]
            for verb in verbs {
                let room = 509 - verb.utf8.count
                let filler = [
                    String(repeating: "é", count: room / 2), ":" + String(repeating: "x", count: room - 1),
                    ":" + String(repeating: "a ", count: room / 2 - 1),
                    String(repeating: "::", count: room / 2),
                    String(repeating: "y,", count: room / 2), ": x", "::x", ":", "* * *", "#c #c #c",
                    "+ +", "\u{1}\u{2} \u{3}", String(repeating: "水", count: room / 3),
                ]
                for text in filler where !(verb == "CAP" && text == ":") {
                    ann.send("\(verb) \(text)", "@label=l \(verb) \(text)")
                }
                await ann.drain()
                if verb == "AUTHENTICATE" { ann.send("AUTHENTICATE *") }
            }
            ann.send("PING end")
            await ann.drain()
            let bob = try await script.register("bob")
            bob.send("PING x")
            try await bob.expect(":srv PONG *")
        }
    }
}
