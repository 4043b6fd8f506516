// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import PlenaryWire
import Testing

/// IRCv3 message-tags, "Format": tags in one array of bytes.
struct LineTagsTests {
    private func text(_ tags: LineTags) -> String { String(decoding: tags.bytes, as: UTF8.self) }

    @Test func tagsAreFoundByTheirWholeKey() {
        let tags: LineTags = [LineTag("ab", "1"), LineTag("a"), LineTag("b", "x;y")]
        #expect(text(tags) == "ab=1;a;b=x\\:y")
        #expect(tags.count == 3 && tags.map(\.key) == ["ab", "a", "b"])
        #expect(tags.value(of: "ab") == "1")
        #expect(tags.value(of: "a") == "")
        #expect(tags.value(of: "b") == "x;y")
        for key in ["", "abc", "x", "y", "1"] { #expect(tags.value(of: key) == nil, "\(key)") }
        #expect(LineTags().value(of: "a") == nil && LineTags().count == 0)
    }

    @Test func tagsAreWrittenOneBehindTheOther() {
        var tags = LineTags()
        tags.append("time") { $0 += "now".utf8 }
        tags.append(LineTag("account", "a b"))
        tags.append(LineTag("empty", ""))
        tags.append(contentsOf: LineTags(escaped: "+x=1;+y"))
        tags.append(contentsOf: LineTags())
        #expect(text(tags) == "time=now;account=a\\sb;empty;+x=1;+y")
        tags.prepend([LineTag("batch", "b1")])
        #expect(text(tags) == "batch=b1;time=now;account=a\\sb;empty;+x=1;+y")
        var none = LineTags()
        none.prepend([LineTag("batch", "b1")])
        none.prepend([])
        #expect(text(none) == "batch=b1")
    }

    /// "If a tag key is repeated, the last occurrence is used"; it keeps the place of the first.
    @Test func aRepeatedKeyHasItsLastValue() throws {
        let line = try #require(try Line.parse(Array("@a=1;b;a=2;c=;b=3;a PING x".utf8), limits: .fromClient))
        #expect(text(line.tags) == "a;b=3;c")
    }
}
