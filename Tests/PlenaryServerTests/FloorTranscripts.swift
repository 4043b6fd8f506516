// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// FLOOR (docs/extensions/floor.md), capability plenary.chat/floor. The clock stands at 2023-11-14 22:13:20 UTC until
/// the transcript turns it.
struct FloorTranscripts {
    private static let capable = ["message-tags", "batch", "labeled-response", "plenary.chat/floor"]

    /// `#tea` with a chair and three members who have the capability, cat on a plain client, and a technician's relay.
    private struct Scene {
        let script: Transcript
        let chair: TranscriptClient
        let amina: TranscriptClient
        let bo: TranscriptClient
        let li: TranscriptClient
        let cat: TranscriptClient

        init(_ script: Transcript) async throws {
            self.script = script
            chair = try await ThreadScene.arrive(script, "chair", capable)
            amina = try await ThreadScene.arrive(script, "amina", capable)
            bo = try await ThreadScene.arrive(script, "bo", capable)
            li = try await ThreadScene.arrive(script, "li", capable)
            cat = try await ThreadScene.arrive(script, "cat")
            await clear()
        }

        var everybody: [TranscriptClient] { [chair, amina, bo, li, cat] }

        func clear() async {
            for client in everybody { await client.drain() }
        }

        /// After a restart: the same people again.
        func again() async throws -> Scene {
            try await script.restart()
            return try await Scene(script)
        }

        /// The rows of LIST that say who speaks and who waits, without times.
        func list(_ client: TranscriptClient) async -> [String] {
            await client.drain()
            client.send("FLOOR #tea LIST")
            return await client.drain().compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 4, words[1] == "FLOOR" else { return nil }
                switch words[3] {
                case "ENTRY": return words[4...6].joined(separator: " ")
                case "SPEAKER", "PAUSED": return words[3...5].joined(separator: " ")
                default: return nil
                }
            }
        }
    }

    private func run(_ transport: Transport, _ body: (Scene) async throws -> Void) async throws {
        let prepare = { (configuration: inout ServerConfiguration) in
            var tea = ChannelConfiguration(name: "tea", titles: [])
            tea.replayCount = 0
            configuration.channels = [tea]
            configuration.limits.pingAfterSeconds = 100 * 86_400
            configuration.limits.closeAfterSilenceSeconds = 200 * 86_400
        }
        try await Transcript.run(transport, clock: ManualClock(), configure: prepare) { script in
            try await script.addAccount("chair", password: "correct horse", role: .moderator)
            for name in ["amina", "bo", "li", "cat"] {
                try await script.addAccount(name, password: "correct horse")
            }
            try await script.addAccount("zoom", password: "correct horse", role: .technician)
            try await body(try await Scene(script))
        }
    }

    /// "The list opens and closes at its times": here 22:20 and 23:05 UTC; each is told once, and refused requests
    /// are told when it opens.
    @Test(arguments: Transport.allCases)
    func theClockOpensAndClosesTheList(over transport: Transport) async throws {
        try await run(transport) { scene in
            let (chair, amina, cat) = (scene.chair, scene.amina, scene.cat)
            chair.send("FLOOR #tea POLICY open=2023-11-14T22:20:00Z;close=2023-11-14T23:05:00Z")
            try await chair.expect(
                ":srv FLOOR #tea RULES :open=2023-11-14T22:20:00.000Z;close=2023-11-14T23:05:00.000Z;*")
            amina.send("FLOOR #tea REQUEST")
            try await amina.skip(to: ":srv FAIL FLOOR NOT_OPEN #tea 2023-11-14T22:20:00.000Z :*")
            await scene.clear()
            try await scene.script.turnClock(seconds: 400)
            try await amina.expect(":srv FLOOR #tea OPENED 2023-11-14T23:05:00.000Z")
            try await cat.expect(":plenary!* NOTICE cat :#tea: The list of speakers is open. *")
            try await scene.script.turnClock(seconds: 1)
            try await amina.expectNothing()
            amina.send("FLOOR #tea REQUEST item=2")
            try await amina.expect(
                ":srv FLOOR #tea REQUESTED 1 r1 statement 1 :name=amina;category=other;item=2")
            try await cat.expectNothing()
            await scene.clear()
            try await scene.script.turnClock(seconds: 45 * 60)
            try await amina.expect(":srv FLOOR #tea CLOSED 1")
            try await cat.expect(":plenary!* NOTICE cat :#tea: The list of speakers is closed, with 1 on it")
            amina.send("FLOOR #tea REQUEST item=3")
            try await amina.expect(":srv FAIL FLOOR LIST_CLOSED #tea :*")
        }
    }

    /// The whole of domain.md 4.1: five requests and a right of reply, the floor with its clock, a withdrawal, a
    /// restart in the middle of a statement.
    @Test(arguments: Transport.allCases)
    func aListFromTheFirstRequestToTheLastStatement(over transport: Transport) async throws {
        try await run(transport) { first in
            let chair = first.chair
            chair.send("FLOOR #tea OPEN", "FLOOR #tea ORDER states-first")
            await first.clear()
            for (person, words) in [
                (first.cat, "REQUEST category=ngo"), (first.amina, "REQUEST category=state;delegation=PY"),
                (first.bo, "REQUEST category=nhri"),
                (first.li, "REQUEST category=state;delegation=KE;behalf=Group\\sof\\sFriends"),
                (chair, "REQUEST name=R.\\sParticipant;category=un-body;presence=remote"),
                (first.li, "REPLY * category=state;delegation=KE"),
            ] {
                person.send("FLOOR #tea \(words)")
                await person.drain()
            }
            #expect(
                await first.list(first.cat) == [
                    "1 r2 statement", "2 r4 statement", "3 r5 statement", "4 r3 statement",
                    "5 r1 statement", "6 r6 reply",
                ])
            await first.clear()
            chair.send("FLOOR #tea GRANT next")
            try await chair.expect(
                ":srv FLOOR #tea GRANTED r2 statement * * :name=amina;category=state;delegation=PY",
                ":srv MODE #tea +v amina")
            try await first.cat.expect(
                ":plenary!* NOTICE cat :#tea: PY, amina has the floor for 3:00", ":srv MODE #tea +v amina")
            await first.clear()
            // Withdrawing somebody renumbers those behind.
            chair.send("FLOOR #tea WITHDRAW 2")
            try await first.amina.expect(":srv FLOOR #tea WITHDRAWN r5 4")
            #expect(
                await first.list(first.amina) == [
                    "SPEAKER r2 statement", "1 r4 statement", "2 r3 statement", "3 r1 statement",
                    "4 r6 reply",
                ])
            try await first.script.turnClock(seconds: 60)
            let scene = try await first.again()
            #expect(
                await scene.list(scene.amina) == [
                    "SPEAKER r2 statement", "1 r4 statement", "2 r3 statement", "3 r1 statement",
                    "4 r6 reply",
                ])
            await scene.clear()
            try await scene.script.turnClock(seconds: 89)
            try await scene.bo.expectNothing()
            try await scene.script.turnClock(seconds: 2)
            try await scene.bo.expect(":srv FLOOR #tea WARNING r2 *")
            try await scene.cat.expectNothing()
            try await scene.script.turnClock(seconds: 2)
            try await scene.bo.expectNothing()
            try await scene.script.turnClock(seconds: 28)
            try await scene.bo.expect(":srv FLOOR #tea TIME r2")
            try await scene.cat.expect(":plenary!* NOTICE cat :#tea: The time of PY, amina is over")
            try await scene.script.turnClock(seconds: 10)
            scene.amina.send("FLOOR #tea YIELD")
            try await scene.bo.expect(
                ":srv FLOOR #tea ENDED r2 yielded 191 * *", ":srv MODE #tea -v amina")
        }
    }

    /// "When the speaker … is in the channel and has no voice there, GRANT also sets +v": in a moderated channel the
    /// speaker posts, also after leaving, coming back, and a restart.
    @Test(arguments: Transport.allCases)
    func theFloorIsAVoiceInAModeratedChannel(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.chair.send("MOD #tea MODERATED on", "FLOOR #tea OPEN", "FLOOR #tea REQUEST name=Nobody")
            await scene.clear()
            scene.cat.send("FLOOR #tea REQUEST", "PRIVMSG #tea :too early")
            try await scene.cat.skip(to: ":srv 404 cat #tea :*")
            scene.chair.send("FLOOR #tea GRANT r2")
            await scene.clear()
            scene.cat.send("PRIVMSG #tea :Thank you, Chair")
            try await scene.bo.expect("@* :cat!* PRIVMSG #tea :Thank you, Chair")
            scene.cat.send("PART #tea", "JOIN #tea")
            await scene.clear()
            let later = try await scene.again()
            later.cat.send("PRIVMSG #tea :still here")
            try await later.bo.expect("@* :cat!* PRIVMSG #tea :still here")
            later.chair.send("FLOOR #tea STOP")
            await later.clear()
            later.cat.send("PRIVMSG #tea :one more thing")
            try await later.cat.skip(to: ":srv 404 cat #tea :*")
        }
    }

    /// "SWAP proposes …; done when its holder says SWAP with the first one's number"; the proposal is between two.
    @Test(arguments: Transport.allCases)
    func twoSwapTheirPlaces(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.chair.send("FLOOR #tea OPEN")
            await scene.clear()
            scene.amina.send("FLOOR #tea REQUEST")
            await scene.amina.drain()
            scene.cat.send("FLOOR #tea REQUEST")
            await scene.clear()
            scene.amina.send("FLOOR #tea SWAP 2")
            try await scene.amina.expect(":srv FLOOR #tea SWAP r1 r2")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :#tea: amina asks to swap places with you. To agree: "
                    + "/msg plenary floor #tea swap r1")
            try await scene.bo.expectNothing()
            scene.cat.send("PRIVMSG plenary :floor #tea swap r1")
            try await scene.cat.expect(":plenary!* NOTICE cat :#tea: cat and amina swapped places")
            try await scene.bo.expect(":srv FLOOR #tea SWAPPED r2 r1")
            #expect(await scene.list(scene.bo) == ["1 r2 statement", "2 r1 statement"])
        }
    }

    /// "Plain clients … can do everything by messages to plenary", in their language.
    @Test(arguments: Transport.allCases)
    func thePlainPathIsTheDesk(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.cat.send("LANGUAGE fr")
            await scene.cat.drain()
            scene.cat.send("PRIVMSG plenary :floor #tea request item=2")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :La liste des orateurs n'est pas ouverte (#tea *)")
            scene.chair.send("PRIVMSG plenary :floor #tea open")
            try await scene.chair.expect(
                ":srv FLOOR #tea OPENED *", ":plenary!* NOTICE chair :#tea: The list of speakers is open. *")
            await scene.clear()
            scene.cat.send("PRIVMSG plenary :floor #tea request item=2; behalf=Group of Friends")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :#tea: Vous êtes numéro 1 sur la liste des orateurs (r1)")
            scene.cat.send("PRIVMSG plenary :floor #tea list")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :#tea : liste des orateurs (open, first-come), en attente : 1",
                ":plenary!* NOTICE cat :1. cat (Group of Friends) 2:00 [r1]")
            scene.chair.send("FLOOR #tea GRANT")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :#tea: Vous avez la parole pour 2:00", ":srv MODE #tea +v cat")
            scene.chair.send("FLOOR #tea REQUEST name=Somebody", "FLOOR #tea CUT")
            try await scene.cat.expect(
                ":plenary!* NOTICE cat :#tea: La liste des orateurs a été interrompue faute de temps")
        }
    }

    /// A relay enters somebody remote without being in the channel; whoever may not is answered as if there were no
    /// such channel. Labels: one answer.
    @Test(arguments: Transport.allCases)
    func aRelayAsksForARemotePerson(over transport: Transport) async throws {
        try await run(transport) { scene in
            scene.chair.send("FLOOR #tea OPEN")
            await scene.clear()
            let zoom = try await scene.script.register(
                "zoom", capabilities: FloorTranscripts.capable, password: "correct horse")
            zoom.send("FLOOR #tea LIST", "FLOOR #none LIST", "FLOOR #tea GRANT next")
            try await zoom.expect(
                ":srv FAIL FLOOR INVALID_TARGET #tea :*", ":srv FAIL FLOOR INVALID_TARGET #none :*",
                ":srv FAIL FLOOR INVALID_TARGET #tea :*")
            zoom.send("@label=7 FLOOR #tea REQUEST name=R.\\sParticipant;presence=remote")
            try await zoom.expect(
                "@label=7 :srv FLOOR #tea REQUESTED 1 r1 statement 1 "
                    + ":name=R.\\sParticipant;category=other;presence=remote")
            try await scene.bo.expect(
                ":srv FLOOR #tea REQUESTED 1 r1 statement 1 :name=R.\\sParticipant;category=other;presence=remote"
            )
            scene.bo.send("FLOOR #tea REQUEST name=Else", "FLOOR #tea WITHDRAW r1", "FLOOR #tea GRANT next")
            try await scene.bo.expect(
                ":srv FAIL FLOOR PRIVS_NEEDED #tea :*", ":srv FAIL FLOOR NOT_YOURS #tea r1 :*",
                ":srv FAIL FLOOR PRIVS_NEEDED #tea :*")
            zoom.send("FLOOR #tea WITHDRAW r1")
            try await zoom.expect(":srv FLOOR #tea WITHDRAWN r1 0")
        }
    }
}
