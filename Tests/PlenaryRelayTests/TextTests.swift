// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms
import Testing

/// Names and texts on their way.
@Suite struct TextTests {
    @Test(arguments: [
        ("R. Participant", "R--Participant"), ("Amina Diallo", "Amina-Diallo"), ("李伟", "李伟"),
        ("@chan #op!", "chan--op-"), ("", "participant"), ("  \u{202E}\u{200B}", "participant"),
        ("a\u{202E}b\u{0}c", "abc"), ("...", "participant"), ("مريم", "مريم"),
        ("a/b\\c;d=e~f", "a-b-c-d-e-f"),
        ("Ann ✅", "Ann-"), ("- - x", "x"),
    ]) func aNameHoldsNothingThatTheWireMeans(given: String, shown: String) {
        #expect(RelayText.name(given) == shown)
    }

    @Test func aNameIsCutBetweenCharacters() {
        for count in [39, 40, 41] {
            let name = RelayText.name(String(repeating: "x", count: count))
            #expect(name.utf8.count == min(count, RelayLimits.nameByteLimit))
        }
        // Each family has 25 bytes in one character; without its joiners 16.
        let families = RelayText.name(String(repeating: "👨‍👩‍👧‍👦", count: 4))
        #expect(families.utf8.count <= 40 && families.unicodeScalars.count % 4 == 0)
    }

    @Test func aTextKeepsItsLinesAndLosesControls() {
        #expect(RelayText.cleaned("a\r\nb\rc \t \n\u{1}d\u{0}\n\n") == "a\nb\nc\nd")
        #expect(RelayText.cleaned("a\tb") == "a b")
        #expect(RelayText.cleaned(" \n ") == "")
        #expect(RelayText.cleaned("\u{1}ACTION x\u{1}") == "ACTION x")
    }

    @Test func piecesLoseNothingAndFitIntoOneBatch() {
        let words = String(repeating: "слово ", count: 1500)
        let lines = (0..<40).map { "line \($0)" }.joined(separator: "\n")
        let joined = String(repeating: "👨‍👩‍👧‍👦", count: 400)
        for text in [words, lines, joined, "a", String(repeating: "x", count: 9000)] {
            let pieces = RelayText.pieces(text)
            #expect(pieces.allSatisfy { $0.utf8.count <= RelayLimits.pieceByteLimit })
            #expect(
                pieces.allSatisfy { $0.split(separator: "\n").count <= RelayLimits.pieceLineLimit })
            let plain = pieces.joined().filter { !$0.isWhitespace }
            #expect(plain == text.filter { !$0.isWhitespace })
        }
        #expect(RelayText.pieces("short") == ["short"])
    }

    @Test func keysAreTheSameForALongerVersionOfAFile() throws {
        let text = (0..<5).map { "10:00:0\($0 % 2)\t From A : yes\n" }.joined()
        let longer = text + "10:00:09\t From A : yes\n"
        let keys = RelayKeys(key: [1, 2, 3])
        let first = keys.keys(of: try Fixture.chat(text: text), session: "s")
        let second = keys.keys(of: try Fixture.chat(text: longer), session: "s")
        #expect(Array(second.prefix(5)) == first)
        #expect(Set(second).count == 6)
        #expect(second.allSatisfy { $0.utf8.count <= 64 - 3 })
        #expect(keys.keys(of: try Fixture.chat(text: text), session: "other") != first)
        #expect(RelayKeys(key: [9]).keys(of: try Fixture.chat(text: text), session: "s") != first)
    }

    @Test func jsonIsReadStrictlyAndBounded() throws {
        #expect(
            try JSONValue(parsing: Array(#"{"a":[1,-2.5e3,"é😀\n",true,null]}"#.utf8)).encoded
                == #"{"a":[1,-2.5e3,"é😀\n",true,null]}"#)
        #expect(try JSONValue(parsing: Array(#""\ud83d\ude00""#.utf8)) == .string("😀"))
        for bad in [
            "", "{", "[1,]", "01", "1.", "\"\\x\"", #""\ud83d""#, "{\"a\" 1}", "nul", "1 2", "\"a\nb\"",
            "{1:2}",
        ] {
            #expect(throws: JSONError.self, "\(bad)") { try JSONValue(parsing: Array(bad.utf8)) }
        }
        for depth in [
            RelayLimits.jsonDepthLimit - 1, RelayLimits.jsonDepthLimit, RelayLimits.jsonDepthLimit + 1,
        ] {
            let text = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
            let isRead = (try? JSONValue(parsing: Array(text.utf8))) != nil
            #expect(isRead == (depth <= RelayLimits.jsonDepthLimit))
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [UInt8](repeating: 91, count: 1 << 20)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [34, 0xFF, 34]) }
        let id = try JSONValue(parsing: Array(#"{"id":81234567890123456}"#.utf8))
        #expect(id["id"]?.identifier == "81234567890123456")
    }

    @Test func settingsNameTheLineThatIsWrong() throws {
        let settings = try RelaySettings(
            parsing: """
                # a relay
                server = chat.example.org:6697
                account = zoom-relay   # its account
                allow = #session-am
                allow = session-pm
                meeting = 81234567890 session-am
                contact = secretariat@example.org
                retention = 90 days
                """)
        #expect(settings.account == "zoom-relay")
        #expect(settings.allows("#Session-AM") && !settings.allows("#lobby"))
        #expect(settings.meetings == ["81234567890": "#session-am"])
        #expect(settings.unlistedMeetings.isEmpty)
        #expect(
            settings.consentLine(channel: "#session-am", other: "this meeting")
                == "The chat of #session-am and of this meeting is copied between both and stored for 90 days. "
                + "For a copy or erasure ask secretariat@example.org.")
        for (text, line) in [("x", 1), ("\nnonsense = 1", 2), ("meeting = a b", 1), ("server =", 1)] {
            #expect(throws: SettingsError.self) { try RelaySettings(parsing: text) }
            do { _ = try RelaySettings(parsing: text) } catch { #expect(error.line == line) }
        }
        #expect(try RelaySettings(parsing: "meeting = 1 x").unlistedMeetings == ["1"])
        // A combining mark behind the sign makes another character of the two, and no other sign.
        let marked = try RelaySettings(parsing: "#\u{301} a comment\nallow = #\u{301}x\nallow = \u{6DA}y")
        #expect(marked.allowed == ["#\u{301}x", "#\u{6DA}y"])
    }
}
