// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import Testing
import plenary

/// The JSON output, version 1. Its goldens are checked against docs/schema by Tests/schema/validate.py.
@Suite struct PlenaryRecordTests {
    private static let now = Timestamp(seconds: 1_795_444_267)

    private static func message() -> Message {
        var message = Message(
            id: "k3x9AbCdEfGhIjKlMnOpQr", time: now, conversation: "#practices",
            sender: Person(nickname: "samir.h", account: "samir.h"),
            text: "نستخدم قاعدة بيانات وطنية (NRTD) منذ 2019\n\"quoted\" \\ tab\tend")
        message.thread = 12
        message.replyTo = "aaaaAbCdEfGhIjKlMnOpQr"
        return message
    }

    private static func marked() -> Message {
        var message = message()
        message.marks = Marks(kind: .answer, language: "ar", references: ["doc:A/HRC/50/64", "sdg:16.6"])
        return message
    }

    private static func translation() -> Message {
        var message = message()
        message.marks = Marks(language: "en")
        message.tags = [
            "+plenary.chat/translation-of": "m1", "+plenary.chat/provenance": "machine",
            "+plenary.chat/engine": "small-1", "draft/relaymsg": "zoom-relay",
        ]
        return message
    }

    @Test func aTranslationIsLabelledInLinesAndFields() {
        #expect(MessagePrinter.notes(Self.translation()) == ["en", "machine translation"])
        #expect(MessagePrinter.fields(Self.translation()).contains(" (machine translation)\t"))
        #expect(!MessagePrinter.fields(Self.marked()).contains("translation"))
    }

    private static func thread() -> ThreadInfo {
        var thread = ThreadInfo(
            channel: "#practices", number: 12, title: "متابعة \"التوصيات\"", state: .closed, messageCount: 37)
        thread.pinRank = 2
        thread.unreadCount = 5
        thread.mentionCount = 1
        thread.level = .follow
        thread.lastTime = now
        thread.creator = "fatou.d"
        thread.created = now
        thread.rootMessageID = "m1"
        thread.answerMessageID = "m7"
        return thread
    }

    private static func move() -> ThreadEvent {
        var event = ThreadEvent(
            kind: .move, thread: thread(), by: Person(nickname: "hélène"), time: now)
        event.destination = 0
        event.movedCount = 1
        event.movedMessageID = "m5"
        return event
    }

    private static func person() -> PersonFacts {
        var facts = PersonFacts(nickname: "amina.b")
        facts[.displayName] = "أمينة ب."
        facts[.affiliation] = "nhri"
        facts[.country] = "KE"
        facts[.languages] = "fr,ar"
        facts[.attendance] = "remote"
        return facts
    }

    static let records: [JSONValue] = [
        Records.message(message(), mentions: ["lucia.m"]),
        Records.message(
            Message(
                id: nil, time: now, conversation: "amina.b", kind: .action, sender: Person(nickname: "guest"),
                text: "wav\u{1b}es", isOwn: true)),
        Records.posted(message(), token: "0123456789abcdef"),
        Records.gap(Gap(conversation: "#practices", from: now, to: nil), now: now),
        Records.state(.connecting, queued: 0, now: now),
        Records.state(.retrying(inMilliseconds: 4000, because: .timedOut), queued: 2, now: now),
        Records.state(.online, queued: 0, now: now),
        Records.state(.offline(nil), queued: 1, now: now),
        Records.channel(name: "#practices", topic: "Sharing", memberCount: 14, isJoined: true, now: now),
        Records.presence(
            Member(nickname: "hélène", account: nil, prefixes: "@+", isAway: true), channel: "#practices",
            now: now),
        Records.moderation(
            Redaction(
                conversation: "#practices", messageID: "k3x9", by: Person(nickname: "hélène"),
                reason: "off topic",
                time: now)),
        Records.error(Failure(.notFound, "no such channel", "403", "See plenary channels"), now: now),
        Records.device(fingerprint: String(repeating: "0a", count: 32), label: "laptop", now: now),
        Records.identity(
            Profile(name: "un", server: "chat.example.org", account: "amina.b"), account: "amina.b",
            nickname: "amina.b", now: now),
        Records.joined(Profile(name: "un", server: "chat.example.org", account: "amina.b"), now: now),
        Records.version(now: now), Records.message(marked(), threadTitle: "Follow-up tracking"),
        Records.thread(thread(), now: now),
        Records.thread(ThreadInfo(channel: "#practices", number: 1, title: ""), now: now),
        Records.moved(move(), now: now),
        Records.marker(channel: "#practices", thread: 12, readUntil: now, now: now),
        Records.channel(
            name: "#practices", topic: nil, memberCount: nil, isJoined: true, unreadCount: 3, mentionCount: 0,
            now: now),
        Records.person(person(), now: now),
        Records.ownRecord(
            OwnRecord(
                id: "k3x9", time: now, kind: "message", fields: [("target", "#practices"), ("text", "a\"b")])),
        Records.erasure(time: now.iso8601, state: "proposed", what: "amina.b", by: "helene"),
        Records.erasure(time: now.iso8601, state: "running", what: "12", by: nil),
        Records.session(
            Records.SessionRow(
                id: "s1", since: now, signIn: "certificate", state: "this", label: "laptop \u{1b}"), now: now),
        Records.invite(
            handle: "bxdkfy0", code: "K7QF-2M9D-TR4X-RJZ2", link: "plenary://chat.example.org/lobby#K7QF",
            attributes: "role=member;uses=0/20;expires=never", now: now),
        Records.report(
            ModerationReport(
                number: 3, channel: "#practices", state: "open", code: "spam", text: "third time",
                messageID: nil, about: "bo", reporter: "amina.b", handler: nil, time: now)),
        Records.note(MemberNote(account: "bo", time: now, author: "helene", text: "warned once")),
        Records.message(translation()),
    ]

    private var golden: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("schema/goldens/records.ndjson")
    }

    @Test func recordsAreAsTheGoldensSay() throws {
        let text = PlenaryRecordTests.records.map { $0.text + "\n" }.joined()
        if ProcessInfo.processInfo.environment["PLENARY_WRITE_GOLDENS"] != nil {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == text)
    }

    @Test func everyRecordIsOneLineOfJSONWithoutControlCharacters() throws {
        for record in PlenaryRecordTests.records {
            #expect(
                !record.text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
            let read = try JSONSerialization.jsonObject(with: Data(record.text.utf8)) as? [String: Any]
            #expect(read?["v"] as? Int == 1)
            #expect(read?["type"] is String)
            #expect(read?["time"] as? String == "2026-11-23T14:31:07.000Z")
        }
    }

    @Test func anyTextIsReadBackFromJSON() throws {
        for text in ["", "\"\\/", "\u{0}\u{1f}\u{7f}\u{85}", "\u{2028}\u{2029}", "é中😀", "a\r\nb\tc"] {
            let json = "[" + JSONValue.string(text).text + "]"
            let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String]
            #expect(read == [text])
        }
    }

    @Test func aCursorLeadsBackToItsMessage() {
        let message = PlenaryRecordTests.message()
        let position = Records.position(cursor: Records.cursor(message))
        #expect(position == HistoryPosition(messageID: message.id, time: message.time))
        #expect(Records.position(cursor: "nonsense") == nil)
    }
}
