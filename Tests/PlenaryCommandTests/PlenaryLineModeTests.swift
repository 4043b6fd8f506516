// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import Testing
import plenary

/// The line mode as a transcript: what it prints for what happens and for what is typed.
@Suite struct PlenaryLineModeTests {
    private static let now = Timestamp(seconds: 1_795_444_267)  // 23 November 2026, 14:31:07 UTC

    private func mode(hasPosition: Bool = false) throws -> LineMode {
        LineMode(
            server: "chat.example.org", nickname: "amina.b", target: try Target("practices"),
            time: TimeText(usesUTC: true), hasPosition: hasPosition)
    }

    private func message(
        _ sender: String, _ text: String, id: String? = nil, thread: Int? = nil,
        channel: String = "#practices",
        isOwn: Bool = false, isHistory: Bool = false, minutesAgo: Int64 = 0
    ) -> ClientEvent {
        var message = Message(
            id: id ?? text, time: PlenaryLineModeTests.now.advanced(bySeconds: -60 * minutesAgo),
            conversation: channel,
            sender: Person(nickname: sender), text: text, isOwn: isOwn, isHistory: isHistory)
        message.thread = thread
        return .message(message)
    }

    private func lines(_ actions: [LineMode.Action]) -> [String] {
        actions.compactMap { if case .print(let line) = $0 { line } else { nil } }
    }

    private func take(_ mode: inout LineMode, _ events: ClientEvent...) -> [String] {
        events.flatMap { lines(mode.take($0, now: PlenaryLineModeTests.now)) }
    }

    private func type(_ mode: inout LineMode, _ text: String) -> [LineMode.Action] {
        mode.take(line: Array(text.utf8), now: PlenaryLineModeTests.now)
    }

    private let welcome = ClientEvent.welcomed(
        Welcome(nickname: "amina.b", account: "amina.b", serverName: "s"))

    private func online(hasPosition: Bool = false) throws -> LineMode {
        var mode = try mode(hasPosition: hasPosition)
        _ = take(
            &mode, .stateChanged(.connecting), welcome, .stateChanged(.online),
            .historySynced(conversation: "#practices", messageCount: 0))
        return mode
    }

    @Test func theUnreadComeBehindTheGreetingAndTheirLine() throws {
        var mode = try mode(hasPosition: true)
        let text = take(
            &mode, .stateChanged(.connecting), welcome, .stateChanged(.online),
            message("fatou.d", "How?", thread: 12, isHistory: true, minutesAgo: 33),
            message("li.wei", "我们每季度更新共享矩阵。", isHistory: true, minutesAgo: 26),
            .historySynced(conversation: "#practices", messageCount: 2))
        #expect(
            text == [
                "Connecting to chat.example.org.",
                "Connected to chat.example.org as amina.b. English. Channel practices, 2 unread. Type /help.",
                "--- unread from here ---",
                "fatou.d, in thread 12: How? 13:58",
                "li.wei: 我们每季度更新共享矩阵。 14:05",
            ])
    }

    @Test func sentIsSaidWhenTheServerHasItAndNotBefore() throws {
        var mode = try online()
        let actions = type(&mode, "We use the same matrix.")
        #expect(
            actions == [
                .send(text: "We use the same matrix.", target: "#practices", kind: .message, replyTo: nil)
            ])
        let outgoing = OutgoingMessage(
            token: "t", target: "#practices", text: "We use the same matrix.",
            queuedAt: PlenaryLineModeTests.now)
        #expect(take(&mode, .delivery(token: "t", outgoing, .queued)) == [])
        #expect(take(&mode, .delivery(token: "t", outgoing, .sending)) == [])
        guard case .message(let stored) = message("amina.b", outgoing.text, id: "m1", isOwn: true) else {
            return
        }
        #expect(take(&mode, .message(stored)) == [])
        #expect(take(&mode, .delivery(token: "t", outgoing, .delivered(stored))) == ["sent. 14:31"])
        #expect(take(&mode, message("amina.b", "from my phone", isOwn: true)) == ["you: from my phone 14:31"])
    }

    @Test func aRefusedMessageSaysWhyAndGivesTheTextBack() throws {
        var mode = try online()
        let outgoing = OutgoingMessage(
            token: "t", target: "#practices", text: "hello", queuedAt: PlenaryLineModeTests.now)
        let refusal = Refusal(command: "", code: "404", text: "muted until 15:00")
        #expect(
            take(&mode, .delivery(token: "t", outgoing, .failed(.refused(refusal))))
                == ["not sent: muted until 15:00. Your text was: hello"])
    }

    @Test func aLossIsToldWithItsPauseAndTheReturnWithTheNews() throws {
        var mode = try online()
        let text = take(
            &mode, .stateChanged(.retrying(inMilliseconds: 3900, because: .timedOut)),
            .stateChanged(.connecting),
            welcome, .stateChanged(.online), message("li.wei", "late", isHistory: true),
            .historySynced(conversation: "#practices", messageCount: 1))
        #expect(
            text == [
                "Connection lost. Trying again in 4 seconds. Your messages will be kept.",
                "Connected again. 1 new message.", "li.wei: late 14:31",
            ])
    }

    @Test func replyAnswersTheLastMessageFromOthers() throws {
        var mode = try online()
        #expect(type(&mode, "/reply yes") == [.print("There is nothing to answer yet. Nothing was sent.")])
        _ = take(&mode, message("li.wei", "who?", id: "q1"), message("amina.b", "me", id: "q2", isOwn: true))
        #expect(
            type(&mode, "/reply yes")
                == [.send(text: "yes", target: "#practices", kind: .message, replyTo: "q1")])
    }

    @Test func unknownCommandsAndPasswordsAreNeverSent() throws {
        var mode = try online()
        for text in [
            "/hlep", "/", "/msg NickServ IDENTIFY hunter2", "msg nickserv identify x", "/ns identify x",
            "/identify hunter2", "nickserv register hunter2 a@b", "/quote PRIVMSG #c :x",
        ] {
            let actions = type(&mode, text)
            #expect(actions.count == 1, "\(text)")
            guard case .print(let line) = actions.first else {
                Issue.record("\(text): \(actions)")
                continue
            }
            #expect(!line.contains("hunter2"))
        }
        #expect(
            type(&mode, "//etc/hosts")
                == [.send(text: "/etc/hosts", target: "#practices", kind: .message, replyTo: nil)])
    }

    @Test func helpAnswersQuestionMarksOfAllKeyboardsAndNamesInAllLanguages() throws {
        var mode = try online()
        for text in ["?", "؟", "？", "/help", "／help", "/aide", "/ayuda", "/помощь", "/帮助", "/مساعدة"] {
            #expect(type(&mode, text).count > 5, "\(text)")
        }
    }

    @Test func commandsMeanWhatHelpSays() throws {
        var mode = try online()
        #expect(
            type(&mode, "/me waves") == [
                .send(text: "waves", target: "#practices", kind: .action, replyTo: nil)
            ])
        #expect(
            type(&mode, "/msg @li.wei hi") == [
                .send(text: "hi", target: "li.wei", kind: .message, replyTo: nil)
            ])
        #expect(type(&mode, "/who") == [.listPeople("#practices")])
        #expect(
            type(&mode, "/topic New one") == [
                .command(verb: "TOPIC", parameters: ["#practices", "New one"], title: "Topic")
            ])
        #expect(type(&mode, "/join operations") == [.join("#operations")])
        #expect(type(&mode, "/leave") == [.leave("#operations")])
        #expect(lines(type(&mode, "text")).first?.hasPrefix("Not sent") == true)
        #expect(type(&mode, "/quit") == [.quit])
    }

    @Test func whatAnybodySendsCannotMoveACursor() throws {
        var mode = try online()
        let evil = "a\u{1b}]0;title\u{7}\r\u{8}\u{9b}2J\u{85}b"
        let events: [ClientEvent] = [
            message("ev\u{1b}il", evil),
            .topic(channel: "#practices", text: evil, by: Person(nickname: evil)),
            .remark(Remark(level: .fail, content: Refusal(command: "X", code: "Y", text: evil))),
            .redacted(
                Redaction(
                    conversation: "#practices", messageID: "x", by: Person(nickname: evil), reason: evil,
                    time: PlenaryLineModeTests.now)),
            .renamed(from: evil, to: evil, isOwn: false),
            .invited(channel: "#" + evil, by: Person(nickname: evil)),
            .gap(Gap(conversation: "#" + evil, from: nil, to: nil)),
            thread(.new, 12, evil, by: evil), message("x", evil, thread: 12),
            thread(.state, 12, evil) { $0.reason = evil }, thread(.title, 13, evil),
        ]
        for event in events {
            for line in lines(mode.take(event, now: PlenaryLineModeTests.now)) {
                #expect(
                    !line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) },
                    "\(event)")
            }
        }
    }

    @Test func aMentionRingsTheBellAndNothingElseDoes() throws {
        var mode = try online()
        #expect(mode.take(message("li.wei", "hello amina.b"), now: PlenaryLineModeTests.now).contains(.bell))
        #expect(!mode.take(message("li.wei", "hello"), now: PlenaryLineModeTests.now).contains(.bell))
        #expect(
            mode.take(message("li.wei", "psst", channel: "li.wei"), now: PlenaryLineModeTests.now).contains(
                .bell))
    }

    // MARK: Threads

    private func thread(
        _ kind: ThreadEvent.Kind, _ number: Int, _ title: String, by: String = "maria",
        channel: String = "#practices", _ change: (inout ThreadEvent) -> Void = { _ in }
    ) -> ClientEvent {
        var event = ThreadEvent(
            kind: kind, thread: ThreadInfo(channel: channel, number: number, title: title, messageCount: 5),
            by: Person(nickname: by), time: PlenaryLineModeTests.now)
        change(&event)
        return .thread(event)
    }

    @Test func aThreadsTitleIsReadOutWhereTheThreadChanges() throws {
        var mode = try online()
        mode.learn([ThreadInfo(channel: "#practices", number: 12, title: "Follow-up tracking")])
        let text = take(
            &mode, message("fatou.d", "How?", thread: 12), message("li.wei", "So.", thread: 12),
            message("olga.k", "Here."), message("li.wei", "There.", thread: 12),
            message("li.wei", "Unknown.", thread: 13))
        #expect(
            text == [
                "fatou.d, in thread 12 Follow-up tracking: How? 14:31", "li.wei, in thread 12: So. 14:31",
                "olga.k: Here. 14:31", "li.wei, in thread 12 Follow-up tracking: There. 14:31",
                "li.wei, in thread 13: Unknown. 14:31",
            ])
    }

    @Test func whatHappensToThreadsIsTold() throws {
        var mode = try online()
        let text = take(
            &mode, thread(.new, 12, "متابعة"), thread(.title, 12, "Follow-up"),
            thread(.state, 12, "Follow-up") {
                $0.thread.state = .closed
                $0.reason = "off\ntopic"
            }, thread(.state, 12, "Follow-up", by: "amina.b"), thread(.pin, 12, "Follow-up"),
            thread(.answer, 12, "Follow-up") { $0.thread.answerMessageID = "m" },
            thread(.move, 12, "Follow-up") {
                $0.destination = 0
                $0.movedCount = 3
            }, thread(.info, 12, "x"), thread(.level, 12, "x"), thread(.new, 1, "x", channel: "#other"))
        #expect(
            text == [
                "maria: new thread 12 \u{2068}متابعة\u{2069}. 14:31",
                "maria: gave thread 12 another title: Follow-up. 14:31",
                "maria: closed thread 12 Follow-up, off topic. 14:31",
                "you: opened thread 12 Follow-up. 14:31", "maria: unpinned thread 12 Follow-up. 14:31",
                "maria: accepted an answer in thread 12 Follow-up. 14:31",
                "maria: moved 3 messages from thread 12 to the main line. 14:31",
            ])
    }

    @Test func textsGoToTheThreadThatWasEnteredUntilChannel() throws {
        var mode = try online()
        #expect(type(&mode, "/thread 12") == [.enterThread("#practices/12")])
        #expect(type(&mode, "/12") == [.enterThread("#practices/12")])
        #expect(
            type(&mode, "/12 once") == [
                .send(text: "once", target: "#practices/12", kind: .message, replyTo: nil)
            ])
        let thread = ThreadInfo(channel: "#practices", number: 12, title: "Follow-up", messageCount: 5)
        #expect(
            lines(mode.entered(thread, now: PlenaryLineModeTests.now)) == [
                "Now in thread 12 Follow-up, 5 messages. What you type goes there. To go back: /channel"
            ])
        #expect(
            type(&mode, "here") == [
                .send(text: "here", target: "#practices/12", kind: .message, replyTo: nil)
            ])
        #expect(
            type(&mode, "/channel there") == [
                .send(text: "there", target: "#practices", kind: .message, replyTo: nil)
            ])
        #expect(type(&mode, "/thread title New one") == [.changeThread("#practices/12", .title("New one"))])
        #expect(
            type(&mode, "/thread close off topic")
                == [.changeThread("#practices/12", .close(reason: "off topic"))])
        #expect(type(&mode, "/thread reopen") == [.changeThread("#practices/12", .reopen)])
        #expect(type(&mode, "/read all") == [.markRead("#practices/12")])
        #expect(
            lines(type(&mode, "/where")).first?.hasPrefix("Channel practices, thread 12 Follow-up.") == true)
        #expect(type(&mode, "/who") == [.listPeople("#practices")])
        #expect(type(&mode, "/channel") == [.print("Now in channel practices.")])
        #expect(type(&mode, "x") == [.send(text: "x", target: "#practices", kind: .message, replyTo: nil)])
        #expect(lines(type(&mode, "/thread close")).first?.hasPrefix("You are in no thread.") == true)
        #expect(
            type(&mode, "/thread new Annexes") == [.createThread(channel: "#practices", title: "Annexes")])
        for text in ["/thread new", "/thread nonsense", "/thread -1", "/threads shut", "/search"] {
            let actions = type(&mode, text)
            #expect(lines(actions).count == actions.count && actions.count == 1, "\(text)")
        }
    }

    @Test func aReplyGoesToTheThreadOfWhatItAnswers() throws {
        var mode = try online()
        _ = take(&mode, message("li.wei", "who?", id: "q1", thread: 12))
        #expect(
            type(&mode, "/r yes") == [
                .send(text: "yes", target: "#practices/12", kind: .message, replyTo: "q1")
            ])
        _ = mode.entered(
            ThreadInfo(channel: "#practices", number: 12, title: ""), now: PlenaryLineModeTests.now)
        _ = take(&mode, message("li.wei", "main?", id: "q2"))
        #expect(
            type(&mode, "/reply yes")
                == [.send(text: "yes", target: "#practices", kind: .message, replyTo: "q2")])
    }

    @Test func threadsAndSearchAreAskedForInTheCurrentChannel() throws {
        var mode = try online()
        var filter = ThreadFilter(states: [.closed, .open])
        filter.isUnread = true
        #expect(
            type(&mode, "/threads open, closed unread") == [.listThreads(channel: "#practices", filter)])
        #expect(type(&mode, "/threads") == [.listThreads(channel: "#practices", .current)])
        #expect(
            type(&mode, "/search national database")
                == [.search(channel: "#practices", text: "national database")])
        let own = MembershipChange(
            kind: .joined, person: Person(nickname: "amina.b"), channel: "#practices", isOwn: true,
            time: PlenaryLineModeTests.now)
        #expect(
            mode.take(.membership(own), now: PlenaryLineModeTests.now)
                == [.learnThreads(channel: "#practices")])
    }
}
