// SPDX-License-Identifier: Apache-2.0

import PlenaryCrypto
import PlenaryDialect
import PlenaryTerms
import PlenaryWire

// SAFETY: buffers are lent to parsers for the length of a call, and none keeps them.

extension FuzzTarget {
    /// Lines of clients and servers, tag values, and the alphabets of tokens.
    static let wire = [
        FuzzTarget("line", byteLimit: 5000, checkLine),
        FuzzTarget("stream", byteLimit: 6000, checkStream),
        FuzzTarget("tags", byteLimit: 512, checkTagValue),
        FuzzTarget("encodings", byteLimit: 256, checkEncodings),
    ]

    /// What is read is written and read again the same; whatever it is, it means a request or a refusal.
    @Sendable private static func checkLine(_ input: [UInt8]) throws(BrokenClaim) {
        for limits in [WireLimits.fromClient, .fromServer] {
            guard let line = try? Line.parse(input, limits: limits) else { continue }
            try claim(!line.verb.isEmpty, "a line has a verb")
            try claim(line.parameters.count <= limits.parameterCountLimit, "there are at most 15 parameters")
            try claim(line.tags.count <= limits.tagCountLimit, "there are at most 64 tags")
            _ = Dialect.interpret(line)
            // The verb of a line without tags and source begins no line of tags when it is written alone.
            if line.verb.hasPrefix("@"), line.tags.isEmpty, line.source == nil { continue }
            let encoded = line.encoded()
            try claim(encoded.suffix(2) == [13, 10], "a line ends in CR LF")
            let body = Array(encoded.dropLast(2))
            try claim(!body.contains { $0 == 13 || $0 == 10 || $0 == 0 }, "a line is one line")
            // Written, the last parameter may have a colon more than it came with.
            var wide = WireLimits(tagDataByteLimit: 8190)
            wide.bodyByteLimit = 1024
            let again = try? Line.parse(body, limits: wide)
            try claim(again?.verb == line.verb, "the verb is read again: \(line.verb)")
            try claim(again?.source == line.source, "the source is read again")
            try claim(again?.parameters == line.parameters, "the parameters are read again")
            try claim(again?.tags.map(\.key) == line.tags.map(\.key), "the tags are read again")
            try claim(again?.tags.map(\.value) == line.tags.map(\.value), "the tags' values are read again")
        }
        _ = input.withUnsafeBytes { Dialect.request(of: $0) }
    }

    /// However a stream is cut, it has the same lines, and no more than one is kept.
    @Sendable private static func checkStream(_ input: [UInt8]) throws(BrokenClaim) {
        var small = WireLimits(tagDataByteLimit: 12)
        small.bodyByteLimit = 10
        for limits in [WireLimits.fromClient, small] {
            let whole = try lines(of: input, input.count, limits)
            for size in [1, 2 + Int(input.first ?? 0) % 40] {
                try claim(try lines(of: input, size, limits) == whole, "pieces of \(size) bytes")
            }
        }
    }

    /// The lines, nil for one that is too long.
    private static func lines(
        of input: [UInt8], _ size: Int, _ limits: WireLimits
    ) throws(BrokenClaim) -> [[UInt8]?] {
        var splitter = LineSplitter(limits: limits)
        var found: [[UInt8]?] = []
        for piece in pieces(of: input, size) {
            piece.withUnsafeBytes { bytes in
                splitter.split(bytes) { piece in
                    switch piece {
                    case .line(let line): found.append(Array(line))
                    case .overlong: found.append(nil)
                    }
                }
            }
            try claim(splitter.unfinishedByteCount <= limits.lineByteLimit, "one line is kept at most")
        }
        for case let line? in found {
            try claim(line.count + 2 <= limits.lineByteLimit, "a line is no longer than it may be")
        }
        return found
    }

    /// Any value survives its escapes, alone and in a line.
    @Sendable private static func checkTagValue(_ input: [UInt8]) throws(BrokenClaim) {
        let escaped = LineTag.escaped(input)
        try claim(LineTag.unescaped(escaped) == input, "an escaped value is the same again")
        try claim(!escaped.contains { [59, 32, 13, 10].contains($0) }, "an escaped value ends no tag")
        let plain = LineTag.unescaped(input)
        try claim(LineTag.unescaped(LineTag.escaped(plain)) == plain, "what was unescaped is the same again")
        guard !input.contains(0), String(validating: input, as: UTF8.self) != nil else { return }
        let line = Line(tags: [LineTag("k", Text(input)), LineTag("z")], verb: "PING", ["x"])
        let again = try? Line.parse(Array(line.encoded().dropLast(2)), limits: .fromServer)
        try claim(again?.tagValue("k") == Text(input), "a value is read again")
        try claim(again?.tags.count == 2, "a value ends no tag")
    }

    /// Bytes as digits and back, and digits that somebody typed.
    @Sendable private static func checkEncodings(_ input: [UInt8]) throws(BrokenClaim) {
        try claim(bytes(hex: hex(input)) == input, "hexadecimal is read again")
        try claim(bytes(base64: base64(input)) == input, "base64 is read again")
        try claim(bytes(base32: base32(input)) == input, "base32 is read again")
        let text = String(decoding: input, as: UTF8.self)
        if let read = bytes(hex: text) {
            try claim(hex(read) == text.lowercased(), "hexadecimal has one form in lower case")
        }
        if let read = bytes(base64: input) {
            try claim(Array(base64(read).utf8) == input, "base64 has one form")
        }
        if let read = bytes(base32: text) {
            try claim(bytes(base32: base32(read)) == read, "base32 means one thing")
        }
    }
}
