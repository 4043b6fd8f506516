// SPDX-License-Identifier: Apache-2.0

import PlenaryWire

/// One record of the server's log that the account is in (docs/extensions/erasure.md, "MYDATA").
public struct OwnRecord: Sendable, Hashable {
    /// The record's id; for messages, the message's.
    public var id: String
    /// When it was stored.
    public var time: Timestamp
    /// What it is, e.g. `message`.
    public var kind: String
    /// What it holds, in the server's order.
    public var fields: [(name: String, value: String)]

    /// A record as the server told it.
    public init(id: String, time: Timestamp, kind: String, fields: [(name: String, value: String)]) {
        self.id = id
        self.time = time
        self.kind = kind
        self.fields = fields
    }

    /// Whether both say the same.
    public static func == (left: OwnRecord, right: OwnRecord) -> Bool {
        left.id == right.id && left.time == right.time && left.kind == right.kind
            && left.fields.map(\.name) == right.fields.map(\.name)
            && left.fields.map(\.value) == right.fields.map(\.value)
    }

    /// Hashes the id: records with one id are the same.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// A page of own records.
public struct OwnRecordPage: Sendable {
    /// In the order of the log.
    public var records: [OwnRecord]
    /// Where the next page begins; nil after the last.
    public var next: String?
}

/// What is kept and how it goes (docs/extensions/erasure.md). Every call throws `refused` with the server's
/// code when it says no.
extension PlenaryConnection {
    /// Has a message taken out of all files of the server.
    public func eraseMessage(
        _ id: String, in target: String, reason: String? = nil
    ) async throws(ClientError) {
        _ = try await answer("ERASE", ["MESSAGE", target, id] + (reason.map { [$0] } ?? []))
    }

    /// Proposes to forget an account, or confirms what somebody else proposed; true when it is being carried out.
    public func forgetAccount(_ account: String, reason: String? = nil) async throws(ClientError) -> Bool {
        let reply = try await answer("ERASE", ["ACCOUNT", account] + (reason.map { [$0] } ?? []))
        return reply.lines.contains { $0.isNote("ERASE", "REQUESTED") }
    }

    /// A page of the records that the account is in, from a place of an earlier page on.
    public func ownRecords(from next: String? = nil) async throws(ClientError) -> OwnRecordPage {
        let reply = try await answer("MYDATA", next.map { [$0] } ?? [])
        var page = OwnRecordPage(records: [], next: nil)
        var pieces: [String] = []
        for line in reply.lines {
            if line.isNote("MYDATA", "NEXT") { page.next = line.parameter(2) }
            guard line.verb == "MYDATA", let piece = line.parameter(4) else { continue }
            pieces.append(piece)
            guard line.parameter(3) == ".", let id = line.parameter(0), let kind = line.parameter(2),
                let time = line.parameter(1).flatMap({ Timestamp(iso8601: $0.utf8) })
            else { continue }
            page.records.append(
                OwnRecord(id: id, time: time, kind: kind, fields: OwnRecord.fields(pieces.joined())))
            pieces = []
        }
        return page
    }
}

extension OwnRecord {
    /// `name=value;…`, each value escaped as a tag's is.
    fileprivate static func fields(_ text: String) -> [(name: String, value: String)] {
        text.utf8.split(separator: 59).map { part in
            let pair = part.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? LineTag.unescaped(Array(pair[1])) : []
            return (String(decoding: pair[0], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }
}

extension ServerLine {
    /// A standard reply `NOTE <command> <code> …`.
    public func isNote(_ command: String, _ code: String) -> Bool {
        verb == "NOTE" && parameter(0) == command && parameter(1) == code
    }
}
