// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// A channel `#tea` that stays, ann who moderates it and bob who is a member, both with the capability.
struct ThreadScene {
    let script: Transcript
    let ann: TranscriptClient
    let bob: TranscriptClient

    /// What a client with threads asks for besides.
    static let capable = [
        "message-tags", "server-time", "account-tag", "batch", "echo-message", "labeled-response",
        "draft/chathistory", "plenary.chat/threads",
    ]
    static let people = ["bob", "cat", "dan", "eve", "fay"]

    static func run(
        _ transport: Transport, clock: ManualClock? = nil,
        configure: (inout ServerConfiguration) -> Void = { _ in }, people: [String] = ThreadScene.people,
        _ body: (ThreadScene) async throws -> Void
    ) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            var tea = ChannelConfiguration(name: "tea", titles: [])
            tea.replayCount = 0
            configuration.channels = [tea]
            configure(&configuration)
        }
        try await Transcript.run(transport, clock: clock, configure: prepare) { script in
            try await script.addAccount("ann", password: "correct horse", role: .secretariat)
            for name in people { try await script.addAccount(name, password: "correct horse") }
            let scene = ThreadScene(
                script: script, ann: try await arrive(script, "ann", capable),
                bob: try await arrive(script, "bob", capable))
            await scene.clear()
            try await body(scene)
        }
    }

    /// After a restart: the same two again.
    func again() async throws -> ThreadScene {
        try await script.restart()
        let scene = ThreadScene(
            script: script, ann: try await ThreadScene.arrive(script, "ann", ThreadScene.capable),
            bob: try await ThreadScene.arrive(script, "bob", ThreadScene.capable))
        await scene.clear()
        return scene
    }

    /// Somebody in the channel, with everything they heard so far thrown away; with an account of their
    /// name unless they are a guest.
    static func arrive(
        _ script: Transcript, _ name: String, _ capabilities: [String] = [], isGuest: Bool = false
    ) async throws -> TranscriptClient {
        let client = try await script.register(
            name, capabilities: capabilities, password: isGuest ? nil : "correct horse")
        client.send("JOIN #tea")
        await client.drain()
        return client
    }

    func arrive(
        _ name: String, _ capabilities: [String] = [], isGuest: Bool = false
    ) async throws -> TranscriptClient {
        let client = try await ThreadScene.arrive(script, name, capabilities, isGuest: isGuest)
        await clear()
        return client
    }

    /// Throws away what ann and bob, and others, have heard.
    func clear(_ others: TranscriptClient...) async {
        for client in [ann, bob] + others { await client.drain() }
    }

    /// Threads with these titles, begun by ann, numbered from 1.
    func begin(_ titles: String..., by client: TranscriptClient? = nil) async {
        for title in titles {
            (client ?? ann).send("THREAD #tea CREATE * :\(title)")
            await (client ?? ann).drain()
        }
        await clear()
    }

    /// Says something with echo-message and gives its id.
    func say(
        _ client: TranscriptClient, _ target: String, _ text: String, tags: String = ""
    ) async throws
        -> String
    {
        script.clock?.advance(microseconds: 2000)
        client.send("\(tags)PRIVMSG \(target) :\(text)")
        let lines = await client.drain()
        return try #require(ThreadScene.messageID(lines.last ?? ""), "\(lines)")
    }

    /// Answers to one line.
    func ask(_ client: TranscriptClient, _ line: String) async -> [String] {
        await client.drain()
        client.send(line)
        return await client.drain()
    }

    /// The INFO line of a thread as a client reads it, without what stands before `THREAD`.
    func info(_ client: TranscriptClient, _ number: Int) async -> String {
        let lines = await ask(client, "THREAD #tea/\(number) INFO")
        return lines.first?.components(behind: "INFO ") ?? "\(lines)"
    }

    /// The value of an attribute in a thread's INFO line; nil when it is not there.
    func attribute(_ key: String, of number: Int, _ client: TranscriptClient) async -> String? {
        let words = await info(client, number).split(separator: " ", maxSplits: 1)
        for pair in words.first?.split(separator: ";") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.first.map(String.init) == key { return parts.count > 1 ? String(parts[1]) : "" }
        }
        return nil
    }

    static func tag(_ key: String, _ line: String) -> String? {
        guard line.hasPrefix("@") else { return nil }
        for tag in line.dropFirst().prefix(while: { $0 != " " }).split(separator: ";") {
            let parts = tag.split(separator: "=", maxSplits: 1)
            if parts.first.map(String.init) == key { return parts.count > 1 ? String(parts[1]) : "" }
        }
        return nil
    }

    static func messageID(_ line: String) -> String? { tag("msgid", line) }

    /// A line without its tags.
    static func body(_ line: String) -> String {
        line.hasPrefix("@") ? String(line.drop { $0 != " " }.dropFirst()) : line
    }

    /// What a line says, behind its target.
    static func text(_ line: String) -> String {
        let words = body(line).split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        return words.count > 3 ? String(words[3].dropFirst(words[3].hasPrefix(":") ? 1 : 0)) : ""
    }
}

extension String {
    /// What stands behind the first occurrence of a text.
    func components(behind text: String) -> String? {
        var rest = Substring(self)
        while !rest.isEmpty {
            if rest.hasPrefix(text) { return String(rest.dropFirst(text.count)) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
