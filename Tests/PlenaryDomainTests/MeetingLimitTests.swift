// SPDX-License-Identifier: Apache-2.0

import PlenaryDomain
import PlenaryTerms
import Testing

/// What a session may hold, and who learns of it.
extension MeetingTests {
    @Test(arguments: [(Int64(59), false), (60, true), (1_209_600, true), (1_209_601, false)])
    func aSessionLastsFromAMinuteToTwoWeeks(seconds: Int64, isPossible: Bool) throws {
        let start = try Scene.time("08:00:00.000")
        let schedule = MeetingSchedule(start: start, end: start.advanced(bySeconds: seconds))
        #expect((schedule.problem(CommunityLimits()) == nil) == isPossible)
    }

    @Test func everyPartOfAScheduleHasItsLimit() throws {
        let limits = CommunityLimits()
        let start = try Scene.time("08:00:00.000")
        var schedule = MeetingSchedule(start: start, end: start.advanced(bySeconds: 3600))
        schedule.doorsSeconds = limits.doorsSecondsLimit
        schedule.graceSeconds = limits.graceSecondsLimit
        schedule.room = .filler(limits.meetingRoomByteLimit)
        schedule.zone = .filler(limits.meetingZoneByteLimit)
        schedule.platform = [.filler(limits.meetingPlatformByteLimit - 1)]
        #expect(schedule.problem(limits) == nil)
        func problem(_ change: (inout MeetingSchedule) -> Void) -> Text? {
            var copy = schedule
            change(&copy)
            return copy.problem(limits)
        }
        #expect(problem { $0.doorsSeconds += 1 } == "doors")
        #expect(problem { $0.graceSeconds += 1 } == "grace")
        #expect(problem { $0.room = .filler(limits.meetingRoomByteLimit + 1) } == "room")
        #expect(problem { $0.zone = .filler(limits.meetingZoneByteLimit + 1) } == "zone")
        #expect(problem { $0.zone = "" } == "zone")
        #expect(problem { $0.platform = ["two words"] } == "platform")
        #expect(problem { $0.platform.append("x") } == "platform")
        #expect(problem { $0.end = Timestamp(microseconds: .max) } == "end")
        #expect(problem { $0.start = Timestamp(microseconds: .min) } == "start")
    }

    @Test func pausesHaveALimit() throws {
        var scene = try Scene { $0.limits.suspensionCountLimit = 2 }
        _ = try scene.tick("08:00:00.000")
        for minute in 1...2 {
            #expect(try scene.act("08:0\(minute):00.000", .suspend).refusals == [])
            #expect(try scene.act("08:0\(minute):30.000", .resume).refusals == [])
        }
        let third = try scene.act("08:05:00.000", .suspend)
        #expect(third.refusals == [.meeting(code: .limitReached, context: ["#am", "2"])])
    }

    /// Whoever comes when the roll is full is in the room all the same.
    @Test func theRollHasItsLimit() throws {
        var scene = try Scene { $0.limits.rollCountLimit = 2 }
        _ = try scene.tick("08:00:00.000")
        #expect(scene.meeting?.roll.count == 2)
        let count = scene.town.log.count
        _ = try scene.tick("08:00:01.000")
        #expect(scene.meeting?.roll.count == 2 && scene.town.log.count == count)
        #expect(try scene.post("08:01:00.000") == nil)
        var larger = try Scene { $0.limits.rollCountLimit = 3 }
        _ = try larger.tick("08:00:00.000")
        #expect(larger.meeting?.roll.count == 3)
    }

    // MARK: Furniture

    @Test func theAgendaAndTheDocumentsAreSetOneByOne() throws {
        var scene = try Scene()
        let chair = scene.chair
        func say(_ command: MeetingCommand) -> [Refusal] {
            scene.town.say(.meetings(command), by: chair).refusals
        }
        #expect(say(.setItem(channel: "#am", number: 1, .english, title: "Mandates")) == [])
        #expect(say(.setItem(channel: "#am", number: 1, .french, title: "Mandats")) == [])
        #expect(
            say(.setItem(channel: "#am", number: 1, .french, title: "Mandats"))
                == [.meeting(code: .already, context: ["#am"])])
        #expect(say(.setItem(channel: "#am", number: 51, .french, title: "x")).count == 1)
        #expect(say(.setItem(channel: "#am", number: 50, .french, title: .filler(200))) == [])
        #expect(say(.setItem(channel: "#am", number: 49, .french, title: .filler(201))).count == 1)
        #expect(say(.act(channel: "#am", .item(1))) == [])
        #expect(say(.act(channel: "#am", .item(2))).count == 1)
        #expect(scene.meeting?.currentItem == 1)
        #expect(say(.removeItem(channel: "#am", number: 1)) == [])
        #expect(scene.meeting?.currentItem == 0)
        #expect(
            say(
                .setDocument(
                    channel: "#am", symbol: "A/HRC/50/64", .english, link: "https://docs.un.org/x",
                    title: "Report")) == [])
        #expect(
            say(.setDocument(channel: "#am", symbol: "a/hrc/50/64", .french, link: nil, title: "Rapport"))
                == [])
        #expect(scene.meeting?.documents.first?.titles.count == 2)
        #expect(
            say(.setDocument(channel: "#am", symbol: "B", .french, link: "javascript:x", title: "x"))
                == [.meeting(code: .invalidParameters, context: ["javascript:x"])])
        #expect(say(.removeDocument(channel: "#am", symbol: "A/HRC/50/64")) == [])
        #expect(scene.meeting?.documents.isEmpty == true)
    }

    /// "The roll: who was there while it was open" and who wrote, with names for moderators alone.
    @Test func theRollKnowsWhoWasThereWhileItWasOpen() throws {
        var scene = try Scene()
        _ = try scene.tick("07:59:59.000")
        #expect(scene.meeting?.roll.isEmpty == true)
        _ = try scene.tick("08:00:00.000")
        #expect(scene.meeting?.roll.count == 3)
        let count = scene.town.log.count
        _ = try scene.tick("08:00:01.000")
        #expect(scene.town.log.count == count)
        #expect(try scene.post("09:00:00.000") == nil)
        scene.town.quit(scene.relay)
        let answer = scene.town.say(.meetings(.roll(channel: "#am")), by: scene.chair)
        guard case .answer(.meeting(.roll(let roll)))? = answer.first else {
            Issue.record("no roll: \(answer)")
            return
        }
        #expect(roll.count == 3)
        #expect(roll.rows?.filter(\.hasPosted).map(\.name) == ["amina"])
        let others = scene.town.say(.meetings(.roll(channel: "#am")), by: scene.member)
        guard case .answer(.meeting(.roll(let shown)))? = others.first else { return }
        #expect(shown.count == 3)
        #expect(shown.rows == nil)
    }

    /// F2: "the moderation log lists open, pause, extend, close with actor".
    @Test func theModerationLogListsTheActsWithWhoDidThem() throws {
        var scene = try Scene()
        _ = try scene.tick("08:00:00.000")
        _ = try scene.act("08:30:00.000", .suspend)
        _ = try scene.act("08:40:00.000", .resume)
        _ = try scene.act("09:00:00.000", .extend(bySeconds: 60))
        _ = try scene.act("09:30:00.000", .close)
        let id = try #require(scene.town.channel("#am")).id
        let acts = scene.town.community.moderation.acts[id] ?? []
        #expect(
            acts.map { "\($0.kind.word) \($0.actor)" } == [
                "session-schedule helene", "session-doors plenary.test", "session-open plenary.test",
                "session-suspend helene", "session-resume helene", "session-extend helene",
                "session-close helene",
            ])
    }
}

extension Array where Element == Outcome {
    /// Steps and acts of sittings, in order.
    var meetingActs: [MeetingActed] {
        events.compactMap { if case .meeting(.acted(let act)) = $0 { act } else { nil } }
    }
}
