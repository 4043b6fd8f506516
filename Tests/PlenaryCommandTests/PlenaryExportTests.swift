// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import PlenaryTestKit
import Testing
import plenary

/// The export is a pure function of the history, and nothing in a message can break its form.
@Suite struct PlenaryExportTests {
    private static let start = Timestamp(seconds: 1_795_444_267)  // 23 November 2026, 14:31:07 UTC

    private static func message(
        _ number: Int, _ sender: String, _ text: String, thread: Int? = nil, reply: Int? = nil,
        _ marks: Marks = Marks(), kind: Message.Kind = .message
    ) -> Message {
        var message = Message(
            id: "m\(number)", time: start.advanced(bySeconds: Int64(number) * 60), conversation: "#practices",
            kind: kind, sender: Person(nickname: sender, account: sender), text: text)
        message.thread = thread
        message.replyTo = reply.map { "m\($0)" }
        message.marks = marks
        return message
    }

    private static let hostile = """
        # No heading
        <script>alert(1)</script> & "quoted" 'too' &amp;
        - no list
            no code
        1. none
        ===

        ![img](javascript:alert(1)) [link](x) `code` **bold** | a | b | \\
        </div></article><h1>x
        \u{202E}reversed \u{1b}[31m\u{3}4,5red\u{3}\r\u{8}\u{9b}2J\u{7}
        """

    static let messages: [Message] = [
        message(
            1, "fatou.d", "Comment suivez-vous les recommandations ? Voir A/HRC/50/64.",
            Marks(kind: .question, language: "fr", references: ["doc:A/HRC/50/64", "sdg:16.6"])),
        message(2, "li.wei", "我们每季度更新共享矩阵。", thread: 12, reply: 1, Marks(language: "zh-Hans")),
        message(3, "olga.k", "Мы ведём сводную таблицу,\nобновляем раз в квартал.", thread: 12),
        message(4, "<b>ev|l*", hostile),
        message(
            5, "samir.h", "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019\n\nsecond paragraph", thread: 12,
            reply: 1,
            Marks(kind: .practice, language: "ar")),
        message(6, "lucía.m", "Sí, la subo hoy: «anexo 1».", thread: 9, Marks(kind: .answer, language: "es")),
        message(7, "bob", "waves\n", thread: 9, reply: 99, kind: .action),
        message(8, "bob", "\u{1}VERSION\u{1}", kind: .query),
        message(9, "مراقب", "(2019) نص بلا لغة", thread: 14),
        message(10, "amina", ""),
    ]

    static let threads: [ThreadInfo] = {
        var followUp = ThreadInfo(channel: "#practices", number: 12, title: "Follow-up *tracking* <i>")
        followUp.rootMessageID = "m1"
        followUp.answerMessageID = "m5"
        followUp.creator = "fatou.d"
        followUp.unreadCount = 4
        var closed = ThreadInfo(
            channel: "#practices", number: 9, title: "# متابعة\u{1b}", state: .closed, messageCount: 2)
        closed.creator = "lucía.m"
        return [closed, followUp, ThreadInfo(channel: "#practices", number: 10, title: "Empty")]
    }()

    static let transcript = Transcript(name: "practices", messages: messages, threads: threads)

    private func golden(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("export/\(name)")
    }

    private func compare(_ text: String, _ name: String) throws {
        if ProcessInfo.processInfo.environment["PLENARY_WRITE_GOLDENS"] != nil {
            try text.write(to: golden(name), atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: golden(name), encoding: .utf8) == text)
    }

    /// domain.md F3: "export lists all three with provenance".
    @Test(arguments: [
        ("official", "official translation"), ("human", "translation"), ("machine", "machine translation"),
        ("oracle", "machine translation"),
    ])
    func aTranslationIsExportedAsOne(provenance: String, label: String) throws {
        var message = try #require(PlenaryExportTests.messages.first)
        message.tags = ["+plenary.chat/translation-of": "m0", "+plenary.chat/provenance": provenance]
        let transcript = Transcript(name: "practices", messages: [message], threads: [])
        #expect(transcript.markdown.contains(label))
        #expect(transcript.html.contains(label))
        #expect(transcript.records.contains("\"of\":\"m0\""))
    }

    @Test func theFilesAreAsTheGoldensSay() throws {
        try compare(PlenaryExportTests.transcript.markdown, "practices.md")
        try compare(PlenaryExportTests.transcript.html, "practices.html")
        try compare(PlenaryExportTests.transcript.records, "practices.jsonl")
        let thread = Transcript(
            name: "practices/12", thread: 12,
            messages: PlenaryExportTests.messages.filter { $0.thread == 12 || $0.id == "m1" },
            threads: PlenaryExportTests.threads)
        try compare(thread.markdown, "thread.md")
        try compare(thread.html, "thread.html")
    }

    @Test func whoReadsAndInWhichOrderThreadsAreToldMakesNoDifference() {
        var messages = PlenaryExportTests.messages
        for index in messages.indices {
            messages[index].isOwn = index.isMultiple(of: 2)
            messages[index].isHistory = true
        }
        let other = Transcript(
            name: "practices", messages: messages, threads: PlenaryExportTests.threads.reversed())
        #expect(other.markdown == PlenaryExportTests.transcript.markdown)
        #expect(other.html == PlenaryExportTests.transcript.html)
        #expect(other.records == PlenaryExportTests.transcript.records)
    }

    @Test func noTextBreaksOutOfHTML() {
        for text in [PlenaryExportTests.hostile, "\"' onload=x>", "<!--", "]]>", "</style></title>"] {
            for place in 0..<4 {
                var message = PlenaryExportTests.message(1, place == 0 ? text : "a", place == 1 ? text : "b")
                if place == 2 { message.id = text }
                message.marks = Marks(references: [text])
                message.replyTo = message.id
                let thread = ThreadInfo(channel: "#c", number: 1, title: place == 3 ? text : "t")
                message.thread = 1
                let html = Transcript(name: text, messages: [message], threads: [thread]).html
                let tags = html.matches(of: /<(\/?[A-Za-z!][A-Za-z0-9]*)/).map {
                    String($0.output.1).lowercased()
                }
                let known: Set<String> = [
                    "html", "head", "meta", "title", "style", "body", "h1", "h2", "nav", "ul", "li", "a",
                    "section", "article", "header", "bdi", "time", "span", "strong", "div", "p", "!doctype",
                ]
                let strange = tags.filter { !known.contains($0.hasPrefix("/") ? String($0.dropFirst()) : $0) }
                #expect(strange.isEmpty, "\(strange)")
                #expect(tags.count { $0 == "article" } == 1)
                #expect(!html.contains("onload=x>"))
                #expect(!html.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            }
        }
    }

    @Test func noLineOfAMessageIsMarkdownOutsideItsQuotation() {
        let message = PlenaryExportTests.message(4, "a\n# b", PlenaryExportTests.hostile)
        let thread = ThreadInfo(channel: "#c", number: 1, title: "x\n# y")
        var inThread = message
        inThread.thread = 1
        let text = Transcript(name: "c\n# d", messages: [message, inThread], threads: [thread]).markdown
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(headings == ["# c \\# d", "## Main line", "## Thread 1: x \\# y"])
        for line in text.split(separator: "\n") where line.hasPrefix(">") {
            let inner = line.dropFirst(2)
            #expect(!inner.hasPrefix("#") && !inner.hasPrefix("- ") && !inner.hasPrefix("    "), "\(line)")
            #expect(inner.firstMatch(of: /(?:^|[^\\])[<*_`\[\]|]/) == nil, "\(line)")
        }
    }

    @Test func aRootStandsBeforeWhatWasSaidEarlierAndMovedIn() {
        var root = PlenaryExportTests.message(3, "a", "root")
        let thread = ThreadInfo(channel: "#c", number: 1, title: "t")
        let others = [1, 2, 4].map { PlenaryExportTests.message($0, "b", "x", thread: 1) }
        #expect(Transcript.rootFirst(others, thread) == others)
        root.threadRoot = 1
        let messages = [others[0], others[1], root, others[2]]
        let sorted = Transcript(name: "c/1", thread: 1, messages: messages, threads: [thread]).sections
        #expect(sorted.map { $0.messages.map(\.id) } == [["m3", "m1", "m2", "m4"]])
        let whole = Transcript(name: "c", messages: messages, threads: [thread]).sections
        #expect(whole.last?.messages.map(\.id) == ["m3", "m1", "m2", "m4"])
    }

    @Test func directionComesFromTheLanguageElseFromTheFirstLetter() {
        for (text, language, direction): (String, String?, TextDirection) in [
            ("abc", nil, .leftToRight), ("(2019) نص", nil, .rightToLeft), ("1 a نص", nil, .leftToRight),
            ("", nil, .leftToRight), ("123", nil, .leftToRight), ("中文", nil, .leftToRight),
            ("abc", "ar", .rightToLeft), ("نص", "fr", .leftToRight), ("x", "ku-Arab", .rightToLeft),
            ("x", "ar-Latn", .leftToRight), ("x", "he", .rightToLeft), ("x", "fa-IR", .rightToLeft),
            ("x", "zh-Hans", .leftToRight), ("שלום", nil, .rightToLeft),
        ] {
            #expect(TextDirection.of(text, language: language) == direction, "\(text) \(language ?? "")")
        }
    }

    // MARK: The command

    private func server() -> ScriptedTransport {
        func line(_ number: Int) -> String {
            "@batch=h;msgid=m\(number);time=2026-11-23T14:\(10 + number):00.000Z "
                + ":b!b@h PRIVMSG #practices :text \(number)"
        }
        return ScriptedTransport(
            PlenaryThreadTests.entering + [
                (
                    "CHATHISTORY LATEST #practices",
                    [":s BATCH +h chathistory #practices"] + (3...102).map { _ in line(3) } + [":s BATCH -h"]
                ),
                (
                    "CHATHISTORY BEFORE #practices msgid=m3",
                    [
                        "@draft/chathistory-end :s BATCH +h chathistory #practices", line(1), line(2),
                        ":s BATCH -h",
                    ]
                ),
                (
                    "CHATHISTORY AFTER #practices",
                    [
                        "@draft/chathistory-end :s BATCH +h chathistory #practices", line(1), line(2),
                        line(3),
                        ":s BATCH -h",
                    ]
                ),
                (
                    "THREAD #practices LIST open,closed,archived",
                    ["@plenary.chat/threads-end :s BATCH +t plenary.chat/threads #practices", ":s BATCH -t"]
                ),
            ])
    }

    @Test func theFormatIsThatOfTheFilesNameAndTheFileIsPrivate() async throws {
        let stage = try Stage(server: server())
        for (name, beginning) in [
            ("a.html", "<!DOCTYPE html>"), ("a.jsonl", "{\"v\":1"), ("a.md", "# practices"),
            ("a", "# practices"),
        ] {
            let path = stage.home + "/" + name
            let code = await stage.asAnn("export", "practices", "-o", path)
            #expect(code == 0, "\(stage.errorOutput)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasPrefix(beginning))
            #expect(text.ranges(of: "text 1").count == 1)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(stage.output == "")
        #expect(stage.errorOutput.contains("practices: 3 messages written."))
        let between = try Stage(server: server())
        let code = await between.asAnn(
            "export", "practices", "--format", "jsonl", "--since", "2026-11-23T14:11:00Z", "--until",
            "2026-11-23T14:13:00Z")
        #expect(code == 0, "\(between.errorOutput)")
        #expect(between.outputLines.count == 2)
    }

    @Test func aFileThatCannotBeWrittenIsLeftAsItWas() async throws {
        let stage = try Stage(server: server())
        #expect(await stage.asAnn("export", "practices", "-o", stage.home + "/none/a.md") == 73)
        let path = stage.home + "/a.md"
        try "old".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: path + ".new", withIntermediateDirectories: false)
        #expect(await stage.asAnn("export", "practices", "-o", path) == 74)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }

    @Test func unknownFormatsAreRefusedInWords() async throws {
        let stage = try Stage(server: server())
        #expect(await stage.asAnn("export", "practices", "--format", "pdf") == 64)
        #expect(await stage.asAnn("export") == 64)
    }
}
