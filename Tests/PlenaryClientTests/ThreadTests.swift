// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerms
import PlenaryTestKit
import Testing

/// Threads, markers, search and redaction against a server that keeps to docs/extensions.
@Suite struct ThreadTests {
    private static let info =
        ":s THREAD #c 12 INFO st=closed;pin=2;n=37;u=5;m=1;lv=follow;lt=2023-06-23T09:02:11.120Z;lm=m9;"
        + "by=maria;ct=2023-06-20T09:00:00.000Z;rt=m1;an=m7;new=x :Mandate models"

    @Test func infoTellsEverythingOfAThread() async throws {
        let server = ScriptedTransport([("THREAD #c/12 INFO", [ThreadTests.info])])
        let connection = try await server.connect()
        let thread = try await connection.thread("#c/12")
        #expect(thread.target == "#c/12")
        #expect(thread.title == "Mandate models")
        #expect(thread.state == .closed)
        #expect(thread.pinRank == 2)
        #expect(thread.messageCount == 37)
        #expect(thread.unreadCount == 5)
        #expect(thread.mentionCount == 1)
        #expect(thread.level == .follow)
        #expect(thread.lastTime == Timestamp(iso8601: "2023-06-23T09:02:11.120Z".utf8))
        #expect(thread.lastMessageID == "m9")
        #expect(thread.creator == "maria")
        #expect(thread.created == Timestamp(iso8601: "2023-06-20T09:00:00Z".utf8))
        #expect(thread.rootMessageID == "m1")
        #expect(thread.answerMessageID == "m7")
    }

    @Test func aListHasItsPageAndSaysWhetherMoreFollows() async throws {
        let row = "@batch=t :s THREAD #c "
        let server = ScriptedTransport([
            (
                "THREAD #c LIST * 2 9",
                [
                    "@plenary.chat/threads-end :s BATCH +t plenary.chat/threads #c",
                    row + "3 INFO st=open;n=1 :Three", ":s BATCH -t",
                ]
            ),
            (
                "THREAD #c LIST",
                [
                    ":s BATCH +t plenary.chat/threads #c", row + "12 INFO st=open;n=0 :Twelve",
                    row + "9 INFO st=closed;n=4 :Nine", ":s BATCH -t",
                ]
            ),
            (
                "THREAD * LIST",
                ["@plenary.chat/threads-end :s BATCH +t plenary.chat/threads *", ":s BATCH -t"]
            ),
        ])
        let connection = try await server.connect()
        let first = try await connection.threads(in: "#c", limit: 2)
        #expect(first.threads.map(\.number) == [12, 9])
        #expect(!first.isComplete)
        let second = try await connection.threads(in: "#c", limit: 2, after: first.threads.last)
        #expect(second.threads.map(\.title) == ["Three"])
        #expect(second.isComplete)
        var filter = ThreadFilter(states: [.closed, .open])
        filter.isMine = true
        let none = try await connection.threads(
            in: nil, filter: filter, limit: 500, after: second.threads.last)
        #expect(none == ThreadPage(threads: [], isComplete: true))
        _ = try await connection.threads(in: nil, filter: .unread, limit: 0)
        #expect(
            server.asked == [
                "THREAD #c LIST * 2", "THREAD #c LIST * 2 9", "THREAD * LIST open,closed,mine 50 #c/3",
                "THREAD * LIST unread 1",
            ])
    }

    /// A server on which ann changes thread 12.
    private func changingServer() -> ScriptedTransport {
        let ann = ":ann!a@h THREAD #c "
        return ScriptedTransport([
            ("THREAD #c CREATE", [ann + "12 NEW st=open;n=0;by=ann;rt=m1 :Mandate models"]),
            ("THREAD #c/12 TITLE", [ann + "12 TITLE st=open;n=1 :Other"]),
            ("THREAD #c/12 CLOSE", [ann + "12 STATE st=closed;n=1;rs=off\\stopic :Other"]),
            ("THREAD #c/12 REOPEN", [ann + "12 STATE st=open;n=1 :Other"]),
            ("THREAD #c/12 ARCHIVE", [ann + "12 STATE st=archived;n=1 :Other"]),
            ("THREAD #c/12 PIN", [ann + "12 PIN st=open;n=1;pin=3 :Other"]),
            ("THREAD #c/12 UNPIN", [ann + "12 PIN st=open;n=1 :Other"]),
            ("THREAD #c/12 ANSWER", [ann + "12 ANSWER st=open;n=1;an=m7 :Other"]),
            ("THREAD #c/12 LEVEL", [ann + "12 LEVEL st=open;n=1;lv=mute :Other"]),
            (
                "THREAD #c/12 MOVE",
                [
                    ":s BATCH +x labeled-response", "@batch=x " + ann + "13 NEW st=open;n=0;by=ann :Split",
                    "@batch=x " + ann + "12 MOVE st=open;n=1;to=13;cnt=2;ms=m5 :Other", ":s BATCH -x",
                ]
            ),
        ])
    }

    @Test func eachChangeIsOneCommandAndReturnsTheThreadAsItIsNow() async throws {
        let server = changingServer()
        let connection = try await server.connect()
        let made = try await connection.createThread(in: "#c", title: "Mandate models", root: "m1")
        #expect(made.number == 12)
        #expect(made.rootMessageID == "m1")
        let renamed = try await connection.renameThread("#c/12", to: "Other")
        #expect(renamed.title == "Other")
        let closed = try await connection.closeThread("#c/12", reason: "off topic")
        #expect(closed.state == .closed)
        let open = try await connection.reopenThread("#c/12")
        #expect(open.state == .open)
        let archived = try await connection.archiveThread("#c/12")
        #expect(archived.state == .archived)
        let pinned = try await connection.pinThread("#c/12", rank: 3)
        #expect(pinned.pinRank == 3)
        let unpinned = try await connection.unpinThread("#c/12")
        #expect(unpinned.pinRank == nil)
        let answered = try await connection.acceptAnswer("m7", in: "#c/12")
        #expect(answered.answerMessageID == "m7")
        _ = try await connection.acceptAnswer(nil, in: "#c/12")
        let muted = try await connection.setLevel(.mute, of: "#c/12")
        #expect(muted.level == .mute)
        let moved = try await connection.moveMessages(
            "m5", .rest, from: "#c/12", to: .newThread(title: "Split"))
        #expect(moved.destination == 13)
        #expect(moved.movedCount == 2)
        #expect(moved.movedMessageID == "m5")
        #expect(
            server.asked == [
                "THREAD #c CREATE m1 :Mandate models", "THREAD #c/12 TITLE Other",
                "THREAD #c/12 CLOSE :off topic", "THREAD #c/12 REOPEN", "THREAD #c/12 ARCHIVE",
                "THREAD #c/12 PIN 3", "THREAD #c/12 UNPIN", "THREAD #c/12 ANSWER m7",
                "THREAD #c/12 ANSWER *", "THREAD #c/12 LEVEL mute", "THREAD #c/12 MOVE m5 rest * Split",
            ])
        // What this session did is told as an event too, so that one reader of events sees every change.
        await connection.close()
        var kinds: [ThreadEvent.Kind] = []
        for await event in connection.events {
            if case .thread(let change) = event { kinds.append(change.kind) }
        }
        #expect(
            kinds == [
                .new, .title, .state, .state, .state, .pin, .pin, .answer, .answer, .level, .new, .move,
            ]
        )
    }

    @Test func refusalsAndImpossibleArgumentsAreErrors() async throws {
        let server = ScriptedTransport([
            ("THREAD #c/9 INFO", [":s FAIL THREAD NO_SUCH_THREAD #c/9 :There is no such thread."]),
            ("THREAD #c/8 INFO", [":s ACK"]),
        ])
        let connection = try await server.connect()
        await #expect(
            throws: ClientError.refused(
                Refusal(
                    command: "THREAD", code: "NO_SUCH_THREAD", context: ["#c/9"],
                    text: "There is no such thread."))
        ) { try await connection.thread("#c/9") }
        await #expect(throws: ClientError.self) { try await connection.thread("#c/8") }
        await #expect(throws: ClientError.textTooLong(byteCount: 21, limit: 20)) {
            try await connection.createThread(in: "#c", title: String(repeating: "x", count: 21))
        }
        await #expect(throws: ClientError.self) { try await connection.renameThread("#c/9", to: " \u{a0}") }
        for rank in [0, 100] {
            await #expect(throws: ClientError.self) { try await connection.pinThread("#c/9", rank: rank) }
        }
        await #expect(throws: ClientError.self) {
            try await connection.moveMessages(nil, .one, from: "#c/9", to: .mainLine)
        }
        #expect(server.asked == ["THREAD #c/9 INFO", "THREAD #c/8 INFO"])
    }

    @Test func aServerWithoutTheCapabilitiesIsAskedForNothing() async throws {
        let server = ScriptedTransport([], capabilities: "batch labeled-response message-tags")
        let connection = try await server.connect()
        await #expect(throws: ClientError.self) { try await connection.threads(in: "#c") }
        await #expect(throws: ClientError.self) { try await connection.thread("#c/1") }
        await #expect(throws: ClientError.self) { try await connection.setCue(.plain) }
        await #expect(throws: ClientError.self) { try await connection.marker(of: "#c") }
        await #expect(throws: ClientError.self) { try await connection.redact("m1", in: "#c") }
        await #expect(throws: ClientError.self) { try await connection.search(SearchRequest(text: "x")) }
        #expect(server.asked == [])
    }

    @Test func whatIsSoAlreadyIsNoError() async throws {
        let server = ScriptedTransport([
            ("THREAD #c/12 CLOSE", [ThreadTests.info]), ("THREAD #c/12 MOVE", [ThreadTests.info]),
        ])
        let connection = try await server.connect()
        let closed = try await connection.closeThread("#c/12")
        #expect(closed.state == .closed)
        await #expect(throws: ClientError.self) {
            try await connection.moveMessages(nil, .all, from: "#c/12", to: .mainLine)
        }
    }

    @Test func withoutAConnectionNothingIsSaidOfTheServer() async throws {
        let server = ScriptedTransport([])
        let connection = try await server.connect()
        await connection.close()
        let lost = ClientError.disconnected("not connected")
        await #expect(throws: lost) { try await connection.threads(in: "#c") }
        await #expect(throws: lost) { try await connection.marker(of: "#c") }
        await #expect(throws: lost) { try await connection.search(SearchRequest(text: "x")) }
        await #expect(throws: lost) { try await connection.history(of: "#c", .latest, count: 1) }
    }

    @Test func policiesAndCuesAreReadAndSet() async throws {
        let server = ScriptedTransport([
            ("THREAD #c POLICY create", [":s NOTE THREAD POLICY #c create=nobody;main=closed :The rules."]),
            ("THREAD #c POLICY", [":s NOTE THREAD POLICY #c create=all;main=open :The rules."]),
            ("THREAD * CUE plain", [":s NOTE THREAD CUE plain :From now on."]),
        ])
        let connection = try await server.connect()
        let policy = try await connection.policy(of: "#c")
        #expect(policy == ChannelPolicy())
        let strict = ChannelPolicy(creators: .nobody, isMainLineOpen: false)
        let set = try await connection.setPolicy(strict, of: "#c")
        #expect(set == strict)
        try await connection.setCue(.plain)
        #expect(server.asked[1] == "THREAD #c POLICY create=nobody main=closed")
    }

    @Test func markersGrowAndMayBeMissing() async throws {
        let time = try #require(Timestamp(iso8601: "2023-06-23T09:02:11.120Z".utf8))
        let server = ScriptedTransport([
            ("MARKREAD #c/12 timestamp", [":s MARKREAD #c/12 timestamp=2023-06-23T10:00:00.000Z"]),
            ("MARKREAD #c/0", [":s MARKREAD #c/0 *"]),
            ("MARKREAD #d", [":s FAIL MARKREAD INVALID_TARGET #d :No."]),
            ("MARKREAD #e", [":s MARKREAD #e nonsense"]),
        ])
        let connection = try await server.connect()
        let held = try await connection.markRead("#c/12", upTo: time)
        #expect(held.iso8601 == "2023-06-23T10:00:00.000Z")
        #expect(server.asked == ["MARKREAD #c/12 timestamp=2023-06-23T09:02:11.120Z"])
        let none = try await connection.marker(of: "#c/0")
        #expect(none == nil)
        await #expect(throws: ClientError.self) { try await connection.marker(of: "#d") }
        await #expect(throws: ClientError.self) { try await connection.marker(of: "#e") }
    }

    @Test func aSearchIsOneParameterAndItsPagesFollowEachOther() async throws {
        let server = ScriptedTransport([
            (
                "SEARCH",
                [
                    ":s BATCH +q search",
                    "@batch=q;msgid=m5;plenary.chat/thread=12;+plenary.chat/lang=fr;+plenary.chat/kind=question"
                        + " :b!b@h PRIVMSG #c :cinq", "@batch=q;msgid=m4 :b!b@h PRIVMSG #c :quatre",
                    ":s BATCH -q",
                ]
            )
        ])
        let connection = try await server.connect()
        var query = SearchRequest(text: "mandate; \"two words\"", limit: 99)
        query.target = "#c/12"
        query.from = "maria"
        query.after = Timestamp(seconds: 0)
        query.language = "fr"
        query.kind = .question
        query.reference = "doc:A/HRC/50/64"
        let page = try await connection.search(query)
        #expect(page.messages.map(\.id) == ["m5", "m4"])
        #expect(page.messages.first?.marks == Marks(kind: .question, language: "fr"))
        #expect(page.messages.first?.thread == 12)
        #expect(page.messages.allSatisfy { $0.isHistory })
        #expect(page.next == "m4")
        query.next = page.next
        _ = try await connection.search(query)
        #expect(
            server.asked.last == "SEARCH text=mandate\\:\\s\"two\\swords\";in=#c/12;from=maria;"
                + "after=1970-01-01T00:00:00.000Z;limit=50;plenary.chat/lang=fr;plenary.chat/kind=question;"
                + "plenary.chat/ref=doc:A/HRC/50/64;plenary.chat/next=m4")
        await #expect(throws: ClientError.self) { try await connection.search(SearchRequest()) }
        let long = String(repeating: "x", count: 257)
        await #expect(throws: ClientError.textTooLong(byteCount: 257, limit: 256)) {
            try await connection.search(SearchRequest(text: long))
        }
    }

    @Test func theLastPageOfASearchSaysSo() async throws {
        let server = ScriptedTransport([
            (
                "SEARCH",
                [
                    "@plenary.chat/search-end :s BATCH +q search", "@batch=q;msgid=m4 :b!b@h PRIVMSG #c :x",
                    ":s BATCH -q",
                ]
            )
        ])
        let connection = try await server.connect()
        let page = try await connection.search(SearchRequest(text: "x"))
        #expect(page.messages.count == 1)
        #expect(page.next == nil)
    }

    @Test func aRedactionIsAskedForAndTold() async throws {
        let server = ScriptedTransport([
            ("REDACT #c/12 m5", ["@plenary.chat/thread=12 :ann!a@h REDACT #c m5 :off topic"])
        ])
        let connection = try await server.connect()
        try await connection.redact("m5", in: "#c/12", reason: "off topic")
        #expect(server.asked == ["REDACT #c/12 m5 :off topic"])
        await connection.close()
        var redactions: [Redaction] = []
        for await event in connection.events {
            if case .redacted(let redaction) = event { redactions.append(redaction) }
        }
        #expect(redactions.map(\.thread) == [12])
        #expect(redactions.map(\.messageID) == ["m5"])
    }

    @Test func withoutLabelsThePongEndsTheAnswer() async throws {
        let server = ScriptedTransport(
            [
                (
                    "THREAD #c LIST",
                    [
                        "@plenary.chat/threads-end :s BATCH +t plenary.chat/threads #c",
                        "@batch=t :s THREAD #c 12 INFO st=open;n=0 :Twelve", ":s BATCH -t",
                    ]
                ),
                (
                    "THREAD #c/12 CLOSE",
                    [
                        ":bob!b@h THREAD #c 9 STATE st=closed;n=1 :Nine",
                        ":ann!a@h THREAD #c 12 STATE st=closed;n=0 :Twelve",
                    ]
                ),
                ("MARKREAD", [":s MARKREAD #c *"]),
            ],
            capabilities: "batch message-tags draft/read-marker plenary.chat/threads")
        let connection = try await server.connect()
        let page = try await connection.threads(in: "#c")
        #expect(page.threads.map(\.title) == ["Twelve"])
        #expect(page.isComplete)
        let closed = try await connection.closeThread("#c/12")
        #expect(closed.number == 12)
        let marker = try await connection.marker(of: "#c")
        #expect(marker == nil)
    }
}
