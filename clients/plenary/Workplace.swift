// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryTerminal

/// What a command works with: its options, the settings, and the profile chosen by them.
package struct Workplace: Sendable {
    /// The world outside.
    package let surroundings: Surroundings
    /// The options given.
    package let options: GlobalOptions
    /// Where files are.
    package let locations: Locations
    /// The settings as read.
    package var settings: Settings
    /// How times are shown.
    package let time: TimeText

    /// Reads the settings. Unknown keys are warned about, unless `--quiet`.
    package init(_ options: GlobalOptions, _ surroundings: Surroundings) throws(Failure) {
        self.options = options
        self.surroundings = surroundings
        locations = try Locations(surroundings.environment)
        settings = try Settings.read(locations)
        time = TimeText(usesUTC: options.utc || settings.value("ui.utc") == "true")
        if !options.quiet {
            for warning in settings.warnings { surroundings.say("warning: \(warning)") }
        }
    }

    /// Whether a question may be asked.
    package var canAsk: Bool {
        surroundings.canAsk && !options.noInput && surroundings.environment["PLENARY_NO_INPUT"] == nil
    }

    /// Writes a line of talk, unless `--quiet`.
    package func say(_ line: String) {
        if !options.quiet { surroundings.say(PlainText.oneLine(line)) }
    }

    /// A time for people on a terminal, or RFC 3339 in UTC for programs.
    package func show(_ moment: Timestamp) -> String {
        surroundings.isOutputTerminal ? time.short(moment, now: surroundings.now()) : moment.iso8601
    }

    /// Reads a moment as people write it.
    package func moment(_ text: String, option: String) throws(Failure) -> Timestamp {
        guard let moment = time.moment(text, now: surroundings.now()) else {
            throw Failure(
                .usage, "\(option) \(text) is no time", "",
                "Write 10m, 2h, yesterday, 2023-06-23 or 2023-06-23T10:00+02:00.")
        }
        return moment
    }

    // MARK: Profile

    /// The name of the profile chosen: option, environment, settings, or the only one there is.
    package var chosenProfileName: String? {
        if let name = options.profile ?? surroundings.environment["PLENARY_PROFILE"], !name.isEmpty {
            return name
        }
        let set = settings.value("profile")
        if !set.isEmpty { return set }
        return settings.profiles.count == 1 ? settings.profiles.first?.name : nil
    }

    /// The profile to use, with what options and environment change about it.
    package func profile() throws(Failure) -> Profile {
        let environment = surroundings.environment
        let server = options.server ?? environment["PLENARY_SERVER"]
        var profile: Profile
        if let name = chosenProfileName {
            guard let found = settings.profiles.first(where: { $0.name == name }) else {
                let known = settings.profiles.map(\.name).joined(separator: ", ")
                throw Failure(
                    .configuration, "there is no profile \(name)",
                    known.isEmpty ? "no profile has been made yet" : "there is: \(known)",
                    "Make one: plenary join LINK")
            }
            profile = found
        } else if let server {
            profile = Profile(name: "none", server: server, account: "")
            profile.signIn = .guest
        } else {
            throw Failure(
                .notSignedIn, "no server is known",
                settings.profiles.isEmpty ? "no profile has been made yet" : "several profiles, none chosen",
                settings.profiles.isEmpty
                    ? "Paste your invite: plenary join 'plenary://…' (or set PLENARY_SERVER)"
                    : "Choose one: plenary profile use NAME")
        }
        if let server, server != profile.server {
            profile.server = server
            profile.pins = []
            profile.isPlainText = false
        }
        if !options.pins.isEmpty { profile.pins = try pins() }
        if options.plainText { profile.isPlainText = true }
        if options.guest { profile.signIn = .guest }
        if let account = options.account { profile.account = account }
        if profile.account.isEmpty {
            profile.account = environment["USER"] ?? environment["LOGNAME"] ?? "guest"
        }
        if profile.displayName.isEmpty { profile.displayName = profile.account }
        return profile
    }

    /// The pins given as options.
    package func pins() throws(Failure) -> [Pin] {
        var pins: [Pin] = []
        for text in options.pins {
            guard let pin = Pin(text) else {
                throw Failure(.usage, "--pin \(text) is no key", "it is sha256: and 64 hexadecimal digits")
            }
            pins.append(pin)
        }
        return pins
    }

    // MARK: Connecting

    /// What a connection with this profile needs to know. Asks for a password where one is needed.
    package func configuration(for profile: Profile) throws(Failure) -> ConnectionConfiguration {
        let (host, port) = try InviteLink.hostAndPort(profile.server)
        var endpoint = Endpoint(host: host, port: port)
        if profile.isPlainText {
            endpoint.security = .plainTextToLoopback
        } else if !profile.pins.isEmpty {
            endpoint.security = .tls(.pinned(profile.pins))
        }
        var session = SessionConfiguration(nickname: profile.account, realName: profile.displayName)
        var identity: ClientIdentity?
        switch profile.signIn {
        case .guest: session.acceptsOtherNickname = true
        case .key:
            identity = try DeviceKey.read(locations.state(of: profile.name))
            session.credentials = .certificate
        case .password:
            // With a token the password is not needed; it is asked for when the token is refused.
            session.resumeToken = keptToken(of: profile)
            session.credentials = .password(account: profile.account, password: try password(of: profile))
        }
        var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
        if profile.signIn == .password, !profile.isPlainText {
            configuration.keepResumeToken = tokenKeeper(of: profile)
        }
        configuration.clientIdentity = identity
        if let path = options.trace { configuration.trace = try tracer(path) }
        return configuration
    }

    /// From the private file, from `PLENARY_TOKEN_FILE`, or from a person.
    func password(of profile: Profile) throws(Failure) -> String {
        let kept = locations.state(of: profile.name) + "/password"
        for path in [surroundings.environment["PLENARY_TOKEN_FILE"], kept] {
            guard let path else { continue }
            do throws(FileError) {
                if let bytes = try FileAccess.readPrivate(path) {
                    return String(decoding: bytes.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
                }
            } catch {
                throw Failure(.configuration, "the password file cannot be read", "\(error)")
            }
        }
        guard canAsk, let text = surroundings.ask("Password of \(profile.account): ", true) else {
            throw Failure(
                .notSignedIn, "a password is needed", "nobody can be asked here",
                "Set PLENARY_TOKEN_FILE to a private file, or sign in once: plenary login")
        }
        return text
    }

    private func tracer(_ path: String) throws(Failure) -> @Sendable (String) -> Void {
        do throws(FileError) {
            try FileAccess.writePrivate([], to: path)
        } catch {
            throw Failure(.cannotCreate, "the trace cannot be written", "\(error)")
        }
        let now = surroundings.now
        return { line in
            // A trace that fails must not end what is traced.
            try? FileAccess.appendPrivate(Array("\(now().iso8601) \(line)\n".utf8), to: path)
        }
    }

    /// The queue of outgoing messages of a profile, on disk.
    package func queue(of profile: Profile) throws(Failure) -> DiskQueue {
        let directory = locations.state(of: profile.name)
        do throws(FileError) { try FileAccess.makePrivateDirectory(directory) } catch {
            throw Failure(.cannotCreate, "there is no place for unsent messages", "\(error)")
        }
        return DiskQueue(path: directory + "/queue")
    }
}

/// This device's key and certificate, by which an account knows it.
package enum DeviceKey {
    /// Reads both; throws when there are none.
    package static func read(_ directory: String) throws(Failure) -> ClientIdentity {
        do throws(FileError) {
            guard let key = try FileAccess.readPrivate(directory + "/key.pem"),
                let certificate = try FileAccess.readPrivate(directory + "/certificate.pem")
            else {
                throw FileError(path: directory, reason: "no key has been made", isMissing: true)
            }
            return ClientIdentity(
                certificatePEM: String(decoding: certificate, as: UTF8.self),
                privateKeyPEM: String(decoding: key, as: UTF8.self))
        } catch {
            throw Failure(
                .notSignedIn, "this device has no key", "\(error)",
                "Make one: plenary join LINK, or plenary login")
        }
    }

    /// Keeps both, private.
    package static func write(_ identity: ClientIdentity, _ directory: String) throws(Failure) {
        do throws(FileError) {
            try FileAccess.makePrivateDirectory(directory)
            try FileAccess.writePrivate(Array(identity.privateKeyPEM.utf8), to: directory + "/key.pem")
            try FileAccess.writePrivate(
                Array(identity.certificatePEM.utf8), to: directory + "/certificate.pem")
        } catch {
            throw Failure(.cannotCreate, "this device's key cannot be kept", "\(error)")
        }
    }
}
