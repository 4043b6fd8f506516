// SPDX-License-Identifier: Apache-2.0

import PlenaryDialect
import PlenaryDomain
import PlenaryTerms
import PlenaryWire
import Testing

/// Whatever somebody types, the way from line to lines neither traps nor makes a line that is none.
@Suite struct RandomLines {
    static let seeds: [UInt64] = [1, 2, 3, 20_261_124]
    private static let words: [String] = [
        "#a", "#b", "#A", "ann", "bob", "n", "*", "+b", "-b", "+o", "+imnst", "-kl", "+kl", "+bbb", "+e",
        "+I", "+é",
        ":x", "a,b", "#a,#b", "%tcuihsnfdlaor,12", "timestamp=2023-06-23T08:00:00Z", "LATEST", "TARGETS",
        "BEFORE",
        "AROUND", "msgid=AAAAAAAAAAAAAAAAAAAAAA", "+1", "-1", "draft/multiline", "0", "10",
        "99999999999999999999", "é",
        "$a:x", "!", ">5", "<x", "PLAIN", "REQ", "LS", "302", "END", "+", "-", "C", "S", "L", "fr",
        "\u{202E}x",
    ]

    @Test(arguments: seeds) func nothingThatIsTypedTrapsOrBreaksALine(seed: UInt64) throws {
        print("seed \(seed)")
        var numbers = SeededWords(state: seed)
        var stage = Stage()
        let ids = [SessionID(1), SessionID(2), SessionID(3)]
        for (id, nick) in zip(ids.dropFirst(), ["ann", "bob"]) {
            var session = Session(
                id: id, connectedAt: Timestamp(seconds: 1), isTLS: true, certificateFingerprint: nil,
                host: "h.guest", language: .russian)
            session.capabilities = Capabilities(rawValue: numbers.next() & ((1 << 24) - 1))
            stage.community.apply(.opened(session))
            stage.community.apply(.nicknameChosen(id, try Nickname(nick)))
            stage.community.apply(.userNamed(id, userName: "~u", realName: "R"))
            stage.community.apply(.registered(id, Timestamp(seconds: 1)))
        }
        var time = Timestamp(seconds: 1_700_000_000)
        for step in 0..<6000 {
            time = Timestamp(microseconds: time.microseconds + 1000)
            let text = numbers.line()
            guard let line = try? Line.parse(Array(text.utf8.prefix(4600)), limits: .fromClient) else {
                continue
            }
            let request = Dialect.interpret(line)
            let id = ids[Int(numbers.next() % 3)]
            var lines: [Line] = []
            if let refusal = request.refusal, let session = stage.community.sessions[id] {
                lines += stage.dialect.render(refusal, to: session, in: stage.community)
            }
            for command in request.commands {
                let moment = Moment(
                    now: time,
                    functions: OuterFunctions(
                        sha256: { $0 }, base64Decoded: { $0 }, hostOfAccount: { _ in "h.member" },
                        offsetOfMessage: { Offset($0.high) },
                        idOfMessage: { MessageID(high: $0.value, low: 7) }))
                for outcome in stage.community.decide(command, by: id, at: moment) {
                    lines += apply(outcome, id, time, offset: UInt64(step), &stage)
                }
            }
            for line in lines {
                var body: [UInt8] = []
                line.encodeBody(into: &body)
                #expect(body.count <= 512, "seed \(seed), step \(step): \(text)")
                let all = line.encoded()
                #expect(all.withUnsafeBytes { isValidUTF8($0) }, "seed \(seed), step \(step): \(text)")
                let parsed = try Line.parse(Array(all.dropLast(2)), limits: .fromServer)
                #expect(parsed?.parameters == line.parameters, "seed \(seed), step \(step): \(text)")
            }
        }
    }

    /// Applies an outcome and gives all lines that anybody could read because of it.
    private func apply(
        _ outcome: Outcome, _ id: SessionID, _ time: Timestamp, offset: UInt64, _ stage: inout Stage
    ) -> [Line] {
        guard let session = stage.community.sessions[id] else { return [] }
        let readers: [Capabilities] = [
            [], [.messageTags, .batch, .multiline, .serverTime, .extendedJoin, .accountTag],
        ]
        let message = MessageID(high: offset, low: 7)
        switch outcome {
        case .event(let event):
            let logged = LoggedEvent(offset: Offset(offset), time: time, event: event)
            stage.community.apply(logged)
            return readers.flatMap { stage.dialect.render(logged, id: message, to: $0, in: stage.community) }
        case .presence(let change):
            if case .quit = change { return [] }
            stage.community.apply(change)
            guard let after = stage.community.sessions[id] else { return [] }
            switch change {
            case .joined(_, let channel, _, _):
                let name = Text(stage.community.channels[channel]?.name.spelling ?? "#")
                return readers.flatMap { stage.dialect.renderJoin(name, by: after, time, to: $0) }
            case .parted(_, _, let reason, _):
                return stage.dialect.renderPart("#a", reason: reason, by: after, time, to: [])
            case .awayChanged: return stage.dialect.renderAway(by: after, time, to: [.awayNotify])
            case .realNameChanged: return stage.dialect.renderSetName(by: after, time, to: [.setName])
            case .nicknameChanged(_, _, _, let old):
                return stage.dialect.renderNickname(from: old, by: after, time, to: [])
            case .relayed(let text):
                return readers.flatMap { stage.dialect.render(text, id: message, time: time, to: $0) }
            default: return []
            }
        case .refused(let refusal): return stage.dialect.render(refusal, to: session, in: stage.community)
        case .answer(let answer):
            return stage.dialect.render(answer, to: session, in: stage.community, now: time)
        case .work(.close(let reason)):
            return [stage.dialect.renderClosing(stage.dialect.render(reason, to: session).error, to: session)]
        case .work, .duplicate: return []
        }
    }

    /// Lines made of verbs that exist and words that somebody might try.
    private struct SeededWords: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }

        mutating func pick<Element>(_ list: [Element]) -> Element { list[Int(next() % UInt64(list.count))] }

        mutating func line() -> String {
            var text = ""
            if next() % 5 == 0 {
                text += "@\(pick(["batch=1", "label=é", "+typing=a", "plenary.chat/id=x", "+a=b"])) "
            }
            text += pick(VerbTable.rows).verb
            for _ in 0..<(next() % 6) { text += " " + pick(RandomLines.words) }
            switch next() % 5 {
            case 0: text += " :" + pick(["", " ", ":", "a b", ":a b", "é", " x"])
            case 1:
                let room = 510 - text.utf8.count - 2
                text += " :" + String(repeating: pick(["x", "é"]), count: max(0, room / 2))
            case 2:
                let room = 510 - text.utf8.count - 1
                text += " " + String(repeating: pick(["x", "é", "b"]), count: max(1, room / 2))
            default: break
            }
            return text
        }
    }
}
