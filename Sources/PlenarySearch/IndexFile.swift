// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import PlenaryDomain
import PlenaryTerms

/// The SQLite file `search.sqlite`, with its writing connection. Everything in it follows from the log: it may
/// be deleted at any time. Used by one queue.
///
/// `words` is a full-text table without content (docs/decisions/0091): its rows are messages by their
/// offset, its
/// tokens are what `WordSplitter` and `IndexTag` make, separated by single spaces, and SQLite's `ascii`
/// tokenizer is
/// told to leave everything else alone. `message` has what a search filters by and what can change: a
/// message that
/// is moved changes its thread there, and one without a row there is never found; a translation has its original
/// there, and goes where that goes. `place` counts the
/// messages of each conversation. `state` has one row: what the index was made from, and how far it is; it is
/// written in the transaction of the rows it speaks of.
struct IndexFile {
    /// Rises with every change of the tables or of what the tokens are.
    static let formatVersion: Int64 = 2

    static let schema = """
        CREATE VIRTUAL TABLE words USING fts5(
            text, tags, content='', columnsize=0,
            tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~'");
        CREATE TABLE message(
            offset INTEGER PRIMARY KEY, time INTEGER NOT NULL, place INTEGER NOT NULL,
            thread INTEGER NOT NULL, original INTEGER);
        CREATE INDEX translation ON message(original) WHERE original IS NOT NULL;
        CREATE TABLE place(place INTEGER PRIMARY KEY, count INTEGER NOT NULL);
        CREATE TABLE state(
            version INTEGER NOT NULL, folding INTEGER NOT NULL, log TEXT NOT NULL, next INTEGER NOT NULL);
        """

    private let queue: DatabaseQueue
    /// The offset of the first event that is not in it yet.
    private(set) var next: Offset

    /// Opens the file if it is there and was made from this log by this version. Whether it is whole is for
    /// `check` to say.
    /// Throws `IndexFailure` when it is not, and whatever SQLite says.
    init(existingAt path: String, logID: [UInt8]) throws {
        guard access(path, F_OK) == 0 else { throw IndexFailure.missing }
        queue = try DatabaseQueue(path: path, configuration: IndexFile.configuration(isReadOnly: false))
        next = try queue.inDatabase { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT version, folding, log, next FROM state")
            else { throw IndexFailure.damaged("it has no state") }
            let (version, folding): (Int64?, Int64?) = (row["version"], row["folding"])
            let (log, next): (String?, Int64?) = (row["log"], row["next"])
            guard version == IndexFile.formatVersion, folding == IndexFile.folding,
                log == IndexFile.hexadecimal(logID)
            else {
                throw IndexFailure.ofAnother
            }
            guard let next, next >= 0 else { throw IndexFailure.damaged("it ends before it begins") }
            return Offset(UInt64(next))
        }
    }

    /// Makes an empty one; what is at the path must be gone.
    init(emptyAt path: String, logID: [UInt8]) throws {
        next = Offset(0)
        queue = try DatabaseQueue(path: path, configuration: IndexFile.configuration(isReadOnly: false))
        try queue.inTransaction { db in
            try db.execute(sql: IndexFile.schema)
            try db.execute(
                sql: "INSERT INTO state VALUES (?, ?, ?, 0)",
                arguments: [IndexFile.formatVersion, IndexFile.folding, IndexFile.hexadecimal(logID)])
            return .commit
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    static var folding: Int64 { Int64(bitPattern: CharacterFolding.shared.fingerprint) }

    /// One way for both connections. WAL lets searches read while the index grows. Without a sync at each
    /// commit a power cut takes the newest transactions, and the index goes on from where it is then.
    static func configuration(isReadOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = isReadOnly
        configuration.label = isReadOnly ? "plenary.search.reading" : "plenary.search.writing"
        if !isReadOnly { configuration.journalMode = .wal }
        configuration.busyMode = .timeout(1)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -\(SearchLimits.cacheByteLimit >> 10)")
            guard !isReadOnly else { return }
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = \(SearchLimits.checkpointPageCount)")
        }
        return configuration
    }

    /// Removes a file with what SQLite puts beside it. That one of them was not there is as good.
    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    /// Reads the whole file and throws when it is damaged. Some 300 MB a second.
    func check() throws {
        let found = try queue.inDatabase { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard found == "ok" else { throw IndexFailure.damaged(found ?? "no answer to quick_check") }
    }

    func close() throws { try queue.close() }

    // MARK: Writing

    /// Takes events in the order of the log, all of them or none, and notes that all before `end` are in it.
    mutating func add(_ events: ArraySlice<LoggedEvent>, end: Offset) throws {
        let stored = Int64(clamping: end.value)
        try queue.inTransaction { db in
            var counts: [Int64: Int] = [:]
            for event in events { try IndexFile.add(event, db, &counts) }
            for (place, count) in counts {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO place VALUES (?, ?)
                        ON CONFLICT (place) DO UPDATE SET count = count + excluded.count
                        """
                ).execute(arguments: [place, count])
            }
            try db.cachedStatement(sql: "UPDATE state SET next = ?").execute(arguments: [stored])
            return .commit
        }
        next = end
    }

    private static func add(
        _ message: MessagePosted, _ event: LoggedEvent, _ db: Database, _ counts: inout [Int64: Int]
    ) throws {
        let offset = Int64(clamping: event.offset.value)
        let text = message.searchText
        var words: [UInt8] = []
        words.reserveCapacity(text.count + text.count / 4)
        withoutActuallyEscaping({ (token: SearchToken) in
            if !words.isEmpty { words.append(32) }
            words += token.bytes
        }) { WordSplitter.split(text, into: $0) }
        try db.cachedStatement(sql: "INSERT INTO words(rowid, text, tags) VALUES (?, ?, ?)").execute(
            arguments: [
                offset, String(decoding: words, as: UTF8.self), IndexTag.all(of: message, text: text),
            ])
        let place = message.conversation.place
        try db.cachedStatement(sql: "INSERT INTO message VALUES (?, ?, ?, ?, ?)").execute(
            arguments: [
                offset, event.time.microseconds, place, Int64(message.thread.value),
                message.translation.map { Int64(clamping: $0.original.value) },
            ])
        counts[place, default: 0] += 1
    }

    private static func add(_ event: LoggedEvent, _ db: Database, _ counts: inout [Int64: Int]) throws {
        switch event.event {
        case .messagePosted(let message) where message.kind != .tagOnly:
            try add(message, event, db, &counts)
        case .messagesMoved(let move):
            let statement = try db.cachedStatement(
                sql: "UPDATE message SET thread = ? WHERE (offset = ? OR original = ?) AND place = ?")
            for message in move.messages {
                try statement.execute(
                    arguments: [
                        Int64(move.destination.value), Int64(clamping: message.value),
                        Int64(clamping: message.value),
                        Int64(move.channel.value),
                    ])
            }
        case .messageRedacted(let redaction):
            let redacted = Int64(clamping: redaction.message.value)
            try db.cachedStatement(sql: "DELETE FROM message WHERE offset = ? OR original = ?")
                .execute(arguments: [redacted, redacted])
        case .erasure(.requested(let request)):
            // Found no more from here on; the words are gone when the file is made anew.
            let statement = try db.cachedStatement(sql: "DELETE FROM message WHERE offset = ?")
            for message in request.plan.messages {
                try statement.execute(arguments: [Int64(clamping: message.value)])
            }
        case .channelDissolved(let dissolved):
            let place = Conversation.channel(dissolved.channel).place
            try db.cachedStatement(sql: "DELETE FROM message WHERE place = ?").execute(arguments: [place])
            try db.cachedStatement(sql: "DELETE FROM place WHERE place = ?").execute(arguments: [place])
            counts[place] = nil
        case .messagePosted, .channelCreated, .memberRoleSet, .memberKicked, .topicSet, .modesChanged,
            .accountCreated, .credentialSet, .certificateAdded, .certificateRemoved, .accountStateSet,
            .inviteCreated, .inviteRedeemed, .inviteRevoked, .tokensRemembered, .threadCreated,
            .threadChanged, .threadPolicySet, .threadLevelSet, .threadCueSet, .markerSet, .ledgerPage,
            .erasure, .retention,
            .people,
            .account,
            .moderation,
            .meeting,
            .floor,
            .relaying, .languages,
            .outcomes, .practices, .questionnaires:
            break
        }
    }
}

/// Why an index that is there is not used.
enum IndexFailure: Error, CustomStringConvertible {
    case missing
    /// Of another version, another log, or other tables of characters.
    case ofAnother
    case damaged(String)

    var description: String {
        switch self {
        case .missing: "there is none yet"
        case .ofAnother: "it was made by another version or from another log"
        case .damaged(let found): "it is damaged: \(found)"
        }
    }
}

extension MessagePosted {
    /// What was written, its lines one after the other.
    var searchText: [UInt8] {
        var text: [UInt8] = []
        for line in lines {
            if !line.isConcatenated, !text.isEmpty { text.append(10) }
            text += line.text.bytes
        }
        return text
    }
}
