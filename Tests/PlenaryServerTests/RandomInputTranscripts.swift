// SPDX-License-Identifier: Apache-2.0

import Glibc
import PlenaryDialect
import PlenaryTestKit
import PlenaryWire
import Testing

/// Many random lines from several clients: the server stays, every line it sends keeps the rules, and the
/// state is the one that the log gives (the runner checks all three).
struct RandomInputTranscripts {
    private static let words = [
        "ann", "bob", "eve", "ANN", "nobody", "root", "#c", "#d", "#C,#d", "#e", "#none", "#c/1", "*", "0",
        "+", "-",
        "+o", "-o", "+b", "+bbb", "-b", "+k", "-k", "+l", "-l", "+imnst", "-imnst", "+beI", "+v", "+q", "+B",
        "+i", "x!*@*",
        "$a:ann", "key", "5", "-1", "LS", "302", "REQ", "LIST", "END", "LATEST", "BEFORE", "AROUND",
        "BETWEEN", "TARGETS",
        "timestamp=2023-01-01T00:00:00.000Z", "msgid=abc", "100", "é水", "\u{202E}", "\u{1}ACTION x\u{1}",
        "%tcuihsnfdlaor,1",
        "plenary.test", "fr", "S", "L", "C", "+r", "-r", "draft/multiline", "PLAIN", "EXTERNAL", "ADD", "::",
        ":x",
    ]
    private static let tails = [
        "", ":", ":hello", ": two words", ":é水😀", ":\u{1}VERSION\u{1}", "::x", ":-multi-prefix",
        ":echo-message batch",
        ":message-tags", ":-message-tags", ":" + String(repeating: "long ", count: 80),
        ":" + String(repeating: "é", count: 200),
    ]
    private static let capabilities = [
        "message-tags", "server-time", "account-tag", "batch", "labeled-response", "echo-message",
        "multi-prefix",
        "userhost-in-names", "away-notify", "extended-join", "setname", "chghost", "account-notify",
        "draft/multiline",
        "draft/chathistory", "draft/event-playback", "invite-notify", "extended-monitor",
    ]

    private func line(_ random: inout SeededNumbers) -> String {
        var text = ""
        if Int.random(in: 0..<4, using: &random) == 0 {
            let tag = [
                "label=l1", "+draft/reply=x", "batch=r", "+a;+b=c\\s", "plenary.chat/id=t1",
                "draft/multiline-concat",
            ]
            text = "@" + (tag.randomElement(using: &random) ?? "") + " "
        }
        let rows = VerbTable.rows.map(\.verb).filter {
            $0 != "QUIT" && $0 != "KILL" && $0 != "AUTHENTICATE" && $0 != "REGISTER"
        }
        text += rows.randomElement(using: &random) ?? "PING"
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            text += " " + (Self.words.randomElement(using: &random) ?? "")
        }
        return text + " " + (Self.tails.randomElement(using: &random) ?? "")
    }

    /// `make fuzz` asks for more.
    private static let roundCount = getenv("PLENARY_FUZZ_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 4

    @Test(arguments: Transport.allCases, 0..<roundCount)
    func nothingThatClientsSayBreaksTheServer(over transport: Transport, round: Int) async throws {
        var system = SystemRandomNumberGenerator()
        let seed = getenv("PLENARY_SEED").flatMap { UInt64(String(cString: $0)) } ?? system.next()
        print("random input: seed \(seed); repeat with PLENARY_SEED=\(seed)")
        var random = SeededNumbers(state: seed)
        try await Transcript.run(transport) { script in
            try await script.addAccount("ann", password: "correct horse", role: .secretariat)
            try await script.addAccount("bob", password: "correct horse")
            var clients: [TranscriptClient] = []
            for name in ["ann", "bob", "eve"] {
                let wanted = Self.capabilities.filter { _ in Bool.random(using: &random) }
                clients.append(
                    try await script.register(
                        name, capabilities: wanted, password: name == "eve" ? nil : "correct horse"))
                clients.last?.send("JOIN #c,#d")
            }
            for _ in 0..<40 {
                for client in clients {
                    for _ in 0..<10 { client.send(line(&random)) }
                }
                for client in clients { await client.drain() }
            }
            let fresh = try await script.register("fresh")
            fresh.send("PING alive")
            try await fresh.expect(":srv PONG plenary.test :alive")
        }
    }
}
