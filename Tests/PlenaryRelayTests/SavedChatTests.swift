// SPDX-License-Identifier: Apache-2.0

import PlenaryRelay
import PlenaryTerms
import Testing

/// Saved chat files: the five shapes, what is not to everybody, and hostile content.
@Suite struct SavedChatTests {
    @Test func shapeAIsReadWithItsLinesRepliesAndPastedHeaders() throws {
        let chat = try Fixture.chat("shape-a-acceptance.txt")
        #expect(chat.entries.count == 15)
        #expect(chat.privateCount == 2)
        #expect(chat.reactionCount == 3)
        #expect(chat.unknownCount == 0)
        #expect(chat.totalCount == 20)
        #expect(chat.entries[1].sender == "Amina B.")
        #expect(chat.entries[2].text == "We begin.\nPlease mute yourselves.")
        let reply = try #require(chat.entries.first { $0.quotes != nil })
        #expect(reply.quotes == "How do you track fol")
        #expect(reply.text == "We use a shared table, one row a recommendation.")
        #expect(
            reply.parent.map { chat.entries[$0].text } == "How do you track follow-up between ministries?")
        let pasted = try #require(chat.entries.first { $0.sender == "Pasted" })
        #expect(
            pasted.text
                == "the log said:\n10:00:00 From Nobody to Everyone:\n this is a quotation")
    }

    @Test func anotherLanguageCRLFAndMidnightAreRead() throws {
        let chat = try Fixture.chat("shape-a-ru-crlf.txt")
        #expect(chat.entries.map(\.seconds) == [86_370, 86_410])
        #expect(chat.entries.map(\.sender) == ["Ольга Т.", "Павел Р."])
        #expect(chat.entries[1].text == "Отвечу завтра")
        #expect(chat.entries[1].parent == 0)
        #expect(chat.privateCount == 1)
    }

    @Test func shapeBTakesItsBodyFromTheSameLine() throws {
        let chat = try Fixture.chat("shape-b.txt")
        #expect(chat.entries.map(\.sender) == ["Ann", "Road to Geneva"])
        #expect(chat.entries[0].text == "first line\nsecond line")
        #expect(chat.privateCount == 3)
    }

    @Test func shapeCHasNoRecipientUnlessItIsPrivate() throws {
        let chat = try Fixture.chat("shape-c.txt")
        #expect(chat.entries.map(\.text) == ["hello all", "add salt"])
        #expect(chat.privateCount == 1)
        #expect(chat.reactionCount == 2)
    }

    @Test func aRecordingsTimesCountFromItsStart() throws {
        let chat = try Fixture.chat("shape-d.txt")
        #expect(chat.base == .recording)
        #expect(chat.entries.map(\.sender) == ["Ann", "From Bo", "Cé Dé"])
        #expect(chat.entries.map(\.seconds) == [3, 75, 3723])
        #expect(chat.entries[2].parent == 0)
        #expect(chat.entries[2].text == "found it")
        let start = try #require(Timestamp(iso8601: "2023-06-23T08:00:00Z".utf8))
        #expect(
            SavedChatDates.moments(of: chat, from: start).map(\.iso8601).last == "2023-06-23T09:02:03.000Z")
    }

    @Test func aKeywordOfAnotherLanguageAndAMissingLastLineEndAreRead() throws {
        let chat = try Fixture.chat("shape-e-crlf.txt")
        #expect(chat.entries.map(\.sender) == ["María", "Luis"])
        #expect(chat.entries.map(\.text) == ["Buenas tardes", "Gracias a todas"])
        #expect(chat.privateCount == 1)
    }

    @Test func whatHasAnUnknownKeywordIsPrivateAndCounted() throws {
        let chat = try Fixture.chat("unknown-keyword.txt")
        #expect(chat.entries.map(\.text) == ["known"])
        #expect(chat.unknownCount == 2)
        #expect(chat.unknownLines == [1, 5])
    }

    @Test(arguments: Fixture.names) func nothingPrivateLeavesTheParser(name: String) throws {
        let text = Fixture.everything(try Fixture.chat(name))
        for word in ["PRIVATE", "SECRET", "SECRETO", "СЕКРЕТ"] { #expect(!text.contains(word)) }
    }

    @Test(arguments: [
        (#"Replying to "first words…" with pleasure"#, "first words", "with pleasure"),
        ("Replying to \"first words...\"\n\nwith pleasure", "first words", "with pleasure"),
        ("Replying to “he said “yes” to…” good", "he said “yes” to", "good"),
        (#"Replying to "he said "yes" today" good"#, #"he said "yes"#, #"today" good"#),
        ("Ответ на \"да\"\nхорошо", "да", "хорошо"),
    ]) func aReplyIsReadOnBothPlacesAndWithNestedQuotes(body: String, stub: String, text: String) throws {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { "\t\($0)" }
        let chat = try Fixture.chat(
            text: "10:00:00 From A to Everyone:\n" + lines.joined(separator: "\n") + "\n")
        #expect(chat.entries.map(\.quotes) == [stub])
        #expect(chat.entries.map(\.text) == [text])
        #expect(chat.unlinkedReplyCount == 1)
    }

    @Test func aReplyIsLinkedWhenExactlyOneMessageBeginsSo() throws {
        func chat(_ texts: [String]) throws -> SavedChat {
            try Fixture.chat(
                text: texts.enumerated().map { "10:00:0\($0) From A to Everyone:\n\t\($1)\n" }.joined())
        }
        let reply = #"Replying to "good morn…" hello"#
        #expect(try chat(["good morning", reply]).entries[1].parent == 0)
        #expect(try chat(["good morning", "good morning", reply]).entries[2].parent == nil)
        #expect(try chat(["good evening", reply]).entries[1].parent == nil)
        #expect(try chat(["ok", #"Replying to "ok" hello"#]).entries[1].parent == 0)
    }

    @Test func recipientsThatOnlyLookLikeEverybodyAreNot() throws {
        for recipient in ["Everyone else", "everyone (host)", "Everyone(Direct Message)", "Hosts", ""] {
            let chat = try Fixture.chat(text: "10:00:00 From A to \(recipient):\n\tSECRET\n")
            #expect(chat.entries.isEmpty, "\(recipient)")
            #expect(chat.totalCount == 1)
        }
        let mixed = try Fixture.chat(
            text: "10:00:00 From A to Everyone:\n\tpublic\n10:00:01\tBo:\tSECRET\n")
        #expect(mixed.entries.map(\.text) == ["public"])
        #expect(mixed.unknownCount == 1)
    }

    @Test func sizesAreTakenUpToTheLimitAndNotAbove() throws {
        let head = "10:00:00 From A to Everyone:\n\t"
        for extra in [-1, 0, 1] {
            let text = String(repeating: "x", count: RelayLimits.textByteLimit + extra)
            let chat = try Fixture.chat(text: head + text)
            #expect(chat.entries.count == (extra > 0 ? 0 : 1))
            #expect(chat.unfitCount == (extra > 0 ? 1 : 0))
        }
        let line = Array("10:00:00\t From A : x\n".utf8)
        for extra in [-1, 0, 1] {
            let count = RelayLimits.savedChatEntryLimit + extra
            let bytes = Array(repeatElement(line, count: count).joined())
            if extra > 0 {
                #expect(throws: SavedChat.ReadError.tooManyEntries(limit: 50_000)) { try SavedChat(bytes) }
            } else {
                #expect(try SavedChat(bytes).entries.count == count)
            }
        }
        let limit = RelayLimits.savedChatByteLimit
        for count in [limit - 1, limit] {
            #expect(throws: SavedChat.ReadError.noChat) {
                try SavedChat([UInt8](repeating: 0x78, count: count))
            }
        }
        #expect(throws: SavedChat.ReadError.tooLarge(byteCount: limit + 1, limit: limit)) {
            try SavedChat([UInt8](repeating: 0x78, count: limit + 1))
        }
        #expect(throws: SavedChat.ReadError.notUTF8) { try SavedChat([0xFF, 0xFE, 0x31]) }
    }

    @Test func randomBytesAndChangedFilesNeitherTrapNorLeak() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "10:00:00", "\t", " ", " From ", "A", " to ", "Everyone", ":", " : ", "\n", "\r\n", "(Privately)",
            "Replying to \"", "\"", "…", "👍", "От ", " кому ", "De ", "99:99:99 ", "\u{202E}", "\0",
        ]
        for round in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                bytes += pieces.randomElement(using: &generator).map { Array($0.utf8) } ?? []
            }
            if round % 3 == 0 { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
            _ = try? SavedChat(bytes)
        }
        for name in Fixture.names {
            let original = try Fixture.bytes(name)
            for _ in 0..<60 {
                // Whatever is cut out of a file with only private messages, nothing of it becomes public, as long as
                // their first lines stand.
                var lines = original.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
                for _ in 0..<3 where !lines.isEmpty {
                    let place = Int.random(in: 0..<lines.count, using: &generator)
                    let isHeader = lines[place].count > 8 && lines[place][2] == 58
                    if !isHeader { lines.remove(at: place) }
                }
                let chat = try? SavedChat(Array(lines.joined(separator: [10])))
                let text = chat.map(Fixture.everything) ?? ""
                #expect(!text.contains("SECRET") && !text.contains("PRIVATE"), "seed \(seed)")
            }
        }
    }
}
