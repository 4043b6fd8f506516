// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import PlenaryClient
import PlenaryCrypto
import PlenaryRelay

/// Options that every command takes.
package struct RelayOptions: ParsableArguments, Sendable {
    @Option(name: [.short, .long], help: "The settings file.")
    package var config: String?
    @Option(help: "The server: HOST[:PORT].")
    package var server: String?
    @Option(name: .customLong("pin"), help: "The server's key: sha256:HEX.")
    package var pins: [String] = []
    @Option(help: "The relay's account.")
    package var account: String?
    @Flag(name: .customLong("plain-text"), help: "Speak without TLS; to this machine only.")
    package var plainText = false
    @Option(name: .customLong("state"), help: "The folder with the relay's key and what it has delivered.")
    package var stateFolder: String?
    @Option(name: .customLong("allow"), help: "A channel that may be relayed, besides those of the file.")
    package var allowed: [String] = []
    @Option(help: "Write the lines of the wire to this file, secrets blanked.")
    package var trace: String?

    /// For the argument library.
    package init() {}
}

/// A command: parsed by the argument library, carried out here.
package protocol RelayVerb: ParsableCommand, Sendable {
    /// The options every command has.
    var options: RelayOptions { get }
    /// Does the work. What goes wrong is thrown as a `Failure`, which the caller shows.
    func perform() async throws(Failure) -> ExitCode
}

/// What a command works with: options and settings in one, and the folder of its state.
package struct Station: Sendable {
    /// The settings, changed by options.
    package var settings: RelaySettings
    /// The folder with key, record and status.
    package let folder: String
    private let options: RelayOptions

    /// Reads the settings file, if one is named, and applies the options.
    package init(_ options: RelayOptions) throws(Failure) {
        self.options = options
        settings = RelaySettings()
        if let path = options.config {
            do throws(FileError) {
                let bytes = try RelayFiles.read(path)
                settings = try Station.parse(bytes, path)
            } catch { throw Failure(.configuration, "the settings cannot be used", "\(error)") }
        }
        if let server = options.server, server != settings.server {
            settings.server = server
            settings.pins = []
        }
        if !options.pins.isEmpty { settings.pins = options.pins }
        if let account = options.account { settings.account = account }
        if options.plainText { settings.isPlainText = true }
        settings.allowed += options.allowed.map(RelaySettings.channel)
        folder = try Station.folder(options)
        if let meeting = settings.unlistedMeetings.first {
            throw Failure(
                .configuration, "meeting \(meeting) has a channel that is not allowed", "",
                "Add a line: allow = CHANNEL")
        }
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(FileError) -> RelaySettings {
        do { return try RelaySettings(parsing: String(decoding: bytes, as: UTF8.self)) } catch {
            throw FileError(path, "\(error)")
        }
    }

    private static func environment(_ name: String) -> String? {
        // Read before any other thread writes the environment.
        getenv(name).map { String(cString: $0) }
    }

    private static func folder(_ options: RelayOptions) throws(Failure) -> String {
        if let folder = options.stateFolder { return folder }
        // Given by a service manager.
        if let folder = environment("STATE_DIRECTORY"), folder.hasPrefix("/"), !folder.contains(":") {
            return folder
        }
        if let base = environment("XDG_STATE_HOME"), base.hasPrefix("/") { return base + "/plenary-relay" }
        guard let home = environment("HOME"), home.hasPrefix("/") else {
            throw Failure(
                .configuration, "there is no place for the relay's state", "HOME is not set",
                "Name a folder: --state FOLDER")
        }
        return home + "/.local/state/plenary-relay"
    }

    /// The folder, made if need be.
    package func makeFolder() throws(Failure) {
        do throws(FileError) { try RelayFiles.makePrivateDirectory(folder) } catch {
            throw Failure(error, doing: "there is no place for the relay's state", .cannotCreate)
        }
    }

    /// A channel that may be relayed; throws for any other.
    package func allowed(_ channel: String) throws(Failure) -> String {
        let name = RelaySettings.channel(channel)
        guard settings.allows(name) else {
            throw Failure(
                .notAllowed, "\(name) is not on the list of channels", "",
                "Whoever answers for the relay adds it: allow = \(name.dropFirst())")
        }
        return name
    }

    // MARK: Connecting

    /// A connection for one command or for a running relay.
    package func connection(
        channels: [String], reconnects: Bool, registration: AccountRegistration? = nil
    ) throws(Failure) -> PlenaryConnection {
        guard !settings.server.isEmpty, !settings.account.isEmpty else {
            throw Failure(
                .configuration, "the server or the relay's account is not known", "",
                "Set `server` and `account` in the settings, or --server and --account.")
        }
        let (host, port) = try Station.hostAndPort(settings.server)
        var endpoint = Endpoint(host: host, port: port)
        if settings.isPlainText {
            endpoint.security = .plainTextToLoopback
        } else if !settings.pins.isEmpty {
            endpoint.security = .tls(.pinned(try pins()))
        }
        var session = SessionConfiguration(nickname: settings.account, credentials: .certificate)
        session.isBot = true
        session.wantsMemberLists = false
        var identity: ClientIdentity?
        if let password = try password() {
            session.credentials = .password(account: settings.account, password: password)
        } else {
            identity = try deviceKey()
        }
        var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
        configuration.clientIdentity = identity
        configuration.session.registration = registration
        configuration.channels = channels
        configuration.reconnects = reconnects
        if let path = options.trace { configuration.trace = try tracer(path) }
        return PlenaryConnection(configuration)
    }

    private func pins() throws(Failure) -> [Pin] {
        var pins: [Pin] = []
        for text in settings.pins {
            guard let pin = Pin(text) else {
                throw Failure(.configuration, "\(text) is no key", "it is sha256: and 64 hexadecimal digits")
            }
            pins.append(pin)
        }
        return pins
    }

    /// From the private file `password` of the folder; nil without one.
    private func password() throws(Failure) -> String? {
        guard let bytes = try privateFile("password") else { return nil }
        return String(decoding: bytes.filter { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }

    private func deviceKey() throws(Failure) -> ClientIdentity {
        guard let key = try privateFile("key.pem"), let certificate = try privateFile("certificate.pem")
        else {
            throw Failure(
                .notSignedIn, "this relay has no key", folder,
                "Make one: plenary-relay enrol --code CODE")
        }
        return ClientIdentity(
            certificatePEM: String(decoding: certificate, as: UTF8.self),
            privateKeyPEM: String(decoding: key, as: UTF8.self))
    }

    /// A private file of the folder; nil when it is not there.
    package func privateFile(_ name: String) throws(Failure) -> [UInt8]? {
        do throws(FileError) { return try RelayFiles.readPrivate("\(folder)/\(name)") } catch {
            throw Failure(error, doing: "a file of the relay cannot be read", .configuration)
        }
    }

    private func tracer(_ path: String) throws(Failure) -> @Sendable (String) -> Void {
        let descriptor: Int32
        do throws(FileError) { descriptor = try RelayFiles.openAppending(path) } catch {
            throw Failure(error, doing: "the trace cannot be written", .cannotCreate)
        }
        return { line in
            // A trace that fails must not end what is traced.
            try? RelayFiles.write(
                Array("\(Station.now().iso8601) \(line)\n".utf8), to: descriptor, path: path)
        }
    }

    /// Reads `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`.
    package static func hostAndPort(_ text: String) throws(Failure) -> (host: String, port: UInt16) {
        var host = text[...]
        var number: Substring?
        if text.hasPrefix("["), let close = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<close]
            let rest = text[text.index(after: close)...]
            number = rest.isEmpty ? nil : rest.dropFirst()
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            number = text[text.index(after: colon)...]
        }
        guard let number else { return (String(host), Endpoint.defaultPort) }
        guard !host.isEmpty, let port = UInt16(number), port > 0 else {
            throw Failure(.usage, "\(text) is no server", "its port is no number from 1 to 65535")
        }
        return (String(host), port)
    }

    /// The key of the digests, made at the first use. Erased, nothing can be recognised by its text any more.
    package func digestKey() throws(Failure) -> RelayKeys {
        try makeFolder()
        if let key = try privateFile("digest.key"), key.count == RelayKeys.keyByteCount {
            return RelayKeys(key: key)
        }
        do {
            let key = try SecureRandom.bytes(RelayKeys.keyByteCount)
            try RelayFiles.writePrivate(key, to: folder + "/digest.key")
            return RelayKeys(key: key)
        } catch { throw Failure(.cannotCreate, "no key of digests could be made", "\(error)") }
    }

    /// What time it is.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Writes a line about the relay's life to standard error.
    package static func log(_ line: String) { Output.say("\(now().iso8601) \(PlainLine.shown(line))") }
}
