// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryServer
import PlenaryTestKit
import Testing

/// docs/PRIVACY.md, "What is not kept, and not shown".
struct PrivacyTests {
    /// "No address, host name or client version: they are in no file of the server, and no other person is sent them."
    @Test(arguments: [Transport.tls, .plain])
    func noAddressIsStoredOrShown(over transport: Transport) async throws {
        let words = ["127.0.0.1", "::1", "localhost", "their.host.example", "their.server.example"]
        try await Transcript.run(transport) { script in
            try await script.addAccount("bo", password: "correct horse", role: .secretariat)
            let bo = try await script.register(
                "cy", capabilities: ["userhost-in-names", "extended-join", "chghost", "away-notify"])
            bo.send("JOIN #tea", "MONITOR + zoe", "OPER bo :correct horse")
            let zoe = try await script.open("zoe")
            zoe.send("NICK zoe", "USER zoe their.host.example their.server.example :Zoe")
            zoe.send(
                "JOIN #tea", "PRIVMSG #tea :hello", "TOPIC #tea :all", "AWAY :out", "PRIVMSG cy :in private")
            var seen = await zoe.drain()
            seen = await bo.drain()
            #expect(seen.contains { $0.contains("PRIVMSG #tea :hello") })
            bo.send(
                "WHO #tea", "WHO * %tcuihsnfdlaor", "WHOIS zoe", "WHOIS plenary.test zoe", "USERHOST zoe",
                "NAMES #tea", "MODE #tea", "MODE #tea b", "ISON zoe", "STATS", "INFO", "LUSERS")
            seen += await bo.drain()
            zoe.send("QUIT :gone")
            try await zoe.expect("ERROR :*")
            try await zoe.expectClosed()
            bo.send("WHOWAS zoe", "CHATHISTORY LATEST #tea * 50")
            seen += await bo.drain()
            #expect(seen.contains { $0.contains(" 314 ") })
            for word in words { #expect(seen.filter { $0.contains(word) } == [], "\(word)") }
            try await script.restart()
            let folder = URL(fileURLWithPath: script.configuration.dataDirectory)
            let files = try #require(
                FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
            var fileCount = 0
            for case let file as URL in files
            where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false {
                let bytes = try Data(contentsOf: file)
                fileCount += 1
                for word in words {
                    // The server's own certificate is made for the names of this host.
                    if file.pathExtension == "pem" { continue }
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) in \(file.lastPathComponent)")
                }
            }
            #expect(fileCount > 3)
        }
    }

    /// "In a closed community no client asks another … CTCP other than ACTION is refused."
    @Test(arguments: Transport.allCases)
    func clientsAskEachOtherNothing(over transport: Transport) async throws {
        try await Transcript.run(transport, configure: { $0.policy.profile = .closed }) { script in
            for name in ["amina", "bo"] { try await script.addAccount(name, password: "correct horse") }
            try await script.addAccount("sec", password: "correct horse", role: .secretariat)
            let sec = try await script.register("sec", password: "correct horse")
            sec.send("JOIN #tea")
            let amina = try await script.register("amina", password: "correct horse")
            let bo = try await script.register("bo", password: "correct horse")
            for client in [amina, bo] { client.send("JOIN #tea") }
            for client in [sec, amina, bo] { await client.drain() }
            amina.send(
                "PRIVMSG bo :\u{1}VERSION\u{1}", "PRIVMSG #tea :\u{1}TIME\u{1}",
                "NOTICE bo :\u{1}VERSION x\u{1}",
                "PRIVMSG bo :\u{1}ACTIONS\u{1}", "PRIVMSG #tea :\u{1}ACTION waves\u{1}")
            try await amina.expect(
                ":srv 492 amina bo :*", ":srv 404 amina #tea :*", ":srv 492 amina bo :*")
            try await bo.expect(":amina!* PRIVMSG #tea :\u{1}ACTION waves\u{1}")
            try await bo.expectNothing()
        }
    }
}
