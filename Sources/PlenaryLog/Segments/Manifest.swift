// SPDX-License-Identifier: Apache-2.0

// MANIFEST, in the data directory: which segments there are. Text, so that an operator can read it;
// replaced as a whole whenever a segment begins.
//
//     plenary-log 1
//     log <32 hexadecimal digits>
//     sealed <first number> <generation> <bytes> <events> <first time> <last time> <SHA-256 or ->
//     open <first number>
//     end <CRC32C of all lines before, 8 hexadecimal digits>
//
// It is what notices that a whole file is gone. It can be removed: then it is made from the segments,
// and a file missing at the end is not noticed.

/// A sealed segment, as far as it must be known without opening it.
package struct SealedSegment: Hashable, Sendable {
    package var firstNumber: UInt64
    package var generation: UInt32
    /// Bytes of the whole file.
    package var byteCount: Int
    package var eventCount: UInt64
    /// Microseconds; zero when there are no events.
    package var firstTime: Int64
    package var lastTime: Int64
    /// SHA-256 of the whole file, for backups; nil until it was computed.
    package var digest: String?

    package var nextNumber: UInt64 { firstNumber &+ eventCount }
}

/// The list of segments.
package struct Manifest: Hashable, Sendable {
    package var logID: LogID
    package var sealed: [SealedSegment] = []
    /// The segment that is or was being written.
    package var openSegment: UInt64?

    package init(logID: LogID) { self.logID = logID }

    package func encoded() -> [UInt8] {
        var text = "plenary-log 1\nlog \(hexadecimal(logID.high))\(hexadecimal(logID.low))\n"
        for segment in sealed {
            text += "sealed \(segment.firstNumber) \(segment.generation) \(segment.byteCount) "
            text += "\(segment.eventCount) "
            text += "\(segment.firstTime) \(segment.lastTime) \(segment.digest ?? "-")\n"
        }
        if let openSegment { text += "open \(openSegment)\n" }
        var bytes = Array(text.utf8)
        let sum = checksum(bytes)
        bytes.append(contentsOf: "end \(hexadecimal(UInt64(sum)).suffix(8))\n".utf8)
        return bytes
    }

    package init(decoding bytes: [UInt8], path: String) throws(LogError) {
        let endLineByteCount = 13
        guard bytes.count > endLineByteCount,
            bytes.suffix(endLineByteCount).elementsEqual(
                "end \(hexadecimal(UInt64(checksum(Array(bytes.dropLast(endLineByteCount))))).suffix(8))\n"
                    .utf8)
        else {
            throw .damaged(
                path: path, position: max(0, bytes.count - endLineByteCount), found: Manifest.damageText)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropLast()
        guard let first = lines.first, first.hasPrefix("plenary-log ") else {
            throw .damaged(path: path, position: 0, found: "it does not begin with plenary-log")
        }
        guard first == "plenary-log 1" else { throw .unsupportedFormat(path: path, found: "\"\(first)\"") }
        var identity: LogID?
        var sealed: [SealedSegment] = []
        var openSegment: UInt64?
        for line in lines.dropFirst() {
            let words = line.split(separator: " ")
            switch words.first {
            case "log" where words.count == 2: identity = Manifest.logID(words[1])
            case "sealed": sealed.append(try Manifest.sealedSegment(words, path))
            case "open" where words.count == 2: openSegment = UInt64(words[1])
            default: throw .damaged(path: path, position: 0, found: "the line \"\(line)\" has no known form")
            }
        }
        guard let identity else {
            throw .damaged(path: path, position: 0, found: "it does not name the log's id")
        }
        logID = identity
        self.sealed = sealed
        self.openSegment = openSegment
    }

    private static let damageText =
        "its checksum does not match (it is derived: moved away, it is made again from the segments)"

    private static func logID(_ word: Substring) -> LogID? {
        guard word.utf8.count == 32, let high = UInt64(word.prefix(16), radix: 16),
            let low = UInt64(word.suffix(16), radix: 16)
        else { return nil }
        return LogID(high: high, low: low)
    }

    private static func sealedSegment(_ words: [Substring], _ path: String) throws(LogError) -> SealedSegment
    {
        guard words.count == 8, let first = UInt64(words[1]), let generation = UInt32(words[2]),
            let byteCount = Int(words[3]), let eventCount = UInt64(words[4]), let firstTime = Int64(words[5]),
            let lastTime = Int64(words[6])
        else { throw .damaged(path: path, position: 0, found: "a sealed line has no known form") }
        return SealedSegment(
            firstNumber: first, generation: generation, byteCount: byteCount, eventCount: eventCount,
            firstTime: firstTime, lastTime: lastTime, digest: words[7] == "-" ? nil : String(words[7]))
    }
}

/// 16 hexadecimal digits.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
