// SPDX-License-Identifier: Apache-2.0

/// A chat saved by the meeting program as a text file, read into its public messages.
///
/// Lines have one of five shapes (TAB is a tabulator):
///
///     A  HH:MM:SS From NAME to Everyone:            the body follows, each line behind a TAB
///     B  HH:MM:SS TAB  From NAME to Everyone : BODY further lines of the body are not indented
///     C  HH:MM:SS TAB  From NAME : BODY             to everybody; a private one names its recipient, as B
///     D  HH:MM:SS TAB NAME: TAB BODY                cloud recording; the time counts from its start
///     E  as C, with the keyword of another language
///
/// LF or CR LF; the last line may lack its end. The words are data (`SavedChatWords`). What is not certainly to
/// everybody is counted and thrown away here: no private text leaves this type.
package struct SavedChat: Sendable, Hashable {
    /// A public message.
    package struct Entry: Sendable, Hashable {
        /// The file's line with its time, from 1.
        package var line: Int
        /// Seconds since midnight of the first day on the clock of whoever saved it; in a recording's chat, since
        /// the recording began.
        package var seconds: Int64
        /// The name as written.
        package var sender: String
        /// The text; of a reply, without what it quotes.
        package var text: String
        /// The words that a reply quotes, cut by the program; nil when it is no reply.
        package var quotes: String?
        /// Place in `entries` of the message it answers, when exactly one begins with the words quoted.
        package var parent: Int?
    }

    /// What the times count from.
    package enum TimeBase: Sendable, Hashable {
        /// The clock of the day (A, B, C, E).
        case clock
        /// The start of the recording (D).
        case recording
    }

    /// Why a file cannot be read.
    package enum ReadError: Error, Hashable, Sendable {
        /// More bytes than are read.
        case tooLarge(byteCount: Int, limit: Int)
        /// More entries than are read.
        case tooManyEntries(limit: Int)
        /// The bytes are not UTF-8.
        case notUTF8
        /// No line has one of the five shapes.
        case noChat
    }

    /// Public messages in the order of the file.
    package var entries: [Entry] = []
    /// What the times count from.
    package var base = TimeBase.clock
    /// Messages to somebody.
    package var privateCount = 0
    /// Lines with a time whose recipient could not be told: treated as private.
    package var unknownCount = 0
    /// Lines of those, from 1; the first hundred.
    package var unknownLines: [Int] = []
    /// Reactions, and takings back of them.
    package var reactionCount = 0
    /// Public messages without text, or with more than can be relayed.
    package var unfitCount = 0
    /// Lines before the first message.
    package var strayLineCount = 0

    /// Replies whose parent is not known.
    package var unlinkedReplyCount: Int { entries.count { $0.quotes != nil && $0.parent == nil } }
    /// Everything with a time of its own.
    package var totalCount: Int {
        entries.count + privateCount + unknownCount + reactionCount + unfitCount
    }

    /// Reads a file. The work is proportional to its size.
    package init(_ bytes: [UInt8]) throws(ReadError) {
        guard bytes.count <= RelayLimits.savedChatByteLimit else {
            throw .tooLarge(byteCount: bytes.count, limit: RelayLimits.savedChatByteLimit)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var content = bytes[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        var reading = Reading()
        var lines = content.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            let isReturned = line.last == 13
            try take(isReturned ? line.dropLast() : line, number: index + 1, &reading)
        }
        finish(&reading)
        guard totalCount > 0 else { throw .noChat }
    }

    // MARK: Reading

    /// What is known between two lines.
    struct Reading {
        var open: (line: Int, seconds: Int64, sender: String, body: [String])?
        var hasBase = false
        var day: Int64 = 0
        var last: Int64?
        /// The first characters of each entry, and entries by the very first ones.
        var beginnings: [String] = []
        var openings: [String: [Int]] = [:]
    }

    private mutating func take(
        _ line: ArraySlice<UInt8>, number: Int, _ reading: inout Reading
    ) throws(ReadError) {
        guard let time = SavedChat.time(line) else {
            let body = line.first == 9 ? line.dropFirst() : line
            if totalCount == 0, reading.open == nil {
                if !line.isEmpty { strayLineCount += 1 }
            } else {
                reading.open?.body.append(String(decoding: body, as: UTF8.self))
            }
            return
        }
        finish(&reading)
        guard totalCount < RelayLimits.savedChatEntryLimit else {
            throw .tooManyEntries(limit: RelayLimits.savedChatEntryLimit)
        }
        let header = SavedChat.header(String(decoding: line.dropFirst(8), as: UTF8.self))
        switch header {
        case .direct: privateCount += 1
        case .unknown: noteUnknown(number)
        case .everyone(let sender, let body, let found):
            if !reading.hasBase {
                base = found
                reading.hasBase = true
            }
            // One file has one base. A line of the other kind is something else, or somebody's trick.
            guard found == base, base == .recording || time < 86_400 else { return noteUnknown(number) }
            let seconds = advance(to: time, &reading)
            reading.open = (number, seconds, sender, body.map { [$0] } ?? [])
            return
        }
        // The clock of what is not relayed moves the day as well.
        if base == .clock, time < 86_400 { _ = advance(to: time, &reading) }
    }

    private mutating func noteUnknown(_ number: Int) {
        unknownCount += 1
        if unknownLines.count < 100 { unknownLines.append(number) }
    }

    /// A clock that goes back by more than twelve hours has passed midnight.
    private func advance(to time: Int64, _ reading: inout Reading) -> Int64 {
        guard base == .clock else { return time }
        if let last = reading.last, time < last - 43_200 { reading.day += 1 }
        reading.last = time
        return reading.day * 86_400 + time
    }

    private mutating func finish(_ reading: inout Reading) {
        guard let open = reading.open else { return }
        reading.open = nil
        let text = RelayText.cleaned(open.body.joined(separator: "\n"))
        guard !text.isEmpty, text.utf8.count <= RelayLimits.textByteLimit else {
            unfitCount += 1
            return
        }
        switch SavedChat.body(text) {
        case .reaction: reactionCount += 1
        case .plain:
            let entry = Entry(line: open.line, seconds: open.seconds, sender: open.sender, text: text)
            append(entry, &reading)
        case .reply(let stub, let answer):
            var entry = Entry(line: open.line, seconds: open.seconds, sender: open.sender, text: answer)
            entry.quotes = stub
            entry.parent = parent(of: stub, reading)
            if answer.isEmpty { unfitCount += 1 } else { append(entry, &reading) }
        }
    }

    /// The one earlier message that begins with these words.
    private func parent(of stub: String, _ reading: Reading) -> Int? {
        guard !stub.isEmpty else { return nil }
        let key = String(stub.prefix(SavedChat.keyCharacterCount))
        let isShort = stub.count < SavedChat.keyCharacterCount
        let candidates = isShort ? Array(entries.indices) : reading.openings[key] ?? []
        // Where too many look alike it is told as unlinked, not guessed.
        guard candidates.count <= RelayLimits.replyCandidateLimit else { return nil }
        var found: Int?
        for index in candidates where reading.beginnings[index].hasPrefix(stub) {
            if found != nil { return nil }
            found = index
        }
        return found
    }

    private mutating func append(_ entry: Entry, _ reading: inout Reading) {
        let beginning = SavedChat.oneLine(String(entry.text.prefix(SavedChat.stubCharacterLimit)))
        let key = String(beginning.prefix(SavedChat.keyCharacterCount))
        reading.openings[key, default: []].append(entries.count)
        reading.beginnings.append(beginning)
        entries.append(entry)
    }

    /// Characters of a text by which replies look for it first.
    private static let keyCharacterCount = 8
    /// Characters of a quotation that are compared.
    static let stubCharacterLimit = 64
}
