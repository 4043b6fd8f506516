// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryServer
import PlenaryTestKit
import Testing

private typealias Scene = HundredfoldTranscripts.Scene
private let limits = CommunityLimits()

/// All lines in one piece, and what comes back.
private func say(_ client: TranscriptClient, _ lines: [String]) async -> [String] {
    client.send(bytes: Array(lines.map { $0 + "\r\n" }.joined().utf8))
    return await client.drain()
}

/// Limits that take more than a line to reach.
extension HundredfoldTranscripts.Row {
    static let batches: [Self] = [
        .init(
            name: "TokenLimits.labelByteLimit", limit: 64,
            form: .conversation { scene in
                func ping(_ byteCount: Int) async -> [String] {
                    await say(scene.ann, ["@label=\(String(repeating: "a", count: byteCount)) PING x"])
                }
                let label = String(repeating: "a", count: 64)
                #expect(await ping(64) == ["@label=\(label) :plenary.test PONG plenary.test :x"])
                #expect(await ping(65) == [":plenary.test PONG plenary.test :x"])
                #expect(await ping(6400) == [":plenary.test 417 ann :Input line was too long"])
            }),
        .init(
            name: "TokenLimits.authenticateChunkByteLimit", limit: 400,
            form: .conversation { scene in
                for (byteCount, answer) in [(400, "904"), (401, "905"), (40_000, "417")] {
                    let client = try await scene.script.open("new")
                    _ = await say(client, ["CAP REQ sasl", "AUTHENTICATE PLAIN"])
                    let chunk = "AUTHENTICATE " + String(repeating: "a", count: byteCount)
                    let heard = await say(client, byteCount == 400 ? [chunk, "AUTHENTICATE +"] : [chunk])
                    // Before registration so much may also end the connection, by how the bytes come in.
                    let isAnswered =
                        heard.first?.hasPrefix(":plenary.test \(answer) * :") ?? false
                        || byteCount > 401 && heard.last?.hasPrefix("ERROR :") ?? false
                    #expect(heard.count == 1 && isAnswered, "\(heard)")
                }
            }),
        .init(
            name: "TokenLimits.authenticateByteLimit", limit: 4096,
            form: .conversation { scene in
                for byteCount in [4096, 4097, 409_600] {
                    let client = try await scene.script.open("new")
                    _ = await say(client, ["CAP REQ sasl", "AUTHENTICATE PLAIN"])
                    var first: String?
                    for start in stride(from: 0, to: byteCount, by: 400)
                    where first == nil && !client.isClosed {
                        let chunk = String(repeating: "a", count: min(400, byteCount - start))
                        first = await say(client, ["AUTHENTICATE \(chunk)"]).first
                    }
                    let wanted = ":plenary.test \(byteCount == 4096 ? 904 : 905) * :"
                    #expect(first?.hasPrefix(wanted) == true, "\(byteCount): \(first ?? "")")
                }
            }),
        .init(
            name: "CommunityLimits.multilineByteLimit", limit: limits.multilineByteLimit,
            form: .conversation { scene in
                for byteCount in [limits.multilineByteLimit + 1, limits.multilineByteLimit * 100] {
                    let heard = await say(scene.ann, batch(byteCount: byteCount))
                    #expect(heard.count == 1 && heard[0].contains("FAIL BATCH MULTILINE_MAX_BYTES 16384 :"))
                }
                _ = await say(scene.ann, batch(byteCount: limits.multilineByteLimit))
                let texts = await scene.bob.drain().compactMap { $0.firstMatch(of: /\ :(z+)$/)?.output.1 }
                #expect(texts.joined().utf8.count == limits.multilineByteLimit)
            }),
        .init(
            name: "CommunityLimits.multilineLineLimit", limit: limits.multilineLineLimit,
            form: .conversation { scene in
                for lineCount in [limits.multilineLineLimit + 1, limits.multilineLineLimit * 100] {
                    let lines = [String](repeating: "@batch=1 PRIVMSG #tea :z", count: lineCount)
                    let heard = await say(
                        scene.ann, ["@label=b BATCH +1 draft/multiline #tea"] + lines + ["BATCH -1"])
                    #expect(heard.count == 1 && heard[0].contains("FAIL BATCH MULTILINE_MAX_LINES 128 :"))
                }
                let lines = [String](repeating: "@batch=1 PRIVMSG #tea :z", count: limits.multilineLineLimit)
                _ = await say(scene.ann, ["BATCH +1 draft/multiline #tea"] + lines + ["BATCH -1"])
                #expect(await scene.bob.drain().count { $0.hasSuffix(":z") } == limits.multilineLineLimit)
            }),
        .init(
            name: "one open batch", limit: 1,
            form: .conversation { scene in
                let more = (2...101).map { "BATCH +\($0) draft/multiline #tea" }
                let heard = await say(scene.ann, ["BATCH +1 draft/multiline #tea"] + more)
                #expect(heard.count { $0.contains("FAIL BATCH MULTILINE_INVALID") } == 100)
                _ = await say(scene.ann, ["@batch=1 PRIVMSG #tea :the first goes on", "BATCH -1"])
                #expect(await scene.bob.drain().contains { $0.hasSuffix(":the first goes on") })
            }),
        .init(
            name: "CommunityLimits.saslFailureCountLimit", limit: limits.saslFailureCountLimit,
            form: .conversation { scene in
                let client = try await scene.script.open("new")
                let wrong = ["AUTHENTICATE PLAIN", "AUTHENTICATE " + client.plain("ann", "wrong password")]
                _ = await say(client, ["CAP REQ sasl"])
                for _ in 1..<limits.saslFailureCountLimit {
                    #expect(await say(client, wrong).contains { $0.contains(" 904 ") })
                    #expect(!client.isClosed)
                }
                let rest = await say(client, (0..<limits.saslFailureCountLimit * 99).flatMap { _ in wrong })
                #expect(rest.contains { $0.hasPrefix("ERROR :") } && client.isClosed)
            }),
        .init(
            name: "CommunityLimits.certificateCountLimit", limit: limits.certificateCountLimit,
            form: .conversation { scene in
                for number in 0...limits.certificateCountLimit + 1 {
                    let client = try await scene.script.register(
                        "device", account: "ann", password: "correct horse",
                        Arrival(certificate: try TestCertificate("device-\(number)")))
                    let heard = await say(client, ["DEVICES ADD device-\(number)"])
                    let isTaken = number < limits.certificateCountLimit
                    #expect(
                        heard.contains {
                            $0.contains(isTaken ? "NOTE DEVICES ADDED" : "FAIL DEVICES LIMIT_REACHED")
                        }, "\(number): \(heard)")
                    client.send("QUIT")
                    await client.drain()
                }
            }),
        .init(
            name: "CommunityLimits.windowCountLimit", limit: limits.windowCountLimit,
            form: .conversation { scene in
                for number in 0...limits.windowCountLimit {
                    _ = await say(scene.ann, ["THREAD #tea CREATE * :thread \(number)"])
                }
                await scene.gil.drain()
                let joins = (1...limits.windowCountLimit).map { "JOIN #tea/\($0)" }
                #expect(await say(scene.gil, joins).count { $0.contains(" 405 ") } == 0)
                let last = "JOIN #tea/\(limits.windowCountLimit + 1)"
                let beyond = await say(
                    scene.gil, [String](repeating: last, count: limits.windowCountLimit * 99 + 1))
                #expect(beyond.count { $0.contains(" 405 gil ") } == limits.windowCountLimit * 99 + 1)
            }),
        .init(
            name: "CommunityLimits.historyMessageCountLimit", limit: limits.historyMessageCountLimit,
            form: .conversation { scene in
                let count = limits.historyMessageCountLimit + 50
                _ = await say(scene.ann, (0..<count).map { "PRIVMSG #tea :message \($0)" })
                let limit = limits.historyMessageCountLimit
                for (asked, given) in [(limit, limit), (limit + 1, limit), (limit * 100, limit)] {
                    await scene.bob.drain()
                    let heard = await say(scene.bob, ["CHATHISTORY LATEST #tea * \(asked)"])
                    #expect(
                        heard.count { $0.contains("PRIVMSG #tea :message") } == given, "asked for \(asked)")
                }
            }),
        .init(
            name: "CommunityLimits.historyTargetCountLimit", limit: limits.historyTargetCountLimit,
            form: .conversation { scene in
                let channels = (0..<60).map { "#t\($0)" }
                for channel in channels {
                    _ = await say(scene.ann, ["JOIN \(channel)", "PRIVMSG \(channel) :x"])
                }
                let limit = limits.historyTargetCountLimit
                let span = "timestamp=2020-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z"
                for asked in [limit, limit + 1, limit * 100] {
                    let heard = await say(scene.ann, ["CHATHISTORY TARGETS \(span) \(asked)"])
                    #expect(
                        heard.count { $0.contains("CHATHISTORY TARGETS #") } == limit, "asked for \(asked)")
                }
            }),
        .init(
            name: "CommunityOwner.laterRequestLimit", limit: 256,
            form: .conversation { scene in
                // Over sockets it depends on how the bytes are cut whether the answer comes in between.
                guard scene.script.transport == .memory else { return }
                // The runner asks for one more answer, by which it knows that it has all.
                for (behind, isTaken) in [(255, true), (256, false), (25_600, false)] {
                    let client = try await scene.script.register(
                        "busy", capabilities: ["draft/chathistory", "batch"])
                    client.send("JOIN #tea")
                    await client.drain()
                    let heard = await say(
                        client,
                        ["CHATHISTORY LATEST #tea * 10"] + [String](repeating: "PING p", count: behind))
                    #expect(heard.contains { $0.contains("Excess Flood") } == !isTaken, "\(behind) behind")
                    #expect(client.isClosed == !isTaken)
                    if isTaken {
                        #expect(heard.count { $0.hasSuffix("PONG plenary.test :p") } == behind)
                        client.send("QUIT")
                        await client.drain()
                    }
                }
            }),
    ]

    private static func batch(byteCount: Int) -> [String] {
        let lines = stride(from: 0, to: byteCount, by: 400).map { start in
            (start == 0 ? "@batch=1" : "@batch=1;draft/multiline-concat") + " PRIVMSG #tea :"
                + String(repeating: "z", count: min(400, byteCount - start))
        }
        return ["@label=b BATCH +1 draft/multiline #tea"] + lines + ["BATCH -1"]
    }

    /// The operator's setting holds, be it lower or higher than what is shipped.
    private static func targets(_ limit: Int) -> Self {
        .init(
            name: "limits.targets: \(limit)", limit: limit, speaker: .gil,
            configure: { $0.policy.limits.targetCountLimit = limit },
            form: .amount(
                { _, count in ["PRIVMSG " + (0..<count).map { "nobody\($0)" }.joined(separator: ",") + " :x"]
                },
                accepted: " 401 gil nobody\(limit - 1) ", refused: " 407 gil "))
    }

    private static func lowered(
        _ name: String, _ path: WritableKeyPath<CommunityLimits, Int> & Sendable, speaker: Speaker = .ann,
        refused: String, _ line: @escaping @Sendable (HundredfoldTranscripts.Scene, Int) -> String
    ) -> Self {
        .init(
            name: "CommunityLimits." + name, limit: 5, speaker: speaker,
            configure: { $0.policy.limits[keyPath: path] = 5 }, form: .count(line, refused: refused))
    }

    static let gathered: [Self] = [
        lowered("reportCountLimit", \.reportCountLimit, speaker: .bob, refused: "FAIL REPORT LIMIT_REACHED") {
            scene, number in "REPORT \(scene.ofAnn) #tea :report \(number)"
        },
        targets(2), targets(8),
        lowered("threadCountLimit", \.threadCountLimit, refused: "FAIL THREAD LIMIT_REACHED") {
            _, number in "THREAD #tea CREATE * :thread \(number)"
        },
        lowered("outcomeCountLimit", \.outcomeCountLimit, refused: "FAIL OUTCOME LIMIT_REACHED") {
            scene, number in "OUTCOME #tea MARK \(scene.ofBob) lesson :lesson \(number)"
        },
        lowered("practiceCountLimit", \.practiceCountLimit, refused: "FAIL PRACTICE LIMIT_REACHED") {
            scene, number in "PRACTICE SUBMIT #tea \(scene.ofAnn) title=Practice\\s\(number)"
        },
        .init(
            name: "CommunityLimits.actCountLimit", limit: 5,
            configure: { $0.policy.limits.actCountLimit = 5 },
            form: .conversation { scene in
                for (count, kept) in [(5, 5), (1, 5), (494, 5)] {
                    _ = await say(
                        scene.ann,
                        (0..<count).map { $0 % 2 == 0 ? "MOD #tea SLOW \($0 + 5)" : "MOD #tea SLOW off" })
                    let heard = await say(scene.ann, ["MOD #tea LOG 100"])
                    #expect(heard.count { $0.contains(" MODLOG ") } == kept, "\(heard)")
                }
            }),
        .init(
            name: "SessionLimits.hashQueueLimit", limit: 1, configure: { $0.limits.hashQueueLimit = 1 },
            form: .conversation { scene in
                // An unknown account costs as much as a known one: the first is at work for long, the second waits.
                var clients: [TranscriptClient] = []
                for number in 0..<100 {
                    let client = try await scene.script.open("new \(number)")
                    _ = await say(client, ["CAP REQ sasl", "AUTHENTICATE PLAIN"])
                    clients.append(client)
                }
                for client in clients {
                    client.send("AUTHENTICATE " + client.plain("nobody", "correct horse"))
                }
                var busy = 0
                for client in clients {
                    let answer = try await client.next()
                    #expect(answer.contains(" 904 "))
                    if answer.contains("Too many people are signing in") { busy += 1 }
                }
                #expect(busy >= 90 && busy < 100, "\(busy)")
            }),
        .init(
            name: "CommunityLimits.actPageCountLimit", limit: limits.actPageCountLimit,
            form: .conversation { scene in
                let limit = limits.actPageCountLimit
                let acts = (0..<limit + 10).map { $0 % 2 == 0 ? "MOD #tea SLOW 5" : "MOD #tea SLOW off" }
                _ = await say(scene.ann, acts)
                for asked in [limit, limit + 1, limit * 100] {
                    let heard = await say(scene.ann, ["MOD #tea LOG \(asked)"])
                    #expect(heard.count { $0.contains(" MODLOG ") } <= limit, "asked for \(asked): \(heard)")
                    #expect(heard.count > 1)
                }
            }),
        .init(
            name: "CommunityLimits.resumeTokenCountLimit", limit: limits.resumeTokenCountLimit,
            form: .conversation { scene in
                // "one more makes the oldest one worthless": so many are kept, however many are asked for.
                for _ in 0..<limits.resumeTokenCountLimit + 2 {
                    let client = try await scene.script.register(
                        "device", capabilities: ["plenary.chat/resume"], account: "ann",
                        password: "correct horse")
                    let heard = await say(client, ["RESUME TOKEN"])
                    #expect(heard.contains { $0.contains("NOTE RESUME TOKEN ") }, "\(heard)")
                    client.send("QUIT")
                    await client.drain()
                }
                let kept = await scene.script.server.durableState().count { logged in
                    if case .account(.resumeTokenIssued) = logged.event { true } else { false }
                }
                #expect(kept == limits.resumeTokenCountLimit)
            }),
    ]
}
