// SPDX-License-Identifier: Apache-2.0

import PlenaryQueues
import PlenaryServer
import PlenaryTestKit
import Testing

/// A channel `#tea` with ann, who moderates it with everything a client can ask for, mod, who moderates it
/// with a
/// plain client, bob, a member with the capability, and cat, a member on a plain client.
struct ModerationScene {
    let script: Transcript
    let ann: TranscriptClient
    let mod: TranscriptClient
    let bob: TranscriptClient
    let cat: TranscriptClient

    static let capable = [
        "message-tags", "batch", "echo-message", "labeled-response", "draft/chathistory",
        "plenary.chat/threads", "plenary.chat/idempotency", "draft/multiline",
        "draft/message-redaction", "plenary.chat/moderation",
    ]

    static func run(
        _ transport: Transport, clock: ManualClock? = ManualClock(),
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (ModerationScene) async throws -> Void
    ) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            var tea = ChannelConfiguration(name: "tea", titles: [])
            tea.replayCount = 0
            configuration.channels = [tea]
            configure(&configuration)
        }
        try await Transcript.run(transport, clock: clock, configure: prepare) { script in
            for name in ["ann", "mod"] {
                try await script.addAccount(name, password: "correct horse", role: .moderator)
            }
            try await script.addAccount("sec", password: "correct horse", role: .secretariat)
            for name in ["bob", "cat", "dan", "eve"] {
                try await script.addAccount(name, password: "correct horse")
            }
            try await body(try await gather(script))
        }
    }

    private static func gather(_ script: Transcript) async throws -> ModerationScene {
        let scene = ModerationScene(
            script: script, ann: try await ThreadScene.arrive(script, "ann", capable),
            mod: try await ThreadScene.arrive(script, "mod"),
            bob: try await ThreadScene.arrive(script, "bob", capable),
            cat: try await ThreadScene.arrive(script, "cat"))
        await scene.clear()
        return scene
    }

    /// After a restart: the same four again.
    func again() async throws -> ModerationScene {
        try await script.restart()
        return try await ModerationScene.gather(script)
    }

    func arrive(_ name: String, _ capabilities: [String] = []) async throws -> TranscriptClient {
        let client = try await ThreadScene.arrive(script, name, capabilities)
        await clear()
        return client
    }

    /// Throws away what everybody has heard.
    func clear(_ others: TranscriptClient...) async {
        for client in [ann, mod, bob, cat] + others { await client.drain() }
    }

    /// Says something and gives the id, as ann hears it.
    func say(_ client: TranscriptClient, _ text: String, to target: String = "#tea") async throws -> String {
        script.clock?.advance(microseconds: 2000)
        await ann.drain()
        client.send("PRIVMSG \(target) :\(text)")
        let own = await client.drain()
        let lines = client === ann ? own : await ann.drain()
        return try #require(lines.compactMap(ThreadScene.messageID).last, "\(lines)")
    }

    func ask(_ client: TranscriptClient, _ line: String) async -> [String] {
        await client.drain()
        client.send(line)
        return await client.drain()
    }

    /// The acts of the channel's log as a member reads them, the newest first, without times and ids.
    func log(_ client: TranscriptClient, _ channel: String = "#tea") async -> [String] {
        let lines = await ask(client, "MOD \(channel) LOG 100")
        return lines.filter { $0.contains(" MODLOG ") }.map { line in
            let words = line.split(separator: " ", maxSplits: 5).map(String.init)
            return words.count > 5 ? words[5] : line
        }
    }
}
