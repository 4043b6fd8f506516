// SPDX-License-Identifier: Apache-2.0

/// A table in a text file (RFC 4180), as spreadsheets and registration systems write it.
///
/// UTF-8 with or without its mark; lines end in CR LF or LF; fields are separated by commas, semicolons or tabs,
/// whichever the first line has most of. A field in double quotes may hold separators, line breaks and, doubled,
/// quotes. Blank lines are passed over.
package struct SeparatedValues: Sendable {
    /// A record with the line it begins in, from 1.
    package struct Record: Hashable, Sendable {
        package var line: Int
        package var fields: [String]
    }

    package var records: [Record] = []

    /// Bytes of a file. More: refused.
    package static let fileByteLimit = 8 << 20
    /// Records of a file. More: refused.
    package static let recordLimit = 20_000
    /// Bytes of one field. More: refused; a quote that was never closed shows early.
    package static let fieldByteLimit = 4096

    /// What is wrong, and where.
    package struct Mistake: Error, Hashable, Sendable {
        package var line: Int
        package var text: String

        package init(line: Int, text: String) {
            self.line = line
            self.text = text
        }
    }

    package init(_ bytes: [UInt8]) throws(Mistake) {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard body.count <= SeparatedValues.fileByteLimit else {
            throw Mistake(line: 1, text: "the file has \(body.count) bytes; at most 8 MiB")
        }
        if String(validating: body, as: UTF8.self) == nil {
            throw Mistake(line: SeparatedValues.firstBadLine(body), text: "not UTF-8; save the file as UTF-8")
        }
        var reader = Reader(separator: SeparatedValues.separator(of: body))
        for byte in body { try reader.take(byte) }
        try reader.finish()
        records = reader.records
    }

    /// The one that the first line has most of, outside of quotes; a comma for a line with none.
    private static func separator(of body: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [44: 0, 59: 0, 9: 0]
        var isQuoted = false
        for byte in body {
            if byte == 34 { isQuoted.toggle() }
            if byte == 10, !isQuoted { break }
            if !isQuoted, let count = counts[byte] { counts[byte] = count + 1 }
        }
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return best.map { $0.value > 0 ? $0.key : 44 } ?? 44
    }

    private static func firstBadLine(_ body: ArraySlice<UInt8>) -> Int {
        let lines = body.split(separator: 10, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}

/// The state between two bytes.
private struct Reader {
    private enum State { case start, plain, quoted, quote, afterReturn }

    let separator: UInt8
    var records: [SeparatedValues.Record] = []
    private var state = State.start
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var line = 1
    private var recordLine = 1
    private var quoteLine = 1

    init(separator: UInt8) { self.separator = separator }

    mutating func take(_ byte: UInt8) throws(SeparatedValues.Mistake) {
        if state == .quoted {
            if byte == 34 {
                state = .quote
                return
            }
            if byte == 10 { line += 1 }
            try add(byte)
            return
        }
        switch byte {
        case 34 where state == .start:
            state = .quoted
            quoteLine = line
        case 34 where state == .quote:
            try add(34)
            state = .quoted
        case 34: throw mistake("a quote stands inside a field; put the whole field in quotes")
        case separator:
            endField()
            state = .start
        case 13: state = .afterReturn
        case 10:
            endRecord()
            line += 1
            recordLine = line
            guard records.count <= SeparatedValues.recordLimit else {
                throw mistake("more than \(SeparatedValues.recordLimit) lines")
            }
        default:
            if state == .quote { throw mistake("text behind a closing quote") }
            if state == .afterReturn { throw mistake("a CR that ends no line") }
            state = .plain
            try add(byte)
        }
    }

    mutating func finish() throws(SeparatedValues.Mistake) {
        if state == .quoted {
            throw SeparatedValues.Mistake(line: quoteLine, text: "a quote that opens here is never closed")
        }
        if !fields.isEmpty || !field.isEmpty || state == .quote { endRecord() }
    }

    private mutating func add(_ byte: UInt8) throws(SeparatedValues.Mistake) {
        guard field.count < SeparatedValues.fieldByteLimit else {
            let place = state == .quoted ? quoteLine : line
            throw SeparatedValues.Mistake(
                line: place, text: "a field has more than \(SeparatedValues.fieldByteLimit) bytes")
        }
        field.append(byte)
    }

    private mutating func endField() {
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
    }

    private mutating func endRecord() {
        endField()
        if fields.contains(where: { !$0.allSatisfy(\.isWhitespace) }) {
            records.append(SeparatedValues.Record(line: recordLine, fields: fields))
        }
        fields = []
        state = .start
    }

    private func mistake(_ text: String) -> SeparatedValues.Mistake {
        SeparatedValues.Mistake(line: line, text: text)
    }
}
