// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms

// The requests for erasure of a log, `erasures` beside a backup and in a data directory that was restored. It is what
// makes a backup older than an erasure come back without what was erased. Text, replaced as a whole:
//
//     plenary-erasures 1
//     log <32 hexadecimal digits>
//     request <number> <time, microseconds> <body of the request's event, hexadecimal>
//     end <CRC32C of all lines before, 8 hexadecimal digits>
//
// A request is known by its time, which is given once; its number may come again after a restore.

/// Requests for erasure, in the order of their times.
package struct ErasureList: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var number: UInt64
        package var time: Timestamp
        package var request: ErasureRequested

        package init(number: UInt64, time: Timestamp, request: ErasureRequested) {
            self.number = number
            self.time = time
            self.request = request
        }
    }

    package var logID: LogID
    package private(set) var entries: [Entry] = []

    package init(logID: LogID) { self.logID = logID }

    /// What they take out of a log.
    package var jobs: [ErasureJob] {
        entries.map {
            ErasureJob(plan: $0.request.plan, before: $0.time, request: Offset($0.number))
        }
    }

    package mutating func add(_ entry: Entry) {
        guard !entries.contains(where: { $0.time == entry.time && $0.request == entry.request }) else {
            return
        }
        entries.append(entry)
        entries.sort { ($0.time, $0.number) < ($1.time, $1.number) }
    }

    package mutating func merge(_ other: ErasureList) {
        for entry in other.entries { add(entry) }
    }

    /// Adds the requests that a segment holds, sealed or not.
    mutating func addRequests(of bytes: [UInt8], path: String) throws(LogError) {
        let header = try decodeHeader(bytes, path)
        var found: [Entry] = []
        var failure: LogError?
        // SAFETY: the walk visits only records that lie whole inside the buffer; what is decoded is a copy.
        bytes.withUnsafeBytes { buffer in
            _ = SegmentWalk(buffer, header: header) { record, position in
                guard EventCodec.isErasureRequest(type: record.type) else { return }
                do throws(LogError) {
                    let body = UnsafeRawBufferPointer(rebasing: buffer[record.bodyRange(at: position)])
                    let logged = try OpenedLog.decode(
                        type: record.type, number: record.number, time: record.time, body: body,
                        path: path, position: position)
                    guard case .erasure(.requested(let request)) = logged.event else { return }
                    found.append(Entry(number: record.number, time: logged.time, request: request))
                } catch { failure = error }
            }
        }
        if let failure { throw failure }
        for entry in found { add(entry) }
    }

    // MARK: The file

    package static func path(in directory: String) -> String { directory + "/erasures" }

    package func encoded() -> [UInt8] {
        var text = "plenary-erasures 1\nlog \(hexadecimal(logID.high))\(hexadecimal(logID.low))\n"
        for entry in entries {
            var body: [UInt8] = []
            EventCodec.append(.requested(entry.request), to: &body)
            text += "request \(entry.number) \(entry.time.microseconds) \(hexadecimalDigest(body))\n"
        }
        return sealedText(text)
    }

    package init(decoding bytes: [UInt8], path: String) throws(LogError) {
        let lines = try linesOfSealedText(bytes, "plenary-erasures 1", path)
        guard let first = lines.first?.split(separator: " "), first.count == 2, first[0] == "log",
            let identity = LogID(hexadecimal: first[1])
        else { throw .damaged(path: path, position: 0, found: "it does not name the log's id") }
        logID = identity
        for line in lines.dropFirst() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 4, words[0] == "request", let number = UInt64(words[1]),
                let time = Int64(words[2]), let body = decodedBytes(hexadecimal: words[3])
            else {
                throw .damaged(path: path, position: 0, found: "the line \"\(line)\" has no known form")
            }
            var event: Event?
            body.withUnsafeBytes { buffer in
                event = try? EventCodec.decode(type: EventType.erasureRequested.rawValue, body: buffer)
            }
            guard case .erasure(.requested(let request)) = event else {
                throw .unsupportedFormat(path: path, found: "a request \(number) that cannot be read")
            }
            add(Entry(number: number, time: Timestamp(microseconds: time), request: request))
        }
    }

    /// The list of a directory, whether it is a backup or a data directory: its file, and the requests in its log.
    package static func load(
        directory: String, files: any FileLayer = RealFiles()
    ) throws(LogError)
        -> ErasureList?
    {
        var list: ErasureList?
        let path = ErasureList.path(in: directory)
        if let bytes = try files.readWhole(path) { list = try ErasureList(decoding: bytes, path: path) }
        let paths = LogPaths(directory)
        let names = (try? files.list(paths.segments)) ?? []
        for number in names.compactMap({ number(inFileName: $0, kind: "seg") }).sorted() {
            let segment = paths.segment(number)
            let bytes = try NewestSegment.read(segment, files)
            let header = try decodeHeader(bytes, segment)
            var known = list ?? ErasureList(logID: header.logID)
            try known.addRequests(of: bytes, path: segment)
            list = known
        }
        return list
    }
}

extension ErasureList {
    /// The list in a file, or that of a directory.
    package static func load(from path: String) throws(LogError) -> ErasureList {
        if namesIn(path) != nil {
            if let list = try load(directory: path) { return list }
        } else if let bytes = try RealFiles().readWhole(path) {
            return try ErasureList(decoding: bytes, path: path)
        }
        throw .damaged(path: path, position: 0, found: "there is neither a list of erasures nor a log")
    }
}

extension LogID {
    /// As MANIFEST spells it; nil for another word.
    init?(hexadecimal word: Substring) {
        guard word.utf8.count == 32, let high = UInt64(word.prefix(16), radix: 16),
            let low = UInt64(word.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}

/// A text with the line that ends it: `end` and the CRC32C of all before.
func sealedText(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return bytes + Array("end \(hexadecimal(UInt64(checksum(bytes))).suffix(8))\n".utf8)
}

/// The lines between the first one, which says what it is, and the last, which must be true.
func linesOfSealedText(_ bytes: [UInt8], _ title: String, _ path: String) throws(LogError) -> [Substring] {
    let endByteCount = 13
    let body = Array(bytes.dropLast(endByteCount))
    guard bytes.count > endByteCount,
        bytes.suffix(endByteCount).elementsEqual(
            "end \(hexadecimal(UInt64(checksum(body))).suffix(8))\n".utf8)
    else {
        throw .damaged(
            path: path, position: max(0, bytes.count - endByteCount), found: "its checksum does not match")
    }
    let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
    guard lines.first.map({ $0 == title }) ?? false else {
        throw .unsupportedFormat(path: path, found: "\"\(lines.first ?? "")\"")
    }
    return Array(lines.dropFirst())
}

/// The bytes of hexadecimal digits; nil when they are none.
private func decodedBytes(hexadecimal word: Substring) -> [UInt8]? {
    let digits = Array(word.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) else {
            return nil
        }
        bytes.append(byte)
    }
    return bytes
}
