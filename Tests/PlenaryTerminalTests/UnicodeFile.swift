// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryTerminal
import Testing

/// A file of the Unicode character database.
enum UnicodeFile {
    /// A line that is not what its file's header says.
    struct Unreadable: Error { var line: Int }

    /// Its bytes. That it is missing fails the test: without it nothing would be proven.
    static func bytes(_ name: String) throws -> [UInt8] {
        let path = "/usr/share/unicode/" + name
        let file = open(path, O_RDONLY)
        try #require(file >= 0, "\(path) is missing; install Debian's package unicode-data")
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &buffer, buffer.count)
            try #require(count >= 0, "\(path) cannot be read")
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

/// A cursor over the bytes of such a file, quick enough for half a million lines.
struct UnicodeFileCursor {
    private let bytes: [UInt8]
    private var place = 0
    private(set) var lineNumber = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place >= bytes.count }
    /// The byte at hand; a line feed at the end.
    var byte: UInt8 { place < bytes.count ? bytes[place] : 0x0A }
    var isAtFieldEnd: Bool { byte == UInt8(ascii: ";") || byte == 0x0A }

    mutating func skip() { place += 1 }

    mutating func skipSpaces() { while byte == 0x20 || byte == 0x09 { place += 1 } }

    mutating func skipLine() {
        while byte != 0x0A { place += 1 }
        place += 1
        lineNumber += 1
    }

    /// A word up to a space or the field's end.
    mutating func word() -> ArraySlice<UInt8> {
        skipSpaces()
        let start = place
        while !isAtFieldEnd, byte != 0x20, byte != 0x09 { place += 1 }
        return bytes[start..<place]
    }

    /// A number up to a space or the field's end; nil for `x`.
    mutating func number(radix: Int) -> Int? {
        var value = 0
        for digit in word() {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * radix + Int(digit) - 0x30
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value * radix + Int(digit) - 0x41 + 10
            default: return nil
            }
        }
        return value
    }
}
