// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PlenaryClient
import PlenaryRelay

/// `plenary-relay irc`.
package struct IRCCommand: RelayVerb {
    package static let configuration = CommandConfiguration(
        commandName: "irc", abstract: "Relay between a channel and one of an IRC network.",
        discussion: """
            Examples:
              plenary-relay irc session-am --network irc.example.net --there '#seminar' --nick plenary-bot
            """)

    /// Milliseconds between two lines, so that no network takes the relay for a flood.
    private static let linePauseMilliseconds: Int64 = 700
    /// Bytes of text in one line, which leave room for any network's own parts.
    private static let lineByteLimit = 380
    /// Lines of one message; the rest is told by its count.
    private static let lineLimit = 8

    @OptionGroup package var options: RelayOptions
    @Argument(help: "The channel.")
    package var channel: String
    @Option(help: "The network's server: HOST[:PORT], with TLS.")
    package var network: String
    @Option(help: "The channel there.")
    package var there: String
    @Option(help: "The nickname there.")
    package var nick: String
    @Option(name: .customLong("network-pin"), help: "The key of the network's server: sha256:HEX.")
    package var networkPins: [String] = []
    @Flag(name: .customLong("network-plain-text"), help: "Speak without TLS there; to this machine only.")
    package var networkPlainText = false
    @Option(name: .customLong("network-password-file"), help: "A private file with the password there.")
    package var passwordFile: String?
    @Flag(name: .customLong("switch-on"), help: "Switch on that the channel takes relayed messages.")
    package var switchOn = false

    /// For the argument library.
    package init() {}

    package func perform() async throws(Failure) -> ExitCode {
        let station = try Station(options)
        let channel = try station.allowed(channel)
        let network = try connection()
        let relay = try await RunningRelay.start(
            station, adapter: "irc", channels: [channel], hears: true, switchesOn: switchOn)
        do throws(ClientError) { try await network.start() } catch {
            throw Failure(error, doing: "the network cannot be reached")
        }
        let outgoing = Task {
            await speak(relay, network, channel)
            await network.close()
        }
        let ending = await listen(network, relay.link, channel)
        outgoing.cancel()
        let code = await relay.finish()
        guard code == .done, let ending else { return code }
        throw Failure(ending, doing: "the network has ended the relay")
    }

    private func connection() throws(Failure) -> PlenaryConnection {
        let (host, port) = try Station.hostAndPort(network)
        var endpoint = Endpoint(host: host, port: port)
        if networkPlainText {
            endpoint.security = .plainTextToLoopback
        } else if !networkPins.isEmpty {
            let pins = networkPins.compactMap { Pin($0) }
            guard pins.count == networkPins.count else {
                throw Failure(.usage, "--network-pin is no key", "it is sha256: and 64 hexadecimal digits")
            }
            endpoint.security = .tls(.pinned(pins))
        }
        var session = SessionConfiguration(nickname: nick)
        session.isBot = true
        session.wantsMemberLists = false
        session.acceptsOtherNickname = true
        if let passwordFile {
            do throws(FileError) {
                guard let bytes = try RelayFiles.readPrivate(passwordFile) else {
                    throw FileError(passwordFile, "there is no such file")
                }
                let password = RelayText.trimmed(String(decoding: bytes, as: UTF8.self))
                session.credentials = .password(account: nick, password: password)
            } catch { throw Failure(error, doing: "the password cannot be read", .configuration) }
        }
        var configuration = ConnectionConfiguration(endpoint: endpoint, session: session)
        configuration.channels = [RelaySettings.channel(there)]
        return PlenaryConnection(configuration)
    }

    /// From the network to the channel, until the network's connection ends for good.
    private func listen(
        _ network: PlenaryConnection, _ link: ServerLink, _ channel: String
    ) async -> ClientError? {
        var ending: ClientError?
        var count = 0
        for await event in network.events {
            switch event {
            case .message(let message):
                count += 1
                await take(
                    message, id: IRCCommand.originID(of: message, number: count), link, channel, network)
            case .stateChanged(.retrying(_, let error)): Station.log("the network: \(error)")
            case .stateChanged(.offline(let error)): ending = error
            case .remark(let remark) where remark.level == .fail:
                Station.log("the network says: \(remark.content)")
            default: break
            }
        }
        return ending
    }

    /// The network's id of a message. Where it has none, nothing can come twice either, for history is asked for by ids
    /// only: then its time here and its number, for lines that come together have one time.
    package static func originID(of message: Message, number: Int) -> String {
        message.id ?? "\(message.time.microseconds)-\(number)"
    }

    private func take(
        _ message: Message, id: String, _ link: ServerLink, _ channel: String, _ connection: PlenaryConnection
    ) async {
        let place = RelaySettings.channel(there)
        guard message.conversation.lowercased() == place.lowercased(), !message.isOwn,
            message.kind == .message || message.kind == .action
        else { return }
        // What this relay itself brought there comes back under its nickname: that is the loop.
        let session = await connection.session
        if let relay = message.relayedBy, session.isSameName(relay, session.nickname) { return }
        let text = message.kind == .action ? "* " + message.text : message.text
        do throws(RelayRefusal) {
            let relayed = try RelayMessage(
                origin: "irc", place: network + place, originID: id, originTime: message.time,
                sender: message.sender.nickname, text: text, replyTo: message.replyTo)
            await link.deliverPatiently(relayed, to: channel)
        } catch {
            await link.count { $0.refused += 1 }
            Station.log("not relayed: \(error)")
        }
    }

    /// From the channel to the network, a line at a time.
    private func speak(_ relay: RunningRelay, _ network: PlenaryConnection, _ channel: String) async {
        guard (try? await network.waitUntilOnline()) != nil else { return }
        let place = RelaySettings.channel(there)
        if let line = relay.consentLine(channel: channel, other: place) {
            await say([line], network, place)
        }
        for await (_, message) in relay.link.outgoing {
            await say(IRCCommand.lines(message), network, place)
        }
    }

    private func say(_ lines: [String], _ network: PlenaryConnection, _ place: String) async {
        for line in lines {
            await network.send("PRIVMSG", [place, line])
            guard (try? await Task.sleep(for: .milliseconds(IRCCommand.linePauseMilliseconds))) != nil else {
                return
            }
        }
    }

    /// A message as lines there: the name stands before each.
    static func lines(_ message: RoomMessage) -> [String] {
        let head = "<\(message.sender)> "
        var lines: [String] = []
        for paragraph in RelayText.cleaned(message.text).split(separator: "\n") {
            var rest = paragraph
            while !rest.isEmpty {
                let part = RelayText.beginning(of: rest, byteLimit: lineByteLimit - head.utf8.count)
                lines.append(head + part)
                rest = rest[part.endIndex...]
            }
        }
        guard lines.count > lineLimit else { return lines }
        return lines.prefix(lineLimit - 1) + ["\(head)… (\(lines.count - lineLimit + 1) more lines)"]
    }
}
