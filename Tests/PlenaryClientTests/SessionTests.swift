// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import Testing

/// One connection's protocol: lines in, events and lines out.
@Suite struct SessionTests {
    private static let now = Timestamp(seconds: 1_700_000_000)

    private struct Talk {
        var session: ClientSession
        var sent: [String] = []
        var events: [ClientEvent] = []
        var completed: [(RequestID, Reply)] = []
        var ended: ClientError?

        init(_ configuration: SessionConfiguration) {
            session = ClientSession(configuration)
            note(session.start())
        }

        mutating func note(_ outputs: [SessionOutput]) {
            for output in outputs {
                switch output {
                case .send(let bytes): sent.append(String(decoding: bytes.dropLast(2), as: UTF8.self))
                case .event(let event): events.append(event)
                case .completed(let id, let reply): completed.append((id, reply))
                case .ended(let error): ended = error
                }
            }
        }

        /// Byte by byte, as the worst network delivers.
        mutating func hear(_ lines: String...) {
            for byte in lines.flatMap({ Array(($0 + "\r\n").utf8) }) {
                note(session.receive([byte], now: SessionTests.now))
            }
        }

        var messages: [Message] {
            events.compactMap { if case .message(let message) = $0 { message } else { nil } }
        }
    }

    private func ready(_ capabilities: String, isupport: String = "CASEMAPPING=ascii") -> Talk {
        var talk = Talk(SessionConfiguration(nickname: "ann"))
        talk.hear(
            ":s CAP * LS :\(capabilities)", ":s CAP * ACK :\(capabilities.split(separator: "=")[0])",
            ":s 001 ann :Welcome ann!~a@host", ":s 005 ann \(isupport) :are supported", ":s 422 ann :no motd")
        return talk
    }

    private let modern = "batch labeled-response message-tags echo-message server-time draft/multiline"

    @Test func aListInPartsIsAskedForOnce() {
        var talk = Talk(SessionConfiguration(nickname: "ann"))
        talk.hear(":s CAP * LS * :message-tags unknown-thing")
        #expect(talk.sent.count == 3)
        talk.hear(":s CAP * LS :batch sasl=PLAIN")
        #expect(talk.sent.last == "CAP REQ :message-tags batch")
        talk.hear(":s CAP * ACK :message-tags batch")
        #expect(talk.sent.last == "CAP END")
    }

    @Test func arequestRefusedAsAWholeIsRepeatedNameByName() {
        var talk = Talk(SessionConfiguration(nickname: "ann"))
        talk.hear(":s CAP * LS :message-tags batch", ":s CAP * NAK :message-tags batch")
        #expect(talk.sent.suffix(2) == ["CAP REQ :message-tags", "CAP REQ :batch"])
        talk.hear(":s CAP * ACK :message-tags", ":s CAP * NAK :batch")
        #expect(talk.sent.last == "CAP END")
        #expect(talk.session.capabilities == ["message-tags"])
    }

    @Test func aServerWithoutCapabilitiesIsEnteredAllTheSame() {
        var talk = Talk(SessionConfiguration(nickname: "ann"))
        talk.hear(":s 421 ann CAP :Unknown command", ":s 001 ann :Welcome", ":s 376 ann :End of MOTD")
        #expect(talk.session.phase == .ready)
    }

    @Test(arguments: [299, 300, 301]) func aPasswordIsSentInPiecesOf400Bytes(byteCount: Int) {
        // NUL, account, NUL and the password: `byteCount` bytes make 4/3 as many of base64.
        let password = String(repeating: "p", count: byteCount - 5)
        var talk = Talk(
            SessionConfiguration(nickname: "ann", credentials: .password(account: "ann", password: password)))
        talk.hear(":s CAP * LS :sasl=PLAIN", ":s CAP * ACK :sasl")
        #expect(talk.sent.last == "AUTHENTICATE PLAIN")
        talk.hear("AUTHENTICATE +")
        let pieces = talk.sent.filter { $0.hasPrefix("AUTHENTICATE ") }.dropFirst().map {
            $0.dropFirst(13).utf8.count
        }
        switch byteCount {
        case 299: #expect(pieces == [400, 1])
        case 300: #expect(pieces == [400, 1])
        default: #expect(pieces == [400, 4])
        }
        talk.hear(":s 903 * :ok")
        #expect(talk.sent.last == "CAP END")
    }

    @Test func aMechanismThatIsNotOfferedEndsItWithoutSendingThePassword() {
        var talk = Talk(
            SessionConfiguration(nickname: "ann", credentials: .password(account: "ann", password: "secret")))
        talk.hear(":s CAP * LS :sasl=EXTERNAL", ":s CAP * ACK :sasl")
        guard case .authenticationUnavailable = talk.ended else {
            Issue.record("\(String(describing: talk.ended))")
            return
        }
        #expect(!talk.sent.contains { $0.hasPrefix("AUTHENTICATE") })
    }

    @Test func anAccountIsMadeWithTheInviteCodeBeforeEntering() {
        var configuration = SessionConfiguration(nickname: "ann")
        configuration.registration = AccountRegistration(account: "ann", inviteCode: "K7QF")
        var talk = Talk(configuration)
        talk.hear(
            ":s CAP * LS :draft/account-registration=before-connect,custom-account-name",
            ":s CAP * ACK :draft/account-registration")
        #expect(talk.sent.last == "REGISTER ann * *")
        talk.hear(":s REGISTER VERIFICATION_REQUIRED ann :Give the code")
        #expect(talk.sent.last == "VERIFY ann K7QF")
        talk.hear(":s VERIFY SUCCESS ann :Welcome", ":s 900 ann ann!a@h ann :You are now logged in")
        #expect(talk.sent.last == "CAP END")
        #expect(talk.session.account == "ann")
    }

    @Test func aWrongInviteCodeEndsIt() {
        var configuration = SessionConfiguration(nickname: "ann")
        configuration.registration = AccountRegistration(account: "ann", inviteCode: "X")
        var talk = Talk(configuration)
        talk.hear(
            ":s CAP * LS :draft/account-registration=before-connect",
            ":s CAP * ACK :draft/account-registration",
            ":s REGISTER VERIFICATION_REQUIRED ann :Give the code",
            ":s FAIL VERIFY INVALID_CODE ann :No such code")
        guard case .authenticationFailed(let refusal) = talk.ended else {
            Issue.record("\(String(describing: talk.ended))")
            return
        }
        #expect(refusal.code == "INVALID_CODE")
    }

    @Test func aTakenNicknameIsChangedOnlyWhereThatIsWanted() {
        var strict = Talk(SessionConfiguration(nickname: "ann"))
        strict.hear(":s CAP * LS :", ":s 433 * ann :in use")
        guard case .nicknameRefused = strict.ended else {
            Issue.record("\(String(describing: strict.ended))")
            return
        }
        var configuration = SessionConfiguration(nickname: "ann")
        configuration.acceptsOtherNickname = true
        var lenient = Talk(configuration)
        lenient.hear(":s CAP * LS :", ":s 433 * ann :in use")
        #expect(lenient.sent.last == "NICK ann_")
    }

    // MARK: Messages

    @Test func aMultilineBatchIsOneMessage() {
        var talk = ready(modern)
        talk.hear(
            "@msgid=m1;time=2023-11-14T22:13:20.000Z;account=bob :bob!b@h BATCH +x draft/multiline #c",
            "@batch=x :bob!b@h PRIVMSG #c :one", "@batch=x;draft/multiline-concat :bob!b@h PRIVMSG #c :-more",
            "@batch=x :bob!b@h PRIVMSG #c :", "@batch=x :bob!b@h PRIVMSG #c :four", ":s BATCH -x")
        #expect(talk.messages.map(\.text) == ["one-more\n\nfour"])
        #expect(talk.messages.first?.id == "m1")
        #expect(talk.messages.first?.sender.account == "bob")
    }

    @Test func historyIsAnAnswerAndChangesNothingNow() {
        var talk = ready(modern + " draft/chathistory")
        let (id, outputs) = talk.session.request("CHATHISTORY", ["LATEST", "#c", "*", "10"])
        talk.note(outputs)
        #expect(talk.sent.last == "@label=r\(id.number) CHATHISTORY LATEST #c * 10")
        talk.hear(
            "@label=r\(id.number) :s BATCH +h chathistory #c",
            "@batch=h;msgid=a;time=2023-11-14T22:13:20.000Z :bob!b@h PRIVMSG #c :old",
            "@batch=h :ann!a@h PART #c", "@batch=h;msgid=b :bob!b@h BATCH +i draft/multiline #c",
            "@batch=i :bob!b@h PRIVMSG #c :x", "@batch=i :bob!b@h PRIVMSG #c :y", ":s BATCH -i", ":s BATCH -h"
        )
        #expect(talk.messages.isEmpty)
        #expect(talk.completed.first?.0 == id)
        #expect(talk.completed.first?.1.messages.map(\.text) == ["old", "x\ny"])
        #expect(talk.completed.first?.1.messages.allSatisfy { $0.isHistory } == true)
    }

    @Test func eachKindOfLabelledAnswerCompletesItsRequest() {
        var talk = ready(modern)
        var ids: [RequestID] = []
        for _ in 0..<4 {
            let (id, outputs) = talk.session.request("X", [])
            talk.note(outputs)
            ids.append(id)
        }
        talk.hear(
            "@label=r\(ids[1].number) :s ACK", "@label=r\(ids[0].number) :s FAIL X NO :no",
            "@label=r\(ids[2].number) :s BATCH +l labeled-response", "@batch=l :s 311 ann bob u h * :r",
            "@batch=l :s 318 ann bob :End", ":s BATCH -l", "@label=r\(ids[3].number) :s 404 ann #c :no")
        #expect(talk.completed.map(\.0) == [ids[1], ids[0], ids[2], ids[3]])
        #expect(talk.completed[0].1.lines.isEmpty)
        #expect(talk.completed[1].1.refusal?.code == "NO")
        #expect(talk.completed[2].1.lines.map(\.verb) == ["311", "318"])
        #expect(talk.completed[3].1.refusal?.code == "404")
    }

    @Test(arguments: [63, 64, 65]) func onlySoManyBatchesMayBeOpen(count: Int) {
        var talk = ready(modern)
        for number in 0..<count { talk.hear(":s BATCH +b\(number) netjoin") }
        if count <= 64 {
            #expect(talk.ended == nil)
        } else {
            #expect(talk.ended != nil)
        }
    }

    // MARK: Posting

    private func outgoing(_ text: String, _ kind: Message.Kind = .message) -> OutgoingMessage {
        OutgoingMessage(token: "t", target: "#c", text: text, kind: kind, queuedAt: SessionTests.now)
    }

    @Test func noLineIsEverLongerThan512BytesAsOthersReceiveIt() throws {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        let letters = ["a", " ", "é", "中", "😀", "\n"]
        for capabilities in [modern, "batch message-tags echo-message"] {
            for _ in 0..<300 {
                var talk = ready(capabilities)
                var text = "x"
                for _ in 0..<Int(state >> 54) {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    text += letters[Int(state >> 33) % letters.count]
                }
                state &+= 0x1234_5678_9ABC_DEF1
                guard let (_, outputs) = try? talk.session.post(outgoing(text)) else { continue }
                let before = talk.sent.count
                talk.note(outputs)
                var joined = ""
                for line in talk.sent[before...] {
                    let body =
                        line.hasPrefix("@") ? String(line.split(separator: " ", maxSplits: 1)[1]) : line
                    guard body.hasPrefix("PRIVMSG #c :") else { continue }
                    #expect((":ann!~a@host " + body + "\r\n").utf8.count <= 512, "seed \(seed)")
                    let isContinued = line.contains("draft/multiline-concat")
                    if !joined.isEmpty, !isContinued, capabilities == modern { joined += "\n" }
                    joined += body.dropFirst(12)
                }
                let expected = capabilities == modern ? text : text.filter { $0 != "\n" }
                #expect(joined == expected || joined.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [99, 100, 101]) func aBatchIsAtMostAsLongAsTheServerSays(byteCount: Int) throws {
        var talk = ready("draft/multiline=max-bytes=100,max-lines=3")
        talk.hear(":s CAP ann ACK :batch labeled-response message-tags echo-message")
        let text = "a\n" + String(repeating: "b", count: byteCount - 2)
        if byteCount <= 100 {
            talk.note(try talk.session.post(outgoing(text)).outputs)
            #expect(talk.sent.filter { $0.contains("BATCH ") }.count == 2)
        } else {
            #expect(throws: ClientError.textTooLong(byteCount: 101, limit: 100)) {
                try talk.session.post(outgoing(text))
            }
        }
        _ = try talk.session.post(outgoing("1\n2\n3"))
        #expect(throws: ClientError.self) { try talk.session.post(outgoing("1\n2\n3\n4")) }
    }

    @Test func whatCannotBeSentIsRefusedBeforeAnythingLeaves() {
        var talk = ready(modern)
        for (target, text, token) in [
            ("#c", "", "t"), ("#c", "\n\n", "t"), ("#c d", "x", "t"), ("", "x", "t"), (":c", "x", "t"),
            ("#c,#d", "x", "t"),
            ("#c", "a\u{0}b", "t"), ("#c", "x", ""), ("#c", "x", String(repeating: "t", count: 65)),
            ("#c\r\nQUIT", "x", "t"),
        ] {
            let message = OutgoingMessage(
                token: token, target: target, text: text, queuedAt: SessionTests.now)
            #expect(throws: ClientError.self, "\(target) \(text)") { try talk.session.post(message) }
        }
        talk.note((try? talk.session.post(outgoing("a\rQUIT")).outputs) ?? [])
        #expect(!talk.sent.contains { $0.contains("\r") })
    }

    // MARK: Members

    @Test func membersFollowJoinPartKickNickQuitAndModes() {
        var talk = ready(
            "multi-prefix", isupport: "CASEMAPPING=ascii PREFIX=(qov)~@+ CHANMODES=Ibe,k,l,imnst")
        talk.hear(
            ":ann!~a@host JOIN #c", ":s 353 ann = #c :@+bob carl!c@h ann", ":s 366 ann #c :End",
            ":dora!d@h JOIN #C",
            ":s MODE #c +bov-k *!*@x dora dora key", ":carl!c@h NICK :karl", ":s KICK #c bob :bye",
            ":dora!d@h QUIT :x",
            ":eva!e@h JOIN #c", ":eva!e@h PART #c")
        let members = talk.session.channels["#c"]?.members ?? [:]
        #expect(members.keys.sorted() == ["ann", "karl"])
        #expect(talk.session.channels["#c"]?.hasAllMembers == true)
        talk.hear(":ann!~a@host PART #c")
        #expect(talk.session.channels.isEmpty)
    }

    @Test func randomBytesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let words = [
            "@batch=x", "@label=r1;msgid=", ":ann!a@h", ":s", "CAP", "*", "LS", "ACK", "BATCH", "+x", "-x",
            "PRIVMSG", "#c",
            ":text here", "001", "005", "PREFIX=(ov)@", "PREFIX=(", "CHANMODES=,,", "353", "366", "MODE",
            "+ovkl-o", "JOIN",
            "PART", "KICK", "NICK", "433", "900", "AUTHENTICATE", "+", "PONG", "FAIL", "chathistory",
            "draft/multiline",
            "\u{1}ACTION x\u{1}", "\u{1}", "TAGMSG", "REDACT", "INVITE", "AWAY", "", ":", "ERROR2", "376",
            "TOPIC", "TARGETS",
        ]
        for _ in 0..<300 {
            var talk = Talk(SessionConfiguration(nickname: "ann"))
            talk.note(talk.session.request("X", []).outputs)
            for _ in 0..<40 {
                let line =
                    (0..<random(7)).map { _ in words[random(words.count)] }.joined(separator: " ") + "\r\n"
                var bytes = Array(line.utf8)
                if random(5) == 0, !bytes.isEmpty { bytes[random(bytes.count)] = UInt8(random(256)) }
                talk.note(talk.session.receive(bytes, now: SessionTests.now))
            }
            #expect(talk.session.channels.count <= 4096, "seed \(seed)")
        }
    }
}
