// SPDX-License-Identifier: Apache-2.0

/// The relay's settings file: `key = value` lines and `#` comments.
///
///     server = chat.example.org:6697
///     pin = sha256:9c1f…            # may come twice: the key in use and the next one
///     account = zoom-relay
///     allow = session-am            # a channel that may be relayed; may come several times
///     meeting = 81234567890 session-am    # the meeting of a channel; may come several times
///     secret-file = /etc/plenary-relay/zoom.secret   # private; twice while one replaces the other
///     contact = secretariat@example.org   # whom to ask for erasure, in the consent line
///     retention = 90 days
package struct RelaySettings: Sendable, Hashable {
    /// `HOST[:PORT]`.
    package var server = ""
    /// Keys of the server, as written.
    package var pins: [String] = []
    /// The relay's account.
    package var account = ""
    /// Whether plain text is spoken, which is possible to this machine only.
    package var isPlainText = false
    /// Channels that may be relayed, with their `#`, in lower case. No other one is, whoever asks.
    package var allowed: [String] = []
    /// The channel of each meeting id.
    package var meetings: [String: String] = [:]
    /// Files with the platform's secrets.
    package var secretFiles: [String] = []
    /// Whom to ask for erasure.
    package var contact = ""
    /// How long messages are kept, in words.
    package var retention = ""
    /// A consent line of one's own, instead of the usual one.
    package var consent = ""
    /// Where the room display and the digest say that something was said.
    package var room = "room"

    /// Nothing set.
    package init() {}

    /// Reads a file. Throws the first thing that is wrong, with its line.
    package init(parsing text: String) throws(SettingsError) {
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = RelayText.trimmed(raw)
            if line.isEmpty || RelaySettings.hasSign(line) { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw SettingsError(line: index + 1, reason: "no `=` in this line")
            }
            let key = RelayText.trimmed(line[..<equals])
            let value = RelaySettings.value(line[line.index(after: equals)...])
            do throws(SettingsReason) { try set(key, value) } catch {
                throw SettingsError(line: index + 1, reason: error.text)
            }
        }
    }

    private static func value(_ text: Substring) -> String {
        // A comment begins with ` #`; a channel's name may begin with `#`.
        guard let comment = text.firstRange(of: " # ") else { return RelayText.trimmed(text) }
        return RelayText.trimmed(text[..<comment.lowerBound])
    }

    private mutating func set(_ key: String, _ value: String) throws(SettingsReason) {
        guard !value.isEmpty else { throw SettingsReason(text: "\(key) has no value") }
        switch key {
        case "server": server = value
        case "pin": pins.append(value)
        case "account": account = value
        case "plain-text": isPlainText = value == "true"
        case "allow": allowed.append(RelaySettings.channel(value))
        case "meeting":
            let words = value.split(separator: " ")
            guard words.count == 2, words[0].utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw SettingsReason(text: "meeting is a meeting's number and a channel")
            }
            meetings[String(words[0])] = RelaySettings.channel(String(words[1]))
        case "secret-file": secretFiles.append(value)
        case "contact": contact = value
        case "retention": retention = value
        case "consent": consent = value
        case "room": room = value
        default: throw SettingsReason(text: "unknown key \(key)")
        }
    }

    /// A channel's name with its `#`.
    package static func channel(_ text: String) -> String { hasSign(text) ? text : "#" + text }

    /// Whether the first byte is `#`. As a character it would be another one with a combining mark behind it.
    private static func hasSign(_ text: String) -> Bool { text.utf8.first == UInt8(ascii: "#") }

    /// Whether a channel may be relayed.
    package func allows(_ channel: String) -> Bool {
        allowed.contains { $0.lowercased() == channel.lowercased() }
    }

    /// Meetings whose channel is not allowed, which is a mistake.
    package var unlistedMeetings: [String] {
        meetings.filter { !allows($0.value) }.keys.sorted()
    }

    /// What is said on both sides before anything is relayed.
    package func consentLine(channel: String, other: String) -> String {
        if !consent.isEmpty { return consent }
        return "The chat of \(channel) and of \(other) is copied between both and stored"
            + (retention.isEmpty ? "" : " for \(retention)") + ". For a copy or erasure ask \(contact)."
    }
}

/// What is wrong with a settings file, and where.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    package var line: Int
    /// What is wrong.
    package var reason: String
    /// `line N: REASON`.
    package var description: String { "line \(line): \(reason)" }
}

private struct SettingsReason: Error {
    var text: String
}
