// SPDX-License-Identifier: Apache-2.0

import PlenaryClient
import PlenaryQueues
import Synchronization

/// A server that says what a script says. Whatever is asked is kept; a command whose body begins with one of
/// the script's words is answered, the first line of the answer with its label.
package final class ScriptedTransport: PlenaryClient.Transport {
    /// What a command's body begins with, and what is said to it.
    package typealias Step = (command: String, answer: [String])

    private struct State {
        var rest: [UInt8] = []
        package var asked: [String] = []
        var receive: (@Sendable (TransportEvent) -> Void)?
    }

    private let script: [Step]
    private let capabilities: String
    private let state = Mutex(State())

    /// Everything that Plenary's own client asks for, with a value of the threads' capability.
    package static let everything =
        "batch labeled-response message-tags echo-message server-time draft/chathistory draft/multiline "
        + "draft/read-marker draft/search draft/message-redaction "
        + "plenary.chat/threads=sep=/,titlelen=20,max-list=50,new=1 plenary.chat/moderation"

    /// A server with this script. The first step that fits answers.
    package init(_ script: [Step], capabilities: String = ScriptedTransport.everything) {
        self.script = script
        self.capabilities = capabilities
    }

    /// Commands after the welcome, without their labels.
    package var asked: [String] { state.withLock { $0.asked } }

    /// Opens at once.
    package func open(
        _ configuration: ConnectionConfiguration, _ receive: @escaping @Sendable (TransportEvent) -> Void
    ) -> any TransportLink {
        state.withLock { $0.receive = receive }
        receive(.opened)
        return Link(transport: self)
    }

    private struct Link: TransportLink {
        var transport: ScriptedTransport
        func send(_ bytes: [UInt8]) { transport.take(bytes) }
        func close() {}
    }

    /// The server speaks by itself.
    package func say(_ lines: String...) { answer(lines) }

    private func answer(_ lines: [String]) {
        let receive = state.withLock { $0.receive }
        receive?(.received(Array(lines.map { $0 + "\r\n" }.joined().utf8)))
    }

    private func take(_ bytes: [UInt8]) {
        let lines = state.withLock { state in
            state.rest += bytes
            var lines = state.rest.split(separator: 10, omittingEmptySubsequences: false)
            state.rest = Array(lines.removeLast())
            return lines.map { String(decoding: $0.dropLast(), as: UTF8.self) }
        }
        for line in lines { take(line) }
    }

    private func take(_ line: String) {
        var label: String?
        var body = line
        if line.hasPrefix("@"), let space = line.firstIndex(of: " ") {
            let tags = line[line.index(after: line.startIndex)..<space].split(separator: ";")
            label = tags.first { $0.hasPrefix("label=") }.map(String.init)
            let rest = tags.filter { !$0.hasPrefix("label=") }.joined(separator: ";")
            body = (rest.isEmpty ? "" : "@\(rest) ") + line[line.index(after: space)...]
        }
        switch body.split(separator: " ").first {
        case "CAP" where body.contains(" LS "): answer([":s CAP * LS :\(capabilities)"])
        case "CAP" where body.contains(" REQ "):
            answer([":s CAP * ACK \(body.split(separator: " ", maxSplits: 2)[2])"])
        case "CAP":
            answer([
                ":s 001 ann :Welcome ann!~a@h", ":s 005 ann CASEMAPPING=ascii CHANTYPES=# :are supported",
                ":s 422 ann :no motd",
            ])
        case "NICK", "USER", "QUIT": return
        case "PING": answer([":s PONG s \(body.split(separator: " ")[1])"])
        default:
            state.withLock { $0.asked.append(body) }
            guard let lines = script.first(where: { body.hasPrefix($0.command) })?.answer else { return }
            answer(label.map { ScriptedTransport.labelled(lines, $0) } ?? lines)
        }
    }

    /// One line carries the label itself; several are a batch that does (IRCv3 labeled-response), unless they
    /// are one already.
    private static func labelled(_ lines: [String], _ label: String) -> [String] {
        func tagged(_ line: String, _ tag: String) -> String {
            line.hasPrefix("@") ? "@\(tag);\(line.dropFirst())" : "@\(tag) \(line)"
        }
        guard let first = lines.first else { return [] }
        if lines.count == 1 || first.contains("BATCH +") { return [tagged(first, label)] + lines.dropFirst() }
        return [tagged(":s BATCH +lr labeled-response", label)] + lines.map { tagged($0, "batch=lr") }
            + [":s BATCH -lr"]
    }

    /// A connection to it that is online.
    package func connect() async throws -> PlenaryConnection {
        var configuration = ConnectionConfiguration(
            endpoint: Endpoint(host: "server.example"), session: SessionConfiguration(nickname: "ann"))
        configuration.reconnects = false
        let connection = connection(configuration, MemoryQueue())
        try await connection.start()
        try await connection.waitUntilOnline()
        return connection
    }

    /// A connection to it.
    package func connection(
        _ configuration: ConnectionConfiguration, _ queue: any OutgoingQueue
    ) -> PlenaryConnection {
        PlenaryConnection(configuration, queue: queue, transport: self, clock: .system, random: { 0 })
    }
}
