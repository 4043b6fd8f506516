// SPDX-License-Identifier: Apache-2.0

/// What commands of sessions, the floor, relays and translations say to the server's desk, which answers in
/// sentences of the reader's language (docs/extensions/moderation.md, "The desk").
package enum DeskWords {
    /// The nickname of the desk.
    package static let desk = "plenary"

    /// The words for a command in a channel; nil for a command of another kind.
    package static func of(_ command: SlashCommand, _ arguments: String, channel: String) -> String? {
        let parts = arguments.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            .map(String.init)
        let act = parts.first?.lowercased() ?? ""
        let rest = parts.count > 1 ? " " + parts[1] : ""
        switch command {
        case .agenda: return "session \(channel) agenda"
        case .docs: return "session \(channel) document"
        case .session:
            let known = act == "pause" ? "suspend" : act
            return "session \(channel) \(known.isEmpty ? "info" : known)\(rest)"
        case .floor:
            // A bare word behind `request` is the agenda item.
            if act == "request", !rest.isEmpty, !rest.contains("=") {
                return "floor \(channel) request item=\(rest.dropFirst())"
            }
            let known = act == "give" ? "grant" : act
            return "floor \(channel) \(known.isEmpty ? "list" : known)\(rest)"
        case .relay:
            let known = ["start": "on", "stop": "off"][act] ?? act
            return "relay \(channel) \(known.isEmpty ? "status" : known)"
        default: return nil
        }
    }

    /// The words that attach a translation to a message; nil when the language or the text is missing.
    package static func translation(_ arguments: String, of id: String, channel: String) -> String? {
        let parts = arguments.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2 else { return nil }
        return "translate \(channel) \(id) \(parts[0]) human \(parts[1])"
    }

    /// The words that show what a message said before it was translated.
    package static func original(of id: String, channel: String) -> String { "original \(channel) \(id)" }
}
