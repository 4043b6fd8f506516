// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient

/// The server of the day, and everybody's connection to it.
final class DemoCommunity {
    let programs: DemoProgram
    /// Everything is in here.
    let folder: String
    let port: UInt16
    let clock: DemoClock
    private(set) var pins: [Pin] = []
    private var server: Process?
    /// By account.
    private(set) var connections: [String: PlenaryConnection] = [:]

    init(folder: String, programs: DemoProgram) throws {
        self.folder = folder
        self.programs = programs
        port = try LoopbackSocket.freePort()
        clock = DemoClock(path: folder + "/clock")
    }

    // MARK: The server

    /// Sets the server up as an operator does, long before the day.
    func setUp() throws {
        try programs.run(
            "plenaryd",
            [
                "setup", "localhost", "--directory", folder + "/server", "--address", "127.0.0.1", "--port",
                String(port), "--any-file-system", "--channel", DemoDay.morning,
            ])
        // What setting up wrote into the log is of today, and time does not go back in a log.
        for name in ["log", "snap", "index", "MANIFEST", "LOCK"] {
            let path = folder + "/server/data/" + name
            if FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
        }
        let configuration = folder + "/server/plenaryd.yaml"
        var text = try String(contentsOfFile: configuration, encoding: .utf8)
        // Everybody comes from one address, and says in a minute what people say in a day.
        text = try DemoCommunity.changed(
            text,
            [
                "connections.open_per_network": "1024", "connections.handshakes": "512",
                "connections.new_per_network": "4096", "session.command_burst": "off",
                "session.byte_burst": "64MiB", "session.bytes_per_second": "1MiB",
                "session.new_accounts_per_day": "off", "rates.profile": "off", "rates.join": "off",
                "rates.history": "off", "rates.thread": "off", "rates.search": "off",
            ])
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
        // The same ids on every run, so that reports can be compared; no server is to be set up so.
        let keys = folder + "/server/data/keys"
        try FileManager.default.createDirectory(
            atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Data((0..<32).map { UInt8($0) }).write(to: URL(fileURLWithPath: keys + "/identity"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: keys + "/identity")
        try addQuestionnaire()
    }

    /// The code with which the secretariat signs up, of a server that runs.
    func firstInvite() throws -> String {
        let told = try programs.run(
            "plenaryd",
            [
                "invite", "create", "--config", folder + "/server/plenaryd.yaml", "--role", "secretariat",
                "--expires", "never", "--channel", DemoDay.morning,
            ])
        let words = told.split(whereSeparator: \.isWhitespace)
        guard let link = words.first(where: { $0.hasPrefix("plenary://") }),
            let secrets = link.split(separator: "#").last
        else { throw DemoFailure("no invite was printed: \(told)") }
        return try readSecrets(String(secrets))
    }

    /// `CODE&pin=sha256:HEX`.
    private func readSecrets(_ text: String) throws -> String {
        var code: String?
        for part in text.split(separator: "&") {
            if part.hasPrefix("pin="), let pin = Pin(String(part.dropFirst(4))) {
                pins.append(pin)
            } else if code == nil {
                code = String(part)
            }
        }
        guard let code, !pins.isEmpty else { throw DemoFailure("the invite has no code or no pin: \(text)") }
        return code
    }

    /// The configuration with other values of some keys, each named with its section.
    private static func changed(_ text: String, _ changes: [String: String]) throws -> String {
        var left = changes
        var section: Substring = ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let colon = line.firstIndex(of: ":"), let first = line.first, first != "#" else {
                return String(line)
            }
            if first != " " { section = line[..<colon] }
            let key = line[..<colon].drop { $0 == " " }
            guard let value = left.removeValue(forKey: "\(section).\(key)") else { return String(line) }
            return line[..<colon] + ": " + value
        }
        guard left.isEmpty else { throw DemoFailure("the configuration has no \(left.keys.sorted())") }
        return lines.joined(separator: "\n")
    }

    private func addQuestionnaire() throws {
        let path = folder + "/server/community.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let form = """

            questionnaires:
              - name: \(DemoDay.form)
                titles: { en: "Feedback on the first seminar", fr: "Votre avis sur le premier séminaire" }
                opens: "2023-06-23 17:00"
                closes: "2023-07-07 23:59"
                zone: Europe/Zurich
                anonymous: yes
                questions:
                  - name: hub
                    kind: scale
                    from: 1
                    to: 5
                    texts: { en: "How useful will the knowledge hub be to you?" }
                  - name: need
                    kind: choice
                    options:
                      - name: search
                        texts: { en: "Search by theme" }
                      - name: templates
                        texts: { en: "Templates" }
                      - name: contacts
                        texts: { en: "Contacts" }
                      - name: languages
                        texts: { en: "All six languages" }
                    texts: { en: "What does it need most?" }
                  - name: comment
                    kind: text
                    texts: { en: "What else?" }

            """
        try (text + form).write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Starts the server and waits until it listens.
    func start() throws {
        let listening = folder + "/listening"
        try? FileManager.default.removeItem(atPath: listening)
        server = try programs.start(
            "plenaryd",
            [
                "run", "--config", folder + "/server/plenaryd.yaml", "--listening-file", listening,
                "--clock-file", clock.path,
            ], log: folder + "/plenaryd.log")
        for _ in 0..<2000 {
            if FileManager.default.fileExists(atPath: listening) { return }
            if let server, !server.isRunning { break }
            usleep(5000)
        }
        throw DemoFailure("the server does not listen; see \(folder)/plenaryd.log")
    }

    /// As a power cut would: nothing is said, nothing is put in order.
    func cutPower() {
        guard let server else { return }
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    /// As an operator stops it.
    func stop() {
        guard let server, server.isRunning else { return }
        server.terminate()
        server.waitUntilExit()
    }

    // MARK: People

    /// Signs somebody up with a key that nobody keeps, and connects with it, as often as it takes.
    func enter(
        _ account: String, name: String, code: String, channels: [String]
    ) async throws -> PlenaryConnection {
        var session = SessionConfiguration(nickname: account, realName: name)
        session.registration = AccountRegistration(account: account, inviteCode: code)
        session.wantsMemberLists = false
        var configuration = ConnectionConfiguration(
            endpoint: Endpoint(host: "127.0.0.1", port: port, security: .tls(.pinned(pins))), session: session
        )
        configuration.clientIdentity = try ClientIdentity.make(label: "plenary demo")
        let newcomer = PlenaryConnection(configuration)
        try await newcomer.start()
        try await newcomer.waitUntilOnline()
        await newcomer.close()
        configuration.session.registration = nil
        configuration.session.credentials = .certificate
        configuration.channels = channels
        let connection = PlenaryConnection(configuration)
        try await connection.start()
        try await connection.waitUntilOnline()
        connections[account] = connection
        return connection
    }

    /// Waits until all are back after a loss.
    func awaitEverybody() async throws {
        for connection in connections.values { try await connection.waitUntilOnline() }
    }

    /// Everybody leaves.
    func leave() async {
        for connection in connections.values { await connection.close() }
    }
}
