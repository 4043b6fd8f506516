// SPDX-License-Identifier: Apache-2.0

import PlenaryTerms

/// A record of Matterbridge's API (fields and events of its `config.Message`).
package enum MatterbridgeMessage: Sendable, Hashable {
    /// Somebody wrote in a bridged room.
    case message(RelayMessage)
    /// It came from this side, or says nothing: not relayed.
    case ignored
    /// It cannot be relayed.
    case unfit(RelayRefusal)

    /// Reads one record. Records of the API's own side (`protocol` is `api`) are the loop and are passed over; so are
    /// all events but an action.
    package init(_ json: JSONValue) {
        let event = json["event"]?.text ?? ""
        let network = json["protocol"]?.text ?? ""
        guard event.isEmpty || event == "user_action", network != "api" else {
            self = .ignored
            return
        }
        let account = json["account"]?.text ?? ""
        let sender = RelayText.trimmed(json["username"]?.text ?? "")
        var text = json["text"]?.text ?? ""
        if event == "user_action" { text = "* " + text }
        let written = json["timestamp"]?.text ?? ""
        let given = json["id"]?.text ?? ""
        // Without an id of its own, what was said when by whom is one.
        let id =
            given.isEmpty
            ? RelayKeys.token(
                origin: network, place: "\(written)\0\(json["userid"]?.text ?? sender)", id: text)
            : given
        let slug = network.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        do throws(RelayRefusal) {
            self = .message(
                try RelayMessage(
                    origin: slug.isEmpty ? "bridge" : String(slug.prefix(RelayLimits.originByteLimit)),
                    place: account + "\0" + (json["channel"]?.text ?? ""), originID: id,
                    originTime: MatterbridgeMessage.time(written), sender: sender, text: text,
                    replyTo: json["parent_id"]?.text.flatMap { $0.isEmpty ? nil : $0 }))
        } catch {
            self = .unfit(error)
        }
    }

    /// RFC 3339 with nanoseconds and any zone, as Go writes it.
    static func time(_ text: String) -> Timestamp? {
        if let plain = Timestamp(iso8601: text.utf8) { return plain }
        let bytes = Array(text.utf8)
        guard bytes.count >= 25, bytes.count <= 40 else { return nil }
        let zone = Array(bytes.suffix(6))
        func number(_ place: Int) -> Int64? {
            guard (48...57).contains(zone[place]), (48...57).contains(zone[place + 1]) else { return nil }
            return Int64(zone[place] - 48) * 10 + Int64(zone[place + 1] - 48)
        }
        guard zone[0] == 43 || zone[0] == 45, zone[3] == 58, let hours = number(1), let minutes = number(4),
            hours < 24, minutes < 60,
            let moment = Timestamp(iso8601: bytes.dropLast(6).prefix(29) + [90])
        else { return nil }
        let shift = hours * 3600 + minutes * 60
        return moment.advanced(bySeconds: zone[0] == 43 ? -shift : shift)
    }

    /// What is sent to the API for a message of the channel.
    package static func posting(_ message: RoomMessage, gateway: String) -> JSONValue {
        .object([
            "text": .string(message.text), "username": .string(message.sender), "gateway": .string(gateway),
        ])
    }
}
