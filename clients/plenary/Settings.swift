// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryScreens
import PlenaryTerminal

/// Where files belong (XDG Base Directory Specification).
package struct Locations: Sendable, Hashable {
    /// `$XDG_CONFIG_HOME/plenary`, or `PLENARY_CONFIG_DIR`.
    package var configuration: String
    /// `$XDG_STATE_HOME/plenary`.
    package var state: String

    /// From the environment; throws when there is no home directory.
    package init(_ environment: [String: String]) throws(Failure) {
        func place(_ variable: String, _ fallback: String) throws(Failure) -> String {
            // A relative path is invalid and ignored (the specification says so).
            if let path = environment[variable], path.hasPrefix("/") { return path + "/plenary" }
            guard let home = environment["HOME"], home.hasPrefix("/") else {
                throw Failure(
                    .configuration, "there is no place for settings", "HOME is not set",
                    "Set HOME, or \(variable).")
            }
            return "\(home)/\(fallback)/plenary"
        }
        if let path = environment["PLENARY_CONFIG_DIR"], path.hasPrefix("/") {
            configuration = path
        } else {
            configuration = try place("XDG_CONFIG_HOME", ".config")
        }
        state = try place("XDG_STATE_HOME", ".local/state")
    }

    /// The configuration file.
    package var configurationFile: String { configuration + "/config" }
    /// The directory of one profile's key, queue and positions.
    package func state(of profile: String) -> String { state + "/" + profile }
}

/// A server with who we are there.
package struct Profile: Sendable, Hashable {
    /// How to sign in.
    package enum SignIn: String, Sendable, CaseIterable {
        /// With this device's key.
        case key
        /// With a password that is asked for, or kept in a private file.
        case password
        /// Not at all.
        case guest
    }

    /// The profile's own name.
    package var name: String
    /// `HOST[:PORT]`.
    package var server: String
    /// Account and nickname.
    package var account: String
    /// Display name.
    package var displayName: String
    /// How to sign in.
    package var signIn: SignIn
    /// The server's keys; empty where its certificate's authority vouches for it.
    package var pins: [Pin]
    /// The channels to be in, with `#`; the first one is opened.
    package var channels: [String]
    /// Whether plain text is spoken, which is possible to this machine only.
    package var isPlainText: Bool

    /// A profile of these parts.
    package init(name: String, server: String, account: String) {
        self.name = name
        self.server = server
        self.account = account
        displayName = account
        signIn = .key
        pins = []
        channels = []
        isPlainText = false
    }
}

/// The configuration file: `key = value` lines, `#` comments, and one `[profile NAME]` section for each
/// server.
///
///     profile = un                 # which one is used
///     ui.plain = true
///     [profile un]
///     server = chat.example.org:6697
///     account = amina.b
///     name = Amina B., Kenya
///     sign-in = key                # key, password, guest
///     pin = sha256:9c1f…           # may come twice: the key in use and the next one
///     channel = practices          # may come several times
package struct Settings: Sendable, Hashable {
    /// General keys with their defaults and what they are for.
    package static let keys: [(key: String, fallback: String, purpose: String)] = [
        ("profile", "", "the profile that is used"),
        ("lang", "en", "language of the server's texts: ar zh en fr ru es"),
        ("ui.plain", "false", "always use the line mode"),
        ("ui.bell", "true", "sound the bell when you are mentioned"),
        ("ui.backlog", "20", "messages shown on opening a channel for the first time"),
        ("ui.color", "auto", "auto, always, never"),
        ("ui.theme", "auto", "auto, mono, high-contrast"),
        ("ui.glyphs", "auto", "signs on the screen: auto, unicode, ascii"),
        (
            "ui.bidi", "app",
            "who orders Arabic lines: app, unmarked, terminal, off (plenary doctor --terminal)"
        ),
        ("ui.utc", "false", "show times in UTC"),
        ("advanced", "false", "allow /quote"),
    ]
    static let profileKeys = ["server", "account", "name", "sign-in", "pin", "channel", "plain-text"]

    /// General values that are set.
    package var values: [String: String] = [:]
    /// Profiles in the order of the file.
    package var profiles: [Profile] = []
    /// What is odd in the file, one sentence each with its line.
    package var warnings: [String] = []

    /// No file: all defaults.
    package init() {}

    /// A general value: from the file, or the default.
    package func value(_ key: String) -> String {
        values[key] ?? Settings.keys.first { $0.key == key }?.fallback ?? ""
    }

    /// Reads a file's text. What is unknown is warned about and otherwise ignored.
    package init(parsing text: String, path: String) {
        var current: Int?
        var isSkipping = false
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = Settings.trimmed(raw)
            let place = "\(path):\(index + 1)"
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                let words = line.dropFirst().prefix { $0 != "]" }.split(separator: " ")
                isSkipping = words.count != 2 || words[0] != "profile"
                if isSkipping {
                    warnings.append("\(place): unknown section \(line)")
                } else {
                    profiles.append(Profile(name: String(words[1]), server: "", account: ""))
                    current = profiles.count - 1
                }
                continue
            }
            guard !isSkipping else { continue }
            let pair = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else {
                warnings.append("\(place): no `=` in this line")
                continue
            }
            let key = String(Settings.trimmed(pair[0]))
            let value = String(Settings.trimmed(pair[1]))
            if let current {
                setProfile(current, key, value, place)
            } else if Settings.keys.contains(where: { $0.key == key }) {
                values[key] = value
            } else {
                warnings.append(Settings.unknown(key, place, among: Settings.keys.map(\.key)))
            }
        }
    }

    private mutating func setProfile(_ index: Int, _ key: String, _ value: String, _ place: String) {
        switch key {
        case "server": profiles[index].server = value
        case "account":
            profiles[index].account = value
            if profiles[index].displayName.isEmpty { profiles[index].displayName = value }
        case "name": profiles[index].displayName = value
        case "sign-in":
            if let signIn = Profile.SignIn(rawValue: value) {
                profiles[index].signIn = signIn
            } else {
                warnings.append("\(place): sign-in is key, password or guest, not \(value)")
            }
        case "pin":
            if let pin = Pin(value) {
                profiles[index].pins.append(pin)
            } else {
                warnings.append("\(place): a pin is sha256: and 64 hexadecimal digits")
            }
        case "channel": profiles[index].channels.append(InviteLink.channelName(value))
        case "plain-text": profiles[index].isPlainText = value == "true"
        default: warnings.append(Settings.unknown(key, place, among: Settings.profileKeys))
        }
    }

    private static func unknown(_ key: String, _ place: String, among keys: [String]) -> String {
        let nearest = NearestWord.to(key, among: keys).map { "; did you mean \"\($0)\"?" } ?? ""
        return "\(place): unknown key \"\(key)\"\(nearest)"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" || last == "\r\n" {
            text = text.dropLast()
        }
        return text
    }

    /// The file's text: everything that is set, in a fixed order.
    package var text: String {
        var lines = ["# Settings of plenary; `plenary config list` explains them."]
        for (key, _, _) in Settings.keys {
            if let value = values[key] { lines.append("\(key) = \(value)") }
        }
        for profile in profiles {
            lines += [
                "", "[profile \(profile.name)]", "server = \(profile.server)", "account = \(profile.account)",
                "name = \(PlainText.oneLine(profile.displayName))", "sign-in = \(profile.signIn.rawValue)",
            ]
            lines += profile.pins.map { "pin = \($0)" }
            lines += profile.channels.map { "channel = \($0.drop { $0 == "#" })" }
            if profile.isPlainText { lines.append("plain-text = true") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads the file; without one, all defaults.
    package static func read(_ locations: Locations) throws(Failure) -> Settings {
        do throws(FileError) {
            guard let bytes = try FileAccess.readPrivate(locations.configurationFile) else {
                return Settings()
            }
            return Settings(
                parsing: String(decoding: bytes, as: UTF8.self), path: locations.configurationFile)
        } catch {
            throw Failure(.configuration, "the settings cannot be read", "\(error)")
        }
    }

    /// Writes the file, private and whole.
    package func write(_ locations: Locations) throws(Failure) {
        do throws(FileError) {
            try FileAccess.makePrivateDirectory(locations.configuration)
            try FileAccess.writePrivate(Array(text.utf8), to: locations.configurationFile)
        } catch {
            throw Failure(.cannotCreate, "the settings cannot be written", "\(error)")
        }
    }
}
