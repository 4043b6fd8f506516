// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire
import Testing

/// One line from bytes (RFC 1459, 2.3.1; IRCv3 message-tags).
@Suite struct LineParserTests {
    private func parse(_ text: String, limits: WireLimits = .fromClient) throws -> Line? {
        try Line.parse(Array(text.utf8), limits: limits)
    }

    private func required(_ text: String, limits: WireLimits = .fromClient) throws -> Line {
        try #require(try parse(text, limits: limits))
    }

    @Test func aLineHasTagsSourceVerbAndParameters() throws {
        let line = try required("@time=x;+a/b=c\\sd;e :ann!~a@host privmsg #c :hello  world ")
        #expect(line.tags.map(\.key) == ["time", "+a/b", "e"])
        #expect(line.tagValue("+a/b") == "c d")
        #expect(line.tagValue("e") == "")
        #expect(line.tagValue("f") == nil)
        #expect(line.source == "ann!~a@host")
        #expect(line.verb == "PRIVMSG")
        #expect(line.parameters == ["#c", "hello  world "])
        #expect(line.hasTrailing)
    }

    @Test func emptyLinesAreIgnored() throws {
        #expect(try parse("") == nil)
        #expect(try parse("   ") == nil)
    }

    @Test func aLineOfTagsOrSourceAloneHasNoVerb() {
        #expect(throws: LineError.missingVerb) { try parse("@a=b ") }
        #expect(throws: LineError.missingVerb) { try parse(":ann ") }
        #expect(throws: LineError.missingVerb) { try parse("@a=b") }
    }

    @Test func spacesBetweenWordsMayBeMany() throws {
        #expect(try required("  MODE   #c   +o  ann  ").parameters == ["#c", "+o", "ann"])
        #expect(try required("@a=b   :s   PING   x").parameters == ["x"])
    }

    @Test func aColonInsideAWordIsPartOfIt() throws {
        #expect(try required("JOIN #a:b c:d :e:f").parameters == ["#a:b", "c:d", "e:f"])
    }

    @Test func anEmptyTrailingParameterIsKept() throws {
        let line = try required("TOPIC #c :")
        #expect(line.parameters == ["#c", ""])
        #expect(line.hasTrailing)
    }

    @Test(arguments: [13, 14, 15, 16]) func theLastAllowedParameterTakesAllTheRest(count: Int) throws {
        let words = (1...count).map { "p\($0)" }
        let line = try required("X " + words.joined(separator: " "))
        #expect(line.parameters.count == min(count, 15))
        if count == 16 { #expect(line.parameters.last == "p15 p16") }
    }

    @Test func theFifteenthParameterMayHaveAColonOrNot() throws {
        let words = (1...14).map { "p\($0)" }.joined(separator: " ")
        #expect(try required("X \(words) :a b").parameters.last == "a b")
        #expect(try required("X \(words) a :b").parameters.last == "a :b")
    }

    @Test(arguments: [509, 510, 511]) func theBodyMayHave512BytesWithItsLineBreak(byteCount: Int) throws {
        let text = "PRIVMSG #c :" + String(repeating: "a", count: byteCount - 12)
        if byteCount <= 510 {
            #expect(try required(text).parameters.last?.byteCount == byteCount - 12)
            #expect(try required("@a=b " + text).parameters.last?.byteCount == byteCount - 12)
        } else {
            #expect(throws: LineError.bodyTooLong(byteCount: 513, limit: 512)) { try parse(text) }
            #expect(throws: LineError.bodyTooLong(byteCount: 513, limit: 512)) { try parse("@a=b " + text) }
        }
    }

    @Test(arguments: [4093, 4094, 4095]) func tagsOfAClientMayHave4094Bytes(byteCount: Int) throws {
        let text = "@a=" + String(repeating: "x", count: byteCount - 2) + " PING x"
        if byteCount <= 4094 {
            #expect(try required(text).tagValue("a")?.byteCount == byteCount - 2)
        } else {
            #expect(throws: LineError.tagsTooLong(byteCount: 4095, limit: 4094)) { try parse(text) }
        }
    }

    @Test(arguments: [8189, 8190, 8191]) func tagsOfAServerMayHave8190Bytes(byteCount: Int) throws {
        let text = "@a=" + String(repeating: "x", count: byteCount - 2) + " PING x"
        if byteCount <= 8190 {
            #expect(try required(text, limits: .fromServer).tagValue("a")?.byteCount == byteCount - 2)
        } else {
            #expect(throws: LineError.tagsTooLong(byteCount: 8191, limit: 8190)) {
                try parse(text, limits: .fromServer)
            }
        }
    }

    @Test(arguments: [63, 64, 65]) func aLineMayHave64Tags(count: Int) throws {
        let text = "@" + (1...count).map { "t\($0)=v" }.joined(separator: ";") + " PING x"
        if count <= 64 {
            #expect(try required(text).tags.count == count)
        } else {
            #expect(throws: LineError.tooManyTags(limit: 64)) { try parse(text) }
        }
    }

    @Test func emptyTagsDoNotCountAndDoNotAppear() throws {
        let line = try required("@;;a=1;;=x;b; PING x")
        #expect(line.tags.map(\.key) == ["a", "b"])
    }

    @Test func theLastOfEqualTagsCounts() throws {
        #expect(try required("@a=1;a=2 PING x").tagValue("a") == "2")
    }

    @Test func aTagValueMayHoldEqualSigns() throws {
        #expect(try required("@a=b=c== PING x").tagValue("a") == "b=c==")
    }

    @Test(arguments: [0, 13, 10] as [UInt8]) func forbiddenBytesAreRefusedWhereverTheyStand(byte: UInt8) {
        for text in ["PING x_y", "PING :a_", "_PING x", ":s_ PING", "@a=_ PING x", "@_=b PING x"] {
            let bytes = text.utf8.map { $0 == UInt8(ascii: "_") ? byte : $0 }
            #expect(throws: LineError.self, "\(text)") { try Line.parse(bytes, limits: .fromClient) }
        }
    }

    @Test func invalidUTF8NamesTheVerbWhereItCanBeRead() {
        let bytes = Array("PRIVMSG #c :".utf8) + [0xC3, 0x28]
        #expect(throws: LineError.invalidUTF8(verb: "PRIVMSG")) { try Line.parse(bytes, limits: .fromClient) }
        #expect(throws: LineError.invalidUTF8(verb: "*")) {
            try Line.parse([0xFF, 0xFE], limits: .fromClient)
        }
        #expect(throws: LineError.invalidUTF8(verb: "*")) {
            try Line.parse(Array("@a=".utf8) + [0xFF] + Array(" PING x".utf8), limits: .fromClient)
        }
    }

    @Test func randomBytesNeverTrap() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        var refusalCount = 0
        for _ in 0..<20_000 {
            let bytes = generator.lineLikeBytes(Int(generator.next() % 80))
            do {
                guard let line = try Line.parse(bytes, limits: .fromClient) else { continue }
                #expect(!line.verb.isEmpty, "seed \(seed)")
                #expect(line.parameters.count <= 15, "seed \(seed)")
            } catch {
                refusalCount += 1
            }
        }
        #expect(refusalCount > 0, "seed \(seed)")
    }

    @Test func whatIsEncodedIsParsedAgain() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        var count = 0
        for _ in 0..<20_000 {
            let bytes = generator.lineLikeBytes(Int(generator.next() % 80))
            guard let line = try? Line.parse(bytes, limits: .fromClient), line.parameters.count < 15,
                LineParserTests.isWord(line.verb),
                line.source.map({ LineParserTests.isWord($0.string) }) ?? true
            else { continue }
            count += 1
            var encoded = line.encoded()
            #expect(encoded.suffix(2) == [13, 10], "seed \(seed)")
            encoded.removeLast(2)
            let again = try #require(try Line.parse(encoded, limits: .fromServer), "seed \(seed)")
            #expect(again.verb == line.verb, "seed \(seed)")
            #expect(again.source == line.source, "seed \(seed)")
            #expect(again.parameters == line.parameters, "seed \(seed)")
            #expect(again.tags.map(\.key) == line.tags.map(\.key), "seed \(seed)")
            #expect(again.tags.map(\.value) == line.tags.map(\.value), "seed \(seed)")
        }
        #expect(count > 100, "seed \(seed)")
    }

    private static func isWord(_ text: String) -> Bool {
        // By bytes: a sign with a combining mark behind it is another character, and the same byte.
        text.utf8.first.map { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "@") } ?? false
    }
}
