// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryRelay
import PlenaryTerms
import Testing
import plenary_relay

/// Adapters: lines of JSON, Matterbridge's records, and what goes back.
@Suite struct AdapterTests {
    private func read(_ text: String) -> Result<RelayMessage, RelayRefusal> {
        do { return .success(try AdapterRecord.message(Array(text.utf8), place: "#c")) } catch {
            return .failure(error)
        }
    }

    private let line =
        #"{"v":1,"origin":"bot","origin_id":7,"origin_time":"2023-06-23T08:05:00Z","sender_name":"Bo","#
        + #""audience":"public","text":"hello","reply_to_origin_id":"6","lang":"en"}"#

    /// Lines that come in one piece have the same time.
    @Test func whatANetworkWithoutIdsSaysAtOnceIsNotOneMessage() {
        var message = Message(
            id: nil, time: Timestamp(seconds: 5), conversation: "#c", sender: Person(nickname: "bo"),
            text: "yes")
        let ids = (1...2).map { IRCCommand.originID(of: message, number: $0) }
        #expect(Set(ids).count == 2)
        message.id = "abc"
        #expect(IRCCommand.originID(of: message, number: 3) == "abc")
    }

    @Test func aPublicLineIsAMessage() throws {
        let message = try read(line).get()
        #expect(message.nickname == "Bo/bot")
        #expect(message.originID == "7")
        #expect(message.replyTo == "6")
        #expect(message.language == "en")
    }

    @Test(arguments: [
        (#""audience":"public""#, #""audience":"private""#, RelayRefusal.Code.notPublic),
        (#""audience":"public","#, "", .notPublic), (#""v":1"#, #""v":2"#, .malformed),
        (#""origin":"bot""#, #""origin":"Bot/x""#, .invalidOrigin),
        (#""text":"hello""#, #""text":"  ""#, .blank), (#""origin_id":7"#, #""origin_id":"""#, .invalidID),
        ("2023-06-23T08:05:00Z", "yesterday", .malformed), ("}", "", .malformed),
    ]) func everythingElseIsRefusedWithItsReason(old: String, new: String, code: RelayRefusal.Code) {
        guard case .failure(let refusal) = read(line.replacing(old, with: new)) else {
            Issue.record("accepted: \(new)")
            return
        }
        #expect(refusal.code == code)
    }

    @Test func aMessageOfTheChannelIsALine() throws {
        let time = try #require(Timestamp(iso8601: "2023-06-23T08:05:00Z".utf8))
        let message = RoomMessage(id: "k3x9", time: time, sender: "amina", text: "a\nb", language: "fr")
        #expect(
            AdapterRecord.outgoing(message).encoded
                == #"{"v":1,"id":"k3x9","origin":"plenary","origin_id":"k3x9","origin_time":"#
                + #""2023-06-23T08:05:00.000Z","sender_name":"amina","audience":"public","text":"a\nb","lang":"fr"}"#
        )
    }

    @Test func objectsOfAStreamAreDividedWhereverTheyAreCut() {
        let text = #"[{"a":"}{\"","b":{"c":1}} , {"d":2}{"e":3}"#
        for size in 1...text.utf8.count {
            var divider = JSONDivider()
            var found: [String] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let (objects, count) = divider.take(Array(rest.prefix(size)))
                found += objects.map { String(decoding: $0, as: UTF8.self) }
                #expect(count == 0)
                rest = rest.dropFirst(size)
            }
            #expect(found == [#"{"a":"}{\"","b":{"c":1}}"#, #"{"d":2}"#, #"{"e":3}"#])
        }
        for extra in [-1, 0, 1] {
            var divider = JSONDivider()
            let filling = String(repeating: "x", count: RelayLimits.adapterRecordByteLimit - 4 + extra)
            let (objects, count) = divider.take(Array("{\"\(filling)\"}{}".utf8))
            #expect(objects.count == (extra > 0 ? 1 : 2))
            #expect(count == (extra > 0 ? 1 : 0))
        }
    }

    @Test func linesAreDividedWhereverTheyAreCutAndTheLastNeedsNoEnd() {
        let text = Array("one\n\ntwo\r\nthree".utf8)
        for size in 1...text.count {
            var splitter = RecordSplitter()
            var lines: [[UInt8]?] = []
            for start in stride(from: 0, to: text.count, by: size) {
                lines += splitter.take(Array(text[start..<min(start + size, text.count)]))
            }
            lines += splitter.finish()
            #expect(
                lines.map { $0.map { String(decoding: $0, as: UTF8.self) } } == ["one", "", "two\r", "three"])
        }
        for extra in [-1, 0, 1] {
            var splitter = RecordSplitter()
            let count = RelayLimits.adapterRecordByteLimit + extra
            let lines = splitter.take([UInt8](repeating: 120, count: count) + [10, 121, 10])
            #expect(lines.map { $0?.count } == [extra > 0 ? nil : count, 1])
        }
    }

    @Test func matterbridgesOwnSideAndEventsArePassedOver() throws {
        func record(_ text: String) throws -> MatterbridgeMessage {
            MatterbridgeMessage(try JSONValue(parsing: Array(text.utf8)))
        }
        let text =
            #"{"text":"hi","username":"<bo> ","userid":"u","account":"discord.x","event":"","protocol":"discord","#
            + #""gateway":"g","id":"discord 12","timestamp":"2023-06-23T10:05:00.123456789+02:00","channel":"c"}"#
        guard case .message(let message) = try record(text) else {
            Issue.record("no message")
            return
        }
        #expect(message.nickname == "<bo>/discord")
        #expect(message.originTime?.iso8601 == "2023-06-23T08:05:00.123Z")
        #expect(try record(text.replacing(#""protocol":"discord""#, with: #""protocol":"api""#)) == .ignored)
        #expect(try record(text.replacing(#""event":"""#, with: #""event":"join_leave""#)) == .ignored)
        let action = try record(text.replacing(#""event":"""#, with: #""event":"user_action""#))
        guard case .message(let doing) = action else {
            Issue.record("no action")
            return
        }
        #expect(doing.text == "* hi")
        guard case .unfit = try record(text.replacing(#""text":"hi""#, with: #""text":"""#)) else {
            Issue.record("a blank text")
            return
        }
    }

    // MARK: Digest

    private func said(
        _ name: String, _ text: String, at seconds: Int64, id: String = "k3x9aa7"
    ) -> RoomMessage {
        RoomMessage(id: id, time: Timestamp(seconds: seconds), sender: name, text: text)
    }

    @Test func aDigestMergesBurstsAndNamesTheMessage() {
        let text = Digest(limit: 900, room: "room").text([
            said("amina", "first", at: 0), said("amina", "second", at: 60), said("bo", "third\nline", at: 61),
            said("amina", "fourth", at: 200),
        ])
        #expect(
            text == """
                amina (room): first / second [k3x9aa]
                bo (room): third line [k3x9aa]
                amina (room): fourth [k3x9aa]
                """)
    }

    @Test func aDigestNeverHasMoreThanItsLimit() {
        let words = ["слово ", "word ", "👨‍👩‍👧‍👦", "语"]
        for limit in [80, 81, 200, 900] {
            for word in words {
                let messages = (0..<30).map { number in
                    said(
                        "name\(number)", String(repeating: word, count: 1 + number * 7),
                        at: Int64(number) * 100)
                }
                let text = Digest(limit: limit, room: "room").text(messages)
                #expect(text.utf16.count <= limit)
                #expect(!text.contains("\u{FFFD}"))
            }
        }
    }

    @Test func aTextIsCutAfterAWordAndNeverInsideACharacter() {
        #expect(Digest.cut("one two three four", to: 14) == "one two three…")
        #expect(Digest.cut("one two three four", to: 12) == "one two…")
        #expect(Digest.cut("abcdefghij", to: 6) == "abcde…")
        #expect(Digest.cut("abc", to: 3) == "abc")
        let family = "👨‍👩‍👧‍👦"
        #expect(Digest.cut("a" + family + family, to: 13) == "a" + family + "…")
        #expect(Digest.cut("a" + family + family, to: 12) == "a…")
    }
}
