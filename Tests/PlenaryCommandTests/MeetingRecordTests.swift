// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import Testing
import plenary

/// Records of sessions, the floor, outcomes, practices and questionnaires. Its goldens are checked against docs/schema
/// by Tests/schema/validate.py.
@Suite struct MeetingRecordTests {
    static let now = Timestamp(seconds: 1_687_508_400)

    static func line(_ verb: String, _ parameters: [String]) -> ServerLine {
        ServerLine(source: "plenary.example", verb: verb, parameters: parameters)
    }

    static var list: SpeakersList {
        var list = SpeakersList(channel: "#am")
        for words in [
            ["LIST", "open", "states-first", "1", "2023-06-23T08:20:00.000Z", ""],
            [
                "SPOKEN", "r1", "statement", "2023-06-23T08:10:00.000Z", "170",
                "name=Li\\sWei;category=state;delegation=CN",
            ],
            [
                "SPEAKER", "r2", "statement", "2023-06-23T08:18:30.000Z", "2023-06-23T08:21:30.000Z",
                "name=Lucía;category=state;delegation=PY;behalf=Group\\sof\\sFriends;item=2",
            ],
            ["ENTRY", "1", "r3", "reply", "2023-06-23T08:00:00.000Z", "120", "name=Awa;category=ngo"],
        ] { _ = list.take(line("FLOOR", ["#am"] + words)) }
        return list
    }

    /// The session that reports are made of: one message with translations, one that is gone, one thread.
    static func record(attribution: String = "attributed") -> SessionRecord {
        var record = SessionRecord(channel: "#am")
        record.meeting = Meeting(
            channel: "#am",
            facts: "st=closed;start=2023-06-23T08:00:00.000Z;end=2023-06-23T10:00:00.000Z;"
                + "zone=Europe/Zurich;off=7200;attr=\(attribution);room=Room\\sXVII", title: "Morning")
        record.floor = list
        func message(_ id: String, _ name: String, _ text: String, _ tags: [String: String] = [:]) -> Message
        {
            var message = Message(
                id: id, time: now, conversation: "#am", sender: Person(nickname: name), text: text)
            message.tags = tags
            return message
        }
        var original = message("m1", "lucia", "Un mandato por ley <b>", ["+plenary.chat/lang": "es"])
        original.marks = Marks(language: "es", references: ["doc:A/HRC/50/64"])
        var machine = message(
            "t1", "desk", "A mandate by law (machine)",
            ["+plenary.chat/translation-of": "m1", "+plenary.chat/provenance": "machine"])
        machine.marks = Marks(language: "en")
        var human = message(
            "t2", "desk", "A mandate in law",
            ["+plenary.chat/translation-of": "m1", "+plenary.chat/provenance": "human"])
        human.marks = Marks(language: "en")
        var reply = message("m3", "awa", "In the thread")
        reply.thread = 2
        record.messages = [original, machine, message("m2", "li", "root"), human, reply]
        var thread = ThreadInfo(channel: "#am", number: 2, title: "Follow-up")
        thread.rootMessageID = "m2"
        record.threads = [thread]
        record.marks = [
            OutcomeMark(
                number: "1",
                values: [
                    "kind": "characteristic", "theme": "t1-institutional-setup",
                    "summary": "A mandate in law",
                    "sources": "m1,!gone,/2", "by": "helene", "time": "2023-06-23T12:00:00.000Z",
                ])
        ].compactMap { $0 }
        record.statistics = Statistics(
            rows: [
                Statistics.Row(table: "category", cell: "ngo", messageCount: nil, peopleCount: nil),
                Statistics.Row(table: "category", cell: "academia", messageCount: 12, peopleCount: 6),
            ], messageCount: 40, peopleCount: 20)
        return record
    }

    static var records: [String] {
        let form = Questionnaire(
            name: "seminar-1", state: "open",
            values: ["title": "Feedback", "anonymous": "yes", "closes": "2023-07-07T21:59:00.000Z"])
        let practice = Practice(
            number: "7", state: "published",
            values: [
                "title": "A standing body", "citation": "PR-2026-0001", "country": "PY", "type": "separate",
            ])
        let report = Compilation([record()])
        return [
            Records.floor(list, now: now).text,
            Records.agendaItem(AgendaItem(number: 1, title: "Mandate"), channel: "#am").text,
            Records.document(
                MeetingDocument(symbol: "A/HRC/50/64", link: nil, title: "Report"), channel: "#am"
            ).text,
            Records.roll(
                MeetingRoll(
                    rows: [MeetingRoll.Row(name: "awa", presence: "remote", hasPosted: true)],
                    counts: ["total": 1]), channel: "#am"
            ).text,
            Records.statistics(record().statistics ?? Statistics(rows: []), channel: "#am").text,
            Records.questionnaire(form).text,
            Records.answerCount(AnswerCount(question: "q", value: "4", count: 3), form: "seminar-1").text,
            Records.answer(
                FormAnswer(number: 1, account: nil, values: ["q": "4"]), form: "seminar-1",
                questions: ["q", "r"]
            ).text,
        ]
            + [practice.map { Records.practice($0).text }, record().meeting.map { Records.meeting($0).text }]
            .compactMap { $0 }
            + record().marks.map { Records.outcome($0, channel: "#am").text }
            + report.records.split(separator: "\n").map(String.init)
    }

    @Test func theRecordsAreAsTheyWere() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("schema/goldens/meetings.ndjson").path
        let text = MeetingRecordTests.records.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["PLENARY_GOLDEN"] == "write" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}

/// The draft of a report (docs/extensions/outcomes.md; F5 of the domain).
@Suite struct CompilationTests {
    @Test func theSameRecordGivesTheSameBytes() {
        let one = Compilation([MeetingRecordTests.record()])
        let other = Compilation([MeetingRecordTests.record()])
        #expect(one.markdown == other.markdown)
        #expect(one.html == other.html)
        #expect(one.records == other.records)
    }

    @Test func everyMarkLeadsToItsSources() {
        let report = Compilation([MeetingRecordTests.record()])
        #expect(report.numbers(of: MeetingRecordTests.record().marks[0], in: 0) == [1, 2, 3])
        #expect(report.markdown.contains("[1](#source-1), [2](#source-2), [3](#source-3)"))
        #expect(report.html.contains("<article id=\"source-3\">"))
    }

    @Test func whatIsGoneShowsThatItIsAndNeverItsText() {
        var record = MeetingRecordTests.record()
        record.messages.removeAll { $0.id == "m1" }
        let report = Compilation([record])
        #expect(report.markdown.contains("\\[redacted\\]"))
        #expect(!report.markdown.contains("mandato"))
        #expect(!report.markdown.contains("A mandate in law\n"))
    }

    @Test func aTranslationHasItsProvenanceAndTheBestComesFirst() throws {
        let text = Compilation([MeetingRecordTests.record()]).markdown
        let human = try #require(text.range(of: "human translation"))
        let machine = try #require(text.range(of: "machine translation"))
        #expect(human.lowerBound < machine.lowerBound)
    }

    @Test func withoutAttributionNobodyIsNamed() {
        let report = Compilation([MeetingRecordTests.record(attribution: "unattributed")])
        for text in [report.markdown, report.html, report.records] {
            for name in ["lucia", "Lucía", "awa", "Awa", "desk", "Li Wei", "Group of Friends"] {
                #expect(!text.contains(name), "\(name)")
            }
        }
        #expect(report.markdown.contains("1 statements"))
    }

    @Test func cellsThatAreSuppressedStaySo() {
        let text = Compilation([MeetingRecordTests.record()]).markdown
        #expect(text.contains("| ngo | fewer than 5 people |  |"))
        #expect(text.contains("| academia | 12 | 6 |"))
    }

    @Test func nothingThatIsSaidBecomesMarkup() {
        let report = Compilation([MeetingRecordTests.record()])
        #expect(!report.html.contains("<b>\n"))
        #expect(report.html.contains("Un mandato por ley &lt;b&gt;"))
        #expect(report.markdown.contains("Un mandato por ley \\<b\\>"))
    }
}

/// CSV of answers (RFC 4180).
@Suite struct SeparatedRowTests {
    @Test func fieldsWithCommasQuotesAndLineEndsAreQuoted() {
        #expect(
            SeparatedRow.text(["a", "b,c", "say \"so\"", "x\ny"]) == "a,\"b,c\",\"say \"\"so\"\"\",\"x\ny\"\n"
        )
    }

    @Test func noAnswerIsAFormula() {
        #expect(SeparatedRow.text(["=1+1"]) == "\"'=1+1\"\n")
        #expect(SeparatedRow.text(["-5"]).hasPrefix("\"-5") || SeparatedRow.text(["-5"]) == "-5\n")
    }
}
