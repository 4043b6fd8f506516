// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms
import Testing

/// References and languages of docs/extensions/marks.md.
@Suite struct ReferenceTests {
    @Test(arguments: [
        ("doc:A/HRC/50/64", "doc:A/HRC/50/64"), ("DOC:a/hrc/50/64", "doc:A/HRC/50/64"),
        ("doc:a/hrc/29/1/corr.1", "doc:A/HRC/29/1/Corr.1"),
        ("doc:A/HRC/30/40/ADD.1", "doc:A/HRC/30/40/Add.1"),
        ("doc:A/1/REV.2", "doc:A/1/Rev.2"), ("doc:crc/c/xxx/co/5-6", "doc:CRC/C/XXX/CO/5-6"),
        ("doc:a/hrc/res/51/33", "doc:A/HRC/RES/51/33"), ("doc:unep/ea.5/1", "doc:UNEP/EA.5/1"),
        ("upr:a/hrc/50/15#133.45", "upr:A/HRC/50/15#133.45"), ("sdg:16", "sdg:16"), ("sdg:16.6", "sdg:16.6"),
        ("sdg:16.A", "sdg:16.a"), ("sdg:16.6.2", "sdg:16.6.2"), ("sdg:16.b.1", "sdg:16.b.1"),
        ("uhri:Ab-1.2_3", "uhri:Ab-1.2_3"),
    ])
    func aReferenceHasOneCanonicalForm(text: String, canonical: String) throws {
        let reference = try #require(DocumentReference(text))
        #expect(reference.description == canonical)
        #expect(DocumentReference(canonical) == reference)
    }

    @Test(arguments: [
        "", ":", "doc:", "doc:A", "doc:A/B", "doc:A/HRC/", "doc:/A/1", "doc:A//1", "doc:A/HRC/50/64.",
        "doc:1/2",
        "doc:24/7", "doc:A/HRC 50", "doc:A/é/1", "A/HRC/50/64", "docs:A/1/2", "upr:A/HRC/50/15", "upr:A/1#1",
        "upr:A/1#1.", "upr:A/1#.1", "upr:A/1#1.2.3", "upr:A/1#12345.1", "sdg:0", "sdg:18", "sdg:016",
        "sdg:16.",
        "sdg:16.ab", "sdg:16.6.a", "sdg:16.6.2.1", "sdg:16.é", "sdg:99999999999999999999", "uhri:",
        "uhri:a b",
        "uhri:a/b",
    ])
    func whatIsNoReferenceIsRefused(text: String) {
        #expect(DocumentReference(text) == nil)
    }

    @Test(arguments: [299, 300, 301]) func aReferenceHasAtMost300Bytes(byteCount: Int) {
        let text = "uhri:" + String(repeating: "x", count: byteCount - 5)
        #expect((DocumentReference(text) != nil) == (byteCount <= 300))
        let symbol = "doc:A/1" + String(repeating: "1", count: byteCount - 7)
        #expect((DocumentReference(symbol) != nil) == (byteCount <= 300))
        #expect((DocumentReference(symbol: symbol.utf8.dropFirst(4)) != nil) == (byteCount <= 300))
    }

    /// Each identifier of practice, and each trap, in running text.
    @Test(arguments: [
        ("(A/HRC/50/64).", ["A/HRC/50/64"]), ("see A/66/860, which", ["A/66/860"]),
        ("HR/PUB/16/1 and HR/PUB/16/1/Add.1.", ["HR/PUB/16/1", "HR/PUB/16/1/Add.1"]),
        ("A/HRC/30/L.26; A/HRC/29/1/Corr.1", ["A/HRC/30/L.26", "A/HRC/29/1/Corr.1"]),
        ("“A/HRC/30/NGO/123”", ["A/HRC/30/NGO/123"]), ("A/HRC/30/OD/4!", ["A/HRC/30/OD/4"]),
        ("A/HRC/EMRIP/2024/1", ["A/HRC/EMRIP/2024/1"]), ("HRI/MC/2004/3", ["HRI/MC/2004/3"]),
        ("E/CN.4/1999/3/Add.1", ["E/CN.4/1999/3/Add.1"]), ("CRC/C/XXX/CO/5", ["CRC/C/XXX/CO/5"]),
        ("CEDAW/C/XXX/CO/8-9.", ["CEDAW/C/XXX/CO/8-9"]), ("[CCPR/C/XXX/CO/4]", ["CCPR/C/XXX/CO/4"]),
        ("A/HRC/WG.6/41/XXX/1", ["A/HRC/WG.6/41/XXX/1"]), ("a/hrc/50/64", ["A/HRC/50/64"]),
        ("E/C.12/XXX/CO/3", ["E/C.12/XXX/CO/3"]), ("参见A/HRC/50/64号文件", ["A/HRC/50/64"]),
        ("A/HRC/50/64/", ["A/HRC/50/64"]), ("A/HRC/50/64...", ["A/HRC/50/64"]),
        ("https://undocs.org/A/HRC/50/64", ["A/HRC/50/64"]),
        ("https://undocs.org/en/a/hrc/50/64.", ["A/HRC/50/64"]),
        ("A/1/2 A/1/2", ["A/1/2"]), ("A/HRC/50/15#133.45", ["A/HRC/50/15", "upr:A/HRC/50/15#133.45"]),
        ("A/HRC/50/15#133", ["A/HRC/50/15"]),
        ("1/2", []), ("24/7", []), ("and/or", []), ("a/b/c", []), ("A/1", []), ("A/HRC", []), ("A//1/2", []),
        ("x/A/HRC/50/64", []), ("_A/HRC/50/64", []), ("https://example.org/A/HRC/50/64", []),
        ("https://undocs.org", []), ("https://undocs.org/", []), ("/", []), ("//", []), ("///", []),
        ("2016/2017/3", []),
    ])
    func symbolsAreFoundInText(text: String, expected: [String]) {
        let found = DocumentReference.symbols(in: text.utf8).map { reference in
            reference.scheme == .doc ? reference.value : reference.description
        }
        #expect(found == expected)
    }

    @Test(arguments: [31, 32, 33]) func aTextGivesAtMostAsManySymbolsAsAreWanted(count: Int) {
        let text = (0..<count).map { "A/1/\($0)" }.joined(separator: " ")
        #expect(DocumentReference.symbols(in: text.utf8, countLimit: 32).count == min(count, 32))
        #expect(DocumentReference.symbols(in: text.utf8, countLimit: 0) == [])
    }

    @Test func anyBytesAreReadWithoutATrap() {
        let seed = UInt64.random(in: .min ... .max)
        print("anyBytesAreReadWithoutATrap: seed \(seed)")
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "A", "/", "//", ".", "-", "#", "1", "doc:", "upr:", "sdg:", "x-", "undocs.org", "HRC", "é",
            "\u{0}",
        ]
        for _ in 0..<20_000 {
            let text = (0..<next(10)).map { _ in pieces[next(pieces.count)] }.joined()
            for reference in DocumentReference.symbols(in: text.utf8) {
                #expect(DocumentReference(reference.description) == reference, "seed \(seed): \(text)")
            }
            if let reference = DocumentReference(text) {
                #expect(DocumentReference(reference.description) == reference, "seed \(seed): \(text)")
            }
            if let tag = LanguageTag(text) { #expect(LanguageTag(tag.description) == tag) }
        }
    }

    @Test(arguments: [
        ("EN", "en"), ("zh-hans", "zh-Hans"), ("ZH-HANS-cn", "zh-Hans-CN"), ("es-419", "es-419"),
        ("sl-rozaj-biske", "sl-rozaj-biske"), ("de-ch-1901", "de-CH-1901"), ("zh-CMN-hant", "zh-cmn-Hant"),
        ("en-a-BBB-x-A-ccc", "en-a-bbb-x-a-ccc"), ("X-Private", "x-private"), ("i-klingon", "i-klingon"),
        ("en-gb-oed", "en-GB-oed"), ("ar-u-NU-latn", "ar-u-nu-latn"),
    ])
    func aLanguageHasOneCanonicalCase(text: String, canonical: String) throws {
        let tag = try #require(LanguageTag(text))
        #expect(tag.description == canonical)
    }

    @Test(arguments: [
        "", "e", "en-", "-en", "en--us", "en_US", "e1", "abcdefghi", "en-a", "en-x", "x-", "x", "en-us-us",
        "en-a-b", "en-a-bb-a-cc", "de-1901-1901", "é", "en-é", "zh-abcdefghi", "i-unknown", "1a", "en-u",
    ])
    func whatIsNoLanguageIsRefused(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    @Test(arguments: [1, 2, 35, 36]) func aLanguageHas2To35Bytes(byteCount: Int) {
        let text = String((String(repeating: "x-abcdefg", count: 4).prefix(byteCount)))
        #expect(text.utf8.count == byteCount)
        let isLong = LanguageTag(text + "") != nil
        // Of two bytes `x-` is none; `en` is.
        #expect(isLong == (byteCount == 35))
        #expect(LanguageTag("en") != nil)
    }

    @Test func aTagMatchesItsBeginnings() throws {
        let tag = try #require(LanguageTag("zh-Hans-CN"))
        #expect(tag.ranges == ["zh", "zh-Hans", "zh-Hans-CN"])
        for range in ["zh", "ZH-hans", "zh-Hans-CN"] {
            let range = try #require(LanguageTag(range))
            #expect(tag.matches(prefix: range))
        }
        for range in ["zh-Hant", "en", "zh-Hans-CN-x-a"] {
            let range = try #require(LanguageTag(range))
            #expect(!tag.matches(prefix: range))
        }
    }
}
