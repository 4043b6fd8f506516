// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import PlenaryWire

extension FuzzTarget {
    /// What a server says to a client.
    static let client = [
        FuzzTarget("session", byteLimit: 4096, checkSession),
        FuzzTarget("scram", byteLimit: 256, checkScram),
    ]

    /// Capabilities with which every kind of line is understood.
    private static let capabilities =
        "batch labeled-response message-tags echo-message server-time draft/multiline draft/chathistory"
    private static let welcome =
        ":s CAP * LS :\(capabilities) sasl=PLAIN,EXTERNAL\r\n:s CAP * ACK :\(capabilities)\r\n"
        + ":s 001 ann :Welcome ann!~a@host\r\n"
        + ":s 005 ann CASEMAPPING=ascii PREFIX=(qaohv)~&@%+ CHANTYPES=# STATUSMSG=~&@%+ :are supported\r\n"
        + ":s 422 ann :no motd\r\n:ann!~a@host JOIN #a\r\n"

    /// However a server's bytes are cut, they mean the same, and the client answers in whole lines. The first byte says
    /// how far the session has come, what it has asked for, and how it signs in.
    @Sendable private static func checkSession(_ input: [UInt8]) throws(BrokenClaim) {
        let flags = input.first ?? 0
        let bytes = Array(input.dropFirst())
        let whole = outputs(of: bytes, bytes.count, flags)
        try claim(
            outputs(of: bytes, 1 + Int(flags >> 4), flags) == whole, "pieces of \(1 + flags >> 4) bytes")
        var list = SpeakersList(channel: "#a")
        for output in whole {
            switch output {
            case .send(let line):
                try claim(line.suffix(2) == [13, 10], "a line ends in CR LF")
                let body = Array(line.dropLast(2))
                try claim(!body.contains { $0 == 13 || $0 == 10 || $0 == 0 }, "a line is one line")
                var limits = WireLimits.fromClient
                limits.bodyByteLimit = 8192
                let text = String(decoding: body, as: UTF8.self)
                let parsed = try? Line.parse(body, limits: limits)
                try claim(parsed != nil, "a line can be read: \(text.debugDescription)")
            case .event(.line(let line)): _ = list.take(line)
            case .event, .completed, .ended: break
            }
        }
    }

    private static func outputs(of bytes: [UInt8], _ size: Int, _ flags: UInt8) -> [SessionOutput] {
        var configuration = SessionConfiguration(nickname: "ann")
        if flags & 2 != 0 { configuration.credentials = .password(account: "ann", password: "correct horse") }
        configuration.acceptsOtherNickname = flags & 8 != 0
        let now = Timestamp(seconds: 1_700_000_000)
        var session = ClientSession(configuration)
        var outputs = session.start()
        if flags & 1 != 0 { outputs += session.receive(Array(welcome.utf8), now: now) }
        if flags & 4 != 0 {
            outputs += session.request("THREAD", ["LIST", "#a"]).outputs
            outputs += session.ping().outputs
        }
        for piece in pieces(of: bytes, size) { outputs += session.receive(piece, now: now) }
        return outputs + session.quit("bye")
    }

    /// What a server says in SCRAM: its first message, and behind an LF its last. A server is believed only for its
    /// signature.
    @Sendable private static func checkScram(_ input: [UInt8]) throws(BrokenClaim) {
        let messages = input.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false).map(
            Array.init)
        var client = ScramClient(account: "a=b,c", password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO")
        // Each of the iterations asked for is computed: what is asked for here is the least.
        let asked = String(decoding: messages[0], as: UTF8.self).split(separator: ",").dropFirst(2).first
        if let asked, let count = Int(asked.dropFirst(2)), count > 4096 { return }
        guard let answer = client.answer(to: messages[0]) else { return }
        try claim(answer.starts(with: Array("c=biws,r=rOprNGfwEbeRWgbNEkqO".utf8)), "the nonce is said again")
        try claim(!client.isServerProven, "a server is not believed for its first message")
        guard messages.count > 1 else { return }
        let last = client.answer(to: messages[1])
        try claim(client.isServerProven == (last == []), "a server that is believed is answered with nothing")
        try claim(
            last == nil || messages[1].count == 46 && messages[1].starts(with: [118, 61]),
            "a server is believed for a signature")
    }
}
