// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryRelay

/// `plenary-relay matterbridge`.
package struct MatterbridgeCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "matterbridge", abstract: "Relay between a channel and a gateway of Matterbridge.",
        discussion: """
            Speaks Matterbridge's API: https, or http to this machine.

            Examples:
              plenary-relay matterbridge session-am --api http://127.0.0.1:4242 --gateway seminar
            """)

    @OptionGroup package var options: RelayOptions
    @Argument(help: "The channel.")
    package var channel: String
    @Option(help: "The API's address.")
    package var api: String
    @Option(help: "The gateway's name.")
    package var gateway: String
    @Option(name: .customLong("token-file"), help: "A private file with the API's token.")
    package var tokenFile: String?
    @Option(help: "Ask every so many seconds, 1 to 60, instead of listening to the stream.")
    package var poll: Int64?
    @Flag(name: .customLong("switch-on"), help: "Switch on that the channel takes relayed messages.")
    package var switchOn = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        let channel = try station.allowed(channel)
        guard let client = MatterbridgeClient(api, token: try token()) else {
            throw Failure(
                .usage, "--api \(api) cannot be used", "it is https://…, or http:// to this machine")
        }
        if let poll, !(1...60).contains(poll) { throw Failure(.usage, "--poll is 1 to 60 seconds") }
        let relay = try await RunningRelay.start(
            station, adapter: "matterbridge", channels: [channel], hears: true, switchesOn: switchOn)
        let incoming = Task { await listen(client, relay.link, channel) }
        if let line = relay.consentLine(channel: channel, other: "this room") {
            let now = Station.now()
            let message = RoomMessage(id: "", time: now, sender: station.settings.account, text: line)
            await post(message, client)
        }
        for await (_, message) in relay.link.outgoing { await post(message, client) }
        incoming.cancel()
        return await relay.finish()
    }

    private func token() throws(Failure) -> String? {
        guard let tokenFile else { return nil }
        do throws(FileError) {
            guard let bytes = try RelayFiles.readPrivate(tokenFile) else {
                throw FileError(tokenFile, "there is no such file")
            }
            return RelayText.trimmed(String(decoding: bytes, as: UTF8.self))
        } catch { throw Failure(error, doing: "the token cannot be read", .configuration) }
    }

    private func post(_ message: RoomMessage, _ client: MatterbridgeClient) async {
        // Three times: what Matterbridge does not take then is told in the log.
        for attempt in 1...3 {
            do { return try await client.post(MatterbridgeMessage.posting(message, gateway: gateway)) } catch
            {
                if attempt == 3 { Station.log("not posted to the gateway: \(error)") }
                guard (try? await Task.sleep(for: .seconds(attempt))) != nil else { return }
            }
        }
    }

    /// Listens, and comes back after a loss: 1, 2, 4 … 60 seconds later.
    private func listen(_ client: MatterbridgeClient, _ link: ServerLink, _ channel: String) async {
        var pause: Int64 = 1
        while !Task.isCancelled {
            do {
                if let poll {
                    var divider = JSONDivider()
                    await take(divider.take(try await client.gathered()), link, channel)
                    pause = poll
                } else {
                    var divider = JSONDivider()
                    for try await bytes in client.stream() {
                        await take(divider.take(bytes), link, channel)
                        pause = 1
                    }
                }
            } catch { Station.log("the API: \(error)") }
            guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
            if poll == nil { pause = min(pause * 2, 60) }
        }
    }

    private func take(
        _ found: (objects: [[UInt8]], tooLongCount: Int), _ link: ServerLink, _ channel: String
    ) async {
        let tooLongCount = Int64(found.tooLongCount)
        if tooLongCount > 0 { await link.count { $0.refused += tooLongCount } }
        for bytes in found.objects {
            let record: MatterbridgeMessage
            do {
                let json = try JSONValue(parsing: bytes)
                guard json["gateway"]?.text == gateway || json["event"]?.text == "api_connected" else {
                    await link.count { $0.ignored += 1 }
                    continue
                }
                record = MatterbridgeMessage(json)
            } catch {
                await link.count { $0.refused += 1 }
                Station.log("a record of the API cannot be read: \(error)")
                continue
            }
            switch record {
            case .message(let message): await link.deliverPatiently(message, to: channel)
            case .ignored: await link.count { $0.ignored += 1 }
            case .unfit(let refusal):
                await link.count { $0.refused += 1 }
                Station.log("not relayed: \(refusal)")
            }
        }
    }
}
