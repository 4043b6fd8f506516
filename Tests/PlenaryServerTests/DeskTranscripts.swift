// SPDX-License-Identifier: Apache-2.0

import PlenaryServer
import PlenaryTestKit
import Testing

/// Messages to the nickname `plenary` (docs/extensions/moderation.md, "The desk"): every act with nothing
/// but `/msg`.
struct DeskTranscripts {
    private typealias Scene = ModerationScene

    /// "The channel stands first or second"; answers are sentences, and MODE and KICK lines stay what they are.
    @Test(arguments: Transport.allCases)
    func aPlainModeratorDoesEverythingByMessages(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            let mod = scene.mod
            let first = try await scene.say(scene.cat, "first")
            let second = try await scene.say(scene.cat, "second")
            await scene.clear()
            mod.send("PRIVMSG plenary :last #tea 5")
            try await mod.expect(
                ":plenary!plenary@plenary.test NOTICE mod :=\(first.prefix(4)) 22:13 cat: first",
                ":plenary!* NOTICE mod :=\(second.prefix(4)) 22:13 cat: second")
            mod.send("PRIVMSG plenary :hide #tea cat~2 off-topic", "PRIVMSG Plenary :unhide ~2 #tea")
            try await mod.expect(
                ":plenary!* NOTICE mod :#tea: mod (moderator) hid a message: off topic",
                ":plenary!* NOTICE mod :#tea: mod (moderator) showed a message again")
            mod.send("PRIVMSG plenary :mute cat #tea 10m abusive second time")
            try await mod.expect(
                ":mod!* MODE #tea +b m:$a:cat",
                ":plenary!* NOTICE mod :#tea: mod (moderator) muted cat until 2023-11-14 22:23 UTC: "
                    + "abusive – second time"
            )
            mod.send(
                "PRIVMSG plenary :slow #tea 30", "PRIVMSG plenary :unmute #tea cat",
                "PRIVMSG plenary :remove #tea cat spam")
            try await mod.skip(to: ":plenary!* NOTICE mod :#tea: mod (moderator) set slow mode: 30 s")
            try await mod.skip(to: ":plenary!* NOTICE mod :#tea: mod (moderator) let cat speak again")
            try await mod.skip(to: ":mod!* KICK #tea cat :spam")
            try await mod.skip(to: ":plenary!* NOTICE mod :#tea: mod (moderator) removed cat: spam")
            scene.bob.send("THREAD #tea CREATE * :Talk")
            await scene.clear()
            mod.send(
                "PRIVMSG plenary :close #tea/1 off-topic", "PRIVMSG plenary :redact #tea ~1",
                "PRIVMSG plenary :redact #tea =\(second.prefix(4))",
                "PRIVMSG plenary :log #tea 1")
            try await mod.expect(
                ":plenary!* NOTICE mod :#tea: mod (moderator) closed thread 1: off topic",
                ":plenary!* NOTICE mod :This cannot be undone: name the message by its label, which LAST shows*",
                ":plenary!* NOTICE mod :#tea: mod (moderator) removed a message for good: other reasons",
                ":plenary!* NOTICE mod :2023-11-14 22:13 mod (moderator) removed a message for good: other reasons",
                ":plenary!* NOTICE mod :1 in all")
        }
    }

    /// What is wrong is said in a sentence, in the person's language; what is no command is sent nowhere.
    @Test(arguments: Transport.allCases)
    func mistakesAreExplained(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.cat.send(
                "PRIVMSG plenary :mute #tea bob", "PRIVMSG plenary :frobnicate", "PRIVMSG plenary :hide x",
                "PRIVMSG plenary :mute bob #nowhere", "PRIVMSG plenary :privmsg #tea :x", "LANGUAGE fr",
                "PRIVMSG plenary :mute #tea bob", "PRIVMSG plenary :   ", "NOTICE plenary :help")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :You may not do this here (#tea)",
                ":plenary!* NOTICE cat :I do not know \"frobnicate\". Type: /msg plenary help",
                ":plenary!* NOTICE cat :One of the parameters is not valid (HIDE #channel)",
                ":plenary!* NOTICE cat :There is no such channel, or you are not in it (#nowhere)",
                ":plenary!* NOTICE cat :I do not know \"privmsg\". *")
            try await scene.cat.skip(to: ":plenary!* NOTICE cat :Je ne connais pas « * ». *")
            for client in [scene.ann, scene.bob, scene.mod] { try await client.expectNothing() }
        }
    }

    /// Everybody has the desk: reports, help, and verbs that say so in the verb table. Labels and echo:
    /// one answer,
    /// no echo, for what is said here may be a secret.
    @Test(arguments: Transport.allCases)
    func membersReportAndAskForHelp(over transport: Transport) async throws {
        try await Scene.run(transport) { scene in
            scene.cat.send(
                "PRIVMSG plenary :report bob #tea spam again and again", "PRIVMSG plenary :devices")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :Thank you. The moderators have your report (number 1); "
                    + "nobody else sees it"
            )
            try await scene.ann.expect(":srv REPORT #tea 1 open spam \\* bob cat \\* * :again and again")
            await scene.clear()
            scene.cat.send("PRIVMSG plenary :help")
            let help = await scene.cat.drain()
            #expect(help.allSatisfy { $0.hasPrefix(":plenary!plenary@plenary.test NOTICE cat :") }, "\(help)")
            for act in ["hide", "mute", "report", "devices", "thread"] {
                #expect(help.contains { $0.contains("/msg plenary \(act)") }, "\(act)")
            }
            scene.bob.send("@label=x PRIVMSG plenary :hide #tea ~1")
            try await scene.bob.expect("@label=x :plenary!* NOTICE bob :You may not do this here (#tea)")
        }
    }

    /// "Nobody can be called so": neither as a nickname nor as an account.
    @Test(arguments: Transport.allCases)
    func theNameOfTheDeskIsReserved(over transport: Transport) async throws {
        try await Transcript.run(transport) { script in
            let ann = try await script.register("ann")
            ann.send("NICK plenary", "NICK Plenary", "PRIVMSG plenary :help", "WHOIS plenary")
            try await ann.expect(":srv 433 ann plenary :*", ":srv 433 ann Plenary :*")
            try await ann.skip(to: ":srv 401 ann plenary :*")
            let bob = try await script.open("bob")
            bob.send("CAP REQ :draft/account-registration", "NICK bob", "USER b 0 * :b", "CAP END")
            await bob.drain()
            bob.send("REGISTER plenary * :correct horse")
            try await bob.expect(":srv FAIL REGISTER BAD_ACCOUNT_NAME plenary :*")
        }
    }
}
