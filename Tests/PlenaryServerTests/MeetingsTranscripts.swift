// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryQueues
import PlenaryServer
import PlenaryTerms
import PlenaryTestKit
import Testing

/// A channel `#am` with the seed's morning session, from 08:00 to 10:00 UTC; helene, who chairs it, and amina, with the
/// capability, and cat on a plain client. The clock stands where the transcript set it.
struct MeetingScene {
    let script: Transcript
    let helene: TranscriptClient
    let amina: TranscriptClient
    let cat: TranscriptClient

    static let capable = [
        "message-tags", "batch", "standard-replies", "echo-message", "plenary.chat/sessions",
    ]

    static func time(_ clock: String) throws -> Timestamp {
        try #require(Timestamp(iso8601: Array("2023-06-23T\(clock)Z".utf8)))
    }

    static func run(
        _ transport: Transport, at clock: String, configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (MeetingScene) async throws -> Void
    ) async throws {
        var schedule = MeetingSchedule(start: try time("08:00:00.000"), end: try time("10:00:00.000"))
        schedule.zone = "Europe/Zurich"
        schedule.utcOffsetSeconds = 7200
        schedule.doorsSeconds = 1800
        schedule.graceSeconds = 900
        schedule.room = "Room XVII"
        schedule.platform = ["zoom", "relay"]
        let prepare = { (configuration: inout ServerConfiguration) in
            var channel = ChannelConfiguration(
                name: "am", titles: [ChannelTitle(language: .english, title: "Morning")])
            channel.replayCount = 0
            channel.meeting = MeetingConfiguration(schedule: schedule)
            configuration.channels = [channel]
            configuration.utcOffset = { zone, _ in zone == "Europe/Zurich" ? 7200 : zone == "UTC" ? 0 : nil }
            configuration.limits.pingAfterSeconds = 86_400
            configuration.limits.closeAfterSilenceSeconds = 2 * 86_400
            configure(&configuration)
        }
        let hands = ManualClock(wall: try time(clock).microseconds)
        try await Transcript.run(transport, clock: hands, configure: prepare) { script in
            try await script.addAccount("helene", password: "correct horse", role: .moderator)
            for name in ["amina", "cat"] { try await script.addAccount(name, password: "correct horse") }
            try await body(try await gather(script))
        }
    }

    static func gather(_ script: Transcript) async throws -> MeetingScene {
        func arrive(_ name: String, _ capabilities: [String]) async throws -> TranscriptClient {
            let client = try await script.register(
                name, capabilities: capabilities, password: "correct horse")
            client.send("JOIN #am")
            await client.drain()
            return client
        }
        let scene = MeetingScene(
            script: script, helene: try await arrive("helene", capable),
            amina: try await arrive("amina", capable), cat: try await arrive("cat", []))
        await scene.clear()
        return scene
    }

    func clear() async {
        for client in [helene, amina, cat] { await client.drain() }
    }

    /// Sets the clock; the server looks at it, or not yet.
    func turn(to clock: String, isSeen: Bool = true) async throws {
        let goal = try MeetingScene.time(clock).microseconds
        guard let hands = script.clock else { return }
        hands.setWall(goal)
        if isSeen { try await script.turnClock(seconds: 0) }
    }
}

/// SESSION (docs/extensions/sessions.md).
struct MeetingsTranscripts {
    /// "At 07:59:59.999 a message is refused, at 08:00:00.000 it passes, however busy the server is"; "the FAIL line is
    /// for sessions with standard-replies", and the numeric says the same.
    @Test(arguments: Transport.allCases)
    func messagesPassFromTheStartOn(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:59:59.500") { scene in
            try await scene.turn(to: "07:59:59.999", isSeen: false)
            scene.amina.send("PRIVMSG #am :too early")
            try await scene.amina.expect(
                ":srv FAIL PRIVMSG NOT_OPEN #am 2023-06-23T08:00:00.000Z :*Europe/Zurich (08:00 UTC)",
                ":srv 404 amina #am :*Europe/Zurich (08:00 UTC)")
            scene.cat.send("PRIVMSG #am :too early")
            try await scene.cat.expect(
                ":srv 404 cat #am :This session opens at 2023-06-23 10:00 Europe/Zurich (08:00 UTC)")
            scene.cat.send("NOTICE #am :too early")
            try await scene.cat.expectNothing()
            scene.helene.send("PRIVMSG #am :good morning")
            try await scene.amina.expect("@* :helene!* PRIVMSG #am :good morning")
            await scene.clear()
            try await scene.turn(to: "08:00:00.000", isSeen: false)
            scene.amina.send("PRIVMSG #am :in time")
            try await scene.cat.expect(":amina!* PRIVMSG #am :in time")
        }
    }

    /// "The server sets +m when a session is not open and takes it away when it opens"; it opens and closes by itself,
    /// and everybody is told, each in the own way.
    @Test(arguments: Transport.allCases)
    func everybodyIsToldOfWhatComesByItself(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:59:59.500") { scene in
            scene.cat.send("MODE #am")
            try await scene.cat.skip(to: ":srv 324 cat #am +mnt")
            await scene.clear()
            try await scene.turn(to: "08:00:00.100")
            try await scene.cat.expect(
                ":srv NOTICE #am :The session is open until 2023-06-23 12:00 Europe/Zurich (10:00 UTC)",
                ":srv MODE #am -m")
            try await scene.amina.skip(to: ":srv SESSION #am OPENED st=open;start=2023-06-23T08:00:00.000Z;*")
            await scene.clear()
            try await scene.turn(to: "10:00:00.000")
            try await scene.cat.expect(":srv NOTICE #am :*replies in threads*", ":srv MODE #am +m")
            try await scene.amina.skip(to: ":srv SESSION #am CLOSED st=grace;*")
            await scene.clear()
            try await scene.turn(to: "10:15:00.000")
            try await scene.cat.expect(":srv NOTICE #am :No more replies are taken")
        }
    }

    /// "A restart in between loses nothing and doubles nothing."
    @Test(arguments: Transport.allCases)
    func aRestartDoublesNothing(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:59:59.500") { scene in
            try await scene.turn(to: "08:00:00.100")
            try await scene.script.restart()
            let again = try await MeetingScene.gather(scene.script)
            try await again.turn(to: "08:00:01.000")
            try await again.cat.expectNothing()
            again.helene.send("SESSION #am SUSPEND")
            await again.clear()
            try await again.script.restart()
            let third = try await MeetingScene.gather(again.script)
            third.amina.send("PRIVMSG #am :now?")
            try await third.amina.expect(":srv FAIL PRIVMSG SUSPENDED #am * :*", ":srv 404 amina #am :*")
        }
    }

    /// F2: "at pause only moderators pass …; the moderation log lists open, pause, extend, close with actor".
    @Test(arguments: Transport.allCases)
    func theChairsActsAreToldAndLogged(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:40:00.000") { scene in
            scene.amina.send("SESSION #am OPEN")
            try await scene.amina.expect(":srv FAIL SESSION PRIVS_NEEDED #am :*")
            scene.helene.send("SESSION #am OPEN")
            try await scene.helene.skip(to: ":helene!* SESSION #am OPENED st=open;*")
            try await scene.cat.expect(":srv NOTICE #am :The session is open until *", ":srv MODE #am -m")
            await scene.clear()
            scene.helene.send("SESSION #am SUSPEND", "SESSION #am SUSPEND")
            try await scene.helene.skip(to: ":srv FAIL SESSION ALREADY #am :*")
            try await scene.cat.expect(":srv NOTICE #am :The session is suspended", ":srv MODE #am +m")
            scene.helene.send("SESSION #am RESUME", "SESSION #am EXTEND 15m", "SESSION #am EXTEND soon")
            try await scene.helene.skip(to: ":srv FAIL SESSION INVALID_PARAMS soon :*")
            await scene.clear()
            scene.helene.send("SESSION #am CLOSE")
            await scene.helene.drain()
            scene.amina.send("MOD #am LOG 10")
            let log = await scene.amina.drain().filter { $0.contains(" MODLOG ") }
            let acts = log.reversed().map { line in
                line.split(separator: " ").dropFirst(5).prefix(2).joined(separator: " ")
            }.filter { !$0.hasPrefix("session-schedule") }
            #expect(
                acts == [
                    "session-open helene", "session-suspend helene", "session-resume helene",
                    "session-extend helene", "session-close helene",
                ])
        }
    }

    /// "INFO answers both ways", LIST has all that one may know of, and an unknown channel is as one that may not be
    /// known.
    @Test(arguments: Transport.allCases)
    func infoIsForProgramsAndForPeople(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:40:00.000") { scene in
            scene.amina.send("SESSION #am INFO", "SESSION * LIST", "SESSION #none INFO", "SESSION #am DANCE")
            try await scene.amina.expect(
                ":srv SESSION #am INFO st=doors;start=2023-06-23T08:00:00.000Z;end=2023-06-23T10:00:00.000Z;"
                    + "zone=Europe/Zurich;off=7200;doors=1800;grace=900;attr=attributed;platform=zoom,relay;"
                    + "room=Room\\sXVII :Morning",
                ":srv SESSION #am INFO st=doors;* :Morning", ":srv NOTE SESSION LIST * 1 :*",
                ":srv FAIL SESSION INVALID_TARGET #none :*", ":srv FAIL SESSION SUBCOMMAND_INVALID DANCE :*")
            scene.cat.send("SESSION #am INFO")
            try await scene.cat.expect(
                ":srv NOTICE cat :#am: Morning. From 2023-06-23 10:00 Europe/Zurich (08:00 UTC) to *",
                ":srv NOTICE cat :Room: Room XVII")
        }
    }

    /// "SCHEDULE … makes a session or changes it; what is missing stays"; a zone that is none is refused.
    @Test(arguments: Transport.allCases)
    func moderatorsScheduleLive(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "06:00:00.000") { scene in
            scene.helene.send(
                "SESSION #am SCHEDULE zone=Mars/Base", "SESSION #am SCHEDULE end=2023-06-23T07:00:00Z",
                "SESSION #am SCHEDULE colour=red", "SESSION #am SCHEDULE doors=1h;room=Room\\sXX")
            try await scene.helene.expect(
                ":srv FAIL SESSION INVALID_PARAMS zone :*", ":srv FAIL SESSION INVALID_PARAMS end :*",
                ":srv FAIL SESSION INVALID_PARAMS colour :*",
                ":helene!* SESSION #am SCHEDULED st=scheduled;*doors=3600;*room=Room\\sXX")
            await scene.clear()
            try await scene.turn(to: "07:00:00.000")
            try await scene.amina.expect(":srv SESSION #am DOORS st=doors;*")
            scene.helene.send("SESSION #am CANCEL")
            try await scene.cat.skip(to: ":srv MODE #am -m")
            scene.cat.send("PRIVMSG #am :as ever")
            try await scene.amina.skip(to: "@* :cat!* PRIVMSG #am :as ever")
        }
    }

    /// The agenda, the documents and the desk.
    @Test(arguments: Transport.allCases)
    func agendaAndDocumentsAreSetAndRead(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:40:00.000") { scene in
            scene.helene.send(
                "SESSION #am AGENDA SET 1 en :Mandates", "SESSION #am AGENDA SET 1 fr :Mandats",
                "SESSION #am DOCUMENT SET A/HRC/50/64 en https://docs.un.org/A/HRC/50/64 :Report",
                "SESSION #am AGENDA NOW 1")
            try await scene.helene.skip(to: ":helene!* SESSION #am CHANGED what=document;sym=A/HRC/50/64")
            try await scene.cat.skip(to: ":srv NOTICE #am :Agenda item 1: Mandates")
            await scene.clear()
            scene.amina.send("SESSION #am AGENDA", "SESSION #am DOCUMENT")
            try await scene.amina.expect(
                ":srv SESSION #am AGENDA 1 :Mandates", ":srv NOTE SESSION AGENDA #am 1 :*",
                ":srv SESSION #am DOCUMENT A/HRC/50/64 https://docs.un.org/A/HRC/50/64 :Report",
                ":srv NOTE SESSION DOCUMENT #am 1 :*")
            scene.cat.send("LANGUAGE fr")
            await scene.cat.drain()
            scene.cat.send("PRIVMSG plenary :session #am agenda")
            try await scene.cat.skip(to: ":srv NOTICE cat :1. Mandats")
        }
    }

    /// "Rows and all counts but the total are for moderators."
    @Test(arguments: Transport.allCases)
    func theRollNamesPeopleToModeratorsAlone(over transport: Transport) async throws {
        try await MeetingScene.run(transport, at: "07:40:00.000") { scene in
            scene.amina.send("METADATA * SET plenary.chat/presence :remote")
            await scene.clear()
            try await scene.turn(to: "08:00:00.000")
            scene.amina.send("PRIVMSG #am :here")
            await scene.clear()
            scene.helene.send("SESSION #am ROLL")
            let rows = await scene.helene.drain()
            #expect(rows.contains { $0.hasSuffix("SESSION #am ROLL amina remote posted") }, "\(rows)")
            #expect(
                rows.last?.contains("NOTE SESSION ROLL #am total=3;in-person=0;remote=1;unknown=2;posted=1 :")
                    ?? false, "\(rows)")
            scene.amina.send("SESSION #am ROLL")
            try await scene.amina.expect(":srv NOTE SESSION ROLL #am total=3 :*")
        }
    }
}
