// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryRelay

/// `plenary-relay zoom-webhook`.
package struct ZoomWebhookCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "zoom-webhook",
        abstract: "Receive the public chat of meetings as the platform tells it.",
        discussion: """
            Listens on this machine only; a reverse proxy with a certificate stands before it. The meetings and \
            their channels are in the settings: meeting = 81234567890 session-am

            Examples:
              plenary-relay zoom-webhook --config /etc/plenary-relay/relay.conf
            """)

    @OptionGroup package var options: RelayOptions
    @Option(help: "Where to listen: PORT, 127.0.0.1:PORT, [::1]:PORT or /path/of/a/socket.")
    package var listen = "127.0.0.1:8766"
    @Option(help: "The path that the proxy passes on.")
    package var path = "/zoom"
    @Option(name: .customLong("secret-file"), help: "A private file with the app's secret token.")
    package var secretFiles: [String] = []
    @Flag(name: .customLong("switch-on"), help: "Switch on that the channels take relayed messages.")
    package var switchOn = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        guard let address = WebhookAddress(listen) else {
            throw Failure(
                .usage, "--listen \(listen) is no address of this machine alone", "",
                "Let a reverse proxy with TLS pass requests on to 127.0.0.1:8766.")
        }
        guard !station.settings.meetings.isEmpty else {
            throw Failure(.configuration, "no meeting is set", "", "Add a line: meeting = NUMBER CHANNEL")
        }
        let secrets = try secrets(station.settings.secretFiles + secretFiles)
        let channels = Set(station.settings.meetings.values).sorted()
        let relay = try await RunningRelay.start(
            station, adapter: "zoom-webhook", channels: channels, hears: false, switchesOn: switchOn)
        for channel in channels {
            if let line = relay.consentLine(channel: channel, other: "this meeting") {
                Output.say("Paste into the meeting's chat: \(line)")
            }
        }
        let receiver = WebhookReceiver(
            secrets: secrets, path: path, meetings: station.settings.meetings, link: relay.link,
            now: Station.now, log: Station.log)
        do {
            let server = try WebhookServer(address, receiver)
            Station.log("listens on \(listen) for \(path)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                // The connection to the community ends for good only by what time does not heal.
                group.addTask { for await _ in relay.link.outgoing {} }
                try await group.next()
                group.cancelAll()
            }
        } catch {
            _ = await relay.finish()
            throw Failure(.unavailable, "it cannot listen on \(listen)", "\(error)")
        }
        return await relay.finish()
    }

    private func secrets(_ paths: [String]) throws(Failure) -> WebhookSecrets {
        var secrets: [String] = []
        for path in paths {
            do throws(FileError) {
                guard let bytes = try RelayFiles.readPrivate(path) else {
                    throw FileError(path, "there is no such file")
                }
                secrets.append(RelayText.trimmed(String(decoding: bytes, as: UTF8.self)))
            } catch { throw Failure(error, doing: "the secret cannot be read", .configuration) }
        }
        guard let secrets = WebhookSecrets(secrets) else {
            throw Failure(
                .configuration, "the platform's secret is not known", "",
                "Put it into a private file: secret-file = PATH")
        }
        return secrets
    }
}
