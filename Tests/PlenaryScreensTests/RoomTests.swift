// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing

/// The room display: who has the floor, who comes next, what is said, and what is wrong.
@Suite struct RoomTests {
    static let channel = "#session-2023-06-23-am"
    /// 10:20 in Geneva.
    static let now = Timestamp(seconds: 1_687_508_400)

    static func line(_ parameters: [String], source: String = "plenary.example") -> ServerLine {
        ServerLine(source: source, verb: "FLOOR", parameters: [channel] + parameters)
    }

    static let list: SpeakersList = {
        var list = SpeakersList(channel: channel)
        for words in [
            ["LIST", "open", "states-first", "3", "2023-06-23T08:20:00.000Z", "limit.state=180"],
            [
                "SPEAKER", "r1", "statement", "2023-06-23T08:18:30.000Z", "2023-06-23T08:21:30.000Z",
                "name=Lucía\\sBenítez;category=state;delegation=PY;behalf=Group\\sof\\sFriends;item=2",
            ],
            ["ENTRY", "1", "r2", "statement", "2023-06-23T08:00:00.000Z", "180", "name=ليلى;delegation=MA"],
            ["ENTRY", "2", "r3", "statement", "2023-06-23T08:01:00.000Z", "120", "name=Нина;category=ngo"],
            ["ENTRY", "3", "r4", "reply", "2023-06-23T08:02:00.000Z", "120", "name=Awa\\sSarr"],
            ["END", "3"],
        ] {
            let isKnown = list.take(line(words))
            #expect(isKnown)
        }
        return list
    }()

    static func message(
        _ id: String, _ name: String, _ text: String, seconds: Int64, tags: [String: String] = [:]
    ) -> ClientEvent {
        var message = Message(
            id: id, time: now.advanced(bySeconds: seconds - 300), conversation: channel,
            sender: Person(nickname: name), text: text)
        message.tags = tags
        return .message(message)
    }

    static func room(_ columns: Int, _ rows: Int, _ language: Language) -> RoomModel {
        var model = RoomModel(
            columns: columns, rows: rows, now: now, channel: channel, language: language, bidi: .app,
            localOffset: { _ in 7200 })
        _ = model.take(.stateChanged(.online))
        model.take(meeting: nil, floor: list, relay: nil)
        _ = model.take(message("m1", "amina", "Who has given their mechanism a basis in law?", seconds: 10))
        _ = model.take(
            message(
                "m2", "R.-Participant/zoom", "Bonjour à tous", seconds: 20, tags: ["draft/relaymsg": "tech"]))
        _ = model.take(message("m3", "karim", "لدينا لجنة وطنية دائمة تضم 12 وزارة.", seconds: 30))
        _ = model.take(message("m4", "li", "我们把建议按主题归类。", seconds: 40))
        return model
    }

    @Test(arguments: [(80, 24), (120, 40), (40, 16)]) func theRoomIsAsItWas(columns: Int, rows: Int) throws {
        let painted = Language.allCases.map { language in
            let grid = RoomTests.room(columns, rows, language).draw()
            return "=== \(language.rawValue)\n\(grid.text)\n--- styles\n\(grid.styleLayer)\n"
        }.joined(separator: "\n")
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("golden/room/room-\(columns)x\(rows).txt").path
        if ProcessInfo.processInfo.environment["PLENARY_GOLDEN"] == "write" {
            try painted.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == painted)
    }

    @Test func theClockCountsDownAndSaysWhenTimeIsUp() {
        var model = RoomTests.room(80, 24, .english)
        #expect(model.remainingSeconds == 90)
        model.now = RoomTests.now.advanced(bySeconds: 89)
        #expect(model.remainingSeconds == 1)
        #expect(!model.draw().text.contains("Time"))
        model.now = RoomTests.now.advanced(bySeconds: 95)
        #expect(model.remainingSeconds == -5)
        #expect(model.draw().text.contains("Time"))
    }

    @Test func aRelayThatIsSilentForAMinuteIsSaidToBe() {
        var model = RoomTests.room(80, 24, .english)
        let words = [RoomTests.channel, "STATUS", "on", "tech", "2023-06-23T08:19:01.000Z", "in=4"]
        let line = ServerLine(source: "plenary.example", verb: "RELAY", parameters: words)
        model.take(meeting: nil, floor: nil, relay: RelayStatus(line))
        #expect(model.silentSeconds == nil)
        model.now = RoomTests.now.advanced(bySeconds: 1)
        #expect(model.silentSeconds == 60)
        #expect(model.draw().text.contains("Nothing from the relay for 60 s"))
    }

    @Test func whatWasRedactedLeavesTheRoom() {
        var model = RoomTests.room(80, 24, .english)
        let redaction = Redaction(
            conversation: RoomTests.channel, messageID: "m1", by: Person(nickname: "mod"), reason: nil,
            time: RoomTests.now)
        _ = model.take(.redacted(redaction))
        #expect(!model.draw().text.contains("basis in law"))
        #expect(model.draw().text.contains("[removed]"))
    }

    @Test func aMessageThatComesTwiceIsShownOnce() {
        var model = RoomTests.room(80, 24, .english)
        _ = model.take(
            RoomTests.message("m1", "amina", "Who has given their mechanism a basis in law?", seconds: 10))
        #expect(model.posts.count == 4)
    }

    @Test func noSizeBreaksIt() {
        for (columns, rows) in [(0, 0), (1, 1), (2, 30), (200, 3), (300, 100)] {
            for language in Language.allCases {
                let grid = RoomTests.room(columns, rows, language).draw()
                #expect(grid.columns == columns && grid.rows == rows)
                for cell in grid.cells {
                    for scalar in cell.text.unicodeScalars { #expect(!TerminalControls.contains(scalar)) }
                }
            }
        }
    }

    @Test func everyLanguageFillsTheSameGaps() {
        for phrase in RoomPhrase.allCases {
            for language in Language.allCases {
                let text = Catalogue(language).text(
                    phrase, [.time: "T", .seconds: "S", .name: "N", .language: "L"])
                #expect(!text.isEmpty && !text.contains("{"))
                let english = Catalogue(.english).text(
                    phrase, [.time: "T", .seconds: "S", .name: "N", .language: "L"])
                for mark in ["T", "S", "N"] where english.contains(" \(mark)") {
                    #expect(text.contains(mark), "\(phrase) \(language)")
                }
            }
        }
    }
}

/// A speakers' list follows the lines that tell of changes, and comes to what LIST would say.
@Suite struct SpeakersListTests {
    private func taking(_ lines: [[String]]) -> SpeakersList {
        var list = RoomTests.list
        for words in lines {
            let isKnown = list.take(RoomTests.line(words))
            #expect(isKnown)
        }
        return list
    }

    @Test func whoeverGetsTheFloorLeavesTheList() {
        let list = taking([
            ["ENDED", "r1", "yielded", "150", "*", "*"],
            [
                "GRANTED", "r2", "statement", "2023-06-23T08:22:00.000Z", "2023-06-23T08:25:00.000Z",
                "name=ليلى;delegation=MA",
            ],
        ])
        #expect(list.speaker?.request.number == 2)
        #expect(list.entries.map(\.number) == [3, 4])
        #expect(list.spoken.map(\.seconds) == [150])
    }

    @Test func aPointOfOrderInterruptsAndTheSpeakerGoesOn() {
        let list = taking([
            [
                "GRANTED", "r5", "point", "2023-06-23T08:20:00.000Z", "2023-06-23T08:21:00.000Z",
                "name=chair",
            ]
        ])
        #expect(list.paused?.request.number == 1)
        let later = {
            var list = list
            _ = list.take(RoomTests.line(["ENDED", "r5", "stopped", "20", "r1", "2023-06-23T08:21:50.000Z"]))
            return list
        }()
        #expect(later.speaker?.request.number == 1)
        #expect(later.paused == nil)
        #expect(later.speaker?.ends.iso8601 == "2023-06-23T08:21:50.000Z")
    }

    @Test func newPlacesAreTaken() {
        let list = taking([
            ["REQUESTED", "2", "r6", "statement", "4", "name=Olga"], ["SWAPPED", "r2", "r3"],
            ["WITHDRAWN", "r4", "3"], ["ORDER", "1", "r6 r2 r3"],
        ])
        #expect(list.entries.map(\.number) == [6, 2, 3])
    }

    @Test func aLineThatMakesNoSenseChangesNothing() {
        let list = taking([
            ["GRANTED", "x", "statement", "now", "then", ""], ["ENTRY"],
            ["ORDER", "99999999999999999999", "r"],
            ["EXTENDED", "r9", "2023-06-23T09:00:00.000Z"], ["SWAPPED", "r2"],
        ])
        #expect(list == RoomTests.list)
        var other = list
        let isKnown = other.take(RoomTests.line(["SOMETHING"]))
        #expect(!isKnown)
    }
}

/// A translation stands in the place of what its reader cannot read, and says so.
@Suite struct PostTranslationTests {
    private static func translation(
        _ language: String, _ provenance: String, _ text: String
    ) -> PostTranslation? {
        var message = Message(
            id: "t-\(text)", time: RoomTests.now, conversation: "#am", sender: Person(nickname: "desk"),
            text: text)
        message.marks = Marks(language: language)
        message.tags = ["+plenary.chat/translation-of": "m1", "+plenary.chat/provenance": provenance]
        return PostTranslation(message)
    }

    private static var post: Post {
        var message = Message(
            id: "m1", time: RoomTests.now, conversation: "#am", sender: Person(nickname: "lucia"),
            text: "Un mandato por ley")
        message.marks = Marks(language: "es")
        return Post(message, isMention: false)
    }

    /// F3: a machine's, then a person's: the reader sees the person's.
    @Test func theBestOneIsShownAndOfEqualOnesTheLater() {
        var post = PostTranslationTests.post
        for (provenance, text) in [
            ("machine", "one"), ("human", "two"), ("machine", "three"), ("human", "four"),
        ] {
            if let translation = PostTranslationTests.translation("en", provenance, text) {
                post.attach(translation)
            }
        }
        #expect(post.translation(for: .english)?.text == "four")
        #expect(post.translation(for: .french) == nil)
        #expect(post.translation(for: .spanish) == nil)
    }

    @Test func aRegionalTagIsReadByReadersOfTheLanguage() {
        var post = PostTranslationTests.post
        if let translation = PostTranslationTests.translation("zh-Hans", "human", "法律") {
            post.attach(translation)
        }
        #expect(post.translation(for: .chinese)?.text == "法律")
    }

    @Test func aMessageThatTranslatesNothingIsNoTranslation() {
        let message = Message(
            id: "m9", time: RoomTests.now, conversation: "#am", sender: Person(nickname: "x"), text: "y")
        #expect(PostTranslation(message) == nil)
    }
}
