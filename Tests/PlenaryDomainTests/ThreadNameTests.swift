// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// Numbers, titles and mentions as text (docs/extensions/threads.md, "Model", "Addressing" and "Reading
/// state").
struct ThreadNameTests {
    /// "a positive integer below 2^32 … written without sign or leading zeros"; 0 is the main line.
    @Test func aNumberHasOneSpelling() {
        for (text, number) in [("0", 0), ("1", 1), ("12", 12), ("4294967295", UInt32.max)] {
            #expect(ThreadID(digits: Array(text.utf8)) == ThreadID(UInt32(number)), "\(text)")
        }
        let wrong = [
            "", "00", "01", "-1", "+1", " 1", "1 ", "1x", "4294967296", "9999999999", "10000000000",
            "18446744073709551616", "99999999999999999999999999", "١", "1/2", "0x1",
        ]
        for text in wrong { #expect(ThreadID(digits: Array(text.utf8)) == nil, "\(text)") }
        for byte in UInt8.min...UInt8.max where !(48...57).contains(byte) {
            #expect(ThreadID(digits: [byte]) == nil && ThreadID(digits: [49, byte]) == nil)
        }
    }

    /// "Titles MUST NOT hold control characters … or bidirectional controls …, and MUST NOT be blank", 1
    /// to 200 bytes.
    @Test func aTitleIsShownAsItReads() {
        for title in [
            "x", " x ", String(repeating: "x", count: 199), String(repeating: "x", count: 200), "日本語",
            "a\u{200B}b", "👩‍👩‍👧",
        ] {
            #expect(ThreadTitle.isValid(Text(title)), "\(title)")
        }
        for title in ["", " ", "\u{A0}\u{2003}", String(repeating: "x", count: 201), "\u{FEFF}\u{202E}"] {
            #expect(!ThreadTitle.isValid(Text(title)), "\(title)")
        }
        let forbidden: [UInt32] =
            Array(0...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029, 0x061C, 0x200E, 0x200F]
            + Array(0x202A...0x202E) + Array(0x2066...0x2069)
        for value in UInt32(0)...0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let title = "a\(scalar)b"
            #expect(ThreadTitle.isValid(Text(title)) == !forbidden.contains(value), "U+\(value)")
        }
    }

    /// "the text addresses the account by `@name`, or begins with `name:` or `name,`"; each once, at most sixteen.
    @Test func aMentionIsAnAddress() {
        func found(_ lines: String...) -> String {
            let names = ["ann", "bob", "c.d"]
            let ids = Mentions.find(in: lines.map { MessageLine(Text($0)) }) { name in
                names.firstIndex(of: String(decoding: name, as: UTF8.self).lowercased()).map {
                    AccountID(UInt32($0))
                }
            }
            return ids.map { names[Int($0.value)] }.joined(separator: " ")
        }
        for (text, people) in [
            ("ann: hello", "ann"), ("Ann, hello", "ann"), ("ann hello", ""), ("ann", ""), ("hello ann:", ""),
            ("@bob", "bob"), ("hello @BOB!", "bob"), ("(@bob)", "bob"), ("a@bob", ""), ("@bobby", ""),
            ("@@bob", "bob"),
            ("@bob@ann", "bob"), ("@", ""), ("@.", ""), ("@bob.", "bob"), ("@c.d.", "c.d"), ("", ""),
            (":", ""),
            ("ann: @ann @bob @ann", "ann bob"), ("\u{e9}@bob", "bob"),
        ] {
            #expect(found(text) == people, "\(text)")
        }
        #expect(found("one", "ann: two", "three @bob") == "bob")
        let many = (0..<40).map { "@n\($0)" }.joined(separator: " ")
        let ids = Mentions.find(in: [MessageLine(Text(many))]) { name in
            UInt32(String(decoding: name.dropFirst(), as: UTF8.self)).map { AccountID($0) }
        }
        #expect(ids == (0..<16).map { AccountID(UInt32($0)) })
    }
}
