// SPDX-License-Identifier: Apache-2.0

import Foundation
import PlenaryDialect
import PlenaryDomain
import PlenaryServer
import PlenaryTestKit
import Testing

/// "Outsider cannot list, join, search, or infer existence (same error as 'does not exist')" (domain.md 5.2).
@Suite struct PrivateChannelTests {
    /// What somebody could say to find out, for each verb; `%c` is the channel. A verb that is not here is said
    /// with the channel as its first parameter, alone and before others.
    private static let attempts: [String: [String]] = [
        "MOD": [
            "MOD %c LOG", "MOD %c REPORTS", "MOD %c HIDE %m", "MOD %c REDACT %m", "MOD %c MUTE boss 1m spam",
            "MOD %c REMOVE boss spam", "MOD %c BAN boss spam", "MOD %c SLOW 5", "MOD %c MODERATED on",
            "MOD %c/1 CLOSE", "MOD %c LAST 5", "MOD %c CLAIM 1", "MOD %c RESOLVE 1 none",
        ],
        "REPORT": ["REPORT boss %c :spam", "REPORT %m %c :spam", "REPORT boss %c/1 :spam"],
        "ERASE": ["ERASE MESSAGE %c %m", "ERASE MESSAGE %c/1 %m", "ERASE MESSAGE %c junk"],
        "HOLD": ["HOLD %c ON", "HOLD %c OFF inquiry"], "RETAIN": ["RETAIN %c", "RETAIN %c 5"],
        "INVITECODE": ["INVITECODE CREATE channels=%c"],
        "JOIN": ["JOIN %c", "JOIN %c key", "JOIN %c/1", "JOIN %c/0", "JOIN %c/99"],
        "PART": ["PART %c :bye", "PART %c/1", "PART %c/99"],
        "NAMES": ["NAMES %c", "NAMES %c/1", "NAMES %c/99"],
        "LIST": ["LIST %c", "LIST %c*", "LIST %c/*", "LIST %c/1", "LIST"],
        "KICK": ["KICK %c boss :out", "KICK %c nobody", "KICK %c/1 boss"],
        "INVITE": ["INVITE boss %c", "INVITE nobody %c", "INVITE boss %c/1", "INVITE"],
        "TOPIC": ["TOPIC %c", "TOPIC %c :x", "TOPIC %c/1", "TOPIC %c/1 :x", "TOPIC %c/99"],
        "MODE": [
            "MODE %c", "MODE %c b", "MODE %c e", "MODE %c +o ann", "MODE %c +o nobody", "MODE %c -is",
            "MODE %c +Z",
            "MODE %c/1", "MODE %c/1 +m", "MODE %c/1 b", "MODE %c/99",
        ],
        "PRIVMSG": ["PRIVMSG %c :x", "PRIVMSG %c/1 :x", "PRIVMSG %c/99 :x", "PRIVMSG ann,%c :x"],
        "NOTICE": ["NOTICE %c :x", "NOTICE %c/1 :x"],
        "TAGMSG": ["@+typing=active TAGMSG %c", "@+typing=active TAGMSG %c/1"],
        "BATCH": [
            "BATCH +1 draft/multiline %c\r\n@batch=1 PRIVMSG %c :x\r\nBATCH -1",
            "BATCH +1 draft/multiline %c/1\r\n@batch=1 PRIVMSG %c/1 :x\r\nBATCH -1",
        ],
        "CHATHISTORY": [
            "CHATHISTORY LATEST %c * 5", "CHATHISTORY LATEST %c/1 * 5", "CHATHISTORY LATEST %c/99 * 5",
            "CHATHISTORY BEFORE %c timestamp=2030-01-01T00:00:00.000Z 5", "CHATHISTORY AROUND %c msgid=%m 5",
            "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2040-01-01T00:00:00.000Z 9",
        ],
        "THREAD": [
            "THREAD %c LIST * 5", "THREAD %c CREATE * :x", "THREAD %c/1 INFO", "THREAD %c/99 INFO",
            "THREAD %c/1 TITLE :x", "THREAD %c/1 CLOSE", "THREAD %c/1 REOPEN", "THREAD %c/1 ARCHIVE",
            "THREAD %c/1 PIN", "THREAD %c/1 UNPIN", "THREAD %c/1 ANSWER %m", "THREAD %c/0 MOVE %m one 1",
            "THREAD %c/1 LEVEL mute", "THREAD %c POLICY", "THREAD %c POLICY create=all", "THREAD * LIST * 5",
        ],
        "MARKREAD": [
            "MARKREAD %c", "MARKREAD %c timestamp=2020-01-01T00:00:00.000Z", "MARKREAD %c/1",
            "MARKREAD %c/99 timestamp=2020-01-01T00:00:00.000Z",
        ],
        "REDACT": ["REDACT %c %m", "REDACT %c/1 %m :why", "REDACT %c nonsense"],
        "SEARCH": [
            "SEARCH text=hello;in=%c", "SEARCH text=hello;in=%c/1", "SEARCH text=hello", "SEARCH from=boss",
        ],
        "METADATA": [
            "METADATA %c LIST", "METADATA %c GET display-name", "METADATA %c SET display-name :x",
            "METADATA %c CLEAR",
            "METADATA %c SYNC",
        ],
        "RELAYMSG": ["RELAYMSG %c Li/zoom :x", "RELAYMSG %c/1 Li/zoom :x", "RELAYMSG %c Li :x"],
        "RELAY": [
            "RELAY %c", "RELAY %c ON", "RELAY %c OFF", "RELAY %c WATCH", "RELAY %c UNWATCH",
            "RELAY %c BEAT in=1",
        ],
        "TRANSLATE": [
            "TRANSLATE %c %m ar human :x", "TRANSLATE %c boss ar human :x", "TRANSLATE %c/1 ~1 ar human :x",
        ],
        "ORIGINAL": ["ORIGINAL %c %m", "ORIGINAL %c boss"],
        "TRANSLATIONS": ["TRANSLATIONS %c %m", "TRANSLATIONS %c/1 ~1"],
        "WHO": ["WHO %c", "WHO %c %tcuihsnfdlar,1", "WHO %c o", "WHO %c/1", "WHO boss", "WHO *"],
        "WHOIS": ["WHOIS %c", "WHOIS boss"],
        // What one says of oneself is said again, whatever it is.
        "AWAY": [], "SETNAME": [],
        "CAP": [], "QUIT": [], "PASS": [], "USER": [], "AUTHENTICATE": [], "KILL": [], "OPER": [], "TIME": [],
    ]

    private static func lines(of verb: String) -> [String] {
        attempts[verb] ?? ["\(verb) %c", "\(verb) %c x", "\(verb) x %c", "\(verb) %c x y z"]
    }

    /// A closed community, a private channel with messages and a thread, and people who are not in it.
    private static func run(
        _ body: (Transcript, _ outsiders: [TranscriptClient], _ message: String) async throws -> Void
    ) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            configuration.policy.profile = .closed
            configuration.offersSearch = true
            var channel = ChannelConfiguration(name: "civil-society", titles: [])
            channel.isPrivate = true
            channel.aliases = ["cso"]
            configuration.channels = [channel]
        }
        try await Transcript.run(.memory, configure: prepare) { script in
            let roles: [(String, ServerRole)] = [
                ("boss", .secretariat), ("ann", .member), ("obi", .observer), ("tec", .technician),
                ("des", .languageDesk), ("rap", .rapporteur),
            ]
            for (name, role) in roles {
                try await script.addAccount(name, password: "correct horse", role: role)
            }
            let boss = try await script.register(
                "boss", capabilities: ["message-tags", "echo-message"], password: "correct horse")
            boss.send("JOIN #civil-society", "PRIVMSG #civil-society :hello")
            try await boss.skip(to: "@msgid=<m>;* :boss!* PRIVMSG #civil-society :hello")
            boss.send("THREAD #civil-society CREATE * :First", "TOPIC #civil-society :Secret")
            await boss.drain()
            var outsiders: [TranscriptClient] = []
            for (name, _) in roles.dropFirst() {
                outsiders.append(try await script.register(name, password: "correct horse"))
            }
            try await body(script, outsiders, script["m"])
        }
    }

    /// WHOIS says for how many seconds somebody was silent, and a second may pass between two questions.
    private static func withoutIdleTime(_ line: String) -> String {
        var words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 4, words[1] == "317" else { return line }
        words[4] = "*"
        return words.joined(separator: " ")
    }

    @Test func everyVerbAnswersForAPrivateChannelAsForNone() async throws {
        try await PrivateChannelTests.run { _, outsiders, message in
            var count = 0
            var differences: [String] = []
            for client in outsiders {
                for row in VerbTable.rows {
                    for attempt in PrivateChannelTests.lines(of: row.verb) {
                        // The name, its alias, another case; and names of the same lengths that nothing has.
                        for (real, none) in [
                            ("#civil-society", "#civil-sociezy"), ("#cso", "#csq"),
                            ("#CIVIL-society", "#CIVIL-sociezy"),
                        ] {
                            var answers: [[String]] = []
                            for name in [real, none] {
                                let line = attempt.replacing("%c", with: name).replacing("%m", with: message)
                                client.send(line)
                                answers.append(
                                    await client.drain().map {
                                        // What the asker spelled may come back in another case.
                                        PrivateChannelTests.withoutIdleTime($0).replacingOccurrences(
                                            of: name, with: "%c", options: .caseInsensitive)
                                    })
                            }
                            count += 1
                            // A key for a nickname, a name for oneself: what it says of itself stays with it.
                            guard answers[0] != answers[1] else { continue }
                            differences.append("\(client.name): \(attempt): \(answers[0]) and \(answers[1])")
                        }
                    }
                }
            }
            #expect(differences == [])
            #expect(count > 1500)
            print("private channels: \(count) attempts, \(differences.count) differences")
        }
    }

    /// What is asked about a person says nothing of channels that the asker may not know.
    @Test func aPersonsPrivateChannelsAreNotTold() async throws {
        try await PrivateChannelTests.run { _, outsiders, _ in
            for client in outsiders {
                client.send(
                    "WHOIS boss", "WHO boss", "WHO *", "LIST", "USERHOST boss", "WHOWAS boss", "LUSERS")
                let lines = await client.drain()
                #expect(!lines.contains { $0.contains("civil-society") || $0.contains("Secret") })
                #expect(lines.contains { $0.contains(" 254 \(client.name) 0 ") }, "LUSERS counts none")
            }
        }
    }

    /// Whoever was let in may know it, and nobody else (INVITE, modern.ircd.chat).
    @Test func anInvitationMakesItKnown() async throws {
        try await PrivateChannelTests.run { script, outsiders, _ in
            let boss = try await script.register("boss", password: "correct horse")
            boss.send("JOIN #civil-society", "INVITE ann #civil-society", "INVITE obi #civil-society")
            await boss.drain()
            for client in outsiders { await client.drain() }
            let ann = outsiders[0]
            ann.send("LIST", "JOIN #civil-society")
            try await ann.expect(
                ":srv 321 *", ":srv 322 ann #civil-society *", ":srv 323 *", ":ann!* JOIN #civil-society")
            // An observer follows public channels alone, whoever invites.
            outsiders[1].send("JOIN #civil-society")
            try await outsiders[1].expect(":srv 403 obi #civil-society :*")
        }
    }
}
