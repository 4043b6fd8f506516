// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What is wrong with a line. Each has one answer in the dialect.
package enum LineError: Error, Hashable, Sendable {
    /// 417 (modern.ircd.chat, ERR_INPUTTOOLONG).
    case tagsTooLong(byteCount: Int, limit: Int)
    case tooManyTags(limit: Int)
    case bodyTooLong(byteCount: Int, limit: Int)
    /// FAIL INVALID_UTF8 (UTF8ONLY); `verb` as far as it could be read.
    case invalidUTF8(verb: String)
    /// NUL or a CR that does not end the line.
    case forbiddenByte(UInt8, verb: String)
    case missingVerb
}

extension Line {
    /// Reads one line without its CR LF. An empty line gives nil (RFC 1459, 2.3: silently ignored).
    ///
    /// Work is linear in the length; nothing here can trap, whatever the bytes are.
    package static func parse(_ raw: UnsafeRawBufferPointer, limits: WireLimits) throws(LineError) -> Line? {
        var cursor = Cursor(bytes: raw)
        guard !raw.isEmpty else { return nil }
        var tags = LineTags()
        if cursor.current == 64 {
            cursor.position += 1
            let end = cursor.nextSpace()
            let byteCount = end - cursor.position
            guard byteCount <= limits.tagDataByteLimit else {
                throw .tagsTooLong(byteCount: byteCount, limit: limits.tagDataByteLimit)
            }
            guard isValidUTF8(raw[cursor.position..<end]) else { throw .invalidUTF8(verb: "*") }
            tags = try parseTags(raw, from: cursor.position, to: end, limit: limits.tagCountLimit)
            cursor.position = end
            cursor.skipSpaces()
        }
        let bodyByteCount = raw.count - cursor.position + 2
        guard bodyByteCount <= limits.bodyByteLimit else {
            throw .bodyTooLong(byteCount: bodyByteCount, limit: limits.bodyByteLimit)
        }
        let body = cursor.position
        cursor.skipSpaces()
        var source: Text?
        if cursor.current == 58 {
            let end = cursor.nextSpace()
            source = Text(Array(raw[cursor.position + 1..<end]))
            cursor.position = end
            cursor.skipSpaces()
        }
        let verbEnd = cursor.nextSpace()
        let verb = asciiUppercased(raw[cursor.position..<verbEnd])
        guard isValidUTF8(raw[body...]) else { throw .invalidUTF8(verb: isPrintableASCII(verb) ? verb : "*") }
        for byte in raw[body...] where byte == 0 || byte == 13 || byte == 10 {
            throw .forbiddenByte(byte, verb: isPrintableASCII(verb) ? verb : "*")
        }
        guard !verb.isEmpty else {
            if tags.isEmpty && source == nil { return nil }
            throw .missingVerb
        }
        cursor.position = verbEnd
        var line = Line(tags: tags, source: source, verb: verb)
        parseParameters(&cursor, into: &line, limit: limits.parameterCountLimit)
        return line
    }

    /// The same over an array; for tests and the client.
    package static func parse(_ bytes: [UInt8], limits: WireLimits) throws(LineError) -> Line? {
        do {
            return try bytes.withUnsafeBytes { try Line.parse($0, limits: limits) }
        } catch let error as LineError {
            throw error
        } catch {
            preconditionFailure("parse throws LineError only")
        }
    }

    private static func parseParameters(_ cursor: inout Cursor, into line: inout Line, limit: Int) {
        while true {
            cursor.skipSpaces()
            guard let first = cursor.current else { return }
            if first == 58 {
                line.parameters.append(Text(Array(cursor.bytes[(cursor.position + 1)...])))
                line.hasTrailing = true
                return
            }
            if line.parameters.count == limit - 1 {
                line.parameters.append(Text(Array(cursor.bytes[cursor.position...])))
                return
            }
            let end = cursor.nextSpace()
            line.parameters.append(Text(Array(cursor.bytes[cursor.position..<end])))
            cursor.position = end
        }
    }

    private static func parseTags(
        _ raw: UnsafeRawBufferPointer, from start: Int, to end: Int, limit: Int
    ) throws(LineError) -> LineTags {
        var tags = LineTags()
        var count = 0
        var position = start
        while position < end {
            var tagEnd = position
            var equals: Int?
            while tagEnd < end, raw[tagEnd] != 59 {
                let byte = raw[tagEnd]
                // In keys as in values: a bare CR that is relayed ends a line for some clients.
                if byte == 0 || byte == 13 || byte == 10 { throw .forbiddenByte(byte, verb: "*") }
                if byte == 61, equals == nil { equals = tagEnd }
                tagEnd += 1
            }
            let keyEnd = equals ?? tagEnd
            if keyEnd > position {
                guard count < limit else { throw .tooManyTags(limit: limit) }
                count += 1
                // A key counts once, its last value (IRCv3 message-tags, "Format").
                tags.set(raw[position..<keyEnd], raw[(equals.map { $0 + 1 } ?? tagEnd)..<tagEnd])
            }
            position = tagEnd + 1
        }
        return tags
    }

    private struct Cursor {
        let bytes: UnsafeRawBufferPointer
        var position = 0
        var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipSpaces() {
            while position < bytes.count, bytes[position] == 32 { position += 1 }
        }

        func nextSpace() -> Int {
            var index = position
            while index < bytes.count, bytes[index] != 32 { index += 1 }
            return index
        }
    }
}

private func asciiUppercased(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: bytes.map { $0 >= 97 && $0 <= 122 ? $0 & 0xDF : $0 }, as: UTF8.self)
}

private func isPrintableASCII(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 58 }
}
