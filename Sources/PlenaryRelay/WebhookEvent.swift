// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// What the body of a webhook says, as the platform's own types name it.
///
/// Relayed is only what has the recipient type `everyone` and no recipient session; whatever else the type may be
/// counts as private and is dropped here.
package enum WebhookEvent: Sendable, Hashable {
    /// The platform asks whether somebody is there.
    case challenge(token: String)
    /// A message to everybody in this meeting; a file's offer is one as well.
    case message(meeting: String, RelayMessage)
    /// A message to somebody. Nothing of it is kept.
    case notPublic
    /// A message to everybody that cannot be relayed.
    case unfit(RelayRefusal)
    /// A meeting began or ended; shown as a light, and nothing more.
    case meeting(id: String, isRunning: Bool)
    /// Something else.
    case other(event: String)
    /// No such body; in words.
    case malformed(String)

    /// Reads a body whose signature was right.
    package init(_ body: [UInt8]) {
        let json: JSONValue
        do { json = try JSONValue(parsing: body) } catch {
            self = .malformed("\(error)")
            return
        }
        guard let event = json["event"]?.text else {
            self = .malformed("no event")
            return
        }
        let object = json["payload"]?["object"]
        switch event {
        case "endpoint.url_validation":
            guard let token = json["payload"]?["plainToken"]?.text, !token.isEmpty,
                token.utf8.count <= RelayLimits.challengeByteLimit
            else {
                self = .malformed("a challenge has a token of 1 to \(RelayLimits.challengeByteLimit) bytes")
                return
            }
            self = .challenge(token: token)
        case "meeting.chat_message_sent", "webinar.chat_message_sent":
            self = WebhookEvent.chat(
                object?["chat_message"], meeting: object?["id"], uuid: object?["uuid"], json)
        case "meeting.chat_message_file_sent", "webinar.chat_message_file_sent":
            self = WebhookEvent.chat(
                object?["chat_message_file"], meeting: object?["meeting_id"] ?? object?["id"],
                uuid: object?["meeting_uuid"] ?? object?["uuid"], json)
        case "meeting.started", "webinar.started", "meeting.ended", "webinar.ended":
            guard let id = object?["id"]?.identifier else {
                self = .malformed("a meeting without id")
                return
            }
            self = .meeting(id: id, isRunning: event.hasSuffix("started"))
        default: self = .other(event: RelayText.name(String(event.prefix(64))))
        }
    }

    private static func chat(
        _ message: JSONValue?, meeting: JSONValue?, uuid: JSONValue?, _ json: JSONValue
    ) -> WebhookEvent {
        guard let message else { return .malformed("no message in the event") }
        let hasRecipient = message["recipient_session_id"].map { !$0.isNull } ?? false
        guard message["recipient_type"]?.text == "everyone", !hasRecipient else { return .notPublic }
        guard let meeting = meeting?.identifier, let uuid = uuid?.text, let id = message["message_id"]?.text,
            let sender = message["sender_name"]?.text
        else { return .malformed("a message lacks its meeting, its id or its sender") }
        let time =
            message["date_time"]?.text.flatMap { Timestamp(iso8601: $0.utf8) }
            ?? json["event_ts"]?.integer.flatMap(moment)
        let text: String
        if let name = message["file_name"]?.text {
            text = fileOffer(name, message["file_size"]?.integer)
        } else if let content = message["message_content"]?.text {
            text = content
        } else {
            return .malformed("a message without text")
        }
        do throws(RelayRefusal) {
            return .message(
                meeting: meeting,
                try RelayMessage(
                    origin: "zoom", place: uuid, originID: id, originTime: time, sender: sender, text: text))
        } catch {
            return .unfit(error)
        }
    }

    /// A file is only told of. It is never fetched, and the address is not passed on.
    private static func fileOffer(_ name: String, _ size: Int64?) -> String {
        let shown = RelayText.cleaned(String(name.prefix(200))).split(separator: "\n").joined(separator: " ")
        guard let size, size >= 0 else { return "[file offered: \(shown)]" }
        let amount = size < 10_000 ? "\(size) bytes" : "\((size + 500) / 1000) kB"
        return "[file offered: \(shown), \(amount)]"
    }

    /// Milliseconds since 1970, within a thousand years.
    private static func moment(_ milliseconds: Int64) -> Timestamp? {
        (0...32_503_680_000_000).contains(milliseconds) ? Timestamp(microseconds: milliseconds * 1000) : nil
    }
}
