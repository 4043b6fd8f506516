// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryClient
import PlenaryCrypto
import PlenaryQueues
import PlenaryRelay
import PlenaryTerms
import Synchronization
import plenary_relay

/// A community server in a few lines, as a relay meets it: RELAYMSG, its batch form, history, tokens.
final class RelayServer: Transport {
    struct Stored: Sendable {
        var id: String
        var name: String
        var text: String
        var token: String
        var tags: [String: String]
    }
    struct State: Sendable {
        var stored: [Stored] = []
        var receive: (@Sendable (TransportEvent) -> Void)?
        var rest: [UInt8] = []
        var batch: (label: String, tags: [String: String], lines: [String])?
        var isDeaf = false
        var held: [String] = []
        var holdsEchoes = false
        var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
        var refusal: String?
        var lineCount = 0
        var beats: [String] = []
    }
    let state = Mutex(State())

    private static let capabilities =
        "batch draft/chathistory draft/multiline draft/relaymsg echo-message labeled-response message-tags"
        + " plenary.chat/idempotency server-time"

    func open(
        _ configuration: ConnectionConfiguration, _ receive: @escaping @Sendable (TransportEvent) -> Void
    ) -> any TransportLink {
        state.withLock {
            $0.receive = receive
            $0.rest = []
        }
        receive(.opened)
        return Link(server: self)
    }

    private struct Link: TransportLink {
        let server: RelayServer
        func send(_ bytes: [UInt8]) { server.take(bytes) }
        func close() {}
    }

    /// The connection breaks, and stays broken when `isDeaf`.
    func hear(_ line: String) {
        state.withLock { $0.receive }?(.received(Array((line + "\r\n").utf8)))
    }

    func breakConnection() {
        let receive = state.withLock { state in
            state.isDeaf = true
            return state.receive
        }
        receive?(.closed(.disconnected("reset")))
    }

    /// Returns when so many echoes are held back.
    func held(_ count: Int) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.held.count >= count { return continuation.resume() }
                state.waiter = (count, continuation)
            }
        }
    }

    /// Sends the echoes held back.
    func release() {
        let lines = state.withLock { state in
            state.holdsEchoes = false
            defer { state.held = [] }
            return state.held
        }
        for line in lines { hear(line) }
    }

    private func take(_ bytes: [UInt8]) {
        let (answers, receive) = state.withLock { state in
            guard !state.isDeaf else { return ([String](), state.receive) }
            state.rest += bytes
            var answers: [String] = []
            while let end = state.rest.firstIndex(of: 10) {
                let line = String(decoding: state.rest[..<end].filter { $0 != 13 }, as: UTF8.self)
                state.rest.removeFirst(end + 1)
                state.lineCount += 1
                answers += RelayServer.answer(line, &state)
            }
            return (answers, state.receive)
        }
        let text = answers.map { $0 + "\r\n" }.joined()
        if !text.isEmpty { receive?(.received(Array(text.utf8))) }
    }

    private static func answer(_ line: String, _ state: inout State) -> [String] {
        var rest = line[...]
        var tags: [String: String] = [:]
        if rest.hasPrefix("@") {
            for tag in rest.dropFirst().prefix(while: { $0 != " " }).split(separator: ";") {
                let pair = tag.split(separator: "=", maxSplits: 1)
                tags[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
            }
            rest = rest.drop { $0 != " " }.dropFirst()
        }
        let parts = rest.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(
            String.init)
        let label = tags["label"].map { "@label=\($0)" } ?? "@x"
        func text(_ index: Int) -> String {
            parts.count > index ? String(parts[index].drop { $0 == ":" }) : ""
        }
        switch parts[0] {
        case "CAP" where parts[1] == "LS": return [":s CAP * LS :\(capabilities)"]
        case "CAP" where parts[1] == "REQ":
            return [":s CAP * ACK :\(parts[2...].joined(separator: " ").drop { $0 == ":" })"]
        case "CAP":
            return [
                ":s 001 relay :Welcome", ":s 005 relay CASEMAPPING=ascii CHANTYPES=# :ok", ":s 422 relay :no",
            ]
        case "PING": return [":s PONG s :\(text(1))"]
        case "JOIN": return ["\(label) :relay!r@h JOIN \(parts[1])"]
        case "RELAY":
            if text(2) == "BEAT" { state.beats.append(text(3)) }
            return ["\(label) :s RELAY \(parts[1]) STATUS on * * *"]
        case "RELAYMSG": return store(text(2), text(3), tags, &state)
        case "BATCH" where parts[1].hasPrefix("+"):
            state.batch = (tags["label"] ?? "", tags, [])
            return []
        case "PRIVMSG" where tags["batch"] != nil:
            let whole = rest.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)[2]
            state.batch?.lines.append(String(whole.drop { $0 == ":" }))
            return []
        case "BATCH":
            guard let batch = state.batch else { return [] }
            state.batch = nil
            let name = batch.tags["+plenary.chat/relayed-as"] ?? ""
            return store(name, batch.lines.joined(separator: "\n"), batch.tags, &state)
        case "CHATHISTORY": return history(label, &state)
        default: return []
        }
    }

    private static func store(
        _ name: String, _ text: String, _ tags: [String: String], _ state: inout State
    ) -> [String] {
        let label = tags["label"] ?? ""
        if let refusal = state.refusal { return ["@label=\(label) :s FAIL RELAYMSG \(refusal) #c :no"] }
        let token = tags["plenary.chat/id"] ?? ""
        let place = state.stored.firstIndex { $0.token == token }
        if place == nil {
            state.stored.append(
                Stored(id: "m\(state.stored.count)", name: name, text: text, token: token, tags: tags))
        }
        let stored = state.stored[place ?? state.stored.count - 1]
        let echo = RelayServer.lines(stored, "label=\(label);draft/relaymsg=relay").joined(separator: "\r\n")
        guard state.holdsEchoes else { return [echo] }
        state.held.append(echo)
        if let waiter = state.waiter, state.held.count >= waiter.count {
            state.waiter = nil
            waiter.continuation.resume()
        }
        return []
    }

    /// A message as a line, or as a batch where it has several.
    private static func lines(_ stored: Stored, _ tags: String) -> [String] {
        let head = "@\(tags);msgid=\(stored.id);time=2026-01-01T00:00:00.000Z :\(stored.name)!~u@relayed"
        let texts = stored.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard texts.count > 1 else { return ["\(head) PRIVMSG #c :\(stored.text)"] }
        let reference = "b" + stored.id
        return ["\(head) BATCH +\(reference) draft/multiline #c"]
            + texts.map { "@batch=\(reference) :x!y@z PRIVMSG #c :\($0)" } + [":s BATCH -\(reference)"]
    }

    private static func history(_ label: String, _ state: inout State) -> [String] {
        let lines = state.stored.flatMap { stored in
            let kept = stored.tags.filter { $0.key.hasPrefix("+plenary.chat/origin") }
                .map { ";\($0.key)=\($0.value)" }.joined()
            return RelayServer.lines(stored, "batch=h" + kept)
        }
        return ["\(label);draft/chathistory-end :s BATCH +h chathistory #c"] + lines + [":s BATCH -h"]
    }
}

/// A link to that server, in a folder of its own that is gone afterwards.
final class RelayStage: Sendable {
    let server: RelayServer
    let link: ServerLink
    let folder: String
    static let settings: RelaySettings = {
        var settings = RelaySettings()
        settings.allowed = ["#c"]
        return settings
    }()

    static func folder() throws -> String {
        let name = hex(try SecureRandom.bytes(8))
        let folder = FileManager.default.temporaryDirectory.path + "/plenary-relay-" + name
        try RelayFiles.makePrivateDirectory(folder)
        return folder
    }

    init(folder: String? = nil, server: RelayServer = RelayServer()) async throws {
        let folder = try folder ?? RelayStage.folder()
        self.folder = folder
        self.server = server
        server.state.withLock { $0.isDeaf = false }
        var configuration = ConnectionConfiguration(
            endpoint: Endpoint(host: "server.example"), session: SessionConfiguration(nickname: "relay"))
        configuration.channels = ["#c"]
        let connection = PlenaryConnection(
            configuration, queue: MemoryQueue(), transport: server,
            clock: Clock(wall: { 1_687_507_560_000_000 }, monotonic: { 0 }), random: { 0 })
        link = ServerLink(
            connection, RelayStage.settings,
            record: try DeliveryRecord(path: folder + "/delivered", isAlone: true), keys: RelayKeys(key: [7]),
            now: { Timestamp(seconds: 1_687_507_560) }, log: { _ in })
        try await link.start()
        try await connection.waitUntilOnline()
    }

    static func message(
        _ number: Int, text: String? = nil, time: Int64 = 1_687_507_500
    ) throws -> RelayMessage {
        try RelayMessage(
            origin: "zoom", place: "u==", originID: "m-\(number)", originTime: Timestamp(seconds: time),
            sender: "R. P", text: text ?? "text \(number)")
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
    }
}
