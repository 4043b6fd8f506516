// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import Testing
import plenary

/// The line mode in each language: one scripted conversation with everything that can happen, and every command.
@Suite struct PlenaryLineModeLanguageTests {
    private static let now = Timestamp(seconds: 1_795_444_267)  // 23 November 2026, 14:31:07 UTC

    private func mode(_ language: Language, isAdvanced: Bool = false) throws -> LineMode {
        LineMode(
            server: "chat.example.org", nickname: "amina.b", target: try Target("practices"),
            time: TimeText(usesUTC: true), hasPosition: true, isAdvanced: isAdvanced, language: language)
    }

    private func message(_ sender: String, _ text: String, thread: Int? = nil, isOwn: Bool = false) -> Message
    {
        var message = Message(
            id: text, time: PlenaryLineModeLanguageTests.now, conversation: "#practices",
            sender: Person(nickname: sender), text: text, isOwn: isOwn)
        message.thread = thread
        message.marks.kind = thread == nil ? nil : .question
        return message
    }

    private func thread(
        _ kind: ThreadEvent.Kind, _ change: (inout ThreadEvent) -> Void = { _ in }
    ) -> ClientEvent {
        var event = ThreadEvent(
            kind: kind,
            thread: ThreadInfo(channel: "#practices", number: 12, title: "متابعة Follow-up", messageCount: 5),
            by: Person(nickname: "maria"), time: PlenaryLineModeLanguageTests.now)
        change(&event)
        return .thread(event)
    }

    private func act(
        _ action: String, _ target: String, code: String = "off-topic", text: String? = nil
    ) -> ClientEvent {
        .moderation(
            ModerationAct(
                action: action, actor: "hélène", channel: "#practices", target: target, code: code,
                text: text,
                until: PlenaryLineModeLanguageTests.now.advanced(bySeconds: 600),
                time: PlenaryLineModeLanguageTests.now))
    }

    /// Everything that is told, one of each.
    private var events: [ClientEvent] {
        let now = PlenaryLineModeLanguageTests.now
        let outgoing = OutgoingMessage(token: "t", target: "#practices", text: "نص", queuedAt: now)
        let evil = "a\u{1b}[2Jb\u{8}\rc"
        let maria = Person(nickname: "maria")
        func delivery(_ state: DeliveryState) -> ClientEvent { .delivery(token: "t", outgoing, state) }
        func change(_ kind: MembershipChange.Kind, isOwn: Bool) -> ClientEvent {
            .membership(
                MembershipChange(
                    kind: kind, person: Person(nickname: "bo"), channel: "#practices", isOwn: isOwn, time: now
                ))
        }
        let deliveries = [
            delivery(.queued), delivery(.sending),
            delivery(.delivered(message("amina.b", "نص", thread: 12, isOwn: true))),
            delivery(.failed(.textTooLong(byteCount: 9, limit: 5))),
        ]
        let failures: [ClientError] = [
            .cannotReach(host: "h", port: 1, reason: evil), .timedOut, .closed, .deliveryUnknown,
            .queueIsFull(limit: 200),
            .plainTextRefused(host: "h"), .disconnected(evil), .eventsNotTaken(limit: 1),
        ]
        return [
            .stateChanged(.connecting),
            .welcomed(Welcome(nickname: "amina.b", account: "amina.b", serverName: "s")),
            .stateChanged(.online), .message(message("li.wei", "我们每季度更新共享矩阵。", thread: 12)),
            .historySynced(conversation: "#practices", messageCount: 1),
            .message(message("olga.k", "Мы\nведём\nтаблицу")),
            .message(message("samir.h", "نستخدم قاعدة بيانات")), .message(message(evil, evil)),
        ] + deliveries
            + failures.map { .stateChanged(.retrying(inMilliseconds: 3900, because: $0)) }
            + [
                .stateChanged(.offline(nil)), .stateChanged(.offline(.timedOut)),
                .gap(Gap(conversation: "#practices", from: now, to: now)),
                .gap(Gap(conversation: "#practices", from: nil, to: nil)),
                .topic(channel: "#practices", text: evil, by: maria),
                .topic(channel: "#practices", text: nil, by: maria),
                .renamed(from: "bo", to: "bob", isOwn: false),
                .renamed(from: "a", to: "amina.b", isOwn: true),
                .invited(channel: "#lobby", by: maria),
                .remark(Remark(level: .fail, content: Refusal(command: "X", code: "Y", text: evil))),
                .redacted(
                    Redaction(
                        conversation: "#practices", messageID: "x", by: maria, reason: "off-topic", time: now)
                ),
                change(.removed(by: maria, reason: "spam"), isOwn: false),
                change(.removed(by: maria, reason: nil), isOwn: true),
                change(.left(reason: nil), isOwn: true), thread(.new), thread(.title), thread(.state),
                thread(.pin),
                thread(.answer), thread(.state) { $0.thread.state = .closed },
                thread(.move) { $0.movedCount = 3 },
                act("mute", "bo"), act("slow", "30"), act("slow", "off"), act("moderated", "on"),
                act("hide", "m"),
                act("ban", "bo", code: "other", text: evil), act("unban", "bo", code: "other"),
                act("later", "bo"),
                .report(
                    ModerationReport(
                        number: 3, channel: "#practices", state: "claimed", code: "spam", text: evil,
                        messageID: nil,
                        about: "bo", reporter: "li.wei", handler: "maria", time: now)),
            ]
    }

    /// Every command with what it may be given, and what is none.
    private var typed: [String] {
        SlashCommand.allCases.filter { $0 != .quit }.flatMap { command in
            ["/\(command)", "/\(command) amina.b 10m off-topic", "/\(command) 12", "/\(command) all"]
        } + ["/hlep", "/identify x", "text", "//text", "?", "/12", "/lang xx"]
            + HelpTopic.allCases.map { "/help \($0)" }
    }

    private func printed(_ mode: inout LineMode) -> [String] {
        let now = PlenaryLineModeLanguageTests.now
        var actions = events.flatMap { mode.take($0, now: now) }
        for line in typed {
            let language = mode.words.catalogue.language
            actions += mode.take(line: Array(line.utf8), now: now)
            #expect(mode.words.catalogue.language == language, "\(line)")
            if mode.target == nil { actions += mode.take(line: Array("/join practices".utf8), now: now) }
        }
        return actions.compactMap { if case .print(let line) = $0 { line } else { nil } }
    }

    @Test(arguments: Language.allCases)
    func noByteOfAConversationMovesACursor(language: Language) throws {
        for isAdvanced in [false, true] {
            var mode = try mode(language, isAdvanced: isAdvanced)
            let lines = printed(&mode)
            #expect(lines.count > 100)
            for line in lines {
                let forbidden = line.utf8.contains { [0x1B, 0x0D, 0x08, 0x07, 0x0A].contains($0) }
                #expect(!forbidden, "\(line)")
                #expect(!line.contains("{") && !line.isEmpty, "an unfilled gap: \(line)")
            }
        }
    }

    /// What is typed, given and received may be English; our own sentences may not.
    @Test(arguments: Language.allCases.filter { $0 != .english })
    func noSentenceIsLeftInEnglish(language: Language) throws {
        var english = try mode(.english)
        var other = try mode(language)
        // Lines without a word of ours: further lines of a message, names of topics.
        let foreign = ["  ", "olga.k: ", "samir.h: ", "a[2Jbc: a", "/help start"]
        for (line, text) in zip(printed(&english), printed(&other))
        where !foreign.contains(where: line.hasPrefix) {
            #expect(line != text, "\(language)")
        }
    }

    @Test func theGreetingIsSaidInTheLanguage() throws {
        let expected: [Language: String] = [
            .french:
                "Connecté à chat.example.org sous le nom amina.b. Français. "
                + "Canal practices, non lus\u{A0}: 1. Tapez /help.",
            .chinese: "已以 amina.b 的身份连接 chat.example.org。中文。频道 practices，1 条未读。请输入 /help。",
            .russian:
                "Есть связь с chat.example.org, имя amina.b. Русский. "
                + "Канал practices, не прочитано: 1. Наберите /help.",
        ]
        for (language, line) in expected {
            var mode = try mode(language)
            let lines = printed(&mode)
            #expect(lines.contains(line), "\(lines.prefix(3))")
        }
    }

    @Test func theTimeStandsLastInEveryLanguage() throws {
        for language in Language.allCases {
            var mode = try mode(language)
            let lines =
                mode.take(.stateChanged(.online), now: PlenaryLineModeLanguageTests.now)
                + mode.take(thread(.pin), now: PlenaryLineModeLanguageTests.now)
            guard case .print(let line) = lines.last else {
                Issue.record("\(language): \(lines)")
                continue
            }
            #expect(line.hasSuffix(" 14:31"), "\(line)")
        }
    }

    @Test func anotherLanguageIsSpokenFromTheCommandOn() throws {
        var mode = try mode(.english)
        let now = PlenaryLineModeLanguageTests.now
        #expect(
            mode.take(line: Array("/lang es".utf8), now: now) == [
                .chooseLanguage(.spanish), .print("Idioma: Español."),
            ])
        #expect(mode.take(line: Array("/siguiente".utf8), now: now) == [.print("No hay nada sin leer.")])
        #expect(mode.take(line: Array("/lang العربية".utf8), now: now).first == .chooseLanguage(.arabic))
    }

    // MARK: Commands that came with the table

    private func type(_ mode: inout LineMode, _ text: String) -> [LineMode.Action] {
        mode.take(line: Array(text.utf8), now: PlenaryLineModeLanguageTests.now)
    }

    @Test func aRefusedTextIsSentAgainOnce() throws {
        var mode = try mode(.english)
        let outgoing = OutgoingMessage(
            token: "t", target: "#practices/12", text: "hi", kind: .action,
            queuedAt: PlenaryLineModeLanguageTests.now)
        _ = mode.take(
            .delivery(token: "t", outgoing, .failed(.timedOut)), now: PlenaryLineModeLanguageTests.now)
        #expect(
            type(&mode, "/retry") == [.send(text: "hi", target: "#practices/12", kind: .action, replyTo: nil)]
        )
        #expect(type(&mode, "/retry") == [.print("Nothing was left unsent.")])
    }

    @Test func threadsArePinnedFollowedAndMutedFromInside() throws {
        var mode = try mode(.english)
        #expect(type(&mode, "/follow") == [.print("You are in no thread. Enter one first: /thread 12")])
        mode.target = try Target("practices/12")
        #expect(type(&mode, "/follow") == [.changeThread("#practices/12", .level(.follow))])
        #expect(type(&mode, "/mute") == [.changeThread("#practices/12", .level(.mute))])
        #expect(type(&mode, "/unmute") == [.changeThread("#practices/12", .level(.all))])
        #expect(type(&mode, "/pin") == [.changeThread("#practices/12", .pin)])
        #expect(
            type(&mode, "/mute bo 10m abusive")
                == [.moderate(target: "#practices", act: "MUTE", words: ["bo", "10m", "abusive"])])
    }

    @Test func aMessageIsMovedFromItsOwnThread() throws {
        var mode = try mode(.english)
        for message in [message("bo", "one", thread: 3), message("li", "two")] {
            _ = mode.take(.message(message), now: PlenaryLineModeLanguageTests.now)
        }
        #expect(
            type(&mode, "/move bo 12") == [
                .moderate(target: "#practices/3", act: "MOVE", words: ["one", "one", "12"])
            ])
        #expect(
            type(&mode, "/move 0") == [
                .moderate(target: "#practices/0", act: "MOVE", words: ["two", "one", "*"])
            ])
    }

    @Test func whatNoServerHasYetIsSaidToBeSo() throws {
        var mode = try mode(.english)
        for command in SlashCommand.allCases where !command.isOffered {
            #expect(
                type(&mode, "/\(command) x")
                    == [.print("This server does not offer /\(command) yet. Nothing was sent.")])
        }
    }

    @Test func ownWordsAreTakenBackAndALanguageIsMarked() throws {
        var mode = try mode(.english)
        #expect(type(&mode, "/delete") == [.print("You have written nothing here that could be removed.")])
        _ = mode.take(
            .message(message("amina.b", "mine", isOwn: true)), now: PlenaryLineModeLanguageTests.now)
        #expect(type(&mode, "/delete") == [.redact(target: "#practices", messageID: "mine")])
        #expect(
            type(&mode, "/say fr bonjour") == [
                .send(
                    text: "bonjour", target: "#practices", kind: .message, replyTo: nil,
                    marks: Marks(language: "fr"))
            ])
        #expect(
            type(&mode, "/ask who has done this?") == [
                .send(
                    text: "who has done this?", target: "#practices", kind: .message, replyTo: nil,
                    marks: Marks(kind: .question))
            ])
        #expect(
            type(&mode, "/edit ours") == [
                .send(
                    text: "ours", target: "#practices", kind: .message, replyTo: "mine",
                    marks: Marks(kind: .correction))
            ])
    }
}
