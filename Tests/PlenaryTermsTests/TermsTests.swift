// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import Testing

/// Names, moments and identifiers.
@Suite struct NameTests {
    @Test(arguments: [63, 64, 65]) func aChannelNameHasAtMost64Bytes(byteCount: Int) throws {
        let text = "#" + String(repeating: "a", count: byteCount - 1)
        if byteCount <= 64 {
            #expect(try ChannelName(text).spelling == text)
        } else {
            #expect(throws: NameError.tooLong(byteCount: 65, limit: 64)) { try ChannelName(text) }
        }
    }

    @Test func aChannelNameBeginsWithItsSignAndHasMore() {
        #expect(throws: NameError.empty) { try ChannelName("") }
        #expect(throws: NameError.empty) { try ChannelName("#") }
        #expect(throws: NameError.wrongPrefix) { try ChannelName("abc") }
    }

    @Test func eachForbiddenByteIsNamedWithItsPlace() {
        let allowed = Set(UInt8(33)...126).subtracting([42, 44, 47, 58, 63])
        for byte in UInt8.min...UInt8.max {
            let bytes: [UInt8] = [35, 97, byte]
            if allowed.contains(byte) {
                #expect((try? ChannelName(bytes)) != nil, "\(byte)")
            } else {
                #expect(throws: NameError.forbiddenByte(byte, position: 2)) { try ChannelName(bytes) }
            }
        }
    }

    @Test func namesAreEqualInAnyASCIICaseOnly() throws {
        #expect(try ChannelName("#AbC") == ChannelName("#aBc"))
        #expect(try ChannelName("#AbC").hashValue == ChannelName("#aBc").hashValue)
        #expect(try ChannelName("#AbC").spelling == "#AbC")
        #expect(try Nickname("Ann[]") == Nickname("ann[]"))
        #expect(try Nickname("Ann[]") != Nickname("Ann{}"))
    }

    @Test(arguments: [31, 32, 33]) func aNicknameHasAtMost32Bytes(byteCount: Int) throws {
        let text = String(repeating: "a", count: byteCount)
        if byteCount <= 32 {
            #expect(try Nickname(text).spelling == text)
        } else {
            #expect(throws: NameError.tooLong(byteCount: 33, limit: 32)) { try Nickname(text) }
        }
    }

    @Test func aNicknameBeginsWithALetterOrSign() {
        for bad in ["1a", "-a", ".a", "", "a b", "a!b", "a@b", "a/b", "é", "a,b", "a*b", "a:b"] {
            #expect(throws: NameError.self, "\(bad)") { try Nickname(bad) }
        }
        for good in ["a1", "a-b", "a.b", "[a]", "\\a", "`a^", "_a", "{a|b}"] {
            #expect((try? Nickname(good)) != nil, "\(good)")
        }
    }
}

@Suite struct TimestampTests {
    @Test func momentsAreWrittenWithMilliseconds() {
        #expect(Timestamp(microseconds: 0).iso8601 == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(microseconds: 1_687_507_200_123_999).iso8601 == "2023-06-23T08:00:00.123Z")
        #expect(Timestamp(microseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(seconds: 951_782_400).iso8601 == "2000-02-29T00:00:00.000Z")
    }

    @Test func momentsAreReadBack() {
        for text in [
            "1970-01-01T00:00:00.000Z", "2023-06-23T08:00:00.123Z", "2000-02-29T23:59:59.999Z",
            "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
        ] {
            #expect(Timestamp(iso8601: text.utf8)?.iso8601 == text)
        }
        #expect(Timestamp(iso8601: "2023-06-23T08:00:00Z".utf8)?.microseconds == 1_687_507_200_000_000)
        #expect(Timestamp(iso8601: "2023-06-23T08:00:00.5Z".utf8)?.microseconds == 1_687_507_200_500_000)
        #expect(
            Timestamp(iso8601: "2023-06-23T08:00:00.1234567Z".utf8)?.microseconds == 1_687_507_200_123_456)
    }

    @Test func whatIsNoMomentIsRefused() {
        for text in [
            "", "Z", "2023-06-23", "2023-06-23T08:00:00", "2023-06-23 08:00:00Z", "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z", "2023-02-29T00:00:00Z", "2023-02-00T00:00:00Z", "2023-04-31T00:00:00Z",
            "2023-06-23T24:00:00Z", "2023-06-23T00:60:00Z", "2023-06-23T00:00:61Z", "2023-06-23T00:00:00.Z",
            "2023-06-23T00:00:00.xZ", "+023-06-23T00:00:00Z", "2023-06-23T00:00:00.123456789012Z",
            "1900-02-29T00:00:00Z",
        ] {
            #expect(Timestamp(iso8601: text.utf8) == nil, "\(text)")
        }
    }

    @Test func everyMomentSurvivesWritingToTheMillisecond() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Years 0 to 9999.
            let milliseconds = Int64(state % 315_000_000_000_000) - 62_000_000_000_000
            let time = Timestamp(microseconds: milliseconds * 1000)
            #expect(Timestamp(iso8601: time.iso8601.utf8) == time, "seed \(seed)")
        }
    }

    @Test func extremesDoNotTrap() {
        for microseconds in [Int64.min, .min + 1, -1000, -999, .max - 1, .max] {
            let time = Timestamp(microseconds: microseconds)
            #expect(time.iso8601.utf8.count == 24)
            _ = time.seconds
            _ = time.advanced(bySeconds: .max)
            _ = time.advanced(bySeconds: .min)
        }
        _ = Timestamp(seconds: .max)
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(microseconds: 999_999).seconds == 0)
    }

    @Test func randomTextNeverTraps() {
        let seed = UInt64.random(in: .min ... .max)
        var state = seed
        let letters = Array("0123456789-T:.Z \u{e9}".utf8)
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes: [UInt8] = []
            var rest = state
            for _ in 0..<Int(state >> 58) % 40 {
                rest = rest &* 6_364_136_223_846_793_005 &+ 7
                bytes.append(letters[Int(rest >> 33) % letters.count])
            }
            _ = Timestamp(iso8601: bytes)
        }
    }
}

@Suite struct IdentifierTests {
    @Test func aMessageIDHas22LettersAndIsReadBack() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SystemRandomNumberGenerator()
        var ids = [MessageID(high: 0, low: 0), MessageID(high: .max, low: .max), MessageID(high: 1, low: 2)]
        for _ in 0..<2000 { ids.append(MessageID(high: generator.next(), low: generator.next())) }
        for id in ids {
            #expect(id.text.utf8.count == 22, "seed \(seed)")
            #expect(MessageID(Array(id.text.utf8)) == id, "\(id)")
            #expect(!id.text.contains { $0 == " " || $0 == ":" })
        }
        #expect(MessageID(high: 0, low: 0).text == String(repeating: "A", count: 22))
    }

    @Test func otherTextsAreNoMessageID() {
        let good = MessageID(high: 12345, low: 678).text
        for bad in ["", String(good.dropLast()), good + "A", "!" + good.dropFirst(), good.dropLast() + "B"] {
            #expect(MessageID(Array(bad.utf8)) == nil, "\(bad)")
        }
    }

    @Test func eachIDHasOneSpellingOnly() {
        // The last letter carries two bits; the other four must be zero.
        let front = String(repeating: "A", count: 21)
        let accepted = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .filter { MessageID(Array((front + String($0)).utf8)) != nil }
        #expect(accepted == "AQgw")
    }

    @Test func bothSidesNameADirectConversationAlike() {
        #expect(Conversation.between(AccountID(2), AccountID(1)) == .between(AccountID(1), AccountID(2)))
        #expect(Conversation.between(AccountID(2), AccountID(1)) == .direct(AccountID(1), AccountID(2)))
    }

    @Test func offsetsRiseByOne() {
        #expect(Offset(1).next == Offset(2))
        #expect(Offset(1) < Offset(2))
    }
}
