// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import PlenaryTestKit
import Testing

/// Lines of threads, markers and marks, read by one session.
@Suite struct ThreadLineTests {
    private static let now = Timestamp(seconds: 1_700_000_000)

    private func events(
        _ lines: String..., capabilities: String = ScriptedTransport.everything
    ) -> [ClientEvent] {
        var session = ready(capabilities)
        return events(&session, lines)
    }

    private func ready(_ capabilities: String = ScriptedTransport.everything) -> ClientSession {
        var session = ClientSession(SessionConfiguration(nickname: "ann"))
        _ = session.start()
        let names = capabilities.split(separator: " ").map { $0.split(separator: "=")[0] }
        _ = events(
            &session,
            [
                ":s CAP * LS :\(capabilities)", ":s CAP * ACK :\(names.joined(separator: " "))",
                ":s 001 ann :Welcome ann!~a@h", ":s 005 ann CASEMAPPING=ascii :are supported",
                ":s 422 ann :-",
            ])
        return session
    }

    private func events(_ session: inout ClientSession, _ lines: [String]) -> [ClientEvent] {
        lines.flatMap { session.receive(Array(($0 + "\r\n").utf8), now: ThreadLineTests.now) }
            .compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    private func thread(_ attributes: String) -> ThreadInfo? {
        guard case .thread(let event) = events(":s THREAD #c 1 INFO \(attributes) :T").first else {
            return nil
        }
        return event.thread
    }

    @Test func theCapabilitysValueIsReadAndWhatIsUnknownIgnored() {
        let support = ready().threadSupport
        #expect(support?.separator == "/")
        #expect(support?.titleByteLimit == 20)
        #expect(support?.pageLimit == 50)
        let odd = ready("plenary.chat/threads=sep=,titlelen=-1,max-list=0,,=,x,sep=ab").threadSupport
        #expect(odd?.titleByteLimit == 200)
        #expect(odd?.pageLimit == 100)
        #expect(odd?.separator == "/")
        #expect(ready("message-tags").threadSupport == nil)
    }

    @Test func onlyWhatIsOfferedIsAskedFor() {
        var session = ClientSession(SessionConfiguration(nickname: "ann"))
        _ = session.start()
        let outputs = session.receive(
            Array(":s CAP * LS :draft/search plenary.chat/threads=sep=/ draft/other\r\n".utf8),
            now: ThreadLineTests.now)
        guard case .send(let bytes) = outputs.first else {
            Issue.record("\(outputs)")
            return
        }
        #expect(
            String(decoding: bytes, as: UTF8.self) == "CAP REQ :draft/search plenary.chat/threads\r\n")
    }

    @Test(arguments: [
        "st=", "st=shut", "st", "=", ";;;", "=open", "st=open;n=-1", "n=+1", "n=99999999999999999999",
        "pin=x", "u=1e3", "lt=yesterday", "ct=", "lv=loud", "\\", "st=open\\", "n=1\\s", "new=1;other",
        "u=\u{661}",
    ]) func malformedAttributesAreLeftOut(attributes: String) {
        guard let thread = thread(attributes) else {
            Issue.record("\(attributes)")
            return
        }
        #expect(thread.state == .open)
        #expect([0, 1].contains(thread.messageCount))
        #expect(thread.unreadCount == 0)
        #expect(thread.pinRank == nil)
        #expect(thread.lastTime == nil)
        #expect(thread.level == .all)
        #expect(thread.title == "T")
    }

    @Test func attributesAreUnescapedAndTheLastOfEqualsHolds() {
        #expect(thread("by=a\\sb\\:c\\\\")?.creator == "a b;c\\")
        #expect(thread("n=1;n=2;st=closed")?.messageCount == 2)
        #expect(thread("by=x=y")?.creator == "x=y")
    }

    @Test(arguments: [
        "THREAD", "THREAD #c", "THREAD #c x INFO st=open :T", "THREAD #c 01 INFO st=open :T",
        "THREAD #c -1 INFO st=open :T", "THREAD #c 4294967296 INFO st=open :T", "THREAD #c 1 SUNG st=open :T",
        "THREAD  1 INFO", "MARKREAD", "MARKREAD #c", "MARKREAD #c soon", "MARKREAD #c timestamp=",
        "MARKREAD #c timestamp=1",
    ]) func linesThatMakeNoSenseAreToldAsTheyCame(line: String) {
        let events = events(":s " + line)
        guard case .line = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(events.count == 1)
    }

    @Test func shortLinesHaveDefaults() {
        guard case .thread(let event) = events(":s THREAD #c 4294967295 new").first else {
            Issue.record("no event")
            return
        }
        #expect(event.kind == .new)
        #expect(event.thread == ThreadInfo(channel: "#c", number: 4_294_967_295, title: ""))
    }

    @Test func anEventSaysWhoWhenAndWhy() {
        let events = events(
            "@time=2023-06-23T09:02:11.120Z;account=maria :mia!m@h THREAD #c 12 STATE st=closed;n=3;"
                + "rs=off\\stopic :Mandate models")
        guard case .thread(let event) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(event.by == Person(nickname: "mia", account: "maria"))
        #expect(event.time.iso8601 == "2023-06-23T09:02:11.120Z")
        #expect(event.reason == "off topic")
        #expect(event.thread.state == .closed)
    }

    @Test func markersAreToldWhoeverSetThem() {
        #expect(
            events(":s MARKREAD #c/12 timestamp=2023-11-14T22:13:20.000Z", ":s MARKREAD #c *") == [
                .marker(target: "#c/12", time: ThreadLineTests.now), .marker(target: "#c", time: nil),
            ])
    }

    // MARK: Messages

    private func message(_ line: String) -> Message? {
        guard case .message(let message) = events(line).first else { return nil }
        return message
    }

    @Test func aMessageHasItsThreadAndItsMarks() {
        let message = message(
            "@msgid=m;plenary.chat/thread=12;+plenary.chat/kind=question;+plenary.chat/lang=zh-Hans;"
                + "+plenary.chat/ref=doc:A/HRC/50/64,sdg:16.6;+draft/reply=r :b!b@h PRIVMSG #c :x")
        #expect(message?.conversation == "#c")
        #expect(message?.thread == 12)
        #expect(message?.replyTo == "r")
        #expect(
            message?.marks
                == Marks(kind: .question, language: "zh-Hans", references: ["doc:A/HRC/50/64", "sdg:16.6"]))
        let root = self.message("@plenary.chat/thread-root=12 :b!b@h PRIVMSG #c :x")
        #expect(root?.threadRoot == 12)
        #expect(root?.thread == nil)
    }

    @Test func wrongMarksAreLeftOutAndStayAmongTheTags() {
        let message = message(
            "@plenary.chat/thread=012;+plenary.chat/kind=rant;+plenary.chat/lang=x\"onload;"
                + "+plenary.chat/ref=,,1,2,3,4,5,6,7,8,9 :b!b@h PRIVMSG #c :x")
        #expect(message?.thread == nil)
        #expect(message?.marks == Marks(references: ["1", "2", "3", "4", "5", "6", "7", "8"]))
        #expect(message?.tags["+plenary.chat/kind"] == "rant")
        #expect(Marks().isEmpty)
    }

    @Test func aWindowsMessageBelongsToItsThread() {
        let message = message(":b!b@h PRIVMSG #c/12 :x")
        #expect(message?.conversation == "#c")
        #expect(message?.thread == 12)
        for target in ["#c/x", "#c/012", "#c/", "#c/1/x"] {
            #expect(self.message(":b!b@h PRIVMSG \(target) :x")?.conversation == target)
        }
        let elsewhere = events(":b!b@h PRIVMSG #c/12 :x", capabilities: "message-tags")
        guard case .message(let other) = elsewhere.first else { return }
        #expect(other.conversation == "#c/12")
    }

    @Test func marksGoOutAsTagsOnceForTheWholeMessage() throws {
        var session = ready()
        let marks = Marks(kind: .practice, language: "ar", references: ["sdg:16.6", "doc:A/HRC/50/64"])
        func sent(_ text: String) throws -> [String] {
            let message = OutgoingMessage(
                token: "t", target: "#c/12", text: text, marks: marks, queuedAt: ThreadLineTests.now)
            return try session.post(message).outputs.compactMap {
                if case .send(let bytes) = $0 {
                    String(decoding: bytes.dropLast(2), as: UTF8.self)
                } else {
                    nil
                }
            }
        }
        let tags =
            "@+plenary.chat/kind=practice;+plenary.chat/lang=ar;"
            + "+plenary.chat/ref=sdg:16.6,doc:A/HRC/50/64;label=r"
        let line = try sent("x")
        #expect(line == [tags + "1 PRIVMSG #c/12 :x"])
        let batch = try sent("x\ny")
        #expect(batch.first == tags + "2 BATCH +m1 draft/multiline #c/12")
        #expect(batch.dropFirst().allSatisfy { !$0.contains("plenary.chat") })
        session = ready("message-tags labeled-response echo-message")
        let lines = try sent("x\ny")
        #expect(lines.first == tags + "1 PRIVMSG #c/12 :x")
        #expect(lines.last == "@+plenary.chat/lang=ar;label=r2 PRIVMSG #c/12 :y")
        session = ready("labeled-response echo-message")
        #expect(throws: ClientError.self) { try sent("x") }
    }

    @Test func marksAreCheckedBeforeAnythingLeaves() {
        func isAllowed(_ marks: Marks) -> Bool {
            var session = ready()
            let message = OutgoingMessage(
                token: "t", target: "#c", text: "x", marks: marks, queuedAt: ThreadLineTests.now)
            do { _ = try session.post(message) } catch { return false }
            return true
        }
        func references(_ byteCount: Int) -> Marks {
            Marks(references: ["sdg:16", "uhri:" + String(repeating: "A", count: byteCount - 12)])
        }
        for (count, isRight) in [(7, true), (8, true), (9, false)] {
            #expect(isAllowed(Marks(references: (1...count).map { "sdg:\($0)" })) == isRight, "\(count)")
        }
        for (count, isRight) in [(299, true), (300, true), (301, false)] {
            #expect(isAllowed(references(count)) == isRight, "\(count)")
        }
        for (text, isRight) in [
            ("f", false), ("fr", true), ("zh-Hans", true), ("en-x-12345678-12345678-12345678-123", true),
            ("en-x-12345678-12345678-12345678-1234", false), ("fr ", false), ("-fr", false), ("fr-", false),
            ("1a", false), ("é2", false), ("fr\"", false),
        ] {
            #expect(isAllowed(Marks(language: text)) == isRight, "\(text)")
        }
        for text in ["", "x", ":x", "x:", "sdg:1 6", "sdg:1,2", "sdg:\n"] {
            #expect(!isAllowed(Marks(references: [text])), "\(text)")
        }
    }

    @Test func randomThreadLinesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let words = [
            ":s", "@batch=x", "@plenary.chat/thread=1", "@plenary.chat/threads-end", "THREAD", "MARKREAD",
            "#c",
            "#c/12", "12", "0", "INFO", "MOVE", "st=open;n=1;=;\\", "to=4294967296;cnt=-1", "timestamp=",
            "timestamp=2023-06-23T09:02:11.120Z", "*", ":", ":text", "BATCH", "+x", "-x",
            "plenary.chat/threads", "search", "NOTE", "POLICY", "create=;main=", "REDACT", "m1", "PRIVMSG",
            "/",
            "@+plenary.chat/ref=,;+plenary.chat/lang=;+plenary.chat/kind=",
        ]
        var session = ready()
        for _ in 0..<3000 {
            let line = (0..<(1 + random(8))).map { _ in words[random(words.count)] }.joined(separator: " ")
            _ = session.receive(Array((line + "\r\n").utf8), now: ThreadLineTests.now)
            if random(50) == 0 { session = ready() }
        }
        #expect(session.nickname.isEmpty == false, "seed \(seed)")
    }
}
