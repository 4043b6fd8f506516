// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// One line between the relay and an adapter in a process of its own (docs/RELAY.md, "An adapter of your own").
package enum AdapterRecord {
    /// The version of these lines.
    package static let version: Int64 = 1

    /// Reads a line of the adapter: a public message. Throws why it is not relayed.
    package static func message(_ line: [UInt8], place: String) throws(RelayRefusal) -> RelayMessage {
        let json: JSONValue
        do { json = try JSONValue(parsing: line) } catch { throw RelayRefusal(.malformed, "\(error)") }
        guard json["v"]?.integer == version else {
            throw RelayRefusal(.malformed, "`v` is not \(version)")
        }
        guard json["audience"]?.text == "public" else {
            throw RelayRefusal(.notPublic, "the audience is not `public`")
        }
        guard let origin = json["origin"]?.text, let id = json["origin_id"]?.identifier,
            let sender = json["sender_name"]?.text, let text = json["text"]?.text
        else {
            throw RelayRefusal(.malformed, "`origin`, `origin_id`, `sender_name` and `text` are needed")
        }
        var time: Timestamp?
        if let written = json["origin_time"], !written.isNull {
            guard let moment = written.text.flatMap({ Timestamp(iso8601: $0.utf8) }) else {
                throw RelayRefusal(.malformed, "`origin_time` is not like 2023-06-23T08:05:00Z")
            }
            time = moment
        }
        return try RelayMessage(
            origin: origin, place: place, originID: id, originTime: time, sender: sender, text: text,
            language: json["lang"]?.text, replyTo: json["reply_to_origin_id"]?.identifier)
    }

    /// The id that a line gives, for the answer to one that is refused.
    package static func originID(_ line: [UInt8]) -> String? {
        (try? JSONValue(parsing: line))?["origin_id"]?.identifier
    }

    /// The message is stored under this id.
    package static func stored(originID: String, id: String?) -> JSONValue {
        .object(["v": .integer(version), "stored": .string(originID), "id": id.map { .string($0) } ?? .null])
    }

    /// The message is not stored. Where `again` is true it may be sent again.
    package static func refused(originID: String?, code: String, reason: String, again: Bool) -> JSONValue {
        .object([
            "v": .integer(version), "refused": originID.map { .string($0) } ?? .null, "code": .string(code),
            "reason": .string(reason), "again": .bool(again),
        ])
    }

    /// A message of the channel, for the other side.
    package static func outgoing(_ message: RoomMessage) -> JSONValue {
        .object([
            "v": .integer(version), "id": .string(message.id), "origin": .string("plenary"),
            "origin_id": .string(message.id), "origin_time": .string(message.time.iso8601),
            "sender_name": .string(message.sender), "sender_ref": message.account.map { .string($0) },
            "audience": .string("public"), "text": .string(message.text),
            "reply_to_origin_id": message.replyTo.map { .string($0) },
            "lang": message.language.map { .string($0) },
        ])
    }

    /// What must be told on the other side before anything is relayed.
    package static func consent(_ text: String) -> JSONValue {
        .object(["v": .integer(version), "notice": .string(text)])
    }
}

/// A message of the channel, as far as the other side is told.
package struct RoomMessage: Sendable, Hashable {
    /// The server's id.
    package var id: String
    /// When the server accepted it.
    package var time: Timestamp
    /// Who said it, as shown in the channel.
    package var sender: String
    /// The sender's account.
    package var account: String?
    /// The text.
    package var text: String
    /// The id of what it answers: on the other side where it came from there, else the server's.
    package var replyTo: String?
    /// Its language.
    package var language: String?

    /// A message of these parts.
    package init(
        id: String, time: Timestamp, sender: String, account: String? = nil, text: String,
        replyTo: String? = nil, language: String? = nil
    ) {
        self.id = id
        self.time = time
        self.sender = sender
        self.account = account
        self.text = text
        self.replyTo = replyTo
        self.language = language
    }
}
