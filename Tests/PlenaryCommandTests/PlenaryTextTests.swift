// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal
import Testing
import plenary

/// Received text is harmless on any terminal.
@Suite struct PlenaryTextTests {
    private static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.value == 10 || (scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
        }
    }

    @Test func everyControlCharacterIsTakenOut() {
        for value in UInt32(0)..<0xA0 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = PlainText.clean("a" + String(scalar) + "b")
            #expect(PlenaryTextTests.isHarmless(text), "\(value)")
        }
        #expect(PlainText.clean("a\u{1b}[2Jb\r\u{8}c\u{9b}31md") == "a[2Jbc31md")
        #expect(PlainText.clean("tab\tend\u{2028}x") == "tab end x")
    }

    @Test func coloursGoWithTheirNumbers() {
        #expect(PlainText.clean("\u{3}4,12red\u{3} and \u{2}bold\u{f}") == "red and bold")
        #expect(PlainText.clean("\u{3}123") == "3")
        #expect(PlainText.clean("\u{3},5") == ",5")
        #expect(PlainText.clean("\u{4}ff00aaX\u{4}12") == "X12")
    }

    @Test func randomBytesBecomeHarmlessText() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        for _ in 0..<5000 {
            var bytes: [UInt8] = []
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 40))
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(PlenaryTextTests.isHarmless(PlainText.clean(text)), "seed \(seed)")
            #expect(!PlainText.oneLine(text).utf8.contains(10), "seed \(seed)")
        }
    }

    @Test func openDirectionsAreClosedAndLooseClosersDropped() {
        #expect(PlainText.clean("\u{202E}abc") == "\u{202E}abc\u{202C}")
        #expect(PlainText.clean("\u{2067}a\nb") == "\u{2067}a\u{2069}\nb")
        #expect(PlainText.clean("a\u{202C}\u{2069}b") == "ab")
        #expect(PlainText.clean("\u{2066}\u{202B}x\u{202C}\u{2069}") == "\u{2066}\u{202B}x\u{202C}\u{2069}")
    }

    @Test func rightToLeftTextIsIsolatedAndOtherTextIsNot() {
        #expect(PlainText.isolated("مرحبا") == "\u{2068}مرحبا\u{2069}")
        #expect(PlainText.isolated("中文 и по-русски") == "中文 и по-русски")
    }

    @Test func nearWordsAreFoundAndFarOnesAreNot() {
        let verbs = ["chat", "join", "post", "tail", "history", "channels", "help"]
        #expect(NearestWord.to("pots", among: verbs) == "post")
        #expect(NearestWord.to("hlep", among: verbs) == "help")
        #expect(NearestWord.to("histroy", among: verbs) == "history")
        #expect(NearestWord.to("xyzzy", among: verbs) == nil)
        #expect(NearestWord.to("", among: verbs) == nil)
    }

    @Test func aMentionIsAWordOfItsOwn() {
        for text in ["ann: hello", "hello @ann", "ANN", "(ann)", "so ann.", "ann, bob", "中文 ann"] {
            #expect(Mention.isIn(text, of: "ann"), "\(text)")
        }
        for text in ["anna", "joann", "ann_x", "ann-x", "", "an n", "éann"] {
            #expect(!Mention.isIn(text, of: "ann"), "\(text)")
        }
        #expect(!Mention.isIn("anything", of: ""))
    }

    @Test func badBytesAreFoundWithTheirOffset() {
        #expect(InputText.invalidOffset(Array("é中😀".utf8)) == nil)
        #expect(InputText.invalidOffset([]) == nil)
        #expect(InputText.invalidOffset(Array("é".utf8) + [0xFF]) == 2)
        #expect(InputText.invalidOffset([97, 0, 98]) == 1)
        #expect(InputText.invalidOffset([97, 0xE2, 0x82]) == 1)
    }
}

/// Invite links, targets and times as people write them.
@Suite struct PlenaryReadingTests {
    private let hex = String(repeating: "9c", count: 32)

    @Test func anInviteHasHostPortChannelCodeAndPins() throws {
        let link = try InviteLink(
            "plenary://chat.example.org:7000/practices#K7QF-2M9D-TR4X&pin=sha256:\(hex)&pin=\(hex)&new=1")
        #expect(link.host == "chat.example.org")
        #expect(link.port == 7000)
        #expect(link.channel == "#practices")
        #expect(link.code == "K7QF-2M9D-TR4X")
        #expect(link.pins.count == 2)
        #expect(link.pins.first?.description == "sha256:" + hex)
    }

    @Test func mostOfAnInviteMayBeMissing() throws {
        let link = try InviteLink("plenary://host")
        #expect(link.port == 6697)
        #expect(link.channel == nil)
        #expect(link.code == nil)
        #expect(link.pins.isEmpty)
        #expect(try InviteLink("plenary://[::1]:7000/").host == "::1")
        #expect(try InviteLink("plenary://h/c#pin=sha256:\(hex)").code == nil)
        #expect(try InviteLink("plenary://h#C&name=Amina+B.%2C%20Kenya").name == "Amina B., Kenya")
    }

    @Test(arguments: [
        "", "http://host", "plenary://", "plenary:///x", "plenary://host:0", "plenary://host:65536",
        "plenary://host:x", "plenary://ho st", "plenary://h#C&pin=sha256:12", "plenary://[::1",
        "plenary://a\u{1b}b",
    ]) func whatIsNoInviteIsRefusedInWords(text: String) {
        #expect(throws: Failure.self) { try InviteLink(text) }
    }

    @Test func aTargetIsAChannelAThreadOrAPerson() throws {
        #expect(try Target("practices").wire == "#practices")
        #expect(try Target("#practices").shown == "practices")
        let thread = try Target("practices/12")
        #expect(thread.wire == "#practices/12")
        #expect(thread.thread == 12)
        #expect(thread.conversation == "#practices")
        #expect(try Target("@amina.b").wire == "amina.b")
        for bad in ["", "#", "@", "a b", "a,b", "a/b", "a/1/2", "a\u{7}"] {
            #expect(throws: Failure.self, "\(bad)") { try Target(bad) }
        }
    }

    @Test func durationsHaveUnitsAndABound() {
        #expect(TimeText.milliseconds("90") == 90_000)
        #expect(TimeText.milliseconds("500ms") == 500)
        #expect(TimeText.seconds("10m") == 600)
        #expect(TimeText.seconds("2h") == 7200)
        #expect(TimeText.seconds("3d") == 259_200)
        for bad in ["", "h", "10x", "-1s", "1.5h", "99999999999999999999", "9999999999999999w", "11y"] {
            #expect(TimeText.milliseconds(bad) == nil, "\(bad)")
        }
    }

    @Test func momentsAreReadAsTheManualSays() throws {
        let time = TimeText(usesUTC: true)
        let now = try #require(Timestamp(iso8601: "2023-06-23T10:30:00Z".utf8))
        func read(_ text: String) -> String? { time.moment(text, now: now)?.iso8601 }
        #expect(read("10m") == "2023-06-23T10:20:00.000Z")
        #expect(read("today") == "2023-06-23T00:00:00.000Z")
        #expect(read("yesterday") == "2023-06-22T00:00:00.000Z")
        #expect(read("2023-06-20") == "2023-06-20T00:00:00.000Z")
        #expect(read("2023-06-20T10:00+02:00") == "2023-06-20T08:00:00.000Z")
        #expect(read("2023-06-20T10:00-05:30") == "2023-06-20T15:30:00.000Z")
        #expect(read("2023-06-20T10:00:30Z") == "2023-06-20T10:00:30.000Z")
        #expect(read("2023-06-20 10:00") == "2023-06-20T10:00:00.000Z")
        for bad in [
            "", "tomorrow", "2023-06-31", "2023-06-20T25:00", "2023-06-20T10", "2023-06-20T10:00+2:00", "x",
        ] {
            #expect(read(bad) == nil, "\(bad)")
        }
    }

    @Test func aShortTimeGrowsWithItsDistance() throws {
        let time = TimeText(usesUTC: true)
        let now = try #require(Timestamp(iso8601: "2023-06-23T10:30:00Z".utf8))
        func show(_ text: String) throws -> String {
            time.short(try #require(Timestamp(iso8601: text.utf8)), now: now)
        }
        #expect(try show("2023-06-23T09:05:00Z") == "09:05")
        #expect(try show("2023-06-22T09:05:00Z") == "22 Jun 09:05")
        #expect(try show("2019-01-02T09:05:00Z") == "2 Jan 2019 09:05")
    }

    @Test func aShortNameIsMadeOfLatinLettersOnly() {
        #expect(JoinCommand.account(from: "Amina B., Kenya") == "amina.b")
        #expect(JoinCommand.account(from: "Jean-Pierre Dupont") == "jean.pierre.dupont")
        #expect(JoinCommand.account(from: "李薇") == nil)
        #expect(JoinCommand.account(from: "9lives") == nil)
        #expect(JoinCommand.account(from: "...") == nil)
    }
}
